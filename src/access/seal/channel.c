#include "access/seal/channel.h"

#include <errno.h>
#include <unistd.h>

#include "base/file.h"

static enum status read_fd(void *context, uint8_t *out, size_t size, size_t *got)
{
    const int *fd = context;
    ssize_t count = 0;
    do {
        count = read(*fd, out, size);
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
        return STATUS_IO;
    }
    *got = (size_t)count;
    return STATUS_OK;
}

static enum status write_fd(void *context, struct bytes bytes)
{
    const int *fd = context;
    return file_write(*fd, bytes);
}

static enum status read_bytes(void *context, uint8_t *out, size_t size, size_t *got)
{
    struct bytes *bytes = context;
    struct bytes part = bytes_part(*bytes, 0, size);
    if (part.size > 0) {
        memcpy(out, part.data, part.size);
    }
    *bytes = bytes_from(*bytes, part.size);
    *got = part.size;
    return STATUS_OK;
}

static enum status write_text(void *context, struct bytes bytes)
{
    struct text *text = context;
    text_add_raw(text, bytes);
    return text_status(text);
}

struct seal_source seal_source_of_fd(int *fd)
{
    return (struct seal_source){read_fd, fd};
}

struct seal_sink seal_sink_of_fd(int *fd)
{
    return (struct seal_sink){write_fd, fd};
}

struct seal_source seal_source_of_bytes(struct bytes *bytes)
{
    return (struct seal_source){read_bytes, bytes};
}

struct seal_sink seal_sink_of_text(struct text *text)
{
    return (struct seal_sink){write_text, text};
}
