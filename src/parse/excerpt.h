/* Goes back to a cited place in an evidence: the bytes themselves, or the place with context.
 *
 * Containers on the citation's path are opened again; its outermost name is not looked at, the
 * caller found the evidence by its hash.
 *
 * Input:  untrusted, both the evidence and the citation.
 * Limits: EXCERPT_OUTPUT_MAX bytes come out, PARSE_DEPTH_MAX containers are entered.
 * Fuzzed: fuzz/excerpt.c (what comes out of lines is the text of those lines). */
#pragma once

#include "parse/parse.h"

#define EXCERPT_OUTPUT_MAX (16U * 1024U * 1024U)
#define EXCERPT_CONTEXT_LINES 3
#define EXCERPT_CONTEXT_BYTES 256

/* The bytes at the place, as they are: lines with their ends, a range, a frame, or the whole
 * member.  STATUS_NOT_FOUND where the evidence has no such place, STATUS_UNSUPPORTED for a kind
 * of place whose bytes do not lie together (a flow), STATUS_LIMIT where there are too many. */
enum status excerpt_extract(int fd, struct bytes citation, struct arena *arena,
                            struct text *out) MUST_USE;
/* The place for a person: numbered lines with those around them, or a hex dump; the cited part
 * is marked ">".  Under a dump stands what was read there (parse/said.h). */
enum status excerpt_show(int fd, struct bytes citation, struct arena *arena,
                         struct text *out) MUST_USE;
