/* FTP: logins and the files that commands name. */
#include "parse/net/lines_talk.h"

static enum status give(struct hearing *hearing)
{
    struct lines_talk *talk = hearing->speech->lines;
    bool is_login = talk->wait == WAIT_LOGIN;
    struct exchange_view view = {
        .frame = talk->frame, .at_ns = talk->at_ns, .side = talk->client};
    const struct field_value fields[] = {
        {FIELD_NETWORK_COMMAND, lines_word_bytes(&talk->method)},
        {FIELD_USER_NAME, lines_word_bytes(&talk->user)},
        {FIELD_FILE_PATH, is_login ? BYTES_NONE : lines_path_bytes(&talk->path)},
        {FIELD_NETWORK_RESPONSE_CODE, lines_word_bytes(&talk->code)},
        {FIELD_SERVER_BANNER, lines_word_bytes(&talk->banner)},
    };
    talk->wait = WAIT_NOTHING;
    hearing->dissection->speeches.requests++;
    return emit_fields(hearing->dissection, hearing->conversation, &view, TRANSACTION_FTP,
                       fields, sizeof fields / sizeof *fields);
}

static bool names_a_file(struct bytes verb)
{
    static const char *const verbs[] = {"RETR", "STOR", "STOU", "APPE", "DELE",
                                        "RNFR", "RNTO", "MKD",  "RMD",  "SITE"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (bytes_equal_text_nocase(verb, verbs[i])) {
            return true;
        }
    }
    return false;
}

enum status lines_ftp_command(struct hearing *hearing, struct bytes line)
{
    struct lines_talk *talk = hearing->speech->lines;
    struct bytes rest;
    struct bytes verb = lines_verb(line, &rest);
    talk->outstanding++;
    if (bytes_equal_text_nocase(verb, "USER")) {
        lines_word_set(&talk->user, rest);
    } else if (bytes_equal_text_nocase(verb, "PASS")) {
        lines_word_set(&talk->method, verb); /* and nothing of what follows it */
        lines_mark(hearing);
        lines_expect(talk, WAIT_LOGIN);
    } else if (bytes_equal_text_nocase(verb, "AUTH")) {
        lines_expect(talk, WAIT_TLS);
    } else if (names_a_file(verb)) {
        lines_word_set(&talk->method, verb);
        lines_path_set(&talk->path, rest);
        lines_mark(hearing);
        lines_expect(talk, WAIT_FILE);
    }
    return STATUS_OK;
}

enum status lines_ftp_answer(struct hearing *hearing, struct bytes line)
{
    struct lines_talk *talk = hearing->speech->lines;
    if (!lines_is_answer(talk, line)) {
        return STATUS_OK;
    }
    if (talk->wait == WAIT_LOGIN || talk->wait == WAIT_FILE) {
        return give(hearing);
    }
    bool is_tls = talk->wait == WAIT_TLS && talk->code.bytes[0] == '2';
    talk->wait = WAIT_NOTHING;
    if (is_tls) {
        lines_switch_to_tls(hearing);
    }
    return STATUS_OK;
}

enum status lines_ftp_end(struct hearing *hearing)
{
    struct lines_talk *talk = hearing->speech->lines;
    talk->code.size = 0;
    bool is_open = talk->wait == WAIT_LOGIN || talk->wait == WAIT_FILE;
    return is_open ? give(hearing) : STATUS_OK;
}
