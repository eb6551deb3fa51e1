/* One word, or sign, of a command for Windows's command prompt or PowerShell.
 *
 * Input:  untrusted.
 * Limits: groups nest at most WINDOWS_GROUPS_DEPTH_MAX deep; the rest is part of the word. */
#pragma once

#include "base/arena.h"
#include "record/record.h"

#define WINDOWS_GROUPS_MAX 8 /* of one word */
#define WINDOWS_GROUPS_DEPTH_MAX 64
#define WINDOWS_REDIRECTS_MAX 8

enum windows_kind {
    WINDOWS_WORD,
    WINDOWS_ASSIGNMENT, /* "$x", or "$x = 'text'" */
    WINDOWS_READ,       /* the target of "<", of ">", of ">>" */
    WINDOWS_WRITE,
    WINDOWS_APPEND,
    WINDOWS_PIPE,
    WINDOWS_END, /* of a command */
};

/* "(...)" or "{...}" in a word, without its brackets. */
struct windows_group {
    size_t from;
    size_t to;
    bool is_block;
};

struct windows_word {
    enum windows_kind kind;
    size_t from; /* bytes of the text */
    size_t to;
    bool is_quoted;
    bool has_expansion;
    bool is_error; /* of a redirect: "2>" */
    struct windows_group groups[WINDOWS_GROUPS_MAX];
    size_t group_count;
};

/* A text being read. */
struct windows_text {
    struct bytes text; /* places count from its beginning */
    enum shell_dialect dialect;
    size_t at;
    size_t groups; /* "(" of the command prompt that are open */
};

/* The next one; `text->at` moves past it.  False where there is none.  `is_first`: a command
 * begins here. */
bool windows_word_next(struct windows_text *text, bool is_first, struct windows_word *out);
/* Its text without the quotes. */
enum status windows_word_text(const struct windows_text *text, const struct windows_word *word,
                              struct arena *arena, struct bytes *out) MUST_USE;
