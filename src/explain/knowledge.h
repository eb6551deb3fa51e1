/* What is shipped about programs, options, terms, techniques and vulnerabilities, in our own
 * words or as names: content/knowledge/.
 *
 *   programs: { ls: "lists files and folders" }     goes after the program's name
 *   options: { ls: { "-l": "with sizes", "-I=": "without these" } }     "=": takes a value
 *   same: { dash: sh }                               takes the options of
 *   terms: { beacon: "..." }
 *   tactics, techniques, groups, software, mitigations, vulnerabilities: tools/make-knowledge
 *
 * A question nobody wrote an answer to is answered with nothing, never with a guess.
 * Input: documents that knowledge_check accepted; the words asked about are untrusted. */
#pragma once

#include "codec/tree.h"

#define KNOWLEDGE_DOCUMENTS_MAX 32

struct knowledge {
    const struct tree_node *documents[KNOWLEDGE_DOCUMENTS_MAX]; /* in order of their names */
    size_t count;
};

/* What is known of an option. */
struct known_option {
    struct bytes key;   /* "-o", without "=" */
    struct bytes means; /* "saves what comes back under this name" */
    bool takes_value;
};

enum status knowledge_check(const struct tree_node *document,
                            struct tree_fault *fault) MUST_USE;
/* The entry of that name in a section, or NULL. */
const struct tree_node *knowledge_find(const struct knowledge *knowledge, const char *section,
                                       struct bytes name);
/* What a program does, or BYTES_NONE.  `name` is its base name; a version at its end is left
 * out where nothing is known with it; ".exe" of Windows too.  `*known` is the name it goes by.
 */
struct bytes knowledge_program(const struct knowledge *knowledge, struct bytes name,
                               struct bytes *known);
/* False where nothing is known of it. */
bool knowledge_option(const struct knowledge *knowledge, struct bytes program,
                      struct bytes option, struct known_option *out);
/* How many programs are known. */
size_t knowledge_program_count(const struct knowledge *knowledge);
