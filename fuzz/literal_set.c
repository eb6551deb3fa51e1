/* Claims of pattern/literal_set.h: it finds exactly the literals that a search for each alone
 * finds, at exactly the places where they end.  The input is up to eight literals, each behind
 * a byte with its size and case, a byte 0, and what to scan. */
#include "pattern/literal_set.h"

#include "fuzz.h"

#include <string.h>

#include "base/cursor.h"

#define LITERALS_MAX 8
#define SCAN_MAX 512
#define MEMORY (4U << 20)

static uint8_t fold(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
}

static bool occurs_at(const struct literal *literal, struct bytes place)
{
    for (size_t i = 0; i < literal->bytes.size; i++) {
        uint8_t a = literal->bytes.data[i];
        uint8_t b = place.data[i];
        if (literal->any_case ? fold(a) != fold(b) : a != b) {
            return false;
        }
    }
    return true;
}

struct found {
    uint8_t ends[LITERALS_MAX][SCAN_MAX + 1]; /* how often reported */
};

static bool note(void *context, uint32_t id, size_t end)
{
    struct found *found = context;
    CLAIM(id < LITERALS_MAX && end <= SCAN_MAX);
    found->ends[id][end]++;
    return true;
}

static void check_found(const struct literal *literals, size_t count, struct bytes bytes,
                        const struct found *found)
{
    for (size_t k = 0; k < count; k++) {
        for (size_t end = 0; end <= bytes.size; end++) {
            size_t size = literals[k].bytes.size;
            bool occurs =
                size <= end && occurs_at(&literals[k], bytes_part(bytes, end - size, size));
            CLAIM(found->ends[k][end] == (occurs ? 1 : 0));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cursor cursor = cursor_of((struct bytes){data, size});
    struct literal literals[LITERALS_MAX];
    uint32_t count = 0;
    while (count < LITERALS_MAX && cursor_peek(&cursor) != 0) {
        uint8_t head = cursor_u8(&cursor);
        size_t literal_size = (size_t)(head & 0x0f) + 1;
        literals[count] =
            (struct literal){cursor_take(&cursor, literal_size), count, (head & 0x10) != 0};
        count++;
    }
    if (cursor_status(&cursor) != STATUS_OK) {
        return 0;
    }
    struct bytes bytes = bytes_part(cursor_rest(&cursor), 0, SCAN_MAX);
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY);
    struct text AUTO(text_done) saved = text_of_limit(MEMORY);
    struct literal_set *set = NULL;
    struct fault fault;
    enum status status = literal_set_compile(literals, count, &saved, &fault);
    if (status == STATUS_UNSUPPORTED) {
        CLAIM(literals[fault.offset].bytes.data[0] == 0);
        return 0;
    }
    CLAIM(status == STATUS_OK);
    CLAIM(literal_set_open(text_bytes(&saved), arena, &set, &fault) == STATUS_OK);
    static struct found found;
    memset(&found, 0, sizeof found);
    CLAIM(literal_set_scan(set, bytes, note, &found) == STATUS_OK);
    literal_set_close(set);
    check_found(literals, count, bytes, &found);
    return 0;
}
