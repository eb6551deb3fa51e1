#include "correlate/room.h"

#include <stdlib.h>

static int by_size(const void *a, const void *b)
{
    const size_t *left = a;
    const size_t *right = b;
    return (*left > *right) - (*left < *right);
}

/* The largest number that each may have so that all fit. */
static size_t share(size_t *wanted, size_t count, size_t room)
{
    qsort(wanted, count, sizeof *wanted, by_size);
    for (size_t i = 0; i < count; i++) {
        size_t even = room / (count - i);
        if (wanted[i] > even) {
            return even;
        }
        room -= wanted[i];
    }
    return SIZE_MAX;
}

enum status room_share(const struct dossier_entry *entries, size_t count, struct arena *arena,
                       struct examination_room *out)
{
    size_t *findings = arena_take_many(arena, count, sizeof *findings);
    size_t *observations = arena_take_many(arena, count, sizeof *observations);
    size_t *carried = arena_take_many(arena, count, sizeof *carried);
    if (findings == NULL || observations == NULL || carried == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        struct examination_room held = {0};
        if (entries[i].outcome == OUTCOME_DONE) {
            enum status status = examination_measure(entries[i].examination, &held);
            if (status == STATUS_NO_MEMORY) {
                return status;
            }
        }
        findings[i] = held.findings;
        observations[i] = held.observations;
        carried[i] = held.carried;
    }
    out->findings = share(findings, count, ROOM_FINDINGS_MAX);
    out->observations = share(observations, count, ROOM_OBSERVATIONS_MAX);
    out->carried = share(carried, count, ROOM_CARRIED_MAX);
    return STATUS_OK;
}
