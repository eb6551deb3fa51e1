#include "detect/behaviour/name_zone.h"

#include "base/number.h"

#include <math.h>
#include <string.h>

#define CANDIDATE_BITS_MIN 6 /* so many different names make a zone worth watching */

/* A zone in which few names were seen yet. */
struct candidate {
    struct recent_entry entry;
    uint64_t bits; /* of names, by hash */
};

/* One question, read. */
struct question {
    const struct record *record;
    const struct name_form *form;
    struct bytes type;
    enum zone_type type_kind;
};

struct type_row {
    const char *name;
    enum zone_type kind;
};

/* rows: one deleted at a time by make prove */
static const struct type_row type_rows[] = {
    {"A", ZONE_TYPE_ADDRESS},    {"AAAA", ZONE_TYPE_ADDRESS},    {"HTTPS", ZONE_TYPE_ADDRESS},
    {"SVCB", ZONE_TYPE_ADDRESS}, {"TXT", ZONE_TYPE_COMMON},      {"CNAME", ZONE_TYPE_COMMON},
    {"MX", ZONE_TYPE_COMMON},    {"SRV", ZONE_TYPE_COMMON},      {"PTR", ZONE_TYPE_OTHER},
    {"NS", ZONE_TYPE_OTHER},     {"SOA", ZONE_TYPE_OTHER},       {"DS", ZONE_TYPE_OTHER},
    {"DNSKEY", ZONE_TYPE_OTHER}, {"RRSIG", ZONE_TYPE_OTHER},     {"NSEC", ZONE_TYPE_OTHER},
    {"NSEC3", ZONE_TYPE_OTHER},  {"NAPTR", ZONE_TYPE_OTHER},     {"CAA", ZONE_TYPE_OTHER},
    {"TLSA", ZONE_TYPE_OTHER},   {"ANY", ZONE_TYPE_OTHER},       {"SPF", ZONE_TYPE_OTHER},
    {"AXFR", ZONE_TYPE_OTHER},   {"type=65", ZONE_TYPE_ADDRESS},
};

enum zone_type zone_type_of(struct bytes type)
{
    for (size_t i = 0; i < sizeof type_rows / sizeof *type_rows; i++) {
        if (bytes_equal_text_nocase(type, type_rows[i].name)) {
            return type_rows[i].kind;
        }
    }
    return type.size > 0 ? ZONE_TYPE_RARE : ZONE_TYPE_OTHER;
}

/* ---- sketches ---- */

/* True where the bit was not set. */
static bool sketch_add(uint64_t *sketch, size_t bits, uint32_t hash)
{
    size_t bit = hash % bits;
    uint64_t mask = UINT64_C(1) << (bit % 64);
    bool is_new = (sketch[bit / 64] & mask) == 0;
    sketch[bit / 64] |= mask;
    return is_new;
}

uint64_t zone_distinct(const uint64_t *sketch, size_t bits)
{
    size_t set = 0;
    for (size_t i = 0; i < bits / 64; i++) {
        set += (size_t)__builtin_popcountll(sketch[i]);
    }
    double free = (double)(set < bits ? bits - set : 1) / (double)bits;
    return (uint64_t)(-(double)bits * log(free) + 0.5);
}

/* ---- names ---- */

static void count_fresh(struct zone_names *names, uint8_t byte, size_t place)
{
    unsigned kind = name_letter_kind(byte);
    names->fresh_bytes++;
    names->letters[kind]++;
    names->hex_bytes += kind <= 'f' - 'a' || kind == NAME_LETTER_DIGIT;
    names->varied[place / 64] |= UINT64_C(1) << (place % 64);
}

/* A part that is always the same carries nothing, nor does most of a number that only grows:
 * what counts is what differs from the name before.  The dots are left out. */
static void take_name(struct zone_names *names, struct bytes rest)
{
    uint8_t plain[NAME_SIZE_MAX];
    size_t size = 0;
    for (size_t i = 0; i < rest.size && size < NAME_SIZE_MAX; i++) {
        if (rest.data[i] != '.') {
            plain[size++] = rest.data[i];
        }
    }
    for (size_t i = 0; names->count > 0 && i < size; i++) {
        if (i >= names->last_size || plain[i] != names->last[i]) {
            count_fresh(names, plain[i], i);
        }
    }
    memcpy(names->last, plain, size);
    names->last_size = size;
    names->sizes[size]++;
    names->bytes += size;
    names->count++;
}

static void note_type(struct zone *zone, const struct question *question)
{
    zone->type_counts[question->type_kind]++;
    if (bytes_equal(trace_name_get(&zone->type), question->type)) {
        zone->type_lead++;
    } else if (zone->type_lead == 0) {
        trace_name_set(&zone->type, question->type);
        zone->type_lead = 1;
    } else {
        zone->type_lead--;
    }
}

/* True where the name was asked for a moment ago: resolvers ask again, and hosts are asked for
 * by several types. */
static bool is_again(struct zone *zone, uint32_t name, uint32_t type)
{
    for (size_t i = 0; i < ZONE_RECENT_NAMES; i++) {
        if (zone->moments[i].name == name) {
            zone->again_count += zone->moments[i].type != type;
            zone->moments[i].type = type;
            return true;
        }
    }
    memmove(&zone->moments[1], &zone->moments[0],
            (ZONE_RECENT_NAMES - 1) * sizeof *zone->moments);
    zone->moments[0].name = name;
    zone->moments[0].type = type;
    return false;
}

static void take_question(struct zone *zone, const struct question *question, struct bytes rest)
{
    uint32_t hash = name_hash(rest);
    if (is_again(zone, hash, name_hash(question->type))) {
        return;
    }
    if (zone->question_count++ == 0) {
        trace_spot_set(&zone->first, question->record);
    }
    note_type(zone, question);
    if (zone->counted_count == ZONE_COUNTED_MAX) {
        trace_spot_set(&zone->last, question->record);
        return;
    }
    zone->counted_count++;
    if (sketch_add(zone->sketch, ZONE_SKETCH_BITS, hash)) {
        take_name(&zone->names, rest);
        trace_spot_set(&zone->last, question->record);
        if ((zone->names.count & (zone->names.count - 1)) == 0) {
            trace_spot_set(&zone->middle, question->record);
        }
    }
}

/* ---- answers ---- */

/* None that a machine on the internet can have, and none of a network of one's own either. */
static bool is_strange(const struct endpoint *address)
{
    if (address->address_size == 16) {
        return (address->address[0] & 0xe0) != 0x20 && !endpoint_is_private(address);
    }
    return address->address[0] == 0 || address->address[0] >= 224;
}

static void take_address(struct zone_answers *answers, struct bytes text)
{
    struct endpoint address;
    if (endpoint_read(text, &address) != STATUS_OK) {
        return;
    }
    struct bytes bytes = {address.address, address.address_size};
    bool is_code = address.address_size == 4 && address.address[0] == 127;
    answers->address_count++;
    answers->code_count += is_code;
    answers->strange_count += is_strange(&address);
    bool is_new = sketch_add(answers->address_sketch, ZONE_SMALL_SKETCH_BITS, name_hash(bytes));
    if (is_new && answers->addresses_kept < ZONE_ADDRESSES_KEPT) {
        answers->addresses[answers->addresses_kept++] = address;
    }
}

/* What the owners of names say for mail servers (RFC 7208, 6376, 7489, 8460, 8461). */
static bool is_statement(struct bytes text)
{
    /* rows: one deleted at a time by make prove */
    static const char *const starts[] = {
        "v=spf1", "v=DKIM1", "p=", "k=", "v=DMARC1", "v=STSv1", "v=TLSRPTv1"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (bytes_starts(text, starts[i])) {
            return true;
        }
    }
    return false;
}

static void take_answer(struct zone_answers *answers, const struct transaction *transaction)
{
    struct bytes code = transaction_field(transaction, FIELD_DNS_RESPONSE_CODE);
    uint64_t addresses = answers->address_count;
    for (size_t i = 0; i < transaction->field_count; i++) {
        if (transaction->fields[i].field == FIELD_DNS_ANSWER) {
            take_address(answers, transaction->fields[i].value);
        }
    }
    bool has_address = answers->address_count > addresses;
    answers->count += code.size > 0 || has_address;
    answers->missing_count += bytes_equal_text(code, "NXDOMAIN");
    uint64_t size = 0;
    struct bytes type = transaction_field(transaction, FIELD_DNS_RECORD_TYPE);
    enum zone_type kind = zone_type_of(type);
    if (has_address || type.size == 0 || (kind != ZONE_TYPE_COMMON && kind != ZONE_TYPE_RARE) ||
        number_decimal(transaction_field(transaction, FIELD_DNS_RECORD_BYTES), &size) !=
            STATUS_OK) {
        return;
    }
    answers->data_count++;
    answers->data_bytes = number_add(answers->data_bytes, size);
    struct bytes data = transaction_field(transaction, FIELD_DNS_RECORD_DATA);
    answers->statement_count += is_statement(data);
    sketch_add(answers->data_sketch, ZONE_SMALL_SKETCH_BITS, name_hash(data));
}

/* ---- zones ---- */

static struct recent_key key_of(const struct transaction *transaction, struct bytes name)
{
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(
        &key, (struct bytes){transaction->client.address, transaction->client.address_size},
        sizeof transaction->client.address);
    recent_key_add(&key, name, RECENT_KEY_MAX);
    return key;
}

/* Watches a zone from when enough different names were asked for in it. */
static enum status promote(struct zones *zones, const struct recent_key *key,
                           const struct question *question, size_t depth, struct zone **out)
{
    struct bytes rest = name_form_rest(question->form, depth);
    struct candidate *candidate = recent_find(&zones->candidates, recent_key_bytes(key));
    if (candidate == NULL) {
        candidate = recent_next_out(&zones->candidates);
        zones->given_up += candidate != NULL && (candidate->bits & (candidate->bits - 1)) != 0;
        candidate = recent_add(&zones->candidates, recent_key_bytes(key));
        if (candidate == NULL) {
            return STATUS_NO_MEMORY;
        }
    }
    candidate->bits |= UINT64_C(1) << (name_hash(rest) % 64);
    if (__builtin_popcountll(candidate->bits) < CANDIDATE_BITS_MIN) {
        return STATUS_OK;
    }
    zones->given_up += recent_next_out(&zones->watched) != NULL;
    struct zone *zone = recent_add(&zones->watched, recent_key_bytes(key));
    if (zone == NULL) {
        return STATUS_NO_MEMORY;
    }
    candidate->bits = 0;
    zone->client = question->record->transaction->client;
    zone->client.port = 0;
    zone->depth = depth;
    trace_name_set(&zone->name, name_form_zone(question->form, depth));
    *out = zone;
    return STATUS_OK;
}

static enum status take_in_zone(struct zones *zones, const struct question *question,
                                size_t depth)
{
    struct bytes name = name_form_zone(question->form, depth);
    struct bytes rest = name_form_rest(question->form, depth);
    if (name_is_address(rest) || name.size > TRACE_NAME_MAX) {
        return STATUS_OK;
    }
    struct recent_key key = key_of(question->record->transaction, name);
    struct zone *zone = recent_find(&zones->watched, recent_key_bytes(&key));
    if (zone == NULL) {
        TRY(promote(zones, &key, question, depth, &zone));
    }
    if (zone != NULL) {
        take_question(zone, question, rest);
        take_answer(&zone->answers, question->record->transaction);
    }
    return STATUS_OK;
}

enum status zones_take(struct zones *zones, struct arena *arena, const struct record *record)
{
    const struct transaction *transaction = record->transaction;
    struct name_form form;
    if (transaction->kind != TRANSACTION_DNS ||
        !name_form_read(transaction_field(transaction, FIELD_DNS_QUESTION), &form)) {
        return STATUS_OK;
    }
    if (!zones->is_open) {
        TRY(recent_init(&zones->candidates, arena, ZONE_CANDIDATES_MAX,
                        sizeof(struct candidate)));
        TRY(recent_init(&zones->watched, arena, ZONES_MAX, sizeof(struct zone)));
        zones->is_open = true;
    }
    struct question question = {record, &form, transaction_field(transaction, FIELD_DNS_TYPE),
                                ZONE_TYPE_OTHER};
    question.type_kind = zone_type_of(question.type);
    for (size_t depth = ZONE_DEPTH_MIN; depth <= ZONE_DEPTH_MAX && depth < form.label_count;
         depth++) {
        TRY(take_in_zone(zones, &question, depth));
    }
    return STATUS_OK;
}

struct zone *zones_first(const struct zones *zones)
{
    return zones->is_open ? recent_first(&zones->watched) : NULL;
}
