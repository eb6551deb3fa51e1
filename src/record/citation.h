/* Citations: one word that names the place a sentence rests on, and can be pasted back.
 *
 *   auth.log:1041   auth.log:88-399   auth.log.gz!/auth.log:88   capture.pcap#frame=312
 *   capture.pcap#flow=77   Security.evtx#record=88213   drop.sh@0x1f4+37   drop.sh
 *   coverage:auth.log   attack:T1110.001   playbook:guessed-password#2   site:web01
 *   known:program/curl
 *
 * Paths are held encoded: in each name the bytes % # @ : ! ~ , quotes, brackets, backslash,
 * space, controls, Unicode format characters and what is not UTF-8 are percent-encoded, "/"
 * separates folders and "!/" enters a container.  A path that is one of the reserved words
 * (coverage, attack, kev, known, playbook, site) has its first letter encoded.  A "~" stays as
 * it is where it numbers the first part of a path, "logs~2/auth.log": roots of one name are
 * told apart so.
 *
 * Input:  untrusted.   Fuzzed: fuzz/citation.c (what is read is written back unchanged). */
#pragma once

#include "base/text.h"
#include "record/place.h"

#define CITATION_SIZE_MAX 8192

enum citation_kind {
    CITATION_EVIDENCE,  /* subject: encoded path; place says where */
    CITATION_COVERAGE,  /* subject: encoded path */
    CITATION_KNOWLEDGE, /* subject: with its scheme, "attack:T1110.001" */
    CITATION_SITE,      /* subject: encoded name from site.yaml, without "site:" */
};
#define CITATION_KIND_COUNT 4

struct citation {
    enum citation_kind kind;
    struct bytes subject;
    struct place place; /* member is not used: the path names it */
};

/* Adds one raw file name or path ("/" stays a separator) in its encoded form. */
void citation_add_name(struct text *text, struct bytes raw);
/* The same for the path a citation begins with: reserved words are encoded, "logs~2" stays. */
void citation_add_path(struct text *text, struct bytes raw);
/* Undoes the encoding; STATUS_MALFORMED where `encoded` is what neither citation_add_name
 * nor citation_add_path writes. */
enum status citation_decode_name(struct bytes encoded, struct text *out) MUST_USE;

void citation_add(struct text *text, const struct citation *citation);
/* The subject borrows from `word`.  STATUS_MALFORMED for what citation_add would not write. */
enum status citation_read(struct bytes word, struct citation *out) MUST_USE;
bool citation_equal(const struct citation *a, const struct citation *b);
/* Static: "evidence", "coverage", "knowledge", "site". */
const char *citation_kind_name(enum citation_kind kind);
