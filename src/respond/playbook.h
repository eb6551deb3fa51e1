/* Playbooks: what to do about a kind of incident, as analysts write it in content/playbooks/.
 *
 *   id: guessed-password              lower-case words and hyphens
 *   title: A password was guessed
 *   when: [guessing, entry]           stages any of which the incident must have
 *   unless: [call-home]               optional: stages that make it the wrong one
 *   steps:
 *     - phase: check                  check, contain, remove, recover, learn
 *       rank: 1                       optional, 1 to 9: its place within the phase; 5 if unsaid
 *       when: [right]                 optional: stages any of which the step is for;
 *                                     "entry.T1190": of that technique
 *       needs: [host, account]        optional: facts without which the step is left out
 *       action: "take {host} off the network"
 *       command: "ip link set {interface} down"        optional
 *       breaks: "..."  undo: "..."  approve: "..."      optional
 *
 * Facts: host, account, source, controller, file; user and superuser, the account where it is
 * not, or is, root; newcomer, an account that was made; crowd, where there are several sources;
 * intruder, the source that got in or the only one that tried; script, through which a web
 * server was given commands; prober, who looked for weak spots in one or used them; zone, the
 * names in which data leaves; onward, a machine that was entered from another one.  They are
 * written {host}.  A brace that does not hold one lower-case word is itself, so that commands
 * may use braces.
 *
 * Fuzzed: fuzz/playbook.c. */
#pragma once

#include "base/cursor.h"
#include "codec/tree.h"
#include "record/report.h"

#define PLAYBOOK_STEPS_MAX 60
#define PLAYBOOK_RANK_MAX 9
#define PLAYBOOK_RANK_USUAL 5

/* Refuses what the form above does not allow: an unknown key, phase, stage or fact. */
enum status playbook_check(const struct tree_node *document, struct tree_fault *fault) MUST_USE;
/* True where the playbook, or a step of one, is for incidents with these stages. */
bool playbook_fits(const struct tree_node *document, const struct incident *incident);
bool playbook_step_fits(const struct tree_node *step, const struct incident *incident);
size_t playbook_step_rank(const struct tree_node *step);
/* Passes over text up to and with the next {fact}: what stands before it goes to `before` (may
 * be NULL).  False where there is none; all that was left then went to `before`. */
bool playbook_next_fact(struct cursor *cursor, struct text *before, struct bytes *fact);
/* The five phases in their order; NULL beyond. */
const char *playbook_phase(size_t index);
#define PLAYBOOK_PHASE_COUNT 5
