/* The options there are: one row each, from which parsing, help and documents are derived. */
#pragma once

#include "operation/request.h"

enum option_id {
    OPTION_AUDIENCE,
    OPTION_FORMAT,
    OPTION_PAGE_FORMAT, /* of what can be a page too: the same name, more values */
    OPTION_FAIL_ON,
    OPTION_OUTPUT,
    OPTION_JOBS,
    OPTION_YEAR,
    OPTION_ZONE,
    OPTION_SITE,
    OPTION_SINCE,
    OPTION_UNTIL,
    OPTION_REDACT,
    OPTION_MODEL,
    OPTION_COLOR,
    OPTION_EVIDENCE,
    OPTION_TO,
    OPTION_KEY,
    OPTION_OPERATIONS,
    OPTION_FAST,
    OPTION_REPLAY,
    OPTION_SPEED,
    OPTION_RECIPIENT, /* of what is sealed: the same name as OPTION_TO */
    OPTION_OUT,
    OPTION_ARMOUR,
    OPTION_IN,
    OPTION_FACTS,
    OPTION_GROUP_NAME, /* of what founds a group: the same name as OPTION_GROUP */
    OPTION_GROUP,
    OPTION_OFFICER,
    OPTION_NAME,
    OPTION_ORGANISATION,
    OPTION_CONTACT,
    OPTION_SUBJECT,
    OPTION_PACK,
    OPTION_HOURS,
    OPTION_REASON,
    OPTION_AGENT,
    OPTION_MINUTES,
    OPTION_CALLS,
    OPTION_USED_PACK, /* of what is analysed with it: the same name as OPTION_PACK */
    OPTION_PROOF,
    OPTION_CHECKPOINT, /* of what watches a log: the same name as OPTION_SINCE */
    OPTION_WITNESS,
    OPTION_OLD,
    OPTION_REBUILD,
    OPTION_OF_ORGANISATION, /* of what is revoked: the same name as OPTION_ORGANISATION */
    OPTION_OF_AGENT,        /* the same name as OPTION_AGENT */
    OPTION_OF_KEY,          /* the same name as OPTION_KEY */
    OPTION_ALL,
    OPTION_ASSET,
    OPTION_EVIDENCE_OWNER,
    OPTION_LOG_KEY, /* of what a witness is asked: the same name as OPTION_KEY */
    OPTION_QUORUM,
    OPTION_HELP,
};
#define OPTION_COUNT 54
#define OPTION_BIT(id) (UINT64_C(1) << (id))

struct option_row {
    const char *name;       /* "fail-on" */
    char letter;            /* 'h', or 0 */
    const char *value_name; /* "FILE", "text|json", or NULL for an option without a value */
    const char *help;
    /* STATUS_MALFORMED where the value is none of those it takes, STATUS_LIMIT where it was
     * given `times` times already. */
    enum status (*set)(struct request *request, const char *value);
    const char *form; /* for a refusal: "it takes ..."; NULL where the value's name says it */
    uint64_t least, most; /* of a number; both 0 for anything else, and then `form` ends it */
    unsigned times;       /* how often it may be given, where set returns STATUS_LIMIT */
};

const struct option_row *option_row(enum option_id id);
/* By its name without dashes, or by its letter, among `options` (OPTION_BIT of each);
 * OPTION_COUNT where there is none. */
enum option_id option_find(struct bytes name, uint64_t options);
enum option_id option_find_letter(char letter, uint64_t options);
