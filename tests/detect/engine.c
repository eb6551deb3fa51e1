#include "detect/engine.h"

#include "detect/examine.h"

#define LINE(second, number, message) \
    "2026-03-03T02:10:" second "+00:00 web01 sshd[" number "]: " message "\n"
#define FAILED(second, number) \
    LINE(second, number, "Failed password for deploy from 203.0.113.7 port 4000 ssh2")

/* As examine_text, but asks what stands after each record. */
struct asking {
    struct examine *examine;
    struct arena *arena;
    struct examination standing;
    struct text said; /* of the look before the last record */
    uint64_t stirred; /* how often */
};

static enum status take_and_ask(void *context, const struct record *record)
{
    struct asking *asking = context;
    struct detection *detection = &asking->examine->detection;
    TRY(detection_take(detection, record));
    asking->stirred += detection->is_stirred;
    detection->is_stirred = false;
    AUTO(arena_done) struct arena *arena = arena_new(16U << 20);
    TRY(detection_stand(detection, arena, &asking->standing));
    text_clear(&asking->said);
    struct examine shown = {.examination = asking->standing, .said = text_of_limit(1U << 20)};
    examine_say(&shown);
    text_add_raw(&asking->said, text_bytes(&shown.said));
    text_done(&shown.said);
    return STATUS_OK;
}

static void ask(struct asking *asking, struct examine *examine, const char *text, bool is_again)
{
    *examine = (struct examine){.evidence = arena_new(128U << 20),
                                .batch = arena_new(16U << 20),
                                .result = arena_new(128U << 20),
                                .budget = budget_of(UINT64_C(1) << 34),
                                .said = text_of_limit(64U << 20)};
    *asking = (struct asking){
        .examine = examine, .arena = examine->result, .said = text_of_limit(1U << 20)};
    struct fault fault = {0};
    const struct engine *engine = NULL;
    assert_ok(engine_load(&(struct engine_supply){0}, examine->evidence, &engine, &fault));
    coverage_init(&examine->examination.coverage, examine->result);
    assert_ok(detection_open(engine, &examine->options, examine->evidence, examine->result,
                             &examine->examination, &examine->detection));
    assert_ok(detection_make_room(examine->result, &asking->standing));
    examine->detection.is_again = is_again;
    struct record_sink sink = {take_and_ask, asking};
    struct parse parse = {.evidence = examine->evidence,
                          .batch = examine->batch,
                          .budget = &examine->budget,
                          .sink = &sink,
                          .coverage = &examine->examination.coverage,
                          .name = bytes_of_text("auth.log")};
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, bytes_of_text(text), examine->evidence));
    assert_ok(parse_stream(&stream, &parse, 0));
}

static void ask_done(struct asking *asking, struct examine *examine)
{
    text_done(&asking->said);
    examine_done(examine);
}

/* Asked all the way, it gives at the end what it gives when it is not asked at all; and what
 * stands before the end is what it would give if the evidence ended there. */
static void being_asked_changes_nothing(void **state)
{
    (void)state;
    static const char text[] = FAILED("01", "11") FAILED("02", "12") FAILED("03", "13")
        FAILED("04", "14") FAILED("05", "15") FAILED("06", "16");
    struct examine plain;
    struct examine asked;
    struct asking asking;
    examine_text(&plain, bytes_of_text(text));
    ask(&asking, &asked, text, false);
    assert_string_equal(text_terminated(&asking.said), text_terminated(&plain.said));
    assert_ok(detection_finish(&asked.detection));
    examine_say(&asked);
    assert_string_equal(text_terminated(&asked.said), text_terminated(&plain.said));
    ask_done(&asking, &asked);
    examine_done(&plain);
}

static void tries_stir_at_steps_and_a_login_after_them_stirs(void **state)
{
    (void)state;
    static const char text[] = FAILED("01", "11") FAILED("02", "12") FAILED("03", "13")
        FAILED("04", "14") FAILED("05", "15") FAILED("06", "16")
            LINE("09", "20", "Accepted password for deploy from 203.0.113.7 port 4000 ssh2")
                LINE("10", "21", "Accepted password for anna from 198.51.100.4 port 4000 ssh2");
    struct examine asked;
    struct asking asking;
    ask(&asking, &asked, text, false);
    assert_int_equal(asking.stirred, 2); /* the fifth try, and the login after it */
    ask_done(&asking, &asked);
}

/* Observations of what was read before were given then. */
static void what_adds_up_is_not_counted_again(void **state)
{
    (void)state;
    struct examine asked;
    struct asking asking;
    ask(&asking, &asked, FAILED("01", "11") FAILED("02", "12"), true);
    assert_string_equal(text_terminated(&asking.said), "");
    ask_done(&asking, &asked);
}

static void a_count_stirs_at_its_steps(void **state)
{
    (void)state;
    static const struct {
        uint64_t before;
        uint64_t after;
        bool stirs;
    } rows[] = {{0, 4, false},    {4, 5, true},        {5, 9, false},        {9, 10, true},
                {10, 19, false},  {19, 20, true},      {20, 49, false},      {49, 50, true},
                {3, 70, true},    {99, 100, true},     {199, 200, true},     {200, 499, false},
                {499, 500, true}, {5000, 5000, false}, {0, UINT64_MAX, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct detection detection = {0};
        detection_stir_count(&detection, rows[i].before, rows[i].after);
        if (detection.is_stirred != rows[i].stirs) {
            fail_msg("row %zu", i);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(being_asked_changes_nothing),
        cmocka_unit_test(tries_stir_at_steps_and_a_login_after_them_stirs),
        cmocka_unit_test(what_adds_up_is_not_counted_again),
        cmocka_unit_test(a_count_stirs_at_its_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
