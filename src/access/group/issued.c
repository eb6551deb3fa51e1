#include "access/group/issued.h"

#include "access/audit_verify.h"
#include "access/group/grant_file.h"
#include "access/group/paper.h"

#define ISSUE_MEMORY_MAX (16U << 20)

struct walk {
    const struct access_session *session;
    const struct issued_visitor *visitor;
    struct grant_key root;
    struct arena *arena; /* of one issuance; forgotten before the next */
    enum status status;
};

static enum status show(struct walk *walk, const struct audit_entry *entry)
{
    struct sha256 hash;
    struct sha256 block;
    struct bytes paper;
    struct grant_token token;
    struct grant_terms terms;
    struct fault fault = {NULL, 0};
    arena_reset(walk->arena);
    struct datalog_block *blocks =
        arena_take_many(walk->arena, GRANT_BLOCKS_MAX, sizeof *blocks);
    if (blocks == NULL) {
        return STATUS_NO_MEMORY;
    }
    memcpy(hash.bytes, entry->object.data, sizeof hash.bytes);
    enum status status = paper_find(walk->session->payloads, &hash, walk->arena, &paper);
    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK; /* erased */
    }
    TRY(status);
    TRY(grant_token_read(paper, &token, &fault));
    TRY(grant_blocks_read(&token, walk->arena, blocks, NULL, &fault));
    TRY(grant_terms_read(&blocks[0], walk->arena, &terms, &fault));
    TRY(grant_revocation(&token, &walk->root, 0, &block));
    return walk->visitor->visit(walk->visitor->context, &terms, &block);
}

static void visit_entry(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct walk *walk = context;
    IGNORE(arguments.size > 0, "the paper says what was issued");
    if (walk->status == STATUS_OK && entry->event == AUDIT_DONE &&
        bytes_equal_text(entry->operation, GRANT_FILE_OPERATION) &&
        entry->object.size == sizeof(struct sha256)) {
        walk->status = show(walk, entry);
    }
}

enum status issued_visit(const struct access_session *session,
                         const struct issued_visitor *visitor, struct fault *fault)
{
    AUTO(arena_done) struct arena *arena = arena_new(ISSUE_MEMORY_MAX);
    AUTO(text_done) struct text line = text_of_limit(IDENTITY_FILE_MAX);
    AUTO(audit_check_done) struct audit_check check = {0};
    const struct bytes key = {session->identity.public_key, IDENTITY_KEY_SIZE};
    struct walk walk = {.session = session, .visitor = visitor, .arena = arena};
    *fault = (struct fault){"there is too little memory", 0};
    if (arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(grant_key_of(GRANT_ED25519, key, &walk.root));
    identity_add_verifier(&session->identity, &line);
    const struct audit_visitor all = {visit_entry, &walk};
    enum status status = audit_verify(session->home, text_bytes(&line), &all, &check);
    if (status != STATUS_OK || check.difference_count > 0) {
        *fault = (struct fault){"the log of this home is not whole", 0};
        return STATUS_CONFLICT;
    }
    if (walk.status != STATUS_OK) {
        *fault = (struct fault){"a paper about an issuance cannot be used", 0};
    }
    return walk.status;
}

/* ---- what has ended ---- */

struct pruning {
    struct revocation_list *list;
    uint64_t now_s;
};

static enum status drop_ended(void *context, const struct grant_terms *terms,
                              const struct sha256 *block)
{
    struct pruning *pruning = context;
    if (terms->expires_s <= pruning->now_s) {
        revocation_list_drop(pruning->list, block);
    }
    return STATUS_OK;
}

enum status issued_prune(const struct access_session *session, uint64_t now_s,
                         struct revocation_list *list, struct fault *fault)
{
    struct pruning pruning = {list, now_s};
    const struct issued_visitor visitor = {drop_ended, &pruning};
    return issued_visit(session, &visitor, fault);
}
