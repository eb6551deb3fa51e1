/* A restricted pack, opened for one piece of work: the process that lends it, the descriptor
 * that workers get, and whether all that allows it still stands.
 *
 * Input:  the sealed file and what helpers say of it are untrusted.
 * Owner:  whoever called lease_open calls lease_done, which ends it, whatever happened.
 * Limits: LEASE_MS_MAX from opening to end, by a clock that goes on while the machine sleeps;
 * it ends with the grant where that is sooner. While it is open this process can be neither
 * dumped nor traced by others of the account. It never looks into the descriptor it passes on.
 */
#pragma once

#include "access/group/entitlement.h"
#include "access/seal/holding.h"
#include "base/stop.h"
#include "operation/operation.h"
#include "record/restricted.h"
#include "sandbox/worker.h"

#define LEASE_MS_MAX HOLDING_LEASE_MS_MAX
#define LEASE_ASK_MS 200 /* how often revocation is looked for, at most */
/* How much longer a worker that nobody ends lives: a cut is this process's to make and to
 * explain, and the kernel's clock a backstop. */
#define LEASE_GRACE_MS 1000

enum lease_state {
    LEASE_HOLDS,
    LEASE_OVER,    /* its own time */
    LEASE_EXPIRED, /* the grant's time */
    LEASE_REVOKED,
    LEASE_LOST, /* the process that lent it is gone */
};
#define LEASE_STATE_COUNT 5

struct lease {
    enum lease_state state; /* what ended it first stays */
    struct worker holder;
    int lent;       /* for workers; lent_file_map opens it */
    int64_t end_ms; /* CLOCK_BOOTTIME */
    int64_t asked_ms;
    int home;
    const struct entitlement *entitlement; /* NULL: it was opened to be looked at alone */
    bool is_lent;
    bool is_returned;
    struct text words; /* what `pack` borrows */
    struct text hash;
    struct sha256 opened; /* of the plaintext, as the holder said */
    struct restricted pack;
};

struct lease lease_none(void);
/* Opens `packs/NAME.age` of this home under the grant, which must be of the group whose key the
 * pack has, and checks it beside `content`, the image it will be used with.  What was opened is
 * in the log when it returns.  What goes wrong is in the answer, a refusal where a rule says
 * no.
 */
enum status lease_open(const struct call *call, const struct access_grant *grant,
                       struct answer *answer, const char *name, int content,
                       struct lease *out) MUST_USE;
/* The same for a sealed file that is not kept yet, to see what it says it is. */
enum status lease_look(const struct call *call, struct answer *answer, int sealed,
                       struct lease *out) MUST_USE;
/* For struct stop: `context` is a struct lease.  True from when anything that allowed it ended.
 */
bool lease_is_over(void *context);
/* The same, asked anew however short ago that was: before anything is given out. */
bool lease_has_ended(struct lease *lease);
/* Has the holder wipe what it lent.  From then on only the grant's end and revocation count. */
void lease_return(struct lease *lease);
/* Says why it ended, records that, and returns the status of the operation. */
enum status lease_refuse(const struct call *call, const struct access_grant *grant,
                         struct lease *lease, struct answer *answer);
void lease_done(struct lease *lease);

/* Whether the file begins as what is sealed does. */
bool lease_is_sealed(int fd);
/* The sealed file kept under that name; nothing is said in an answer.  STATUS_NOT_FOUND where
 * there is none. */
enum status lease_open_kept(int home, struct bytes name, int *out) MUST_USE;
/* The folder of accepted packs, made if it is missing. */
enum status lease_open_folder(int home, int *out) MUST_USE;
/* "NAME.age" */
void lease_add_file_name(struct bytes name, struct text *out);
