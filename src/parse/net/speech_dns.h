/* DNS over UDP and TCP: questions and their answers, paired by number and question. */
#pragma once

#include "parse/net/speech.h"

#define DNS_PORT 53

/* Whether a datagram to `port` is a question of the name service: one question, nothing else
 * but the space that its answer may take, and no flag that only answers have. */
bool speech_dns_begins(struct bytes datagram, uint16_t port);
/* One whole message of a side. */
enum status speech_dns_message(struct hearing *hearing, struct bytes message, uint64_t frame,
                               int64_t at_ns) MUST_USE;
/* The next bytes of a side of a TCP connection. */
enum status speech_dns_bytes(struct hearing *hearing, struct bytes bytes) MUST_USE;
enum status speech_dns_unanswered(struct hearing *hearing,
                                  const struct exchange *exchange) MUST_USE;
