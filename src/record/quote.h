/* How names and text from evidence are shown to people: escaped, and defanged so that nobody
 * clicks or pastes an attacker's address by accident (203.0.113[.]7, hxxp://).  Private
 * addresses are no indicators and stay as they are. */
#pragma once

#include "base/text.h"
#include "record/entity.h"

/* A name by its kind: an address, a domain or a URL is defanged. */
void quote_add_entity(struct text *text, const struct entity *entity);
/* The same where it stands among words of ours, which it must not be able to continue: in
 * quotation marks where it is more than one plain word, those in it escaped.  `is_marked`: the
 * marks are already around it. */
void quote_add_name(struct text *text, const struct entity *entity, bool is_marked);
/* Any text, such as an excerpt: public IPv4 addresses and URLs in it are defanged; at most
 * `size_max` source bytes, then an ellipsis. */
void quote_add_text(struct text *text, struct bytes theirs, size_t size_max);
