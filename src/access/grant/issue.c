#include "access/grant/issue.h"

#include "access/grant/proto.h"
#include "access/grant/token_fields.h"

#include <sodium.h>
#include <string.h>

/* Datalog from which the later form of signature is needed. */
#define LATER_DATALOG 6

static void add_key(struct text *out, uint32_t field, const struct grant_key *key)
{
    AUTO(text_done) struct text message = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    proto_add_number(&message, KEY_FIELD_ALGORITHM, key->algorithm);
    proto_add_bytes(&message, KEY_FIELD_BYTES, (struct bytes){key->bytes, key->size});
    proto_add_bytes(out, field, text_bytes(&message));
}

static void add_external(struct text *out, uint32_t field, const struct grant_key *key,
                         struct bytes signature)
{
    AUTO(text_done) struct text message = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    proto_add_bytes(&message, EXTERNAL_SIGNATURE, signature);
    add_key(&message, EXTERNAL_KEY, key);
    proto_add_bytes(out, field, text_bytes(&message));
}

static void add_part(struct text *out, uint32_t field, const struct grant_part *part)
{
    AUTO(text_done) struct text message = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    proto_add_bytes(&message, SIGNED_BLOCK, part->block);
    add_key(&message, SIGNED_NEXT_KEY, &part->next_key);
    proto_add_bytes(&message, SIGNED_SIGNATURE, part->signature);
    if (part->has_external) {
        add_external(&message, SIGNED_EXTERNAL, &part->external_key, part->external_signature);
    }
    if (part->version > 0) {
        proto_add_number(&message, SIGNED_VERSION, part->version);
    }
    proto_add_bytes(out, field, text_bytes(&message));
}

/* Wiped first.  A secret is added last and at once, so no smaller memory that the text grew out
 * of has held it. */
static void secret_text_done(struct text *text)
{
    if (text->data != NULL) {
        sodium_memzero(text->data, text->capacity);
    }
    text_done(text);
}

enum status grant_token_write(const struct grant_token *token, struct text *out)
{
    AUTO(secret_text_done) struct text whole = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(secret_text_done) struct text proof = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    if (token->has_root_key_id) {
        proto_add_number(&whole, TOKEN_ROOT_KEY_ID, token->root_key_id);
    }
    for (uint32_t i = 0; i < token->part_count; i++) {
        add_part(&whole, i == 0 ? TOKEN_AUTHORITY : TOKEN_BLOCKS, &token->parts[i]);
    }
    proto_add_bytes(&proof, token->is_sealed ? PROOF_SIGNATURE : PROOF_SECRET, token->proof);
    proto_add_bytes(&whole, TOKEN_PROOF, text_bytes(&proof));
    TRY(text_status(&whole));
    text_add_raw(out, text_bytes(&whole));
    return text_status(out);
}

/* The version of the signature: the later one wherever the earlier would say less. */
static uint32_t version_for(const struct grant_token *token, const struct grant_part *part,
                            enum grant_algorithm signer, uint32_t datalog)
{
    bool is_later = part->has_external || datalog >= LATER_DATALOG || signer != GRANT_ED25519 ||
                    part->next_key.algorithm != GRANT_ED25519;
    for (uint32_t i = 0; i < token->part_count; i++) {
        is_later = is_later || token->parts[i].version > 0;
    }
    return is_later ? 1 : 0;
}

/* Signs `part`, whose block and external signature are there, and writes the token with it. */
static enum status add_signed(const struct grant_token *token,
                              const struct grant_secret *signer, struct grant_part part,
                              uint32_t datalog, struct text *out)
{
    if (token->part_count == GRANT_BLOCKS_MAX) {
        return STATUS_LIMIT;
    }
    struct grant_secret next;
    TRY(grant_secret_new(GRANT_ED25519, &next));
    AUTO(text_done) struct text payload = text_of_limit(3 * GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text signature = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
    enum status status = grant_secret_key(&next, &part.next_key);
    if (status == STATUS_OK) {
        part.version = version_for(token, &part, signer->algorithm, datalog);
        grant_add_block_payload(
            &part,
            token->part_count == 0 ? BYTES_NONE : token->parts[token->part_count - 1].signature,
            &payload);
        status = grant_secret_sign(signer, text_bytes(&payload), &signature);
    }
    if (status == STATUS_OK) {
        struct grant_token longer = *token;
        part.signature = text_bytes(&signature);
        longer.parts[longer.part_count++] = part;
        longer.proof = (struct bytes){next.bytes, sizeof next.bytes};
        status = grant_token_write(&longer, out);
    }
    grant_secret_done(&next);
    return status;
}

enum status grant_create(const struct grant_secret *root, const struct datalog_block *block,
                         struct arena *arena, struct text *out)
{
    struct grant_symbols symbols = {.arena = arena};
    AUTO(text_done) struct text bytes = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    TRY(grant_block_write(block, &symbols, &bytes));
    struct grant_token empty = {0};
    return add_signed(&empty, root, (struct grant_part){.block = text_bytes(&bytes)},
                      datalog_version(block), out);
}

/* The secret that a token carries, for whoever holds it. */
static enum status take_secret(const struct grant_token *token, struct grant_secret *out,
                               struct fault *fault)
{
    if (token->is_sealed) {
        *fault = (struct fault){"the token is sealed", 0};
        return STATUS_CONFLICT;
    }
    return grant_secret_of(token->parts[token->part_count - 1].next_key.algorithm, token->proof,
                           out);
}

enum status grant_append(const struct grant_token *token, const struct datalog_block *block,
                         struct arena *arena, struct text *out, struct fault *fault)
{
    struct grant_symbols symbols;
    struct datalog_block *blocks = arena_take_many(arena, GRANT_BLOCKS_MAX, sizeof *blocks);
    if (blocks == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(grant_blocks_read(token, arena, blocks, &symbols, fault));
    AUTO(text_done) struct text bytes = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    TRY(grant_block_write(block, &symbols, &bytes));
    struct grant_secret secret;
    TRY(take_secret(token, &secret, fault));
    enum status status =
        add_signed(token, &secret, (struct grant_part){.block = text_bytes(&bytes)},
                   datalog_version(block), out);
    grant_secret_done(&secret);
    return status;
}

enum status grant_seal(const struct grant_token *token, struct text *out)
{
    struct grant_secret secret;
    struct fault fault;
    TRY(take_secret(token, &secret, &fault));
    AUTO(text_done) struct text payload = text_of_limit(3 * GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text signature = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
    grant_add_seal_payload(&token->parts[token->part_count - 1], &payload);
    enum status status = grant_secret_sign(&secret, text_bytes(&payload), &signature);
    grant_secret_done(&secret);
    TRY(status);
    struct grant_token sealed = *token;
    sealed.is_sealed = true;
    sealed.proof = text_bytes(&signature);
    return grant_token_write(&sealed, out);
}

/* ---- third parties ---- */

enum status grant_request_write(const struct grant_token *token, struct text *out)
{
    proto_add_bytes(out, REQUEST_PREVIOUS_SIGNATURE,
                    token->parts[token->part_count - 1].signature);
    return text_status(out);
}

static enum status read_request(struct bytes request, struct bytes *out, struct fault *fault)
{
    struct cursor cursor = cursor_of(request);
    struct proto_field field;
    *out = BYTES_NONE;
    while (proto_next(&cursor, &field)) {
        if (proto_is_bytes(&cursor, &field, REQUEST_PREVIOUS_SIGNATURE)) {
            *out = field.bytes;
        }
    }
    if (cursor.status != STATUS_OK || out->size == 0 || out->size > GRANT_SIGNATURE_SIZE_MAX) {
        *fault = (struct fault){"this is no request for a third party's block", 0};
        return STATUS_MALFORMED;
    }
    return STATUS_OK;
}

enum status grant_request_answer(struct bytes request, const struct grant_secret *secret,
                                 const struct datalog_block *block, struct arena *arena,
                                 struct text *out, struct fault *fault)
{
    struct bytes previous;
    TRY(read_request(request, &previous, fault));
    struct datalog_block external = *block;
    external.has_external = true;
    struct grant_key key;
    TRY(grant_secret_key(secret, &key));
    /* A third party sees no other block, so its names and keys are all its own. */
    struct grant_symbols symbols = {.arena = arena};
    AUTO(text_done) struct text bytes = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text payload = text_of_limit(3 * GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text signature = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
    TRY(grant_block_write(&external, &symbols, &bytes));
    grant_add_external_payload(text_bytes(&bytes), previous, &payload);
    TRY(grant_secret_sign(secret, text_bytes(&payload), &signature));
    proto_add_bytes(out, ANSWER_BLOCK, text_bytes(&bytes));
    add_external(out, ANSWER_EXTERNAL, &key, text_bytes(&signature));
    return text_status(out);
}

static enum status verify_answer(const struct grant_token *token, const struct grant_part *part,
                                 struct fault *fault)
{
    AUTO(text_done) struct text payload = text_of_limit(3 * GRANT_TOKEN_SIZE_MAX);
    grant_add_external_payload(part->block, token->parts[token->part_count - 1].signature,
                               &payload);
    enum status status =
        grant_key_verify(&part->external_key, text_bytes(&payload), part->external_signature);
    if (status != STATUS_OK) {
        *fault = (struct fault){"the block was not made for this token", 0};
    }
    return status;
}

enum status grant_append_answer(const struct grant_token *token, struct bytes answer,
                                struct text *out, struct fault *fault)
{
    struct grant_part part = {0};
    struct cursor cursor = cursor_of(answer);
    struct proto_field field;
    while (proto_next(&cursor, &field)) {
        if (proto_is_bytes(&cursor, &field, ANSWER_BLOCK)) {
            part.block = field.bytes;
        } else if (proto_is_bytes(&cursor, &field, ANSWER_EXTERNAL)) {
            TRY(grant_external_read(field.bytes, &part, fault));
        }
    }
    if (cursor.status != STATUS_OK || !part.has_external) {
        *fault = (struct fault){"this is no answer to a request", 0};
        return STATUS_MALFORMED;
    }
    TRY(verify_answer(token, &part, fault));
    struct grant_secret secret;
    TRY(take_secret(token, &secret, fault));
    enum status status = add_signed(token, &secret, part, DATALOG_VERSION_EXTERNAL, out);
    grant_secret_done(&secret);
    return status;
}
