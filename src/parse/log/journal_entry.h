/* An entry of the journal, whichever way it was written out, and the event it is.
 *
 * Input: untrusted values.  The event borrows from the entry. */
#pragma once

#include "parse/log/feed.h"
#include "parse/log/message.h"

/* The fields we use, in the order of the table of names in journal_entry.c. */
enum journal_field {
    JOURNAL_MESSAGE,
    JOURNAL_IDENTIFIER,
    JOURNAL_COMM,
    JOURNAL_EXE,
    JOURNAL_HOSTNAME,
    JOURNAL_SYSLOG_PID,
    JOURNAL_PID,
    JOURNAL_UNIT,
    JOURNAL_SOURCE_TIME,
    JOURNAL_TIME,
    JOURNAL_CURSOR,
};
#define JOURNAL_FIELD_COUNT 11

struct journal_entry {
    struct bytes fields[JOURNAL_FIELD_COUNT];
    struct place place;
    struct bytes source; /* of the evidence, for excerpts */
};

/* JOURNAL_FIELD_COUNT for a field we do not use. */
enum journal_field journal_field_find(struct bytes name);
enum status journal_entry_give(const struct journal_entry *entry, struct feed *feed,
                               struct message_reader *messages) MUST_USE;
