/* Reads the access logs of web servers: the common and the combined format, also with the name
 * of the virtual host before or behind the client, as Apache, nginx, lighttpd and Python's
 * server write them:
 *
 *   [host[:port]] client ident user [time] "request" status size ["referrer" "agent" [...]]
 *
 * Whether a host stands first is the file's layout, found once for a file, so that no line can
 * move its client.  An account's name may hold spaces: the time that counts is the first in
 * brackets that a request follows.  What follows the agent is looked through for the addresses
 * of X-Forwarded-For, as nginx's "main" format has them, and else passed over.
 *
 * Gives transactions (parse/log/web_request.h).  A line of another form is an anomaly.
 *
 * Input:  untrusted.   Limits: those of parse/log/feed.h; WEB_BRACKETS_MAX times and
 * WEB_QUOTES_MAX ends of a request are tried. Not checked: that what is logged is what was
 * asked: who can write the log can forge it. Fuzzed: fuzz/web.c.   Format: Apache
 * mod_log_config, nginx ngx_http_log_module. */
#pragma once

#include "parse/identify.h"
#include "parse/log/web_request.h"

#define WEB_BRACKETS_MAX 16U
#define WEB_QUOTES_MAX 8U /* in a request that its server did not escape */

struct web_layout {
    bool has_host; /* before the client */
};

/* False where `line` has not the form. */
bool web_line_read(struct bytes line, const struct web_layout *layout, struct web_request *out);
/* The layout that most of the first `line_max` lines have. */
struct web_layout web_layout_find(struct bytes text, size_t line_max);

bool web_access_matches(const struct sample *sample);
enum status web_access_read(struct stream *stream, struct parse *parse) MUST_USE;
