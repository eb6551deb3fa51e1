#include "access/group/issued.h"

#include "access/group/entitled.h"
#include "access/group/paper.h"

struct seen {
    struct text ids;
    struct sha256 last;
    enum status answer;
};

static enum status see(void *context, const struct grant_terms *terms,
                       const struct sha256 *block)
{
    struct seen *seen = context;
    text_add_raw(&seen->ids, bytes_part(terms->id, 0, 2));
    text_add_byte(&seen->ids, ' ');
    seen->last = *block;
    return seen->answer;
}

/* One more, of that id and end; what it is revoked by in `*out`. */
static void issue(struct entitled *entitled, const char *id, uint64_t expires_s,
                  struct sha256 *out)
{
    entitled->granted.terms.id = bytes_of_text(id);
    entitled->granted.terms.expires_s = expires_s;
    AUTO(text_done) struct text token = granted_whole(&entitled->granted);
    AUTO(text_done) struct text paper = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    struct text file = entitled_issue(entitled, &token);
    text_done(&file);
    struct grant_token read = granted_token(&entitled->granted, &token);
    struct sha256 hash;
    assert_ok(grant_issuance(&read, 3, &paper));
    assert_ok(paper_keep(entitled->group.session.payloads, text_bytes(&paper), &hash));
    assert_ok(grant_revocation(&read, &entitled->granted.group.key, 0, out));
}

static void what_was_issued_is_seen_in_its_order(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled); /* issues one whose paper was never kept: it counts as erased */
    struct seen seen = {.ids = text_of_limit(256)};
    const struct issued_visitor visitor = {see, &seen};
    struct issued_unread unread;
    struct sha256 first;
    struct sha256 second;
    struct fault fault;
    assert_ok(issued_visit(&entitled.group.session, &visitor, &unread, &fault));
    assert_string_equal(text_terminated(&seen.ids), "");
    assert_int_equal(unread.erased_count, 1);
    assert_int_equal(unread.damaged_count, 0);
    issue(&entitled, "11112233445566778899aabbccddeeff", entitled.now_s + 60, &first);
    issue(&entitled, "22112233445566778899aabbccddeeff", entitled.now_s + 60, &second);
    assert_ok(issued_visit(&entitled.group.session, &visitor, &unread, &fault));
    assert_string_equal(text_terminated(&seen.ids), "11 22 ");
    assert_true(sha256_equal(&seen.last, &second));
    assert_false(sha256_equal(&seen.last, &first));
    seen.answer = STATUS_LIMIT;
    assert_status(issued_visit(&entitled.group.session, &visitor, &unread, &fault),
                  STATUS_LIMIT);
    assert_string_equal(fault.what, "what was issued cannot be gone through");
    assert_string_equal(text_terminated(&seen.ids), "11 22 11 ");
    text_done(&seen.ids);
}

static void a_log_that_is_not_whole_says_nothing(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    struct seen seen = {.ids = text_of_limit(256)};
    const struct issued_visitor visitor = {see, &seen};
    struct issued_unread unread;
    struct sha256 block;
    struct fault fault;
    issue(&entitled, "11112233445566778899aabbccddeeff", entitled.now_s + 60, &block);
    scratch_write(&entitled.group.scratch, "audit/tile/9", bytes_of_text("x"));
    assert_status(issued_visit(&entitled.group.session, &visitor, &unread, &fault),
                  STATUS_CONFLICT);
    text_done(&seen.ids);
}

/* The file of the paper by which something was issued. */
static void damage(struct entitled *entitled, const char *id, struct bytes content)
{
    entitled->granted.terms.id = bytes_of_text(id);
    AUTO(text_done) struct text token = granted_whole(&entitled->granted);
    AUTO(text_done) struct text paper = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text path = text_of_limit(256);
    struct grant_token read = granted_token(&entitled->granted, &token);
    struct text file = entitled_issue(entitled, &token);
    text_done(&file);
    assert_ok(grant_issuance(&read, 3, &paper));
    struct sha256 hash = sha256_of(text_bytes(&paper));
    text_add(&path, "payloads/");
    sha256_add_hex(&path, &hash);
    scratch_write(&entitled->group.scratch, text_terminated(&path), content);
}

static void a_damaged_paper_hides_no_other(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    struct seen seen = {.ids = text_of_limit(256)};
    const struct issued_visitor visitor = {see, &seen};
    struct issued_unread unread;
    struct sha256 block;
    struct fault fault;
    issue(&entitled, "11112233445566778899aabbccddeeff", entitled.now_s + 60, &block);
    damage(&entitled, "22112233445566778899aabbccddeeff", bytes_of_text("no paper"));
    issue(&entitled, "33112233445566778899aabbccddeeff", entitled.now_s + 60, &block);
    assert_ok(issued_visit(&entitled.group.session, &visitor, &unread, &fault));
    assert_string_equal(text_terminated(&seen.ids), "11 33 ");
    assert_int_equal(unread.damaged_count, 1);
    assert_int_equal(unread.erased_count, 1);
    text_done(&seen.ids);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_issued_is_seen_in_its_order),
        cmocka_unit_test(a_damaged_paper_hides_no_other),
        cmocka_unit_test(a_log_that_is_not_whole_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
