#include "access/grant/token.h"

#include "access/grant/proto.h"
#include "access/grant/token_fields.h"

#define VERSION_MAX 1
/* Protocol Buffers would merge the two, readers differ in it, and no writer does it. */
#define TWICE "a part of the token stands twice"
/* What the payloads add to the block: marks, keys and two signatures. */
#define PAYLOAD_SIZE_MAX (2 * GRANT_TOKEN_SIZE_MAX + 1024)

/* Fails with the reason the cursor kept, or with one of ours. */
static enum status refuse(const struct cursor *cursor, enum status status, const char *what,
                          struct fault *fault)
{
    if (cursor->status != STATUS_OK) {
        *fault = cursor->fault;
        return cursor->status == STATUS_TRUNCATED ? STATUS_MALFORMED : cursor->status;
    }
    *fault = (struct fault){what, cursor_offset(cursor)};
    return status;
}

static enum status read_key(struct bytes input, struct grant_key *out, struct fault *fault)
{
    struct cursor cursor = cursor_of(input);
    struct proto_field field;
    uint64_t algorithm = 0;
    struct bytes bytes = BYTES_NONE;
    bool has_algorithm = false;
    while (proto_next(&cursor, &field)) {
        if (proto_is_number(&cursor, &field, KEY_FIELD_ALGORITHM)) {
            algorithm = field.value;
            has_algorithm = true;
        } else if (proto_is_bytes(&cursor, &field, KEY_FIELD_BYTES)) {
            bytes = field.bytes;
        }
    }
    if (cursor.status != STATUS_OK || !has_algorithm) {
        return refuse(&cursor, STATUS_MALFORMED, "a key names no algorithm", fault);
    }
    enum status status = grant_key_of(algorithm, bytes, out);
    return status == STATUS_OK ? STATUS_OK
                               : refuse(&cursor, STATUS_MALFORMED, "a key is none", fault);
}

enum status grant_external_read(struct bytes input, struct grant_part *out, struct fault *fault)
{
    struct cursor cursor = cursor_of(input);
    struct proto_field field;
    struct bytes key = BYTES_NONE;
    while (proto_next(&cursor, &field)) {
        if (proto_is_bytes(&cursor, &field, EXTERNAL_SIGNATURE)) {
            out->external_signature = field.bytes;
        } else if (proto_is_bytes(&cursor, &field, EXTERNAL_KEY)) {
            key = field.bytes;
        }
    }
    if (cursor.status != STATUS_OK || out->external_signature.size == 0) {
        return refuse(&cursor, STATUS_MALFORMED, "an external signature is empty", fault);
    }
    out->has_external = true;
    return read_key(key, &out->external_key, fault);
}

static enum status read_part(struct bytes input, struct grant_part *out, struct fault *fault)
{
    struct cursor cursor = cursor_of(input);
    struct proto_field field;
    struct bytes next_key = BYTES_NONE;
    struct bytes external = BYTES_NONE;
    uint64_t version = 0;
    bool has_external = false;
    while (proto_next(&cursor, &field)) {
        if (proto_is_bytes(&cursor, &field, SIGNED_BLOCK)) {
            out->block = field.bytes;
        } else if (proto_is_bytes(&cursor, &field, SIGNED_NEXT_KEY)) {
            if (next_key.data != NULL) {
                return refuse(&cursor, STATUS_MALFORMED, TWICE, fault);
            }
            next_key = field.bytes;
        } else if (proto_is_bytes(&cursor, &field, SIGNED_SIGNATURE)) {
            out->signature = field.bytes;
        } else if (proto_is_bytes(&cursor, &field, SIGNED_EXTERNAL)) {
            if (has_external) {
                return refuse(&cursor, STATUS_MALFORMED, TWICE, fault);
            }
            external = field.bytes;
            has_external = true;
        } else if (proto_is_number(&cursor, &field, SIGNED_VERSION)) {
            version = field.value;
        }
    }
    if (cursor.status != STATUS_OK || out->signature.size == 0) {
        return refuse(&cursor, STATUS_MALFORMED, "a block has no signature", fault);
    }
    if (version > VERSION_MAX) {
        return refuse(&cursor, STATUS_MALFORMED, "a signature of an unknown version", fault);
    }
    if (has_external && version == 0) {
        return refuse(&cursor, STATUS_MALFORMED,
                      "an external signature of version 0 is not accepted", fault);
    }
    out->version = (uint32_t)version;
    TRY(read_key(next_key, &out->next_key, fault));
    return has_external ? grant_external_read(external, out, fault) : STATUS_OK;
}

static enum status read_proof(struct bytes input, struct grant_token *out, struct fault *fault)
{
    struct cursor cursor = cursor_of(input);
    struct proto_field field;
    bool has_proof = false;
    while (proto_next(&cursor, &field)) {
        if (proto_is_bytes(&cursor, &field, PROOF_SECRET) ||
            proto_is_bytes(&cursor, &field, PROOF_SIGNATURE)) {
            out->is_sealed = field.number == PROOF_SIGNATURE;
            out->proof = field.bytes;
            has_proof = true;
        }
    }
    return cursor.status == STATUS_OK && has_proof
               ? STATUS_OK
               : refuse(&cursor, STATUS_MALFORMED, "the token has no proof", fault);
}

/* The authority is made the first part wherever it stands in the bytes. */
static enum status read_parts(struct bytes input, struct grant_token *out, struct fault *fault)
{
    struct cursor cursor = cursor_of(input);
    struct proto_field field;
    out->part_count = 1;
    bool has_authority = false;
    struct bytes proof = BYTES_NONE;
    while (proto_next(&cursor, &field)) {
        if (proto_is_number(&cursor, &field, TOKEN_ROOT_KEY_ID)) {
            out->has_root_key_id = true;
            out->root_key_id = (uint32_t)field.value;
        } else if (proto_is_bytes(&cursor, &field, TOKEN_AUTHORITY)) {
            if (has_authority) {
                return refuse(&cursor, STATUS_MALFORMED, TWICE, fault);
            }
            out->parts[0] = (struct grant_part){0};
            TRY(read_part(field.bytes, &out->parts[0], fault));
            has_authority = true;
        } else if (proto_is_bytes(&cursor, &field, TOKEN_BLOCKS)) {
            if (out->part_count == GRANT_BLOCKS_MAX) {
                return refuse(&cursor, STATUS_LIMIT, "the token has too many blocks", fault);
            }
            TRY(read_part(field.bytes, &out->parts[out->part_count++], fault));
        } else if (proto_is_bytes(&cursor, &field, TOKEN_PROOF)) {
            if (proof.data != NULL) {
                return refuse(&cursor, STATUS_MALFORMED, TWICE, fault);
            }
            proof = field.bytes;
        }
    }
    if (cursor.status != STATUS_OK || !has_authority || out->parts[0].has_external) {
        return refuse(&cursor, STATUS_MALFORMED, "the token has no valid authority block",
                      fault);
    }
    return read_proof(proof, out, fault);
}

enum status grant_token_read(struct bytes input, struct grant_token *out, struct fault *fault)
{
    if (input.size > GRANT_TOKEN_SIZE_MAX) {
        *fault = (struct fault){"the token is too large", 0};
        return STATUS_LIMIT;
    }
    struct grant_token token = {0};
    TRY(read_parts(input, &token, fault));
    *out = token;
    return STATUS_OK;
}

/* ---- what is signed ---- */

static void add_u32le(struct text *out, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++) {
        text_add_byte(out, (char)(uint8_t)(value >> (8 * i)));
    }
}

/* A mark with the zero bytes before and after it that are part of it. */
static void add_mark(struct text *out, const char *name)
{
    text_add_byte(out, '\0');
    text_add(out, name);
    text_add_byte(out, '\0');
}

static void add_key(struct text *out, const struct grant_key *key)
{
    text_add_raw(out, (struct bytes){key->bytes, key->size});
}

void grant_add_block_payload(const struct grant_part *part, struct bytes previous_signature,
                             struct text *out)
{
    if (part->version == 0) {
        text_add_raw(out, part->block);
        add_u32le(out, part->next_key.algorithm);
        add_key(out, &part->next_key);
        return;
    }
    add_mark(out, "BLOCK");
    add_mark(out, "VERSION");
    add_u32le(out, part->version);
    add_mark(out, "PAYLOAD");
    text_add_raw(out, part->block);
    add_mark(out, "ALGORITHM");
    add_u32le(out, part->next_key.algorithm);
    add_mark(out, "NEXTKEY");
    add_key(out, &part->next_key);
    if (previous_signature.size > 0) {
        add_mark(out, "PREVSIG");
        text_add_raw(out, previous_signature);
    }
    if (part->has_external) {
        add_mark(out, "EXTERNALSIG");
        text_add_raw(out, part->external_signature);
    }
}

void grant_add_external_payload(struct bytes block, struct bytes previous_signature,
                                struct text *out)
{
    add_mark(out, "EXTERNAL");
    add_mark(out, "VERSION");
    add_u32le(out, 1);
    add_mark(out, "PAYLOAD");
    text_add_raw(out, block);
    add_mark(out, "PREVSIG");
    text_add_raw(out, previous_signature);
}

void grant_add_seal_payload(const struct grant_part *part, struct text *out)
{
    text_add_raw(out, part->block);
    add_u32le(out, part->next_key.algorithm);
    add_key(out, &part->next_key);
    text_add_raw(out, part->signature);
}

/* ---- verifying ---- */

static enum status verify(const struct grant_key *key, const struct text *payload,
                          struct bytes signature, const char *what, struct fault *fault)
{
    TRY(text_status(payload));
    enum status status = grant_key_verify(key, text_bytes(payload), signature);
    if (status == STATUS_DENIED) {
        *fault = (struct fault){what, 0};
    } else if (status == STATUS_MALFORMED) {
        *fault = (struct fault){"a signature is not of its key's form", 0};
    }
    return status;
}

static enum status verify_part(const struct grant_part *part, const struct grant_key *key,
                               struct bytes previous_signature, struct fault *fault)
{
    AUTO(text_done) struct text payload = text_of_limit(PAYLOAD_SIZE_MAX);
    grant_add_block_payload(part, previous_signature, &payload);
    TRY(verify(key, &payload, part->signature, "the signature of a block does not verify",
               fault));
    if (!part->has_external) {
        return STATUS_OK;
    }
    text_clear(&payload);
    grant_add_external_payload(part->block, previous_signature, &payload);
    return verify(&part->external_key, &payload, part->external_signature,
                  "the external signature of a block does not verify", fault);
}

static enum status verify_proof(const struct grant_token *token, struct fault *fault)
{
    const struct grant_part *last = &token->parts[token->part_count - 1];
    if (token->is_sealed) {
        AUTO(text_done) struct text payload = text_of_limit(PAYLOAD_SIZE_MAX);
        grant_add_seal_payload(last, &payload);
        return verify(&last->next_key, &payload, token->proof, "the seal does not verify",
                      fault);
    }
    struct grant_secret secret;
    struct grant_key key;
    enum status status = grant_secret_of(last->next_key.algorithm, token->proof, &secret);
    if (status == STATUS_OK) {
        status = grant_secret_key(&secret, &key);
        grant_secret_done(&secret);
    }
    if (status != STATUS_OK) {
        *fault = (struct fault){"the proof is no secret key", 0};
        return status;
    }
    if (!grant_key_equal(&key, &last->next_key)) {
        *fault = (struct fault){"the proof is not the secret of the last key", 0};
        return STATUS_DENIED;
    }
    return STATUS_OK;
}

enum status grant_token_verify_parts(const struct grant_token *token,
                                     const struct grant_key *root, struct fault *fault)
{
    const struct grant_key *key = root;
    struct bytes previous_signature = BYTES_NONE;
    for (uint32_t i = 0; i < token->part_count; i++) {
        const struct grant_part *part = &token->parts[i];
        TRY(verify_part(part, key, previous_signature, fault));
        key = &part->next_key;
        previous_signature = part->signature;
    }
    return STATUS_OK;
}

enum status grant_token_verify(const struct grant_token *token, const struct grant_key *root,
                               struct fault *fault)
{
    TRY(grant_token_verify_parts(token, root, fault));
    return verify_proof(token, fault);
}

enum status grant_token_open(struct bytes input, const struct grant_key *root,
                             struct grant_token *out, struct fault *fault)
{
    struct grant_token token;
    TRY(grant_token_read(input, &token, fault));
    TRY(grant_token_verify(&token, root, fault));
    *out = token;
    return STATUS_OK;
}

enum status grant_revocation(const struct grant_token *token, const struct grant_key *root,
                             uint32_t index, struct sha256 *out)
{
    AUTO(text_done) struct text normal = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
    const struct grant_key *signer = index == 0 ? root : &token->parts[index - 1].next_key;
    TRY(grant_signature_normalise(signer->algorithm, token->parts[index].signature, &normal));
    *out = sha256_of(text_bytes(&normal));
    return STATUS_OK;
}
