#include "report/report_json.h"

#include "explain/telling.h"

#include "codec/json_read.h"

static const struct tree_node *write(struct matter *matter)
{
    AUTO(text_done) struct text text = text_of_limit(8U << 20);
    assert_ok(report_write(&matter->report, &text));
    assert_true(text.data[text.size - 1] == '\n');
    struct bytes copy;
    assert_ok(arena_copy(matter->arena, text_bytes(&text), &copy));
    struct tree tree;
    struct tree_fault fault;
    assert_ok(tree_of_json(copy, matter->arena, &tree, &fault));
    return tree.nodes;
}

static const struct tree_node *item(const struct tree_node *list, size_t index)
{
    const struct tree_node *child = tree_first(list);
    for (size_t i = 0; i < index; i++) {
        child = tree_next(list, child);
    }
    return child;
}

/* The keys of a map in order, with a space between. */
static void assert_keys(const struct tree_node *map, const char *expected)
{
    AUTO(text_done) struct text keys = text_of_limit(1000);
    for (const struct tree_node *child = tree_first(map); child != NULL;
         child = tree_next(map, child)) {
        text_add(&keys, keys.size > 0 ? " " : "");
        text_add_raw(&keys, child->key);
    }
    assert_string_equal(text_terminated(&keys), expected);
}

static void a_report_has_the_shape_programs_expect(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    telling_intrusion(&matter);
    telling_tell(&matter);
    const struct tree_node *root = write(&matter);
    assert_keys(root, "tocsin verdict partial summary evidence findings findings_dropped"
                      " incidents incidents_dropped glossary sentences_dropped reading_grade");
    assert_keys(tree_member(root, "tocsin"), "version schema rules models");
    int64_t schema = 0;
    assert_true(tree_integer(tree_member(tree_member(root, "tocsin"), "schema"), &schema));
    assert_int_equal(schema, REPORT_SCHEMA_VERSION);
    const struct tree_node *evidence = item(tree_member(root, "evidence"), 0);
    assert_keys(evidence, "path sha256 size also kind examined why verdict coverage anomalies"
                          " carried carried_dropped");
    assert_keys(tree_member(evidence, "coverage"), "first last time_note hosts counts");
    const struct tree_node *finding = item(tree_member(root, "findings"), 0);
    assert_keys(finding, "id rule title technique severity confidence first last entities facts"
                         " cites cites_dropped");
    assert_keys(item(tree_member(finding, "entities"), 0), "kind name role");
    assert_keys(item(tree_member(finding, "cites"), 0), "kind at excerpt");
    const struct tree_node *incident = item(tree_member(root, "incidents"), 0);
    assert_keys(incident, "id verdict severity confidence title first last stages entities"
                          " findings unknown disproof story plan");
    assert_keys(item(tree_member(incident, "stages"), 0),
                "kind title first last time_is_inferred technique findings");
    const struct tree_node *story = tree_member(incident, "story");
    assert_keys(story, "leader responder analyst");
    assert_keys(item(tree_member(story, "leader"), 0), "text paragraph cites");
    assert_keys(item(tree_member(item(tree_member(story, "leader"), 0), "cites"), 0),
                "kind at");
    assert_keys(item(tree_member(incident, "plan"), 0),
                "id phase do command breaks undo approve cites");
    matter_done(&matter);
}

static void facts_keep_their_type_and_times_their_form(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    const struct fact facts[] = {
        fact_count("count", UINT64_C(1) << 62),
        fact_number("number", 2),
        fact_size("size", 12),
        fact_duration("duration", 1500000000),
        fact_moment("moment", matter_moment(MATTER_DAY "02:00:00Z")),
        fact_text("text", bytes_of_text("203.0.113.7\033\xff")),
    };
    struct report_finding finding = {.facts = facts, .fact_count = 6};
    matter.report.findings = &finding;
    matter.report.finding_count = 1;
    const struct tree_node *root = write(&matter);
    const struct tree_node *written = item(tree_member(root, "findings"), 0);
    const struct tree_node *read = tree_member(written, "facts");
    int64_t integer = 0;
    assert_true(tree_integer(tree_member(read, "count"), &integer));
    assert_true(integer == INT64_C(1) << 62);
    assert_false(tree_integer(tree_member(read, "number"), &integer));
    assert_true(tree_integer(tree_member(tree_member(read, "size"), "bytes"), &integer));
    assert_int_equal(integer, 12);
    double number = 0;
    assert_true(tree_number(tree_member(tree_member(read, "duration"), "seconds"), &number));
    assert_true(number > 1.49 && number < 1.51);
    assert_bytes(tree_text(tree_member(tree_member(read, "moment"), "time")),
                 "2026-03-03T02:00:00Z");
    /* Plain to programs; a byte that is no UTF-8 is named. */
    assert_bytes(tree_text(tree_member(read, "text")), "203.0.113.7\033\xef\xbf\xbd"
                                                       "ff");
    assert_true(tree_is(tree_member(written, "first"), TREE_NULL));
    matter_done(&matter);
}

static void carried_files_stand_under_their_capture(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    struct report_carried carried = {
        .name = bytes_of_text("tool"),
        .from = bytes_of_text("203.0.113.7:8080"),
        .kind = bytes_of_text("ELF program"),
        .at = matter_moment(MATTER_DAY "02:00:00Z"),
        .size = 80008,
        .is_whole = true,
        .sha256 = bytes_of_text("abcd"),
    };
    assert_ok(citation_read(bytes_of_text("c.pcap!/flow-1/1-tool"), &carried.citation));
    struct report_evidence evidence = {.path = bytes_of_text("c.pcap"),
                                       .carried = &carried,
                                       .carried_count = 1,
                                       .carried_dropped = 7};
    matter.report.evidence = &evidence;
    matter.report.evidence_count = 1;
    const struct tree_node *row = item(tree_member(write(&matter), "evidence"), 0);
    const struct tree_node *written = item(tree_member(row, "carried"), 0);
    assert_keys(written, "name type size whole sha256 protocol from to host time kind at");
    assert_bytes(tree_text(tree_member(written, "name")), "tool");
    assert_bytes(tree_text(tree_member(written, "from")), "203.0.113.7:8080"); /* plain */
    assert_bytes(tree_text(tree_member(written, "type")), "ELF program");
    assert_bytes(tree_text(tree_member(written, "time")), "2026-03-03T02:00:00Z");
    assert_bytes(tree_text(tree_member(written, "at")), "c.pcap!/flow-1/1-tool");
    int64_t dropped = 0;
    assert_true(tree_integer(tree_member(row, "carried_dropped"), &dropped));
    assert_int_equal(dropped, 7);
    matter_done(&matter);
}

static void nothing_hidden_stands_in_it(void **state)
{
    (void)state;
    const struct entity entity = {ENTITY_HOST, ROLE_VICTIM,
                                  BYTES_LITERAL("\033[2J\xe2\x80\xae<script>\"\x80")};
    struct report_finding finding = {.entities = &entity, .entity_count = 1};
    const struct report report = {.findings = &finding, .finding_count = 1};
    AUTO(text_done) struct text text = text_of_limit(1U << 20);
    assert_ok(report_write(&report, &text));
    struct bytes rest = text_bytes(&text);
    while (rest.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(rest, &code_point);
        assert_true(size > 0);
        assert_true(code_point == '\n' || !text_is_hidden(code_point));
        rest = bytes_from(rest, size);
    }
    assert_non_null(strstr(text_terminated(&text), "\\u001b[2J\\u202e<script>\\\""));
}

static void a_plan_is_written_alone_too(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    telling_tell(&matter);
    AUTO(text_done) struct text text = text_of_limit(1U << 20);
    assert_ok(report_plan_write(&matter.report, &text));
    struct tree tree;
    struct tree_fault fault;
    assert_ok(tree_of_json(text_bytes(&text), matter.arena, &tree, &fault));
    const struct tree_node *incident = item(tree_member(tree.nodes, "incidents"), 0);
    assert_keys(incident, "id title plan");
    assert_int_equal(tree_child_count(tree_member(incident, "plan")),
                     matter.report.incidents[0].plan_count);
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_has_the_shape_programs_expect),
        cmocka_unit_test(facts_keep_their_type_and_times_their_form),
        cmocka_unit_test(carried_files_stand_under_their_capture),
        cmocka_unit_test(nothing_hidden_stands_in_it),
        cmocka_unit_test(a_plan_is_written_alone_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
