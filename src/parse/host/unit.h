/* Reads units of systemd: services, timers, sockets, paths and what overrides them.
 *
 * Gives a RECORD_SETTING for each line that says what is run, when, as whom, or what pulls the
 * unit in (unit.c has the list), and what is run as shell text.  The unit's name is the file's.
 * A line that ends in a backslash goes on in the next.
 *
 * Input:  untrusted.   Limits: those of parse/log/feed.h; UNIT_LINE_MAX for a line that goes
 * on. Not done: specifiers ("%i") and variables stay as written.   Fuzzed: fuzz/host.c. Format:
 * man 7 systemd.syntax, man 5 systemd.service, systemd.timer. */
#pragma once

#include "parse/identify.h"

#define UNIT_LINE_MAX 65536U

bool unit_matches(const struct sample *sample);
enum status unit_read(struct stream *stream, struct parse *parse) MUST_USE;
