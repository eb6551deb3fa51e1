#include "operation/handler.h"

#include <string.h>

#include "access/audit_verify.h"
#include "access/home.h"
#include "base/file.h"
#include "codec/json.h"
#include "operation/held.h"
#include "operation/listing.h"
#include "operation/shown_group.h"

#define VERIFIER_SIZE_MAX LISTING_VERIFIER_MAX
#define POLICY_SIZE_MAX 8192
#define PATH_SHOWN_MAX 4096

/* ---- access show ---- */

/* A class that no rule allows as such may still be allowed grant by grant, for what each is
 * for. */
static void add_class_text(const struct access_session *session, enum access_class class,
                           size_t grant_count, struct text *out)
{
    const char *rule = NULL;
    bool is_held = access_is_held(session, class, &rule);
    text_addf(out, "  %s  %s  (%s)\n", access_class_name(class), is_held ? "held" : "not held",
              rule);
    if (!is_held && class == CLASS_CRITICAL && grant_count > 0) {
        text_addf(out, "      but held for what %s for: see below\n",
                  grant_count == 1 ? "one grant is" : "the grants are");
    }
}

static void add_class_json(const struct access_session *session, enum access_class class,
                           size_t grant_count, struct jsonout *out)
{
    const char *rule = NULL;
    bool is_held = access_is_held(session, class, &rule);
    jsonout_object_begin(out);
    jsonout_member_text(out, "class", access_class_name(class));
    jsonout_member_boolean(out, "held", is_held);
    jsonout_member_text(out, "rule", rule);
    if (class == CLASS_CRITICAL) {
        jsonout_member_unsigned(out, "held_by_grants", grant_count);
    }
    jsonout_object_end(out);
}

static enum status show_text(const struct access_session *session, const char *home,
                             struct bytes verifier, struct bytes policy, struct answer *answer)
{
    struct text *out = &answer->body;
    AUTO(text_done) struct text grants = text_of_limit(ANSWER_LINES_MAX);
    size_t grant_count = 0;
    TRY(held_add_text(session, answer, &grants, &grant_count));
    text_add(out, "home   ");
    text_add_quoted(out, bytes_of_text(home), PATH_SHOWN_MAX);
    text_add(out, "\nkey    ");
    text_add_quoted(out, bytes_trim(verifier), VERIFIER_SIZE_MAX);
    text_addf(out, "%s%s\n\nWhat this key may ask for:\n",
              session->fault.what != NULL ? " " : "",
              session->fault.what != NULL ? session->fault.what : "");
    for (unsigned class = 0; class < CLASS_COUNT; class ++) {
        add_class_text(session, (enum access_class) class, grant_count, out);
    }
    text_add_raw(out, text_bytes(&grants));
    TRY(shown_group_add_text(session, out));
    text_add(out, "\nThe rules in force (SHA-256 ");
    struct sha256 hash = sha256_of(policy);
    sha256_add_hex(out, &hash);
    text_add(out, "):\n");
    text_add_raw(out, policy);
    text_add(out, "\nWhich operation is of which class: tocsin help --operations\n");
    return text_status(out);
}

static enum status show_json(const struct access_session *session, const char *home,
                             struct bytes verifier, struct bytes policy, struct answer *answer)
{
    struct text *text = &answer->body;
    struct jsonout out = jsonout_of(text, JSONOUT_PRETTY);
    jsonout_object_begin(&out);
    jsonout_member_string(&out, "home", bytes_of_text(home));
    jsonout_member_string(&out, "key", bytes_trim(verifier));
    if (session->fault.what != NULL) {
        jsonout_member_text(&out, "problem", session->fault.what);
    }
    size_t grant_count = 0;
    TRY(held_add_json(session, answer, &out, &grant_count));
    jsonout_key(&out, "classes");
    jsonout_list_begin(&out);
    for (unsigned class = 0; class < CLASS_COUNT; class ++) {
        add_class_json(session, (enum access_class) class, grant_count, &out);
    }
    jsonout_list_end(&out);
    TRY(shown_group_add_json(session, &out));
    struct sha256 hash = sha256_of(policy);
    listing_add_hex(&out, "policy_sha256", (struct bytes){hash.bytes, sizeof hash.bytes});
    jsonout_member_string(&out, "policy", policy);
    jsonout_object_end(&out);
    TRY(jsonout_finish(&out));
    text_add_byte(text, '\n');
    return text_status(text);
}

enum status access_show_run(const struct call *call, const struct access_grant *grant,
                            struct answer *answer)
{
    if (!access_grant_covers(grant, "access.show")) {
        return STATUS_DENIED;
    }
    AUTO(session_done) struct access_session session;
    session_find(call->home, &session);
    AUTO(text_done) struct text verifier = text_of_limit(VERIFIER_SIZE_MAX);
    IGNORE(session_read_verifier(&session, &verifier), "shown as missing");
    AUTO(text_done) struct text policy = text_of_limit(POLICY_SIZE_MAX);
    access_add_policy(&policy);
    const char *home = call->home != NULL ? call->home : "";
    if (call_wants_json(call)) {
        return show_json(&session, home, text_bytes(&verifier), text_bytes(&policy), answer);
    }
    return show_text(&session, home, text_bytes(&verifier), text_bytes(&policy), answer);
}

/* ---- access audit show ---- */

static enum status check(const struct call *call, const struct audit_visitor *visitor,
                         struct answer *answer, struct audit_check *out)
{
    AUTO(file_done) int home = -1;
    AUTO(text_done) struct text verifier = text_of_limit(VERIFIER_SIZE_MAX);
    TRY(listing_open(call, answer, &home, &verifier));
    enum status status = audit_verify(home, text_bytes(&verifier), visitor, out);
    if (status == STATUS_MALFORMED) {
        return answer_fail(answer, status, "the key to check with is not a key");
    }
    if (status == STATUS_NOT_FOUND) {
        return answer_fail(answer, status, "there is no audit log in %s", call->home);
    }
    return status;
}

enum status audit_show_run(const struct call *call, const struct access_grant *grant,
                           struct answer *answer)
{
    if (!access_grant_covers(grant, "audit.show")) {
        return STATUS_DENIED;
    }
    bool is_json = call_wants_json(call);
    struct listing listing = {.text = &answer->body,
                              .json = jsonout_of(&answer->body, JSONOUT_PRETTY)};
    struct audit_visitor visitor = {is_json ? listing_add_json : listing_add_text, &listing};
    if (is_json) {
        jsonout_object_begin(&listing.json);
        jsonout_key(&listing.json, "entries");
        jsonout_list_begin(&listing.json);
    }
    AUTO(audit_check_done) struct audit_check found = {0};
    TRY(check(call, &visitor, answer, &found));
    if (is_json) {
        jsonout_list_end(&listing.json);
        jsonout_member_boolean(&listing.json, "whole", found.difference_count == 0);
        jsonout_object_end(&listing.json);
        TRY(jsonout_finish(&listing.json));
        text_add_byte(&answer->body, '\n');
    }
    if (found.difference_count > 0) {
        answer_note(answer, "the log is not whole: see 'tocsin access audit verify'");
    }
    return text_status(&answer->body);
}

/* ---- access audit verify ---- */

static void add_summary(const struct audit_check *found, struct text *out)
{
    text_addf(out,
              "%s: %llu entries in %llu files, %llu bytes; %llu payloads open their "
              "commitments, %llu erased; %llu differences",
              found->difference_count == 0 ? "whole" : "NOT WHOLE",
              (unsigned long long)found->entry_count, (unsigned long long)found->file_count,
              (unsigned long long)found->byte_count, (unsigned long long)found->payload_count,
              (unsigned long long)found->erased_count,
              (unsigned long long)found->difference_count);
}

static enum status verify_json(const struct audit_check *found, struct text *text)
{
    struct jsonout out = jsonout_of(text, JSONOUT_PRETTY);
    jsonout_object_begin(&out);
    jsonout_member_boolean(&out, "whole", found->difference_count == 0);
    jsonout_member_unsigned(&out, "entries", found->entry_count);
    jsonout_member_unsigned(&out, "files", found->file_count);
    jsonout_member_unsigned(&out, "bytes", found->byte_count);
    jsonout_member_unsigned(&out, "payloads", found->payload_count);
    jsonout_member_unsigned(&out, "erased", found->erased_count);
    jsonout_member_unsigned(&out, "difference_count", found->difference_count);
    jsonout_key(&out, "differences");
    jsonout_list_begin(&out);
    struct bytes rest = text_bytes(&found->differences);
    struct bytes line = BYTES_NONE;
    while (bytes_split(&rest, '\n', &line)) {
        jsonout_string(&out, line);
    }
    jsonout_list_end(&out);
    jsonout_member_text(&out, "unnoticed",
                        "an older copy of the whole folder: only a witness "
                        "notices that");
    jsonout_object_end(&out);
    TRY(jsonout_finish(&out));
    text_add_byte(text, '\n');
    return text_status(text);
}

enum status audit_verify_run(const struct call *call, const struct access_grant *grant,
                             struct answer *answer)
{
    if (!access_grant_covers(grant, "audit.verify")) {
        return STATUS_DENIED;
    }
    AUTO(audit_check_done) struct audit_check found = {0};
    TRY(check(call, NULL, answer, &found));
    if (call_wants_json(call)) {
        TRY(verify_json(&found, &answer->body));
    } else {
        text_add_raw(&answer->body, text_bytes(&found.differences));
        text_add(&answer->body,
                 "An older copy of the whole folder is noticed only by a witness "
                 "that saw a later checkpoint.\n");
        add_summary(&found, &answer->body);
        text_add_byte(&answer->body, '\n');
    }
    if (found.difference_count > 0) {
        answer->stands = true;
        return answer_fail(answer, STATUS_CONFLICT, "the audit log is not whole");
    }
    return text_status(&answer->body);
}
