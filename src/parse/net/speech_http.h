/* HTTP/1 over the two sides of a connection: which answer belongs to which request, and where
 * each message ends. */
#pragma once

#include "parse/net/speech.h"

/* The next bytes of a side. */
enum status speech_http_bytes(struct hearing *hearing, struct bytes bytes) MUST_USE;
enum status speech_http_gap(struct hearing *hearing, uint64_t size) MUST_USE;
/* How many of the next bytes lie in a body that nobody looks at. */
uint64_t speech_http_indifferent(const struct speech_side *side);
/* The connection ended: a head that is not whole is read as far as it goes. */
enum status speech_http_end(struct hearing *hearing) MUST_USE;
/* Gives a request that got no answer. */
enum status speech_http_unanswered(struct hearing *hearing,
                                   const struct exchange *exchange) MUST_USE;
