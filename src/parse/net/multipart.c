#include "parse/net/multipart.h"

#include <string.h>

enum phase {
    PHASE_PREAMBLE,
    PHASE_CONTENT,
    PHASE_DELIMITER, /* what follows a delimiter in its line */
    PHASE_HEAD,
    PHASE_DONE,
};

enum line_state {
    LINE_BEGINS,
    LINE_INSIDE,
};

enum status multipart_begin(struct multipart *multipart, struct bytes boundary)
{
    if (boundary.size == 0 || boundary.size > MULTIPART_BOUNDARY_MAX ||
        bytes_find_byte(boundary, '\r') < boundary.size ||
        bytes_find_byte(boundary, '\n') < boundary.size) {
        return STATUS_MALFORMED;
    }
    memset(multipart, 0, offsetof(struct multipart, head));
    memcpy(multipart->delimiter, "\r\n--", 4);
    memcpy(&multipart->delimiter[4], boundary.data, boundary.size);
    multipart->delimiter_size = 4 + boundary.size;
    multipart->matched = 2; /* the first may stand at the very start */
    return STATUS_OK;
}

static enum status give(const struct multipart *multipart, struct bytes bytes,
                        const struct multipart_sink *sink)
{
    bool is_wanted = multipart->phase == PHASE_CONTENT && bytes.size > 0;
    return is_wanted ? sink->bytes(sink->context, bytes) : STATUS_OK;
}

/* The delimiter is whole. */
static enum status end_part(struct multipart *multipart, const struct multipart_sink *sink)
{
    bool is_open = multipart->phase == PHASE_CONTENT;
    multipart->matched = 0;
    multipart->head_size = 0;
    multipart->phase = PHASE_DELIMITER;
    return is_open ? sink->end(sink->context, true) : STATUS_OK;
}

/* Content up to a delimiter.  A carriage return stands only at the delimiter's start, so what
 * was matched in vain holds no other beginning of it. */
static enum status take_content(struct multipart *multipart, struct bytes *bytes,
                                const struct multipart_sink *sink)
{
    if (multipart->matched == 0) {
        size_t end = bytes_find_byte(*bytes, '\r');
        TRY(give(multipart, bytes_part(*bytes, 0, end), sink));
        multipart->matched = end < bytes->size;
        *bytes = bytes_from(*bytes, end + 1);
        return STATUS_OK;
    }
    if (bytes->data[0] == multipart->delimiter[multipart->matched]) {
        *bytes = bytes_from(*bytes, 1);
        multipart->matched++;
        return multipart->matched == multipart->delimiter_size ? end_part(multipart, sink)
                                                               : STATUS_OK;
    }
    struct bytes matched = {multipart->delimiter, multipart->matched};
    multipart->matched = 0;
    return give(multipart, matched, sink);
}

/* The rest of the delimiter's line; "--" ends it all. */
static void take_delimiter(struct multipart *multipart, struct bytes *bytes)
{
    uint8_t byte = bytes->data[0];
    *bytes = bytes_from(*bytes, 1);
    if (byte == '\n') {
        bool is_last = multipart->part_count == MULTIPART_PARTS_MAX;
        multipart->phase = is_last ? PHASE_DONE : PHASE_HEAD;
        multipart->head_size = 0;
        multipart->line = LINE_BEGINS;
    } else if (byte == '-' && multipart->head_size < 2) {
        multipart->phase = ++multipart->head_size == 2 ? PHASE_DONE : PHASE_DELIMITER;
    }
}

static enum status take_head(struct multipart *multipart, struct bytes *bytes,
                             const struct multipart_sink *sink)
{
    uint8_t byte = bytes->data[0];
    *bytes = bytes_from(*bytes, 1);
    bool is_end = byte == '\n' && multipart->line == LINE_BEGINS;
    if (multipart->head_size < MULTIPART_HEAD_MAX) {
        multipart->head[multipart->head_size++] = byte;
    }
    if (byte == '\n') {
        multipart->line = LINE_BEGINS;
    } else if (byte != '\r') {
        multipart->line = LINE_INSIDE;
    }
    if (!is_end) {
        return STATUS_OK;
    }
    multipart->phase = PHASE_CONTENT;
    multipart->part_count++;
    multipart->matched = 0;
    return sink->begin(sink->context, (struct bytes){multipart->head, multipart->head_size});
}

enum status multipart_take(struct multipart *multipart, struct bytes bytes,
                           const struct multipart_sink *sink)
{
    while (bytes.size > 0) {
        switch ((enum phase)multipart->phase) {
        case PHASE_PREAMBLE:
        case PHASE_CONTENT:
            TRY(take_content(multipart, &bytes, sink));
            break;
        case PHASE_DELIMITER:
            take_delimiter(multipart, &bytes);
            break;
        case PHASE_HEAD:
            TRY(take_head(multipart, &bytes, sink));
            break;
        case PHASE_DONE:
            return STATUS_OK;
        }
    }
    return STATUS_OK;
}

enum status multipart_end(struct multipart *multipart, const struct multipart_sink *sink)
{
    bool is_open = multipart->phase == PHASE_CONTENT;
    multipart->phase = PHASE_DONE;
    return is_open ? sink->end(sink->context, false) : STATUS_OK;
}
