/* tocsin-records: the transactions of one evidence as JSON lines, for tools that hold them
 * against what other programs read from the same bytes (tools/compare-captures).
 *
 * Never installed and not confined: it is for evidence that a developer trusts. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "codec/json.h"
#include "parse/parse.h"

#define EVIDENCE_SIZE_MAX (112U << 20) /* as src/program/examine.c gives it */
#define BATCH_SIZE_MAX (16U << 20)
#define RESULT_SIZE_MAX (48U << 20)
#define STEPS_MAX (UINT64_C(64) << 30)
#define LINE_SIZE_MAX (1U << 20)

static void add_endpoint(struct jsonout *out, const char *key, const struct endpoint *endpoint)
{
    AUTO(text_done) struct text address = text_of_limit(LINE_SIZE_MAX);
    endpoint_add_address(&address, endpoint);
    text_addf(&address, " %u", (unsigned)endpoint->port);
    jsonout_member_string(out, key, text_bytes(&address));
}

static void add_transaction(struct jsonout *out, const struct record *record)
{
    static const char *const kinds[] = {
        [TRANSACTION_DNS] = "dns", [TRANSACTION_HTTP] = "http", [TRANSACTION_TLS] = "tls",
        [TRANSACTION_SSH] = "ssh", [TRANSACTION_SMTP] = "smtp", [TRANSACTION_FTP] = "ftp",
    };
    const struct transaction *transaction = record->transaction;
    jsonout_member_text(out, "kind", kinds[transaction->kind]);
    jsonout_member_unsigned(out, "frame", record->place.first);
    jsonout_member_unsigned(out, "flow", transaction->flow_number);
    add_endpoint(out, "client", &transaction->client);
    add_endpoint(out, "server", &transaction->server);
    jsonout_key(out, "fields");
    jsonout_list_begin(out);
    for (size_t i = 0; i < transaction->field_count; i++) {
        jsonout_list_begin(out);
        jsonout_text(out, field_name(transaction->fields[i].field));
        jsonout_string(out, transaction->fields[i].value);
        jsonout_list_end(out);
    }
    jsonout_list_end(out);
}

static enum status take(void *context, const struct record *record)
{
    (void)context;
    if (record->kind != RECORD_TRANSACTION || record->place.kind != PLACE_FRAME) {
        return STATUS_OK;
    }
    AUTO(text_done) struct text line = text_of_limit(LINE_SIZE_MAX);
    struct jsonout out = jsonout_of(&line, JSONOUT_COMPACT);
    jsonout_object_begin(&out);
    add_transaction(&out, record);
    jsonout_object_end(&out);
    TRY(jsonout_finish(&out));
    printf("%.*s\n", (int)line.size, line.data);
    return STATUS_OK;
}

static enum status print_records(int fd)
{
    struct arena *evidence = arena_new(EVIDENCE_SIZE_MAX);
    struct arena *batch = arena_new(BATCH_SIZE_MAX);
    struct arena *result = arena_new(RESULT_SIZE_MAX);
    struct budget budget = budget_of(STEPS_MAX);
    struct record_sink sink = {.take = take};
    struct coverage coverage;
    enum status status = STATUS_NO_MEMORY;
    if (evidence != NULL && batch != NULL && result != NULL) {
        coverage_init(&coverage, result);
        struct parse parse = {.evidence = evidence,
                              .batch = batch,
                              .budget = &budget,
                              .sink = &sink,
                              .coverage = &coverage};
        status = parse_evidence(fd, &parse);
    }
    arena_free(evidence);
    arena_free(batch);
    arena_free(result);
    return status;
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "usage: tocsin-records CAPTURE\n");
        return 2;
    }
    int fd = open(arguments[1], O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        perror(arguments[1]);
        return 2;
    }
    enum status status = print_records(fd);
    close(fd);
    if (status != STATUS_OK) {
        fprintf(stderr, "tocsin-records: %s: %s\n", arguments[1], status_name(status));
        return 2;
    }
    return 0;
}
