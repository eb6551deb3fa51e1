/* What the first packets of a QUIC connection say: TLS, as in speech_tls.h, from the Initial
 * packets of both sides.  Where the conversation ends, speech_tls_end gives what was heard.
 *
 * Limits: SPEECH_QUIC_*; one connection between two ports, the first. */
#pragma once

#include "parse/net/speech.h"

#define SPEECH_QUIC_DATAGRAMS_MAX 32 /* looked at in one conversation */
#define SPEECH_QUIC_STEPS 32         /* of the budget for a byte of an Initial packet */

/* A datagram of a side; what was heard is given once both sides are. */
enum status speech_quic_datagram(struct hearing *hearing, const struct packet *packet) MUST_USE;
