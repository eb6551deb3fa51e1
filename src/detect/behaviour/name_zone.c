#include "detect/behaviour/name_zone.h"

#include "base/number.h"

#include <math.h>
#include <string.h>

#define CANDIDATE_NAMES_MIN 6 /* so many different names make a zone worth watching ... */
#define CANDIDATE_RARE_MIN 18 /* ... if so many in a hundred letters are rare in words */
#define CANDIDATE_TELLING 4   /* so many make it a loss to give it up */
#define WATCHED_BITS (1U << 16)

/* A zone in which few names were seen yet, or nothing but words.  Zones whose hash is the same
 * count as one: they are told apart when they are watched. */
struct zone_candidate {
    uint32_t hash;
    uint32_t letters;
    uint32_t rare;
    uint64_t names; /* as bits, by hash */
};

/* One question, read. */
struct question {
    const struct record *record;
    const struct name_form *form;
    struct bytes type;
    enum zone_type type_kind;
    uint32_t hash; /* of the whole name: within a zone as good as of what stands before it */
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

bool zone_sketch_add(uint64_t *sketch, size_t bits, uint32_t hash)
{
    size_t bit = hash % bits;
    uint64_t mask = UINT64_C(1) << (bit % 64);
    bool is_new = (sketch[bit / 64] & mask) == 0;
    sketch[bit / 64] |= mask;
    return is_new;
}

bool zone_sketch_has(const uint64_t *sketch, size_t bits, uint32_t hash)
{
    size_t bit = hash % bits;
    return (sketch[bit / 64] >> (bit % 64) & 1) != 0;
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
    if (is_again(zone, question->hash, name_hash(question->type))) {
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
    if (zone_sketch_add(zone->sketch, ZONE_SKETCH_BITS, question->hash)) {
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
    bool is_new =
        zone_sketch_add(answers->address_sketch, ZONE_SMALL_SKETCH_BITS, name_hash(bytes));
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
    zone_sketch_add(answers->data_sketch, ZONE_SMALL_SKETCH_BITS, name_hash(data));
}

/* ---- candidates ---- */

/* Of words, about one letter in ten is one of these; of letters by chance, three. */
static bool is_rare(uint8_t byte)
{
    return (byte < 'a' || byte > 'z' || strchr("jkqvwxyz", byte) != NULL) && byte != '.' &&
           byte != '-';
}

static void count_letters(struct zone_candidate *candidate, struct bytes rest)
{
    for (size_t i = 0; i < rest.size; i++) {
        candidate->letters++;
        candidate->rare += is_rare(rest.data[i]);
    }
}

static bool has_rare_letters(const struct zone_candidate *candidate)
{
    return (uint64_t)candidate->rare * 100 >= (uint64_t)candidate->letters * CANDIDATE_RARE_MIN;
}

/* Two places side by side: one look at memory. */
static struct zone_candidate *find_candidate(struct zones *zones, uint32_t hash)
{
    struct zone_candidate *one = &zones->candidates[hash % ZONE_CANDIDATES_MAX];
    struct zone_candidate *other = &zones->candidates[hash % ZONE_CANDIDATES_MAX ^ 1];
    if (one->hash == hash || other->hash == hash) {
        return one->hash == hash ? one : other;
    }
    struct zone_candidate *loser =
        __builtin_popcountll(one->names) <= __builtin_popcountll(other->names) ? one : other;
    zones->given_up +=
        __builtin_popcountll(loser->names) >= CANDIDATE_TELLING && has_rare_letters(loser);
    *loser = (struct zone_candidate){.hash = hash};
    return loser;
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

static uint64_t *watched_word(const struct zones *zones, uint32_t hash)
{
    return &zones->watched_bits[hash % WATCHED_BITS / 64];
}

/* The zone, where it is watched already. */
static struct zone *find_watched(struct zones *zones, const struct question *question,
                                 struct bytes name, uint32_t hash)
{
    if ((*watched_word(zones, hash) >> (hash % 64) & 1) == 0) {
        return NULL;
    }
    struct recent_key key = key_of(question->record->transaction, name);
    return recent_find(&zones->watched, recent_key_bytes(&key));
}

static enum status watch(struct zones *zones, const struct question *question, size_t depth,
                         uint32_t hash, struct zone **out)
{
    struct bytes name = name_form_zone(question->form, depth);
    struct recent_key key = key_of(question->record->transaction, name);
    zones->given_up += recent_next_out(&zones->watched) != NULL;
    struct zone *zone = recent_add(&zones->watched, recent_key_bytes(&key));
    if (zone == NULL) {
        return STATUS_NO_MEMORY;
    }
    *watched_word(zones, hash) |= UINT64_C(1) << (hash % 64);
    zone->client = question->record->transaction->client;
    zone->client.port = 0;
    zone->depth = depth;
    trace_name_set(&zone->name, name);
    *out = zone;
    return STATUS_OK;
}

/* `hash` is of the client and the zone. */
static enum status take_in_zone(struct zones *zones, const struct question *question,
                                size_t depth, uint32_t hash)
{
    struct bytes name = name_form_zone(question->form, depth);
    struct bytes rest = name_form_rest(question->form, depth);
    if (name.size > TRACE_NAME_MAX) {
        return STATUS_OK;
    }
    struct zone *zone = find_watched(zones, question, name, hash);
    if (zone == NULL) {
        struct zone_candidate *candidate = find_candidate(zones, hash);
        uint64_t bit = UINT64_C(1) << (question->hash % 64);
        if ((candidate->names & bit) != 0 || name_is_address(rest)) {
            return STATUS_OK;
        }
        candidate->names |= bit;
        count_letters(candidate, rest);
        if (__builtin_popcountll(candidate->names) < CANDIDATE_NAMES_MIN ||
            !has_rare_letters(candidate)) {
            return STATUS_OK;
        }
        *candidate = (struct zone_candidate){0};
        TRY(watch(zones, question, depth, hash, &zone));
    }
    if (!name_is_address(rest)) {
        take_question(zone, question, rest);
        take_answer(&zone->answers, question->record->transaction);
    }
    return STATUS_OK;
}

static enum status open_zones(struct zones *zones, struct arena *arena)
{
    zones->candidates = arena_take_many(arena, ZONE_CANDIDATES_MAX, sizeof *zones->candidates);
    zones->watched_bits =
        arena_take_many(arena, WATCHED_BITS / 64, sizeof *zones->watched_bits);
    if (zones->candidates == NULL || zones->watched_bits == NULL) {
        return STATUS_NO_MEMORY;
    }
    return recent_init(&zones->watched, arena, ZONES_MAX, sizeof(struct zone));
}

/* One pass from the last label to the first, so that each zone's hash goes on from the one
 * before. */
static enum status take_zones(struct zones *zones, const struct question *question)
{
    const struct name_form *form = question->form;
    const struct endpoint *client = &question->record->transaction->client;
    uint32_t hash = name_hash((struct bytes){client->address, client->address_size});
    size_t end = form->size;
    for (size_t depth = 1; depth <= ZONE_DEPTH_MAX && depth < form->label_count; depth++) {
        size_t start = form->starts[form->label_count - depth];
        struct bytes label = {&form->data[start], end - start};
        hash = (hash ^ name_hash(label)) * 16777619U + 1;
        end = start - 1;
        if (depth >= ZONE_DEPTH_MIN) {
            TRY(take_in_zone(zones, question, depth, hash));
        }
    }
    return STATUS_OK;
}

enum status zones_take(struct zones *zones, struct arena *arena, const struct record *record)
{
    const struct transaction *transaction = record->transaction;
    struct name_form form;
    if (transaction->kind != TRANSACTION_DNS ||
        !name_form_read(transaction_field(transaction, FIELD_DNS_QUESTION), &form) ||
        form.label_count <= ZONE_DEPTH_MIN) {
        return STATUS_OK;
    }
    if (zones->candidates == NULL) {
        TRY(open_zones(zones, arena));
    }
    struct question question = {
        .record = record,
        .form = &form,
        .type = transaction_field(transaction, FIELD_DNS_TYPE),
        .hash = name_hash((struct bytes){form.data, form.size}),
    };
    question.type_kind = zone_type_of(question.type);
    return take_zones(zones, &question);
}

struct zone *zones_first(const struct zones *zones)
{
    return zones->candidates != NULL ? recent_first(&zones->watched) : NULL;
}
