#include "parse/log/template.h"

#include <assert.h>
#include <string.h>

/* Where a field ends, and what it may hold. */
enum extent {
    EXTENT_LAST,    /* anything, to the last place where the rest fits */
    EXTENT_FIRST,   /* anything, to the first place where what follows occurs */
    EXTENT_WORD,    /* the same without a space in it, not empty */
    EXTENT_PEER,    /* the same, may be empty */
    EXTENT_NUMBER,  /* digits */
    EXTENT_ADDRESS, /* what an address is made of */
};

struct slot {
    const char *name;
    enum extent extent;
    enum field field;
    bool is_repeats;
};

static const struct slot slots[] = {
    {"*", EXTENT_LAST, FIELD_COUNT},
    {"skip", EXTENT_FIRST, FIELD_COUNT},
    {"word", EXTENT_WORD, FIELD_COUNT},
    {"number", EXTENT_NUMBER, FIELD_COUNT},
    {"repeats", EXTENT_NUMBER, FIELD_COUNT, true},
    {"peer", EXTENT_PEER, FIELD_COUNT},
    {"user", EXTENT_LAST, FIELD_USER_NAME},
    {"account", EXTENT_WORD, FIELD_USER_NAME},
    {"member", EXTENT_FIRST, FIELD_USER_NAME},
    {"actor", EXTENT_FIRST, FIELD_USER_ACTOR},
    {"as", EXTENT_WORD, FIELD_USER_TARGET},
    {"target", EXTENT_FIRST, FIELD_USER_TARGET},
    {"id", EXTENT_NUMBER, FIELD_USER_ID},
    {"group", EXTENT_FIRST, FIELD_GROUP_NAME},
    {"home", EXTENT_FIRST, FIELD_USER_HOME},
    {"shell", EXTENT_FIRST, FIELD_USER_SHELL},
    {"method", EXTENT_WORD, FIELD_AUTH_METHOD},
    {"key", EXTENT_WORD, FIELD_KEY_FINGERPRINT},
    {"address", EXTENT_ADDRESS, FIELD_SOURCE_ADDRESS},
    {"port", EXTENT_NUMBER, FIELD_SOURCE_PORT},
    {"own_address", EXTENT_ADDRESS, FIELD_DESTINATION_ADDRESS},
    {"own_port", EXTENT_NUMBER, FIELD_DESTINATION_PORT},
    {"tty", EXTENT_FIRST, FIELD_PROCESS_TERMINAL},
    {"folder", EXTENT_FIRST, FIELD_PROCESS_FOLDER},
    {"command", EXTENT_LAST, FIELD_PROCESS_COMMAND_LINE},
    {"service", EXTENT_LAST, FIELD_SERVICE_NAME},
    {"file", EXTENT_LAST, FIELD_FILE_PATH},
    {"question", EXTENT_WORD, FIELD_DNS_QUESTION},
    {"record_type", EXTENT_WORD, FIELD_DNS_TYPE},
    {"answer", EXTENT_ADDRESS, FIELD_DNS_ANSWER},
};

/* Literal text, or a slot. */
struct part {
    struct bytes literal;
    const struct slot *slot; /* NULL for a literal */
};

struct template
{
    struct part parts[TEMPLATE_PARTS_MAX];
    size_t part_count;
};

struct match {
    const struct template *template;
    struct capture *captures;
    unsigned tries_left;
};

static const struct slot *slot_of(struct bytes name)
{
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        if (name.data[0] == (uint8_t)slots[i].name[0] &&
            bytes_equal_text(name, slots[i].name)) {
            return &slots[i];
        }
    }
    return NULL;
}

const struct template *template_new(const char *text, struct arena *arena)
{
    struct template *template = arena_take(arena, sizeof *template);
    if (template == NULL) {
        return NULL;
    }
    struct bytes rest = bytes_of_text(text);
    while (rest.size > 0) {
        assert(template->part_count < TEMPLATE_PARTS_MAX);
        struct part *part = &template->parts[template->part_count++];
        bool is_slot = rest.data[0] == '{';
        size_t size = bytes_find_byte(rest, is_slot ? '}' : '{');
        if (is_slot) {
            part->slot = slot_of(bytes_part(rest, 1, size - 1));
            assert(part->slot != NULL && size < rest.size);
            assert(template->part_count == 1 || part[-1].slot == NULL);
            size++;
        } else {
            part->literal = bytes_part(rest, 0, size);
        }
        rest = bytes_from(rest, size);
    }
    return template;
}

uint8_t template_first(const struct template *template)
{
    const struct part *part = &template->parts[0];
    return part->slot == NULL && part->literal.size > 0 ? part->literal.data[0] : 0;
}

static bool is_address_byte(uint8_t byte)
{
    bool is_hex = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
                  (byte >= 'A' && byte <= 'F');
    return is_hex || byte == '.' || byte == ':';
}

/* Also lets a zone pass: "fe80::1%eth0". */
static bool is_address(struct bytes value)
{
    size_t zone = bytes_find_byte(value, '%');
    bool has_separator = false;
    for (size_t i = 0; i < zone; i++) {
        has_separator = has_separator || value.data[i] == '.' || value.data[i] == ':';
        if (!is_address_byte(value.data[i])) {
            return false;
        }
    }
    return has_separator && bytes_find_byte(value, ' ') == value.size;
}

static bool is_number(struct bytes value)
{
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] < '0' || value.data[i] > '9') {
            return false;
        }
    }
    return value.size > 0;
}

static bool may_hold(const struct slot *slot, struct bytes value)
{
    switch (slot->extent) {
    case EXTENT_LAST:
    case EXTENT_FIRST:
        return true;
    case EXTENT_WORD:
        return value.size > 0 && bytes_find_byte(value, ' ') == value.size;
    case EXTENT_PEER:
        return bytes_find_byte(value, ' ') == value.size;
    case EXTENT_NUMBER:
        return is_number(value);
    case EXTENT_ADDRESS:
        return is_address(value);
    }
    return false;
}

/* `literal` is not empty.  Most that differ do so in the first byte already. */
static bool starts_with(struct bytes text, struct bytes literal)
{
    return text.size >= literal.size && text.data[0] == literal.data[0] &&
           memcmp(text.data, literal.data, literal.size) == 0;
}

static bool ends_with(struct bytes text, struct bytes literal)
{
    return text.size >= literal.size &&
           starts_with(bytes_from(text, text.size - literal.size), literal);
}

/* The last place of `literal` in `text`, or text.size. */
static size_t find_last(struct bytes text, struct bytes literal)
{
    size_t end = text.size < literal.size ? 0 : text.size - literal.size + 1;
    while (end > 0) {
        const uint8_t *first = memrchr(text.data, literal.data[0], end);
        if (first == NULL) {
            break;
        }
        end = (size_t)(first - text.data);
        if (starts_with(bytes_from(text, end), literal)) {
            return end;
        }
    }
    return text.size;
}

/* True for a byte that no value of the slot holds. */
static bool ends_slot(const struct slot *slot, uint8_t byte)
{
    switch (slot->extent) {
    case EXTENT_LAST:
    case EXTENT_FIRST:
        return false;
    case EXTENT_WORD:
    case EXTENT_PEER:
    case EXTENT_ADDRESS:
        return byte == ' ';
    case EXTENT_NUMBER:
        return byte < '0' || byte > '9';
    }
    return false;
}

/* Where the slot ends and `literal` begins, or text.size.  What begins with a byte that the
 * slot cannot hold begins at the first of these bytes, or the slot does not fit. */
static size_t find_end(const struct slot *slot, struct bytes text, struct bytes literal)
{
    if (!ends_slot(slot, literal.data[0])) {
        return bytes_find(text, literal);
    }
    size_t at = bytes_find_byte(text, literal.data[0]);
    return starts_with(bytes_from(text, at), literal) ? at : text.size;
}

static void capture(struct match *match, size_t index, struct bytes value)
{
    const struct slot *slot = match->template->parts[index].slot;
    match->captures[index] = (struct capture){
        .field = slot->field,
        .is_peer = slot->extent == EXTENT_PEER,
        .is_repeats = slot->is_repeats,
        .value = value,
    };
}

static bool match_from(struct match *match, size_t index, struct bytes text);

/* A slot to the last place of the literal behind it from which the rest fits. */
static bool match_last(struct match *match, size_t index, struct bytes text)
{
    const struct part *parts = match->template->parts;
    struct bytes literal = parts[index + 1].literal;
    struct bytes head = text;
    bool literal_ends = index + 2 == match->template->part_count;
    while (match->tries_left > 0) {
        match->tries_left--;
        size_t at = find_last(head, literal);
        if (at == head.size || (literal_ends && at + literal.size != text.size)) {
            return false;
        }
        if (match_from(match, index + 2, bytes_from(text, at + literal.size))) {
            capture(match, index, bytes_part(text, 0, at));
            return true;
        }
        head = bytes_part(text, 0, at + literal.size - 1);
    }
    return false;
}

static bool match_from(struct match *match, size_t index, struct bytes text)
{
    const struct part *parts = match->template->parts;
    size_t count = match->template->part_count;
    while (index < count) {
        const struct slot *slot = parts[index].slot;
        if (slot == NULL) {
            if (!starts_with(text, parts[index].literal)) {
                return false;
            }
            text = bytes_from(text, parts[index].literal.size);
            index++;
            continue;
        }
        bool is_end = index + 1 == count;
        if (!is_end && slot->extent == EXTENT_LAST) {
            return match_last(match, index, text);
        }
        struct bytes literal = is_end ? BYTES_NONE : parts[index + 1].literal;
        size_t at = is_end ? text.size : find_end(slot, text, literal);
        struct bytes value = bytes_part(text, 0, at);
        if ((!is_end && at == text.size) || !may_hold(slot, value)) {
            return false;
        }
        capture(match, index, value);
        text = bytes_from(text, at + literal.size);
        index += is_end ? 1 : 2;
    }
    return text.size == 0;
}

bool template_match(const struct template *template, struct bytes text,
                    struct capture *captures, size_t *capture_count)
{
    struct match match = {template, captures, TEMPLATE_TRIES_MAX};
    const struct part *first = &template->parts[0];
    const struct part *last = &template->parts[template->part_count - 1];
    if ((first->slot == NULL && !starts_with(text, first->literal)) ||
        (last->slot == NULL && !ends_with(text, last->literal))) {
        return false;
    }
    if (!match_from(&match, 0, text)) {
        return false;
    }
    for (size_t i = 0; i < template->part_count; i++) {
        if (template->parts[i].slot == NULL) {
            captures[i] = (struct capture){.field = FIELD_COUNT};
        }
    }
    *capture_count = template->part_count;
    return true;
}
