/* The helper processes an operation starts, and what it hands them.
 *
 * Input:  what helpers answer is untrusted: it is read by cursor, counted, quoted, and the
 *         bytes they made are passed on without being interpreted.
 * Each call that fails has said why in the answer. */
#pragma once

#include "operation/operation.h"
#include "record/inquiry.h"
#include "sandbox/pool.h"

#define WORKSHOP_SAVED_MAX (64U * 1024U * 1024U)
#define WORKSHOP_SITE_MAX (1024U * 1024U)

/* Packs content/ and models/ and has compile make one sealed image of them. */
enum status workshop_compile(const struct call *call, struct answer *answer,
                             int *image) MUST_USE;

/* Has compile check a rule pack, alone or beside the image it will be used with (-1 for none),
 * and puts what it says of itself (record/restricted.h) into the empty `head`. */
enum status workshop_check_pack(const struct stop *stop, struct answer *answer, int pack,
                                int content, struct text *head) MUST_USE;

/* A file of the caller's as a sealed memory file; "-" is standard input.  `what` names it in a
 * complaint: "the report". */
enum status workshop_take(const struct call *call, struct answer *answer, const char *path,
                          const char *what, uint64_t size_max, int *out) MUST_USE;

struct workshop_inquiry {
    struct inquiry inquiry;
    int input;
    int content;
    int site;                /* -1 for none */
    const struct stop *stop; /* ends the waiting with STATUS_CONFLICT; NULL: nothing does */
};
/* Has conclude answer.  `*output` is sealed, and the caller's to close; what `out` borrows lies
 * in `buffer`. */
enum status workshop_ask(const struct call *call, struct answer *answer,
                         const struct workshop_inquiry *asked, struct message_buffer *buffer,
                         int *output, struct inquiry_answer *out) MUST_USE;

/* Starts a helper and waits until it is ready; the caller's to close. */
enum status workshop_start(struct answer *answer, const char *name,
                           struct message_buffer *buffer, struct worker *out) MUST_USE;

/* What nurseries of examine map. */
struct workshop_supply {
    int content;
    int pack;            /* lent (operation/lease.h); -1 for none */
    int64_t pack_end_ms; /* by CLOCK_BOOTTIME: a nursery that has it ends then */
};
/* Starts `worker_count` nurseries of examine and waits until they are ready; STATUS_CONFLICT
 * where `stop` (may be NULL) was set before they were. */
enum status workshop_pool(const struct stop *stop, struct answer *answer,
                          const struct workshop_supply *supply, size_t worker_count,
                          struct arena *arena, struct pool **out) MUST_USE;
void workshop_tell(const struct call *call, const char *doing, size_t done, size_t total);
