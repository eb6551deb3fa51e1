/* Attempts by the thousand to get more than was granted: each must be refused, by a rule that
 * fits its kind; and legitimate requests between them, which must all be allowed.
 *
 *     tocsin-escalation RULES SEED FIRST COUNT
 *
 * makes the worlds FIRST and the COUNT - 1 after it: in each every kind is tried once, and what
 * is legitimate beside it.  RULES is content/grant.datalog.  Prints a line for each kind with
 * its counts, what went wrong, and last `N passed, N failed`. */
#include "attempt.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "access/grant/source.h"
#include "base/file.h"
#include "base/number.h"

#define ANSWER_MEMORY_MAX (16U << 20)
#define KINDS_MAX 128
#define SHOWN_MAX 20

struct tally {
    const struct attempt_kind *kind;
    uint64_t passed;
    uint64_t failed;
};

struct tallies {
    struct tally rows[KINDS_MAX];
    size_t count;
    uint64_t shown;
};

static void add_kinds(struct tallies *tallies, const struct attempt_kind *kinds)
{
    for (size_t i = 0; kinds[i].name != NULL; i++) {
        must(tallies->count < KINDS_MAX ? STATUS_OK : STATUS_LIMIT, "the kinds");
        tallies->rows[tallies->count++] = (struct tally){.kind = &kinds[i]};
    }
}

/* The rule that refused it, "" where it was allowed. */
static void ask(struct realm *realm, const struct attempt *attempt, char *out, size_t size)
{
    AUTO(arena_done) struct arena *arena = arena_new(ANSWER_MEMORY_MAX);
    struct entitlement found;
    struct access_refusal refusal = {0};
    struct fault fault = {NULL, 0};
    const struct entitlement_wish wish = {.operation = attempt->operation,
                                          .pack = attempt->pack,
                                          .now_s = attempt->now_s,
                                          .rules = realm->rules};
    const char *answer = attempt->refused;
    if (answer == NULL) {
        enum status status = entitlement_judge(&attempt->by->session, &wish, attempt->file,
                                               arena, &found, &refusal, &fault);
        answer = status == STATUS_OK       ? ""
                 : status == STATUS_DENIED ? refusal.rule
                                           : status_name(status);
    }
    IGNORE(snprintf(out, size, "%s", answer) < 0, "a short word");
}

static bool fits(const char *rules, const char *answer)
{
    struct bytes rest = bytes_of_text(rules);
    struct bytes rule = BYTES_NONE;
    if (rest.size == 0 || answer[0] == '\0') {
        return rest.size == 0 && answer[0] == '\0';
    }
    while (bytes_split(&rest, '|', &rule)) {
        if (bytes_equal_text(rule, answer)) {
            return true;
        }
    }
    return bytes_equal_text(rest, answer);
}

static void try_kind(struct realm *realm, struct tallies *tallies, struct tally *tally,
                     uint64_t world)
{
    char answer[128];
    struct attempt attempt = {.by = &realm->holder,
                              .operation = ENTITLEMENT_PACK,
                              .pack = realm->terms.rights[0].what,
                              .now_s = realm->now_s};
    tally->kind->make(realm, &attempt);
    ask(realm, &attempt, answer, sizeof answer);
    if (fits(tally->kind->rules, answer)) {
        tally->passed++;
    } else {
        tally->failed++;
        if (tallies->shown++ < SHOWN_MAX) {
            printf("world %llu, %s: %s\n", (unsigned long long)world, tally->kind->name,
                   answer[0] == '\0' ? "allowed" : answer);
        }
    }
    realm_reset(realm);
}

static int report(const struct tallies *tallies, double seconds)
{
    uint64_t passed = 0;
    uint64_t failed = 0;
    uint64_t attempts = 0;
    for (size_t i = 0; i < tallies->count; i++) {
        const struct tally *tally = &tallies->rows[i];
        bool is_right = tally->kind->rules[0] == '\0';
        printf("%-44s %8llu %s %8llu wrong\n", tally->kind->name,
               (unsigned long long)tally->passed, is_right ? "allowed" : "refused",
               (unsigned long long)tally->failed);
        passed += tally->passed;
        failed += tally->failed;
        attempts += is_right ? 0 : tally->passed + tally->failed;
    }
    printf("%llu attempts, %llu legitimate requests, %.1f s\n", (unsigned long long)attempts,
           (unsigned long long)(passed + failed - attempts), seconds);
    printf("%llu passed, %llu failed\n", (unsigned long long)passed,
           (unsigned long long)failed);
    return failed == 0 && passed > 0 ? 0 : 1;
}

static void run_worlds(struct tallies *tallies, struct bytes rules, const char *folder,
                       const uint64_t numbers[3])
{
    struct realm *realm = calloc(1, sizeof *realm);
    must(realm == NULL ? STATUS_NO_MEMORY : STATUS_OK, "memory");
    for (uint64_t world = numbers[1]; world - numbers[1] < numbers[2]; world++) {
        realm_seed(numbers[0], world);
        realm_begin(realm, rules, folder);
        for (size_t i = 0; i < tallies->count; i++) {
            /* Each from a stream of its own, so that a kind more moves no other. */
            realm_seed(numbers[0] + 1 + i, world);
            try_kind(realm, tallies, &tallies->rows[i], world);
        }
        realm_end(realm);
    }
    free(realm);
}

static void read_rules(const char *path, struct text *out)
{
    AUTO(file_done) int fd = open(path, O_RDONLY | O_CLOEXEC);
    must(fd < 0 ? STATUS_IO : file_read(fd, out), path);
}

int main(int count, char **words)
{
    uint64_t numbers[3] = {0};
    struct tallies tallies = {0};
    struct timespec began;
    struct timespec ended;
    for (int i = 0; i < 3; i++) {
        if (count != 5 || number_decimal_max(bytes_of_text(words[2 + i]), INT64_MAX,
                                             &numbers[i]) != STATUS_OK) {
            fprintf(stderr, "usage: tocsin-escalation RULES SEED FIRST COUNT\n");
            return 2;
        }
    }
    AUTO(text_done) struct text rules = text_of_limit(SOURCE_SIZE_MAX);
    char folder[REALM_PATH_MAX];
    const char *asked = getenv("TMPDIR");
    must(snprintf(folder, sizeof folder, "%s/tocsin-escalation-XXXXXX",
                  asked != NULL                   ? asked
                  : access("/dev/shm", W_OK) == 0 ? "/dev/shm"
                                                  : "/tmp") < (int)sizeof folder &&
                 mkdtemp(folder) != NULL
             ? STATUS_OK
             : STATUS_IO,
         "a folder");
    read_rules(words[1], &rules);
    add_kinds(&tallies, attempt_token_kinds());
    add_kinds(&tallies, attempt_approval_kinds());
    add_kinds(&tallies, attempt_datalog_kinds());
    add_kinds(&tallies, attempt_log_kinds());
    add_kinds(&tallies, attempt_witness_kinds());
    add_kinds(&tallies, attempt_agent_kinds());
    add_kinds(&tallies, attempt_member_kinds());
    add_kinds(&tallies, attempt_right_kinds());
    clock_gettime(CLOCK_MONOTONIC, &began);
    run_worlds(&tallies, text_bytes(&rules), folder, numbers);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    IGNORE(rmdir(folder) != 0, "its homes are gone");
    return report(&tallies, (double)(ended.tv_sec - began.tv_sec) +
                                (double)(ended.tv_nsec - began.tv_nsec) / 1e9);
}
