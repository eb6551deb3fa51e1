/* Claims of store/registry_rows.h and registry_seal.h: any bytes yield a registry or a status;
 * one that was read has no more than its limits, and written again and read it is the same; a
 * seal that is read is written again byte by byte.
 *
 * Input: a database as SQLite writes it; or, where it begins with "tocsin/registry", the text
 * of a seal, which is signed here, or no change would get past the signature. */
#include "fuzz.h"

#include <sodium.h>

#include "store/registry_rows.h"
#include "store/registry_seal.h"

#define INPUT_MAX (1U << 20)
#define MEMORY_MAX (256U << 20)

static struct identity identity_of_zeros(void)
{
    static uint8_t secret[crypto_sign_SECRETKEYBYTES];
    static const uint8_t seed[crypto_sign_SEEDBYTES];
    struct identity identity = {.name = "zero.example", .secret = secret};
    crypto_sign_seed_keypair(identity.public_key, secret, seed);
    return identity;
}

static void check_seal(struct bytes text)
{
    const struct identity identity = identity_of_zeros();
    struct registry_seal seal;
    AUTO(text_done) struct text file = text_of_limit(2 * REGISTRY_SEAL_MAX);
    AUTO(text_done) struct text again = text_of_limit(2 * REGISTRY_SEAL_MAX);
    if (identity_sign_note(&identity, text, &file) == STATUS_OK &&
        registry_seal_read(&identity, text_bytes(&file), &seal) == STATUS_OK) {
        CLAIM(registry_seal_write(&identity, &seal, &again) == STATUS_OK);
        CLAIM(bytes_equal(text_bytes(&again), text_bytes(&file)));
    }
}

static void check_rows(struct bytes database)
{
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY_MAX);
    AUTO(text_done) struct text written = text_of_limit(MEMORY_MAX);
    struct registry registry;
    struct registry again;
    struct registry_head head;
    const char *difference = NULL;
    if (arena == NULL || registry_rows_read(database, arena, &registry, &head) != STATUS_OK) {
        return;
    }
    CLAIM(registry.roll.member_count <= ROLL_MEMBERS_MAX);
    CLAIM(registry.grant_count <= REGISTRY_GRANTS_MAX);
    CLAIM(registry.revocation_count <= REGISTRY_REVOCATIONS_MAX);
    registry.roll.card.hash = head.card;
    /* Names that are not unique, as a database whose schema was changed may hold, are not
     * written. */
    if (registry_rows_write(&registry, &written) == STATUS_OK) {
        CLAIM(registry_rows_read(text_bytes(&written), arena, &again, &head) == STATUS_OK);
        again.roll.card.hash = head.card;
        CLAIM(registry_equal(&registry, &again, &difference));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char start[] = "tocsin/registry";
    const struct bytes input = {data, size};
    if (size > INPUT_MAX) {
        return 0;
    }
    if (bytes_equal_text(bytes_part(input, 0, sizeof start - 1), start)) {
        check_seal(input);
    } else {
        check_rows(input);
    }
    return 0;
}
