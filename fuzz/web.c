/* Claims of the readers of web servers' logs: the record of a line is cited with the line, a
 * target is its path and query, the client of a line of text stands before its request, and
 * windows change nothing. */
#include "reading.h"

#include "parse/log/web_access.h"
#include "parse/log/web_error.h"
#include "parse/log/web_json.h"

static void claim_target(const struct transaction *transaction)
{
    struct bytes target = transaction_field(transaction, FIELD_URL_PATH);
    struct bytes stem = transaction_field(transaction, FIELD_URL_STEM);
    struct bytes query = transaction_field(transaction, FIELD_URL_QUERY);
    CLAIM(stem.size + query.size <= target.size);
    CLAIM(stem.size == 0 || bytes_find(target, stem) < target.size);
    CLAIM(query.size == 0 || bytes_find(target, query) < target.size);
    CLAIM(bytes_find_byte(stem, '?') == stem.size);
}

static void claim(struct bytes input, const struct record *record)
{
    CLAIM(bytes_find(input, record->source) < input.size);
    CLAIM(bytes_find_byte(record->source, '\n') == record->source.size);
    if (record->kind == RECORD_TRANSACTION) {
        CLAIM(record->transaction->kind == TRANSACTION_HTTP);
        claim_target(record->transaction);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    reading_claim(input, web_access_read, claim);
    reading_claim(input, web_json_read, claim);
    reading_claim(input, web_error_read, claim);
    return 0;
}
