/* What most matters of these tests begin with. */
#pragma once

#include "correlate/matter.h"

#define MATTER_DAY "2026-03-03T"

/* A log of web01 in which 203.0.113.7 guessed deploy's password `times` times from 02:10 on. */
static inline void matter_guess(struct matter *matter, const char *path, uint64_t times)
{
    matter_add(matter, path, "system log", MATTER_DAY "01:00:00Z", MATTER_DAY "05:00:00Z",
               "web01");
    matter_see(
        matter, OBSERVED_LOGIN_FAILURES, times, MATTER_DAY "02:10:00Z", MATTER_DAY "02:14:00Z",
        "address/source=203.0.113.7 account/account=deploy host/victim=web01", NULL, "88 399");
}

static inline void matter_login(struct matter *matter, const char *at, const char *source,
                                const char *account, const char *method, const char *place)
{
    char entities[200];
    char facts[80];
    (void)snprintf(entities, sizeof entities,
                   "address/source=%s account/account=%s host/victim=web01", source, account);
    (void)snprintf(facts, sizeof facts, "method:%s", method);
    matter_see(matter, OBSERVED_LOGIN, 1, at, NULL, entities, facts, place);
}

/* Guessing that worked at 02:14:02. */
static inline void matter_enter(struct matter *matter)
{
    matter_guess(matter, "auth.log", 312);
    matter_login(matter, MATTER_DAY "02:14:02Z", "203.0.113.7", "deploy", "password", "400");
}
