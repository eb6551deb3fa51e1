#include "detect/behaviour/behaviour.h"

#include "detect/observe.h"

static const struct make_talk RESOLVER = {
    .client = {10, 0, 0, 5}, .server = {10, 0, 0, 1}, .client_port = 50000, .server_port = 53};

/* `count` questions, five seconds apart; "%u" in the name is different each time. */
static void make_questions(struct make_capture *capture, const char *before, const char *after,
                           bool is_new_each_time, bool is_regular)
{
    make_open(capture, 1);
    struct make_talk talk = RESOLVER;
    uint32_t seed = 11;
    for (unsigned i = 0; i < 60; i++) {
        struct text name = text_of_limit(256);
        text_addf(&name, "%s%u%s", before, is_new_each_time ? i * 7919 : 1, after);
        struct text message = text_of_limit(512);
        make_dns(&message, i, false, text_terminated(&name), 16, BYTES_NONE);
        talk.client_port++;
        make_datagram(capture, &talk, true, text_bytes(&message));
        text_done(&message);
        text_done(&name);
        uint32_t random = observe_random(&seed) % 1000;
        capture->at_ns +=
            is_regular ? 5 * MAKE_SECOND_NS : (int64_t)random * random * random / 1000 * 100000;
    }
}

static void finds_regular_questions_for_ever_new_names(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_questions(&capture, "a", ".t.Example.test", true, true);
    assert_observes_one(&capture, "behaviour/call-home",
                        "behaviour/call-home low 0.50 T1071.004 address/victim=10.0.0.5 "
                        "name/controller=example.test contact_count:60");
}

static void leaves_the_same_question_again_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_questions(&capture, "a", ".t.example.test", false, true);
    assert_observes(&capture, "behaviour/call-home", "");
}

static void leaves_many_names_at_no_fixed_time_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_questions(&capture, "a", ".t.example.test", true, false);
    assert_observes(&capture, "behaviour/call-home", "");
}

static void leaves_different_domains_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_questions(&capture, "www.shop", ".co.uk", true, true);
    assert_observes(&capture, "behaviour/call-home", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_regular_questions_for_ever_new_names),
        cmocka_unit_test(leaves_the_same_question_again_alone),
        cmocka_unit_test(leaves_many_names_at_no_fixed_time_alone),
        cmocka_unit_test(leaves_different_domains_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
