/* The grants of others that this home keeps, and whether each still holds: for access show.
 *
 * Nothing is recorded and nothing changed. */
#pragma once

#include "access/session.h"
#include "codec/json.h"
#include "operation/operation.h"

/* Nothing at all where the home keeps none; `*count` is of those that hold. */
enum status held_add_text(const struct access_session *session, struct answer *answer,
                          struct text *out, size_t *count) MUST_USE;
/* The member "grants", a list. */
enum status held_add_json(const struct access_session *session, struct answer *answer,
                          struct jsonout *out, size_t *count) MUST_USE;
