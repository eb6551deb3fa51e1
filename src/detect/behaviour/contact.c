#include "detect/behaviour/contact.h"

#include "base/number.h"

#define SMALL_TURN_BYTES 65536U

static bool is_client_of_service(const struct endpoint *server, enum flow_protocol protocol)
{
    return (protocol == FLOW_TCP || protocol == FLOW_UDP) && !own_network_is_group(server);
}

static struct recent_key make_key(const struct endpoint *client, const struct endpoint *server,
                                  enum flow_protocol protocol)
{
    struct recent_key key;
    recent_key_begin(&key);
    uint8_t rest[3] = {(uint8_t)(server->port >> 8), (uint8_t)server->port, (uint8_t)protocol};
    recent_key_add(&key, (struct bytes){client->address, client->address_size}, 16);
    recent_key_add(&key, (struct bytes){server->address, server->address_size}, 16);
    recent_key_add(&key, (struct bytes){rest, sizeof rest}, sizeof rest);
    return key;
}

struct contact *contacts_first(const struct contacts *contacts)
{
    return contacts->is_open ? recent_first(&contacts->table) : NULL;
}

struct contact *contacts_after(const struct contacts *contacts, const struct contact *contact)
{
    if (contact->is_back) {
        return recent_after(&contacts->back, contact);
    }
    struct contact *next = recent_after(&contacts->table, contact);
    return next == NULL ? recent_first(&contacts->back) : next;
}

enum direction contact_direction(const struct contacts *contacts, const struct contact *contact)
{
    return own_network_direction(&contacts->own, &contact->client, &contact->server);
}

/* Where there is no memory to remember it, it is forgotten. */
static void remember(struct contacts *contacts, const struct contact *contact)
{
    if (contacts->remembers && !contacts->is_bygone_open) {
        contacts->is_bygone_open =
            bygone_init(&contacts->bygone, contacts->table.arena) == STATUS_OK;
        contacts->remembers = contacts->is_bygone_open;
    }
    if (contacts->is_bygone_open) {
        struct recent_key key = make_key(&contact->client, &contact->server, contact->protocol);
        bygone_add(&contacts->bygone, recent_key_bytes(&key));
    }
}

static enum status give_up(struct contacts *contacts, const struct contact *contact,
                           const struct contact_loss *loss)
{
    contacts->given_up++;
    remember(contacts, contact);
    return loss == NULL ? STATUS_OK : loss->take(loss->context, contact);
}

static enum status add_back(struct contacts *contacts, const struct recent_key *key,
                            const struct contact_loss *loss, struct contact **out)
{
    const struct contact *oldest = recent_next_out(&contacts->back);
    if (oldest != NULL) {
        TRY(give_up(contacts, oldest, loss));
    }
    *out = recent_add(&contacts->back, recent_key_bytes(key));
    if (*out == NULL) {
        return STATUS_NO_MEMORY;
    }
    (*out)->is_back = true;
    return STATUS_OK;
}

static bool lie_apart(const struct trace_spot *first, const struct trace_spot *last)
{
    return first->at.is_known && last->at.is_known &&
           last->at.ns - first->at.ns >= MOMENT_SECOND_NS;
}

/* Room for one more: the contact longest not heard of goes, or moves to those that came back,
 * where it did. */
static enum status make_room(struct contacts *contacts, const struct contact_loss *loss)
{
    const struct contact *oldest = recent_next_out(&contacts->table);
    if (oldest == NULL) {
        return STATUS_OK;
    }
    bool came_back = lie_apart(&oldest->first, &oldest->last) ||
                     lie_apart(&oldest->first_request, &oldest->last_request);
    if (!contacts->remembers || !came_back) {
        return give_up(contacts, oldest, loss);
    }
    struct recent_key key = make_key(&oldest->client, &oldest->server, oldest->protocol);
    struct contact *moved;
    TRY(add_back(contacts, &key, loss, &moved));
    struct recent_entry entry = moved->entry;
    *moved = *oldest;
    moved->entry = entry;
    moved->is_back = true;
    return STATUS_OK;
}

/* What was given up and comes back is not among those that may be seen once. */
static enum status add(struct contacts *contacts, const struct recent_key *key,
                       const struct contact_loss *loss, struct contact **out)
{
    if (contacts->is_bygone_open && bygone_has(&contacts->bygone, recent_key_bytes(key))) {
        return add_back(contacts, key, loss, out);
    }
    TRY(make_room(contacts, loss));
    *out = recent_add(&contacts->table, recent_key_bytes(key));
    return *out == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static struct contact *find(struct contacts *contacts, const struct recent_key *key)
{
    struct contact *found = recent_find(&contacts->table, recent_key_bytes(key));
    bool may_be_back = found == NULL && contacts->back.count > 0;
    return may_be_back ? recent_find(&contacts->back, recent_key_bytes(key)) : found;
}

/* Of the places for excerpts only what says that they are empty: to zero them all is most of
 * the work where every contact is with somebody else. */
static void clear(struct contact *contact)
{
    contact->name.size = 0;
    trace_spot_clear(&contact->first);
    trace_spot_clear(&contact->last);
    trace_spot_clear(&contact->first_request);
    trace_spot_clear(&contact->last_request);
    contact->turns.count = 0;
}

static enum status find_or_add(struct contacts *contacts, const struct endpoint *client,
                               const struct endpoint *server, enum flow_protocol protocol,
                               const struct contact_loss *loss, struct contact **out)
{
    struct recent_key key = make_key(client, server, protocol);
    *out = find(contacts, &key);
    if (*out != NULL) {
        return STATUS_OK;
    }
    TRY(add(contacts, &key, loss, out));
    clear(*out);
    (*out)->client = *client;
    (*out)->client.port = 0;
    (*out)->server = *server;
    (*out)->protocol = protocol;
    return STATUS_OK;
}

static void widen(struct trace_spot *first, struct trace_spot *last,
                  const struct record *record)
{
    if (!first->at.is_known || moment_compare(record->at, first->at) < 0) {
        trace_spot_set(first, record);
    }
    if (!last->at.is_known || moment_compare(record->at, last->at) >= 0) {
        trace_spot_set(last, record);
    }
}

/* Keeps the turns of the flow in which they are most regular. */
static void take_turns(struct contact *contact, const struct record *record)
{
    const struct flow *flow = record->flow;
    struct regularity found;
    if (!regularity_of_intervals(flow->turn_intervals_ms, flow->turn_interval_count, &found) ||
        !regularity_holds(&found)) {
        return;
    }
    struct contact_turns *turns = &contact->turns;
    if (turns->count > 0 && turns->regularity.spread <= found.spread) {
        return;
    }
    turns->regularity = found;
    turns->count = flow->turn_count;
    turns->bytes = flow->client.payload_bytes + flow->server.payload_bytes;
    turns->first = record->at;
    turns->last = flow->last;
    trace_spot_set(&turns->spot, record);
}

static void take_flow(struct contact *contact, const struct record *record)
{
    const struct flow *flow = record->flow;
    uint64_t turns = number_most(flow->turn_count, 1);
    uint64_t said = flow->client.payload_bytes + flow->server.payload_bytes;
    widen(&contact->first, &contact->last, record);
    contact->count++;
    contact->established_count += flow->is_established;
    contact->small_count += said / turns <= SMALL_TURN_BYTES;
    contact->client_payload += flow->client.payload_bytes;
    contact->server_payload += flow->server.payload_bytes;
    if (!contact->end.is_known || moment_compare(flow->last, contact->end) > 0) {
        contact->end = flow->last;
    }
    if (contact->name.size == 0) {
        trace_name_set(&contact->name, flow->server_name);
    }
    take_turns(contact, record);
}

static void take_transaction(struct contact *contact, const struct record *record)
{
    const struct transaction *transaction = record->transaction;
    widen(&contact->first_request, &contact->last_request, record);
    contact->request_count++;
    if (transaction->kind == TRANSACTION_HTTP) {
        contact->speech = CONTACT_HTTP;
    } else if (transaction->kind == TRANSACTION_TLS && contact->speech == CONTACT_RAW) {
        contact->speech = CONTACT_TLS;
    }
}

static enum status open_contacts(struct contacts *contacts, struct arena *arena)
{
    contacts->is_open = true;
    TRY(recent_init(&contacts->table, arena, CONTACTS_MAX, sizeof(struct contact)));
    TRY(recent_init(&contacts->back, arena, CONTACTS_BACK_MAX, sizeof(struct contact)));
    recent_zero_only(&contacts->table, offsetof(struct contact, name));
    recent_zero_only(&contacts->back, offsetof(struct contact, name));
    return STATUS_OK;
}

enum status contacts_take(struct contacts *contacts, struct arena *arena,
                          const struct record *record, const struct contact_loss *loss,
                          struct contact **out)
{
    *out = NULL;
    bool is_flow = record->kind == RECORD_FLOW;
    if (is_flow) {
        own_network_take(&contacts->own, record->flow);
    } else if (record->transaction->kind == TRANSACTION_DNS ||
               record->transaction->flow_number == 0) {
        return STATUS_OK;
    }
    const struct endpoint *client =
        is_flow ? &record->flow->client.endpoint : &record->transaction->client;
    const struct endpoint *server =
        is_flow ? &record->flow->server.endpoint : &record->transaction->server;
    enum flow_protocol protocol = is_flow ? record->flow->protocol : FLOW_TCP;
    if (!is_client_of_service(server, protocol)) {
        return STATUS_OK;
    }
    if (!contacts->is_open) {
        TRY(open_contacts(contacts, arena));
    }
    struct contact *contact;
    TRY(find_or_add(contacts, client, server, protocol, loss, &contact));
    if (is_flow) {
        take_flow(contact, record);
    } else {
        take_transaction(contact, record);
    }
    regularity_keep_time(contact->times, &contact->time_count, REGULARITY_TIMES_MAX,
                         record->at.ns);
    *out = contact;
    return STATUS_OK;
}

/* ---- names ---- */

void contact_add_service(struct text *text, const struct endpoint *server,
                         enum flow_protocol protocol)
{
    bool is_v6 = server->address_size == 16;
    text_add(text, is_v6 ? "[" : "");
    endpoint_add_address(text, server);
    text_add(text, is_v6 ? "]" : "");
    text_add(text, ":");
    text_add_number(text, server->port);
    text_add(text, protocol == FLOW_TCP ? "/tcp" : "/udp");
}

void contact_add_name(struct text *text, struct bytes name)
{
    bool has_brackets = name.size > 0 && name.data[0] == '[';
    name = has_brackets ? name : bytes_part(name, 0, bytes_find_byte(name, ':'));
    if (name.size > 1 && name.data[name.size - 1] == '.') {
        name.size--;
    }
    struct endpoint address;
    if (has_brackets || endpoint_read(name, &address) == STATUS_OK) {
        return; /* an address is no name */
    }
    for (size_t i = 0; i < name.size; i++) {
        uint8_t byte = name.data[i];
        text_add_byte(text, (char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte));
    }
}

void contact_names_init(struct contact_names *names, const struct contact *contact)
{
    *names = (struct contact_names){text_of_limit(64), text_of_limit(64), text_of_limit(96),
                                    text_of_limit(512)};
    endpoint_add_address(&names->client, &contact->client);
    endpoint_add_address(&names->server, &contact->server);
    contact_add_service(&names->service, &contact->server, contact->protocol);
    contact_add_name(&names->name, trace_name_get(&contact->name));
}

void contact_names_done(struct contact_names *names)
{
    text_done(&names->client);
    text_done(&names->server);
    text_done(&names->service);
    text_done(&names->name);
}
