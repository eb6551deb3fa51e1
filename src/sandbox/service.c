#include "sandbox/service.h"

#include <stdlib.h>

#include "base/pack.h"
#include "sandbox/confine.h"

#define READY_BODY_MAX 64U

static enum status send_body(int channel, enum job_kind kind, const struct text *body)
{
    TRY(text_status(body));
    struct message message = {.kind = (uint16_t)kind, .body = text_bytes(body)};
    return message_send(channel, &message);
}

enum status service_open(const struct service_plan *plan)
{
    struct confine_plan confinement = {.role =
                                           plan->is_holder ? CONFINE_HOLDER : CONFINE_SERVICE,
                                       .channel = plan->channel,
                                       .memory_size_max = plan->memory_size_max,
                                       .file_size_max = plan->result_size_max};
    struct confine_report report;
    TRY(confine_silence());
    TRY(confine_enter(&confinement, &report));
    struct job_ready ready = {.landlock_abi = report.landlock_abi};
    AUTO(text_done) struct text body = text_of_limit(READY_BODY_MAX);
    job_add_ready(&body, &ready);
    return send_body(plan->channel, JOB_READY, &body);
}

enum status service_next_within(const struct service_plan *plan, int timeout_ms,
                                struct message_buffer *buffer, struct message *out)
{
    struct message request;
    struct message_wait wait = {.timeout_ms = timeout_ms};
    TRY(message_receive(plan->channel, MESSAGE_FILES_MAX, wait, buffer, &request));
    if (request.kind != JOB_REQUEST) {
        message_close_files(&request);
        return STATUS_MALFORMED;
    }
    *out = request;
    return STATUS_OK;
}

enum status service_next(const struct service_plan *plan, struct message_buffer *buffer,
                         struct message *out)
{
    return service_next_within(plan, -1, buffer, out);
}

enum status service_reply(const struct service_plan *plan, enum status status,
                          struct bytes said)
{
    AUTO(text_done) struct text body = text_of_limit(SERVICE_REPLY_SIZE_MAX + 1);
    pack_u8(&body, (uint8_t)status);
    text_add_raw(&body, said);
    return send_body(plan->channel, JOB_REPLY, &body);
}

static enum status answer(const struct service_plan *plan, const struct message *request)
{
    AUTO(text_done) struct text said = text_of_limit(SERVICE_REPLY_SIZE_MAX);
    enum status status = plan->answer(plan->context, request, &said);
    if (status == STATUS_OK) {
        status = text_status(&said);
    }
    return service_reply(plan, status, text_bytes(&said));
}

static enum status serve(const struct service_plan *plan)
{
    TRY(service_open(plan));
    struct message_buffer buffer;
    for (;;) {
        struct message request;
        enum status status = service_next(plan, &buffer, &request);
        if (status == STATUS_TRUNCATED) {
            return STATUS_OK;
        }
        TRY(status);
        status = answer(plan, &request);
        message_close_files(&request);
        TRY(status);
    }
}

int service_run(const struct service_plan *plan)
{
    return serve(plan) == STATUS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
