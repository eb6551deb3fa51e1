#include "parse/net/speech_http.h"

#include <string.h>

#include "base/number.h"
#include "parse/net/body.h"
#include "parse/net/body_field.h"
#include "parse/net/emit.h"
#include "parse/net/http.h"

enum phase {
    PHASE_START, /* before a message */
    PHASE_HEAD,
    PHASE_BODY,
    PHASE_CHUNK_SIZE,
    PHASE_CHUNK_REST, /* of the line the size stands in */
    PHASE_CHUNK,
    PHASE_TRAILER,
    PHASE_REST, /* everything that follows is body, or no HTTP at all */
    PHASE_LOST, /* a message may begin with the next segment */
};

/* What was seen of the end of a head: an empty line after a line. */
enum line_state {
    LINE_INSIDE,
    LINE_BEGINS,
};

#define CHUNK_LINE_END_SIZE 2

/* Up to and with the end of the head; false where it does not end here. */
static bool find_head_end(struct http_side *side, struct bytes bytes, size_t *end)
{
    size_t at = 0;
    while (at < bytes.size) {
        if (side->line == LINE_BEGINS) {
            uint8_t byte = bytes.data[at];
            if (byte == '\n') {
                *end = at + 1;
                return true;
            }
            at += byte == '\r';
            side->line = byte == '\r' ? LINE_BEGINS : LINE_INSIDE;
            continue;
        }
        at += bytes_find_byte(bytes_from(bytes, at), '\n') + 1;
        side->line = at <= bytes.size ? LINE_BEGINS : LINE_INSIDE;
    }
    *end = bytes.size;
    return false;
}

static void begin_body(struct http_side *side, const struct http_framing *framing)
{
    side->left = framing->length;
    if (framing->is_chunked) {
        side->left = 0;
        side->phase = PHASE_CHUNK_SIZE;
    } else {
        side->phase = framing->has_length && framing->length > 0 ? PHASE_BODY : PHASE_START;
    }
}

static void note_framing(struct hearing *hearing, const struct http_framing *framing)
{
    if (framing->is_ambiguous) {
        dissection_anomaly(hearing->dissection, "an HTTP message states two lengths");
    }
}

/* ---- heads ---- */

static enum status take_request(struct hearing *hearing, struct http_side *side,
                                struct bytes head)
{
    struct http_request request;
    if (http_request_read(head, &request) != STATUS_OK) {
        side->phase = PHASE_LOST;
        return STATUS_OK;
    }
    note_framing(hearing, &request.framing);
    begin_body(side, &request.framing);
    side->wants_body = false;
    if (side->phase != PHASE_START) {
        body_begin(hearing, &request, NULL);
        side->wants_body = body_has_fields(request.headers[HTTP_CONTENT_TYPE],
                                           request.headers[HTTP_CONTENT_ENCODING]);
    }
    speech_name(hearing, request.headers[HTTP_HOST]);
    struct exchange *exchange = speech_ask(hearing, head, side->frame, side->at_ns);
    if (exchange == NULL) {
        hearing->dissection->speeches.bodies_lost += side->phase != PHASE_START;
        struct exchange_view view = {.frame = side->frame,
                                     .at_ns = side->at_ns,
                                     .side = hearing->side,
                                     .request = head,
                                     .body_size = request.framing.length,
                                     .has_body = request.framing.has_length};
        return emit_http(hearing->dissection, hearing->conversation, &view, &request, NULL);
    }
    exchange->body_size = request.framing.length;
    exchange->has_body = request.framing.has_length || request.framing.is_chunked;
    return STATUS_OK;
}

static struct exchange_view view_of(const struct exchange *exchange)
{
    struct exchange_view view = {.frame = exchange->frame,
                                 .at_ns = exchange->at_ns,
                                 .side = exchange->side,
                                 .request = exchange_bytes(exchange),
                                 .body_size = exchange->body_size,
                                 .has_body = exchange->has_body};
    if (exchange->body != NULL) {
        view.body = (struct bytes){exchange->body->data, exchange->body->size};
        view.body_is_cut = exchange->body->is_over;
    }
    return view;
}

enum status speech_http_unanswered(struct hearing *hearing, const struct exchange *exchange)
{
    struct exchange_view view = view_of(exchange);
    struct http_request request;
    if (http_request_read(view.request, &request) != STATUS_OK) {
        return STATUS_OK; /* kept bytes of a request begin like one */
    }
    return emit_http(hearing->dissection, hearing->conversation, &view, &request, NULL);
}

/* RFC 9112 section 6.3: which answers have no body, and which end with the connection. */
static void begin_response_body(struct http_side *side, const struct http_response *response,
                                bool is_head)
{
    bool is_empty = is_head || response->code == 204 || response->code == 304;
    if (is_empty) {
        side->phase = PHASE_START;
    } else if (!response->framing.is_chunked && !response->framing.has_length) {
        side->phase = PHASE_REST;
    } else {
        begin_body(side, &response->framing);
    }
}

static enum status take_response(struct hearing *hearing, struct http_side *side,
                                 struct bytes head)
{
    struct http_response response;
    if (http_response_read(head, &response) != STATUS_OK) {
        side->phase = PHASE_LOST;
        return STATUS_OK;
    }
    note_framing(hearing, &response.framing);
    if (response.code / 100 == 1 && response.code != 101) {
        side->phase = PHASE_START; /* the answer proper follows */
        return STATUS_OK;
    }
    struct exchange *exchange = hearing->speech->first;
    /* Without it the answer has a body all the same. */
    struct http_request request = {0};
    bool is_read =
        exchange != NULL && http_request_read(exchange_bytes(exchange), &request) == STATUS_OK;
    begin_response_body(side, &response, bytes_equal_text(request.method, "HEAD"));
    bool is_connect = bytes_equal_text(request.method, "CONNECT") && response.code / 100 == 2;
    bool is_tunnel = response.code == 101 || is_connect;
    if (side->phase != PHASE_START && !is_tunnel) {
        body_begin(hearing, &request, &response);
    }
    if (exchange == NULL) {
        return STATUS_OK;
    }
    struct exchange_view view = view_of(exchange);
    enum status status = STATUS_OK;
    if (is_read) {
        status =
            emit_http(hearing->dissection, hearing->conversation, &view, &request, &response);
    }
    speech_answered(hearing, exchange);
    if (is_tunnel) {
        hearing->speech->sides[0].http.phase = PHASE_REST;
        hearing->speech->sides[1].http.phase = PHASE_REST;
    }
    if (is_connect) {
        /* What goes through a proxy begins anew: mostly TLS. */
        hearing->speech->kind = SPEECH_UNDECIDED;
        hearing->speech->sides[0].http = (struct http_side){0};
        hearing->speech->sides[1].http = (struct http_side){0};
    }
    return status;
}

static bool is_client(const struct hearing *hearing)
{
    return hearing->side == hearing->conversation->client;
}

static enum status take_head(struct hearing *hearing, struct http_side *side, struct bytes head)
{
    return is_client(hearing) ? take_request(hearing, side, head)
                              : take_response(hearing, side, head);
}

/* Takes of `bytes` what belongs to the head, and the head when it is whole. */
static enum status hear_head(struct hearing *hearing, struct http_side *side,
                             struct bytes *bytes)
{
    size_t end;
    bool is_whole = find_head_end(side, *bytes, &end);
    struct bytes part = bytes_part(*bytes, 0, end);
    *bytes = bytes_from(*bytes, end);
    bool is_gathered = speech_gathered(hearing).size > 0;
    if (is_whole && !is_gathered) {
        return take_head(hearing, side, part);
    }
    if (!speech_gather(hearing, part)) {
        hearing->dissection->speeches.unlistened++;
        side->phase = PHASE_LOST;
        return STATUS_OK;
    }
    if (!is_whole) {
        return STATUS_OK;
    }
    enum status status = take_head(hearing, side, speech_gathered(hearing));
    speech_let_go(hearing);
    return status;
}

/* ---- bodies ---- */

static void hear_chunk_size(struct http_side *side, struct bytes *bytes)
{
    uint64_t digit;
    if (number_hex(bytes_part(*bytes, 0, 1), &digit) == STATUS_OK) {
        side->left = number_add(number_multiply(side->left, 16), digit);
        *bytes = bytes_from(*bytes, 1);
    } else {
        side->phase = PHASE_CHUNK_REST;
    }
}

/* The request that was asked last, of those that wait for an answer. */
static struct exchange *last_asked(const struct speech *speech)
{
    struct exchange *last = speech->first;
    while (last != NULL && last->next != NULL) {
        last = last->next;
    }
    return last;
}

static void hear_chunk_rest(struct hearing *hearing, struct http_side *side,
                            struct bytes *bytes)
{
    size_t end = bytes_find_byte(*bytes, '\n');
    bool is_whole = end < bytes->size;
    *bytes = bytes_from(*bytes, end + 1);
    if (!is_whole) {
        return;
    }
    if (side->left == 0) {
        side->phase = PHASE_TRAILER;
        side->line = LINE_BEGINS;
        return;
    }
    if (is_client(hearing)) {
        struct exchange *last = last_asked(hearing->speech);
        if (last != NULL) {
            last->body_size = number_add(last->body_size, side->left);
        }
    }
    side->left = number_add(side->left, CHUNK_LINE_END_SIZE);
    side->phase = PHASE_CHUNK;
}

static enum status hear_content(struct hearing *hearing, struct bytes bytes)
{
    /* What a form with files holds beside them is kept where its parts are known (body.c). */
    if (is_client(hearing) && !body_is_form(&hearing->speech->sides[hearing->side])) {
        speech_keep_body(hearing, bytes);
    }
    return body_take(hearing, bytes);
}

static void pass_body(struct http_side *side, uint64_t size)
{
    side->left -= number_least(side->left, size);
    if (side->left == 0) {
        side->phase = side->phase == PHASE_CHUNK ? PHASE_CHUNK_SIZE : PHASE_START;
    }
}

static enum status hear_body(struct hearing *hearing, struct http_side *side,
                             struct bytes *bytes)
{
    uint64_t end = number_least(side->left, bytes->size);
    uint64_t content = side->left; /* of a chunk, its line end is no content */
    if (side->phase == PHASE_CHUNK) {
        content -= number_least(content, CHUNK_LINE_END_SIZE);
    }
    TRY(hear_content(hearing, bytes_part(*bytes, 0, number_least(content, end))));
    *bytes = bytes_from(*bytes, end);
    pass_body(side, end);
    return side->phase == PHASE_START ? body_end(hearing, true) : STATUS_OK;
}

/* Empty lines may stand before a request (RFC 9112 section 2.2). */
static void hear_start(struct hearing *hearing, struct http_side *side, struct bytes *bytes)
{
    if (bytes->data[0] == '\r' || bytes->data[0] == '\n') {
        *bytes = bytes_from(*bytes, 1);
        return;
    }
    side->phase = PHASE_HEAD;
    side->line = LINE_INSIDE;
    side->frame = hearing->piece->frame;
    side->at_ns = hearing->piece->at_ns;
}

static void find_message(struct hearing *hearing, struct http_side *side, struct bytes *bytes)
{
    bool begins =
        is_client(hearing) ? http_request_begins(*bytes) : http_response_begins(*bytes);
    if (begins) {
        side->phase = PHASE_START;
    } else {
        *bytes = BYTES_NONE;
    }
}

/* One step; takes at least one byte or changes the phase to one that does. */
static enum status hear(struct hearing *hearing, struct http_side *side, struct bytes *bytes)
{
    size_t end;
    switch ((enum phase)side->phase) {
    case PHASE_START:
        hear_start(hearing, side, bytes);
        return STATUS_OK;
    case PHASE_HEAD:
        return hear_head(hearing, side, bytes);
    case PHASE_BODY:
    case PHASE_CHUNK:
        return hear_body(hearing, side, bytes);
    case PHASE_CHUNK_SIZE:
        hear_chunk_size(side, bytes);
        return STATUS_OK;
    case PHASE_CHUNK_REST:
        hear_chunk_rest(hearing, side, bytes);
        return side->phase == PHASE_TRAILER ? body_end(hearing, true) : STATUS_OK;
    case PHASE_TRAILER:
        if (find_head_end(side, *bytes, &end)) {
            side->phase = PHASE_START;
        }
        *bytes = bytes_from(*bytes, end);
        return STATUS_OK;
    case PHASE_REST: {
        struct bytes rest = *bytes;
        *bytes = BYTES_NONE;
        return body_take(hearing, rest);
    }
    case PHASE_LOST:
        *bytes = BYTES_NONE; /* only the start of a segment is looked at */
        return STATUS_OK;
    }
    return STATUS_OK;
}

enum status speech_http_bytes(struct hearing *hearing, struct bytes bytes)
{
    struct http_side *side = &hearing->speech->sides[hearing->side].http;
    if (side->phase == PHASE_LOST) {
        find_message(hearing, side, &bytes);
    }
    while (bytes.size > 0 && hearing->speech->kind == SPEECH_HTTP) {
        TRY(hear(hearing, side, &bytes));
    }
    return STATUS_OK;
}

uint64_t speech_http_indifferent(const struct speech_side *side)
{
    bool is_open = body_is_open(side) || side->http.wants_body;
    switch ((enum phase)side->http.phase) {
    case PHASE_BODY:
        return is_open ? 0 : side->http.left;
    case PHASE_CHUNK:
        return is_open ? 0 : side->http.left - 1;
    case PHASE_REST:
        return is_open ? 0 : UINT64_MAX;
    case PHASE_LOST:
        return UINT64_MAX;
    default:
        return 0;
    }
}

/* A head of which the first line is there is worth reading. */
static enum status take_partial_head(struct hearing *hearing, struct http_side *side)
{
    struct bytes head = speech_gathered(hearing);
    enum status status = STATUS_OK;
    if (side->phase == PHASE_HEAD && bytes_find_byte(head, '\n') < head.size) {
        status = take_head(hearing, side, head);
    }
    speech_let_go(hearing);
    side->phase = PHASE_LOST;
    return status;
}

enum status speech_http_gap(struct hearing *hearing, uint64_t size)
{
    struct http_side *side = &hearing->speech->sides[hearing->side].http;
    body_gap(hearing);
    if (is_client(hearing) && side->phase >= PHASE_BODY && side->phase <= PHASE_CHUNK) {
        speech_body_gap(hearing);
    }
    if (side->phase == PHASE_REST || side->phase == PHASE_LOST) {
        return STATUS_OK;
    }
    bool in_body = side->phase == PHASE_BODY || side->phase == PHASE_CHUNK;
    if (in_body && size <= side->left) {
        pass_body(side, size);
        return side->phase == PHASE_START ? body_end(hearing, false) : STATUS_OK;
    }
    TRY(body_end(hearing, false));
    return take_partial_head(hearing, side);
}

enum status speech_http_end(struct hearing *hearing)
{
    for (unsigned i = 0; i < 2; i++) {
        /* The request before the answer, whichever side it is on. */
        hearing->side =
            i == 0 ? hearing->conversation->client : 1U - hearing->conversation->client;
        struct http_side *side = &hearing->speech->sides[hearing->side].http;
        /* A body without a length is whole where its sender closed the connection. */
        bool is_closed = (hearing->conversation->sides[hearing->side].tcp_flags & TCP_FIN) != 0;
        TRY(body_end(hearing, side->phase == PHASE_REST && is_closed));
        TRY(take_partial_head(hearing, side));
    }
    return STATUS_OK;
}
