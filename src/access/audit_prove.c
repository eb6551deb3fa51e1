#include "access/audit_prove.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "access/audit_decode.h"
#include "access/audit_path.h"
#include "access/checkpoint.h"
#include "base/cursor.h"
#include "base/file.h"

#define TILE_BITS 8U
#define TILE_WIDTH 256U
#define PATH_SIZE 64
#define BUNDLE_MAX (TILE_WIDTH * (2 + AUDIT_ENTRY_MAX))

/* What the checkpoint says, and where its files lie. */
struct log {
    const struct audit *audit;
    struct checkpoint checkpoint;
    struct bytes note; /* the checkpoint as it is signed */
};

static enum status conflict(struct fault *fault, const char *what)
{
    *fault = (struct fault){.what = what};
    return STATUS_CONFLICT;
}

static enum status read_file(const struct audit *audit, const char *path, struct text *out)
{
    AUTO(file_done)
    int fd = openat(audit->folder, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    return file_read(fd, out);
}

static enum status read_log(const struct audit *audit, struct arena *arena, struct log *out,
                            struct fault *fault)
{
    struct log log = {.audit = audit};
    AUTO(text_done) struct text file = text_of_limit(AUDIT_CHECKPOINT_MAX);
    struct bytes text = BYTES_NONE;
    if (read_file(audit, "checkpoint", &file) != STATUS_OK) {
        return conflict(fault, "the checkpoint of the audit log cannot be read");
    }
    TRY(arena_copy(arena, text_bytes(&file), &log.note));
    if (!identity_has_signed(audit->identity, log.note, &text) ||
        checkpoint_read(text, &log.checkpoint) != STATUS_OK) {
        return conflict(fault, "the audit log's checkpoint is not signed by the owner's key");
    }
    *out = log;
    return STATUS_OK;
}

/* ---- hashes ---- */

static enum status read_hash(const struct audit *audit, unsigned level, uint64_t index,
                             struct sha256 *out)
{
    AUTO(text_done) struct text path = text_of_limit(PATH_SIZE);
    audit_path_add(&path, (int)level, index / TILE_WIDTH);
    TRY(text_status(&path));
    AUTO(file_done)
    int fd = openat(audit->folder, text_terminated(&path),
                    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    off_t offset = (off_t)(index % TILE_WIDTH * sizeof *out);
    return fd >= 0 && pread(fd, out->bytes, sizeof out->bytes, offset) ==
                          (ssize_t)sizeof out->bytes
               ? STATUS_OK
               : STATUS_IO;
}

/* A subtree of a whole number of tile levels stands in a tile; one between them is made of the
 * at most 128 hashes below it. */
static enum status find_subtree(void *context, unsigned level, uint64_t index,
                                struct sha256 *out)
{
    const struct log *log = context;
    unsigned within = level % TILE_BITS;
    struct merkle tree = {0};
    for (uint64_t i = 0; i < UINT64_C(1) << within; i++) {
        struct sha256 hash;
        TRY(read_hash(log->audit, level / TILE_BITS, (index << within) + i, &hash));
        merkle_add(&tree, hash, 1);
    }
    *out = merkle_root(&tree);
    return STATUS_OK;
}

/* ---- entries ---- */

static enum status read_entry(const struct log *log, uint64_t sequence, struct arena *arena,
                              struct bytes *out, struct fault *fault)
{
    AUTO(text_done) struct text path = text_of_limit(PATH_SIZE);
    AUTO(text_done) struct text bundle = text_of_limit(BUNDLE_MAX);
    audit_path_add(&path, AUDIT_PATH_ENTRIES, sequence / TILE_WIDTH);
    TRY(text_status(&path));
    if (read_file(log->audit, text_terminated(&path), &bundle) != STATUS_OK) {
        return conflict(fault, "an entry bundle of the audit log cannot be read");
    }
    struct cursor cursor = cursor_of(text_bytes(&bundle));
    struct bytes entry = BYTES_NONE;
    for (uint64_t i = 0; i <= sequence % TILE_WIDTH; i++) {
        entry = cursor_take(&cursor, cursor_u16be(&cursor));
    }
    struct sha256 leaf = merkle_leaf(entry);
    struct sha256 kept;
    if (cursor_status(&cursor) != STATUS_OK ||
        read_hash(log->audit, 0, sequence, &kept) != STATUS_OK || !sha256_equal(&leaf, &kept)) {
        return conflict(fault, "an entry of the audit log is not what was signed");
    }
    return arena_copy(arena, entry, out);
}

enum status audit_prove(const struct audit *audit, uint64_t sequence, struct arena *arena,
                        struct audit_proof *out, struct fault *fault)
{
    struct log log;
    struct sha256 root;
    struct audit_proof proof = {.sequence = sequence};
    *fault = (struct fault){.what = "the audit log cannot be read"};
    TRY(read_log(audit, arena, &log, fault));
    if (sequence >= log.checkpoint.size) {
        *fault = (struct fault){.what = "the audit log has no such entry"};
        return STATUS_NOT_FOUND;
    }
    const struct merkle_source source = {find_subtree, &log};
    if (merkle_source_root(&source, log.checkpoint.size, &root) != STATUS_OK ||
        !sha256_equal(&root, &log.checkpoint.root)) {
        return conflict(fault, "the audit log is not what its checkpoint signed");
    }
    TRY(read_entry(&log, sequence, arena, &proof.entry, fault));
    TRY(merkle_prove_inclusion(&source, sequence, log.checkpoint.size, &proof.path));
    proof.checkpoint = log.note;
    *out = proof;
    return STATUS_OK;
}

/* Older logs may hold times that go back: of the last bundle the latest counts. */
static enum status find_latest(const struct log *log, uint64_t *time_ms, struct fault *fault)
{
    uint64_t last = log->checkpoint.size - 1;
    AUTO(text_done) struct text path = text_of_limit(PATH_SIZE);
    AUTO(text_done) struct text bundle = text_of_limit(BUNDLE_MAX);
    audit_path_add(&path, AUDIT_PATH_ENTRIES, last / TILE_WIDTH);
    TRY(text_status(&path));
    if (read_file(log->audit, text_terminated(&path), &bundle) != STATUS_OK) {
        return conflict(fault, "an entry bundle of the audit log cannot be read");
    }
    struct cursor cursor = cursor_of(text_bytes(&bundle));
    uint64_t latest_ms = 0;
    for (uint64_t i = last - last % TILE_WIDTH; i <= last; i++) {
        struct bytes bytes = cursor_take(&cursor, cursor_u16be(&cursor));
        struct sha256 leaf = merkle_leaf(bytes);
        struct sha256 kept;
        struct audit_entry entry;
        if (cursor_status(&cursor) != STATUS_OK ||
            read_hash(log->audit, 0, i, &kept) != STATUS_OK || !sha256_equal(&leaf, &kept) ||
            audit_entry_decode(bytes, &entry) != STATUS_OK) {
            return conflict(fault, "an entry of the audit log is not what was signed");
        }
        latest_ms = entry.time_ms > latest_ms ? entry.time_ms : latest_ms;
    }
    *time_ms = latest_ms;
    return STATUS_OK;
}

enum status audit_last_time(const struct audit *audit, struct arena *arena, uint64_t *time_ms,
                            struct fault *fault)
{
    struct log log;
    *fault = (struct fault){.what = "the audit log cannot be read"};
    TRY(read_log(audit, arena, &log, fault));
    if (log.checkpoint.size == 0) {
        *time_ms = 0;
        return STATUS_OK;
    }
    return find_latest(&log, time_ms, fault);
}
