#include "record/vigil.h"

#include "check.h"

static void what_is_remembered_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct vigil_past past[] = {{bytes_of_text("auth.log"), bytes_of_text("as it came")}};
    struct vigil_matter matters[] = {
        {.key = {1, [15] = 9},
         .severity = SEVERITY_MEDIUM,
         .measure = 10,
         .first = moment_of_unix(1772503200, 0),
         .last = moment_of_unix(1772503209, 0),
         .said = moment_of_unix(1772503209, 0)},
        {.key = {2}, .severity = SEVERITY_LOW, .measure = 1},
    };
    const struct vigil vigil = {.past = past,
                                .past_count = 1,
                                .matters = matters,
                                .matter_count = 2,
                                .tally = {.warnings = 1,
                                          .held_back = 2,
                                          .entries = 3,
                                          .entries_foretold = 4,
                                          .first = moment_of_unix(1772503200, 0),
                                          .day = -5,
                                          .day_low = 6,
                                          .day_said = 7,
                                          .day_most = 8}};
    AUTO(text_done) struct text message = text_of_limit(10000);
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    struct vigil read;
    vigil_write(&message, &vigil);
    assert_ok(vigil_read(text_bytes(&message), arena, &read));
    assert_int_equal(read.past_count, 1);
    assert_bytes(read.past[0].path, "auth.log");
    assert_bytes(read.past[0].examination, "as it came");
    assert_int_equal(read.matter_count, 2);
    assert_memory_equal(read.matters[0].key, matters[0].key, VIGIL_KEY_SIZE);
    assert_int_equal(read.matters[0].severity, SEVERITY_MEDIUM);
    assert_int_equal(read.matters[0].measure, 10);
    assert_true(read.matters[0].said.is_known && !read.matters[1].said.is_known);
    assert_memory_equal(&read.tally.warnings, &vigil.tally.warnings, 4 * sizeof(uint64_t));
    assert_true(read.tally.day == -5);
    assert_int_equal(read.tally.day_most, 8);
}

static void a_watch_that_begins_remembers_nothing(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    struct vigil read;
    assert_ok(vigil_read(BYTES_NONE, arena, &read));
    assert_int_equal(read.past_count + read.matter_count, 0);
}

static void what_is_shown_and_said_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct vigil_source sources[] = {
        {.path = bytes_of_text("a.log"), .is_taken = true, .look = bytes_of_text("look")},
        {.path = bytes_of_text("b.log"), .is_over = true, .is_ended = true}};
    AUTO(text_done) struct text message = text_of_limit(10000);
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    struct vigil_show show;
    struct vigil_said said;
    vigil_show_write(&message, &(struct vigil_show){.sources = sources,
                                                    .source_count = 2,
                                                    .is_last = true,
                                                    .vigil = bytes_of_text("memory")});
    assert_ok(vigil_show_read(text_bytes(&message), arena, &show));
    assert_int_equal(show.source_count, 2);
    assert_true(show.is_last && show.sources[0].is_taken && !show.sources[0].is_over);
    assert_true(show.sources[1].is_over && show.sources[1].is_ended);
    assert_bytes(show.sources[0].look, "look");
    assert_bytes(show.vigil, "memory");
    text_clear(&message);
    vigil_said_write(&message,
                     &(struct vigil_said){bytes_of_text("line\n"), bytes_of_text("new")});
    assert_ok(vigil_said_read(text_bytes(&message), &said));
    assert_bytes(said.lines, "line\n");
    assert_bytes(said.vigil, "new");
}

static void every_cut_is_refused(void **state)
{
    (void)state;
    struct vigil_past past[] = {{bytes_of_text("auth.log"), bytes_of_text("x")}};
    struct vigil_matter matters[] = {{.key = {1}, .severity = SEVERITY_LOW}};
    const struct vigil vigil = {
        .past = past, .past_count = 1, .matters = matters, .matter_count = 1};
    AUTO(text_done) struct text message = text_of_limit(10000);
    AUTO(arena_done) struct arena *arena = arena_new(4 << 20);
    struct vigil read;
    vigil_write(&message, &vigil);
    for (size_t size = 1; size < message.size; size++) {
        assert_true(vigil_read(bytes_part(text_bytes(&message), 0, size), arena, &read) !=
                    STATUS_OK);
    }
    text_add(&message, "x");
    assert_status(vigil_read(text_bytes(&message), arena, &read), STATUS_MALFORMED);
}

static void a_source_has_a_name(void **state)
{
    (void)state;
    struct vigil_source source = {.look = bytes_of_text("look")};
    AUTO(text_done) struct text message = text_of_limit(1000);
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    struct vigil_show show;
    vigil_show_write(&message, &(struct vigil_show){.sources = &source, .source_count = 1});
    assert_status(vigil_show_read(text_bytes(&message), arena, &show), STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_remembered_is_read_as_it_was_written),
        cmocka_unit_test(a_watch_that_begins_remembers_nothing),
        cmocka_unit_test(what_is_shown_and_said_is_read_as_it_was_written),
        cmocka_unit_test(every_cut_is_refused),
        cmocka_unit_test(a_source_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
