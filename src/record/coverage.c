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

enum status coverage_member(struct coverage *coverage, uint32_t parent, struct bytes name,
                            uint32_t *out)
{
    if (coverage->member_count == COVERAGE_MEMBERS_MAX || parent >= coverage->member_count) {
        return STATUS_LIMIT;
    }
    struct text path = text_of_limit(CITATION_SIZE_MAX / 2);
    text_add_raw(&path, coverage->members[parent]);
    text_add(&path, parent == 0 ? "" : "!/");
    citation_add_name(&path, name);
    enum status status = text_status(&path);
    struct bytes copy = BYTES_NONE;
    if (status == STATUS_OK) {
        status = arena_copy(coverage->arena, text_bytes(&path), &copy);
    }
    text_done(&path);
    TRY(status);
    *out = (uint32_t)coverage->member_count;
    coverage->members[coverage->member_count++] = copy;
    return STATUS_OK;
}

const char *examined_name(enum examined examined)
{
    static const char *const names[EXAMINED_COUNT] = {"no", "partly", "whole"};
    return names[examined];
}
