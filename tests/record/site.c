#include "record/site.h"

#include "check.h"
#include "codec/yaml.h"

static enum status read_text(const char *text, struct arena *arena, struct site *site,
                             struct tree_fault *fault)
{
    struct tree tree;
    TRY(tree_of_yaml(bytes_of_text(text), arena, &tree, fault));
    return site_read(tree.nodes, site, fault);
}

static const char whole[] = "hosts:\n"
                            "  web01:\n"
                            "    addresses: [10.20.0.5, \"2001:db8::5\"]\n"
                            "    zone: \"+01:00\"\n"
                            "    purpose: the booking page\n"
                            "    owner: the front desk\n"
                            "    importance: high\n"
                            "  db01:\n"
                            "    purpose: records\n"
                            "networks: [10.20.0.0/16, 203.0.113.65/26, \"2001:db8:1::/48\"]\n"
                            "scanners: [10.20.0.7, \"2001:db8::7\"]\n"
                            "administrators:\n"
                            "  addresses: [10.20.0.9]\n"
                            "  accounts: [alice]\n"
                            "  hours: \"07:00-19:00\"\n"
                            "  zone: \"+01:00\"\n";

static void the_owner_is_heard(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    struct site site;
    struct tree_fault fault;
    assert_ok(read_text(whole, arena, &site, &fault));
    const struct tree_node *web = site_host(&site, bytes_of_text("web01"));
    int minutes = 0;
    assert_true(site_host_zone(web, &minutes));
    assert_int_equal(minutes, 60);
    assert_bytes(site_host_purpose(web), "the booking page");
    const struct tree_node *db = site_host(&site, bytes_of_text("db01"));
    assert_non_null(db);
    assert_false(site_host_zone(db, &minutes));
    assert_null(site_host(&site, bytes_of_text("web")));
    assert_bytes(site_host_owner(web), "the front desk");
    assert_true(site_host_is_important(web));
    assert_false(site_host_is_important(db));
    assert_true(site_is_administrator(&site, bytes_of_text("10.20.0.9")));
    assert_false(site_is_administrator(&site, bytes_of_text("10.20.0.5")));
    assert_true(site_is_administrator_account(&site, bytes_of_text("alice")));
    assert_false(site_is_administrator_account(&site, bytes_of_text("10.20.0.9")));
    assert_true(site_has(&site, bytes_of_text("db01")));
    assert_true(site_has(&site, bytes_of_text("networks")));
    assert_true(site_has(&site, bytes_of_text("administrators")));
    assert_true(site_has(&site, bytes_of_text("scanners")));
    assert_true(site_is_scanner(&site, bytes_of_text("2001:db8::7")));
    assert_false(site_is_scanner(&site, bytes_of_text("10.20.0.9")));
    assert_false(site_has(&site, bytes_of_text("hosts")));
}

static void networks_and_hosts_are_the_owners(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    struct site site;
    struct tree_fault fault;
    assert_ok(read_text(whole, arena, &site, &fault));
    static const struct {
        const char *address;
        bool is_own;
    } rows[] = {{"10.20.255.1", true},
                {"10.21.0.1", false},
                {"203.0.113.64", true},
                {"203.0.113.127", true},
                {"203.0.113.128", false},
                {"2001:db8:1:ffff::1", true},
                {"2001:db8:2::1", false},
                {"2001:db8::5", true},
                {"::ffff:10.20.0.1", false},
                {"web01", false},
                {"", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(site_is_own(&site, bytes_of_text(rows[i].address)), rows[i].is_own);
    }
    assert_ok(read_text("networks: [0.0.0.0/0]\n", arena, &site, &fault));
    assert_true(site_is_own(&site, bytes_of_text("198.51.100.1")));
    assert_false(site_is_own(&site, bytes_of_text("2001:db8::1")));
}

static void hours_are_of_the_zone_and_may_pass_midnight(void **state)
{
    (void)state;
    static const struct {
        const char *hours;
        const char *at;
        bool is_working;
    } rows[] = {
        {"hours: \"07:00-19:00\"\n  zone: \"+01:00\"", "2026-03-03T06:00:00Z", true},
        {"hours: \"07:00-19:00\"\n  zone: \"+01:00\"", "2026-03-03T05:59:59Z", false},
        {"hours: \"07:00-19:00\"\n  zone: \"+01:00\"", "2026-03-03T18:00:00Z", false},
        {"hours: \"07:00-19:00\"", "2026-03-03T18:59:59Z", true},
        {"hours: \"22:00-06:00\"", "2026-03-03T23:30:00Z", true},
        {"hours: \"22:00-06:00\"", "2026-03-03T05:59:00Z", true},
        {"hours: \"22:00-06:00\"", "2026-03-03T06:00:00Z", false},
        {"hours: \"07:00-19:00\"\n  zone: \"-02:00\"", "1970-01-01T00:30:00Z", false},
        {"accounts: [alice]", "2026-03-03T03:00:00Z", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
        AUTO(text_done) struct text text = text_of_limit(256);
        text_addf(&text, "administrators:\n  %s\n", rows[i].hours);
        struct site site;
        struct tree_fault fault;
        assert_ok(read_text(text_terminated(&text), arena, &site, &fault));
        struct moment at;
        assert_ok(moment_read(bytes_of_text(rows[i].at), &at));
        assert_int_equal(site_is_working_hour(&site, at), rows[i].is_working);
        bool has_hours = rows[i].hours[0] == 'h';
        assert_int_equal(site_is_working_hour(&site, (struct moment){0}), !has_hours);
    }
}

static void without_a_file_nothing_is_known(void **state)
{
    (void)state;
    const struct site site = {0};
    int minutes;
    assert_null(site_host(&site, bytes_of_text("web01")));
    assert_false(site_host_zone(NULL, &minutes));
    assert_int_equal(site_host_purpose(NULL).size, 0);
    assert_false(site_is_administrator(&site, bytes_of_text("10.0.0.1")));
}

static void what_would_not_be_read_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t line;
    } wrong[] = {
        {"- a\n", 1},
        {"hosts: {}\nowner: me\n", 2},
        {"hosts:\n  web01: yes\n", 2},
        {"hosts:\n  web01:\n    importance: very\n", 3},
        {"hosts:\n  web01:\n    colour: red\n", 3},
        {"networks: 10.0.0.0/8\n", 1},
        {"scanners: 10.0.0.7\n", 1},
        {"scanners:\n  - 10.0.0.0/8\n", 2},
        {"networks:\n  - 10.0.0.0/33\n", 2},
        {"networks:\n  - 10.0.0/8\n", 2},
        {"networks:\n  - 2001:db8::/129\n", 2},
        {"networks:\n  - 10.0.0.0/\n", 2},
        {"administrators:\n  hours: \"7-19\"\n", 2},
        {"administrators:\n  hours: \"07:00-24:00\"\n", 2},
        {"administrators:\n  hours: \"07:00-19:000\"\n", 2},
        {"administrators:\n  zone: CET\n", 2},
        {"administrators:\n  accounts: alice\n", 2},
        {"hosts:\n  web01:\n    zone: Berlin\n", 3},
        {"hosts:\n  web01:\n    addresses: 10.0.0.1\n", 3},
        {"hosts:\n  web01:\n    addresses:\n      - 10.0.0.1\n      - ten\n", 5},
        {"administrators:\n  names: [me]\n", 2},
        {"administrators:\n  addresses: [here]\n", 2},
        {"hosts: [web01]\n", 1},
        {"administrators: [10.0.0.1]\n", 1},
        {"hosts: web01\n", 1},
        {"hosts:\n", 1},
        {"hosts:\n  web01:\n    purpose: [a, b]\n", 3},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
        struct site site;
        struct tree_fault fault = {0};
        if (read_text(wrong[i].text, arena, &site, &fault) == STATUS_OK) {
            fail_msg("accepted: %s", wrong[i].text);
        }
        assert_status(read_text(wrong[i].text, arena, &site, &fault), STATUS_MALFORMED);
        assert_non_null(fault.what);
        assert_int_equal(fault.line, wrong[i].line);
    }
}

static void zones_are_offsets(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int minutes;
    } zones[] = {{"Z", 0},        {"UTC", 0},   {"utc", 0},      {"+01:00", 60},
                 {"-0530", -330}, {"+02", 120}, {"+14:00", 840}, {"-00:00", 0}};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        int minutes = 1;
        assert_ok(zone_read(bytes_of_text(zones[i].text), &minutes));
        assert_int_equal(minutes, zones[i].minutes);
    }
    static const char *const wrong[] = {"",       "+",      "1",    "+1",      "+15:00",
                                        "+01:60", "+01:0",  "+01:", "+01:000", "Europe/Berlin",
                                        "01:00",  "+0x:00", "z"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int minutes = 7;
        assert_status(zone_read(bytes_of_text(wrong[i]), &minutes), STATUS_MALFORMED);
        assert_int_equal(minutes, 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_owner_is_heard),
        cmocka_unit_test(networks_and_hosts_are_the_owners),
        cmocka_unit_test(hours_are_of_the_zone_and_may_pass_midnight),
        cmocka_unit_test(without_a_file_nothing_is_known),
        cmocka_unit_test(what_would_not_be_read_is_refused),
        cmocka_unit_test(zones_are_offsets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
