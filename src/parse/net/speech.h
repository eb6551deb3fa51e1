/* What is said in a conversation: requests and what answers them.
 *
 * HTTP/1, TLS, QUIC, SSH, SMTP and FTP are known by their first bytes on any port, DNS by port
 * 53, or where the first datagram of a conversation asks a question as plainly as it can be
 * asked.  What begins otherwise is looked at a few times more, for TLS; DTLS is only named.
 *
 * Input:  untrusted.   Owner: the dissection's pools.
 * Limits: SPEECH_*; where they are reached a request is given without its answer, or a
 *         conversation is not listened to any more, and both are counted.
 * Fuzzed: fuzz/capture.c. */
#pragma once

#include "base/table.h"
#include "parse/net/exchange.h"
#include "parse/net/packet.h"
#include "parse/net/quic.h"
#include "parse/net/stream/assembly.h"

#define SPEECH_COUNT_MAX 32768    /* conversations listened to at once */
#define SPEECH_EXCHANGES_MAX 3072 /* requests without an answer yet, in all */
#define SPEECH_EXCHANGE_COUNT 32  /* the same, in one conversation */
#define SPEECH_BODIES_MAX 600     /* bodies of which something is kept, at once */
#define SPEECH_GATHERS_MAX 512    /* heads that come in several segments, at once */
#define SPEECH_GATHER_SIZE 8176   /* kept of a head */
#define SPEECH_TRIES_MAX 8        /* segments tried where the first tells nothing */
#define SPEECH_NAMES_MAX 30000    /* names of servers kept for flows */
#define SPEECH_NAME_SIZE_MAX 255

struct dissection;
struct conversation;

enum speech_kind {
    SPEECH_UNDECIDED,
    SPEECH_NONE,
    SPEECH_HTTP,
    SPEECH_TLS,
    SPEECH_QUIC, /* TLS without its records */
    SPEECH_DNS,
    SPEECH_LINES, /* SSH, SMTP, FTP */
};

/* A head or message that comes in several segments. */
struct gather {
    size_t size;
    uint8_t data[SPEECH_GATHER_SIZE];
};

/* Where one side of an HTTP conversation is (speech_http.c). */
struct http_side {
    uint8_t phase;
    uint8_t line;   /* how much of the end of a head was seen */
    uint64_t left;  /* of a body or chunk; or the chunk's size so far */
    uint64_t frame; /* where the message began */
    int64_t at_ns;
    bool wants_body; /* its fields are read, and there is room for more of it */
};

struct speech_side {
    struct assembly assembly;
    struct gather *gather;
    struct http_side http;
    struct transfer *transfer; /* the file it is sending */
    struct form *form;         /* ... in a form */
};

/* What the keys of a QUIC connection follow from (speech_quic.c). */
struct quic_talk {
    uint8_t datagrams;
    uint8_t id_size; /* 0: not known yet */
    uint8_t id[QUIC_ID_SIZE_MAX];
};

struct speech {
    enum speech_kind kind;
    uint8_t tries;
    uint8_t exchange_count;
    uint32_t file_count;         /* that began in this conversation */
    struct speech_side sides[2]; /* as in the conversation */
    struct exchange *first;      /* oldest first */
    struct tls_talk *tls;
    struct quic_talk quic;
    struct lines_talk *lines;
};

struct speeches {
    struct pool pool;
    struct assemblies assemblies;
    struct pool exchanges;
    struct pool bodies;
    struct pool gathers;
    struct pool forms;
    struct pool tls;
    struct pool lines;
    struct table names;
    uint64_t requests;
    uint64_t gap_bytes;  /* missing where somebody listened */
    uint64_t unlistened; /* conversations that could have been listened to */
    uint64_t bodies_cut; /* of requests: fields behind the beginning were not looked at */
    uint64_t bodies_lost;
};

void speeches_init(struct speeches *speeches, struct arena *arena);
/* `packet` of `side` has payload. */
enum status speech_take(struct dissection *dissection, struct conversation *conversation,
                        const struct packet *packet, unsigned side) MUST_USE;
/* Gives what waits and lets go of everything. */
enum status speech_end(struct dissection *dissection,
                       struct conversation *conversation) MUST_USE;

/* ---- for speech_*.c ---- */

/* Everything a part of a conversation is heard with. */
struct hearing {
    struct dissection *dissection;
    struct conversation *conversation;
    struct speech *speech;
    unsigned side;
    const struct piece *piece; /* NULL for a gap */
};

/* A new request at the end of those that wait, holding the first bytes of `request`.  NULL
 * where there is no room. */
struct exchange *speech_ask(struct hearing *hearing, struct bytes request, uint64_t frame,
                            int64_t at_ns);
/* Adds to the beginning of the body of the request that this side sends. */
void speech_keep_body(struct hearing *hearing, struct bytes bytes);
/* Some of that body is missing: what follows would be read as if it followed at once. */
void speech_body_gap(struct hearing *hearing);
/* Takes `exchange` out of those that wait and lets go of it. */
void speech_answered(struct hearing *hearing, struct exchange *exchange);
struct bytes exchange_bytes(const struct exchange *exchange);
/* Adds to what is gathered on this side, as far as there is room; false where there is none at
 * all. */
bool speech_gather(struct hearing *hearing, struct bytes bytes);
struct bytes speech_gathered(const struct hearing *hearing);
void speech_let_go(struct hearing *hearing);
/* The name the client knows the server by. */
void speech_name(struct hearing *hearing, struct bytes name);
