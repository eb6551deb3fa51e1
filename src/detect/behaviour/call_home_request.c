/* Raises that one page of one site is asked for at regular times among other requests to the
 * same address: through a proxy, or behind an address that many sites share.  Where nothing
 * else is asked of the address, the contact itself is regular (call_home.c).
 *
 * Pages that look for news do so too, and so does monitoring: low until something else points
 * there.  Requests to servers of our own are not looked at, but those to a proxy of our own
 * are: they name a site outside.
 *
 * Limits: REQUESTS_MAX pages by client of which those longest not asked are given up and
 * counted, and REQUEST_SERVERS_MAX servers, which go without a word; REQUEST_TIMES_MAX times of
 * each, the newest. */
#include "detect/behaviour/behaviour.h"
#include "detect/behaviour/contact.h"

#include "base/number.h"

#include <string.h>

#define REQUESTS_MAX 4096
#define REQUEST_SERVERS_MAX 4096
#define REQUEST_TIMES_MAX 64
#define OTHERS_SHARE_MIN 0.2 /* of the requests to the server, for something else */
#define LARGE_BYTES (64U << 10)
#define GIVEN_MAX 100

/* One page. */
struct page {
    struct recent_entry entry;
    struct endpoint client;
    struct endpoint server;
    struct trace_name host;
    struct trace_name path;
    bool is_by_proxy;
    uint64_t count;
    uint64_t large_count;
    struct trace_spot first;
    struct trace_spot last;
    size_t time_count;
    int64_t times[REQUEST_TIMES_MAX];
};

/* What a client asked of a server in all. */
struct asked {
    struct recent_entry entry;
    uint64_t count;
};

struct page_state {
    struct recent pages;
    struct recent servers;
    struct own_network own;
    bool is_open;
    uint64_t given_up;
    uint64_t given;
};

/* "http://host/page" and "host:443" (of CONNECT) name their host themselves. */
static bool split_target(const struct transaction *transaction, struct bytes *host,
                         struct bytes *path)
{
    struct bytes target = transaction_field(transaction, FIELD_URL_PATH);
    *host = transaction_field(transaction, FIELD_HTTP_HOST);
    *path = bytes_part(target, 0, bytes_find_byte(target, '?'));
    if (bytes_equal_text(transaction_field(transaction, FIELD_HTTP_METHOD), "CONNECT")) {
        *host = target;
        *path = BYTES_NONE;
        return true;
    }
    if (!bytes_starts(target, "http://")) {
        return false;
    }
    struct bytes rest = bytes_from(*path, strlen("http://"));
    size_t slash = bytes_find_byte(rest, '/');
    *host = bytes_part(rest, 0, slash);
    *path = bytes_from(rest, slash);
    return true;
}

static void begin_key(struct recent_key *key, const struct transaction *transaction)
{
    const struct endpoint *client = &transaction->client;
    const struct endpoint *server = &transaction->server;
    uint8_t port[2] = {(uint8_t)(server->port >> 8), (uint8_t)server->port};
    recent_key_begin(key);
    recent_key_add(key, (struct bytes){client->address, client->address_size}, 16);
    recent_key_add(key, (struct bytes){server->address, server->address_size}, 16);
    recent_key_add(key, (struct bytes){port, sizeof port}, sizeof port);
}

static enum status count_asked(struct page_state *state, const struct recent_key *key)
{
    struct asked *asked = recent_find(&state->servers, recent_key_bytes(key));
    if (asked == NULL) {
        asked = recent_add(&state->servers, recent_key_bytes(key));
        if (asked == NULL) {
            return STATUS_NO_MEMORY;
        }
    }
    asked->count++;
    return STATUS_OK;
}

static enum status find(struct page_state *state, const struct transaction *transaction,
                        struct bytes host, struct bytes path, struct page **out)
{
    struct recent_key key;
    begin_key(&key, transaction);
    recent_key_add(&key, host, TRACE_NAME_MAX);
    recent_key_add(&key, path, TRACE_NAME_MAX);
    struct page *page = recent_find(&state->pages, recent_key_bytes(&key));
    if (page == NULL) {
        const struct page *oldest = recent_next_out(&state->pages);
        state->given_up += oldest != NULL && oldest->count >= REGULARITY_BEATS_MIN;
        page = recent_add(&state->pages, recent_key_bytes(&key));
        if (page == NULL) {
            return STATUS_NO_MEMORY;
        }
        page->client = transaction->client;
        page->client.port = 0;
        page->server = transaction->server;
        trace_name_set(&page->host, host);
        trace_name_set(&page->path, path);
    }
    *out = page;
    return STATUS_OK;
}

static bool is_large(const struct transaction *transaction)
{
    uint64_t sent = 0;
    uint64_t got = 0;
    IGNORE(number_decimal(transaction_field(transaction, FIELD_HTTP_REQUEST_BYTES), &sent),
           "0 where it is none");
    IGNORE(number_decimal(transaction_field(transaction, FIELD_HTTP_RESPONSE_BYTES), &got),
           "0 where it is none");
    return sent > LARGE_BYTES || got > LARGE_BYTES;
}

static void count_page(struct page *page, const struct record *record)
{
    if (page->count++ == 0) {
        trace_spot_set(&page->first, record);
    }
    trace_spot_set(&page->last, record);
    page->large_count += is_large(record->transaction);
    regularity_keep_time(page->times, &page->time_count, REQUEST_TIMES_MAX, record->at.ns);
}

static enum status take(struct detection *detection, void *state, const struct record *record)
{
    struct page_state *pages = state;
    if (record->kind == RECORD_FLOW) {
        own_network_take(&pages->own, record->flow);
        return STATUS_OK;
    }
    const struct transaction *transaction = record->transaction;
    if (transaction->kind != TRANSACTION_HTTP || transaction->flow_number == 0) {
        return STATUS_OK; /* a server's log: others asked us */
    }
    if (!pages->is_open) {
        TRY(recent_init(&pages->pages, detection->evidence, REQUESTS_MAX, sizeof(struct page)));
        recent_zero_only(&pages->pages, offsetof(struct page, times));
        TRY(recent_init(&pages->servers, detection->evidence, REQUEST_SERVERS_MAX,
                        sizeof(struct asked)));
        pages->is_open = true;
    }
    struct bytes host;
    struct bytes path;
    bool is_by_proxy = split_target(transaction, &host, &path);
    struct recent_key key;
    begin_key(&key, transaction);
    TRY(count_asked(pages, &key));
    struct page *page;
    TRY(find(pages, transaction, host, path, &page));
    page->is_by_proxy = is_by_proxy;
    count_page(page, record);
    return STATUS_OK;
}

/* ---- at the end ---- */

static bool is_among_others(struct page_state *state, const struct page *page)
{
    struct transaction asked_of = {.client = page->client, .server = page->server};
    struct recent_key key;
    begin_key(&key, &asked_of);
    const struct asked *asked = recent_peek(&state->servers, recent_key_bytes(&key));
    uint64_t all = asked == NULL ? page->count : asked->count;
    return (double)(all - page->count) >= OTHERS_SHARE_MIN * (double)all;
}

static enum status raise(struct detection *detection, const struct page *page,
                         const struct regularity *regularity)
{
    struct text AUTO(text_done) client = text_of_limit(64);
    struct text AUTO(text_done) server = text_of_limit(64);
    struct text AUTO(text_done) name = text_of_limit(512);
    endpoint_add_address(&client, &page->client);
    endpoint_add_address(&server, &page->server);
    contact_add_name(&name, trace_name_get(&page->host));
    struct entity entities[3];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_VICTIM, text_bytes(&client));
    if (!page->is_by_proxy) {
        trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_CONTROLLER,
                     text_bytes(&server));
    }
    trace_entity(entities, &entity_count, ENTITY_NAME, ROLE_CONTROLLER, text_bytes(&name));
    int64_t duration = page->last.at.ns - page->first.at.ns;
    const struct fact facts[] = {
        fact_count("contact_count", page->count),
        fact_duration("interval_median", regularity->median_ns),
        fact_number("interval_spread", regularity->spread),
        fact_duration("duration", duration > 0 ? (uint64_t)duration : 0),
        fact_text("url", trace_name_get(&page->path)),
    };
    struct bytes technique = bytes_of_text("T1071.001");
    const struct cite cites[] = {trace_cite(&page->first), trace_cite(&page->last)};
    return detection_raise(detection,
                           &(struct finding){
                               .rule = BYTES_LITERAL("behaviour/call-home"),
                               .title = BYTES_LITERAL("Regular requests among others"),
                               .techniques = &technique,
                               .technique_count = 1,
                               .severity = SEVERITY_LOW,
                               .confidence = 0.35,
                               .first = page->first.at,
                               .last = page->last.at,
                               .entities = entities,
                               .entity_count = entity_count,
                               .facts = facts,
                               .fact_count = page->path.size > 0 ? 5 : 4,
                               .cites = cites,
                               .cite_count = 2,
                           });
}

static enum status judge(struct detection *detection, struct page_state *state,
                         struct page *page)
{
    struct regularity regularity;
    bool is_outward =
        own_network_direction(&state->own, &page->client, &page->server) == DIRECTION_OUTWARD;
    if ((!is_outward && !page->is_by_proxy) || page->large_count * 4 > page->count ||
        !regularity_of_times(page->times, page->time_count, &regularity) ||
        !regularity_holds(&regularity) || !is_among_others(state, page)) {
        return STATUS_OK;
    }
    if (state->given == GIVEN_MAX) {
        detection->examination->findings_dropped++;
        return STATUS_OK;
    }
    state->given++;
    return raise(detection, page, &regularity);
}

static enum status finish(struct detection *detection, void *state)
{
    struct page_state *pages = state;
    struct page *page = pages->is_open ? recent_first(&pages->pages) : NULL;
    for (; page != NULL; page = recent_after(&pages->pages, page)) {
        TRY(judge(detection, pages, page));
    }
    if (pages->given_up > 0) {
        coverage_count_add(&detection->examination->coverage,
                           "pages asked for again that were given up before they were judged",
                           pages->given_up);
    }
    return STATUS_OK;
}

const struct detector call_home_request_detector = {
    .name = "call-home-request",
    .record_kinds = 1U << RECORD_FLOW | 1U << RECORD_TRANSACTION,
    .state_size = sizeof(struct page_state),
    .take = take,
    .finish = finish,
};
