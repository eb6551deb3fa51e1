#include "access/group/issued.h"

#include "access/group/paper.h"
#include "access/recorded.h"

#define ISSUE_MEMORY_MAX (16U << 20)

struct walk {
    const struct access_session *session;
    const struct issued_visitor *visitor;
    struct grant_key root;
    struct arena *arena; /* of one issuance; forgotten before the next */
    struct issued_unread unread;
    enum status status;
};

/* What one paper says. */
struct issuance {
    struct grant_token token;
    struct grant_terms terms;
    struct sha256 block;
};

static enum status read(struct walk *walk, struct bytes object, struct issuance *out)
{
    struct sha256 hash;
    struct bytes paper;
    struct fault fault = {NULL, 0};
    struct datalog_block *blocks =
        arena_take_many(walk->arena, GRANT_BLOCKS_MAX, sizeof *blocks);
    if (blocks == NULL) {
        return STATUS_NO_MEMORY;
    }
    memcpy(hash.bytes, object.data, sizeof hash.bytes);
    TRY(paper_find(walk->session->payloads, &hash, walk->arena, &paper));
    TRY(grant_token_read(paper, &out->token, &fault));
    TRY(grant_blocks_read(&out->token, walk->arena, blocks, NULL, &fault));
    TRY(grant_terms_read(&blocks[0], walk->arena, &out->terms, &fault));
    return grant_revocation(&out->token, &walk->root, 0, &out->block);
}

static enum status show(struct walk *walk, const struct audit_entry *entry)
{
    arena_reset(walk->arena);
    struct issuance *issuance = arena_take(walk->arena, sizeof *issuance);
    if (issuance == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = read(walk, entry->object, issuance);
    if (status == STATUS_OK) {
        return walk->visitor->visit(walk->visitor->context, &issuance->terms, &issuance->block);
    }
    if (status == STATUS_NOT_FOUND) {
        walk->unread.erased_count++;
    } else if (status != STATUS_NO_MEMORY) {
        walk->unread.damaged_count++;
    }
    return status == STATUS_NO_MEMORY ? status : STATUS_OK;
}

static bool is_wanted(const struct walk *walk, struct bytes operation)
{
    return bytes_equal_text(operation, GRANT_FILE_OPERATION) ||
           (!walk->visitor->leaves_drafts_out &&
            bytes_equal_text(operation, ISSUED_DRAFT_OPERATION));
}

static void visit_entry(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct walk *walk = context;
    IGNORE(arguments.size > 0, "the paper says what was issued");
    if (walk->status == STATUS_OK && entry->event == AUDIT_DONE &&
        entry->sequence >= walk->visitor->from && is_wanted(walk, entry->operation) &&
        entry->object.size == sizeof(struct sha256)) {
        if (walk->visitor->announce != NULL) {
            walk->visitor->announce(walk->visitor->context, entry);
        }
        walk->status = show(walk, entry);
    }
}

enum status issued_visit(const struct access_session *session,
                         const struct issued_visitor *visitor, struct issued_unread *unread,
                         struct fault *fault)
{
    AUTO(arena_done) struct arena *arena = arena_new(ISSUE_MEMORY_MAX);
    const struct bytes key = {session->identity.public_key, IDENTITY_KEY_SIZE};
    struct walk walk = {.session = session, .visitor = visitor, .arena = arena};
    *fault = (struct fault){"there is too little memory", 0};
    if (arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(grant_key_of(GRANT_ED25519, key, &walk.root));
    if (recorded_go_through(session, visit_entry, &walk) != STATUS_OK) {
        *fault = (struct fault){"the log of this home is not whole", 0};
        return STATUS_CONFLICT;
    }
    if (walk.status != STATUS_OK) {
        *fault = (struct fault){"what was issued cannot be gone through", 0};
    }
    *unread = walk.unread;
    return walk.status;
}
