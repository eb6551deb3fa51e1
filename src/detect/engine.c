#include "detect/engine.h"

#include "base/number.h"
#include "detect/behaviour/behaviour.h"
#include "detect/capability/capability.h"
#include "detect/learned/learned.h"
#include "record/redact.h"

#include <string.h>

/* How much of a text is looked at for secrets, where little of it is kept. */
#define REDACTED_SIZE_MAX (4 * EXCERPT_SIZE_MAX)

/* clang-format off */
/* rows: one deleted at a time by make prove */
static const struct detector *const detectors[] = {
    &login_detector,
    &session_detector,
    &command_detector,
    &schedule_detector,
    &service_detector,
    &new_account_detector,
    &root_account_detector,
    &new_right_detector,
    &rights_file_detector,
    &new_key_detector,
    &password_detector,
    &setting_detector,
    &traffic_detector,
    &fetch_detector,
    &name_detector,
    &call_home_detector,
    &call_home_name_detector,
    &call_home_lookup_detector,
    &call_home_request_detector,
    &dns_data_detector,
    &upload_detector,
    &port_scan_detector,
    &web_scan_detector,
    &web_attack_detector,
    &web_shell_detector,
    &log_time_detector,
    &log_damage_detector,
    &log_number_detector,
    &log_session_detector,
    &log_logout_detector,
    &session_begun_detector,
    &remote_login_detector,
    &capability_detector,
    &sieve_detector,
    NULL,
};
/* clang-format on */
#define DETECTOR_COUNT (sizeof detectors / sizeof *detectors - 1)

/* The indexes of those that ask for one kind of record, in the order of the table. */
struct takers {
    uint8_t list[DETECTOR_COUNT];
    size_t count;
};
static_assert(DETECTOR_COUNT <= UINT8_MAX, "an index of a detector fits a byte");

struct engine {
    const void *parts[DETECTOR_COUNT + 1];
    struct takers of_kind[RECORD_KIND_COUNT];
    struct takers of_event[EVENT_ACTION_COUNT]; /* most events concern one or two */
};

static void add_taker(struct takers *takers, size_t index)
{
    takers->list[takers->count++] = (uint8_t)index;
}

static void note_takers(struct engine *engine, size_t index)
{
    const struct detector *detector = detectors[index];
    for (size_t kind = 0; kind < RECORD_KIND_COUNT; kind++) {
        if ((detector->record_kinds & 1U << kind) != 0) {
            add_taker(&engine->of_kind[kind], index);
        }
    }
    bool takes_events = (detector->record_kinds & 1U << RECORD_EVENT) != 0;
    for (size_t action = 0; action < EVENT_ACTION_COUNT && takes_events; action++) {
        if (detector->event_actions == 0 ||
            (detector->event_actions & DETECTOR_ACTION(action)) != 0) {
            add_taker(&engine->of_event[action], index);
        }
    }
}

enum status engine_load(const struct engine_supply *supply, struct arena *arena,
                        const struct engine **out, struct fault *fault)
{
    struct engine *engine = arena_take(arena, sizeof *engine);
    if (engine == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; detectors[i] != NULL; i++) {
        note_takers(engine, i);
        if (detectors[i]->load != NULL) {
            TRY(detectors[i]->load(supply, arena, &engine->parts[i], fault));
        }
    }
    *out = engine;
    return STATUS_OK;
}

const void *engine_part(const struct engine *engine, const struct detector *detector)
{
    for (size_t i = 0; detectors[i] != NULL; i++) {
        if (detectors[i] == detector) {
            return engine->parts[i];
        }
    }
    return NULL;
}

enum status detection_make_room(struct arena *arena, struct examination *examination)
{
    examination->findings =
        arena_take_many(arena, EXAMINATION_FINDINGS_MAX, sizeof *examination->findings);
    examination->observations =
        arena_take_many(arena, EXAMINATION_OBSERVATIONS_MAX, sizeof *examination->observations);
    return examination->findings == NULL || examination->observations == NULL ? STATUS_NO_MEMORY
                                                                              : STATUS_OK;
}

enum status detection_open(const struct engine *engine, const struct analysis_options *options,
                           struct arena *evidence, struct arena *result,
                           struct examination *examination, struct detection *out)
{
    struct detection detection = {
        .engine = engine,
        .options = options,
        .evidence = evidence,
        .result = result,
        .examination = examination,
    };
    detection.states = arena_take_many(evidence, DETECTOR_COUNT + 1, sizeof *detection.states);
    if (detection.states == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(detection_make_room(result, examination));
    for (size_t i = 0; detectors[i] != NULL; i++) {
        detection.states[i] = arena_take(evidence, detectors[i]->state_size);
        if (detection.states[i] == NULL) {
            return STATUS_NO_MEMORY;
        }
    }
    *out = detection;
    return STATUS_OK;
}

/* Times the caller did not ask about are left out.  A time without a year cannot be compared
 * here; conclude settles it and leaves it out there. */
static bool is_outside(const struct analysis_options *options, struct moment at)
{
    if (!at.is_known || !at.year_known) {
        return false;
    }
    bool before = options->since.is_known && moment_compare(at, options->since) < 0;
    bool after = options->until.is_known && moment_compare(at, options->until) > 0;
    return before || after;
}

enum status detection_take(void *context, const struct record *record)
{
    struct detection *detection = context;
    if (is_outside(detection->options, record->at)) {
        coverage_count_add(&detection->examination->coverage, "records outside the asked time",
                           1);
        return STATUS_OK;
    }
    const struct engine *engine = detection->engine;
    const struct takers *takers = record->kind == RECORD_EVENT
                                      ? &engine->of_event[record->event->action]
                                      : &engine->of_kind[record->kind];
    for (size_t i = 0; i < takers->count; i++) {
        size_t index = takers->list[i];
        if (!(detection->is_again && detectors[index]->adds_up)) {
            TRY(detectors[index]->take(detection, detection->states[index], record));
        }
    }
    return STATUS_OK;
}

enum status detection_finish(struct detection *detection)
{
    for (size_t i = 0; detectors[i] != NULL; i++) {
        if (detectors[i]->finish != NULL) {
            TRY(detectors[i]->finish(detection, detection->states[i]));
        }
    }
    return STATUS_OK;
}

/* ---- in the middle ---- */

static enum status finish_and_restore(struct detection *detection, size_t index,
                                      struct arena *result)
{
    const struct detector *detector = detectors[index];
    struct bytes before;
    TRY(arena_copy(result, (struct bytes){detection->states[index], detector->state_size},
                   &before));
    enum status status = detector->finish(detection, detection->states[index]);
    if (before.size > 0) {
        memcpy(detection->states[index], before.data, before.size);
    }
    return status;
}

enum status detection_stand(struct detection *detection, struct arena *result,
                            struct examination *examination)
{
    struct detection asked = *detection;
    asked.result = result;
    asked.examination = examination;
    examination->finding_count = 0;
    examination->findings_dropped = 0;
    examination->observation_count = 0;
    examination->observations_dropped = 0;
    coverage_init(&examination->coverage, result);
    for (size_t i = 0; detectors[i] != NULL; i++) {
        if (detectors[i]->finish != NULL) {
            TRY(finish_and_restore(&asked, i, result));
        }
    }
    return STATUS_OK;
}

void detection_stir(struct detection *detection)
{
    detection->is_stirred = true;
}

void detection_stir_count(struct detection *detection, uint64_t before, uint64_t after)
{
    for (uint64_t step = 5; step <= after; step = number_multiply(step, 10)) {
        uint64_t steps[] = {step, number_multiply(step, 2), number_multiply(step, 4)};
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
            if (before < steps[i] && after >= steps[i]) {
                detection->is_stirred = true;
            }
        }
        if (step > UINT64_MAX / 10) {
            return;
        }
    }
}

/* ---- copies into the result's arena ---- */

/* What others wrote, without its secrets where the caller asked for that, and then cut: a
 * secret may begin before the cut. */
static enum status copy_theirs(const struct detection *detection, struct bytes theirs,
                               size_t size_max, struct bytes *out)
{
    if (detection->options->redact) {
        theirs = bytes_part(theirs, 0, REDACTED_SIZE_MAX);
        TRY(redact_secrets(theirs, detection->result, &theirs));
    }
    return arena_copy(detection->result, bytes_part(theirs, 0, size_max), out);
}

static enum status copy_entities(const struct detection *detection,
                                 const struct entity **entities, size_t *count)
{
    struct arena *arena = detection->result;
    *count = number_least(*count, FINDING_ENTITIES_MAX);
    struct entity *copy = arena_take_many(arena, *count, sizeof *copy);
    if (copy == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < *count; i++) {
        copy[i] = (*entities)[i];
        TRY(copy_theirs(detection, copy[i].name, ENTITY_SIZE_MAX, &copy[i].name));
    }
    *entities = copy;
    return STATUS_OK;
}

static enum status copy_facts(const struct detection *detection, const struct fact **facts,
                              size_t *count)
{
    struct arena *arena = detection->result;
    *count = number_least(*count, FINDING_FACTS_MAX);
    struct fact *copy = arena_take_many(arena, *count, sizeof *copy);
    if (copy == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < *count; i++) {
        copy[i] = (*facts)[i];
        TRY(arena_copy(arena, copy[i].name, &copy[i].name));
        TRY(copy_theirs(detection, copy[i].text, ENTITY_SIZE_MAX, &copy[i].text));
    }
    *facts = copy;
    return STATUS_OK;
}

static enum status copy_cites(const struct detection *detection, const struct cite **cites,
                              size_t *count, uint64_t *dropped)
{
    struct arena *arena = detection->result;
    size_t kept = number_least(*count, CITES_MAX);
    *dropped = number_add(*dropped, *count - kept);
    struct cite *copy = arena_take_many(arena, kept, sizeof *copy);
    if (copy == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < kept; i++) {
        copy[i] = (*cites)[i];
        TRY(copy_theirs(detection, copy[i].excerpt, EXCERPT_SIZE_MAX, &copy[i].excerpt));
    }
    *cites = copy;
    *count = kept;
    return STATUS_OK;
}

static enum status copy_techniques(struct arena *arena, struct finding *finding)
{
    finding->technique_count = number_least(finding->technique_count, FINDING_TECHNIQUES_MAX);
    struct bytes *copy = arena_take_many(arena, finding->technique_count, sizeof *copy);
    if (copy == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < finding->technique_count; i++) {
        TRY(arena_copy(arena, finding->techniques[i], &copy[i]));
    }
    finding->techniques = copy;
    return STATUS_OK;
}

enum status detection_raise(struct detection *detection, const struct finding *finding)
{
    struct examination *examination = detection->examination;
    if (examination->finding_count == EXAMINATION_FINDINGS_MAX) {
        examination->findings_dropped++;
        return STATUS_OK;
    }
    detection->is_stirred = true;
    struct arena *arena = detection->result;
    struct finding copy = *finding;
    TRY(arena_copy(arena, copy.rule, &copy.rule));
    TRY(arena_copy(arena, copy.title, &copy.title));
    TRY(copy_techniques(arena, &copy));
    TRY(copy_entities(detection, &copy.entities, &copy.entity_count));
    TRY(copy_facts(detection, &copy.facts, &copy.fact_count));
    TRY(copy_cites(detection, &copy.cites, &copy.cite_count, &copy.cites_dropped));
    examination->findings[examination->finding_count++] = copy;
    return STATUS_OK;
}

enum status detection_observe(struct detection *detection,
                              const struct observation *observation)
{
    struct examination *examination = detection->examination;
    if (examination->observation_count == EXAMINATION_OBSERVATIONS_MAX) {
        examination->observations_dropped++;
        return STATUS_OK;
    }
    struct observation copy = *observation;
    TRY(copy_entities(detection, &copy.entities, &copy.entity_count));
    TRY(copy_facts(detection, &copy.facts, &copy.fact_count));
    TRY(copy_cites(detection, &copy.cites, &copy.cite_count, &copy.cites_dropped));
    examination->observations[examination->observation_count++] = copy;
    return STATUS_OK;
}
