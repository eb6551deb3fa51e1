#include "sandbox/message.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/cursor.h"

/* Files that came beyond what a frame may carry must be seen to be closed: room for all that
 * the kernel ever passes at once (SCM_MAX_FD). */
#define FILES_ARRIVING_MAX 253U
/* How late a request to stop may be noticed. */
#define STOP_CHECK_MS 100

/* Ancillary data, aligned as its header wants. */
union control {
    struct cmsghdr header;
    uint8_t bytes[CMSG_SPACE(FILES_ARRIVING_MAX * sizeof(int))];
};

struct arrived {
    int files[FILES_ARRIVING_MAX];
    size_t count;
    bool is_strange; /* something came that is not a file */
};

enum status message_channel(int out[2])
{
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, out) == 0 ? STATUS_OK
                                                                           : STATUS_IO;
}

static void encode_header(const struct message *message, uint8_t header[MESSAGE_HEADER_SIZE])
{
    uint64_t value = message->kind | (uint64_t)message->file_count << 16 |
                     (uint64_t)message->body.size << 32;
    for (size_t i = 0; i < MESSAGE_HEADER_SIZE; i++) {
        header[i] = (uint8_t)(value >> (8 * i));
    }
}

enum status message_decode(struct bytes frame, struct message *out)
{
    struct cursor cursor = cursor_of(frame);
    struct message message = {.kind = cursor_u16le(&cursor)};
    message.file_count = cursor_u16le(&cursor);
    uint32_t size = cursor_u32le(&cursor);
    if (message.file_count > MESSAGE_FILES_MAX) {
        cursor_fail(&cursor, STATUS_LIMIT, "a message with too many files");
    }
    message.body = cursor_take(&cursor, cursor_count(&cursor, size, 1, MESSAGE_BODY_MAX));
    TRY(cursor_status(&cursor));
    if (!cursor_at_end(&cursor)) {
        return STATUS_MALFORMED;
    }
    *out = message;
    return STATUS_OK;
}

enum status message_send(int channel, const struct message *message)
{
    if (message->body.size > MESSAGE_BODY_MAX || message->file_count > MESSAGE_FILES_MAX) {
        return STATUS_LIMIT;
    }
    uint8_t header[MESSAGE_HEADER_SIZE];
    encode_header(message, header);
    struct iovec parts[2] = {
        {.iov_base = header, .iov_len = sizeof header},
        {.iov_base = (void *)(uintptr_t)message->body.data, .iov_len = message->body.size},
    };
    union control control;
    memset(&control, 0, sizeof control);
    struct msghdr packet = {.msg_iov = parts, .msg_iovlen = 2};
    if (message->file_count > 0) {
        size_t size = message->file_count * sizeof(int);
        packet.msg_control = &control;
        packet.msg_controllen = CMSG_SPACE(size);
        control.header = (struct cmsghdr){
            .cmsg_len = CMSG_LEN(size), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(&control.header), message->files, size);
    }
    ssize_t sent;
    do {
        sent = sendmsg(channel, &packet, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        return errno == EPIPE || errno == ECONNRESET ? STATUS_TRUNCATED : STATUS_IO;
    }
    return STATUS_OK;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Short naps instead of a signal mask: a signal that arrives just before the wait begins is
 * seen all the same. */
static enum status wait_readable(int channel, struct message_wait wait)
{
    int64_t end = wait.timeout_ms < 0 ? INT64_MAX : now_ms() + wait.timeout_ms;
    for (;;) {
        if (stop_is_set(wait.stop)) {
            return STATUS_CONFLICT;
        }
        /* Looked at once at least, also where the time ran out on the way here: what has
         * arrived has arrived. */
        int64_t left = end == INT64_MAX ? INT64_MAX : end - now_ms();
        left = left < 0 ? 0 : left;
        int nap = left < STOP_CHECK_MS ? (int)left : STOP_CHECK_MS;
        if (wait.stop == NULL) {
            nap = left < INT32_MAX ? (int)left : -1;
        }
        struct pollfd ready = {.fd = channel, .events = POLLIN};
        int count = poll(&ready, 1, nap);
        if (count > 0) {
            return STATUS_OK;
        }
        if (count < 0 && errno != EINTR) {
            return STATUS_IO;
        }
        if (count == 0 && left == 0) {
            return STATUS_LIMIT;
        }
    }
}

static void gather(struct msghdr *packet, struct arrived *out)
{
    for (struct cmsghdr *part = CMSG_FIRSTHDR(packet); part != NULL;
         part = CMSG_NXTHDR(packet, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) {
            out->is_strange = true;
            continue;
        }
        size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count && out->count < FILES_ARRIVING_MAX; i++) {
            memcpy(&out->files[out->count++], CMSG_DATA(part) + i * sizeof(int), sizeof(int));
        }
    }
}

static void close_all(const int *files, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        close(files[i]);
    }
}

enum status message_receive(int channel, size_t file_count_max, struct message_wait wait,
                            struct message_buffer *buffer, struct message *out)
{
    TRY(wait_readable(channel, wait));
    union control control;
    struct iovec part = {.iov_base = buffer->frame, .iov_len = sizeof buffer->frame};
    struct msghdr packet = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = &control,
                            .msg_controllen = sizeof control};
    ssize_t size;
    do {
        size = recvmsg(channel, &packet, MSG_CMSG_CLOEXEC);
    } while (size < 0 && errno == EINTR);
    if (size < 0) {
        return errno == ECONNRESET ? STATUS_TRUNCATED : STATUS_IO;
    }
    struct arrived arrived = {0};
    gather(&packet, &arrived);
    struct message message = {0};
    enum status status = STATUS_MALFORMED;
    if (size == 0 && arrived.count == 0) {
        return STATUS_TRUNCATED;
    }
    if ((packet.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 && !arrived.is_strange) {
        status = message_decode((struct bytes){buffer->frame, (size_t)size}, &message);
    }
    if (status != STATUS_OK || message.file_count != arrived.count ||
        arrived.count > file_count_max) {
        close_all(arrived.files, arrived.count);
        return STATUS_MALFORMED;
    }
    memcpy(message.files, arrived.files, arrived.count * sizeof(int));
    *out = message;
    return STATUS_OK;
}

void message_close_files(struct message *message)
{
    close_all(message->files, message->file_count);
    message->file_count = 0;
}
