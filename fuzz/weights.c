/* Claims of model/weights.h and model/sieve.h: what is read has its tensors inside the file and
 * comes out of weights_write as it was; a sieve that loads scores any text the same the fast
 * way and the plain way.  The digest is made right first, as a forger would: else nothing would
 * ever come through. */
#include "model/sieve.h"

#include <string.h>

#include "fuzz.h"

#define MEMORY_MAX (64U << 20)
#define HEADER_SIZE 48

/* The bytes with their size and digest put right. */
static struct bytes forge(struct arena *arena, const uint8_t *data, size_t size)
{
    uint8_t *copy = arena_take(arena, size + 1);
    CLAIM(copy != NULL);
    memcpy(copy, data, size);
    if (size >= HEADER_SIZE) {
        for (size_t i = 0; i < 8; i++) {
            copy[8 + i] = (uint8_t)((uint64_t)size >> 8 * i);
        }
        struct sha256 digest =
            sha256_of((struct bytes){copy + HEADER_SIZE, size - HEADER_SIZE});
        memcpy(copy + 16, digest.bytes, sizeof digest.bytes);
    }
    return (struct bytes){copy, size};
}

static void check_scores(const struct sieve *sieve, struct arena *arena, struct bytes text)
{
    struct sieve_scratch scratch;
    if (sieve_scratch_new(sieve, arena, &scratch) != STATUS_OK) {
        return;
    }
    struct sieve_window window = sieve_scan(sieve, &scratch, text);
    CLAIM(window.begin <= window.end && window.end <= text.size);
    struct bytes inside = bytes_part(text, window.begin, window.end - window.begin);
    int32_t *shares = arena_take_many(arena, inside.size + 1, sizeof *shares);
    CLAIM(shares != NULL);
    CLAIM(sieve_explain(sieve, &scratch, inside, shares) == window.score);
    int64_t sum = 0;
    for (size_t i = 0; i < inside.size; i++) {
        sum += shares[i];
    }
    CLAIM(sum == (int64_t)window.score * SIEVE_SHARE);
    double p = calibration_p_value(&sieve->calibration, window.score);
    CLAIM(p > 0 && p <= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY_MAX);
    struct bytes image = forge(arena, data, size);
    struct weights weights;
    struct fault fault = {0};
    if (weights_read(image, &weights, &fault) != STATUS_OK) {
        CLAIM(fault.what != NULL);
        return 0;
    }
    for (size_t i = 0; i < weights.count; i++) {
        CLAIM(lies_inside(weights.tensors[i].content, image));
        CLAIM(lies_inside(weights.tensors[i].name, image));
    }
    struct text AUTO(text_done) again = text_of_limit(WEIGHTS_SIZE_MAX);
    struct weights reread;
    CLAIM(weights_write(&again, weights.tensors, weights.count) == STATUS_OK ||
          again.size + image.size > WEIGHTS_SIZE_MAX / 2);
    if (text_status(&again) == STATUS_OK) {
        CLAIM(weights_read(text_bytes(&again), &reread, &fault) == STATUS_OK);
        CLAIM(reread.count == weights.count);
        for (size_t i = 0; i < weights.count; i++) {
            CLAIM(bytes_equal(reread.tensors[i].content, weights.tensors[i].content));
        }
    }
    struct sieve sieve;
    if (sieve_load(&weights, &sieve, &fault) == STATUS_OK) {
        check_scores(&sieve, arena, image);
    }
    return 0;
}
