/* Reads access logs of one JSON object a line: Caddy's, Traefik's, and those that nginx, Apache
 * and others write under the names of their variables.
 *
 * Which member means what is a table of names (web_json.c); members of other names are passed
 * over.  Gives transactions (parse/log/web_request.h) for lines that say who asked for what;
 * other lines are counted and an anomaly where they are no JSON.
 *
 * Input:  untrusted.   Limits: those of parse/log/feed.h and codec/jsonline.h.
 * Fuzzed: fuzz/web.c.   Format: caddyserver.com/docs/logging, doc.traefik.io access logs. */
#pragma once

#include "parse/identify.h"

bool web_json_matches(const struct sample *sample);
enum status web_json_read(struct stream *stream, struct parse *parse) MUST_USE;
