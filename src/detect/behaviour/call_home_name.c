/* Raises regular questions for ever new names below one domain: orders that come as answers of
 * the name service.
 *
 * An ordinary program asks for the same few names again; here each question carries something,
 * so the names differ.  Which part of a name was registered by somebody is guessed: the last
 * two labels, three where the second is short ("co.uk"). */
#include "detect/behaviour/behaviour.h"
#include "detect/behaviour/contact.h"

#define DOMAINS_MAX 1024
#define SKETCH_BITS 1024        /* how many different names: a count by hashed bits */
#define DIFFERENT_SHARE_MIN 0.6 /* of the questions kept; equal bits cost a tenth */
#define DIFFERENT_MIN 16
#define SHORT_LABEL 3

struct domain {
    struct recent_entry entry;
    struct endpoint client;
    struct trace_name name;
    uint64_t count;
    uint64_t name_bytes;
    struct trace_spot first;
    struct trace_spot last;
    uint64_t sketch[SKETCH_BITS / 64];
    size_t time_count;
    int64_t times[REGULARITY_TIMES_MAX];
};

struct name_state {
    struct recent domains;
    bool is_open;
};

/* Where the registered part of a name begins; the whole where there is nothing before it. */
static struct bytes registered_part(struct bytes name)
{
    size_t dots = 0;
    size_t wanted = 2;
    size_t label_end = name.size;
    for (size_t i = name.size; i > 0; i--) {
        if (name.data[i - 1] != '.') {
            continue;
        }
        dots++;
        bool is_short = label_end - i <= SHORT_LABEL;
        wanted = dots == 2 && is_short ? 3 : wanted;
        if (dots == wanted) {
            return bytes_from(name, i);
        }
        label_end = i - 1;
    }
    return name;
}

/* Different names share bits: there are at least so many. */
static size_t different_names(const struct domain *domain)
{
    size_t set = 0;
    for (size_t i = 0; i < SKETCH_BITS / 64; i++) {
        set += (size_t)__builtin_popcountll(domain->sketch[i]);
    }
    return set;
}

/* The same on every run: which bit a name sets must not depend on the process. */
static uint32_t steady_hash(struct bytes name)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    for (size_t i = 0; i < name.size; i++) {
        hash = (hash ^ name.data[i]) * 16777619U;
    }
    return hash ^ hash >> 15;
}

static void take_question(struct domain *domain, struct bytes name, const struct record *record)
{
    if (domain->count++ == 0) {
        trace_spot_set(&domain->first, record);
    }
    trace_spot_set(&domain->last, record);
    domain->name_bytes += name.size;
    uint32_t bit = steady_hash(name) % SKETCH_BITS;
    domain->sketch[bit / 64] |= UINT64_C(1) << (bit % 64);
    regularity_keep_time(domain->times, &domain->time_count, REGULARITY_TIMES_MAX,
                         record->at.ns);
}

static enum status take(struct detection *detection, void *state, const struct record *record)
{
    struct name_state *names = state;
    const struct transaction *transaction = record->transaction;
    if (transaction->kind != TRANSACTION_DNS) {
        return STATUS_OK;
    }
    struct text AUTO(text_done) lower = text_of_limit(2048);
    contact_add_name(&lower, transaction_field(transaction, FIELD_DNS_QUESTION));
    struct bytes name = text_bytes(&lower);
    struct bytes part = registered_part(name);
    if (part.size == name.size || bytes_ends(name, ".arpa")) {
        return STATUS_OK;
    }
    if (!names->is_open) {
        TRY(recent_init(&names->domains, detection->evidence, DOMAINS_MAX,
                        sizeof(struct domain)));
        names->is_open = true;
    }
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(&key, (struct bytes){transaction->client.address, 16}, 16);
    recent_key_add(&key, part, RECENT_KEY_MAX);
    struct domain *domain = recent_find(&names->domains, recent_key_bytes(&key));
    if (domain == NULL) {
        domain = recent_add(&names->domains, recent_key_bytes(&key));
        if (domain == NULL) {
            return STATUS_NO_MEMORY;
        }
        domain->client = transaction->client;
        trace_name_set(&domain->name, part);
    }
    take_question(domain, name, record);
    return STATUS_OK;
}

static enum status raise(struct detection *detection, const struct domain *domain,
                         const struct regularity *regularity, size_t different)
{
    struct text AUTO(text_done) client = text_of_limit(64);
    endpoint_add_address(&client, &domain->client);
    const struct entity entities[] = {
        {ENTITY_ADDRESS, ROLE_VICTIM, text_bytes(&client)},
        {ENTITY_NAME, ROLE_CONTROLLER, trace_name_get(&domain->name)},
    };
    int64_t duration = domain->last.at.ns - domain->first.at.ns;
    const struct fact facts[] = {
        fact_count("contact_count", domain->count),
        fact_count("name_count_min", different),
        fact_duration("interval_median", regularity->median_ns),
        fact_number("interval_spread", regularity->spread),
        fact_duration("duration", duration > 0 ? (uint64_t)duration : 0),
        fact_size("bytes", domain->name_bytes),
    };
    const struct cite cites[] = {trace_cite(&domain->first), trace_cite(&domain->last)};
    struct bytes technique = bytes_of_text("T1071.004");
    return detection_raise(
        detection, &(struct finding){
                       .rule = BYTES_LITERAL("behaviour/call-home"),
                       .title = BYTES_LITERAL("Regular questions for new names of one domain"),
                       .techniques = &technique,
                       .technique_count = 1,
                       .severity = SEVERITY_LOW,
                       .confidence = 0.5,
                       .first = domain->first.at,
                       .last = domain->last.at,
                       .entities = entities,
                       .entity_count = sizeof entities / sizeof *entities,
                       .facts = facts,
                       .fact_count = sizeof facts / sizeof *facts,
                       .cites = cites,
                       .cite_count = 2,
                   });
}

static enum status finish(struct detection *detection, void *state)
{
    struct name_state *names = state;
    struct domain *domain = names->is_open ? recent_first(&names->domains) : NULL;
    for (; domain != NULL; domain = recent_after(&names->domains, domain)) {
        size_t different = different_names(domain);
        struct regularity regularity;
        if (different >= DIFFERENT_MIN &&
            (double)different >= DIFFERENT_SHARE_MIN * (double)domain->time_count &&
            regularity_of_times(domain->times, domain->time_count, &regularity) &&
            regularity_holds(&regularity)) {
            TRY(raise(detection, domain, &regularity, different));
        }
    }
    return STATUS_OK;
}

const struct detector call_home_name_detector = {
    .name = "call-home-name",
    .record_kinds = 1U << RECORD_TRANSACTION,
    .state_size = sizeof(struct name_state),
    .take = take,
    .finish = finish,
};
