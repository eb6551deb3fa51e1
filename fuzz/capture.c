/* Claims of parse/net/capture.h and dissect.h: flows are numbered in order of their first
 * packet and each is given once; packets, frames and requests add up; what a transaction says
 * is printable or short and belongs to a flow; a capture cut after any record is its beginning.
 */
#include "parsing.h"
#include "record_claims.h"

#include "parse/net/capture.h"
#include "parse/net/dns.h"

#define FLOWS_MAX 8192

struct run {
    struct parsing parsing;
    struct text said;
    uint64_t flows;
    uint64_t packets;
    uint64_t transactions;
    uint64_t highest;
    bool was_given[FLOWS_MAX];
};

static void check_flow(struct run *run, const struct record *record)
{
    const struct flow *flow = record->flow;
    CLAIM(record->place.kind == PLACE_FLOW && record->place.first == flow->number);
    CLAIM(flow->number >= 1);
    if (flow->number < FLOWS_MAX) {
        CLAIM(!run->was_given[flow->number]);
        run->was_given[flow->number] = true;
    }
    CLAIM(flow->client.packets + flow->server.packets > 0);
    CLAIM(flow->client.payload_bytes <= flow->client.bytes);
    CLAIM(flow->server.payload_bytes <= flow->server.bytes);
    CLAIM(flow->turn_interval_count <= flow->turn_count);
    CLAIM(moment_compare(record->at, flow->last) <= 0);
    CLAIM(flow->client.endpoint.address_size == flow->server.endpoint.address_size);
    CLAIM(!flow->is_established || (flow->client.packets > 0 && flow->server.packets > 0));
    run->flows++;
    run->packets += flow->client.packets + flow->server.packets;
    run->highest = flow->number > run->highest ? flow->number : run->highest;
}

static void check_transaction(struct run *run, const struct record *record)
{
    const struct transaction *transaction = record->transaction;
    CLAIM(record->place.kind == PLACE_FRAME && record->place.first >= 1);
    CLAIM(transaction->flow_number >= 1);
    if (transaction->flow_number < FLOWS_MAX) {
        CLAIM(!run->was_given[transaction->flow_number]); /* before its flow */
    }
    for (size_t i = 0; i < transaction->field_count; i++) {
        CLAIM(transaction->fields[i].value.size > 0);
        CLAIM(transaction->kind != TRANSACTION_DNS ||
              transaction->fields[i].value.size <= DNS_NAME_TEXT_MAX);
    }
    run->transactions++;
}

static enum status take(void *context, const struct record *record)
{
    struct run *run = context;
    CLAIM(record->kind == RECORD_FLOW || record->kind == RECORD_TRANSACTION);
    CLAIM(record->at.is_known);
    if (record->kind == RECORD_FLOW) {
        check_flow(run, record);
    } else {
        check_transaction(run, record);
    }
    parsing_say(&run->said, record);
    return STATUS_OK;
}

static void run_over(struct run *run, struct bytes input, size_t step)
{
    *run = (struct run){.said = text_of_limit(PARSING_TEXT)};
    parsing_open(&run->parsing, input, "capture.pcap", take, run);
    struct parsing_slow slow = {input, step};
    struct stream stream;
    run->parsing.coverage.examined = EXAMINED_WHOLE;
    CLAIM(stream_of_reader(&stream, parsing_slowly, &slow, run->parsing.evidence) == STATUS_OK);
    CLAIM(capture_read(&stream, &run->parsing.parse) == STATUS_OK);
    const struct coverage *coverage = &run->parsing.coverage;
    CLAIM(run->flows == coverage_count_get(coverage, "flows") && run->flows == run->highest);
    CLAIM(run->packets == coverage_count_get(coverage, "packets"));
    CLAIM(coverage_count_get(coverage, "frames") >= run->packets);
    CLAIM(run->transactions <= coverage_count_get(coverage, "frames") +
                                   coverage_count_get(coverage, "requests") + run->flows);
    parsing_say_coverage(&run->said, coverage);
}

static void close_run(struct run *run)
{
    parsing_close(&run->parsing);
    text_done(&run->said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct run whole;
    static struct run parts;
    struct bytes input = {data, size};
    run_over(&whole, input, SIZE_MAX);
    run_over(&parts, input, 1 + size % 61);
    CLAIM(bytes_equal(text_bytes(&whole.said), text_bytes(&parts.said)));
    close_run(&parts);
    run_over(&parts, bytes_part(input, 0, size / 2), SIZE_MAX);
    CLAIM(coverage_count_get(&parts.parsing.coverage, "frames") <=
          coverage_count_get(&whole.parsing.coverage, "frames") + 1);
    close_run(&parts);
    close_run(&whole);
    return 0;
}
