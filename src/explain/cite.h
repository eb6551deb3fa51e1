/* What a sentence about a pasted text rests on: bytes of the text, or what is known. */
#pragma once

#include "explain/draft.h"

/* Cites bytes of the text, or of a view of it. */
void cite_text(struct basis *basis, uint32_t view, uint64_t offset, uint64_t size);
/* Cites "known:program/curl", "attack:T1105". */
enum status cite_knowledge(struct basis *basis, struct arena *arena, const char *scheme,
                           struct bytes name) MUST_USE;
