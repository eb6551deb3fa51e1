/* What is not known, and what would show that the story is wrong: part of every story. */
#pragma once

#include "explain/draft.h"

/* Fills `unknown` and `disproof` of the incident. */
enum status doubt_explain(const struct report *report, struct phrase_book *book,
                          struct arena *arena, struct incident *incident) MUST_USE;
/* Where no entry is seen: that it is not known whether anybody got in, and which holes in the
 * records may hide it; `*is_said` then. */
enum status doubt_say_entry(const struct report *report, const struct incident *incident,
                            struct draft *draft, struct slots *slots, bool *is_said) MUST_USE;
