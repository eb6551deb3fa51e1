#include "base/stop.h"

#include <stddef.h>

bool stop_is_set(const struct stop *stop)
{
    return stop != NULL && ((stop->flag != NULL && *stop->flag != 0) ||
                            (stop->is_over != NULL && stop->is_over(stop->context)));
}
