#include "parse/net/conversation.h"

#include <stdlib.h>
#include <string.h>

#define BUCKET_COUNT 131072U
#define PORT_PRIVILEGED 1024
#define PORT_EPHEMERAL 32768

/* The key: both addresses, both ports, address size, protocol number. */
#define KEY_PORTS 32
#define KEY_ADDRESS_SIZE 36
#define KEY_PROTOCOL 37

enum status conversations_init(struct conversations *all, struct arena *arena,
                               enum status (*ended)(void *, struct conversation *),
                               void *context)
{
    *all = (struct conversations){.secret = table_secret(), .ended = ended, .context = context};
    pool_init(&all->pool, arena, sizeof(struct conversation), CONVERSATIONS_MAX);
    pool_init(&all->rhythms, arena, sizeof(struct rhythm), CONVERSATION_RHYTHMS_MAX);
    all->buckets = arena_take_many(arena, BUCKET_COUNT, sizeof *all->buckets);
    all->order = arena_take_many(arena, CONVERSATIONS_MAX, sizeof *all->order);
    return all->buckets == NULL || all->order == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/* ---- keys ---- */

static int compare_endpoints(const struct endpoint *a, const struct endpoint *b)
{
    int order = memcmp(a->address, b->address, sizeof a->address);
    return order != 0 ? order : (int)a->port - (int)b->port;
}

static void put_endpoint(uint8_t *key, unsigned side, const struct endpoint *endpoint)
{
    memcpy(&key[(size_t)side * 16], endpoint->address, sizeof endpoint->address);
    key[KEY_PORTS + side * 2] = (uint8_t)(endpoint->port >> 8);
    key[KEY_PORTS + side * 2 + 1] = (uint8_t)endpoint->port;
}

/* Both directions have one key: the smaller endpoint stands first.  Returns who sent it. */
static unsigned make_key(uint8_t *key, const struct packet *packet)
{
    unsigned sender = compare_endpoints(&packet->source, &packet->destination) > 0;
    put_endpoint(key, sender, &packet->source);
    put_endpoint(key, 1 - sender, &packet->destination);
    key[KEY_ADDRESS_SIZE] = packet->source.address_size;
    key[KEY_PROTOCOL] = packet->protocol_number;
    return sender;
}

struct endpoint conversation_endpoint(const struct conversation *conversation, unsigned side)
{
    const uint8_t *key = conversation->key;
    struct endpoint endpoint = {.address_size = key[KEY_ADDRESS_SIZE]};
    memcpy(endpoint.address, &key[(size_t)side * 16], sizeof endpoint.address);
    endpoint.port = (uint16_t)(key[KEY_PORTS + side * 2] << 8 | key[KEY_PORTS + side * 2 + 1]);
    return endpoint;
}

enum flow_protocol conversation_protocol(const struct conversation *conversation)
{
    switch (conversation->key[KEY_PROTOCOL]) {
    case 6:
        return FLOW_TCP;
    case 17:
        return FLOW_UDP;
    case 1:
    case 58:
        return FLOW_ICMP;
    default:
        return FLOW_OTHER;
    }
}

static struct conversation **bucket_of(const struct conversations *all, const uint8_t *key)
{
    uint64_t hash = table_hash_with(&all->secret, (struct bytes){key, CONVERSATION_KEY_SIZE});
    return &all->buckets[hash & (BUCKET_COUNT - 1)];
}

/* ---- lists by last packet ---- */

static void list_remove(struct conversations *all, struct conversation *one)
{
    struct conversation_list *list = &all->lists[one->class];
    *(one->older == NULL ? &list->oldest : &one->older->newer) = one->newer;
    *(one->newer == NULL ? &list->newest : &one->newer->older) = one->older;
}

static void list_append(struct conversations *all, struct conversation *one,
                        enum conversation_class class)
{
    struct conversation_list *list = &all->lists[class];
    one->class = (uint8_t) class;
    one->older = list->newest;
    one->newer = NULL;
    *(list->newest == NULL ? &list->oldest : &list->newest->newer) = one;
    list->newest = one;
}

static void list_renew(struct conversations *all, struct conversation *one,
                       enum conversation_class class)
{
    if (one->class != class || one->newer != NULL) {
        list_remove(all, one);
        list_append(all, one, class);
    }
}

/* ---- ends ---- */

static enum status end(struct conversations *all, struct conversation *one)
{
    struct conversation **link = bucket_of(all, one->key);
    while (*link != one) {
        link = &(*link)->chain;
    }
    *link = one->chain;
    list_remove(all, one);
    all->latest = all->latest == one ? NULL : all->latest;
    all->count--;
    enum status status = all->ended(all->context, one);
    pool_give(&all->rhythms, one->rhythm);
    pool_give(&all->pool, one);
    return status;
}

static enum status end_silent(struct conversations *all, int64_t now_ns)
{
    static const int64_t limits[CONVERSATION_CLASS_COUNT] = {
        [CONVERSATION_OPEN] = INT64_MAX,
        [CONVERSATION_CLOSED] = CONVERSATION_LINGER_NS,
        [CONVERSATION_UDP] = CONVERSATION_UDP_IDLE_NS,
        [CONVERSATION_OTHER] = CONVERSATION_OTHER_IDLE_NS,
    };
    for (size_t i = CONVERSATION_CLOSED; i < CONVERSATION_CLASS_COUNT; i++) {
        struct conversation *oldest = all->lists[i].oldest;
        while (oldest != NULL && now_ns - oldest->last_ns > limits[i]) {
            TRY(end(all, oldest));
            oldest = all->lists[i].oldest;
        }
    }
    return STATUS_OK;
}

/* Makes room: closed ones first, then what has no connection, then connections. */
static enum status evict(struct conversations *all)
{
    static const enum conversation_class order[CONVERSATION_CLASS_COUNT] = {
        CONVERSATION_CLOSED, CONVERSATION_OTHER, CONVERSATION_UDP, CONVERSATION_OPEN};
    for (size_t i = 0; i < CONVERSATION_CLASS_COUNT; i++) {
        struct conversation *oldest = all->lists[order[i]].oldest;
        if (oldest != NULL) {
            all->evicted += order[i] != CONVERSATION_CLOSED;
            return end(all, oldest);
        }
    }
    return STATUS_NO_MEMORY;
}

static int by_number(const void *a, const void *b)
{
    const struct conversation *const *left = a;
    const struct conversation *const *right = b;
    return ((*left)->number > (*right)->number) - ((*left)->number < (*right)->number);
}

enum status conversations_finish(struct conversations *all)
{
    size_t count = 0;
    struct conversation **order = all->order;
    for (size_t i = 0; i < CONVERSATION_CLASS_COUNT; i++) {
        for (struct conversation *one = all->lists[i].oldest; one != NULL; one = one->newer) {
            order[count++] = one;
        }
    }
    qsort(order, count, sizeof(void *), by_number);
    for (size_t i = 0; i < count; i++) {
        TRY(end(all, order[i]));
    }
    return STATUS_OK;
}

/* ---- packets ---- */

/* Who asked.  Without a SYN, and so early that the start may lie before the capture, the port
 * tells more than the order: services have low ones. */
static unsigned find_client(const struct packet *packet, unsigned sender, bool start_was_seen)
{
    bool is_answer = packet->protocol == FLOW_TCP &&
                     (packet->tcp_flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
    if (is_answer) {
        return 1 - sender;
    }
    uint16_t from = packet->source.port;
    uint16_t to = packet->destination.port;
    bool from_service = (from < PORT_PRIVILEGED && to >= PORT_PRIVILEGED) ||
                        (from < PORT_EPHEMERAL && to >= PORT_EPHEMERAL);
    bool has_ports = packet->protocol == FLOW_TCP || packet->protocol == FLOW_UDP;
    return has_ports && !start_was_seen && from_service ? 1 - sender : sender;
}

static bool is_opening(const struct packet *packet)
{
    return packet->protocol == FLOW_TCP && (packet->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

static enum conversation_class class_of(const struct packet *packet)
{
    if (packet->protocol == FLOW_TCP) {
        return CONVERSATION_OPEN;
    }
    return packet->protocol == FLOW_UDP ? CONVERSATION_UDP : CONVERSATION_OTHER;
}

static enum status begin(struct conversations *all, const uint8_t *key,
                         const struct packet *packet, unsigned sender,
                         struct conversation **out)
{
    struct conversation *one = pool_take(&all->pool);
    while (one == NULL) {
        TRY(evict(all));
        one = pool_take(&all->pool);
    }
    memcpy(one->key, key, CONVERSATION_KEY_SIZE);
    struct conversation **bucket = bucket_of(all, key);
    one->chain = *bucket;
    *bucket = one;
    list_append(all, one, class_of(packet));
    all->count++;
    one->number = ++all->number;
    one->first_ns = packet->at_ns;
    one->last_ns = packet->at_ns;
    bool is_early = packet->at_ns - all->start_ns < CONVERSATION_START_NS;
    one->start_was_seen = packet->protocol == FLOW_TCP ? is_opening(packet) : !is_early;
    one->client = (uint8_t)find_client(packet, sender, one->start_was_seen);
    one->is_echo = packet->is_echo;
    *out = one;
    return STATUS_OK;
}

static bool has_key(const struct conversation *one, const uint8_t *key)
{
    return memcmp(one->key, key, CONVERSATION_KEY_SIZE) == 0;
}

/* Packets of one conversation mostly come several in a row. */
static struct conversation *find(const struct conversations *all, const uint8_t *key)
{
    if (all->latest != NULL && has_key(all->latest, key)) {
        return all->latest;
    }
    struct conversation *one = *bucket_of(all, key);
    while (one != NULL && !has_key(one, key)) {
        one = one->chain;
    }
    return one;
}

/* A SYN with another sequence number is another connection between the same ports. */
static bool is_another(const struct conversation *one, const struct packet *packet)
{
    if (!is_opening(packet)) {
        return false;
    }
    bool has_spoken = one->sides[0].payload_bytes + one->sides[1].payload_bytes > 0;
    return one->has_syn ? one->first_sequence != packet->sequence
                        : has_spoken || one->class == CONVERSATION_CLOSED;
}

static void note_turn(struct conversations *all, struct conversation *one, int64_t at_ns)
{
    int64_t since_ns = at_ns - one->turn_ns;
    one->turn_ns = at_ns;
    one->turn_count++;
    if (one->turn_count == 1) {
        return;
    }
    if (one->rhythm == NULL) {
        one->rhythm = pool_take(&all->rhythms);
        if (one->rhythm == NULL) {
            return;
        }
        one->rhythm->stride = 1;
    }
    struct rhythm *rhythm = one->rhythm;
    if (++rhythm->passed < rhythm->stride) {
        return;
    }
    rhythm->passed = 0;
    if (rhythm->count == CONVERSATION_TURNS_KEPT) {
        for (uint32_t i = 0; i < CONVERSATION_TURNS_KEPT / 2; i++) {
            rhythm->intervals_ms[i] = rhythm->intervals_ms[2 * i];
        }
        rhythm->count = CONVERSATION_TURNS_KEPT / 2;
        rhythm->stride *= 2;
    }
    int64_t since_ms = since_ns / 1000000;
    rhythm->intervals_ms[rhythm->count++] =
        since_ms > UINT32_MAX ? UINT32_MAX : (uint32_t)since_ms;
}

static uint64_t count_payload(struct conversations *all, struct conversation *one,
                              const struct packet *packet, unsigned sender)
{
    struct conversation_side *side = &one->sides[sender];
    uint64_t fresh = packet->payload_size;
    if (packet->protocol == FLOW_TCP) {
        uint32_t from = packet->sequence;
        if ((packet->tcp_flags & TCP_SYN) != 0) {
            from++;
            /* What a side acknowledged of an older connection is not where this one begins. */
            if (!side->sequence.is_known || side->payload_bytes == 0) {
                sequence_begin(&side->sequence, from);
            }
        }
        fresh = sequence_take(&side->sequence, from, (uint32_t)packet->payload_size);
    }
    side->payload_bytes += fresh;
    if (fresh > 0) {
        bool was_silent =
            one->payload_ns == 0 || packet->at_ns - one->payload_ns >= CONVERSATION_SILENCE_NS;
        if (was_silent && sender == one->client) {
            note_turn(all, one, packet->at_ns);
        }
        one->payload_ns = packet->at_ns;
    }
    return fresh;
}

static bool is_closed(const struct conversation *one)
{
    uint8_t either = one->sides[0].tcp_flags | one->sides[1].tcp_flags;
    uint8_t both = one->sides[0].tcp_flags & one->sides[1].tcp_flags;
    return (either & TCP_RST) != 0 || (both & TCP_FIN) != 0;
}

static void note_opening(struct conversation *one, const struct packet *packet, unsigned sender)
{
    one->has_syn = true;
    one->first_sequence = packet->sequence;
    one->start_was_seen = true;
    one->client = (uint8_t)sender;
}

enum status conversations_take(struct conversations *all, const struct packet *packet,
                               struct conversation **out, unsigned *side, uint64_t *fresh)
{
    if (!all->has_started) {
        all->has_started = true;
        all->start_ns = packet->at_ns;
    }
    TRY(end_silent(all, packet->at_ns));
    uint8_t key[CONVERSATION_KEY_SIZE] = {0};
    unsigned sender = make_key(key, packet);
    struct conversation *one = find(all, key);
    if (one != NULL && is_another(one, packet)) {
        TRY(end(all, one));
        one = NULL;
    }
    if (one == NULL) {
        TRY(begin(all, key, packet, sender, &one));
    }
    if (is_opening(packet) && !one->has_syn) {
        note_opening(one, packet, sender);
    }
    struct conversation_side *from = &one->sides[sender];
    from->packets += packet->packet_count;
    from->bytes += packet->size;
    from->tcp_flags |= packet->tcp_flags;
    one->last_ns = packet->at_ns > one->last_ns ? packet->at_ns : one->last_ns;
    *fresh = count_payload(all, one, packet, sender);
    list_renew(all, one,
               packet->protocol == FLOW_TCP && is_closed(one) ? CONVERSATION_CLOSED
                                                              : class_of(packet));
    all->latest = one;
    *out = one;
    *side = sender;
    return STATUS_OK;
}
