/* What `access show` says of a group in the home it was founded in: its officers, its members
 * with the tier that the group's policy gives them, and which of its grants have not ended.
 *
 * Input:  log and papers, as roll_read and issued_visit check them; names of others are
 * escaped. Limits: SHOWN_GROUP_MAX members and as many grants; more are counted. Nothing is
 * recorded and nothing changed. */
#pragma once

#include "access/session.h"
#include "codec/json.h"
#include "operation/operation.h"

#define SHOWN_GROUP_MAX 256

/* Nothing at all where no group was founded in this home. */
enum status shown_group_add_text(const struct access_session *session,
                                 struct text *out) MUST_USE;
/* The member "group", an object; none where there is no group. */
enum status shown_group_add_json(const struct access_session *session,
                                 struct jsonout *out) MUST_USE;
