/* tocsin-holder: keeps the home's sealing key, and lends what it opens for as long as a lease.
 *
 * Confined before it is handed anything: it opens no file, reaches no network, makes no core
 * dump and cannot be traced by others of the same account.  The key and the one sealed file
 * come as descriptors; what is opened lies in locked memory that it lends to who asked, for the
 * confined workers, and wipes when the lease ends, whether or not anybody says so.  One lease
 * is all it lives for. */
#include <time.h>

#include "access/seal/holding.h"
#include "sandbox/service.h"

#include <stdlib.h>

#define CHANNEL 3
#define MEMORY_SIZE_MAX (64U << 20)
/* How late the end of a lease may be noticed: a wait does not count the time that the machine
 * slept, and the clock that is asked does. */
#define NAP_MS 200

struct holder {
    struct lent_file held;
    bool was_lent;
    int64_t end_ms;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum status lend(struct holder *holder, const struct holding_request *asked,
                        const struct message *request, struct text *reply)
{
    if (holder->was_lent || request->file_count != HOLDING_FILE_COUNT) {
        return STATUS_MALFORMED;
    }
    const char *why = NULL;
    struct holding_reply opened;
    holder->was_lent = true;
    holder->end_ms = now_ms() + asked->lease_ms;
    enum status status = holding_open(request->files, &holder->held, &opened, &why);
    if (status == STATUS_OK) {
        holding_add_reply(reply, &opened);
    } else if (why != NULL) {
        text_add(reply, why);
    }
    return status;
}

/* STATUS_OK where the lease held until now. */
static enum status end(struct holder *holder)
{
    bool held = holder->held.data != NULL && now_ms() < holder->end_ms;
    lent_file_wipe(&holder->held);
    return held ? STATUS_OK : STATUS_LIMIT;
}

static void look_at_clock(struct holder *holder)
{
    if (holder->held.data != NULL && now_ms() >= holder->end_ms) {
        lent_file_wipe(&holder->held);
    }
}

static enum status answer(const struct service_plan *plan, struct holder *holder,
                          const struct message *request)
{
    struct holding_request asked;
    AUTO(text_done) struct text said = text_of_limit(HOLDING_REPLY_SIZE_MAX);
    enum status status = holding_read_request(request->body, &asked);
    if (status == STATUS_OK) {
        status =
            asked.kind == HOLDING_OPEN ? lend(holder, &asked, request, &said) : end(holder);
    }
    return service_reply(plan, status, text_bytes(&said));
}

static enum status serve(const struct service_plan *plan, struct holder *holder)
{
    TRY(service_open(plan));
    struct message_buffer buffer;
    for (;;) {
        struct message request;
        int wait_ms = holder->held.data != NULL ? NAP_MS : -1;
        enum status status = service_next_within(plan, wait_ms, &buffer, &request);
        look_at_clock(holder);
        if (status == STATUS_LIMIT) {
            continue;
        }
        TRY(status);
        status = answer(plan, holder, &request);
        message_close_files(&request);
        TRY(status);
    }
}

int main(void)
{
    const struct service_plan plan = {
        .channel = CHANNEL,
        .memory_size_max = MEMORY_SIZE_MAX,
        .result_size_max = HOLDING_PLAIN_MAX,
        .is_holder = true,
    };
    struct holder holder = {0};
    enum status status = serve(&plan, &holder);
    lent_file_wipe(&holder.held);
    return status == STATUS_TRUNCATED ? EXIT_SUCCESS : EXIT_FAILURE;
}
