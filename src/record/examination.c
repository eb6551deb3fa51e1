#include "record/examination.h"

#include "base/number.h"
#include "base/pack.h"

#include <stdlib.h>
#include <string.h>

#define MAGIC 0x58454354U /* "TCEX" */
#define VERSION 2U
#define VERSION_OLDEST 1U /* a watch may have kept one: it has no carried files */
#define NAME_SIZE_MAX 64
#define TEXT_SIZE_MAX 4096
#define STATIC_TEXT_MAX 200
#define SCRATCH_SIZE_MAX (8U << 20) /* items of a message on their way past */

/* ---- writing ---- */

static void write_place(struct text *out, const struct place *place)
{
    pack_u8(out, (uint8_t)place->kind);
    pack_u32(out, place->member);
    pack_u64(out, place->first);
    pack_u64(out, place->last);
}

static void write_quantity(struct text *out, uint64_t quantity)
{
    pack_u64(out, number_least(quantity, EXAMINATION_QUANTITY_MAX));
}

static void write_entities(struct text *out, const struct entity *entities, size_t count)
{
    pack_u32(out, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        pack_u8(out, (uint8_t)entities[i].kind);
        pack_u8(out, (uint8_t)entities[i].role);
        pack_bytes(out, entities[i].name);
    }
}

static void write_facts(struct text *out, const struct fact *facts, size_t count)
{
    pack_u32(out, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        pack_bytes(out, facts[i].name);
        pack_u8(out, (uint8_t)facts[i].kind);
        uint64_t limit = facts[i].kind == FACT_DURATION ? EXAMINATION_DURATION_NS_MAX
                                                        : EXAMINATION_QUANTITY_MAX;
        pack_u64(out, number_least(facts[i].count, limit));
        pack_double(out, facts[i].number);
        pack_moment(out, facts[i].moment);
        pack_bytes(out, facts[i].text);
    }
}

static void write_cites(struct text *out, const struct cite *cites, size_t count)
{
    pack_u32(out, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        write_place(out, &cites[i].place);
        pack_bytes(out, cites[i].excerpt);
    }
}

static void write_finding(struct text *out, const struct finding *finding)
{
    pack_bytes(out, finding->rule);
    pack_bytes(out, finding->title);
    pack_u32(out, (uint32_t)finding->technique_count);
    for (size_t i = 0; i < finding->technique_count; i++) {
        pack_bytes(out, finding->techniques[i]);
    }
    pack_u8(out, (uint8_t)finding->severity);
    pack_double(out, finding->confidence);
    pack_moment(out, finding->first);
    pack_moment(out, finding->last);
    write_entities(out, finding->entities, finding->entity_count);
    write_facts(out, finding->facts, finding->fact_count);
    write_cites(out, finding->cites, finding->cite_count);
    write_quantity(out, finding->cites_dropped);
}

static void write_observation(struct text *out, const struct observation *observation)
{
    pack_u8(out, (uint8_t)observation->kind);
    write_quantity(out, observation->count);
    pack_moment(out, observation->first);
    pack_moment(out, observation->last);
    write_entities(out, observation->entities, observation->entity_count);
    write_facts(out, observation->facts, observation->fact_count);
    write_cites(out, observation->cites, observation->cite_count);
    write_quantity(out, observation->cites_dropped);
}

static void write_static(struct text *out, const char *text)
{
    pack_bytes(out, text == NULL ? BYTES_NONE : bytes_of_text(text));
}

static void write_carried(struct text *out, const struct carried *carried)
{
    pack_bytes(out, carried->path);
    pack_bytes(out, carried->name);
    pack_bytes(out, carried->host);
    pack_bytes(out, carried->from);
    pack_bytes(out, carried->to);
    write_static(out, carried->protocol);
    write_static(out, carried->kind);
    pack_moment(out, carried->at);
    write_quantity(out, carried->size);
    pack_u8(out, carried->is_whole);
    if (carried->is_whole) {
        text_add_raw(out, (struct bytes){carried->sha256.bytes, sizeof carried->sha256});
    }
}

static void write_coverage(struct text *out, const struct coverage *coverage)
{
    write_static(out, coverage->kind);
    pack_u8(out, (uint8_t)coverage->examined);
    write_static(out, coverage->why);
    pack_moment(out, coverage->first);
    pack_moment(out, coverage->last);
    pack_u32(out, (uint32_t)coverage->host_count);
    for (size_t i = 0; i < coverage->host_count; i++) {
        pack_bytes(out, coverage->hosts[i]);
    }
    write_quantity(out, coverage->hosts_dropped);
    pack_u32(out, (uint32_t)coverage->count_count);
    for (size_t i = 0; i < coverage->count_count; i++) {
        write_static(out, coverage->counts[i].name);
        write_quantity(out, coverage->counts[i].count);
    }
    pack_u32(out, (uint32_t)coverage->anomaly_count);
    for (size_t i = 0; i < coverage->anomaly_count; i++) {
        write_static(out, coverage->anomalies[i].what);
        write_place(out, &coverage->anomalies[i].place);
        write_quantity(out, coverage->anomalies[i].count);
    }
    write_quantity(out, coverage->anomalies_dropped);
    pack_u32(out, (uint32_t)coverage->member_count);
    for (size_t i = 0; i < coverage->member_count; i++) {
        pack_bytes(out, coverage->members[i]);
    }
    pack_u32(out, (uint32_t)coverage->carried_count);
    for (size_t i = 0; i < coverage->carried_count; i++) {
        write_carried(out, &coverage->carried[i]);
    }
    write_quantity(out, coverage->carried_dropped);
}

void examination_write(struct text *out, const struct examination *examination)
{
    pack_u32(out, MAGIC);
    pack_u16(out, VERSION);
    write_coverage(out, &examination->coverage);
    pack_u32(out, (uint32_t)examination->finding_count);
    for (size_t i = 0; i < examination->finding_count; i++) {
        write_finding(out, &examination->findings[i]);
    }
    write_quantity(out, examination->findings_dropped);
    pack_u32(out, (uint32_t)examination->observation_count);
    for (size_t i = 0; i < examination->observation_count; i++) {
        write_observation(out, &examination->observations[i]);
    }
    write_quantity(out, examination->observations_dropped);
}

/* ---- reading ---- */

/* The message being read: the first thing that does not fit fails the cursor, and everything
 * after reads as nothing. */
struct reading {
    struct cursor cursor;
    struct arena *arena;
    uint16_t version;
    size_t member_count;
    const struct examination_room *room;
    struct examination_room held; /* that the message has, kept or not */
};

static void *take_many(struct reading *reading, size_t count, size_t size)
{
    void *memory = arena_take_many(reading->arena, count == 0 ? 1 : count, size);
    if (memory == NULL) {
        cursor_fail(&reading->cursor, STATUS_NO_MEMORY, "no memory for a message");
    }
    return memory;
}

static struct place read_place(struct reading *reading)
{
    struct place place = {.kind = unpack_kind(&reading->cursor, PLACE_KIND_COUNT)};
    place.member = cursor_u32le(&reading->cursor);
    place.first = cursor_u64le(&reading->cursor);
    place.last = cursor_u64le(&reading->cursor);
    if (place.member >= reading->member_count ||
        (place.kind == PLACE_LINES && place.last < place.first)) {
        cursor_fail(&reading->cursor, STATUS_MALFORMED, "a place that is none");
    }
    return place;
}

uint64_t examination_read_quantity(struct cursor *cursor)
{
    uint64_t quantity = cursor_u64le(cursor);
    if (quantity > EXAMINATION_QUANTITY_MAX) {
        cursor_fail(cursor, STATUS_MALFORMED, "a count that no evidence has");
        return 0;
    }
    return quantity;
}

static size_t read_count(struct reading *reading, size_t item_size_min, size_t limit)
{
    uint32_t count = cursor_u32le(&reading->cursor);
    return cursor_count(&reading->cursor, count, item_size_min, limit);
}

static const struct entity *read_entities(struct reading *reading, size_t *count)
{
    *count = read_count(reading, 6, FINDING_ENTITIES_MAX);
    struct entity *entities = take_many(reading, *count, sizeof *entities);
    for (size_t i = 0; entities != NULL && i < *count; i++) {
        entities[i].kind = unpack_kind(&reading->cursor, ENTITY_KIND_COUNT);
        entities[i].role = unpack_kind(&reading->cursor, ROLE_COUNT);
        entities[i].name = unpack_bytes(&reading->cursor, TEXT_SIZE_MAX);
    }
    return entities;
}

/* Names of facts and rules are keys of ours: lower-case words, digits, "_", "-", "/", ".". */
static struct bytes read_word(struct reading *reading, size_t size_max)
{
    struct bytes word = unpack_bytes(&reading->cursor, size_max);
    for (size_t i = 0; i < word.size; i++) {
        uint8_t byte = word.data[i];
        bool fits = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                    (byte >= '-' && byte <= '9') || byte == '_';
        if (!fits) {
            cursor_fail(&reading->cursor, STATUS_MALFORMED, "a name with foreign characters");
            return BYTES_NONE;
        }
    }
    return word;
}

static uint64_t read_fact_count(struct reading *reading, enum fact_kind kind)
{
    if (kind != FACT_DURATION) {
        return examination_read_quantity(&reading->cursor);
    }
    uint64_t ns = cursor_u64le(&reading->cursor);
    if (ns > EXAMINATION_DURATION_NS_MAX) {
        cursor_fail(&reading->cursor, STATUS_MALFORMED, "a duration that no evidence has");
        return 0;
    }
    return ns;
}

static const struct fact *read_facts(struct reading *reading, size_t *count)
{
    *count = read_count(reading, 36, FINDING_FACTS_MAX);
    struct fact *facts = take_many(reading, *count, sizeof *facts);
    for (size_t i = 0; facts != NULL && i < *count; i++) {
        facts[i].name = read_word(reading, NAME_SIZE_MAX);
        facts[i].kind = unpack_kind(&reading->cursor, FACT_KIND_COUNT);
        facts[i].count = read_fact_count(reading, facts[i].kind);
        facts[i].number = unpack_double(&reading->cursor);
        facts[i].moment = unpack_moment(&reading->cursor);
        facts[i].text = unpack_bytes(&reading->cursor, TEXT_SIZE_MAX);
    }
    return facts;
}

static const struct cite *read_cites(struct reading *reading, size_t *count)
{
    *count = read_count(reading, 25, CITES_MAX);
    struct cite *cites = take_many(reading, *count, sizeof *cites);
    for (size_t i = 0; cites != NULL && i < *count; i++) {
        cites[i].place = read_place(reading);
        cites[i].excerpt = unpack_bytes(&reading->cursor, EXCERPT_SIZE_MAX);
    }
    return cites;
}

static void read_finding(struct reading *reading, struct finding *out)
{
    out->rule = read_word(reading, RULE_SIZE_MAX);
    out->title = unpack_bytes(&reading->cursor, TEXT_SIZE_MAX);
    out->technique_count = read_count(reading, 4, FINDING_TECHNIQUES_MAX);
    struct bytes *techniques = take_many(reading, out->technique_count, sizeof *techniques);
    for (size_t i = 0; techniques != NULL && i < out->technique_count; i++) {
        techniques[i] = read_word(reading, NAME_SIZE_MAX);
    }
    out->techniques = techniques;
    out->severity = unpack_kind(&reading->cursor, SEVERITY_COUNT);
    out->confidence = unpack_double(&reading->cursor);
    if (out->confidence < 0 || out->confidence > 1) {
        cursor_fail(&reading->cursor, STATUS_MALFORMED, "a confidence out of range");
    }
    out->first = unpack_moment(&reading->cursor);
    out->last = unpack_moment(&reading->cursor);
    out->entities = read_entities(reading, &out->entity_count);
    out->facts = read_facts(reading, &out->fact_count);
    out->cites = read_cites(reading, &out->cite_count);
    out->cites_dropped = examination_read_quantity(&reading->cursor);
}

static void read_observation(struct reading *reading, struct observation *out)
{
    out->kind = unpack_kind(&reading->cursor, OBSERVATION_KIND_COUNT);
    out->count = examination_read_quantity(&reading->cursor);
    out->first = unpack_moment(&reading->cursor);
    out->last = unpack_moment(&reading->cursor);
    out->entities = read_entities(reading, &out->entity_count);
    out->facts = read_facts(reading, &out->fact_count);
    out->cites = read_cites(reading, &out->cite_count);
    out->cites_dropped = examination_read_quantity(&reading->cursor);
}

/* Text that was static on the other side: copied, once it is known to be plain. */
static const char *read_static(struct reading *reading)
{
    struct bytes bytes = unpack_bytes(&reading->cursor, STATIC_TEXT_MAX);
    if (bytes.size == 0) {
        return NULL;
    }
    for (size_t i = 0; i < bytes.size; i++) {
        if (bytes.data[i] < ' ' || bytes.data[i] > '~') {
            cursor_fail(&reading->cursor, STATUS_MALFORMED, "a word that is not plain");
            return NULL;
        }
    }
    char *copy = take_many(reading, bytes.size + 1, 1);
    if (copy != NULL) {
        memcpy(copy, bytes.data, bytes.size);
    }
    return copy;
}

/* As read_static where something must be there. */
static const char *read_static_word(struct reading *reading)
{
    const char *word = read_static(reading);
    if (word == NULL) {
        cursor_fail(&reading->cursor, STATUS_MALFORMED, "a word is missing");
        return "";
    }
    return word;
}

static void read_anomalies(struct reading *reading, struct coverage *out)
{
    out->anomaly_count = read_count(reading, 33, COVERAGE_ANOMALIES_MAX);
    /* Members follow the anomalies, whose places are checked against the limit here and
     * against the members when those are known. */
    reading->member_count = COVERAGE_MEMBERS_MAX;
    out->anomalies = take_many(reading, out->anomaly_count, sizeof *out->anomalies);
    for (size_t i = 0; out->anomalies != NULL && i < out->anomaly_count; i++) {
        out->anomalies[i].what = read_static_word(reading);
        out->anomalies[i].place = read_place(reading);
        out->anomalies[i].count = examination_read_quantity(&reading->cursor);
    }
    out->anomalies_dropped = examination_read_quantity(&reading->cursor);
}

static void read_members(struct reading *reading, struct coverage *out)
{
    out->member_count = read_count(reading, 4, COVERAGE_MEMBERS_MAX);
    reading->member_count = out->member_count;
    out->members = take_many(reading, out->member_count, sizeof *out->members);
    if (cursor_status(&reading->cursor) != STATUS_OK) {
        return;
    }
    for (size_t i = 0; i < out->member_count; i++) {
        out->members[i] = unpack_bytes(&reading->cursor, TEXT_SIZE_MAX);
    }
    bool fits = out->members != NULL && out->member_count > 0 && out->members[0].size == 0;
    for (size_t i = 0; out->anomalies != NULL && i < out->anomaly_count; i++) {
        fits = fits && out->anomalies[i].place.member < out->member_count;
    }
    if (!fits) {
        cursor_fail(&reading->cursor, STATUS_MALFORMED, "members that do not fit");
    }
}

static void read_carried(struct reading *reading, struct carried *out)
{
    struct cursor *cursor = &reading->cursor;
    out->path = unpack_bytes(cursor, CARRIED_PATH_SIZE_MAX);
    out->name = unpack_bytes(cursor, CARRIED_NAME_SIZE_MAX);
    out->host = unpack_bytes(cursor, CARRIED_NAME_SIZE_MAX);
    out->from = unpack_bytes(cursor, CARRIED_ADDRESS_SIZE_MAX);
    out->to = unpack_bytes(cursor, CARRIED_ADDRESS_SIZE_MAX);
    out->protocol = read_static_word(reading);
    out->kind = read_static_word(reading);
    out->at = unpack_moment(cursor);
    out->size = examination_read_quantity(cursor);
    out->is_whole = unpack_bool(cursor);
    struct bytes hash = cursor_take(cursor, out->is_whole ? sizeof out->sha256 : 0);
    if (cursor_status(cursor) == STATUS_OK && !carried_path_is_valid(out->path)) {
        cursor_fail(cursor, STATUS_MALFORMED, "a path that no citation has");
    }
    if (cursor_status(cursor) == STATUS_OK && out->is_whole) {
        memcpy(out->sha256.bytes, hash.data, sizeof out->sha256);
    }
}

/* Reads so many and forgets them. */
static void pass_carried(struct reading *reading, size_t count)
{
    struct arena *AUTO(arena_done) passing = arena_new(SCRATCH_SIZE_MAX);
    struct arena *arena = reading->arena;
    if (passing == NULL) {
        cursor_fail(&reading->cursor, STATUS_NO_MEMORY, "no memory for a message");
        return;
    }
    reading->arena = passing;
    for (size_t i = 0; i < count; i++) {
        struct carried carried;
        read_carried(reading, &carried);
    }
    reading->arena = arena;
}

static void read_all_carried(struct reading *reading, struct coverage *out)
{
    size_t count = read_count(reading, 40, CARRIED_MAX);
    reading->held.carried = count;
    out->carried_count = number_least(count, reading->room->carried);
    out->carried = take_many(reading, out->carried_count, sizeof *out->carried);
    for (size_t i = 0; out->carried != NULL && i < out->carried_count; i++) {
        read_carried(reading, &out->carried[i]);
    }
    if (count > out->carried_count) {
        pass_carried(reading, count - out->carried_count);
    }
    out->carried_dropped =
        number_add(examination_read_quantity(&reading->cursor), count - out->carried_count);
}

static void read_coverage(struct reading *reading, struct coverage *out)
{
    *out = (struct coverage){.arena = reading->arena};
    out->kind = read_static(reading);
    out->examined = unpack_kind(&reading->cursor, EXAMINED_COUNT);
    out->why = read_static(reading);
    out->first = unpack_moment(&reading->cursor);
    out->last = unpack_moment(&reading->cursor);
    out->host_count = read_count(reading, 4, COVERAGE_HOSTS_MAX);
    out->hosts = take_many(reading, out->host_count, sizeof *out->hosts);
    for (size_t i = 0; out->hosts != NULL && i < out->host_count; i++) {
        out->hosts[i] = unpack_bytes(&reading->cursor, TEXT_SIZE_MAX);
    }
    out->hosts_dropped = examination_read_quantity(&reading->cursor);
    out->count_count = read_count(reading, 12, COVERAGE_COUNTS_MAX);
    out->counts = take_many(reading, out->count_count, sizeof *out->counts);
    for (size_t i = 0; out->counts != NULL && i < out->count_count; i++) {
        out->counts[i].name = read_static_word(reading);
        out->counts[i].count = examination_read_quantity(&reading->cursor);
    }
    read_anomalies(reading, out);
    read_members(reading, out);
    if (reading->version > VERSION_OLDEST) {
        read_all_carried(reading, out);
    }
}

/* ---- what there is room for ---- */

enum part {
    PART_FINDINGS,
    PART_OBSERVATIONS,
};

/* What an item weighs against the others of its kind. */
struct weight {
    uint32_t index;
    uint32_t kind; /* all findings are one */
    uint64_t value;
};

static int by_weight(const void *a, const void *b)
{
    const struct weight *left = a;
    const struct weight *right = b;
    if (left->kind != right->kind) {
        return left->kind < right->kind ? -1 : 1;
    }
    if (left->value != right->value) {
        return left->value > right->value ? -1 : 1;
    }
    return left->index < right->index ? -1 : 1;
}

/* Reads each item and forgets it, but for its weight. */
static void weigh(struct reading *reading, enum part part, size_t count, struct weight *out)
{
    for (size_t i = 0; i < count; i++) {
        struct finding finding = {0};
        struct observation observation = {0};
        arena_reset(reading->arena);
        if (part == PART_FINDINGS) {
            read_finding(reading, &finding);
            out[i] = (struct weight){(uint32_t)i, 0, finding.severity};
        } else {
            read_observation(reading, &observation);
            out[i] = (struct weight){(uint32_t)i, observation.kind, observation.count};
        }
    }
}

/* Kinds that need less than an even share leave the rest to the others. */
static void share_out(const size_t *wanted, size_t kinds, size_t room, size_t *out)
{
    size_t open = kinds;
    bool changed = true;
    memset(out, 0, kinds * sizeof *out);
    while (changed && open > 0) {
        size_t share = room / open;
        changed = false;
        for (size_t i = 0; i < kinds; i++) {
            if (out[i] == 0 && wanted[i] <= share) {
                out[i] = wanted[i] + 1; /* settled; one more than it gets */
                room -= wanted[i];
                open--;
                changed = true;
            }
        }
    }
    size_t left = open > 0 ? room % open : 0;
    for (size_t i = 0; i < kinds; i++) {
        bool is_settled = out[i] > 0;
        out[i] = is_settled ? out[i] - 1 : room / open + (left > 0);
        left -= !is_settled && left > 0;
    }
}

/* Marks the `room` items that are kept. */
static void mark(struct weight *weights, size_t count, size_t room, bool *kept)
{
    size_t wanted[OBSERVATION_KIND_COUNT] = {0};
    size_t given[OBSERVATION_KIND_COUNT];
    for (size_t i = 0; i < count; i++) {
        wanted[weights[i].kind]++;
    }
    share_out(wanted, OBSERVATION_KIND_COUNT, room, given);
    qsort(weights, count, sizeof *weights, by_weight);
    for (size_t i = 0; i < count; i++) {
        if (given[weights[i].kind] > 0) {
            given[weights[i].kind]--;
            kept[weights[i].index] = true;
        }
    }
}

static enum status choose(struct reading reading, enum part part, size_t count, size_t room,
                          bool *kept)
{
    struct arena *AUTO(arena_done) scratch = arena_new(SCRATCH_SIZE_MAX);
    struct arena *AUTO(arena_done) item = arena_new(SCRATCH_SIZE_MAX);
    struct weight *weights =
        scratch == NULL ? NULL : arena_take_many(scratch, count, sizeof *weights);
    if (weights == NULL || item == NULL) {
        return STATUS_NO_MEMORY;
    }
    reading.arena = item;
    weigh(&reading, part, count, weights);
    TRY(cursor_status(&reading.cursor));
    mark(weights, count, room, kept);
    return STATUS_OK;
}

/* Reads `count` items, keeping those that `kept` marks, or all where it is NULL. */
static enum status read_items(struct reading *reading, enum part part, size_t count,
                              const bool *kept, struct examination *out)
{
    struct arena *AUTO(arena_done) passing = arena_new(SCRATCH_SIZE_MAX);
    struct arena *arena = reading->arena;
    if (passing == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t filled = 0;
    for (size_t i = 0; i < count; i++) {
        bool keep = kept == NULL || kept[i];
        struct finding finding = {0};
        struct observation observation = {0};
        reading->arena = keep ? arena : passing;
        if (part == PART_FINDINGS) {
            read_finding(reading, keep ? &out->findings[filled] : &finding);
        } else {
            read_observation(reading, keep ? &out->observations[filled] : &observation);
        }
        filled += keep;
        if (!keep) {
            arena_reset(passing);
        }
        if (cursor_status(&reading->cursor) != STATUS_OK) {
            break;
        }
    }
    reading->arena = arena;
    return cursor_status(&reading->cursor);
}

static enum status read_part(struct reading *reading, enum part part, size_t room,
                             struct examination *out)
{
    bool is_findings = part == PART_FINDINGS;
    size_t count =
        read_count(reading, is_findings ? 60 : 40,
                   is_findings ? EXAMINATION_FINDINGS_MAX : EXAMINATION_OBSERVATIONS_MAX);
    size_t kept_count = count < room ? count : room;
    TRY(cursor_status(&reading->cursor));
    *(is_findings ? &reading->held.findings : &reading->held.observations) = count;
    bool *kept = NULL;
    struct arena *AUTO(arena_done) scratch = arena_new(SCRATCH_SIZE_MAX);
    if (scratch == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (kept_count < count) {
        kept = arena_take_many(scratch, count, sizeof *kept);
        if (kept == NULL) {
            return STATUS_NO_MEMORY;
        }
        if (room > 0) {
            TRY(choose(*reading, part, count, room, kept));
        }
    }
    if (is_findings) {
        out->findings = take_many(reading, kept_count, sizeof *out->findings);
        out->finding_count = kept_count;
    } else {
        out->observations = take_many(reading, kept_count, sizeof *out->observations);
        out->observation_count = kept_count;
    }
    TRY(cursor_status(&reading->cursor));
    TRY(read_items(reading, part, count, kept, out));
    uint64_t dropped =
        number_add(examination_read_quantity(&reading->cursor), count - kept_count);
    *(is_findings ? &out->findings_dropped : &out->observations_dropped) = dropped;
    return cursor_status(&reading->cursor);
}

static enum status read_message(struct reading *reading, const struct examination_room *room,
                                struct examination *out)
{
    struct examination result = {0};
    reading->room = room;
    uint32_t magic = cursor_u32le(&reading->cursor);
    reading->version = cursor_u16le(&reading->cursor);
    if (magic != MAGIC || reading->version < VERSION_OLDEST || reading->version > VERSION) {
        cursor_fail(&reading->cursor, STATUS_MALFORMED, "not an examination");
    }
    read_coverage(reading, &result.coverage);
    TRY(read_part(reading, PART_FINDINGS, room->findings, &result));
    TRY(read_part(reading, PART_OBSERVATIONS, room->observations, &result));
    if (!cursor_at_end(&reading->cursor)) {
        return STATUS_MALFORMED;
    }
    *out = result;
    return STATUS_OK;
}

enum status examination_read_within(struct bytes message, struct arena *arena,
                                    const struct examination_room *room,
                                    struct examination *out)
{
    struct reading reading = {.cursor = cursor_of(message), .arena = arena};
    return read_message(&reading, room, out);
}

enum status examination_read(struct bytes message, struct arena *arena, struct examination *out)
{
    const struct examination_room all = {SIZE_MAX, SIZE_MAX, SIZE_MAX};
    return examination_read_within(message, arena, &all, out);
}

enum status examination_measure(struct bytes message, struct examination_room *out)
{
    struct arena *AUTO(arena_done) arena = arena_new(SCRATCH_SIZE_MAX);
    struct reading reading = {.cursor = cursor_of(message), .arena = arena};
    const struct examination_room none = {0};
    struct examination examination;
    if (arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(read_message(&reading, &none, &examination));
    *out = reading.held;
    return STATUS_OK;
}
