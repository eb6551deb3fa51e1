/* What shell text can do: judges pipelines by the rules of content/capabilities/.
 *
 * Raises one finding for a rule and a script, or for a rule and an account's logged commands
 * that lie no more than CAPABILITY_GAP_NS apart, citing each place; and observes which files,
 * URLs, addresses, names and accounts a script names, so that it can be linked to traffic.
 *
 * Input:  untrusted records.
 * Limits: CAPABILITY_SCOPES_MAX scripts and accounts, CAPABILITY_PENDING_MAX findings held,
 *         SCRIPT_MENTIONS_MAX things named of each; what is beyond is left out and counted.
 * Not checked: aliases, what a function does where it is called, and what
 * detect/capability/expansion.h leaves out. */
#pragma once

#include "detect/engine.h"

#define CAPABILITY_GAP_NS MOMENT_HOUR_NS
#define CAPABILITY_SCOPES_MAX 64
#define CAPABILITY_PENDING_MAX 512
#define CAPABILITY_PARTIALS_MAX 64 /* sequences that have begun */
#define SCRIPT_MENTIONS_MAX 160

extern const struct detector capability_detector;
