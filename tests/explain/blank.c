#include "explain/blank.h"

#include "explain/pasted.h"

static void check(const char *means, const char *star, const char *things, const char *given,
                  const char *expected)
{
    const struct blanks blanks = {bytes_of_text(star), bytes_of_text(things)};
    AUTO(text_done) struct text list = text_of_limit(1U << 12);
    blank_add(&list, bytes_of_text(means), &blanks);
    bool is_filled = blank_settle(&list, bytes_of_text(given));
    assert_string_equal(text_terminated(&list), expected);
    assert_int_equal(is_filled, given[0] != '\0' && bytes_contains(bytes_of_text(means), "{}"));
}

static void a_star_is_told_in_words(void **state)
{
    (void)state;
    check("removes the {*}", "db-cluster", "", "", "removes the db cluster");
    check("removes the {*}{of}", "a_b", "rds", "", "removes the a b of rds");
    check("removes the {*}{of}", "a", "", "", "removes the a");
    check("shows {*}",
          "a\x01"
          "b",
          "", "", "shows a\\x01b");
}

static void what_it_is_done_to_takes_the_place_of_a_word(void **state)
{
    (void)state;
    check("lists {them}", "", "storage, account", "", "lists storage account");
    check("lists {them}", "", "", "", "lists them");
    check("removes {one}", "", "cache", "", "removes cache");
    assert_true(blank_names_things(bytes_of_text("removes {it} now")));
    assert_true(blank_names_things(bytes_of_text("removes{of}")));
    assert_false(blank_names_things(bytes_of_text("removes {} and {*}")));
}

static void what_is_given_comes_last(void **state)
{
    (void)state;
    check("removes the packages {}", "", "", "a, b", "removes the packages a, b");
    check("removes the packages {} for good", "", "", "", "removes the packages for good");
    check("{} and {}", "", "", "a", "a and it");
    check("makes an image ({})", "", "", "", "makes an image");
    check("makes an image ({})", "", "", "a", "makes an image (a)");
    check("shows how {} is", "", "", "", "shows how it is");
    check("fetches the old image {}", "", "", "", "fetches the old image");
    check("opens {", "", "", "", "opens {");
}

static void commands_are_told_with_what_they_are_given(void **state)
{
    (void)state;
    assert_explains("git drop a b", "git keeps versions: drop throws the parts a, b away.\n");
    assert_explains("git drop", "git keeps versions: drop throws the parts away.\n");
    assert_explains("look a", "look shows what a is.\n");
    assert_explains("look", "look shows things.\n");
    assert_explains("gcloud sql nodes show", "show shows sql nodes.\n");
    assert_explains("gcloud sql drop-big-node x",
                    "drop-big-node removes the big node of sql.\nIt is given x.\n");
    assert_explains("gcloud sql nodes x y z",
                    "It is given sql, nodes, x, y, z. What the first of these asks of it");
    assert_explains("ls --no-big-names", "By custom --no-big-names leaves big names out.");
    assert_explains("ls --node-id=9", "By custom --node-id 9 says which node.");
    assert_explains("ls --node-id 9", "By custom --node-id 9 says which node.");
    assert_explains("ls --no-a=b", "Not known here are its options --no-a=b.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_star_is_told_in_words),
        cmocka_unit_test(what_it_is_done_to_takes_the_place_of_a_word),
        cmocka_unit_test(what_is_given_comes_last),
        cmocka_unit_test(commands_are_told_with_what_they_are_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
