/* Seals bytes to people or to a passphrase, and opens what was sealed: age, version 1.
 *
 * Input:  what is opened is untrusted.  It is read in one pass, a chunk at a time, and only
 * what was found unchanged is given out; where a later chunk fails, what was given out before
 *         is the beginning of what was sealed, and the caller throws it away.
 * Output: through a sink; a caller who keeps the plaintext keeps it where nobody else reads.
 * Limits: SEALED_RECIPIENTS_MAX recipients; of memory one chunk each way and the header,
 *         however long the content is, and what a passphrase's work factor takes.
 *         Keys and plaintext lie in memory that is locked where the system allows it, and
 *         wiped.
 * Fuzzed: fuzz/sealed.c.   Format: C2SP age. */
#pragma once

#include "access/seal/channel.h"
#include "access/seal/wrap.h"

#define SEALED_RECIPIENTS_MAX 64
#define SEALED_CHUNK_SIZE 65536

/* Who is to open it: recipients, or, where there are none, whoever knows the passphrase. */
struct sealed_plan {
    const struct recipient *recipients;
    size_t recipient_count;
    struct bytes passphrase;
    unsigned work; /* of a passphrase: WRAP_WORK_DEFAULT unless there is a reason */
    bool is_armoured;
};

/* Who opens it: the holder of a key, or, where that is NULL, of a passphrase. */
struct sealed_opener {
    const struct sealing_key *key;
    struct bytes passphrase;
    bool is_armoured;
};

/* STATUS_LIMIT for too many recipients or too much work, STATUS_NOT_FOUND for nobody to seal
 * to, else what source or sink gave. */
enum status sealed_write(const struct sealed_plan *plan, struct seal_source source,
                         struct seal_sink sink, struct seal_fault *fault) MUST_USE;
/* STATUS_NOT_FOUND where it is not sealed to the opener, STATUS_CONFLICT where its header was
 * changed, STATUS_MALFORMED, STATUS_UNSUPPORTED or STATUS_LIMIT where it is not as it must be.
 */
enum status sealed_open(const struct sealed_opener *opener, struct seal_source source,
                        struct seal_sink sink, struct seal_fault *fault) MUST_USE;
