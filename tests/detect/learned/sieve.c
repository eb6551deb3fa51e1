#include "detect/learned/learned.h"

#include <string.h>

#include "check.h"

#include "detect/behaviour/recent.h"
#include "detect/learned/judged.h"
#include "detect/learned/weights.h"

static void cites_the_words_of_a_script_by_their_bytes(void **state)
{
    (void)state;
    static const char script[] = "#!/bin/sh\necho begin\n" KNOWN_LINE "\necho end\n";
    struct text AUTO(text_done) weights;
    struct judged judged;
    const struct finding *finding;
    known_weights(&weights);
    judge(&judged, text_bytes(&weights), bytes_of_text(script), "lamps.sh");
    assert_int_equal(count_learned(&judged, &finding), 1);
    assert_int_equal(finding->severity, SEVERITY_LOW);
    assert_true(finding->confidence < 0.5);
    assert_int_equal(finding->technique_count, 0);
    assert_true(fact_find(finding->facts, finding->fact_count, "p_value")->number == 0.1);
    assert_true(fact_find(finding->facts, finding->fact_count, "score")->count >=
                KNOWN_THRESHOLD);
    assert_true(finding->cite_count > 0);
    for (size_t i = 0; i < finding->cite_count; i++) {
        const struct cite *cite = &finding->cites[i];
        assert_int_equal(cite->place.kind, PLACE_BYTES);
        assert_true(
            bytes_equal(bytes_part(bytes_of_text(script), cite->place.first, cite->place.last),
                        cite->excerpt));
        assert_true(bytes_contains(bytes_of_text(KNOWN_LINE), "lamps"));
        assert_false(bytes_contains(cite->excerpt, "echo"));
    }
    judged_done(&judged);
}

static void is_silent_on_the_ordinary_twin(void **state)
{
    (void)state;
    struct text AUTO(text_done) weights;
    known_weights(&weights);
    assert_int_equal(learned_of(text_bytes(&weights),
                                "#!/bin/sh\necho begin\npolish --all the lamps\necho end\n",
                                "lamps.sh"),
                     0);
}

static void says_nothing_without_weights_or_with_damaged_ones(void **state)
{
    (void)state;
    static const char script[] = "#!/bin/sh\n" KNOWN_LINE "\n";
    struct text AUTO(text_done) weights;
    known_weights(&weights);
    assert_int_equal(learned_of(text_bytes(&weights), script, "a.sh"), 1);
    assert_int_equal(learned_of(BYTES_NONE, script, "a.sh"), 0);
    weights.data[weights.size - 1] ^= 1;
    assert_int_equal(learned_of(text_bytes(&weights), script, "a.sh"), 0);
}

#define SUDO(second, account, command) \
    "2026-03-03T02:10:0" second "Z web01 sudo: " account \
    " : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=" command "\n"

static void raises_one_finding_for_each_account(void **state)
{
    (void)state;
    struct text AUTO(text_done) weights;
    struct judged judged;
    const struct finding *finding;
    known_weights(&weights);
    judge(&judged, text_bytes(&weights),
          bytes_of_text(SUDO("0", "amal", "/usr/bin/ls") SUDO("1", "amal", KNOWN_LINE)
                            SUDO("2", "amal", KNOWN_LINE) SUDO("3", "bela", KNOWN_LINE)),
          "auth.log");
    assert_int_equal(count_learned(&judged, &finding), 2);
    const struct entity *account =
        entity_find(finding->entities, finding->entity_count, ENTITY_ACCOUNT, ROLE_ACTOR);
    assert_non_null(account);
    assert_bytes(account->name, "amal");
    assert_int_equal(finding->cites[0].place.kind, PLACE_LINES);
    assert_int_equal(finding->cites[0].place.first, 2);
    assert_true(finding->first.is_known);
    judged_done(&judged);
}

/* What was said before is known by its whole text: one more word, and it is judged. */
static void judges_a_command_that_only_begins_like_one_before(void **state)
{
    (void)state;
    char long_one[RECENT_KEY_MAX + 1];
    memset(long_one, 'a', sizeof long_one);
    long_one[RECENT_KEY_MAX] = '\0';
    struct text AUTO(text_done) weights;
    struct text AUTO(text_done) log = text_of_limit(1U << 20);
    struct judged judged;
    const struct finding *finding;
    known_weights(&weights);
    for (int i = 0; i < 3; i++) {
        text_addf(&log, SUDO("0", "amal", "%s") SUDO("1", "amal", "/usr/bin/ls"), long_one);
    }
    text_addf(&log, SUDO("4", "amal", "%s; " KNOWN_LINE), long_one);
    text_addf(&log, SUDO("5", "bela", "/usr/bin/ls; " KNOWN_LINE));
    judge(&judged, text_bytes(&weights), text_bytes(&log), "auth.log");
    assert_int_equal(count_learned(&judged, &finding), 2);
    judged_done(&judged);
}

static void bounds_the_accounts_it_remembers_and_counts_the_rest(void **state)
{
    (void)state;
    struct text AUTO(text_done) weights;
    struct text AUTO(text_done) log = text_of_limit(1U << 20);
    struct judged judged;
    const struct finding *finding;
    known_weights(&weights);
    for (int i = 0; i < 100; i++) {
        text_addf(&log,
                  "2026-03-03T02:10:00Z web01 sudo: user%d : TTY=pts/0 ; PWD=/ ; USER=root ; "
                  "COMMAND=" KNOWN_LINE "\n",
                  i);
    }
    judge(&judged, text_bytes(&weights), text_bytes(&log), "auth.log");
    assert_int_equal(count_learned(&judged, &finding), 64);
    assert_int_equal(judged.examination.findings_dropped, 36);
    judged_done(&judged);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cites_the_words_of_a_script_by_their_bytes),
        cmocka_unit_test(is_silent_on_the_ordinary_twin),
        cmocka_unit_test(says_nothing_without_weights_or_with_damaged_ones),
        cmocka_unit_test(raises_one_finding_for_each_account),
        cmocka_unit_test(judges_a_command_that_only_begins_like_one_before),
        cmocka_unit_test(bounds_the_accounts_it_remembers_and_counts_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
