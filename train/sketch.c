#include "train/sketch.h"

#include "train/random.h"

#define SEED UINT64_C(0x746f6373696e)

struct permutations {
    uint32_t factors[SKETCH_SIZE]; /* odd */
    uint32_t terms[SKETCH_SIZE];
};

static struct permutations make_permutations(void)
{
    struct permutations made;
    struct random random = {SEED};
    for (size_t i = 0; i < SKETCH_SIZE; i++) {
        made.factors[i] = (uint32_t)random_next(&random) | 1U;
        made.terms[i] = (uint32_t)random_next(&random);
    }
    return made;
}

/* Upper case down, digits alike, what separates a space. */
static uint8_t fold(uint8_t byte)
{
    if (byte >= 'A' && byte <= 'Z') {
        return (uint8_t)(byte | 0x20);
    }
    if (byte >= '0' && byte <= '9') {
        return '0';
    }
    return byte <= ' ' ? ' ' : byte;
}

static void add_shingle(const struct permutations *permutations, uint64_t shingle,
                        struct sketch *out)
{
    uint32_t hash = (uint32_t)(random_mix(shingle) >> 32);
    for (size_t i = 0; i < SKETCH_SIZE; i++) {
        uint32_t value = hash * permutations->factors[i] + permutations->terms[i];
        out->values[i] = value < out->values[i] ? value : out->values[i];
    }
}

void sketch_make(struct bytes text, struct sketch *out)
{
    struct permutations permutations = make_permutations();
    for (size_t i = 0; i < SKETCH_SIZE; i++) {
        out->values[i] = UINT32_MAX;
    }
    struct bytes rest = bytes_part(bytes_trim(text), 0, SKETCH_TEXT_SIZE_MAX);
    uint64_t shingle = 0;
    size_t count = 0;
    uint8_t last = 0;
    for (size_t i = 0; i < rest.size; i++) {
        uint8_t byte = fold(rest.data[i]);
        if (byte == ' ' && last == ' ') {
            continue;
        }
        last = byte;
        shingle = (shingle << 8 | byte) & ((UINT64_C(1) << 8 * SKETCH_SHINGLE_SIZE) - 1);
        count++;
        if (count >= SKETCH_SHINGLE_SIZE) {
            add_shingle(&permutations, shingle, out);
        }
    }
    if (count < SKETCH_SHINGLE_SIZE) {
        add_shingle(&permutations, shingle, out);
    }
}

unsigned sketch_agreement(const struct sketch *a, const struct sketch *b)
{
    unsigned equal = 0;
    for (size_t i = 0; i < SKETCH_SIZE; i++) {
        equal += a->values[i] == b->values[i];
    }
    return equal;
}
