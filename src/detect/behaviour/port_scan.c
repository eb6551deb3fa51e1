/* Raises that one address looked for services: many ports of one machine, one port of many
 * machines, some ports of some machines, or which addresses have a machine at all.
 *
 * What counts is different ports and machines that were tried in vain (probe.h), over the whole
 * evidence: a scan that takes days counts like one that takes seconds.  A service that answered
 * this client before is down, not searched for.  Whoever mostly gets answers is a busy client
 * with some dead peers: file sharing, a crowd behind one address, a monitoring system.
 *
 * From the internet everything is scanned every day: that is low until a machine was gone
 * through.  From inside it is an owner's tool or an intruder who looks around.
 *
 * Limits: PROBERS_MAX sources: those longest without a try in vain are judged early, and
 * counted.  TARGETS_MAX pairs of source and machine and as many of source and port: what gives
 * way goes into its source's tally.  CLIENTS_MAX pairs of source and port, and ANSWERED_MAX
 * services, that answered: forgotten ones speak for nobody any more.  Of each pair DISTINCT_MAX
 * are told apart.  Not seen: a sweep that finds a service wherever it looks. */
#include "detect/behaviour/behaviour.h"
#include "detect/behaviour/distinct.h"
#include "detect/behaviour/own_network.h"
#include "detect/behaviour/probe.h"
#include "detect/behaviour/recent.h"
#include "detect/behaviour/trace.h"

#include "base/number.h"
#include "base/table.h"

#define PROBERS_MAX 4096U
#define TARGETS_MAX 2048U
#define ANSWERED_MAX 8192U
#define CLIENTS_MAX 4096U
#define FINDINGS_GIVEN_MAX 500U

/* No ordinary client meets so many closed ports of one machine: it knows what it wants. */
#define PORTS_MIN 20U
#define PORTS_MANY 150U /* gone through, not only touched */
/* A client's list of peers goes stale in part; UDP is lost, and unanswered, more often. */
#define MACHINES_MIN 30U
#define MACHINES_MIN_UDP 64U
#define MACHINES_MANY 150U
/* A few ports each, of several machines. */
#define FEW_PORTS_MIN 3U
#define FEW_PORTS_MACHINES_MIN 10U
/* In vain, to one answered: four of five. */
#define VAIN_SHARE 4U
#define SLOW_NS MOMENT_DAY_NS

static const char count_early[] = "sources of scans given up before they could be judged";

/* The ports of one machine that one source tried in vain. */
struct machine {
    struct recent_entry entry;
    struct endpoint source;
    struct endpoint target;
    uint64_t answered; /* different ports, since the first in vain */
    struct distinct missed;
};

/* The machines on which one source tried one port in vain. */
struct door {
    struct recent_entry entry;
    struct endpoint source;
    uint16_t port;
    enum flow_protocol protocol;
    struct distinct missed;
};

/* The different machines that answered one source on one port. */
struct client {
    struct recent_entry entry;
    uint64_t answered;
};

/* What a source's machines and ports come to. */
struct tally {
    uint64_t machines; /* of which many ports were tried */
    uint64_t few_machines;
    uint64_t doors;          /* ports that were tried on many machines */
    struct endpoint machine; /* the first that was tried, then that of which most ports were */
    uint32_t most_ports;
    uint16_t door;
    enum flow_protocol door_protocol;
    uint32_t most_machines; /* on that port */
};

struct prober {
    struct recent_entry entry;
    struct endpoint source;
    bool is_own_machine;     /* the log is of the machine that tried */
    uint64_t tries;          /* in vain */
    struct tally gone;       /* of machines and ports that made room for others */
    struct tally all;        /* with those that are held: made anew whenever it is judged */
    struct trace_spot first; /* by time */
    struct trace_spot last;
};

struct scan_state {
    bool is_open;
    struct recent probers;
    struct recent machines;
    struct recent doors;
    struct recent clients;
    struct recent answered; /* what answered whom */
    struct own_network own;
    uint64_t raised;
};

static enum status open_state(struct scan_state *state, struct arena *arena)
{
    TRY(recent_init(&state->probers, arena, PROBERS_MAX, sizeof(struct prober)));
    TRY(recent_init(&state->machines, arena, TARGETS_MAX, sizeof(struct machine)));
    TRY(recent_init(&state->doors, arena, TARGETS_MAX, sizeof(struct door)));
    TRY(recent_init(&state->clients, arena, CLIENTS_MAX, sizeof(struct client)));
    TRY(recent_init(&state->answered, arena, ANSWERED_MAX, sizeof(struct recent_entry)));
    state->is_open = true;
    return STATUS_OK;
}

/* ---- keys ---- */

static void add_address(struct recent_key *key, const struct endpoint *endpoint)
{
    recent_key_add(key, (struct bytes){endpoint->address, endpoint->address_size}, 16);
}

static void add_door(struct recent_key *key, enum flow_protocol protocol, uint16_t port)
{
    const uint8_t door[3] = {(uint8_t)protocol, (uint8_t)(port >> 8), (uint8_t)port};
    recent_key_add(key, (struct bytes){door, sizeof door}, sizeof door);
}

static struct recent_key source_key(const struct endpoint *source)
{
    struct recent_key key;
    recent_key_begin(&key);
    add_address(&key, source);
    return key;
}

static struct recent_key machine_key(const struct probe *probe)
{
    struct recent_key key = source_key(&probe->source);
    add_address(&key, &probe->target);
    return key;
}

static struct recent_key door_key(const struct endpoint *source, enum flow_protocol protocol,
                                  uint16_t port)
{
    struct recent_key key = source_key(source);
    add_door(&key, protocol, port);
    return key;
}

static struct recent_key service_key(const struct probe *probe)
{
    struct recent_key key = machine_key(probe);
    add_door(&key, probe->protocol, probe->target.port);
    return key;
}

static void *find(struct recent *table, const struct recent_key *key)
{
    return recent_find(table, recent_key_bytes(key));
}

/* ---- what a source's machines and ports make of it ---- */

/* Judging goes on in the middle of an evidence too: it must not change who was used last. */
static struct prober *peek_prober(const struct scan_state *state, const struct endpoint *source)
{
    struct recent_key key = source_key(source);
    return recent_peek(&state->probers, recent_key_bytes(&key));
}

static void fold_machine(const struct machine *machine, struct tally *tally)
{
    uint32_t ports = machine->missed.count;
    if (ports < machine->answered * VAIN_SHARE) {
        return;
    }
    tally->few_machines += ports >= FEW_PORTS_MIN;
    tally->machines += ports >= PORTS_MIN;
    if (ports > tally->most_ports) {
        tally->most_ports = ports;
        tally->machine = machine->target;
    }
}

static void fold_door(const struct scan_state *state, const struct door *door,
                      struct tally *tally)
{
    struct recent_key key = door_key(&door->source, door->protocol, door->port);
    const struct client *client = recent_peek(&state->clients, recent_key_bytes(&key));
    uint32_t machines = door->missed.count;
    uint32_t least = door->protocol == FLOW_UDP ? MACHINES_MIN_UDP : MACHINES_MIN;
    if (machines < least || (client != NULL && machines < client->answered * VAIN_SHARE)) {
        return;
    }
    tally->doors++;
    if (machines > tally->most_machines) {
        tally->most_machines = machines;
        tally->door = door->port;
        tally->door_protocol = door->protocol;
    }
}

static void give_up_machine(const struct scan_state *state, const struct machine *machine)
{
    struct prober *prober = peek_prober(state, &machine->source);
    if (prober != NULL) {
        fold_machine(machine, &prober->gone);
    }
}

static void give_up_door(const struct scan_state *state, const struct door *door)
{
    struct prober *prober = peek_prober(state, &door->source);
    if (prober != NULL) {
        fold_door(state, door, &prober->gone);
    }
}

/* What all sources come to, if it ended here; what is still counted stays as it is. */
static void fold_all(const struct scan_state *state)
{
    for (struct prober *prober = recent_first(&state->probers); prober != NULL;
         prober = recent_after(&state->probers, prober)) {
        prober->all = prober->gone;
    }
    for (const struct machine *machine = recent_first(&state->machines); machine != NULL;
         machine = recent_after(&state->machines, machine)) {
        struct prober *prober = peek_prober(state, &machine->source);
        if (prober != NULL) {
            fold_machine(machine, &prober->all);
        }
    }
    for (const struct door *door = recent_first(&state->doors); door != NULL;
         door = recent_after(&state->doors, door)) {
        struct prober *prober = peek_prober(state, &door->source);
        if (prober != NULL) {
            fold_door(state, door, &prober->all);
        }
    }
}

/* ---- findings ---- */

static enum direction direction_of(const struct scan_state *state, const struct prober *prober)
{
    bool is_inside = prober->is_own_machine || endpoint_is_private(&prober->source);
    if (is_inside || state->own.flows == 0 || state->own.has_private) {
        bool is_within = endpoint_is_private(&prober->all.machine);
        return !is_inside  ? DIRECTION_INCOMING
               : is_within ? DIRECTION_WITHIN
                           : DIRECTION_OUTWARD;
    }
    return own_network_direction(&state->own, &prober->source, &prober->all.machine);
}

static enum severity severity_of(const struct prober *prober, enum direction direction)
{
    bool by_tcp = prober->all.doors > 0 && prober->all.door_protocol == FLOW_TCP;
    bool is_large = prober->all.most_ports >= PORTS_MANY;
    switch (direction) {
    case DIRECTION_INCOMING:
        return is_large ? SEVERITY_MEDIUM : SEVERITY_LOW;
    case DIRECTION_WITHIN:
        return prober->all.machines > 0 || by_tcp ? SEVERITY_MEDIUM : SEVERITY_LOW;
    case DIRECTION_OUTWARD:
        return prober->all.machines > 0 ||
                       (by_tcp && prober->all.most_machines >= MACHINES_MANY)
                   ? SEVERITY_MEDIUM
                   : SEVERITY_LOW;
    }
    return SEVERITY_LOW;
}

static size_t add_techniques(struct bytes *techniques, const struct prober *prober,
                             enum direction direction)
{
    bool is_echo = prober->all.doors > 0 && prober->all.door_protocol == FLOW_ICMP;
    bool is_only_echo = is_echo && prober->all.machines == 0 && prober->all.doors == 1;
    size_t count = 0;
    if (direction == DIRECTION_INCOMING) {
        techniques[count++] = bytes_of_text("T1595.001");
        return count;
    }
    if (!is_only_echo) {
        techniques[count++] = bytes_of_text("T1046");
    }
    if (is_echo) {
        techniques[count++] = bytes_of_text("T1018");
    }
    return count;
}

static const char *title_of(const struct prober *prober, bool is_slow)
{
    if (prober->all.doors == 0 && prober->all.machines == 1) {
        return is_slow ? "Many ports of a machine were tried, slowly"
                       : "Many ports of a machine were tried";
    }
    if (prober->all.doors == 1 && prober->all.machines == 0 &&
        prober->all.door_protocol == FLOW_ICMP) {
        return is_slow ? "Many addresses were asked whether a machine is there, slowly"
                       : "Many addresses were asked whether a machine is there";
    }
    if (prober->all.doors == 1 && prober->all.machines == 0) {
        return is_slow ? "One port was tried on many machines, slowly"
                       : "One port was tried on many machines";
    }
    return is_slow ? "Many ports of several machines were tried, slowly"
                   : "Many ports of several machines were tried";
}

static double confidence_of(const struct prober *prober)
{
    if (prober->all.most_ports >= PORTS_MANY || prober->all.most_machines >= MACHINES_MANY) {
        return 0.95;
    }
    return prober->all.machines > 0 ? 0.9 : prober->all.doors > 0 ? 0.8 : 0.6;
}

static const char *door_name(const struct prober *prober)
{
    return prober->all.doors == 0                  ? ""
           : prober->all.door_protocol == FLOW_TCP ? "tcp"
           : prober->all.door_protocol == FLOW_UDP ? "udp"
                                                   : "icmp";
}

static enum status raise(struct detection *detection, const struct scan_state *state,
                         const struct prober *prober)
{
    AUTO(text_done) struct text source = text_of_limit(64);
    AUTO(text_done) struct text target = text_of_limit(64);
    endpoint_add_address(&source, &prober->source);
    bool has_target = prober->all.machines > 0 || prober->all.most_ports >= FEW_PORTS_MIN;
    if (has_target) {
        endpoint_add_address(&target, &prober->all.machine);
    }
    struct entity entities[2];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_SOURCE, text_bytes(&source));
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_VICTIM, text_bytes(&target));
    enum direction direction = direction_of(state, prober);
    int64_t duration = prober->last.at.ns - prober->first.at.ns;
    bool is_slow = moment_is_apart(prober->first.at, prober->last.at, SLOW_NS);
    bool is_full =
        prober->all.most_ports >= DISTINCT_MAX || prober->all.most_machines >= DISTINCT_MAX;
    const struct fact facts[] = {
        fact_count("try_count", prober->tries),
        fact_count("port_count", prober->all.most_ports),
        fact_count("scanned_machine_count", prober->all.machines),
        fact_count("partly_scanned_machine_count", prober->all.few_machines),
        fact_count("machine_count", prober->all.most_machines),
        fact_count("swept_port", prober->all.door),
        fact_count("swept_port_count", prober->all.doors),
        fact_count("counts_are_least", is_full),
        fact_count("from_inside", direction != DIRECTION_INCOMING),
        fact_duration("duration", duration > 0 ? (uint64_t)duration : 0),
        fact_count("port_threshold", PORTS_MIN),
        fact_count("machine_threshold", MACHINES_MIN),
        fact_text("swept_protocol", bytes_of_text(door_name(prober))),
    };
    const struct cite cites[] = {trace_cite(&prober->first), trace_cite(&prober->last)};
    struct bytes techniques[2];
    size_t technique_count = add_techniques(techniques, prober, direction);
    return detection_raise(
        detection, &(struct finding){
                       .rule = BYTES_LITERAL("behaviour/port-scan"),
                       .title = bytes_of_text(title_of(prober, is_slow)),
                       .techniques = techniques,
                       .technique_count = technique_count,
                       .severity = severity_of(prober, direction),
                       .confidence = confidence_of(prober),
                       .first = prober->first.at,
                       .last = prober->last.at,
                       .entities = entities,
                       .entity_count = entity_count,
                       .facts = facts,
                       .fact_count = sizeof facts / sizeof *facts - (prober->all.doors == 0),
                       .cites = cites,
                       .cite_count = 2,
                   });
}

static enum status judge(struct detection *detection, struct scan_state *state,
                         const struct prober *prober)
{
    if (prober->all.machines == 0 && prober->all.doors == 0 &&
        prober->all.few_machines < FEW_PORTS_MACHINES_MIN) {
        return STATUS_OK;
    }
    if (state->raised == FINDINGS_GIVEN_MAX) {
        detection->examination->findings_dropped++;
        return STATUS_OK;
    }
    state->raised++;
    return raise(detection, state, prober);
}

/* ---- records ---- */

static enum status find_or_add_prober(struct detection *detection, struct scan_state *state,
                                      const struct probe *probe, struct prober **out)
{
    struct recent_key key = source_key(&probe->source);
    *out = find(&state->probers, &key);
    if (*out != NULL) {
        return STATUS_OK;
    }
    const struct prober *oldest = recent_next_out(&state->probers);
    if (oldest != NULL) {
        coverage_count_add(&detection->examination->coverage, count_early, 1);
        struct prober leaving = *oldest;
        leaving.all = leaving.gone;
        TRY(judge(detection, state, &leaving));
    }
    *out = recent_add(&state->probers, recent_key_bytes(&key));
    if (*out == NULL) {
        return STATUS_NO_MEMORY;
    }
    (*out)->source = probe->source;
    (*out)->gone.machine = probe->target;
    return STATUS_OK;
}

static enum status count_machine(struct scan_state *state, const struct probe *probe)
{
    struct recent_key key = machine_key(probe);
    struct machine *machine = find(&state->machines, &key);
    if (machine == NULL) {
        const struct machine *oldest = recent_next_out(&state->machines);
        if (oldest != NULL) {
            give_up_machine(state, oldest);
        }
        machine = recent_add(&state->machines, recent_key_bytes(&key));
        if (machine == NULL) {
            return STATUS_NO_MEMORY;
        }
        machine->source = probe->source;
        machine->target = probe->target;
        machine->target.port = 0;
    }
    distinct_add(&machine->missed,
                 (uint64_t)probe->protocol << 16 | (uint64_t)probe->target.port);
    return STATUS_OK;
}

static enum status count_door(struct scan_state *state, const struct probe *probe)
{
    struct recent_key key = door_key(&probe->source, probe->protocol, probe->target.port);
    struct door *door = find(&state->doors, &key);
    if (door == NULL) {
        const struct door *oldest = recent_next_out(&state->doors);
        if (oldest != NULL) {
            give_up_door(state, oldest);
        }
        door = recent_add(&state->doors, recent_key_bytes(&key));
        if (door == NULL) {
            return STATUS_NO_MEMORY;
        }
        door->source = probe->source;
        door->port = probe->target.port;
        door->protocol = probe->protocol;
    }
    distinct_add(&door->missed,
                 table_hash((struct bytes){probe->target.address, probe->target.address_size}));
    return STATUS_OK;
}

static void widen(struct prober *prober, const struct record *record)
{
    if (prober->first.size == 0 || moment_compare(record->at, prober->first.at) < 0) {
        trace_spot_set(&prober->first, record);
    }
    if (prober->last.size == 0 || moment_compare(record->at, prober->last.at) >= 0) {
        trace_spot_set(&prober->last, record);
    }
}

static enum status take_missed(struct detection *detection, struct scan_state *state,
                               const struct record *record, const struct probe *probe)
{
    struct recent_key service = service_key(probe);
    if (find(&state->answered, &service) != NULL) {
        return STATUS_OK;
    }
    struct prober *prober;
    TRY(find_or_add_prober(detection, state, probe, &prober));
    widen(prober, record);
    bool is_line = record->kind == RECORD_EVENT;
    prober->tries = number_add(prober->tries, is_line ? record->event->repeats : 1);
    prober->is_own_machine |=
        is_line && event_field(record->event, FIELD_INTERFACE_IN).size == 0;
    if (probe->protocol != FLOW_ICMP) {
        TRY(count_machine(state, probe));
    }
    /* A line that does not say what became of a try may be of a client that is served. */
    return probe->outcome == PROBE_UNKNOWN ? STATUS_OK : count_door(state, probe);
}

static enum status take_answered(struct scan_state *state, const struct probe *probe)
{
    struct recent_key service = service_key(probe);
    if (find(&state->answered, &service) != NULL) {
        return STATUS_OK;
    }
    struct recent_key door = door_key(&probe->source, probe->protocol, probe->target.port);
    struct recent_key target = machine_key(probe);
    struct client *client = find(&state->clients, &door);
    struct machine *machine = find(&state->machines, &target);
    if (client == NULL) {
        client = recent_add(&state->clients, recent_key_bytes(&door));
    }
    if (client == NULL || recent_add(&state->answered, recent_key_bytes(&service)) == NULL) {
        return STATUS_NO_MEMORY;
    }
    client->answered++;
    if (machine != NULL) {
        machine->answered++;
    }
    return STATUS_OK;
}

static enum status take(struct detection *detection, void *context, const struct record *record)
{
    struct scan_state *state = context;
    if (record->kind == RECORD_FLOW) {
        own_network_take(&state->own, record->flow);
    }
    struct probe probe;
    enum probe_outcome outcome = probe_read(record, &probe);
    if (outcome == PROBE_NONE) {
        return STATUS_OK;
    }
    if (!state->is_open) {
        TRY(open_state(state, detection->evidence));
    }
    return outcome == PROBE_ANSWERED ? take_answered(state, &probe)
                                     : take_missed(detection, state, record, &probe);
}

static enum status finish(struct detection *detection, void *context)
{
    struct scan_state *state = context;
    if (!state->is_open) {
        return STATUS_OK;
    }
    fold_all(state);
    const struct prober *prober = recent_first(&state->probers);
    for (; prober != NULL; prober = recent_after(&state->probers, prober)) {
        TRY(judge(detection, state, prober));
    }
    return STATUS_OK;
}

const struct detector port_scan_detector = {
    .name = "port-scan",
    .record_kinds = 1U << RECORD_FLOW | 1U << RECORD_EVENT,
    .event_actions = DETECTOR_ACTION(EVENT_PACKET_LOGGED),
    .state_size = sizeof(struct scan_state),
    .take = take,
    .finish = finish,
};
