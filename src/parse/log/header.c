#include "parse/log/header.h"

#include "base/cursor.h"
#include "parse/log/stamp.h"

#include <string.h>

#define YEAR_SIZE 5     /* "2026 " */
#define ISO_SIZE_MIN 19 /* "2026-03-03T02:10:00" */
#define TAG_WORDS_MAX 4 /* "Microsoft Word[123]:" */
#define TAG_NOTE_SIZE_MAX 160

/* "2026 " at the cursor, as a year that may be; 0 and nothing taken where there is none. */
static int take_year(struct cursor *cursor)
{
    struct cursor ahead = *cursor;
    int year = stamp_digits(&ahead, 4);
    cursor_skip(&ahead, 1);
    if (cursor_status(&ahead) != STATUS_OK || year < MOMENT_YEAR_MIN ||
        year > MOMENT_YEAR_MAX) {
        return 0;
    }
    *cursor = ahead;
    return year;
}

/* The same, asked in three places of each header: most often there is a clock's time or the
 * host, which a look at two bytes tells. */
static inline int accept_year(struct cursor *cursor)
{
    struct bytes rest = bytes_from(cursor->input, cursor_offset(cursor));
    bool may_be = rest.size >= YEAR_SIZE && stamp_is_digit(rest.data[0]) &&
                  rest.data[YEAR_SIZE - 1] == ' ';
    return may_be ? take_year(cursor) : 0;
}

/* "Mar  3 02:10:00 ", "2026 Mar 3 02:10:00 ", "Mar 3 2026 02:10:00 ", "Mar 3 02:10:00 2026 " */
static void read_month_time(struct cursor *cursor, struct syslog_header *out)
{
    struct civil *civil = &out->civil;
    civil->year = accept_year(cursor);
    civil->month = stamp_month(cursor_take(cursor, 3));
    stamp_expect(cursor, ' ');
    stamp_skip_spaces(cursor);
    civil->day = cursor_u8(cursor) - '0';
    if (stamp_is_digit(cursor_peek(cursor))) {
        civil->day = civil->day * 10 + (cursor_u8(cursor) - '0');
    }
    stamp_expect(cursor, ' ');
    civil->year = civil->year == 0 ? accept_year(cursor) : civil->year;
    stamp_clock(cursor, civil);
    if (cursor_peek(cursor) == ':') { /* routers write "02:10:00: " */
        cursor_skip(cursor, 1);
    }
    stamp_expect(cursor, ' ');
    civil->year = civil->year == 0 ? accept_year(cursor) : civil->year;
}

/* "2026-03-03T02:10:00.123456+00:00 " */
static void read_iso_time(struct cursor *cursor, struct syslog_header *out)
{
    struct civil *civil = &out->civil;
    civil->year = stamp_digits(cursor, 4);
    stamp_expect(cursor, '-');
    civil->month = stamp_digits(cursor, 2);
    stamp_expect(cursor, '-');
    civil->day = stamp_digits(cursor, 2);
    uint8_t between = cursor_u8(cursor);
    if (between != 'T' && between != 't' && between != ' ') {
        cursor_fail(cursor, STATUS_MALFORMED, "a time was expected");
    }
    stamp_clock(cursor, civil);
    stamp_zone(cursor, &out->zone_known, &out->zone_minutes);
    stamp_expect(cursor, ' ');
}

static bool read_time(struct cursor *cursor, struct syslog_header *out)
{
    struct bytes rest = bytes_from(cursor->input, cursor_offset(cursor));
    bool is_iso = rest.size >= ISO_SIZE_MIN && rest.data[4] == '-' && rest.data[7] == '-';
    if (is_iso) {
        read_iso_time(cursor, out);
    } else {
        read_month_time(cursor, out);
    }
    return cursor_status(cursor) == STATUS_OK && civil_is_valid(&out->civil) &&
           (!is_iso ||
            (out->civil.year >= MOMENT_YEAR_MIN && out->civil.year <= MOMENT_YEAR_MAX));
}

/* "<34>" of RFC 3164 and 5424. */
static void skip_priority(struct cursor *cursor)
{
    struct cursor ahead = *cursor;
    if (cursor_u8(&ahead) != '<') {
        return;
    }
    size_t count = 0;
    while (stamp_is_digit(cursor_peek(&ahead)) && count < 4) {
        cursor_skip(&ahead, 1);
        count++;
    }
    if (count > 0 && count < 4 && cursor_u8(&ahead) == '>') {
        *cursor = ahead;
    }
}

static struct bytes take_word(struct cursor *cursor)
{
    struct bytes word = BYTES_NONE;
    if (!cursor_until(cursor, ' ', &word)) {
        word = cursor_rest(cursor);
    }
    return word;
}

/* How a byte counts in a machine's name: NAME_SIGN stands between letters and digits, nothing
 * else is in one. */
enum name_byte {
    NAME_NONE,
    NAME_SIGN,
    NAME_WORD,
};

static const uint8_t name_bytes[256] = {
    ['.'] = NAME_SIGN,         ['-'] = NAME_SIGN,         ['_'] = NAME_SIGN,
    [':'] = NAME_SIGN,         ['/'] = NAME_SIGN,         ['@'] = NAME_SIGN,
    ['#'] = NAME_SIGN,         ['%'] = NAME_SIGN,         ['0' ... '9'] = NAME_WORD,
    ['a' ... 'z'] = NAME_WORD, ['A' ... 'Z'] = NAME_WORD, [0x80 ... 0xff] = NAME_WORD,
};

static bool is_level(struct bytes word)
{
    static const char *const levels[] = {"INFO",  "WARN",  "WARNING", "ERROR",   "DEBUG",
                                         "TRACE", "FATAL", "NOTICE",  "CRITICAL"};
    bool is_capital = word.data[0] >= 'A' && word.data[0] <= 'Z';
    for (size_t i = 0; is_capital && i < sizeof levels / sizeof *levels; i++) {
        if (bytes_equal_text(word, levels[i])) {
            return true;
        }
    }
    return false;
}

/* What a machine may be called in a log: no brackets, quotes or equal signs.  A level of
 * another kind of log that stands where the host would is not one. */
static bool is_host(struct bytes word)
{
    if (word.size == 0 || word.size > SYSLOG_NAME_SIZE_MAX) {
        return false;
    }
    bool has_letter_or_digit = false;
    for (size_t i = 0; i < word.size; i++) {
        uint8_t kind = name_bytes[word.data[i]];
        if (kind == NAME_NONE) {
            return false;
        }
        has_letter_or_digit = has_letter_or_digit || kind == NAME_WORD;
    }
    return has_letter_or_digit && word.data[word.size - 1] != ':' && !is_level(word);
}

/* The part behind the last `separator` that something stands behind, or all. */
static struct bytes behind(struct bytes word, uint8_t separator)
{
    size_t end = word.size == 0 ? 0 : word.size - 1;
    const uint8_t *last = end == 0 ? NULL : memrchr(word.data, separator, end);
    return last == NULL ? word : bytes_from(word, (size_t)(last - word.data) + 1);
}

static bool is_number(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!stamp_is_digit(text.data[i])) {
            return false;
        }
    }
    return text.size > 0;
}

/* "program", "/path/program" or "program(module)"; false where it could not be one. */
static bool set_program(struct bytes name, struct syslog_header *out)
{
    if (name.size == 0 || name.size > SYSLOG_NAME_SIZE_MAX) {
        return false;
    }
    size_t open = bytes_find_byte(name, '(');
    if (open > 0 && open < name.size && name.data[name.size - 1] == ')') {
        out->module = bytes_part(name, open + 1, name.size - open - 2);
        name = bytes_part(name, 0, open);
    }
    out->program = name.data[0] == '/' ? behind(name, '/') : name;
    out->has_tag = true;
    return true;
}

/* After "program[123]": ":" or " (of what):". */
static bool accept_tag_end(struct cursor *cursor)
{
    struct cursor ahead = *cursor;
    if (cursor_peek(&ahead) == ' ') {
        cursor_skip(&ahead, 1);
        struct bytes note = BYTES_NONE;
        bool is_noted = cursor_peek(&ahead) == '(' && cursor_until(&ahead, ')', &note) &&
                        note.size <= TAG_NOTE_SIZE_MAX;
        if (is_noted && cursor_peek(&ahead) == ')') { /* "([10018])" has one, "(a(1))" two */
            cursor_skip(&ahead, 1);
        }
        if (!is_noted) {
            return false;
        }
    }
    if (cursor_peek(&ahead) != ':') {
        return false;
    }
    cursor_skip(&ahead, 1);
    *cursor = ahead;
    return true;
}

/* "name[123]:", where the name may hold a few words. */
static bool read_numbered_tag(struct cursor *cursor, struct syslog_header *out)
{
    struct cursor ahead = *cursor;
    struct bytes name = BYTES_NONE;
    struct bytes pid = BYTES_NONE;
    if (!cursor_until(&ahead, '[', &name) || !cursor_until(&ahead, ']', &pid) ||
        !is_number(pid) || bytes_find_byte(name, ':') < name.size) {
        return false;
    }
    size_t words = 1;
    for (size_t i = 0; i < name.size && words <= TAG_WORDS_MAX; i++) {
        words += name.data[i] == ' ';
    }
    if (words > TAG_WORDS_MAX || !accept_tag_end(&ahead) || !set_program(name, out)) {
        return false;
    }
    out->pid = pid;
    *cursor = ahead;
    return true;
}

/* "name:", one word, followed by a space or nothing. */
static bool read_plain_tag(struct cursor *cursor, struct syslog_header *out)
{
    struct cursor ahead = *cursor;
    struct bytes word = take_word(&ahead);
    if (word.size < 2 || word.data[word.size - 1] != ':') {
        return false;
    }
    struct bytes name = bytes_part(word, 0, word.size - 1);
    size_t bracket = bytes_find_byte(name, '[');
    if (bracket > 0 && bracket < name.size && name.data[name.size - 1] == ']') {
        out->pid = bytes_part(name, bracket + 1, name.size - bracket - 2);
        name = bytes_part(name, 0, bracket);
    }
    if (!set_program(name, out)) {
        return false;
    }
    *cursor = ahead;
    return true;
}

/* RFC 5424: "app procid msgid structured-data message", "-" where there is none. */
static void read_version1(struct cursor *cursor, struct syslog_header *out)
{
    struct bytes program = take_word(cursor);
    struct bytes pid = take_word(cursor);
    take_word(cursor);
    if (!bytes_equal_text(program, "-")) {
        set_program(program, out);
    }
    out->pid = bytes_equal_text(pid, "-") ? BYTES_NONE : pid;
    if (cursor_peek(cursor) == '-') {
        cursor_skip(cursor, 1);
    }
    while (cursor_peek(cursor) == '[') { /* one element; quoted values may hold "]" */
        bool in_quotes = false;
        for (;;) {
            uint8_t byte = cursor_u8(cursor);
            if (cursor_status(cursor) != STATUS_OK || (byte == ']' && !in_quotes)) {
                break;
            }
            if (byte == '\\') {
                cursor_skip(cursor, 1);
            }
            in_quotes = in_quotes != (byte == '"');
        }
    }
    stamp_skip_spaces(cursor);
    cursor_accept(cursor, "\xef\xbb\xbf");
    out->message = bytes_trim(cursor_rest(cursor));
}

/* Some write no host: the tag follows an RFC 3164 time at once. */
static bool read_host(struct cursor *cursor, bool may_be_dash, struct syslog_header *out)
{
    struct cursor before = *cursor;
    struct bytes word = take_word(cursor);
    if (is_host(word)) {
        out->host = behind(behind(word, '/'), '@');
        return true;
    }
    if (may_be_dash && bytes_equal_text(word, "-")) {
        return true;
    }
    bool is_tag = word.size > 1 && word.data[word.size - 1] == ':' && !out->zone_known;
    *cursor = before;
    return is_tag && out->civil.year == 0;
}

static bool read_header(struct cursor *cursor, struct syslog_header *out)
{
    skip_priority(cursor);
    struct cursor ahead = *cursor;
    bool is_version1 = cursor_peek(&ahead) == '1' && cursor_accept(&ahead, "1 ") &&
                       stamp_is_digit(cursor_peek(&ahead));
    if (is_version1) {
        *cursor = ahead;
    }
    if (!read_time(cursor, out)) {
        return false;
    }
    stamp_skip_spaces(cursor);
    if (!read_host(cursor, is_version1, out)) {
        return false;
    }
    if (is_version1) {
        read_version1(cursor, out);
        return true;
    }
    stamp_skip_spaces(cursor);
    if (!read_numbered_tag(cursor, out)) {
        read_plain_tag(cursor, out);
    }
    out->message = bytes_trim(cursor_rest(cursor));
    return true;
}

/* A word before the header that is the header's date: "2005.11.09", also with "-" or "/". */
static int year_of_word(struct bytes word, const struct civil *civil)
{
    struct cursor cursor = cursor_of(word);
    int year = stamp_digits(&cursor, 4);
    uint8_t separator = cursor_u8(&cursor);
    int month = stamp_digits(&cursor, 2);
    uint8_t again = cursor_u8(&cursor);
    int day = stamp_digits(&cursor, 2);
    bool is_date = cursor_status(&cursor) == STATUS_OK && cursor_at_end(&cursor) &&
                   separator == again && memchr(".-/", separator, 3) != NULL;
    return is_date && month == civil->month && day == civil->day && year >= MOMENT_YEAR_MIN &&
                   year <= MOMENT_YEAR_MAX
               ? year
               : 0;
}

bool syslog_header_read(struct bytes line, unsigned prefix_words, struct syslog_header *out)
{
    struct cursor cursor = cursor_of(line);
    for (unsigned i = 0; i < prefix_words; i++) {
        take_word(&cursor);
    }
    struct bytes prefix = bytes_part(line, 0, cursor_offset(&cursor));
    uint8_t first = cursor_peek(&cursor);
    if (first != '<' && !stamp_is_digit(first) && (first < 'A' || first > 'S')) {
        return false; /* neither a month nor a year: most of what is not a header ends here */
    }
    struct syslog_header header = {0};
    if (!read_header(&cursor, &header)) {
        return false;
    }
    struct bytes word = BYTES_NONE;
    while (header.civil.year == 0 && bytes_split(&prefix, ' ', &word)) {
        header.civil.year = year_of_word(word, &header.civil);
    }
    *out = header;
    return true;
}

struct syslog_layout syslog_layout_find(struct bytes text, size_t line_max)
{
    struct syslog_layout best = {0};
    for (unsigned words = 0; words <= SYSLOG_PREFIX_WORDS_MAX; words++) {
        struct syslog_layout layout = {.prefix_words = words};
        struct cursor cursor = cursor_of(text);
        struct bytes line = BYTES_NONE;
        while (layout.line_count < line_max && cursor_line(&cursor, &line)) {
            struct syslog_header header;
            layout.line_count += bytes_trim(line).size > 0;
            if (syslog_header_read(line, words, &header)) {
                layout.header_count++;
                layout.tag_count += header.has_tag;
            }
        }
        if (words == 0 || layout.tag_count > best.tag_count) {
            best = layout;
        }
    }
    return best;
}
