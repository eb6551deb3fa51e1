/* Reads system logs: one event a line, with what its message means where we know it.
 *
 * Header forms: parse/log/header.h.  Meanings: parse/log/message.h.  Times keep what the line
 * says; for lines without a year the file's first year has index 0, and the index rises where
 * the date falls back by more than two months.  A line that is out of order around a New Year
 * stays in the old year.  "last message repeated N times" gives the line before it again, and
 * "message repeated N times: [...]" what it holds, with `repeats` N.
 *
 * A command that sudo or cron ran is read as shell text too (parse/script/shell.h): its
 * pipelines follow the event.
 *
 * A line without a header is an anomaly with its place, as is what parse/log/feed.h finds
 * damaged; the lines around it are kept.
 *
 * Input:  untrusted.  Records borrow from the line: each line is a batch of its own.
 * Limits: those of parse/log/feed.h.
 * Fuzzed: fuzz/syslog.c (fields lie inside the line, windows do not matter, places rise). */
#pragma once

#include "parse/identify.h"

/* True where enough of the sample's lines have a header; garbage between them is no matter. */
bool syslog_matches(const struct sample *sample);
enum status syslog_read(struct stream *stream, struct parse *parse) MUST_USE;
