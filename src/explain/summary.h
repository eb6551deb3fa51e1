/* What is said of the report as a whole, also where nothing was found. */
#pragma once

#include "explain/draft.h"

enum status summary_explain(struct report *report, struct phrase_book *book,
                            struct arena *arena) MUST_USE;
