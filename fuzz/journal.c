/* Claims of the readers of the journal: an entry's place is a range of lines that the evidence
 * has, a message is no longer than the evidence, a time has year and zone, and windows change
 * nothing. */
#include "reading.h"

#include "parse/log/journal.h"

static void claim(struct bytes input, const struct record *record)
{
    CLAIM(record->kind == RECORD_EVENT);
    CLAIM(record->place.last <= bytes_count(input, '\n') + 1);
    CLAIM(event_field(record->event, FIELD_MESSAGE).size <= input.size);
    CLAIM(event_field(record->event, FIELD_MESSAGE).size > 0 ||
          event_field(record->event, FIELD_LOG_SEQUENCE).size > 0);
    CLAIM(record->at.is_known == false || (record->at.year_known && record->at.zone_known));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    reading_claim(input, journal_json_read, claim);
    reading_claim(input, journal_export_read, claim);
    return 0;
}
