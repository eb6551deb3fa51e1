#include "access/audit_decode.h"

#include <assert.h>

#include "base/cursor.h"

#define CBOR_UNSIGNED 0
#define CBOR_BYTES 2
#define CBOR_TEXT 3
#define CBOR_MAP 5
#define CLASS_LAST 2

static const char *const event_names[] = {
    [AUDIT_BEGIN] = "begin", [AUDIT_REFUSED] = "refused", [AUDIT_ALLOWED] = "allowed",
    [AUDIT_DONE] = "done",   [AUDIT_FAILED] = "failed",   [AUDIT_RECOVERED] = "recovered",
};
static_assert(sizeof event_names / sizeof *event_names == AUDIT_EVENT_COUNT,
              "every event has a name");

static void refuse(struct cursor *cursor, const char *what)
{
    cursor_fail(cursor, STATUS_MALFORMED, what);
}

/* RFC 8949, 4.2.1: an argument in its shortest form only. */
static uint64_t read_head(struct cursor *cursor, unsigned major)
{
    uint8_t first = cursor_u8(cursor);
    if (first >> 5 != major) {
        refuse(cursor, "not the kind of value that belongs here");
    }
    unsigned code = first & 0x1fU;
    uint64_t value = code;
    uint64_t least = 0;
    if (code == 24) {
        value = cursor_u8(cursor);
        least = 24;
    } else if (code == 25) {
        value = cursor_u16be(cursor);
        least = 0x100;
    } else if (code == 26) {
        value = cursor_u32be(cursor);
        least = 0x10000;
    } else if (code == 27) {
        value = cursor_u64be(cursor);
        least = UINT64_C(0x100000000);
    } else if (code > 27) {
        refuse(cursor, "an indefinite or reserved length");
    }
    if (value < least) {
        refuse(cursor, "a number not in its shortest form");
    }
    return value;
}

static void read_key(struct cursor *cursor, enum audit_key key)
{
    if (read_head(cursor, CBOR_UNSIGNED) != key) {
        refuse(cursor, "a key out of its place");
    }
}

static uint64_t read_number(struct cursor *cursor, enum audit_key key, uint64_t max)
{
    read_key(cursor, key);
    uint64_t value = read_head(cursor, CBOR_UNSIGNED);
    if (value > max) {
        refuse(cursor, "a number too large");
    }
    return value;
}

static struct bytes read_hash(struct cursor *cursor, enum audit_key key, size_t size)
{
    read_key(cursor, key);
    if (read_head(cursor, CBOR_BYTES) != size) {
        refuse(cursor, "a hash of another size");
    }
    return cursor_take(cursor, size);
}

static struct bytes read_word(struct cursor *cursor, enum audit_key key)
{
    read_key(cursor, key);
    uint64_t size = read_head(cursor, CBOR_TEXT);
    struct bytes word = cursor_take(cursor, cursor_count(cursor, size, 1, AUDIT_WORD_MAX));
    for (size_t i = 0; i < word.size; i++) {
        uint8_t c = word.data[i];
        bool is_letter = c >= 'a' && c <= 'z';
        bool is_digit = c >= '0' && c <= '9';
        if (!is_letter && !is_digit && c != '.' && c != '_' && c != '-') {
            refuse(cursor, "a word with other characters");
        }
    }
    return word;
}

/* True, and one more counted, where `key` comes next. */
static bool comes_next(const struct cursor *cursor, enum audit_key key, uint64_t *count)
{
    bool is_next = !cursor_at_end(cursor) && cursor_peek(cursor) == (uint8_t)key;
    *count += is_next;
    return is_next;
}

enum status audit_entry_decode(struct bytes input, struct audit_entry *out)
{
    if (input.size > AUDIT_ENTRY_MAX) {
        return STATUS_LIMIT;
    }
    struct cursor cursor = cursor_of(input);
    struct audit_entry entry = {0};
    uint64_t said = read_head(&cursor, CBOR_MAP);
    uint64_t count = AUDIT_KEY_POLICY + 1;
    if (read_number(&cursor, AUDIT_KEY_VERSION, UINT64_MAX) != AUDIT_ENTRY_VERSION) {
        refuse(&cursor, "another version");
    }
    entry.sequence = read_number(&cursor, AUDIT_KEY_SEQUENCE, UINT64_MAX);
    entry.time_ms = read_number(&cursor, AUDIT_KEY_TIME, UINT64_MAX);
    entry.event =
        (enum audit_event)read_number(&cursor, AUDIT_KEY_EVENT, AUDIT_EVENT_COUNT - 1);
    entry.subject = read_hash(&cursor, AUDIT_KEY_SUBJECT, AUDIT_SUBJECT_SIZE);
    entry.operation = read_word(&cursor, AUDIT_KEY_OPERATION);
    entry.class = (uint8_t)read_number(&cursor, AUDIT_KEY_CLASS, CLASS_LAST);
    entry.rule = read_word(&cursor, AUDIT_KEY_RULE);
    entry.reason = read_word(&cursor, AUDIT_KEY_REASON);
    entry.policy = read_hash(&cursor, AUDIT_KEY_POLICY, AUDIT_HASH_SIZE);
    if (comes_next(&cursor, AUDIT_KEY_OBJECT, &count)) {
        entry.object = read_hash(&cursor, AUDIT_KEY_OBJECT, AUDIT_HASH_SIZE);
    }
    if (comes_next(&cursor, AUDIT_KEY_COMMITMENT, &count)) {
        entry.commitment = read_hash(&cursor, AUDIT_KEY_COMMITMENT, AUDIT_HASH_SIZE);
    }
    if (comes_next(&cursor, AUDIT_KEY_DECISION, &count)) {
        entry.has_decision = true;
        entry.decision = read_number(&cursor, AUDIT_KEY_DECISION, UINT64_MAX);
    }
    if (count != said || !cursor_at_end(&cursor)) {
        refuse(&cursor, "more or fewer values than said");
    }
    TRY(cursor_status(&cursor));
    *out = entry;
    return STATUS_OK;
}

const char *audit_event_name(enum audit_event event)
{
    assert((unsigned)event < AUDIT_EVENT_COUNT);
    return event_names[event];
}
