/* The head of a sealed file: who can open it, and what proves that the head is whole.
 *
 * Input:  untrusted.  Only the one canonical form is taken.
 * Output: `arguments` and `type` borrow from `input`.
 * Limits: SEALED_HEADER_SIZE_MAX bytes, SEALED_STANZAS_MAX stanzas; of a body its first
 *         SEALED_BODY_KEPT bytes are kept, more than any stanza we open has.
 * Not checked here: what a stanza means, and the MAC, which takes the file key.
 * Fuzzed: fuzz/sealed_header.c.   Format: C2SP age, "Header". */
#pragma once

#include "access/seal/fault.h"
#include "base/bytes.h"
#include "base/text.h"

#define SEALED_HEADER_SIZE_MAX 65536
#define SEALED_STANZAS_MAX 128
#define SEALED_BODY_KEPT 48
#define SEALED_MAC_SIZE 32

struct sealed_stanza {
    struct bytes type;
    struct bytes arguments; /* behind the type, one space between each two */
    size_t argument_count;
    uint8_t body[SEALED_BODY_KEPT];
    size_t body_size; /* all of it, kept or not */
};

struct sealed_header {
    struct sealed_stanza stanzas[SEALED_STANZAS_MAX];
    size_t stanza_count;
    struct bytes authenticated; /* what the MAC is of */
    uint8_t mac[SEALED_MAC_SIZE];
    size_t size; /* where the payload begins */
};

/* STATUS_TRUNCATED where the header does not end in `input`, STATUS_UNSUPPORTED where it is of
 * another version. */
enum status sealed_header_parse(struct bytes input, struct sealed_header *out,
                                struct seal_fault *fault) MUST_USE;

/* Exactly `size` bytes in base64 without padding, in its one canonical form. */
bool sealed_base64_read(struct bytes text, uint8_t *out, size_t size);

void sealed_header_begin(struct text *out);
/* `words` are type and arguments; the body is shorter than a full line. */
void sealed_header_add_stanza(struct text *out, const char *words, const uint8_t *body,
                              size_t body_size);
/* Up to where the MAC is taken; then the MAC. */
void sealed_header_end(struct text *out);
void sealed_header_add_mac(struct text *out, const uint8_t mac[SEALED_MAC_SIZE]);
