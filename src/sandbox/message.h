/* One message over a SOCK_SEQPACKET socket: a kind, a body, and open files.
 *
 * Input:  untrusted, and so is the process at the other end.  A frame that is truncated, too
 *         long, at odds with itself or with more files than expected is refused whole, and
 *         every file that came with it is closed.
 * Output: the body borrows from the caller's buffer; received files belong to the caller, are
 *         closed on exec, and may be of any kind.
 * Limits: MESSAGE_BODY_MAX, MESSAGE_FILES_MAX.  What is larger goes into a memory file.
 * Fuzzed: fuzz/message.c.
 * Format: offset 0  u16  kind
 *                2  u16  count of files that travel beside the frame
 *                4  u32  size of the body
 *                8       body, to the end of the frame; little-endian throughout. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "base/stop.h"

#define MESSAGE_HEADER_SIZE 8
#define MESSAGE_BODY_MAX (96U * 1024U)
#define MESSAGE_FILES_MAX 8U

struct message {
    uint16_t kind;
    struct bytes body;
    size_t file_count;
    int files[MESSAGE_FILES_MAX];
};

struct message_buffer {
    uint8_t frame[MESSAGE_HEADER_SIZE + MESSAGE_BODY_MAX];
};

/* How long to wait.  Negative `timeout_ms` is for ever.  Where `stop` (may be NULL) is set the
 * wait ends with STATUS_CONFLICT; it is asked about several times a second. */
struct message_wait {
    int timeout_ms;
    const struct stop *stop;
};
#define MESSAGE_WAIT_FOREVER ((struct message_wait){.timeout_ms = -1})

/* A pair of connected channels, closed on exec. */
enum status message_channel(int out[2]) MUST_USE;
/* Waits for room.  STATUS_LIMIT for a body or files over the limits, STATUS_TRUNCATED where
 * the other end is gone. */
enum status message_send(int channel, const struct message *message) MUST_USE;
/* STATUS_TRUNCATED where the other end is gone, STATUS_LIMIT where time ran out,
 * STATUS_MALFORMED for a frame that is refused, more than `file_count_max` files included. */
enum status message_receive(int channel, size_t file_count_max, struct message_wait wait,
                            struct message_buffer *buffer, struct message *out) MUST_USE;
/* Closes what came with the message. */
void message_close_files(struct message *message);

/* The frame alone: kind, body and claimed `file_count`; for message_receive and its fuzzer. */
enum status message_decode(struct bytes frame, struct message *out) MUST_USE;
