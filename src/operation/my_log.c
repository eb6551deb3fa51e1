#include "operation/handler.h"

#include <string.h>

#include "access/eligibility.h"
#include "access/grant/source.h"
#include "access/group/chronicle.h"
#include "operation/granting.h"
#include "operation/group.h"
#include "operation/listing.h"
#include "operation/sealing.h"

#define SHOWN_MAX 400

/* Where events are told: to a person, or to a program where `json` is not NULL. */
struct showing {
    struct text *text;
    struct jsonout *json;
};

/* ---- one event ---- */

/* How a person reads a kind: the words before each part, NULL where it is not told. */
struct wording {
    const char *begin;
    const char *name;
    const char *role;
    const char *what;
    const char *reason;
};

static const struct wording wordings[] = {
    [CHRONICLE_ENROLLED] = {"taken into the group", NULL, NULL, ", of ", NULL},
    [CHRONICLE_FACT] = {"the group checked", NULL, NULL, " ", NULL},
    [CHRONICLE_VOUCHED_FOR] = {"vouched for", " by ", NULL, NULL, NULL},
    [CHRONICLE_VOUCHES] = {"vouched", " for ", NULL, NULL, NULL},
    [CHRONICLE_TIER_ASKED] = {"the tier was computed", NULL, NULL, NULL, NULL},
    [CHRONICLE_REQUESTED] = {"asked", NULL, NULL, " for the use of ", ", because "},
    [CHRONICLE_APPROVED] = {"approved", " by ", " as ", NULL, NULL},
    [CHRONICLE_GRANTED] = {"granted", NULL, NULL, ": the use of ", NULL},
    [CHRONICLE_REVOKED] = {"revoked", NULL, NULL, NULL, NULL},
    [CHRONICLE_DID] = {"did", NULL, NULL, " ", ", which ended with "},
    [CHRONICLE_REFUSED] = {"was refused", NULL, NULL, " ", " as "},
    [CHRONICLE_ACCEPTED] = {"accepted", ", as the agent ", NULL, " the use of ", NULL},
    [CHRONICLE_NARROWED] = {"left a part of a grant", " to the agent ", NULL, ": ", NULL},
    [CHRONICLE_USED] = {"used", " as the agent ", NULL, " ", NULL},
};

static void add_part(struct text *out, const char *words, struct bytes value)
{
    if (words != NULL && value.size > 0) {
        text_add(out, words);
        text_add_quoted(out, value, SHOWN_MAX);
    }
}

static void tell_person(const struct chronicle_event *event, struct text *out)
{
    const struct wording *wording = &wordings[event->kind];
    text_addf(out, "%6llu  ", (unsigned long long)event->sequence);
    listing_add_time(event->time_ms, out);
    text_addf(out, "  %s", wording->begin);
    add_part(out, wording->name, event->name);
    add_part(out, wording->role, event->role);
    add_part(out, wording->what, event->what);
    add_part(out, wording->reason, event->reason);
    if (event->kind == CHRONICLE_REFUSED) {
        add_part(out, ", rule ", event->rule);
    }
    if (event->until_s > 0) {
        text_add(out, ", until ");
        granting_add_time(event->until_s, out);
    }
    if (event->calls_max > 0) {
        text_addf(out, ", %llu times", (unsigned long long)event->calls_max);
    }
    if (event->tier > 0) {
        text_addf(out, ", tier %lld", (long long)event->tier);
    }
    add_part(out, "  grant ", event->grant);
    text_add_byte(out, '\n');
}

static void add_some(struct jsonout *json, const char *name, struct bytes value)
{
    if (value.size > 0) {
        jsonout_member_string(json, name, value);
    }
}

static void tell_program(const struct chronicle_event *event, struct jsonout *json)
{
    AUTO(text_done) struct text time = text_of_limit(64);
    AUTO(text_done) struct text until = text_of_limit(64);
    listing_add_time(event->time_ms, &time);
    jsonout_object_begin(json);
    jsonout_member_unsigned(json, "entry", event->sequence);
    jsonout_member_string(json, "time", text_bytes(&time));
    jsonout_member_text(json, "kind", chronicle_kind_name(event->kind));
    add_some(json, "name", event->name);
    add_some(json, "role", event->role);
    add_some(json, "what", event->what);
    add_some(json, "grant", event->grant);
    add_some(json, "reason", event->reason);
    add_some(json, "rule", event->rule);
    if (event->object.size > 0) {
        listing_add_hex(json, "object_sha256", event->object);
    }
    if (event->until_s > 0) {
        granting_add_time(event->until_s, &until);
        jsonout_member_string(json, "until", text_bytes(&until));
    }
    if (event->calls_max > 0) {
        jsonout_member_unsigned(json, "calls", event->calls_max);
    }
    if (event->tier > 0) {
        jsonout_member_unsigned(json, "tier", (uint64_t)event->tier);
    }
    jsonout_object_end(json);
}

static void tell(void *context, const struct chronicle_event *event)
{
    struct showing *showing = context;
    if (showing->json != NULL) {
        tell_program(event, showing->json);
    } else {
        tell_person(event, showing->text);
    }
}

/* ---- what is not told ---- */

static void add_unread(const struct chronicle *chronicle, struct text *out)
{
    if (chronicle->unread > 0) {
        text_addf(out,
                  "%zu papers that the log names are gone or damaged: whether they spoke "
                  "of this is not known.\n",
                  chronicle->unread);
    }
    if (chronicle->unnamed > 0) {
        text_addf(out,
                  "%zu refusals of this home name nobody: what they were about was handed "
                  "over and is not kept.\n",
                  chronicle->unnamed);
    }
    if (chronicle->others > 0) {
        text_addf(out, "%zu more entries are about no grant: tocsin access audit show\n",
                  chronicle->others);
    }
}

static void add_unread_json(const struct chronicle *chronicle, struct jsonout *json)
{
    jsonout_member_unsigned(json, "unread", chronicle->unread);
    jsonout_member_unsigned(json, "refusals_without_name", chronicle->unnamed);
    jsonout_member_unsigned(json, "others", chronicle->others);
}

/* ---- of a member, in the group's home ---- */

struct member_log {
    struct roll roll;
    const struct roll_member *member;
    struct eligibility tier;
    bool has_tier;
    struct chronicle chronicle;
};

static enum status find_tier(struct member_log *log, struct arena *arena)
{
    AUTO(text_done) struct text facts = text_of_limit(2 * SOURCE_SIZE_MAX);
    struct eligibility_fault fault;
    struct bytes kept;
    roll_add_facts(&log->roll, log->member, &facts);
    TRY(text_status(&facts));
    TRY(arena_copy(arena, text_bytes(&facts), &kept));
    log->has_tier =
        eligibility_find(log->roll.policy, kept, arena, &log->tier, &fault) == STATUS_OK;
    return STATUS_OK;
}

static enum status tell_all(const struct call *call, struct answer *answer,
                            struct member_log *log)
{
    struct fault fault = {NULL, 0};
    enum status status =
        chronicle_of_member(call->session, &log->roll, &log->chronicle, &fault);
    return status == STATUS_OK ? status
                               : answer_fail(answer, status, "the log of %s cannot be told: %s",
                                             call->request->subject, fault.what);
}

static enum status show_member_text(const struct call *call, struct answer *answer,
                                    struct member_log *log)
{
    struct text *out = &answer->body;
    struct showing showing = {.text = out};
    log->chronicle.context = &showing;
    text_add(out, "What the log of ");
    text_add_quoted(out, log->roll.card.name, SHOWN_MAX);
    text_add(out, " says about ");
    text_add_quoted(out, log->member->name, SHOWN_MAX);
    text_add(out, ":\n");
    TRY(tell_all(call, answer, log));
    if (log->has_tier) {
        text_addf(out, "Today that makes tier %lld", (long long)log->tier.tier);
        add_part(out, ", ", log->tier.tier_name);
        text_add_byte(out, '\n');
    } else {
        text_add(out, "Which tier that makes today is not known.\n");
    }
    add_unread(&log->chronicle, out);
    return text_status(out);
}

static enum status show_member_json(const struct call *call, struct answer *answer,
                                    struct member_log *log)
{
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    struct showing showing = {.json = &json};
    log->chronicle.context = &showing;
    jsonout_object_begin(&json);
    jsonout_member_string(&json, "group", log->roll.card.name);
    jsonout_member_string(&json, "subject", log->member->name);
    jsonout_member_string(&json, "organisation", log->member->organisation);
    group_add_key_json(&json, "key", &log->member->key);
    if (log->has_tier) {
        jsonout_member_unsigned(&json, "tier", (uint64_t)log->tier.tier);
    }
    jsonout_key(&json, "events");
    jsonout_list_begin(&json);
    TRY(tell_all(call, answer, log));
    jsonout_list_end(&json);
    add_unread_json(&log->chronicle, &json);
    return sealing_finish_json(&json, &answer->body);
}

static enum status show_member(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, struct arena *arena)
{
    struct member_log *log = arena_take(arena, sizeof *log);
    if (log == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(group_take_roll(call, grant, answer, arena, &log->roll));
    log->member = roll_find_name(&log->roll, bytes_of_text(call->request->subject));
    if (log->member == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND,
                           "%s is no member of this group; 'tocsin access show' lists them",
                           call->request->subject);
    }
    log->chronicle = (struct chronicle){.subject = log->member->name, .tell = tell};
    TRY(find_tier(log, arena));
    TRY(call_wants_json(call) ? show_member_json(call, answer, log)
                              : show_member_text(call, answer, log));
    struct sha256 hash = sha256_of(text_bytes(&answer->body));
    return sealing_record(call, grant, &hash, answer);
}

enum status member_log_run(const struct call *call, const struct access_grant *grant,
                           struct answer *answer)
{
    if (!access_grant_covers(grant, "group.my-log")) {
        return STATUS_DENIED;
    }
    AUTO(arena_done) struct arena *arena = arena_new(ROLL_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : show_member(call, grant, answer, arena);
}

/* ---- of one's own ---- */

static enum status tell_own(const struct access_session *session, struct answer *answer,
                            struct chronicle *chronicle)
{
    struct fault fault = {NULL, 0};
    enum status status = chronicle_of_own(session, chronicle, &fault);
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "the log of this home cannot be told: %s",
                             fault.what);
}

static enum status show_own_json(const struct access_session *session, struct answer *answer,
                                 struct chronicle *chronicle)
{
    struct jsonout json = jsonout_of(&answer->body, JSONOUT_PRETTY);
    struct showing showing = {.json = &json};
    chronicle->context = &showing;
    jsonout_object_begin(&json);
    jsonout_key(&json, "events");
    jsonout_list_begin(&json);
    TRY(tell_own(session, answer, chronicle));
    jsonout_list_end(&json);
    add_unread_json(chronicle, &json);
    return sealing_finish_json(&json, &answer->body);
}

enum status my_log_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer)
{
    if (!access_grant_covers(grant, "access.my-log")) {
        return STATUS_DENIED;
    }
    AUTO(session_done) struct access_session session;
    session_find(call->home, &session);
    if (session.home < 0 || !session.has_identity) {
        return answer_fail(answer, STATUS_NOT_FOUND, "this home has no log: %s",
                           session.fault.what);
    }
    struct chronicle chronicle = {.tell = tell};
    if (call_wants_json(call)) {
        return show_own_json(&session, answer, &chronicle);
    }
    struct showing showing = {.text = &answer->body};
    chronicle.context = &showing;
    TRY(tell_own(&session, answer, &chronicle));
    if (chronicle.told == 0) {
        text_add(&answer->body, "The log of this home says nothing about grants.\n");
    }
    add_unread(&chronicle, &answer->body);
    return text_status(&answer->body);
}
