/* Claims of access/seal/share.h and access/seal/split.h: a share that is accepted is written
 * down again as one that reads the same; shares that do not join have a reason; and a secret
 * that is split joins again.
 *
 * The input: one share a line; or "split", a byte each for threshold and count, and the secret.
 */
#include "fuzz.h"

#include "access/seal/split.h"

#define SHARES_MAX 32

static void check_split(struct bytes input)
{
    if (input.size < 2 + SHARE_SECRET_MIN) {
        return;
    }
    struct split_plan plan = split_plan_three_of_five();
    plan.groups[0] = (struct split_group){input.data[0], input.data[1]};
    plan.exponent = 0;
    struct bytes secret = bytes_part(input, 2, SHARE_SECRET_MAX);
    secret.size &= ~(size_t)1;
    struct share shares[SHARE_COUNT_MAX];
    const char *why = NULL;
    if (split_plan_count(&plan, &why) == 0) {
        CLAIM(why != NULL);
        return;
    }
    CLAIM(split_secret(secret, BYTES_NONE, &plan, shares, &why) == STATUS_OK);
    uint8_t out[SHARE_SECRET_MAX];
    size_t size = 0;
    size_t first = plan.groups[0].count - plan.groups[0].threshold;
    CLAIM(split_join(shares + first, plan.groups[0].threshold, BYTES_NONE, out, &size, &why) ==
          STATUS_OK);
    CLAIM(bytes_equal((struct bytes){out, size}, secret));
}

static bool read_checked(struct bytes line, struct share *out)
{
    struct share again = {0};
    const char *why = NULL;
    char words[SHARE_TEXT_MAX + 1];
    if (share_read(line, out, &why) != STATUS_OK) {
        CLAIM(why != NULL);
        return false;
    }
    CLAIM(share_write(out, words) == strlen(words));
    CLAIM(share_read(bytes_of_text(words), &again, &why) == STATUS_OK);
    CLAIM(memcmp(&again, out, sizeof again) == 0);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes rest = {data, size};
    if (bytes_starts(rest, "split")) {
        check_split(bytes_from(rest, 5));
        return 0;
    }
    struct share shares[SHARES_MAX];
    memset(shares, 0, sizeof shares);
    struct bytes line = BYTES_NONE;
    size_t count = 0;
    bool is_quick = true;
    while (count < SHARES_MAX && bytes_split(&rest, '\n', &line)) {
        if (read_checked(line, &shares[count])) {
            is_quick = is_quick && shares[count].exponent == 0;
            count++;
        }
    }
    uint8_t out[SHARE_SECRET_MAX];
    size_t joined = 0;
    const char *why = NULL;
    if (is_quick && split_join(shares, count, BYTES_NONE, out, &joined, &why) != STATUS_OK) {
        CLAIM(why != NULL);
    }
    return 0;
}
