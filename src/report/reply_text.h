/* A reply to a question, as text for a terminal or as JSON for programs.
 *
 * Input:  a reply whose prose is finished; the question itself is escaped here. */
#pragma once

#include "record/reply.h"

enum status reply_text(const struct reply *reply, unsigned columns, bool colour,
                       struct text *out) MUST_USE;
