/* What the logins of one source look like as a whole, where that explains its failures.
 *
 * People behind one address mistype: many accounts fail a little, and most of them log in from
 * there too.  A machine with an old password fails on one account at a steady pace for a day or
 * more, from the own network or where that account logged in before.  A guesser does neither,
 * and is in more of a hurry. */
#pragma once

#include "correlate/case.h"

#define HABIT_ACCOUNTS_MIN 3U /* people */
#define HABIT_TRIES_MAX 3U    /* for each account */
#define HABIT_FAILURES_MIN 10U
#define HABIT_STEADY_SHARE 5 /* an interval is the same within a fifth */
#define HABIT_MACHINE_NS MOMENT_DAY_NS

struct habit {
    bool are_people;
    bool is_machine;
    uint64_t failures;
    uint64_t steady;     /* failures after the same time as the one before */
    size_t tried;        /* accounts */
    size_t tried_and_in; /* of these, how many logged in too */
};

/* `logins` are those of one source, by time within each machine. */
enum status habit_judge(const struct case_file *file, const struct sighting *const *logins,
                        size_t count, struct habit *out) MUST_USE;
