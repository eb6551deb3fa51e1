#include "parse/net/speech_dns.h"

#include "parse/net/emit.h"

#define LENGTH_SIZE 2
#define FLAGS_OF_A_QUESTION 0x0130 /* recursion desired, authentic data, checking disabled */

/* Services that speak alike and are no name servers: NetBIOS, DNS for a local network. */
static const uint16_t other_services[] = {137, 5353, 5355};

static bool same_question(const struct dns_message *a, const struct dns_message *b)
{
    if (a->id != b->id) {
        return false;
    }
    if (!a->has_question || !b->has_question) {
        return true; /* some refusals do not repeat the question */
    }
    if (a->question.size != b->question.size || a->type != b->type) {
        return false;
    }
    for (size_t i = 0; i < a->question.size; i++) {
        unsigned difference =
            (unsigned char)a->question.text[i] ^ (unsigned char)b->question.text[i];
        if ((difference & ~0x20U) != 0) {
            return false; /* letters may differ in case */
        }
    }
    return true;
}

static struct exchange *find_question(const struct speech *speech,
                                      const struct dns_message *message)
{
    struct exchange *exchange = speech->first;
    while (exchange != NULL) {
        struct dns_message question;
        struct cursor id = cursor_of(exchange_bytes(exchange));
        if (cursor_u16be(&id) == message->id &&
            dns_read(exchange_bytes(exchange), &question) == STATUS_OK &&
            same_question(&question, message)) {
            return exchange;
        }
        exchange = exchange->next;
    }
    return NULL;
}

static struct exchange_view view_of(const struct exchange *exchange)
{
    return (struct exchange_view){
        .frame = exchange->frame, .at_ns = exchange->at_ns, .side = exchange->side};
}

enum status speech_dns_unanswered(struct hearing *hearing, const struct exchange *exchange)
{
    struct dns_message message;
    if (dns_read(exchange_bytes(exchange), &message) != STATUS_OK) {
        return STATUS_OK; /* cut to what is kept of a request */
    }
    struct exchange_view view = view_of(exchange);
    return emit_dns(hearing->dissection, hearing->conversation, &view, &message);
}

static enum status take_question(struct hearing *hearing, struct bytes bytes,
                                 const struct dns_message *message, uint64_t frame,
                                 int64_t at_ns)
{
    if (find_question(hearing->speech, message) != NULL) {
        return STATUS_OK; /* asked again */
    }
    if (hearing->speech->exchange_count == SPEECH_EXCHANGE_COUNT) {
        struct exchange *oldest = hearing->speech->first;
        TRY(speech_dns_unanswered(hearing, oldest));
        speech_answered(hearing, oldest);
    }
    if (speech_ask(hearing, bytes, frame, at_ns) != NULL) {
        return STATUS_OK;
    }
    struct exchange_view view = {.frame = frame, .at_ns = at_ns, .side = hearing->side};
    return emit_dns(hearing->dissection, hearing->conversation, &view, message);
}

static enum status take_answer(struct hearing *hearing, const struct dns_message *message,
                               uint64_t frame, int64_t at_ns)
{
    struct exchange *exchange = find_question(hearing->speech, message);
    if (exchange == NULL && hearing->conversation->sides[1U - hearing->side].packets > 0) {
        return STATUS_OK; /* answered again */
    }
    if (exchange == NULL) {
        struct exchange_view view = {
            .frame = frame, .at_ns = at_ns, .side = 1U - hearing->side};
        return emit_dns(hearing->dissection, hearing->conversation, &view, message);
    }
    struct exchange_view view = view_of(exchange);
    enum status status = emit_dns(hearing->dissection, hearing->conversation, &view, message);
    speech_answered(hearing, exchange);
    return status;
}

bool speech_dns_begins(struct bytes datagram, uint16_t port)
{
    for (size_t i = 0; i < sizeof other_services / sizeof *other_services; i++) {
        if (port == other_services[i]) {
            return false;
        }
    }
    struct cursor cursor = cursor_of(datagram);
    cursor_skip(&cursor, 2);
    uint16_t flags = cursor_u16be(&cursor);
    uint16_t questions = cursor_u16be(&cursor);
    uint32_t answers = cursor_u32be(&cursor);
    uint16_t additional = cursor_u16be(&cursor);
    struct dns_message message;
    return cursor_status(&cursor) == STATUS_OK && (flags & ~FLAGS_OF_A_QUESTION) == 0 &&
           questions == 1 && answers == 0 && additional <= 1 &&
           dns_read(datagram, &message) == STATUS_OK && message.question.size > 1;
}

enum status speech_dns_message(struct hearing *hearing, struct bytes bytes, uint64_t frame,
                               int64_t at_ns)
{
    struct dns_message message;
    enum status status = dns_read(bytes, &message);
    if (status == STATUS_UNSUPPORTED) {
        return STATUS_OK;
    }
    if (status != STATUS_OK || message.is_damaged) {
        dissection_anomaly(hearing->dissection, "a DNS message is damaged");
    }
    if (status != STATUS_OK) {
        return STATUS_OK;
    }
    return message.is_response ? take_answer(hearing, &message, frame, at_ns)
                               : take_question(hearing, bytes, &message, frame, at_ns);
}

/* The size of the message at the front, its length included; 0 where that is not there yet. */
static size_t message_size(struct bytes bytes)
{
    struct cursor cursor = cursor_of(bytes);
    uint16_t size = cursor_u16be(&cursor);
    return cursor_status(&cursor) == STATUS_OK ? (size_t)size + LENGTH_SIZE : 0;
}

/* Messages that are whole in `bytes`; what is left begins one. */
static enum status take_whole(struct hearing *hearing, struct bytes *bytes)
{
    for (;;) {
        size_t size = message_size(*bytes);
        if (size == 0 || size > bytes->size) {
            return STATUS_OK;
        }
        struct bytes message = bytes_from(bytes_part(*bytes, 0, size), LENGTH_SIZE);
        *bytes = bytes_from(*bytes, size);
        TRY(speech_dns_message(hearing, message, hearing->piece->frame, hearing->piece->at_ns));
    }
}

enum status speech_dns_bytes(struct hearing *hearing, struct bytes bytes)
{
    bool is_gathered = speech_gathered(hearing).size > 0;
    if (!is_gathered) {
        TRY(take_whole(hearing, &bytes));
    }
    if (bytes.size == 0) {
        return STATUS_OK;
    }
    size_t before = speech_gathered(hearing).size;
    if (!speech_gather(hearing, bytes) || speech_gathered(hearing).size - before < bytes.size) {
        hearing->speech->kind = SPEECH_NONE; /* larger than is kept */
        return STATUS_OK;
    }
    struct bytes left = speech_gathered(hearing);
    size_t gathered = left.size;
    TRY(take_whole(hearing, &left));
    if (left.size < gathered) {
        struct gather *gather = hearing->speech->sides[hearing->side].gather;
        for (size_t i = 0; i < left.size; i++) {
            gather->data[i] = left.data[i];
        }
        gather->size = left.size;
        if (left.size == 0) {
            speech_let_go(hearing);
        }
    }
    return STATUS_OK;
}
