/* Blanks in what is known of a word, filled with other words of the command.
 *
 *   {*}                   what the word has beside the fixed part of its key, hyphens as
 *                         blanks: with "delete-*": "removes the {*}", delete-db-cluster
 *                         "removes the db cluster"
 *   {it} {one} {them}     what it is done to, where that was named before it: with list:
 *                         "lists {them}", "storage account list" "lists storage account";
 *                         else that word itself
 *   {of}                  " of " and what it is done to, or nothing
 *   {}                    what the program is given, known only when all words are read; where
 *                         it is given nothing, left out behind "the packages" and in brackets,
 *                         else "it"
 *
 * Input: untrusted words.   Limits: BLANK_SHOWN_MAX bytes of each are shown. */
#pragma once

#include "base/text.h"

#define BLANK_SHOWN_MAX 200

struct blanks {
    struct bytes star;
    struct bytes things; /* shown already: between commas */
};

/* Adds what is known; its "{}" is kept in a form that no word of a command can have. */
void blank_add(struct text *out, struct bytes means, const struct blanks *blanks);
/* Whether what is known says what it is done to by {it}, {one}, {them} or {of}. */
bool blank_names_things(struct bytes means);
/* Fills the first "{}" with `given`, which is shown already.  False
 * where none was filled. */
bool blank_settle(struct text *list, struct bytes given);
