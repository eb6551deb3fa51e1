/* Tells one incident to whoever has to act: how things stand and what to look for.  What to do
 * is the plan. */
#pragma once

#include "explain/draft.h"

/* Fills the responder's story. */
enum status brief_for_responder(const struct report *report, struct phrase_book *book,
                                struct arena *arena, struct incident *incident) MUST_USE;
