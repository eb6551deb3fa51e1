/* What is shipped about programs, options, terms, techniques and vulnerabilities, in our own
 * words or as names: content/knowledge/.
 *
 *   programs: { ls: "lists files and folders" }     goes after the program's name
 *   options: { ls: { "-l": "with sizes", "-I=": "without these" } }     "=": takes a value
 *   alone: { command: "stands for any command" }     instead, where no word follows
 *   same: { dash: sh }                               takes the options of
 *   options: { head: { "-#": "so many" } }           a number behind a hyphen
 *   options: { sed: { "-i.*": "in place" } }         whatever is joined to it
 *   options: { any: { "--no-*": "without {*}" } }    whatever stands there (explain/blank.h)
 *   given: { tldr: "shows examples of {}" }          instead, where it is given something
 *   commands: { git: { push: "sends changes" } }     words that stand before all others
 *   commands: { aws: { sync: "copies", ...: verbs } }   its own, then those of another
 *   commands: { gh: verbs }                          the same as those of
 *   windows, windows-options, aliases: the same for Windows, names in small letters
 *   members: { downloadfile: "..." }                 what PowerShell can ask of a thing
 *   calls: { php: { system: "has a shell run a text" } }   names that code calls
 *   terms: { beacon: "..." }
 *   tactics, techniques, groups, software, mitigations, vulnerabilities: tools/make-knowledge
 *
 * A question nobody wrote an answer to is answered with nothing, never with a guess.
 * Input: documents that knowledge_check accepted; the words asked about are untrusted. */
#pragma once

#include "codec/tree.h"
#include "record/record.h"

#define KNOWLEDGE_DOCUMENTS_MAX 32

struct knowledge {
    const struct tree_node *documents[KNOWLEDGE_DOCUMENTS_MAX]; /* in order of their names */
    size_t count;
};

/* What is known of an option. */
struct known_option {
    struct bytes key;   /* "-o", without "="; where the key has a "*", the word itself */
    struct bytes means; /* "saves what comes back under this name" */
    bool takes_value;
    struct bytes star; /* what the word has in place of the "*" of its key */
};

enum status knowledge_check(const struct tree_node *document,
                            struct tree_fault *fault) MUST_USE;
/* The entry of that name in a section, or NULL. */
const struct tree_node *knowledge_find(const struct knowledge *knowledge, const char *section,
                                       struct bytes name);
/* Windows knows names in small and capital letters, and with ".exe" at their end. */
#define KNOWLEDGE_NAME_MAX 96

/* What a program does, or BYTES_NONE.  `name` is its base name; a version at its end is left
 * out where nothing is known with it; ".exe" of Windows too.  `*known` is the name it goes by.
 * A name that both have means what it means in the shell of `dialect`. */
struct bytes knowledge_program(const struct knowledge *knowledge, enum shell_dialect dialect,
                               struct bytes name, struct bytes *known);
/* False where nothing is known of it.  `program` is a name that knowledge_program gave, or
 * that and a command of it: "git push". */
bool knowledge_option(const struct knowledge *knowledge, enum shell_dialect dialect,
                      struct bytes program, struct bytes option, struct known_option *out);
/* Whether the program writes words behind one hyphen ("-name"), so that letters behind one are
 * not options by themselves. */
bool knowledge_has_long_words(const struct knowledge *knowledge, struct bytes program);
/* Whether any option of the program is known. */
bool knowledge_has_options(const struct knowledge *knowledge, struct bytes program);
/* What an option means wherever it is an option at all, by custom: "--verbose". */
bool knowledge_custom(const struct knowledge *knowledge, enum shell_dialect dialect,
                      struct bytes option, struct known_option *out);
/* What the word, or the two words between which one space stands, is to a program that is told
 * by its first words what to do. */
bool knowledge_command(const struct knowledge *knowledge, enum shell_dialect dialect,
                       struct bytes program, struct bytes words, struct known_option *out);
/* Whether the program takes such words, and whether others may stand before them ("aws s3
 * list-buckets"). */
bool knowledge_has_commands(const struct knowledge *knowledge, enum shell_dialect dialect,
                            struct bytes program, bool *may_come_later);
/* Whether a word that says what to do may also name what another one is done to. */
bool knowledge_is_noun(const struct knowledge *knowledge, struct bytes word);
/* What the program does where it is given nothing, if that is another thing, or BYTES_NONE. */
struct bytes knowledge_alone(const struct knowledge *knowledge, struct bytes program);
/* What the program does to what it is given, with a place for that (explain/blank.h), or
 * BYTES_NONE. */
struct bytes knowledge_given(const struct knowledge *knowledge, struct bytes program);
/* What a member of a thing in PowerShell does ("DownloadFile"), or BYTES_NONE. */
struct bytes knowledge_member(const struct knowledge *knowledge, struct bytes name);
/* What a name does that code calls, in a language ("php"), or BYTES_NONE. */
struct bytes knowledge_call(const struct knowledge *knowledge, struct bytes language,
                            struct bytes name);
/* How many programs are known. */
size_t knowledge_program_count(const struct knowledge *knowledge);
