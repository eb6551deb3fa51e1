#include "access/group/grant_file.h"

#include "access/grant/issue.h"

struct grant_key grant_key_of_note(const struct note_key *key)
{
    struct grant_key out = {.algorithm = GRANT_ED25519, .size = sizeof key->key};
    memcpy(out.bytes, key->key, sizeof key->key);
    return out;
}

/* ---- what the log says of it ---- */

enum status grant_issuance(const struct grant_token *token, uint32_t block_count,
                           struct text *out)
{
    if (block_count == 0 || block_count > token->part_count) {
        return STATUS_MALFORMED;
    }
    struct grant_token issued = *token;
    issued.part_count = block_count;
    issued.is_sealed = true;
    issued.proof = BYTES_NONE;
    return grant_token_write(&issued, out);
}

bool grant_file_is_logged(const struct grant_file *file, const struct grant_token *token,
                          struct grant_logged *out)
{
    struct log_proof proof;
    struct audit_entry entry;
    struct fault fault;
    AUTO(text_done) struct text paper = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    if (log_proof_read(file->proof, &proof, &fault) != STATUS_OK ||
        log_proof_check(&proof, &file->group, &entry, &fault) != STATUS_OK ||
        grant_issuance(token, file->block_count, &paper) != STATUS_OK) {
        return false;
    }
    struct sha256 issuance = sha256_of(text_bytes(&paper));
    bool is_issued =
        entry.event == AUDIT_DONE && bytes_equal_text(entry.operation, GRANT_FILE_OPERATION) &&
        bytes_equal(entry.object, (struct bytes){issuance.bytes, sizeof issuance.bytes});
    if (is_issued) {
        *out = (struct grant_logged){proof.index, entry.time_ms, proof.checkpoint.note};
    }
    return is_issued;
}

/* ---- the file ---- */

static enum status take(const struct deed *deed, struct arena *arena, struct grant_file *out)
{
    uint64_t blocks = 0;
    TRY(note_key_read(deed_value(deed, "group"), &out->group));
    TRY(deed_bytes(deed, "token", arena, &out->token));
    TRY(deed_number(deed, "blocks", &blocks));
    TRY(deed_bytes(deed, "proof", arena, &out->proof));
    out->block_count = blocks > GRANT_BLOCKS_MAX ? 0 : (uint32_t)blocks;
    return STATUS_OK;
}

/* Names in the keys borrow from the input, which is copied for that. */
enum status grant_file_read(struct bytes input, struct arena *arena, struct grant_file *out,
                            struct deed_fault *fault)
{
    struct bytes kept;
    struct deed *deed = arena_take(arena, sizeof *deed);
    *fault = (struct deed_fault){.what = "it needs too much memory"};
    if (deed == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(arena_copy(arena, input, &kept));
    TRY(deed_read(kept, DEED_GRANT, deed, fault));
    struct grant_file file = {.signer = deed->key, .hash = deed->hash};
    enum status status = take(deed, arena, &file);
    if (status != STATUS_OK) {
        *fault =
            (struct deed_fault){.what = "its parts are not cut up as those of a grant are"};
        return status;
    }
    *out = file;
    return STATUS_OK;
}

enum status grant_file_write(const struct identity *identity, struct moment made,
                             struct bytes group_line, const struct grant_file *file,
                             struct text *out, struct deed_fault *fault)
{
    AUTO(deed_done) struct deed_draft draft = deed_begin(DEED_GRANT, identity, made);
    deed_add(&draft, "group", bytes_trim(group_line));
    deed_add_bytes(&draft, "token", file->token);
    deed_add_number(&draft, "blocks", file->block_count);
    deed_add_bytes(&draft, "proof", file->proof);
    return deed_finish(&draft, out, fault);
}
