/* Observes failed logins in runs, and each accepted login.
 *
 * A run is one source trying one account on one host; several lines may tell of one attempt
 * (attempt.h).  It ends with a login accepted from its source, with an hour of silence, or with
 * the evidence.  What only the ends of connections tell has no account.  A source that tries
 * more than SOURCE_ACCOUNTS_MAX accounts on all hosts gets one run without an account for the
 * rest.  Where the log names a source only by name, the entity is NAME/SOURCE. */
#include "detect/behaviour/behaviour.h"

#include "base/number.h"
#include "detect/behaviour/attempt.h"
#include "detect/behaviour/crowd.h"

#define RUNS_OPEN_MAX 8192U
#define SOURCES_MAX 8192U
#define SOURCE_ACCOUNTS_MAX 1024U
#define RUNS_GIVEN_MAX 20000U
/* Runs of a few failures have no more room than this, so that a flood of them hides no large
 * one. */
#define RUN_SMALL_MAX 3U
#define SMALL_RUNS_GIVEN_MAX 12000U
#define STEADY_NS_MIN (30 * MOMENT_SECOND_NS)
#define STEADY_SHARE 5 /* a fifth more or less */
#define LOGINS_GIVEN_MAX 8192U
#define LOGINS_AFTER_FAILURES_MAX 8192U
#define SILENCE_NS MOMENT_HOUR_NS

static const char count_early[] = "runs of failed logins that were cut in two";

struct run {
    struct recent_entry entry;
    uint64_t serial; /* of the run, from 1; an entry used again has another */
    uint64_t last_step;
    uint64_t count;
    uint64_t invalid_user_count;
    uint64_t abandoned_count;
    uint64_t key_count;
    uint64_t steady_count; /* failures that came after the same time as the one before */
    struct moment attempt; /* the newest */
    int64_t interval_ns;
    struct trace_name source;
    struct trace_name account;
    struct trace_name host;
    bool source_is_address;
    struct trace_spot first;
    struct trace_spot last;
};

/* What is known of one source over all hosts and accounts. */
struct source {
    struct recent_entry entry;
    uint64_t success_step; /* the last accepted login, 0 for none */
    uint64_t failure_step;
    uint64_t failures; /* since its last accepted login, over all runs */
    uint32_t run_count;
};

struct login_state {
    bool is_open;
    struct recent connections;
    struct recent runs;
    struct recent sources;
    struct crowd crowd;
    uint64_t step; /* records seen */
    uint64_t serial;
    uint64_t runs_given;
    uint64_t small_runs_given;
    uint64_t logins_given;
    uint64_t logins_after_failures;
};

static enum status open_state(struct login_state *state, struct arena *arena)
{
    TRY(attempt_init(&state->connections, arena));
    TRY(recent_init(&state->runs, arena, RUNS_OPEN_MAX, sizeof(struct run)));
    TRY(recent_init(&state->sources, arena, SOURCES_MAX, sizeof(struct source)));
    state->is_open = true;
    return STATUS_OK;
}

static struct source *source_of(struct login_state *state, struct bytes name)
{
    struct source *source = recent_find(&state->sources, name);
    return source != NULL ? source : recent_add(&state->sources, name);
}

/* ---- runs ---- */

static enum status give_run(struct detection *detection, struct login_state *state,
                            const struct run *run)
{
    if (run->count == 0) { /* all its attempts were found to be another run's */
        return STATUS_OK;
    }
    bool is_small = run->count <= RUN_SMALL_MAX;
    if (state->runs_given == RUNS_GIVEN_MAX ||
        (is_small && state->small_runs_given == SMALL_RUNS_GIVEN_MAX)) {
        detection->examination->observations_dropped++;
        return STATUS_OK;
    }
    state->runs_given++;
    state->small_runs_given += is_small;
    struct entity entities[3];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, run->source_is_address ? ENTITY_ADDRESS : ENTITY_NAME,
                 ROLE_SOURCE, trace_name_get(&run->source));
    trace_entity(entities, &entity_count, ENTITY_ACCOUNT, ROLE_ACCOUNT,
                 trace_name_get(&run->account));
    trace_entity(entities, &entity_count, ENTITY_HOST, ROLE_VICTIM, trace_name_get(&run->host));
    const struct fact facts[] = {
        fact_count("invalid_user_count", run->invalid_user_count),
        fact_count("abandoned_count", run->abandoned_count),
        fact_count("key_count", run->key_count),
        fact_count("steady_count", run->steady_count),
    };
    const struct cite cites[] = {trace_cite(&run->first), trace_cite(&run->last)};
    bool is_one = place_compare(&run->first.place, &run->last.place) == 0;
    return detection_observe(detection, &(struct observation){
                                            .kind = OBSERVED_LOGIN_FAILURES,
                                            .count = run->count,
                                            .first = run->first.at,
                                            .last = run->last.at,
                                            .entities = entities,
                                            .entity_count = entity_count,
                                            .facts = facts,
                                            .fact_count = sizeof facts / sizeof *facts,
                                            .cites = cites,
                                            .cite_count = is_one ? 1 : 2,
                                        });
}

static void begin_run(struct login_state *state, struct run *run,
                      const struct attempt_connection *connection, struct bytes account,
                      const struct record *record)
{
    run->serial = ++state->serial;
    run->count = 0;
    run->invalid_user_count = 0;
    run->abandoned_count = 0;
    run->key_count = 0;
    run->steady_count = 0;
    run->attempt = (struct moment){0};
    run->interval_ns = 0;
    run->source = connection->source;
    run->source_is_address = connection->source_is_address;
    trace_name_set(&run->account, account);
    trace_name_set(&run->host, event_field(record->event, FIELD_HOST_NAME));
    trace_spot_set(&run->first, record);
}

static struct recent_key run_key(const struct attempt_connection *connection,
                                 struct bytes account, const struct record *record)
{
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(&key, trace_name_get(&connection->source), TRACE_NAME_MAX);
    recent_key_add(&key, event_field(record->event, FIELD_HOST_NAME), TRACE_NAME_MAX);
    recent_key_add(&key, account, TRACE_NAME_MAX);
    return key;
}

/* The open run a record belongs to; one that is over is given first. */
static enum status find_run(struct detection *detection, struct login_state *state,
                            const struct attempt_connection *connection,
                            const struct record *record, struct run **out)
{
    struct source *source = source_of(state, trace_name_get(&connection->source));
    if (source == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct bytes account = trace_name_get(&connection->account);
    struct recent_key key = run_key(connection, account, record);
    struct run *run = recent_find(&state->runs, recent_key_bytes(&key));
    if (run == NULL && source->run_count >= SOURCE_ACCOUNTS_MAX) {
        account = BYTES_NONE;
        key = run_key(connection, account, record);
        run = recent_find(&state->runs, recent_key_bytes(&key));
    }
    if (run == NULL) {
        struct run *out_goes = recent_next_out(&state->runs);
        if (out_goes != NULL) {
            coverage_count_add(&detection->examination->coverage, count_early, 1);
            TRY(give_run(detection, state, out_goes));
        }
        run = recent_add(&state->runs, recent_key_bytes(&key));
        if (run == NULL) {
            return STATUS_NO_MEMORY;
        }
        source->run_count++;
        begin_run(state, run, connection, account, record);
    } else if (run->last_step < source->success_step ||
               moment_is_apart(run->last.at, record->at, SILENCE_NS)) {
        TRY(give_run(detection, state, run));
        begin_run(state, run, connection, account, record);
    }
    source->failure_step = state->step;
    *out = run;
    return STATUS_OK;
}

/* A machine with an old password fails like a clock. */
static void note_pace(struct run *run, struct moment at)
{
    bool is_later = at.is_known && run->attempt.is_known && at.ns >= run->attempt.ns;
    int64_t interval_ns = is_later ? at.ns - run->attempt.ns : 0;
    int64_t change_ns = interval_ns - run->interval_ns;
    change_ns = change_ns < 0 ? -change_ns : change_ns;
    run->steady_count +=
        interval_ns >= STEADY_NS_MIN && change_ns <= run->interval_ns / STEADY_SHARE;
    run->interval_ns = interval_ns;
    run->attempt = at;
}

/* Guessing is judged by the tries of a source on all accounts. */
static enum status count_tries(struct detection *detection, struct login_state *state,
                               const struct attempt_connection *connection, uint64_t added)
{
    struct source *source = source_of(state, trace_name_get(&connection->source));
    if (source == NULL) {
        return STATUS_NO_MEMORY;
    }
    uint64_t before = source->failures;
    source->failures = number_add(before, added);
    detection_stir_count(detection, before, source->failures);
    return STATUS_OK;
}

/* The attempts a connection brought before its source or account was known move to the run
 * they belong to. */
static uint64_t take_back(struct attempt_connection *connection, const struct run *to)
{
    struct run *from = connection->run;
    if (from == NULL || from == to || from->serial != connection->run_serial) {
        return 0;
    }
    uint64_t moved = number_least(from->count, connection->attempts);
    from->count -= moved;
    from->invalid_user_count = number_least(from->invalid_user_count, from->count);
    from->abandoned_count = number_least(from->abandoned_count, from->count);
    from->key_count = number_least(from->key_count, from->count);
    return moved;
}

/* What nothing but the end of a connection tells of may have been no login at all. */
static enum status take_crowd(struct detection *detection, struct login_state *state,
                              const struct attempt *attempt, const struct record *record)
{
    const struct attempt_connection *connection = attempt->connection;
    if (attempt->is_abandoned || !connection->source_is_address) {
        return STATUS_OK;
    }
    const struct crowd_try failure = {
        .source = trace_name_get(&connection->source),
        .account = trace_name_get(&connection->account),
        .host = event_field(record->event, FIELD_HOST_NAME),
        .is_unknown_account = connection->is_unknown_account,
        .added = attempt->added,
        .all = connection->attempts,
    };
    return crowd_take_failure(detection, &state->crowd, record, &failure);
}

static enum status take_failure(struct detection *detection, struct login_state *state,
                                const struct record *record)
{
    struct attempt attempt;
    TRY(attempt_take(&state->connections, record, &attempt));
    struct attempt_connection *connection = attempt.connection;
    struct run *run;
    TRY(find_run(detection, state, connection, record, &run));
    uint64_t added = attempt.added;
    uint64_t moved = attempt.knows_better ? take_back(connection, run) : 0;
    bool is_unknown = connection->is_unknown_account;
    run->count = number_add(run->count, added + moved);
    if (is_unknown) {
        uint64_t before = attempt.was_unknown ? 0 : connection->attempts - added - moved;
        run->invalid_user_count =
            number_least(run->count, run->invalid_user_count + added + moved + before);
    }
    run->abandoned_count += attempt.is_abandoned ? added : 0;
    if (bytes_equal_text(event_field(record->event, FIELD_AUTH_METHOD), "publickey")) {
        run->key_count += added;
    }
    if (connection->run != run || connection->run_serial != run->serial) {
        connection->run = run;
        connection->run_serial = run->serial;
    }
    if (added > 0) {
        note_pace(run, record->at);
    }
    run->last_step = state->step;
    trace_spot_set(&run->last, record);
    TRY(take_crowd(detection, state, &attempt, record));
    return count_tries(detection, state, connection, added);
}

/* ---- accepted logins ---- */

static enum status give_login(struct detection *detection, const struct record *record)
{
    const struct event *event = record->event;
    struct entity entities[4];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_SOURCE,
                 event_field(event, FIELD_SOURCE_ADDRESS));
    trace_entity(entities, &entity_count, ENTITY_ACCOUNT, ROLE_ACCOUNT,
                 event_field(event, FIELD_USER_NAME));
    trace_entity(entities, &entity_count, ENTITY_HOST, ROLE_VICTIM,
                 event_field(event, FIELD_HOST_NAME));
    trace_entity(entities, &entity_count, ENTITY_KEY, ROLE_ACCOUNT,
                 event_field(event, FIELD_KEY_FINGERPRINT));
    struct fact facts[2] = {fact_text("method", event_field(event, FIELD_AUTH_METHOD))};
    size_t fact_count_used = 1;
    uint64_t port = 0;
    if (number_decimal_max(event_field(event, FIELD_SOURCE_PORT), 65535, &port) == STATUS_OK) {
        facts[fact_count_used++] = fact_count("source_port", port);
    }
    const struct cite cite = trace_cite_record(record);
    return detection_observe(detection, &(struct observation){
                                            .kind = OBSERVED_LOGIN,
                                            .count = event->repeats,
                                            .first = record->at,
                                            .last = record->at,
                                            .entities = entities,
                                            .entity_count = entity_count,
                                            .facts = facts,
                                            .fact_count = fact_count_used,
                                            .cites = &cite,
                                            .cite_count = 1,
                                        });
}

/* Logins that follow failures from their source have room of their own, so that a flood of
 * ordinary ones cannot hide them. */
static enum status take_login(struct detection *detection, struct login_state *state,
                              const struct record *record)
{
    attempt_end(&state->connections, record);
    TRY(crowd_take_login(detection, &state->crowd, record));
    struct source *source = source_of(state, event_field(record->event, FIELD_SOURCE_ADDRESS));
    if (source == NULL) {
        return STATUS_NO_MEMORY;
    }
    bool after_failures = source->failure_step > source->success_step;
    source->success_step = state->step;
    source->failures = 0;
    if (after_failures) {
        detection_stir(detection);
    }
    if (after_failures && state->logins_after_failures < LOGINS_AFTER_FAILURES_MAX) {
        state->logins_after_failures++;
        return give_login(detection, record);
    }
    if (state->logins_given < LOGINS_GIVEN_MAX) {
        state->logins_given++;
        return give_login(detection, record);
    }
    detection->examination->observations_dropped++;
    return STATUS_OK;
}

static enum status login_take(struct detection *detection, void *context,
                              const struct record *record)
{
    struct login_state *state = context;
    if (!state->is_open) {
        TRY(open_state(state, detection->evidence));
    }
    state->step++;
    return record->event->action == EVENT_LOGIN_SUCCEEDED
               ? take_login(detection, state, record)
               : take_failure(detection, state, record);
}

static enum status login_finish(struct detection *detection, void *context)
{
    struct login_state *state = context;
    if (!state->is_open) {
        return STATUS_OK;
    }
    for (struct run *run = recent_first(&state->runs); run != NULL;
         run = recent_after(&state->runs, run)) {
        TRY(give_run(detection, state, run));
    }
    return crowd_finish(detection, &state->crowd);
}

const struct detector login_detector = {
    .name = "behaviour/login",
    .record_kinds = 1U << RECORD_EVENT,
    .event_actions =
        DETECTOR_ACTION(EVENT_LOGIN_FAILED) | DETECTOR_ACTION(EVENT_LOGIN_INVALID_USER) |
        DETECTOR_ACTION(EVENT_LOGIN_ABANDONED) | DETECTOR_ACTION(EVENT_LOGIN_SUCCEEDED),
    .state_size = sizeof(struct login_state),
    .take = login_take,
    .finish = login_finish,
    .adds_up = true,
};
