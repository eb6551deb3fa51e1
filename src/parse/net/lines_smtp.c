/* SMTP: logins and mails. */
#include "parse/net/lines_talk.h"

#include <string.h>

#include "base/number.h"
#include "codec/base64.h"

#define FIELDS_MAX (8 + LINES_RECIPIENTS_MAX)

static enum status give(struct hearing *hearing, const struct field_value *fields, size_t count)
{
    const struct lines_talk *talk = hearing->speech->lines;
    struct exchange_view view = {
        .frame = talk->frame, .at_ns = talk->at_ns, .side = talk->client};
    hearing->dissection->speeches.requests++;
    return emit_fields(hearing->dissection, hearing->conversation, &view, TRANSACTION_SMTP,
                       fields, count);
}

static enum status give_login(struct hearing *hearing)
{
    struct lines_talk *talk = hearing->speech->lines;
    talk->wait = WAIT_NOTHING;
    const struct field_value fields[] = {
        {FIELD_NETWORK_COMMAND, BYTES_LITERAL("AUTH")},
        {FIELD_USER_NAME, lines_word_bytes(&talk->user)},
        {FIELD_AUTH_METHOD, lines_word_bytes(&talk->method)},
        {FIELD_NETWORK_RESPONSE_CODE, lines_word_bytes(&talk->code)},
        {FIELD_SOURCE_NAME, lines_word_bytes(&talk->name)},
        {FIELD_SERVER_BANNER, lines_word_bytes(&talk->banner)},
    };
    return give(hearing, fields, sizeof fields / sizeof *fields);
}

static enum status give_mail(struct hearing *hearing)
{
    struct lines_talk *talk = hearing->speech->lines;
    talk->wait = WAIT_NOTHING;
    struct field_value fields[FIELDS_MAX] = {
        {FIELD_NETWORK_COMMAND, BYTES_LITERAL("MAIL")},
        {FIELD_MAIL_FROM, lines_path_bytes(&talk->path)},
        {FIELD_MAIL_SUBJECT, lines_word_bytes(&talk->subject)},
        {FIELD_NETWORK_RESPONSE_CODE, lines_word_bytes(&talk->code)},
        {FIELD_USER_NAME, lines_word_bytes(&talk->user)},
        {FIELD_SOURCE_NAME, lines_word_bytes(&talk->name)},
        {FIELD_SERVER_BANNER, lines_word_bytes(&talk->banner)},
    };
    size_t count = 7;
    for (size_t i = 0; i < talk->recipient_count; i++) {
        fields[count++] =
            (struct field_value){FIELD_MAIL_TO, lines_path_bytes(&talk->recipients[i])};
    }
    talk->path.size = 0;
    talk->subject.size = 0;
    talk->recipient_count = 0;
    return give(hearing, fields, count);
}

/* What stands between "<" and ">", or behind the colon. */
static struct bytes address_of(struct bytes rest)
{
    struct cursor cursor = cursor_of(rest);
    struct bytes passed;
    struct bytes address;
    if (cursor_until(&cursor, '<', &passed) && cursor_until(&cursor, '>', &address)) {
        return address;
    }
    return bytes_trim(bytes_from(rest, bytes_find_byte(rest, ':') + 1));
}

/* ---- logins ---- */

/* The account's name in what AUTH sends: of PLAIN between two zeros, of others all of it. */
static void keep_user(struct hearing *hearing, struct bytes encoded)
{
    struct lines_talk *talk = hearing->speech->lines;
    struct arena *batch = hearing->dissection->parse->batch;
    struct bytes plain;
    if (base64_decode(encoded, BASE64_TOLERANT, batch, &plain) != STATUS_OK) {
        return;
    }
    struct bytes method = lines_word_bytes(&talk->method);
    if (bytes_equal_text_nocase(method, "PLAIN")) {
        plain = bytes_from(plain, bytes_find_byte(plain, 0) + 1);
        plain = bytes_part(plain, 0, bytes_find_byte(plain, 0));
        lines_word_set(&talk->user, plain);
    } else if (bytes_equal_text_nocase(method, "LOGIN") && talk->secrets == 0) {
        lines_word_set(&talk->user, plain);
    } else if (bytes_equal_text_nocase(method, "CRAM-MD5")) {
        lines_word_set(&talk->user, bytes_part(plain, 0, bytes_find_byte(plain, ' ')));
    }
    talk->secrets++;
    arena_reset(batch);
}

static void begin_login(struct hearing *hearing, struct bytes rest)
{
    struct lines_talk *talk = hearing->speech->lines;
    struct bytes first;
    lines_word_set(&talk->method, lines_verb(rest, &first));
    talk->user.size = 0;
    talk->secrets = 0;
    lines_mark(hearing);
    lines_expect(talk, WAIT_LOGIN);
    if (first.size > 0) {
        keep_user(hearing, first);
    }
}

/* ---- mails ---- */

static void take_mail_line(struct hearing *hearing, struct bytes line)
{
    struct lines_talk *talk = hearing->speech->lines;
    if (bytes_equal_text(line, ".")) {
        talk->is_in_mail = false;
        talk->outstanding++;
        lines_expect(talk, WAIT_MAIL);
        return;
    }
    static const char subject[] = "subject:";
    struct bytes label = bytes_part(line, 0, sizeof subject - 1);
    if (talk->is_in_head && bytes_equal_text_nocase(label, subject)) {
        lines_word_set(&talk->subject, bytes_trim(bytes_from(line, label.size)));
    }
    talk->is_in_head = talk->is_in_head && line.size > 0;
}

/* A mail without an envelope stands where its contents begin. */
static void mark_mail(struct hearing *hearing)
{
    const struct lines_talk *talk = hearing->speech->lines;
    if (talk->path.size == 0 && talk->recipient_count == 0) {
        lines_mark(hearing);
    }
}

/* Some bytes of the mail follow, without an end of their own (RFC 3030). */
static void begin_chunk(struct hearing *hearing, struct bytes rest)
{
    struct lines_talk *talk = hearing->speech->lines;
    struct bytes flag;
    struct bytes size = lines_verb(rest, &flag);
    mark_mail(hearing);
    if (number_decimal(size, &talk->skip) == STATUS_OK &&
        bytes_equal_text_nocase(flag, "LAST")) {
        lines_expect(talk, WAIT_MAIL);
    }
}

enum status lines_smtp_command(struct hearing *hearing, struct bytes line)
{
    struct lines_talk *talk = hearing->speech->lines;
    if (talk->is_in_mail) {
        take_mail_line(hearing, line);
        return STATUS_OK;
    }
    talk->outstanding++;
    if (talk->wait == WAIT_SECRET) {
        lines_expect(talk, WAIT_LOGIN);
        keep_user(hearing, line);
        return STATUS_OK;
    }
    struct bytes rest;
    struct bytes verb = lines_verb(line, &rest);
    bool is_next = talk->wait == WAIT_MAIL && bytes_equal_text_nocase(verb, "MAIL");
    if (is_next) {
        talk->code.size = 0; /* the next mail does not wait for the answer to this */
        TRY(give_mail(hearing));
    }
    if (bytes_equal_text_nocase(verb, "EHLO") || bytes_equal_text_nocase(verb, "HELO") ||
        bytes_equal_text_nocase(verb, "LHLO")) {
        lines_word_set(&talk->name, rest);
    } else if (bytes_equal_text_nocase(verb, "AUTH")) {
        begin_login(hearing, rest);
    } else if (bytes_equal_text_nocase(verb, "MAIL")) {
        lines_mark(hearing);
        lines_path_set(&talk->path, address_of(rest));
        talk->recipient_count = 0;
    } else if (bytes_equal_text_nocase(verb, "RCPT")) {
        if (talk->recipient_count < LINES_RECIPIENTS_MAX) {
            lines_path_set(&talk->recipients[talk->recipient_count++], address_of(rest));
        }
    } else if (bytes_equal_text_nocase(verb, "DATA")) {
        mark_mail(hearing);
        lines_expect(talk, WAIT_DATA);
    } else if (bytes_equal_text_nocase(verb, "BDAT")) {
        begin_chunk(hearing, rest);
    } else if (bytes_equal_text_nocase(verb, "STARTTLS")) {
        lines_expect(talk, WAIT_TLS);
    }
    return STATUS_OK;
}

enum status lines_smtp_answer(struct hearing *hearing, struct bytes line)
{
    struct lines_talk *talk = hearing->speech->lines;
    if (!lines_is_answer(talk, line)) {
        return STATUS_OK;
    }
    uint8_t class = talk->code.bytes[0];
    switch (talk->wait) {
    case WAIT_LOGIN:
        if (class == '3') {
            talk->wait = WAIT_SECRET;
            return STATUS_OK;
        }
        return give_login(hearing);
    case WAIT_DATA:
        talk->wait = WAIT_NOTHING;
        talk->is_in_mail = class == '3';
        talk->is_in_head = true;
        return STATUS_OK;
    case WAIT_MAIL:
        return give_mail(hearing);
    case WAIT_TLS:
        talk->wait = WAIT_NOTHING;
        if (class == '2') {
            lines_switch_to_tls(hearing);
        }
        return STATUS_OK;
    case WAIT_NOTHING:
    case WAIT_SECRET:
    case WAIT_FILE:
        return STATUS_OK;
    }
    return STATUS_OK;
}

enum status lines_smtp_end(struct hearing *hearing)
{
    struct lines_talk *talk = hearing->speech->lines;
    talk->code.size = 0;
    if (talk->wait == WAIT_LOGIN || talk->wait == WAIT_SECRET) {
        return give_login(hearing);
    }
    return talk->path.size > 0 ? give_mail(hearing) : STATUS_OK;
}
