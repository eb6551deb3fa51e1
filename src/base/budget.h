/* Counted steps: what bounds work on hostile input the same way on every machine and run.
 * Wall time is only a backstop. */
#pragma once

#include "base/status.h"

#include <stdbool.h>

struct budget {
    uint64_t steps_left;
    bool is_spent;
};

static inline struct budget budget_of(uint64_t steps)
{
    return (struct budget){.steps_left = steps};
}

/* False, from then on, once the steps are used up. */
static inline bool budget_spend(struct budget *budget, uint64_t steps)
{
    if (steps > budget->steps_left) {
        budget->steps_left = 0;
        budget->is_spent = true;
    } else {
        budget->steps_left -= steps;
    }
    return !budget->is_spent;
}
