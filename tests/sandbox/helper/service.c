/* A service for tests: does what the request says.  It shows all that a real one needs. */
#include "sandbox/service.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory_file.h"
#include "sandbox/worker.h"

#define INPUT_SIZE_MAX 4096U

/* Joins the sealed file and what the request says into the file that came for the result. */
static enum status join(const struct message *request, struct text *reply)
{
    if (request->file_count != 2) {
        return STATUS_MALFORMED;
    }
    struct bytes input;
    TRY(memory_file_map(request->files[0], INPUT_SIZE_MAX, &input));
    enum status status = memory_file_write(request->files[1], input);
    memory_file_unmap(&input);
    text_add(reply, "joined");
    return status;
}

static _Noreturn void loop(void)
{
    for (volatile unsigned i = 0;; i++) {
    }
}

static enum status answer(void *context, const struct message *request, struct text *reply)
{
    (void)context;
    if (bytes_equal_text(request->body, "join")) {
        return join(request, reply);
    }
    if (bytes_equal_text(request->body, "open")) {
        return open("/etc/passwd", O_RDONLY) < 0 ? STATUS_DENIED : STATUS_OK;
    }
    if (bytes_equal_text(request->body, "abort")) {
        abort();
    }
    if (bytes_equal_text(request->body, "exec")) {
        char *none[] = {NULL};
        execve("/bin/true", none, none);
    }
    if (bytes_equal_text(request->body, "loop")) {
        loop();
    }
    return STATUS_UNSUPPORTED;
}

int main(void)
{
    struct service_plan plan = {.channel = WORKER_CHANNEL,
                                .memory_size_max = 64U << 20,
                                .result_size_max = 1U << 20,
                                .answer = answer};
    return service_run(&plan);
}
