#include "parse/log/message.h"

#include "base/cursor.h"
#include "base/number.h"
#include "parse/log/netfilter.h"
#include "parse/log/template.h"

#define BUCKET_COUNT 128U
#define REPEATS_MAX UINT64_C(1000000000)

static const struct vocabulary *const vocabularies[] = {
    &account_vocabulary,  &cron_vocabulary,   &crontab_vocabulary, &dnsmasq_vocabulary,
    &fail2ban_vocabulary, &login_vocabulary,  &named_vocabulary,   &pam_vocabulary,
    &service_vocabulary,  &sshd_vocabulary,   &su_vocabulary,      &sudo_vocabulary,
    &syslogd_vocabulary,  &kernel_vocabulary, &clock_vocabulary,
};
#define VOCABULARY_COUNT (sizeof vocabularies / sizeof *vocabularies)

struct phrase {
    const struct message_row *row;
    const struct template *template;
    uint8_t first;  /* the byte it begins with, 0: any */
    uint32_t go_on; /* the index of the next one that may fit a message with that byte */
};

/* Phrases in the order of the table, and where to begin for a message by its first byte: most
 * of a long book is never looked at. */
struct phrasebook {
    struct phrase *phrases;
    uint32_t count;
    uint32_t begin[256];
};

/* A program's name and the phrases it uses. */
struct speaker {
    struct bytes program;
    const struct phrasebook *book;
    struct speaker *next; /* in the same bucket */
};

struct message_reader {
    struct phrasebook books[VOCABULARY_COUNT];
    const struct phrasebook *pam;
    const struct phrasebook *syslogd;
    struct speaker *buckets[BUCKET_COUNT];
    struct capture captures[TEMPLATE_PARTS_MAX];
};

static size_t bucket_of(struct bytes program)
{
    return program.size == 0
               ? 0
               : (program.size * 7U + program.data[0] + program.data[program.size - 1] * 3U) %
                     BUCKET_COUNT;
}

/* The first phrase from `index` on that a message beginning with `first` may fit. */
static uint32_t next_for(const struct phrasebook *book, uint32_t index, uint8_t first)
{
    while (index < book->count && book->phrases[index].first != 0 &&
           book->phrases[index].first != first) {
        index++;
    }
    return index;
}

/* The same, after a phrase that may fit: only one that fits any message does not know it. */
static uint32_t after(const struct phrasebook *book, uint32_t index, uint8_t first)
{
    const struct phrase *phrase = &book->phrases[index];
    return phrase->first == 0 ? next_for(book, index + 1, first) : phrase->go_on;
}

static bool fill_book(struct phrasebook *book, const struct vocabulary *vocabulary,
                      struct arena *arena)
{
    book->phrases = arena_take_many(arena, vocabulary->row_count, sizeof *book->phrases);
    if (book->phrases == NULL) {
        return false;
    }
    for (size_t i = 0; i < vocabulary->row_count; i++) {
        const struct template *template = template_new(vocabulary->rows[i].template, arena);
        if (template == NULL) {
            return false;
        }
        book->phrases[book->count++] = (struct phrase){
            .row = &vocabulary->rows[i],
            .template = template,
            .first = template_first(template),
        };
    }
    for (uint32_t i = 0; i < book->count; i++) {
        book->phrases[i].go_on = next_for(book, i + 1, book->phrases[i].first);
    }
    for (unsigned byte = 0; byte < 256; byte++) {
        book->begin[byte] = next_for(book, 0, (uint8_t)byte);
    }
    return true;
}

static bool add_book(struct message_reader *reader, size_t index, struct arena *arena)
{
    const struct vocabulary *vocabulary = vocabularies[index];
    struct phrasebook *book = &reader->books[index];
    if (!fill_book(book, vocabulary, arena)) {
        return false;
    }
    struct bytes rest = bytes_of_text(vocabulary->programs);
    struct bytes program = BYTES_NONE;
    while (bytes_split(&rest, ' ', &program)) {
        struct speaker *speaker = arena_take(arena, sizeof *speaker);
        if (speaker == NULL) {
            return false;
        }
        struct speaker **bucket = &reader->buckets[bucket_of(program)];
        *speaker = (struct speaker){program, book, *bucket};
        *bucket = speaker;
    }
    reader->pam = vocabulary == &pam_vocabulary ? book : reader->pam;
    reader->syslogd = vocabulary == &syslogd_vocabulary ? book : reader->syslogd;
    return true;
}

struct message_reader *message_reader_new(struct arena *arena)
{
    struct message_reader *reader = arena_take(arena, sizeof *reader);
    for (size_t i = 0; reader != NULL && i < VOCABULARY_COUNT; i++) {
        if (!add_book(reader, i, arena)) {
            return NULL;
        }
    }
    return reader;
}

static const struct phrasebook *find_book(const struct message_reader *reader,
                                          struct bytes program)
{
    const struct speaker *speaker = reader->buckets[bucket_of(program)];
    while (speaker != NULL && !bytes_equal(speaker->program, program)) {
        speaker = speaker->next;
    }
    return speaker == NULL ? NULL : speaker->book;
}

enum status message_add_address(struct event *event, enum field field, struct bytes value,
                                struct arena *batch)
{
    struct endpoint endpoint;
    if (bytes_starts(value, "::ffff:") && bytes_find_byte(value, '.') < value.size) {
        value = bytes_from(value, 7);
    }
    if (endpoint_read(value, &endpoint) != STATUS_OK) {
        return STATUS_MALFORMED;
    }
    if (endpoint.address_size == 16) {
        struct text text = text_of_limit(64);
        endpoint_add_address(&text, &endpoint);
        enum status status = text_status(&text);
        if (status == STATUS_OK) {
            status = arena_copy(batch, text_bytes(&text), &value);
        }
        text_done(&text);
        TRY(status);
    }
    event_add(event, field, value);
    return STATUS_OK;
}

static enum status add_capture(struct event *event, const struct capture *capture,
                               struct arena *batch)
{
    bool is_address = capture->field == FIELD_SOURCE_ADDRESS ||
                      capture->field == FIELD_DESTINATION_ADDRESS || capture->is_peer;
    if (is_address && capture->value.size > 0) {
        enum field field = capture->is_peer ? FIELD_SOURCE_ADDRESS : capture->field;
        enum status status = message_add_address(event, field, capture->value, batch);
        if (status == STATUS_MALFORMED && capture->is_peer) {
            event_add(event, FIELD_SOURCE_NAME, capture->value);
        }
        return status == STATUS_MALFORMED ? STATUS_OK : status;
    }
    if (capture->is_repeats) {
        uint64_t repeats = 1;
        IGNORE(number_decimal_max(capture->value, REPEATS_MAX, &repeats),
               "a count that is out of range counts once");
        event->repeats = number_most(repeats, 1);
    } else if (capture->field != FIELD_COUNT) {
        event_add(event, capture->field, capture->value);
    }
    return STATUS_OK;
}

static enum status apply(struct message_reader *reader, const struct phrase *phrase,
                         size_t capture_count, struct arena *batch, struct event *out)
{
    out->action = phrase->row->action;
    for (size_t i = 0; i < capture_count; i++) {
        TRY(add_capture(out, &reader->captures[i], batch));
    }
    if (phrase->row->method != NULL) {
        event_add(out, FIELD_AUTH_METHOD, bytes_of_text(phrase->row->method));
    }
    return STATUS_OK;
}

/* STATUS_NOT_FOUND where no phrase fits. */
static enum status match_book(struct message_reader *reader, const struct phrasebook *book,
                              struct bytes message, struct arena *batch, struct event *out)
{
    uint8_t first = message.size == 0 ? 0 : message.data[0];
    for (uint32_t i = book->begin[first]; i < book->count; i = after(book, i, first)) {
        const struct phrase *phrase = &book->phrases[i];
        size_t count = 0;
        if (template_match(phrase->template, message, reader->captures, &count)) {
            return apply(reader, phrase, count, batch, out);
        }
    }
    return STATUS_NOT_FOUND;
}

/* What a failure means when the program only asks who sits at the keyboard. */
static void settle_local(struct bytes program, struct event *out)
{
    if (out->action != EVENT_LOGIN_FAILED) {
        return;
    }
    if (bytes_equal_text(program, "su") || bytes_equal_text(program, "su-l")) {
        out->action = EVENT_USER_SWITCH_REFUSED;
    } else if (bytes_equal_text(program, "sudo") || bytes_equal_text(program, "polkitd")) {
        out->action = EVENT_COMMAND_REFUSED;
    }
}

/* "pam_unix(sshd:auth): what it says", or "(ssh) what it says" of old. */
static struct bytes pam_part(const struct syslog_header *header, struct bytes message)
{
    if (message.size > 0 && message.data[0] == 'p' && bytes_starts(message, "pam_")) {
        struct bytes colon = BYTES_LITERAL("): ");
        size_t at = bytes_find(bytes_part(message, 0, SYSLOG_NAME_SIZE_MAX), colon);
        return bytes_from(message, at + colon.size);
    }
    if (header->module.size > 0 && bytes_starts(header->module, "pam_")) {
        return message;
    }
    return BYTES_NONE;
}

/* "[   12.345678] what it says": how long the kernel has run stands before it in some logs. */
static struct bytes without_uptime(struct bytes message)
{
    size_t end = bytes_starts(message, "[") ? bytes_find_byte(message, ']') : message.size;
    return end < message.size ? bytes_trim(bytes_from(message, end + 1)) : message;
}

/* "message repeated 5 times: [ Failed password ...]": what is inside, and how often. */
static struct bytes unwrap(struct bytes message, uint64_t *repeats)
{
    if (message.size == 0 || message.data[0] != 'm') {
        return message;
    }
    struct cursor cursor = cursor_of(message);
    struct bytes count = BYTES_NONE;
    uint64_t value = 0;
    if (!cursor_accept(&cursor, "message repeated ") || !cursor_until(&cursor, ' ', &count) ||
        !cursor_accept(&cursor, "times: [") ||
        number_decimal_max(count, REPEATS_MAX, &value) != STATUS_OK || value == 0 ||
        message.data[message.size - 1] != ']') {
        return message;
    }
    *repeats = value;
    return bytes_trim(bytes_part(message, cursor_offset(&cursor), cursor_left(&cursor) - 1));
}

static struct bytes without_level(struct bytes message)
{
    if (message.size == 0 || (message.data[0] != 'e' && message.data[0] != 'f')) {
        return message;
    }
    struct cursor cursor = cursor_of(message);
    bool found = cursor_accept(&cursor, "error: ") || cursor_accept(&cursor, "fatal: ");
    return found ? cursor_rest(&cursor) : message;
}

enum status message_read(struct message_reader *reader, const struct syslog_header *header,
                         struct arena *batch, struct event *out)
{
    out->action = EVENT_OTHER;
    out->repeats = 1;
    out->field_count = 0; /* what lies beyond it is nobody's: clearing it costs a tenth */
    event_add(out, FIELD_HOST_NAME, header->host);
    event_add(out, FIELD_PROCESS_NAME, header->program);
    event_add(out, FIELD_PROCESS_ID, header->pid);
    event_add(out, FIELD_MESSAGE, header->message);
    uint64_t wrapped = 1;
    struct bytes message = unwrap(header->message, &wrapped);
    struct bytes pam = pam_part(header, message);
    enum status status = STATUS_NOT_FOUND;
    if (pam.size > 0) {
        status = match_book(reader, reader->pam, pam, batch, out);
        settle_local(header->program, out);
    } else {
        const struct phrasebook *book =
            header->has_tag ? find_book(reader, header->program) : reader->syslogd;
        if (bytes_equal_text(header->program, "kernel")) {
            status = netfilter_read(message, batch, out);
            if (status == STATUS_NOT_FOUND) {
                status = match_book(reader, book, without_uptime(message), batch, out);
            }
        } else if (book != NULL) {
            status = match_book(reader, book, without_level(message), batch, out);
        }
    }
    out->repeats = number_least(number_multiply(out->repeats, wrapped), REPEATS_MAX);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

uint64_t message_repeats(struct bytes message)
{
    if (message.size == 0 || (message.data[0] != 'l' && message.data[0] != '-')) {
        return 0;
    }
    struct cursor cursor = cursor_of(message);
    cursor_accept(&cursor, "--- ");
    struct bytes count = BYTES_NONE;
    uint64_t value = 0;
    if (!cursor_accept(&cursor, "last message repeated ") ||
        !cursor_until(&cursor, ' ', &count) || !cursor_accept(&cursor, "time") ||
        number_decimal_max(count, REPEATS_MAX, &value) != STATUS_OK) {
        return 0;
    }
    return value;
}
