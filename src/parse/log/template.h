/* Matches a log message against a template of ours and takes the fields out.
 *
 *   Failed {method} for invalid user {user} from {address} port {port} ssh2{*}
 *
 * What a field may hold depends on its name (template.c).  Who wrote the message does not
 * matter, but who could put words into it does: an account's name is typed by whoever knocks,
 * and may read "root from 192.0.2.1 port 22 ssh2".  So {user} and {*} reach to the last place
 * where what follows them in the template still fits what is left: the program's own words
 * come after a name, and win.  A field that only the program fills ends at the first place.
 *
 * Input:  `text` untrusted, templates ours.  Values borrow from `text`.
 * Limits: TEMPLATE_TRIES_MAX places are tried for a message, each in linear time. */
#pragma once

#include "base/arena.h"
#include "record/record.h"

#define TEMPLATE_PARTS_MAX 32
#define TEMPLATE_TRIES_MAX 16

struct template;

struct capture {
    enum field field; /* FIELD_COUNT: not kept */
    bool is_peer;     /* an address or a name: the caller looks which */
    bool is_repeats;  /* how often the message stands for what it says */
    struct bytes value;
};

/* Compiles `text`, which must be well formed (an assertion).  NULL when there is no memory. */
const struct template *template_new(const char *text, struct arena *arena);
/* True where all of `text` fits; `captures` has room for TEMPLATE_PARTS_MAX. */
bool template_match(const struct template *template, struct bytes text,
                    struct capture *captures, size_t *capture_count);
/* The byte every match begins with, or 0 where it may be any. */
uint8_t template_first(const struct template *template);
