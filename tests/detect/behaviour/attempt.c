#include "detect/behaviour/attempt.h"

#include "check.h"

static struct arena *arena;
static struct recent connections;

static int open_table(void **state)
{
    (void)state;
    arena = arena_new(16U << 20);
    return arena == NULL || attempt_init(&connections, arena) != STATUS_OK;
}

static int close_table(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct attempt take(enum event_action action, const char *method, const char *pid,
                           const char *address, uint64_t repeats, int64_t second)
{
    struct event event = {.action = action, .repeats = repeats};
    event_add(&event, FIELD_HOST_NAME, bytes_of_text("web01"));
    event_add(&event, FIELD_PROCESS_ID, bytes_of_text(pid));
    event_add(&event, FIELD_SOURCE_ADDRESS, bytes_of_text(address));
    event_add(&event, FIELD_AUTH_METHOD, bytes_of_text(method));
    struct record record = {
        .kind = RECORD_EVENT, .at = moment_of_unix(second, 0), .event = &event};
    struct attempt attempt = {0};
    if (action == EVENT_LOGIN_SUCCEEDED) {
        attempt_end(&connections, &record);
    } else {
        assert_ok(attempt_take(&connections, &record, &attempt));
    }
    return attempt;
}

static uint64_t added(enum event_action action, const char *method, uint64_t repeats)
{
    return take(action, method, "7", "192.0.2.1", repeats, 0).added;
}

static void takes_the_largest_count_of_one_witness(void **state)
{
    (void)state;
    assert_int_equal(added(EVENT_LOGIN_INVALID_USER, "", 1), 1);
    assert_int_equal(added(EVENT_LOGIN_FAILED, "pam", 1), 0);
    assert_int_equal(added(EVENT_LOGIN_INVALID_USER, "none", 1), 0);
    assert_int_equal(added(EVENT_LOGIN_INVALID_USER, "password", 1), 0);
    assert_int_equal(added(EVENT_LOGIN_INVALID_USER, "password", 3), 3);
    assert_int_equal(added(EVENT_LOGIN_FAILED, "pam", 4), 1);
    assert_int_equal(added(EVENT_LOGIN_ABANDONED, "", 1), 0);
}

static void counts_an_end_once_and_alone(void **state)
{
    (void)state;
    struct attempt first = take(EVENT_LOGIN_ABANDONED, "", "8", "192.0.2.1", 1, 0);
    assert_int_equal(first.added, 1);
    assert_true(first.is_abandoned);
    assert_int_equal(take(EVENT_LOGIN_ABANDONED, "", "8", "192.0.2.1", 1, 0).added, 0);
}

static void begins_anew_where_the_number_means_another_connection(void **state)
{
    (void)state;
    assert_int_equal(take(EVENT_LOGIN_FAILED, "pam", "9", "192.0.2.1", 1, 0).added, 1);
    assert_int_equal(take(EVENT_LOGIN_FAILED, "password", "9", "192.0.2.1", 1, 1).added, 0);
    assert_int_equal(take(EVENT_LOGIN_FAILED, "password", "9", "192.0.2.2", 1, 2).added, 1);
    assert_int_equal(take(EVENT_LOGIN_FAILED, "pam", "9", "192.0.2.2", 1, 3603).added, 1);
    take(EVENT_LOGIN_SUCCEEDED, "password", "9", "192.0.2.2", 1, 3604);
    assert_int_equal(take(EVENT_LOGIN_FAILED, "password", "9", "192.0.2.2", 1, 3605).added, 1);
}

static void says_what_became_known(void **state)
{
    (void)state;
    struct attempt first = take(EVENT_LOGIN_FAILED, "pam", "10", "", 1, 0);
    assert_int_equal(first.connection->source.size, 0);
    struct attempt second = take(EVENT_LOGIN_FAILED, "password", "10", "192.0.2.1", 1, 0);
    assert_int_equal(second.added, 0);
    assert_true(second.knows_better);
    assert_true(second.connection->source_is_address);
    assert_false(take(EVENT_LOGIN_FAILED, "password", "10", "192.0.2.1", 1, 0).knows_better);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_largest_count_of_one_witness),
        cmocka_unit_test(counts_an_end_once_and_alone),
        cmocka_unit_test(begins_anew_where_the_number_means_another_connection),
        cmocka_unit_test(says_what_became_known),
    };
    return cmocka_run_group_tests(tests, open_table, close_table);
}
