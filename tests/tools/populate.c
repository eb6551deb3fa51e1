/* Fills the home of a group with members, each vouched for by two others, as the group's
 * commands would one by one: to measure what a large group's commands cost.
 *
 * usage: tocsin-populate HOME COUNT */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "access/decide.h"
#include "access/group/paper.h"
#include "access/group/roll.h"
#include "base/number.h"

#define RECIPIENT "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
#define VOUCHES 2
#define LINE_MAX 512

/* One member, and those who vouch for the next ones. */
struct filling {
    struct access_session session;
    struct moment now;
    struct identity last[VOUCHES];
    unsigned last_count;
    uint64_t made;
};

static void must(enum status status, const char *what)
{
    if (status != STATUS_OK) {
        fprintf(stderr, "tocsin-populate: %s: %s\n", what, status_name(status));
        exit(2);
    }
}

static void add_key(struct deed_draft *draft, const char *name, const struct identity *identity)
{
    AUTO(text_done) struct text line = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(identity, &line);
    text_cut(&line, line.size - 1);
    deed_add(draft, name, text_bytes(&line));
}

/* Kept as a paper. */
static void keep(struct filling *filling, struct deed_draft *draft, struct sha256 *out)
{
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    must(deed_finish(draft, &file, &fault), fault.what == NULL ? "a deed" : fault.what);
    must(paper_keep(filling->session.payloads, text_bytes(&file), out), "a paper");
}

/* Decided and recorded, as a command of the group's is. */
static void record(struct filling *filling, const char *operation, const struct sha256 *object)
{
    const struct access_request request = {.operation = operation,
                                           .class = CLASS_VERIFIED,
                                           .audit = AUDIT_CHANGE,
                                           .arguments =
                                               BYTES_LITERAL("access\0enrol\0--in\0x\0")};
    const struct access_grant *grant = NULL;
    struct access_refusal refusal;
    struct fault fault;
    must(access_decide(&filling->session, &request, &grant, &refusal), "a decision");
    must(access_record(&filling->session, grant, STATUS_OK, object, &fault), "a record");
    arena_reset(filling->session.arena);
}

static void add_text(struct deed_draft *draft, const char *name, const char *format,
                     uint64_t number)
{
    char line[LINE_MAX];
    IGNORE(snprintf(line, sizeof line, format, (unsigned long long)number,
                    (unsigned long long)number) < 0,
           "then the deed is not written");
    deed_add(draft, name, bytes_of_text(line));
}

static void enrol(struct filling *filling, const struct identity *member, struct sha256 *out)
{
    AUTO(deed_done) struct deed_draft draft = deed_begin(DEED_ENROLMENT, member, filling->now);
    add_key(&draft, "group", &filling->session.identity);
    add_text(&draft, "name", "member-%llu.example", filling->made);
    add_text(&draft, "organisation", "The organisation %llu", filling->made / 3);
    deed_add(&draft, "recipient", bytes_of_text(RECIPIENT));
    keep(filling, &draft, out);
    AUTO(deed_done)
    struct deed_draft admission =
        deed_begin(DEED_ADMISSION, &filling->session.identity, filling->now);
    struct sha256 hash;
    deed_add_hash(&admission, "enrolment", out);
    add_text(&admission, "fact",
             "answers_for(\"member-%llu.example\", \"org-%llu.example\", \"register 7\")",
             filling->made);
    add_text(&admission, "fact",
             "key_bound(\"member-%llu.example\", \"phishing-resistant\", \"enrolment %llu\")",
             filling->made);
    add_text(&admission, "fact",
             "domain_controlled(\"org-%llu.example\", \"org-%llu.example\", \"DNS record\")",
             filling->made);
    keep(filling, &admission, &hash);
    record(filling, ROLL_ENROL, &hash);
}

static void vouch(struct filling *filling, const struct identity *by,
                  const struct sha256 *enrolment)
{
    AUTO(deed_done) struct deed_draft draft = deed_begin(DEED_VOUCH, by, filling->now);
    struct sha256 hash;
    add_key(&draft, "group", &filling->session.identity);
    deed_add_hash(&draft, "enrolment", enrolment);
    add_text(&draft, "name", "member-%llu.example", filling->made);
    keep(filling, &draft, &hash);
    record(filling, ROLL_VOUCH, &hash);
}

static void add_member(struct filling *filling)
{
    struct identity member;
    struct sha256 enrolment;
    must(identity_new(&member), "a key");
    enrol(filling, &member, &enrolment);
    for (unsigned i = 0; i < filling->last_count; i++) {
        vouch(filling, &filling->last[i], &enrolment);
    }
    if (filling->last_count == VOUCHES) {
        identity_done(&filling->last[0]);
        filling->last[0] = filling->last[1];
        filling->last_count--;
    }
    filling->last[filling->last_count++] = member;
    filling->made++;
}

int main(int argc, char **argv)
{
    uint64_t count = 0;
    struct filling filling = {.made = 0};
    if (argc != 3 || number_decimal(bytes_of_text(argv[2]), &count) != STATUS_OK) {
        fputs("usage: tocsin-populate HOME COUNT\n", stderr);
        return 2;
    }
    session_open(argv[1], &filling.session);
    must(filling.session.has_audit ? STATUS_OK : STATUS_NOT_FOUND, "the home");
    struct timespec now;
    must(clock_gettime(CLOCK_REALTIME, &now) == 0 ? STATUS_OK : STATUS_IO, "the clock");
    filling.now = moment_of_unix(now.tv_sec, 0);
    while (filling.made < count) {
        add_member(&filling);
    }
    session_done(&filling.session);
    printf("%llu members\n", (unsigned long long)count);
    return 0;
}
