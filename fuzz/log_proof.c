/* Claims of access/log_proof.h: what was read, written again, is the input byte by byte; what
 * it borrows lies in it; and nothing is proved that the key did not sign, nor an entry that
 * says it stands elsewhere.
 *
 * Input: the proof of an entry, or a request to a witness. */
#include "fuzz.h"

#include "access/log_proof.h"
#include "codec/base64.h"

/* Of the log with entries 0 to 6 that the corpus has proofs of; nobody kept its secret. */
#define KEY \
    "tocsin/audit/e16a3d30292b0843+89edfbd2+AWBH7fvcQJesxkkxQw0YS7lzzJY8r8dx6hx3UCwtf+0f"

static void add_hashes(const struct merkle_proof *path, struct text *out)
{
    CLAIM(path->count <= LOG_PROOF_HASHES_MAX);
    for (size_t i = 0; i < path->count; i++) {
        base64_add(out, (struct bytes){path->hashes[i].bytes, sizeof path->hashes[i].bytes}, 0);
        text_add_byte(out, '\n');
    }
    text_add_byte(out, '\n');
}

static void check_checkpoint(const struct log_checkpoint *checkpoint, struct bytes input)
{
    CLAIM(lies_inside(checkpoint->file, input));
    CLAIM(lies_inside(checkpoint->says.origin, checkpoint->file));
    CLAIM(checkpoint->note.signature_count > 0);
}

static void check_proof(const struct log_proof *proof, struct bytes input)
{
    AUTO(text_done) struct text again = text_of_limit(LOG_PROOF_SIZE_MAX);
    CLAIM(proof->entry_size <= AUDIT_ENTRY_MAX);
    check_checkpoint(&proof->checkpoint, input);
    text_add(&again, "c2sp.org/tlog-proof@v1\nextra ");
    base64_add(&again, (struct bytes){proof->entry, proof->entry_size}, 0);
    text_addf(&again, "\nindex %llu\n", (unsigned long long)proof->index);
    add_hashes(&proof->path, &again);
    text_add_raw(&again, proof->checkpoint.file);
    CLAIM(bytes_equal(text_bytes(&again), input));
}

/* The one key there is signed one checkpoint only: of seven entries. */
static void check_claims(const struct log_proof *proof, const struct note_key *key)
{
    struct audit_entry entry;
    struct fault fault = {NULL, 0};
    if (log_proof_check(proof, key, &entry, &fault) != STATUS_OK) {
        CLAIM(fault.what != NULL);
        return;
    }
    CLAIM(log_checkpoint_is_of(&proof->checkpoint, key));
    CLAIM(proof->checkpoint.says.size == 7 && proof->index < 7);
    CLAIM(entry.sequence == proof->index);
    CLAIM(lies_inside(entry.operation, (struct bytes){proof->entry, proof->entry_size}));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct note_key key;
    static struct log_proof proof;
    static struct log_request request;
    struct fault fault = {NULL, 0};
    CLAIM(note_key_read(bytes_of_text(KEY), &key) == STATUS_OK);
    if (log_proof_read(input, &proof, &fault) == STATUS_OK) {
        check_proof(&proof, input);
        check_claims(&proof, &key);
        return 0;
    }
    CLAIM(fault.what != NULL);
    if (log_request_read(input, &request, &fault) == STATUS_OK) {
        AUTO(text_done) struct text again = text_of_limit(LOG_PROOF_SIZE_MAX);
        check_checkpoint(&request.checkpoint, input);
        CLAIM(request.older <= request.checkpoint.says.size);
        text_addf(&again, "old %llu\n", (unsigned long long)request.older);
        add_hashes(&request.path, &again);
        text_add_raw(&again, request.checkpoint.file);
        CLAIM(bytes_equal(text_bytes(&again), input));
    }
    return 0;
}
