/* The inside of speech_lines.c: what its protocols share.  Others include speech_lines.h. */
#pragma once

#include "parse/net/emit.h"
#include "parse/net/speech_lines.h"

#define LINES_WORD_MAX 128
#define LINES_PATH_MAX 256

enum lines_protocol {
    LINES_UNKNOWN, /* until the client's first command */
    LINES_SSH,
    LINES_SMTP,
    LINES_FTP,
};

struct lines_word {
    uint16_t size;
    uint8_t bytes[LINES_WORD_MAX];
};

struct lines_path {
    uint16_t size;
    uint8_t bytes[LINES_PATH_MAX];
};

/* The line a side is saying. */
struct lines_side {
    uint16_t size;
    uint8_t bytes[LINES_LINE_MAX];
};

/* What the next answer is to. */
enum lines_wait {
    WAIT_NOTHING,
    WAIT_LOGIN,  /* AUTH, PASS */
    WAIT_SECRET, /* the client's next line is a name or a password in base64 */
    WAIT_DATA,   /* may the mail come? */
    WAIT_MAIL,   /* was it taken? */
    WAIT_FILE,   /* a command that names one */
    WAIT_TLS,
};

struct lines_talk {
    enum lines_protocol protocol;
    enum lines_wait wait;
    unsigned client;      /* the side */
    uint32_t outstanding; /* commands without an answer: they may be sent ahead */
    uint32_t before;      /* answers up to and with the one that `wait` is for */
    uint64_t frame;       /* where what is waited for began */
    int64_t at_ns;
    uint64_t skip; /* bytes of the client that are no lines */
    bool is_in_mail;
    bool is_in_head; /* of the mail */
    uint8_t secrets; /* lines of the login heard */
    struct lines_side sides[2];
    struct lines_word banner; /* of the server; SSH: its version */
    struct lines_word name;   /* the client's: of its machine, or SSH: its version */
    struct lines_word user;
    struct lines_word method; /* of the login; FTP: the command */
    struct lines_word code;   /* of the last answer */
    struct lines_path path;   /* FTP: the file; SMTP: the sender */
    struct lines_word subject;
    struct lines_path recipients[LINES_RECIPIENTS_MAX];
    size_t recipient_count;
};

/* A line of one side, without its end. */
enum status lines_smtp_command(struct hearing *hearing, struct bytes line) MUST_USE;
enum status lines_smtp_answer(struct hearing *hearing, struct bytes line) MUST_USE;
enum status lines_smtp_end(struct hearing *hearing) MUST_USE;
enum status lines_ftp_command(struct hearing *hearing, struct bytes line) MUST_USE;
enum status lines_ftp_answer(struct hearing *hearing, struct bytes line) MUST_USE;
enum status lines_ftp_end(struct hearing *hearing) MUST_USE;

void lines_word_set(struct lines_word *word, struct bytes bytes);
void lines_path_set(struct lines_path *path, struct bytes bytes);
struct bytes lines_word_bytes(const struct lines_word *word);
struct bytes lines_path_bytes(const struct lines_path *path);
/* The word of a command line, and what follows it. */
struct bytes lines_verb(struct bytes line, struct bytes *rest);
/* What the record to come is cited by: the line in hand. */
void lines_mark(struct hearing *hearing);
/* The answer to the command in hand, already counted, is waited for. */
void lines_expect(struct lines_talk *talk, enum lines_wait wait);
/* Takes an answer's code.  True where it is the last line of the answer that is waited for. */
bool lines_is_answer(struct lines_talk *talk, struct bytes line);
/* What follows is TLS. */
void lines_switch_to_tls(struct hearing *hearing);
