/* Observes who spoke with which service: flows, sizes, times between them. */
#include "detect/behaviour/behaviour.h"
#include "detect/behaviour/contact.h"

#define TRAFFIC_GIVEN_MAX 12000

struct traffic_state {
    struct contacts contacts;
    uint64_t given;
};

static enum status observe(struct detection *detection, const struct contact *contact,
                           const struct contact_names *names)
{
    struct entity entities[4];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_ACTOR,
                 text_bytes(&names->client));
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_UNKNOWN,
                 text_bytes(&names->server));
    trace_entity(entities, &entity_count, ENTITY_SERVICE, ROLE_UNKNOWN,
                 text_bytes(&names->service));
    trace_entity(entities, &entity_count, ENTITY_NAME, ROLE_UNKNOWN, text_bytes(&names->name));
    struct regularity regularity = {0};
    bool has_interval = regularity_of_times(contact->times, contact->time_count, &regularity);
    const struct fact facts[] = {
        fact_size("client_payload", contact->client_payload),
        fact_size("server_payload", contact->server_payload),
        fact_count("established_count", contact->established_count),
        fact_duration("interval_median", regularity.median_ns),
        fact_number("interval_spread", regularity.spread),
    };
    const struct cite cites[] = {trace_cite(&contact->first), trace_cite(&contact->last)};
    bool is_one = place_compare(&contact->first.place, &contact->last.place) == 0;
    return detection_observe(detection, &(struct observation){
                                            .kind = OBSERVED_TRAFFIC,
                                            .count = contact->count == 0 ? 1 : contact->count,
                                            .first = contact->first.at,
                                            .last = contact->last.at,
                                            .entities = entities,
                                            .entity_count = entity_count,
                                            .facts = facts,
                                            .fact_count = has_interval ? 5 : 3,
                                            .cites = cites,
                                            .cite_count = is_one ? 1 : 2,
                                        });
}

struct giving {
    struct detection *detection;
    struct traffic_state *state;
};

static enum status give(void *context, const struct contact *contact)
{
    struct giving *giving = context;
    if (giving->state->given == TRAFFIC_GIVEN_MAX) {
        giving->detection->examination->observations_dropped++;
        return STATUS_OK;
    }
    giving->state->given++;
    struct contact_names names;
    contact_names_init(&names, contact);
    enum status status = observe(giving->detection, contact, &names);
    contact_names_done(&names);
    return status;
}

static enum status take(struct detection *detection, void *state, const struct record *record)
{
    struct traffic_state *traffic = state;
    struct giving giving = {detection, traffic};
    struct contact_loss loss = {give, &giving};
    struct contact *contact;
    return contacts_take(&traffic->contacts, detection->evidence, record, &loss, &contact);
}

static enum status finish(struct detection *detection, void *state)
{
    struct traffic_state *traffic = state;
    struct giving giving = {detection, traffic};
    const struct contact *contact = contacts_first(&traffic->contacts);
    while (contact != NULL) {
        TRY(give(&giving, contact));
        contact = contacts_after(&traffic->contacts, contact);
    }
    return STATUS_OK;
}

const struct detector traffic_detector = {
    .name = "traffic",
    .record_kinds = 1U << RECORD_FLOW | 1U << RECORD_TRANSACTION,
    .state_size = sizeof(struct traffic_state),
    .take = take,
    .finish = finish,
    .adds_up = true,
};
