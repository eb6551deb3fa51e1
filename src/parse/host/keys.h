/* Reads authorized_keys: who may come in with which key, and what is said about it.
 *
 * Gives a RECORD_SETTING a key: kind, fingerprint as sshd logs it ("SHA256:..."), options,
 * comment, and the command that the key may run, which is given as shell text too.  Public key
 * files (*.pub) have the same form.  Lines of another form are anomalies.
 *
 * Input:  untrusted.   Limits: those of parse/log/feed.h.   Fuzzed: fuzz/host.c.
 * Not checked: that a key is one; its fingerprint is that of the bytes it is written with.
 * Format: man 8 sshd, AUTHORIZED_KEYS FILE FORMAT. */
#pragma once

#include "parse/identify.h"

bool keys_matches(const struct sample *sample);
enum status keys_read(struct stream *stream, struct parse *parse) MUST_USE;
