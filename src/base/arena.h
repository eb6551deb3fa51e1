/* Memory with one lifetime and a hard limit, freed at once by whoever opened it.
 *
 * Three lifetimes use it: evidence (kept until its end), batch (records on their way to the
 * detectors, forgotten after each batch) and result (what is handed out).  Built with
 * ARENA_PARANOID each allocation is a block of its own, so that the sanitizer sees its ends. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"

struct arena;

/* At most `limit` bytes are ever held, those lost at the ends of blocks counted.  NULL when
 * there is no memory for the arena itself. */
struct arena *arena_new(size_t limit);
void arena_free(struct arena *arena);
/* For AUTO(arena_done) on a `struct arena *`. */
void arena_done(struct arena **arena);

/* Zeroed, aligned for anything; NULL when the limit or the memory is reached. */
void *arena_take(struct arena *arena, size_t size);
/* As arena_take for `count` items; NULL also where count * size overflows. */
void *arena_take_many(struct arena *arena, size_t count, size_t size);
/* A copy that lives as long as the arena. */
enum status arena_copy(struct arena *arena, struct bytes bytes, struct bytes *out) MUST_USE;
/* A terminated copy of text of ours. */
char *arena_copy_text(struct arena *arena, const char *text);

/* Forgets every allocation; keeps the largest block for the next batch. */
void arena_reset(struct arena *arena);
size_t arena_used(const struct arena *arena);
