#include "access/seal/sealed.h"

#include "check.h"

#include <dirent.h>
#include <sodium.h>

#include "access/seal/armour.h"
#include "access/vectors.h"
#include "base/number.h"
#include "codec/hex.h"
#include "codec/inflate.h"
#include "codec/sha256.h"

#define SECRET "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
#define OUTPUT_MAX (64U * 1024U * 1024U)
#define FAST 10 /* a work factor that takes a millisecond */

/* Made by another program, age 1.1.1, for the key above. */
static const char made_elsewhere[] =
    "-----BEGIN AGE ENCRYPTED FILE-----\n"
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBvSFFWNnhXWW1aNnV1d0Rx\n"
    "MjhoaFRNNUVlRWxFUERiUU9kTGU1anpMMERJCitYOVRMMHh0S2cyOVFUeFRVbG1a\n"
    "YlNvK0pGaE9HaFRNVWd5Zlo2WkRsYkEKLS0tIHBkWWQrTGxUWFhQckg3eHl3T0Y1\n"
    "ZXRIckJpUWh2VWY3b3hwWm8xbVQ0TEEKCPNErmexb3LJUjjpX1yK84rjcUQf0ykR\n"
    "0Gwg4rheQ+GEB/bVRbFzLps7bwoO0VqVz0rN+awako8W5mX1jm8697fmGvNn/4jO\n"
    "eQBRHO0DrQ==\n"
    "-----END AGE ENCRYPTED FILE-----\n";

static struct sealing_key test_key(void)
{
    struct sealing_key key;
    const char *why = NULL;
    assert_ok(sealing_key_read(bytes_of_text(SECRET), &key, &why));
    return key;
}

static enum status open_text(const struct sealed_opener *opener, struct bytes sealed,
                             struct text *out, struct seal_fault *fault)
{
    return sealed_open(opener, seal_source_of_bytes(&sealed), seal_sink_of_text(out), fault);
}

static void seal_text(const struct sealed_plan *plan, struct bytes plain, struct text *out)
{
    struct seal_fault fault;
    assert_ok(sealed_write(plan, seal_source_of_bytes(&plain), seal_sink_of_text(out), &fault));
}

static struct text plain_of_size(size_t size)
{
    struct text text = text_of_limit(OUTPUT_MAX);
    for (size_t i = 0; i < size; i++) {
        text_add_byte(&text, (char)(i * 131 + i / 251));
    }
    return text;
}

static void opens_what_another_program_sealed(void **state)
{
    (void)state;
    struct sealing_key key = test_key();
    struct sealed_opener opener = {.key = &key, .is_armoured = true};
    AUTO(text_done) struct text out = text_of_limit(4096);
    struct seal_fault fault;
    assert_ok(open_text(&opener, bytes_of_text(made_elsewhere), &out, &fault));
    assert_string_equal(text_terminated(&out),
                        "the bell that is rung when an attack is coming\n");
    sealing_key_done(&key);
}

static void what_is_sealed_opens_at_every_length_that_matters(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,
                                   1,
                                   47,
                                   48,
                                   SEALED_CHUNK_SIZE - 1,
                                   SEALED_CHUNK_SIZE,
                                   SEALED_CHUNK_SIZE + 1,
                                   2 * SEALED_CHUNK_SIZE,
                                   3 * SEALED_CHUNK_SIZE + 17};
    struct sealing_key key = test_key();
    for (size_t i = 0; i < 2 * sizeof sizes / sizeof *sizes; i++) {
        bool is_armoured = i % 2 == 1;
        AUTO(text_done) struct text plain = plain_of_size(sizes[i / 2]);
        AUTO(text_done) struct text sealed = text_of_limit(OUTPUT_MAX);
        AUTO(text_done) struct text out = text_of_limit(OUTPUT_MAX);
        struct sealed_plan plan = {
            .recipients = &key.recipient, .recipient_count = 1, .is_armoured = is_armoured};
        struct sealed_opener opener = {.key = &key, .is_armoured = is_armoured};
        struct seal_fault fault;
        seal_text(&plan, text_bytes(&plain), &sealed);
        assert_ok(open_text(&opener, text_bytes(&sealed), &out, &fault));
        assert_true(bytes_equal(text_bytes(&out), text_bytes(&plain)));
    }
    sealing_key_done(&key);
}

static void every_recipient_opens_it_and_nobody_else(void **state)
{
    (void)state;
    struct sealing_key keys[4];
    struct recipient recipients[3];
    for (size_t i = 0; i < 4; i++) {
        assert_ok(sealing_key_new(&keys[i]));
    }
    for (size_t i = 0; i < 3; i++) {
        recipients[i] = keys[i].recipient;
    }
    AUTO(text_done) struct text sealed = text_of_limit(OUTPUT_MAX);
    struct sealed_plan plan = {.recipients = recipients, .recipient_count = 3};
    seal_text(&plan, bytes_of_text("for three"), &sealed);
    for (size_t i = 0; i < 4; i++) {
        AUTO(text_done) struct text out = text_of_limit(OUTPUT_MAX);
        struct sealed_opener opener = {.key = &keys[i]};
        struct seal_fault fault;
        assert_status(open_text(&opener, text_bytes(&sealed), &out, &fault),
                      i < 3 ? STATUS_OK : STATUS_NOT_FOUND);
        assert_string_equal(text_terminated(&out), i < 3 ? "for three" : "");
        if (i == 3) {
            assert_int_equal(fault.part, SEAL_KEY);
            assert_string_equal(fault.what, "it is not sealed to this key");
        }
        sealing_key_done(&keys[i]);
    }
}

static void a_passphrase_opens_what_was_sealed_to_it(void **state)
{
    (void)state;
    struct sealed_plan plan = {.passphrase = bytes_of_text("a word of ours"), .work = FAST};
    AUTO(text_done) struct text sealed = text_of_limit(OUTPUT_MAX);
    AUTO(text_done) struct text out = text_of_limit(OUTPUT_MAX);
    struct seal_fault fault;
    seal_text(&plan, bytes_of_text("for who knows"), &sealed);
    struct sealed_opener opener = {.passphrase = plan.passphrase};
    assert_ok(open_text(&opener, text_bytes(&sealed), &out, &fault));
    assert_string_equal(text_terminated(&out), "for who knows");
    opener.passphrase = bytes_of_text("another word");
    assert_status(open_text(&opener, text_bytes(&sealed), &out, &fault), STATUS_NOT_FOUND);
    assert_string_equal(fault.what, "the passphrase is wrong");
    struct sealing_key key = test_key();
    opener = (struct sealed_opener){.key = &key};
    assert_status(open_text(&opener, text_bytes(&sealed), &out, &fault), STATUS_NOT_FOUND);
    assert_string_equal(fault.what, "it is not sealed to this key");
    sealing_key_done(&key);
}

static void nothing_is_sealed_to_nobody_or_with_too_much_work(void **state)
{
    (void)state;
    AUTO(text_done) struct text out = text_of_limit(OUTPUT_MAX);
    struct bytes plain = bytes_of_text("x");
    struct seal_fault fault;
    struct sealed_plan plan = {.work = FAST};
    assert_status(
        sealed_write(&plan, seal_source_of_bytes(&plain), seal_sink_of_text(&out), &fault),
        STATUS_NOT_FOUND);
    assert_string_equal(fault.what, "there is nobody to seal it to");
    plan = (struct sealed_plan){.passphrase = plain, .work = WRAP_WORK_MAX + 1};
    assert_status(
        sealed_write(&plan, seal_source_of_bytes(&plain), seal_sink_of_text(&out), &fault),
        STATUS_LIMIT);
    struct recipient many[SEALED_RECIPIENTS_MAX + 1] = {0};
    plan =
        (struct sealed_plan){.recipients = many, .recipient_count = SEALED_RECIPIENTS_MAX + 1};
    assert_status(
        sealed_write(&plan, seal_source_of_bytes(&plain), seal_sink_of_text(&out), &fault),
        STATUS_LIMIT);
    assert_string_equal(fault.what, "there are too many recipients");
    assert_int_equal(out.size, 0);
}

/* Of a short file every byte, flipped. */
static void every_byte_that_is_changed_is_noticed(void **state)
{
    (void)state;
    struct sealing_key key = test_key();
    struct sealed_plan plan = {.recipients = &key.recipient, .recipient_count = 1};
    struct sealed_opener opener = {.key = &key};
    AUTO(text_done) struct text sealed = text_of_limit(OUTPUT_MAX);
    seal_text(&plan, bytes_of_text("unchanged"), &sealed);
    for (size_t i = 0; i < sealed.size; i++) {
        AUTO(text_done) struct text out = text_of_limit(OUTPUT_MAX);
        struct seal_fault fault = {0};
        sealed.data[i] ^= 1;
        assert_true(open_text(&opener, text_bytes(&sealed), &out, &fault) != STATUS_OK);
        assert_non_null(fault.what);
        assert_int_equal(out.size, 0);
        sealed.data[i] ^= 1;
        struct bytes cut = bytes_part(text_bytes(&sealed), 0, i);
        assert_true(open_text(&opener, cut, &out, &fault) != STATUS_OK);
        assert_int_equal(out.size, 0);
    }
    sealing_key_done(&key);
}

static void says_what_is_wrong_with_chunks(void **state)
{
    (void)state;
    struct sealing_key key = test_key();
    struct sealed_plan plan = {.recipients = &key.recipient, .recipient_count = 1};
    struct sealed_opener opener = {.key = &key};
    AUTO(text_done) struct text plain = plain_of_size(SEALED_CHUNK_SIZE + 100);
    AUTO(text_done) struct text sealed = text_of_limit(OUTPUT_MAX);
    seal_text(&plan, text_bytes(&plain), &sealed);
    static const struct {
        size_t cut; /* from the end */
        const char *more;
        const char *what;
    } cases[] = {
        {116, "", "the sealed file ends too early: its last chunk is missing"},
        {110, "", "the sealed file ends too early"},
        {100, "", "the last chunk is empty"},
        {50, "", "a chunk was changed after it was sealed, or was cut short"},
        {117, "", "a chunk was changed after it was sealed, or was cut short"},
        {0, "more", "a chunk was changed after it was sealed, or was cut short"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(text_done) struct text changed = text_of_limit(OUTPUT_MAX);
        AUTO(text_done) struct text out = text_of_limit(OUTPUT_MAX);
        struct seal_fault fault;
        text_add_raw(&changed, bytes_part(text_bytes(&sealed), 0, sealed.size - cases[i].cut));
        text_add(&changed, cases[i].more);
        assert_status(open_text(&opener, text_bytes(&changed), &out, &fault), STATUS_MALFORMED);
        assert_int_equal(fault.part, SEAL_PAYLOAD);
        assert_string_equal(fault.what, cases[i].what);
    }
    sealing_key_done(&key);
}

/* ---- the published vectors ---- */

struct vector {
    struct bytes expect;
    struct bytes payload;
    struct bytes identity;
    struct bytes passphrase;
    bool is_armoured;
    bool is_compressed;
    struct bytes file;
};

static void read_vector(struct bytes text, struct vector *out)
{
    struct bytes line = BYTES_NONE;
    *out = (struct vector){.file = BYTES_NONE};
    while (bytes_split(&text, '\n', &line) && line.size > 0) {
        size_t colon = bytes_find_byte(line, ':');
        struct bytes key = bytes_part(line, 0, colon);
        struct bytes value = bytes_from(line, colon + 2);
        out->expect = bytes_equal_text(key, "expect") ? value : out->expect;
        out->payload = bytes_equal_text(key, "payload") ? value : out->payload;
        out->identity = bytes_equal_text(key, "identity") ? value : out->identity;
        out->passphrase = bytes_equal_text(key, "passphrase") ? value : out->passphrase;
        out->is_armoured = out->is_armoured || bytes_equal_text(key, "armored");
        out->is_compressed = out->is_compressed || bytes_equal_text(key, "compressed");
    }
    out->file = text;
}

static void unpack(struct bytes packed, struct text *out)
{
    AUTO(arena_done) struct arena *arena = arena_new(INFLATE_MEMORY_MAX);
    struct cursor cursor = cursor_of(packed);
    struct inflate *inflate = NULL;
    struct inflate_limits limits = {OUTPUT_MAX, UINT32_MAX};
    assert_ok(inflate_open(arena, INFLATE_ZLIB, inflate_source_of(&cursor), limits, &inflate));
    uint8_t part[4096];
    size_t size = 1;
    while (size > 0) {
        assert_ok(inflate_read(inflate, part, sizeof part, &size));
        text_add_raw(out, (struct bytes){part, size});
    }
}

static const char *outcome(enum status status, const struct seal_fault *fault)
{
    static const char *const names[] = {
        [SEAL_MACHINE] = "machine",       [SEAL_ARMOUR] = "armor failure",
        [SEAL_HEADER] = "header failure", [SEAL_KEY] = "no match",
        [SEAL_MAC] = "HMAC failure",      [SEAL_PAYLOAD] = "payload failure"};
    return status == STATUS_OK ? "success" : names[fault->part];
}

static bool has_payload(const struct vector *vector, const struct text *out)
{
    struct sha256 hash = sha256_of(text_bytes(out));
    struct sha256 expected;
    return vector->payload.size == 0
               ? out->size == 0
               : sha256_read_hex(vector->payload, &expected) == STATUS_OK &&
                     sha256_equal(&hash, &expected);
}

static bool vector_holds(const char *path)
{
    AUTO(text_done) struct text text = vectors_read(path);
    AUTO(text_done) struct text unpacked = text_of_limit(OUTPUT_MAX);
    AUTO(text_done) struct text out = text_of_limit(OUTPUT_MAX);
    struct vector vector;
    read_vector(text_bytes(&text), &vector);
    if (vector.is_compressed) {
        unpack(vector.file, &unpacked);
        vector.file = text_bytes(&unpacked);
    }
    struct sealing_key key = {0};
    const char *why = NULL;
    if (vector.identity.size > 0) {
        assert_ok(sealing_key_read(vector.identity, &key, &why));
    }
    struct sealed_opener opener = {.key = vector.identity.size > 0 ? &key : NULL,
                                   .passphrase = vector.passphrase,
                                   .is_armoured = vector.is_armoured};
    struct seal_fault fault = {0};
    enum status status = open_text(&opener, vector.file, &out, &fault);
    sealing_key_done(&key);
    bool holds =
        bytes_equal_text(vector.expect, outcome(status, &fault)) && has_payload(&vector, &out);
    if (!holds) {
        printf("%s: %s (%s), %zu bytes came out\n", path, outcome(status, &fault),
               fault.what == NULL ? "no reason" : fault.what, out.size);
    }
    return holds;
}

/* ML-KEM is left out: the library has none, and nobody seals to it here. */
static bool is_hybrid(const char *name)
{
    return bytes_contains(bytes_of_text(name), "hybrid");
}

static void agrees_with_the_published_vectors(void **state)
{
    (void)state;
    char folder[VECTORS_PATH_MAX];
    if (!vectors_find("age", folder)) {
        return;
    }
    DIR *listing = opendir(folder);
    assert_non_null(listing);
    size_t count = 0;
    size_t held = 0;
    size_t left_out = 0;
    const struct dirent *entry = NULL;
    while ((entry = readdir(listing)) != NULL) {
        char path[2 * VECTORS_PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] == '.') {
            continue;
        }
        if (is_hybrid(entry->d_name)) {
            printf("left out, of ML-KEM: %s\n", entry->d_name);
            left_out++;
            continue;
        }
        count++;
        held += vector_holds(path);
    }
    closedir(listing);
    printf("age: %zu of %zu vectors hold, %zu of ML-KEM left out\n", held, count, left_out);
    assert_int_equal(count, 124);
    assert_int_equal(held, count);
    assert_int_equal(left_out, 19);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_what_another_program_sealed),
        cmocka_unit_test(what_is_sealed_opens_at_every_length_that_matters),
        cmocka_unit_test(every_recipient_opens_it_and_nobody_else),
        cmocka_unit_test(a_passphrase_opens_what_was_sealed_to_it),
        cmocka_unit_test(nothing_is_sealed_to_nobody_or_with_too_much_work),
        cmocka_unit_test(every_byte_that_is_changed_is_noticed),
        cmocka_unit_test(says_what_is_wrong_with_chunks),
        cmocka_unit_test(agrees_with_the_published_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
