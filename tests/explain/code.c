#include "explain/code.h"

#include "explain/pasted.h"

static void code_is_said_to_be_no_command(void **state)
{
    (void)state;
    assert_explains(
        "<?php system('ls -l'); ?>",
        "This is PHP, in which web servers make pages; it is no command for a "
        "shell.\nIt uses system ls -l (has a shell run a text).\nls lists files: -l");
    assert_explains("import os", "This is Python");
    assert_explains("use Socket; x", "This is Perl");
    assert_explains("select a from b", "This is SQL");
    assert_explains("<script>x</script>", "This is a piece of a web page");
    assert_explains("frob(1)", "in a language that cannot be told from this");
    assert_explains("{\"a\": \"b\", \"c\": 1}",
                    "This is JSON, a form in which programs write data; it is no command.\n"
                    "It says: a is b, c is 1.");
}

static void names_that_are_not_known_are_said_not_to_be(void **state)
{
    (void)state;
    assert_explains("<?php frob(); system(x);",
                    "It uses system (has a shell run a text).\n"
                    "It uses names, too, that are not known here: frob.");
}

static void what_an_interpreter_is_handed_follows_it(void **state)
{
    (void)state;
    assert_explains("python -c 'f(1)'; ls",
                    "python runs programs.\nNot known here are its options -c; f(1) may be a "
                    "value of theirs, or what it is given.\nIt uses f (does f).\nls lists");
    assert_explains("python -c 'x.f(1)'", "It uses x.f (does f).");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_is_said_to_be_no_command),
        cmocka_unit_test(names_that_are_not_known_are_said_not_to_be),
        cmocka_unit_test(what_an_interpreter_is_handed_follows_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
