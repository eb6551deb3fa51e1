/* Claims of record/options.h: options that are read hold only what can be asked for, and are
 * written back as the same message. */
#include "fuzz.h"

#include "record/options.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes message = {data, size};
    struct analysis_options options;
    if (analysis_options_read(message, &options) != STATUS_OK) {
        return 0;
    }
    CLAIM(options.year == 0 ||
          (options.year >= MOMENT_YEAR_MIN && options.year <= MOMENT_YEAR_MAX));
    CLAIM(audience_find(bytes_of_text(audience_name(options.audience))) == options.audience);
    const char *format = report_format_name(options.format);
    CLAIM(report_format_find(bytes_of_text(format)) == options.format);
    struct text AUTO(text_done) written = text_of_limit(1000);
    analysis_options_write(&written, &options);
    CLAIM(bytes_equal(text_bytes(&written), message));
    return 0;
}
