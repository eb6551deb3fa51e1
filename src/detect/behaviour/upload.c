/* Raises that much left the network: a client sent far more than it got, to an address outside,
 * in one flow or in all with that address.  A backup looks the same, so it is low until
 * something else points at the same address.
 *
 * What a client outside fetches from a server of ours is no upload, nor is what stays within.
 */
#include "detect/behaviour/behaviour.h"
#include "detect/behaviour/contact.h"

#include "base/number.h"

#include <stdlib.h>

#define PAIRS_MAX 4096
#define UPLOAD_SIZE_MIN (256U << 10)
#define UPLOAD_RATIO 8      /* sent to received */
#define UPLOAD_OVER_USUAL 8 /* against the middle of what the client sends to others */
#define UPLOAD_OTHERS_MIN 3
#define UPLOAD_OTHERS_MAX 256
#define UPLOAD_LARGE (4U << 20)

/* Two addresses, all ports. */
struct pair {
    struct recent_entry entry;
    struct endpoint client;
    struct endpoint server;
    enum contact_speech speech;
    uint64_t flow_count;
    uint64_t sent;
    uint64_t received;
    /* the flow in which most was sent */
    uint64_t most_sent;
    uint64_t most_received;
    enum flow_protocol protocol;
    struct endpoint service;
    struct trace_spot flow;
    struct moment flow_last;
    struct moment first;
    struct moment last;
    struct trace_name name;
    /* the HTTP request with the largest body */
    uint64_t body_size;
    struct trace_spot request;
    struct trace_name method;
    struct trace_name target;
};

struct upload_state {
    struct recent pairs;
    struct own_network own;
    bool is_open;
};

static enum status find(struct detection *detection, struct upload_state *state,
                        const struct endpoint *client, const struct endpoint *server,
                        struct pair **out)
{
    if (!state->is_open) {
        TRY(recent_init(&state->pairs, detection->evidence, PAIRS_MAX, sizeof(struct pair)));
        state->is_open = true;
    }
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(&key, (struct bytes){client->address, client->address_size}, 16);
    recent_key_add(&key, (struct bytes){server->address, server->address_size}, 16);
    struct pair *pair = recent_find(&state->pairs, recent_key_bytes(&key));
    if (pair == NULL) {
        pair = recent_add(&state->pairs, recent_key_bytes(&key));
        if (pair == NULL) {
            return STATUS_NO_MEMORY;
        }
        pair->client = *client;
        pair->server = *server;
    }
    *out = pair;
    return STATUS_OK;
}

static void take_flow(struct pair *pair, const struct record *record)
{
    const struct flow *flow = record->flow;
    if (!pair->first.is_known || moment_compare(record->at, pair->first) < 0) {
        pair->first = record->at;
    }
    if (!pair->last.is_known || moment_compare(flow->last, pair->last) > 0) {
        pair->last = flow->last;
    }
    pair->flow_count++;
    pair->sent += flow->client.payload_bytes;
    pair->received += flow->server.payload_bytes;
    if (flow->client.payload_bytes >= pair->most_sent) {
        pair->most_sent = flow->client.payload_bytes;
        pair->most_received = flow->server.payload_bytes;
        pair->protocol = flow->protocol;
        pair->service = flow->server.endpoint;
        trace_spot_set(&pair->flow, record);
        pair->flow_last = flow->last;
        if (flow->server_name.size > 0) {
            trace_name_set(&pair->name, flow->server_name);
        }
    }
}

static void take_transaction(struct pair *pair, const struct record *record)
{
    const struct transaction *transaction = record->transaction;
    bool is_http = transaction->kind == TRANSACTION_HTTP;
    uint64_t size = 0;
    struct bytes sent = transaction_field(transaction, FIELD_HTTP_REQUEST_BYTES);
    if (transaction->kind == TRANSACTION_TLS && pair->speech == CONTACT_RAW) {
        pair->speech = CONTACT_TLS;
    }
    if (!is_http || number_decimal(sent, &size) != STATUS_OK || size <= pair->body_size) {
        return;
    }
    pair->speech = CONTACT_HTTP;
    pair->body_size = size;
    trace_spot_set(&pair->request, record);
    trace_name_set(&pair->method, transaction_field(transaction, FIELD_HTTP_METHOD));
    trace_name_set(&pair->target, transaction_field(transaction, FIELD_URL_PATH));
}

static enum status take(struct detection *detection, void *state, const struct record *record)
{
    struct upload_state *uploads = state;
    bool is_flow = record->kind == RECORD_FLOW;
    const struct endpoint *server =
        is_flow ? &record->flow->server.endpoint : &record->transaction->server;
    const struct endpoint *client =
        is_flow ? &record->flow->client.endpoint : &record->transaction->client;
    if (is_flow) {
        own_network_take(&uploads->own, record->flow);
    }
    if (own_network_is_group(server) ||
        (!is_flow && (record->transaction->kind == TRANSACTION_DNS ||
                      record->transaction->flow_number == 0))) {
        return STATUS_OK;
    }
    struct pair *pair;
    TRY(find(detection, uploads, client, server, &pair));
    if (is_flow) {
        take_flow(pair, record);
    } else {
        take_transaction(pair, record);
    }
    return STATUS_OK;
}

/* ---- at the end ---- */

static bool is_upload(uint64_t sent, uint64_t received)
{
    return sent >= UPLOAD_SIZE_MIN && sent >= number_multiply(received, UPLOAD_RATIO);
}

static int by_size(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;
    return (*left > *right) - (*left < *right);
}

/* Whether the client sends about as much to other addresses outside. */
static bool is_usual(const struct upload_state *state, const struct pair *pair, uint64_t sent)
{
    uint64_t others[UPLOAD_OTHERS_MAX];
    size_t count = 0;
    const struct pair *other = recent_first(&state->pairs);
    for (; other != NULL && count < UPLOAD_OTHERS_MAX;
         other = recent_after(&state->pairs, other)) {
        bool is_same_client = other->client.address_size == pair->client.address_size &&
                              memcmp(other->client.address, pair->client.address,
                                     sizeof pair->client.address) == 0;
        if (other != pair && is_same_client &&
            own_network_direction(&state->own, &other->client, &other->server) ==
                DIRECTION_OUTWARD) {
            others[count++] = other->sent;
        }
    }
    if (count < UPLOAD_OTHERS_MIN) {
        return false;
    }
    qsort(others, count, sizeof *others, by_size);
    return sent < number_multiply(others[count / 2], UPLOAD_OVER_USUAL);
}

static bool is_encrypted(const struct pair *pair)
{
    return pair->speech == CONTACT_TLS ||
           (pair->speech == CONTACT_RAW && pair->service.port == 22);
}

static double confidence_of(const struct pair *pair, uint64_t sent)
{
    double confidence = 0.4;
    confidence += sent >= UPLOAD_LARGE ? 0.1 : 0;
    confidence += pair->name.size == 0 ? 0.1 : 0; /* nobody backs up to a bare address */
    return confidence - (is_encrypted(pair) ? 0.1 : 0);
}

static size_t add_facts(struct fact *facts, const struct pair *pair, bool is_one_flow)
{
    size_t count = 0;
    facts[count++] = fact_size("client_payload", is_one_flow ? pair->most_sent : pair->sent);
    facts[count++] =
        fact_size("server_payload", is_one_flow ? pair->most_received : pair->received);
    facts[count++] = fact_count("flow_count", is_one_flow ? 1 : pair->flow_count);
    if (pair->body_size >= UPLOAD_SIZE_MIN / 2) {
        facts[count++] = fact_text("method", trace_name_get(&pair->method));
        facts[count++] = fact_text("url", trace_name_get(&pair->target));
    }
    return count;
}

static enum status raise(struct detection *detection, const struct pair *pair, bool is_one_flow)
{
    struct text AUTO(text_done) client = text_of_limit(64);
    struct text AUTO(text_done) server = text_of_limit(64);
    struct text AUTO(text_done) service = text_of_limit(96);
    struct text AUTO(text_done) name = text_of_limit(512);
    endpoint_add_address(&client, &pair->client);
    endpoint_add_address(&server, &pair->server);
    if (pair->protocol == FLOW_TCP || pair->protocol == FLOW_UDP) {
        contact_add_service(&service, &pair->service, pair->protocol);
    }
    contact_add_name(&name, trace_name_get(&pair->name));
    struct entity entities[4];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_VICTIM, text_bytes(&client));
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_CONTROLLER, text_bytes(&server));
    trace_entity(entities, &entity_count, ENTITY_SERVICE, ROLE_CONTROLLER,
                 text_bytes(&service));
    trace_entity(entities, &entity_count, ENTITY_NAME, ROLE_CONTROLLER, text_bytes(&name));
    struct fact facts[5];
    size_t fact_count = add_facts(facts, pair, is_one_flow);
    const struct cite cites[] = {trace_cite(&pair->flow), trace_cite(&pair->request)};
    struct bytes technique = bytes_of_text(is_encrypted(pair) ? "T1048.002" : "T1048.003");
    return detection_raise(
        detection,
        &(struct finding){
            .rule = BYTES_LITERAL("behaviour/upload"),
            .title = BYTES_LITERAL("Much more was sent to an outside address than came back"),
            .techniques = &technique,
            .technique_count = 1,
            .severity = SEVERITY_LOW,
            .confidence = confidence_of(pair, is_one_flow ? pair->most_sent : pair->sent),
            .first = is_one_flow ? pair->flow.at : pair->first,
            .last = is_one_flow ? pair->flow_last : pair->last,
            .entities = entities,
            .entity_count = entity_count,
            .facts = facts,
            .fact_count = fact_count,
            .cites = cites,
            .cite_count = pair->body_size >= UPLOAD_SIZE_MIN / 2 ? 2 : 1,
        });
}

static enum status finish(struct detection *detection, void *state)
{
    struct upload_state *uploads = state;
    const struct pair *pair = uploads->is_open ? recent_first(&uploads->pairs) : NULL;
    for (; pair != NULL; pair = recent_after(&uploads->pairs, pair)) {
        bool is_whole = is_upload(pair->sent, pair->received);
        /* Nearly all of it in one flow: that flow's time is when it left. */
        bool is_one_flow = is_upload(pair->most_sent, pair->most_received) &&
                           (!is_whole || pair->most_sent >= pair->sent - pair->sent / 8);
        uint64_t sent = is_one_flow ? pair->most_sent : pair->sent;
        if ((is_whole || is_one_flow) &&
            own_network_direction(&uploads->own, &pair->client, &pair->server) ==
                DIRECTION_OUTWARD &&
            !is_usual(uploads, pair, sent)) {
            TRY(raise(detection, pair, is_one_flow));
        }
    }
    return STATUS_OK;
}

const struct detector upload_detector = {
    .name = "upload",
    .record_kinds = 1U << RECORD_FLOW | 1U << RECORD_TRANSACTION,
    .state_size = sizeof(struct upload_state),
    .take = take,
    .finish = finish,
};
