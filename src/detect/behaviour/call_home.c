/* Raises regular contact of one client with one service outside: how programs that wait for
 * orders ask for them, and how monitoring asks too.  So it is low until something else points
 * at the same address.
 *
 * Not looked at: resolvers, clocks and what only announces itself on the local network; calls
 * from outside; ICMP; services that send or get much each time, which are downloads, streams
 * and backups. */
#include "detect/behaviour/behaviour.h"
#include "detect/behaviour/contact.h"

#include "base/number.h"

#define PORT_SSH 22

struct call_home_state {
    struct contacts contacts;
};

/* What one finding says. */
struct call {
    const struct contact *contact;
    const struct regularity *regularity;
    uint64_t count;
    uint64_t bytes;
    struct moment first;
    struct moment last;
    const struct cite *cites;
    size_t cite_count;
    bool is_outward;
    bool is_in_one_flow;
};

/* Regular by their nature, and never the way to a program's master by themselves. */
static bool is_ordinary_service(const struct contact *contact)
{
    static const uint16_t ports[] = {53,  67,  68,   123,  137,  138,
                                     546, 547, 1900, 3702, 5353, 5355};
    if (contact->protocol != FLOW_UDP) {
        return contact->server.port == 53;
    }
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        if (contact->server.port == ports[i]) {
            return true;
        }
    }
    return false;
}

/* How sure: what varies little and goes on for long is hardly chance, but may be monitoring. */
static double confidence_of(const struct call *call)
{
    double steady = 1.0 - call->regularity->spread / 0.30;
    double many = call->count >= 40 ? 1.0 : (double)call->count / 40.0;
    double confidence = 0.3 + 0.15 * steady + 0.15 * many;
    return call->is_outward ? confidence : confidence / 2;
}

static struct bytes technique_of(const struct contact *contact)
{
    return bytes_of_text(contact->speech == CONTACT_RAW ? "T1095" : "T1071.001");
}

static enum status raise(struct detection *detection, const struct call *call,
                         const struct contact_names *names)
{
    struct entity entities[4];
    size_t entity_count = 0;
    enum entity_role role = call->is_outward ? ROLE_CONTROLLER : ROLE_UNKNOWN;
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_VICTIM,
                 text_bytes(&names->client));
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, role, text_bytes(&names->server));
    trace_entity(entities, &entity_count, ENTITY_SERVICE, role, text_bytes(&names->service));
    trace_entity(entities, &entity_count, ENTITY_NAME, role, text_bytes(&names->name));
    const struct regularity *regularity = call->regularity;
    int64_t duration = call->last.ns - call->first.ns;
    const struct fact facts[] = {
        fact_count("contact_count", call->count),
        fact_duration("interval_median", regularity->median_ns),
        fact_number("interval_spread", regularity->spread),
        fact_duration("duration", duration > 0 ? (uint64_t)duration : 0),
        fact_size("bytes", call->bytes),
        fact_count("missed_count", regularity->missed),
    };
    struct bytes technique = technique_of(call->contact);
    const char *title = call->is_in_one_flow ? "Regular exchanges in one long connection"
                                             : "Regular contact with the same service";
    return detection_raise(detection,
                           &(struct finding){
                               .rule = BYTES_LITERAL("behaviour/call-home"),
                               .title = bytes_of_text(title),
                               .techniques = &technique,
                               .technique_count = 1,
                               .severity = call->is_outward ? SEVERITY_LOW : SEVERITY_INFO,
                               .confidence = confidence_of(call),
                               .first = call->first,
                               .last = call->last,
                               .entities = entities,
                               .entity_count = entity_count,
                               .facts = facts,
                               .fact_count = sizeof facts / sizeof *facts,
                               .cites = call->cites,
                               .cite_count = call->cite_count,
                           });
}

static enum status raise_named(struct detection *detection, const struct call *call)
{
    struct contact_names names;
    contact_names_init(&names, call->contact);
    enum status status = raise(detection, call, &names);
    contact_names_done(&names);
    return status;
}

/* Regular over several flows or requests. */
static enum status judge_contacts(struct detection *detection, const struct contact *contact,
                                  bool is_outward, bool *is_raised)
{
    struct regularity regularity;
    bool is_small = contact->small_count * 4 >= contact->count * 3;
    if (!is_small || !regularity_of_times(contact->times, contact->time_count, &regularity) ||
        !regularity_holds(&regularity)) {
        return STATUS_OK;
    }
    *is_raised = true;
    bool has_requests = contact->speech == CONTACT_HTTP;
    const struct trace_spot *first = has_requests ? &contact->first_request : &contact->first;
    const struct trace_spot *last = has_requests ? &contact->last_request : &contact->last;
    const struct cite cites[] = {trace_cite(first), trace_cite(last)};
    struct call call = {
        .contact = contact,
        .regularity = &regularity,
        .count = number_most(contact->count, contact->request_count),
        .bytes = contact->client_payload + contact->server_payload,
        .first = first->at,
        .last = last->at,
        .cites = cites,
        .cite_count = 2,
        .is_outward = is_outward,
    };
    return raise_named(detection, &call);
}

/* Regular in one flow.  Administrators' sessions are kept open like that. */
static enum status judge_turns(struct detection *detection, const struct contact *contact,
                               bool is_outward)
{
    const struct contact_turns *turns = &contact->turns;
    if (turns->count == 0 || contact->server.port == PORT_SSH) {
        return STATUS_OK;
    }
    const struct cite cites[] = {trace_cite(&turns->spot)};
    struct call call = {
        .contact = contact,
        .regularity = &turns->regularity,
        .count = turns->count,
        .bytes = turns->bytes,
        .first = turns->first,
        .last = turns->last,
        .cites = cites,
        .cite_count = 1,
        .is_outward = is_outward,
        .is_in_one_flow = true,
    };
    return raise_named(detection, &call);
}

static enum status take(struct detection *detection, void *state, const struct record *record)
{
    struct call_home_state *calls = state;
    struct contact *contact;
    calls->contacts.remembers = true; /* calls may lie far apart */
    TRY(contacts_take(&calls->contacts, detection->evidence, record, NULL, &contact));
    if (contact != NULL && contact->time_count >= REGULARITY_BEATS_MIN) {
        uint64_t count = number_most(contact->count, contact->request_count);
        detection_stir_count(detection, count - 1, count);
    }
    return STATUS_OK;
}

static enum status finish(struct detection *detection, void *state)
{
    struct call_home_state *calls = state;
    const struct contact *contact = contacts_first(&calls->contacts);
    for (; contact != NULL; contact = contacts_after(&calls->contacts, contact)) {
        enum direction direction = contact_direction(&calls->contacts, contact);
        if (direction == DIRECTION_INCOMING || is_ordinary_service(contact)) {
            continue;
        }
        bool is_outward = direction == DIRECTION_OUTWARD;
        bool is_raised = false;
        TRY(judge_contacts(detection, contact, is_outward, &is_raised));
        if (!is_raised) {
            TRY(judge_turns(detection, contact, is_outward));
        }
    }
    if (calls->contacts.given_up > 0) {
        coverage_count_add(&detection->examination->coverage,
                           "services given up before they could be judged",
                           calls->contacts.given_up);
    }
    return STATUS_OK;
}

const struct detector call_home_detector = {
    .name = "call-home",
    .record_kinds = 1U << RECORD_FLOW | 1U << RECORD_TRANSACTION,
    .state_size = sizeof(struct call_home_state),
    .take = take,
    .finish = finish,
};
