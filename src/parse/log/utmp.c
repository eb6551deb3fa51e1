#include "parse/log/utmp.h"

#include <string.h>

#include "base/number.h"
#include "parse/log/feed.h"

#define TIME_MIN 946684800U  /* the year 2000: nothing older is believed when guessing */
#define TIME_MAX 4102444800U /* the year 2100 */
#define NAME_SIZE 32U
#define HOST_SIZE 256U
#define SAMPLE_RECORDS_MIN 3U
#define TYPE_MAX 9U

static const char what_empty[] = "an entry of the login records is empty, as if it were wiped";
static const char what_back[] = "the time goes back in the login records";
static const char what_rest[] = "the last entry of the login records is not complete";
static const char what_odd[] = "an entry of the login records is damaged";

enum kind {
    KIND_EMPTY,
    KIND_RUN_LEVEL,
    KIND_BOOT,
    KIND_CLOCK_NEW,
    KIND_CLOCK_OLD,
    KIND_INIT,
    KIND_LOGIN,
    KIND_USER,
    KIND_DEAD,
    KIND_ACCOUNTING,
};

struct login {
    uint16_t kind;
    uint32_t process;
    struct bytes line;
    struct bytes user;
    struct bytes host;
    uint64_t seconds;
    uint32_t microseconds;
    struct bytes address;
    bool is_blank;
};

struct accounting {
    struct feed feed;
    struct table users; /* line -> struct bytes, of who opened it */
    uint64_t newest;
    bool is_failures;
    bool is_now; /* utmp: its entries are places that are filled and left again */
    struct text line;
};

/* ---- one entry ---- */

/* A string in a field of fixed size. */
static struct bytes fixed(struct cursor *cursor, size_t size)
{
    struct bytes field = cursor_take(cursor, size);
    return bytes_part(field, 0, bytes_find_byte(field, 0));
}

static bool is_blank(struct bytes bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        if (bytes.data[i] != 0) {
            return false;
        }
    }
    return true;
}

static enum status read_login(struct bytes bytes, struct login *out)
{
    bool is_long = bytes.size == UTMP_SIZE_LONG;
    struct cursor cursor = cursor_of(bytes);
    struct login login = {.kind = cursor_u16le(&cursor)};
    cursor_skip(&cursor, 2);
    login.process = cursor_u32le(&cursor);
    login.line = fixed(&cursor, NAME_SIZE);
    cursor_skip(&cursor, 4);
    login.user = fixed(&cursor, NAME_SIZE);
    login.host = fixed(&cursor, HOST_SIZE);
    cursor_skip(&cursor, is_long ? 12 : 8);
    login.seconds = is_long ? cursor_u64le(&cursor) : cursor_u32le(&cursor);
    login.microseconds = is_long ? (uint32_t)cursor_u64le(&cursor) : cursor_u32le(&cursor);
    login.address = cursor_take(&cursor, 16);
    TRY(cursor_status(&cursor));
    login.is_blank = is_blank(bytes);
    *out = login;
    return STATUS_OK;
}

static bool is_printable(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < ' ') {
            return false;
        }
    }
    return true;
}

static bool is_plausible(const struct login *login)
{
    return login->is_blank || (login->kind <= TYPE_MAX && login->seconds >= TIME_MIN &&
                               login->seconds <= TIME_MAX && login->microseconds < 1000000 &&
                               is_printable(login->line) && is_printable(login->user) &&
                               is_printable(login->host));
}

/* How many entries of that size at the beginning of the sample could be some. */
static size_t count_plausible(struct bytes head, size_t size)
{
    size_t count = 0;
    size_t said = 0;
    struct login login;
    while (head.size >= size && read_login(bytes_part(head, 0, size), &login) == STATUS_OK &&
           is_plausible(&login)) {
        count++;
        said += !login.is_blank;
        head = bytes_from(head, size);
    }
    return said > 0 ? count : 0;
}

static size_t size_of(struct bytes head)
{
    return count_plausible(head, UTMP_SIZE_LONG) > count_plausible(head, UTMP_SIZE)
               ? UTMP_SIZE_LONG
               : UTMP_SIZE;
}

/* ---- events ---- */

static struct moment time_of(uint64_t seconds, uint32_t microseconds)
{
    if (seconds == 0 || seconds > INT32_MAX * UINT64_C(4)) {
        return (struct moment){0};
    }
    uint32_t rest = microseconds < 1000000 ? microseconds : 0;
    return moment_of_unix((int64_t)seconds, (int64_t)rest * 1000);
}

static enum status add_source(struct event *event, const struct login *login,
                              struct arena *batch)
{
    struct endpoint endpoint = {.address_size = 4};
    if (is_blank(login->address)) {
        bool is_address = endpoint_read(login->host, &endpoint) == STATUS_OK;
        event_add(event, is_address ? FIELD_SOURCE_ADDRESS : FIELD_SOURCE_NAME, login->host);
        return STATUS_OK;
    }
    memcpy(endpoint.address, login->address.data, sizeof endpoint.address);
    endpoint.address_size = is_blank(bytes_from(login->address, 4)) ? 4 : 16;
    struct text AUTO(text_done) text = text_of_limit(64);
    endpoint_add_address(&text, &endpoint);
    TRY(text_status(&text));
    struct bytes address;
    TRY(arena_copy(batch, text_bytes(&text), &address));
    event_add(event, FIELD_SOURCE_ADDRESS, address);
    return STATUS_OK;
}

static enum event_action action_of(const struct accounting *log, const struct login *login)
{
    switch ((enum kind)login->kind) {
    case KIND_BOOT:
        return EVENT_HOST_STARTED;
    case KIND_RUN_LEVEL:
        return bytes_equal_text(login->user, "shutdown") ? EVENT_HOST_STOPPED : EVENT_OTHER;
    case KIND_USER:
        return log->is_failures ? EVENT_LOGIN_FAILED : EVENT_SESSION_OPENED;
    case KIND_LOGIN:
        return log->is_failures ? EVENT_LOGIN_FAILED : EVENT_OTHER;
    case KIND_DEAD:
        return EVENT_SESSION_CLOSED;
    case KIND_CLOCK_NEW:
        return EVENT_CLOCK_SET;
    case KIND_EMPTY:
    case KIND_CLOCK_OLD:
    case KIND_INIT:
    case KIND_ACCOUNTING:
        break;
    }
    return EVENT_OTHER;
}

/* Who opened the line, for the entry that closes it and has no user. */
static enum status follow_line(struct accounting *log, struct login *login)
{
    if (login->line.size == 0 || log->is_failures) {
        return STATUS_OK;
    }
    if (login->kind == KIND_DEAD && login->user.size == 0) {
        const struct bytes *user = table_get(&log->users, login->line);
        login->user = user != NULL ? *user : BYTES_NONE;
        return STATUS_OK;
    }
    if (login->kind != KIND_USER) {
        return STATUS_OK;
    }
    struct arena *arena = log->feed.parse->evidence;
    struct table_entry *entry;
    enum status status = table_add(&log->users, login->line, &entry);
    if (status != STATUS_OK) {
        return status == STATUS_LIMIT ? STATUS_OK : status;
    }
    /* A line is opened again and again: its room is taken once, for the longest user. */
    struct bytes *kept = entry->value;
    if (kept == NULL) {
        kept = arena_take(arena, sizeof *kept + NAME_SIZE);
        if (kept == NULL) {
            return STATUS_NO_MEMORY;
        }
        entry->value = kept;
    }
    uint8_t *room = (uint8_t *)(kept + 1);
    if (login->user.size > 0) {
        memcpy(room, login->user.data, login->user.size);
    }
    *kept = (struct bytes){room, login->user.size};
    return STATUS_OK;
}

static struct bytes program_of(const struct login *login)
{
    if (bytes_starts(login->line, "ssh")) {
        return bytes_of_text("sshd");
    }
    return bytes_starts(login->line, "ftp") ? bytes_of_text("ftpd") : bytes_of_text("login");
}

/* What a person sees of an entry: there is no text of theirs. */
static void add_line(struct text *text, const struct login *login)
{
    static const char *const names[] = {"empty",     "run level", "boot",        "clock set",
                                        "clock was", "init",      "login waits", "user",
                                        "ended",     "accounting"};
    text_clear(text);
    text_add(text, login->kind <= TYPE_MAX ? names[login->kind] : "entry");
    text_addf(text, " process %u line ", login->process);
    text_add_raw(text, login->line);
    text_add(text, " user ");
    text_add_raw(text, login->user);
    text_add(text, " host ");
    text_add_raw(text, login->host);
}

static enum status give(struct accounting *log, struct event *event, struct moment at,
                        struct place place)
{
    struct feed *feed = &log->feed;
    TRY(text_status(&log->line));
    event_add(event, FIELD_MESSAGE, text_bytes(&log->line));
    if (at.is_known) {
        coverage_time(feed->parse->coverage, at);
    }
    enum status status = feed_event(feed, &(struct record){
                                              .kind = RECORD_EVENT,
                                              .place = place,
                                              .at = at,
                                              .source = text_bytes(&log->line),
                                              .event = event,
                                          });
    arena_reset(feed->parse->batch);
    return status;
}

static enum status give_login(struct accounting *log, struct login *login, struct place place)
{
    struct arena *batch = log->feed.parse->batch;
    struct coverage *coverage = log->feed.parse->coverage;
    if (login->is_blank) {
        coverage_anomaly(coverage, what_empty, place);
        return log->is_now ? STATUS_OK
                           : feed_damage(&log->feed, "empty-entry", 1, place,
                                         bytes_of_text("an entry of zeros"));
    }
    if (login->kind > TYPE_MAX) {
        coverage_anomaly(coverage, what_odd, place);
    }
    if (number_add(login->seconds, UTMP_DISORDER_S) < log->newest) {
        coverage_anomaly(coverage, what_back, place);
    }
    log->newest = login->seconds;
    TRY(follow_line(log, login));
    struct event event = {.repeats = 1, .action = action_of(log, login)};
    struct text AUTO(text_done) number = text_of_limit(16);
    text_addf(&number, "%u", login->process);
    TRY(text_status(&number));
    event_add(&event, FIELD_PROCESS_NAME, program_of(login));
    if (login->process > 0) {
        event_add(&event, FIELD_PROCESS_ID, text_bytes(&number));
    }
    event_add(&event, FIELD_PROCESS_TERMINAL, login->line);
    if (login->kind >= KIND_INIT) { /* those before have words of the system's there */
        event_add(&event, FIELD_USER_NAME, login->user);
        TRY(add_source(&event, login, batch));
    }
    add_line(&log->line, login);
    return give(log, &event, time_of(login->seconds, login->microseconds), place);
}

/* ---- files ---- */

bool utmp_matches(const struct sample *sample)
{
    bool is_named = bytes_starts(sample->name, "wtmp") || bytes_starts(sample->name, "btmp") ||
                    bytes_starts(sample->name, "utmp");
    size_t count = count_plausible(sample->head, size_of(sample->head));
    return !sample->is_text && (is_named ? count > 0 : count >= SAMPLE_RECORDS_MIN);
}

bool lastlog_matches(const struct sample *sample)
{
    struct cursor cursor = cursor_of(sample->head);
    uint32_t seconds = cursor_u32le(&cursor);
    return bytes_starts(sample->name, "lastlog") && !sample->is_text &&
           sample->head.size >= LASTLOG_SIZE && seconds <= TIME_MAX;
}

static void open_accounting(struct accounting *log, struct parse *parse)
{
    *log = (struct accounting){.line = text_of_limit(1024)};
    feed_init(&log->feed, parse);
    table_init(&log->users, parse->evidence, UTMP_LINES_MAX);
}

/* The next `size` bytes and their place; false at the end, which may be in the middle. */
static bool next_entry(struct accounting *log, struct stream *stream, size_t size,
                       struct bytes *out, struct place *place)
{
    uint64_t offset = stream->offset;
    struct bytes view = bytes_part(stream_peek(stream, size), 0, size);
    uint32_t member = log->feed.parse->member;
    *place = place_bytes(member, offset, view.size);
    if (view.size < size) {
        if (view.size > 0) {
            coverage_anomaly(log->feed.parse->coverage, what_rest, *place);
            stream_take(stream, view.size);
        }
        return false;
    }
    *out = view;
    return true;
}

static void finish(struct accounting *log, uint64_t entries)
{
    coverage_count_add(log->feed.parse->coverage, "entries", entries);
    coverage_count_add(log->feed.parse->coverage, "events", log->feed.event_count);
    text_done(&log->line);
}

static enum status read_entries(struct accounting *log, struct stream *stream, size_t size,
                                uint64_t *entries)
{
    struct bytes bytes;
    struct place place;
    while (next_entry(log, stream, size, &bytes, &place)) {
        struct login login;
        if (!budget_spend(log->feed.parse->budget, size)) {
            return STATUS_LIMIT;
        }
        TRY(read_login(bytes, &login));
        TRY(give_login(log, &login, place));
        stream_take(stream, size);
        ++*entries;
    }
    return STATUS_OK;
}

enum status utmp_read(struct stream *stream, struct parse *parse)
{
    struct accounting log;
    struct login first;
    open_accounting(&log, parse);
    struct bytes head =
        bytes_part(stream_peek(stream, IDENTIFY_SAMPLE_MAX), 0, IDENTIFY_SAMPLE_MAX);
    size_t size = size_of(head);
    log.is_failures = bytes_starts(parse->name, "btmp") ||
                      (read_login(bytes_part(head, 0, size), &first) == STATUS_OK &&
                       bytes_ends(first.line, ":notty"));
    log.is_now = bytes_starts(parse->name, "utmp");
    uint64_t entries = 0;
    enum status status = read_entries(&log, stream, size, &entries);
    finish(&log, entries);
    return status;
}

static enum status give_last(struct accounting *log, struct bytes bytes, uint64_t number,
                             struct place place)
{
    struct cursor cursor = cursor_of(bytes);
    struct login login = {.kind = KIND_USER, .seconds = cursor_u32le(&cursor)};
    login.line = fixed(&cursor, NAME_SIZE);
    login.host = fixed(&cursor, HOST_SIZE);
    if (login.seconds == 0) {
        return STATUS_OK; /* never logged in */
    }
    struct text AUTO(text_done) id = text_of_limit(32);
    text_addf(&id, "%llu", (unsigned long long)number);
    TRY(text_status(&id));
    struct event event = {.repeats = 1, .action = EVENT_LOGIN_REMEMBERED};
    event_add(&event, FIELD_USER_ID, text_bytes(&id));
    event_add(&event, FIELD_PROCESS_TERMINAL, login.line);
    TRY(add_source(&event, &login, log->feed.parse->batch));
    text_clear(&log->line);
    text_addf(&log->line, "last login of account %llu line ", (unsigned long long)number);
    text_add_raw(&log->line, login.line);
    text_add(&log->line, " host ");
    text_add_raw(&log->line, login.host);
    return give(log, &event, time_of(login.seconds, 0), place);
}

static enum status read_last(struct accounting *log, struct stream *stream, uint64_t *number)
{
    struct bytes bytes;
    struct place place;
    while (next_entry(log, stream, LASTLOG_SIZE, &bytes, &place)) {
        if (!budget_spend(log->feed.parse->budget, LASTLOG_SIZE)) {
            return STATUS_LIMIT;
        }
        TRY(give_last(log, bytes, *number, place));
        stream_take(stream, LASTLOG_SIZE);
        ++*number;
    }
    return STATUS_OK;
}

enum status lastlog_read(struct stream *stream, struct parse *parse)
{
    struct accounting log;
    open_accounting(&log, parse);
    uint64_t number = 0;
    enum status status = read_last(&log, stream, &number);
    finish(&log, number);
    return status;
}
