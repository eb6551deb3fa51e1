#include "detect/behaviour/behaviour.h"

#include "detect/behaviour/name_talk.h"

#define RULE "behaviour/call-home"
#define ADDRESS "\xc6\x33\x64\x09" /* 198.51.100.9 */

static void visit(struct name_talk *talk, uint8_t last)
{
    struct make_talk visit = {.client = {10, 0, 0, 5},
                              .server = {198, 51, 100, last},
                              .client_port = (uint16_t)(20000 + talk->id % 9000),
                              .server_port = 443};
    make_exchange(&talk->capture, visit, 100, 500);
}

/* Somebody's ordinary morning: names are asked for, and what is answered is used. */
static void browse(struct name_talk *talk)
{
    talk_lookup(talk, "www.garden.test", TYPE_A, bytes_of_text("\xc6\x33\x64\x20"), 0);
    visit(talk, 0x20);
}

/* One name `count` times, by the clock or at times drawn by chance. */
static void ask_again(struct name_talk *talk, const char *name, unsigned count, int64_t seconds,
                      const char *address)
{
    for (unsigned i = 0; i < count; i++) {
        talk_lookup(talk, name, TYPE_A, bytes_of_text(address), 0);
        int64_t random = (observe_random(&talk->seed) >> 8) % 600;
        talk_wait(talk, seconds > 0 ? seconds : random * random / 300 + 2);
    }
}

static void finds_regular_questions_for_a_name_that_nobody_uses(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    browse(&talk);
    ask_again(&talk, "c.Example.test", 40, 300, ADDRESS);
    assert_observes_one(&talk.capture, RULE,
                        RULE " low 0.30 T1071.004 address/victim=10.0.0.5 "
                             "name/controller=c.example.test contact_count:38 ");
}

static void leaves_a_name_alone_whose_address_is_used(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    browse(&talk);
    for (unsigned i = 0; i < 40; i++) {
        talk_lookup(&talk, "time.example.test", TYPE_A, bytes_of_text(ADDRESS), 0);
        struct make_talk clock = {.client = {10, 0, 0, 5},
                                  .server = {198, 51, 100, 9},
                                  .client_port = 123,
                                  .server_port = 123};
        make_datagram(&talk.capture, &clock, true, bytes_of_text("?"));
        make_datagram(&talk.capture, &clock, false, bytes_of_text("!"));
        talk_wait(&talk, 300);
    }
    assert_observes(&talk.capture, RULE, "");
}

static void leaves_a_name_alone_that_is_asked_for_when_it_is_forgotten(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    browse(&talk);
    ask_again(&talk, "c.example.test", 40, 60, ADDRESS); /* its time to live */
    assert_observes(&talk.capture, RULE, "");
}

static void leaves_questions_at_no_fixed_time_alone(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    browse(&talk);
    ask_again(&talk, "c.example.test", 60, 0, ADDRESS);
    assert_observes(&talk.capture, RULE, "");
}

static void says_nothing_where_only_questions_were_captured(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    ask_again(&talk, "c.example.test", 40, 300, ADDRESS);
    assert_observes(&talk.capture, RULE, "");
}

/* TXT answers for one name, `size` bytes each of which the last `fresh` are other each time. */
static void answer_with_text(struct name_talk *talk, unsigned count, size_t size, size_t fresh)
{
    for (unsigned i = 0; i < count; i++) {
        struct text AUTO(text_done) data = text_of_limit(512);
        text_add_byte(&data, (char)size);
        text_add_repeat(&data, "a", size - fresh);
        talk_letters(talk, &data, BASE64, fresh);
        talk_lookup(talk, "c.example.test", TYPE_TXT, text_bytes(&data), 0);
        int64_t random = (observe_random(&talk->seed) >> 8) % 600;
        talk_wait(talk, random * random / 300 + 2);
    }
}

static void finds_ever_new_data_in_the_answers_for_one_name(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    answer_with_text(&talk, 60, 80, 80);
    assert_observes_one(&talk.capture, RULE,
                        RULE " medium 0.60 T1071.004 address/victim=10.0.0.5 "
                             "name/controller=c.example.test contact_count:58 ");
}

static void leaves_a_text_in_which_a_number_grows_alone(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    answer_with_text(&talk, 60, 80, 10);
    assert_observes(&talk.capture, RULE, "");
}

static void leaves_a_few_answers_alone(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    answer_with_text(&talk, 20, 80, 80);
    assert_observes(&talk.capture, RULE, "");
}

static void says_which_names_it_gave_up(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    for (unsigned i = 0; i < 4200; i++) {
        struct text AUTO(text_done) name = text_of_limit(64);
        text_addf(&name, "host%u.example.test", i);
        for (unsigned k = 0; k < 10; k++) {
            talk_ask(&talk, text_terminated(&name), TYPE_A);
        }
    }
    struct examine examine;
    examine_text(&examine, text_bytes(&talk.capture.bytes));
    text_done(&talk.capture.bytes);
    assert_int_equal(
        coverage_count_get(&examine.examination.coverage,
                           "names asked for again that were given up before they were judged"),
        104);
    examine_done(&examine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_regular_questions_for_a_name_that_nobody_uses),
        cmocka_unit_test(leaves_a_name_alone_whose_address_is_used),
        cmocka_unit_test(leaves_a_name_alone_that_is_asked_for_when_it_is_forgotten),
        cmocka_unit_test(leaves_questions_at_no_fixed_time_alone),
        cmocka_unit_test(says_nothing_where_only_questions_were_captured),
        cmocka_unit_test(finds_ever_new_data_in_the_answers_for_one_name),
        cmocka_unit_test(leaves_a_text_in_which_a_number_grows_alone),
        cmocka_unit_test(leaves_a_few_answers_alone),
        cmocka_unit_test(says_which_names_it_gave_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
