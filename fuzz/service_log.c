/* Claims of the reader of services' own logs: every record has a time and is cited with its
 * line, a question has a name, and windows change nothing. */
#include "reading.h"

#include "parse/log/service_log.h"

static void claim(struct bytes input, const struct record *record)
{
    CLAIM(record->at.is_known && bytes_find(input, record->source) < input.size);
    CLAIM(bytes_find_byte(record->source, '\n') == record->source.size);
    if (record->kind == RECORD_TRANSACTION) {
        CLAIM(transaction_field(record->transaction, FIELD_DNS_QUESTION).size > 0);
        CLAIM(record->transaction->client.address_size > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reading_claim((struct bytes){data, size}, service_log_read, claim);
    return 0;
}
