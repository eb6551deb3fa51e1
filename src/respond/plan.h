/* Chooses the playbooks that fit an incident and fills them from it.  Nothing is executed.
 *
 * Commands are meant to be pasted: a name from evidence is put into one only where it consists
 * of letters, digits and ._:@/- and does not begin with a hyphen; otherwise the step comes
 * without its command. */
#pragma once

#include "respond/playbook.h"

/* `playbooks`: roots of content/playbooks/ in the order of their names.  Steps come by phase,
 * then by rank, then in the order of the playbooks. */
enum status plan_respond(const struct tree_node *const *playbooks, size_t playbook_count,
                         const struct report *report, struct arena *arena,
                         struct incident *incident) MUST_USE;
