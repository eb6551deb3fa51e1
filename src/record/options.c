#include "record/options.h"

#include "base/pack.h"

static const char *const audiences[AUDIENCE_COUNT] = {"leader", "responder", "analyst"};
static const char *const formats[REPORT_FORMAT_COUNT] = {"text", "json", "html", "markdown"};

const char *audience_name(enum audience audience)
{
    return audiences[audience];
}

enum audience audience_find(struct bytes name)
{
    unsigned i = 0;
    while (i < AUDIENCE_COUNT && !bytes_equal_text(name, audiences[i])) {
        i++;
    }
    return i;
}

const char *report_format_name(enum report_format format)
{
    return formats[format];
}

enum report_format report_format_find(struct bytes name)
{
    unsigned i = 0;
    while (i < REPORT_FORMAT_COUNT && !bytes_equal_text(name, formats[i])) {
        i++;
    }
    return i;
}

void analysis_options_write(struct text *out, const struct analysis_options *options)
{
    pack_u8(out, (uint8_t)options->audience);
    pack_u8(out, (uint8_t)options->format);
    pack_u16(out, (uint16_t)options->year);
    pack_u16(out, (uint16_t)options->zone_minutes);
    pack_u16(out, options->columns);
    pack_u8(out, (uint8_t)(options->zone_known | options->redact << 1 | options->colour << 2 |
                           options->is_partial << 3));
    pack_moment(out, options->since);
    pack_moment(out, options->until);
}

enum status analysis_options_read(struct bytes message, struct analysis_options *out)
{
    struct cursor cursor = cursor_of(message);
    struct analysis_options options = {0};
    uint8_t audience = cursor_u8(&cursor);
    uint8_t format = cursor_u8(&cursor);
    options.year = cursor_u16le(&cursor);
    options.zone_minutes = (int16_t)cursor_u16le(&cursor);
    options.columns = cursor_u16le(&cursor);
    uint8_t flags = cursor_u8(&cursor);
    options.zone_known = (flags & 1) != 0;
    options.redact = (flags & 2) != 0;
    options.colour = (flags & 4) != 0;
    options.is_partial = (flags & 8) != 0;
    options.since = unpack_moment(&cursor);
    options.until = unpack_moment(&cursor);
    TRY(cursor_status(&cursor));
    bool year_fits = options.year == 0 ||
                     (options.year >= MOMENT_YEAR_MIN && options.year <= MOMENT_YEAR_MAX);
    if (!cursor_at_end(&cursor) || audience >= AUDIENCE_COUNT ||
        format >= REPORT_FORMAT_COUNT || flags > 15 || !year_fits) {
        return STATUS_MALFORMED;
    }
    options.audience = audience;
    options.format = format;
    *out = options;
    return STATUS_OK;
}
