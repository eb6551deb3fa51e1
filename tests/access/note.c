#include "access/note.h"

#include <sodium.h>
#include <stdio.h>

#include "base/text.h"
#include "check.h"
#include "codec/base64.h"
#include "codec/sha256.h"

/* The example of Go's golang.org/x/mod/sumdb/note. */
#define TEXT \
    "If you think cryptography is the answer to your problem,\n" \
    "then you don't know what your problem is.\n"
#define PETER_KEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define PETER_LINE \
    "\xe2\x80\x94 PeterNeumann " \
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNX" \
    "gKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
#define ENOCH_KEY "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
#define OTHER_LINE "\xe2\x80\x94 somebody.example/else AAAAAAAA\n"

static struct note_key key_of(const char *line)
{
    struct note_key key;
    assert_ok(note_key_read(bytes_of_text(line), &key));
    return key;
}

static struct note note_of(const char *text)
{
    struct note note;
    struct fault fault = {0};
    assert_ok(note_read(bytes_of_text(text), &note, &fault));
    return note;
}

static void opens_a_note_that_go_signed(void **state)
{
    (void)state;
    struct note_key key = key_of(PETER_KEY "\n");
    assert_bytes(key.name, "PeterNeumann");
    struct note note = note_of(TEXT "\n" PETER_LINE);
    assert_bytes(note.text, TEXT);
    uint64_t time = 7;
    assert_int_equal(note_check(&note, &key, &time), NOTE_SIGNED);
}

static void passes_over_signatures_of_keys_nobody_named(void **state)
{
    (void)state;
    struct note_key key = key_of(PETER_KEY);
    uint64_t time = 0;
    struct note between = note_of(TEXT "\n" OTHER_LINE PETER_LINE OTHER_LINE);
    assert_int_equal(between.signature_count, 3);
    assert_int_equal(note_check(&between, &key, &time), NOTE_SIGNED);
    struct note without = note_of(TEXT "\n" OTHER_LINE);
    assert_int_equal(note_check(&without, &key, &time), NOTE_NOT_SIGNED);
}

static void notices_every_flipped_bit(void **state)
{
    (void)state;
    struct note_key key = key_of(PETER_KEY);
    AUTO(text_done) struct text copy = text_of_limit(4096);
    text_add(&copy, TEXT "\n" PETER_LINE);
    for (size_t i = 0; i < copy.size * 8; i++) {
        copy.data[i / 8] = (char)(copy.data[i / 8] ^ (1 << (i % 8)));
        struct note note;
        struct fault fault = {0};
        uint64_t time = 0;
        enum status status = note_read(text_bytes(&copy), &note, &fault);
        assert_true(status != STATUS_OK || note_check(&note, &key, &time) != NOTE_SIGNED);
        assert_true(status == STATUS_OK || fault.what != NULL);
        copy.data[i / 8] = (char)(copy.data[i / 8] ^ (1 << (i % 8)));
    }
}

static void one_forged_signature_spoils_the_note(void **state)
{
    (void)state;
    struct note_key key = key_of(PETER_KEY);
    AUTO(text_done) struct text both = text_of_limit(4096);
    text_add(&both, TEXT "\n" PETER_LINE PETER_LINE);
    both.data[both.size - 20] = both.data[both.size - 20] == 'A' ? 'B' : 'A';
    struct note note = note_of(text_terminated(&both));
    uint64_t time = 0;
    assert_int_equal(note_check(&note, &key, &time), NOTE_FORGED);
}

static void refuses_what_is_no_note(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\n",
        "\n\n",
        TEXT,
        TEXT "\n",
        TEXT "\n\n",
        TEXT PETER_LINE,                    /* no empty line */
        TEXT "\n" PETER_LINE "more",        /* no newline at the end */
        TEXT "\n" PETER_LINE "\n",          /* the last empty line is behind */
        TEXT "\n- PeterNeumann x08go/ZJ\n", /* another dash */
        TEXT "\n\xe2\x80\x94 Peter+ x08go/ZJ\n",
        TEXT "\n\xe2\x80\x94  x08go/ZJ\n",
        TEXT "\n\xe2\x80\x94 P\xc2\xa0N x08go/ZJ\n", /* a space of Unicode's */
        TEXT "\n\xe2\x80\x94 PeterNeumann x08g\n",   /* a hash without a signature is 3 bytes */
        TEXT "\n\xe2\x80\x94 PeterNeumann x08go/ZK=\n",
        "a\rb\n\n" PETER_LINE,
        "a\xff\n\n" PETER_LINE,
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct note note;
        struct fault fault = {0};
        assert_status(note_read(bytes_of_text(bad[i]), &note, &fault), STATUS_MALFORMED);
        assert_non_null(fault.what);
    }
}

static void reads_no_more_than_the_limits(void **state)
{
    (void)state;
    struct note note;
    struct fault fault = {0};
    AUTO(text_done) struct text many = text_of_limit(1 << 20);
    text_add(&many, TEXT "\n");
    for (int i = 0; i < NOTE_SIGNATURES_MAX; i++) {
        text_add(&many, OTHER_LINE);
    }
    assert_ok(note_read(text_bytes(&many), &note, &fault));
    text_add(&many, OTHER_LINE);
    assert_status(note_read(text_bytes(&many), &note, &fault), STATUS_LIMIT);
    text_clear(&many);
    text_add_repeat(&many, "a", NOTE_SIZE_MAX);
    text_add(&many, "\n\n" PETER_LINE);
    assert_status(note_read(text_bytes(&many), &note, &fault), STATUS_LIMIT);
}

static void refuses_keys_of_other_kinds_and_with_any_byte_changed(void **state)
{
    (void)state;
    struct note_key key;
    AUTO(text_done) struct text line = text_of_limit(256);
    text_add(&line, PETER_KEY);
    for (size_t i = 0; i < line.size; i++) {
        line.data[i] = (char)(line.data[i] ^ 0x10);
        assert_int_not_equal(note_key_read(text_bytes(&line), &key), STATUS_OK);
        line.data[i] = (char)(line.data[i] ^ 0x10);
    }
    assert_status(note_key_read(bytes_of_text("PRIVATE+KEY+" PETER_KEY), &key),
                  STATUS_MALFORMED);
    /* Algorithm 2, ECDSA, under the hash it would have. */
    uint8_t marked[1 + NOTE_KEY_SIZE] = {2};
    struct bytes bytes = {marked, sizeof marked};
    text_clear(&line);
    text_add(&line, "name+00000000+");
    base64_add(&line, bytes, 0);
    assert_status(note_key_read(text_bytes(&line), &key), STATUS_UNSUPPORTED);
    struct note_key again = key_of(PETER_KEY);
    text_clear(&line);
    note_key_add(&again, &line);
    assert_string_equal(text_terminated(&line), PETER_KEY);
    struct note_key enoch = key_of(ENOCH_KEY);
    key = key_of(PETER_KEY);
    assert_true(note_key_equal(&key, &again));
    assert_false(note_key_equal(&key, &enoch));
}

/* ---- cosignatures, made here as tlog-cosignature says ---- */

struct witness {
    char line[256]; /* its key */
    uint8_t hash[NOTE_HASH_SIZE];
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
};

#define WITNESS_NAME "witness.example/w1"

static struct witness witness_new(void)
{
    struct witness witness;
    uint8_t marked[1 + NOTE_KEY_SIZE] = {NOTE_COSIGNATURE};
    uint8_t seed[crypto_sign_SEEDBYTES] = {42};
    crypto_sign_seed_keypair(marked + 1, witness.secret, seed);
    AUTO(text_done) struct text text = text_of_limit(512);
    text_add(&text, WITNESS_NAME "\n");
    text_add_raw(&text, (struct bytes){marked, sizeof marked});
    struct sha256 hash = sha256_of(text_bytes(&text));
    memcpy(witness.hash, hash.bytes, sizeof witness.hash);
    text_clear(&text);
    text_add(&text, WITNESS_NAME "+");
    text_add_hex(&text, (struct bytes){witness.hash, sizeof witness.hash});
    text_add_byte(&text, '+');
    base64_add(&text, (struct bytes){marked, sizeof marked}, 0);
    snprintf(witness.line, sizeof witness.line, "%s", text_terminated(&text));
    return witness;
}

static void add_cosignature(const struct witness *witness, const char *text, uint64_t time,
                            struct text *out)
{
    uint8_t bytes[NOTE_HASH_SIZE + 8 + crypto_sign_BYTES];
    memcpy(bytes, witness->hash, NOTE_HASH_SIZE);
    for (int i = 0; i < 8; i++) {
        bytes[NOTE_HASH_SIZE + i] = (uint8_t)(time >> (56 - 8 * i));
    }
    AUTO(text_done) struct text message = text_of_limit(4096);
    text_addf(&message, "cosignature/v1\ntime %llu\n%s", (unsigned long long)time, text);
    crypto_sign_detached(bytes + NOTE_HASH_SIZE + 8, NULL, text_bytes(&message).data,
                         message.size, witness->secret);
    text_add(out, "\xe2\x80\x94 " WITNESS_NAME " ");
    base64_add(out, (struct bytes){bytes, sizeof bytes}, 0);
    text_add_byte(out, '\n');
}

static void a_cosignature_says_when(void **state)
{
    (void)state;
    struct witness witness = witness_new();
    struct note_key key = key_of(witness.line);
    AUTO(text_done) struct text file = text_of_limit(4096);
    text_add(&file, TEXT "\n" PETER_LINE);
    add_cosignature(&witness, TEXT, 1679315147, &file);
    add_cosignature(&witness, TEXT, 1679315140, &file);
    struct note note = note_of(text_terminated(&file));
    uint64_t time = 0;
    assert_int_equal(note_check(&note, &key, &time), NOTE_SIGNED);
    assert_int_equal(time, 1679315147); /* the latest */
    struct note_key peter = key_of(PETER_KEY);
    assert_int_equal(note_check(&note, &peter, &time), NOTE_SIGNED);
}

static void a_cosignature_of_another_text_or_beyond_time_is_forged(void **state)
{
    (void)state;
    struct witness witness = witness_new();
    struct note_key key = key_of(witness.line);
    uint64_t time = 0;
    AUTO(text_done) struct text file = text_of_limit(4096);
    text_add(&file, TEXT "\n");
    add_cosignature(&witness, "another\n", 1679315147, &file);
    struct note other = note_of(text_terminated(&file));
    assert_int_equal(note_check(&other, &key, &time), NOTE_FORGED);
    text_clear(&file);
    text_add(&file, TEXT "\n");
    add_cosignature(&witness, TEXT, UINT64_MAX, &file);
    struct note late = note_of(text_terminated(&file));
    assert_int_equal(note_check(&late, &key, &time), NOTE_FORGED);
    assert_int_equal(time, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_a_note_that_go_signed),
        cmocka_unit_test(passes_over_signatures_of_keys_nobody_named),
        cmocka_unit_test(notices_every_flipped_bit),
        cmocka_unit_test(one_forged_signature_spoils_the_note),
        cmocka_unit_test(refuses_what_is_no_note),
        cmocka_unit_test(reads_no_more_than_the_limits),
        cmocka_unit_test(refuses_keys_of_other_kinds_and_with_any_byte_changed),
        cmocka_unit_test(a_cosignature_says_when),
        cmocka_unit_test(a_cosignature_of_another_text_or_beyond_time_is_forged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
