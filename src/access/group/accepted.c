#include "access/group/accepted.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/grant/terms.h"
#include "access/group/grant_file.h"
#include "base/file.h"

#define GRANT_SUFFIX ".grant"
#define LIST_SUFFIX ".list"
#define NAME_SIZE_MAX 128
#define GRANT_MEMORY_MAX (16U << 20)
#define GROUP_DIGITS 32 /* of the SHA-256 of the group's key */
#define GRANT_NAME_SIZE (GRANT_ID_DIGITS + 1 + GROUP_DIGITS + sizeof GRANT_SUFFIX)

static enum status keep(int home, const char *folder, const struct text *name,
                        struct bytes file)
{
    AUTO(file_done) int at = -1;
    TRY(text_status(name));
    TRY(file_open_folder(home, folder, &at));
    return file_replace(at, at, text_terminated(name), file, S_IRUSR | S_IWUSR);
}

static enum status find(int home, const char *folder, const char *name, struct text *out)
{
    AUTO(file_done)
    int at = file_open_existing_folder(home, folder);
    if (at < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    return file_load(at, name, out);
}

/* ---- grants ---- */

/* Nothing but the digits of an id may become part of a path. */
static enum status name_grant(const struct note_key *group, struct bytes id, struct text *out)
{
    bool is_id = id.size == GRANT_ID_DIGITS;
    for (size_t i = 0; i < id.size; i++) {
        is_id =
            is_id && (byte_is_digit(id.data[i]) || (id.data[i] >= 'a' && id.data[i] <= 'f'));
    }
    if (!is_id) {
        return STATUS_MALFORMED;
    }
    struct sha256 hash = sha256_of((struct bytes){group->key, sizeof group->key});
    text_add_raw(out, id);
    text_add_byte(out, '-');
    sha256_add_hex(out, &hash);
    text_cut(out, GRANT_ID_DIGITS + 1 + GROUP_DIGITS);
    text_add(out, GRANT_SUFFIX);
    return text_status(out);
}

/* The names of grants' files in their order, each ended by a zero byte. */
struct listing {
    char names[ACCEPTED_GRANTS_MAX][GRANT_NAME_SIZE];
    size_t count;
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

static bool is_grant(const char *name)
{
    return strlen(name) == GRANT_NAME_SIZE - 1 && name[0] != '.' &&
           bytes_ends(bytes_of_text(name), GRANT_SUFFIX);
}

static void read_names(DIR *folder, struct listing *out)
{
    const struct dirent *entry;
    while (out->count < ACCEPTED_GRANTS_MAX && (entry = readdir(folder)) != NULL) {
        if (is_grant(entry->d_name)) {
            memcpy(out->names[out->count++], entry->d_name, GRANT_NAME_SIZE);
        }
    }
    qsort(out->names, out->count, sizeof *out->names, compare_names);
}

/* None where the folder is missing. */
static enum status list_grants(int home, struct listing *out)
{
    out->count = 0;
    int fd = file_open_existing_folder(home, ACCEPTED_FOLDER);
    if (fd < 0) {
        return errno == ENOENT ? STATUS_OK : STATUS_IO;
    }
    DIR *folder = fdopendir(fd);
    if (folder == NULL) {
        file_done(&fd);
        return STATUS_IO;
    }
    read_names(folder, out);
    closedir(folder);
    return STATUS_OK;
}

enum status accepted_keep_grant(int home, const struct note_key *group, struct bytes id,
                                struct bytes file)
{
    AUTO(text_done) struct text name = text_of_limit(NAME_SIZE_MAX);
    AUTO(text_done) struct text present = text_of_limit(NOTE_SIZE_MAX);
    struct listing listing;
    TRY(name_grant(group, id, &name));
    TRY(list_grants(home, &listing));
    if (listing.count == ACCEPTED_GRANTS_MAX &&
        find(home, ACCEPTED_FOLDER, text_terminated(&name), &present) == STATUS_NOT_FOUND) {
        return STATUS_LIMIT;
    }
    return keep(home, ACCEPTED_FOLDER, &name, file);
}

enum status accepted_visit_grants(int home,
                                  enum status (*visit)(void *context, struct bytes id,
                                                       struct bytes file),
                                  void *context)
{
    struct listing listing;
    enum status status = list_grants(home, &listing);
    for (size_t i = 0; i < listing.count && status == STATUS_OK; i++) {
        AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
        if (find(home, ACCEPTED_FOLDER, listing.names[i], &file) == STATUS_OK) {
            const struct bytes name = bytes_of_text(listing.names[i]);
            status = visit(context, bytes_part(name, 0, GRANT_ID_DIGITS), text_bytes(&file));
        }
    }
    return status;
}

enum status accepted_find_grant(int home, const struct note_key *group, struct bytes id,
                                struct text *out)
{
    AUTO(text_done) struct text name = text_of_limit(NAME_SIZE_MAX);
    TRY(name_grant(group, id, &name));
    return find(home, ACCEPTED_FOLDER, text_terminated(&name), out);
}

/* What cannot be read has no end that is known, and stays. */
static bool has_ended(struct bytes file, uint64_t now_s)
{
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_MEMORY_MAX);
    struct datalog_block *blocks =
        arena == NULL ? NULL : arena_take_many(arena, GRANT_BLOCKS_MAX, sizeof *blocks);
    struct grant_file read;
    struct grant_token token;
    struct grant_terms terms;
    struct deed_fault deed_fault;
    struct fault fault;
    return blocks != NULL && grant_file_read(file, arena, &read, &deed_fault) == STATUS_OK &&
           grant_token_read(read.token, &token, &fault) == STATUS_OK &&
           grant_blocks_read(&token, arena, blocks, NULL, &fault) == STATUS_OK &&
           grant_terms_read(&blocks[0], arena, &terms, &fault) == STATUS_OK &&
           terms.expires_s <= now_s;
}

enum status accepted_drop_ended(int home, uint64_t now_s)
{
    struct listing listing;
    TRY(list_grants(home, &listing));
    if (listing.count == 0) {
        return STATUS_OK;
    }
    AUTO(file_done) int folder = -1;
    TRY(file_open_folder(home, ACCEPTED_FOLDER, &folder));
    for (size_t i = 0; i < listing.count; i++) {
        AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
        if (find(home, ACCEPTED_FOLDER, listing.names[i], &file) == STATUS_OK &&
            has_ended(text_bytes(&file), now_s) && unlinkat(folder, listing.names[i], 0) != 0) {
            return STATUS_IO;
        }
    }
    return STATUS_OK;
}

/* ---- lists ---- */

static void name_list(const struct note_key *signer, struct text *out)
{
    struct sha256 hash = sha256_of((struct bytes){signer->key, sizeof signer->key});
    sha256_add_hex(out, &hash);
    text_add(out, LIST_SUFFIX);
}

enum status accepted_lock_lists(int home, int *out)
{
    AUTO(file_done) int folder = -1;
    TRY(file_open_folder(home, ACCEPTED_LISTS_FOLDER, &folder));
    while (flock(folder, LOCK_EX) != 0) {
        if (errno != EINTR) {
            return STATUS_IO;
        }
    }
    *out = folder;
    folder = -1;
    return STATUS_OK;
}

enum status accepted_keep_list(int home, const struct note_key *signer, struct bytes file)
{
    AUTO(text_done) struct text name = text_of_limit(NAME_SIZE_MAX);
    name_list(signer, &name);
    return keep(home, ACCEPTED_LISTS_FOLDER, &name, file);
}

enum status accepted_find_list(int home, const struct note_key *signer, struct text *file,
                               struct revocation_list *out)
{
    AUTO(text_done) struct text name = text_of_limit(NAME_SIZE_MAX);
    struct deed_fault fault;
    name_list(signer, &name);
    TRY(find(home, ACCEPTED_LISTS_FOLDER, text_terminated(&name), file));
    TRY(revocation_list_read(text_bytes(file), out, &fault));
    return memcmp(out->signer.key, signer->key, sizeof signer->key) == 0 ? STATUS_OK
                                                                         : STATUS_CONFLICT;
}
