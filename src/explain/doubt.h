/* What is not known, and what would show that the story is wrong: part of every story. */
#pragma once

#include "explain/draft.h"

/* Fills `unknown` and `disproof` of the incident. */
enum status doubt_explain(const struct report *report, struct phrase_book *book,
                          struct arena *arena, struct incident *incident) MUST_USE;
