#include "parse/net/speech.h"

#include "base/number.h"
#include "parse/net/body.h"
#include "parse/net/emit.h"
#include "parse/net/speech_dns.h"
#include "parse/net/speech_http.h"
#include "parse/net/speech_lines.h"
#include "parse/net/speech_quic.h"
#include "parse/net/speech_tls.h"
#include "parse/net/tls_hello.h"

#include <string.h>

void speeches_init(struct speeches *speeches, struct arena *arena)
{
    *speeches = (struct speeches){0};
    pool_init(&speeches->pool, arena, sizeof(struct speech), SPEECH_COUNT_MAX);
    pool_init(&speeches->exchanges, arena, sizeof(struct exchange), SPEECH_EXCHANGES_MAX);
    pool_init(&speeches->bodies, arena, sizeof(struct body_start), SPEECH_BODIES_MAX);
    pool_init(&speeches->gathers, arena, sizeof(struct gather), SPEECH_GATHERS_MAX);
    speech_lines_init(&speeches->lines, arena);
    speech_tls_init(&speeches->tls, arena);
    bodies_init(&speeches->forms, arena);
    assemblies_init(&speeches->assemblies, arena);
    table_init(&speeches->names, arena, SPEECH_NAMES_MAX);
}

/* ---- requests that wait ---- */

struct bytes exchange_bytes(const struct exchange *exchange)
{
    return (struct bytes){exchange->data, exchange->size};
}

struct exchange *speech_ask(struct hearing *hearing, struct bytes request, uint64_t frame,
                            int64_t at_ns)
{
    struct speech *speech = hearing->speech;
    struct speeches *speeches = &hearing->dissection->speeches;
    speeches->requests++;
    if (speech->exchange_count == SPEECH_EXCHANGE_COUNT) {
        return NULL;
    }
    struct exchange *exchange = pool_take_raw(&speeches->exchanges);
    if (exchange == NULL) {
        dissection_anomaly(hearing->dissection,
                           "more requests without an answer than are kept");
        return NULL;
    }
    struct bytes kept = bytes_part(request, 0, SPEECH_HEAD_SIZE_MAX);
    memset(exchange, 0, offsetof(struct exchange, data));
    exchange->frame = frame;
    exchange->at_ns = at_ns;
    exchange->side = (uint8_t)hearing->side;
    exchange->size = (uint16_t)kept.size;
    if (kept.size > 0) {
        memcpy(exchange->data, kept.data, kept.size);
    }
    struct exchange **link = &speech->first;
    while (*link != NULL) {
        link = &(*link)->next;
    }
    *link = exchange;
    speech->exchange_count++;
    return exchange;
}

/* The request whose body this side sends: the one that was asked last, where it waits. */
static struct exchange *sending(const struct hearing *hearing)
{
    struct exchange *last = hearing->speech->first;
    while (last != NULL && last->next != NULL) {
        last = last->next;
    }
    bool is_sent = last != NULL && last->side == hearing->side &&
                   last->frame == hearing->speech->sides[hearing->side].http.frame;
    return is_sent ? last : NULL;
}

static struct body_start *body_of(struct speeches *speeches, struct exchange *exchange)
{
    if (exchange->body == NULL && !exchange->body_is_lost) {
        exchange->body = pool_take_raw(&speeches->bodies);
        exchange->body_is_lost = exchange->body == NULL;
        speeches->bodies_lost += exchange->body_is_lost;
        if (exchange->body != NULL) {
            exchange->body->size = 0;
            exchange->body->is_over = false;
        }
    }
    return exchange->body;
}

void speech_keep_body(struct hearing *hearing, struct bytes bytes)
{
    struct exchange *exchange = sending(hearing);
    struct body_start *body = exchange == NULL || bytes.size == 0
                                  ? NULL
                                  : body_of(&hearing->dissection->speeches, exchange);
    if (body == NULL || body->is_over) {
        return;
    }
    struct bytes part = bytes_part(bytes, 0, SPEECH_BODY_SIZE_MAX - body->size);
    if (part.size > 0) {
        memcpy(&body->data[body->size], part.data, part.size);
        body->size = (uint16_t)(body->size + part.size);
    }
    body->is_over = part.size < bytes.size;
    hearing->speech->sides[hearing->side].http.wants_body &= !body->is_over;
}

void speech_body_gap(struct hearing *hearing)
{
    struct exchange *exchange = sending(hearing);
    if (exchange == NULL || exchange->body_is_lost) {
        return;
    }
    if (exchange->body == NULL) {
        exchange->body_is_lost = true; /* it does not begin with what comes next */
        hearing->dissection->speeches.bodies_lost++;
    } else {
        exchange->body->is_over = true;
    }
}

void speech_answered(struct hearing *hearing, struct exchange *exchange)
{
    struct exchange **link = &hearing->speech->first;
    while (*link != exchange) {
        link = &(*link)->next;
    }
    *link = exchange->next;
    hearing->speech->exchange_count--;
    pool_give(&hearing->dissection->speeches.bodies, exchange->body);
    pool_give(&hearing->dissection->speeches.exchanges, exchange);
}

/* ---- gathering ---- */

bool speech_gather(struct hearing *hearing, struct bytes bytes)
{
    struct gather **gather = &hearing->speech->sides[hearing->side].gather;
    if (*gather == NULL) {
        *gather = pool_take_raw(&hearing->dissection->speeches.gathers);
        if (*gather == NULL) {
            return false;
        }
        (*gather)->size = 0;
    }
    struct bytes kept = bytes_part(bytes, 0, SPEECH_GATHER_SIZE - (*gather)->size);
    if (kept.size > 0) {
        memcpy(&(*gather)->data[(*gather)->size], kept.data, kept.size);
    }
    (*gather)->size += kept.size;
    return true;
}

struct bytes speech_gathered(const struct hearing *hearing)
{
    const struct gather *gather = hearing->speech->sides[hearing->side].gather;
    return gather == NULL ? BYTES_NONE : (struct bytes){gather->data, gather->size};
}

void speech_let_go(struct hearing *hearing)
{
    struct gather **gather = &hearing->speech->sides[hearing->side].gather;
    pool_give(&hearing->dissection->speeches.gathers, *gather);
    *gather = NULL;
}

void speech_name(struct hearing *hearing, struct bytes name)
{
    struct conversation *conversation = hearing->conversation;
    bool has_port = name.size > 0 && name.data[0] != '[';
    name = has_port ? bytes_part(name, 0, bytes_find_byte(name, ':')) : name;
    if (conversation->server_name.size > 0 || name.size == 0 ||
        name.size > SPEECH_NAME_SIZE_MAX) {
        return;
    }
    struct table_entry *entry;
    if (table_add(&hearing->dissection->speeches.names, name, &entry) == STATUS_OK) {
        conversation->server_name = entry->key;
    }
}

/* ---- what it is ---- */

static enum speech_kind try_again(struct hearing *hearing)
{
    return ++hearing->speech->tries < SPEECH_TRIES_MAX ? SPEECH_UNDECIDED : SPEECH_NONE;
}

/* Many protocols go over to TLS after a few words: LDAP, PostgreSQL, IMAP, remote desktops. */
static enum speech_kind decide_late(struct hearing *hearing, struct bytes bytes)
{
    bool is_hello = hearing->side == hearing->conversation->client &&
                    bytes.size >= TLS_HELLO_START_SIZE && tls_hello_begins(bytes);
    return is_hello ? SPEECH_TLS : try_again(hearing);
}

/* By what the client says first.  Where the start is missing, each segment is a try, and a
 * request from the other side tells who the client is. */
static enum speech_kind decide(struct hearing *hearing, struct bytes bytes)
{
    struct conversation *conversation = hearing->conversation;
    bool is_client = hearing->side == conversation->client;
    if (conversation->start_was_seen && hearing->speech->tries > 0) {
        return decide_late(hearing, bytes);
    }
    if (!conversation->start_was_seen && !is_client && http_request_begins(bytes) &&
        bytes_contains(bytes, " HTTP/")) {
        conversation->client = (uint8_t)hearing->side;
        return SPEECH_HTTP;
    }
    if (is_client) {
        if (conversation_endpoint(conversation, 1U - hearing->side).port == DNS_PORT) {
            return SPEECH_DNS;
        }
        if (http_request_begins(bytes)) {
            return SPEECH_HTTP;
        }
        if (tls_hello_begins(bytes)) {
            return SPEECH_TLS;
        }
    } else if (!conversation->start_was_seen && http_response_begins(bytes)) {
        return SPEECH_HTTP;
    }
    if (speech_lines_kind(bytes, is_client) != SPEECH_NONE) {
        return SPEECH_LINES;
    }
    return try_again(hearing);
}

/* The first that is known stays: a mail server that goes over to TLS is a mail server. */
static void note_application(struct conversation *conversation, const struct speech *speech)
{
    static const char *const names[] = {
        [SPEECH_UNDECIDED] = NULL, [SPEECH_NONE] = NULL,   [SPEECH_HTTP] = "http",
        [SPEECH_TLS] = "tls",      [SPEECH_QUIC] = "quic", [SPEECH_DNS] = "dns",
        [SPEECH_LINES] = NULL,
    };
    if (conversation->application == NULL) {
        conversation->application =
            speech->lines != NULL ? speech_lines_application(speech) : names[speech->kind];
    }
}

static enum status hear(struct hearing *hearing, struct bytes bytes)
{
    switch (hearing->speech->kind) {
    case SPEECH_UNDECIDED:
    case SPEECH_NONE:
    case SPEECH_QUIC: /* never over TCP */
        return STATUS_OK;
    case SPEECH_HTTP:
        return speech_http_bytes(hearing, bytes);
    case SPEECH_TLS:
        return speech_tls_bytes(hearing, bytes);
    case SPEECH_DNS:
        return speech_dns_bytes(hearing, bytes);
    case SPEECH_LINES:
        return speech_lines_bytes(hearing, bytes);
    }
    return STATUS_OK;
}

static enum status hear_bytes(void *context, const struct piece *piece)
{
    struct hearing *hearing = context;
    hearing->piece = piece;
    if (hearing->speech->kind == SPEECH_UNDECIDED) {
        hearing->speech->kind = decide(hearing, piece->bytes);
    }
    note_application(hearing->conversation, hearing->speech);
    enum status status = hear(hearing, piece->bytes);
    note_application(hearing->conversation, hearing->speech);
    return status;
}

static enum status hear_gap(void *context, uint64_t size)
{
    struct hearing *hearing = context;
    struct speeches *speeches = &hearing->dissection->speeches;
    hearing->piece = NULL;
    if (hearing->speech->kind != SPEECH_NONE) {
        speeches->gap_bytes = number_add(speeches->gap_bytes, size);
        dissection_anomaly(hearing->dissection,
                           "bytes of a TCP connection are missing: what was said is not all "
                           "there");
    }
    switch (hearing->speech->kind) {
    case SPEECH_UNDECIDED:
    case SPEECH_NONE:
    case SPEECH_QUIC:
        return STATUS_OK;
    case SPEECH_HTTP:
        return speech_http_gap(hearing, size);
    case SPEECH_TLS:
        return speech_tls_gap(hearing);
    case SPEECH_LINES:
        return speech_lines_gap(hearing);
    case SPEECH_DNS:
        hearing->speech->kind = SPEECH_NONE;
        return STATUS_OK;
    }
    return STATUS_OK;
}

static uint64_t hear_nothing(void *context)
{
    struct hearing *hearing = context;
    switch (hearing->speech->kind) {
    case SPEECH_NONE:
        return UINT64_MAX;
    case SPEECH_HTTP:
        return speech_http_indifferent(&hearing->speech->sides[hearing->side]);
    case SPEECH_TLS:
        return speech_tls_wants(hearing->speech, hearing->side) ? 0 : UINT64_MAX;
    case SPEECH_UNDECIDED:
    case SPEECH_QUIC:
    case SPEECH_DNS:
    case SPEECH_LINES:
        return 0;
    }
    return 0;
}

static void hear_conflict(void *context, const struct piece *piece)
{
    const struct hearing *hearing = context;
    struct dissection *dissection = hearing->dissection;
    coverage_anomaly(dissection->parse->coverage,
                     "TCP segments say different bytes at one place: the first was kept",
                     place_frame(dissection->parse->member, piece->frame));
}

static const struct assembly_sink SINK = {
    .bytes = hear_bytes,
    .gap = hear_gap,
    .conflict = hear_conflict,
    .indifferent = hear_nothing,
};

/* ---- conversations ---- */

static void release(struct hearing *hearing)
{
    for (hearing->side = 0; hearing->side < 2; hearing->side++) {
        struct speech_side *side = &hearing->speech->sides[hearing->side];
        assembly_drop(&side->assembly, &hearing->dissection->speeches.assemblies);
        speech_let_go(hearing);
        body_drop(hearing);
    }
    speech_tls_drop(hearing);
    speech_lines_drop(hearing);
    while (hearing->speech->first != NULL) {
        speech_answered(hearing, hearing->speech->first);
    }
    pool_give(&hearing->dissection->speeches.pool, hearing->speech);
    hearing->conversation->speech = NULL;
}

static enum status give_unanswered(struct hearing *hearing)
{
    struct exchange *exchange = hearing->speech->first;
    while (exchange != NULL) {
        if (hearing->speech->kind == SPEECH_HTTP) {
            TRY(speech_http_unanswered(hearing, exchange));
        } else {
            TRY(speech_dns_unanswered(hearing, exchange));
        }
        exchange = exchange->next;
    }
    return STATUS_OK;
}

/* A conversation in which no question waits needs no memory. */
static enum status take_datagram(struct hearing *hearing, const struct packet *packet)
{
    hearing->speech->kind = SPEECH_DNS;
    note_application(hearing->conversation, hearing->speech);
    enum status status = STATUS_OK;
    if (!packet->is_cut) {
        status = speech_dns_message(hearing, packet->payload, packet->frame, packet->at_ns);
    }
    if (hearing->speech->first == NULL) {
        release(hearing);
    }
    return status;
}

static enum status take_segment(struct hearing *hearing, const struct packet *packet)
{
    struct assembly *assembly = &hearing->speech->sides[hearing->side].assembly;
    const struct conversation_side *side = &hearing->conversation->sides[hearing->side];
    if (!assembly->has_begun) {
        assembly->has_begun = true;
        assembly->next = side->sequence.first;
    }
    bool has_syn = (packet->tcp_flags & TCP_SYN) != 0;
    struct piece piece = {.frame = packet->frame,
                          .at_ns = packet->at_ns,
                          .sequence = packet->sequence + has_syn,
                          .bytes = packet->payload,
                          .size = (uint32_t)packet->payload_size};
    struct assembly_sink sink = SINK;
    sink.context = hearing;
    return assembly_take(assembly, &hearing->dissection->speeches.assemblies, &piece, &sink);
}

/* What a datagram shows without its keys: QUIC's long header with a version that is in use
 * (RFC 8999, 9000, 9369, and the drafts before them), and DTLS records (RFC 9147). */
static const char *datagram_application(struct bytes payload)
{
    struct cursor cursor = cursor_of(payload);
    uint8_t first = cursor_u8(&cursor);
    uint32_t version = cursor_u32be(&cursor);
    if (cursor_status(&cursor) != STATUS_OK) {
        return NULL;
    }
    bool is_quic = version == 1 || version == 0x6b3343cf || version >> 8 == 0xff0000 ||
                   version >> 16 == 0x5130; /* "Q0.." of the first drafts */
    if ((first & 0xc0) == 0xc0 && is_quic) {
        return "quic";
    }
    bool is_dtls = version >> 16 == 0xfeff || version >> 16 == 0xfefd;
    return first >= 20 && first <= 25 && is_dtls ? "dtls" : NULL;
}

/* DNS by its port, or by a first datagram that asks a question: on other ports too, where a
 * tunnel may speak with its own server.  Later ones are what the first was. */
static bool is_dns(const struct conversation *conversation, const struct packet *packet)
{
    if (packet->protocol != FLOW_UDP) {
        return false;
    }
    if (packet->source.port == DNS_PORT || packet->destination.port == DNS_PORT) {
        return true;
    }
    bool is_first = conversation->sides[0].packets + conversation->sides[1].packets == 1;
    return is_first ? speech_dns_begins(packet->payload, packet->destination.port)
                    : conversation->application != NULL &&
                          strcmp(conversation->application, "dns") == 0;
}

/* False where there is no room for one more. */
static bool listen(struct dissection *dissection, struct conversation *conversation)
{
    if (conversation->speech == NULL) {
        conversation->speech = pool_take(&dissection->speeches.pool);
    }
    if (conversation->speech == NULL) {
        conversation->is_opaque = true;
        dissection->speeches.unlistened++;
    }
    return conversation->speech != NULL;
}

/* A capture may begin within a QUIC connection's first packets: not only the first is a try. */
static bool is_quic(struct conversation *conversation, const struct packet *packet)
{
    if (packet->protocol != FLOW_UDP) {
        conversation->is_opaque = true;
        return false;
    }
    if (conversation->application == NULL) {
        conversation->application = datagram_application(packet->payload);
    }
    if (quic_begins(packet->payload)) {
        return true;
    }
    conversation->is_opaque = ++conversation->tries == SPEECH_TRIES_MAX;
    return false;
}

static enum status take_other(struct dissection *dissection, struct conversation *conversation,
                              const struct packet *packet, unsigned side)
{
    bool is_new = conversation->speech == NULL;
    if (is_new && (!is_quic(conversation, packet) || !listen(dissection, conversation))) {
        return STATUS_OK;
    }
    struct hearing hearing = {dissection, conversation, conversation->speech, side, NULL};
    hearing.speech->kind = SPEECH_QUIC;
    enum status status = speech_quic_datagram(&hearing, packet);
    bool is_over = hearing.speech->kind == SPEECH_NONE;
    /* What only looks like QUIC holds no memory: nothing but a whole packet proves it. */
    if (is_over || hearing.speech->quic.id_size == 0) {
        conversation->is_opaque = is_over || ++conversation->tries == SPEECH_TRIES_MAX;
        release(&hearing);
    }
    return status;
}

enum status speech_take(struct dissection *dissection, struct conversation *conversation,
                        const struct packet *packet, unsigned side)
{
    if (conversation->is_opaque) {
        return STATUS_OK;
    }
    if (packet->protocol != FLOW_TCP && !is_dns(conversation, packet)) {
        return take_other(dissection, conversation, packet, side);
    }
    if (!listen(dissection, conversation)) {
        return STATUS_OK;
    }
    struct hearing hearing = {dissection, conversation, conversation->speech, side, NULL};
    if (packet->protocol == FLOW_UDP) {
        return take_datagram(&hearing, packet);
    }
    TRY(take_segment(&hearing, packet));
    if (hearing.speech->kind != SPEECH_NONE) {
        return STATUS_OK;
    }
    conversation->is_opaque = true;
    enum status status = give_unanswered(&hearing);
    release(&hearing);
    return status;
}

/* What is held behind gaps, then heads that are not whole, then requests without an answer. */
static enum status finish(struct hearing *hearing)
{
    struct assembly_sink sink = SINK;
    sink.context = hearing;
    for (unsigned i = 0; i < 2; i++) {
        hearing->side =
            i == 0 ? hearing->conversation->client : 1U - hearing->conversation->client;
        struct assembly *assembly = &hearing->speech->sides[hearing->side].assembly;
        TRY(assembly_finish(assembly, &hearing->dissection->speeches.assemblies, &sink));
    }
    if (hearing->speech->kind == SPEECH_HTTP) {
        TRY(speech_http_end(hearing));
    }
    if (hearing->speech->kind == SPEECH_TLS || hearing->speech->kind == SPEECH_QUIC) {
        return speech_tls_end(hearing);
    }
    if (hearing->speech->kind == SPEECH_LINES) {
        return speech_lines_end(hearing);
    }
    return give_unanswered(hearing);
}

enum status speech_end(struct dissection *dissection, struct conversation *conversation)
{
    if (conversation->speech == NULL) {
        return STATUS_OK;
    }
    struct hearing hearing = {dissection, conversation, conversation->speech, 0, NULL};
    enum status status = finish(&hearing);
    release(&hearing);
    return status;
}
