/* Claims of parse/net/certificate.h: every text it gives stands in the certificate, part by
 * part; times have the form of times; nothing depends on what follows the certificate. */
#include "fuzz.h"

#include <string.h>

#include "parse/net/certificate.h"

static void check_time(const char *time)
{
    size_t size = strlen(time);
    CLAIM(size == 0 || size == CERTIFICATE_TIME_SIZE);
    CLAIM(size == 0 || (time[4] == '-' && time[10] == 'T' && time[19] == 'Z'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct certificate one;
    if (certificate_read(input, &one) != STATUS_OK) {
        return 0;
    }
    CLAIM(one.subject.size <= CERTIFICATE_TEXT_MAX && one.issuer.size <= CERTIFICATE_TEXT_MAX);
    CLAIM(one.name_count <= CERTIFICATE_NAMES_MAX);
    for (size_t i = 0; i < one.name_count; i++) {
        struct bytes name = {one.names[i].bytes, one.names[i].size};
        CLAIM(name.size == 0 || bytes_find(input, name) < input.size);
    }
    check_time(one.not_before);
    check_time(one.not_after);
    CLAIM(!one.is_self_issued || memcmp(&one.subject, &one.issuer, sizeof one.subject) == 0);
    return 0;
}
