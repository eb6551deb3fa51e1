#include "report/highlight.h"

#define NAME_SIZE_MIN 2 /* one letter is found everywhere */

static bool is_word(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') ||
           byte == '_' || byte == '-' || byte >= 0x80;
}

/* A dot goes on with a word where one follows: "10.0.0.1" does not stand in "10.0.0.10.2". */
static bool goes_on(struct bytes behind)
{
    return behind.size > 0 &&
           (is_word(behind.data[0]) ||
            (behind.data[0] == '.' && behind.size > 1 && is_word(behind.data[1])));
}

static bool begins_word(struct bytes excerpt, size_t offset)
{
    return offset == 0 || !is_word(excerpt.data[offset - 1]);
}

/* The longest entity that stands at `offset`; NULL for none. */
static const struct entity *find_named(struct bytes excerpt, size_t offset,
                                       const struct report_finding *finding)
{
    const struct entity *best = NULL;
    if (!begins_word(excerpt, offset)) {
        return NULL;
    }
    for (size_t i = 0; i < finding->entity_count && i < FINDING_ENTITIES_MAX; i++) {
        const struct entity *entity = &finding->entities[i];
        size_t size = entity->name.size;
        bool is_better = size >= NAME_SIZE_MIN && (best == NULL || size > best->name.size);
        if (is_better && bytes_equal(bytes_part(excerpt, offset, size), entity->name) &&
            !goes_on(bytes_from(excerpt, offset + size))) {
            best = entity;
        }
    }
    return best;
}

/* What stands at `offset` apart from names; its size. */
static size_t classify(struct bytes rest, enum run_kind *kind)
{
    uint32_t code_point = 0;
    size_t size = text_utf8_next(rest, &code_point);
    *kind = size == 0                    ? RUN_HIDDEN
            : code_point == '\n'         ? RUN_BREAK
            : code_point == '\\'         ? RUN_BACKSLASH
            : text_is_hidden(code_point) ? RUN_HIDDEN
                                         : RUN_PLAIN;
    return size == 0 ? 1 : size;
}

bool highlight_next(struct bytes excerpt, size_t offset, const struct report_finding *finding,
                    struct run *out)
{
    if (offset >= excerpt.size) {
        return false;
    }
    const struct entity *named = find_named(excerpt, offset, finding);
    if (named != NULL) {
        *out = (struct run){RUN_NAMED, bytes_part(excerpt, offset, named->name.size), named};
        return true;
    }
    struct run run = {.kind = RUN_PLAIN};
    size_t at = offset + classify(bytes_from(excerpt, offset), &run.kind);
    bool is_long = run.kind == RUN_PLAIN || run.kind == RUN_HIDDEN;
    while (is_long && at < excerpt.size && find_named(excerpt, at, finding) == NULL) {
        enum run_kind kind;
        size_t size = classify(bytes_from(excerpt, at), &kind);
        if (kind != run.kind) {
            break;
        }
        at += size;
    }
    run.bytes = bytes_part(excerpt, offset, at - offset);
    *out = run;
    return true;
}
