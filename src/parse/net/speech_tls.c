#include "parse/net/speech_tls.h"

#include <string.h>

#include "base/number.h"
#include "parse/net/emit.h"
#include "parse/net/ja4.h"

#define PROTOCOLS_SIZE_MAX 96

/* What was heard, by value. */
struct tls_talk {
    struct emit_tls_view view; /* its texts lie below */
    bool client_is_heard;
    bool server_is_heard;
    bool has_client; /* there is something to give */
    unsigned client; /* the side */
    char ja4[JA4_SIZE + 1];
    uint8_t name[SPEECH_NAME_SIZE_MAX];
    uint8_t offered[PROTOCOLS_SIZE_MAX];
    uint8_t chosen[PROTOCOLS_SIZE_MAX];
    struct certificate certificate;
};

void speech_tls_init(struct pool *pool, struct arena *arena)
{
    pool_init(pool, arena, sizeof(struct tls_talk), SPEECH_TLS_MAX);
}

static struct bytes keep(uint8_t *buffer, size_t capacity, struct bytes bytes)
{
    bytes = bytes_part(bytes, 0, capacity);
    if (bytes.size > 0) {
        memcpy(buffer, bytes.data, bytes.size);
    }
    return (struct bytes){buffer, bytes.size};
}

bool speech_tls_wants(const struct speech *speech, unsigned side)
{
    const struct tls_talk *talk = speech->tls;
    if (talk == NULL) {
        return true;
    }
    return side == talk->client ? !talk->client_is_heard : !talk->server_is_heard;
}

void speech_tls_drop(struct hearing *hearing)
{
    pool_give(&hearing->dissection->speeches.tls, hearing->speech->tls);
    hearing->speech->tls = NULL;
}

static enum status end_if_heard(struct hearing *hearing)
{
    const struct tls_talk *talk = hearing->speech->tls;
    speech_let_go(hearing);
    bool is_heard = talk->client_is_heard && talk->server_is_heard;
    return is_heard ? speech_tls_end(hearing) : STATUS_OK;
}

/* What this side said so far; `*is_full` where no more of it can be kept. */
static struct bytes gather(struct hearing *hearing, struct bytes bytes, bool *is_full)
{
    bool is_gathered = speech_gathered(hearing).size > 0;
    *is_full = is_gathered && !speech_gather(hearing, bytes);
    struct bytes all = is_gathered ? speech_gathered(hearing) : bytes;
    *is_full |= all.size >= SPEECH_GATHER_SIZE;
    return all;
}

/* Keeps the first bytes of a side until more come; false where there is no room. */
static bool wait_for_more(struct hearing *hearing, struct bytes bytes, bool is_full)
{
    return !is_full && (speech_gathered(hearing).size > 0 || speech_gather(hearing, bytes));
}

/* Over QUIC there are no records of TLS around the handshake. */
static bool is_bare(const struct hearing *hearing)
{
    return hearing->speech->kind == SPEECH_QUIC;
}

/* ---- the client ---- */

static void keep_protocols(struct tls_talk *talk, struct bytes protocols)
{
    struct cursor list = cursor_of(protocols);
    struct bytes name;
    size_t size = 0;
    while (tls_protocol_next(&list, &name)) {
        bool is_first = size == 0;
        if (name.size + !is_first > PROTOCOLS_SIZE_MAX - size) {
            break;
        }
        if (!is_first) {
            talk->offered[size++] = ',';
        }
        size += keep(&talk->offered[size], PROTOCOLS_SIZE_MAX - size, name).size;
    }
    talk->view.offered = (struct bytes){talk->offered, size};
}

static void keep_hello(struct hearing *hearing, const struct tls_hello *hello)
{
    struct tls_talk *talk = hearing->speech->tls;
    talk->has_client = true;
    ja4_write(hello, is_bare(hearing) ? 'q' : 't', talk->ja4);
    talk->view.ja4 = bytes_of_text(talk->ja4);
    talk->view.server_name = keep(talk->name, sizeof talk->name, hello->server_name);
    talk->view.version = tls_hello_version(hello);
    keep_protocols(talk, hello->protocols);
    speech_name(hearing, hello->server_name);
    talk->view.exchange = (struct exchange_view){
        .frame = hearing->piece->frame, .at_ns = hearing->piece->at_ns, .side = hearing->side};
}

static enum status hear_client(struct hearing *hearing, struct bytes bytes)
{
    struct tls_talk *talk = hearing->speech->tls;
    uint8_t scratch[TLS_HELLO_SIZE_MAX];
    struct tls_hello hello;
    bool is_full;
    struct bytes stream = gather(hearing, bytes, &is_full);
    enum status status = is_bare(hearing) ? tls_hello_read_bare(stream, &hello)
                                          : tls_hello_read(stream, scratch, &hello);
    if (status != STATUS_OK) {
        dissection_anomaly(hearing->dissection, "a TLS client hello is damaged");
        return speech_tls_end(hearing);
    }
    if (hello.wants_more && wait_for_more(hearing, bytes, is_full)) {
        return STATUS_OK;
    }
    talk->client_is_heard = true;
    if (!hello.wants_more) {
        keep_hello(hearing, &hello);
    }
    return end_if_heard(hearing);
}

/* ---- the server ---- */

static void keep_server(struct hearing *hearing, const struct tls_server *server)
{
    struct tls_talk *talk = hearing->speech->tls;
    talk->view.is_answered = server->has_hello;
    if (!server->has_hello) {
        return;
    }
    talk->view.version = server->version;
    talk->view.cipher = server->cipher;
    talk->view.chosen = keep(talk->chosen, sizeof talk->chosen, server->protocol);
    if (server->certificate.size == 0) {
        return;
    }
    if (certificate_read(server->certificate, &talk->certificate) != STATUS_OK) {
        dissection_anomaly(hearing->dissection, "a TLS server's certificate is damaged");
        return;
    }
    talk->view.certificate = &talk->certificate;
    talk->view.certificate_hash = sha256_of(server->certificate);
}

static enum status hear_server(struct hearing *hearing, struct bytes bytes)
{
    struct tls_talk *talk = hearing->speech->tls;
    uint8_t scratch[TLS_SERVER_SIZE_MAX];
    struct tls_server server;
    bool is_full;
    struct bytes stream = gather(hearing, bytes, &is_full);
    enum status status = is_bare(hearing) ? tls_server_read_bare(stream, &server)
                                          : tls_server_read(stream, scratch, &server);
    if (status == STATUS_OK && server.wants_more && wait_for_more(hearing, bytes, is_full)) {
        return STATUS_OK;
    }
    talk->server_is_heard = true;
    if (status == STATUS_OK) {
        keep_server(hearing, &server);
    }
    return end_if_heard(hearing);
}

/* Of an answer that is not all there the hello may be. */
static void keep_partial(struct hearing *hearing)
{
    struct tls_talk *talk = hearing->speech->tls;
    unsigned side = hearing->side;
    uint8_t scratch[TLS_SERVER_SIZE_MAX];
    struct tls_server server;
    hearing->side = 1U - talk->client;
    struct bytes stream = speech_gathered(hearing);
    hearing->side = side;
    if (talk->server_is_heard || stream.size == 0) {
        return;
    }
    enum status status = is_bare(hearing) ? tls_server_read_bare(stream, &server)
                                          : tls_server_read(stream, scratch, &server);
    if (status == STATUS_OK) {
        keep_server(hearing, &server);
    }
}

/* ---- both ---- */

enum status speech_tls_end(struct hearing *hearing)
{
    const struct tls_talk *talk = hearing->speech->tls;
    enum status status = STATUS_OK;
    if (talk != NULL && talk->has_client) {
        keep_partial(hearing);
        hearing->dissection->speeches.requests++;
        status = emit_tls(hearing->dissection, hearing->conversation, &talk->view);
    }
    hearing->speech->kind = SPEECH_NONE;
    speech_tls_drop(hearing);
    return status;
}

enum status speech_tls_bytes(struct hearing *hearing, struct bytes bytes)
{
    struct speech *speech = hearing->speech;
    if (speech->tls == NULL) {
        struct tls_talk *talk = pool_take(&hearing->dissection->speeches.tls);
        if (talk == NULL) {
            hearing->dissection->speeches.unlistened++;
            speech->kind = SPEECH_NONE;
            return STATUS_OK;
        }
        talk->client = hearing->conversation->client;
        speech->tls = talk;
    }
    if (!speech_tls_wants(speech, hearing->side)) {
        return STATUS_OK;
    }
    return hearing->side == speech->tls->client ? hear_client(hearing, bytes)
                                                : hear_server(hearing, bytes);
}

enum status speech_tls_gap(struct hearing *hearing)
{
    struct tls_talk *talk = hearing->speech->tls;
    if (talk == NULL) {
        hearing->speech->kind = SPEECH_NONE;
        return STATUS_OK;
    }
    if (hearing->side == talk->client) {
        talk->client_is_heard = true;
    } else {
        keep_partial(hearing);
        talk->server_is_heard = true;
    }
    return end_if_heard(hearing);
}
