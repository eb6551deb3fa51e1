#include "access/group/grant_file.h"

#include "access/audit_decode.h"
#include "access/checkpoint.h"
#include "access/grant/issue.h"
#include "access/merkle_check.h"

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

static bool read_checkpoint(const struct grant_file *file, struct checkpoint *out)
{
    struct note note;
    struct fault fault;
    uint64_t time_s = 0;
    return note_read(file->proof.checkpoint, &note, &fault) == STATUS_OK &&
           note_check(&note, &file->group, &time_s) == NOTE_SIGNED &&
           checkpoint_read(note.text, out) == STATUS_OK &&
           bytes_equal(out->origin, file->group.name);
}

static bool says_issued(const struct grant_file *file, const struct grant_token *token,
                        uint64_t *issued_ms)
{
    struct audit_entry entry;
    AUTO(text_done) struct text paper = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    if (grant_issuance(token, file->block_count, &paper) != STATUS_OK ||
        audit_entry_decode(file->proof.entry, &entry) != STATUS_OK) {
        return false;
    }
    struct sha256 issuance = sha256_of(text_bytes(&paper));
    *issued_ms = entry.time_ms;
    return entry.event == AUDIT_DONE && entry.sequence == file->proof.sequence &&
           bytes_equal_text(entry.operation, GRANT_FILE_OPERATION) &&
           bytes_equal(entry.object, (struct bytes){issuance.bytes, sizeof issuance.bytes});
}

bool grant_file_is_logged(const struct grant_file *file, const struct grant_token *token,
                          uint64_t *issued_ms)
{
    struct checkpoint checkpoint;
    uint64_t time_ms = 0;
    if (!read_checkpoint(file, &checkpoint) || !says_issued(file, token, &time_ms)) {
        return false;
    }
    struct sha256 leaf = merkle_check_leaf(file->proof.entry);
    if (!merkle_check_inclusion(&file->proof.path, file->proof.sequence, checkpoint.size, &leaf,
                                &checkpoint.root)) {
        return false;
    }
    *issued_ms = time_ms;
    return true;
}

/* ---- the file ---- */

static enum status read_path(const struct deed *deed, struct merkle_proof *out)
{
    size_t index = 0;
    const struct deed_line *line;
    while ((line = deed_next(deed, "proof", &index)) != NULL) {
        TRY(sha256_read_hex(line->value, &out->hashes[out->count++]));
    }
    return STATUS_OK;
}

static enum status take(const struct deed *deed, struct arena *arena, struct grant_file *out)
{
    uint64_t blocks = 0;
    TRY(note_key_read(deed_value(deed, "group"), &out->group));
    TRY(deed_bytes(deed, "token", arena, &out->token));
    TRY(deed_number(deed, "blocks", &blocks));
    TRY(deed_number(deed, "sequence", &out->proof.sequence));
    TRY(deed_bytes(deed, "entry", arena, &out->proof.entry));
    TRY(deed_bytes(deed, "checkpoint", arena, &out->proof.checkpoint));
    out->block_count = blocks > GRANT_BLOCKS_MAX ? 0 : (uint32_t)blocks;
    return read_path(deed, &out->proof.path);
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
    deed_add_number(&draft, "sequence", file->proof.sequence);
    deed_add_bytes(&draft, "entry", file->proof.entry);
    for (size_t i = 0; i < file->proof.path.count; i++) {
        deed_add_hash(&draft, "proof", &file->proof.path.hashes[i]);
    }
    deed_add_bytes(&draft, "checkpoint", file->proof.checkpoint);
    return deed_finish(&draft, out, fault);
}
