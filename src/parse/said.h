/* What a reader said of a place in an evidence: for bytes that a person cannot read.
 *
 * The evidence is read again from its beginning, as analyze read it, and each record that came
 * from the place, a range of bytes, is one line: its time, and what stands for its text in
 * excerpts.  Readers give such records in the order of the evidence.
 *
 * Input:  untrusted.   Output: escaped lines; none where nothing was read there.
 * Limits: SAID_LINES_MAX lines, SAID_STEPS_MAX steps; what is behind either is not said. */
#pragma once

#include "parse/parse.h"

#define SAID_LINES_MAX 20
#define SAID_STEPS_MAX (UINT64_C(1) << 32)

/* `stream` stands at the beginning of the evidence whose name's last part is `name`; `place` is
 * of PLACE_BYTES. */
enum status said_of_place(struct stream *stream, struct bytes name, const struct place *place,
                          struct text *out) MUST_USE;
