/* Lines of base64 in their one canonical form, with padding or without.
 *
 * Input:  untrusted.
 * Limits: CANONICAL_COLUMNS characters.
 * Format: RFC 4648, sections 3.5 and 4. */
#pragma once

#include "base/bytes.h"
#include "base/text.h"

#define CANONICAL_COLUMNS 64
#define CANONICAL_BYTES 48

/* At most CANONICAL_BYTES bytes, `*size` of them; false for anything but the text that
 * canonical_add writes for them. */
bool canonical_read(struct bytes text, bool is_padded, uint8_t out[CANONICAL_BYTES],
                    size_t *size);
void canonical_add(struct text *text, struct bytes bytes, bool is_padded);
