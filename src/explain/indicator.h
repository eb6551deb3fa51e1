/* Knows a text that is nothing but an address, a network, a mail address, a hash, a name on the
 * network, the number of a network card or of an object, a place in Windows's registry, by its
 * form alone: what it is, and what its form tells; never whose it is.
 *
 * Input: untrusted. */
#pragma once

#include "explain/draft.h"

/* Says what it is; `*is_said` false, nothing said, where it is none of them. */
enum status indicator_explain(struct bytes text, struct draft *draft, bool *is_said) MUST_USE;
