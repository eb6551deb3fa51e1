/* The items of each kind of data in TOCSIN_DATA: what one row or file is, for the split and for
 * training alike.
 *
 * Commands, web requests and domains: a row's text as it stands in its file.  Scripts: the text
 * of a script.  Logs, rules and captures: a whole file. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"

enum corpus_kind {
    CORPUS_COMMANDS,
    CORPUS_SCRIPTS,
    CORPUS_WEB,
    CORPUS_DOMAINS,
    CORPUS_LOGS,
    CORPUS_RULES,
    CORPUS_NETWORK,
};
#define CORPUS_KIND_COUNT 7

struct corpus_item {
    const char *file;   /* below TOCSIN_DATA: its source */
    struct bytes text;  /* what the item's hash is taken of */
    struct bytes label; /* technique, function, family, label: as the source has it */
    struct bytes group; /* platform or name, where the source has one */
    struct bytes how;   /* the shell, where the source names one */
    bool is_held_out;   /* of a source that is for scoring, whole */
};

/* Calls `take` for every item of the kind; text is borrowed until it returns.  STATUS_NOT_FOUND
 * where a file, or the program that unpacks it, is missing. */
enum status corpus_read(const char *data, enum corpus_kind kind,
                        enum status (*take)(void *context, const struct corpus_item *item),
                        void *context) MUST_USE;
/* Static: "commands". */
const char *corpus_kind_name(enum corpus_kind kind);
