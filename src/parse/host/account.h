/* Reads /etc/passwd, /etc/shadow and /etc/group, and the copies that end in "-".
 *
 * Gives a RECORD_SETTING a line.  Of a password only its state is given, and how it is kept:
 *   empty  no password is asked for      none    no password fits ("*", "!")
 *   set    there is one                  locked  there is one, and "!" before it
 * A password itself is never in a record, nor in its excerpt, which is a line of ours.  The
 * time of a password's setting is the day of its last change.
 *
 * Input:  untrusted.   Limits: those of parse/log/feed.h.
 * Lines of another form are anomalies, but for comments and for "+" and "-" of NIS.
 * Fuzzed: fuzz/host.c.   Format: man 5 passwd, shadow, group; man 5 crypt. */
#pragma once

#include "parse/identify.h"

bool passwd_matches(const struct sample *sample);
bool shadow_matches(const struct sample *sample);
bool group_matches(const struct sample *sample);
enum status passwd_read(struct stream *stream, struct parse *parse) MUST_USE;
enum status shadow_read(struct stream *stream, struct parse *parse) MUST_USE;
enum status group_read(struct stream *stream, struct parse *parse) MUST_USE;
