/* Entries of an audit log as a person or a program reads them, and which log and key are meant.
 */
#pragma once

#include "access/audit_entry.h"
#include "codec/json.h"
#include "operation/operation.h"

#define LISTING_VERIFIER_MAX 512

/* Where entries are added: `text`, or `json` that writes into it. */
struct listing {
    struct text *text;
    struct jsonout json;
};

/* Both as access/audit_verify.h's visitors, whose context is a listing. */
void listing_add_text(void *context, const struct audit_entry *entry, struct bytes arguments);
void listing_add_json(void *context, const struct audit_entry *entry, struct bytes arguments);
/* "2026-03-03T02:10:00Z" */
void listing_add_time(uint64_t time_ms, struct text *out);
/* Bytes in hexadecimal, as a member of an object. */
void listing_add_hex(struct jsonout *out, const char *key, struct bytes bytes);

/* The home as it is, and the key its log is to be signed with: the one after --key, or its
 * own.  What fails has said why in the answer. */
enum status listing_open(const struct call *call, struct answer *answer, int *home,
                         struct text *verifier) MUST_USE;
