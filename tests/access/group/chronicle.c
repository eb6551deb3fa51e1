#include "access/group/chronicle.h"

#include "access/group/entitled.h"
#include "access/group/paper.h"
#include "access/log_entries.h"

struct told {
    struct text kinds;
    struct text whats;
};

static void keep(void *context, const struct chronicle_event *event)
{
    struct told *told = context;
    text_addf(&told->kinds, "%s ", chronicle_kind_name(event->kind));
    text_add_raw(&told->whats, event->what);
    text_add_byte(&told->whats, ' ');
}

static void forget(struct told *told)
{
    text_done(&told->kinds);
    text_done(&told->whats);
}

static void ones_own_log_tells_accepted_and_used_grants(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    AUTO(forget) struct told told = {text_of_limit(1024), text_of_limit(1024)};
    struct access_session *session = &entitled.holder.session;
    struct chronicle chronicle = {.tell = keep, .context = &told};
    struct fault fault;
    entitled_new(&entitled);
    entitled_keep(&entitled, &entitled.holder, &entitled.file);
    const struct sha256 file = sha256_of(text_bytes(&entitled.file));
    const struct sha256 other = sha256_of(bytes_of_text("another"));
    append_entry_of(session, AUDIT_DONE, "access.accept", &file);
    append_entry_of(session, AUDIT_ALLOWED, ENTITLEMENT_PACK, &file);
    append_entry_of(session, AUDIT_DONE, "access.accept",
                    &other); /* a list, or a grant since dropped */
    append_entry_of(session, AUDIT_ALLOWED, "access.card", &other);
    append_entry_of(session, AUDIT_DONE, "evidence.analyze", &other);
    append_entry_of(session, AUDIT_DONE, "access.narrow", &other); /* whose paper was erased */
    assert_ok(chronicle_of_own(session, &chronicle, &fault));
    assert_string_equal(text_terminated(&told.kinds), "accepted used did did ");
    assert_int_equal(chronicle.told, 4);
    assert_int_equal(chronicle.others, 1);
    assert_int_equal(chronicle.unread, 1);
    assert_true(bytes_equal(
        bytes_part(text_bytes(&told.whats), 0, entitled.granted.terms.rights[0].what.size),
        entitled.granted.terms.rights[0].what));
}

static void papers_that_say_something_else_are_counted(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    AUTO(forget) struct told told = {text_of_limit(1024), text_of_limit(1024)};
    struct access_session *session = &entitled.group.session;
    struct roll roll = {0};
    struct chronicle chronicle = {.tell = keep, .context = &told};
    struct fault fault;
    struct sha256 hash;
    entitled_new(&entitled); /* issues a grant whose paper was never kept */
    chronicle.subject = entitled.granted.terms.subject;
    assert_ok(paper_keep(session->payloads, bytes_of_text("no paper of a group"), &hash));
    append_entry_of(session, AUDIT_DONE, "group.grant", &hash);
    append_entry_of(session, AUDIT_DONE, "group.revoke", &hash);
    append_entry_of(session, AUDIT_DONE, "group.vouch", &hash);
    append_entry_of(session, AUDIT_REFUSED, "group.grant", &hash);
    assert_ok(chronicle_of_member(session, &roll, &chronicle, &fault));
    assert_string_equal(text_terminated(&told.kinds), "");
    assert_int_equal(chronicle.unread, 4);
    assert_int_equal(chronicle.unnamed, 1);
    scratch_write(&entitled.group.scratch, "audit/tile/9", bytes_of_text("x"));
    assert_status(chronicle_of_member(session, &roll, &chronicle, &fault), STATUS_CONFLICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ones_own_log_tells_accepted_and_used_grants),
        cmocka_unit_test(papers_that_say_something_else_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
