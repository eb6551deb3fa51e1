#include "detect/learned/learned.h"

#include <string.h>

#include "detect/behaviour/recent.h"
#include "detect/learned/model.h"

#define ALERTS_MAX 64 /* scripts and accounts of one evidence */
/* Logged commands remembered as ordinary: logs repeat the same few by the thousand.  They are
 * compared as text, not as a hash, so that nothing can hide behind one that looks the same. */
#define ORDINARY_MAX 2048
/* Of findings like these most are an administrator's: how many is not known, as nobody knows
 * how rare attacks are where the program runs. */
#define CONFIDENCE 0.3

/* One script, or what one account was seen to run: the highest score of its texts so far. */
struct alert {
    uint32_t member;
    enum shell_origin origin;
    struct bytes host;
    struct bytes account;
    int32_t score;
    struct moment at;
    struct cite cites[LEARNED_SPANS_MAX]; /* their excerpts are in `excerpts` */
    size_t cite_count;
    uint8_t excerpts[LEARNED_SPANS_MAX][EXCERPT_SIZE_MAX];
};

struct state {
    const struct sieve *sieve; /* NULL: no weights */
    struct learned_scorer scorer;
    struct recent ordinary; /* texts of logged commands that scored below the threshold */
    struct alert *alerts[ALERTS_MAX];
    size_t alert_count;
    bool is_open;
};

/* Damaged weights were named when the rules were compiled: here they are none. */
static enum status load(const struct engine_supply *supply, struct arena *arena,
                        const void **part, struct fault *fault)
{
    if (supply->model.size == 0) {
        return STATUS_OK;
    }
    struct sieve *sieve = arena_take(arena, sizeof *sieve);
    struct weights *weights = arena_take(arena, sizeof *weights);
    if (sieve == NULL || weights == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (weights_read(supply->model, weights, fault) == STATUS_OK &&
        sieve_load(weights, sieve, fault) == STATUS_OK) {
        *part = sieve;
    }
    return STATUS_OK;
}

static bool is_of(const struct alert *alert, const struct record *record, struct bytes host,
                  struct bytes account)
{
    return alert->member == record->place.member && alert->origin == record->origin &&
           bytes_equal(alert->host, host) && bytes_equal(alert->account, account);
}

/* The alert of the record's script or account, made where there is none; NULL in `*out` where
 * there are too many. */
static enum status find_alert(struct detection *detection, struct state *state,
                              const struct record *record, struct alert **out)
{
    struct bytes host = BYTES_NONE;
    struct bytes account = BYTES_NONE;
    if (record->event != NULL) {
        host = bytes_part(event_field(record->event, FIELD_HOST_NAME), 0, ENTITY_SIZE_MAX);
        struct bytes actor = event_field(record->event, FIELD_USER_ACTOR);
        account = actor.size > 0 ? actor : event_field(record->event, FIELD_USER_NAME);
        account = bytes_part(account, 0, ENTITY_SIZE_MAX);
    }
    *out = NULL;
    for (size_t i = 0; i < state->alert_count; i++) {
        if (is_of(state->alerts[i], record, host, account)) {
            *out = state->alerts[i];
            return STATUS_OK;
        }
    }
    if (state->alert_count == ALERTS_MAX) {
        detection->examination->findings_dropped++;
        return STATUS_OK;
    }
    struct alert *alert = arena_take(detection->evidence, sizeof *alert);
    if (alert == NULL) {
        return STATUS_NO_MEMORY;
    }
    alert->member = record->place.member;
    alert->origin = record->origin;
    TRY(arena_copy(detection->evidence, host, &alert->host));
    TRY(arena_copy(detection->evidence, account, &alert->account));
    state->alerts[state->alert_count++] = alert;
    *out = alert;
    return STATUS_OK;
}

/* In a file a word is cited where it stands; in a log its line is the place, and the excerpt
 * says which words of it. */
static void cite_spans(struct alert *alert, const struct record *record,
                       const struct learned_span *spans, size_t count)
{
    const struct shell_text *text = record->shell_text;
    for (size_t i = 0; i < count; i++) {
        struct bytes words = bytes_part(text->text, spans[i].begin, spans[i].size);
        struct bytes excerpt = bytes_part(words, 0, EXCERPT_SIZE_MAX);
        memcpy(alert->excerpts[i], excerpt.data, excerpt.size);
        struct place place = record->place;
        if (place.kind == PLACE_BYTES) {
            place = place_bytes(place.member, text->offset + spans[i].begin, spans[i].size);
        }
        alert->cites[i] = (struct cite){place, {alert->excerpts[i], excerpt.size}};
    }
    alert->cite_count = count;
}

static enum status open_state(struct detection *detection, struct state *state)
{
    state->is_open = true;
    state->sieve = engine_part(detection->engine, &sieve_detector);
    if (state->sieve == NULL) {
        return STATUS_OK;
    }
    TRY(recent_init(&state->ordinary, detection->evidence, ORDINARY_MAX,
                    sizeof(struct recent_entry)));
    return learned_scorer_new(state->sieve, detection->evidence, &state->scorer);
}

static enum status note_ordinary(struct state *state, struct bytes text)
{
    return recent_add(&state->ordinary, text) == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status take(struct detection *detection, void *context, const struct record *record)
{
    struct state *state = context;
    if (!state->is_open) {
        TRY(open_state(detection, state));
    }
    if (state->sieve == NULL) {
        return STATUS_OK;
    }
    struct bytes text = record->shell_text->text;
    bool is_kept = record->origin == SHELL_LOGGED && text.size <= RECENT_KEY_MAX;
    if (is_kept && recent_find(&state->ordinary, text) != NULL) {
        return STATUS_OK;
    }
    int32_t score = learned_score(&state->scorer, text);
    if (score < state->sieve->threshold) {
        return is_kept ? note_ordinary(state, text) : STATUS_OK;
    }
    struct alert *alert;
    TRY(find_alert(detection, state, record, &alert));
    if (alert == NULL || score <= alert->score) {
        return STATUS_OK;
    }
    struct learned_span spans[LEARNED_SPANS_MAX];
    size_t count = learned_explain(&state->scorer, text, state->sieve->threshold, spans);
    alert->score = score;
    alert->at = record->at;
    cite_spans(alert, record, spans, count);
    return STATUS_OK;
}

static enum status raise_alert(struct detection *detection, const struct sieve *sieve,
                               const struct alert *alert)
{
    struct entity entities[2];
    size_t entity_count = 0;
    if (alert->host.size > 0) {
        entities[entity_count++] = (struct entity){ENTITY_HOST, ROLE_VICTIM, alert->host};
    }
    if (alert->account.size > 0) {
        entities[entity_count++] = (struct entity){ENTITY_ACCOUNT, ROLE_ACTOR, alert->account};
    }
    const struct fact facts[] = {
        fact_number("p_value", calibration_p_value(&sieve->calibration, alert->score)),
        fact_size("p_value_size_max", sieve->class_size),
        fact_count("score", (uint64_t)alert->score),
        fact_count("score_threshold", (uint64_t)sieve->threshold),
    };
    const struct finding finding = {
        .rule = bytes_of_text("learned/shell"),
        .title = bytes_of_text("Commands that resemble those used in attacks"),
        .severity = SEVERITY_LOW,
        .confidence = CONFIDENCE,
        .first = alert->at,
        .last = alert->at,
        .entities = entities,
        .entity_count = entity_count,
        .facts = facts,
        .fact_count = sizeof facts / sizeof *facts,
        .cites = alert->cites,
        .cite_count = alert->cite_count,
    };
    return detection_raise(detection, &finding);
}

static enum status finish(struct detection *detection, void *context)
{
    struct state *state = context;
    for (size_t i = 0; i < state->alert_count; i++) {
        TRY(raise_alert(detection, state->sieve, state->alerts[i]));
    }
    return STATUS_OK;
}

const struct detector sieve_detector = {
    .name = "learned/sieve",
    .record_kinds = 1U << RECORD_SHELL_TEXT,
    .load = load,
    .state_size = sizeof(struct state),
    .take = take,
    .finish = finish,
};
