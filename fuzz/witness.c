/* Claims of access/witness.h: whatever a witness is asked, and whatever lies where it
 * remembers, it cosigns nothing but what the log's key signed, never less than it cosigned
 * before, and each refusal has a rule.
 *
 * Input: one byte says whether the rest is a request or what is remembered; a request that is
 * good is asked of a witness that knows three entries of the log. */
#include "fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <unistd.h>

#include "access/audit_prove.h"
#include "access/session.h"
#include "access/witness.h"
#include "base/cursor.h"
#include "base/file.h"

#define PATH_SIZE 256
#define NOW_S 1795852800
#define KNOWN 3

struct made {
    char folder[PATH_SIZE];
    int home; /* of the witness */
    struct access_session log;
    struct identity identity;
    struct note_key log_key;
    struct text memory;  /* what it remembers of the log */
    struct text request; /* a good one from there */
    char name[PATH_SIZE];
};

static struct made made;

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *walk)
{
    (void)facts;
    (void)kind;
    (void)walk;
    return remove(path);
}

static void remove_all(void)
{
    nftw(made.folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    session_done(&made.log);
    identity_done(&made.identity);
    text_done(&made.memory);
    text_done(&made.request);
}

static void append(int count)
{
    static const uint8_t policy[AUDIT_HASH_SIZE] = {1};
    const struct audit_entry entry = {.event = AUDIT_DONE,
                                      .operation = bytes_of_text("evidence.analyze"),
                                      .rule = bytes_of_text("open-to-anyone"),
                                      .policy = {policy, sizeof policy}};
    for (int i = 0; i < count; i++) {
        uint64_t sequence;
        struct fault fault;
        CLAIM(audit_append(&made.log.audit, &entry, BYTES_NONE, &sequence, &fault) ==
              STATUS_OK);
    }
}

static enum status ask(struct bytes file, struct text *out, uint64_t *known)
{
    static struct log_request request;
    struct fault fault = {NULL, 0};
    enum witness_rule rule = WITNESS_RULE_COUNT;
    if (log_request_read(file, &request, &fault) != STATUS_OK) {
        return STATUS_MALFORMED;
    }
    const struct witness_question question = {&request, &made.log_key, NOW_S};
    enum status status =
        witness_cosign(made.home, &made.identity, &question, out, known, &rule);
    CLAIM(status == STATUS_OK || (out->size == 0 && status == STATUS_DENIED));
    CLAIM(status == STATUS_OK || rule < WITNESS_RULE_COUNT);
    return status;
}

static void grow(uint64_t older, int count, struct text *out)
{
    struct fault fault;
    append(count);
    *out = text_of_limit(LOG_PROOF_SIZE_MAX);
    CLAIM(audit_prove_growth(made.log.home, &made.log_key, older, out, &fault) == STATUS_OK);
}

static void make_all(void)
{
    char home[PATH_SIZE + 8];
    snprintf(made.folder, sizeof made.folder, "%s/tocsin-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    CLAIM(mkdtemp(made.folder) != NULL);
    atexit(remove_all);
    snprintf(home, sizeof home, "%s/home", made.folder);
    session_open(home, &made.log);
    CLAIM(made.log.has_audit && identity_new(&made.identity) == STATUS_OK);
    made.home = open(made.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    made.log_key = audit_key(&made.log.identity);
    AUTO(text_done) struct text first = text_of_limit(0);
    AUTO(text_done) struct text out = text_of_limit(NOTE_SIZE_MAX);
    AUTO(text_done) struct text hex = text_of_limit(PATH_SIZE);
    uint64_t known = 0;
    grow(0, KNOWN - 1, &first);
    CLAIM(ask(text_bytes(&first), &out, &known) == STATUS_OK && known == 0);
    grow(KNOWN, 4, &made.request);
    struct sha256 hash = sha256_of(made.log_key.name);
    sha256_add_hex(&hex, &hash);
    snprintf(made.name, sizeof made.name, "witness/%s", text_terminated(&hex));
    made.memory = text_of_limit(2 * NOTE_SIZE_MAX);
    AUTO(file_done) int fd = openat(made.home, made.name, O_RDONLY | O_CLOEXEC);
    CLAIM(fd >= 0 && file_read(fd, &made.memory) == STATUS_OK);
}

static void put(struct bytes bytes)
{
    AUTO(file_done)
    int fd = openat(made.home, made.name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CLAIM(fd >= 0 && file_write(fd, bytes) == STATUS_OK);
}

static void change(struct cursor *cursor, struct text *file)
{
    while (cursor_left(cursor) >= 3 && file->size > 0) {
        size_t at = cursor_u16be(cursor) % file->size;
        file->data[at] = (char)(file->data[at] ^ cursor_u8(cursor));
    }
}

/* What was cosigned is the log's own checkpoint, and nothing else. */
static void check_answer(struct bytes answer)
{
    static struct log_checkpoint found;
    static struct log_request good;
    struct fault fault;
    char name[IDENTITY_NAME_MAX];
    uint64_t time_s = 0;
    const struct note_key witness = witness_key(&made.identity, name);
    CLAIM(log_request_read(text_bytes(&made.request), &good, &fault) == STATUS_OK);
    CLAIM(log_checkpoint_read(answer, &found, &fault) == STATUS_OK);
    CLAIM(log_checkpoint_is_of(&found, &made.log_key));
    CLAIM(note_check(&found.note, &witness, &time_s) == NOTE_SIGNED && time_s == NOW_S);
    CLAIM(bytes_equal(found.note.text, good.checkpoint.note.text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (made.folder[0] == '\0') {
        make_all();
    }
    struct cursor cursor = cursor_of((struct bytes){data, size});
    unsigned how = cursor_u8(&cursor) % 4;
    AUTO(text_done) struct text request = text_of_limit(2 * NOTE_SIZE_MAX);
    AUTO(text_done) struct text memory = text_of_limit(2 * NOTE_SIZE_MAX);
    AUTO(text_done) struct text out = text_of_limit(NOTE_SIZE_MAX);
    text_add_raw(&request, how == 0 ? cursor_rest(&cursor) : text_bytes(&made.request));
    text_add_raw(&memory, how == 1 ? cursor_rest(&cursor) : text_bytes(&made.memory));
    if (how >= 2) {
        change(&cursor, how == 2 ? &request : &memory);
    }
    put(text_bytes(&memory));
    uint64_t known = 0;
    if (ask(text_bytes(&request), &out, &known) == STATUS_OK) {
        CLAIM(known == KNOWN); /* a digit of the key's hash may be in another case */
        check_answer(text_bytes(&out));
    }
    return 0;
}
