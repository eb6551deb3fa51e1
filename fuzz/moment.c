/* Claims of base/moment.h: what is read is written so that it is read again as the same time,
 * and a time taken apart and put together is the same time. */
#include "fuzz.h"

#include "base/moment.h"

static void check_round_trip(struct moment moment)
{
    struct text AUTO(text_done) written = text_of_limit(64);
    moment_add_rfc3339(&written, moment);
    CLAIM(text_status(&written) == STATUS_OK);
    struct moment again = {0};
    CLAIM(moment_read(text_bytes(&written), &again) == STATUS_OK);
    CLAIM(again.is_known && again.ns == moment.ns && again.year_known == moment.year_known);
}

static void check_parts(struct moment moment)
{
    struct civil civil = civil_of_moment(moment);
    CLAIM(civil_is_valid(&civil));
    struct moment whole = moment.year_known ? moment_of_civil(&civil, false, 0)
                                            : moment_of_yearless(&civil, (unsigned)civil.year);
    CLAIM(whole.ns == moment.ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct moment moment;
    if (moment_read((struct bytes){data, size}, &moment) != STATUS_OK) {
        return 0;
    }
    check_round_trip(moment);
    check_parts(moment);
    struct moment_frame frame = {.first_year = 2023, .zone_minutes = -210, .zone_known = true};
    struct moment settled = moment_settle(moment, &frame);
    CLAIM(settled.is_known);
    /* A zone that would carry a time past the last year is not applied. */
    bool is_last = civil_of_moment(settled).year == MOMENT_YEAR_MAX;
    CLAIM(!settled.year_known || settled.zone_known || is_last);
    check_round_trip(settled);
    check_parts(settled);
    return 0;
}
