#include "correlate/case.h"

#include "base/number.h"
#include "codec/sha256.h"
#include "record/record.h"

struct bytes sighting_entity(const struct sighting *sighting, enum entity_kind kind,
                             enum entity_role role)
{
    const struct entity *found =
        entity_find(sighting->entities, sighting->entity_count, kind, role);
    return found == NULL ? BYTES_NONE : found->name;
}

struct bytes sighting_host(const struct sighting *sighting)
{
    return sighting_entity(sighting, ENTITY_HOST, ROLE_VICTIM);
}

struct bytes sighting_account(const struct sighting *sighting)
{
    return sighting_entity(sighting, ENTITY_ACCOUNT, ROLE_ACCOUNT);
}

struct bytes sighting_source(const struct sighting *sighting)
{
    return sighting_entity(sighting, ENTITY_ADDRESS, ROLE_SOURCE);
}

struct bytes sighting_method(const struct sighting *sighting)
{
    const struct fact *method = fact_find(sighting->facts, sighting->fact_count, "method");
    return method == NULL ? BYTES_NONE : method->text;
}

struct fact sighting_method_fact(const struct sighting *sighting)
{
    struct bytes method = sighting_method(sighting);
    return fact_text("method", method.size == 0 ? bytes_of_text("unknown") : method);
}

int sighting_compare_time(const void *a, const void *b)
{
    const struct sighting *left = *(const struct sighting *const *)a;
    const struct sighting *right = *(const struct sighting *const *)b;
    int order = moment_compare(left->first, right->first);
    return order != 0 ? order : bytes_compare(left->id, right->id);
}

uint64_t sighting_count_fact(const struct sighting *sighting, const char *name)
{
    const struct fact *fact = fact_find(sighting->facts, sighting->fact_count, name);
    return fact == NULL ? 0 : fact->count;
}

bool sighting_is_by_key(const struct sighting *sighting)
{
    struct bytes method = sighting_method(sighting);
    return bytes_starts(method, "publickey") || bytes_starts(method, "hostbased") ||
           bytes_starts(method, "gssapi");
}

struct bytes lead_entity(const struct lead *lead, enum entity_kind kind, enum entity_role role)
{
    const struct entity *found =
        entity_find(lead->finding.entities, lead->finding.entity_count, kind, role);
    return found == NULL ? BYTES_NONE : found->name;
}

enum severity case_entry_severity(double confidence)
{
    return confidence >= 0.8   ? SEVERITY_HIGH
           : confidence >= 0.5 ? SEVERITY_MEDIUM
                               : SEVERITY_LOW;
}

bool case_is_host(const struct case_file *file, struct bytes host, struct bytes address)
{
    for (size_t i = 0; i < file->alias_count; i++) {
        if (bytes_equal(file->aliases[i].host, host) &&
            bytes_equal(file->aliases[i].address, address)) {
            return true;
        }
    }
    return bytes_equal(host, address) && host.size > 0;
}

bool case_is_same_machine(const struct case_file *file, struct bytes a, struct bytes b)
{
    return a.size > 0 && b.size > 0 &&
           (bytes_equal(a, b) || case_is_host(file, a, b) || case_is_host(file, b, a));
}

struct bytes case_host_of(const struct case_file *file, struct bytes address)
{
    for (size_t i = 0; i < file->alias_count; i++) {
        if (bytes_equal(file->aliases[i].address, address)) {
            return file->aliases[i].host;
        }
    }
    return address;
}

bool case_address_is_private(struct bytes address)
{
    struct endpoint endpoint;
    return endpoint_read(address, &endpoint) == STATUS_OK && endpoint_is_private(&endpoint);
}

struct bytes case_base_name(struct bytes path)
{
    return bytes_after_last(bytes_part(path, 0, bytes_find_byte(path, '?')), '/');
}

bool moment_is_within(struct moment moment, struct moment from, int64_t length_ns)
{
    if (!moment.is_known || !from.is_known || moment.year_known != from.year_known) {
        return false;
    }
    return moment.ns >= from.ns && moment.ns - from.ns <= length_ns;
}

static enum status make_id(struct case_file *file, struct bytes rule,
                           const struct sighting *const *from, size_t from_count,
                           struct bytes *out)
{
    struct text basis = text_of_limit(1U << 20);
    text_add_raw(&basis, rule);
    for (size_t i = 0; i < from_count; i++) {
        text_add_byte(&basis, '\n');
        text_add_raw(&basis, from[i]->id);
    }
    enum status status = text_status(&basis);
    struct text id = text_of_limit(ID_SIZE);
    if (status == STATUS_OK) {
        struct sha256 digest = sha256_of(text_bytes(&basis));
        text_add_hex(&id, (struct bytes){digest.bytes, ID_SIZE / 2});
        status = arena_copy(file->arena, text_bytes(&id), out);
    }
    text_done(&basis);
    text_done(&id);
    return status;
}

/* The first citation of each sighting, then the last of each, as many as a finding keeps. */
static enum status collect_cites(struct case_file *file, const struct sighting *const *from,
                                 size_t from_count, struct report_finding *finding)
{
    struct reference *cites = arena_take_many(file->arena, CITES_MAX, sizeof *cites);
    if (cites == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t count = 0;
    uint64_t total = 0;
    for (size_t i = 0; i < from_count; i++) {
        total += from[i]->cite_count;
        if (count < CITES_MAX && from[i]->cite_count > 0) {
            cites[count++] = from[i]->cites[0];
        }
    }
    for (size_t i = 0; i < from_count; i++) {
        if (count < CITES_MAX && from[i]->cite_count > 1) {
            cites[count++] = from[i]->cites[from[i]->cite_count - 1];
        }
    }
    finding->cites = cites;
    finding->cite_count = count;
    finding->cites_dropped = total - count;
    return STATUS_OK;
}

static enum status copy_lists(struct arena *arena, struct report_finding *finding)
{
    struct entity *entities = arena_take_many(arena, finding->entity_count, sizeof *entities);
    struct fact *facts = arena_take_many(arena, finding->fact_count, sizeof *facts);
    struct bytes *techniques =
        arena_take_many(arena, finding->technique_count, sizeof *techniques);
    if (entities == NULL || facts == NULL || techniques == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < finding->entity_count; i++) {
        entities[i] = finding->entities[i];
    }
    for (size_t i = 0; i < finding->fact_count; i++) {
        facts[i] = finding->facts[i];
    }
    for (size_t i = 0; i < finding->technique_count; i++) {
        techniques[i] = finding->techniques[i];
    }
    finding->entities = entities;
    finding->facts = facts;
    finding->techniques = techniques;
    return STATUS_OK;
}

enum status case_raise(struct case_file *file, const struct report_finding *draft,
                       const struct sighting *const *from, size_t from_count)
{
    if (file->lead_count == file->lead_capacity) {
        file->leads_dropped++;
        return STATUS_OK;
    }
    struct lead lead = {.finding = *draft, .evidence = from[0]->evidence};
    TRY(make_id(file, draft->rule, from, from_count, &lead.finding.id));
    TRY(collect_cites(file, from, from_count, &lead.finding));
    TRY(copy_lists(file->arena, &lead.finding));
    lead.effective = lead.finding.first;
    file->leads[file->lead_count++] = lead;
    return STATUS_OK;
}
