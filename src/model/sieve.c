#include "model/sieve.h"

#include <string.h>

#define LOADED 8U            /* bytes read at once */
#define WEIGHT_MASK 0xffU    /* of a cell; above it the number of a window */
#define FORGOTTEN_AT_ONCE 64 /* every table has a multiple of it */
#define FIRST_WINDOW 0x100U
#define LAST_WINDOW 0xff00U
#define PADDED_SIZE (SIEVE_LINE_SIZE + 2U + LOADED)

/* (order) and its factor: odd numbers without pattern, so that the high bits of a product
 * depend on every byte. */
static const struct {
    uint32_t size;
    uint64_t factor;
} orders[SIEVE_ORDERS] = {
    {3, UINT64_C(0x9e3779b97f4a7c15)},
    {4, UINT64_C(0xc2b2ae3d27d4eb4f)},
    {6, UINT64_C(0xd6e8feb86659fd93)},
    {8, UINT64_C(0xa0761d6478bd642f)},
};

enum status sieve_load(const struct weights *weights, struct sieve *out, struct fault *fault)
{
    *fault = (struct fault){.what = "these weights are of another model"};
    struct sieve sieve = {0};
    struct bytes settings;
    struct bytes scores;
    TRY(weights_find(weights, "sieve.table", TENSOR_I8, &sieve.table));
    TRY(weights_find(weights, "sieve.settings", TENSOR_I32, &settings));
    TRY(weights_find(weights, "sieve.calibration", TENSOR_I32, &scores));
    struct cursor cursor = cursor_of(settings);
    sieve.bits = cursor_u32le(&cursor);
    sieve.threshold = (int32_t)cursor_u32le(&cursor);
    sieve.class_size = cursor_u32le(&cursor);
    TRY(cursor_status(&cursor));
    if (!cursor_at_end(&cursor) || sieve.bits < SIEVE_BITS_MIN || sieve.bits > SIEVE_BITS_MAX ||
        sieve.table.size != (size_t)1 << sieve.bits || sieve.threshold <= 0 ||
        sieve.class_size == 0) {
        fault->what = "the weights contradict their own settings";
        return STATUS_MALFORMED;
    }
    fault->what = "the calibration of the weights is not in order";
    TRY(calibration_read(scores, &sieve.calibration));
    *out = sieve;
    return STATUS_OK;
}

enum status sieve_scratch_new(const struct sieve *sieve, struct arena *arena,
                              struct sieve_scratch *out)
{
    uint16_t *cells = arena_take_many(arena, sieve->table.size, sizeof *cells);
    if (cells == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < sieve->table.size; i++) {
        cells[i] = sieve->table.data[i];
    }
    *out = (struct sieve_scratch){.cells = cells};
    return STATUS_OK;
}

/* ---- lines ---- */

bool sieve_next_line(struct bytes *text, struct bytes *line)
{
    if (text->size == 0) {
        return false;
    }
    struct bytes part = bytes_part(*text, 0, SIEVE_LINE_SIZE);
    size_t end = bytes_find_byte(part, '\n');
    *line = bytes_part(part, 0, end);
    *text = bytes_from(*text, end == part.size ? end : end + 1);
    return true;
}

/* A line with "\n" at both of its ends, so that its first and last bytes are known as such, and
 * zeros to read beyond. */
static size_t pad_line(struct bytes line, uint8_t *padded)
{
    padded[0] = '\n';
    if (line.size > 0) {
        memcpy(padded + 1, line.data, line.size);
    }
    padded[line.size + 1] = '\n';
    memset(padded + line.size + 2, 0, LOADED);
    return line.size + 2;
}

static uint64_t load(const uint8_t *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(value) : value;
}

static inline uint32_t bucket_of(uint64_t loaded, size_t order, uint32_t bits)
{
    uint64_t gram = loaded << (64 - 8 * orders[order].size);
    uint64_t mixed = (gram ^ gram >> 29) * orders[order].factor;
    return (uint32_t)(mixed >> (64 - bits));
}

size_t sieve_buckets(uint32_t bits, struct bytes line, uint32_t *buckets)
{
    uint8_t padded[PADDED_SIZE];
    size_t size = pad_line(bytes_part(line, 0, SIEVE_LINE_SIZE), padded);
    size_t count = 0;
    for (size_t at = 0; at < size; at++) {
        for (size_t order = 0; order < SIEVE_ORDERS && at + orders[order].size <= size;
             order++) {
            buckets[count++] = bucket_of(load(padded + at), order, bits);
        }
    }
    return count;
}

/* ---- the fast way ---- */

/* In pieces of a known size, which compilers turn into wide instructions. */
static void forget_windows(uint16_t *cells, size_t count)
{
    for (size_t i = 0; i < count; i += FORGOTTEN_AT_ONCE) {
        for (size_t k = 0; k < FORGOTTEN_AT_ONCE; k++) {
            cells[i + k] &= WEIGHT_MASK;
        }
    }
}

/* Another window: no bucket has its number yet.  After the last number all begin anew. */
static void begin_window(const struct sieve *sieve, struct sieve_scratch *scratch)
{
    if (scratch->window == LAST_WINDOW) {
        forget_windows(scratch->cells, sieve->table.size);
        scratch->window = 0;
    }
    scratch->window = (uint16_t)(scratch->window + FIRST_WINDOW);
}

/* The weight of a bucket the first time it occurs in the window, without a branch: which they
 * are cannot be foreseen. */
static inline int32_t take_bucket(uint16_t *cells, uint32_t window, uint32_t bucket)
{
    uint32_t cell = cells[bucket];
    int32_t is_new = -(int32_t)((cell & ~WEIGHT_MASK) != window);
    cells[bucket] = (uint16_t)((cell & WEIGHT_MASK) | window);
    return (int8_t)cell & is_new;
}

static int32_t add_line(const struct sieve *sieve, const struct sieve_scratch *scratch,
                        struct bytes line)
{
    uint8_t padded[PADDED_SIZE];
    size_t size = pad_line(line, padded);
    uint16_t *cells = scratch->cells;
    uint32_t window = scratch->window;
    uint32_t bits = sieve->bits;
    int32_t sum = 0;
    size_t at = 0;
    for (; at + SIEVE_ORDER_MAX <= size; at++) {
        uint64_t loaded = load(padded + at);
        sum += take_bucket(cells, window, bucket_of(loaded, 0, bits));
        sum += take_bucket(cells, window, bucket_of(loaded, 1, bits));
        sum += take_bucket(cells, window, bucket_of(loaded, 2, bits));
        sum += take_bucket(cells, window, bucket_of(loaded, 3, bits));
    }
    for (; at < size; at++) {
        for (size_t order = 0; order < SIEVE_ORDERS && at + orders[order].size <= size;
             order++) {
            uint32_t bucket = bucket_of(load(padded + at), order, bits);
            sum += take_bucket(cells, window, bucket);
        }
    }
    return sum;
}

struct sieve_window sieve_scan(const struct sieve *sieve, struct sieve_scratch *scratch,
                               struct bytes text)
{
    struct sieve_window best = {0};
    struct sieve_window window = {0};
    struct bytes rest = text;
    struct bytes line;
    begin_window(sieve, scratch);
    while (sieve_next_line(&rest, &line)) {
        window.score += add_line(sieve, scratch, line);
        window.end = text.size - rest.size;
        best = window.score > best.score ? window : best;
        if (window.score <= 0 || window.end - window.begin >= SIEVE_WINDOW_SIZE) {
            window = (struct sieve_window){.begin = window.end};
            begin_window(sieve, scratch);
        }
    }
    return best;
}

/* ---- the plain way, which also says why ---- */

static int32_t explain_line(const struct sieve *sieve, struct sieve_scratch *scratch,
                            struct bytes line, int32_t *shares)
{
    uint8_t padded[PADDED_SIZE];
    size_t size = pad_line(line, padded);
    int32_t sum = 0;
    for (size_t at = 0; at < size; at++) {
        for (size_t order = 0; order < SIEVE_ORDERS; order++) {
            size_t gram_size = orders[order].size;
            uint32_t bucket = bucket_of(load(padded + at), order, sieve->bits);
            uint16_t *cell = &scratch->cells[bucket];
            if (at + gram_size > size || *cell >> 8 == scratch->window >> 8) {
                continue;
            }
            *cell = (uint16_t)(sieve->table.data[bucket] | scratch->window);
            int32_t weight = (int8_t)sieve->table.data[bucket];
            sum += weight;
            /* What falls on the marks at the line's ends goes to the byte beside them. */
            for (size_t i = at; i < at + gram_size && line.size > 0; i++) {
                size_t byte = i == 0 ? 0 : i > line.size ? line.size - 1 : i - 1;
                shares[byte] += weight * SIEVE_SHARE / (int32_t)gram_size;
            }
        }
    }
    return sum;
}

int32_t sieve_explain(const struct sieve *sieve, struct sieve_scratch *scratch,
                      struct bytes window, int32_t *shares)
{
    memset(shares, 0, window.size * sizeof *shares);
    begin_window(sieve, scratch);
    int32_t score = 0;
    struct bytes rest = window;
    struct bytes line;
    while (sieve_next_line(&rest, &line)) {
        size_t begin = line.size == 0 ? 0 : (size_t)(line.data - window.data);
        score += explain_line(sieve, scratch, line, shares + begin);
    }
    return score;
}
