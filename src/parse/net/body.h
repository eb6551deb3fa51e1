/* The body of an HTTP message as it comes: one file, or a form with files in it.
 *
 * What a form's fields say is no file; the request keeps the beginning of it.
 *
 * Input:  untrusted.   Owner: the dissection's pools.
 * Limits: BODY_FORMS_MAX forms at once; of others the files are not looked at, and counted.
 * Fuzzed: fuzz/capture.c. */
#pragma once

#include "parse/net/http.h"
#include "parse/net/multipart.h"
#include "parse/net/speech.h"

#define BODY_FORMS_MAX 64
#define BODY_WORDS_SIZE 1024

/* Begins the body of the message that `hearing`'s side sends.  `response` is NULL for that of a
 * request; `request` may be empty where it was not seen. */
void body_begin(struct hearing *hearing, const struct http_request *request,
                const struct http_response *response);
enum status body_take(struct hearing *hearing, struct bytes bytes) MUST_USE;
void body_gap(struct hearing *hearing);
/* Gives what was carried; nothing where no body is open. */
enum status body_end(struct hearing *hearing, bool is_whole) MUST_USE;
/* Forgets it. */
void body_drop(struct hearing *hearing);
bool body_is_open(const struct speech_side *side);
/* A form with files in it is being sent: the request keeps what stands in it beside them. */
bool body_is_form(const struct speech_side *side);
void bodies_init(struct pool *forms, struct arena *arena);
