#include "explain/indicator.h"

#include "explain/pasted.h"

static void addresses_are_told_with_what_their_range_is_for(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *part;
    } rows[] = {
        {"192.0.2.7", "an IPv4 address of a machine.\nIt is kept for examples"},
        {"198.51.100.7", "examples in documents"},
        {"203.0.113.7:8080", "with the port 8080.\nIt is kept for examples"},
        {"[2001:db8::1]:443", "an IPv6 address of a machine, with the port 443"},
        {"127.0.0.1", "the machine itself"},
        {"::1", "the machine itself"},
        {"169.254.1.1", "one network only"},
        {"fe80::1", "one network only"},
        {"10.1.2.3", "used inside networks"},
        {"172.16.0.1", "used inside networks"},
        {"192.168.0.1", "used inside networks"},
        {"fd00::1", "used inside networks"},
        {"100.64.0.1", "Providers use it"},
        {"224.0.0.1", "many machines at once"},
        {"ff02::1", "many machines at once"},
        {"255.255.255.255", "many machines at once"},
        {"0.0.0.0", "no machine in particular"},
        {"::", "no machine in particular"},
        {"10.0.0.0/8", "all whose first 8 bits are the same"},
        {"9.9.9.9", "It is on the internet."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_explains(rows[i].text, rows[i].part);
    }
}

static void names_and_numbers_are_told_by_their_form(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *part;
    } rows[] = {
        {"ann@mail.example", "an address for mail"},
        {"www.host.example", "a name on the network"},
        {"d41d8cd98f00b204e9800998ecf8427e", "the form of a MD5 hash"},
        {"da39a3ee5e6b4b0d3255bfef95601890afd80709", "the form of a SHA-1 hash"},
        {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "a SHA-256 hash"},
        {"00:1a:2b:3c:4d:5e", "a MAC address"},
        {"00-1A-2B-3C-4D-5E", "a MAC address"},
        {"{00112233-4455-6677-8899-aabbccddeeff}", "a GUID"},
        {"<Ctrl c>", "a key to press"},
        {"<Esc><q>", "a key to press"},
        {"HKLM\\SOFTWARE\\Some Vendor", "a place in the registry"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_explains(rows[i].text, rows[i].part);
    }
}

static void other_words_are_none_of_them(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "run.sh",         "1.2.3",       "256.1.1.1", "10.0.0.1/33", "10.0.0.1:99999", "a@b",
        "@host.test",     "update-rc.d", "d41d8cd9",  "example.",    "00:11:22:33:44", "x y",
        "[2001:db8::1]x", "10.0.0.1/",   ".example",  "<a",          "<a>b",           "<>",
        "a<b>",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pasted pasted;
        pasted_open(&pasted);
        struct phrase_book book = {.phrases = tree_member(pasted.phrases, "phrases")};
        struct draft draft;
        bool is_said = true;
        assert_ok(draft_begin(&draft, pasted.arena, &book));
        assert_ok(indicator_explain(bytes_of_text(rows[i]), &draft, &is_said));
        if (is_said) {
            fail_msg("%s", rows[i]);
        }
        pasted_done(&pasted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_told_with_what_their_range_is_for),
        cmocka_unit_test(names_and_numbers_are_told_by_their_form),
        cmocka_unit_test(other_words_are_none_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
