#include "record/record.h"

#include "check.h"

static void fields_are_found_and_bounded(void **state)
{
    (void)state;
    struct event event = {0};
    event_add(&event, FIELD_USER_NAME, BYTES_NONE);
    assert_int_equal(event.field_count, 0);
    for (int i = 0; i < EVENT_FIELDS_MAX + 3; i++) {
        event_add(&event, FIELD_USER_NAME, bytes_of_text(i == 0 ? "first" : "later"));
    }
    event_add(&event, FIELD_HOST_NAME, bytes_of_text("web01"));
    assert_int_equal(event.field_count, EVENT_FIELDS_MAX);
    assert_bytes(event_field(&event, FIELD_USER_NAME), "first");
    assert_int_equal(event_field(&event, FIELD_HOST_NAME).size, 0);
    struct transaction transaction = {0};
    transaction_add(&transaction, FIELD_HTTP_HOST, bytes_of_text("example.org"));
    assert_bytes(transaction_field(&transaction, FIELD_HTTP_HOST), "example.org");
    assert_int_equal(transaction_field(&transaction, FIELD_URL_PATH).size, 0);
}

static void a_target_is_its_path_and_query(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        const char *stem;
        const char *query;
    } cases[] = {
        {"/a/b?c=d?e#f", "/a/b", "c=d?e"},
        {"http://shop.example/x?y", "/x", "y"},
        {"http://shop.example", "", ""},
        {"http://shop.example?y", "", "y"},
        {"/go?to=http://a.example/", "/go", "to=http://a.example/"},
        {"?x", "", "x"},
        {"*", "*", ""},
        {"shop.example:443", "shop.example:443", ""},
        {"/x://y/z", "/x://y/z", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct transaction transaction = {0};
        transaction_add_target(&transaction, bytes_of_text(cases[i].target));
        assert_bytes(transaction_field(&transaction, FIELD_URL_PATH), cases[i].target);
        assert_bytes(transaction_field(&transaction, FIELD_URL_STEM), cases[i].stem);
        assert_bytes(transaction_field(&transaction, FIELD_URL_QUERY), cases[i].query);
        struct event event = {0};
        event_add_target(&event, bytes_of_text(cases[i].target));
        assert_bytes(event_field(&event, FIELD_URL_QUERY), cases[i].query);
    }
}

static void every_action_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (unsigned i = 0; i < EVENT_ACTION_COUNT; i++) {
        const char *name = event_action_name((enum event_action)i);
        assert_non_null(name);
        for (unsigned j = 0; j < i; j++) {
            assert_string_not_equal(name, event_action_name((enum event_action)j));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_found_and_bounded),
        cmocka_unit_test(a_target_is_its_path_and_query),
        cmocka_unit_test(every_action_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
