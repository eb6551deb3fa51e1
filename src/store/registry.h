/* The registry of a group: what its log and papers say of members, facts, vouches, grants and
 * revocations, as the rows of an SQLite database, so that it need not be read from all papers
 * each time.
 *
 * It is no second truth.  Every row follows from the log; the database is sealed by the home's
 * key together with the size and root of the log it was made of, and is opened only where the
 * seal holds, the log goes on from there and no paper it rests on was touched since.  Every
 * byte of the log is still checked each time.  What is missing, of another version, or made
 * before a paper was touched is made anew; what somebody else changed is refused.
 *
 * Input:  database and seal, untrusted; so is every row.
 * Output: in the caller's arena.
 * Limits: those of access/group/roll.h; REGISTRY_GRANTS_MAX grants, REGISTRY_SIZE_MAX bytes.
 * Fuzzed: fuzz/registry.c.   Format: docs/formats/registry.md. */
#pragma once

#include "access/group/issued.h"
#include "access/group/roll.h"

#define REGISTRY_FOLDER "registry"
#define REGISTRY_GRANTS_MAX 131072
#define REGISTRY_REVOCATIONS_MAX 65536
#define REGISTRY_SIZE_MAX (256U * 1024U * 1024U)
/* What is new is kept once so many entries have come: until then it is read each time. */
#define REGISTRY_LAG_MAX 64
/* The roll, and what the rows are beside it. */
#define REGISTRY_MEMORY_MAX (2 * ROLL_MEMORY_MAX)

enum registry_state {
    REGISTRY_HOLDS,   /* it was there and is the log's */
    REGISTRY_MISSING, /* it was not there */
    REGISTRY_OLDER,   /* of another version, or a paper was touched since */
    REGISTRY_CHANGED, /* not what this home sealed: refused */
    REGISTRY_AHEAD,   /* of a longer log, or another one, than is here: refused */
};
#define REGISTRY_STATE_COUNT 5

struct registry_grant {
    uint64_t sequence; /* of the entry that names its paper */
    bool is_draft;
    struct bytes id;
    struct bytes subject;
    struct bytes organisation;
    int64_t tier;
    uint64_t time_s; /* of that entry */
    uint64_t expires_s;
    uint8_t holder[NOTE_KEY_SIZE];
    struct sha256 block; /* what revokes it */
    struct bytes rights[GRANT_RIGHTS_MAX];
    uint32_t right_count;
    struct registry_grant *next;
};

struct registry_revocation {
    struct sha256 block;
    uint64_t ends_s;
    uint64_t sequence; /* of the entry whose list named it first */
    struct registry_revocation *next;
};

struct registry {
    struct roll roll;
    struct registry_grant *grants; /* in the order of the log */
    size_t grant_count;
    struct registry_revocation *revocations; /* in the order of the log */
    size_t revocation_count;
    struct issued_unread unread;
    size_t lists_unread;
    struct audit_mark reached; /* the log it is of */
    enum registry_state state;
    bool is_kept; /* it was written down just now */
};

/* "holds" */
const char *registry_state_name(enum registry_state state);

/* The registry as the log says it today, by the database where that holds and from the log
 * where it does not; `may_write`: what is new is kept.  STATUS_DENIED where the database is
 * refused, `out->state` says why; else as roll_read. */
enum status registry_take(const struct access_session *session, bool may_write,
                          struct arena *arena, struct registry *out,
                          struct fault *fault) MUST_USE;
/* From the log and the papers alone, whatever is kept. */
enum status registry_make(const struct access_session *session, struct arena *arena,
                          struct registry *out, struct fault *fault) MUST_USE;
/* Keeps it, in place of what was there; `*database` is the hash of its file. */
enum status registry_keep(const struct access_session *session, struct registry *registry,
                          struct sha256 *database, struct fault *fault) MUST_USE;
/* Whether two of them say the same, row by row: `*difference` names the first that differs. */
bool registry_equal(const struct registry *a, const struct registry *b,
                    const char **difference);
