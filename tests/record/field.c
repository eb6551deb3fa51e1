#include "record/field.h"

#include <string.h>

#include "check.h"

static void every_field_is_found_by_its_name(void **state)
{
    (void)state;
    for (unsigned i = 0; i < FIELD_COUNT; i++) {
        enum field field = (enum field)i;
        assert_int_equal(field_find(bytes_of_text(field_name(field))), field);
        assert_true(strlen(field_meaning(field)) > 0);
    }
}

static void every_alias_leads_to_one_field(void **state)
{
    (void)state;
    for (unsigned i = 0; i < FIELD_COUNT; i++) {
        struct bytes rest = bytes_of_text(field_aliases((enum field)i));
        struct bytes alias;
        while (bytes_split(&rest, ' ', &alias)) {
            assert_true(alias.size > 0);
            assert_int_equal(field_find(alias), i);
        }
    }
}

static void the_names_of_sigma_are_known(void **state)
{
    (void)state;
    assert_int_equal(field_find(bytes_of_text("CommandLine")), FIELD_PROCESS_COMMAND_LINE);
    assert_int_equal(field_find(bytes_of_text("c-uri")), FIELD_URL_PATH);
    assert_int_equal(field_find(bytes_of_text("process.command_line")),
                     FIELD_PROCESS_COMMAND_LINE);
}

static void what_is_no_field_is_not_found(void **state)
{
    (void)state;
    assert_int_equal(field_find(BYTES_NONE), FIELD_COUNT);
    assert_int_equal(field_find(bytes_of_text("commandline")), FIELD_COUNT);
    assert_int_equal(field_find(bytes_of_text("SourceIp src_ip")), FIELD_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_found_by_its_name),
        cmocka_unit_test(every_alias_leads_to_one_field),
        cmocka_unit_test(the_names_of_sigma_are_known),
        cmocka_unit_test(what_is_no_field_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
