#include "detect/behaviour/crowd.h"

#include "base/number.h"
#include "base/table.h"

#define HOURS 24U
#define BURST_HOURS 2U
#define SOURCES_NAMED_MAX 8U
#define SPRAYED_ACCOUNTS_MIN 10U
#define SEVERAL_ACCOUNTS_MIN 3U

static const char count_early[] = "addresses of failed logins given up";

/* How many came anew in each of the newest hours. */
struct hours {
    bool is_begun;
    int64_t newest;
    uint32_t counts[HOURS]; /* of hour h at h % HOURS */
    uint32_t peak_burst;
    uint32_t peak_day;
};

struct address {
    struct recent_entry entry;
    bool is_known; /* it logged in */
    bool is_counted;
    int64_t hour; /* in which it was counted */
    uint64_t tries;
    uint64_t account; /* a hash: which it tried last */
    uint32_t account_count;
};

struct account {
    struct recent_entry entry;
    struct trace_name host;
    struct trace_name name;
    bool is_unknown;
    uint64_t addresses;
    struct hours hours;
};

struct host {
    struct recent_entry entry;
    struct trace_name name;
    struct hours hours;
    struct trace_spot spots[HOURS]; /* the first of each hour */
    bool has_crowd;                 /* what follows is from then on */
    uint64_t addresses;
    uint64_t tries;
    uint64_t accounts; /* all that were tried */
    struct trace_spot first;
    struct trace_spot last;
    struct trace_name sources[SOURCES_NAMED_MAX];
    size_t source_count;
};

static enum status open_crowd(struct crowd *crowd, struct arena *arena)
{
    TRY(recent_init(&crowd->addresses, arena, CROWD_ADDRESSES_MAX, sizeof(struct address)));
    TRY(recent_init(&crowd->accounts, arena, CROWD_ACCOUNTS_MAX, sizeof(struct account)));
    TRY(recent_init(&crowd->hosts, arena, CROWD_HOSTS_MAX, sizeof(struct host)));
    crowd->is_open = true;
    return STATUS_OK;
}

static struct recent_key key_of(struct bytes host, struct bytes name)
{
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(&key, host, TRACE_NAME_MAX);
    recent_key_add(&key, name, TRACE_NAME_MAX);
    return key;
}

/* ---- hours ---- */

static size_t slot_of(int64_t hour)
{
    return (size_t)((uint64_t)hour % HOURS);
}

static bool hours_hold(const struct hours *hours, int64_t hour)
{
    return hours->is_begun && hour <= hours->newest && hours->newest - hour < (int64_t)HOURS;
}

/* Makes `hour` the newest where it is newer. */
static void hours_reach(struct hours *hours, int64_t hour)
{
    if (!hours->is_begun || hour - hours->newest >= (int64_t)HOURS) {
        memset(hours->counts, 0, sizeof hours->counts);
        hours->newest = hour;
        hours->is_begun = true;
    }
    while (hours->newest < hour) {
        hours->newest++;
        hours->counts[slot_of(hours->newest)] = 0;
    }
}

static uint32_t hours_sum(const struct hours *hours, int64_t count)
{
    uint32_t sum = 0;
    for (int64_t i = 0; i < count; i++) {
        sum += hours->counts[slot_of(hours->newest - i)];
    }
    return sum;
}

static void hours_add(struct hours *hours, int64_t hour)
{
    hours_reach(hours, hour);
    if (!hours_hold(hours, hour)) {
        return; /* time went back by more than a day */
    }
    hours->counts[slot_of(hour)]++;
    uint32_t burst = hours_sum(hours, BURST_HOURS);
    uint32_t day = hours_sum(hours, HOURS);
    hours->peak_burst = burst > hours->peak_burst ? burst : hours->peak_burst;
    hours->peak_day = day > hours->peak_day ? day : hours->peak_day;
}

/* ---- machines ---- */

/* The first spot that is kept of the newest `count` hours. */
static void begin_crowd(struct host *host, int64_t count)
{
    for (int64_t i = count - 1; i >= 0; i--) {
        size_t slot = slot_of(host->hours.newest - i);
        if (host->hours.counts[slot] > 0) {
            host->first = host->spots[slot];
            break;
        }
    }
    host->has_crowd = true;
    host->addresses = hours_sum(&host->hours, count);
    host->tries = host->addresses;
}

static void count_address(struct host *host, struct address *address, struct bytes source,
                          const struct record *record, int64_t hour)
{
    bool is_first_of_hour =
        !hours_hold(&host->hours, hour) || host->hours.counts[slot_of(hour)] == 0;
    hours_add(&host->hours, hour);
    if (!hours_hold(&host->hours, hour)) {
        return;
    }
    address->is_counted = true;
    address->hour = hour;
    if (is_first_of_hour) {
        trace_spot_set(&host->spots[slot_of(hour)], record);
    }
    bool is_burst = hours_sum(&host->hours, BURST_HOURS) >= CROWD_BURST_ACCOUNT;
    bool is_day = hours_sum(&host->hours, HOURS) >= CROWD_DAY_ACCOUNT;
    if (host->has_crowd) {
        host->addresses++;
    } else if (is_burst || is_day) {
        begin_crowd(host, is_day ? HOURS : BURST_HOURS);
    }
    if (host->has_crowd && host->source_count < SOURCES_NAMED_MAX) {
        trace_name_set(&host->sources[host->source_count++], source);
    }
    if (is_burst || is_day) {
        trace_spot_set(&host->last, record);
    }
}

/* It was a person, or it is told of alone. */
static void discount_address(struct host *host, struct address *address)
{
    if (!address->is_counted) {
        return;
    }
    address->is_counted = false;
    uint32_t *count = &host->hours.counts[slot_of(address->hour)];
    if (hours_hold(&host->hours, address->hour) && *count > 0) {
        (*count)--;
    }
    host->addresses -= host->addresses > 0;
    host->tries -= number_least(host->tries, address->tries);
}

/* ---- findings ---- */

/* The account that most addresses tried, where it is there and is not root. */
static const struct account *find_aim(const struct crowd *crowd, const struct host *host)
{
    const struct account *best = NULL;
    const struct account *account = recent_first(&crowd->accounts);
    for (; account != NULL; account = recent_after(&crowd->accounts, account)) {
        bool is_here = bytes_equal(trace_name_get(&account->host), trace_name_get(&host->name));
        if (is_here && (best == NULL || account->addresses > best->addresses)) {
            best = account;
        }
    }
    bool is_aim = best != NULL && !best->is_unknown &&
                  !bytes_equal_text(trace_name_get(&best->name), "root") &&
                  best->addresses * 2 >= host->addresses &&
                  (best->hours.peak_burst >= CROWD_BURST_ACCOUNT ||
                   best->hours.peak_day >= CROWD_DAY_ACCOUNT);
    return is_aim ? best : NULL;
}

static bool reaches(const struct host *host, uint32_t burst, uint32_t day)
{
    /* Who turned out to be a person does not count, however large the crowd once looked. */
    return number_least(host->hours.peak_burst, host->addresses) >= burst ||
           number_least(host->hours.peak_day, host->addresses) >= day;
}

static size_t add_entities(const struct crowd *crowd, const struct host *host,
                           const struct account *aim, struct entity *entities)
{
    size_t count = 0;
    for (size_t i = 0; i < host->source_count; i++) {
        trace_entity(entities, &count, ENTITY_ADDRESS, ROLE_SOURCE,
                     trace_name_get(&host->sources[i]));
    }
    trace_entity(entities, &count, ENTITY_HOST, ROLE_VICTIM, trace_name_get(&host->name));
    if (aim != NULL) {
        trace_entity(entities, &count, ENTITY_ACCOUNT, ROLE_ACCOUNT,
                     trace_name_get(&aim->name));
    }
    const struct account *account = recent_first(&crowd->accounts);
    for (; account != NULL && count < 2 * SOURCES_NAMED_MAX;
         account = recent_after(&crowd->accounts, account)) {
        bool is_here = bytes_equal(trace_name_get(&account->host), trace_name_get(&host->name));
        if (is_here && account != aim && account->addresses > 1) {
            trace_entity(entities, &count, ENTITY_ACCOUNT, ROLE_ACCOUNT,
                         trace_name_get(&account->name));
        }
    }
    return count;
}

static enum status judge(struct detection *detection, const struct crowd *crowd,
                         const struct host *host)
{
    const struct account *aim = host->has_crowd ? find_aim(crowd, host) : NULL;
    bool is_large = reaches(host, CROWD_BURST, CROWD_DAY);
    bool is_some = reaches(host, CROWD_BURST_LOW, CROWD_DAY_LOW);
    bool is_aimed = aim != NULL && reaches(host, CROWD_BURST_ACCOUNT, CROWD_DAY_ACCOUNT);
    if (!host->has_crowd || (!is_some && !is_aimed)) {
        return STATUS_OK;
    }
    bool is_sprayed = aim == NULL && host->accounts >= SPRAYED_ACCOUNTS_MIN;
    struct entity entities[2 * SOURCES_NAMED_MAX + 2];
    size_t entity_count = add_entities(crowd, host, aim, entities);
    const struct fact facts[] = {
        fact_count("source_count", host->addresses),
        fact_count("failure_count", host->tries),
        fact_count("account_count", host->accounts),
        fact_count("aimed_source_count", aim == NULL ? 0 : aim->addresses),
        fact_count("sources_in_two_hours", host->hours.peak_burst),
        fact_count("sources_in_a_day", host->hours.peak_day),
        fact_count("threshold_two_hours", aim == NULL ? CROWD_BURST : CROWD_BURST_ACCOUNT),
        fact_count("threshold_day", aim == NULL ? CROWD_DAY : CROWD_DAY_ACCOUNT),
    };
    const struct cite cites[] = {trace_cite(&host->first), trace_cite(&host->last)};
    const struct bytes technique = bytes_of_text(is_sprayed ? "T1110.003" : "T1110.001");
    const char *title = is_aimed ? "Many addresses tried a few passwords each on one account"
                        : is_sprayed
                            ? "Many addresses tried a few passwords each on many accounts"
                            : "Many addresses tried a few passwords each";
    return detection_raise(
        detection, &(struct finding){
                       .rule = BYTES_LITERAL("behaviour/crowd-guessing"),
                       .title = bytes_of_text(title),
                       .techniques = &technique,
                       .technique_count = 1,
                       .severity = is_large || is_aimed ? SEVERITY_MEDIUM : SEVERITY_LOW,
                       .confidence = is_large   ? 0.9
                                     : is_aimed ? 0.8
                                                : 0.6,
                       .first = host->first.at,
                       .last = host->last.at,
                       .entities = entities,
                       .entity_count = entity_count,
                       .facts = facts,
                       .fact_count = sizeof facts / sizeof *facts,
                       .cites = cites,
                       .cite_count = 2,
                   });
}

/* ---- records ---- */

static enum status find_host(struct detection *detection, struct crowd *crowd,
                             struct bytes name, struct host **out)
{
    struct recent_key key = key_of(name, BYTES_NONE);
    *out = recent_find(&crowd->hosts, recent_key_bytes(&key));
    if (*out != NULL) {
        return STATUS_OK;
    }
    const struct host *oldest = recent_next_out(&crowd->hosts);
    TRY(oldest == NULL ? STATUS_OK : judge(detection, crowd, oldest));
    *out = recent_add(&crowd->hosts, recent_key_bytes(&key));
    if (*out == NULL) {
        return STATUS_NO_MEMORY;
    }
    trace_name_set(&(*out)->name, name);
    return STATUS_OK;
}

static enum status find_address(struct detection *detection, struct crowd *crowd,
                                struct bytes host, struct bytes source, bool *is_new,
                                struct address **out)
{
    struct recent_key key = key_of(host, source);
    *out = recent_find(&crowd->addresses, recent_key_bytes(&key));
    *is_new = *out == NULL;
    if (*is_new) {
        if (recent_next_out(&crowd->addresses) != NULL) {
            coverage_count_add(&detection->examination->coverage, count_early, 1);
        }
        *out = recent_add(&crowd->addresses, recent_key_bytes(&key));
    }
    return *out == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status count_account(struct crowd *crowd, struct host *host,
                                 struct address *address, const struct crowd_try *failure,
                                 int64_t hour)
{
    uint64_t hash = table_hash(failure->account);
    if (failure->account.size == 0 ||
        (address->account_count > 0 && address->account == hash)) {
        return STATUS_OK;
    }
    address->account = hash;
    address->account_count++;
    struct recent_key key = key_of(failure->host, failure->account);
    struct account *account = recent_find(&crowd->accounts, recent_key_bytes(&key));
    if (account == NULL) {
        account = recent_add(&crowd->accounts, recent_key_bytes(&key));
        if (account == NULL) {
            return STATUS_NO_MEMORY;
        }
        trace_name_set(&account->host, failure->host);
        trace_name_set(&account->name, failure->account);
        host->accounts++;
    }
    account->is_unknown |= failure->is_unknown_account;
    account->addresses++;
    hours_add(&account->hours, hour);
    return STATUS_OK;
}

enum status crowd_take_failure(struct detection *detection, struct crowd *crowd,
                               const struct record *record, const struct crowd_try *failure)
{
    if (!crowd->is_open) {
        TRY(open_crowd(crowd, detection->evidence));
    }
    struct host *host;
    struct address *address;
    bool is_new = false;
    TRY(find_host(detection, crowd, failure->host, &host));
    TRY(find_address(detection, crowd, failure->host, failure->source, &is_new, &address));
    if (address->is_known) {
        return STATUS_OK;
    }
    int64_t hour = record->at.is_known ? record->at.ns / MOMENT_HOUR_NS : host->hours.newest;
    uint64_t added = is_new ? failure->all : failure->added;
    address->tries = number_add(address->tries, added);
    host->tries = host->has_crowd ? number_add(host->tries, added) : 0;
    if (is_new) {
        count_address(host, address, failure->source, record, hour);
    }
    if (address->tries > CROWD_TRIES_MAX) {
        discount_address(host, address);
    }
    return address->is_counted ? count_account(crowd, host, address, failure, hour) : STATUS_OK;
}

enum status crowd_take_login(struct detection *detection, struct crowd *crowd,
                             const struct record *record)
{
    struct bytes name = event_field(record->event, FIELD_HOST_NAME);
    struct bytes source = event_field(record->event, FIELD_SOURCE_ADDRESS);
    struct host *host;
    struct address *address;
    bool is_new = false;
    if (source.size == 0) {
        return STATUS_OK;
    }
    if (!crowd->is_open) {
        TRY(open_crowd(crowd, detection->evidence));
    }
    TRY(find_host(detection, crowd, name, &host));
    TRY(find_address(detection, crowd, name, source, &is_new, &address));
    if (address->account_count < SEVERAL_ACCOUNTS_MIN) {
        address->is_known = true;
        discount_address(host, address);
    }
    return STATUS_OK;
}

enum status crowd_finish(struct detection *detection, struct crowd *crowd)
{
    const struct host *host = crowd->is_open ? recent_first(&crowd->hosts) : NULL;
    for (; host != NULL; host = recent_after(&crowd->hosts, host)) {
        TRY(judge(detection, crowd, host));
    }
    return STATUS_OK;
}
