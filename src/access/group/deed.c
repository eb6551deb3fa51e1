#include "access/group/deed.h"

#include <assert.h>

#include "base/cursor.h"
#include "base/number.h"
#include "base/text.h"
#include "codec/base64.h"

static enum status fail(struct deed_fault *fault, enum status status, uint64_t line,
                        const char *field, const char *what)
{
    *fault = (struct deed_fault){.what = what, .field = field, .line = line};
    return status;
}

/* ---- reading ---- */

enum status deed_find_kind(struct bytes input, enum deed_kind *out)
{
    struct bytes line = bytes_part(input, 0, bytes_find_byte(input, '\n'));
    for (unsigned i = 0; i < DEED_KIND_COUNT; i++) {
        if (bytes_equal_text(line, deed_kind_line((enum deed_kind)i))) {
            *out = (enum deed_kind)i;
            return STATUS_OK;
        }
    }
    return STATUS_UNSUPPORTED;
}

#define SEND_AGAIN "; send it as a binary file or in an archive"

const char *deed_find_change(struct bytes input)
{
    static const char utf16[] = "\xff\xfet";
    static const char order_mark[] = "\xef\xbb\xbf";
    if (bytes_starts(input, utf16)) {
        return "it was saved as UTF-16: it was changed on the way" SEND_AGAIN;
    }
    bool is_marked = bytes_starts(input, order_mark);
    input = bytes_from(input, is_marked ? sizeof order_mark - 1 : 0);
    struct bytes line = bytes_part(input, 0, bytes_find_byte(input, '\n'));
    bool is_windows = bytes_ends(line, "\r");
    enum deed_kind kind;
    if (deed_find_kind(bytes_part(line, 0, line.size - is_windows), &kind) != STATUS_OK) {
        return NULL;
    }
    if (is_windows) {
        return "its lines end as on Windows (CRLF): it was changed on the way" SEND_AGAIN;
    }
    if (is_marked) {
        return "it begins with a byte order mark: it was changed on the way" SEND_AGAIN;
    }
    if (bytes_ends(input, "\n\n")) {
        return "an empty line stands at its end: it was changed on the way" SEND_AGAIN;
    }
    return bytes_ends(input, "\n")
               ? NULL
               : "its last line has no end: it was changed or cut on the way" SEND_AGAIN;
}

/* Where in its kind's table the reader stands, and how often that field came. */
struct place {
    size_t index;
    size_t count;
    uint64_t line;
};

/* Passes the fields of the table up to the one called `name`, or all of them. */
static enum status pass_to(enum deed_kind kind, struct bytes name, struct place *place,
                           struct deed_fault *fault)
{
    const struct deed_field *field;
    while ((field = deed_field_at(kind, place->index)) != NULL &&
           !bytes_equal_text(name, field->name)) {
        if (place->count < field->count_min) {
            return fail(fault, STATUS_MALFORMED, place->line, field->name,
                        "is missing, or given too few times");
        }
        place->index++;
        place->count = 0;
    }
    return STATUS_OK;
}

static enum status read_line(struct bytes line, struct deed *deed, struct place *place,
                             struct deed_fault *fault)
{
    size_t size = bytes_find(line, (struct bytes)BYTES_LITERAL(": "));
    struct bytes name = bytes_part(line, 0, size);
    if (size == line.size) {
        return fail(fault, STATUS_MALFORMED, place->line, NULL,
                    "a line is not of the form \"name: value\"");
    }
    const struct deed_field *known = deed_field_find(deed->kind, name);
    if (known == NULL) {
        return fail(fault, STATUS_MALFORMED, place->line, NULL,
                    "a field that this kind does not have");
    }
    TRY(pass_to(deed->kind, name, place, fault));
    const struct deed_field *field = deed_field_at(deed->kind, place->index);
    if (field == NULL) {
        return fail(fault, STATUS_MALFORMED, place->line, known->name,
                    "stands out of its order");
    }
    if (++place->count > field->count_max) {
        return fail(fault, STATUS_MALFORMED, place->line, field->name, "is given too often");
    }
    struct bytes value = bytes_from(line, size + 2);
    const char *what = deed_field_fault(field, value);
    if (what != NULL) {
        return fail(fault, STATUS_MALFORMED, place->line, field->name, what);
    }
    deed->lines[deed->line_count++] = (struct deed_line){field, value};
    return STATUS_OK;
}

static enum status read_lines(struct cursor *cursor, struct deed *deed,
                              struct deed_fault *fault)
{
    struct place place = {.line = 1};
    struct bytes line = BYTES_NONE;
    while (cursor_until(cursor, '\n', &line)) {
        place.line++;
        if (deed->line_count == DEED_LINES_MAX) {
            return fail(fault, STATUS_LIMIT, place.line, NULL, "more than 512 lines");
        }
        TRY(read_line(line, deed, &place, fault));
    }
    return pass_to(deed->kind, BYTES_NONE, &place, fault);
}

static enum status check_signature(const struct note *note, const struct deed *deed,
                                   struct deed_fault *fault)
{
    uint64_t time_s = 0;
    if (note->signature_count != 1 && deed->kind != DEED_GROUP) {
        return fail(fault, STATUS_MALFORMED, 0, NULL, "it has more than one signature");
    }
    /* The first, so that a card that others sign too begins as the group wrote it. */
    switch (note_signature_check(note->text, &note->signatures[0], &deed->key, &time_s)) {
    case NOTE_SIGNED:
        return STATUS_OK;
    case NOTE_NOT_SIGNED:
        return fail(fault, STATUS_CONFLICT, 0, NULL,
                    "it is signed by another key than the one it names");
    case NOTE_FORGED:
        break;
    }
    return fail(fault, STATUS_CONFLICT, 0, NULL,
                "its signature is not the key's: it was changed after it was signed");
}

static enum status check_kind(struct bytes text, enum deed_kind kind, struct deed_fault *fault)
{
    enum deed_kind found = kind;
    if (deed_find_kind(text, &found) != STATUS_OK) {
        return fail(fault, STATUS_UNSUPPORTED, 1, NULL,
                    "its first line names no kind of deed that is known here");
    }
    return found == kind ? STATUS_OK
                         : fail(fault, STATUS_UNSUPPORTED, 1, NULL, deed_kind_unwanted(found));
}

enum status deed_read(struct bytes input, enum deed_kind kind, struct deed *out,
                      struct deed_fault *fault)
{
    struct note note;
    struct fault why = {0};
    const char *change = deed_find_change(input);
    if (change != NULL) {
        return fail(fault, STATUS_MALFORMED, 0, NULL, change);
    }
    enum status status = note_read(input, &note, &why);
    if (status != STATUS_OK) {
        return fail(fault, status, 0, NULL, why.what);
    }
    TRY(check_kind(note.text, kind, fault));
    struct cursor cursor = cursor_of(note.text);
    struct bytes first = BYTES_NONE;
    IGNORE(!cursor_until(&cursor, '\n', &first), "check_kind has read it");
    *out = (struct deed){.kind = kind, .hash = sha256_of(input), .note = note};
    TRY(read_lines(&cursor, out, fault));
    TRY(note_key_read(deed_value(out, "key"), &out->key));
    TRY(moment_read(deed_value(out, "made"), &out->made));
    return check_signature(&note, out, fault);
}

void deed_add_fault(const struct deed_fault *fault, struct text *out)
{
    if (fault->line > 0) {
        text_addf(out, "line %llu", (unsigned long long)fault->line);
        text_add(out, fault->field != NULL ? ", " : ": ");
    }
    if (fault->field != NULL) {
        text_addf(out, "%s: ", fault->field);
    }
    text_add(out, fault->what);
}

const struct deed_line *deed_next(const struct deed *deed, const char *name, size_t *index)
{
    assert(deed_field_find(deed->kind, bytes_of_text(name)) != NULL);
    while (*index < deed->line_count) {
        const struct deed_line *line = &deed->lines[(*index)++];
        if (strcmp(line->field->name, name) == 0) {
            return line;
        }
    }
    return NULL;
}

struct bytes deed_value(const struct deed *deed, const char *name)
{
    size_t index = 0;
    const struct deed_line *line = deed_next(deed, name, &index);
    return line == NULL ? BYTES_NONE : line->value;
}

enum status deed_number(const struct deed *deed, const char *name, uint64_t *out)
{
    return number_decimal_max(deed_value(deed, name), INT64_MAX, out);
}

enum status deed_bytes(const struct deed *deed, const char *name, struct arena *arena,
                       struct bytes *out)
{
    uint8_t *all = arena_take_many(arena, DEED_CHUNKS_MAX, DEED_CHUNK_SIZE);
    if (all == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t at = 0;
    size_t index = 0;
    const struct deed_line *line;
    while ((line = deed_next(deed, name, &index)) != NULL) {
        size_t size = 0;
        /* All chunks but the last are full: there is one way only to cut the whole up. */
        if (at % DEED_CHUNK_SIZE != 0 ||
            base64_read(line->value, 0, all + at, DEED_CHUNK_SIZE, &size) != STATUS_OK) {
            return STATUS_MALFORMED;
        }
        at += size;
    }
    *out = (struct bytes){all, at};
    return STATUS_OK;
}

/* ---- writing ---- */

struct deed_draft deed_begin(enum deed_kind kind, const struct identity *identity,
                             struct moment made)
{
    struct deed_draft draft = {
        .kind = kind, .identity = identity, .text = text_of_limit(NOTE_SIZE_MAX)};
    text_addf(&draft.text, "%s\n", deed_kind_line(kind));
    AUTO(text_done) struct text key = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(identity, &key);
    deed_add(&draft, "key", bytes_trim(text_bytes(&key)));
    AUTO(text_done) struct text time = text_of_limit(DEED_WORD_MAX);
    made.ns -= made.ns % MOMENT_SECOND_NS;
    moment_add_rfc3339(&time, made);
    deed_add(&draft, "made", text_bytes(&time));
    return draft;
}

void deed_done(struct deed_draft *draft)
{
    text_done(&draft->text);
}

/* Checked before it is added, so that no value can end its line and begin another. */
void deed_add(struct deed_draft *draft, const char *name, struct bytes value)
{
    const struct deed_field *field = deed_field_find(draft->kind, bytes_of_text(name));
    assert(field != NULL);
    const char *what = deed_field_fault(field, value);
    if (what != NULL && draft->fault.what == NULL) {
        draft->fault = (struct deed_fault){.what = what, .field = field->name};
    }
    if (what == NULL) {
        text_addf(&draft->text, "%s: ", name);
        text_add_raw(&draft->text, value);
        text_add_byte(&draft->text, '\n');
    }
}

void deed_add_number(struct deed_draft *draft, const char *name, uint64_t number)
{
    AUTO(text_done) struct text text = text_of_limit(DEED_WORD_MAX);
    text_add_number(&text, number);
    deed_add(draft, name, text_bytes(&text));
}

void deed_add_hash(struct deed_draft *draft, const char *name, const struct sha256 *hash)
{
    AUTO(text_done) struct text text = text_of_limit(DEED_WORD_MAX);
    sha256_add_hex(&text, hash);
    deed_add(draft, name, text_bytes(&text));
}

void deed_add_bytes(struct deed_draft *draft, const char *name, struct bytes bytes)
{
    for (size_t at = 0; at < bytes.size; at += DEED_CHUNK_SIZE) {
        AUTO(text_done) struct text text = text_of_limit(DEED_VALUE_MAX);
        base64_add(&text, bytes_part(bytes, at, DEED_CHUNK_SIZE), 0);
        deed_add(draft, name, text_bytes(&text));
    }
}

enum status deed_finish(struct deed_draft *draft, struct text *out, struct deed_fault *fault)
{
    assert(out->size == 0);
    if (draft->fault.what != NULL) {
        *fault = draft->fault;
        return STATUS_MALFORMED;
    }
    if (text_status(&draft->text) != STATUS_OK) {
        return fail(fault, text_status(&draft->text), 0, NULL, "it is longer than 64 KiB");
    }
    enum status status = identity_sign_note(draft->identity, text_bytes(&draft->text), out);
    if (status != STATUS_OK) {
        fail(fault, status, 0, NULL, "it cannot be signed");
    } else {
        struct deed again;
        status = deed_read(text_bytes(out), draft->kind, &again, fault);
    }
    if (status != STATUS_OK) {
        text_clear(out);
    }
    return status;
}
