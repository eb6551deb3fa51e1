#include "parse/net/lines_talk.h"

#include <string.h>

#include "base/number.h"
#include "parse/net/speech_tls.h"
#include "parse/net/tls_hello.h"

void speech_lines_init(struct pool *pool, struct arena *arena)
{
    pool_init(pool, arena, sizeof(struct lines_talk), LINES_TALKS_MAX);
}

static bool is_greeting(struct bytes bytes)
{
    return bytes_starts(bytes, "220 ") || bytes_starts(bytes, "220-");
}

enum speech_kind speech_lines_kind(struct bytes bytes, bool is_client)
{
    bool is_ssh = bytes_starts(bytes, "SSH-");
    return is_ssh || (!is_client && is_greeting(bytes)) ? SPEECH_LINES : SPEECH_NONE;
}

const char *speech_lines_application(const struct speech *speech)
{
    static const char *const names[] = {[LINES_UNKNOWN] = NULL,
                                        [LINES_SSH] = "ssh",
                                        [LINES_SMTP] = "smtp",
                                        [LINES_FTP] = "ftp"};
    return speech->lines == NULL ? NULL : names[speech->lines->protocol];
}

/* ---- words ---- */

void lines_word_set(struct lines_word *word, struct bytes bytes)
{
    bytes = bytes_part(bytes, 0, LINES_WORD_MAX);
    word->size = (uint16_t)bytes.size;
    if (bytes.size > 0) {
        memcpy(word->bytes, bytes.data, bytes.size);
    }
}

void lines_path_set(struct lines_path *path, struct bytes bytes)
{
    bytes = bytes_part(bytes, 0, LINES_PATH_MAX);
    path->size = (uint16_t)bytes.size;
    if (bytes.size > 0) {
        memcpy(path->bytes, bytes.data, bytes.size);
    }
}

struct bytes lines_word_bytes(const struct lines_word *word)
{
    return (struct bytes){word->bytes, word->size};
}

struct bytes lines_path_bytes(const struct lines_path *path)
{
    return (struct bytes){path->bytes, path->size};
}

struct bytes lines_verb(struct bytes line, struct bytes *rest)
{
    size_t end = bytes_find_byte(line, ' ');
    *rest = bytes_trim(bytes_from(line, end));
    return bytes_part(line, 0, end);
}

/* ---- commands and answers ---- */

void lines_mark(struct hearing *hearing)
{
    struct lines_talk *talk = hearing->speech->lines;
    talk->frame = hearing->piece->frame;
    talk->at_ns = hearing->piece->at_ns;
}

void lines_expect(struct lines_talk *talk, enum lines_wait wait)
{
    talk->wait = wait;
    talk->before = talk->outstanding;
}

bool lines_is_answer(struct lines_talk *talk, struct bytes line)
{
    uint64_t code;
    bool has_code =
        line.size >= 3 && number_decimal(bytes_part(line, 0, 3), &code) == STATUS_OK;
    bool goes_on = line.size > 3 && line.data[3] == '-';
    if (!has_code || goes_on || code < 200) {
        return false;
    }
    if (talk->outstanding == 0) {
        return false; /* the greeting */
    }
    talk->outstanding--;
    bool is_awaited = talk->before == 1;
    talk->before -= talk->before > 0;
    if (is_awaited) {
        lines_word_set(&talk->code, bytes_part(line, 0, 3));
    }
    return is_awaited;
}

void lines_switch_to_tls(struct hearing *hearing)
{
    speech_lines_drop(hearing);
    hearing->speech->kind = SPEECH_TLS;
}

/* ---- SSH ---- */

static enum status give_ssh(struct hearing *hearing)
{
    struct lines_talk *talk = hearing->speech->lines;
    struct exchange_view view = {
        .frame = talk->frame, .at_ns = talk->at_ns, .side = talk->client};
    const struct field_value fields[] = {
        {FIELD_SSH_CLIENT_VERSION, lines_word_bytes(&talk->name)},
        {FIELD_SSH_SERVER_VERSION, lines_word_bytes(&talk->banner)},
    };
    hearing->speech->kind = SPEECH_NONE;
    hearing->dissection->speeches.requests++;
    return emit_fields(hearing->dissection, hearing->conversation, &view, TRANSACTION_SSH,
                       fields, sizeof fields / sizeof *fields);
}

/* A server may say other lines before its version. */
static enum status take_ssh(struct hearing *hearing, struct bytes line)
{
    struct lines_talk *talk = hearing->speech->lines;
    if (!bytes_starts(line, "SSH-")) {
        return STATUS_OK;
    }
    if (talk->frame == 0) {
        lines_mark(hearing);
    }
    lines_word_set(hearing->side == talk->client ? &talk->name : &talk->banner, line);
    bool is_whole = talk->name.size > 0 && talk->banner.size > 0;
    return is_whole ? give_ssh(hearing) : STATUS_OK;
}

/* ---- lines ---- */

/* What the client's first command, or the server's greeting, tells. */
static enum lines_protocol protocol_of(struct bytes line, bool is_client)
{
    static const char *const mail[] = {"EHLO", "HELO", "LHLO"};
    static const char *const files[] = {"USER", "FEAT", "AUTH", "OPTS", "SYST", "CLNT", "PASS"};
    if (bytes_starts(line, "SSH-")) {
        return LINES_SSH;
    }
    struct bytes rest;
    struct bytes verb = lines_verb(line, &rest);
    for (size_t i = 0; is_client && i < sizeof mail / sizeof *mail; i++) {
        if (bytes_equal_text_nocase(verb, mail[i])) {
            return LINES_SMTP;
        }
    }
    for (size_t i = 0; is_client && i < sizeof files / sizeof *files; i++) {
        if (bytes_equal_text_nocase(verb, files[i])) {
            return LINES_FTP;
        }
    }
    return LINES_UNKNOWN;
}

static enum status take_line(struct hearing *hearing, struct bytes line)
{
    struct lines_talk *talk = hearing->speech->lines;
    bool is_client = hearing->side == talk->client;
    if (talk->protocol == LINES_UNKNOWN) {
        talk->protocol = protocol_of(line, is_client);
    }
    switch (talk->protocol) {
    case LINES_UNKNOWN:
        if (is_client) {
            hearing->speech->kind = SPEECH_NONE;
        } else if (talk->banner.size == 0) {
            lines_word_set(&talk->banner, bytes_from(line, 4));
        }
        return STATUS_OK;
    case LINES_SSH:
        return take_ssh(hearing, line);
    case LINES_SMTP:
        return is_client ? lines_smtp_command(hearing, line) : lines_smtp_answer(hearing, line);
    case LINES_FTP:
        return is_client ? lines_ftp_command(hearing, line) : lines_ftp_answer(hearing, line);
    }
    return STATUS_OK;
}

static void add_to_line(struct lines_side *side, struct bytes bytes)
{
    bytes = bytes_part(bytes, 0, LINES_LINE_MAX - side->size);
    if (bytes.size > 0) {
        memcpy(&side->bytes[side->size], bytes.data, bytes.size);
    }
    side->size = (uint16_t)(side->size + bytes.size);
}

static bool make_talk(struct hearing *hearing)
{
    struct speech *speech = hearing->speech;
    if (speech->lines == NULL) {
        speech->lines = pool_take(&hearing->dissection->speeches.lines);
        if (speech->lines == NULL) {
            hearing->dissection->speeches.unlistened++;
            speech->kind = SPEECH_NONE;
            return false;
        }
        speech->lines->client = hearing->conversation->client;
    }
    return true;
}

/* A server may greet first where the client wants TLS from the start. */
static bool is_tls_after_all(const struct hearing *hearing, struct bytes bytes)
{
    const struct lines_talk *talk = hearing->speech->lines;
    return talk->protocol == LINES_UNKNOWN && hearing->side == talk->client &&
           talk->sides[talk->client].size == 0 && bytes.size >= TLS_HELLO_START_SIZE &&
           tls_hello_begins(bytes);
}

enum status speech_lines_bytes(struct hearing *hearing, struct bytes bytes)
{
    const struct speech *speech = hearing->speech;
    if (!make_talk(hearing)) {
        return STATUS_OK;
    }
    if (is_tls_after_all(hearing, bytes)) {
        lines_switch_to_tls(hearing);
        return speech_tls_bytes(hearing, bytes);
    }
    while (bytes.size > 0 && speech->kind == SPEECH_LINES) {
        struct lines_talk *talk = speech->lines;
        struct lines_side *side = &talk->sides[hearing->side];
        if (talk->skip > 0 && hearing->side == talk->client) {
            size_t size = number_least(talk->skip, bytes.size);
            talk->skip -= size;
            bytes = bytes_from(bytes, size);
            continue;
        }
        size_t end = bytes_find_byte(bytes, '\n');
        add_to_line(side, bytes_part(bytes, 0, end));
        if (end < bytes.size) {
            struct bytes line = {side->bytes, side->size};
            side->size = 0;
            TRY(take_line(hearing, bytes_trim(line)));
        }
        bytes = bytes_from(bytes, end + 1);
    }
    return STATUS_OK;
}

enum status speech_lines_end(struct hearing *hearing)
{
    const struct lines_talk *talk = hearing->speech->lines;
    enum status status = STATUS_OK;
    if (talk != NULL && talk->protocol == LINES_SSH && talk->frame != 0) {
        status = give_ssh(hearing);
    } else if (talk != NULL && talk->protocol == LINES_SMTP) {
        status = lines_smtp_end(hearing);
    } else if (talk != NULL && talk->protocol == LINES_FTP) {
        status = lines_ftp_end(hearing);
    }
    speech_lines_drop(hearing);
    return status;
}

/* What is missing may have been a line end, a command or an answer: the count starts anew. */
enum status speech_lines_gap(struct hearing *hearing)
{
    struct lines_talk *talk = hearing->speech->lines;
    if (talk == NULL || talk->protocol == LINES_SSH) {
        enum status status = speech_lines_end(hearing);
        hearing->speech->kind = SPEECH_NONE;
        return status;
    }
    talk->sides[hearing->side].size = 0;
    talk->outstanding = 0;
    talk->before = 0;
    talk->skip = 0;
    return STATUS_OK;
}

void speech_lines_drop(struct hearing *hearing)
{
    pool_give(&hearing->dissection->speeches.lines, hearing->speech->lines);
    hearing->speech->lines = NULL;
}
