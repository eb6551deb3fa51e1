/* Claims of access/audit_verify.h: of a log that is whole nothing is said, and whatever is put
 * in the place of one of its files, or changed in it, is a difference, said in plain lines.
 *
 * Input: one byte chooses the file, one what is done: the rest replaces it, or changes it by an
 * offset (2 bytes) and a mask (1) each, or the file is cut. */
#include "fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <unistd.h>

#include "access/audit_verify.h"
#include "access/session.h"
#include "base/cursor.h"
#include "base/file.h"

#define PATH_SIZE 256
#define FILE_COUNT 3
#define ENTRY_COUNT 4
#define FILE_SIZE_LIMIT (1U << 20)

static const char *const names[FILE_COUNT] = {"audit/checkpoint", "audit/tile/entries/000",
                                              "audit/tile/0/000"};

struct log {
    char folder[PATH_SIZE];
    int home;
    struct text verifier;
    struct text files[FILE_COUNT];
};

static struct log made;

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *walk)
{
    (void)facts;
    (void)kind;
    (void)walk;
    return remove(path);
}

static void remove_log(void)
{
    nftw(made.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    text_done(&made.verifier);
    for (size_t i = 0; i < FILE_COUNT; i++) {
        text_done(&made.files[i]);
    }
}

static void fill(const char *home)
{
    struct access_session session;
    session_open(home, &session);
    CLAIM(session.has_audit);
    static const uint8_t policy[AUDIT_HASH_SIZE] = {1};
    const struct audit_entry entry = {.event = AUDIT_DONE,
                                      .operation = bytes_of_text("evidence.analyze"),
                                      .rule = bytes_of_text("open-to-anyone"),
                                      .policy = {policy, sizeof policy}};
    for (int i = 1; i < ENTRY_COUNT; i++) {
        uint64_t sequence;
        struct fault fault;
        struct bytes payload = i == 1 ? bytes_of_text("arguments") : BYTES_NONE;
        CLAIM(audit_append(&session.audit, &entry, payload, &sequence, &fault) == STATUS_OK);
    }
    made.verifier = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(&session.identity, &made.verifier);
    session_done(&session);
}

static void make_log(void)
{
    char home[PATH_SIZE + 8];
    snprintf(made.folder, sizeof made.folder, "%s/tocsin-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    CLAIM(mkdtemp(made.folder) != NULL);
    atexit(remove_log);
    snprintf(home, sizeof home, "%s/home", made.folder);
    fill(home);
    made.home = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (size_t i = 0; i < FILE_COUNT; i++) {
        made.files[i] = text_of_limit(FILE_SIZE_LIMIT);
        int fd = openat(made.home, names[i], O_RDONLY | O_CLOEXEC);
        CLAIM(fd >= 0 && file_read(fd, &made.files[i]) == STATUS_OK);
        close(fd);
    }
}

static void put(size_t index, struct bytes bytes)
{
    int fd = openat(made.home, names[index], O_WRONLY | O_TRUNC | O_CLOEXEC);
    CLAIM(fd >= 0 && file_write(fd, bytes) == STATUS_OK);
    close(fd);
}

static void change(struct cursor *cursor, struct text *file)
{
    while (cursor_left(cursor) >= 3 && file->size > 0) {
        size_t at = cursor_u16be(cursor) % file->size;
        file->data[at] = (char)(file->data[at] ^ cursor_u8(cursor));
    }
}

static void check(bool is_whole)
{
    AUTO(audit_check_done) struct audit_check found = {0};
    CLAIM(audit_verify(made.home, text_bytes(&made.verifier), NULL, &found) == STATUS_OK);
    CLAIM((found.difference_count == 0) == is_whole);
    for (size_t i = 0; i < found.differences.size; i++) {
        unsigned char byte = (unsigned char)found.differences.data[i];
        CLAIM(byte == '\n' || (byte >= ' ' && byte < 0x7f));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (made.folder[0] == '\0') {
        make_log();
        check(true);
    }
    struct cursor cursor = cursor_of((struct bytes){data, size});
    size_t index = cursor_u8(&cursor) % FILE_COUNT;
    unsigned how = cursor_u8(&cursor) % 3;
    AUTO(text_done) struct text file = text_of_limit(FILE_SIZE_LIMIT);
    text_add_raw(&file, how == 0 ? cursor_rest(&cursor) : text_bytes(&made.files[index]));
    if (how == 1) {
        change(&cursor, &file);
    } else if (how == 2) {
        text_cut(&file, cursor_u16be(&cursor) % (file.size + 1));
    }
    bool is_same = bytes_equal(text_bytes(&file), text_bytes(&made.files[index]));
    put(index, text_bytes(&file));
    check(is_same);
    put(index, text_bytes(&made.files[index]));
    return 0;
}
