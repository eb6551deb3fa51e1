#include "correlate/two_places.h"

#include "correlate/begin.h"

#define RULE "finding behaviour/two-places"
#define HOME "203.0.113.7"
#define AWAY "198.51.100.9"

static void begin(struct matter *matter)
{
    matter_open(matter);
    matter_add(matter, "auth.log", "system log", NULL, NULL, NULL);
}

/* A login at `from` o'clock on a day of March and the session after it, to `to` o'clock. */
static void use(struct matter *matter, unsigned day, unsigned from, unsigned to,
                const char *source)
{
    char entities[120];
    char first[40];
    char last[40];
    char places[20];
    (void)snprintf(entities, sizeof entities,
                   "address/source=%s account/account=anna host/victim=web01", source);
    (void)snprintf(first, sizeof first, "2026-03-%02uT%02u:00:00Z", day, from);
    (void)snprintf(last, sizeof last, "2026-03-%02uT%02u:00:00Z", day, to);
    (void)snprintf(places, sizeof places, "%u", day * 100 + from);
    matter_see(matter, OBSERVED_LOGIN, 1, first, NULL, entities, "method:password", places);
    (void)snprintf(places, sizeof places, "%u %u", day * 100 + from + 1, day * 100 + to);
    matter_see(matter, OBSERVED_SESSION, 1, first, last, entities, NULL, places);
}

static void use_daily(struct matter *matter, unsigned first, unsigned last, const char *source)
{
    for (unsigned day = first; day <= last; day++) {
        use(matter, day, 8, 16, source);
    }
}

static void a_new_network_beside_the_usual_one_is_a_question(void **state)
{
    (void)state;
    struct matter matter;
    begin(&matter);
    use_daily(&matter, 2, 5, HOME);
    use(&matter, 5, 12, 13, AWAY);
    assert_matter(&matter, "finding",
                  RULE " low 0.30 T1078 2026-03-05T12:00:00Z account/account=anna"
                       " address/source=198.51.100.9"
                       " host/victim=web01 usual_network_days#4 day_threshold#3 [auth.log:512]"
                       " [auth.log:509] [auth.log:516]\n");
    assert_matter(&matter, "incident", "");
    matter_done(&matter);
}

static void two_networks_used_side_by_side_are_a_habit(void **state)
{
    (void)state;
    struct matter matter;
    begin(&matter);
    use_daily(&matter, 2, 9, HOME);
    for (unsigned day = 5; day <= 7; day++) {
        use(&matter, day, 12, 13, AWAY);
    }
    assert_matter(&matter, "finding", "");
    matter_done(&matter);
}

/* `day` and hours of one use of `source` beside the usual one from the 2nd to `last`. */
static void assert_silent(unsigned last, unsigned day, unsigned from, unsigned to,
                          const char *usual, const char *source)
{
    struct matter matter;
    begin(&matter);
    use_daily(&matter, 2, last, usual);
    use(&matter, day, from, to, source);
    assert_matter(&matter, "finding", "");
    matter_done(&matter);
}

static void what_is_not_at_once_or_not_new_is_nothing(void **state)
{
    (void)state;
    assert_silent(5, 5, 17, 18, HOME, AWAY);          /* after the session */
    assert_silent(5, 5, 7, 18, HOME, AWAY);           /* it began before */
    assert_silent(3, 3, 12, 13, HOME, AWAY);          /* nothing is usual yet */
    assert_silent(5, 5, 12, 13, HOME, "203.0.200.1"); /* the same provider */
    assert_silent(5, 5, 12, 13, HOME, "10.0.0.9");    /* inside */
    assert_silent(5, 5, 12, 13, "10.0.0.9", AWAY);
}

static void the_owners_addresses_are_no_other_place(void **state)
{
    (void)state;
    static const char *const sites[] = {"networks: [198.51.100.0/24]\n",
                                        "administrators:\n  addresses: [198.51.100.9]\n"};
    for (size_t i = 0; i < 2; i++) {
        struct matter matter;
        begin(&matter);
        struct tree tree;
        struct tree_fault fault;
        assert_ok(tree_of_yaml(bytes_of_text(sites[i]), matter.arena, &tree, &fault));
        assert_ok(site_read(tree.nodes, &matter.site, &fault));
        use_daily(&matter, 2, 5, HOME);
        use(&matter, 5, 12, 13, AWAY);
        assert_matter(&matter, "finding", "");
        matter_done(&matter);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_network_beside_the_usual_one_is_a_question),
        cmocka_unit_test(two_networks_used_side_by_side_are_a_habit),
        cmocka_unit_test(what_is_not_at_once_or_not_new_is_nothing),
        cmocka_unit_test(the_owners_addresses_are_no_other_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
