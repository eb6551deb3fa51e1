/* One name that was asked for, as the behaviours of the name service look at it: its labels,
 * and how they look.
 *
 * Input:  untrusted: a name is what its sender chose.
 * Limits: NAME_SIZE_MAX bytes, NAME_LABELS_MAX labels; what is longer is no name. */
#pragma once

#include "base/bytes.h"

#include <stdbool.h>

#define NAME_SIZE_MAX 255U
#define NAME_LABELS_MAX 128U

/* Kinds of letters that are counted: 26 letters, digits, hyphens, and all others. */
#define NAME_LETTER_DIGIT 26U
#define NAME_LETTER_HYPHEN 27U
#define NAME_LETTER_OTHER 28U
#define NAME_LETTER_KINDS 29U

/* Lower case, escapes undone, labels joined by '.'; a dot within a label is no '.' here. */
struct name_form {
    uint8_t data[NAME_SIZE_MAX];
    size_t size;
    uint8_t starts[NAME_LABELS_MAX]; /* of labels */
    size_t label_count;
};

/* False for what is no name: the root, an empty label, too long. */
bool name_form_read(struct bytes text, struct name_form *out);
/* The last `depth` labels, and what stands before them; the form has more labels than that. */
struct bytes name_form_zone(const struct name_form *form, size_t depth);
struct bytes name_form_rest(const struct name_form *form, size_t depth);
/* An address turned round, as reverse lookups and blocklists write it (RFC 5782), or the
 * digits of a telephone number: four short numbers or many single digits, then at most a
 * short word. */
bool name_is_address(struct bytes rest);
unsigned name_letter_kind(uint8_t byte);
/* How far letters are from those that people name machines and companies with: the divergence
 * (Kullback and Leibler, 1951) in bits a letter, of `counts` (one per kind) from what is
 * usual, less what it is by chance in so few.  Words are near 0, letters drawn by chance above
 * 0.6, digits of hexadecimal above 2.  0 where there are none. */
double name_unlikeness(const uint32_t counts[NAME_LETTER_KINDS]);
/* The same on every run: which bit a name sets must not depend on the process. */
uint32_t name_hash(struct bytes bytes);
