/* Makes records of what a capture shows and gives them to the sink. */
#pragma once

#include "parse/net/dissect.h"

#define EMIT_EXCERPT_SIZE_MAX 1024

/* A conversation that ended, as RECORD_FLOW.  Its excerpt is a line of ours: the frames of a
 * flow lie apart, so there is no text of theirs to show. */
enum status emit_flow(struct dissection *dissection,
                      const struct conversation *conversation) MUST_USE;
