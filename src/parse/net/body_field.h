/* Takes the beginning of a request's body apart into the fields that a program behind a web
 * server reads: those of a form, of a form with files in it, the strings of JSON, and a text
 * that is all one value.
 *
 * JSON is read by its strings alone: a beginning that was cut off is no JSON to any reader of
 * whole documents, and its strings are what people and intruders write.
 *
 * Input:  untrusted.   Output: names and values as the program has them, in `arena` or borrowed
 *         from the body.
 * Limits: BODY_FIELDS_MAX fields; those beyond are counted.
 * Fuzzed: fuzz/http.c.   Format: RFC 7578, RFC 8259, the URL standard's form encoding.
 * Does not check: charsets; whether JSON is JSON; bodies that are packed are not read. */
#pragma once

#include "base/arena.h"
#include "record/record.h"

#define BODY_FIELDS_MAX 64

struct body_fields {
    const struct body_field *fields; /* in the body's order */
    size_t count;
    size_t dropped;
};

/* Whether a body of this type holds fields. */
bool body_has_fields(struct bytes media_type, struct bytes coding);
/* No fields for a type that holds none.  STATUS_NO_MEMORY alone fails. */
enum status body_fields_read(struct bytes media_type, struct bytes body, struct arena *arena,
                             struct body_fields *out) MUST_USE;
