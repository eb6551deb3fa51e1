#include "record/examination.h"

#include "check.h"
#include "make/artifact.h"

#include <string.h>

struct fixture {
    struct arena *arena;
    struct examination examination;
    struct finding finding;
    struct observation observation;
    struct bytes technique;
    struct entity entity;
    struct fact facts[FACT_KIND_COUNT];
    struct cite cites[2];
    struct text message;
};

static int begin(void **state)
{
    static struct fixture f;
    f = (struct fixture){.arena = arena_new(1 << 20), .message = text_of_limit(1 << 20)};
    coverage_init(&f.examination.coverage, f.arena);
    f.technique = bytes_of_text("T1110.001");
    f.entity = (struct entity){ENTITY_ADDRESS, ROLE_SOURCE, bytes_of_text("203.0.113.7")};
    f.facts[0] = fact_count("failure_count", 312);
    f.facts[1] = fact_size("client_bytes", EXAMINATION_QUANTITY_MAX);
    f.facts[2] = fact_duration("interval_median", 60);
    f.facts[3] = fact_number("spread", 0.25);
    f.facts[4] = fact_moment("at", moment_of_unix(7, 8));
    f.facts[5] = fact_text("user_agent", bytes_of_text("\xff any bytes"));
    f.cites[0] = (struct cite){place_line(0, 88), bytes_of_text("Failed password")};
    f.cites[1] = (struct cite){place_bytes(0, 4, 9), BYTES_NONE};
    f.finding = (struct finding){
        .rule = bytes_of_text("behaviour/guessing"),
        .title = bytes_of_text("Passwords were guessed"),
        .techniques = &f.technique,
        .technique_count = 1,
        .severity = SEVERITY_MEDIUM,
        .confidence = 0.95,
        .first = moment_of_unix(10, 0),
        .last = moment_of_unix(20, 0),
        .entities = &f.entity,
        .entity_count = 1,
        .facts = f.facts,
        .fact_count = FACT_KIND_COUNT,
        .cites = f.cites,
        .cite_count = 2,
        .cites_dropped = 3,
    };
    f.observation = (struct observation){
        .kind = OBSERVED_LOGIN_FAILURES,
        .count = 312,
        .entities = &f.entity,
        .entity_count = 1,
        .cites = f.cites,
        .cite_count = 1,
    };
    f.examination.findings = &f.finding;
    f.examination.finding_count = 1;
    f.examination.findings_dropped = 4;
    f.examination.observations = &f.observation;
    f.examination.observation_count = 1;
    f.examination.observations_dropped = 5;
    *state = &f;
    return 0;
}

static int end(void **state)
{
    struct fixture *f = *state;
    text_done(&f->message);
    arena_done(&f->arena);
    return 0;
}

static enum status write_and_read(struct fixture *f, struct examination *out)
{
    text_clear(&f->message);
    examination_write(&f->message, &f->examination);
    assert_ok(text_status(&f->message));
    return examination_read(text_bytes(&f->message), f->arena, out);
}

static void assert_refused(struct fixture *f)
{
    static struct examination out;
    assert_status(write_and_read(f, &out), STATUS_MALFORMED);
}

/* No evidence has so many: a sum that ran over, or a message that lies. */
static void quantities_have_a_limit(void **state)
{
    struct fixture *f = *state;
    static struct examination read;
    f->facts[0].count = UINT64_MAX;
    f->facts[2].count = UINT64_MAX;
    f->observation.count = UINT64_MAX;
    coverage_count_add(&f->examination.coverage, "lines", UINT64_MAX);
    assert_ok(write_and_read(f, &read));
    assert_int_equal(read.findings[0].facts[0].count, EXAMINATION_QUANTITY_MAX);
    assert_int_equal(read.findings[0].facts[2].count, EXAMINATION_DURATION_NS_MAX);
    assert_int_equal(read.observations[0].count, EXAMINATION_QUANTITY_MAX);
    assert_int_equal(read.coverage.counts[0].count, EXAMINATION_QUANTITY_MAX);
    /* The last number of the message is how many observations were dropped. */
    uint8_t *last = (uint8_t *)&f->message.data[f->message.size - 8];
    memset(last, 0, 8);
    last[6] = 0x20;
    assert_ok(examination_read(text_bytes(&f->message), f->arena, &read));
    last[0] = 1;
    assert_status(examination_read(text_bytes(&f->message), f->arena, &read), STATUS_MALFORMED);
}

static void what_is_written_is_read(void **state)
{
    struct fixture *f = *state;
    static struct examination read;
    assert_ok(write_and_read(f, &read));
    assert_int_equal(read.finding_count, 1);
    assert_int_equal(read.findings_dropped, 4);
    assert_int_equal(read.observations_dropped, 5);
    const struct finding *finding = &read.findings[0];
    assert_bytes(finding->rule, "behaviour/guessing");
    assert_bytes(finding->techniques[0], "T1110.001");
    assert_int_equal(finding->severity, SEVERITY_MEDIUM);
    assert_true(finding->confidence == 0.95);
    assert_int_equal(moment_compare(finding->last, moment_of_unix(20, 0)), 0);
    assert_bytes(finding->entities[0].name, "203.0.113.7");
    assert_int_equal(finding->entities[0].role, ROLE_SOURCE);
    assert_true(finding->facts[1].count == EXAMINATION_QUANTITY_MAX);
    assert_true(finding->facts[3].number == 0.25);
    assert_int_equal(moment_compare(finding->facts[4].moment, moment_of_unix(7, 8)), 0);
    assert_bytes(fact_find(finding->facts, finding->fact_count, "user_agent")->text,
                 "\xff any bytes");
    assert_null(fact_find(finding->facts, finding->fact_count, "other"));
    assert_int_equal(finding->cites[0].place.first, 88);
    assert_bytes(finding->cites[0].excerpt, "Failed password");
    assert_int_equal(finding->cites_dropped, 3);
    assert_int_equal(read.observations[0].count, 312);
    assert_int_equal(read.observations[0].cite_count, 1);
}

/* Six observations of two kinds, the n-th standing for `counts[n]`. */
static void six_observations(struct fixture *f, struct observation *observations)
{
    static const uint64_t counts[] = {5, 1, 9, 1, 2, 9};
    for (size_t i = 0; i < 6; i++) {
        observations[i] = f->observation;
        observations[i].kind = i < 4 ? OBSERVED_TRAFFIC : OBSERVED_LOGIN;
        observations[i].count = counts[i];
    }
    f->examination.observations = observations;
    f->examination.observation_count = 6;
}

static void what_stands_for_most_is_kept_of_each_kind(void **state)
{
    struct fixture *f = *state;
    struct observation observations[6];
    six_observations(f, observations);
    struct examination read;
    assert_ok(write_and_read(f, &read));
    assert_int_equal(read.observation_count, 6);
    struct examination_room room = {SIZE_MAX, 3};
    assert_ok(examination_read_within(text_bytes(&f->message), f->arena, &room, &read));
    assert_int_equal(read.observation_count, 3);
    assert_int_equal(read.observations_dropped, 5 + 3);
    assert_int_equal(read.observations[0].kind, OBSERVED_TRAFFIC);
    assert_int_equal(read.observations[0].count, 9);
    assert_int_equal(read.observations[1].count, 2);
    assert_int_equal(read.observations[2].count, 9);
    assert_bytes(read.observations[2].entities[0].name, "203.0.113.7");
}

static void the_worst_findings_are_kept(void **state)
{
    struct fixture *f = *state;
    struct finding findings[4];
    static const enum severity severities[] = {SEVERITY_LOW, SEVERITY_HIGH, SEVERITY_INFO,
                                               SEVERITY_LOW};
    for (size_t i = 0; i < 4; i++) {
        findings[i] = f->finding;
        findings[i].severity = severities[i];
        findings[i].confidence = (double)i / 10;
    }
    f->examination.findings = findings;
    f->examination.finding_count = 4;
    struct examination read;
    struct examination_room room = {2, SIZE_MAX};
    assert_ok(write_and_read(f, &read));
    assert_ok(examination_read_within(text_bytes(&f->message), f->arena, &room, &read));
    assert_int_equal(read.finding_count, 2);
    assert_int_equal(read.findings_dropped, 4 + 2);
    assert_true(read.findings[0].confidence == 0);
    assert_int_equal(read.findings[1].severity, SEVERITY_HIGH);
    assert_int_equal(read.observation_count, 1);
    room = (struct examination_room){0, 0};
    assert_ok(examination_read_within(text_bytes(&f->message), f->arena, &room, &read));
    assert_int_equal(read.finding_count + read.observation_count, 0);
}

static void a_message_is_measured_without_being_kept(void **state)
{
    struct fixture *f = *state;
    struct observation observations[6];
    six_observations(f, observations);
    struct examination read;
    struct examination_room room;
    assert_ok(write_and_read(f, &read));
    assert_ok(examination_measure(text_bytes(&f->message), &room));
    assert_int_equal(room.findings, 1);
    assert_int_equal(room.observations, 6);
    assert_int_equal(room.carried, 0);
    struct bytes cut = bytes_part(text_bytes(&f->message), 0, f->message.size - 9);
    assert_status(examination_measure(cut, &room), STATUS_TRUNCATED);
}

static void coverage_survives_the_way(void **state)
{
    struct fixture *f = *state;
    struct coverage *coverage = &f->examination.coverage;
    coverage->kind = "system log";
    coverage->examined = EXAMINED_PARTLY;
    coverage->why = "steps ran out";
    coverage_time(coverage, moment_of_unix(50, 0));
    coverage_host(coverage, bytes_of_text("web01"));
    coverage_count_add(coverage, "lines", 9);
    uint32_t member = 0;
    assert_ok(coverage_member(coverage, 0, bytes_of_text("inner"), &member));
    coverage_anomaly(coverage, "a damaged line", place_line(member, 3));
    static struct examination read;
    assert_ok(write_and_read(f, &read));
    assert_string_equal(read.coverage.kind, "system log");
    assert_string_equal(read.coverage.why, "steps ran out");
    assert_int_equal(read.coverage.examined, EXAMINED_PARTLY);
    assert_bytes(read.coverage.hosts[0], "web01");
    assert_int_equal(coverage_count_get(&read.coverage, "lines"), 9);
    assert_bytes(read.coverage.members[1], "inner");
    assert_string_equal(read.coverage.anomalies[0].what, "a damaged line");
    assert_int_equal(read.coverage.anomalies[0].place.member, 1);
}

static void carry(struct fixture *f, bool is_whole)
{
    struct artifact artifact = make_artifact("t\xff");
    artifact.is_whole = is_whole;
    coverage_carried(&f->examination.coverage, 0, bytes_of_text("flow-1/1-t"), &artifact,
                     moment_of_unix(7, 8));
}

static void carried_files_survive_the_way(void **state)
{
    struct fixture *f = *state;
    carry(f, true);
    carry(f, false);
    f->examination.coverage.carried_dropped = 3;
    f->examination.coverage.carried[1].size = UINT64_MAX;
    static struct examination read;
    assert_ok(write_and_read(f, &read));
    assert_int_equal(read.coverage.carried_count, 2);
    assert_int_equal(read.coverage.carried_dropped, 3);
    const struct carried *carried = &read.coverage.carried[0];
    assert_bytes(carried->path, "flow-1/1-t");
    assert_bytes(carried->name, "t\xff");
    assert_bytes(carried->host, "files.test");
    assert_bytes(carried->from, "203.0.113.7:8080");
    assert_bytes(carried->to, "10.0.0.5:40000");
    assert_string_equal(carried->protocol, "http");
    assert_string_equal(carried->kind, "ELF program");
    assert_int_equal(moment_compare(carried->at, moment_of_unix(7, 8)), 0);
    assert_int_equal(carried->size, 80008);
    assert_true(carried->is_whole);
    assert_int_equal(carried->sha256.bytes[1], 0xcd);
    assert_false(read.coverage.carried[1].is_whole);
    assert_int_equal(read.coverage.carried[1].sha256.bytes[1], 0);
    assert_int_equal(read.coverage.carried[1].size, EXAMINATION_QUANTITY_MAX);
    /* What was read is written as it was. */
    AUTO(text_done) struct text again = text_of_limit(1U << 20);
    examination_write(&again, &read);
    assert_true(bytes_equal(text_bytes(&again), text_bytes(&f->message)));
}

static void carried_files_beyond_the_room_are_counted(void **state)
{
    struct fixture *f = *state;
    carry(f, true);
    carry(f, false);
    carry(f, true);
    f->examination.coverage.carried_dropped = 7;
    static struct examination read;
    struct examination_room room;
    assert_ok(write_and_read(f, &read));
    assert_ok(examination_measure(text_bytes(&f->message), &room));
    assert_int_equal(room.carried, 3);
    room.carried = 1;
    assert_ok(examination_read_within(text_bytes(&f->message), f->arena, &room, &read));
    assert_int_equal(read.coverage.carried_count, 1);
    assert_true(read.coverage.carried[0].is_whole);
    assert_int_equal(read.coverage.carried_dropped, 7 + 2);
    assert_int_equal(read.finding_count, 1);
    /* One that is passed over is checked like one that is kept. */
    f->examination.coverage.carried[2].path = bytes_of_text("a b");
    text_clear(&f->message);
    examination_write(&f->message, &f->examination);
    assert_status(examination_read_within(text_bytes(&f->message), f->arena, &room, &read),
                  STATUS_MALFORMED);
}

static void carried_files_that_are_none_are_refused(void **state)
{
    struct fixture *f = *state;
    static struct examination read;
    carry(f, true);
    struct carried *carried = &f->examination.coverage.carried[0];
    const struct carried right = *carried;
    carried->path = bytes_of_text("flow 1");
    assert_refused(f);
    *carried = right;
    carried->kind = NULL;
    assert_refused(f);
    *carried = right;
    carried->protocol = "a\nb";
    assert_refused(f);
    *carried = right;
    carried->at.ns = INT64_MAX;
    assert_refused(f);
    *carried = right;
    static const uint8_t large[CARRIED_PATH_SIZE_MAX + 1];
    carried->name = (struct bytes){large, CARRIED_NAME_SIZE_MAX + 1};
    assert_status(write_and_read(f, &read), STATUS_LIMIT);
    *carried = right;
    carried->from = (struct bytes){large, CARRIED_ADDRESS_SIZE_MAX + 1};
    assert_status(write_and_read(f, &read), STATUS_LIMIT);
    *carried = right;
    carried->path = (struct bytes){large, sizeof large};
    assert_status(write_and_read(f, &read), STATUS_LIMIT);
    static struct carried many[CARRIED_MAX + 1];
    for (size_t i = 0; i <= CARRIED_MAX; i++) {
        many[i] = right;
    }
    f->examination.coverage.carried = many;
    f->examination.coverage.carried_count = CARRIED_MAX + 1;
    assert_status(write_and_read(f, &read), STATUS_LIMIT);
    f->examination.coverage.carried_count = CARRIED_MAX;
    assert_ok(write_and_read(f, &read));
}

/* The state that a watch keeps may hold a message of the version before. */
static void a_message_without_carried_files_is_read(void **state)
{
    struct fixture *f = *state;
    static struct examination read;
    f->examination.finding_count = 0;
    f->examination.observation_count = 0;
    assert_ok(write_and_read(f, &read));
    /* Behind the coverage stand two counts of each, 4 and 8 bytes; so do the carried files. */
    size_t counts = 12;
    AUTO(text_done) struct text older = text_of_limit(1U << 20);
    struct bytes whole = text_bytes(&f->message);
    text_add_raw(&older, bytes_part(whole, 0, whole.size - 3 * counts));
    text_add_raw(&older, bytes_from(whole, whole.size - 2 * counts));
    assert_status(examination_read(text_bytes(&older), f->arena, &read), STATUS_TRUNCATED);
    older.data[4] = 1;
    assert_ok(examination_read(text_bytes(&older), f->arena, &read));
    assert_int_equal(read.coverage.carried_count, 0);
    assert_int_equal(read.findings_dropped, 4);
    for (unsigned version = 0; version < 256; version += version == 0 ? 3 : 1) {
        older.data[4] = (char)version;
        assert_status(examination_read(text_bytes(&older), f->arena, &read), STATUS_MALFORMED);
    }
}

static void hostile_names_do_not_cost_the_message(void **state)
{
    struct fixture *f = *state;
    AUTO(text_done) struct text name = text_of_limit(70000);
    text_add_repeat(&name, "\xff", 60000);
    coverage_host(&f->examination.coverage, text_bytes(&name));
    uint32_t member = 0;
    assert_status(coverage_member(&f->examination.coverage, 0, text_bytes(&name), &member),
                  STATUS_LIMIT);
    static struct examination read;
    assert_ok(write_and_read(f, &read));
    assert_int_equal(read.coverage.host_count, 1);
}

static void any_shorter_message_is_refused(void **state)
{
    struct fixture *f = *state;
    static struct examination read;
    carry(f, true);
    assert_ok(write_and_read(f, &read));
    for (size_t size = 0; size < f->message.size; size++) {
        struct bytes part = bytes_part(text_bytes(&f->message), 0, size);
        assert_int_not_equal(examination_read(part, f->arena, &read), STATUS_OK);
    }
    text_add(&f->message, "x");
    assert_status(examination_read(text_bytes(&f->message), f->arena, &read), STATUS_MALFORMED);
}

static void values_out_of_range_are_refused(void **state)
{
    struct fixture *f = *state;
    f->finding.confidence = 1.5;
    assert_refused(f);
    f->finding.confidence = 0.5;
    f->finding.severity = SEVERITY_COUNT;
    assert_refused(f);
    f->finding.severity = SEVERITY_LOW;
    f->observation.kind = OBSERVATION_KIND_COUNT;
    assert_refused(f);
    f->observation.kind = OBSERVED_LOGIN;
    f->entity.role = ROLE_COUNT;
    assert_refused(f);
    f->entity.role = ROLE_TOOL;
    f->finding.first.ns = INT64_MAX;
    assert_refused(f);
    f->finding.first.ns = 0;
    static struct examination read;
    assert_ok(write_and_read(f, &read));
}

static void places_that_are_none_are_refused(void **state)
{
    struct fixture *f = *state;
    f->cites[0].place = place_line(1, 1);
    assert_refused(f);
    f->cites[0].place = (struct place){PLACE_LINES, 0, 9, 8};
    assert_refused(f);
    f->cites[0].place = (struct place){PLACE_KIND_COUNT, 0, 1, 1};
    assert_refused(f);
    f->cites[0].place = place_line(0, 1);
    f->examination.coverage.anomalies[0] = (struct anomaly){"a", place_line(1, 1), 1};
    f->examination.coverage.anomaly_count = 1;
    assert_refused(f);
}

static void words_of_ours_must_look_like_ours(void **state)
{
    struct fixture *f = *state;
    f->finding.rule = bytes_of_text("a rule");
    assert_refused(f);
    f->finding.rule = bytes_of_text("rule\x1b");
    assert_refused(f);
    f->finding.rule = bytes_of_text("rule");
    f->facts[0].name = bytes_of_text("a\"b");
    assert_refused(f);
    f->facts[0].name = bytes_of_text("a");
    f->examination.coverage.kind = "system\nlog";
    assert_refused(f);
}

static void more_than_the_limits_is_refused(void **state)
{
    struct fixture *f = *state;
    static struct entity many[FINDING_ENTITIES_MAX + 1];
    static struct examination read;
    f->finding.entities = many;
    f->finding.entity_count = FINDING_ENTITIES_MAX + 1;
    assert_status(write_and_read(f, &read), STATUS_LIMIT);
    f->finding.entity_count = FINDING_ENTITIES_MAX;
    assert_ok(write_and_read(f, &read));
    static char large[EXCERPT_SIZE_MAX + 1];
    f->cites[0].excerpt = (struct bytes){(const uint8_t *)large, sizeof large};
    assert_status(write_and_read(f, &read), STATUS_LIMIT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_read),
        TEST(quantities_have_a_limit),
        TEST(what_stands_for_most_is_kept_of_each_kind),
        TEST(the_worst_findings_are_kept),
        TEST(a_message_is_measured_without_being_kept),
        TEST(coverage_survives_the_way),
        TEST(carried_files_survive_the_way),
        TEST(carried_files_beyond_the_room_are_counted),
        TEST(carried_files_that_are_none_are_refused),
        TEST(a_message_without_carried_files_is_read),
        TEST(hostile_names_do_not_cost_the_message),
        TEST(any_shorter_message_is_refused),
        TEST(values_out_of_range_are_refused),
        TEST(places_that_are_none_are_refused),
        TEST(words_of_ours_must_look_like_ours),
        TEST(more_than_the_limits_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
