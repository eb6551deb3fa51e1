#include "pattern/literal_set.h"

#include <hs/hs.h>

#include <assert.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "base/pack.h"

#define MAGIC "LIT1"
/* What the lists for vectorscan take, for the most literals there may be. */
#define LISTS_SIZE_MAX (LITERAL_SET_COUNT_MAX * 32U + 4096U)

struct literal_set {
    hs_database_t *database; /* NULL for a set of no literals */
    hs_scratch_t *scratch;
    uint32_t id_count;
};

/* vectorscan's parallel arrays. */
struct lists {
    const char **expressions;
    unsigned *flags;
    unsigned *ids;
    size_t *sizes;
};

static enum status fill_lists(const struct literal *literals, size_t count, struct arena *arena,
                              struct lists *lists)
{
    lists->expressions = arena_take_many(arena, count, sizeof *lists->expressions);
    lists->flags = arena_take_many(arena, count, sizeof *lists->flags);
    lists->ids = arena_take_many(arena, count, sizeof *lists->ids);
    lists->sizes = arena_take_many(arena, count, sizeof *lists->sizes);
    if (lists->expressions == NULL || lists->flags == NULL || lists->ids == NULL ||
        lists->sizes == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        lists->expressions[i] = (const char *)literals[i].bytes.data;
        lists->flags[i] = literals[i].any_case ? HS_FLAG_CASELESS : 0;
        lists->ids[i] = literals[i].id;
        lists->sizes[i] = literals[i].bytes.size;
    }
    return STATUS_OK;
}

static enum status check_literals(const struct literal *literals, size_t count,
                                  uint32_t *id_count, struct fault *fault)
{
    if (count > LITERAL_SET_COUNT_MAX) {
        *fault = (struct fault){"too many literals: LITERAL_SET_COUNT_MAX", count};
        return STATUS_LIMIT;
    }
    *id_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (literals[i].bytes.size == 0 || literals[i].bytes.size > LITERAL_SIZE_MAX) {
            *fault = (struct fault){"a literal is empty or too long: LITERAL_SIZE_MAX", i};
            return STATUS_LIMIT;
        }
        if (literals[i].bytes.data[0] == 0) {
            *fault =
                (struct fault){"vectorscan takes no literal that begins with a zero byte", i};
            return STATUS_UNSUPPORTED;
        }
        if (literals[i].id >= LITERAL_SET_COUNT_MAX) {
            *fault = (struct fault){"an id is too great: LITERAL_SET_COUNT_MAX", i};
            return STATUS_LIMIT;
        }
        *id_count = literals[i].id >= *id_count ? literals[i].id + 1 : *id_count;
    }
    return STATUS_OK;
}

static enum status compile_lists(const struct lists *lists, size_t count, hs_database_t **out,
                                 struct fault *fault)
{
    hs_compile_error_t *error = NULL;
    hs_error_t result =
        hs_compile_lit_multi(lists->expressions, lists->flags, lists->ids, lists->sizes,
                             (unsigned)count, HS_MODE_BLOCK, NULL, out, &error);
    if (result == HS_SUCCESS) {
        return STATUS_OK;
    }
    int blamed = error == NULL ? -1 : error->expression;
    hs_free_compile_error(error);
    *fault =
        (struct fault){"the literals cannot be compiled", blamed < 0 ? 0 : (uint64_t)blamed};
    return result == HS_NOMEM ? STATUS_NO_MEMORY : STATUS_LIMIT;
}

enum status literal_set_compile(const struct literal *literals, size_t count, struct text *out,
                                struct fault *fault)
{
    uint32_t id_count;
    TRY(check_literals(literals, count, &id_count, fault));
    text_add(out, MAGIC);
    pack_u32(out, id_count);
    if (count == 0) {
        return text_status(out);
    }
    *fault = (struct fault){"the processor lacks what vectorscan needs", 0};
    if (hs_valid_platform() != HS_SUCCESS) {
        return STATUS_UNSUPPORTED;
    }
    *fault = (struct fault){"the memory allowed is used up", 0};
    struct arena *AUTO(arena_done) arena = arena_new(LISTS_SIZE_MAX);
    struct lists lists;
    if (arena == NULL || fill_lists(literals, count, arena, &lists) != STATUS_OK) {
        return STATUS_NO_MEMORY;
    }
    hs_database_t *database = NULL;
    TRY(compile_lists(&lists, count, &database, fault));
    char *serialised = NULL;
    size_t size = 0;
    hs_error_t result = hs_serialize_database(database, &serialised, &size);
    hs_free_database(database);
    if (result != HS_SUCCESS) {
        return STATUS_NO_MEMORY;
    }
    text_add_raw(out, (struct bytes){(const uint8_t *)serialised, size});
    free(serialised);
    return text_status(out);
}

static enum status open_status(hs_error_t error, struct fault *fault)
{
    switch (error) {
    case HS_SUCCESS:
        return STATUS_OK;
    case HS_NOMEM:
        *fault = (struct fault){"the memory allowed is used up", 0};
        return STATUS_NO_MEMORY;
    case HS_DB_VERSION_ERROR:
    case HS_DB_PLATFORM_ERROR:
    case HS_DB_MODE_ERROR:
        *fault = (struct fault){"made for another version or processor", 0};
        return STATUS_UNSUPPORTED;
    default:
        *fault = (struct fault){"the saved set is damaged", 0};
        return STATUS_MALFORMED;
    }
}

static enum status load_database(struct bytes serialised, struct arena *arena,
                                 struct literal_set *set, struct fault *fault)
{
    size_t size = 0;
    const char *data = (const char *)serialised.data;
    TRY(open_status(hs_serialized_database_size(data, serialised.size, &size), fault));
    set->database = arena_take(arena, size);
    if (set->database == NULL) {
        return open_status(HS_NOMEM, fault);
    }
    TRY(open_status(hs_deserialize_database_at(data, serialised.size, set->database), fault));
    return open_status(hs_alloc_scratch(set->database, &set->scratch), fault);
}

enum status literal_set_open(struct bytes saved, struct arena *arena, struct literal_set **out,
                             struct fault *fault)
{
    struct cursor cursor = cursor_of(saved);
    if (!cursor_accept(&cursor, MAGIC)) {
        cursor_fail(&cursor, STATUS_MALFORMED, "not a saved set of literals");
    }
    uint32_t id_count = cursor_u32le(&cursor);
    struct bytes serialised = cursor_rest(&cursor);
    if (id_count > LITERAL_SET_COUNT_MAX || (id_count == 0) != (serialised.size == 0)) {
        cursor_fail(&cursor, STATUS_MALFORMED, "the saved set is damaged");
    }
    if (cursor_status(&cursor) != STATUS_OK) {
        *fault = cursor.fault;
        return cursor_status(&cursor);
    }
    struct literal_set *set = arena_take(arena, sizeof *set);
    if (set == NULL) {
        return open_status(HS_NOMEM, fault);
    }
    set->id_count = id_count;
    if (id_count > 0) {
        TRY(load_database(serialised, arena, set, fault));
    }
    *out = set;
    return STATUS_OK;
}

void literal_set_close(struct literal_set *set)
{
    if (set != NULL) {
        hs_free_scratch(set->scratch);
        set->scratch = NULL;
    }
}

uint32_t literal_set_id_count(const struct literal_set *set)
{
    return set->id_count;
}

size_t literal_set_words(const struct literal_set *set)
{
    return (set->id_count + 63U) / 64U;
}

struct scanning {
    bool (*on_match)(void *context, uint32_t id, size_t end);
    void *context;
    uint32_t id_count;
};

/* An id the header does not know would come from a damaged database: nobody is told of it. */
static int take_match(unsigned id, unsigned long long from, unsigned long long end,
                      unsigned flags, void *context)
{
    (void)from;
    (void)flags;
    const struct scanning *scanning = context;
    bool goes_on =
        id >= scanning->id_count || scanning->on_match(scanning->context, id, (size_t)end);
    return goes_on ? 0 : 1;
}

enum status literal_set_scan(struct literal_set *set, struct bytes bytes,
                             bool (*on_match)(void *context, uint32_t id, size_t end),
                             void *context)
{
    if (bytes.size > LITERAL_SET_SCAN_SIZE_MAX) {
        return STATUS_LIMIT;
    }
    if (set->database == NULL || bytes.size == 0) {
        return STATUS_OK;
    }
    struct scanning scanning = {on_match, context, set->id_count};
    hs_error_t result = hs_scan(set->database, (const char *)bytes.data, (unsigned)bytes.size,
                                0, set->scratch, take_match, &scanning);
    assert(result == HS_SUCCESS || result == HS_SCAN_TERMINATED);
    return STATUS_OK;
}

static bool set_bit(void *context, uint32_t id, size_t end)
{
    (void)end;
    uint64_t *bits = context;
    bits[id / 64] |= UINT64_C(1) << (id % 64);
    return true;
}

enum status literal_set_find(struct literal_set *set, struct bytes bytes, uint64_t *bits)
{
    return literal_set_scan(set, bytes, set_bit, bits);
}
