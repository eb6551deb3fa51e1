/* The table of conversations in a capture: who spoke with whom, how much, when.
 *
 * A conversation is one pair of endpoints and a protocol, both directions.  It ends when TCP
 * closes it and some time has passed, when it has been silent for long, when the table is full
 * and it is the one longest silent, or when the capture ends; then it is given away.
 *
 * Owner:  the caller's arena.   Limits: CONVERSATIONS_MAX at once, of about 300 bytes. */
#pragma once

#include "base/table.h"
#include "parse/net/packet.h"
#include "parse/net/pool.h"
#include "parse/net/stream/sequence.h"

#define CONVERSATIONS_MAX 65536
#define CONVERSATION_RHYTHMS_MAX 16384
#define CONVERSATION_TURNS_KEPT 64
/* A client's turn begins where nobody has said anything for this long. */
#define CONVERSATION_SILENCE_NS MOMENT_SECOND_NS

#define CONVERSATION_LINGER_NS (30 * MOMENT_SECOND_NS) /* after FIN or RST */
#define CONVERSATION_UDP_IDLE_NS (120 * MOMENT_SECOND_NS)
#define CONVERSATION_OTHER_IDLE_NS (60 * MOMENT_SECOND_NS)
/* Before this, the capture may have come in the middle of a conversation. */
#define CONVERSATION_START_NS (10 * MOMENT_SECOND_NS)

#define CONVERSATION_KEY_SIZE 38

struct conversation_side {
    struct sequence sequence;
    uint64_t packets;
    uint64_t bytes;
    uint64_t payload_bytes;
    uint8_t tcp_flags;
};

/* Times between the client's turns: all of them, then every `stride`th. */
struct rhythm {
    uint32_t intervals_ms[CONVERSATION_TURNS_KEPT];
    uint32_t count;
    uint32_t stride;
    uint32_t passed; /* turns since the last that was kept */
};

enum conversation_class {
    CONVERSATION_OPEN,   /* TCP; no time limit */
    CONVERSATION_CLOSED, /* TCP after FIN or RST */
    CONVERSATION_UDP,
    CONVERSATION_OTHER,
};
#define CONVERSATION_CLASS_COUNT 4

struct conversation {
    struct conversation *chain; /* the next in the same bucket */
    struct conversation *older; /* in its class, by last packet */
    struct conversation *newer;
    uint8_t key[CONVERSATION_KEY_SIZE];
    uint8_t class;  /* enum conversation_class */
    uint8_t client; /* which side asked; sides are in the order of the key */
    bool start_was_seen;
    bool has_syn;   /* `first_sequence` holds */
    bool is_opaque; /* what is said in it is not understood */
    bool is_echo;   /* its first packet asked whether a machine is there */
    uint8_t tries;  /* datagrams that were not understood */
    uint32_t first_sequence;
    uint32_t turn_count;
    uint64_t number; /* from 1, in order of the first packet */
    int64_t first_ns;
    int64_t last_ns;
    int64_t payload_ns; /* of the last payload of either side */
    int64_t turn_ns;
    struct conversation_side sides[2];
    struct rhythm *rhythm;   /* NULL where there are too few turns */
    struct speech *speech;   /* what is said in it; NULL where nothing is understood */
    const char *application; /* NULL where not known */
    struct bytes server_name;
};

struct conversation_list {
    struct conversation *oldest;
    struct conversation *newest;
};

struct conversations {
    struct table_secret secret; /* of the buckets */
    struct pool pool;
    struct pool rhythms;
    struct conversation **buckets;
    struct conversation **order; /* for the end, when nothing else may be left to take */
    struct conversation_list lists[CONVERSATION_CLASS_COUNT];
    struct conversation *latest; /* of the last packet; NULL where it has ended */
    size_t count;
    uint64_t number; /* of the newest */
    uint64_t evicted;
    int64_t start_ns; /* of the first packet */
    bool has_started;
    /* Takes a conversation that ended; it is gone after the call. */
    enum status (*ended)(void *context, struct conversation *conversation);
    void *context;
};

enum status conversations_init(struct conversations *all, struct arena *arena,
                               enum status (*ended)(void *, struct conversation *),
                               void *context) MUST_USE;
/* Counts `packet` in its conversation, which is then `*out`; `*side` is who sent it and
 * `*fresh` how many bytes of its payload were not seen before.  Others may end. */
enum status conversations_take(struct conversations *all, const struct packet *packet,
                               struct conversation **out, unsigned *side,
                               uint64_t *fresh) MUST_USE;
/* Ends all that are left, in order of their numbers. */
enum status conversations_finish(struct conversations *all) MUST_USE;
/* The endpoint of a side. */
struct endpoint conversation_endpoint(const struct conversation *conversation, unsigned side);
enum flow_protocol conversation_protocol(const struct conversation *conversation);
