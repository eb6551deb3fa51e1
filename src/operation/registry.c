#include "operation/handler.h"

#include "operation/group.h"
#include "operation/sealing.h"
#include "store/registry.h"

/* The registry as it is kept, and as the log and the papers make it. */
struct comparison {
    struct registry kept;
    struct registry made;
    bool is_refused;
    bool is_same;
    const char *difference;
};

static enum status fail(const struct call *call, struct answer *answer, enum status status,
                        const struct fault *fault)
{
    return answer_fail(answer, status, "the registry of %s cannot be made: %s",
                       call->home == NULL ? "this home" : call->home, fault->what);
}

/* Arenas of their own: each holds the whole. */
static enum status compare(const struct call *call, struct answer *answer,
                           const struct access_session *session, struct arena *kept,
                           struct arena *made, struct comparison *out)
{
    struct fault fault = {NULL, 0};
    enum status status = registry_make(session, made, &out->made, &fault);
    if (status != STATUS_OK) {
        return fail(call, answer, status, &fault);
    }
    status = registry_take(session, false, kept, &out->kept, &fault);
    out->is_refused = status == STATUS_DENIED;
    out->difference = fault.what;
    if (status != STATUS_OK && !out->is_refused) {
        return fail(call, answer, status, &fault);
    }
    out->is_same = !out->is_refused && registry_equal(&out->kept, &out->made, &out->difference);
    return STATUS_OK;
}

static const char *say_state(enum registry_state state)
{
    static const char *const words[] = {
        [REGISTRY_HOLDS] = "it holds",
        [REGISTRY_MISSING] = "none is kept; it is made when it is needed",
        [REGISTRY_OLDER] = "of another version, or a paper was touched since; it is made anew",
        [REGISTRY_CHANGED] = "REFUSED: it is not what this home sealed",
        [REGISTRY_AHEAD] = "REFUSED: it is of a longer log, or of another one, than is here",
    };
    return words[state];
}

static enum status show(const struct call *call, struct answer *answer, const char *state,
                        const char *words, const struct registry *registry, bool is_same)
{
    size_t facts = 0;
    for (const struct roll_member *member = registry->roll.members; member != NULL;
         member = member->next) {
        facts += member->fact_count;
    }
    if (!call_wants_json(call)) {
        text_addf(&answer->body,
                  "The registry: %s\nThe log, %llu entries, makes: members %zu, facts %zu, "
                  "vouches %zu, grants and drafts %zu, revocations %zu\n",
                  words, (unsigned long long)registry->reached.size,
                  registry->roll.member_count, facts, registry->roll.vouch_count,
                  registry->grant_count, registry->revocation_count);
        text_add(&answer->body, is_same ? "Row by row that is the same.\n" : "");
        return text_status(&answer->body);
    }
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    jsonout_member_text(&json, "state", state);
    jsonout_member_boolean(&json, "same", is_same);
    jsonout_member_unsigned(&json, "entries", registry->reached.size);
    jsonout_member_unsigned(&json, "members", registry->roll.member_count);
    jsonout_member_unsigned(&json, "facts", facts);
    jsonout_member_unsigned(&json, "vouches", registry->roll.vouch_count);
    jsonout_member_unsigned(&json, "grants", registry->grant_count);
    jsonout_member_unsigned(&json, "revocations", registry->revocation_count);
    return sealing_finish_json(&json, &answer->body);
}

static enum status show_comparison(const struct call *call, struct answer *answer,
                                   const struct comparison *comparison)
{
    TRY(show(call, answer, registry_state_name(comparison->kept.state),
             say_state(comparison->kept.state), &comparison->made, comparison->is_same));
    if (comparison->is_same) {
        return STATUS_OK;
    }
    answer->stands = true;
    return answer_fail(answer, STATUS_CONFLICT,
                       "the registry is not what the log says (%s); 'tocsin access registry "
                       "--rebuild' makes it anew",
                       comparison->difference);
}

enum status registry_show_run(const struct call *call, const struct access_grant *grant,
                              struct answer *answer)
{
    if (!access_grant_covers(grant, "access.registry")) {
        return STATUS_DENIED;
    }
    AUTO(session_done) struct access_session session;
    AUTO(arena_done) struct arena *kept = arena_new(REGISTRY_MEMORY_MAX);
    AUTO(arena_done) struct arena *made = arena_new(REGISTRY_MEMORY_MAX);
    struct comparison *comparison =
        kept == NULL || made == NULL ? NULL : arena_take(kept, sizeof *comparison);
    session_find(call->home, &session);
    if (comparison == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(compare(call, answer, &session, kept, made, comparison));
    return show_comparison(call, answer, comparison);
}

enum status registry_rebuild_run(const struct call *call, const struct access_grant *grant,
                                 struct answer *answer)
{
    if (!access_grant_covers(grant, "group.registry")) {
        return STATUS_DENIED;
    }
    struct fault fault = {NULL, 0};
    struct sha256 database;
    AUTO(arena_done) struct arena *arena = arena_new(REGISTRY_MEMORY_MAX);
    struct registry *registry = arena == NULL ? NULL : arena_take(arena, sizeof *registry);
    if (registry == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = registry_make(call->session, arena, registry, &fault);
    if (status == STATUS_NOT_FOUND) {
        return group_refuse(call, grant, answer, GROUP_IS_FOUNDED, "%s", call->home);
    }
    if (status != STATUS_OK) {
        return fail(call, answer, status, &fault);
    }
    status = registry_keep(call->session, registry, &database, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s: %s", fault.what,
                           status == STATUS_CONFLICT ? "another program writes it now"
                                                     : status_name(status));
    }
    TRY(sealing_record(call, grant, &database, answer));
    return show(call, answer, "holds", "made anew", registry, true);
}
