#include "record/citation.h"

#include "base/cursor.h"
#include "base/number.h"

#include <string.h>

static const char *const reserved[] = {"coverage", "attack",   "kev",
                                       "known",    "playbook", "site"};
#define RESERVED_COUNT (sizeof reserved / sizeof *reserved)

static bool is_plain(uint32_t code_point)
{
    if (code_point <= ' ' || text_is_hidden(code_point)) {
        return false;
    }
    return code_point >= 0x80 || strchr("%#@:!~,\"'`()[]{}<>\\", (int)code_point) == NULL;
}

static void add_encoded_byte(struct text *text, uint8_t byte)
{
    text_addf(text, "%%%02X", byte);
}

void citation_add_name(struct text *text, struct bytes raw)
{
    while (raw.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(raw, &code_point);
        if (size > 0 && is_plain(code_point)) {
            text_add_raw(text, bytes_part(raw, 0, size));
        } else {
            size = size == 0 ? 1 : size;
            for (size_t i = 0; i < size; i++) {
                add_encoded_byte(text, raw.data[i]);
            }
        }
        raw = bytes_from(raw, size);
    }
}

static bool is_reserved(struct bytes word)
{
    for (size_t i = 0; i < RESERVED_COUNT; i++) {
        if (bytes_equal_text(word, reserved[i])) {
            return true;
        }
    }
    return false;
}

/* Where the first part of a path ends in "~2", "~3", ...: the index of the "~", or the size.
 * Several roots of one name are told apart so, and a citation says it as it is shown. */
static size_t find_root_number(struct bytes raw)
{
    size_t end = bytes_find_byte(raw, '/');
    size_t at = end;
    while (at > 0 && raw.data[at - 1] >= '0' && raw.data[at - 1] <= '9') {
        at--;
    }
    uint64_t number = 0;
    struct bytes digits = bytes_part(raw, at, end - at);
    bool fits = at > 1 && raw.data[at - 1] == '~' && digits.size > 0 && digits.data[0] != '0' &&
                number_decimal(digits, &number) == STATUS_OK && number >= 2;
    return fits ? at - 1 : raw.size;
}

void citation_add_path(struct text *text, struct bytes raw)
{
    if (is_reserved(raw)) {
        add_encoded_byte(text, raw.data[0]);
        raw = bytes_from(raw, 1);
    }
    size_t mark = find_root_number(raw);
    citation_add_name(text, bytes_part(raw, 0, mark));
    if (mark < raw.size) {
        text_add(text, "~");
        citation_add_name(text, bytes_from(raw, mark + 1));
    }
}

static void decode_into(struct bytes encoded, struct text *out)
{
    struct cursor cursor = cursor_of(encoded);
    while (!cursor_at_end(&cursor)) {
        uint8_t byte = cursor_u8(&cursor);
        uint64_t value = byte;
        if (byte == '%' && number_hex(cursor_take(&cursor, 2), &value) != STATUS_OK) {
            out->status = STATUS_MALFORMED;
            return;
        }
        text_add_byte(out, (char)(uint8_t)value);
    }
}

/* True where encoding `raw` again gives `encoded`, as a name or as a path. */
static bool encodes_to(struct bytes raw, struct bytes encoded)
{
    AUTO(text_done) struct text name = text_of_limit(encoded.size + 8);
    AUTO(text_done) struct text path = text_of_limit(encoded.size + 8);
    citation_add_name(&name, raw);
    citation_add_path(&path, raw);
    return bytes_equal(text_bytes(&name), encoded) || bytes_equal(text_bytes(&path), encoded);
}

enum status citation_decode_name(struct bytes encoded, struct text *out)
{
    struct text raw = text_of_limit(encoded.size + 1);
    decode_into(encoded, &raw);
    enum status status = text_status(&raw);
    if (status == STATUS_OK && !encodes_to(text_bytes(&raw), encoded)) {
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK) {
        text_add_raw(out, text_bytes(&raw));
        status = text_status(out);
    }
    text_done(&raw);
    return status;
}

static void add_place(struct text *text, const struct place *place)
{
    unsigned long long first = place->first;
    unsigned long long last = place->last;
    switch (place->kind) {
    case PLACE_WHOLE:
        break;
    case PLACE_LINES:
        text_addf(text, first == last ? ":%llu" : ":%llu-%llu", first, last);
        break;
    case PLACE_FRAME:
        text_addf(text, "#frame=%llu", first);
        break;
    case PLACE_FLOW:
        text_addf(text, "#flow=%llu", first);
        break;
    case PLACE_RECORD:
        text_addf(text, "#record=%llu", first);
        break;
    case PLACE_BYTES:
        text_addf(text, "@0x%llx+%llu", first, last);
        break;
    }
}

void citation_add(struct text *text, const struct citation *citation)
{
    if (citation->kind == CITATION_COVERAGE) {
        text_add(text, "coverage:");
    } else if (citation->kind == CITATION_SITE) {
        text_add(text, "site:");
    }
    text_add_raw(text, citation->subject);
    if (citation->kind == CITATION_EVIDENCE) {
        add_place(text, &citation->place);
    }
}

/* The index of the first of the bytes that end a path, or its size. */
static size_t path_size(struct bytes word)
{
    for (size_t i = 0; i < word.size; i++) {
        if (memchr(":#@", word.data[i], 3) != NULL) {
            return i;
        }
    }
    return word.size;
}

/* Each name of an encoded path must be what citation_add_name writes. */
static bool is_encoded_path(struct bytes path)
{
    bool first = true;
    struct bytes rest = path;
    while (rest.size > 0) {
        size_t end = bytes_find(rest, bytes_of_text("!/"));
        struct bytes part = bytes_part(rest, 0, end);
        struct text raw = text_of_limit(part.size + 1);
        decode_into(part, &raw);
        struct text again = text_of_limit(part.size + 8);
        if (first) {
            citation_add_path(&again, text_bytes(&raw));
        } else {
            citation_add_name(&again, text_bytes(&raw));
        }
        bool same = part.size > 0 && text_status(&raw) == STATUS_OK &&
                    bytes_equal(text_bytes(&again), part);
        text_done(&raw);
        text_done(&again);
        if (!same || end + 2 == rest.size) {
            return false;
        }
        first = false;
        rest = bytes_from(rest, end + 2);
    }
    return path.size > 0;
}

static void read_place(struct cursor *cursor, struct place *place)
{
    static const struct {
        const char *text;
        enum place_kind kind;
    } starts[] = {
        {":", PLACE_LINES},         {"#frame=", PLACE_FRAME}, {"#flow=", PLACE_FLOW},
        {"#record=", PLACE_RECORD}, {"@0x", PLACE_BYTES},
    };
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (cursor_accept(cursor, starts[i].text)) {
            place->kind = starts[i].kind;
            break;
        }
    }
    struct bytes first = cursor_rest(cursor);
    struct bytes second = BYTES_NONE;
    uint8_t separator = place->kind == PLACE_BYTES ? '+' : '-';
    size_t at = bytes_find_byte(first, separator);
    bool may_range = place->kind == PLACE_BYTES || place->kind == PLACE_LINES;
    if (may_range && at < first.size) {
        second = bytes_from(first, at + 1);
        first = bytes_part(first, 0, at);
    }
    enum status status = place->kind == PLACE_BYTES ? number_hex(first, &place->first)
                                                    : number_decimal(first, &place->first);
    place->last = place->first;
    if (status == STATUS_OK && (second.size > 0 || place->kind == PLACE_BYTES)) {
        status = number_decimal(second, &place->last);
    }
    bool backwards = place->kind == PLACE_LINES && place->last < place->first;
    if (status != STATUS_OK || place->kind == PLACE_WHOLE || backwards) {
        cursor_fail(cursor, STATUS_MALFORMED, "a place that no citation has");
    }
}

/* What was read must be what would be written: one place has one citation. */
static enum status check_canonical(struct bytes word, const struct citation *citation)
{
    struct text again = text_of_limit(word.size + 64);
    citation_add(&again, citation);
    bool same = bytes_equal(text_bytes(&again), word);
    text_done(&again);
    return same ? STATUS_OK : STATUS_MALFORMED;
}

static bool is_knowledge_subject(struct bytes subject)
{
    for (size_t i = 0; i < subject.size; i++) {
        uint8_t byte = subject.data[i];
        if (byte <= ' ' || byte >= 0x7f || strchr("[]\"'\\", byte) != NULL) {
            return false;
        }
    }
    return subject.size > 0;
}

enum status citation_read(struct bytes word, struct citation *out)
{
    if (word.size > CITATION_SIZE_MAX) {
        return STATUS_LIMIT;
    }
    struct citation citation = {0};
    struct cursor cursor = cursor_of(word);
    size_t size = path_size(word);
    struct bytes head = bytes_part(word, 0, size);
    if (size < word.size && word.data[size] == ':' && is_reserved(head)) {
        struct bytes tail = bytes_from(word, size + 1);
        bool is_path = bytes_equal_text(head, "coverage") || bytes_equal_text(head, "site");
        citation.kind = bytes_equal_text(head, "coverage") ? CITATION_COVERAGE
                        : is_path                          ? CITATION_SITE
                                                           : CITATION_KNOWLEDGE;
        citation.subject = is_path ? tail : word;
        if (is_path ? !is_encoded_path(tail) : !is_knowledge_subject(tail)) {
            return STATUS_MALFORMED;
        }
    } else {
        citation.subject = cursor_take(&cursor, size);
        if (!is_encoded_path(citation.subject)) {
            return STATUS_MALFORMED;
        }
        if (!cursor_at_end(&cursor)) {
            read_place(&cursor, &citation.place);
            TRY(cursor_status(&cursor));
        }
    }
    TRY(check_canonical(word, &citation));
    *out = citation;
    return STATUS_OK;
}

bool citation_equal(const struct citation *a, const struct citation *b)
{
    return a->kind == b->kind && bytes_equal(a->subject, b->subject) &&
           (a->kind != CITATION_EVIDENCE ||
            (a->place.kind == b->place.kind && a->place.first == b->place.first &&
             a->place.last == b->place.last));
}

const char *citation_kind_name(enum citation_kind kind)
{
    static const char *const names[CITATION_KIND_COUNT] = {"evidence", "coverage", "knowledge",
                                                           "site"};
    return names[kind];
}
