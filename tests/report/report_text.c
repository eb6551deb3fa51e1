#include "report/report_text.h"

#include "explain/telling.h"
#include "report/carried_line.h"

static struct text page_of_matter(struct matter *matter, enum audience audience,
                                  unsigned columns, bool colour)
{
    struct text out = text_of_limit(1U << 20);
    assert_ok(report_text(&matter->report, audience, columns, colour, &out));
    return out;
}

static void assert_shows(struct matter *matter, enum audience audience, const char *part,
                         bool expected)
{
    AUTO(text_done) struct text out = page_of_matter(matter, audience, 0, false);
    if ((strstr(text_terminated(&out), part) != NULL) != expected) {
        fail_msg("\"%s\" %s in:\n%s", part, expected ? "is not" : "is", text_terminated(&out));
    }
}

static void open_told(struct matter *matter)
{
    matter_open(matter);
    telling_intrusion(matter);
    telling_tell(matter);
}

static void a_leader_gets_what_to_know_and_decide(void **state)
{
    (void)state;
    struct matter matter;
    open_told(&matter);
    assert_shows(&matter, AUDIENCE_LEADER, "Verdict: malicious\n\nSomeone got into", true);
    assert_shows(&matter, AUDIENCE_LEADER, "How bad: critical. How sure: 99 in 100. [Brackets]",
                 true);
    assert_shows(&matter, AUDIENCE_LEADER, "Decide now: may we take web01 off", true);
    assert_shows(&matter, AUDIENCE_LEADER,
                 "Timeline (UTC, 2026-03-03)\n"
                 "  02:10:00  \xe2\x94\x9c Passwords guessed\n"
                 "  02:14:02  \xe2\x94\x9c A login succeeded from the address that guessed",
                 true);
    assert_shows(&matter, AUDIENCE_LEADER, "  02:40:00  \xe2\x94\x94 behaviour/upload\n", true);
    assert_shows(&matter, AUDIENCE_LEADER, "  [ ] take web01 off the network\n", true);
    assert_shows(&matter, AUDIENCE_LEADER, "more steps for those who do the work", true);
    /* No technique, command or excerpt. */
    assert_shows(&matter, AUDIENCE_LEADER, "T1110", false);
    assert_shows(&matter, AUDIENCE_LEADER, "$ ", false);
    assert_shows(&matter, AUDIENCE_LEADER, "Findings", false);
    matter_done(&matter);
}

static void a_leader_gets_at_most_a_printed_page(void **state)
{
    (void)state;
    struct matter matter;
    open_told(&matter);
    AUTO(text_done) struct text out = page_of_matter(&matter, AUDIENCE_LEADER, 80, false);
    size_t lines = 0;
    struct bytes rest = text_bytes(&out);
    struct bytes line;
    while (bytes_split(&rest, '\n', &line)) {
        lines++;
        assert_true(line.size <= 90); /* bytes: a line of 80 columns with marks */
    }
    assert_true(lines <= 66);
    matter_done(&matter);
}

static void the_headline_is_told_once(void **state)
{
    (void)state;
    struct matter matter;
    open_told(&matter);
    AUTO(text_done) struct text out = page_of_matter(&matter, AUDIENCE_LEADER, 0, false);
    const char *first = strstr(text_terminated(&out), "Someone got into");
    assert_non_null(first);
    assert_null(strstr(first + 1, "Someone got into"));
    matter_done(&matter);
}

static void places_that_follow_each_other_are_named_once(void **state)
{
    (void)state;
    struct matter matter;
    open_told(&matter);
    AUTO(text_done) struct text out = page_of_matter(&matter, AUDIENCE_LEADER, 0, false);
    const char *first = strstr(text_terminated(&out), "[coverage:auth.log]");
    const char *last_of_three = strstr(text_terminated(&out), "05:00 on 3 March");
    assert_non_null(first);
    assert_non_null(last_of_three);
    assert_true(first > last_of_three);
    assert_null(strstr(first + 1, "[coverage:auth.log]"));
    matter_done(&matter);
}

static void a_responder_gets_the_plan_in_order_with_commands(void **state)
{
    (void)state;
    struct matter matter;
    open_told(&matter);
    assert_shows(&matter, AUDIENCE_RESPONDER, "severity critical, confidence 0.99\n", true);
    assert_shows(&matter, AUDIENCE_RESPONDER,
                 "What to do, in this order\ncheck\n  [ ] save the logs and settings of web01"
                 " before anything is changed\n      [playbook:guessed-password#1]\n      $"
                 " install -d",
                 true);
    assert_shows(&matter, AUDIENCE_RESPONDER, "\ncontain\n  [ ] take web01 off", true);
    assert_shows(
        &matter, AUDIENCE_RESPONDER,
        "      $ ip route add blackhole 203.0.113.7\n      Breaks: Everyone behind that"
        " address loses access.\n      Undo: ip route del blackhole 203.0.113.7\n"
        "      Who approves: the network's administrator\n",
        true);
    assert_shows(&matter, AUDIENCE_RESPONDER, "T1110.001", true);
    assert_shows(&matter, AUDIENCE_RESPONDER, "Findings", false);
    matter_done(&matter);
}

static void an_analyst_gets_everything(void **state)
{
    (void)state;
    struct matter matter;
    open_told(&matter);
    assert_shows(&matter, AUDIENCE_ANALYST,
                 "\nFindings\n  medium Passwords guessed T1110.001"
                 " confidence 0.95 behaviour/password-guessing\n"
                 "  2026-03-03T02:10:00Z\n    [auth.log:88] 88\n",
                 true);
    assert_shows(&matter, AUDIENCE_ANALYST, "    sha256 6108", true);
    assert_shows(&matter, AUDIENCE_ANALYST, "[attack:T1110.001]", true);
    matter_done(&matter);
}

static void several_days_are_named_in_the_timeline(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    matter_see(&matter, OBSERVED_SCHEDULE, 1, "2026-03-04T02:18:30Z", NULL,
               "account/actor=deploy host/victim=web01", NULL, "450");
    telling_tell(&matter);
    assert_shows(&matter, AUDIENCE_LEADER,
                 "Timeline (UTC)\n  2026-03-03 02:10:00  \xe2\x94\x9c Passwords guessed\n",
                 true);
    assert_shows(&matter, AUDIENCE_LEADER, "\n  2026-03-04 02:18:30  \xe2\x94\x94 The account",
                 true);
    matter_done(&matter);
}

static void times_that_are_inferred_or_unknown_are_marked(void **state)
{
    (void)state;
    const struct stage stages[] = {
        {.title = BYTES_LITERAL("One"), .first = {.is_known = true}, .time_is_inferred = true},
        {.title = BYTES_LITERAL("Two\033[2J")},
    };
    struct incident incident = {.stages = stages, .stage_count = 2};
    const struct report report = {.incidents = &incident, .incident_count = 1};
    AUTO(text_done) struct text out = text_of_limit(1U << 16);
    assert_ok(report_text(&report, AUDIENCE_LEADER, 0, false, &out));
    assert_non_null(strstr(text_terminated(&out),
                           "Timeline (UTC, 01-01)\n  ~00:00:00 \xe2\x94\x9c One\n"
                           "  unknown   \xe2\x94\x94 Two\\x1b[2J\n"));
}

static void small_things_are_short_for_a_leader(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    for (int i = 0; i < 12; i++) {
        matter_find(&matter, "test/small", "T1105", SEVERITY_LOW, 0.3, NULL, NULL, NULL,
                    i < 6 ? "3 4" : "5 6");
    }
    telling_tell(&matter);
    assert_shows(&matter, AUDIENCE_LEADER, "\nSmall things\n  test/small [a.log:", true);
    assert_shows(&matter, AUDIENCE_LEADER, "and 2 more\n", true);
    assert_shows(&matter, AUDIENCE_LEADER, "confidence", false);
    assert_shows(&matter, AUDIENCE_ANALYST, "  low test/small T1105 confidence 0.30", true);
    assert_shows(&matter, AUDIENCE_ANALYST, "and 2 more", false);
    matter_done(&matter);
}

static void a_leader_hears_of_evidence_only_what_is_amiss(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "good.log", "system log", NULL, NULL, NULL);
    struct matter_evidence *other =
        matter_add(&matter, "Security.evtx", "Windows event log", NULL, NULL, NULL);
    other->examination.coverage.examined = EXAMINED_NO;
    other->examination.coverage.why = "Windows event log: not examined yet";
    struct matter_evidence *damaged =
        matter_add(&matter, "x.pcap", "capture", NULL, NULL, NULL);
    coverage_anomaly(&damaged->examination.coverage, "the capture is cut short",
                     place_frame(0, 9));
    coverage_anomaly(&damaged->examination.coverage, "the capture is cut short",
                     place_frame(0, 10));
    matter_add(&matter, "y.log", "system log", "2026-03-03T02:00:00", "2026-03-03T02:00:00",
               NULL);
    telling_tell(&matter);
    assert_shows(&matter, AUDIENCE_LEADER, "\nAbout the evidence\n  Security.evtx Windows",
                 true);
    assert_shows(&matter, AUDIENCE_LEADER, "- Windows event log: not examined\n    yet\n",
                 true);
    assert_shows(&matter, AUDIENCE_LEADER,
                 "    ! the capture is cut short [x.pcap#frame=9] (2 times)\n", true);
    assert_shows(&matter, AUDIENCE_LEADER, "y.log system log nothing found - time zone", true);
    assert_shows(&matter, AUDIENCE_LEADER, "good.log system log", false);
    assert_shows(&matter, AUDIENCE_ANALYST, "good.log system log nothing found\n", true);
    matter_done(&matter);
}

static void carried_files_are_told_to_those_who_do_the_work(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    static struct report_carried carried[CARRIED_MAX];
    for (size_t i = 0; i < CARRIED_MAX; i++) {
        carried[i] = (struct report_carried){.name = bytes_of_text(i == 0 ? "tool" : "page"),
                                             .from = bytes_of_text("203.0.113.7:8080"),
                                             .to = bytes_of_text("10.0.0.5:40000"),
                                             .protocol = bytes_of_text("http"),
                                             .kind = bytes_of_text("ELF program"),
                                             .is_whole = true,
                                             .sha256 = bytes_of_text("abcd")};
        assert_ok(citation_read(bytes_of_text("c.pcap!/flow-1/1-x"), &carried[i].citation));
    }
    struct report_evidence evidence = {.path = bytes_of_text("c.pcap"),
                                       .examined = EXAMINED_PARTLY,
                                       .carried = carried,
                                       .carried_count = CARRIED_MAX,
                                       .carried_dropped = 9};
    matter.report.evidence = &evidence;
    matter.report.evidence_count = 1;
    for (enum audience audience = 0; audience < AUDIENCE_COUNT; audience++) {
        bool is_told = audience != AUDIENCE_LEADER;
        assert_shows(&matter, audience, "  c.pcap", true);
        assert_shows(&matter, audience, "    files that passed in it:\n      tool: ELF program",
                     is_told);
        assert_shows(&matter, audience, "SHA-256 abcd [c.pcap!/flow-1/1-x]", is_told);
        assert_shows(&matter, audience, "and 180 more in the JSON report\n", is_told);
        assert_shows(&matter, audience, "and 9 more that the report could not hold\n", is_told);
    }
    evidence.carried_count = 0;
    evidence.carried_dropped = 0;
    assert_shows(&matter, AUDIENCE_ANALYST, "files that passed", false);
    matter_done(&matter);
}

static void an_empty_report_says_so(void **state)
{
    (void)state;
    const struct report report = {0};
    AUTO(text_done) struct text out = text_of_limit(1U << 16);
    assert_ok(report_text(&report, AUDIENCE_LEADER, 0, false, &out));
    assert_string_equal(text_terminated(&out),
                        "Verdict: not examined\n\n"
                        "There was nothing to read: no file, or only empty folders.\n");
    AUTO(text_done) struct text plan = text_of_limit(1U << 16);
    assert_ok(report_text_plan(&report, 0, false, &plan));
    assert_string_equal(text_terminated(&plan),
                        "There is no incident in this report, so there is nothing to do.\n");
}

static void a_partial_report_says_so(void **state)
{
    (void)state;
    const struct report report = {.is_partial = true};
    AUTO(text_done) struct text out = text_of_limit(1U << 16);
    assert_ok(report_text(&report, AUDIENCE_LEADER, 100, false, &out));
    assert_non_null(
        strstr(text_terminated(&out), "(partial: stopped before all evidence was examined)\n"));
}

/* The longest line of prose in columns, for a page of `columns`. */
static size_t widest(struct matter *matter, unsigned columns)
{
    AUTO(text_done) struct text out = page_of_matter(matter, AUDIENCE_LEADER, columns, false);
    size_t most = 0;
    struct bytes rest = text_bytes(&out);
    struct bytes line;
    while (bytes_split(&rest, '\n', &line)) {
        size_t width = 0;
        while (line.size > 0) {
            uint32_t code_point;
            line = bytes_from(line, text_utf8_next(line, &code_point));
            width++;
        }
        most = width > most ? width : most;
    }
    return most;
}

static void the_page_is_as_wide_as_the_terminal_within_reason(void **state)
{
    (void)state;
    struct matter matter;
    open_told(&matter);
    assert_true(widest(&matter, 0) <= TEXT_COLUMNS_DEFAULT);
    assert_true(widest(&matter, 60) <= 60);
    assert_true(widest(&matter, 3) <= TEXT_COLUMNS_MIN);
    assert_true(widest(&matter, 1000) > 100);
    assert_true(widest(&matter, 1000) <= TEXT_COLUMNS_MAX);
    matter_done(&matter);
}

static void colours_change_no_word(void **state)
{
    (void)state;
    struct matter matter;
    open_told(&matter);
    AUTO(text_done) struct text plain = page_of_matter(&matter, AUDIENCE_ANALYST, 0, false);
    AUTO(text_done) struct text colour = page_of_matter(&matter, AUDIENCE_ANALYST, 0, true);
    AUTO(text_done) struct text stripped = text_of_limit(1U << 20);
    assert_true(colour.size > plain.size);
    struct bytes rest = text_bytes(&colour);
    while (rest.size > 0) {
        size_t mark = bytes_find_byte(rest, '\033');
        text_add_raw(&stripped, bytes_part(rest, 0, mark));
        rest = bytes_from(rest, mark);
        rest = bytes_from(rest, rest.size == 0 ? 0 : bytes_find_byte(rest, 'm') + 1);
    }
    assert_string_equal(text_terminated(&stripped), text_terminated(&plain));
    matter_done(&matter);
}

static void nothing_hidden_reaches_a_terminal(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a\033[2J.log", "system log", NULL, NULL, "w\033[1m\xe2\x80\xae");
    matter_find(&matter, "test/finding", "T1105", SEVERITY_HIGH, 0.9, MATTER_DAY "02:00:00Z",
                "host/victim=\033]0;x\a\xe2\x80\xaeweb file/tool=\xff\x80\n\r\b.sh",
                "via:\033[31m~\xc2\x9b", "7");
    struct finding *finding = &matter.evidence[0].findings[0];
    const struct cite cite = {place_line(0, 7), BYTES_LITERAL("\033[2J\xe2\x80\xae\x9b\r\n x")};
    finding->cites = &cite;
    finding->title = bytes_of_text("title \033[5m");
    telling_tell(&matter);
    for (enum audience i = 0; i < AUDIENCE_COUNT; i++) {
        AUTO(text_done) struct text out = page_of_matter(&matter, i, 0, false);
        struct bytes rest = text_bytes(&out);
        while (rest.size > 0) {
            uint32_t code_point = 0;
            size_t size = text_utf8_next(rest, &code_point);
            assert_true(size > 0);
            assert_true(code_point == '\n' || !text_is_hidden(code_point));
            rest = bytes_from(rest, size);
        }
    }
    matter_done(&matter);
}

static void a_plan_alone_is_a_checklist(void **state)
{
    (void)state;
    struct matter matter;
    open_told(&matter);
    AUTO(text_done) struct text plan = text_of_limit(1U << 20);
    assert_ok(report_text_plan(&matter.report, 0, false, &plan));
    assert_true(bytes_starts(text_bytes(&plan), "Someone got into the machine web01"));
    assert_non_null(strstr(text_terminated(&plan), "\ncheck\n  [ ] save the logs"));
    assert_null(strstr(text_terminated(&plan), "Timeline"));
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leader_gets_what_to_know_and_decide),
        cmocka_unit_test(a_leader_gets_at_most_a_printed_page),
        cmocka_unit_test(the_headline_is_told_once),
        cmocka_unit_test(places_that_follow_each_other_are_named_once),
        cmocka_unit_test(a_responder_gets_the_plan_in_order_with_commands),
        cmocka_unit_test(an_analyst_gets_everything),
        cmocka_unit_test(several_days_are_named_in_the_timeline),
        cmocka_unit_test(times_that_are_inferred_or_unknown_are_marked),
        cmocka_unit_test(small_things_are_short_for_a_leader),
        cmocka_unit_test(a_leader_hears_of_evidence_only_what_is_amiss),
        cmocka_unit_test(carried_files_are_told_to_those_who_do_the_work),
        cmocka_unit_test(an_empty_report_says_so),
        cmocka_unit_test(a_partial_report_says_so),
        cmocka_unit_test(the_page_is_as_wide_as_the_terminal_within_reason),
        cmocka_unit_test(colours_change_no_word),
        cmocka_unit_test(nothing_hidden_reaches_a_terminal),
        cmocka_unit_test(a_plan_alone_is_a_checklist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
