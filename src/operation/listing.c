#include "operation/listing.h"

#include <time.h>

#include "access/home.h"
#include "access/session.h"
#include "base/file.h"

#define TIME_SIZE 32
#define ARGUMENTS_SHOWN_MAX 400

void listing_add_hex(struct jsonout *out, const char *key, struct bytes bytes)
{
    AUTO(text_done) struct text hex = text_of_limit(2 * AUDIT_HASH_SIZE);
    text_add_hex(&hex, bytes);
    jsonout_member_string(out, key, text_bytes(&hex));
}

static void add_time(uint64_t time_ms, char out[TIME_SIZE])
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL ||
        strftime(out, TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        memcpy(out, "?", 2);
    }
}

void listing_add_time(uint64_t time_ms, struct text *out)
{
    char time[TIME_SIZE];
    add_time(time_ms, time);
    text_add(out, time);
}

/* Each argument ends with a zero byte. */
static void add_arguments(struct text *out, struct bytes arguments)
{
    struct bytes rest = arguments;
    struct bytes word = BYTES_NONE;
    while (bytes_split(&rest, '\0', &word)) {
        text_add_byte(out, ' ');
        text_add_quoted(out, word, ARGUMENTS_SHOWN_MAX);
    }
}

void listing_add_text(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct text *out = ((struct listing *)context)->text;
    char time[TIME_SIZE];
    add_time(entry->time_ms, time);
    text_addf(out, "%6llu  %s  %-9s  C%u  ", (unsigned long long)entry->sequence, time,
              audit_event_name(entry->event), (unsigned)entry->class);
    text_add_raw(out, entry->operation);
    text_add(out, "  ");
    text_add_raw(out, entry->rule);
    if (entry->reason.size > 0) {
        text_add(out, "  ");
        text_add_raw(out, entry->reason);
    }
    if (entry->object.size > 0) {
        text_add(out, "  sha256:");
        text_add_hex(out, entry->object);
    }
    if (entry->has_decision) {
        text_addf(out, "  after %llu", (unsigned long long)entry->decision);
    }
    text_add_byte(out, '\n');
    if (arguments.size > 0) {
        text_add(out, "        asked:");
        add_arguments(out, arguments);
        text_add_byte(out, '\n');
    } else if (entry->commitment.size > 0) {
        text_add(out, "        asked: (erased)\n");
    }
}

void listing_add_json(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct jsonout *out = &((struct listing *)context)->json;
    char time[TIME_SIZE];
    add_time(entry->time_ms, time);
    jsonout_object_begin(out);
    jsonout_member_unsigned(out, "sequence", entry->sequence);
    jsonout_member_text(out, "time", time);
    jsonout_member_text(out, "event", audit_event_name(entry->event));
    jsonout_member_text(out, "class", access_class_name((enum access_class)entry->class));
    jsonout_member_string(out, "operation", entry->operation);
    jsonout_member_string(out, "rule", entry->rule);
    jsonout_member_string(out, "reason", entry->reason);
    listing_add_hex(out, "subject", entry->subject);
    listing_add_hex(out, "policy_sha256", entry->policy);
    if (entry->object.size > 0) {
        listing_add_hex(out, "object_sha256", entry->object);
    }
    if (entry->has_decision) {
        jsonout_member_unsigned(out, "decision", entry->decision);
    }
    if (entry->commitment.size > 0) {
        listing_add_hex(out, "commitment", entry->commitment);
        jsonout_member_boolean(out, "erased", arguments.size == 0);
        jsonout_key(out, "arguments");
        jsonout_list_begin(out);
        struct bytes word = BYTES_NONE;
        while (bytes_split(&arguments, '\0', &word)) {
            jsonout_string(out, word);
        }
        jsonout_list_end(out);
    }
    jsonout_object_end(out);
}

enum status listing_open(const struct call *call, struct answer *answer, int *home,
                         struct text *verifier)
{
    if (call->home == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND, "neither TOCSIN_HOME nor HOME is set");
    }
    struct fault fault = {0};
    enum status status = home_open_existing(call->home, home, &fault);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "there is no audit log: %s: %s", call->home,
                           fault.what);
    }
    if (call->request->key != NULL) {
        text_add(verifier, call->request->key);
        return text_status(verifier);
    }
    AUTO(session_done) struct access_session session;
    session_find(call->home, &session);
    status = session_read_verifier(&session, verifier);
    if (status != STATUS_OK) {
        return answer_fail(answer, status,
                           "the key to check with is missing (identity/owner.vkey in %s); name "
                           "one with --key",
                           call->home);
    }
    return STATUS_OK;
}
