/* A restricted rule pack as a report names it, for tests of how it is shown. */
#pragma once

#include "record/restricted.h"

static const struct restricted sample_pack = {
    .name = BYTES_LITERAL("sample-pack"),
    .version = BYTES_LITERAL("1.0"),
    .tlp = BYTES_LITERAL("AMBER"),
    .group = BYTES_LITERAL("Example <Sharing> Group"),
    .description = BYTES_LITERAL("What it is."),
    .sha256 = BYTES_LITERAL("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
    .grant = BYTES_LITERAL("00112233445566778899aabbccddeeff"),
    .rule_count = 2,
};
