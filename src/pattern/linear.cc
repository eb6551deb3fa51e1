#include "pattern/linear.h"

#include <re2/re2.h>

static re2::StringPiece piece_of(struct bytes bytes)
{
    return re2::StringPiece(reinterpret_cast<const char *>(bytes.data), bytes.size);
}

enum status linear_matches(struct bytes pattern, struct bytes subject, bool *out)
{
    if (pattern.size > LINEAR_PATTERN_SIZE_MAX) {
        return STATUS_LIMIT;
    }
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(LINEAR_MEMORY_MAX);
    RE2 compiled(piece_of(pattern), options);
    if (!compiled.ok()) {
        return compiled.error_code() == RE2::ErrorPatternTooLarge ? STATUS_LIMIT
                                                                  : STATUS_MALFORMED;
    }
    *out = RE2::PartialMatch(piece_of(subject), compiled);
    return STATUS_OK;
}
