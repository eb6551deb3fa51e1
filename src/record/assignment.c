#include "record/assignment.h"

#include "base/pack.h"
#include "record/citation.h"

#define OPTIONS_SIZE_MAX 4096U

void assignment_write(struct text *out, const struct assignment *assignment)
{
    AUTO(text_done) struct text options = text_of_limit(OPTIONS_SIZE_MAX);
    analysis_options_write(&options, &assignment->options);
    pack_u8(out, (uint8_t)assignment->kind);
    pack_bytes(out, text_bytes(&options));
    pack_bytes(out, assignment->citation);
    pack_bytes(out, assignment->name);
    pack_u64(out, assignment->size);
}

enum status assignment_read(struct bytes message, struct assignment *out)
{
    struct cursor cursor = cursor_of(message);
    uint8_t kind = cursor_u8(&cursor);
    struct bytes options = unpack_bytes(&cursor, OPTIONS_SIZE_MAX);
    struct bytes citation = unpack_bytes(&cursor, CITATION_SIZE_MAX);
    struct bytes name = unpack_bytes(&cursor, ASSIGNMENT_NAME_MAX);
    uint64_t size = cursor_u64le(&cursor);
    if (kind >= ASSIGNMENT_KIND_COUNT || !cursor_at_end(&cursor) ||
        ASSIGNMENT_HAS_CITATION(kind) == (citation.size == 0)) {
        cursor_fail(&cursor, STATUS_MALFORMED, "not an assignment");
    }
    TRY(cursor_status(&cursor));
    struct assignment assignment = {
        .kind = kind, .citation = citation, .name = name, .size = size};
    TRY(analysis_options_read(options, &assignment.options));
    *out = assignment;
    return STATUS_OK;
}
