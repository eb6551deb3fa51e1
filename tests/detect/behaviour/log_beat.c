#include "detect/behaviour/log_beat.h"

#include "check.h"

static struct moment at(unsigned minute)
{
    return moment_of_unix(1772503800 + 60 * (int64_t)minute, 0);
}

struct heard {
    struct arena *arena;
    struct recent beats;
};

static void hear(struct heard *heard, unsigned minute)
{
    struct event event = {.action = EVENT_SESSION_OPENED, .repeats = 1};
    event_add(&event, FIELD_PROCESS_NAME, bytes_of_text("CRON"));
    event_add(&event, FIELD_USER_NAME, bytes_of_text("root"));
    const struct record record = {
        .kind = RECORD_EVENT, .at = at(minute), .source = bytes_of_text("x"), .event = &event};
    assert_true(beat_is(&event));
    assert_ok(beat_take(&heard->beats, &record));
}

static struct heard listen(void)
{
    struct heard heard = {.arena = arena_new(16U << 20)};
    assert_ok(recent_init(&heard.beats, heard.arena, BEATS_MAX, sizeof(struct beat)));
    return heard;
}

static void counts_the_beats_between_two_times(void **state)
{
    (void)state;
    struct heard heard = listen();
    for (unsigned i = 0; i < 40; i++) {
        hear(&heard, 5 * i);
    }
    const struct beat *beat = recent_first(&heard.beats);
    assert_true(beat_is_regular(beat));
    assert_int_equal(beat->period_ns, 5 * MOMENT_MINUTE_NS);
    assert_int_equal(beat_missing(beat, at(60), at(71)), 2);
    assert_int_equal(beat_missing(beat, at(10), at(31)), 0);  /* it had hardly begun */
    assert_int_equal(beat_missing(beat, at(60), at(900)), 0); /* it never came back */
    arena_free(heard.arena);
}

static void what_comes_at_any_time_is_no_beat(void **state)
{
    (void)state;
    struct heard heard = listen();
    unsigned minute = 0;
    for (unsigned i = 0; i < 60; i++) {
        minute += 1 + (i * i) % 17;
        hear(&heard, minute);
    }
    assert_false(beat_is_regular(recent_first(&heard.beats)));
    arena_free(heard.arena);
}

static void only_schedules_beat(void **state)
{
    (void)state;
    struct event event = {.action = EVENT_SESSION_OPENED, .repeats = 1};
    event_add(&event, FIELD_PROCESS_NAME, bytes_of_text("sshd"));
    assert_false(beat_is(&event));
    event.action = EVENT_OTHER;
    assert_false(beat_is(&event));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_the_beats_between_two_times),
        cmocka_unit_test(what_comes_at_any_time_is_no_beat),
        cmocka_unit_test(only_schedules_beat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
