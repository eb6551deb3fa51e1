#include "access/audit_export.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/audit.h"
#include "access/audit_path.h"
#include "access/audit_verify.h"
#include "base/file.h"

#define TILE_BITS 8
#define TILE_WIDTH 256U
#define LEVEL_COUNT 5
#define PATH_SIZE 96
#define FILE_MAX (TILE_WIDTH * (2 + AUDIT_ENTRY_MAX))
#define KEY_LINE_MAX (NOTE_NAME_MAX + 64)
#define MODE_FOLDER (S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH)
#define MODE_FILE (S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH)

static enum status fail(struct fault *fault, enum status status, const char *what)
{
    *fault = (struct fault){.what = what};
    return status;
}

/* How many hashes, or entries, the level has. */
static uint64_t width_of(int level, uint64_t size)
{
    return level == AUDIT_PATH_ENTRIES ? size : size >> (TILE_BITS * level);
}

void audit_export_path(struct text *path, int level, uint64_t index, uint64_t size)
{
    uint64_t width = width_of(level, size);
    audit_path_add(path, level, index);
    if (index == width / TILE_WIDTH) {
        text_addf(path, ".p/%u", (unsigned)(width % TILE_WIDTH));
    }
}

/* The folder that the path's last part belongs to, made with those on the way. */
static enum status make_folders(int target, struct bytes path, struct text *name, int *out)
{
    struct bytes part = BYTES_NONE;
    AUTO(file_done) int at = fcntl(target, F_DUPFD_CLOEXEC, 0);
    if (at < 0) {
        return STATUS_IO;
    }
    while (bytes_split(&path, '/', &part) && path.size > 0) {
        AUTO(text_done) struct text folder = text_of_limit(PATH_SIZE);
        text_add_raw(&folder, part);
        TRY(text_status(&folder));
        if (mkdirat(at, text_terminated(&folder), MODE_FOLDER) != 0 && errno != EEXIST) {
            return STATUS_IO;
        }
        int next = file_open_existing_folder(at, text_terminated(&folder));
        file_done(&at);
        at = next;
        if (at < 0) {
            return STATUS_IO;
        }
    }
    text_add_raw(name, part);
    TRY(text_status(name));
    *out = at;
    at = -1;
    return STATUS_OK;
}

static enum status copy_tile(int folder, int target, int level, uint64_t index, uint64_t size)
{
    AUTO(text_done) struct text from = text_of_limit(PATH_SIZE);
    AUTO(text_done) struct text to = text_of_limit(PATH_SIZE);
    AUTO(text_done) struct text name = text_of_limit(PATH_SIZE);
    AUTO(text_done) struct text file = text_of_limit(FILE_MAX);
    audit_path_add(&from, level, index);
    audit_export_path(&to, level, index, size);
    TRY(text_status(&from));
    TRY(text_status(&to));
    AUTO(file_done)
    int fd = file_open_existing(folder, text_terminated(&from));
    if (fd < 0) {
        return STATUS_IO;
    }
    TRY(file_read(fd, &file));
    AUTO(file_done) int at = -1;
    TRY(make_folders(target, text_bytes(&to), &name, &at));
    return file_create(at, at, text_terminated(&name), text_bytes(&file), MODE_FILE);
}

static enum status copy_level(int folder, int target, int level, struct audit_exported *out)
{
    uint64_t width = width_of(level, out->entry_count);
    uint64_t count = width / TILE_WIDTH + (width % TILE_WIDTH > 0);
    for (uint64_t i = 0; i < count; i++) {
        TRY(copy_tile(folder, target, level, i, out->entry_count));
        out->file_count++;
    }
    return STATUS_OK;
}

static enum status copy_all(int folder, int target, const struct audit_check *check,
                            struct audit_exported *out)
{
    *out = (struct audit_exported){.entry_count = check->size};
    for (int level = AUDIT_PATH_ENTRIES; level < LEVEL_COUNT; level++) {
        TRY(copy_level(folder, target, level, out));
    }
    TRY(file_create(target, target, "checkpoint", text_bytes(&check->checkpoint), MODE_FILE));
    out->file_count++;
    return STATUS_OK;
}

enum status audit_export(int home, const struct note_key *key, int target,
                         struct audit_exported *out, struct fault *fault)
{
    AUTO(audit_check_done) struct audit_check check = {0};
    AUTO(text_done) struct text line = text_of_limit(KEY_LINE_MAX);
    AUTO(file_done)
    int folder = file_open_existing_folder(home, "audit");
    if (folder < 0) {
        return errno == ENOENT ? fail(fault, STATUS_NOT_FOUND, "there is no audit log")
                               : fail(fault, STATUS_IO, "the audit log cannot be opened");
    }
    note_key_add(key, &line);
    /* Held until the folder is closed: what was checked is what is copied. */
    if (file_lock(folder, LOCK_SH, AUDIT_LOCK_MS) != STATUS_OK ||
        audit_verify(home, text_bytes(&line), NULL, &check) != STATUS_OK) {
        return fail(fault, STATUS_IO, "the audit log cannot be read");
    }
    if (check.difference_count > 0) {
        return fail(fault, STATUS_CONFLICT,
                    "the audit log is not whole, or not this key's: see 'tocsin access audit "
                    "verify'");
    }
    return copy_all(folder, target, &check, out) == STATUS_OK
               ? STATUS_OK
               : fail(fault, STATUS_IO, "it cannot be written whole, and has no checkpoint");
}
