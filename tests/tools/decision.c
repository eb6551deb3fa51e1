/* Measures what deciding and logging cost, for tests/prove/decision-cost.
 *
 *     test-decision alone COUNT           decisions that write nothing, in memory
 *     test-decision tokens COUNT          a token of eight blocks and 500 facts; a narrowed
 * grant test-decision load HOME RATE SECONDS    decisions that are logged, so many a second
 *     test-decision analyze HOME COUNT    what `tocsin analyze` does for access, and no more
 *
 * Run from the root of the source.  Prints one line of JSON: times in microseconds, on the
 * clock and as worked; of what is written also without the time that the disk took to make it
 * last. */
#include "access/group/entitled.h"

#include <stdlib.h>
#include <sys/syscall.h>

#include "base/number.h"

#define BLOCKS 8
#define FACTS 500
#define NANOSECONDS 1000000000L

/* What a call took, and of that the disk. */
struct moments {
    double clock_us;
    double work_us;
    double disk_us;
};

struct times {
    double *columns[3];
    size_t count;
};

static double disk_us; /* in fsync and fdatasync so far, as the two below count it */

static double read_us(clockid_t which)
{
    struct timespec now = {0};
    clock_gettime(which, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int sync_timed(long which, int fd)
{
    double began = read_us(CLOCK_MONOTONIC);
    int result = (int)syscall(which, fd);
    disk_us += read_us(CLOCK_MONOTONIC) - began;
    return result;
}

/* In place of the C library's. */
int fsync(int fd)
{
    return sync_timed(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return sync_timed(SYS_fdatasync, fd);
}

static struct moments now(void)
{
    return (struct moments){read_us(CLOCK_MONOTONIC), read_us(CLOCK_PROCESS_CPUTIME_ID),
                            disk_us};
}

static struct times times_new(size_t count)
{
    struct times times = {.count = 0};
    for (size_t i = 0; i < 3; i++) {
        times.columns[i] = malloc(sizeof(double) * (count + 1));
        assert_non_null(times.columns[i]);
    }
    return times;
}

static void times_done(struct times *times)
{
    for (size_t i = 0; i < 3; i++) {
        free(times->columns[i]);
    }
}

static void times_add(struct times *times, const struct moments *since)
{
    struct moments until = now();
    double clock_us = until.clock_us - since->clock_us;
    times->columns[0][times->count] = clock_us;
    times->columns[1][times->count] = until.work_us - since->work_us;
    times->columns[2][times->count++] = clock_us - (until.disk_us - since->disk_us);
}

static int compare(const void *left, const void *right)
{
    const double *a = left;
    const double *b = right;
    return (*a > *b) - (*a < *b);
}

static void times_print(struct times *times, const char *name)
{
    static const char *const columns[] = {"clock", "work", "beside_disk"};
    printf("\"%s\": {\"count\": %zu", name, times->count);
    for (size_t i = 0; i < 3; i++) {
        double *us = times->columns[i];
        qsort(us, times->count, sizeof *us, compare);
        printf(", \"%s\": {\"median\": %.2f, \"p99\": %.2f, \"max\": %.2f}", columns[i],
               us[times->count / 2], us[times->count * 99 / 100], us[times->count - 1]);
    }
    printf("}");
    times_done(times);
}

/* ---- decisions that write nothing ---- */

static void measure_alone(size_t count)
{
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    assert_true(session.has_audit);
    struct times open = times_new(count);
    struct times held = times_new(count);
    const struct access_request request = {
        .operation = "evidence.analyze", .class = CLASS_OPEN, .audit = AUDIT_USE};
    for (size_t i = 0; i < count; i++) {
        const struct access_grant *grant = NULL;
        struct access_refusal refusal;
        const char *rule = NULL;
        arena_reset(session.arena);
        struct moments start = now();
        assert_ok(access_decide(&session, &request, &grant, &refusal));
        times_add(&open, &start);
        start = now();
        assert_true(access_is_held(&session, CLASS_VERIFIED, &rule));
        times_add(&held, &start);
    }
    printf("{");
    times_print(&open, "C0");
    printf(", ");
    times_print(&held, "C1");
    printf("}\n");
}

/* ---- tokens ---- */

/* The grant with approvals, a delegation and blocks that narrow, of eight in all, which say as
 * many facts. */
static struct text make_large(struct granted *granted)
{
    struct text token = granted_whole(granted);
    granted_delegate(granted, &token, &granted->holder, &granted->agent);
    for (size_t i = 4; i < BLOCKS; i++) {
        AUTO(text_done) struct text source = text_of_limit(SOURCE_SIZE_MAX);
        for (size_t j = 0; j < FACTS / (BLOCKS - 4); j++) {
            text_addf(&source, "n(%zu, %zu);\n", i, j);
        }
        text_add(&source, "check if want(\"model.pack\", $what);\n");
        struct grant_token before = granted_token(granted, &token);
        struct text longer = text_of_limit(GRANT_TOKEN_SIZE_MAX);
        struct datalog_block block;
        struct fault fault = {NULL, 0};
        assert_ok(
            datalog_read(text_bytes(&source), SOURCE_BLOCK, granted->arena, &block, &fault));
        assert_ok(grant_append(&before, &block, granted->arena, &longer, &fault));
        text_done(&token);
        token = longer;
    }
    return token;
}

static void measure_large(size_t count)
{
    struct granted granted = granted_new();
    AUTO(text_done) struct text token = make_large(&granted);
    struct grant_question question = granted_question(&granted);
    question.presenter = &granted.agent.key;
    AUTO(arena_done) struct arena *arena = arena_new(GRANTED_MEMORY);
    struct times times = times_new(count);
    for (size_t i = 0; i < count; i++) {
        struct grant_opened opened;
        struct fault fault = {NULL, 0};
        struct access_refusal refusal = {.rule = ""};
        arena_reset(arena);
        struct moments start = now();
        assert_ok(grant_open(text_bytes(&token), &granted.group.key, arena, &opened, &fault));
        enum status status = grant_judge(&granted.rules, &opened, &question, arena, &refusal);
        times_add(&times, &start);
        assert_string_equal(refusal.rule, "");
        assert_ok(status);
        assert_int_equal(opened.token.part_count, BLOCKS);
    }
    printf("{\"blocks\": %d, \"facts\": %d, \"size\": %zu, ", BLOCKS, FACTS, token.size);
    times_print(&times, "token");
    printf("}\n");
    granted_done(&granted);
}

static void measure_found(size_t count, struct entitled *entitled, struct home *home,
                          const char *name)
{
    AUTO(arena_done) struct arena *arena = arena_new(GRANTED_MEMORY);
    struct entitlement_wish wish = entitled_wish(entitled);
    struct times times = times_new(count);
    for (size_t i = 0; i < count; i++) {
        struct entitlement found;
        struct access_refusal refusal;
        struct fault fault = {NULL, 0};
        arena_reset(arena);
        struct moments start = now();
        assert_ok(entitlement_find(&home->session, &wish, arena, &found, &refusal, &fault));
        times_add(&times, &start);
    }
    times_print(&times, name);
}

static void measure_grants(size_t count)
{
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    entitled_keep(&entitled, &entitled.holder, &entitled.file);
    AUTO(text_done) struct text left = entitled_narrow(&entitled);
    entitled_keep(&entitled, &entitled.agent, &left);
    printf("{");
    measure_found(count, &entitled, &entitled.holder, "grant");
    printf(", ");
    measure_found(count, &entitled, &entitled.agent, "narrowed");
    printf("}\n");
}

/* ---- decisions that are logged ---- */

static void wait_until(double clock_us)
{
    double left = clock_us - read_us(CLOCK_MONOTONIC);
    if (left > 0) {
        long nanoseconds = (long)(left * 1e3);
        nanosleep(&(struct timespec){nanoseconds / NANOSECONDS, nanoseconds % NANOSECONDS},
                  NULL);
    }
}

/* The time at which a request is made. */
static double due_us(double began_us, size_t number, uint64_t rate)
{
    return began_us + (double)number * 1e6 / (double)rate;
}

/* Requests come evenly, whether or not those before were answered: what one waits counts.  All
 * that are waiting are decided together. */
static void measure_load(const char *path, uint64_t rate, uint64_t seconds)
{
    AUTO(session_done) struct access_session session;
    session_open(path, &session);
    assert_true(session.has_audit);
    size_t count = (size_t)(rate * seconds);
    struct times times = times_new(count);
    struct times own = times_new(count);
    const struct access_request request = {.operation = "evidence.extract",
                                           .class = CLASS_VERIFIED,
                                           .audit = AUDIT_CHANGE,
                                           .arguments = bytes_of_text("auth.log:17")};
    static struct access_decision decisions[ACCESS_DECISIONS_MAX];
    double began_us = read_us(CLOCK_MONOTONIC);
    for (size_t done = 0; done < count;) {
        size_t some = 0;
        wait_until(due_us(began_us, done, rate));
        struct moments start = now();
        while (some < ACCESS_DECISIONS_MAX && done + some < count &&
               due_us(began_us, done + some, rate) <= start.clock_us) {
            decisions[some++] = (struct access_decision){.request = &request};
        }
        arena_reset(session.arena);
        access_decide_all(&session, decisions, some);
        if (some > 0) {
            times_add(&own, &start);
        }
        for (size_t i = 0; i < some; i++) {
            assert_ok(decisions[i].status);
            start.clock_us = due_us(began_us, done++, rate);
            times_add(&times, &start);
        }
    }
    printf("{\"rate\": %llu, \"seconds\": %.2f, ", (unsigned long long)rate,
           (read_us(CLOCK_MONOTONIC) - began_us) / 1e6);
    times_print(&times, "decision");
    printf(", ");
    times_print(&own, "own");
    printf("}\n");
}

/* From the home to the entry that it was done. */
static void measure_analyze(const char *path, size_t count)
{
    struct times times = times_new(count);
    const struct access_request request = {.operation = "evidence.analyze",
                                           .class = CLASS_OPEN,
                                           .audit = AUDIT_USE,
                                           .arguments = bytes_of_text("analyze\0auth.log")};
    for (size_t i = 0; i < count; i++) {
        const struct access_grant *grant = NULL;
        struct access_refusal refusal;
        struct fault fault = {NULL, 0};
        struct sha256 object = sha256_of(BYTES_NONE);
        struct moments start = now();
        AUTO(session_done) struct access_session session;
        session_open(path, &session);
        assert_ok(access_decide(&session, &request, &grant, &refusal));
        assert_ok(access_record(&session, grant, STATUS_OK, &object, &fault));
        times_add(&times, &start);
    }
    printf("{");
    times_print(&times, "analyze");
    printf("}\n");
}

static uint64_t number_of(const char *word)
{
    uint64_t number = 0;
    assert_ok(number_decimal_max(bytes_of_text(word), 10000000, &number));
    assert_true(number > 0);
    return number;
}

int main(int count, char **words)
{
    if (count == 3 && strcmp(words[1], "alone") == 0) {
        measure_alone((size_t)number_of(words[2]));
    } else if (count == 3 && strcmp(words[1], "token") == 0) {
        measure_large((size_t)number_of(words[2]));
    } else if (count == 3 && strcmp(words[1], "grant") == 0) {
        measure_grants((size_t)number_of(words[2]));
    } else if (count == 5 && strcmp(words[1], "load") == 0) {
        measure_load(words[2], number_of(words[3]), number_of(words[4]));
    } else if (count == 4 && strcmp(words[1], "analyze") == 0) {
        measure_analyze(words[2], (size_t)number_of(words[3]));
    } else {
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
