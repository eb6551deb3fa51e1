#include "operation/handler.h"

#include <assert.h>

#include "access/group/replay.h"
#include "base/number.h"
#include "operation/granting.h"
#include "operation/listing.h"
#include "operation/policy.h"
#include "operation/sealing.h"

#define WHY_MEMORY_MAX (512U << 20)
#define SHOWN_MAX 256

/* ---- for a person ---- */

static void add_pair(struct text *out, const char *label, struct bytes value)
{
    if (value.size > 0) {
        text_addf(out, "  %-22s ", label);
        text_add_quoted(out, value, SHOWN_MAX);
        text_add_byte(out, '\n');
    }
}

static const char *say_event(enum audit_event event)
{
    static const char *const words[] = {
        [AUDIT_BEGIN] = "the log begins",
        [AUDIT_REFUSED] = "was refused",
        [AUDIT_ALLOWED] = "was allowed",
        [AUDIT_DONE] = "was allowed and done",
        [AUDIT_FAILED] = "was allowed, and failed",
        [AUDIT_RECOVERED] = "an unfinished entry was cut away",
    };
    static_assert(sizeof words / sizeof *words == AUDIT_EVENT_COUNT, "each has words");
    return words[event];
}

static void add_head(const struct replay *replay, struct text *out)
{
    const struct audit_entry *entry = &replay->of.entry.entry;
    text_addf(out, "Entry %llu, ", (unsigned long long)entry->sequence);
    listing_add_time(entry->time_ms, out);
    text_add(out, ": ");
    if (replay->is_decision) {
        text_add_raw(out, entry->operation);
        text_addf(out, " (%s) ", access_class_name((enum access_class)entry->class));
    }
    text_addf(out, "%s\n", say_event(entry->event));
    if (entry->has_decision) {
        text_addf(out, "  %-22s entry %llu\n", "decided by",
                  (unsigned long long)entry->decision);
    }
}

static void add_words(const struct replay *replay, struct text *out)
{
    const struct audit_entry *entry = &replay->of.entry.entry;
    const struct access_refusal *words = &replay->words;
    add_pair(out, "who", replay->subject);
    add_pair(out, "of", replay->organisation);
    add_pair(out, "pack", replay->what);
    add_pair(out, "grant", replay->grant);
    add_pair(out, "reason", entry->reason);
    add_pair(out, "rule", entry->rule);
    if (!replay->has_words) {
        text_add(out, entry->event == AUDIT_REFUSED
                          ? "  No rule of that name is published today.\n"
                          : "");
        return;
    }
    add_pair(out, "because", bytes_of_text(words->because));
    if (entry->event == AUDIT_REFUSED) {
        add_pair(out, "what would change it", bytes_of_text(words->what_would_change_it));
        add_pair(out, "appeal", bytes_of_text(words->appeal));
    }
}

static const char *say_state(enum replay_state state)
{
    static const char *const words[] = {
        [REPLAY_KEPT] = "kept",
        [REPLAY_GONE] = "GONE: erased, or replaced since",
        [REPLAY_DAMAGED] = "DAMAGED: it is not what it was",
        [REPLAY_LATER] = "MISSING: only a later one is here",
        [REPLAY_NEVER_KEPT] = "MISSING: it is written down nowhere",
    };
    static_assert(sizeof words / sizeof *words == REPLAY_STATE_COUNT, "each has words");
    return words[state];
}

static size_t add_inputs(const struct replay *replay, struct text *out)
{
    size_t missing = 0;
    text_add(out, "What decided it:\n");
    for (size_t i = 0; i < replay->input_count; i++) {
        const struct replay_input *input = &replay->inputs[i];
        missing += input->state != REPLAY_KEPT;
        text_addf(out, "  %s: %s", input->what, say_state(input->state));
        if (input->has_hash) {
            text_add(out, "  sha256:");
            sha256_add_hex(out, &input->hash);
        }
        text_add_byte(out, '\n');
    }
    return missing;
}

static void add_judgement(const char *by, const struct replay_judgement *judgement,
                          size_t missing, struct text *out)
{
    text_addf(out, "Judged again by %s: ", by);
    if (judgement->answer == REPLAY_SAME) {
        text_add(out, "the same comes out.\n");
    } else if (judgement->answer == REPLAY_UNKNOWN) {
        text_addf(out, "not known, as something that decided is missing (%zu, above).\n",
                  missing);
    } else if (judgement->is_allowed) {
        text_add(out, "something else comes out: it is allowed.\n");
    } else {
        const struct access_refusal *refusal = &judgement->refusal;
        text_addf(out, "something else comes out: it is refused (%s, rule ",
                  access_reason_name(refusal->reason));
        text_add_quoted(out, bytes_of_text(refusal->rule), SHOWN_MAX);
        text_add(out, "): ");
        text_add_quoted(out, bytes_of_text(refusal->because), 2 * SHOWN_MAX);
        text_add_byte(out, '\n');
    }
}

static void add_text(const struct replay *replay, struct text *out)
{
    add_head(replay, out);
    if (!replay->is_decision) {
        text_add(out, "Nothing was decided by that entry.\n");
        return;
    }
    add_words(replay, out);
    size_t missing = add_inputs(replay, out);
    add_judgement("the rules of then", &replay->then, missing, out);
    add_judgement("the rules of today", &replay->today, missing, out);
}

/* ---- for a program ---- */

static void add_some(struct jsonout *json, const char *name, struct bytes value)
{
    if (value.size > 0) {
        jsonout_member_string(json, name, value);
    }
}

static void add_hash(struct jsonout *json, const char *name, struct bytes hash)
{
    if (hash.size > 0) {
        listing_add_hex(json, name, hash);
    }
}

static void add_judgement_json(struct jsonout *json, const char *name,
                               const struct replay_judgement *judgement)
{
    jsonout_key(json, name);
    jsonout_object_begin(json);
    jsonout_member_text(json, "answer", replay_answer_name(judgement->answer));
    /* Where something is missing, what the rest alone would make is no outcome. */
    if (judgement->answer != REPLAY_UNKNOWN) {
        jsonout_member_boolean(json, "allowed", judgement->is_allowed);
    }
    if (judgement->answer != REPLAY_UNKNOWN && !judgement->is_allowed) {
        const struct access_refusal *refusal = &judgement->refusal;
        jsonout_member_text(json, "reason", access_reason_name(refusal->reason));
        jsonout_member_text(json, "rule", refusal->rule);
        jsonout_member_text(json, "because", refusal->because);
        jsonout_member_text(json, "what_would_change_it", refusal->what_would_change_it);
    }
    jsonout_object_end(json);
}

static void add_inputs_json(const struct replay *replay, struct jsonout *json)
{
    jsonout_key(json, "inputs");
    jsonout_list_begin(json);
    for (size_t i = 0; i < replay->input_count; i++) {
        const struct replay_input *input = &replay->inputs[i];
        jsonout_object_begin(json);
        jsonout_member_text(json, "what", input->what);
        jsonout_member_text(json, "state", replay_state_name(input->state));
        if (input->has_hash) {
            listing_add_hex(json, "sha256",
                            (struct bytes){input->hash.bytes, sizeof input->hash.bytes});
        }
        jsonout_object_end(json);
    }
    jsonout_list_end(json);
}

static void add_entry_json(const struct replay *replay, struct jsonout *json)
{
    const struct audit_entry *entry = &replay->of.entry.entry;
    AUTO(text_done) struct text time = text_of_limit(64);
    listing_add_time(entry->time_ms, &time);
    jsonout_member_unsigned(json, "entry", entry->sequence);
    jsonout_member_string(json, "time", text_bytes(&time));
    jsonout_member_text(json, "event", audit_event_name(entry->event));
    jsonout_member_string(json, "operation", entry->operation);
    jsonout_member_text(json, "class", access_class_name((enum access_class)entry->class));
    jsonout_member_unsigned(json, "decision", replay->of.decision.entry.sequence);
    jsonout_member_boolean(json, "decides", replay->is_decision);
    jsonout_member_string(json, "rule", entry->rule);
    add_some(json, "reason", entry->reason);
    add_hash(json, "policy_sha256", entry->policy);
    add_hash(json, "object_sha256", entry->object);
}

static enum status add_json(const struct replay *replay, struct text *out)
{
    struct jsonout json = jsonout_of(out, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    add_entry_json(replay, &json);
    if (replay->has_words) {
        jsonout_member_text(&json, "because", replay->words.because);
    }
    if (replay->has_words && replay->of.entry.entry.event == AUDIT_REFUSED) {
        jsonout_member_text(&json, "what_would_change_it", replay->words.what_would_change_it);
        jsonout_member_text(&json, "appeal", replay->words.appeal);
    }
    add_some(&json, "subject", replay->subject);
    add_some(&json, "organisation", replay->organisation);
    add_some(&json, "pack", replay->what);
    add_some(&json, "grant", replay->grant);
    if (replay->is_decision) {
        add_inputs_json(replay, &json);
        add_judgement_json(&json, "then", &replay->then);
        add_judgement_json(&json, "today", &replay->today);
    }
    return sealing_finish_json(&json, out);
}

/* ---- the whole ---- */

/* The class that the operation has today: rows come and go with versions. */
static void find_class(const struct audit_entry *entry, struct replay_texts *texts)
{
    const struct operation *row;
    for (size_t i = 0; (row = operation_at(i)) != NULL && !texts->has_class; i++) {
        texts->has_class = bytes_equal_text(entry->operation, row->name);
        texts->class = row->class;
    }
}

static enum status explain(const struct call *call, struct answer *answer,
                           const struct access_session *session, uint64_t sequence,
                           struct arena *arena)
{
    struct replay *replay = arena_take(arena, sizeof *replay);
    AUTO(text_done) struct text policy = text_of_limit(ANSWER_LINES_MAX);
    struct replay_texts texts = {.has_class = false};
    struct fault fault = {NULL, 0};
    if (replay == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(granting_take_source(answer, arena, &texts.rules));
    TRY(policy_take(answer, &policy));
    texts.policy = text_bytes(&policy);
    enum status status = replay_find(session, sequence, arena, replay, &fault);
    if (status == STATUS_OK) {
        find_class(&replay->of.entry.entry, &texts);
        fault.what = "it takes more than one entry may";
        status = replay_judge(session, &texts, arena, replay, &fault);
    }
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "entry %llu cannot be explained: %s",
                           (unsigned long long)sequence, fault.what);
    }
    if (call_wants_json(call)) {
        return add_json(replay, &answer->body);
    }
    add_text(replay, &answer->body);
    return text_status(&answer->body);
}

enum status why_run(const struct call *call, const struct access_grant *grant,
                    struct answer *answer)
{
    if (!access_grant_covers(grant, "access.why")) {
        return STATUS_DENIED;
    }
    uint64_t sequence = 0;
    const char *word = call->request->operands[0];
    if (number_decimal(bytes_of_text(word), &sequence) != STATUS_OK) {
        return answer_fail(answer, STATUS_MALFORMED,
                           "%s is no entry: name one by its number, as 'tocsin access audit "
                           "show' prints it",
                           word);
    }
    AUTO(session_done) struct access_session session;
    session_find(call->home, &session);
    if (session.home < 0 || !session.has_identity) {
        return answer_fail(answer, STATUS_NOT_FOUND, "this home has no log: %s",
                           session.fault.what);
    }
    AUTO(arena_done) struct arena *arena = arena_new(WHY_MEMORY_MAX);
    return arena == NULL ? STATUS_NO_MEMORY : explain(call, answer, &session, sequence, arena);
}
