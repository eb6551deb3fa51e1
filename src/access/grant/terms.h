/* What a grant of ours says: its first block, the approvals of officers, and what the holder
 * leaves an agent of it.
 *
 * The first block has one form: it is what grant_terms_block makes of its terms, and nothing
 * beside, so that whoever can sign it cannot put words there that only others may say.
 *
 * Input:  terms of ours to write; blocks of a token to read, untrusted.
 * Output: in `arena`, or borrowed from the block.
 * Limits: GRANT_TEXT_MAX bytes in a text, GRANT_RIGHTS_MAX rights.
 * Fuzzed: fuzz/grant_token.c.   Format: docs/formats/grant.md. */
#pragma once

#include "access/grant/block.h"

#define GRANT_TEXT_MAX 256
#define GRANT_RIGHTS_MAX 16
#define GRANT_ASSETS_MAX 16
#define GRANT_ID_DIGITS 32
#define GRANT_AUDIENCE "tocsin"

struct grant_right {
    struct bytes operation; /* "model.pack" */
    struct bytes what;
};

/* What the grant is good for, where it says so: of evidence of these owners ("owner"), which is
 * asked at each use; and from these machines ("host", "network", "domain"), which nobody can
 * tell from evidence offline. */
struct grant_asset {
    struct bytes kind;
    struct bytes name;
};
#define GRANT_ASSET_OWNER "owner"

struct grant_terms {
    struct bytes id; /* GRANT_ID_DIGITS of them */
    struct bytes group;
    struct bytes subject;
    struct bytes organisation;
    struct bytes reason;
    struct grant_key holder;
    int64_t tier;
    uint64_t expires_s;
    struct grant_right rights[GRANT_RIGHTS_MAX];
    uint32_t right_count;
    struct grant_asset assets[GRANT_ASSETS_MAX];
    uint32_t asset_count;
};

/* What the holder leaves an agent. */
struct grant_delegation {
    struct bytes name;
    struct grant_key key;
    uint64_t expires_s;
    uint64_t calls_max;
    struct grant_right right;
    struct bytes owner; /* of evidence, the one it may be used on; empty: as the grant says */
};

/* A new id in `out`, of GRANT_ID_DIGITS and a zero byte. */
void grant_id_new(char out[GRANT_ID_DIGITS + 1]);

/* True for the kinds of assets there are. */
bool grant_asset_is_kind(struct bytes kind);
/* True where the grant is for evidence of that owner: it names the owner, or none. */
bool grant_terms_has_owner(const struct grant_terms *terms, struct bytes owner);
/* The first owner it names; empty where it names none. */
struct bytes grant_terms_owner(const struct grant_terms *terms);

/* The first block.  STATUS_LIMIT where a term is too long, STATUS_MALFORMED where one is empty
 * or no UTF-8, the holder's key is not Ed25519, or the end lies past the years we can show. */
enum status grant_terms_block(const struct grant_terms *terms, struct arena *arena,
                              struct datalog_block *out) MUST_USE;
/* STATUS_MALFORMED where the block is not exactly such a one. */
enum status grant_terms_read(const struct datalog_block *block, struct arena *arena,
                             struct grant_terms *out, struct fault *fault) MUST_USE;

/* A third party's block that approves in that role. */
enum status grant_approval_block(struct bytes role, struct arena *arena,
                                 struct datalog_block *out) MUST_USE;
/* True where the block says approved_by(ROLE). */
bool grant_block_approves(const struct datalog_block *block, struct bytes role);

/* The block that the holder signs for an agent; it tests what is wanted, never what is held. */
enum status grant_delegation_block(const struct grant_delegation *delegation,
                                   struct arena *arena, struct datalog_block *out) MUST_USE;
/* STATUS_NOT_FOUND where the block names no agent, STATUS_MALFORMED where it is not exactly
 * such a block. */
enum status grant_delegation_read(const struct datalog_block *block, struct arena *arena,
                                  struct grant_delegation *out) MUST_USE;
