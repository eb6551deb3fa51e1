/* Typed values with names: what made a finding fire, and what sentences are made of. */
#pragma once

#include "base/moment.h"

enum fact_kind {
    FACT_COUNT,    /* a whole number */
    FACT_NUMBER,   /* a real number */
    FACT_SIZE,     /* bytes */
    FACT_DURATION, /* nanoseconds */
    FACT_MOMENT,
    FACT_TEXT, /* from evidence: quoted whenever it is shown */
};
#define FACT_KIND_COUNT 6

struct fact {
    struct bytes name; /* lower_case words of ours: "failure_count" */
    enum fact_kind kind;
    uint64_t count; /* FACT_COUNT, FACT_SIZE, FACT_DURATION */
    double number;
    struct moment moment;
    struct bytes text;
};

static inline struct fact fact_count(const char *name, uint64_t count)
{
    return (struct fact){.name = bytes_of_text(name), .kind = FACT_COUNT, .count = count};
}

static inline struct fact fact_size(const char *name, uint64_t size)
{
    return (struct fact){.name = bytes_of_text(name), .kind = FACT_SIZE, .count = size};
}

static inline struct fact fact_duration(const char *name, uint64_t ns)
{
    return (struct fact){.name = bytes_of_text(name), .kind = FACT_DURATION, .count = ns};
}

static inline struct fact fact_number(const char *name, double number)
{
    return (struct fact){.name = bytes_of_text(name), .kind = FACT_NUMBER, .number = number};
}

static inline struct fact fact_moment(const char *name, struct moment moment)
{
    return (struct fact){.name = bytes_of_text(name), .kind = FACT_MOMENT, .moment = moment};
}

static inline struct fact fact_text(const char *name, struct bytes text)
{
    return (struct fact){.name = bytes_of_text(name), .kind = FACT_TEXT, .text = text};
}

/* NULL where there is none of that name. */
static inline const struct fact *fact_find(const struct fact *facts, size_t count,
                                           const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_equal_text(facts[i].name, name)) {
            return &facts[i];
        }
    }
    return NULL;
}
