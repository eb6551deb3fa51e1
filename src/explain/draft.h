/* A story being written: phrases become sentences with their citations. */
#pragma once

#include "explain/phrase.h"
#include "record/report.h"

#define SENTENCE_CITES_MAX 4

struct draft {
    struct arena *arena;
    struct phrase_book *book;
    struct sentence *sentences;
    size_t count;
    size_t capacity;
    bool opens_paragraph; /* the next sentence does */
};

/* What a sentence rests on, gathered before it is said. */
struct basis {
    struct citation cites[SENTENCE_CITES_MAX];
    size_t count;
};

enum status draft_begin(struct draft *draft, struct arena *arena,
                        struct phrase_book *book) MUST_USE;
/* Says phrase `id`; where it does not fit, nothing is said and `*said` (may be NULL) is false.
 */
enum status draft_say(struct draft *draft, const char *id, const struct slots *slots,
                      const struct basis *basis, bool *said) MUST_USE;
/* The same for the phrase "`group`.`name`". */
enum status draft_say_of(struct draft *draft, const char *group, const char *name,
                         const struct slots *slots, const struct basis *basis) MUST_USE;

/* Adds a citation unless it is there or there are too many. */
void basis_add(struct basis *basis, const struct citation *citation);
/* What a finding rests on: its first citations; a first and a last line become a range. */
void basis_add_finding(struct basis *basis, const struct report_finding *finding);
void basis_add_coverage(struct basis *basis, const struct report_evidence *evidence);
