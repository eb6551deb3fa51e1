/* Weights made for a test: they know one line, and find it wherever it stands. */
#pragma once

#include "check.h"

#include "base/pack.h"
#include "base/text.h"
#include "model/sieve.h"

#define KNOWN_LINE "frobnicate --all the lamps"
#define KNOWN_BITS 14
#define KNOWN_WEIGHT 20
#define KNOWN_THRESHOLD 1500

/* The file; the scores of nine ordinary objects are below the threshold. */
static inline void known_weights(struct text *out)
{
    static int8_t table[1U << KNOWN_BITS];
    uint32_t buckets[SIEVE_ORDERS * (SIEVE_LINE_SIZE + 2)];
    struct text AUTO(text_done) settings = text_of_limit(64);
    struct text AUTO(text_done) scores = text_of_limit(64);
    size_t count = sieve_buckets(KNOWN_BITS, bytes_of_text(KNOWN_LINE), buckets);
    for (size_t i = 0; i < count; i++) {
        table[buckets[i]] = KNOWN_WEIGHT;
    }
    pack_u32(&settings, KNOWN_BITS);
    pack_u32(&settings, KNOWN_THRESHOLD);
    pack_u32(&settings, 65536);
    for (uint32_t i = 0; i < 9; i++) {
        pack_u32(&scores, i);
    }
    const struct tensor tensors[] = {
        {bytes_of_text("sieve.calibration"), TENSOR_I32, text_bytes(&scores)},
        {bytes_of_text("sieve.settings"), TENSOR_I32, text_bytes(&settings)},
        {bytes_of_text("sieve.table"), TENSOR_I8, {(const uint8_t *)table, sizeof table}},
    };
    *out = text_of_limit(WEIGHTS_SIZE_MAX);
    assert_ok(weights_write(out, tensors, sizeof tensors / sizeof *tensors));
}
