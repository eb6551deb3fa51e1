#include "mint.h"

#include <sodium.h>
#include <string.h>

#include "access/grant/issue.h"
#include "access/grant/source.h"
#include "access/group/revocation.h"
#include "access/merkle_check.h"
#include "access/merkle_proof.h"
#include "access/witness.h"
#include "codec/base64.h"

#define PAYLOAD_SIZE_MAX (3 * GRANT_TOKEN_SIZE_MAX)
#define LEAVES_MAX 48

/* ---- tokens ---- */

struct datalog_block mint_block(struct realm *realm, const char *source)
{
    struct datalog_block block;
    struct fault fault = {NULL, 0};
    must(datalog_read(bytes_of_text(source), SOURCE_BLOCK, realm->arena, &block, &fault),
         source);
    return block;
}

struct grant_token mint_open(struct bytes token)
{
    struct grant_token out;
    struct fault fault = {NULL, 0};
    must(grant_token_read(token, &out, &fault), "a token");
    return out;
}

struct bytes mint_write(struct realm *realm, const struct grant_token *token)
{
    AUTO(text_done) struct text out = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    must(grant_token_write(token, &out), "a token");
    return realm_copy(realm, &out);
}

/* The keys between the blocks are of either algorithm. */
struct bytes mint_add(struct realm *realm, struct bytes token, struct grant_part part,
                      const struct grant_secret *signer)
{
    struct grant_token longer = token.size == 0 ? (struct grant_token){0} : mint_open(token);
    struct grant_secret held;
    struct grant_secret next;
    AUTO(text_done) struct text payload = text_of_limit(PAYLOAD_SIZE_MAX);
    AUTO(text_done) struct text signature = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
    struct bytes previous = BYTES_NONE;
    if (longer.part_count > 0) {
        const struct grant_part *last = &longer.parts[longer.part_count - 1];
        previous = last->signature;
        must(grant_secret_of(last->next_key.algorithm, longer.proof, &held), "a proof");
    }
    must(grant_secret_new((enum grant_algorithm)realm_draw(2), &next), "a secret");
    must(grant_secret_key(&next, &part.next_key), "a key");
    grant_add_block_payload(&part, previous, &payload);
    must(grant_secret_sign(signer == NULL ? &held : signer, text_bytes(&payload), &signature),
         "a signature");
    part.signature = text_bytes(&signature);
    longer.parts[longer.part_count++] = part;
    longer.proof = (struct bytes){next.bytes, sizeof next.bytes};
    return mint_write(realm, &longer);
}

struct bytes mint_root(struct realm *realm, const struct grant_secret *root,
                       const struct datalog_block *block)
{
    struct grant_symbols symbols = {.arena = realm->arena};
    AUTO(text_done) struct text bytes = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    must(grant_block_write(block, &symbols, &bytes), "a first block");
    return mint_add(realm, BYTES_NONE,
                    (struct grant_part){.block = text_bytes(&bytes), .version = 1}, root);
}

struct bytes mint_draft(struct realm *realm, const struct grant_terms *terms)
{
    struct datalog_block block;
    must(grant_terms_block(terms, realm->arena, &block), "terms");
    return mint_root(realm, &realm->group.secret, &block);
}

struct bytes mint_append(struct realm *realm, struct bytes token, const char *source)
{
    struct grant_token read = mint_open(token);
    struct grant_symbols symbols;
    struct fault fault = {NULL, 0};
    struct datalog_block *blocks =
        arena_take_many(realm->arena, GRANT_BLOCKS_MAX, sizeof *blocks);
    const struct datalog_block block = mint_block(realm, source);
    AUTO(text_done) struct text bytes = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    must(blocks == NULL ? STATUS_NO_MEMORY : STATUS_OK, "memory for blocks");
    must(grant_blocks_read(&read, realm->arena, blocks, &symbols, &fault), "blocks");
    must(grant_block_write(&block, &symbols, &bytes), "a block");
    return mint_add(realm, token,
                    (struct grant_part){.block = text_bytes(&bytes), .version = 1}, NULL);
}

struct bytes mint_external(struct realm *realm, struct bytes token, const struct party *party,
                           const struct datalog_block *block)
{
    const struct grant_token read = mint_open(token);
    struct datalog_block external = *block;
    struct grant_symbols symbols = {.arena = realm->arena};
    AUTO(text_done) struct text bytes = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text payload = text_of_limit(PAYLOAD_SIZE_MAX);
    AUTO(text_done) struct text signature = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
    external.has_external = true;
    must(grant_block_write(&external, &symbols, &bytes), "a third party's block");
    grant_add_external_payload(text_bytes(&bytes), read.parts[read.part_count - 1].signature,
                               &payload);
    must(grant_secret_sign(&party->secret, text_bytes(&payload), &signature), "a signature");
    const struct grant_part part = {.block = text_bytes(&bytes),
                                    .version = 1,
                                    .has_external = true,
                                    .external_key = party->key,
                                    .external_signature = text_bytes(&signature)};
    return mint_add(realm, token, part, NULL);
}

struct bytes mint_approve(struct realm *realm, struct bytes token, const struct party *party,
                          const char *role)
{
    const struct datalog_block block =
        mint_block(realm, realm_format(realm, "approved_by(\"%s\");\n", role));
    return mint_external(realm, token, party, &block);
}

struct bytes mint_delegate(struct realm *realm, struct bytes token, const struct party *by,
                           const struct grant_delegation *delegation)
{
    struct datalog_block block;
    must(grant_delegation_block(delegation, realm->arena, &block), "a delegation");
    return mint_external(realm, token, by, &block);
}

void mint_choose(const struct realm *realm, size_t *one, size_t *other)
{
    do {
        *one = realm_draw(REALM_OFFICERS);
        *other = realm_draw(REALM_OFFICERS);
    } while (strcmp(realm->roles[*one], realm->roles[*other]) == 0);
}

void mint_choose_alike(size_t *one, size_t *other)
{
    static const size_t pairs[][2] = {{1, 2}, {2, 1}, {0, 4}, {4, 0}};
    const size_t *pair = pairs[realm_draw(sizeof pairs / sizeof *pairs)];
    *one = pair[0];
    *other = pair[1];
}

struct bytes mint_whole_of(struct realm *realm, const struct grant_terms *terms)
{
    size_t one = 0;
    size_t other = 0;
    mint_choose(realm, &one, &other);
    struct bytes token = mint_draft(realm, terms);
    token = mint_approve(realm, token, &realm->officers[one], realm->roles[one]);
    return mint_approve(realm, token, &realm->officers[other], realm->roles[other]);
}

struct bytes mint_whole(struct realm *realm)
{
    return mint_whole_of(realm, &realm->terms);
}

/* ---- the log ---- */

struct leaves {
    struct sha256 hashes[LEAVES_MAX];
};

static enum status subtree(void *context, unsigned level, uint64_t index, struct sha256 *out)
{
    const struct leaves *leaves = context;
    if (level == 0) {
        *out = leaves->hashes[index];
        return STATUS_OK;
    }
    struct sha256 left;
    struct sha256 right;
    TRY(subtree(context, level - 1, 2 * index, &left));
    TRY(subtree(context, level - 1, 2 * index + 1, &right));
    *out = merkle_check_pair(&left, &right);
    return STATUS_OK;
}

static struct bytes write_entry(struct realm *realm, const struct mint_entry *entry,
                                uint64_t sequence)
{
    AUTO(text_done) struct text out = text_of_limit(AUDIT_ENTRY_MAX);
    const struct bytes hash = {entry->object.bytes, sizeof entry->object.bytes};
    const struct audit_entry whole = {
        .sequence = sequence + entry->moved,
        .time_ms = entry->time_s * 1000,
        .event = entry->event,
        .class = CLASS_VERIFIED,
        .subject = {realm->group.identity.id, AUDIT_SUBJECT_SIZE},
        .operation = bytes_of_text(entry->operation),
        .rule = bytes_of_text("owner-on-own-machine"),
        .policy = hash,
        .object = hash,
    };
    must(audit_entry_encode(&whole, &out), "an entry");
    return realm_copy(realm, &out);
}

static struct bytes sign_checkpoint(struct realm *realm, const struct party *log, uint64_t size,
                                    const struct sha256 *root)
{
    AUTO(text_done) struct text text = text_of_limit(NOTE_SIZE_MAX);
    AUTO(text_done) struct text note = text_of_limit(NOTE_SIZE_MAX);
    char encoded[64];
    sodium_bin2base64(encoded, sizeof encoded, root->bytes, sizeof root->bytes,
                      sodium_base64_VARIANT_ORIGINAL);
    text_addf(&text, "%s\n%llu\n%s\n", realm->group.identity.name, (unsigned long long)size,
              encoded);
    must(identity_sign_note(&log->identity, text_bytes(&text), &note), "a checkpoint");
    return realm_copy(realm, &note);
}

struct bytes mint_cosign(struct realm *realm, struct bytes checkpoint,
                         const struct mint_cosigning *cosigning)
{
    char name[IDENTITY_NAME_MAX];
    const struct note_key key = witness_key(&cosigning->as->identity, name);
    uint8_t signature[sizeof key.hash + sizeof(uint64_t) + crypto_sign_BYTES];
    AUTO(text_done) struct text message = text_of_limit(NOTE_SIZE_MAX);
    AUTO(text_done) struct text out = text_of_limit(NOTE_SIZE_MAX);
    text_addf(&message, "cosignature/v1\ntime %llu\n", (unsigned long long)cosigning->at_s);
    text_add_raw(&message, bytes_part(cosigning->of, 0,
                                      bytes_find(cosigning->of, bytes_of_text("\n\n")) + 1));
    memcpy(signature, key.hash, sizeof key.hash);
    for (size_t i = 0; i < sizeof(uint64_t); i++) {
        signature[sizeof key.hash + i] = (uint8_t)(cosigning->at_s >> (56 - 8 * i));
    }
    crypto_sign_detached(signature + sizeof key.hash + sizeof(uint64_t), NULL,
                         text_bytes(&message).data, message.size,
                         cosigning->by->identity.secret);
    text_add_raw(&out, checkpoint);
    text_add(&out, "\xe2\x80\x94 ");
    text_add_raw(&out, key.name);
    text_add_byte(&out, ' ');
    base64_add(&out, (struct bytes){signature, sizeof signature}, 0);
    text_add_byte(&out, '\n');
    return realm_copy(realm, &out);
}

/* By two of the three, or by all. */
static struct bytes cosign(struct realm *realm, struct bytes checkpoint)
{
    size_t left_out = realm_draw(REALM_WITNESSES + 1);
    struct bytes out = checkpoint;
    for (size_t i = 0; i < REALM_WITNESSES; i++) {
        if (i != left_out) {
            const struct mint_cosigning cosigning = {&realm->witnesses[i], &realm->witnesses[i],
                                                     checkpoint, realm->issued_s};
            out = mint_cosign(realm, out, &cosigning);
        }
    }
    return out;
}

struct sha256 mint_issuance(struct bytes token)
{
    const struct grant_token read = mint_open(token);
    AUTO(text_done) struct text paper = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    must(grant_issuance(&read, read.part_count, &paper), "an issuance");
    return sha256_of(text_bytes(&paper));
}

struct mint_grant mint_issue_as(struct realm *realm, struct bytes token,
                                const struct mint_entry *entry, const struct party *log)
{
    struct leaves leaves;
    struct sha256 root;
    struct merkle_source source = {subtree, &leaves};
    struct mint_grant grant = {.token = token, .block_count = mint_open(token).part_count};
    uint64_t size = 2 + realm_draw(LEAVES_MAX - 2);
    grant.proof.index = realm_draw(size);
    for (uint64_t i = 0; i < size; i++) {
        struct mint_entry other = *entry;
        other.operation = "group.enrol";
        other.event = AUDIT_DONE;
        other.object.bytes[0] ^= (uint8_t)(1 + realm_draw(255));
        const struct bytes bytes =
            write_entry(realm, i == grant.proof.index ? entry : &other, i);
        leaves.hashes[i] = merkle_check_leaf(bytes);
        if (i == grant.proof.index) {
            grant.proof.entry = bytes;
        }
    }
    must(merkle_source_root(&source, size, &root), "a root");
    must(merkle_prove_inclusion(&source, grant.proof.index, size, &grant.proof.path),
         "a proof");
    grant.proof.alone = sign_checkpoint(realm, log, size, &root);
    grant.proof.checkpoint = cosign(realm, grant.proof.alone);
    return grant;
}

struct mint_grant mint_issue(struct realm *realm, struct bytes token)
{
    const struct mint_entry entry = {.operation = GRANT_FILE_OPERATION,
                                     .event = AUDIT_DONE,
                                     .time_s = realm->issued_s,
                                     .object = mint_issuance(token)};
    return mint_issue_as(realm, token, &entry, &realm->group);
}

/* ---- files ---- */

struct bytes mint_proof_file(struct realm *realm, const struct mint_proof *proof)
{
    AUTO(text_done) struct text out = text_of_limit(LOG_PROOF_SIZE_MAX);
    text_add(&out, "c2sp.org/tlog-proof@v1\nextra ");
    base64_add(&out, proof->entry, 0);
    text_addf(&out, "\nindex %llu\n", (unsigned long long)proof->index);
    for (size_t i = 0; i < proof->path.count; i++) {
        const struct sha256 *hash = &proof->path.hashes[i];
        base64_add(&out, (struct bytes){hash->bytes, sizeof hash->bytes}, 0);
        text_add_byte(&out, '\n');
    }
    text_add_byte(&out, '\n');
    text_add_raw(&out, proof->checkpoint);
    return realm_copy(realm, &out);
}

struct bytes mint_file_of(struct realm *realm, const struct mint_grant *grant,
                          struct bytes proof, const struct party *group,
                          const struct party *signer)
{
    AUTO(text_done) struct text out = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    const struct grant_file file = {
        .token = grant->token, .block_count = grant->block_count, .proof = proof};
    must(grant_file_write(&signer->identity, realm_moment(realm->issued_s),
                          realm_line(realm, group), &file, &out, &fault),
         "a grant's file");
    return realm_copy(realm, &out);
}

struct bytes mint_file(struct realm *realm, const struct mint_grant *grant,
                       const struct party *group, const struct party *signer)
{
    return mint_file_of(realm, grant, mint_proof_file(realm, &grant->proof), group, signer);
}

struct bytes mint_issued(struct realm *realm, struct bytes token)
{
    const struct mint_grant grant = mint_issue(realm, token);
    return mint_file(realm, &grant, &realm->group, &realm->group);
}

struct bytes mint_narrowed(struct realm *realm, const struct grant_delegation *delegation)
{
    struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    grant.token = mint_delegate(realm, grant.token, &realm->holder.party, delegation);
    return mint_file(realm, &grant, &realm->group, &realm->holder.party);
}

struct bytes mint_list_until(struct realm *realm, const struct party *signer, uint64_t made_s,
                             uint64_t number, const struct sha256 *block, uint64_t ends_s)
{
    AUTO(text_done) struct text out = text_of_limit(NOTE_SIZE_MAX);
    struct revocation_list *list = arena_take(realm->arena, sizeof *list);
    struct deed_fault fault = {0};
    must(list == NULL ? STATUS_NO_MEMORY : STATUS_OK, "memory for a list");
    list->number = number;
    must(revocation_list_add(list, block, ends_s), "a list");
    must(revocation_list_write(&signer->identity, realm_moment(made_s), list, &out, &fault),
         "a list");
    return realm_copy(realm, &out);
}

struct bytes mint_list(struct realm *realm, const struct party *signer, uint64_t made_s,
                       uint64_t number, const struct sha256 *block)
{
    return mint_list_until(realm, signer, made_s, number, block, realm->terms.expires_s);
}
