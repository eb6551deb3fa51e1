#include "access/cosigned.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/audit_prove.h"
#include "base/file.h"

#define FOLDER "cosigned"
#define FILE_SIZE_MAX (NOTE_SIZE_MAX + 512)
#define NAME_DIGITS (2 * sizeof(struct sha256))

/* One file: the witness's key on a line, and the checkpoint. */
struct kept {
    struct text file;
    struct note_key witness;
    struct log_checkpoint checkpoint;
    struct bytes line; /* the cosignature */
};

static enum status fail(struct fault *fault, enum status status, const char *what)
{
    *fault = (struct fault){.what = what};
    return status;
}

static void kept_done(struct kept *kept)
{
    text_done(&kept->file);
}

/* The line of the note that is the key's; empty where it has none. */
static struct bytes line_of(const struct note *note, const struct note_key *key)
{
    uint64_t time_s = 0;
    for (size_t i = 0; i < note->signature_count; i++) {
        if (note_signature_check(note->text, &note->signatures[i], key, &time_s) ==
            NOTE_SIGNED) {
            return note->signatures[i].line;
        }
    }
    return BYTES_NONE;
}

static enum status read_kept(int folder, const char *name, const struct note_key *log,
                             struct kept *out)
{
    struct fault fault;
    struct bytes line = BYTES_NONE;
    TRY(file_load(folder, name, &out->file));
    struct bytes rest = text_bytes(&out->file);
    if (!bytes_split(&rest, '\n', &line) || note_key_read(line, &out->witness) != STATUS_OK ||
        out->witness.algorithm != NOTE_COSIGNATURE) {
        return STATUS_MALFORMED;
    }
    TRY(log_checkpoint_read(rest, &out->checkpoint, &fault));
    out->line = line_of(&out->checkpoint.note, &out->witness);
    return log_checkpoint_is_of(&out->checkpoint, log) && out->line.size > 0 ? STATUS_OK
                                                                             : STATUS_CONFLICT;
}

static void name_of(const struct note_key *witness, struct text *out)
{
    AUTO(text_done) struct text line = text_of_limit(NOTE_NAME_MAX + 64);
    note_key_add(witness, &line);
    struct sha256 hash = sha256_of(text_bytes(&line));
    sha256_add_hex(out, &hash);
}

static int open_folder(int home)
{
    return file_open_existing_folder(home, FOLDER);
}

uint64_t cosigned_size(int home, const struct note_key *log, const struct note_key *witness)
{
    AUTO(kept_done) struct kept kept = {.file = text_of_limit(FILE_SIZE_MAX)};
    AUTO(text_done) struct text name = text_of_limit(NAME_DIGITS);
    AUTO(file_done) int folder = open_folder(home);
    name_of(witness, &name);
    return folder >= 0 && text_status(&name) == STATUS_OK &&
                   read_kept(folder, text_terminated(&name), log, &kept) == STATUS_OK
               ? kept.checkpoint.says.size
               : 0;
}

/* ---- keeping ---- */

static enum status check_new(int home, const struct note_key *log,
                             const struct note_key *witness, const struct log_checkpoint *found,
                             struct fault *fault)
{
    struct sha256 root;
    uint64_t time_s = 0;
    if (!log_checkpoint_is_of(found, log)) {
        return fail(fault, STATUS_DENIED, "it is not a checkpoint of this log");
    }
    if (witness->algorithm != NOTE_COSIGNATURE ||
        note_check(&found->note, witness, &time_s) != NOTE_SIGNED) {
        return fail(fault, STATUS_DENIED, "that witness did not cosign it");
    }
    enum status status = audit_root(home, log, found->says.size, &root, fault);
    if (status == STATUS_NOT_FOUND ||
        (status == STATUS_OK && !sha256_equal(&root, &found->says.root))) {
        return fail(fault, STATUS_CONFLICT,
                    "this log is not what the witness was shown under its key: it was cut, put "
                    "back, or somebody else signs with its key");
    }
    TRY(status);
    return found->says.size < cosigned_size(home, log, witness)
               ? fail(fault, STATUS_CONFLICT, "that witness cosigned a later one already")
               : STATUS_OK;
}

enum status cosigned_keep(int home, const struct note_key *log, const struct note_key *witness,
                          struct bytes file, struct log_checkpoint *out, struct fault *fault)
{
    struct log_checkpoint found;
    TRY(log_checkpoint_read(file, &found, fault));
    TRY(check_new(home, log, witness, &found, fault));
    AUTO(file_done) int folder = -1;
    AUTO(text_done) struct text name = text_of_limit(NAME_DIGITS);
    AUTO(text_done) struct text kept = text_of_limit(FILE_SIZE_MAX);
    name_of(witness, &name);
    note_key_add(witness, &kept);
    text_add_byte(&kept, '\n');
    text_add_raw(&kept, found.note.text);
    text_add_byte(&kept, '\n');
    text_add_raw(&kept, line_of(&found.note, log));
    text_add_raw(&kept, line_of(&found.note, witness));
    *fault = (struct fault){.what = "it cannot be kept in this home"};
    TRY(text_status(&name));
    TRY(text_status(&kept));
    TRY(file_open_folder(home, FOLDER, &folder));
    TRY(file_replace(folder, folder, text_terminated(&name), text_bytes(&kept),
                     S_IRUSR | S_IWUSR));
    *out = found;
    return STATUS_OK;
}

/* ---- finding ---- */

struct shelf {
    struct kept kept[COSIGNED_MAX];
    size_t count;
};

static void shelf_done(struct shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++) {
        kept_done(&shelf->kept[i]);
    }
}

/* What cannot be used is as if it were not there. */
static bool is_wanted(const struct cosigned_wish *wish, const struct note_key *witness)
{
    bool is_wanted = wish->witness_count == 0;
    for (size_t i = 0; i < wish->witness_count && !is_wanted; i++) {
        is_wanted = note_key_equal(&wish->witnesses[i], witness);
    }
    return is_wanted;
}

static void read_shelf(DIR *listing, const struct note_key *log,
                       const struct cosigned_wish *wish, struct shelf *out)
{
    const struct dirent *entry;
    while (out->count < COSIGNED_MAX && (entry = readdir(listing)) != NULL) {
        struct kept *kept = &out->kept[out->count];
        *kept = (struct kept){.file = text_of_limit(FILE_SIZE_MAX)};
        if (strlen(entry->d_name) == NAME_DIGITS &&
            read_kept(dirfd(listing), entry->d_name, log, kept) == STATUS_OK &&
            is_wanted(wish, &kept->witness)) {
            out->count++;
        } else {
            kept_done(kept);
        }
    }
}

static size_t count_same(const struct shelf *shelf, size_t which)
{
    size_t count = 0;
    for (size_t i = 0; i < shelf->count; i++) {
        count += bytes_equal(shelf->kept[i].checkpoint.note.text,
                             shelf->kept[which].checkpoint.note.text);
    }
    return count;
}

static size_t choose(const struct shelf *shelf, uint64_t index)
{
    size_t best = COSIGNED_MAX;
    size_t best_count = 0;
    for (size_t i = 0; i < shelf->count; i++) {
        uint64_t size = shelf->kept[i].checkpoint.says.size;
        size_t count = count_same(shelf, i);
        if (size > index &&
            (count > best_count ||
             (count == best_count && size > shelf->kept[best].checkpoint.says.size))) {
            best = i;
            best_count = count;
        }
    }
    return best;
}

enum status cosigned_find(int home, const struct note_key *log,
                          const struct cosigned_wish *wish, struct text *out)
{
    AUTO(shelf_done) struct shelf shelf = {.count = 0};
    int folder = open_folder(home);
    DIR *listing = folder < 0 ? NULL : fdopendir(folder);
    if (listing == NULL) {
        file_done(&folder);
        return STATUS_NOT_FOUND;
    }
    read_shelf(listing, log, wish, &shelf);
    closedir(listing);
    size_t best = choose(&shelf, wish->index);
    if (best == COSIGNED_MAX) {
        return STATUS_NOT_FOUND;
    }
    const struct note *note = &shelf.kept[best].checkpoint.note;
    text_add_raw(out, note->text);
    text_add_byte(out, '\n');
    text_add_raw(out, line_of(note, log));
    for (size_t i = 0; i < shelf.count; i++) {
        if (bytes_equal(shelf.kept[i].checkpoint.note.text, note->text)) {
            text_add_raw(out, shelf.kept[i].line);
        }
    }
    return text_status(out);
}
