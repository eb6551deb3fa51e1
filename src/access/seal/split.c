#include "access/seal/split.h"

#include <assert.h>
#include <sodium.h>

#include "access/seal/derive.h"
#include "access/seal/galois.h"

#define PLACE_SECRET 255
#define PLACE_DIGEST 254
#define DIGEST_SIZE 4
#define ROUND_COUNT 4
#define ROUND_ITERATIONS 2500U
#define HALF_MAX (SHARE_SECRET_MAX / 2)
#define SALT_PREFIX "shamir"

static_assert(HALF_MAX <= DERIVED_KEY_SIZE, "one block of PBKDF2 is enough");

/* Points of one curve: what is shared at each level. */
struct points {
    uint8_t places[SHARE_COUNT_MAX];
    uint8_t values[SHARE_COUNT_MAX][SHARE_SECRET_MAX];
    size_t count;
};

/* ---- the passphrase ---- */

/* PBKDF2-HMAC-SHA-256, its first block: RFC 8018, 5.2. */
static void derive_round(uint8_t round, struct bytes passphrase, struct bytes salt,
                         uint32_t iterations, uint8_t out[DERIVED_KEY_SIZE])
{
    uint8_t password[1 + SPLIT_PASSPHRASE_MAX] = {round};
    uint8_t message[sizeof SALT_PREFIX - 1 + 2 + HALF_MAX + 4];
    assert(passphrase.size <= SPLIT_PASSPHRASE_MAX && salt.size + 4 <= sizeof message);
    if (passphrase.size > 0) {
        memcpy(password + 1, passphrase.data, passphrase.size);
    }
    memcpy(message, salt.data, salt.size);
    memcpy(message + salt.size, (const uint8_t[]){0, 0, 0, 1}, 4);
    struct bytes key = {password, 1 + passphrase.size};
    uint8_t last[DERIVED_KEY_SIZE];
    derive_mac(key, (struct bytes){message, salt.size + 4}, last);
    memcpy(out, last, sizeof last);
    for (uint32_t i = 1; i < iterations; i++) {
        derive_mac(key, (struct bytes){last, sizeof last}, last);
        for (size_t j = 0; j < sizeof last; j++) {
            out[j] ^= last[j];
        }
    }
    sodium_memzero(password, sizeof password);
    sodium_memzero(message, sizeof message);
    sodium_memzero(last, sizeof last);
}

/* Four rounds of a Feistel network; backwards they undo themselves. */
static void encrypt(uint8_t *secret, size_t size, const struct share *head,
                    struct bytes passphrase, bool is_backwards)
{
    size_t half = size / 2;
    uint8_t *left = secret;
    uint8_t right[HALF_MAX];
    memcpy(right, secret + half, half);
    for (uint8_t i = 0; i < ROUND_COUNT; i++) {
        uint8_t salt[sizeof SALT_PREFIX - 1 + 2 + HALF_MAX] = SALT_PREFIX;
        size_t salt_size = 0;
        if (!head->is_extendable) {
            salt_size = sizeof SALT_PREFIX - 1;
            salt[salt_size++] = (uint8_t)(head->identifier >> 8);
            salt[salt_size++] = (uint8_t)head->identifier;
        }
        memcpy(salt + salt_size, right, half);
        uint8_t mask[DERIVED_KEY_SIZE];
        derive_round(is_backwards ? (uint8_t)(ROUND_COUNT - 1 - i) : i, passphrase,
                     (struct bytes){salt, salt_size + half}, ROUND_ITERATIONS << head->exponent,
                     mask);
        for (size_t j = 0; j < half; j++) {
            uint8_t swapped = right[j];
            right[j] = left[j] ^ mask[j];
            left[j] = swapped;
        }
        sodium_memzero(salt, sizeof salt);
        sodium_memzero(mask, sizeof mask);
    }
    memcpy(secret + half, left, half);
    memcpy(secret, right, half);
    sodium_memzero(right, sizeof right);
}

static bool passphrase_is_usable(struct bytes passphrase, const char **why)
{
    *why = "the passphrase is too long";
    if (passphrase.size > SPLIT_PASSPHRASE_MAX) {
        return false;
    }
    *why = "the passphrase holds something else than visible ASCII and spaces";
    for (size_t i = 0; i < passphrase.size; i++) {
        if (passphrase.data[i] < ' ' || passphrase.data[i] > '~') {
            return false;
        }
    }
    return true;
}

/* ---- the curve ---- */

static void value_at(const struct points *points, size_t size, uint8_t place, uint8_t *out)
{
    const uint8_t *values[SHARE_COUNT_MAX];
    for (size_t i = 0; i < points->count; i++) {
        values[i] = points->values[i];
    }
    galois_interpolate(points->places, values, points->count, size, place, out);
}

/* `value` at the place of the digest: its first bytes prove the secret, the rest is their key.
 */
static void digest_of(const uint8_t *secret, size_t size, const uint8_t *value,
                      uint8_t out[DIGEST_SIZE])
{
    uint8_t mac[DERIVED_KEY_SIZE];
    derive_mac((struct bytes){value + DIGEST_SIZE, size - DIGEST_SIZE},
               (struct bytes){secret, size}, mac);
    memcpy(out, mac, DIGEST_SIZE);
    sodium_memzero(mac, sizeof mac);
}

/* `count` points, any `threshold` of which give the secret. */
static void make_points(const uint8_t *secret, size_t size, uint8_t threshold, uint8_t count,
                        struct points *known, struct points *out)
{
    out->count = count;
    for (uint8_t i = 0; i < count; i++) {
        out->places[i] = i;
    }
    if (threshold == 1) {
        for (uint8_t i = 0; i < count; i++) {
            memcpy(out->values[i], secret, size);
        }
        return;
    }
    size_t random_count = threshold - 2U;
    for (size_t i = 0; i < random_count; i++) {
        known->places[i] = (uint8_t)i;
        randombytes_buf(known->values[i], size);
    }
    known->places[random_count] = PLACE_DIGEST;
    randombytes_buf(known->values[random_count], size);
    digest_of(secret, size, known->values[random_count], known->values[random_count]);
    known->places[random_count + 1] = PLACE_SECRET;
    memcpy(known->values[random_count + 1], secret, size);
    known->count = threshold;
    for (uint8_t i = 0; i < count; i++) {
        value_at(known, size, i, out->values[i]);
    }
}

static enum status recover(const struct points *points, size_t size, uint8_t *out,
                           const char **why)
{
    if (points->count == 1) {
        memcpy(out, points->values[0], size);
        return STATUS_OK;
    }
    uint8_t digest[SHARE_SECRET_MAX];
    uint8_t expected[DIGEST_SIZE];
    value_at(points, size, PLACE_SECRET, out);
    value_at(points, size, PLACE_DIGEST, digest);
    digest_of(out, size, digest, expected);
    bool is_same = sodium_memcmp(expected, digest, DIGEST_SIZE) == 0;
    sodium_memzero(digest, sizeof digest);
    *why = "the shares do not fit together: one was changed, or is of another secret";
    return is_same ? STATUS_OK : STATUS_CONFLICT;
}

/* ---- splitting ---- */

struct split_plan split_plan_three_of_five(void)
{
    return (struct split_plan){.group_threshold = 1,
                               .group_count = 1,
                               .groups = {{.threshold = 3, .count = 5}},
                               .exponent = 1,
                               .is_extendable = true};
}

static const char *group_problem(struct split_group group)
{
    if (group.count == 0 || group.count > SHARE_COUNT_MAX) {
        return "a group has no members, or more than sixteen";
    }
    if (group.threshold == 0 || group.threshold > group.count) {
        return "a group asks for more members than it has, or for none";
    }
    if (group.threshold == 1 && group.count > 1) {
        return "a group of which one member is enough has that member only: give its share to "
               "several people instead";
    }
    return NULL;
}

size_t split_plan_count(const struct split_plan *plan, const char **why)
{
    *why = "there are no groups, or more than sixteen";
    if (plan->group_count == 0 || plan->group_count > SHARE_COUNT_MAX) {
        return 0;
    }
    *why = "more groups are asked for than there are, or none";
    if (plan->group_threshold == 0 || plan->group_threshold > plan->group_count) {
        return 0;
    }
    *why = "the exponent is more work than is done";
    if (plan->exponent > SHARE_EXPONENT_MAX) {
        return 0;
    }
    size_t count = 0;
    for (size_t i = 0; i < plan->group_count; i++) {
        const char *problem = group_problem(plan->groups[i]);
        if (problem != NULL) {
            *why = problem;
            return 0;
        }
        count += plan->groups[i].count;
    }
    return count;
}

/* What one split works with, wiped when it is given back. */
struct work {
    struct share head;
    uint8_t secret[SHARE_SECRET_MAX];
    size_t size;
    struct points known;
    struct points groups;
    struct points members;
};

static void write_shares(struct work *work, const struct split_plan *plan, struct share *out)
{
    size_t count = 0;
    make_points(work->secret, work->size, plan->group_threshold, plan->group_count,
                &work->known, &work->groups);
    for (uint8_t i = 0; i < plan->group_count; i++) {
        struct split_group group = plan->groups[i];
        make_points(work->groups.values[i], work->size, group.threshold, group.count,
                    &work->known, &work->members);
        for (uint8_t j = 0; j < group.count; j++) {
            struct share *share = &out[count++];
            *share = work->head;
            share->group_index = i;
            share->member_index = j;
            share->member_threshold = group.threshold;
            memcpy(share->value, work->members.values[j], work->size);
        }
    }
}

enum status split_secret(struct bytes secret, struct bytes passphrase,
                         const struct split_plan *plan, struct share *out, const char **why)
{
    if (split_plan_count(plan, why) == 0 || !passphrase_is_usable(passphrase, why)) {
        return STATUS_MALFORMED;
    }
    *why = "a secret to split has an even number of bytes, 16 to 64";
    if (secret.size < SHARE_SECRET_MIN || secret.size > SHARE_SECRET_MAX ||
        secret.size % 2 != 0) {
        return STATUS_LIMIT;
    }
    *why = "there is not enough memory";
    struct work *work = sodium_init() < 0 ? NULL : sodium_malloc(sizeof *work);
    if (work == NULL) {
        return STATUS_NO_MEMORY;
    }
    work->size = secret.size;
    memcpy(work->secret, secret.data, secret.size);
    work->head = (struct share){
        .identifier = (uint16_t)randombytes_uniform(1U << SHARE_IDENTIFIER_BITS),
        .is_extendable = plan->is_extendable,
        .exponent = plan->exponent,
        .group_threshold = plan->group_threshold,
        .group_count = plan->group_count,
        .value_size = secret.size,
    };
    encrypt(work->secret, work->size, &work->head, passphrase, false);
    write_shares(work, plan, out);
    sodium_free(work);
    return STATUS_OK;
}

/* ---- joining ---- */

enum status split_check_pair(const struct share *a, const struct share *b, const char **why)
{
    *why = "the shares are of different splits: their first words differ";
    if (a->identifier != b->identifier || a->is_extendable != b->is_extendable ||
        a->exponent != b->exponent) {
        return STATUS_CONFLICT;
    }
    *why = "the shares disagree about the groups of the split";
    if (a->group_threshold != b->group_threshold || a->group_count != b->group_count) {
        return STATUS_CONFLICT;
    }
    *why = "the shares are of secrets of different length";
    if (a->value_size != b->value_size) {
        return STATUS_CONFLICT;
    }
    *why = "shares of one group disagree about how many of it are asked for";
    if (a->group_index == b->group_index && a->member_threshold != b->member_threshold) {
        return STATUS_CONFLICT;
    }
    *why = "one share is there twice";
    if (a->group_index == b->group_index && a->member_index == b->member_index) {
        return STATUS_CONFLICT;
    }
    return STATUS_OK;
}

static enum status check_together(const struct share *shares, size_t count, const char **why)
{
    *why = "there are no shares";
    if (count == 0) {
        return STATUS_NOT_FOUND;
    }
    *why = "there are more shares than any split has";
    if (count > SPLIT_SHARES_MAX) {
        return STATUS_LIMIT;
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            TRY(split_check_pair(&shares[j], &shares[i], why));
        }
    }
    return STATUS_OK;
}

/* The points of one group; its threshold in `*threshold`, 0 where none of it is here. */
static void gather(const struct share *shares, size_t count, uint8_t group, struct points *out,
                   uint8_t *threshold)
{
    out->count = 0;
    *threshold = 0;
    for (size_t i = 0; i < count; i++) {
        if (shares[i].group_index == group) {
            *threshold = shares[i].member_threshold;
            out->places[out->count] = shares[i].member_index;
            memcpy(out->values[out->count], shares[i].value, shares[i].value_size);
            out->count++;
        }
    }
}

static enum status join_groups(struct work *work, const struct share *shares, size_t count,
                               const char **why)
{
    work->groups.count = 0;
    for (uint8_t group = 0; group < SHARE_COUNT_MAX; group++) {
        uint8_t threshold = 0;
        gather(shares, count, group, &work->members, &threshold);
        if (threshold == 0) {
            continue;
        }
        *why = "there are too few shares of a group";
        if (work->members.count < threshold) {
            return STATUS_NOT_FOUND;
        }
        *why = "there are more shares of a group than it asks for: leave the others out";
        if (work->members.count > threshold) {
            return STATUS_LIMIT;
        }
        TRY(recover(&work->members, work->size, work->groups.values[work->groups.count], why));
        work->groups.places[work->groups.count++] = group;
    }
    *why = "there are shares of too few groups";
    if (work->groups.count < shares[0].group_threshold) {
        return STATUS_NOT_FOUND;
    }
    *why = "there are shares of more groups than are asked for: leave the others out";
    return work->groups.count > shares[0].group_threshold ? STATUS_LIMIT : STATUS_OK;
}

enum status split_join(const struct share *shares, size_t count, struct bytes passphrase,
                       uint8_t out[SHARE_SECRET_MAX], size_t *size, const char **why)
{
    TRY(check_together(shares, count, why));
    if (!passphrase_is_usable(passphrase, why)) {
        return STATUS_MALFORMED;
    }
    *why = "there is not enough memory";
    struct work *work = sodium_init() < 0 ? NULL : sodium_malloc(sizeof *work);
    if (work == NULL) {
        return STATUS_NO_MEMORY;
    }
    work->size = shares[0].value_size;
    enum status status = join_groups(work, shares, count, why);
    if (status == STATUS_OK) {
        status = recover(&work->groups, work->size, work->secret, why);
    }
    if (status == STATUS_OK) {
        encrypt(work->secret, work->size, &shares[0], passphrase, true);
        memcpy(out, work->secret, work->size);
        *size = work->size;
    }
    sodium_free(work);
    return status;
}
