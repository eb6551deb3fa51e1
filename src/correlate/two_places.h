/* Raises that one account logged in from a network new to it while a session of it from its
 * usual network was going on.
 *
 * Without a map of addresses nobody can say how far apart two networks are; that they are
 * different, and that one of them was never seen with this account, can be said.  It may be its
 * owner with a telephone or on a journey: so it is low, and a question to the owner.
 *
 * Not said: of private addresses and of the owner's own; of a network that the account goes on
 * to use, an office and a telephone side by side; of an account without a usual network.
 *
 * Limits: TWO_PLACES_GIVEN_MAX findings, one for each account; of each account the first
 * TWO_PLACES_NETWORKS_MAX networks that never became usual are looked at. */
#pragma once

#include "correlate/case.h"

#define TWO_PLACES_DAYS_MIN 3 /* on which a network was used: it is usual */
#define TWO_PLACES_GIVEN_MAX 100U
#define TWO_PLACES_NETWORKS_MAX 64U

enum status two_places_raise(struct case_file *file) MUST_USE;
