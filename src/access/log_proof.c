#include "access/log_proof.h"

#include "access/audit_decode.h"
#include "base/cursor.h"
#include "codec/base64.h"

#define PROOF_HEAD "c2sp.org/tlog-proof@v1"

static enum status fail(struct fault *fault, enum status status, const char *what)
{
    *fault = (struct fault){.what = what};
    return status;
}

/* A line that begins with `word`, without it. */
static bool take_word(struct cursor *cursor, const char *word, struct bytes *out)
{
    return cursor_accept(cursor, word) && cursor_until(cursor, '\n', out);
}

/* Hashes, one a line, up to the empty line before the checkpoint. */
static enum status take_hashes(struct cursor *cursor, struct merkle_proof *out,
                               struct fault *fault)
{
    struct bytes line = BYTES_NONE;
    out->count = 0;
    bool has_line = cursor_until(cursor, '\n', &line);
    while (has_line && line.size > 0) {
        if (out->count == LOG_PROOF_HASHES_MAX) {
            return fail(fault, STATUS_LIMIT, "the proof has more than 63 hashes");
        }
        struct sha256 *hash = &out->hashes[out->count++];
        if (!note_base64(line, hash->bytes, sizeof hash->bytes)) {
            return fail(fault, STATUS_MALFORMED, "a hash of the proof is damaged");
        }
        has_line = cursor_until(cursor, '\n', &line);
    }
    return has_line
               ? STATUS_OK
               : fail(fault, STATUS_MALFORMED, "no empty line stands before the checkpoint");
}

enum status log_checkpoint_read(struct bytes file, struct log_checkpoint *out,
                                struct fault *fault)
{
    struct log_checkpoint found = {.file = file};
    TRY(note_read(file, &found.note, fault));
    if (checkpoint_read(found.note.text, &found.says) != STATUS_OK) {
        return fail(fault, STATUS_MALFORMED, "the note is not a checkpoint");
    }
    *out = found;
    return STATUS_OK;
}

bool log_checkpoint_is_of(const struct log_checkpoint *checkpoint, const struct note_key *log)
{
    uint64_t time_s = 0;
    return log->algorithm == NOTE_ED25519 && bytes_equal(checkpoint->says.origin, log->name) &&
           note_check(&checkpoint->note, log, &time_s) == NOTE_SIGNED;
}

enum status log_proof_read(struct bytes input, struct log_proof *out, struct fault *fault)
{
    if (input.size > LOG_PROOF_SIZE_MAX) {
        return fail(fault, STATUS_LIMIT, "the proof is longer than 64 KiB");
    }
    struct cursor cursor = cursor_of(input);
    struct bytes line = BYTES_NONE;
    struct log_proof found = {.entry_size = 0};
    if (!cursor_accept(&cursor, PROOF_HEAD "\n")) {
        return fail(fault, STATUS_MALFORMED, "it does not begin as a proof does: " PROOF_HEAD);
    }
    if (!take_word(&cursor, "extra ", &line)) {
        return fail(fault, STATUS_UNSUPPORTED, "the proof does not bring its entry");
    }
    if (base64_read(line, 0, found.entry, sizeof found.entry, &found.entry_size) != STATUS_OK) {
        return fail(fault, STATUS_MALFORMED,
                    "the entry of the proof is damaged, or longer than an entry may be");
    }
    if (!take_word(&cursor, "index ", &line) || !checkpoint_read_size(line, &found.index)) {
        return fail(fault, STATUS_MALFORMED, "the proof does not say its index");
    }
    TRY(take_hashes(&cursor, &found.path, fault));
    TRY(log_checkpoint_read(cursor_rest(&cursor), &found.checkpoint, fault));
    *out = found;
    return STATUS_OK;
}

enum status log_proof_check(const struct log_proof *proof, const struct note_key *log,
                            struct audit_entry *entry, struct fault *fault)
{
    const struct checkpoint *under = &proof->checkpoint.says;
    struct bytes encoded = {proof->entry, proof->entry_size};
    struct sha256 leaf = merkle_check_leaf(encoded);
    struct audit_entry found;
    if (!log_checkpoint_is_of(&proof->checkpoint, log)) {
        return fail(fault, STATUS_DENIED, "its checkpoint is not signed by the log's key");
    }
    if (!merkle_check_inclusion(&proof->path, proof->index, under->size, &leaf, &under->root)) {
        return fail(fault, STATUS_CONFLICT, "the log does not hold the entry at this place");
    }
    if (audit_entry_decode(encoded, &found) != STATUS_OK) {
        return fail(fault, STATUS_MALFORMED, "what the log holds there is no entry");
    }
    if (found.sequence != proof->index) {
        return fail(fault, STATUS_CONFLICT, "the entry says that it stands in another place");
    }
    *entry = found;
    return STATUS_OK;
}

enum status log_request_read(struct bytes input, struct log_request *out, struct fault *fault)
{
    if (input.size > LOG_PROOF_SIZE_MAX) {
        return fail(fault, STATUS_LIMIT, "the request is longer than 64 KiB");
    }
    struct cursor cursor = cursor_of(input);
    struct bytes line = BYTES_NONE;
    struct log_request found = {.older = 0};
    if (!take_word(&cursor, "old ", &line) || !checkpoint_read_size(line, &found.older)) {
        return fail(fault, STATUS_MALFORMED, "the request does not begin with an old size");
    }
    TRY(take_hashes(&cursor, &found.path, fault));
    TRY(log_checkpoint_read(cursor_rest(&cursor), &found.checkpoint, fault));
    if (found.older > found.checkpoint.says.size) {
        return fail(fault, STATUS_MALFORMED, "the old size is larger than the checkpoint's");
    }
    *out = found;
    return STATUS_OK;
}
