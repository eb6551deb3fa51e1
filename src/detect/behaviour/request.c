/* Observes what captures show to be fetched over HTTP, and which names were resolved.
 *
 * The same request, and the same name, is one observation with a count. */
#include "detect/behaviour/behaviour.h"
#include "detect/behaviour/contact.h"

#include "base/table.h"

#define REQUESTS_OPEN_MAX 2048
#define FETCHES_GIVEN_MAX 8000
#define NAMES_GIVEN_MAX 8000
#define URL_KEPT_MAX 512
#define NAME_ADDRESSES_MAX 8
#define WORD_MAX 24
#define AGENT_MAX 128

/* One request, or one name, with how often it came. */
struct request {
    struct recent_entry entry;
    uint64_t count;
    struct endpoint client;
    struct endpoint server;
    size_t address_count;
    uint16_t url_size;
    /* What follows is set, or said to be empty, for each anew. */
    uint8_t url[URL_KEPT_MAX]; /* or the name */
    struct trace_spot first;
    struct trace_spot last;
    struct trace_name host;
    struct trace_name method;
    struct trace_name status;
    struct trace_name agent;
    struct endpoint addresses[NAME_ADDRESSES_MAX];
};

struct request_state {
    struct recent open;
    bool is_open;
    uint64_t given;
};

struct giver {
    enum status (*give)(struct detection *detection, const struct request *request);
    uint64_t given_max;
};

static struct bytes url_of(const struct request *request)
{
    return (struct bytes){request->url, request->url_size};
}

static void set_url(struct request *request, struct bytes url)
{
    url = bytes_part(url, 0, URL_KEPT_MAX);
    request->url_size = (uint16_t)url.size;
    if (url.size > 0) {
        memcpy(request->url, url.data, url.size);
    }
}

static enum status give(struct detection *detection, struct request_state *state,
                        const struct giver *giver, const struct request *request)
{
    if (state->given == giver->given_max) {
        detection->examination->observations_dropped++;
        return STATUS_OK;
    }
    state->given++;
    return giver->give(detection, request);
}

/* The one under `key`, counted; `*is_new` where the rest of it must be set. */
static enum status find(struct detection *detection, struct request_state *state,
                        const struct giver *giver, const struct recent_key *key,
                        const struct record *record, struct request **out, bool *is_new)
{
    if (!state->is_open) {
        TRY(recent_init(&state->open, detection->evidence, REQUESTS_OPEN_MAX,
                        sizeof(struct request)));
        recent_zero_only(&state->open, offsetof(struct request, url));
        state->is_open = true;
    }
    struct request *request = recent_find(&state->open, recent_key_bytes(key));
    *is_new = request == NULL;
    if (*is_new) {
        const struct request *oldest = recent_next_out(&state->open);
        if (oldest != NULL) {
            TRY(give(detection, state, giver, oldest));
        }
        request = recent_add(&state->open, recent_key_bytes(key));
        if (request == NULL) {
            return STATUS_NO_MEMORY;
        }
        request->client = record->transaction->client;
        request->server = record->transaction->server;
        request->host.size = 0;
        request->method.size = 0;
        request->status.size = 0;
        request->agent.size = 0;
        trace_spot_set(&request->first, record);
    }
    request->count++;
    trace_spot_set(&request->last, record);
    *out = request;
    return STATUS_OK;
}

static enum status give_all(struct detection *detection, struct request_state *state,
                            const struct giver *giver)
{
    const struct request *request = state->is_open ? recent_first(&state->open) : NULL;
    while (request != NULL) {
        TRY(give(detection, state, giver, request));
        request = recent_after(&state->open, request);
    }
    return STATUS_OK;
}

static enum status observe(struct detection *detection, const struct request *request,
                           struct observation *observation)
{
    const struct cite cites[] = {trace_cite(&request->first), trace_cite(&request->last)};
    bool is_one = place_compare(&request->first.place, &request->last.place) == 0;
    observation->count = request->count;
    observation->first = request->first.at;
    observation->last = request->last.at;
    observation->cites = cites;
    observation->cite_count = is_one ? 1 : 2;
    return detection_observe(detection, observation);
}

/* ---- fetches ---- */

/* The last part of a URL's path, without what is asked of it. */
static struct bytes file_of(struct bytes url)
{
    url = bytes_part(url, 0, bytes_find_byte(url, '?'));
    url = bytes_part(url, 0, bytes_find_byte(url, '#'));
    return bytes_after_last(url, '/');
}

static enum status give_fetch(struct detection *detection, const struct request *request)
{
    struct text AUTO(text_done) client = text_of_limit(64);
    struct text AUTO(text_done) server = text_of_limit(64);
    struct text AUTO(text_done) name = text_of_limit(512);
    endpoint_add_address(&client, &request->client);
    endpoint_add_address(&server, &request->server);
    contact_add_name(&name, trace_name_get(&request->host));
    struct entity entities[5];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_ACTOR, text_bytes(&client));
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_UNKNOWN, text_bytes(&server));
    trace_entity(entities, &entity_count, ENTITY_NAME, ROLE_UNKNOWN, text_bytes(&name));
    trace_entity(entities, &entity_count, ENTITY_URL, ROLE_UNKNOWN, url_of(request));
    trace_entity(entities, &entity_count, ENTITY_FILE, ROLE_TOOL, file_of(url_of(request)));
    const struct fact facts[] = {
        fact_text("method", trace_name_get(&request->method)),
        fact_text("status", trace_name_get(&request->status)),
        fact_text("user_agent", trace_name_get(&request->agent)),
    };
    struct observation observation = {.kind = OBSERVED_FETCH,
                                      .entities = entities,
                                      .entity_count = entity_count,
                                      .facts = facts,
                                      .fact_count = sizeof facts / sizeof *facts};
    return observe(detection, request, &observation);
}

/* The whole URL: hosts and targets that are sent apart belong together. */
static void add_url(struct text *text, const struct transaction *transaction)
{
    struct bytes target = transaction_field(transaction, FIELD_URL_PATH);
    struct bytes host = transaction_field(transaction, FIELD_HTTP_HOST);
    if (!bytes_starts(target, "http://") && !bytes_starts(target, "https://")) {
        text_add(text, "http://");
        if (host.size > 0) {
            text_add_raw(text, host);
        } else {
            bool is_v6 = transaction->server.address_size == 16;
            text_add(text, is_v6 ? "[" : "");
            endpoint_add_address(text, &transaction->server);
            text_addf(text, "%s:%u", is_v6 ? "]" : "", (unsigned)transaction->server.port);
        }
    }
    text_add_raw(text, target);
}

static const struct giver fetch_giver = {give_fetch, FETCHES_GIVEN_MAX};

static enum status take_fetch(struct detection *detection, void *state,
                              const struct record *record)
{
    const struct transaction *transaction = record->transaction;
    if (transaction->kind != TRANSACTION_HTTP || transaction->flow_number == 0) {
        return STATUS_OK; /* what a server was asked for is no fetch by a machine of ours */
    }
    struct text AUTO(text_done) url = text_of_limit(64U << 10);
    add_url(&url, transaction);
    struct bytes method = transaction_field(transaction, FIELD_HTTP_METHOD);
    uint64_t hash = table_hash(text_bytes(&url)); /* a key is shorter than a URL may be */
    const struct endpoint *server = &transaction->server;
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(&key, (struct bytes){transaction->client.address, 16}, 16);
    recent_key_add(&key, (struct bytes){server->address, 16}, 16);
    recent_key_add(&key, (struct bytes){(const uint8_t *)&hash, sizeof hash}, sizeof hash);
    recent_key_add(&key, (struct bytes){(const uint8_t *)&server->port, 2}, 2);
    recent_key_add(&key, method, WORD_MAX);
    struct request *request;
    bool is_new;
    TRY(find(detection, state, &fetch_giver, &key, record, &request, &is_new));
    if (is_new) {
        set_url(request, text_bytes(&url));
        trace_name_set(&request->method, bytes_part(method, 0, WORD_MAX));
        trace_name_set(&request->host, transaction_field(transaction, FIELD_HTTP_HOST));
        trace_name_set(
            &request->agent,
            bytes_part(transaction_field(transaction, FIELD_HTTP_USER_AGENT), 0, AGENT_MAX));
    }
    struct bytes status = transaction_field(transaction, FIELD_HTTP_STATUS);
    if (status.size > 0) {
        trace_name_set(&request->status, status);
    }
    return STATUS_OK;
}

static enum status finish_fetch(struct detection *detection, void *state)
{
    return give_all(detection, state, &fetch_giver);
}

/* ---- names ---- */

static enum status give_name(struct detection *detection, const struct request *request)
{
    struct text AUTO(text_done) client = text_of_limit(64);
    struct text AUTO(text_done) name = text_of_limit(URL_KEPT_MAX);
    struct text AUTO(text_done) addresses = text_of_limit(1024);
    size_t ends[NAME_ADDRESSES_MAX];
    endpoint_add_address(&client, &request->client);
    contact_add_name(&name, url_of(request));
    for (size_t i = 0; i < request->address_count; i++) {
        endpoint_add_address(&addresses, &request->addresses[i]);
        ends[i] = addresses.size;
    }
    struct entity entities[2 + NAME_ADDRESSES_MAX];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_ACTOR, text_bytes(&client));
    trace_entity(entities, &entity_count, ENTITY_NAME, ROLE_UNKNOWN, text_bytes(&name));
    for (size_t i = 0; i < request->address_count; i++) {
        size_t begin = i == 0 ? 0 : ends[i - 1];
        trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_UNKNOWN,
                     bytes_part(text_bytes(&addresses), begin, ends[i] - begin));
    }
    struct observation observation = {
        .kind = OBSERVED_NAME, .entities = entities, .entity_count = entity_count};
    return observe(detection, request, &observation);
}

static const struct giver name_giver = {give_name, NAMES_GIVEN_MAX};

static void add_addresses(struct request *request, const struct transaction *transaction)
{
    for (size_t i = 0; i < transaction->field_count; i++) {
        const struct field_value *field = &transaction->fields[i];
        struct endpoint address;
        if (field->field != FIELD_DNS_ANSWER || request->address_count == NAME_ADDRESSES_MAX ||
            endpoint_read(field->value, &address) != STATUS_OK) {
            continue;
        }
        bool is_known = false;
        for (size_t k = 0; k < request->address_count; k++) {
            is_known |= endpoint_equal(&request->addresses[k], &address);
        }
        if (!is_known) {
            request->addresses[request->address_count++] = address;
        }
    }
}

static enum status take_name(struct detection *detection, void *state,
                             const struct record *record)
{
    const struct transaction *transaction = record->transaction;
    struct bytes name = transaction_field(transaction, FIELD_DNS_QUESTION);
    if (transaction->kind != TRANSACTION_DNS || name.size == 0 ||
        transaction_field(transaction, FIELD_DNS_ANSWER).size == 0) {
        return STATUS_OK;
    }
    struct text AUTO(text_done) lower = text_of_limit(URL_KEPT_MAX * 4);
    contact_add_name(&lower, name);
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(&key, (struct bytes){transaction->client.address, 16}, 16);
    recent_key_add(&key, text_bytes(&lower), RECENT_KEY_MAX);
    struct request *request;
    bool is_new;
    TRY(find(detection, state, &name_giver, &key, record, &request, &is_new));
    if (is_new) {
        set_url(request, name);
    }
    add_addresses(request, transaction);
    return STATUS_OK;
}

static enum status finish_name(struct detection *detection, void *state)
{
    return give_all(detection, state, &name_giver);
}

const struct detector fetch_detector = {
    .name = "fetch",
    .record_kinds = 1U << RECORD_TRANSACTION,
    .state_size = sizeof(struct request_state),
    .take = take_fetch,
    .finish = finish_fetch,
    .adds_up = true,
};

const struct detector name_detector = {
    .name = "name",
    .record_kinds = 1U << RECORD_TRANSACTION,
    .state_size = sizeof(struct request_state),
    .take = take_name,
    .finish = finish_name,
    .adds_up = true,
};
