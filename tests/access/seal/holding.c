#include "access/seal/holding.h"

#include "check.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory_file.h"

#define FILE_MAX (2U << 20)

struct fixture {
    struct sealing_key key;
    int files[HOLDING_FILE_COUNT];
    struct lent_file held;
};

static int file_of(struct bytes bytes)
{
    int fd = -1;
    assert_ok(memory_file_new("test", &fd));
    assert_ok(memory_file_write(fd, bytes));
    return fd;
}

static int key_file(const struct sealing_key *key)
{
    char line[BECH32_TEXT_MAX + 1];
    size_t size = bech32_write_key("age-secret-key-", key->secret, true, line);
    return file_of((struct bytes){(const uint8_t *)line, size});
}

static int sealed_file(const struct sealing_key *key, struct bytes plain, bool is_armoured)
{
    AUTO(text_done) struct text sealed = text_of_limit(FILE_MAX);
    struct seal_fault fault;
    struct sealed_plan plan = {
        .recipients = &key->recipient, .recipient_count = 1, .is_armoured = is_armoured};
    assert_ok(
        sealed_write(&plan, seal_source_of_bytes(&plain), seal_sink_of_text(&sealed), &fault));
    return file_of(text_bytes(&sealed));
}

static void begin(struct fixture *fixture, struct bytes plain, bool is_armoured)
{
    *fixture = (struct fixture){0};
    assert_ok(sealing_key_new(&fixture->key));
    fixture->files[HOLDING_FILE_KEY] = key_file(&fixture->key);
    fixture->files[HOLDING_FILE_SEALED] = sealed_file(&fixture->key, plain, is_armoured);
    assert_ok(memory_file_new("lent", &fixture->files[HOLDING_FILE_LENT]));
}

static void end(struct fixture *fixture)
{
    lent_file_wipe(&fixture->held);
    for (size_t i = 0; i < HOLDING_FILE_COUNT; i++) {
        file_done(&fixture->files[i]);
    }
    sealing_key_done(&fixture->key);
}

static enum status open_it(struct fixture *fixture, struct holding_reply *reply,
                           const char **why)
{
    *why = NULL;
    return holding_open(fixture->files, &fixture->held, reply, why);
}

static void what_is_sealed_to_the_key_is_lent(void **state)
{
    (void)state;
    static const char plain[] = "rules";
    for (int is_armoured = 0; is_armoured < 2; is_armoured++) {
        struct fixture fixture;
        struct holding_reply reply;
        struct bytes map;
        const char *why;
        begin(&fixture, bytes_of_text(plain), is_armoured != 0);
        assert_ok(open_it(&fixture, &reply, &why));
        struct sha256 hash = sha256_of(bytes_of_text(plain));
        assert_memory_equal(reply.sha256.bytes, hash.bytes, sizeof hash.bytes);
        assert_int_equal(reply.size, 5);
        assert_ok(lent_file_map(fixture.files[HOLDING_FILE_LENT], HOLDING_PLAIN_MAX, &map));
        assert_bytes(map, plain);
        lent_file_wipe(&fixture.held);
        assert_int_equal(map.data[0], 0);
        memory_file_unmap(&map);
        end(&fixture);
    }
}

/* Nothing of what could be opened before is left in the file that others have. */
static void expect_nothing_lent(struct fixture *fixture)
{
    struct bytes map;
    uint8_t byte = 1;
    assert_null(fixture->held.data);
    assert_status(lent_file_map(fixture->files[HOLDING_FILE_LENT], HOLDING_PLAIN_MAX, &map),
                  STATUS_DENIED);
    for (off_t at = 0; pread(fixture->files[HOLDING_FILE_LENT], &byte, 1, at) == 1; at++) {
        assert_int_equal(byte, 0);
    }
}

static void what_is_sealed_to_others_is_refused(void **state)
{
    (void)state;
    struct fixture fixture;
    struct holding_reply reply;
    struct sealing_key other;
    const char *why;
    begin(&fixture, bytes_of_text("rules"), false);
    assert_ok(sealing_key_new(&other));
    file_done(&fixture.files[HOLDING_FILE_SEALED]);
    fixture.files[HOLDING_FILE_SEALED] = sealed_file(&other, bytes_of_text("rules"), false);
    assert_status(open_it(&fixture, &reply, &why), STATUS_NOT_FOUND);
    assert_string_equal(why, "it is not sealed to this home");
    expect_nothing_lent(&fixture);
    sealing_key_done(&other);
    end(&fixture);
}

/* Every byte of the file counts, those of the last chunk too, when the first was opened. */
static void what_was_altered_is_refused(void **state)
{
    (void)state;
    static uint8_t plain[3 * SEALED_CHUNK_SIZE];
    memset(plain, 'r', sizeof plain);
    struct fixture fixture;
    struct holding_reply reply;
    const char *why;
    begin(&fixture, (struct bytes){plain, sizeof plain}, false);
    off_t size = lseek(fixture.files[HOLDING_FILE_SEALED], 0, SEEK_END);
    off_t places[] = {5, 60, 150, 1000, size - 1};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        uint8_t byte = 0;
        int fd = fixture.files[HOLDING_FILE_SEALED];
        assert_int_equal(pread(fd, &byte, 1, places[i]), 1);
        byte ^= 1;
        assert_int_equal(pwrite(fd, &byte, 1, places[i]), 1);
        assert_int_not_equal(open_it(&fixture, &reply, &why), STATUS_OK);
        assert_non_null(why);
        expect_nothing_lent(&fixture);
        byte ^= 1;
        assert_int_equal(pwrite(fd, &byte, 1, places[i]), 1);
    }
    assert_int_equal(ftruncate(fixture.files[HOLDING_FILE_SEALED], size - 1), 0);
    assert_int_not_equal(open_it(&fixture, &reply, &why), STATUS_OK);
    end(&fixture);
}

static void what_is_too_long_or_nothing_is_refused(void **state)
{
    (void)state;
    static uint8_t plain[HOLDING_PLAIN_MAX + 1];
    struct fixture fixture;
    struct holding_reply reply;
    const char *why;
    begin(&fixture, (struct bytes){plain, sizeof plain}, false);
    assert_status(open_it(&fixture, &reply, &why), STATUS_LIMIT);
    assert_non_null(why);
    assert_int_equal(ftruncate(fixture.files[HOLDING_FILE_SEALED], HOLDING_SEALED_MAX + 1), 0);
    assert_status(open_it(&fixture, &reply, &why), STATUS_LIMIT);
    assert_int_equal(ftruncate(fixture.files[HOLDING_FILE_SEALED], 0), 0);
    assert_status(open_it(&fixture, &reply, &why), STATUS_MALFORMED);
    end(&fixture);
}

static void a_key_that_is_none_is_refused(void **state)
{
    (void)state;
    struct fixture fixture;
    struct holding_reply reply;
    const char *why;
    begin(&fixture, bytes_of_text("rules"), false);
    assert_int_equal(ftruncate(fixture.files[HOLDING_FILE_KEY], 10), 0);
    assert_status(open_it(&fixture, &reply, &why), STATUS_MALFORMED);
    assert_non_null(why);
    end(&fixture);
}

static void what_is_asked_has_its_limits(void **state)
{
    (void)state;
    static const struct {
        struct holding_request request;
        enum status status;
    } cases[] = {
        {{HOLDING_OPEN, 1}, STATUS_OK},
        {{HOLDING_OPEN, HOLDING_LEASE_MS_MAX}, STATUS_OK},
        {{HOLDING_OPEN, HOLDING_LEASE_MS_MAX + 1}, STATUS_MALFORMED},
        {{HOLDING_OPEN, 0}, STATUS_MALFORMED},
        {{HOLDING_END, 0}, STATUS_OK},
        {{HOLDING_END, 1}, STATUS_MALFORMED},
        {{HOLDING_END, HOLDING_LEASE_MS_MAX + 1}, STATUS_MALFORMED},
        {{2, 0}, STATUS_MALFORMED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(text_done) struct text written = text_of_limit(64);
        struct holding_request again;
        holding_add_request(&written, &cases[i].request);
        assert_status(holding_read_request(text_bytes(&written), &again), cases[i].status);
        text_add_byte(&written, 0);
        assert_int_not_equal(holding_read_request(text_bytes(&written), &again), STATUS_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_to_the_key_is_lent),
        cmocka_unit_test(what_is_sealed_to_others_is_refused),
        cmocka_unit_test(what_was_altered_is_refused),
        cmocka_unit_test(what_is_too_long_or_nothing_is_refused),
        cmocka_unit_test(a_key_that_is_none_is_refused),
        cmocka_unit_test(what_is_asked_has_its_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
