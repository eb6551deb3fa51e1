/* Does a thing with every amount of memory, or of room to write to, from none to what it needs:
 * too little must be said, and enough must be enough. */
#pragma once

#include "base/arena.h"
#include "base/text.h"
#include "check.h"

#define AMOUNT_MEMORY_STEP 16 /* what arenas give */
#define AMOUNT_MAX (64U << 20)
#define AMOUNT_TRIES_MAX 512
#define AMOUNT_ROOM (1U << 20)

struct room {
    struct arena *arena;
    struct text *out;
};

struct amount_deed {
    const char *name;
    /* STATUS_NO_MEMORY or STATUS_LIMIT where it was too little. */
    enum status (*does)(void *scene, struct room *room);
    bool takes_memory;
    bool writes;
};

static inline enum status amounts_do(void *scene, const struct amount_deed *deed,
                                     bool is_memory, size_t amount)
{
    AUTO(arena_done) struct arena *arena = arena_new(is_memory ? amount : AMOUNT_MAX);
    AUTO(text_done) struct text out = text_of_limit(is_memory ? AMOUNT_ROOM : amount);
    struct room room = {arena, &out};
    assert_non_null(arena);
    return deed->does(scene, &room);
}

/* The amount that is enough is found by doubling; what is less is tried in steps. */
static inline void amounts_try(void *scene, const struct amount_deed *deed, bool is_memory)
{
    size_t most = AMOUNT_MEMORY_STEP;
    size_t step = is_memory ? AMOUNT_MEMORY_STEP : 1;
    while (amounts_do(scene, deed, is_memory, most) != STATUS_OK) {
        most *= 2;
        assert_true(most < AMOUNT_MAX);
    }
    while (most / step > AMOUNT_TRIES_MAX) {
        step *= 2;
    }
    bool was_enough = false;
    for (size_t amount = 0; amount <= most; amount += step) {
        enum status status = amounts_do(scene, deed, is_memory, amount);
        bool is_said = status == (is_memory ? STATUS_NO_MEMORY : STATUS_LIMIT);
        if (status == STATUS_OK ? amount == 0 : was_enough || !is_said) {
            print_message("%s with %zu of %s: %s\n", deed->name, amount,
                          is_memory ? "memory" : "room", status_name(status));
            fail();
        }
        was_enough = status == STATUS_OK;
    }
}

/* All of them, down to the row without a name. */
static inline void amounts_try_all(void *scene, const struct amount_deed *deeds, bool is_memory)
{
    for (size_t i = 0; deeds[i].name != NULL; i++) {
        if (is_memory ? deeds[i].takes_memory : deeds[i].writes) {
            amounts_try(scene, &deeds[i], is_memory);
        }
    }
}
