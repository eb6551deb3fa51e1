/* Fills audit logs by the writer's own code, and measures what that and proofs of them cost.
 *
 *     tocsin-log fill HOME COUNT           COUNT more entries, many to a checkpoint
 *     tocsin-log append HOME COUNT SIZE    COUNT entries with SIZE bytes of arguments, one by
 * one tocsin-log prove HOME COUNT SEED     proofs of entries drawn, and of growth since sizes
 * drawn tocsin-log check PROOF COUNT KEY WITNESS...    one proof, checked as often tocsin-log
 * sync FOLDER COUNT         what the disk takes to make a write durable
 *
 * Prints one line of JSON: times in microseconds.  Never installed: for tests/prove. */
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "access/audit_prove.h"
#include "access/log_proof.h"
#include "access/session.h"
#include "base/file.h"
#include "base/number.h"

#define TIMES_MAX 10000000U
#define BATCH 256U
#define WITNESSES_MAX 16
#define PAYLOAD_EVERY 1000U

static const char *const operations[] = {"evidence.analyze", "evidence.extract", "text.explain",
                                         "model.pack", "group.grant"};

/* On the clock, and what this program itself worked, whatever else the machine does. */
struct moments {
    double clock_us;
    double work_us;
};

struct times {
    double *clock_us;
    double *work_us;
    size_t count;
};

static double read_us(clockid_t which)
{
    struct timespec now = {0};
    clock_gettime(which, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static struct moments now(void)
{
    return (struct moments){read_us(CLOCK_MONOTONIC), read_us(CLOCK_PROCESS_CPUTIME_ID)};
}

static struct times times_new(uint64_t count)
{
    size_t size = sizeof(double) * (size_t)(count + 1);
    return (struct times){.clock_us = malloc(size), .work_us = malloc(size)};
}

static void times_done(struct times *times)
{
    free(times->clock_us);
    free(times->work_us);
}

static void times_add(struct times *times, struct moments since)
{
    struct moments until = now();
    times->clock_us[times->count] = until.clock_us - since.clock_us;
    times->work_us[times->count++] = until.work_us - since.work_us;
}

static int compare(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return (*a > *b) - (*a < *b);
}

static void print_column(double *us, size_t count, const char *name)
{
    qsort(us, count, sizeof *us, compare);
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += us[i];
    }
    printf("\"%s\": {\"mean\": %.1f, \"median\": %.1f, \"p99\": %.1f, \"max\": %.1f}", name,
           sum / (double)count, us[count / 2], us[count * 99 / 100], us[count - 1]);
}

static void times_print(struct times *times, const char *name)
{
    printf("\"%s\": {\"count\": %zu, ", name, times->count);
    print_column(times->clock_us, times->count, "clock");
    printf(", ");
    print_column(times->work_us, times->count, "work");
    printf("}");
}

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "tocsin-log: %s: %s\n", what, why == NULL ? "failed" : why);
    return 1;
}

/* An entry of which no two are the same. */
static struct audit_entry make_entry(uint64_t number, struct sha256 *object)
{
    static const uint8_t policy[AUDIT_HASH_SIZE] = {7};
    *object = sha256_of((struct bytes){(const uint8_t *)&number, sizeof number});
    struct audit_entry entry = {
        .event = number % 3 == 0 ? AUDIT_ALLOWED : AUDIT_DONE,
        .class = (uint8_t)(number % 3),
        .operation = bytes_of_text(operations[number % 5]),
        .rule = bytes_of_text("open-to-anyone"),
        .policy = {policy, sizeof policy},
        .object = {object->bytes, sizeof object->bytes},
    };
    return entry;
}

/* `count` entries from `first` on, by one call. */
static enum status append_some(struct access_session *session, uint64_t first, size_t count,
                               uint64_t payload_every, uint64_t *last, struct fault *fault)
{
    struct audit_entry entries[BATCH];
    struct sha256 objects[BATCH];
    struct audit_addition additions[BATCH];
    for (size_t i = 0; i < count; i++) {
        bool has_payload = (first + i) % payload_every == 0;
        entries[i] = make_entry(first + i, &objects[i]);
        additions[i] = (struct audit_addition){
            .entry = &entries[i],
            .payload = has_payload ? bytes_of_text("evidence.log") : BYTES_NONE};
    }
    size_t appended = 0;
    TRY(audit_append_all(&session->audit, additions, count, &appended, fault));
    *last = additions[count - 1].sequence;
    return STATUS_OK;
}

static int fill(struct access_session *session, uint64_t count)
{
    struct moments began = now();
    uint64_t last = 0;
    for (uint64_t done = 0; done < count;) {
        size_t some = count - done < BATCH ? (size_t)(count - done) : BATCH;
        struct fault fault = {NULL, 0};
        if (append_some(session, done, some, PAYLOAD_EVERY, &last, &fault) != STATUS_OK) {
            return fail("fill", fault.what);
        }
        done += some;
    }
    printf("{\"entries\": %llu, \"seconds\": %.3f}\n", (unsigned long long)count,
           (now().clock_us - began.clock_us) / 1e6);
    return 0;
}

static int append_together(struct access_session *session, uint64_t count, uint64_t at_once)
{
    struct times times = times_new(count / at_once + 1);
    struct moments began = now();
    uint64_t last = 0;
    for (uint64_t done = 0; done < count; done += at_once) {
        struct fault fault = {NULL, 0};
        struct moments start = now();
        if (append_some(session, done, (size_t)at_once, UINT64_MAX, &last, &fault) !=
            STATUS_OK) {
            return fail("together", fault.what);
        }
        times_add(&times, start);
    }
    printf("{\"entries\": %llu, \"seconds\": %.3f, ",
           (unsigned long long)(times.count * at_once),
           (now().clock_us - began.clock_us) / 1e6);
    times_print(&times, "append");
    printf("}\n");
    times_done(&times);
    return 0;
}

static int append(struct access_session *session, uint64_t count, uint64_t size)
{
    struct times times = times_new(count);
    AUTO(text_done) struct text payload = text_of_limit(AUDIT_PAYLOAD_MAX);
    text_add_repeat(&payload, "x", (size_t)size);
    struct moments began = now();
    for (uint64_t i = 0; i < count; i++) {
        struct sha256 object;
        struct audit_entry entry = make_entry(i, &object);
        struct fault fault = {NULL, 0};
        uint64_t sequence = 0;
        struct moments start = now();
        if (audit_append(&session->audit, &entry, text_bytes(&payload), &sequence, &fault) !=
            STATUS_OK) {
            return fail("append", fault.what);
        }
        times_add(&times, start);
    }
    printf("{\"entries\": %llu, \"seconds\": %.3f, ", (unsigned long long)count,
           (now().clock_us - began.clock_us) / 1e6);
    times_print(&times, "append");
    printf("}\n");
    times_done(&times);
    return 0;
}

/* One entry, then some at once, and so on: what was said must be in the log, whatever ends
 * this. */
static int acknowledge(struct access_session *session, uint64_t count)
{
    uint64_t last = 0;
    for (uint64_t said = 0; said < count;) {
        size_t some = said % 2 == 0 ? 1 : 1 + (size_t)(said * 7 % 40);
        struct fault fault = {NULL, 0};
        if (append_some(session, said, some, 5, &last, &fault) != STATUS_OK) {
            return fail("acknowledge", fault.what);
        }
        said += some;
        printf("%llu\n", (unsigned long long)last);
        fflush(stdout);
    }
    return 0;
}

/* The next of a row of numbers that a seed determines: splitmix64. */
static uint64_t draw(uint64_t *seed)
{
    *seed += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *seed;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* How many entries the log has: those of a request to a witness that knows none. */
static enum status find_size(const struct access_session *session, const struct note_key *key,
                             uint64_t *out, struct fault *fault)
{
    AUTO(text_done) struct text file = text_of_limit(LOG_PROOF_SIZE_MAX);
    struct log_request request;
    TRY(audit_prove_growth(session->home, key, 0, &file, fault));
    TRY(log_request_read(text_bytes(&file), &request, fault));
    *out = request.checkpoint.says.size;
    return STATUS_OK;
}

/* As an outsider with nothing but the key checks it. */
static enum status check_proof(struct bytes file, const struct note_key *key, uint64_t index,
                               struct fault *fault)
{
    struct log_proof proof;
    struct audit_entry entry;
    TRY(log_proof_read(file, &proof, fault));
    TRY(log_proof_check(&proof, key, &entry, fault));
    return entry.sequence == index ? STATUS_OK : STATUS_CONFLICT;
}

static enum status prove_one(const struct access_session *session, const struct note_key *key,
                             uint64_t index, struct times *making, struct times *checking,
                             struct fault *fault)
{
    AUTO(text_done) struct text file = text_of_limit(LOG_PROOF_SIZE_MAX);
    struct moments start = now();
    TRY(audit_prove(session->home, key, BYTES_NONE, index, &file, fault));
    times_add(making, start);
    start = now();
    TRY(check_proof(text_bytes(&file), key, index, fault));
    times_add(checking, start);
    return STATUS_OK;
}

static enum status prove_growth(const struct access_session *session,
                                const struct note_key *key, uint64_t older,
                                struct times *making, struct fault *fault)
{
    AUTO(text_done) struct text file = text_of_limit(LOG_PROOF_SIZE_MAX);
    struct moments start = now();
    TRY(audit_prove_growth(session->home, key, older, &file, fault));
    times_add(making, start);
    return STATUS_OK;
}

static int prove(const struct access_session *session, uint64_t count, uint64_t seed)
{
    const struct note_key key = audit_key(&session->identity);
    struct times making = times_new(count);
    struct times checking = times_new(count);
    struct times growing = times_new(count);
    struct fault fault = {NULL, 0};
    uint64_t size = 0;
    enum status status = find_size(session, &key, &size, &fault);
    for (uint64_t i = 0; status == STATUS_OK && i < count; i++) {
        status = prove_one(session, &key, draw(&seed) % size, &making, &checking, &fault);
        if (status == STATUS_OK) {
            status = prove_growth(session, &key, draw(&seed) % (size + 1), &growing, &fault);
        }
    }
    if (status != STATUS_OK) {
        return fail("prove", fault.what);
    }
    printf("{\"size\": %llu, ", (unsigned long long)size);
    times_print(&making, "inclusion");
    printf(", ");
    times_print(&growing, "growth");
    printf(", ");
    times_print(&checking, "check");
    printf("}\n");
    times_done(&making);
    times_done(&checking);
    times_done(&growing);
    return 0;
}

/* The proof, its log's signature and each witness's. */
static bool holds(struct bytes file, const struct note_key *keys, size_t count)
{
    struct log_proof proof;
    struct audit_entry entry;
    struct fault fault;
    if (log_proof_read(file, &proof, &fault) != STATUS_OK ||
        log_proof_check(&proof, &keys[0], &entry, &fault) != STATUS_OK) {
        return false;
    }
    for (size_t i = 1; i < count; i++) {
        uint64_t time_s = 0;
        if (note_check(&proof.checkpoint.note, &keys[i], &time_s) != NOTE_SIGNED) {
            return false;
        }
    }
    return true;
}

static int check(const char *path, uint64_t count, size_t key_count, char **words)
{
    struct note_key keys[WITNESSES_MAX + 1];
    AUTO(text_done) struct text file = text_of_limit(LOG_PROOF_SIZE_MAX);
    for (size_t i = 0; i < key_count; i++) {
        if (i > WITNESSES_MAX ||
            note_key_read(bytes_of_text(words[i]), &keys[i]) != STATUS_OK) {
            return fail(words[i], "is no key, or one too many");
        }
    }
    if (file_load(AT_FDCWD, path, &file) != STATUS_OK) {
        return fail(path, "cannot be read");
    }
    struct times times = times_new(count);
    for (uint64_t i = 0; i < count; i++) {
        struct moments start = now();
        if (!holds(text_bytes(&file), keys, key_count)) {
            return fail(path, "does not hold");
        }
        times_add(&times, start);
    }
    printf("{\"signatures\": %zu, ", key_count);
    times_print(&times, "check");
    printf("}\n");
    times_done(&times);
    return 0;
}

/* What one line appended to a file, and a small file put in another's place, take to last. */
static int measure_sync(const char *path, uint64_t count)
{
    AUTO(file_done) int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    AUTO(file_done)
    int fd = openat(folder, "sync", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    struct times appending = times_new(count);
    struct times replacing = times_new(count);
    static const uint8_t line[200] = {'x'};
    bool is_good = fd >= 0;
    for (uint64_t i = 0; is_good && i < count; i++) {
        struct moments start = now();
        is_good = file_write(fd, (struct bytes){line, sizeof line}) == STATUS_OK &&
                  fdatasync(fd) == 0;
        times_add(&appending, start);
        start = now();
        is_good = is_good && file_replace(folder, folder, "replaced",
                                          (struct bytes){line, sizeof line}, 0600) == STATUS_OK;
        times_add(&replacing, start);
    }
    unlinkat(folder, "sync", 0);
    unlinkat(folder, "replaced", 0);
    if (!is_good) {
        return fail(path, "cannot be written");
    }
    printf("{");
    times_print(&appending, "append");
    printf(", ");
    times_print(&replacing, "replace");
    printf("}\n");
    times_done(&appending);
    times_done(&replacing);
    return 0;
}

static int run_on_home(const char *what, const char *home, uint64_t count, uint64_t more)
{
    AUTO(session_done) struct access_session session;
    session_open(home, &session);
    if (!session.has_audit) {
        return fail(home, session.fault.what);
    }
    if (strcmp(what, "fill") == 0) {
        return fill(&session, count);
    }
    if (strcmp(what, "together") == 0) {
        return append_together(&session, count, more);
    }
    if (strcmp(what, "acknowledge") == 0) {
        return acknowledge(&session, count);
    }
    return strcmp(what, "append") == 0 ? append(&session, count, more)
                                       : prove(&session, count, more);
}

int main(int count, char **words)
{
    uint64_t number = 0;
    uint64_t more = 0;
    if (sodium_init() < 0) {
        return fail("libsodium", NULL);
    }
    bool has_number = count >= 4 && number_decimal_max(bytes_of_text(words[3]), TIMES_MAX,
                                                       &number) == STATUS_OK;
    bool has_more = count == 5 && number_decimal(bytes_of_text(words[4]), &more) == STATUS_OK;
    if (has_number && count == 4 &&
        (strcmp(words[1], "fill") == 0 || strcmp(words[1], "acknowledge") == 0)) {
        return run_on_home(words[1], words[2], number, 0);
    }
    if (has_number && number > 0 && has_more && more <= AUDIT_PAYLOAD_MAX &&
        strcmp(words[1], "append") == 0) {
        return run_on_home(words[1], words[2], number, more);
    }
    if (has_number && has_more && more > 0 && more <= BATCH &&
        strcmp(words[1], "together") == 0) {
        return run_on_home(words[1], words[2], number, more);
    }
    if (has_number && number > 0 && has_more && strcmp(words[1], "prove") == 0) {
        return run_on_home(words[1], words[2], number, more);
    }
    if (has_number && number > 0 && count > 4 && strcmp(words[1], "check") == 0) {
        return check(words[2], number, (size_t)count - 4, words + 4);
    }
    if (has_number && number > 0 && count == 4 && strcmp(words[1], "sync") == 0) {
        return measure_sync(words[2], number);
    }
    fprintf(stderr, "usage: tocsin-log fill HOME COUNT | append HOME COUNT SIZE | "
                    "together HOME COUNT N | acknowledge HOME COUNT | "
                    "prove HOME COUNT SEED | check PROOF COUNT KEY WITNESS... | "
                    "sync FOLDER COUNT\n");
    return 2;
}
