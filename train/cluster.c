#include "train/cluster.h"

#include <stdlib.h>
#include <string.h>

#include "train/random.h"

#define BAND_SIZE (SKETCH_SIZE / CLUSTER_BANDS)

struct place_in_band {
    uint64_t band;
    uint32_t index;
};

static int compare_items(const void *a, const void *b)
{
    const struct item *left = a;
    const struct item *right = b;
    int order = memcmp(left->hash.bytes, right->hash.bytes, sizeof left->hash.bytes);
    return order != 0 ? order : (int)right->is_held_out - (int)left->is_held_out;
}

static int compare_places(const void *a, const void *b)
{
    const struct place_in_band *left = a;
    const struct place_in_band *right = b;
    if (left->band != right->band) {
        return left->band < right->band ? -1 : 1;
    }
    return left->index < right->index ? -1 : left->index > right->index;
}

static uint32_t root_of(struct item *items, uint32_t index)
{
    while (items[index].cluster != index) {
        items[index].cluster = items[items[index].cluster].cluster;
        index = items[index].cluster;
    }
    return index;
}

/* The smaller root stays, so that a cluster is named by its smallest member. */
static void join(struct item *items, uint32_t a, uint32_t b)
{
    if (sketch_agreement(&items[a].sketch, &items[b].sketch) < CLUSTER_AGREEMENT_MIN) {
        return;
    }
    uint32_t first = root_of(items, a);
    uint32_t second = root_of(items, b);
    if (first < second) {
        items[second].cluster = first;
    } else {
        items[first].cluster = second;
    }
}

static void join_band(struct item *items, size_t count, size_t band,
                      struct place_in_band *places)
{
    size_t place_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!items[i].has_sketch) {
            continue;
        }
        uint64_t hash = 0;
        for (size_t k = 0; k < BAND_SIZE; k++) {
            hash = random_mix(hash ^ items[i].sketch.values[band * BAND_SIZE + k]);
        }
        places[place_count++] = (struct place_in_band){hash, (uint32_t)i};
    }
    qsort(places, place_count, sizeof *places, compare_places);
    size_t first = 0;
    for (size_t i = 1; i < place_count; i++) {
        if (places[i].band != places[first].band) {
            first = i;
            continue;
        }
        join(items, places[first].index, places[i].index);
        join(items, places[i - 1].index, places[i].index);
    }
}

enum status cluster_items(struct item *items, size_t *count)
{
    qsort(items, *count, sizeof *items, compare_items);
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (kept == 0 || !sha256_equal(&items[kept - 1].hash, &items[i].hash)) {
            items[kept] = items[i];
            items[kept].cluster = (uint32_t)kept;
            kept++;
        }
    }
    *count = kept;
    struct place_in_band *places = calloc(kept + 1, sizeof *places);
    if (places == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t band = 0; band < CLUSTER_BANDS; band++) {
        join_band(items, kept, band, places);
    }
    for (size_t i = 0; i < kept; i++) {
        items[i].cluster = root_of(items, (uint32_t)i);
    }
    free(places);
    return STATUS_OK;
}
