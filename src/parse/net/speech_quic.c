#include "parse/net/speech_quic.h"

#include <string.h>

#include "parse/net/emit.h"
#include "parse/net/speech_tls.h"

/* ---- keys ---- */

static struct bytes known_id(const struct quic_talk *talk)
{
    return bytes_part((struct bytes){talk->id, sizeof talk->id}, 0, talk->id_size);
}

static bool open_with(const struct quic_packet *packet, struct bytes id, bool is_server,
                      uint8_t *scratch, struct bytes *frames)
{
    struct quic_keys keys;
    return id.size > 0 && quic_keys_of(packet->version, id, is_server, &keys) == STATUS_OK &&
           quic_open(packet, &keys, scratch, frames) == STATUS_OK;
}

/* A client seals with what follows from the id it first sends to; after a server's Retry, from
 * the one it is told to use (RFC 9001 section 5.2).  Whoever seals so is the client, whatever
 * the ports look like. */
static bool open_as_client(struct hearing *hearing, const struct quic_packet *packet,
                           uint8_t *scratch, struct bytes *frames)
{
    struct quic_talk *talk = &hearing->speech->quic;
    if (open_with(packet, known_id(talk), false, scratch, frames)) {
        return true;
    }
    if (!open_with(packet, packet->destination, false, scratch, frames)) {
        return false;
    }
    memcpy(talk->id, packet->destination.data, packet->destination.size);
    talk->id_size = (uint8_t)packet->destination.size;
    hearing->conversation->client = (uint8_t)hearing->side;
    return true;
}

static bool open_initial(struct hearing *hearing, const struct quic_packet *packet,
                         uint8_t *scratch, struct bytes *frames)
{
    const struct quic_talk *talk = &hearing->speech->quic;
    if (talk->id_size > 0 && hearing->side != hearing->conversation->client) {
        return open_with(packet, known_id(talk), true, scratch, frames);
    }
    return open_as_client(hearing, packet, scratch, frames);
}

/* ---- the handshake, put in order ---- */

static enum status hear_bytes(void *context, const struct piece *piece)
{
    struct hearing *hearing = context;
    hearing->piece = piece;
    return hearing->speech->kind == SPEECH_QUIC ? speech_tls_bytes(hearing, piece->bytes)
                                                : STATUS_OK;
}

/* More is missing than can be waited for. */
static enum status hear_gap(void *context, uint64_t size)
{
    struct hearing *hearing = context;
    (void)size;
    return hearing->speech->kind == SPEECH_QUIC ? speech_tls_gap(hearing) : STATUS_OK;
}

static void hear_conflict(void *context, const struct piece *piece)
{
    const struct hearing *hearing = context;
    (void)piece;
    dissection_anomaly(hearing->dissection,
                       "QUIC packets say different bytes at one place: the first was kept");
}

static uint64_t hear_nothing(void *context)
{
    const struct hearing *hearing = context;
    return speech_tls_wants(hearing->speech, hearing->side) ? 0 : UINT64_MAX;
}

static const struct assembly_sink SINK = {
    .bytes = hear_bytes,
    .gap = hear_gap,
    .conflict = hear_conflict,
    .indifferent = hear_nothing,
};

static enum status take_frames(struct hearing *hearing, struct bytes bytes,
                               const struct packet *packet)
{
    struct assembly *assembly = &hearing->speech->sides[hearing->side].assembly;
    struct assembly_sink sink = SINK;
    struct cursor frames = cursor_of(bytes);
    struct bytes part;
    uint64_t offset;
    sink.context = hearing;
    assembly->has_begun = true; /* at 0 */
    while (hearing->speech->kind == SPEECH_QUIC && quic_crypto_next(&frames, &offset, &part)) {
        if (offset > SPEECH_GATHER_SIZE) {
            dissection_anomaly(hearing->dissection, "a QUIC handshake is longer than is kept");
            continue;
        }
        struct piece piece = {.frame = packet->frame,
                              .at_ns = packet->at_ns,
                              .sequence = (uint32_t)offset,
                              .bytes = part,
                              .size = (uint32_t)part.size};
        TRY(assembly_take(assembly, &hearing->dissection->speeches.assemblies, &piece, &sink));
    }
    if (cursor_status(&frames) != STATUS_OK) {
        dissection_anomaly(hearing->dissection, "a QUIC packet's frames are damaged");
    }
    return STATUS_OK;
}

static enum status take_initial(struct hearing *hearing, const struct quic_packet *initial,
                                const struct packet *packet)
{
    uint8_t scratch[QUIC_PACKET_SIZE_MAX];
    struct bytes frames;
    if (!budget_spend(hearing->dissection->parse->budget,
                      SPEECH_QUIC_STEPS * initial->whole.size)) {
        return STATUS_LIMIT;
    }
    return open_initial(hearing, initial, scratch, &frames)
               ? take_frames(hearing, frames, packet)
               : STATUS_OK;
}

enum status speech_quic_datagram(struct hearing *hearing, const struct packet *packet)
{
    struct cursor datagram = cursor_of(packet->payload);
    struct quic_packet quic;
    for (int i = 0; i < QUIC_PACKETS_MAX && quic_packet_next(&datagram, &quic); i++) {
        if (quic.kind == QUIC_INITIAL && hearing->speech->kind == SPEECH_QUIC) {
            TRY(take_initial(hearing, &quic, packet));
        }
    }
    bool is_enough = ++hearing->speech->quic.datagrams == SPEECH_QUIC_DATAGRAMS_MAX;
    return is_enough && hearing->speech->kind == SPEECH_QUIC ? speech_tls_end(hearing)
                                                             : STATUS_OK;
}
