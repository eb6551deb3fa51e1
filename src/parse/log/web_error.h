/* Reads the error logs of nginx and Apache: one event a line.
 *
 *   2026/03/03 02:10:00 [error] 7#7: *1 text, client: 203.0.113.7, server: s, request: "..."
 *   [Tue Mar 03 02:10:00.1 2026] [core:error] [pid 7:tid 9] [client 203.0.113.7:5] text
 *
 * A line that names a client is EVENT_REQUEST_FAILED with client, request, host and referrer
 * where they are named; every other is EVENT_OTHER.  The same request stands in the access log:
 * here it is no transaction, so that nothing is counted twice.  nginx writes the client amidst
 * text that the client chose; where a line names more than one, none is believed.
 *
 * Input:  untrusted.   Limits: those of parse/log/feed.h.   Fuzzed: fuzz/web.c.
 * Lines without a time go on with what the line before said: they are counted, not given.
 * Format: nginx ngx_log.c, Apache ErrorLogFormat's default of 2.2 and 2.4. */
#pragma once

#include "parse/identify.h"

bool web_error_matches(const struct sample *sample);
enum status web_error_read(struct stream *stream, struct parse *parse) MUST_USE;
