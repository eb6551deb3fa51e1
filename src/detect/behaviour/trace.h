/* What detectors of behaviour keep of records: where, when and what stood there. */
#pragma once

#include <string.h>

#include "detect/engine.h"

#define TRACE_NAME_MAX 128U
#define TRACE_SPOT_SIZE 320U

/* A short piece of outside text, copied.  The size stands where a short one begins: what is
 * read of both lies together. */
struct trace_name {
    size_t size;
    uint8_t data[TRACE_NAME_MAX];
};

/* One record's place, time and excerpt, copied. */
struct trace_spot {
    struct place place;
    struct moment at;
    size_t size;
    uint8_t excerpt[TRACE_SPOT_SIZE];
};

static inline void trace_name_set(struct trace_name *name, struct bytes value)
{
    value = bytes_part(value, 0, TRACE_NAME_MAX);
    name->size = value.size;
    if (value.size > 0) {
        memcpy(name->data, value.data, value.size);
    }
}

static inline struct bytes trace_name_get(const struct trace_name *name)
{
    return (struct bytes){name->data, name->size};
}

static inline void trace_spot_set(struct trace_spot *spot, const struct record *record)
{
    struct bytes excerpt = bytes_part(record->source, 0, TRACE_SPOT_SIZE);
    spot->place = record->place;
    spot->at = record->at;
    spot->size = excerpt.size;
    if (excerpt.size > 0) {
        memcpy(spot->excerpt, excerpt.data, excerpt.size);
    }
}

/* No record; what the excerpt held before stays where it is and is read by nobody. */
static inline void trace_spot_clear(struct trace_spot *spot)
{
    memset(spot, 0, offsetof(struct trace_spot, excerpt));
}

static inline struct cite trace_cite(const struct trace_spot *spot)
{
    return (struct cite){spot->place, {spot->excerpt, spot->size}};
}

static inline struct cite trace_cite_record(const struct record *record)
{
    return (struct cite){record->place, record->source};
}

/* Adds an entity where it has a name. */
static inline void trace_entity(struct entity *entities, size_t *count, enum entity_kind kind,
                                enum entity_role role, struct bytes name)
{
    if (name.size > 0) {
        entities[(*count)++] = (struct entity){kind, role, name};
    }
}

/* The two moments in their order, whichever stands first. */
static inline void trace_order(struct moment *first, struct moment *last)
{
    if (first->is_known && last->is_known && moment_compare(*first, *last) > 0) {
        struct moment later = *first;
        *first = *last;
        *last = later;
    }
}
