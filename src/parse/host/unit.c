#include "parse/host/unit.h"

#include <string.h>

#include "parse/log/feed.h"
#include "parse/script/shell.h"

static const char what_long[] = "a line that goes on is longer than is kept";

struct unit {
    struct feed feed;
    uint64_t first_line;
    size_t used;
    uint8_t memory[UNIT_LINE_MAX];
};

/* The lines that tell something; `runs` where it is a command. */
static const struct {
    const char *name;
    bool runs;
} directives[] = {
    {"ExecStart", true},
    {"ExecStartPre", true},
    {"ExecStartPost", true},
    {"ExecReload", true},
    {"ExecStop", true},
    {"ExecStopPost", true},
    {"ExecCondition", true},
    {"User", false},
    {"Group", false},
    {"Restart", false},
    {"WorkingDirectory", false},
    {"Environment", false},
    {"EnvironmentFile", false},
    {"OnCalendar", false},
    {"OnBootSec", false},
    {"OnStartupSec", false},
    {"OnUnitActiveSec", false},
    {"OnUnitInactiveSec", false},
    {"OnActiveSec", false},
    {"Unit", false},
    {"ListenStream", false},
    {"ListenDatagram", false},
    {"PathExists", false},
    {"PathChanged", false},
    {"PathModified", false},
    {"WantedBy", false},
    {"RequiredBy", false},
    {"Alias", false},
    {"Description", false},
};
#define DIRECTIVE_COUNT (sizeof directives / sizeof *directives)

static size_t directive_find(struct bytes name)
{
    for (size_t i = 0; i < DIRECTIVE_COUNT; i++) {
        if (bytes_equal_text(name, directives[i].name)) {
            return i;
        }
    }
    return DIRECTIVE_COUNT;
}

/* The signs before a command that say how it is run: man 5 systemd.service. */
static struct bytes without_signs(struct bytes command)
{
    while (command.size > 0 && memchr("@-:+!|", command.data[0], 6) != NULL) {
        command = bytes_from(command, 1);
    }
    return command;
}

static enum status give(struct unit *unit, struct bytes line)
{
    struct parse *parse = unit->feed.parse;
    size_t equals = bytes_find_byte(line, '=');
    size_t index = directive_find(bytes_trim(bytes_part(line, 0, equals)));
    struct bytes value = bytes_trim(bytes_from(line, equals + 1));
    if (equals == line.size || index == DIRECTIVE_COUNT || value.size == 0) {
        return STATUS_OK;
    }
    struct setting setting = {.kind = SETTING_UNIT};
    struct bytes command = directives[index].runs ? without_signs(value) : BYTES_NONE;
    setting_add(&setting, FIELD_SERVICE_NAME, parse->name);
    setting_add(&setting, FIELD_UNIT_DIRECTIVE, bytes_of_text(directives[index].name));
    setting_add(&setting, FIELD_UNIT_VALUE, value);
    setting_add(&setting, FIELD_PROCESS_COMMAND_LINE, command);
    struct record record = {
        .kind = RECORD_SETTING,
        .place = {PLACE_LINES, parse->member, unit->first_line, unit->feed.line},
        .source = line,
        .setting = &setting,
    };
    unit->feed.setting_count++;
    TRY(parse_give(parse, &record));
    record.origin = SHELL_SCRIPT;
    return command.size == 0 ? STATUS_OK : shell_parse_line(command, parse, &record);
}

static void keep(struct unit *unit, struct bytes part)
{
    size_t room = UNIT_LINE_MAX - unit->used;
    if (part.size > room) {
        feed_anomaly(&unit->feed, what_long);
        part = bytes_part(part, 0, room);
    }
    if (part.size > 0) {
        memcpy(&unit->memory[unit->used], part.data, part.size);
        unit->used += part.size;
    }
}

static enum status read_line(struct unit *unit, struct bytes line)
{
    bool goes_on = bytes_ends(line, "\\");
    bool is_first = unit->first_line == 0;
    struct bytes start = bytes_trim(line);
    if (!is_first && (bytes_starts(start, "#") || bytes_starts(start, ";"))) {
        return STATUS_OK; /* a comment within a line that goes on is passed over */
    }
    if (is_first) {
        line = bytes_trim(line);
        unit->first_line = unit->feed.line;
        unit->used = 0;
        if (line.data[0] == '#' || line.data[0] == ';' || line.data[0] == '[') {
            unit->first_line = 0;
            return STATUS_OK;
        }
    }
    if (goes_on) {
        keep(unit, bytes_part(line, 0, line.size - 1));
        keep(unit, bytes_of_text(" "));
        return STATUS_OK;
    }
    enum status status;
    if (is_first) {
        status = give(unit, line);
    } else {
        keep(unit, line);
        status = give(unit, (struct bytes){unit->memory, unit->used});
    }
    unit->first_line = 0;
    return status;
}

static enum status read_lines(struct unit *unit, struct stream *stream)
{
    for (;;) {
        struct bytes line = BYTES_NONE;
        bool more;
        TRY(feed_line(&unit->feed, stream, &line, &more));
        if (!more) {
            break;
        }
        TRY(read_line(unit, line));
    }
    return unit->first_line == 0 ? STATUS_OK
                                 : give(unit, (struct bytes){unit->memory, unit->used});
}

bool unit_matches(const struct sample *sample)
{
    static const char *const sections[] = {"[Unit]",   "[Service]", "[Timer]",
                                           "[Socket]", "[Path]",    "[Install]"};
    struct cursor cursor = cursor_of(sample->head);
    struct bytes line = BYTES_NONE;
    while (sample->is_text && cursor_line(&cursor, &line)) {
        line = bytes_trim(line);
        if (line.size == 0 || line.data[0] == '#' || line.data[0] == ';') {
            continue;
        }
        for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
            if (bytes_equal_text(line, sections[i])) {
                return true;
            }
        }
        return false;
    }
    return false;
}

enum status unit_read(struct stream *stream, struct parse *parse)
{
    struct unit *unit = arena_take(parse->evidence, sizeof *unit);
    if (unit == NULL) {
        return STATUS_NO_MEMORY;
    }
    feed_init(&unit->feed, parse);
    enum status status = read_lines(unit, stream);
    feed_finish(&unit->feed);
    return status;
}
