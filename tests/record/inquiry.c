#include "record/inquiry.h"

#include "check.h"

static void what_is_asked_arrives(void **state)
{
    (void)state;
    struct inquiry asked = {
        .kind = INQUIRY_LOCATE,
        .has_site = true,
        .options = {.audience = AUDIENCE_ANALYST, .year = 2026, .columns = 100},
        .citation = bytes_of_text("auth.log:88-399"),
        .question = bytes_of_text("was data taken?"),
        .has_pack = true,
        .pack = {.name = bytes_of_text("sample-pack"),
                 .version = bytes_of_text("1"),
                 .tlp = bytes_of_text("RED"),
                 .group = bytes_of_text("A group"),
                 .description = bytes_of_text("What it is."),
                 .grant = bytes_of_text("grant-1"),
                 .rule_count = 7},
    };
    AUTO(text_done) struct text message = text_of_limit(65536);
    inquiry_write(&message, &asked);
    struct inquiry read;
    assert_ok(inquiry_read(text_bytes(&message), &read));
    assert_int_equal(read.kind, INQUIRY_LOCATE);
    assert_true(read.has_site);
    assert_int_equal(read.options.audience, AUDIENCE_ANALYST);
    assert_int_equal(read.options.year, 2026);
    assert_int_equal(read.options.columns, 100);
    assert_bytes(read.citation, "auth.log:88-399");
    assert_bytes(read.question, "was data taken?");
    assert_true(read.has_pack);
    assert_bytes(read.pack.name, "sample-pack");
    assert_bytes(read.pack.grant, "grant-1");
    assert_int_equal(read.pack.rule_count, 7);
}

static void a_pack_that_is_none_is_refused(void **state)
{
    (void)state;
    struct inquiry asked = {.kind = INQUIRY_CONCLUDE, .has_pack = true};
    AUTO(text_done) struct text message = text_of_limit(65536);
    struct inquiry read;
    inquiry_write(&message, &asked);
    assert_status(inquiry_read(text_bytes(&message), &read), STATUS_MALFORMED);
}

static void what_is_answered_arrives(void **state)
{
    (void)state;
    struct inquiry_answer answered = {
        .verdict = VERDICT_MALICIOUS,
        .worst = SEVERITY_CRITICAL,
        .examined_count = 3,
        .finding_count = 9,
        .incident_count = 1,
        .is_located = true,
        .sha256 = {1, 2, 3},
        .size = 70000,
        .path = bytes_of_text("auth.log"),
        .citation = bytes_of_text("auth.log:1"),
        .excerpt = bytes_of_text("Failed password"),
        .problem = bytes_of_text("none"),
    };
    AUTO(text_done) struct text message = text_of_limit(65536);
    inquiry_answer_write(&message, &answered);
    struct inquiry_answer read;
    assert_ok(inquiry_answer_read(text_bytes(&message), &read));
    assert_int_equal(read.verdict, VERDICT_MALICIOUS);
    assert_int_equal(read.worst, SEVERITY_CRITICAL);
    assert_int_equal(read.examined_count, 3);
    assert_int_equal(read.finding_count, 9);
    assert_int_equal(read.incident_count, 1);
    assert_true(read.is_located);
    assert_memory_equal(read.sha256, answered.sha256, 32);
    assert_int_equal(read.size, 70000);
    assert_bytes(read.path, "auth.log");
    assert_bytes(read.citation, "auth.log:1");
    assert_bytes(read.excerpt, "Failed password");
    assert_bytes(read.problem, "none");
}

static void nothing_shorter_or_longer_is_believed(void **state)
{
    (void)state;
    AUTO(text_done) struct text message = text_of_limit(65536);
    inquiry_answer_write(&message, &(struct inquiry_answer){.path = bytes_of_text("x")});
    struct inquiry_answer answer;
    struct inquiry inquiry;
    for (size_t size = 0; size < message.size; size++) {
        assert_int_not_equal(
            inquiry_answer_read(bytes_part(text_bytes(&message), 0, size), &answer), STATUS_OK);
    }
    text_add_byte(&message, 0);
    assert_status(inquiry_answer_read(text_bytes(&message), &answer), STATUS_MALFORMED);
    text_clear(&message);
    inquiry_write(&message, &(struct inquiry){.kind = INQUIRY_RENDER});
    for (size_t size = 0; size < message.size; size++) {
        assert_int_not_equal(inquiry_read(bytes_part(text_bytes(&message), 0, size), &inquiry),
                             STATUS_OK);
    }
    text_add_byte(&message, 0);
    assert_status(inquiry_read(text_bytes(&message), &inquiry), STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_arrives),
        cmocka_unit_test(a_pack_that_is_none_is_refused),
        cmocka_unit_test(what_is_answered_arrives),
        cmocka_unit_test(nothing_shorter_or_longer_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
