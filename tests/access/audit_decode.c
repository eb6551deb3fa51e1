#include "access/audit_decode.h"

#include <string.h>

#include "check.h"

static const uint8_t hash[AUDIT_HASH_SIZE] = {1, 2, 3};

static struct audit_entry sample(void)
{
    return (struct audit_entry){
        .sequence = 70000,
        .time_ms = 1772503800000,
        .event = AUDIT_DONE,
        .class = 1,
        .has_decision = true,
        .decision = 69999,
        .subject = {hash, AUDIT_SUBJECT_SIZE},
        .operation = bytes_of_text("evidence.extract"),
        .rule = bytes_of_text("owner-on-own-machine"),
        .policy = {hash, AUDIT_HASH_SIZE},
        .object = {hash, AUDIT_HASH_SIZE},
        .commitment = {hash, AUDIT_HASH_SIZE},
    };
}

static void reads_back_what_the_writer_wrote(void **state)
{
    (void)state;
    AUTO(text_done) struct text text = text_of_limit(AUDIT_ENTRY_MAX);
    struct audit_entry entry = sample();
    assert_ok(audit_entry_encode(&entry, &text));
    struct audit_entry read;
    assert_ok(audit_entry_decode(text_bytes(&text), &read));
    assert_int_equal(read.sequence, 70000);
    assert_int_equal(read.time_ms, 1772503800000);
    assert_int_equal(read.event, AUDIT_DONE);
    assert_int_equal(read.class, 1);
    assert_true(read.has_decision);
    assert_int_equal(read.decision, 69999);
    assert_bytes(read.operation, "evidence.extract");
    assert_bytes(read.rule, "owner-on-own-machine");
    assert_bytes(read.reason, "");
    assert_memory_equal(read.object.data, hash, sizeof hash);
}

static void leaves_out_what_is_not_there(void **state)
{
    (void)state;
    AUTO(text_done) struct text text = text_of_limit(AUDIT_ENTRY_MAX);
    struct audit_entry entry = sample();
    entry.object = BYTES_NONE;
    entry.commitment = BYTES_NONE;
    entry.has_decision = false;
    assert_ok(audit_entry_encode(&entry, &text));
    struct audit_entry read;
    assert_ok(audit_entry_decode(text_bytes(&text), &read));
    assert_int_equal(read.object.size, 0);
    assert_int_equal(read.commitment.size, 0);
    assert_false(read.has_decision);
}

static void refuses_every_shorter_or_longer_form(void **state)
{
    (void)state;
    AUTO(text_done) struct text text = text_of_limit(AUDIT_ENTRY_MAX);
    struct audit_entry entry = sample();
    assert_ok(audit_entry_encode(&entry, &text));
    struct audit_entry read;
    for (size_t size = 0; size < text.size; size++) {
        assert_int_not_equal(audit_entry_decode(bytes_part(text_bytes(&text), 0, size), &read),
                             STATUS_OK);
    }
    text_add_byte(&text, 0);
    assert_status(audit_entry_decode(text_bytes(&text), &read), STATUS_MALFORMED);
}

/* Whatever is accepted has one form: flipped bits give another entry or none. */
static void accepts_nothing_the_writer_would_not_write(void **state)
{
    (void)state;
    AUTO(text_done) struct text text = text_of_limit(AUDIT_ENTRY_MAX);
    struct audit_entry entry = sample();
    assert_ok(audit_entry_encode(&entry, &text));
    uint8_t changed[AUDIT_ENTRY_MAX];
    memcpy(changed, text.data, text.size);
    for (size_t i = 0; i < text.size; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            changed[i] ^= (uint8_t)(1U << bit);
            struct audit_entry read;
            if (audit_entry_decode((struct bytes){changed, text.size}, &read) == STATUS_OK) {
                AUTO(text_done) struct text again = text_of_limit(AUDIT_ENTRY_MAX);
                assert_ok(audit_entry_encode(&read, &again));
                assert_int_equal(again.size, text.size);
                assert_memory_equal(again.data, changed, text.size);
            }
            changed[i] ^= (uint8_t)(1U << bit);
        }
    }
}

static void the_writer_refuses_what_does_not_fit(void **state)
{
    (void)state;
    AUTO(text_done) struct text text = text_of_limit(AUDIT_ENTRY_MAX);
    struct audit_entry entry = sample();
    entry.rule = bytes_of_text("Not A Word\n");
    assert_status(audit_entry_encode(&entry, &text), STATUS_LIMIT);
    entry = sample();
    entry.object.size = 31;
    assert_status(audit_entry_encode(&entry, &text), STATUS_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_back_what_the_writer_wrote),
        cmocka_unit_test(leaves_out_what_is_not_there),
        cmocka_unit_test(refuses_every_shorter_or_longer_form),
        cmocka_unit_test(accepts_nothing_the_writer_would_not_write),
        cmocka_unit_test(the_writer_refuses_what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
