/* Phrases: the sentences analysts write in content/phrases/, with places for facts.
 *
 *   {name}      a fact; where it is missing the phrase does not fit
 *   [[ ... ]]   a part that is left out where a fact in it is missing
 *   <term>      a term of art: at its first use a gloss from the glossary follows in brackets
 *   ^           at the very start: the first letter of what follows becomes a capital
 *
 * Names that an intruder chose, {account} and {file}, stand in quotation marks: "{account}".
 *
 * An id may be refined: "stage.persistence.T1053.003" falls back to "stage.persistence.T1053",
 * "stage.persistence", "stage".  Facts are finished text for people.
 * Fuzzed: fuzz/phrase.c. */
#pragma once

#include "base/arena.h"
#include "codec/tree.h"

#define SLOTS_MAX 32
#define GLOSSED_MAX 64
#define PHRASE_SIZE_MAX 4096

struct slot {
    const char *name;
    struct bytes value;
};

struct slots {
    struct arena *arena;
    struct slot items[SLOTS_MAX];
    size_t count;
};

/* One audience's phrases, and which terms its reader has met. */
struct phrase_book {
    const struct tree_node *phrases;  /* map: id to phrase */
    const struct tree_node *glossary; /* map: term to gloss; NULL: nothing is glossed */
    struct bytes glossed[GLOSSED_MAX];
    size_t glossed_count;
};

/* Copies `value`; a second value of the same name replaces the first.  Empty values and what
 * does not fit are not set. */
void slots_set(struct slots *slots, const char *name, const struct text *value);
void slots_drop(struct slots *slots, const char *name);
void slots_set_text(struct slots *slots, const char *name, const char *ours);

/* True for a fact that phrases put in quotation marks. */
bool phrase_marks_name(struct bytes fact);
/* Checks a book's document as the compile process does: `fault` says what is wrong where. */
enum status phrase_check(const struct tree_node *document, struct tree_fault *fault) MUST_USE;

/* Adds the phrase.  STATUS_NOT_FOUND, nothing added, where no phrase of that id or what it
 * falls back to exists and has its facts. */
enum status phrase_add(struct phrase_book *book, const char *id, const struct slots *slots,
                       struct text *out) MUST_USE;
