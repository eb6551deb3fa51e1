#include "access/audit_verify.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/audit_decode.h"
#include "access/checkpoint.h"
#include "access/merkle_check.h"
#include "access/note.h"
#include "base/cursor.h"
#include "base/file.h"
#include "base/number.h"
#include "codec/sha256.h"

#define WIDTH 256U
#define LEVELS 5
#define CHECKPOINT_SIZE_MAX 1024
#define BUNDLE_SIZE_MAX (WIDTH * (2 + AUDIT_ENTRY_MAX))
#define PAYLOAD_SIZE_MAX (32 + 65536)
#define SALT_SIZE 32
#define PATH_SIZE_MAX 256
#define DEPTH_MAX 8
#define BIT_COUNT 41
#define SIZE_LIMIT (UINT64_C(1) << (BIT_COUNT - 1))
#define WAIT_MS 10000 /* for an append that is under way */
#define NAME_SHOWN_MAX 200
#define ENTRIES_LEVEL (-1)

/* The hashes of one level that its open tile holds. */
struct level {
    struct sha256 hashes[WIDTH];
    size_t count;
    uint64_t index;
};

struct check {
    int home;
    int folder;
    struct note_key verifier;
    uint64_t size; /* as the checkpoint says */
    struct sha256 root;
    struct level levels[LEVELS];
    struct sha256
        peaks[BIT_COUNT];          /* of the perfect subtree of 2^i leaves, where size has it */
    const struct audit_mark *mark; /* or NULL */
    const struct audit_visitor *visitor;
    struct audit_check *out;
};

void audit_check_done(struct audit_check *check)
{
    text_done(&check->differences);
    text_done(&check->checkpoint);
}

/* One more difference; the path may be anything somebody put into the folder. */
static void differ(struct check *check, const char *path, const char *what)
{
    struct text *lines = &check->out->differences;
    if (check->out->difference_count++ < AUDIT_DIFFERENCES_MAX) {
        text_add_quoted(lines, bytes_of_text(path), NAME_SHOWN_MAX);
        text_addf(lines, ": %s\n", what);
    }
}

/* Reads a plain file whole; false, after saying so, where it cannot be. */
static bool read_file(struct check *check, const char *path, struct text *out)
{
    AUTO(file_done)
    int fd = file_open_existing(check->folder, path);
    struct stat facts;
    if (fd < 0 || fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        differ(check, path, fd < 0 && errno == ENOENT ? "is missing" : "cannot be read");
        return false;
    }
    enum status status = file_read(fd, out);
    if (status != STATUS_OK) {
        differ(check, path, status == STATUS_LIMIT ? "is too long" : "cannot be read");
        return false;
    }
    check->out->byte_count += out->size;
    return true;
}

/* ---- the checkpoint ---- */

/* Accepts one form only, so that no byte can change unnoticed: one signature, the log's. */
static bool read_checkpoint(struct check *check, struct bytes file)
{
    struct note note;
    struct checkpoint checkpoint;
    struct fault fault;
    uint64_t time_s = 0;
    if (note_read(file, &note, &fault) != STATUS_OK || note.signature_count != 1 ||
        note_check(&note, &check->verifier, &time_s) != NOTE_SIGNED ||
        checkpoint_read(note.text, &checkpoint) != STATUS_OK || checkpoint.has_extension ||
        !bytes_equal(checkpoint.origin, check->verifier.name) ||
        checkpoint.size >= SIZE_LIMIT) {
        return false;
    }
    check->size = checkpoint.size;
    check->root = checkpoint.root;
    check->out->size = checkpoint.size;
    check->out->root = checkpoint.root;
    text_add_raw(&check->out->checkpoint, file);
    return true;
}

/* ---- where files belong ---- */

/* tlog-tiles: three digits a group, all groups but the last behind an "x". */
static void tile_path(int level, uint64_t index, char path[PATH_SIZE_MAX])
{
    char groups[PATH_SIZE_MAX] = "";
    char part[PATH_SIZE_MAX];
    IGNORE(snprintf(groups, sizeof groups, "%03u", (unsigned)(index % 1000)) < 0, "fits");
    for (index /= 1000; index > 0; index /= 1000) {
        IGNORE(snprintf(part, sizeof part, "x%03u/%.200s", (unsigned)(index % 1000), groups) <
                   0,
               "fits");
        memcpy(groups, part, sizeof groups);
    }
    if (level == ENTRIES_LEVEL) {
        IGNORE(snprintf(path, PATH_SIZE_MAX, "tile/entries/%.200s", groups) < 0, "fits");
    } else {
        IGNORE(snprintf(path, PATH_SIZE_MAX, "tile/%d/%.200s", level, groups) < 0, "fits");
    }
}

/* How many files the level has in a log of this size. */
static uint64_t tile_count(uint64_t size, int level)
{
    uint64_t hashes = level == ENTRIES_LEVEL ? size : size >> (8 * level);
    return hashes / WIDTH + (hashes % WIDTH > 0);
}

/* Reads level and index out of a path; for a folder, the smallest index that may be in it. */
static bool parse_path(struct bytes path, int *level, uint64_t *index, bool *is_folder)
{
    struct bytes part = BYTES_NONE;
    if (!bytes_split(&path, '/', &part) || !bytes_equal_text(part, "tile") ||
        !bytes_split(&path, '/', &part)) {
        return false;
    }
    uint64_t number = 0;
    if (bytes_equal_text(part, "entries")) {
        *level = ENTRIES_LEVEL;
    } else if (number_decimal_max(part, LEVELS - 1, &number) == STATUS_OK) {
        *level = (int)number;
    } else {
        return false;
    }
    *index = 0;
    *is_folder = true;
    while (*is_folder && bytes_split(&path, '/', &part)) {
        *is_folder = bytes_starts(part, "x");
        if (number_decimal_max(bytes_from(part, *is_folder), 999, &number) != STATUS_OK) {
            return false;
        }
        *index = *index * 1000 + number;
    }
    if (*is_folder) {
        *index *= 1000;
    }
    return path.size == 0;
}

static bool is_expected_folder(const struct check *check, const char *path)
{
    int level = 0;
    uint64_t index = 0;
    bool is_folder = false;
    if (strcmp(path, "tile") == 0) {
        return check->size > 0;
    }
    if (!parse_path(bytes_of_text(path), &level, &index, &is_folder) || !is_folder) {
        return false;
    }
    if (index >= tile_count(check->size, level)) {
        return false;
    }
    /* The folder in the one form its name may have: that of a file in it, without the file. */
    char again[PATH_SIZE_MAX];
    tile_path(level, index, again);
    size_t size = strlen(path);
    return strncmp(again, path, size) == 0 && again[size] == '/';
}

static bool is_expected_file(const struct check *check, const char *path)
{
    int level = 0;
    uint64_t index = 0;
    bool is_folder = false;
    if (strcmp(path, "checkpoint") == 0) {
        return true;
    }
    if (!parse_path(bytes_of_text(path), &level, &index, &is_folder) || is_folder ||
        index >= tile_count(check->size, level)) {
        return false;
    }
    char again[PATH_SIZE_MAX];
    tile_path(level, index, again);
    return strcmp(again, path) == 0;
}

static void list_folder(struct check *check, int parent, const char *name, const char *prefix,
                        int depth);

/* One name in the folder: accounted for, or a difference. */
static void account(struct check *check, int folder, const char *name, const char *prefix,
                    int depth)
{
    char path[PATH_SIZE_MAX];
    int size = snprintf(path, sizeof path, "%s%s", prefix, name);
    struct stat facts;
    if (size < 0 || (size_t)size >= sizeof path - 1 || depth > DEPTH_MAX ||
        fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) != 0) {
        differ(check, path, "does not belong here");
    } else if (S_ISDIR(facts.st_mode)) {
        if (is_expected_folder(check, path)) {
            path[size] = '/';
            path[size + 1] = '\0';
            list_folder(check, folder, name, path, depth + 1);
        } else {
            differ(check, path, "does not belong here");
        }
    } else if (S_ISREG(facts.st_mode) && is_expected_file(check, path)) {
        check->out->file_count++;
    } else {
        differ(check, path, "does not belong here");
    }
}

static void list_folder(struct check *check, int parent, const char *name, const char *prefix,
                        int depth)
{
    int fd = file_open_existing_folder(parent, name);
    DIR *listing = fd < 0 ? NULL : fdopendir(fd);
    if (listing == NULL) {
        file_done(&fd);
        differ(check, prefix[0] == '\0' ? "audit" : prefix, "cannot be listed");
        return;
    }
    const struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            account(check, fd, entry->d_name, prefix, depth);
        }
    }
    closedir(listing);
}

/* ---- hashing ---- */

/* RFC 6962, 2.1, by its own recursion, for `count` a power of two; at most 8 deep. */
static struct sha256 hash_range(const struct sha256 *hashes, size_t count)
{
    if (count == 1) {
        return hashes[0];
    }
    struct sha256 left = hash_range(hashes, count / 2);
    struct sha256 right = hash_range(hashes + count / 2, count / 2);
    return merkle_check_pair(&left, &right);
}

/* Compares the tile on the disk with what its level should hold. */
static void compare_tile(struct check *check, int number)
{
    struct level *level = &check->levels[number];
    char path[PATH_SIZE_MAX];
    tile_path(number, level->index, path);
    AUTO(text_done) struct text file = text_of_limit(WIDTH * sizeof(struct sha256));
    if (read_file(check, path, &file)) {
        struct bytes want = {(const uint8_t *)level->hashes,
                             level->count * sizeof(struct sha256)};
        if (!bytes_equal(text_bytes(&file), want)) {
            differ(check, path, "is not made of the hashes of the entries");
        }
    }
}

static void add_to_levels(struct check *check, struct sha256 hash)
{
    for (int number = 0; number < LEVELS; number++) {
        struct level *level = &check->levels[number];
        level->hashes[level->count++] = hash;
        if (level->count < WIDTH) {
            return;
        }
        compare_tile(check, number);
        hash = hash_range(level->hashes, WIDTH);
        level->count = 0;
        level->index++;
    }
}

/* Counts in binary: each carry joins two subtrees of equal size. */
static void add_to_peaks(struct check *check, struct sha256 hash, uint64_t index)
{
    size_t bit = 0;
    for (; (index >> bit & 1) != 0; bit++) {
        hash = merkle_check_pair(&check->peaks[bit], &hash);
    }
    check->peaks[bit] = hash;
}

/* Of the first `size` leaves, which are those that were added so far. */
static struct sha256 root_of_peaks(const struct check *check, uint64_t size)
{
    struct sha256 root = sha256_of(BYTES_NONE);
    bool is_begun = false;
    for (size_t bit = 0; bit < BIT_COUNT; bit++) {
        if ((size >> bit & 1) != 0) {
            root = is_begun ? merkle_check_pair(&check->peaks[bit], &root) : check->peaks[bit];
            is_begun = true;
        }
    }
    return root;
}

/* Compares with what was signed when the log had as many entries as were read so far. */
static void compare_mark(struct check *check, uint64_t size)
{
    if (check->mark != NULL && check->mark->size == size) {
        struct sha256 root = root_of_peaks(check, size);
        check->out->continuation =
            sha256_equal(&root, &check->mark->root) ? AUDIT_CONTINUES : AUDIT_IS_ANOTHER;
    }
}

/* ---- entries ---- */

/* The arguments an entry commits to, where they were kept and open the commitment. */
static struct bytes open_payload(struct check *check, const struct audit_entry *entry,
                                 struct text *kept)
{
    char path[PATH_SIZE_MAX];
    IGNORE(snprintf(path, sizeof path, "payloads/%llu", (unsigned long long)entry->sequence) <
               0,
           "fits");
    AUTO(file_done)
    int fd = file_open_existing(check->home, path);
    if (fd < 0 && errno == ENOENT) {
        check->out->erased_count++;
        return BYTES_NONE;
    }
    if (fd < 0 || file_read(fd, kept) != STATUS_OK) {
        differ(check, path, "cannot be read");
        return BYTES_NONE;
    }
    struct sha256_state state;
    sha256_init(&state);
    sha256_add(&state, bytes_of_text("tocsin audit payload 1\n"));
    sha256_add(&state, text_bytes(kept));
    struct sha256 hash = sha256_finish(&state);
    if (kept->size < SALT_SIZE ||
        !bytes_equal(entry->commitment, (struct bytes){hash.bytes, sizeof hash.bytes})) {
        differ(check, path, "does not open its commitment");
        return BYTES_NONE;
    }
    check->out->payload_count++;
    return bytes_from(text_bytes(kept), SALT_SIZE);
}

static const char *entry_fault(const struct check *check, const struct audit_entry *entry,
                               uint64_t sequence)
{
    struct sha256 key =
        sha256_of((struct bytes){check->verifier.key, sizeof check->verifier.key});
    if (entry->sequence != sequence) {
        return "an entry is not in its place";
    }
    if (!bytes_equal(entry->subject, (struct bytes){key.bytes, AUDIT_SUBJECT_SIZE})) {
        return "an entry is about another key";
    }
    if ((entry->event == AUDIT_BEGIN) != (sequence == 0)) {
        return "the log does not begin where it should";
    }
    if (entry->event == AUDIT_BEGIN &&
        !bytes_equal(entry->object, (struct bytes){key.bytes, sizeof key.bytes})) {
        return "the log was begun by another key";
    }
    if (entry->has_decision && entry->decision >= sequence) {
        return "an entry completes a decision that was not taken before";
    }
    return NULL;
}

static void check_entry(struct check *check, const char *path, struct bytes encoded,
                        uint64_t sequence)
{
    struct sha256 leaf = merkle_check_leaf(encoded);
    add_to_levels(check, leaf);
    add_to_peaks(check, leaf, sequence);
    struct audit_entry entry;
    if (audit_entry_decode(encoded, &entry) != STATUS_OK) {
        differ(check, path, "an entry is not in its canonical form");
        return;
    }
    const char *fault = entry_fault(check, &entry, sequence);
    if (fault != NULL) {
        differ(check, path, fault);
    }
    AUTO(text_done) struct text kept = text_of_limit(PAYLOAD_SIZE_MAX);
    struct bytes arguments = BYTES_NONE;
    if (entry.commitment.size > 0) {
        arguments = open_payload(check, &entry, &kept);
    }
    if (check->visitor != NULL) {
        check->visitor->visit(check->visitor->context, &entry, arguments);
    }
}

static bool check_bundle(struct check *check, uint64_t index)
{
    char path[PATH_SIZE_MAX];
    tile_path(ENTRIES_LEVEL, index, path);
    AUTO(text_done) struct text file = text_of_limit(BUNDLE_SIZE_MAX);
    if (!read_file(check, path, &file)) {
        return false;
    }
    uint64_t left = check->size - index * WIDTH;
    size_t count = left < WIDTH ? (size_t)left : WIDTH;
    struct cursor cursor = cursor_of(text_bytes(&file));
    for (size_t i = 0; i < count; i++) {
        struct bytes encoded = cursor_take(&cursor, cursor_u16be(&cursor));
        if (cursor_status(&cursor) != STATUS_OK) {
            differ(check, path, "holds fewer entries than were signed");
            return false;
        }
        check_entry(check, path, encoded, index * WIDTH + i);
        check->out->entry_count++;
        compare_mark(check, index * WIDTH + i + 1);
    }
    if (!cursor_at_end(&cursor)) {
        differ(check, path,
               "goes on after the last signed entry: an append that was cut short (the next "
               "one cuts it away), or bytes somebody added");
    }
    return true;
}

static void check_log(struct check *check)
{
    AUTO(text_done) struct text file = text_of_limit(CHECKPOINT_SIZE_MAX);
    if (!read_file(check, "checkpoint", &file)) {
        return;
    }
    if (!read_checkpoint(check, text_bytes(&file))) {
        differ(check, "checkpoint", "is not a checkpoint this key signed");
        return;
    }
    if (check->mark != NULL && check->mark->size > check->size) {
        check->out->continuation = AUDIT_IS_SHORTER;
    }
    compare_mark(check, 0);
    list_folder(check, check->folder, ".", "", 0);
    for (uint64_t i = 0; i < tile_count(check->size, ENTRIES_LEVEL); i++) {
        if (!check_bundle(check, i)) {
            return; /* what follows cannot be in its place */
        }
    }
    for (int number = 0; number < LEVELS; number++) {
        if (check->levels[number].count > 0) {
            compare_tile(check, number);
        }
    }
    struct sha256 root = root_of_peaks(check, check->size);
    if (!sha256_equal(&root, &check->root)) {
        differ(check, "checkpoint", "does not sign these entries");
    }
}

enum status audit_verify_since(int home, struct bytes verifier, const struct audit_mark *mark,
                               const struct audit_visitor *visitor, struct audit_check *out)
{
    if (sodium_init() < 0) {
        return STATUS_IO;
    }
    AUTO(file_done)
    int folder = file_open_existing_folder(home, "audit");
    if (folder < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    struct check check = {
        .home = home, .folder = folder, .mark = mark, .visitor = visitor, .out = out};
    if (note_key_read(verifier, &check.verifier) != STATUS_OK ||
        check.verifier.algorithm != NOTE_ED25519) {
        return STATUS_MALFORMED;
    }
    TRY(file_lock(folder, LOCK_SH, WAIT_MS));
    *out = (struct audit_check){.differences = text_of_limit(65536),
                                .checkpoint = text_of_limit(CHECKPOINT_SIZE_MAX)};
    check_log(&check);
    flock(folder, LOCK_UN);
    return STATUS_OK;
}

enum status audit_verify(int home, struct bytes verifier, const struct audit_visitor *visitor,
                         struct audit_check *out)
{
    return audit_verify_since(home, verifier, NULL, visitor, out);
}
