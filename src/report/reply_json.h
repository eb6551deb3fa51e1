/* A reply to a question as JSON: { "question", "outcome", "kind", "asks", "answer": [ { "text",
 * "cites" } ], "suggestions": [] }, and "packs" as in the report where a restricted one was
 * used. */
#pragma once

#include "record/reply.h"

enum status reply_write(const struct reply *reply, struct text *out) MUST_USE;
