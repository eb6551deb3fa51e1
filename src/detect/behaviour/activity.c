/* Observes what accounts did on a host, each different thing once with its count: commands that
 * sudo and cron ran, changes of schedules, services that were offered. */
#include "detect/behaviour/behaviour.h"

#include "base/number.h"
#include "detect/behaviour/recent.h"
#include "detect/behaviour/trace.h"

#define ACTIVITIES_OPEN_MAX 2048U
#define ACTIVITIES_GIVEN_MAX 8192U
#define COMMAND_SIZE_MAX 512U

static const char count_early[] = "repeated activities that were counted in parts";

/* One thing done by one account on one host. */
struct activity {
    struct recent_entry entry;
    uint64_t count;
    struct trace_name actor;
    struct trace_name target;
    struct trace_name host;
    struct trace_name note; /* folder, file or service */
    const char *word;       /* how: "sudo", "crontab replaced" */
    size_t what_size;
    uint8_t what[COMMAND_SIZE_MAX];
    struct trace_spot first;
    struct trace_spot last;
};

struct activity_state {
    bool is_open;
    struct recent activities;
    uint64_t given;
};

/* What an event is about, before it is counted. */
struct sighted {
    struct bytes actor;
    struct bytes target;
    struct bytes what;
    struct bytes note;
    const char *word;
};

/* ---- counting ---- */

static enum status count_activity(struct detection *detection, struct activity_state *state,
                                  const struct record *record, const struct sighted *sighted,
                                  enum status (*give)(struct detection *,
                                                      struct activity_state *,
                                                      const struct activity *))
{
    if (!state->is_open) {
        TRY(recent_init(&state->activities, detection->evidence, ACTIVITIES_OPEN_MAX,
                        sizeof(struct activity)));
        state->is_open = true;
    }
    struct bytes host = event_field(record->event, FIELD_HOST_NAME);
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(&key, sighted->actor, 48);
    recent_key_add(&key, host, 64);
    recent_key_add(&key, bytes_of_text(sighted->word), 32);
    recent_key_add(&key, sighted->note, 32);
    recent_key_add(&key, sighted->what, 180);
    struct activity *activity = recent_find(&state->activities, recent_key_bytes(&key));
    if (activity == NULL) {
        struct activity *goes = recent_next_out(&state->activities);
        if (goes != NULL) {
            coverage_count_add(&detection->examination->coverage, count_early, 1);
            TRY(give(detection, state, goes));
        }
        activity = recent_add(&state->activities, recent_key_bytes(&key));
        if (activity == NULL) {
            return STATUS_NO_MEMORY;
        }
        trace_name_set(&activity->actor, sighted->actor);
        trace_name_set(&activity->target, sighted->target);
        trace_name_set(&activity->host, host);
        trace_name_set(&activity->note, sighted->note);
        activity->word = sighted->word;
        struct bytes what = bytes_part(sighted->what, 0, COMMAND_SIZE_MAX);
        activity->what_size = what.size;
        if (what.size > 0) {
            memcpy(activity->what, what.data, what.size);
        }
        trace_spot_set(&activity->first, record);
    }
    activity->count = number_add(activity->count, record->event->repeats);
    trace_spot_set(&activity->last, record);
    return STATUS_OK;
}

static enum status give_activity(struct detection *detection, struct activity_state *state,
                                 const struct activity *activity,
                                 struct observation *observation)
{
    if (state->given == ACTIVITIES_GIVEN_MAX) {
        detection->examination->observations_dropped++;
        return STATUS_OK;
    }
    state->given++;
    const struct cite cites[] = {trace_cite(&activity->first), trace_cite(&activity->last)};
    bool is_one = place_compare(&activity->first.place, &activity->last.place) == 0;
    observation->count = activity->count;
    observation->first = activity->first.at;
    observation->last = activity->last.at;
    observation->cites = cites;
    observation->cite_count = is_one ? 1 : 2;
    return detection_observe(detection, observation);
}

static enum status give_all(struct detection *detection, struct activity_state *state,
                            enum status (*give)(struct detection *, struct activity_state *,
                                                const struct activity *))
{
    struct activity *activity = state->is_open ? recent_first(&state->activities) : NULL;
    for (; activity != NULL; activity = recent_after(&state->activities, activity)) {
        TRY(give(detection, state, activity));
    }
    return STATUS_OK;
}

/* ---- commands ---- */

static enum status give_command(struct detection *detection, struct activity_state *state,
                                const struct activity *activity)
{
    struct entity entities[4];
    size_t count = 0;
    trace_entity(entities, &count, ENTITY_ACCOUNT, ROLE_ACTOR,
                 trace_name_get(&activity->actor));
    trace_entity(entities, &count, ENTITY_HOST, ROLE_VICTIM, trace_name_get(&activity->host));
    trace_entity(entities, &count, ENTITY_PROCESS, ROLE_TOOL,
                 (struct bytes){activity->what, activity->what_size});
    trace_entity(entities, &count, ENTITY_ACCOUNT, ROLE_ACCOUNT,
                 trace_name_get(&activity->target));
    const struct fact facts[] = {
        fact_text("via", bytes_of_text(activity->word)),
        fact_text("folder", trace_name_get(&activity->note)),
    };
    struct observation observation = {.kind = OBSERVED_COMMAND,
                                      .entities = entities,
                                      .entity_count = count,
                                      .facts = facts,
                                      .fact_count = activity->note.size > 0 ? 2 : 1};
    return give_activity(detection, state, activity, &observation);
}

static const char *via_of(struct bytes program)
{
    static const char *const ways[] = {"sudo", "doas", "crontab", "anacron"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (bytes_equal_text(program, ways[i])) {
            return ways[i];
        }
    }
    return "cron";
}

static enum status command_take(struct detection *detection, void *state,
                                const struct record *record)
{
    const struct event *event = record->event;
    struct bytes program = event_field(event, FIELD_PROCESS_NAME);
    struct bytes command = event_field(event, FIELD_PROCESS_COMMAND_LINE);
    struct sighted sighted = {.actor = event_field(event, FIELD_USER_ACTOR),
                              .target = event_field(event, FIELD_USER_TARGET),
                              .what = command.size > 0 ? command : program,
                              .note = event_field(event, FIELD_PROCESS_FOLDER),
                              .word = via_of(program)};
    return count_activity(detection, state, record, &sighted, give_command);
}

static enum status command_finish(struct detection *detection, void *state)
{
    return give_all(detection, state, give_command);
}

const struct detector command_detector = {
    .name = "behaviour/command",
    .record_kinds = 1U << RECORD_EVENT,
    .event_actions = DETECTOR_ACTION(EVENT_COMMAND_RUN),
    .state_size = sizeof(struct activity_state),
    .take = command_take,
    .finish = command_finish,
    .adds_up = true,
};

/* ---- schedules ---- */

static enum status give_schedule(struct detection *detection, struct activity_state *state,
                                 const struct activity *activity)
{
    struct entity entities[3];
    size_t count = 0;
    trace_entity(entities, &count, ENTITY_ACCOUNT, ROLE_ACTOR,
                 trace_name_get(&activity->actor));
    trace_entity(entities, &count, ENTITY_HOST, ROLE_VICTIM, trace_name_get(&activity->host));
    trace_entity(entities, &count, ENTITY_FILE, ROLE_UNKNOWN, trace_name_get(&activity->note));
    const struct fact facts[] = {fact_text("change", bytes_of_text(activity->word))};
    struct observation observation = {.kind = OBSERVED_SCHEDULE,
                                      .entities = entities,
                                      .entity_count = count,
                                      .facts = facts,
                                      .fact_count = 1};
    return give_activity(detection, state, activity, &observation);
}

/* The word after "(who) ", which no name can move: the size of the name is known. */
static const char *change_of(const struct event *event)
{
    static const struct {
        const char *verb;
        const char *change;
    } changes[] = {{"REPLACE ", "crontab replaced"},
                   {"DELETE ", "crontab deleted"},
                   {"RELOAD ", "schedule reloaded"}};
    struct bytes message = event_field(event, FIELD_MESSAGE);
    struct bytes verb = bytes_from(message, event_field(event, FIELD_USER_ACTOR).size + 3);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        if (bytes_starts(verb, changes[i].verb)) {
            return changes[i].change;
        }
    }
    return "schedule changed";
}

static enum status schedule_take(struct detection *detection, void *state,
                                 const struct record *record)
{
    const struct event *event = record->event;
    struct bytes actor = event_field(event, FIELD_USER_ACTOR);
    struct sighted sighted = {
        .actor = bytes_starts(actor, "*system*") ? BYTES_NONE : actor,
        .note = event_field(event, FIELD_FILE_PATH),
        .word = change_of(event),
    };
    return count_activity(detection, state, record, &sighted, give_schedule);
}

static enum status schedule_finish(struct detection *detection, void *state)
{
    return give_all(detection, state, give_schedule);
}

const struct detector schedule_detector = {
    .name = "behaviour/schedule",
    .record_kinds = 1U << RECORD_EVENT,
    .event_actions = DETECTOR_ACTION(EVENT_SCHEDULE_CHANGED),
    .state_size = sizeof(struct activity_state),
    .take = schedule_take,
    .finish = schedule_finish,
    .adds_up = true,
};

/* ---- services ---- */

static enum status give_service(struct detection *detection, struct activity_state *state,
                                const struct activity *activity)
{
    struct text service = text_of_limit(2 * TRACE_NAME_MAX);
    struct bytes address = trace_name_get(&activity->actor);
    bool is_ipv6 = bytes_find_byte(address, ':') < address.size;
    text_add(&service, is_ipv6 ? "[" : "");
    text_add_raw(&service, address);
    text_add(&service, is_ipv6 ? "]:" : ":");
    text_add_raw(&service, trace_name_get(&activity->note));
    text_add(&service, "/tcp");
    struct entity entities[2];
    size_t count = 0;
    trace_entity(entities, &count, ENTITY_HOST, ROLE_VICTIM, trace_name_get(&activity->host));
    trace_entity(entities, &count, ENTITY_SERVICE, ROLE_UNKNOWN, text_bytes(&service));
    struct observation observation = {
        .kind = OBSERVED_SERVICE, .entities = entities, .entity_count = count};
    enum status status = text_status(&service);
    if (status == STATUS_OK) {
        status = give_activity(detection, state, activity, &observation);
    }
    text_done(&service);
    return status;
}

static enum status service_take(struct detection *detection, void *state,
                                const struct record *record)
{
    const struct event *event = record->event;
    struct sighted sighted = {.actor = event_field(event, FIELD_DESTINATION_ADDRESS),
                              .note = event_field(event, FIELD_DESTINATION_PORT),
                              .word = "listening"};
    return count_activity(detection, state, record, &sighted, give_service);
}

static enum status service_finish(struct detection *detection, void *state)
{
    return give_all(detection, state, give_service);
}

const struct detector service_detector = {
    .name = "behaviour/service",
    .record_kinds = 1U << RECORD_EVENT,
    .event_actions = DETECTOR_ACTION(EVENT_SERVER_LISTENING),
    .state_size = sizeof(struct activity_state),
    .take = service_take,
    .finish = service_finish,
    .adds_up = true,
};
