#include "detect/behaviour/name_zone.h"

#include "check.h"

#include <string.h>

static void sorts_types_by_what_they_are_asked_for(void **state)
{
    (void)state;
    static const struct {
        enum zone_type kind;
        const char *names; /* parted by spaces */
    } rows[] = {
        {ZONE_TYPE_ADDRESS, "A AAAA HTTPS SVCB type=65 aaaa"},
        {ZONE_TYPE_COMMON, "TXT CNAME MX SRV"},
        {ZONE_TYPE_OTHER, "PTR NS SOA DS DNSKEY RRSIG NSEC NSEC3 NAPTR CAA TLSA ANY SPF AXFR"},
        {ZONE_TYPE_RARE, "NULL KEY TYPE65399 HINFO"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes rest = bytes_of_text(rows[i].names);
        struct bytes name;
        while (bytes_split(&rest, ' ', &name)) {
            assert_int_equal(zone_type_of(name), rows[i].kind);
        }
    }
    assert_int_equal(zone_type_of(BYTES_NONE), ZONE_TYPE_OTHER);
}

static void estimates_how_many_are_different(void **state)
{
    (void)state;
    static const unsigned counts[] = {0, 1, 50, 1000, 4000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        uint64_t sketch[2048 / 64] = {0};
        for (unsigned k = 0; k < 2 * counts[i]; k++) {
            uint32_t number = k / 2; /* each twice */
            uint32_t bit = name_hash((struct bytes){(const uint8_t *)&number, 4}) % 2048;
            sketch[bit / 64] |= UINT64_C(1) << (bit % 64);
        }
        uint64_t found = zone_distinct(sketch, 2048);
        assert_in_range(found, counts[i] - counts[i] / 10, counts[i] + counts[i] / 10);
    }
    uint64_t full[2048 / 64];
    memset(full, 0xff, sizeof full);
    assert_true(zone_distinct(full, 2048) > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_types_by_what_they_are_asked_for),
        cmocka_unit_test(estimates_how_many_are_different),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
