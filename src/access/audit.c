#include "access/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "access/audit_path.h"
#include "access/audit_payload.h"
#include "access/merkle.h"
#include "base/cursor.h"
#include "base/file.h"
#include "base/number.h"

#define TILE_WIDTH 256U
#define TILE_BITS 8
#define LEVEL_COUNT 5
#define SIZE_LIMIT (UINT64_C(1) << (TILE_BITS * LEVEL_COUNT))
#define PATH_SIZE 64
#define LENGTH_SIZE 2U
#define BUNDLE_MAX (TILE_WIDTH * (LENGTH_SIZE + AUDIT_ENTRY_MAX))
#define CHECKPOINT_MAX 1024
#define HASH_SIZE sizeof(struct sha256)
#define TAIL_FLAGS (O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)

/* A file of the log that an append makes longer. */
struct tail {
    int fd;    /* -1 while the file does not exist */
    int level; /* AUDIT_PATH_ENTRIES for an entry bundle */
    uint64_t index;
    uint64_t signed_size; /* how much of it the checkpoint covers */
    uint64_t size;
};

/* The log as its checkpoint signs it, and the open ends of its files. */
struct state {
    uint64_t size;
    uint64_t last_ms; /* the latest time among its last entries */
    struct merkle tree;
    struct tail bundle;
    struct tail tiles[LEVEL_COUNT];
    struct sha256 tile[LEVEL_COUNT][TILE_WIDTH]; /* the open tile of each level */
    struct text cut;                             /* what an unfinished append left */
};

static enum status conflict(struct fault *fault, const char *what)
{
    *fault = (struct fault){.what = what};
    return STATUS_CONFLICT;
}

static void close_state(struct state *state)
{
    file_done(&state->bundle.fd);
    for (size_t i = 0; i < LEVEL_COUNT; i++) {
        file_done(&state->tiles[i].fd);
    }
    text_done(&state->cut);
}

/* Opens what there is; a file that is missing is one of no bytes. */
static enum status open_tail(const struct audit *audit, int level, uint64_t index,
                             struct tail *out)
{
    *out = (struct tail){.fd = -1, .level = level, .index = index};
    AUTO(text_done) struct text path = text_of_limit(PATH_SIZE);
    audit_path_add(&path, out->level, out->index);
    TRY(text_status(&path));
    out->fd = openat(audit->folder, text_terminated(&path), TAIL_FLAGS);
    if (out->fd < 0) {
        return errno == ENOENT ? STATUS_OK : STATUS_IO;
    }
    struct stat facts;
    if (fstat(out->fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        return STATUS_IO;
    }
    out->size = (uint64_t)facts.st_size;
    return STATUS_OK;
}

/* Makes the file, and the folders on the way to it, where they are missing; durable. */
static enum status make_tail(const struct audit *audit, struct tail *tail)
{
    AUTO(text_done) struct text path = text_of_limit(PATH_SIZE);
    audit_path_add(&path, tail->level, tail->index);
    AUTO(file_done) int at = fcntl(audit->folder, F_DUPFD_CLOEXEC, 0);
    if (at < 0) {
        return STATUS_IO;
    }
    struct bytes rest = text_bytes(&path);
    struct bytes part = BYTES_NONE;
    while (bytes_split(&rest, '/', &part) && rest.size > 0) {
        AUTO(text_done) struct text name = text_of_limit(PATH_SIZE);
        text_add_raw(&name, part);
        int next = -1;
        TRY(file_open_folder(at, text_terminated(&name), &next));
        file_done(&at);
        at = next;
    }
    AUTO(text_done) struct text name = text_of_limit(PATH_SIZE);
    text_add_raw(&name, part);
    tail->fd =
        openat(at, text_terminated(&name), TAIL_FLAGS | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
    return tail->fd >= 0 ? file_sync(at) : STATUS_IO;
}

static void unlock(int *folder)
{
    flock(*folder, LOCK_UN);
}

static void add_checkpoint(const struct identity *identity, uint64_t size,
                           const struct sha256 *root, struct text *out)
{
    char base64[sodium_base64_ENCODED_LEN(HASH_SIZE, sodium_base64_VARIANT_ORIGINAL)];
    sodium_bin2base64(base64, sizeof base64, root->bytes, sizeof root->bytes,
                      sodium_base64_VARIANT_ORIGINAL);
    text_addf(out, "%s\n%llu\n%s\n", identity->name, (unsigned long long)size, base64);
}

/* The size and root this key signed last. */
static enum status read_checkpoint(const struct audit *audit, uint64_t *size, struct text *note,
                                   struct fault *fault)
{
    AUTO(file_done)
    int fd = file_open_existing(audit->folder, "checkpoint");
    if (fd < 0) {
        return errno == ENOENT ? conflict(fault, "the audit log has no checkpoint") : STATUS_IO;
    }
    AUTO(text_done) struct text file = text_of_limit(CHECKPOINT_MAX);
    struct bytes signed_part;
    if (file_read(fd, &file) != STATUS_OK ||
        !identity_has_signed(audit->identity, text_bytes(&file), &signed_part)) {
        return conflict(fault, "the audit log's checkpoint is not signed by the owner's key");
    }
    text_add_raw(note, signed_part);
    struct cursor cursor = cursor_of(signed_part);
    struct bytes line = BYTES_NONE;
    if (!cursor_line(&cursor, &line) || !cursor_line(&cursor, &line) ||
        number_decimal_max(line, SIZE_LIMIT - 1, size) != STATUS_OK) {
        return conflict(fault, "the audit log's checkpoint has no size");
    }
    return text_status(note);
}

/* The bytes of `tail` that are signed, and behind them the rest, kept for `state->cut`. */
static enum status read_tile(struct state *state, int level, uint64_t within,
                             struct fault *fault)
{
    struct tail *tail = &state->tiles[level];
    /* Entries fill the open bundle at most; the levels above then got one hash each. */
    uint64_t unsigned_max = level == 0 ? TILE_WIDTH - within : 1;
    tail->signed_size = within * HASH_SIZE;
    if (tail->size < tail->signed_size ||
        tail->size > tail->signed_size + unsigned_max * HASH_SIZE) {
        return conflict(fault, "a hash tile of the audit log has another size than was signed");
    }
    ssize_t want = (ssize_t)tail->signed_size;
    if (want == 0) {
        return STATUS_OK;
    }
    return pread(tail->fd, state->tile[level], (size_t)want, 0) == want ? STATUS_OK : STATUS_IO;
}

/* Compares `count` entries with their hashes, and finds the latest of their times. */
static enum status read_entries(struct cursor *cursor, const struct sha256 *leaves,
                                uint64_t count, uint64_t *last_ms, struct fault *fault)
{
    for (uint64_t i = 0; i < count; i++) {
        struct bytes entry = cursor_take(cursor, cursor_u16be(cursor));
        struct sha256 leaf = merkle_leaf(entry);
        uint64_t time_ms = 0;
        if (cursor_status(cursor) != STATUS_OK || !sha256_equal(&leaf, &leaves[i]) ||
            audit_entry_time(entry, &time_ms) != STATUS_OK) {
            return conflict(fault, "an entry of the audit log is not what was signed");
        }
        *last_ms = time_ms > *last_ms ? time_ms : *last_ms;
    }
    return STATUS_OK;
}

static enum status read_file(const struct audit *audit, int level, uint64_t index,
                             struct text *out)
{
    struct tail tail;
    enum status status = open_tail(audit, level, index, &tail);
    if (status == STATUS_OK) {
        status = tail.fd < 0 ? STATUS_NOT_FOUND : file_read(tail.fd, out);
    }
    file_done(&tail.fd);
    return status;
}

/* Where the open bundle is empty yet, the times that count stand in the full one before it. */
static enum status read_bundle_before(const struct audit *audit, struct state *state,
                                      struct fault *fault)
{
    uint64_t index = state->size / TILE_WIDTH - 1;
    struct sha256 leaves[TILE_WIDTH];
    AUTO(text_done) struct text bundle = text_of_limit(BUNDLE_MAX);
    AUTO(text_done) struct text tile = text_of_limit(sizeof leaves);
    if (read_file(audit, AUDIT_PATH_ENTRIES, index, &bundle) != STATUS_OK ||
        read_file(audit, 0, index, &tile) != STATUS_OK || tile.size != sizeof leaves) {
        return conflict(fault, "an entry bundle of the audit log cannot be read");
    }
    memcpy(leaves, tile.data, sizeof leaves);
    struct cursor cursor = cursor_of(text_bytes(&bundle));
    return read_entries(&cursor, leaves, TILE_WIDTH, &state->last_ms, fault);
}

/* Hashes the signed entries of the open bundle and compares them with the open tile. */
static enum status read_bundle(struct state *state, uint64_t within, struct fault *fault)
{
    AUTO(text_done) struct text file = text_of_limit(BUNDLE_MAX);
    if (state->bundle.fd >= 0 && file_read(state->bundle.fd, &file) != STATUS_OK) {
        return conflict(fault, "an entry bundle of the audit log cannot be read");
    }
    struct cursor cursor = cursor_of(text_bytes(&file));
    TRY(read_entries(&cursor, state->tile[0], within, &state->last_ms, fault));
    state->bundle.signed_size = cursor_offset(&cursor);
    struct bytes tail = cursor_rest(&cursor);
    if (tail.size > (TILE_WIDTH - within) * (LENGTH_SIZE + AUDIT_ENTRY_MAX)) {
        return conflict(fault, "the audit log holds more than its checkpoint signs");
    }
    text_add_raw(&state->cut, tail);
    return text_status(&state->cut);
}

/* Everything an append needs to know; fails where the files are not what was signed. */
static enum status read_state(const struct audit *audit, struct state *state,
                              struct fault *fault)
{
    *state = (struct state){.bundle.fd = -1, .cut = text_of_limit(BUNDLE_MAX)};
    for (size_t i = 0; i < LEVEL_COUNT; i++) {
        state->tiles[i].fd = -1;
    }
    AUTO(text_done) struct text note = text_of_limit(CHECKPOINT_MAX);
    TRY(read_checkpoint(audit, &state->size, &note, fault));
    for (int level = LEVEL_COUNT - 1; level >= 0; level--) {
        uint64_t count = state->size >> (TILE_BITS * level);
        TRY(open_tail(audit, level, count / TILE_WIDTH, &state->tiles[level]));
        TRY(read_tile(state, level, count % TILE_WIDTH, fault));
        for (size_t i = 0; i < count % TILE_WIDTH; i++) {
            merkle_add(&state->tree, state->tile[level][i], UINT64_C(1) << (TILE_BITS * level));
        }
    }
    TRY(open_tail(audit, AUDIT_PATH_ENTRIES, state->size / TILE_WIDTH, &state->bundle));
    TRY(read_bundle(state, state->size % TILE_WIDTH, fault));
    if (state->size > 0 && state->size % TILE_WIDTH == 0) {
        TRY(read_bundle_before(audit, state, fault));
    }
    struct sha256 root = merkle_root(&state->tree);
    AUTO(text_done) struct text again = text_of_limit(CHECKPOINT_MAX);
    add_checkpoint(audit->identity, state->size, &root, &again);
    if (!bytes_equal(text_bytes(&again), text_bytes(&note))) {
        return conflict(fault, "the audit log is not what its checkpoint signed");
    }
    return STATUS_OK;
}

/* Takes away the folders that only a file which was cut away, or not made any more, needed. */
static void remove_folders(const struct audit *audit, const struct tail *tail)
{
    AUTO(text_done) struct text path = text_of_limit(PATH_SIZE);
    audit_path_add(&path, tail->level, tail->index);
    for (size_t i = path.size; i > 0; i--) {
        if (path.data[i - 1] == '/') {
            text_cut(&path, i - 1);
            if (unlinkat(audit->folder, text_terminated(&path), AT_REMOVEDIR) != 0) {
                return;
            }
        }
    }
}

static enum status cut_tail(const struct audit *audit, struct tail *tail)
{
    if (tail->signed_size == 0) {
        AUTO(text_done) struct text path = text_of_limit(PATH_SIZE);
        audit_path_add(&path, tail->level, tail->index);
        if (tail->fd >= 0 && unlinkat(audit->folder, text_terminated(&path), 0) != 0) {
            return STATUS_IO;
        }
        file_done(&tail->fd);
        tail->size = 0;
        remove_folders(audit, tail);
        return STATUS_OK;
    }
    if (tail->size == tail->signed_size) {
        return STATUS_OK;
    }
    if (ftruncate(tail->fd, (off_t)tail->signed_size) != 0 || fdatasync(tail->fd) != 0) {
        return STATUS_IO;
    }
    tail->size = tail->signed_size;
    return STATUS_OK;
}

/* The bundle last: while it goes on behind what is signed, the next append says what it cut. */
static enum status cut_tails(const struct audit *audit, struct state *state)
{
    for (size_t i = 0; i < LEVEL_COUNT; i++) {
        TRY(cut_tail(audit, &state->tiles[i]));
    }
    return cut_tail(audit, &state->bundle);
}

static enum status grow(const struct audit *audit, struct tail *tail, struct bytes bytes)
{
    if (tail->fd < 0) {
        TRY(make_tail(audit, tail));
    }
    tail->size += bytes.size; /* also where only a part arrives: cut_tail then cuts it */
    TRY(file_write(tail->fd, bytes));
    return fdatasync(tail->fd) == 0 ? STATUS_OK : STATUS_IO;
}

static struct sha256 root_of_tile(const struct sha256 *hashes)
{
    struct merkle full = {0};
    for (size_t i = 0; i < TILE_WIDTH; i++) {
        merkle_add(&full, hashes[i], 1);
    }
    return merkle_root(&full);
}

/* Adds new leaves to their tile, which has room for them, and the hash of each tile that is
 * filled to the level above. */
static enum status grow_tiles(const struct audit *audit, struct state *state,
                              const struct sha256 *leaves, size_t count)
{
    const uint8_t *bytes = leaves->bytes;
    TRY(grow(audit, &state->tiles[0], (struct bytes){bytes, count * HASH_SIZE}));
    memcpy(&state->tile[0][state->size % TILE_WIDTH], leaves, count * HASH_SIZE);
    uint64_t filled = state->size + count;
    for (int level = 1; filled % TILE_WIDTH == 0; level++) {
        if (level == LEVEL_COUNT) {
            return STATUS_LIMIT;
        }
        struct sha256 hash = root_of_tile(state->tile[level - 1]);
        filled /= TILE_WIDTH;
        TRY(grow(audit, &state->tiles[level], (struct bytes){hash.bytes, sizeof hash.bytes}));
        state->tile[level][(filled - 1) % TILE_WIDTH] = hash;
    }
    return STATUS_OK;
}

/* The name is fixed, so that what a crash leaves is overwritten; the lock makes that safe.
 * `*is_signed` once the new checkpoint stands: from then on the log may not be cut. */
static enum status write_checkpoint(const struct audit *audit, uint64_t size,
                                    const struct sha256 *root, bool *is_signed)
{
    AUTO(text_done) struct text note = text_of_limit(CHECKPOINT_MAX);
    AUTO(text_done) struct text file = text_of_limit(CHECKPOINT_MAX);
    add_checkpoint(audit->identity, size, root, &note);
    TRY(identity_sign_note(audit->identity, text_bytes(&note), &file));
    AUTO(file_done)
    int fd = openat(audit->home, ".checkpoint",
                    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) {
        return STATUS_IO;
    }
    TRY(file_write(fd, text_bytes(&file)));
    TRY(file_sync(fd));
    if (renameat(audit->home, ".checkpoint", audit->folder, "checkpoint") != 0) {
        return STATUS_IO;
    }
    *is_signed = true;
    return file_sync(audit->folder);
}

/* Entries that are appended by one checkpoint. */
struct piece {
    struct text framed;
    struct sha256 leaves[TILE_WIDTH];
    size_t count;
};

static void piece_done(struct piece *piece)
{
    text_done(&piece->framed);
}

static enum status add_entry(struct piece *piece, struct bytes encoded)
{
    uint8_t length[LENGTH_SIZE] = {(uint8_t)(encoded.size >> 8), (uint8_t)encoded.size};
    text_add_raw(&piece->framed, (struct bytes){length, sizeof length});
    text_add_raw(&piece->framed, encoded);
    piece->leaves[piece->count++] = merkle_leaf(encoded);
    return text_status(&piece->framed);
}

static enum status write_piece(const struct audit *audit, struct state *state,
                               const struct piece *piece, bool *is_signed)
{
    TRY(grow(audit, &state->bundle, text_bytes(&piece->framed)));
    TRY(grow_tiles(audit, state, piece->leaves, piece->count));
    for (size_t i = 0; i < piece->count; i++) {
        merkle_add(&state->tree, piece->leaves[i], 1);
    }
    struct sha256 root = merkle_root(&state->tree);
    return write_checkpoint(audit, state->size + piece->count, &root, is_signed);
}

static uint64_t now_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Makes the bytes of one entry, whose payload is already on the disk. */
static enum status encode_entry(const struct audit *audit, uint64_t time_ms,
                                const struct audit_addition *addition,
                                const struct sha256 *commitment, struct piece *piece)
{
    struct audit_entry full = *addition->entry;
    full.sequence = addition->sequence;
    full.time_ms = time_ms;
    full.subject = (struct bytes){audit->identity->id, sizeof audit->identity->id};
    full.commitment = addition->payload.size > 0
                          ? (struct bytes){commitment->bytes, sizeof commitment->bytes}
                          : BYTES_NONE;
    AUTO(text_done) struct text encoded = text_of_limit(AUDIT_ENTRY_MAX);
    TRY(audit_entry_encode(&full, &encoded));
    return add_entry(piece, text_bytes(&encoded));
}

/* Entries that fit into the open bundle, onto a log whose state was read and found whole. */
static enum status append_piece(const struct audit *audit, struct state *state,
                                struct audit_addition *additions, size_t count)
{
    if (state->size + count >= SIZE_LIMIT) {
        return STATUS_LIMIT;
    }
    AUTO(piece_done) struct piece piece = {.framed = text_of_limit(BUNDLE_MAX)};
    /* A clock that was set back must not be able to hide that by being recorded. */
    uint64_t time_ms = now_ms();
    time_ms = time_ms > state->last_ms ? time_ms : state->last_ms;
    struct sha256 commitments[TILE_WIDTH];
    TRY(audit_payload_keep(audit->payloads, state->size, additions, count, commitments));
    for (size_t i = 0; i < count; i++) {
        additions[i].sequence = state->size + i;
        TRY(encode_entry(audit, time_ms, &additions[i], &commitments[i], &piece));
    }
    bool is_signed = false;
    enum status status = write_piece(audit, state, &piece, &is_signed);
    if (status != STATUS_OK && !is_signed) {
        int kept = errno;
        IGNORE(cut_tails(audit, state), "what stays is cut by the next append");
        errno = kept;
    }
    return status;
}

/* How many of `count` more entries the open bundle has room for. */
static size_t room_for(const struct state *state, size_t count)
{
    size_t room = TILE_WIDTH - (size_t)(state->size % TILE_WIDTH);
    return count < room ? count : room;
}

/* An entry of the log about itself, then the state anew. */
static enum status append_own(const struct audit *audit, struct state *state,
                              enum audit_event event, const char *rule, struct bytes policy,
                              const struct sha256 *object, struct fault *fault)
{
    struct audit_entry entry = {
        .event = event,
        .operation = bytes_of_text("audit.append"),
        .rule = bytes_of_text(rule),
        .policy = policy,
        .object = {object->bytes, sizeof object->bytes},
    };
    struct audit_addition addition = {.entry = &entry};
    TRY(append_piece(audit, state, &addition, 1));
    close_state(state);
    return read_state(audit, state, fault);
}

/* Cuts away what an unfinished append left, and says so; says who the log belongs to. */
static enum status prepare(const struct audit *audit, struct state *state, struct bytes policy,
                           struct fault *fault)
{
    struct sha256 cut = sha256_of(text_bytes(&state->cut));
    bool was_cut = state->cut.size > 0;
    TRY(cut_tails(audit, state));
    if (state->size == 0) {
        struct sha256 key =
            sha256_of((struct bytes){audit->identity->public_key, IDENTITY_KEY_SIZE});
        TRY(append_own(audit, state, AUDIT_BEGIN, "a-log-has-one-owner", policy, &key, fault));
    }
    if (was_cut) {
        TRY(append_own(audit, state, AUDIT_RECOVERED, "what-is-not-signed-does-not-count",
                       policy, &cut, fault));
    }
    return STATUS_OK;
}

/* A bundle at a time: an append that is cut short then leaves its rest in the open files only.
 */
static enum status append_pieces(const struct audit *audit, struct state *state,
                                 struct audit_addition *additions, size_t count,
                                 size_t *appended, struct fault *fault)
{
    while (*appended < count) {
        size_t some = room_for(state, count - *appended);
        TRY(append_piece(audit, state, additions + *appended, some));
        *appended += some;
        if (*appended < count) {
            close_state(state);
            TRY(read_state(audit, state, fault));
        }
    }
    return STATUS_OK;
}

enum status audit_append_all(const struct audit *audit, struct audit_addition *additions,
                             size_t count, size_t *appended, struct fault *fault)
{
    *appended = 0;
    if (count == 0) {
        return STATUS_OK;
    }
    *fault = (struct fault){.what = "the audit log cannot be written"};
    AUTO(unlock) int folder = audit->folder;
    TRY(file_lock(folder, LOCK_EX, AUDIT_LOCK_MS));
    AUTO(close_state) struct state state;
    enum status status = read_state(audit, &state, fault);
    if (status == STATUS_OK) {
        status = prepare(audit, &state, additions->entry->policy, fault);
    }
    if (status == STATUS_OK) {
        status = append_pieces(audit, &state, additions, count, appended, fault);
    }
    if (status == STATUS_OK) {
        *fault = (struct fault){0};
    }
    return status;
}

enum status audit_append(const struct audit *audit, const struct audit_entry *entry,
                         struct bytes payload, uint64_t *sequence, struct fault *fault)
{
    struct audit_addition addition = {.entry = entry, .payload = payload};
    size_t appended = 0;
    TRY(audit_append_all(audit, &addition, 1, &appended, fault));
    *sequence = addition.sequence;
    return STATUS_OK;
}

enum status audit_begin(const struct audit *audit, struct fault *fault)
{
    *fault = (struct fault){.what = "the audit log cannot be begun"};
    struct sha256 root = merkle_root(&(struct merkle){0});
    bool is_signed = false;
    return write_checkpoint(audit, 0, &root, &is_signed);
}
