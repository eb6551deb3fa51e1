/* Grants issued in the homes of homes.h, and cosigned by witnesses. */
#pragma once

#include "access/audit_prove.h"
#include "access/cosigned.h"
#include "access/group/homes.h"

/* The file of a token with `block_count` issued blocks, signed by `by`. */
static inline struct text entitled_file(struct entitled *entitled, struct home *by,
                                        const struct grant_file *file)
{
    struct text out = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    AUTO(text_done) struct text line = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(&entitled->group.session.identity, &line);
    assert_ok(grant_file_write(&by->session.identity,
                               moment_of_unix((int64_t)entitled->now_s, 0), text_bytes(&line),
                               file, &out, &fault));
    return out;
}

/* The group's log as it is, cosigned then by a witness that never saw it, and kept. */
static inline void entitled_cosign(struct entitled *entitled, size_t which, uint64_t when_s)
{
    static struct log_request request;
    static struct log_checkpoint kept;
    struct fault fault;
    char name[IDENTITY_NAME_MAX];
    uint64_t known = 0;
    enum witness_rule rule;
    const struct identity *witness = &entitled->witnesses[which];
    const struct note_key own = witness_key(witness, name);
    const struct note_key key = audit_key(&entitled->group.session.identity);
    AUTO(scratch_done) struct scratch home = scratch_new();
    AUTO(text_done) struct text file = text_of_limit(LOG_PROOF_SIZE_MAX);
    AUTO(text_done) struct text out = text_of_limit(NOTE_SIZE_MAX);
    AUTO(file_done) int folder = open(home.path, O_RDONLY | O_DIRECTORY);
    assert_ok(audit_prove_growth(entitled->group.session.home, &key, 0, &file, &fault));
    assert_ok(log_request_read(text_bytes(&file), &request, &fault));
    const struct witness_question question = {&request, &key, when_s};
    assert_ok(witness_cosign(folder, witness, &question, &out, &known, &rule));
    assert_ok(cosigned_keep(entitled->group.session.home, &key, &own, text_bytes(&out), &kept,
                            &fault));
}

/* Who cosigns, and when. */
struct cosigning {
    size_t count; /* the first of the witnesses */
    uint64_t when_s;
};

/* Records the issuance of the token as it is, and writes its file. */
static inline struct text entitled_issue_as(struct entitled *entitled, const struct text *token,
                                            struct cosigning cosigning)
{
    struct grant_token read = granted_token(&entitled->granted, token);
    AUTO(text_done) struct text paper = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    struct grant_file file = {.token = text_bytes(token), .block_count = read.part_count};
    struct fault fault;
    uint64_t sequence = 0;
    assert_ok(grant_issuance(&read, file.block_count, &paper));
    struct sha256 hash = sha256_of(text_bytes(&paper));
    const struct audit_entry entry = {
        .event = AUDIT_DONE,
        .operation = bytes_of_text(GRANT_FILE_OPERATION),
        .class = CLASS_VERIFIED,
        .rule = bytes_of_text("owner-on-own-machine"),
        .policy = {hash.bytes, sizeof hash.bytes},
        .object = {hash.bytes, sizeof hash.bytes},
    };
    assert_ok(
        audit_append(&entitled->group.session.audit, &entry, BYTES_NONE, &sequence, &fault));
    const struct note_key key = audit_key(&entitled->group.session.identity);
    AUTO(text_done) struct text proof = text_of_limit(LOG_PROOF_SIZE_MAX);
    AUTO(text_done) struct text under = text_of_limit(NOTE_SIZE_MAX);
    for (size_t i = 0; i < cosigning.count; i++) {
        entitled_cosign(entitled, i, cosigning.when_s);
    }
    const struct cosigned_wish wish = {.index = sequence};
    if (cosigning.count > 0) {
        assert_ok(cosigned_find(entitled->group.session.home, &key, &wish, &under));
    }
    assert_ok(audit_prove(entitled->group.session.home, &key, text_bytes(&under), sequence,
                          &proof, &fault));
    assert_ok(arena_copy(entitled->granted.arena, text_bytes(&proof), &file.proof));
    return entitled_file(entitled, &entitled->group, &file);
}

static inline struct text entitled_issue(struct entitled *entitled, const struct text *token)
{
    return entitled_issue_as(entitled, token,
                             (struct cosigning){ENTITLED_QUORUM, entitled->now_s});
}
