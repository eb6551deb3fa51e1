/* Attempts to get more than was granted, by kind, and legitimate requests beside them.
 *
 * An attempt says what is handed to whom and what is asked for; whether it is refused, and by
 * which rule, is found out by the program as it is. */
#pragma once

#include "mint.h"

struct attempt {
    struct seat *by;
    struct bytes file;
    const char *operation;
    struct bytes pack; /* empty: any that the grant names */
    uint64_t now_s;
    const char
        *refused; /* what was found without judging a grant, "" for nothing; NULL: judge it */
};

struct attempt_kind {
    const char *name;
    void (*make)(struct realm *realm, struct attempt *out);
    const char *rules; /* any of these refuses it, a bar between them; "" for what is allowed */
};

/* Each ends with a row without a name. */
const struct attempt_kind *attempt_token_kinds(void);
const struct attempt_kind *attempt_approval_kinds(void);
const struct attempt_kind *attempt_datalog_kinds(void);
const struct attempt_kind *attempt_log_kinds(void);
const struct attempt_kind *attempt_witness_kinds(void);
const struct attempt_kind *attempt_agent_kinds(void);
const struct attempt_kind *attempt_member_kinds(void);
const struct attempt_kind *attempt_right_kinds(void); /* what must be allowed */

/* The group issued the token. */
void attempt_issued(struct realm *realm, struct attempt *out, struct bytes token);
