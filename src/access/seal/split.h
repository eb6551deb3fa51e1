/* Splits a secret into shares of which some are enough, and joins them again.
 *
 * Shares are in groups: so many groups are asked for, and so many members of each.  Fewer tell
 * nothing about the secret, however much is known of them.
 *
 * Input:  shares are untrusted, as share_read gives them; what does not belong together is
 *         refused with its reason.  Shares hold a check of what they give, but a passphrase
 * does not: another one gives another secret, which is wanted (SLIP-0039). Limits: those of
 * access/seal/share.h; SPLIT_PASSPHRASE_MAX bytes of visible ASCII and spaces. Format:
 * SLIP-0039. */
#pragma once

#include "access/seal/share.h"

#define SPLIT_SHARES_MAX (SHARE_COUNT_MAX * SHARE_COUNT_MAX)
#define SPLIT_PASSPHRASE_MAX 128

struct split_group {
    uint8_t threshold;
    uint8_t count;
};

struct split_plan {
    uint8_t group_threshold;
    uint8_t group_count;
    struct split_group groups[SHARE_COUNT_MAX];
    uint8_t exponent;
    bool is_extendable;
};

/* Of one group of five, three; as the cold root of a group of people is kept. */
struct split_plan split_plan_three_of_five(void);
/* The number of shares it makes, group by group; 0 and `*why` for a plan that cannot be. */
size_t split_plan_count(const struct split_plan *plan, const char **why);

/* `out` has room for split_plan_count(plan) shares; it holds secrets. */
enum status split_secret(struct bytes secret, struct bytes passphrase,
                         const struct split_plan *plan, struct share *out,
                         const char **why) MUST_USE;
/* STATUS_CONFLICT for two shares that cannot be of one split, or are the same one. */
enum status split_check_pair(const struct share *a, const struct share *b,
                             const char **why) MUST_USE;
/* STATUS_NOT_FOUND for too few shares, STATUS_CONFLICT for shares that do not belong together
 * or were changed, STATUS_LIMIT for more than are asked for. */
enum status split_join(const struct share *shares, size_t count, struct bytes passphrase,
                       uint8_t out[SHARE_SECRET_MAX], size_t *size, const char **why) MUST_USE;
