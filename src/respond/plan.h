/* Chooses the playbooks that fit an incident and fills them from it.  Nothing is executed.
 *
 * Commands are meant to be pasted: a name from evidence is put into one only where it consists
 * of letters, digits and ._:@/- and does not begin with a hyphen; otherwise the step comes
 * without its command. */
#pragma once

#include "respond/playbook.h"

/* `playbooks`: roots of content/playbooks/ in the order of their names. */
enum status plan_respond(const struct tree_node *const *playbooks, size_t playbook_count,
                         struct arena *arena, struct incident *incident) MUST_USE;
