#include "access/audit_prove.h"

#include <errno.h>
#include <sodium.h>
#include <sys/file.h>
#include <unistd.h>

#include "access/audit_decode.h"
#include "access/audit_path.h"
#include "access/log_proof.h"
#include "base/cursor.h"
#include "base/file.h"
#include "codec/base64.h"

#define TILE_BITS 8U
#define TILE_WIDTH 256U
#define PATH_SIZE 64
#define BUNDLE_MAX (TILE_WIDTH * (2 + AUDIT_ENTRY_MAX))

static const char not_what_was_signed[] =
    "the audit log is not what its checkpoint signed: see 'tocsin access audit verify'";

/* A log opened for reading, as its checkpoint says it is. */
struct log {
    int folder;
    struct text file; /* the checkpoint as it is signed */
    struct log_checkpoint checkpoint;
};

static enum status fail(struct fault *fault, enum status status, const char *what)
{
    *fault = (struct fault){.what = what};
    return status;
}

static void close_log(struct log *log)
{
    if (log->folder >= 0) {
        flock(log->folder, LOCK_UN);
    }
    file_done(&log->folder);
    text_done(&log->file);
}

static enum status read_file(int folder, const char *path, struct text *out)
{
    AUTO(file_done)
    int fd = file_open_existing(folder, path);
    return fd < 0 ? STATUS_IO : file_read(fd, out);
}

static enum status open_log(int home, const struct note_key *key, struct log *out,
                            struct fault *fault)
{
    *out = (struct log){.folder = -1, .file = text_of_limit(NOTE_SIZE_MAX)};
    if (sodium_init() < 0) {
        return fail(fault, STATUS_IO, "libsodium cannot be used");
    }
    /* Opened anew, so that the lock is this call's own. */
    out->folder = file_open_existing_folder(home, "audit");
    if (out->folder < 0) {
        return errno == ENOENT ? fail(fault, STATUS_NOT_FOUND, "there is no audit log")
                               : fail(fault, STATUS_IO, "the audit log cannot be opened");
    }
    /* Waits for an append that is under way. */
    if (file_lock(out->folder, LOCK_SH, AUDIT_LOCK_MS) != STATUS_OK ||
        read_file(out->folder, "checkpoint", &out->file) != STATUS_OK) {
        return fail(fault, STATUS_CONFLICT, "the audit log's checkpoint cannot be read");
    }
    if (log_checkpoint_read(text_bytes(&out->file), &out->checkpoint, fault) != STATUS_OK) {
        return fail(fault, STATUS_CONFLICT, "the audit log's checkpoint is damaged");
    }
    return log_checkpoint_is_of(&out->checkpoint, key)
               ? STATUS_OK
               : fail(fault, STATUS_DENIED,
                      "the audit log's checkpoint is not signed by this key");
}

/* ---- hashes ---- */

/* A subtree lies in one tile: its 1 to 128 hashes are of the highest level that is kept. */
static enum status find_subtree(void *context, unsigned level, uint64_t index,
                                struct sha256 *out)
{
    const struct log *log = context;
    unsigned within = level % TILE_BITS;
    uint64_t first = index << within;
    size_t count = (size_t)1 << within;
    struct sha256 hashes[TILE_WIDTH / 2];
    AUTO(text_done) struct text path = text_of_limit(PATH_SIZE);
    audit_path_add(&path, (int)(level / TILE_BITS), first / TILE_WIDTH);
    TRY(text_status(&path));
    AUTO(file_done)
    int fd = file_open_existing(log->folder, text_terminated(&path));
    ssize_t want = (ssize_t)(count * sizeof *hashes);
    off_t offset = (off_t)(first % TILE_WIDTH * sizeof *hashes);
    if (fd < 0 || pread(fd, hashes, (size_t)want, offset) != want) {
        return STATUS_IO;
    }
    struct merkle tree = {0};
    for (size_t i = 0; i < count; i++) {
        merkle_add(&tree, hashes[i], 1);
    }
    *out = merkle_root(&tree);
    return STATUS_OK;
}

static void add_base64_line(struct text *out, struct bytes bytes)
{
    base64_add(out, bytes, 0);
    text_add_byte(out, '\n');
}

static void add_hashes(struct text *out, const struct merkle_proof *proof)
{
    for (size_t i = 0; i < proof->count; i++) {
        add_base64_line(out,
                        (struct bytes){proof->hashes[i].bytes, sizeof proof->hashes[i].bytes});
    }
    text_add_byte(out, '\n');
}

/* ---- entries ---- */

static enum status read_entry(const struct log *log, uint64_t index, struct text *out)
{
    AUTO(text_done) struct text path = text_of_limit(PATH_SIZE);
    AUTO(text_done) struct text bundle = text_of_limit(BUNDLE_MAX);
    audit_path_add(&path, AUDIT_PATH_ENTRIES, index / TILE_WIDTH);
    TRY(text_status(&path));
    TRY(read_file(log->folder, text_terminated(&path), &bundle));
    struct cursor cursor = cursor_of(text_bytes(&bundle));
    struct bytes entry = BYTES_NONE;
    for (uint64_t i = 0; i <= index % TILE_WIDTH; i++) {
        entry = cursor_take(&cursor, cursor_u16be(&cursor));
    }
    TRY(cursor_status(&cursor));
    text_add_raw(out, entry);
    return text_status(out);
}

/* What is given out is checked as who receives it does: of a damaged log nothing is. */
static enum status check_proof(struct bytes file, const struct note_key *key)
{
    struct log_proof proof;
    struct audit_entry entry;
    struct fault fault;
    TRY(log_proof_read(file, &proof, &fault));
    return log_proof_check(&proof, key, &entry, &fault);
}

static enum status write_proof(const struct log *log, const struct log_checkpoint *under,
                               uint64_t index, struct text *out)
{
    const struct merkle_source source = {find_subtree, (void *)(uintptr_t)log};
    struct merkle_proof proof;
    AUTO(text_done) struct text entry = text_of_limit(AUDIT_ENTRY_MAX);
    TRY(merkle_prove_inclusion(&source, index, under->says.size, &proof));
    TRY(read_entry(log, index, &entry));
    text_add(out, "c2sp.org/tlog-proof@v1\nextra ");
    add_base64_line(out, text_bytes(&entry));
    text_addf(out, "index %llu\n", (unsigned long long)index);
    add_hashes(out, &proof);
    text_add_raw(out, under->file);
    return text_status(out);
}

enum status audit_prove(int home, const struct note_key *key, struct bytes checkpoint,
                        uint64_t index, struct text *out, struct fault *fault)
{
    AUTO(close_log) struct log log;
    TRY(open_log(home, key, &log, fault));
    struct log_checkpoint under = log.checkpoint;
    if (checkpoint.size > 0) {
        TRY(log_checkpoint_read(checkpoint, &under, fault));
    }
    if (index >= under.says.size || under.says.size > log.checkpoint.says.size) {
        return fail(fault, STATUS_NOT_FOUND, "the audit log has no such entry");
    }
    enum status status = write_proof(&log, &under, index, out);
    if (status == STATUS_OK) {
        status = check_proof(text_bytes(out), key);
    }
    if (status != STATUS_OK) {
        text_clear(out);
    }
    return status == STATUS_OK || status == STATUS_NO_MEMORY
               ? status
               : fail(fault, STATUS_CONFLICT, not_what_was_signed);
}

/* Of one entry, by a proof: what the checkpoint signed, whose signature was checked when the
 * log was opened. */
static enum status prove_last(const struct log *log)
{
    const struct merkle_source source = {find_subtree, (void *)(uintptr_t)log};
    const struct checkpoint *says = &log->checkpoint.says;
    AUTO(text_done) struct text entry = text_of_limit(AUDIT_ENTRY_MAX);
    struct merkle_proof proof;
    TRY(merkle_prove_inclusion(&source, says->size - 1, says->size, &proof));
    TRY(read_entry(log, says->size - 1, &entry));
    struct sha256 leaf = merkle_check_leaf(text_bytes(&entry));
    return merkle_check_inclusion(&proof, says->size - 1, says->size, &leaf, &says->root)
               ? STATUS_OK
               : STATUS_CONFLICT;
}

/* Older logs may hold times that go back: of the last bundle the latest counts. */
static enum status find_latest(const struct log *log, uint64_t *time_ms)
{
    uint64_t last = log->checkpoint.says.size - 1;
    AUTO(text_done) struct text path = text_of_limit(PATH_SIZE);
    AUTO(text_done) struct text bundle = text_of_limit(BUNDLE_MAX);
    AUTO(text_done) struct text tile = text_of_limit(TILE_WIDTH * sizeof(struct sha256));
    audit_path_add(&path, AUDIT_PATH_ENTRIES, last / TILE_WIDTH);
    TRY(text_status(&path));
    TRY(read_file(log->folder, text_terminated(&path), &bundle));
    text_clear(&path);
    audit_path_add(&path, 0, last / TILE_WIDTH);
    TRY(text_status(&path));
    TRY(read_file(log->folder, text_terminated(&path), &tile));
    struct cursor entries = cursor_of(text_bytes(&bundle));
    struct cursor hashes = cursor_of(text_bytes(&tile));
    for (uint64_t i = 0; i <= last % TILE_WIDTH; i++) {
        struct bytes bytes = cursor_take(&entries, cursor_u16be(&entries));
        struct bytes kept = cursor_take(&hashes, sizeof(struct sha256));
        struct sha256 leaf = merkle_leaf(bytes);
        struct audit_entry entry;
        TRY(cursor_status(&entries));
        TRY(cursor_status(&hashes));
        if (!bytes_equal(kept, (struct bytes){leaf.bytes, sizeof leaf.bytes})) {
            return STATUS_CONFLICT;
        }
        TRY(audit_entry_decode(bytes, &entry));
        *time_ms = entry.time_ms > *time_ms ? entry.time_ms : *time_ms;
    }
    return STATUS_OK;
}

enum status audit_last_time(const struct audit *audit, uint64_t *time_ms, struct fault *fault)
{
    const struct note_key key = audit_key(audit->identity);
    AUTO(close_log) struct log log;
    TRY(open_log(audit->home, &key, &log, fault));
    *time_ms = 0;
    if (log.checkpoint.says.size == 0) {
        return STATUS_OK;
    }
    return prove_last(&log) == STATUS_OK && find_latest(&log, time_ms) == STATUS_OK
               ? STATUS_OK
               : fail(fault, STATUS_CONFLICT, not_what_was_signed);
}

/* ---- growth ---- */

static enum status find_growth(const struct log *log, uint64_t older, struct merkle_proof *out)
{
    const struct merkle_source source = {find_subtree, (void *)(uintptr_t)log};
    const struct checkpoint *newer = &log->checkpoint.says;
    struct sha256 whole;
    struct sha256 part;
    TRY(merkle_source_root(&source, newer->size, &whole));
    TRY(merkle_source_root(&source, older, &part));
    TRY(merkle_prove_consistency(&source, older, newer->size, out));
    bool is_good =
        sha256_equal(&whole, &newer->root) &&
        (older == 0 || merkle_check_consistency(out, older, newer->size, &part, &newer->root));
    return is_good ? STATUS_OK : STATUS_CONFLICT;
}

enum status audit_prove_growth(int home, const struct note_key *key, uint64_t older,
                               struct text *out, struct fault *fault)
{
    AUTO(close_log) struct log log;
    TRY(open_log(home, key, &log, fault));
    struct merkle_proof proof;
    if (older > log.checkpoint.says.size) {
        return fail(fault, STATUS_NOT_FOUND, "the audit log has fewer entries than that");
    }
    if (find_growth(&log, older, &proof) != STATUS_OK) {
        return fail(fault, STATUS_CONFLICT, not_what_was_signed);
    }
    text_addf(out, "old %llu\n", (unsigned long long)older);
    add_hashes(out, &proof);
    text_add_raw(out, log.checkpoint.file);
    return text_status(out);
}

enum status audit_root(int home, const struct note_key *key, uint64_t size, struct sha256 *out,
                       struct fault *fault)
{
    AUTO(close_log) struct log log;
    TRY(open_log(home, key, &log, fault));
    const struct merkle_source source = {find_subtree, &log};
    const struct checkpoint *says = &log.checkpoint.says;
    struct sha256 whole;
    if (size > says->size) {
        return fail(fault, STATUS_NOT_FOUND, "the audit log has fewer entries than that");
    }
    if (merkle_source_root(&source, says->size, &whole) != STATUS_OK ||
        !sha256_equal(&whole, &says->root) ||
        merkle_source_root(&source, size, out) != STATUS_OK) {
        return fail(fault, STATUS_CONFLICT, not_what_was_signed);
    }
    return STATUS_OK;
}

struct note_key audit_key(const struct identity *identity)
{
    struct note_key key = {.name = bytes_of_text(identity->name), .algorithm = NOTE_ED25519};
    memcpy(key.hash, identity->note_hash, sizeof key.hash);
    memcpy(key.key, identity->public_key, sizeof key.key);
    return key;
}
