#include "parse/log/template.h"

#include <string.h>

#include "check.h"

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_new(1U << 20);
    return arena == NULL;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct capture captures[TEMPLATE_PARTS_MAX];
static size_t count;

static bool matches(const char *template, const char *text)
{
    const struct template *compiled = template_new(template, arena);
    assert_non_null(compiled);
    return template_match(compiled, bytes_of_text(text), captures, &count);
}

static struct bytes captured(enum field field)
{
    for (size_t i = 0; i < count; i++) {
        if (captures[i].field == field) {
            return captures[i].value;
        }
    }
    return BYTES_NONE;
}

static void takes_the_fields_out(void **state)
{
    (void)state;
    assert_true(matches("Failed {method} for {user} from {address} port {port} ssh{*}",
                        "Failed password for root from 192.0.2.1 port 22 ssh2"));
    assert_bytes(captured(FIELD_AUTH_METHOD), "password");
    assert_bytes(captured(FIELD_USER_NAME), "root");
    assert_bytes(captured(FIELD_SOURCE_ADDRESS), "192.0.2.1");
    assert_bytes(captured(FIELD_SOURCE_PORT), "22");
}

static void lets_a_name_forge_no_address(void **state)
{
    (void)state;
    assert_true(
        matches("Failed {method} for invalid user {user} from {address} port {port} "
                "ssh{*}",
                "Failed password for invalid user root from 192.0.2.1 port 22 ssh2 from "
                "203.0.113.6 port 99 ssh2"));
    assert_bytes(captured(FIELD_SOURCE_ADDRESS), "203.0.113.6");
    assert_bytes(captured(FIELD_SOURCE_PORT), "99");
    assert_bytes(captured(FIELD_USER_NAME), "root from 192.0.2.1 port 22 ssh2");
}

static void passes_over_later_words_that_do_not_fit(void **state)
{
    (void)state;
    assert_true(
        matches("Accepted {method} for {user} from {address} port {port} ssh{*}",
                "Accepted publickey for ann from 192.0.2.1 port 22 ssh2: note from afar"));
    assert_bytes(captured(FIELD_SOURCE_ADDRESS), "192.0.2.1");
}

static void wants_the_whole_text(void **state)
{
    (void)state;
    assert_false(
        matches("Invalid user {user} from {address}", "Invalid user x from 192.0.2.1 y"));
    assert_false(
        matches("Invalid user {user} from {address}", "An Invalid user x from 192.0.2.1"));
    assert_false(matches("{port}", ""));
    assert_false(matches("{port}", "12a"));
    assert_false(matches("a {word} b", "a b"));
    assert_false(matches("from {address}", "from example"));
    assert_true(matches("Invalid user {user} from {address}", "Invalid user  from ::1"));
    assert_bytes(captured(FIELD_USER_NAME), "");
}

static void stops_looking_after_its_limit(void **state)
{
    (void)state;
    char text[4096] = "Invalid user x from 192.0.2.1";
    for (unsigned i = 0; i < TEMPLATE_TRIES_MAX; i++) {
        size_t at = bytes_of_text(text).size;
        memcpy(text + at, " from", 6);
    }
    size_t at = bytes_of_text(text).size;
    memcpy(text + at, " from x", 8);
    assert_false(matches("Invalid user {user} from {address} {*}", text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_fields_out),
        cmocka_unit_test(lets_a_name_forge_no_address),
        cmocka_unit_test(passes_over_later_words_that_do_not_fit),
        cmocka_unit_test(wants_the_whole_text),
        cmocka_unit_test(stops_looking_after_its_limit),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
