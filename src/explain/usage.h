/* How one program is used by a command: which of its words are known and what they mean, what
 * it is given, and which words are not known.
 *
 * A command may run several programs, sudo and then what sudo runs; each has its own words.
 * Input:  untrusted words.   Limits: USAGE_LIST_SIZE_MAX of each list; what is beyond is
 * counted. Owner:  usage_init takes memory, usage_done gives it back. */
#pragma once

#include "explain/draft.h"
#include "explain/knowledge.h"
#include "record/statement.h"

#define USAGE_SHOWN_MAX 200
#define USAGE_LIST_SIZE_MAX 4096

struct usage {
    const struct knowledge *knowledge;
    const struct statement_command *command;
    struct draft *draft;
    struct bytes lead;    /* said before it: where it runs */
    bool is_called;       /* PowerShell runs what its word stands for */
    struct bytes program; /* the name its options are known by */
    struct text asked;    /* that and what it is told to do: "git push" */
    bool takes_command;   /* the next plain word may say what to do */
    bool may_come_later;
    bool asks_unknown; /* it was told to do something that is not known */
    bool may_ask;      /* its first word may say what to do */
    bool runs_script;  /* it runs the first of what it is given */
    bool is_ended;     /* behind "--": no word is an option any more */
    bool is_group;     /* it was told what to work with: the next word may say what to do */
    size_t first;      /* index of the program's word */
    size_t end;        /* the words of this program end before */
    struct text options;
    struct text customs;
    struct text arguments;
    struct text unknown;
    struct text behind; /* words behind options that are not known */
    struct text things; /* named before the word that says what to do with them */
    bool tells_things;  /* what that word means has them */
    size_t plain_count;
    size_t left_out; /* words for which there was no room */
    struct basis basis;
};

/* The texts of a usage whose other members are set. */
void usage_init(struct usage *usage);
void usage_done(struct usage *usage);
/* Reads the word at `i`; `*i` moves past a value it takes.  `program`, `asked` and
 * `takes_command` are set. */
enum status usage_read_word(struct usage *usage, size_t *i) MUST_USE;
/* Once all words are read: what is known says what is done to what the program is given, where
 * it has a place for that. */
void usage_settle(struct usage *usage);
/* The members that a text of PowerShell asks for, outside brackets: what stands in these is
 * explained by itself. */
enum status usage_add_members(struct usage *usage, struct bytes word) MUST_USE;
/* Whether a list has room for a word; a word that has none is counted. */
bool usage_has_room(struct usage *usage, const struct text *list, size_t size);
void usage_add_listed(struct usage *usage, struct text *list, struct bytes word);
