/* What one piece of evidence says, one record at a time, from parse to detect.
 *
 * A record lives until the batch it came in ends: whoever keeps something copies it. */
#pragma once

#include "base/moment.h"
#include "record/artifact.h"
#include "record/field.h"
#include "record/place.h"

#define EVENT_FIELDS_MAX 22
#define PIPELINE_COMMANDS_MAX 64
#define COMMAND_WORDS_MAX 256
#define COMMAND_REDIRECTS_MAX 16

/* What happened.  One word per event; EVENT_OTHER is kept too, for rules on its text. */
enum event_action {
    EVENT_OTHER,
    EVENT_LOGIN_FAILED,       /* wrong password or key, per attempt */
    EVENT_LOGIN_INVALID_USER, /* an account that does not exist was tried */
    EVENT_LOGIN_ABANDONED,    /* disconnected before authentication */
    EVENT_LOGIN_SUCCEEDED,    /* a remote login was accepted */
    EVENT_SESSION_OPENED,
    EVENT_SESSION_CLOSED,
    EVENT_COMMAND_RUN, /* sudo, cron: PROCESS_COMMAND_LINE says what */
    EVENT_COMMAND_REFUSED,
    EVENT_ACCOUNT_CREATED,
    EVENT_ACCOUNT_REMOVED,
    EVENT_ACCOUNT_CHANGED,
    EVENT_GROUP_JOINED, /* an account was added to GROUP_NAME */
    EVENT_PASSWORD_CHANGED,
    EVENT_USER_SWITCHED, /* su */
    EVENT_USER_SWITCH_REFUSED,
    EVENT_SCHEDULE_CHANGED, /* a crontab was replaced, edited, deleted */
    EVENT_SERVICE_STARTED,
    EVENT_SERVICE_STOPPED,
    EVENT_SERVICE_FAILED,
    EVENT_SERVICE_CHANGED, /* unit enabled, reloaded, created */
    EVENT_LOG_STARTED,     /* the logging service itself */
    EVENT_LOG_STOPPED,
    EVENT_SERVER_LISTENING,
    EVENT_REQUEST_FAILED,  /* a web server's own words on a request, from its error log */
    EVENT_PROCESS_STARTED, /* the kernel saw it: PROCESS_COMMAND_LINE, quoted for a shell */
    EVENT_FILE_CREATED,
    EVENT_FILE_CHANGED,
    EVENT_FILE_REMOVED,
    EVENT_CONNECTION_OPENED, /* by a process, to DESTINATION_ADDRESS */
    EVENT_HOST_STARTED,
    EVENT_HOST_STOPPED,
    EVENT_LOGIN_REMEMBERED, /* the last login of account USER_ID, as lastlog keeps it */
    EVENT_NAME_ASKED,       /* of a name server; TRANSACTION_DNS where it says by whom */
    EVENT_PACKET_LOGGED,    /* by a packet filter, with the rule's own words in AUDIT_KEY */
    EVENT_ADDRESS_BANNED,
    EVENT_ADDRESS_UNBANNED,
    EVENT_LOG_DAMAGED, /* no words of anybody: LOG_DAMAGE stands where a record should */
    EVENT_LOG_DROPPED, /* the logging service says that it left something out */
    EVENT_CLOCK_SET,
    EVENT_HOST_SLEPT, /* it was suspended, or woke up */
};
#define EVENT_ACTION_COUNT 41

struct field_value {
    enum field field;
    struct bytes value;
};

/* One thing a log says happened.  A line "message repeated N times" has `repeats` N. */
struct event {
    enum event_action action;
    uint64_t repeats; /* at least 1 */
    struct field_value fields[EVENT_FIELDS_MAX];
    size_t field_count;
};

enum flow_protocol {
    FLOW_OTHER,
    FLOW_TCP,
    FLOW_UDP,
    FLOW_ICMP,
};

struct flow_side {
    struct endpoint endpoint;
    uint64_t packets;
    uint64_t bytes;         /* on the network layer, as the packets say */
    uint64_t payload_bytes; /* above TCP or UDP, retransmissions counted once */
    uint8_t tcp_flags;      /* all that were seen, ored */
};

/* One conversation, given when it ends or the capture does. */
struct flow {
    uint64_t number; /* from 1, in order of the first packet */
    enum flow_protocol protocol;
    struct flow_side client; /* who sent the first packet, or the SYN */
    struct flow_side server;
    struct moment last;
    const char *application;  /* ours: "http", "tls", "quic", ...; NULL where not known */
    struct bytes server_name; /* from TLS, or the Host header; may be empty */
    bool start_was_seen;      /* a SYN, or not the first seconds of the capture */
    bool is_established;      /* TCP: both sides sent; UDP: answered */
    bool is_echo;             /* ICMP: begun by asking whether a machine is there */
    uint64_t turn_count;      /* the client spoke after a second of silence on both sides */
    const uint32_t *turn_intervals_ms; /* between turns: a sample in order, may be NULL */
    size_t turn_interval_count;
};

enum transaction_kind {
    TRANSACTION_DNS,
    TRANSACTION_HTTP,
    TRANSACTION_TLS,
    TRANSACTION_SSH,  /* the versions of both sides */
    TRANSACTION_SMTP, /* a login, or a mail */
    TRANSACTION_FTP,  /* a login, or a command that names a file */
};

/* One value that a request's body brings, as the program behind the server has it. */
struct body_field {
    struct bytes name; /* empty where nothing names it */
    struct bytes value;
};

/* One request and what answered it: inside a flow of a capture, or as a server's log tells it.
 * A log knows no flow and seldom the server's address; a client that it names without an
 * address is SOURCE_NAME (docs/decisions/0050-requests-of-logs-are-transactions.md). */
struct transaction {
    enum transaction_kind kind;
    uint64_t flow_number;   /* 0: from a log */
    struct endpoint client; /* address_size 0: not known */
    struct endpoint server; /* the same */
    struct field_value fields[EVENT_FIELDS_MAX];
    size_t field_count;
    const struct body_field *body_fields; /* of a request's body, from its beginning */
    size_t body_field_count;
};

/* One word of a command after quotes are removed; expansions stay as written. */
struct shell_word {
    struct bytes text;
    uint64_t offset;       /* of its first byte in the evidence, or in the logged line */
    uint32_t size;         /* in the source, quotes included */
    bool is_quoted;        /* any part of it */
    bool has_expansion;    /* a variable, command or arithmetic expansion in it */
    bool has_substitution; /* a command or process substitution in it */
};

enum redirect_kind {
    REDIRECT_READ,      /* <  */
    REDIRECT_WRITE,     /* > >| &> */
    REDIRECT_APPEND,    /* >> &>> */
    REDIRECT_DUPLICATE, /* >& <& */
    REDIRECT_HERE,      /* << <<<: target is the document or string */
    REDIRECT_READ_WRITE,
};

struct shell_redirect {
    enum redirect_kind kind;
    int descriptor; /* -1 where the operator's default holds */
    struct shell_word target;
};

struct shell_command {
    struct shell_word *words; /* assignments before the program left out */
    size_t word_count;        /* 0 for assignments alone */
    size_t words_dropped;     /* beyond COMMAND_WORDS_MAX */
    struct shell_word *assignments;
    size_t assignment_count;
    struct shell_redirect *redirects;
    size_t redirect_count;
    bool is_compound; /* a group, loop, branch or function: its words are the head of it */
};

/* How a pipeline came to stand inside another one. */
enum shell_relation {
    SHELL_ALONE,        /* it does not */
    SHELL_COMPOUND,     /* in a group, loop, branch or function */
    SHELL_SUBSTITUTION, /* $( ) or backticks */
    SHELL_PROCESS,      /* <( ) or >( ) */
    SHELL_NESTED,       /* text that a shell, eval, su ... is handed to run */
};

/* Whose shell a command is written for. */
enum shell_dialect {
    SHELL_UNIX,
    SHELL_PROMPT, /* Windows's command prompt, and its batch files */
    SHELL_POWERSHELL,
};
#define SHELL_DIALECT_COUNT 3

/* Commands joined by "|", the unit capabilities look at.  What stands inside (a substitution,
 * the commands of a loop) is a pipeline of its own, given before the one that holds it. */
struct shell_pipeline {
    struct shell_command *commands;
    size_t command_count;
    uint32_t number;         /* from 1 in this script or line */
    uint32_t parent;         /* the pipeline it stands in, 0 for none */
    uint32_t parent_command; /* which of its commands, from 0 */
    enum shell_relation relation;
    enum shell_dialect dialect;
    uint32_t loops;      /* how many loops it stands in */
    uint32_t depth;      /* of substitutions and nested interpreter strings */
    struct bytes source; /* as written */
    uint64_t offset;
    uint64_t line; /* of its first byte, from 1 */
    bool is_background;
};

/* Where shell text comes from: a file, or a command that a log recorded. */
enum shell_origin {
    SHELL_SCRIPT,
    SHELL_HISTORY,
    SHELL_LOGGED, /* PROCESS_COMMAND_LINE of an event; place is the line */
};

/* A run of whole lines of shell text, or one logged command line, for the model. */
struct shell_text {
    struct bytes text;
    uint64_t offset;
    uint64_t line;
};

enum setting_kind {
    SETTING_ACCOUNT,  /* of passwd */
    SETTING_PASSWORD, /* of shadow: its state */
    SETTING_GROUP,
    SETTING_KEY,  /* of authorized_keys */
    SETTING_UNIT, /* one line of a unit of systemd */
};
#define SETTING_KIND_COUNT 5

/* One thing that the files of a host say holds: it has no time but that of its last change,
 * where the file tells it. */
struct setting {
    enum setting_kind kind;
    struct field_value fields[EVENT_FIELDS_MAX];
    size_t field_count;
};

enum record_kind {
    RECORD_EVENT,
    RECORD_FLOW,
    RECORD_TRANSACTION,
    RECORD_PIPELINE,
    RECORD_SHELL_TEXT,
    RECORD_SETTING,
    RECORD_ARTIFACT,
};
#define RECORD_KIND_COUNT 7

struct record {
    enum record_kind kind;
    struct place place;
    struct moment at;          /* unknown for what has no time of its own */
    struct bytes source;       /* the text it came from, for excerpts; may be empty */
    enum shell_origin origin;  /* of RECORD_PIPELINE and RECORD_SHELL_TEXT */
    const struct event *event; /* for logged commands also the event they came with */
    const struct flow *flow;
    const struct transaction *transaction;
    const struct shell_pipeline *pipeline;
    const struct shell_text *shell_text;
    const struct setting *setting;
    const struct artifact *artifact;
};

/* Where parse puts records.  A status other than OK stops the parser, which returns it. */
struct record_sink {
    enum status (*take)(void *context, const struct record *record);
    void *context;
};

/* BYTES_NONE where the field is missing. */
struct bytes event_field(const struct event *event, enum field field);
struct bytes transaction_field(const struct transaction *transaction, enum field field);
struct bytes setting_field(const struct setting *setting, enum field field);
/* Adds a field if there is room and `value` is not empty. */
void event_add(struct event *event, enum field field, struct bytes value);
void transaction_add(struct transaction *transaction, enum field field, struct bytes value);
void setting_add(struct setting *setting, enum field field, struct bytes value);
/* Adds a request's target whole, and its path and query apart, all as they were sent. */
void transaction_add_target(struct transaction *transaction, struct bytes target);
void event_add_target(struct event *event, struct bytes target);
/* Static, lower case with hyphens: "login-failed". */
const char *event_action_name(enum event_action action);
const char *setting_kind_name(enum setting_kind kind); /* static: "account" */
