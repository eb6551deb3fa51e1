#include "correlate/witness.h"

#include "base/table.h"
#include "correlate/zone.h"

#define SSH_PORT "22"
#define WITNESSES_MAX 100000

/* What captures saw of one address: its connections to the login service. */
struct arrival {
    struct bytes machine; /* the address it connected to */
    int64_t first_ns;
    int64_t last_ns;
    size_t evidence; /* the capture that saw the first */
    bool is_unique;  /* it connected to one machine only */
};

/* What logs say of one address on one machine. */
struct presence {
    struct bytes host;
    struct bytes source;
    int64_t first_ns;
    int64_t last_ns;
    size_t first_evidence;
    size_t last_evidence;
    bool zone_known;
};

struct witnesses {
    struct case_file *file;
    struct table arrivals;  /* by source */
    struct table presences; /* by machine and source */
};

/* ---- gathering ---- */

static struct bytes find_name(const struct observation *observation, enum entity_kind kind,
                              enum entity_role role)
{
    const struct entity *found =
        entity_find(observation->entities, observation->entity_count, kind, role);
    return found == NULL ? BYTES_NONE : found->name;
}

/* The address in "203.0.113.7:22/tcp" or "[2001:db8::1]:22/tcp" where the port is `port`. */
static bool service_address(struct bytes service, const char *port, struct bytes *out)
{
    struct bytes rest = service;
    struct bytes address;
    if (bytes_starts(service, "[")) {
        rest = bytes_from(rest, 1);
        if (!bytes_split(&rest, ']', &address) || !bytes_starts(rest, ":")) {
            return false;
        }
        rest = bytes_from(rest, 1);
    } else if (!bytes_split(&rest, ':', &address)) {
        return false;
    }
    struct bytes number;
    *out = address;
    return bytes_split(&rest, '/', &number) && bytes_equal_text(number, port);
}

/* The value under `key`, made where there is none: NULL beyond the limit, and then nobody
 * compares that address. */
static enum status find_or_make(struct witnesses *witnesses, struct table *table,
                                struct bytes key, size_t size, void **out, bool *is_new)
{
    struct table_entry *entry;
    *out = NULL;
    enum status status = table_add(table, key, &entry);
    if (status == STATUS_LIMIT) {
        return STATUS_OK;
    }
    TRY(status);
    *is_new = entry->value == NULL;
    if (*is_new) {
        entry->value = arena_take(witnesses->file->arena, size);
    }
    *out = entry->value;
    return *out == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status take_traffic(struct witnesses *witnesses, size_t evidence,
                                const struct observation *traffic)
{
    struct bytes client = find_name(traffic, ENTITY_ADDRESS, ROLE_ACTOR);
    struct bytes service = find_name(traffic, ENTITY_SERVICE, ROLE_COUNT);
    struct bytes machine;
    void *value;
    bool is_new = false;
    if (client.size == 0 || !traffic->first.is_known || !traffic->last.is_known ||
        !service_address(service, SSH_PORT, &machine)) {
        return STATUS_OK;
    }
    TRY(find_or_make(witnesses, &witnesses->arrivals, client, sizeof(struct arrival), &value,
                     &is_new));
    struct arrival *arrival = value;
    if (arrival == NULL) {
        return STATUS_OK;
    }
    if (is_new) {
        *arrival =
            (struct arrival){machine, traffic->first.ns, traffic->last.ns, evidence, true};
        return STATUS_OK;
    }
    arrival->is_unique = arrival->is_unique && bytes_equal(arrival->machine, machine);
    if (traffic->first.ns < arrival->first_ns) {
        arrival->first_ns = traffic->first.ns;
        arrival->evidence = evidence;
    }
    arrival->last_ns =
        traffic->last.ns > arrival->last_ns ? traffic->last.ns : arrival->last_ns;
    return STATUS_OK;
}

static enum status take_login(struct witnesses *witnesses, size_t evidence,
                              const struct observation *login)
{
    const struct moment_frame *frame = &witnesses->file->evidence[evidence].frame;
    struct moment first = moment_settle(login->first, frame);
    struct moment last = moment_settle(login->last, frame);
    struct bytes host = find_name(login, ENTITY_HOST, ROLE_VICTIM);
    struct bytes source = find_name(login, ENTITY_ADDRESS, ROLE_SOURCE);
    if (source.size == 0 || host.size == 0 || !first.is_known || !last.is_known ||
        !first.year_known || !last.year_known) {
        return STATUS_OK;
    }
    struct text key = text_of_limit(2 * ENTITY_SIZE_MAX + 1);
    text_add_raw(&key, host);
    text_add_byte(&key, '\n');
    text_add_raw(&key, source);
    void *value = NULL;
    bool is_new = false;
    enum status status = find_or_make(witnesses, &witnesses->presences, text_bytes(&key),
                                      sizeof(struct presence), &value, &is_new);
    text_done(&key);
    TRY(status);
    struct presence *presence = value;
    if (presence == NULL) {
        return STATUS_OK;
    }
    if (is_new) {
        *presence = (struct presence){.host = host,
                                      .source = source,
                                      .first_ns = first.ns,
                                      .last_ns = last.ns,
                                      .first_evidence = evidence,
                                      .last_evidence = evidence,
                                      .zone_known = true};
    }
    if (first.ns < presence->first_ns) {
        presence->first_ns = first.ns;
        presence->first_evidence = evidence;
    }
    if (last.ns > presence->last_ns) {
        presence->last_ns = last.ns;
        presence->last_evidence = evidence;
    }
    presence->zone_known = presence->zone_known && first.zone_known;
    return STATUS_OK;
}

static enum status take_evidence(struct witnesses *witnesses, size_t index)
{
    const struct examination *examination = &witnesses->file->evidence[index].examination;
    for (size_t i = 0; i < examination->observation_count; i++) {
        const struct observation *observation = &examination->observations[i];
        if (observation->kind == OBSERVED_TRAFFIC) {
            TRY(take_traffic(witnesses, index, observation));
        } else if (observation->kind == OBSERVED_LOGIN_FAILURES ||
                   observation->kind == OBSERVED_LOGIN) {
            TRY(take_login(witnesses, index, observation));
        }
    }
    return STATUS_OK;
}

/* ---- comparing ---- */

static int64_t magnitude(int64_t value)
{
    return value < 0 ? -value : value;
}

/* The zone, where the first login is whole quarter hours from the first connection and the last
 * ones say the same. */
static bool find_zone(const struct presence *presence, const struct arrival *arrival,
                      int *minutes)
{
    int64_t first = presence->first_ns - arrival->first_ns;
    int64_t last = presence->last_ns - arrival->last_ns;
    int64_t steps = zone_steps(first);
    *minutes = (int)(steps * (ZONE_STEP_NS / MOMENT_MINUTE_NS));
    return magnitude(first - steps * ZONE_STEP_NS) <= WITNESS_RESIDUAL_NS &&
           magnitude(steps * ZONE_STEP_NS) <= ZONE_MAX_NS && zone_steps(last) == steps;
}

static bool is_covered(const struct case_evidence *evidence, int64_t ns)
{
    const struct coverage *coverage = &evidence->examination.coverage;
    struct moment first = moment_settle(coverage->first, &evidence->frame);
    struct moment last = moment_settle(coverage->last, &evidence->frame);
    return first.is_known && last.is_known && first.ns <= ns && ns <= last.ns;
}

/* How far the machine's clock is ahead, if it surely is. */
static bool find_difference(const struct case_file *file, const struct presence *presence,
                            const struct arrival *arrival, int64_t *ahead_ns)
{
    int64_t first = presence->first_ns - arrival->first_ns;
    int64_t last = presence->last_ns - arrival->last_ns;
    int64_t least = magnitude(first) < magnitude(last) ? first : last;
    bool agree = magnitude(first - last) <= WITNESS_TRIES_NS &&
                 magnitude(least) >= WITNESS_DIFFERENCE_MIN_NS &&
                 magnitude(least) < WITNESS_DIFFERENCE_MAX_NS;
    bool are_two = presence->last_ns - presence->first_ns >= WITNESS_APART_NS;
    bool contradict = is_covered(&file->evidence[arrival->evidence], presence->first_ns) &&
                      is_covered(&file->evidence[presence->first_evidence], arrival->first_ns);
    *ahead_ns = least;
    return agree && (are_two || contradict);
}

static void set_difference(struct case_evidence *evidence, int64_t ahead_ns)
{
    if (evidence->clock_ahead_ns == 0) {
        evidence->clock_ahead_ns = ahead_ns;
    }
}

static void compare(struct case_file *file, const struct presence *presence,
                    const struct arrival *arrival)
{
    struct case_evidence *first = &file->evidence[presence->first_evidence];
    struct case_evidence *last = &file->evidence[presence->last_evidence];
    int minutes;
    int64_t ahead_ns;
    if (presence->zone_known) {
        if (find_difference(file, presence, arrival, &ahead_ns)) {
            set_difference(first, ahead_ns);
            set_difference(last, ahead_ns);
        }
    } else if (find_zone(presence, arrival, &minutes)) {
        static const char note[] =
            "its time zone was found from a connection that a capture saw too";
        zone_set(first, minutes, note);
        zone_set(last, minutes, note);
    }
}

enum status witness_alias(struct case_file *file, struct bytes host, struct bytes address)
{
    if (case_is_host(file, host, address) || file->alias_count == CASE_ALIASES_MAX) {
        return STATUS_OK;
    }
    struct alias *alias = &file->aliases[file->alias_count];
    TRY(arena_copy(file->arena, host, &alias->host));
    TRY(arena_copy(file->arena, address, &alias->address));
    file->alias_count++;
    return STATUS_OK;
}

/* One scanner may knock at several machines, and a capture see another one than the logs. */
static bool times_meet(const struct presence *presence, const struct arrival *arrival)
{
    int minutes;
    return (presence->first_ns <= arrival->last_ns + WITNESS_MEET_NS &&
            presence->last_ns >= arrival->first_ns - WITNESS_MEET_NS) ||
           (!presence->zone_known && find_zone(presence, arrival, &minutes));
}

static bool has_address(const struct tree_node *host, struct bytes address)
{
    const struct tree_node *list = tree_member(host, "addresses");
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        if (bytes_equal(tree_text(child), address)) {
            return true;
        }
    }
    return false;
}

bool witness_owner_objects(const struct site *site, struct bytes host, struct bytes address)
{
    for (const struct tree_node *other = tree_first(site->hosts); other != NULL;
         other = tree_next(site->hosts, other)) {
        bool is_it = bytes_equal(other->key, host);
        bool has_any = tree_member(other, "addresses") != NULL;
        if (is_it ? has_any && !has_address(other, address) : has_address(other, address)) {
            return true;
        }
    }
    return false;
}

/* Who might have an address: one machine, or nobody where several might. */
static enum status claim(struct table *claims, const struct presence *presence,
                         const struct arrival *arrival)
{
    static const struct presence several = {.zone_known = false};
    struct table_entry *entry;
    enum status status = table_add(claims, arrival->machine, &entry);
    if (status == STATUS_LIMIT) {
        return STATUS_OK;
    }
    TRY(status);
    const struct presence *before = entry->value;
    bool is_other = before != NULL && !bytes_equal(before->host, presence->host);
    /* The table keeps what it is given and changes nothing of it. */
    union {
        const struct presence *kept;
        void *value;
    } next = {.kept = is_other ? &several : presence};
    entry->value = next.value;
    return STATUS_OK;
}

static enum status name_machines(const struct witnesses *witnesses)
{
    struct case_file *file = witnesses->file;
    struct table claims;
    table_init(&claims, file->arena, WITNESSES_MAX);
    for (size_t i = 0; i < witnesses->presences.count; i++) {
        const struct presence *presence = witnesses->presences.entries[i].value;
        const struct arrival *arrival = table_get(&witnesses->arrivals, presence->source);
        if (arrival != NULL && arrival->is_unique && times_meet(presence, arrival) &&
            !witness_owner_objects(file->site, presence->host, arrival->machine)) {
            TRY(claim(&claims, presence, arrival));
        }
    }
    for (size_t i = 0; i < claims.count; i++) {
        const struct presence *presence = claims.entries[i].value;
        if (presence->host.size > 0) {
            TRY(witness_alias(file, presence->host, claims.entries[i].key));
        }
    }
    return STATUS_OK;
}

enum status witness_compare(struct case_file *file)
{
    struct witnesses witnesses = {.file = file};
    table_init(&witnesses.arrivals, file->arena, WITNESSES_MAX);
    table_init(&witnesses.presences, file->arena, WITNESSES_MAX);
    for (size_t i = 0; i < file->evidence_count; i++) {
        if (file->evidence[i].has_examination) {
            TRY(take_evidence(&witnesses, i));
        }
    }
    TRY(name_machines(&witnesses));
    for (size_t i = 0; i < witnesses.presences.count; i++) {
        const struct presence *presence = witnesses.presences.entries[i].value;
        const struct arrival *arrival = table_get(&witnesses.arrivals, presence->source);
        if (arrival != NULL && arrival->is_unique) {
            compare(file, presence, arrival);
        }
    }
    return STATUS_OK;
}
