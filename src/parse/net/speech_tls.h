/* TLS over the two sides of a connection: what the client offers, what the server answers in
 * the open, and who its certificate says it is.
 *
 * Owner:  the dissection's pools.   Limits: SPEECH_TLS_MAX at once; of others only the client's
 *         hello is looked at. */
#pragma once

#include "parse/net/speech.h"

#define SPEECH_TLS_MAX 2048

void speech_tls_init(struct pool *pool, struct arena *arena);
/* The next bytes of a side. */
enum status speech_tls_bytes(struct hearing *hearing, struct bytes bytes) MUST_USE;
/* Some bytes of a side are not there: nothing more is heard of it. */
enum status speech_tls_gap(struct hearing *hearing) MUST_USE;
/* Whether anything of this side is still to be heard. */
bool speech_tls_wants(const struct speech *speech, unsigned side);
/* The connection ended, or is encrypted from here on: gives what was heard. */
enum status speech_tls_end(struct hearing *hearing) MUST_USE;
void speech_tls_drop(struct hearing *hearing);
