/* Writes JSON.  `struct jsonout` puts commas, colons and line breaks; a wrong order of calls is
 * a mistake of ours and asserted.
 *
 * Input:  strings may be any bytes at all.
 * Output: appended to the text, always valid JSON in ASCII-safe UTF-8, the same on every
 *         machine and in every locale.
 * Limits: JSONOUT_DEPTH_MAX lists and objects in one another.
 * Fuzzed: fuzz/json_read.c.   Format: RFC 8259.
 *
 * What is hidden or turns the reading direction (text_is_hidden) is written \uXXXX.  A byte
 * that is not UTF-8 is written as U+FFFD and its two hexadecimal digits, and the three bytes of
 * a U+FFFD that was there are too, so that U+FFFD always names a byte and tree_of_jsonout()
 * (codec/json_read.h) gives back exactly what was written.  Lone surrogates, the usual way out,
 * would let evidence make a report that strict readers refuse. */
#pragma once

#include "codec/tree.h"

#define JSONOUT_DEPTH_MAX (TREE_DEPTH_MAX + 32)

enum jsonout_layout {
    JSONOUT_COMPACT, /* one line, no spaces */
    JSONOUT_PRETTY,  /* a member a line, two spaces a level; no line break at the end */
};

struct jsonout {
    struct text *text;
    enum jsonout_layout layout;
    unsigned depth;
    bool has_key;  /* a key was written and waits for its value */
    bool has_root; /* the one outermost value has begun */
    struct {
        bool is_object;
        bool has_items;
    } open[JSONOUT_DEPTH_MAX];
};

struct jsonout jsonout_of(struct text *text, enum jsonout_layout layout);
/* Asserts that the value is complete; the status is that of the text. */
enum status jsonout_finish(const struct jsonout *out) MUST_USE;

void jsonout_object_begin(struct jsonout *out);
void jsonout_object_end(struct jsonout *out);
void jsonout_list_begin(struct jsonout *out);
void jsonout_list_end(struct jsonout *out);
/* Within an object, before each value.  That keys differ is the caller's to see to. */
void jsonout_key(struct jsonout *out, const char *key);
void jsonout_key_bytes(struct jsonout *out, struct bytes key);

void jsonout_string(struct jsonout *out, struct bytes theirs);
void jsonout_text(struct jsonout *out, const char *ours);
void jsonout_integer(struct jsonout *out, int64_t value);
void jsonout_unsigned(struct jsonout *out, uint64_t value);
/* The fewest digits that read back as the same number, always with a fraction or an exponent.
 * Must be finite. */
void jsonout_double(struct jsonout *out, double value);
void jsonout_boolean(struct jsonout *out, bool value);
void jsonout_null(struct jsonout *out);
/* A whole tree as one value. */
void jsonout_tree(struct jsonout *out, const struct tree_node *node);

/* Key and value at once, for the plain members of an object. */
void jsonout_member_string(struct jsonout *out, const char *key, struct bytes theirs);
void jsonout_member_text(struct jsonout *out, const char *key, const char *ours);
void jsonout_member_unsigned(struct jsonout *out, const char *key, uint64_t value);
void jsonout_member_double(struct jsonout *out, const char *key, double value);
void jsonout_member_boolean(struct jsonout *out, const char *key, bool value);
