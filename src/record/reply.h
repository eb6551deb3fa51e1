/* A question about a report, and what is said to it.
 *
 * Text for people is finished: escaped, defanged, in our words; the question is as it was
 * asked. Memory is the arena of whoever made it. */
#pragma once

#include "record/report.h"

#define QUESTION_SIZE_MAX 1024
#define REPLY_SENTENCES_MAX 60
#define REPLY_SUGGESTIONS_MAX 3

enum reply_outcome {
    REPLY_ANSWERED,
    REPLY_CANNOT_SAY,     /* understood; the sentences say why not, and what would */
    REPLY_UNSURE,         /* it may be one of the suggestions; nothing is answered */
    REPLY_NOT_UNDERSTOOD, /* the suggestions are what is nearest, if anything is */
};
#define REPLY_OUTCOME_COUNT 4

struct reply {
    struct bytes question;
    enum reply_outcome outcome;
    struct bytes kind; /* id of what was understood; empty where nothing was */
    struct bytes asks; /* the same as a question in our words */
    struct sentence *sentences;
    size_t sentence_count;
    const struct bytes *suggestions; /* questions in our words */
    size_t suggestion_count;
    const struct restricted *pack; /* of the report that was asked, which labels it; or NULL */
};

/* Static: "answered", "cannot-say", "unsure", "not-understood". */
const char *reply_outcome_name(enum reply_outcome outcome);
