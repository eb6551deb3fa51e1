#include "train/reading.h"

#include <fcntl.h>
#include <fts.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

extern char **environ;

/* What zstd writes of `path`, by a pipe. */
static enum status unpack(const char *path, struct text *out)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return STATUS_IO;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    char program[] = "zstd";
    char flags[] = "-dcq";
    char *copy = strdup(path);
    char *const arguments[] = {program, flags, copy, NULL};
    pid_t child = 0;
    int failed = posix_spawnp(&child, program, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    enum status status = failed == 0 ? file_read(ends[0], out) : STATUS_NOT_FOUND;
    close(ends[0]);
    free(copy);
    int end = 0;
    if (failed == 0 && (waitpid(child, &end, 0) != child || end != 0) && status == STATUS_OK) {
        status = STATUS_MALFORMED;
    }
    return status;
}

enum status reading_file(const char *path, struct text *out)
{
    AUTO(file_done) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return STATUS_NOT_FOUND;
    }
    if (bytes_ends(bytes_of_text(path), ".zst")) {
        return unpack(path, out);
    }
    return file_read(fd, out);
}

static int compare_names(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

enum status reading_folder(const char *folder,
                           enum status (*take)(void *context, const char *path,
                                               const char *name),
                           void *context)
{
    if (access(folder, R_OK) != 0) {
        return STATUS_NOT_FOUND;
    }
    char *root = strdup(folder);
    char *const roots[] = {root, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, compare_names);
    enum status status = walk == NULL ? STATUS_IO : STATUS_OK;
    size_t prefix = strlen(folder) + 1;
    for (FTSENT *entry; status == STATUS_OK && (entry = fts_read(walk)) != NULL;) {
        if (entry->fts_info == FTS_F) {
            status = take(context, entry->fts_path, entry->fts_path + prefix);
        }
    }
    if (walk != NULL) {
        fts_close(walk);
    }
    free(root);
    return status;
}

bool reading_line(struct bytes *rest, struct bytes *line)
{
    if (!bytes_split(rest, '\n', line)) {
        return false;
    }
    if (line->size > 0 && line->data[line->size - 1] == '\r') {
        line->size--;
    }
    return true;
}

struct bytes reading_column(struct bytes line, size_t column, size_t column_count)
{
    struct bytes rest = line;
    for (size_t i = 0; i < column; i++) {
        rest = bytes_from(rest, bytes_find_byte(rest, '\t') + 1);
    }
    return column + 1 == column_count ? rest : bytes_part(rest, 0, bytes_find_byte(rest, '\t'));
}

void reading_unescape(struct bytes column, struct text *out)
{
    static const char from[] = "ntr\\";
    static const char to[] = "\n\t\r\\";
    for (size_t i = 0; i < column.size; i++) {
        char byte = (char)column.data[i];
        const char *known = NULL;
        if (byte == '\\' && i + 1 < column.size && column.data[i + 1] != 0) {
            known = strchr(from, (char)column.data[i + 1]);
        }
        i += known != NULL;
        text_add_byte(out, known != NULL ? to[known - from] : byte);
    }
}
