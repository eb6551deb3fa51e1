#include "access/recorded.h"

#include "access/audit_verify.h"

/* What is looked for while the log is gone through. */
struct search {
    struct arena *arena;
    uint64_t sequence;
    struct recorded *found;
    uint64_t before_ms; /* the time of the entry before it */
    uint64_t last_ms;
    uint64_t count;
    bool is_found;
    enum status status;
};

bool recorded_is_erased(const struct recorded *recorded)
{
    return recorded->entry.commitment.size > 0 && recorded->arguments.size == 0;
}

/* What a visit is shown is gone after it. */
static enum status copy(struct arena *arena, const struct audit_entry *entry,
                        struct bytes arguments, struct recorded *out)
{
    *out = (struct recorded){.entry = *entry, .arguments = arguments};
    struct bytes *const parts[] = {
        &out->entry.subject, &out->entry.operation, &out->entry.rule,       &out->entry.reason,
        &out->entry.policy,  &out->entry.object,    &out->entry.commitment, &out->arguments};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        TRY(arena_copy(arena, *parts[i], parts[i]));
    }
    return STATUS_OK;
}

static void look_at(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct search *search = context;
    search->count++;
    if (entry->sequence == search->sequence && !search->is_found) {
        search->status = copy(search->arena, entry, arguments, search->found);
        search->before_ms = search->last_ms;
        search->is_found = true;
    }
    search->last_ms = entry->time_ms;
}

enum status recorded_go_through(const struct access_session *session,
                                void (*visit)(void *context, const struct audit_entry *entry,
                                              struct bytes arguments),
                                void *context)
{
    AUTO(text_done) struct text verifier = text_of_limit(IDENTITY_FILE_MAX);
    AUTO(audit_check_done) struct audit_check check = {0};
    const struct audit_visitor visitor = {visit, context};
    if (session->home < 0 || !session->has_identity) {
        return STATUS_NOT_FOUND;
    }
    identity_add_verifier(&session->identity, &verifier);
    TRY(audit_verify(session->home, text_bytes(&verifier), &visitor, &check));
    return check.difference_count == 0 ? STATUS_OK : STATUS_CONFLICT;
}

enum status recorded_visit(const struct access_session *session,
                           void (*visit)(void *context, const struct audit_entry *entry,
                                         struct bytes arguments),
                           void *context, struct fault *fault)
{
    enum status status = recorded_go_through(session, visit, context);
    *fault = (struct fault){
        .what = status == STATUS_CONFLICT
                    ? "the log of this home is not whole: see 'tocsin access audit verify'"
                    : "this home has no log that its key can check"};
    return status;
}

static enum status find_one(const struct access_session *session, struct search *search,
                            struct fault *fault)
{
    TRY(recorded_visit(session, look_at, search, fault));
    if (!search->is_found) {
        fault->what = "the log has no such entry";
        return STATUS_NOT_FOUND;
    }
    return search->status;
}

enum status recorded_find(const struct access_session *session, uint64_t sequence,
                          struct arena *arena, struct recorded_decision *out,
                          struct fault *fault)
{
    struct recorded_decision found;
    struct search search = {.arena = arena, .sequence = sequence, .found = &found.entry};
    TRY(find_one(session, &search, fault));
    struct search deeper = {
        .arena = arena,
        .sequence = found.entry.entry.has_decision ? found.entry.entry.decision : sequence,
        .found = &found.decision};
    TRY(find_one(session, &deeper, fault));
    found.before_ms = deeper.before_ms;
    found.entry_count = deeper.count;
    *out = found;
    return STATUS_OK;
}
