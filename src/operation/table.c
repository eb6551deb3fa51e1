#include "operation/operation.h"

#include <string.h>

#include "access/seal/split.h"
#include "operation/handler.h"
#include "record/vigil.h"

#define ANALYZE_OPTIONS \
    (OPTION_BIT(OPTION_AUDIENCE) | OPTION_BIT(OPTION_PAGE_FORMAT) | \
     OPTION_BIT(OPTION_FAIL_ON) | OPTION_BIT(OPTION_OUTPUT) | OPTION_BIT(OPTION_JOBS) | \
     OPTION_BIT(OPTION_YEAR) | OPTION_BIT(OPTION_ZONE) | OPTION_BIT(OPTION_SITE) | \
     OPTION_BIT(OPTION_SINCE) | OPTION_BIT(OPTION_UNTIL) | OPTION_BIT(OPTION_REDACT) | \
     OPTION_BIT(OPTION_MODEL) | OPTION_BIT(OPTION_COLOR) | OPTION_BIT(OPTION_USED_PACK) | \
     OPTION_BIT(OPTION_EVIDENCE_OWNER))
#define WATCH_OPTIONS \
    (OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_FAIL_ON) | OPTION_BIT(OPTION_YEAR) | \
     OPTION_BIT(OPTION_ZONE) | OPTION_BIT(OPTION_SITE) | OPTION_BIT(OPTION_REDACT) | \
     OPTION_BIT(OPTION_COLOR) | OPTION_BIT(OPTION_REPLAY) | OPTION_BIT(OPTION_SPEED))
#define SAVED_OPTIONS \
    (OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_OUTPUT) | OPTION_BIT(OPTION_COLOR))
#define SAVED_PAGE_OPTIONS \
    ((SAVED_OPTIONS & ~OPTION_BIT(OPTION_FORMAT)) | OPTION_BIT(OPTION_PAGE_FORMAT))
#define ELIGIBILITY_OPTIONS (OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_SUBJECT))
#define INIT_OPTIONS \
    (OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_GROUP_NAME) | OPTION_BIT(OPTION_OFFICER) | \
     OPTION_BIT(OPTION_WITNESS) | OPTION_BIT(OPTION_QUORUM) | OPTION_BIT(OPTION_OUT) | \
     OPTION_BIT(OPTION_IN))
#define ENROL_OPTIONS \
    (OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_GROUP) | OPTION_BIT(OPTION_NAME) | \
     OPTION_BIT(OPTION_ORGANISATION) | OPTION_BIT(OPTION_CONTACT) | OPTION_BIT(OPTION_OUT) | \
     OPTION_BIT(OPTION_IN) | OPTION_BIT(OPTION_FACTS))
#define VOUCH_OPTIONS \
    (OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_GROUP) | OPTION_BIT(OPTION_OUT) | \
     OPTION_BIT(OPTION_IN))
#define REQUEST_OPTIONS \
    (OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_GROUP) | OPTION_BIT(OPTION_PACK) | \
     OPTION_BIT(OPTION_HOURS) | OPTION_BIT(OPTION_REASON) | OPTION_BIT(OPTION_ASSET) | \
     OPTION_BIT(OPTION_OUT) | OPTION_BIT(OPTION_IN))
#define REVOKE_OPTIONS \
    (OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_SUBJECT) | \
     OPTION_BIT(OPTION_OF_ORGANISATION) | OPTION_BIT(OPTION_OF_AGENT) | \
     OPTION_BIT(OPTION_OF_KEY) | OPTION_BIT(OPTION_ALL) | OPTION_BIT(OPTION_OUT))
#define VERIFY_OPTIONS \
    (OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_KEY) | OPTION_BIT(OPTION_PROOF) | \
     OPTION_BIT(OPTION_WITNESS))
#define COSIGN_OPTIONS \
    (OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_WITNESS) | OPTION_BIT(OPTION_OUT) | \
     OPTION_BIT(OPTION_IN) | OPTION_BIT(OPTION_OLD))
#define WITNESS_OPTIONS \
    (OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_IN) | OPTION_BIT(OPTION_OUT) | \
     OPTION_BIT(OPTION_LOG_KEY))
#define OPERANDS_MAX 4096
#define QUESTION_WORDS_MAX 200

static bool writes_out(const struct request *request)
{
    return request->out != NULL;
}

static bool takes_in(const struct request *request)
{
    return request->in != NULL;
}

static bool asks_about_member(const struct request *request)
{
    return request->subject != NULL;
}

static bool checks_proof(const struct request *request)
{
    return request->proof != NULL;
}

static bool asks_to_rebuild(const struct request *request)
{
    return request->wants_rebuild;
}

static bool asks_critical(const struct request *request)
{
    return request->is_critical;
}

static bool asks_pack(const struct request *request)
{
    return request->pack != NULL;
}

/* rows: one deleted at a time by make prove */
static const struct operation rows[] = {
    {"model.critical", CLASS_CRITICAL, AUDIT_CHANGE, analyze_critical_run, "analyze", "PATH...",
     1, OPERANDS_MAX, ANALYZE_OPTIONS, asks_critical,
     "the same with the sealed model (--model critical)"},
    {"model.pack", CLASS_CRITICAL, AUDIT_CHANGE, analyze_pack_run, "analyze", "PATH...", 1,
     OPERANDS_MAX, ANALYZE_OPTIONS, asks_pack,
     "the same with a restricted rule pack too, under a grant (--pack NAME)", false, false,
     analyze_pack_wish},
    {"evidence.analyze", CLASS_OPEN, AUDIT_USE, analyze_run, "analyze", "PATH...", 1,
     OPERANDS_MAX, ANALYZE_OPTIONS, NULL,
     "says what happened, how it knows, and what to do: files, folders, or - for standard "
     "input"},
    {"evidence.watch", CLASS_OPEN, AUDIT_USE, watch_run, "watch", "FILE...", 1,
     VIGIL_SOURCES_MAX, WATCH_OPTIONS, NULL,
     "follows logs as they grow and warns while something builds up; - is standard input, "
     "--replay goes through what was recorded",
     true},
    {"text.explain", CLASS_OPEN, AUDIT_USE, explain_run, "explain", "TEXT...", 1, OPERANDS_MAX,
     SAVED_OPTIONS, NULL,
     "says in plain words what a command, log line, address, request or name means; options "
     "come before it",
     false, true},
    {"report.render", CLASS_OPEN, AUDIT_USE, report_run, "report", "REPORT", 1, 1,
     SAVED_PAGE_OPTIONS | OPTION_BIT(OPTION_AUDIENCE), NULL,
     "shows a saved JSON report again, for another reader"},
    {"report.respond", CLASS_OPEN, AUDIT_USE, respond_run, "respond", "REPORT", 1, 1,
     SAVED_PAGE_OPTIONS, NULL,
     "the plan of a saved report: what to do, in order, with its undo"},
    {"report.ask", CLASS_OPEN, AUDIT_USE, ask_run, "ask", "REPORT QUESTION...", 2,
     QUESTION_WORDS_MAX, SAVED_OPTIONS, NULL,
     "answers a question about a saved report, with citations, or says what is missing"},
    {"report.show", CLASS_OPEN, AUDIT_USE, show_run, "show", "REPORT CITATION", 2, 2,
     OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_EVIDENCE), NULL,
     "opens a cited place in the evidence, with context"},
    {"evidence.extract", CLASS_VERIFIED, AUDIT_CHANGE, extract_run, "extract",
     "REPORT CITATION", 2, 2,
     OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_EVIDENCE) | OPTION_BIT(OPTION_TO), NULL,
     "writes the bytes at a cited place out as a file"},
    {"access.show", CLASS_OPEN, AUDIT_NONE, access_show_run, "access show", "", 0, 0,
     OPTION_BIT(OPTION_FORMAT), NULL, "who may do what here, and by which rule"},
    {"group.eligibility", CLASS_VERIFIED, AUDIT_CHANGE, member_eligibility_run,
     "access eligibility", "", 0, 0, ELIGIBILITY_OPTIONS, asks_about_member,
     "the same of a member, by what the group's log says (--subject)"},
    {"access.eligibility", CLASS_OPEN, AUDIT_USE, eligibility_run, "access eligibility",
     "FACTS", 1, 1, ELIGIBILITY_OPTIONS, NULL,
     "which tier the facts about a person make under the published policy, and what is "
     "missing; - is standard input"},
    {"audit.show", CLASS_OPEN, AUDIT_NONE, audit_show_run, "access audit show", "", 0, 0,
     OPTION_BIT(OPTION_FORMAT), NULL, "what was done, entry by entry"},
    {"access.why", CLASS_OPEN, AUDIT_NONE, why_run, "access why", "ENTRY", 1, 1,
     OPTION_BIT(OPTION_FORMAT), NULL,
     "explains an entry of the audit log: what was decided, by which rule, and whether the "
     "same "
     "comes out when it is judged again"},
    {"group.my-log", CLASS_VERIFIED, AUDIT_CHANGE, member_log_run, "access my-log", "", 0, 0,
     ELIGIBILITY_OPTIONS, asks_about_member,
     "the same of a member, in the group's home: everything its log says about somebody "
     "(--subject)"},
    {"access.my-log", CLASS_OPEN, AUDIT_NONE, my_log_run, "access my-log", "", 0, 0,
     ELIGIBILITY_OPTIONS, NULL,
     "what the log of this home says about grants: asked for, accepted, left to agents, used, "
     "refused"},
    {"audit.check", CLASS_OPEN, AUDIT_NONE, audit_check_run, "access audit verify", "", 0, 0,
     VERIFY_OPTIONS, checks_proof,
     "checks the proof of one entry instead, which needs no home (--proof, --key)"},
    {"audit.verify", CLASS_OPEN, AUDIT_NONE, audit_verify_run, "access audit verify", "", 0, 0,
     VERIFY_OPTIONS, NULL, "checks every byte of the audit log, changing nothing"},
    {"audit.export", CLASS_OPEN, AUDIT_NONE, audit_export_run, "access audit export", "", 0, 0,
     OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_KEY) | OPTION_BIT(OPTION_OUT), NULL,
     "writes the log out as a folder that other people's tools read (C2SP tlog-tiles), "
     "without what was asked"},
    {"audit.monitor", CLASS_OPEN, AUDIT_NONE, audit_monitor_run, "access audit monitor", "", 0,
     0,
     OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_KEY) | OPTION_BIT(OPTION_CHECKPOINT) |
         OPTION_BIT(OPTION_OUT),
     NULL,
     "checks that the log goes on from a checkpoint you remembered, and names what is new; "
     "--out remembers today's"},
    {"audit.prove", CLASS_OPEN, AUDIT_NONE, audit_prove_run, "access audit prove", "ENTRY", 1,
     1, OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_KEY) | OPTION_BIT(OPTION_OUT), NULL,
     "proves that an entry is in the log: a file that anybody with the log's key checks"},
    {"audit.cosigned", CLASS_VERIFIED, AUDIT_CHANGE, cosign_keep_run, "access audit cosign", "",
     0, 0, COSIGN_OPTIONS, takes_in, "keeps the checkpoint that a witness cosigned (--in)"},
    {"audit.ask", CLASS_OPEN, AUDIT_NONE, cosign_ask_run, "access audit cosign", "", 0, 0,
     COSIGN_OPTIONS, NULL,
     "asks a witness to cosign that the log only grew: writes a request to hand over"},
    {"witness.cosign", CLASS_VERIFIED, AUDIT_CHANGE, witness_cosign_run, "access witness", "",
     0, 0, WITNESS_OPTIONS, takes_in,
     "cosigns a checkpoint that goes on from the last one of that log (--in)"},
    {"witness.show", CLASS_OPEN, AUDIT_CHANGE, witness_show_run, "access witness", "", 0, 0,
     WITNESS_OPTIONS, NULL,
     "the key that verifies what this home cosigns as a witness of other people's logs"},
    {"access.recipient", CLASS_OPEN, AUDIT_CHANGE, recipient_run, "access recipient", "", 0, 0,
     OPTION_BIT(OPTION_FORMAT), NULL,
     "what others seal to so that you can open it; the first time it makes the key"},
    {"access.seal", CLASS_VERIFIED, AUDIT_CHANGE, seal_run, "access seal", "FILE", 1, 1,
     OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_GROUP) | OPTION_BIT(OPTION_RECIPIENT) |
         OPTION_BIT(OPTION_OUT) | OPTION_BIT(OPTION_ARMOUR),
     NULL,
     "writes a file that only its recipients can open (age, version 1); with --group, a rule "
     "pack of that group, whose key is put into it"},
    {"access.split", CLASS_VERIFIED, AUDIT_CHANGE, split_run, "access split", "", 0, 0,
     OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_OUT), NULL,
     "splits this home's sealing key into five shares of words, any three of which give it "
     "back (SLIP-0039)"},
    {"access.join", CLASS_VERIFIED, AUDIT_CHANGE, join_run, "access join", "SHARE...", 1,
     SPLIT_SHARES_MAX, OPTION_BIT(OPTION_FORMAT), NULL,
     "joins the files of shares to the sealing key they were split from, and keeps it"},
    {"access.card", CLASS_OPEN, AUDIT_CHANGE, card_run, "access card", "", 0, 0,
     OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_NAME) | OPTION_BIT(OPTION_OUT), NULL,
     "writes who you are (name, key, recipient) as a signed file for others"},
    {"group.change", CLASS_VERIFIED, AUDIT_CHANGE, change_run, "access init", "", 0, 0,
     INIT_OPTIONS, takes_in, "puts a changed card in force that two officers signed (--in)"},
    {"group.found", CLASS_VERIFIED, AUDIT_CHANGE, found_run, "access init", "", 0, 0,
     INIT_OPTIONS, NULL,
     "founds a group in this home and writes its card: its key, its officers with their roles, "
     "its policy, and the witnesses of its log; or a changed card, for officers to sign"},
    {"group.enrol", CLASS_VERIFIED, AUDIT_CHANGE, admit_run, "access enrol", "", 0, 0,
     ENROL_OPTIONS, takes_in,
     "takes an enrolment into the group's log, with the facts that were checked (--in)"},
    {"access.enrol", CLASS_OPEN, AUDIT_CHANGE, enrol_run, "access enrol", "", 0, 0,
     ENROL_OPTIONS, NULL, "asks to belong to a group: writes a signed enrolment to hand over"},
    {"group.remove", CLASS_VERIFIED, AUDIT_CHANGE, remove_run, "access remove", "NAME", 1, 1,
     OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_REASON), NULL,
     "takes a member off the group's roll, with what it vouched for; grants it has are revoked "
     "by 'tocsin access revoke --subject'"},
    {"access.forget", CLASS_VERIFIED, AUDIT_CHANGE, forget_run, "access forget", "KEY|CARD", 1,
     1, OPTION_BIT(OPTION_FORMAT), NULL,
     "forgets the card of a group that this home keeps; grants of it open nothing any more"},
    {"group.vouch", CLASS_VERIFIED, AUDIT_CHANGE, vouch_take_run, "access vouch", "", 0, 0,
     VOUCH_OPTIONS, takes_in, "takes a member's vouch into the group's log (--in)"},
    {"access.vouch", CLASS_VERIFIED, AUDIT_CHANGE, vouch_run, "access vouch", "ENROLMENT", 1, 1,
     VOUCH_OPTIONS, NULL,
     "says, signed, that you know who somebody is: read the enrolment first"},
    {"group.draft", CLASS_VERIFIED, AUDIT_CHANGE, draft_grant_run, "access request", "", 0, 0,
     REQUEST_OPTIONS, takes_in,
     "makes a draft of a member's request, for officers to approve (--in)"},
    {"access.request", CLASS_VERIFIED, AUDIT_CHANGE, ask_grant_run, "access request", "", 0, 0,
     REQUEST_OPTIONS, NULL,
     "asks the group for the use of a sealed rule pack: writes a signed request to hand over"},
    {"access.approve", CLASS_VERIFIED, AUDIT_CHANGE, approve_run, "access approve",
     "DRAFT|CARD", 1, 1,
     OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_GROUP) | OPTION_BIT(OPTION_OUT), NULL,
     "says what a draft would grant, or what a group's changed card would change, and with "
     "--out approves it with an officer's key; the second officer approves what the first "
     "wrote"},
    {"group.hand", CLASS_VERIFIED, AUDIT_CHANGE, hand_grant_run, "access grant", "APPROVED", 1,
     1, OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_OUT), writes_out,
     "hands it over as a file with the proof, once enough of the group's witnesses have "
     "cosigned (--out)"},
    {"group.grant", CLASS_VERIFIED, AUDIT_CHANGE, issue_grant_run, "access grant", "APPROVED",
     1, 1, OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_OUT), NULL,
     "issues what two officers approved: in the group's log, for its witnesses to cosign"},
    {"access.accept", CLASS_VERIFIED, AUDIT_CHANGE, accept_run, "access accept", "FILE", 1, 1,
     OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_GROUP), NULL,
     "checks and keeps what was handed over: a grant, a sealed rule pack, a list of "
     "revocations, or a group's card"},
    {"access.narrow", CLASS_VERIFIED, AUDIT_CHANGE, narrow_run, "access narrow", "", 0, 0,
     OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_AGENT) | OPTION_BIT(OPTION_PACK) |
         OPTION_BIT(OPTION_MINUTES) | OPTION_BIT(OPTION_CALLS) |
         OPTION_BIT(OPTION_EVIDENCE_OWNER) | OPTION_BIT(OPTION_OUT),
     NULL, "leaves an agent a part of a grant: one pack, for minutes, so many times"},
    {"group.revoke", CLASS_VERIFIED, AUDIT_CHANGE, revoke_run, "access revoke", "[GRANT|ID]", 0,
     1, REVOKE_OPTIONS, NULL,
     "revokes a grant, by its file or its id, what an agent was left, by its file, or all that "
     "was issued to a member, an organisation, with a key or so far: writes a signed list to "
     "hand over"},
    {"group.registry", CLASS_VERIFIED, AUDIT_CHANGE, registry_rebuild_run, "access registry",
     "", 0, 0, OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_REBUILD), asks_to_rebuild,
     "makes the registry anew from the log and its papers (--rebuild)"},
    {"access.registry", CLASS_OPEN, AUDIT_NONE, registry_show_run, "access registry", "", 0, 0,
     OPTION_BIT(OPTION_FORMAT) | OPTION_BIT(OPTION_REBUILD), NULL,
     "compares the registry of a group's home with its log, row by row, changing nothing"},
    {"demo", CLASS_OPEN, AUDIT_NONE, demo_run, "demo", "[access]", 0, 1,
     OPTION_BIT(OPTION_FAST), NULL,
     "shows in a minute what tocsin does, on the evidence it comes with and in a temporary "
     "home; 'access' shows how a group grants, refuses and revokes"},
    {"help", CLASS_OPEN, AUDIT_NONE, help_run, "help", "[COMMAND...]", 0, 3,
     OPTION_BIT(OPTION_OPERATIONS), NULL, "the commands, or one of them"},
    {"version", CLASS_OPEN, AUDIT_NONE, version_run, "version", "", 0, 0,
     OPTION_BIT(OPTION_FORMAT), NULL, "which tocsin this is, and how it was built"},
};
#define ROW_COUNT (sizeof rows / sizeof *rows)

const struct operation *operation_at(size_t index)
{
    return index < ROW_COUNT ? &rows[index] : NULL;
}

const struct operation *operation_find(const char *command)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strcmp(rows[i].command, command) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

bool operation_is_family(const char *words)
{
    size_t size = strlen(words);
    for (size_t i = 0; size > 0 && i < ROW_COUNT; i++) {
        if (strncmp(rows[i].command, words, size) == 0 && rows[i].command[size] == ' ') {
            return true;
        }
    }
    return false;
}

const struct operation *operation_resolve(const struct request *request)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strcmp(rows[i].command, request->operation->command) == 0 &&
            (rows[i].applies == NULL || rows[i].applies(request))) {
            return &rows[i];
        }
    }
    return NULL;
}
