#include "operation/held.h"

#include "access/group/entitlement.h"
#include "operation/granting.h"

/* One grant after the other, told to a person or to a program. */
struct telling {
    struct text *text;
    struct jsonout *json; /* NULL: for a person */
    size_t count;         /* of those that hold */
};

static void tell_person(const struct entitlement *held, struct text *out)
{
    text_add(out, "holds: ");
    text_add_quoted(out, held->pack, GRANT_TEXT_MAX);
    text_add(out, " of ");
    text_add_quoted(out, held->group, GRANT_TEXT_MAX);
    text_add(out, " until ");
    granting_add_time(held->expires_s, out);
    if (held->has_calls_max) {
        text_addf(out, ", %llu of %llu calls made", (unsigned long long)held->calls_made,
                  (unsigned long long)held->calls_max);
    }
    text_add_byte(out, '\n');
}

static void tell_refusal(const struct access_refusal *refusal, struct text *out)
{
    text_addf(out, "does not hold (%s, rule %s): %s\n", access_reason_name(refusal->reason),
              refusal->rule, refusal->because);
}

static void tell_program(const struct entitlement *held, struct jsonout *out)
{
    AUTO(text_done) struct text until = text_of_limit(64);
    granting_add_time(held->expires_s, &until);
    jsonout_member_string(out, "group", held->group);
    jsonout_member_string(out, "subject", held->subject);
    jsonout_member_string(out, "pack", held->pack);
    jsonout_member_string(out, "until", text_bytes(&until));
    if (held->has_calls_max) {
        jsonout_member_string(out, "agent", held->agent);
        jsonout_member_unsigned(out, "calls", held->calls_max);
        jsonout_member_unsigned(out, "calls_made", held->calls_made);
    }
}

static void tell(void *context, struct bytes id, const struct entitlement *held,
                 const struct access_refusal *refusal)
{
    struct telling *telling = context;
    telling->count += held != NULL;
    if (telling->json == NULL) {
        text_add(telling->text,
                 telling->text->size == 0 ? "\nGrants of others, accepted here:\n  " : "  ");
        text_add_quoted(telling->text, id, GRANT_ID_DIGITS);
        text_add(telling->text, "  ");
        if (held != NULL) {
            tell_person(held, telling->text);
        } else {
            tell_refusal(refusal, telling->text);
        }
        return;
    }
    jsonout_object_begin(telling->json);
    jsonout_member_string(telling->json, "grant", id);
    jsonout_member_boolean(telling->json, "holds", held != NULL);
    if (held != NULL) {
        tell_program(held, telling->json);
    } else {
        jsonout_member_text(telling->json, "reason", access_reason_name(refusal->reason));
        jsonout_member_text(telling->json, "rule", refusal->rule);
        jsonout_member_text(telling->json, "because", refusal->because);
    }
    jsonout_object_end(telling->json);
}

static enum status tell_all(const struct access_session *session, struct answer *answer,
                            struct text *text, struct jsonout *json, size_t *count)
{
    AUTO(arena_done) struct arena *arena = arena_new(GRANTING_MEMORY_MAX);
    struct telling telling = {.text = text, .json = json};
    const struct entitlement_telling teller = {tell, &telling};
    struct entitlement_wish wish = {.operation = ENTITLEMENT_PACK, .now_s = granting_now()};
    struct fault fault = {NULL, 0};
    *count = 0;
    if (session->home < 0) {
        return STATUS_OK;
    }
    if (arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(granting_take_source(answer, arena, &wish.rules));
    enum status status = entitlement_tell_all(session, &wish, arena, &teller, &fault);
    *count = telling.count;
    return status == STATUS_OK ? status : answer_fail(answer, status, "%s", fault.what);
}

enum status held_add_text(const struct access_session *session, struct answer *answer,
                          struct text *out, size_t *count)
{
    AUTO(text_done) struct text lines = text_of_limit(ANSWER_LINES_MAX);
    TRY(tell_all(session, answer, &lines, NULL, count));
    text_add_raw(out, text_bytes(&lines));
    return text_status(out);
}

enum status held_add_json(const struct access_session *session, struct answer *answer,
                          struct jsonout *out, size_t *count)
{
    jsonout_key(out, "grants");
    jsonout_list_begin(out);
    TRY(tell_all(session, answer, NULL, out, count));
    jsonout_list_end(out);
    return STATUS_OK;
}
