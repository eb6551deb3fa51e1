/* Raises that names of one zone are used to carry data: the names that a client asks for are
 * ever new and look like nothing that people would call a machine, and either each answer holds
 * other data, or the names alone are long enough to carry much.
 *
 * Not looked at: what is asked for by address (reverse lookups, blocklists); names that repeat.
 * Excused to low: names that are digests of files or texts and get no data, what is answered
 * with the codes of a blocklist or a few short texts, keys and policies of mail senders, what
 * several clients do alike, names that have addresses of their own or whose addresses are then
 * contacted.  docs/decisions/0091 says what all this misses. */
#include "detect/behaviour/behaviour.h"
#include "detect/behaviour/contact.h"
#include "detect/behaviour/name_zone.h"

#include "base/number.h"

#define NEW_SHARE_MIN 0.5
#define UNLIKE_MIN 0.4 /* bits a letter (name_unlikeness) */

/* Data in both directions, or in the answers alone. */
#define TALK_NAMES_MIN 24
#define TALK_ANSWERS_MIN 24
#define TALK_DIFFERENT_MIN 0.6
#define TALK_BYTES_MIN (1U << 10)
#define TALK_SHORT_ANSWER 64 /* a lookup may well answer in so few bytes */
#define TALK_LARGE (64U << 10)

/* Data in the names alone. */
#define LONG_NAMES_MIN 40
#define LONG_FRESH_MIN 40
#define LONG_BYTES_MIN (4U << 10)
#define SHORT_NAMES_MIN 300
#define SHORT_FRESH_MIN 12
#define MISSING_FRESH_MIN 20 /* a browser's probes have up to 15 */
#define RARE_NAMES_MIN 24
#define RARE_SHARE_MIN 0.8
#define TYPED_NAMES_MIN 100
#define TYPED_FRESH_MIN 20

/* Data in addresses. */
#define ADDRESS_NAMES_MIN 60
#define ADDRESS_STRANGE_MIN 0.05 /* an eighth of all, if drawn by chance */

#define CODE_SHARE_MIN 0.5
#define OWN_ADDRESS_SHARE_MIN 0.3
#define OUTCOMES_MAX 64
#define MISSING_SHARE_MAX 0.5
#define PAIR_SHARE_MAX 0.5
#define ALIKE_SHARE_MIN 0.9
#define CLIENTS_ALIKE_MAX 2
#define CHILDREN_TOLD_MAX 2
#define CONTACTED_BITS (1U << 20)
#define RAISED_MAX 64

struct dns_data_state {
    struct zones zones;
    uint64_t contacted[CONTACTED_BITS / 64]; /* client and server, by hash */
    uint32_t contacted_count;                /* bits that are set */
};

enum manner {
    MANNER_NONE,
    MANNER_TALK,    /* the answers hold data */
    MANNER_RARE,    /* of a type that nobody has a use for */
    MANNER_ADDRESS, /* the answers are addresses that are none */
    MANNER_LONG,    /* the names hold much */
    MANNER_TYPED,   /* asked for text or names, the answers are not known */
    MANNER_SHORT,   /* the names hold little, and there are very many */
};

/* A zone, and what its numbers come to. */
struct reading {
    const struct zone *zone;
    enum manner manner;
    bool is_excused;
    uint64_t name_count;
    double new_share;
    double fresh; /* bytes a name that differ from the name before */
    double unlikeness;
    double data_mean;
    uint64_t data_different;
};

static double share(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0 : (double)part / (double)whole;
}

static uint64_t carried(const struct zone *zone)
{
    return number_add(zone->names.fresh_bytes, zone->answers.data_bytes);
}

/* ---- which manner ---- */

static bool is_talk(const struct reading *reading)
{
    const struct zone_answers *answers = &reading->zone->answers;
    return reading->name_count >= TALK_NAMES_MIN && answers->data_count >= TALK_ANSWERS_MIN &&
           (double)reading->data_different >=
               TALK_DIFFERENT_MIN * (double)answers->data_count &&
           share(answers->data_count, answers->count) >= 0.3 &&
           carried(reading->zone) >= TALK_BYTES_MIN;
}

static bool is_rare(const struct reading *reading)
{
    const struct zone *zone = reading->zone;
    return reading->name_count >= RARE_NAMES_MIN &&
           share(zone->type_counts[ZONE_TYPE_RARE], zone->question_count) >= RARE_SHARE_MIN;
}

static bool is_address_talk(const struct reading *reading)
{
    const struct zone_answers *answers = &reading->zone->answers;
    uint64_t different = zone_distinct(answers->address_sketch, ZONE_SMALL_SKETCH_BITS);
    return reading->name_count >= ADDRESS_NAMES_MIN && different >= ADDRESS_NAMES_MIN / 2 &&
           share(different, answers->address_count) >= 0.5 &&
           share(answers->strange_count, answers->address_count) >= ADDRESS_STRANGE_MIN;
}

static bool is_long(const struct reading *reading)
{
    return reading->name_count >= LONG_NAMES_MIN && reading->fresh >= LONG_FRESH_MIN &&
           reading->zone->names.fresh_bytes >= LONG_BYTES_MIN;
}

/* A log of questions does not say what was answered. */
static bool is_typed(const struct reading *reading)
{
    const struct zone *zone = reading->zone;
    return zone->answers.count == 0 && reading->name_count >= TYPED_NAMES_MIN &&
           reading->fresh >= TYPED_FRESH_MIN &&
           share(zone->type_counts[ZONE_TYPE_COMMON], zone->question_count) >= RARE_SHARE_MIN;
}

/* Hosts of a cloud and probes of a browser look so too: the former are asked for by two types,
 * the latter are short and do not exist. */
static bool is_short(const struct reading *reading)
{
    const struct zone *zone = reading->zone;
    bool exists = share(zone->answers.missing_count, zone->answers.count) <= MISSING_SHARE_MAX;
    return reading->name_count >= SHORT_NAMES_MIN &&
           reading->fresh >= (exists ? SHORT_FRESH_MIN : MISSING_FRESH_MIN) &&
           reading->new_share >= ALIKE_SHARE_MIN &&
           share(zone->again_count, zone->question_count) <= PAIR_SHARE_MAX;
}

struct manner_row {
    enum manner manner;
    bool (*holds)(const struct reading *reading);
};

/* rows: one deleted at a time by make prove */
static const struct manner_row manners[] = {
    {MANNER_TALK, is_talk}, {MANNER_RARE, is_rare},   {MANNER_ADDRESS, is_address_talk},
    {MANNER_LONG, is_long}, {MANNER_TYPED, is_typed}, {MANNER_SHORT, is_short},
};

/* ---- excuses ---- */

static size_t varied_places(const struct zone_names *names)
{
    size_t count = 0;
    for (size_t i = 0; i < sizeof names->varied / sizeof *names->varied; i++) {
        count += (size_t)__builtin_popcountll(names->varied[i]);
    }
    return count;
}

struct digest_row {
    size_t size;
    bool is_hex;
};

/* rows: one deleted at a time by make prove.  Of MD5, SHA-1 and SHA-2, in hexadecimal, base32
 * and base64. */
static const struct digest_row digests[] = {
    {32, true},  {40, true},  {56, true},  {64, true},  {128, true}, {26, false},
    {32, false}, {52, false}, {22, false}, {27, false}, {43, false},
};

/* All of one size, of which a part varies that is as long as a digest: the reputation of files,
 * of mails, of people's addresses. */
static bool is_digest(const struct reading *reading)
{
    const struct zone_names *names = &reading->zone->names;
    uint32_t most = 0;
    for (size_t i = 0; i <= NAME_SIZE_MAX; i++) {
        most = names->sizes[i] > most ? names->sizes[i] : most;
    }
    if (share(most, names->count) < ALIKE_SHARE_MIN) {
        return false;
    }
    size_t size = varied_places(names);
    bool is_hex = names->hex_bytes == names->fresh_bytes;
    for (size_t i = 0; i < sizeof digests / sizeof *digests; i++) {
        if (digests[i].size == size && digests[i].is_hex == is_hex) {
            return true;
        }
    }
    return false;
}

static bool has_codes(const struct reading *reading)
{
    const struct zone_answers *answers = &reading->zone->answers;
    return share(answers->code_count, answers->address_count) >= CODE_SHARE_MIN;
}

static uint32_t contact_hash(const struct endpoint *client, const struct endpoint *server)
{
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(&key, (struct bytes){client->address, client->address_size}, 16);
    recent_key_add(&key, (struct bytes){server->address, server->address_size}, 16);
    return name_hash(recent_key_bytes(&key));
}

static void note_contact(struct dns_data_state *state, const struct flow *flow)
{
    state->contacted_count +=
        zone_sketch_add(state->contacted, CONTACTED_BITS,
                        contact_hash(&flow->client.endpoint, &flow->server.endpoint));
}

/* The addresses answered are used: these are names of machines.  Not known where so many pairs
 * had contact that any bit may be set. */
static bool is_used(const struct dns_data_state *state, const struct zone *zone)
{
    size_t used = 0;
    for (size_t i = 0; i < zone->answers.addresses_kept; i++) {
        used += zone_sketch_has(state->contacted, CONTACTED_BITS,
                                contact_hash(&zone->client, &zone->answers.addresses[i]));
    }
    return used > 0 && used * 2 >= zone->answers.addresses_kept &&
           state->contacted_count < CONTACTED_BITS / 4;
}

static bool is_common(const struct dns_data_state *state, const struct zone *zone)
{
    size_t clients = 0;
    const struct zone *other = zones_first(&state->zones);
    for (; other != NULL && clients <= CLIENTS_ALIKE_MAX;
         other = recent_after(&state->zones.watched, other)) {
        clients += bytes_equal(trace_name_get(&other->name), trace_name_get(&zone->name));
    }
    return clients > CLIENTS_ALIKE_MAX;
}

/* What mail servers ask for: keys and policies of senders. */
static bool has_statements(const struct reading *reading)
{
    const struct zone_answers *answers = &reading->zone->answers;
    return share(answers->statement_count, answers->data_count) >= ALIKE_SHARE_MIN;
}

/* Each name has an address of its own, and one that can be: names of machines. */
static bool has_own_addresses(const struct reading *reading)
{
    const struct zone_answers *answers = &reading->zone->answers;
    uint64_t different = zone_distinct(answers->address_sketch, ZONE_SMALL_SKETCH_BITS);
    return share(different, reading->name_count) >= OWN_ADDRESS_SHARE_MIN &&
           share(answers->strange_count, answers->address_count) < ADDRESS_STRANGE_MIN;
}

/* A few short answers again and again, but not one alone: what a lookup found. */
static bool has_outcomes(const struct reading *reading)
{
    return reading->data_different >= 2 && reading->data_different <= OUTCOMES_MAX &&
           reading->data_different * 4 <= reading->zone->answers.data_count;
}

static bool is_excused(const struct dns_data_state *state, const struct reading *reading)
{
    if (reading->manner == MANNER_RARE) {
        return false;
    }
    bool is_channel = reading->manner == MANNER_TALK && reading->data_mean > TALK_SHORT_ANSWER;
    bool is_lookup = has_codes(reading) || is_digest(reading) || has_outcomes(reading) ||
                     has_own_addresses(reading) || is_used(state, reading->zone) ||
                     is_common(state, reading->zone);
    return has_statements(reading) || (!is_channel && is_lookup);
}

static void read_zone(const struct dns_data_state *state, const struct zone *zone,
                      struct reading *out)
{
    const struct zone_names *names = &zone->names;
    *out = (struct reading){
        .zone = zone,
        .fresh = share(names->fresh_bytes, names->count),
        .unlikeness = name_unlikeness(names->letters),
        .data_mean = share(zone->answers.data_bytes, zone->answers.data_count),
        .data_different = zone_distinct(zone->answers.data_sketch, ZONE_SMALL_SKETCH_BITS),
    };
    uint64_t different =
        number_least(zone_distinct(zone->sketch, ZONE_SKETCH_BITS), zone->counted_count);
    out->new_share = share(different, zone->counted_count);
    /* Those that were not counted are taken to be like those that were. */
    out->name_count = (uint64_t)(out->new_share * (double)zone->question_count + 0.5);
    if (out->new_share < NEW_SHARE_MIN || out->unlikeness < UNLIKE_MIN) {
        return;
    }
    for (size_t i = 0; i < sizeof manners / sizeof *manners && out->manner == MANNER_NONE;
         i++) {
        if (manners[i].holds(out)) {
            out->manner = manners[i].manner;
        }
    }
    out->is_excused = out->manner != MANNER_NONE && is_excused(state, out);
}

/* ---- which zone ---- */

static bool is_below(const struct zone *inner, const struct zone *outer)
{
    struct bytes inner_name = trace_name_get(&inner->name);
    struct bytes outer_name = trace_name_get(&outer->name);
    if (!endpoint_equal(&inner->client, &outer->client) ||
        inner_name.size <= outer_name.size + 1) {
        return false;
    }
    size_t start = inner_name.size - outer_name.size;
    return inner_name.data[start - 1] == '.' &&
           bytes_equal(bytes_from(inner_name, start), outer_name);
}

/* One or two zones below that hold most of it: there the names fan out.  Where there are more,
 * the label before is a part of what is carried. */
static bool is_told_below(const struct reading *readings, size_t count,
                          const struct reading *reading)
{
    size_t children = 0;
    uint64_t questions = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_child = readings[i].zone->depth == reading->zone->depth + 1 &&
                        is_below(readings[i].zone, reading->zone);
        children += is_child;
        questions += is_child ? readings[i].zone->question_count : 0;
    }
    return children > 0 && children <= CHILDREN_TOLD_MAX &&
           questions * 2 >= reading->zone->question_count;
}

/* A zone around it is told, which has three or more such zones in it. */
static bool is_told_above(const struct reading *readings, size_t count,
                          const struct reading *reading)
{
    for (size_t i = 0; i < count; i++) {
        if (is_below(reading->zone, readings[i].zone) &&
            !is_told_below(readings, count, &readings[i])) {
            return true;
        }
    }
    return false;
}

/* ---- what is raised ---- */

static enum severity severity_of(const struct reading *reading)
{
    if (reading->is_excused) {
        return SEVERITY_LOW;
    }
    bool is_large = reading->manner == MANNER_TALK && carried(reading->zone) >= TALK_LARGE;
    return is_large ? SEVERITY_HIGH : SEVERITY_MEDIUM;
}

static double confidence_of(const struct reading *reading)
{
    static const double by_manner[] = {
        [MANNER_NONE] = 0,      [MANNER_TALK] = 0.75, [MANNER_RARE] = 0.75,
        [MANNER_ADDRESS] = 0.7, [MANNER_LONG] = 0.65, [MANNER_TYPED] = 0.55,
        [MANNER_SHORT] = 0.5,
    };
    if (reading->is_excused) {
        return 0.3;
    }
    return severity_of(reading) == SEVERITY_HIGH ? 0.85 : by_manner[reading->manner];
}

static size_t add_facts(struct fact *facts, const struct reading *reading)
{
    const struct zone *zone = reading->zone;
    int64_t duration = zone->last.at.ns - zone->first.at.ns;
    size_t count = 0;
    facts[count++] = fact_count("contact_count", zone->question_count);
    facts[count++] = fact_count("name_count", reading->name_count);
    facts[count++] = fact_size("client_payload", zone->names.fresh_bytes);
    facts[count++] = fact_size("server_payload", zone->answers.data_bytes);
    facts[count++] = fact_count("data_answer_count", zone->answers.data_count);
    facts[count++] = fact_number("name_bytes_mean", reading->fresh);
    facts[count++] = fact_number("answer_bytes_mean", reading->data_mean);
    facts[count++] = fact_number("letters_unlike_words", reading->unlikeness);
    facts[count++] = fact_number("new_name_share", reading->new_share);
    facts[count++] = fact_text("record_type", trace_name_get(&zone->type));
    facts[count++] = fact_duration("duration", duration > 0 ? (uint64_t)duration : 0);
    return count;
}

/* Where more goes out than comes back, it is the data that matters, not the orders. */
static size_t add_techniques(struct bytes *techniques, const struct zone *zone)
{
    bool is_upload = zone->names.fresh_bytes > zone->answers.data_bytes;
    techniques[is_upload ? 1 : 0] = bytes_of_text("T1071.004");
    techniques[is_upload ? 0 : 1] = bytes_of_text("T1048.003");
    return 2;
}

static enum status raise(struct detection *detection, const struct reading *reading)
{
    const struct zone *zone = reading->zone;
    struct text AUTO(text_done) client = text_of_limit(64);
    if (zone->client.address_size > 0) {
        endpoint_add_address(&client, &zone->client);
    }
    struct entity entities[2];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_VICTIM, text_bytes(&client));
    trace_entity(entities, &entity_count, ENTITY_NAME, ROLE_CONTROLLER,
                 trace_name_get(&zone->name));
    struct fact facts[FINDING_FACTS_MAX];
    struct bytes techniques[2];
    const struct cite cites[] = {trace_cite(&zone->first), trace_cite(&zone->middle),
                                 trace_cite(&zone->last)};
    return detection_raise(
        detection, &(struct finding){
                       .rule = BYTES_LITERAL("behaviour/dns-data"),
                       .title = BYTES_LITERAL("Lookups of ever new names that carry data"),
                       .techniques = techniques,
                       .technique_count = add_techniques(techniques, zone),
                       .severity = severity_of(reading),
                       .confidence = confidence_of(reading),
                       .first = zone->first.at,
                       .last = zone->last.at,
                       .entities = entities,
                       .entity_count = entity_count,
                       .facts = facts,
                       .fact_count = add_facts(facts, reading),
                       .cites = cites,
                       .cite_count = sizeof cites / sizeof *cites,
                   });
}

static enum status take(struct detection *detection, void *state, const struct record *record)
{
    struct dns_data_state *data = state;
    if (record->kind == RECORD_FLOW) {
        note_contact(data, record->flow);
        return STATUS_OK;
    }
    return zones_take(&data->zones, detection->evidence, record);
}

static enum status raise_all(struct detection *detection, struct reading *readings,
                             size_t count)
{
    size_t raised = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_told_below(readings, count, &readings[i]) ||
            is_told_above(readings, count, &readings[i])) {
            continue;
        }
        if (raised == RAISED_MAX) {
            detection->examination->findings_dropped++;
            continue;
        }
        raised++;
        TRY(raise(detection, &readings[i]));
    }
    return STATUS_OK;
}

static enum status finish(struct detection *detection, void *state)
{
    struct dns_data_state *data = state;
    struct reading *readings =
        arena_take_many(detection->result, data->zones.watched.count, sizeof *readings);
    if (readings == NULL && data->zones.watched.count > 0) {
        return STATUS_NO_MEMORY;
    }
    size_t count = 0;
    const struct zone *zone = zones_first(&data->zones);
    for (; zone != NULL; zone = recent_after(&data->zones.watched, zone)) {
        read_zone(data, zone, &readings[count]);
        count += readings[count].manner != MANNER_NONE;
    }
    if (data->zones.given_up > 0) {
        coverage_count_add(&detection->examination->coverage,
                           "zones of names given up before they could be judged",
                           data->zones.given_up);
    }
    return raise_all(detection, readings, count);
}

const struct detector dns_data_detector = {
    .name = "dns-data",
    .record_kinds = 1U << RECORD_FLOW | 1U << RECORD_TRANSACTION,
    .state_size = sizeof(struct dns_data_state),
    .take = take,
    .finish = finish,
};
