#include "access/audit_entry.h"

#include <assert.h>

#include "base/cursor.h"

enum major { MAJOR_UNSIGNED = 0, MAJOR_BYTES = 2, MAJOR_TEXT = 3, MAJOR_MAP = 5 };

#define KEY_COUNT_FIXED 10U

/* The shortest head that holds `value`: what makes the encoding canonical. */
static void add_head(struct text *out, enum major major, uint64_t value)
{
    int width = value < 24            ? 0
                : value <= 0xff       ? 1
                : value <= 0xffff     ? 2
                : value <= 0xffffffff ? 4
                                      : 8;
    static const uint8_t codes[] = {[1] = 24, [2] = 25, [4] = 26, [8] = 27};
    uint8_t low = width == 0 ? (uint8_t)value : codes[width];
    text_add_byte(out, (char)(uint8_t)((unsigned)major << 5 | low));
    for (int i = width - 1; i >= 0; i--) {
        text_add_byte(out, (char)(uint8_t)(value >> (8 * i)));
    }
}

static void add_number(struct text *out, enum audit_key key, uint64_t value)
{
    add_head(out, MAJOR_UNSIGNED, key);
    add_head(out, MAJOR_UNSIGNED, value);
}

static void add_string(struct text *out, enum audit_key key, enum major major,
                       struct bytes bytes)
{
    add_head(out, MAJOR_UNSIGNED, key);
    add_head(out, major, bytes.size);
    text_add_raw(out, bytes);
}

static bool is_word(struct bytes word)
{
    for (size_t i = 0; i < word.size; i++) {
        uint8_t c = word.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
              c == '-')) {
            return false;
        }
    }
    return word.size <= AUDIT_WORD_MAX;
}

static bool is_hash_or_none(struct bytes bytes)
{
    return bytes.size == 0 || bytes.size == AUDIT_HASH_SIZE;
}

enum status audit_entry_encode(const struct audit_entry *entry, struct text *out)
{
    if (!is_word(entry->operation) || !is_word(entry->rule) || !is_word(entry->reason) ||
        entry->subject.size != AUDIT_SUBJECT_SIZE || entry->policy.size != AUDIT_HASH_SIZE ||
        !is_hash_or_none(entry->object) || !is_hash_or_none(entry->commitment)) {
        return STATUS_LIMIT;
    }
    add_head(out, MAJOR_MAP,
             KEY_COUNT_FIXED + (entry->object.size > 0) + (entry->commitment.size > 0) +
                 entry->has_decision);
    add_number(out, AUDIT_KEY_VERSION, AUDIT_ENTRY_VERSION);
    add_number(out, AUDIT_KEY_SEQUENCE, entry->sequence);
    add_number(out, AUDIT_KEY_TIME, entry->time_ms);
    add_number(out, AUDIT_KEY_EVENT, entry->event);
    add_string(out, AUDIT_KEY_SUBJECT, MAJOR_BYTES, entry->subject);
    add_string(out, AUDIT_KEY_OPERATION, MAJOR_TEXT, entry->operation);
    add_number(out, AUDIT_KEY_CLASS, entry->class);
    add_string(out, AUDIT_KEY_RULE, MAJOR_TEXT, entry->rule);
    add_string(out, AUDIT_KEY_REASON, MAJOR_TEXT, entry->reason);
    add_string(out, AUDIT_KEY_POLICY, MAJOR_BYTES, entry->policy);
    if (entry->object.size > 0) {
        add_string(out, AUDIT_KEY_OBJECT, MAJOR_BYTES, entry->object);
    }
    if (entry->commitment.size > 0) {
        add_string(out, AUDIT_KEY_COMMITMENT, MAJOR_BYTES, entry->commitment);
    }
    if (entry->has_decision) {
        add_number(out, AUDIT_KEY_DECISION, entry->decision);
    }
    return text_status(out);
}

/* A number as add_number writes it. */
static uint64_t take_number(struct cursor *cursor, enum audit_key key)
{
    bool is_key = cursor_u8(cursor) == key;
    uint8_t code = cursor_u8(cursor);
    if (!is_key || code > 27) {
        cursor_fail(cursor, STATUS_MALFORMED, "not the number that belongs here");
        return 0;
    }
    return code < 24    ? code
           : code == 24 ? cursor_u8(cursor)
           : code == 25 ? cursor_u16be(cursor)
           : code == 26 ? cursor_u32be(cursor)
                        : cursor_u64be(cursor);
}

enum status audit_entry_time(struct bytes encoded, uint64_t *time_ms)
{
    struct cursor cursor = cursor_of(encoded);
    cursor_skip(&cursor, 1); /* how many keys the map has */
    IGNORE(take_number(&cursor, AUDIT_KEY_VERSION) == 0, "the writer knows one version");
    IGNORE(take_number(&cursor, AUDIT_KEY_SEQUENCE) == 0, "its place says as much");
    uint64_t found_ms = take_number(&cursor, AUDIT_KEY_TIME);
    TRY(cursor_status(&cursor));
    *time_ms = found_ms;
    return STATUS_OK;
}
