#include "correlate/owner.h"

#include "correlate/begin.h"

static const char site[] = "networks: [10.0.0.0/8, 203.0.113.64/26]\n"
                           "scanners: [10.0.0.7]\n"
                           "administrators:\n"
                           "  addresses: [10.0.0.9]\n";

/* How a finding of medium severity by `source` is judged, and what explains it. */
static void assert_lowered(const char *rule, const char *source, const char *section)
{
    struct matter matter;
    matter_open(&matter);
    struct tree tree;
    struct tree_fault fault;
    assert_ok(tree_of_yaml(bytes_of_text(site), matter.arena, &tree, &fault));
    assert_ok(site_read(tree.nodes, &matter.site, &fault));
    matter_add(&matter, "x.pcap", "capture", NULL, NULL, NULL);
    char entities[80];
    (void)snprintf(entities, sizeof entities, "address/source=%s address/victim=10.0.0.80",
                   source);
    matter_find(&matter, rule, "T1046", SEVERITY_MEDIUM, 0.9, MATTER_DAY "02:20:00Z", entities,
                "try_count#40", "#1");
    matter_settle(&matter);
    const struct report_finding *finding = &matter.report.findings[0];
    const struct fact *by = fact_find(finding->facts, finding->fact_count, "lowered_by_site");
    assert_int_equal(finding->severity, section == NULL ? SEVERITY_MEDIUM : SEVERITY_LOW);
    assert_string_equal(by == NULL ? "" : (const char *)by->text.data,
                        section == NULL ? "" : section);
    matter_done(&matter);
}

static void what_the_owners_scanner_does_is_low(void **state)
{
    (void)state;
    static const char *const rules[] = {"behaviour/port-scan", "behaviour/web-scan",
                                        "behaviour/web-attack", "behaviour/password-guessing",
                                        "behaviour/password-spraying"};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        assert_lowered(rules[i], "10.0.0.7", "scanners");
        assert_lowered(rules[i], "10.0.0.8", NULL);
    }
    assert_lowered("behaviour/web-shell", "10.0.0.7", NULL);
}

static void an_administrator_may_look_but_not_guess(void **state)
{
    (void)state;
    assert_lowered("behaviour/port-scan", "10.0.0.9", "administrators");
    assert_lowered("behaviour/password-guessing", "10.0.0.9", NULL);
}

static void the_own_network_explains_a_scan_from_outside_alone(void **state)
{
    (void)state;
    assert_lowered("behaviour/port-scan", "203.0.113.70", "networks");
    assert_lowered("behaviour/port-scan", "203.0.113.7", NULL);
    assert_lowered("behaviour/port-scan", "10.0.0.66", NULL);
    assert_lowered("behaviour/web-scan", "203.0.113.70", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_owners_scanner_does_is_low),
        cmocka_unit_test(an_administrator_may_look_but_not_guess),
        cmocka_unit_test(the_own_network_explains_a_scan_from_outside_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
