#include "access/note.h"

#include <sodium.h>
#include <string.h>

#include "base/cursor.h"
#include "base/number.h"
#include "codec/base64.h"
#include "codec/sha256.h"

#define SIGNATURE_PREFIX "\xe2\x80\x94 "
#define TIME_SIZE 8
#define ED25519_SIZE (NOTE_HASH_SIZE + crypto_sign_BYTES)
#define COSIGNATURE_SIZE (NOTE_HASH_SIZE + TIME_SIZE + crypto_sign_BYTES)

static enum status fail(struct fault *fault, enum status status, const char *what)
{
    *fault = (struct fault){.what = what};
    return status;
}

bool note_base64(struct bytes text, uint8_t *out, size_t size)
{
    size_t found = 0;
    return base64_read(text, 0, out, size, &found) == STATUS_OK && found == size;
}

bool note_is_space(uint32_t point)
{
    return point == 0x85 || point == 0xa0 || point == 0x1680 ||
           (point >= 0x2000 && point <= 0x200a) || point == 0x2028 || point == 0x2029 ||
           point == 0x202f || point == 0x205f || point == 0x3000;
}

/* Not empty, without spaces of any alphabet, controls and plus signs. */
static bool is_name(struct bytes name)
{
    if (name.size == 0 || name.size > NOTE_NAME_MAX) {
        return false;
    }
    while (name.size > 0) {
        uint32_t point = 0;
        size_t size = text_utf8_next(name, &point);
        if (size == 0 || point <= ' ' || point == 0x7f || point == '+' ||
            note_is_space(point)) {
            return false;
        }
        name = bytes_from(name, size);
    }
    return true;
}

/* ---- keys ---- */

/* SHA-256(name, newline, algorithm, key), four bytes. */
static void hash_key(struct note_key *key)
{
    uint8_t algorithm = (uint8_t)key->algorithm;
    struct sha256_state state;
    sha256_init(&state);
    sha256_add(&state, key->name);
    sha256_add(&state, (struct bytes)BYTES_LITERAL("\n"));
    sha256_add(&state, (struct bytes){&algorithm, 1});
    sha256_add(&state, (struct bytes){key->key, sizeof key->key});
    struct sha256 hash = sha256_finish(&state);
    memcpy(key->hash, hash.bytes, sizeof key->hash);
}

enum status note_key_read(struct bytes line, struct note_key *out)
{
    struct bytes rest = bytes_trim(line);
    struct note_key key = {.name = BYTES_NONE};
    struct bytes hash = BYTES_NONE;
    uint8_t marked[1 + NOTE_KEY_SIZE];
    uint64_t said = 0;
    if (!bytes_split(&rest, '+', &key.name) || !is_name(key.name) ||
        !bytes_split(&rest, '+', &hash) || hash.size != 2 * sizeof key.hash ||
        number_hex(hash, &said) != STATUS_OK || !note_base64(rest, marked, sizeof marked)) {
        return STATUS_MALFORMED;
    }
    if (marked[0] != NOTE_ED25519 && marked[0] != NOTE_COSIGNATURE) {
        return STATUS_UNSUPPORTED;
    }
    key.algorithm = (enum note_algorithm)marked[0];
    memcpy(key.key, marked + 1, sizeof key.key);
    hash_key(&key);
    uint64_t made = 0;
    for (size_t i = 0; i < sizeof key.hash; i++) {
        made = made << 8 | key.hash[i];
    }
    if (made != said) {
        return STATUS_MALFORMED;
    }
    *out = key;
    return STATUS_OK;
}

void note_key_add(const struct note_key *key, struct text *out)
{
    uint8_t marked[1 + NOTE_KEY_SIZE] = {(uint8_t)key->algorithm};
    memcpy(marked + 1, key->key, sizeof key->key);
    text_add_raw(out, key->name);
    text_add_byte(out, '+');
    text_add_hex(out, (struct bytes){key->hash, sizeof key->hash});
    text_add_byte(out, '+');
    base64_add(out, (struct bytes){marked, sizeof marked}, 0);
}

bool note_key_equal(const struct note_key *a, const struct note_key *b)
{
    return bytes_equal(a->name, b->name) && a->algorithm == b->algorithm &&
           memcmp(a->key, b->key, sizeof a->key) == 0;
}

/* ---- notes ---- */

/* UTF-8 without any control but the newline. */
static bool is_plain(struct bytes input)
{
    while (input.size > 0) {
        uint32_t point = 0;
        size_t size = text_utf8_next(input, &point);
        if (size == 0 || (point < ' ' && point != '\n')) {
            return false;
        }
        input = bytes_from(input, size);
    }
    return true;
}

enum status note_signature_read(struct bytes line, struct note_signature *out)
{
    struct cursor cursor = cursor_of(line);
    struct note_signature found = {.line = line};
    uint8_t decoded[NOTE_SIGNATURE_MAX];
    size_t size = 0;
    if (!cursor_accept(&cursor, SIGNATURE_PREFIX) || !cursor_until(&cursor, ' ', &found.name) ||
        !cursor_until(&cursor, '\n', &found.encoded) || !cursor_at_end(&cursor) ||
        !is_name(found.name) ||
        base64_read(found.encoded, 0, decoded, sizeof decoded, &size) != STATUS_OK ||
        size <= NOTE_HASH_SIZE) {
        return STATUS_MALFORMED;
    }
    memcpy(found.hash, decoded, sizeof found.hash);
    *out = found;
    return STATUS_OK;
}

/* The index of the newline that ends the text: behind it stands the last empty line. */
static size_t find_text_end(struct bytes input)
{
    for (size_t i = input.size; i >= 2; i--) {
        if (input.data[i - 1] == '\n' && input.data[i - 2] == '\n') {
            return i - 1;
        }
    }
    return 0;
}

enum status note_read(struct bytes input, struct note *out, struct fault *fault)
{
    if (input.size > NOTE_SIZE_MAX) {
        return fail(fault, STATUS_LIMIT, "the note is longer than 64 KiB");
    }
    if (!is_plain(input)) {
        return fail(fault, STATUS_MALFORMED, "the note is not plain UTF-8 text");
    }
    size_t end = find_text_end(input);
    if (end == 0) {
        return fail(fault, STATUS_MALFORMED, "the note has no empty line before signatures");
    }
    struct note note = {.text = bytes_part(input, 0, end)};
    struct cursor cursor = cursor_of(bytes_from(input, end + 1));
    while (!cursor_at_end(&cursor)) {
        size_t start = cursor_offset(&cursor);
        struct bytes line = BYTES_NONE;
        if (note.signature_count == NOTE_SIGNATURES_MAX) {
            return fail(fault, STATUS_LIMIT, "the note has more than 32 signatures");
        }
        if (!cursor_until(&cursor, '\n', &line) ||
            note_signature_read(bytes_part(cursor.input, start, line.size + 1),
                                &note.signatures[note.signature_count]) != STATUS_OK) {
            return fail(fault, STATUS_MALFORMED, "a signature line of the note is damaged");
        }
        note.signature_count++;
    }
    if (note.signature_count == 0) {
        return fail(fault, STATUS_MALFORMED, "the note has no signature");
    }
    *out = note;
    return STATUS_OK;
}

/* ---- signatures ---- */

/* tlog-cosignature: two lines before the text. */
static bool is_cosignature(struct bytes text, const uint8_t *signature,
                           const struct note_key *key, uint64_t *time_s)
{
    struct cursor cursor = cursor_of((struct bytes){signature + NOTE_HASH_SIZE, TIME_SIZE});
    uint64_t time = cursor_u64be(&cursor);
    if (time > INT64_MAX) {
        return false;
    }
    AUTO(text_done) struct text message = text_of_limit(NOTE_SIZE_MAX + 64);
    text_addf(&message, "cosignature/v1\ntime %llu\n", (unsigned long long)time);
    text_add_raw(&message, text);
    if (text_status(&message) != STATUS_OK ||
        crypto_sign_verify_detached(signature + NOTE_HASH_SIZE + TIME_SIZE,
                                    text_bytes(&message).data, message.size, key->key) != 0) {
        return false;
    }
    *time_s = time;
    return true;
}

enum note_verdict note_signature_check(struct bytes text,
                                       const struct note_signature *signature,
                                       const struct note_key *key, uint64_t *time_s)
{
    if (!bytes_equal(signature->name, key->name) ||
        memcmp(signature->hash, key->hash, sizeof key->hash) != 0) {
        return NOTE_NOT_SIGNED;
    }
    uint8_t decoded[COSIGNATURE_SIZE];
    bool is_good = false;
    switch (key->algorithm) {
    case NOTE_ED25519:
        is_good = note_base64(signature->encoded, decoded, ED25519_SIZE) &&
                  crypto_sign_verify_detached(decoded + NOTE_HASH_SIZE, text.data, text.size,
                                              key->key) == 0;
        break;
    case NOTE_COSIGNATURE:
        is_good = note_base64(signature->encoded, decoded, COSIGNATURE_SIZE) &&
                  is_cosignature(text, decoded, key, time_s);
        break;
    }
    return is_good ? NOTE_SIGNED : NOTE_FORGED;
}

enum note_verdict note_check(const struct note *note, const struct note_key *key,
                             uint64_t *time_s)
{
    enum note_verdict verdict = NOTE_NOT_SIGNED;
    for (size_t i = 0; i < note->signature_count; i++) {
        uint64_t time = 0;
        enum note_verdict one =
            note_signature_check(note->text, &note->signatures[i], key, &time);
        if (one == NOTE_FORGED) {
            return NOTE_FORGED;
        }
        if (one == NOTE_SIGNED && (verdict != NOTE_SIGNED || time > *time_s)) {
            *time_s = time;
            verdict = NOTE_SIGNED;
        }
    }
    return verdict;
}
