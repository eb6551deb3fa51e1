/* Logins that the log of logins does not tell, and another record of the machine does.
 *
 * A session in the record of logins (wtmp, utmp), and the last login of an account (lastlog),
 * from an address is a login like one that the log tells: it becomes a sighting of its own,
 * OBSERVED_LOGIN with the method "recorded" or "last login", for whoever asks about logins. One
 * login told by several is one; and where a log tells of any login by that account from that
 * address, a record adds none.  Failures of a source that a log and a record (btmp) tell are
 * the same, and counted as the one that has more of them says.  Its machine is that of the
 * folder it lies in; an account of which only the number is known is called "number 1000".
 *
 * Limits: where a log of the machine gave up logins, or more was told at once than is compared,
 * the rest is taken as told. */
#pragma once

#include "correlate/case.h"

#define RECORDED_NEAR_NS (90 * MOMENT_SECOND_NS) /* two tellings of one login */
#define RECORDED_WINDOW_MAX 512U
#define RECORDED_LOGINS_MAX \
    8192U /* that one log gives, of those that no failure came before \
           */
#define RECORDED_METHOD "recorded"
#define RECORDED_METHOD_LAST \
    "last login" /* only the last of an account is kept: there may have been others */
#define RECORDED_NUMBER "number " /* an account begins so of which no name is known */

/* Who tells of a login or of the beginning of a session; the first is believed before others.
 */
enum login_teller {
    TELLER_LOG,     /* the log of logins */
    TELLER_RECORD,  /* wtmp */
    TELLER_LAST,    /* lastlog */
    TELLER_MANAGER, /* systemd */
    TELLER_NONE,
};

/* TELLER_NONE for what tells of neither, and for what was added here. */
enum login_teller recorded_teller(const struct sighting *sighting);
/* Before whatever asks about logins. */
enum status recorded_add(struct case_file *file) MUST_USE;
/* True for a sighting that was added here. */
bool recorded_is(const struct sighting *sighting);
