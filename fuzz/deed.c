/* Claims of access/group/deed.h: what was read lies inside the input; the lines of a deed are
 * those of its kind's table, in its order; and what was read is written again byte by byte the
 * same, but for what others signed behind it.
 *
 * Input: a deed; or, where it does not end in a signature, the text of one, whose `key` is that
 * of a seed of 32 zero bytes.  It is signed here, or no change would get past the signature. */
#include "fuzz.h"

#include <sodium.h>

#include "access/group/deed.h"
#include "base/cursor.h"

#define INPUT_MAX 65536
#define SIGNATURE_START "\n\n\xe2\x80\x94 "

static struct identity identity_of_zeros(void)
{
    static uint8_t secret[crypto_sign_SECRETKEYBYTES];
    static const uint8_t seed[crypto_sign_SEEDBYTES];
    struct identity identity = {.name = "zero.example", .secret = secret};
    crypto_sign_seed_keypair(identity.public_key, secret, seed);
    AUTO(text_done) struct text text = text_of_limit(256);
    text_addf(&text, "%s\n\x01", identity.name);
    text_add_raw(&text, (struct bytes){identity.public_key, IDENTITY_KEY_SIZE});
    struct sha256 hash = sha256_of(text_bytes(&text));
    memcpy(identity.note_hash, hash.bytes, sizeof identity.note_hash);
    return identity;
}

static void check_lines(const struct deed *deed, struct bytes input)
{
    size_t at = 0;
    size_t count = 0;
    CLAIM(deed->line_count <= DEED_LINES_MAX);
    for (size_t i = 0; i < deed->line_count; i++) {
        const struct deed_line *line = &deed->lines[i];
        CLAIM(lies_inside(line->value, input) && line->value.size > 0);
        CLAIM(deed_field_fault(line->field, line->value) == NULL);
        while (deed_field_at(deed->kind, at) != line->field) {
            CLAIM(deed_field_at(deed->kind, at) != NULL);
            CLAIM(count >= deed_field_at(deed->kind, at)->count_min);
            at++;
            count = 0;
        }
        count++;
        CLAIM(count <= line->field->count_max);
        struct bytes parts[DEED_PARTS_MAX];
        deed_field_split(line->field, line->value, parts);
        for (size_t j = 0; j < DEED_PARTS_MAX; j++) {
            CLAIM(lies_inside(parts[j], line->value));
        }
    }
}

static void check_again(const struct deed *deed, const struct identity *identity,
                        struct bytes input)
{
    AUTO(deed_done) struct deed_draft draft = deed_begin(deed->kind, identity, deed->made);
    for (size_t i = 2; i < deed->line_count; i++) {
        deed_add(&draft, deed->lines[i].field->name, deed->lines[i].value);
    }
    AUTO(text_done) struct text again = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    CLAIM(deed_finish(&draft, &again, &fault) == STATUS_OK);
    CLAIM(bytes_equal(text_bytes(&again), bytes_part(input, 0, again.size)));
    CLAIM(again.size == input.size ||
          (deed->kind == DEED_GROUP && deed->note.signature_count > 1));
}

static void read_all(struct bytes input, const struct identity *identity)
{
    for (unsigned kind = 0; kind < DEED_KIND_COUNT; kind++) {
        struct deed deed;
        struct deed_fault fault = {0};
        if (deed_read(input, (enum deed_kind)kind, &deed, &fault) != STATUS_OK) {
            CLAIM(fault.what != NULL);
            continue;
        }
        enum deed_kind said;
        CLAIM(deed_find_kind(input, &said) == STATUS_OK && said == kind);
        check_lines(&deed, input);
        if (memcmp(deed.key.key, identity->public_key, IDENTITY_KEY_SIZE) == 0 &&
            bytes_equal_text(deed.key.name, identity->name)) {
            check_again(&deed, identity, input);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct identity identity = identity_of_zeros();
    read_all(input, &identity);
    if (bytes_contains(input, SIGNATURE_START) || !bytes_ends(input, "\n") ||
        size > INPUT_MAX) {
        return 0;
    }
    AUTO(text_done) struct text file = text_of_limit(2 * INPUT_MAX);
    CLAIM(identity_sign_note(&identity, input, &file) == STATUS_OK);
    read_all(text_bytes(&file), &identity);
    return 0;
}
