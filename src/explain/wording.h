/* Numbers, times, sizes and rates in words a person reads. */
#pragma once

#include "base/moment.h"
#include "base/text.h"

void wording_add_count(struct text *text, uint64_t count);      /* 12,304 */
void wording_add_size(struct text *text, uint64_t size);        /* 14 MB (10^6 bytes) */
void wording_add_duration(struct text *text, uint64_t ns);      /* 4 minutes */
void wording_add_rate(struct text *text, uint64_t interval_ns); /* once a minute */
/* 02:10 on 3 March 2026; where `said` is of that day, which the reader knows by now: 02:10 */
void wording_add_time(struct text *text, struct moment moment, struct moment said);
/* "between 02:10 and 02:14 on 3 March 2026"; over midnight both days are named. */
void wording_add_span(struct text *text, struct moment first, struct moment last,
                      struct moment said);
/* "4 minutes later", "seconds later" or "then" (where `is_running`); "at 02:10 on 4 March 2026"
 * where what came before is unknown, later, or more than a day ago. */
void wording_add_since(struct text *text, struct moment moment, struct moment before,
                       bool is_running);
bool wording_is_soon(struct moment moment, struct moment before); /* seconds later */
