#include "record/coverage.h"

#include "base/number.h"
#include "record/citation.h"

#include <string.h>

void coverage_init(struct coverage *coverage, struct arena *arena)
{
    *coverage = (struct coverage){
        .arena = arena,
        .hosts = arena_take_many(arena, COVERAGE_HOSTS_MAX, sizeof *coverage->hosts),
        .counts = arena_take_many(arena, COVERAGE_COUNTS_MAX, sizeof *coverage->counts),
        .anomalies =
            arena_take_many(arena, COVERAGE_ANOMALIES_MAX, sizeof *coverage->anomalies),
        .members = arena_take_many(arena, COVERAGE_MEMBERS_MAX, sizeof *coverage->members),
    };
    coverage->member_count = coverage->members == NULL ? 0 : 1;
}

void coverage_count_add(struct coverage *coverage, const char *name, uint64_t count)
{
    for (size_t i = 0; i < coverage->count_count; i++) {
        if (strcmp(coverage->counts[i].name, name) == 0) {
            coverage->counts[i].count = number_add(coverage->counts[i].count, count);
            return;
        }
    }
    if (coverage->counts != NULL && coverage->count_count < COVERAGE_COUNTS_MAX) {
        coverage->counts[coverage->count_count++] = (struct coverage_count){name, count};
    }
}

uint64_t coverage_count_get(const struct coverage *coverage, const char *name)
{
    for (size_t i = 0; i < coverage->count_count; i++) {
        if (strcmp(coverage->counts[i].name, name) == 0) {
            return coverage->counts[i].count;
        }
    }
    return 0;
}

void coverage_anomaly(struct coverage *coverage, const char *what, struct place place)
{
    for (size_t i = 0; i < coverage->anomaly_count; i++) {
        if (strcmp(coverage->anomalies[i].what, what) == 0) {
            coverage->anomalies[i].count++;
            return;
        }
    }
    if (coverage->anomalies == NULL || coverage->anomaly_count == COVERAGE_ANOMALIES_MAX) {
        coverage->anomalies_dropped++;
        return;
    }
    coverage->anomalies[coverage->anomaly_count++] = (struct anomaly){what, place, 1};
}

void coverage_host(struct coverage *coverage, struct bytes host)
{
    host = bytes_part(host, 0, COVERAGE_HOST_SIZE_MAX);
    /* Hosts of one network differ in their last byte most often. */
    uint8_t last = host.size == 0 ? 0 : host.data[host.size - 1];
    for (size_t i = 0; i < coverage->host_count; i++) {
        struct bytes known = coverage->hosts[i];
        bool may_be =
            known.size == host.size && (host.size == 0 || known.data[host.size - 1] == last);
        if (may_be && bytes_equal(known, host)) {
            return;
        }
    }
    struct bytes copy;
    if (coverage->hosts == NULL || coverage->host_count == COVERAGE_HOSTS_MAX ||
        arena_copy(coverage->arena, host, &copy) != STATUS_OK) {
        coverage->hosts_dropped++;
        return;
    }
    coverage->hosts[coverage->host_count++] = copy;
}

void coverage_time(struct coverage *coverage, struct moment at)
{
    if (!at.is_known) {
        return;
    }
    if (!coverage->first.is_known || moment_compare(at, coverage->first) < 0) {
        coverage->first = at;
    }
    if (!coverage->last.is_known || moment_compare(at, coverage->last) > 0) {
        coverage->last = at;
    }
}

/* The way to `name` below `parent`, as citations have it. */
static enum status add_path(struct text *path, const struct coverage *coverage, uint32_t parent,
                            struct bytes name)
{
    text_add_raw(path, coverage->members[parent]);
    text_add(path, parent == 0 ? "" : "!/");
    citation_add_name(path, name);
    return text_status(path);
}

enum status coverage_member(struct coverage *coverage, uint32_t parent, struct bytes name,
                            uint32_t *out)
{
    if (coverage->member_count == COVERAGE_MEMBERS_MAX || parent >= coverage->member_count) {
        return STATUS_LIMIT;
    }
    AUTO(text_done) struct text path = text_of_limit(CITATION_SIZE_MAX / 2);
    struct bytes copy = BYTES_NONE;
    TRY(add_path(&path, coverage, parent, name));
    TRY(arena_copy(coverage->arena, text_bytes(&path), &copy));
    *out = (uint32_t)coverage->member_count;
    coverage->members[coverage->member_count++] = copy;
    return STATUS_OK;
}

bool coverage_has_row(const struct coverage *coverage, bool is_notable)
{
    size_t kept = is_notable ? coverage->carried_notable : coverage->carried_count;
    return kept < CARRIED_MAX;
}

/* The list is taken with the first of them: most evidence carries no files. */
static bool has_list(struct coverage *coverage)
{
    if (coverage->carried == NULL) {
        coverage->carried =
            arena_take_many(coverage->arena, CARRIED_MAX, sizeof *coverage->carried);
    }
    return coverage->carried != NULL;
}

static enum status make_carried(const struct coverage *coverage, uint32_t parent,
                                struct bytes name, const struct artifact *artifact,
                                struct moment at, struct carried *out)
{
    if (parent >= coverage->member_count) {
        return STATUS_LIMIT;
    }
    AUTO(text_done) struct text path = text_of_limit(CARRIED_PATH_SIZE_MAX);
    TRY(add_path(&path, coverage, parent, name));
    return carried_make(artifact, at, text_bytes(&path), coverage->arena, out);
}

void coverage_carried(struct coverage *coverage, uint32_t parent, struct bytes name,
                      const struct artifact *artifact, struct moment at)
{
    struct carried carried;
    bool has_row = artifact->is_hashed && coverage_has_row(coverage, artifact->is_notable);
    if (!has_row || !has_list(coverage) ||
        make_carried(coverage, parent, name, artifact, at, &carried) != STATUS_OK) {
        coverage->carried_dropped++;
        return;
    }
    if (coverage->carried_count == CARRIED_MAX) {
        coverage->carried_count--;
        coverage->carried_dropped++;
    }
    size_t place = artifact->is_notable ? coverage->carried_notable++ : coverage->carried_count;
    memmove(&coverage->carried[place + 1], &coverage->carried[place],
            (coverage->carried_count - place) * sizeof carried);
    coverage->carried[place] = carried;
    coverage->carried_count++;
}

const char *examined_name(enum examined examined)
{
    static const char *const names[EXAMINED_COUNT] = {"no", "partly", "whole"};
    return names[examined];
}
