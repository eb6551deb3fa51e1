/* Reads who an X.509 certificate is for, who issued it and when it holds.
 *
 * A small reader of our own, of the parts named here and nothing else: the reasons are in
 * docs/decisions/0061-certificates-by-a-reader-of-our-own.md.
 *
 * Input:  untrusted: one certificate in DER.   Output: by value; nothing borrows.
 * Limits: CERTIFICATE_*.   Fuzzed: fuzz/certificate.c.   Format: RFC 5280, X.690.
 * Does not check: signatures, keys, extensions other than alternative names, whether the
 * encoding is the only one DER allows. */
#pragma once

#include "base/cursor.h"

#define CERTIFICATE_TEXT_MAX 256
#define CERTIFICATE_NAMES_MAX 4
#define CERTIFICATE_PARTS_MAX 32 /* of a subject that are looked at */
#define CERTIFICATE_EXTENSIONS_MAX 64
#define CERTIFICATE_TIME_SIZE 20 /* "2026-03-03T02:10:00Z" */

struct certificate_text {
    uint8_t bytes[CERTIFICATE_TEXT_MAX];
    size_t size;
};

struct certificate {
    struct certificate_text subject; /* "CN=www.example.test, O=Example" */
    struct certificate_text issuer;
    struct certificate_text names[CERTIFICATE_NAMES_MAX]; /* of hosts */
    size_t name_count;
    char not_before[CERTIFICATE_TIME_SIZE + 1]; /* empty where it is damaged */
    char not_after[CERTIFICATE_TIME_SIZE + 1];
    bool is_self_issued; /* it names itself as its issuer */
};

/* STATUS_MALFORMED or STATUS_TRUNCATED for what is none. */
enum status certificate_read(struct bytes der, struct certificate *out) MUST_USE;
