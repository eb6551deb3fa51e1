/* Where bytes come from and where they go: what sealing reads and writes through, so that it
 * works the same on files, pipes and memory.
 *
 * Owner: whoever made what `context` points to. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "base/text.h"

/* At most `size` bytes, `*got` of them; 0 at the end and only there. */
struct seal_source {
    enum status (*read)(void *context, uint8_t *out, size_t size, size_t *got);
    void *context;
};

/* All of `bytes`. */
struct seal_sink {
    enum status (*write)(void *context, struct bytes bytes);
    void *context;
};

/* From the descriptor's position on; `*fd` is borrowed. */
struct seal_source seal_source_of_fd(int *fd);
struct seal_sink seal_sink_of_fd(int *fd);
/* The bytes are passed as they are read. */
struct seal_source seal_source_of_bytes(struct bytes *bytes);
struct seal_sink seal_sink_of_text(struct text *text);
