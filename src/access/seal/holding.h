/* What the process that keeps the home's sealing key does with it, and what it is asked: it
 * opens one sealed file into memory that is lent (base/lent_file.h), says what the plaintext
 * hashes to, and wipes it when the lease ends.
 *
 * Input:  the sealed file is untrusted; the request comes from who started the process, and is
 *         read by cursor all the same.
 * Output: the plaintext is in the lent file alone; the key is wiped before holding_open
 * returns. Limits: HOLDING_SEALED_MAX bytes sealed, HOLDING_PLAIN_MAX opened,
 * HOLDING_LEASE_MS_MAX. Fuzzed: fuzz/holding.c. Format: a request is u8 kind, u32 lease_ms, and
 * to open it has the files of enum holding_file; a reply to it that is no failure is u64 size
 * and 32 bytes of SHA-256, others are one line that says what is wrong. */
#pragma once

#include "access/seal/sealed.h"
#include "base/lent_file.h"
#include "codec/sha256.h"

#define HOLDING_PLAIN_MAX (512U * 1024U)
#define HOLDING_SEALED_MAX (1024U * 1024U)
#define HOLDING_LEASE_MS_MAX (15U * 60U * 1000U)
#define HOLDING_REPLY_SIZE_MAX 256U

enum holding_kind {
    HOLDING_OPEN, /* once */
    HOLDING_END,  /* STATUS_OK where the lease held until this moment; it is wiped either way */
};
#define HOLDING_KIND_COUNT 2

enum holding_file {
    HOLDING_FILE_KEY,    /* identity/sealing.key, open for reading */
    HOLDING_FILE_SEALED, /* age, version 1, armoured or not */
    HOLDING_FILE_LENT,   /* an empty memory file: what is opened goes there */
};
#define HOLDING_FILE_COUNT 3

struct holding_request {
    enum holding_kind kind;
    uint32_t lease_ms; /* to open: 1 to HOLDING_LEASE_MS_MAX */
};

struct holding_reply {
    uint64_t size;
    struct sha256 sha256; /* of the plaintext */
};

void holding_add_request(struct text *out, const struct holding_request *request);
enum status holding_read_request(struct bytes message, struct holding_request *out) MUST_USE;
void holding_add_reply(struct text *out, const struct holding_reply *reply);
enum status holding_read_reply(struct bytes message, struct holding_reply *out) MUST_USE;

/* Opens the second of `files` with the first into the third, which `held` then lends.  What
 * went wrong is `*why`, in words of ours, and nothing is held or left in the file.
 * STATUS_NOT_FOUND where it was sealed to others, STATUS_CONFLICT where it was changed,
 * STATUS_NO_MEMORY where memory cannot be locked; else as sealed_open. */
enum status holding_open(const int files[HOLDING_FILE_COUNT], struct lent_file *held,
                         struct holding_reply *out, const char **why) MUST_USE;
