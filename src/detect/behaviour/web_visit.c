#include "detect/behaviour/web_visit.h"

#include "base/cursor.h"
#include "base/number.h"

/* ---- plain letters ---- */

/* The byte that "%41" stands for, with its two digits taken; '%' itself where it is none. */
static uint8_t take_encoded(struct cursor *cursor)
{
    struct cursor ahead = *cursor;
    int high = number_hex_digit(cursor_u8(&ahead));
    int low = number_hex_digit(cursor_u8(&ahead));
    if (high < 0 || low < 0) {
        return '%';
    }
    *cursor = ahead;
    return (uint8_t)(high * 16 + low);
}

/* One round, in place: what is decoded is never longer. */
static void decode(struct web_plain *plain)
{
    struct cursor cursor = cursor_of(web_plain_get(plain));
    size_t size = 0;
    while (!cursor_at_end(&cursor)) {
        uint8_t byte = cursor_u8(&cursor);
        plain->data[size++] = byte == '%' ? take_encoded(&cursor) : byte;
    }
    plain->size = size;
}

static void settle(struct web_plain *plain)
{
    size_t size = 0;
    for (size_t i = 0; i < plain->size; i++) {
        uint8_t byte = plain->data[i];
        struct bytes rest = bytes_from(web_plain_get(plain), i);
        if (byte == '/' && bytes_starts(rest, "/*")) {
            size_t end = bytes_find(rest, bytes_of_text("*/"));
            if (end < rest.size) {
                i += end + 1;
                byte = ' ';
            }
        }
        bool is_blank = byte <= ' ' || byte == 0x7f;
        if (is_blank && size > 0 && plain->data[size - 1] == ' ') {
            continue;
        }
        bool is_capital = byte >= 'A' && byte <= 'Z';
        plain->data[size++] = is_blank ? ' ' : is_capital ? byte | 0x20 : byte;
    }
    plain->size = size;
}

void web_plain_set(struct web_plain *plain, struct bytes text)
{
    text = bytes_part(text, 0, WEB_PLAIN_MAX);
    plain->size = text.size;
    for (size_t i = 0; i < text.size; i++) {
        plain->data[i] = text.data[i] == '+' ? ' ' : text.data[i];
    }
    for (int i = 0; i < WEB_ROUNDS_MAX; i++) {
        if (bytes_find_byte(web_plain_get(plain), '%') < plain->size) {
            decode(plain);
        }
    }
    settle(plain);
}

static void add_raw(struct web_plain *plain, struct bytes bytes)
{
    bytes = bytes_part(bytes, 0, WEB_PLAIN_MAX - plain->size);
    if (bytes.size > 0) {
        memcpy(&plain->data[plain->size], bytes.data, bytes.size);
    }
    plain->size += bytes.size;
}

void web_plain_set_pair(struct web_plain *plain, struct bytes name, struct bytes value)
{
    plain->size = 0;
    add_raw(plain, name);
    add_raw(plain, bytes_of_text(name.size > 0 ? "=" : ""));
    add_raw(plain, value);
    for (int i = 1; i < WEB_ROUNDS_MAX; i++) {
        decode(plain);
    }
    settle(plain);
}

struct bytes web_plain_get(const struct web_plain *plain)
{
    return (struct bytes){plain->data, plain->size};
}

/* ---- who, and what came back ---- */

enum web_answer web_answer_of(const struct transaction *transaction)
{
    uint64_t status;
    if (number_decimal_max(transaction_field(transaction, FIELD_HTTP_STATUS), 599, &status) !=
        STATUS_OK) {
        return WEB_UNANSWERED;
    }
    static const enum web_answer by_class[] = {WEB_UNANSWERED, WEB_UNANSWERED, WEB_GIVEN,
                                               WEB_ELSEWHERE,  WEB_REFUSED,    WEB_BROKEN};
    return by_class[status / 100];
}

/* A client may write the first names of the list itself; the last is our proxy's word. */
static struct bytes last_forwarded(struct bytes list)
{
    struct bytes last = BYTES_NONE;
    while (bytes_split(&list, ',', &last)) {
    }
    return bytes_trim(last);
}

bool web_client_of(const struct transaction *transaction, struct web_client *out)
{
    *out = (struct web_client){.address = transaction->client};
    trace_name_set(&out->name, transaction_field(transaction, FIELD_SOURCE_NAME));
    struct bytes forwarded = transaction_field(transaction, FIELD_HTTP_FORWARDED);
    struct endpoint behind;
    if (forwarded.size > 0 && out->address.address_size > 0 &&
        endpoint_is_private(&out->address) &&
        endpoint_read(last_forwarded(forwarded), &behind) == STATUS_OK) {
        out->address = behind;
    }
    out->address.port = 0;
    return out->address.address_size > 0 || out->name.size > 0;
}

void web_client_add_key(struct recent_key *key, const struct web_client *client)
{
    recent_key_add(key, (struct bytes){client->address.address, client->address.address_size},
                   16);
    recent_key_add(key, trace_name_get(&client->name), TRACE_NAME_MAX);
}

bool web_client_equal(const struct web_client *a, const struct web_client *b)
{
    return endpoint_equal(&a->address, &b->address) &&
           bytes_equal(trace_name_get(&a->name), trace_name_get(&b->name));
}

/* ---- entities ---- */

void web_names_init(struct web_names *names, const struct web_client *client,
                    const struct endpoint *server, struct bytes site)
{
    names->client = text_of_limit(512);
    names->server = text_of_limit(64);
    names->site = text_of_limit(512);
    if (client->address.address_size > 0) {
        endpoint_add_address(&names->client, &client->address);
    } else {
        contact_add_name(&names->client, trace_name_get(&client->name));
    }
    if (server->address_size > 0) {
        endpoint_add_address(&names->server, server);
    }
    contact_add_name(&names->site, site);
}

void web_names_done(struct web_names *names)
{
    text_done(&names->client);
    text_done(&names->server);
    text_done(&names->site);
}

void web_names_add(const struct web_names *names, const struct web_client *client,
                   struct entity *entities, size_t *count)
{
    enum entity_kind kind = client->address.address_size > 0 ? ENTITY_ADDRESS : ENTITY_NAME;
    trace_entity(entities, count, kind, ROLE_SOURCE, text_bytes(&names->client));
    trace_entity(entities, count, ENTITY_ADDRESS, ROLE_VICTIM, text_bytes(&names->server));
    trace_entity(entities, count, ENTITY_NAME, ROLE_VICTIM, text_bytes(&names->site));
}
