/* What a caller names by the word itself or by a file that says it: keys and recipients.
 *
 * Input:  words and files of the caller's, untrusted.
 * Output: in `arena`.
 * Each call that fails has said why in the answer. */
#pragma once

#include "access/note.h"
#include "access/seal/sealing_key.h"
#include "operation/operation.h"

/* A key "name+hash+key" of that algorithm, a file with such a line, or, for the key of a log, a
 * group's card.  `what` names it in a complaint: "the log's key". */
enum status named_take_key(const struct call *call, struct answer *answer, const char *word,
                           enum note_algorithm algorithm, const char *what, struct arena *arena,
                           struct note_key *out) MUST_USE;
/* A recipient "age1...", a file with such a line, or a card or an enrolment. */
enum status named_take_recipient(const struct call *call, struct answer *answer,
                                 const char *word, struct arena *arena,
                                 struct recipient *out) MUST_USE;
