/* One value of a request's body, as the behaviours of web requests look at it.
 *
 * A query holds values; a body also holds what people write and programs keep: pages of a wiki
 * that quote commands, questions to a database, steps of a build.  What would be an attack as a
 * value is none as a part of these, so a sign counts in a body only where it stands in a value:
 * one line without markup, at its beginning or behind a word at most, and with few words of a
 * language about it.
 *
 * Input:  untrusted.
 * Not found: a sign in several lines, or behind a sentence; a command in backticks that follow
 * no other letter, as people quote one. */
#pragma once

#include "detect/behaviour/web_sign.h"
#include "detect/behaviour/web_visit.h"

/* The field as a query would have it: "name=value", the value alone where nothing names it. */
void web_body_plain(const struct body_field *field, struct web_plain *plain);
/* The field is one line. */
bool web_body_is_line(const struct body_field *field);
/* As web_sign_find, for one field; `plain` holds what `out` shows. */
bool web_body_sign(const struct body_field *field, struct web_plain *plain,
                   struct web_sign *out);
/* What a page may show of a field: nothing of a value whose name says that it is secret. */
void web_body_show(const struct body_field *field, struct bytes words, struct trace_name *out);
