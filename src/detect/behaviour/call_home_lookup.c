/* Raises that one name is asked for again and again: at regular times, without that anybody
 * ever uses what was answered, or with ever new data in the answers.
 *
 * The first is how some programs ask for orders, and how monitoring looks whether a name
 * server works: low.  It is said only where more than questions was captured, and not of names
 * that are asked for whenever their time to live is over.  The second has no ordinary twin but
 * texts in which a number grows, so a few bytes that differ are not enough.
 *
 * Limits: LOOKUPS_MAX names by client that were asked for SIGHTINGS_MIN times, of which the one
 * longest not asked for is given up and counted; before that, a name is forgotten when another
 * takes its place.  LOOKUP_TIMES_MAX times of each, the newest. */
#include "detect/behaviour/behaviour.h"
#include "detect/behaviour/contact.h"
#include "detect/behaviour/name_zone.h"

#include "base/number.h"

#include <string.h>

#define LOOKUPS_MAX 4096
#define SIGHTINGS_MAX 65536 /* names by client that were seen a few times, by hash */
#define SIGHTINGS_MIN 3     /* so often makes a name worth keeping */
#define LOOKUP_TIMES_MAX 64
#define LOOKUP_ADDRESSES_KEPT 4
#define LOOKUP_DATA_KEPT 128U
#define LOOKUP_SKETCH_BITS 512U
#define CONTACTED_BITS (1U << 17)
#define TTL_NEAR 0.15   /* of the time to live that the time between questions may differ */
#define REFRESH_MIN_S 5 /* a shorter time to live is no reason to wait for */
#define DATA_ANSWERS_MIN 24
#define DATA_DIFFERENT_MIN 0.8
#define DATA_FRESH_MIN 16 /* bytes an answer that differ from the answer before */
#define GIVEN_MAX 100
#define PORT_DNS 53

struct lookup {
    struct recent_entry entry;
    struct endpoint client;
    struct trace_name name;
    uint64_t count;
    uint64_t time_to_live_most; /* seconds */
    uint64_t data_count;
    uint64_t data_bytes;
    uint64_t fresh_bytes;
    uint64_t sketch[LOOKUP_SKETCH_BITS / 64]; /* of the data */
    uint8_t data[LOOKUP_DATA_KEPT];
    size_t data_size;
    struct endpoint addresses[LOOKUP_ADDRESSES_KEPT];
    size_t address_count;
    struct trace_spot first;
    struct trace_spot last;
    size_t time_count;
    int64_t times[LOOKUP_TIMES_MAX];
};

/* How often a name was asked for, of which not more is kept yet. */
struct sighting {
    uint32_t hash;
    uint32_t count;
};

struct lookup_state {
    struct recent lookups;
    struct sighting *sightings;
    uint64_t given_up;
    uint64_t given;
    bool has_traffic;                        /* besides that of the name service */
    uint64_t contacted[CONTACTED_BITS / 64]; /* addresses, by hash */
};

static uint32_t contact_hash(const struct endpoint *address)
{
    return name_hash((struct bytes){address->address, address->address_size});
}

static enum status open_lookups(struct detection *detection, struct lookup_state *state)
{
    state->sightings =
        arena_take_many(detection->evidence, SIGHTINGS_MAX, sizeof *state->sightings);
    return state->sightings == NULL ? STATUS_NO_MEMORY
                                    : recent_init(&state->lookups, detection->evidence,
                                                  LOOKUPS_MAX, sizeof(struct lookup));
}

static bool is_seen_enough(struct lookup_state *state, const struct endpoint *client,
                           struct bytes name)
{
    struct bytes address = {client->address, client->address_size};
    uint32_t hash = name_hash(name) ^ name_hash(address) * 16777619U;
    struct sighting *sighting = &state->sightings[hash % SIGHTINGS_MAX];
    if (sighting->hash != hash) {
        *sighting = (struct sighting){.hash = hash};
    }
    sighting->count += sighting->count < SIGHTINGS_MIN;
    return sighting->count >= SIGHTINGS_MIN;
}

/* NULL for a name that was not asked for often enough yet. */
static enum status find(struct detection *detection, struct lookup_state *state,
                        const struct transaction *transaction, struct bytes name,
                        struct lookup **out)
{
    if (state->sightings == NULL) {
        TRY(open_lookups(detection, state));
    }
    const struct endpoint *client = &transaction->client;
    *out = NULL;
    if (!is_seen_enough(state, client, name)) {
        return STATUS_OK;
    }
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(&key, (struct bytes){client->address, client->address_size},
                   sizeof client->address);
    recent_key_add(&key, name, RECENT_KEY_MAX);
    struct lookup *lookup = recent_find(&state->lookups, recent_key_bytes(&key));
    if (lookup == NULL) {
        const struct lookup *oldest = recent_next_out(&state->lookups);
        state->given_up += oldest != NULL && oldest->count >= REGULARITY_BEATS_MIN;
        lookup = recent_add(&state->lookups, recent_key_bytes(&key));
        if (lookup == NULL) {
            return STATUS_NO_MEMORY;
        }
        lookup->client = *client;
        lookup->client.port = 0;
        trace_name_set(&lookup->name, name);
    }
    *out = lookup;
    return STATUS_OK;
}

static void take_data(struct lookup *lookup, struct bytes data)
{
    lookup->data_count++;
    lookup->data_bytes += data.size;
    zone_sketch_add(lookup->sketch, LOOKUP_SKETCH_BITS, name_hash(data));
    data = bytes_part(data, 0, LOOKUP_DATA_KEPT);
    for (size_t i = 0; i < data.size && lookup->data_count > 1; i++) {
        lookup->fresh_bytes += i >= lookup->data_size || data.data[i] != lookup->data[i];
    }
    if (data.size > 0) {
        memcpy(lookup->data, data.data, data.size);
    }
    lookup->data_size = data.size;
}

static void take_answers(struct lookup *lookup, const struct transaction *transaction)
{
    uint64_t seconds = 0;
    if (number_decimal(transaction_field(transaction, FIELD_DNS_RECORD_TTL), &seconds) ==
        STATUS_OK) {
        lookup->time_to_live_most = number_most(lookup->time_to_live_most, seconds);
    }
    bool has_address = false;
    for (size_t i = 0; i < transaction->field_count; i++) {
        struct endpoint address;
        if (transaction->fields[i].field == FIELD_DNS_ANSWER &&
            endpoint_read(transaction->fields[i].value, &address) == STATUS_OK) {
            has_address = true;
            lookup->addresses[lookup->address_count % LOOKUP_ADDRESSES_KEPT] = address;
            lookup->address_count++;
        }
    }
    struct bytes type = transaction_field(transaction, FIELD_DNS_RECORD_TYPE);
    enum zone_type kind = zone_type_of(type);
    if (!has_address && type.size > 0 && (kind == ZONE_TYPE_COMMON || kind == ZONE_TYPE_RARE)) {
        take_data(lookup, transaction_field(transaction, FIELD_DNS_RECORD_DATA));
    }
}

static enum status take_lookup(struct detection *detection, struct lookup_state *state,
                               const struct record *record)
{
    const struct transaction *transaction = record->transaction;
    struct name_form form;
    /* A log tells neither what was answered nor what followed. */
    if (transaction->kind != TRANSACTION_DNS || transaction->flow_number == 0 ||
        !name_form_read(transaction_field(transaction, FIELD_DNS_QUESTION), &form)) {
        return STATUS_OK;
    }
    struct bytes name = {form.data, form.size};
    if (form.label_count < 2 || name.size > TRACE_NAME_MAX || bytes_ends(name, ".arpa")) {
        return STATUS_OK;
    }
    struct lookup *lookup;
    TRY(find(detection, state, transaction, name, &lookup));
    if (lookup == NULL) {
        return STATUS_OK;
    }
    if (lookup->count++ == 0) {
        trace_spot_set(&lookup->first, record);
    }
    trace_spot_set(&lookup->last, record);
    regularity_keep_time(lookup->times, &lookup->time_count, LOOKUP_TIMES_MAX, record->at.ns);
    take_answers(lookup, transaction);
    return STATUS_OK;
}

static enum status take(struct detection *detection, void *state, const struct record *record)
{
    struct lookup_state *lookups = state;
    if (record->kind == RECORD_FLOW) {
        const struct endpoint *server = &record->flow->server.endpoint;
        lookups->has_traffic |= server->port != PORT_DNS;
        zone_sketch_add(lookups->contacted, CONTACTED_BITS, contact_hash(server));
        return STATUS_OK;
    }
    return take_lookup(detection, lookups, record);
}

/* ---- at the end ---- */

static bool is_used(const struct lookup_state *state, const struct lookup *lookup)
{
    for (size_t i = 0; i < lookup->address_count && i < LOOKUP_ADDRESSES_KEPT; i++) {
        if (zone_sketch_has(state->contacted, CONTACTED_BITS,
                            contact_hash(&lookup->addresses[i]))) {
            return true;
        }
    }
    return false;
}

/* Asked for when it is forgotten, which is no act of its own. */
static bool is_refresh(const struct lookup *lookup, const struct regularity *regularity)
{
    double seconds = (double)regularity->median_ns / (double)MOMENT_SECOND_NS;
    double to_live = (double)lookup->time_to_live_most;
    return to_live >= REFRESH_MIN_S && seconds >= to_live * (1 - TTL_NEAR) &&
           seconds <= to_live * (1 + TTL_NEAR) + 1;
}

static bool is_data(const struct lookup *lookup)
{
    return lookup->data_count >= DATA_ANSWERS_MIN &&
           lookup->fresh_bytes >= DATA_FRESH_MIN * lookup->data_count &&
           (double)zone_distinct(lookup->sketch, LOOKUP_SKETCH_BITS) >=
               DATA_DIFFERENT_MIN *
                   (double)number_least(lookup->data_count, LOOKUP_SKETCH_BITS);
}

static enum status raise(struct detection *detection, const struct lookup *lookup,
                         const struct regularity *regularity, bool has_data)
{
    struct text AUTO(text_done) client = text_of_limit(64);
    if (lookup->client.address_size > 0) {
        endpoint_add_address(&client, &lookup->client);
    }
    struct entity entities[2];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_VICTIM, text_bytes(&client));
    trace_entity(entities, &entity_count, ENTITY_NAME, ROLE_CONTROLLER,
                 trace_name_get(&lookup->name));
    int64_t duration = lookup->last.at.ns - lookup->first.at.ns;
    const struct fact facts[] = {
        fact_count("contact_count", lookup->count),
        fact_duration("duration", duration > 0 ? (uint64_t)duration : 0),
        fact_count("data_answer_count", lookup->data_count),
        fact_size("server_payload", lookup->data_bytes),
        fact_duration("interval_median", regularity->median_ns),
        fact_number("interval_spread", regularity->spread),
    };
    size_t facts_all = sizeof facts / sizeof *facts;
    struct bytes technique = bytes_of_text("T1071.004");
    const char *title = has_data ? "Ever new data in the answers for one name"
                                 : "Regular questions for one name that nobody uses";
    const struct cite cites[] = {trace_cite(&lookup->first), trace_cite(&lookup->last)};
    return detection_raise(detection, &(struct finding){
                                          .rule = BYTES_LITERAL("behaviour/call-home"),
                                          .title = bytes_of_text(title),
                                          .techniques = &technique,
                                          .technique_count = 1,
                                          .severity = has_data ? SEVERITY_MEDIUM : SEVERITY_LOW,
                                          .confidence = has_data ? 0.6 : 0.3,
                                          .first = lookup->first.at,
                                          .last = lookup->last.at,
                                          .entities = entities,
                                          .entity_count = entity_count,
                                          .facts = facts,
                                          .fact_count = regularity->beats > 0 ? facts_all : 4,
                                          .cites = cites,
                                          .cite_count = 2,
                                      });
}

static enum status judge(struct detection *detection, struct lookup_state *state,
                         struct lookup *lookup)
{
    struct regularity regularity = {0};
    bool is_regular = regularity_of_times(lookup->times, lookup->time_count, &regularity) &&
                      regularity_holds(&regularity);
    regularity = is_regular ? regularity : (struct regularity){0};
    bool has_data = is_data(lookup);
    bool is_call = is_regular && state->has_traffic && !is_used(state, lookup) &&
                   !is_refresh(lookup, &regularity);
    if (!has_data && !is_call) {
        return STATUS_OK;
    }
    if (state->given == GIVEN_MAX) {
        detection->examination->findings_dropped++;
        return STATUS_OK;
    }
    state->given++;
    return raise(detection, lookup, &regularity, has_data);
}

static enum status finish(struct detection *detection, void *state)
{
    struct lookup_state *lookups = state;
    if (lookups->sightings == NULL) {
        return STATUS_OK;
    }
    struct lookup *lookup = recent_first(&lookups->lookups);
    for (; lookup != NULL; lookup = recent_after(&lookups->lookups, lookup)) {
        TRY(judge(detection, lookups, lookup));
    }
    if (lookups->given_up > 0) {
        coverage_count_add(&detection->examination->coverage,
                           "names asked for again that were given up before they were judged",
                           lookups->given_up);
    }
    return STATUS_OK;
}

const struct detector call_home_lookup_detector = {
    .name = "call-home-lookup",
    .record_kinds = 1U << RECORD_FLOW | 1U << RECORD_TRANSACTION,
    .state_size = sizeof(struct lookup_state),
    .take = take,
    .finish = finish,
};
