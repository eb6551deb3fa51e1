/* Judges password guessing, and a success after it, from the login sightings of all evidence.
 *
 * One source address against one machine is judged as a whole, whatever files its attempts
 * were logged in.  A success counts only when it comes from the address that guessed, after
 * the guesses: that the owner logged in from elsewhere meanwhile proves nothing.  Of a crowd of
 * addresses (behaviour/crowd-guessing) the one that tried several accounts before counts too.
 * Failures that a habit explains (correlate/habit.h) are low; no success follows the
 * failures of people, and that of a machine with an old password is a doubt. */
#pragma once

#include "correlate/case.h"

#define GUESSING_FAILURES_MIN 10              /* fewer are an unlucky person: low */
#define GUESSING_UNLUCKY_MIN 4                /* fewer yet are not worth a word */
#define GUESSING_GAP_NS (24 * MOMENT_HOUR_NS) /* silence that separates two attempts */
#define SPRAYING_ACCOUNTS_MIN 10              /* many accounts, few tries each: T1110.003 */
#define SPRAYING_TRIES_MAX 3

enum status guessing_raise(struct case_file *file) MUST_USE;
