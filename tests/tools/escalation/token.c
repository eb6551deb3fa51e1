/* What is done to a token or its file: altered, cut, put together anew. */
#include "attempt.h"

#include <string.h>

#include "access/grant/issue.h"

void attempt_issued(struct realm *realm, struct attempt *out, struct bytes token)
{
    out->file = mint_issued(realm, token);
}

/* What its thief has not is the key. */
static void without_its_key(struct realm *realm, struct attempt *out)
{
    attempt_issued(realm, out, mint_whole(realm));
    out->by = realm_draw(2) == 0 ? &realm->thief : &realm->agent;
}

static struct bytes altered(struct realm *realm, struct bytes whole)
{
    struct bytes copy;
    must(arena_copy(realm->arena, whole, &copy), "memory for a copy");
    uint8_t *bytes = arena_take(realm->arena, whole.size);
    must(bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK, "memory for a copy");
    memcpy(bytes, whole.data, whole.size);
    bytes[realm_draw(whole.size)] ^= (uint8_t)(1 + realm_draw(255));
    return (struct bytes){bytes, whole.size};
}

static void file_altered(struct realm *realm, struct attempt *out)
{
    attempt_issued(realm, out, mint_whole(realm));
    out->file = altered(realm, out->file);
}

static void file_truncated(struct realm *realm, struct attempt *out)
{
    attempt_issued(realm, out, mint_whole(realm));
    out->file = bytes_part(out->file, 0, realm_draw(out->file.size));
}

static void file_longer(struct realm *realm, struct attempt *out)
{
    AUTO(text_done) struct text text = text_of_limit(NOTE_SIZE_MAX);
    attempt_issued(realm, out, mint_whole(realm));
    text_add_raw(&text, out->file);
    text_add(&text, realm_draw(2) == 0 ? "\n" : "blocks: 1\n");
    out->file = realm_copy(realm, &text);
}

/* Signed by the group as it is: whoever has the group's key alone gets no further. */
static void hand_over(struct realm *realm, struct attempt *out, struct mint_grant grant,
                      struct bytes token)
{
    grant.token = token;
    out->file = mint_file(realm, &grant, &realm->group, &realm->group);
}

static void token_altered(struct realm *realm, struct attempt *out)
{
    const struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    hand_over(realm, out, grant, altered(realm, grant.token));
}

static void token_truncated(struct realm *realm, struct attempt *out)
{
    const struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    hand_over(realm, out, grant,
              bytes_part(grant.token, 0, 1 + realm_draw(grant.token.size - 1)));
}

/* The officers' blocks, whichever of them is changed. */
static uint32_t draw_block(const struct grant_token *token)
{
    return 1 + (uint32_t)realm_draw(token->part_count - 1);
}

static void block_removed(struct realm *realm, struct attempt *out)
{
    const struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    struct grant_token token = mint_open(grant.token);
    uint32_t gone = draw_block(&token);
    token.part_count--;
    for (uint32_t i = gone; i < token.part_count; i++) {
        token.parts[i] = token.parts[i + 1];
    }
    hand_over(realm, out, grant, mint_write(realm, &token));
}

/* A check by which the holder narrowed it is taken off again, without the secret before it. */
static void narrowing_removed(struct realm *realm, struct attempt *out)
{
    const struct bytes narrow =
        mint_append(realm, mint_whole(realm), "check if want($operation, \"nothing\");\n");
    const struct mint_grant grant = mint_issue(realm, narrow);
    struct grant_token token = mint_open(grant.token);
    token.part_count--;
    if (realm_draw(2) == 0) {
        token.is_sealed = true;
        token.proof = token.parts[token.part_count - 1].signature;
    }
    hand_over(realm, out, grant, mint_write(realm, &token));
}

static void blocks_reordered(struct realm *realm, struct attempt *out)
{
    const struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    struct grant_token token = mint_open(grant.token);
    uint32_t one = (uint32_t)realm_draw(token.part_count);
    uint32_t other = (one + 1) % token.part_count;
    const struct grant_part kept = token.parts[one];
    token.parts[one] = token.parts[other];
    token.parts[other] = kept;
    hand_over(realm, out, grant, mint_write(realm, &token));
}

static void block_duplicated(struct realm *realm, struct attempt *out)
{
    const struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    struct grant_token token = mint_open(grant.token);
    uint32_t twice = (uint32_t)realm_draw(token.part_count);
    token.parts[token.part_count] = token.parts[twice];
    token.part_count++;
    hand_over(realm, out, grant, mint_write(realm, &token));
}

static void appended_by_stranger(struct realm *realm, struct attempt *out)
{
    const struct bytes token = mint_whole(realm);
    const struct bytes longer = mint_append(realm, token, "allowed(true);\n");
    const struct grant_token read = mint_open(longer);
    const struct grant_part part = {.block = read.parts[read.part_count - 1].block,
                                    .version = (uint32_t)realm_draw(2)};
    attempt_issued(realm, out, mint_add(realm, token, part, &realm->stranger.secret));
}

static void sealed_by_stranger(struct realm *realm, struct attempt *out)
{
    AUTO(text_done) struct text payload = text_of_limit(3 * GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text seal = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
    struct grant_token token = mint_open(mint_whole(realm));
    grant_add_seal_payload(&token.parts[token.part_count - 1], &payload);
    must(grant_secret_sign(&realm->stranger.secret, text_bytes(&payload), &seal), "a seal");
    token.is_sealed = true;
    token.proof = realm_copy(realm, &seal);
    attempt_issued(realm, out, mint_write(realm, &token));
}

static struct bytes draft_by(struct realm *realm, const struct party *root)
{
    struct datalog_block block;
    size_t one = 0;
    size_t other = 0;
    mint_choose(realm, &one, &other);
    must(grant_terms_block(&realm->terms, realm->arena, &block), "terms");
    struct bytes token = mint_root(realm, &root->secret, &block);
    token = mint_approve(realm, token, &realm->officers[one], realm->roles[one]);
    return mint_approve(realm, token, &realm->officers[other], realm->roles[other]);
}

static void first_block_by_stranger(struct realm *realm, struct attempt *out)
{
    const struct party *const others[] = {&realm->stranger, &realm->holder.party,
                                          &realm->officers[0], &realm->rival};
    attempt_issued(realm, out, draft_by(realm, others[realm_draw(4)]));
}

/* The former form of an external signature names no token, and would fit every one. */
static void external_signature_v0(struct realm *realm, struct attempt *out)
{
    AUTO(text_done) struct text payload = text_of_limit(3 * GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text signature = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
    const struct bytes draft = mint_draft(realm, &realm->terms);
    const struct grant_token once =
        mint_open(mint_approve(realm, draft, &realm->officers[0], realm->roles[0]));
    const struct grant_token before = mint_open(draft);
    const struct grant_key *key = &before.parts[0].next_key;
    const uint8_t algorithm[] = {(uint8_t)key->algorithm, 0, 0, 0};
    text_add_raw(&payload, once.parts[1].block);
    text_add_raw(&payload, (struct bytes){algorithm, sizeof algorithm});
    text_add_raw(&payload, (struct bytes){key->bytes, key->size});
    must(grant_secret_sign(&realm->officers[0].secret, text_bytes(&payload), &signature),
         "a signature");
    struct grant_part part = once.parts[1];
    part.version = 0;
    part.external_signature = text_bytes(&signature);
    const struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    hand_over(realm, out, grant, mint_add(realm, draft, part, NULL));
}

static void too_many_blocks(struct realm *realm, struct attempt *out)
{
    struct bytes token = mint_whole(realm);
    while (mint_open(token).part_count < GRANT_BLOCKS_MAX) {
        token = mint_append(realm, token, "more(true);\n");
    }
    const struct mint_grant grant = mint_issue(realm, token);
    AUTO(text_done) struct text longer = text_of_limit(2 * GRANT_TOKEN_SIZE_MAX);
    /* The last field but the proof once more, as bytes: no writer of ours goes beyond. */
    const struct grant_token read = mint_open(token);
    const struct bytes block = read.parts[read.part_count - 1].block;
    size_t at = bytes_find(token, block);
    text_add_raw(&longer, bytes_part(token, 0, at + block.size));
    text_add_raw(&longer, bytes_from(token, at));
    hand_over(realm, out, grant, realm_copy(realm, &longer));
}

static void deed_of_another_kind(struct realm *realm, struct attempt *out)
{
    const struct sha256 block = sha256_of(realm->rules);
    out->file = realm_draw(2) == 0
                    ? realm->card
                    : mint_list(realm, &realm->group, realm->issued_s, 1, &block);
}

static void file_by_another(struct realm *realm, struct attempt *out)
{
    const struct party *const others[] = {&realm->stranger, &realm->agent.party,
                                          &realm->officers[1], &realm->rival,
                                          &realm->holder.party};
    const struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    out->file = mint_file(realm, &grant, &realm->group, others[realm_draw(5)]);
}

/* It names the group's key, and the signature under it is a stranger's. */
static void file_in_the_groups_name(struct realm *realm, struct attempt *out)
{
    AUTO(text_done) struct text forged = text_of_limit(NOTE_SIZE_MAX);
    attempt_issued(realm, out, mint_whole(realm));
    size_t size = bytes_find(out->file, bytes_of_text("\n\n\xe2\x80\x94"));
    must(identity_sign_note(&realm->stranger.identity, bytes_part(out->file, 0, size + 1),
                            &forged),
         "a note");
    out->file = realm_copy(realm, &forged);
}

const struct attempt_kind *attempt_token_kinds(void)
{
    static const struct attempt_kind kinds[] = {
        {"token-without-its-key", without_its_key, "grant-needs-its-holders-key"},
        {"file-altered", file_altered, "grant-is-whole"},
        {"file-truncated", file_truncated, "grant-is-whole"},
        {"file-longer", file_longer, "grant-is-whole"},
        {"token-altered", token_altered, "grant-is-whole"},
        {"token-truncated", token_truncated, "grant-is-whole"},
        {"block-removed", block_removed, "grant-is-whole"},
        {"narrowing-removed", narrowing_removed, "grant-is-whole"},
        {"blocks-reordered", blocks_reordered, "grant-is-whole"},
        {"block-duplicated", block_duplicated, "grant-is-whole"},
        {"block-appended-by-a-stranger", appended_by_stranger, "grant-is-whole"},
        {"sealed-by-a-stranger", sealed_by_stranger, "grant-is-whole"},
        {"first-block-by-a-stranger", first_block_by_stranger, "grant-is-whole"},
        {"external-signature-of-version-0", external_signature_v0, "grant-is-whole"},
        {"too-many-blocks", too_many_blocks, "grant-is-whole"},
        {"deed-of-another-kind", deed_of_another_kind, "grant-is-whole"},
        {"file-signed-by-another", file_by_another, "grant-is-whole"},
        {"file-in-the-groups-name", file_in_the_groups_name, "grant-is-whole"},
        {0},
    };
    return kinds;
}
