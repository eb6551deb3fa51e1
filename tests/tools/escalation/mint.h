/* Makes tokens, right ones and wrong ones, and the files they are handed over in.
 *
 * Output: in the memory of the attempt. */
#pragma once

#include "access/group/accepted.h"
#include "realm.h"

/* What a log's proof of an entry is made of. */
struct mint_proof {
    struct bytes entry;
    uint64_t index;
    struct merkle_proof path;
    struct bytes checkpoint; /* cosigned by most of the witnesses of the group */
    struct bytes alone;      /* as the log signed it */
};

/* What a grant's file is made of. */
struct mint_grant {
    struct bytes token;
    uint32_t block_count;
    struct mint_proof proof;
};

/* Which entry of the log an issuance becomes. */
struct mint_entry {
    const char *operation;
    enum audit_event event;
    uint64_t time_s;
    struct sha256 object;
    uint64_t moved; /* by how much it says another place than it has */
};

/* A block of that source. */
struct datalog_block mint_block(struct realm *realm, const char *source);
/* The parts of a token, unverified; and the token of such parts. */
struct grant_token mint_open(struct bytes token);
struct bytes mint_write(struct realm *realm, const struct grant_token *token);
/* A token of that first block, signed with that secret. */
struct bytes mint_root(struct realm *realm, const struct grant_secret *root,
                       const struct datalog_block *block);
struct bytes mint_draft(struct realm *realm, const struct grant_terms *terms);
/* One part more, signed by `signer`: by whoever holds the token where that is NULL.  What
 * version of a signature, and what key comes next, `part` says. */
struct bytes mint_add(struct realm *realm, struct bytes token, struct grant_part part,
                      const struct grant_secret *signer);
struct bytes mint_append(struct realm *realm, struct bytes token, const char *source);
/* A third party's block. */
struct bytes mint_external(struct realm *realm, struct bytes token, const struct party *party,
                           const struct datalog_block *block);
struct bytes mint_approve(struct realm *realm, struct bytes token, const struct party *party,
                          const char *role);
struct bytes mint_delegate(struct realm *realm, struct bytes token, const struct party *by,
                           const struct grant_delegation *delegation);
/* Two officers of different roles, and two of one. */
void mint_choose(const struct realm *realm, size_t *one, size_t *other);
void mint_choose_alike(size_t *one, size_t *other);
/* Approved by two, or with that draft. */
struct bytes mint_whole(struct realm *realm);
struct bytes mint_whole_of(struct realm *realm, const struct grant_terms *terms);

/* Its issuance is in a log of entries that are drawn. */
struct mint_grant mint_issue(struct realm *realm, struct bytes token);
struct mint_grant mint_issue_as(struct realm *realm, struct bytes token,
                                const struct mint_entry *entry, const struct party *log);
struct sha256 mint_issuance(struct bytes token);
/* The checkpoint with a cosignature of that witness behind it, made at that time of `of`; under
 * the name of `as`. */
struct mint_cosigning {
    const struct party *by;
    const struct party *as;
    struct bytes of; /* the checkpoint that is signed: the same, or another */
    uint64_t at_s;
};
struct bytes mint_cosign(struct realm *realm, struct bytes checkpoint,
                         const struct mint_cosigning *cosigning);
/* The proof as a file. */
struct bytes mint_proof_file(struct realm *realm, const struct mint_proof *proof);
struct bytes mint_file(struct realm *realm, const struct mint_grant *grant,
                       const struct party *group, const struct party *signer);
/* The same with that for a proof. */
struct bytes mint_file_of(struct realm *realm, const struct mint_grant *grant,
                          struct bytes proof, const struct party *group,
                          const struct party *signer);
/* Issued by the group. */
struct bytes mint_issued(struct realm *realm, struct bytes token);
/* Issued, then narrowed for the agent by the holder. */
struct bytes mint_narrowed(struct realm *realm, const struct grant_delegation *delegation);
/* A list of what holds no more, each with an end of its own that is still to come. */
struct bytes mint_list(struct realm *realm, const struct party *signer, uint64_t made_s,
                       uint64_t number, const struct sha256 *block);
/* The same with that end. */
struct bytes mint_list_until(struct realm *realm, const struct party *signer, uint64_t made_s,
                             uint64_t number, const struct sha256 *block, uint64_t ends_s);
