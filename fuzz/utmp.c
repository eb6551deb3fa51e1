/* Claims of the readers of login records: places are whole entries one after another, texts are
 * no longer than their fields, and windows change nothing. */
#include "reading.h"

#include "parse/log/utmp.h"

static void claim(struct bytes input, const struct record *record)
{
    CLAIM(record->kind == RECORD_EVENT && record->place.kind == PLACE_BYTES);
    CLAIM(record->place.first + record->place.last <= input.size);
    CLAIM(record->place.first % record->place.last == 0);
    CLAIM(event_field(record->event, FIELD_USER_NAME).size <= 32);
    CLAIM(event_field(record->event, FIELD_SOURCE_NAME).size <= 256);
    CLAIM(event_field(record->event, FIELD_PROCESS_TERMINAL).size <= 32);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    reading_claim(input, utmp_read, claim);
    reading_claim(input, lastlog_read, claim);
    return 0;
}
