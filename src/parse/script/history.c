#include "base/number.h"
#include "parse/script/shell.h"
#include "parse/script/syntax.h"

#define ENTRY_SIZE_MAX 65536U         /* of a command in a history */
#define EPOCH_MAX INT64_C(7258118400) /* the year 2200 */

/* bash writes "#1700000000" before a command where HISTTIMEFORMAT is set. */
static bool read_epoch(struct bytes text, struct moment *out)
{
    uint64_t seconds = 0;
    if (text.size < 9 || number_decimal_max(text, (uint64_t)EPOCH_MAX, &seconds) != STATUS_OK) {
        return false;
    }
    *out = moment_of_unix((int64_t)seconds, 0);
    return true;
}

/* zsh writes ": 1700000000:0;command". */
static bool read_zsh(struct bytes *line, struct moment *at)
{
    if (!bytes_starts(*line, ": ")) {
        return false;
    }
    struct bytes rest = bytes_from(*line, 2);
    size_t colon = bytes_find_byte(rest, ':');
    size_t semicolon = bytes_find_byte(rest, ';');
    if (semicolon == rest.size || colon > semicolon ||
        !read_epoch(bytes_part(rest, 0, colon), at)) {
        return false;
    }
    *line = bytes_from(rest, semicolon + 1);
    return true;
}

static enum status give_line(struct bytes line, uint64_t number, struct moment at,
                             struct parse *parse)
{
    struct bytes command = bytes_trim(line);
    if (command.size == 0 || command.data[0] == '#') {
        return STATUS_OK;
    }
    struct record carrier = {
        .place = place_line(parse->member, number),
        .at = at,
        .source = line,
        .origin = SHELL_HISTORY,
    };
    if (at.is_known) {
        coverage_time(parse->coverage, at);
    }
    coverage_count_add(parse->coverage, "commands", 1);
    return shell_parse_line(line, parse, &carrier);
}

/* Of a line that is too long only the beginning is read, and it is said. */
static struct bytes cut_line(struct bytes line, bool was_cut, uint64_t number,
                             struct parse *parse)
{
    static const char what[] = "a line is too long; its end was left out";
    if (was_cut || line.size > ENTRY_SIZE_MAX) {
        coverage_anomaly(parse->coverage, what, place_line(parse->member, number));
        parse->coverage->examined = EXAMINED_PARTLY;
        parse->coverage->why = what;
    }
    return bytes_part(line, 0, ENTRY_SIZE_MAX);
}

static void finish(uint64_t lines, struct parse *parse)
{
    coverage_count_add(parse->coverage, "lines", lines);
    if (parse->shell != NULL) {
        parser_say_limits(parse->shell, parse->coverage);
    }
}

enum status shell_read_history(struct stream *stream, struct parse *parse)
{
    struct bytes line;
    bool was_cut = false;
    struct moment at = {0};
    uint64_t number = 0;
    while (stream_line(stream, &line, &was_cut)) {
        number++;
        line = cut_line(line, was_cut, number, parse);
        if (bytes_starts(line, "#") && read_epoch(bytes_from(line, 1), &at)) {
            continue;
        }
        struct bytes command = line;
        read_zsh(&command, &at);
        TRY(give_line(command, number, at, parse));
    }
    finish(number, parse);
    return STATUS_OK;
}

/* ---- cron ---- */

static struct bytes take_word(struct bytes *rest)
{
    struct bytes left = bytes_trim(*rest);
    size_t end = 0;
    while (end < left.size && left.data[end] != ' ' && left.data[end] != '\t') {
        end++;
    }
    *rest = bytes_from(left, end);
    return bytes_part(left, 0, end);
}

/* Months and days of the week, the last two fields, have names too. */
static bool is_time_field(struct bytes word, bool may_be_name)
{
    for (size_t i = 0; i < word.size; i++) {
        uint8_t c = word.data[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        bool sign = c == '*' || c == ',' || c == '-' || c == '/' || c == '~' || c == '?';
        if (!letter && !byte_is_digit(c) && !sign) {
            return false;
        }
    }
    return word.size > 0 && (byte_is_digit(word.data[0]) || word.data[0] == '*' ||
                             (may_be_name && word.size >= 3));
}

/* Takes "@daily" or five time fields off the line; false where it has none. */
static bool take_schedule(struct bytes *line)
{
    static const char *const names[] = {"@reboot", "@yearly", "@annually", "@monthly",
                                        "@weekly", "@daily",  "@midnight", "@hourly"};
    struct bytes rest = *line;
    struct bytes word = take_word(&rest);
    bool found = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        found |= bytes_equal_text(word, names[i]);
    }
    if (!found) {
        rest = *line;
        for (unsigned i = 0; i < 5; i++) {
            if (!is_time_field(take_word(&rest), i >= 3)) {
                return false;
            }
        }
    }
    *line = bytes_trim(rest);
    return line->size > 0;
}

static bool is_account(struct bytes word)
{
    for (size_t i = 0; i < word.size; i++) {
        uint8_t c = word.data[i];
        if (!(c >= 'a' && c <= 'z') && !byte_is_digit(c) && c != '-' && c != '_') {
            return false;
        }
    }
    return word.size > 0 && word.size <= 32 && !byte_is_digit(word.data[0]);
}

/* The tables of the system have an account before the command.  Which kind a table is cannot
 * be seen from its name alone, so an account is believed where "root" stands, or a name before
 * what is a command for certain. */
static void pass_account(struct bytes *command, struct bytes name)
{
    struct bytes rest = *command;
    struct bytes account = take_word(&rest);
    rest = bytes_trim(rest);
    bool command_follows =
        rest.size > 0 && (rest.data[0] == '/' || rest.data[0] == '[' || rest.data[0] == '(' ||
                          bytes_equal_text(name, "crontab"));
    if (is_account(account) && rest.size > 0 &&
        (command_follows || bytes_equal_text(account, "root"))) {
        *command = rest;
    }
}

struct bytes shell_crontab_command(struct bytes line)
{
    struct bytes command = bytes_trim(line);
    if (command.size == 0 || command.data[0] == '#' || !take_schedule(&command)) {
        return BYTES_NONE;
    }
    pass_account(&command, BYTES_NONE);
    return command;
}

enum status shell_read_crontab(struct stream *stream, struct parse *parse)
{
    struct bytes line;
    bool was_cut = false;
    uint64_t number = 0;
    uint64_t entries = 0;
    while (stream_line(stream, &line, &was_cut)) {
        number++;
        line = cut_line(line, was_cut, number, parse);
        struct bytes command = bytes_trim(line);
        if (command.size == 0 || command.data[0] == '#' || !take_schedule(&command)) {
            continue;
        }
        pass_account(&command, parse->name);
        entries++;
        struct record carrier = {
            .place = place_line(parse->member, number),
            .source = line,
            .origin = SHELL_SCRIPT,
        };
        TRY(shell_parse_line(command, parse, &carrier));
    }
    finish(number, parse);
    coverage_count_add(parse->coverage, "commands", entries);
    return STATUS_OK;
}

/* ---- what a file is ---- */

bool shell_history_matches(struct bytes start, struct bytes name)
{
    if (bytes_find_byte(start, 0) < start.size) {
        return false;
    }
    struct bytes rest = start;
    struct bytes line;
    struct moment at;
    if (bytes_split(&rest, '\n', &line) && rest.size > 0 &&
        ((bytes_starts(line, "#") && read_epoch(bytes_from(line, 1), &at)) ||
         read_zsh(&line, &at))) {
        return true;
    }
    return bytes_ends(name, "_history") || bytes_equal_text(name, ".history") ||
           bytes_equal_text(name, ".histfile");
}

/* A line that sets a variable of the table. */
static bool is_setting(struct bytes line)
{
    size_t equals = bytes_find_byte(line, '=');
    uint8_t first = line.data[0];
    return equals < line.size && ((first | 0x20) >= 'a' && (first | 0x20) <= 'z') &&
           bytes_find_byte(bytes_part(line, 0, equals), ';') == equals;
}

bool shell_crontab_matches(struct bytes start, struct bytes name)
{
    if (bytes_find_byte(start, 0) < start.size || bytes_starts(start, "#!") ||
        bytes_ends(name, ".sh")) {
        return false;
    }
    struct bytes rest = start;
    struct bytes line;
    while (bytes_split(&rest, '\n', &line)) {
        line = bytes_trim(line);
        if (line.size > 0 && line.data[0] != '#' && !is_setting(line)) {
            return take_schedule(&line);
        }
    }
    return false;
}
