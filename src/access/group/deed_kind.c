#include "access/group/deed_kind.h"

#include <assert.h>

#include "access/note.h"
#include "access/seal/sealing_key.h"
#include "base/moment.h"
#include "base/number.h"
#include "base/text.h"
#include "codec/base64.h"
#include "codec/sha256.h"

#define HASH_DIGITS (2 * sizeof(struct sha256))
#define OFFICERS_MAX 32
#define WITNESSES_MAX 16
#define FACTS_MAX 512
#define CONTACTS_MAX 4
#define BLANK_BRAILLE 0x2800
#define MARKS_FIRST 0x0300
#define MARKS_LAST 0x036f
#define KEY_LINE_MAX (NOTE_NAME_MAX + 64)

static const struct {
    const char *line;
    const char *unwanted;
} kinds[] = {
    [DEED_CARD] = {"tocsin/card/1", "it is a card, which is not what is wanted here"},
    [DEED_GROUP] = {"tocsin/group/1", "it is a group's card, which is not what is wanted here"},
    [DEED_ENROLMENT] = {"tocsin/enrolment/1",
                        "it is an enrolment, which is not what is wanted here"},
    [DEED_ADMISSION] = {"tocsin/admission/1",
                        "it is an admission, which is not what is wanted here"},
    [DEED_VOUCH] = {"tocsin/vouch/1", "it is a vouch, which is not what is wanted here"},
    [DEED_REQUEST] = {"tocsin/request/1", "it is a request, which is not what is wanted here"},
    [DEED_GRANT] = {"tocsin/grant/1", "it is a grant, which is not what is wanted here"},
    [DEED_REVOCATIONS] = {"tocsin/revocations/1",
                          "it is a list of revocations, which is not what is wanted here"},
};
static_assert(sizeof kinds / sizeof *kinds == DEED_KIND_COUNT, "every kind has a line");

/* Every deed begins with these: whose it is, and when it was made. */
static const struct deed_field common[] = {
    {"key", {SHAPE_KEY}, 1, 1, KEY_LINE_MAX},
    {"made", {SHAPE_TIME}, 1, 1, DEED_WORD_MAX},
};
#define COMMON_COUNT (sizeof common / sizeof *common)

struct row {
    enum deed_kind kind;
    struct deed_field field;
};

/* rows: one deleted at a time by make prove */
static const struct row fields[] = {
    {DEED_CARD, {"name", {SHAPE_NAME}, 1, 1, DEED_NAME_MAX}},
    {DEED_CARD, {"recipient", {SHAPE_RECIPIENT}, 1, 1, DEED_VALUE_MAX}},
    {DEED_GROUP, {"name", {SHAPE_NAME}, 1, 1, DEED_NAME_MAX}},
    {DEED_GROUP, {"policy", {SHAPE_HASH}, 1, 1, DEED_VALUE_MAX}},
    {DEED_GROUP, {"rules", {SHAPE_HASH}, 0, 1, DEED_VALUE_MAX}},
    {DEED_GROUP,
     {"officer", {SHAPE_WORD, SHAPE_KEY, SHAPE_NAME}, 2, OFFICERS_MAX, DEED_VALUE_MAX}},
    {DEED_GROUP, {"witness", {SHAPE_WITNESS}, 0, WITNESSES_MAX, KEY_LINE_MAX}},
    {DEED_GROUP, {"quorum", {SHAPE_NUMBER}, 0, 1, DEED_WORD_MAX}},
    {DEED_ENROLMENT, {"group", {SHAPE_KEY}, 1, 1, KEY_LINE_MAX}},
    {DEED_ENROLMENT, {"name", {SHAPE_NAME}, 1, 1, DEED_NAME_MAX}},
    {DEED_ENROLMENT, {"organisation", {SHAPE_NAME}, 1, 1, DEED_NAME_MAX}},
    {DEED_ENROLMENT, {"contact", {SHAPE_TEXT}, 0, CONTACTS_MAX, DEED_NAME_MAX}},
    {DEED_ENROLMENT, {"recipient", {SHAPE_RECIPIENT}, 1, 1, DEED_VALUE_MAX}},
    {DEED_ADMISSION, {"enrolment", {SHAPE_HASH}, 1, 1, DEED_VALUE_MAX}},
    {DEED_ADMISSION, {"fact", {SHAPE_TEXT}, 0, FACTS_MAX, DEED_VALUE_MAX}},
    {DEED_VOUCH, {"group", {SHAPE_KEY}, 1, 1, KEY_LINE_MAX}},
    {DEED_VOUCH, {"enrolment", {SHAPE_HASH}, 1, 1, DEED_VALUE_MAX}},
    {DEED_VOUCH, {"name", {SHAPE_NAME}, 1, 1, DEED_NAME_MAX}},
    {DEED_REQUEST, {"group", {SHAPE_KEY}, 1, 1, KEY_LINE_MAX}},
    {DEED_REQUEST, {"pack", {SHAPE_LABEL}, 1, 1, DEED_WORD_MAX}},
    {DEED_REQUEST, {"hours", {SHAPE_NUMBER}, 1, 1, DEED_WORD_MAX}},
    {DEED_REQUEST, {"reason", {SHAPE_TEXT}, 1, 1, DEED_REASON_MAX}},
    {DEED_REQUEST, {"asset", {SHAPE_WORD, SHAPE_NAME}, 0, DEED_ASSETS_MAX, DEED_REASON_MAX}},
    {DEED_GRANT, {"group", {SHAPE_KEY}, 1, 1, KEY_LINE_MAX}},
    {DEED_GRANT, {"token", {SHAPE_BASE64}, 1, DEED_CHUNKS_MAX, DEED_VALUE_MAX}},
    {DEED_GRANT, {"blocks", {SHAPE_NUMBER}, 1, 1, DEED_WORD_MAX}},
    {DEED_GRANT, {"proof", {SHAPE_BASE64}, 1, DEED_CHUNKS_MAX, DEED_VALUE_MAX}},
    {DEED_REVOCATIONS, {"number", {SHAPE_NUMBER}, 1, 1, DEED_WORD_MAX}},
    {DEED_REVOCATIONS,
     {"revoked", {SHAPE_HASH, SHAPE_TIME}, 0, DEED_REVOKED_MAX, DEED_VALUE_MAX}},
    {DEED_REVOCATIONS,
     {"organisation",
      {SHAPE_TIME, SHAPE_TIME, SHAPE_NAME},
      0,
      DEED_REVOKED_RULES_MAX,
      DEED_VALUE_MAX}},
    {DEED_REVOCATIONS,
     {"of-key",
      {SHAPE_TIME, SHAPE_TIME, SHAPE_KEY},
      0,
      DEED_REVOKED_RULES_MAX,
      DEED_VALUE_MAX}},
    {DEED_REVOCATIONS, {"epoch", {SHAPE_TIME, SHAPE_TIME}, 0, 1, DEED_VALUE_MAX}},
};
#define FIELD_COUNT (sizeof fields / sizeof *fields)

const char *deed_kind_line(enum deed_kind kind)
{
    assert((unsigned)kind < DEED_KIND_COUNT);
    return kinds[kind].line;
}

const char *deed_kind_unwanted(enum deed_kind kind)
{
    assert((unsigned)kind < DEED_KIND_COUNT);
    return kinds[kind].unwanted;
}

const struct deed_field *deed_field_at(enum deed_kind kind, size_t index)
{
    if (index < COMMON_COUNT) {
        return &common[index];
    }
    index -= COMMON_COUNT;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (fields[i].kind == kind && index-- == 0) {
            return &fields[i].field;
        }
    }
    return NULL;
}

const struct deed_field *deed_field_find(enum deed_kind kind, struct bytes name)
{
    const struct deed_field *field;
    for (size_t i = 0; (field = deed_field_at(kind, i)) != NULL; i++) {
        if (bytes_equal_text(name, field->name)) {
            return field;
        }
    }
    return NULL;
}

/* ---- shapes: each has one form only ---- */

static const char *text_fault(struct bytes value)
{
    if (value.data[0] == ' ' || value.data[value.size - 1] == ' ') {
        return "begins or ends with a space";
    }
    while (value.size > 0) {
        uint32_t point = 0;
        size_t size = text_utf8_next(value, &point);
        if (size == 0) {
            return "is not UTF-8";
        }
        if (text_is_hidden(point)) {
            return "holds a character that cannot be seen";
        }
        value = bytes_from(value, size);
    }
    return NULL;
}

/* Two names that look equal are to be equal.  Nothing here knows which letter and mark have a
 * form in one, so joining marks are refused as such: whoever types a name has the one form. */
static const char *name_fault(struct bytes value)
{
    const char *what = text_fault(value);
    uint32_t before = 0;
    while (what == NULL && value.size > 0) {
        uint32_t point = 0;
        size_t size = text_utf8_next(value, &point);
        if (note_is_space(point) || point == BLANK_BRAILLE || (point == ' ' && before == ' ')) {
            what = "holds a space that is not the plain one, or two in a row";
        } else if (point >= MARKS_FIRST && point <= MARKS_LAST) {
            what = "holds a mark that joins the letter before it, which is to be one letter";
        }
        before = point;
        value = bytes_from(value, size);
    }
    return what;
}

static const char *word_fault(struct bytes value)
{
    bool is_word = value.size <= DEED_WORD_MAX && value.data[0] >= 'a' && value.data[0] <= 'z';
    for (size_t i = 0; i < value.size; i++) {
        uint8_t c = value.data[i];
        is_word = is_word && ((c >= 'a' && c <= 'z') || byte_is_digit(c) || c == '.' ||
                              c == '_' || c == '-');
    }
    return is_word ? NULL
                   : "is no word of at most 64 lower-case letters, digits and \". _ -\" that "
                     "begins with a letter";
}

static const char *label_fault(struct bytes value)
{
    return bytes_are_label(value)
               ? NULL
               : "is no name of 1 to 40 lower-case letters, digits and hyphens, a letter first";
}

static const char *time_fault(struct bytes value)
{
    struct moment moment;
    AUTO(text_done) struct text again = text_of_limit(DEED_WORD_MAX);
    if (moment_read(value, &moment) == STATUS_OK) {
        moment.ns -= moment.ns % MOMENT_SECOND_NS;
        moment_add_rfc3339(&again, moment);
    }
    return value.size > 0 && bytes_equal(text_bytes(&again), value) && bytes_ends(value, "Z")
               ? NULL
               : "is no time like 2026-03-03T02:10:00Z";
}

static const char *hash_fault(struct bytes value)
{
    bool is_hash = value.size == HASH_DIGITS;
    for (size_t i = 0; i < value.size; i++) {
        uint8_t c = value.data[i];
        is_hash = is_hash && (byte_is_digit(c) || (c >= 'a' && c <= 'f'));
    }
    return is_hash ? NULL : "is no SHA-256 in 64 lower-case hexadecimal digits";
}

static const char *key_fault(struct bytes value, enum note_algorithm algorithm)
{
    struct note_key key;
    if (note_key_read(value, &key) != STATUS_OK || key.algorithm != algorithm) {
        return algorithm == NOTE_ED25519
                   ? "is no Ed25519 key of the form name+hash+key"
                   : "is no key of a witness of the form name+hash+key, as 'tocsin access "
                     "witness' says it";
    }
    AUTO(text_done) struct text again = text_of_limit(KEY_LINE_MAX);
    note_key_add(&key, &again);
    return bytes_equal(text_bytes(&again), value) ? NULL : "is a key written in another form";
}

static const char *recipient_fault(struct bytes value)
{
    struct recipient recipient;
    const char *why = NULL;
    if (recipient_read(value, &recipient, &why) != STATUS_OK) {
        return "is no recipient of the form age1...";
    }
    AUTO(text_done) struct text again = text_of_limit(DEED_VALUE_MAX);
    recipient_add(&recipient, &again);
    return bytes_equal(text_bytes(&again), value) ? NULL
                                                  : "is a recipient written in another form";
}

static const char *number_fault(struct bytes value)
{
    uint64_t number = 0;
    bool is_number = number_decimal_max(value, INT64_MAX, &number) == STATUS_OK &&
                     (value.size == 1 || value.data[0] != '0');
    return is_number ? NULL : "is no number in decimal";
}

static const char *base64_fault(struct bytes value)
{
    uint8_t bytes[DEED_VALUE_MAX];
    size_t size = 0;
    return base64_read(value, 0, bytes, sizeof bytes, &size) == STATUS_OK && size > 0
               ? NULL
               : "is not base64 in its one form";
}

static const char *shape_fault(enum deed_shape shape, struct bytes value)
{
    if (value.size == 0) {
        return "lacks a part";
    }
    switch (shape) {
    case SHAPE_NONE:
        break;
    case SHAPE_TEXT:
        return text_fault(value);
    case SHAPE_NAME:
        return name_fault(value);
    case SHAPE_WORD:
        return word_fault(value);
    case SHAPE_LABEL:
        return label_fault(value);
    case SHAPE_TIME:
        return time_fault(value);
    case SHAPE_HASH:
        return hash_fault(value);
    case SHAPE_KEY:
        return key_fault(value, NOTE_ED25519);
    case SHAPE_RECIPIENT:
        return recipient_fault(value);
    case SHAPE_NUMBER:
        return number_fault(value);
    case SHAPE_BASE64:
        return base64_fault(value);
    case SHAPE_WITNESS:
        return key_fault(value, NOTE_COSIGNATURE);
    }
    return NULL;
}

static size_t part_count(const struct deed_field *field)
{
    size_t count = 1;
    while (count < DEED_PARTS_MAX && field->parts[count] != SHAPE_NONE) {
        count++;
    }
    return count;
}

void deed_field_split(const struct deed_field *field, struct bytes value,
                      struct bytes out[DEED_PARTS_MAX])
{
    size_t count = part_count(field);
    for (size_t i = 0; i < DEED_PARTS_MAX; i++) {
        size_t size = i + 1 < count ? bytes_find_byte(value, ' ') : value.size;
        out[i] = bytes_part(value, 0, size);
        value = bytes_from(value, size < value.size ? size + 1 : size);
    }
}

const char *deed_field_fault(const struct deed_field *field, struct bytes value)
{
    if (value.size == 0) {
        return "is empty";
    }
    if (value.size > field->size_max) {
        return "is too long";
    }
    struct bytes parts[DEED_PARTS_MAX];
    deed_field_split(field, value, parts);
    for (size_t i = 0; i < part_count(field); i++) {
        const char *what = shape_fault(field->parts[i], parts[i]);
        if (what != NULL) {
            return what;
        }
    }
    return NULL;
}
