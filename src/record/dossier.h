/* The dossier: what the parent process hands to conclude about one analysis.
 *
 * For each evidence the parent's own words (name, hash, size, how its examination ended) and
 * the examination message as it came, unread.  The parent is trusted, the messages are not; the
 * dossier is read with the cursor all the same.
 *
 * Layout: "TCDO", u16 version, u32 count, then per entry
 *   bytes path, u8 has_hash, 32 bytes SHA-256, u64 size, u32 count of bytes also,
 *   u8 outcome, bytes problem, bytes examination
 * Fuzzed: fuzz/dossier.c. */
#pragma once

#include "base/arena.h"
#include "base/text.h"

enum examination_outcome {
    OUTCOME_DONE,    /* the message is whole, whatever it says */
    OUTCOME_CRASHED, /* the examining process died */
    OUTCOME_OUT_OF_TIME,
    OUTCOME_OUT_OF_MEMORY,
    OUTCOME_UNREADABLE, /* never examined: `problem` says why */
    OUTCOME_SKIPPED,    /* a special file, or the caller stopped before it */
};
#define OUTCOME_COUNT 6

struct dossier_entry {
    struct bytes path; /* raw display path, "/" between folders */
    bool has_hash;
    uint8_t sha256[32];
    uint64_t size;
    const struct bytes *also;
    size_t also_count;
    enum examination_outcome outcome;
    struct bytes problem; /* ours, plain words */
    struct bytes examination;
};

void dossier_begin(struct text *out, uint32_t entry_count);
void dossier_add(struct text *out, const struct dossier_entry *entry);
/* Everything borrows from `image`; arrays live in `arena`. */
enum status dossier_read(struct bytes image, struct arena *arena,
                         const struct dossier_entry **out, size_t *count) MUST_USE;
