#include "operation/lease.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory_file.h"
#include "base/number.h"
#include "collect/regular.h"
#include "operation/granting.h"
#include "operation/sealing.h"
#include "operation/workshop.h"

#define PACKS_FOLDER "packs"
#define PACK_SUFFIX ".age"
#define HOLDER_MS 60000 /* to open a file of at most a megabyte; to wipe it */
#define LOOK_MS 60000
#define PROBLEM_SHOWN_MAX 400
#define SECOND_MS 1000

static int64_t clock_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * SECOND_MS + now.tv_nsec / 1000000;
}

struct lease lease_none(void)
{
    return (struct lease){.holder = {.channel = -1},
                          .lent = -1,
                          .home = -1,
                          .words = text_of_limit(RESTRICTED_SIZE_MAX),
                          .hash = text_of_limit(2 * sizeof(struct sha256))};
}

void lease_done(struct lease *lease)
{
    lease_return(lease);
    worker_done(&lease->holder);
    file_done(&lease->lent);
    text_done(&lease->words);
    text_done(&lease->hash);
}

bool lease_is_sealed(int fd)
{
    static const char *const beginnings[] = {"age-encryption.org/", "-----BEGIN AGE"};
    char begin[32] = "";
    IGNORE(pread(fd, begin, sizeof begin - 1, 0) < 0, "then it begins like nothing");
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        if (strncmp(begin, beginnings[i], strlen(beginnings[i])) == 0) {
            return true;
        }
    }
    return false;
}

enum status lease_open_folder(int home, int *out)
{
    return file_open_folder(home, PACKS_FOLDER, out);
}

void lease_add_file_name(struct bytes name, struct text *out)
{
    text_add_raw(out, name);
    text_add(out, PACK_SUFFIX);
}

/* ---- the holder ---- */

static enum status ask(struct lease *lease, const struct holding_request *asked,
                       const int *files, size_t count, struct message_buffer *buffer,
                       struct worker_reply *out)
{
    AUTO(text_done) struct text body = text_of_limit(HOLDING_REPLY_SIZE_MAX);
    struct message_wait wait = {.timeout_ms = HOLDER_MS};
    holding_add_request(&body, asked);
    TRY(text_status(&body));
    return worker_call(&lease->holder, text_bytes(&body), files, count, wait, buffer, out);
}

/* In test builds it may be shorter, so that a test need not wait for it. */
static uint32_t lease_ms_max(void)
{
#ifdef TOCSIN_TEST_HOOKS
    const char *asked = getenv("TOCSIN_HOOK_LEASE_MS");
    uint64_t lease_ms = 0;
    if (asked != NULL &&
        number_decimal_max(bytes_of_text(asked), LEASE_MS_MAX, &lease_ms) == STATUS_OK) {
        return (uint32_t)lease_ms;
    }
#endif
    return LEASE_MS_MAX;
}

/* At least one, so that a grant which ends this very second is refused by its end, not by what
 * can be asked for. */
static uint32_t lease_ms_of(const struct entitlement *entitlement)
{
    int64_t left_ms = (int64_t)entitlement->expires_s * SECOND_MS - clock_ms(CLOCK_REALTIME);
    int64_t most_ms = lease_ms_max();
    return (uint32_t)(left_ms < 1 ? 1 : left_ms < most_ms ? left_ms : most_ms);
}

static enum status lend(const struct call *call, struct answer *answer, int sealed,
                        uint32_t lease_ms, struct lease *lease, struct sha256 *hash)
{
    struct message_buffer buffer;
    struct worker_reply reply;
    struct holding_reply opened;
    AUTO(file_done) int key = -1;
    struct holding_request asked = {HOLDING_OPEN, lease_ms};
    TRY(sealing_open_key(call, answer, &key));
    TRY(memory_file_new("tocsin-lent", &lease->lent));
    TRY(workshop_start(answer, "holder", &buffer, &lease->holder));
    const int files[HOLDING_FILE_COUNT] = {key, sealed, lease->lent};
    lease->end_ms = clock_ms(CLOCK_BOOTTIME) + lease_ms;
    enum status status = ask(lease, &asked, files, HOLDING_FILE_COUNT, &buffer, &reply);
    if (status != STATUS_OK) {
        return answer_fail(answer, status,
                           "the helper program tocsin-holder gave no answer: %s",
                           status_name(status));
    }
    if (reply.status != STATUS_OK) {
        AUTO(text_done) struct text why = text_of_limit(PROBLEM_SHOWN_MAX);
        text_add_raw(&why, bytes_part(reply.body, 0, PROBLEM_SHOWN_MAX));
        return answer_fail(answer, reply.status, "the pack cannot be opened: %s",
                           why.size > 0 ? text_terminated(&why) : status_name(reply.status));
    }
    TRY(holding_read_reply(reply.body, &opened));
    lease->is_lent = true;
    *hash = opened.sha256;
    return STATUS_OK;
}

static enum status open_sealed(const struct call *call, struct answer *answer, int sealed,
                               uint32_t lease_ms, int content, struct lease *lease)
{
    /* Whoever may look into this process's descriptors could read what is lent. */
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return answer_fail(answer, STATUS_IO, "this process cannot be shut to others: %s",
                           strerror(errno));
    }
    TRY(lend(call, answer, sealed, lease_ms, lease, &lease->opened));
    struct stop stop = {.is_over = lease_is_over, .context = lease};
    if (call->stop != NULL) {
        stop.flag = call->stop->flag;
    }
    TRY(workshop_check_pack(&stop, answer, lease->lent, content, &lease->words));
    if (restricted_read(text_bytes(&lease->words), &lease->pack) != STATUS_OK) {
        return answer_fail(answer, STATUS_MALFORMED,
                           "tocsin-compile: its answer makes no sense");
    }
    sha256_add_hex(&lease->hash, &lease->opened);
    lease->pack.sha256 = text_bytes(&lease->hash);
    return text_status(&lease->hash);
}

/* ---- opening ---- */

enum status lease_open_kept(int home, struct bytes name, int *out)
{
    AUTO(file_done) int folder = -1;
    AUTO(text_done) struct text file = text_of_limit(RESTRICTED_NAME_MAX + sizeof PACK_SUFFIX);
    lease_add_file_name(name, &file);
    TRY(text_status(&file));
    if (lease_open_folder(home, &folder) != STATUS_OK) {
        return STATUS_IO;
    }
    int fd = file_open_existing(folder, text_terminated(&file));
    if (fd < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    *out = fd;
    return STATUS_OK;
}

static enum status open_kept(const struct call *call, struct answer *answer, const char *name,
                             int *out)
{
    enum status status = lease_open_kept(call->session->home, bytes_of_text(name), out);
    if (status == STATUS_OK) {
        return status;
    }
    return answer_fail(answer, status,
                       status == STATUS_NOT_FOUND
                           ? "this home has no pack '%s': 'tocsin access accept FILE' "
                             "keeps one that was sent to it"
                           : "the pack '%s' of this home cannot be opened",
                       name);
}

static enum status refuse(const struct call *call, const struct access_grant *grant,
                          struct answer *answer, const char *rule, struct bytes about)
{
    struct arena *papers = session_papers(call->session);
    struct grant_rules rules;
    AUTO(text_done) struct text shown = text_of_limit(PROBLEM_SHOWN_MAX);
    if (papers == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(granting_take_rules(answer, papers, &rules));
    text_add_raw(&shown, bytes_part(about, 0, PROBLEM_SHOWN_MAX));
    return granting_refuse(call, grant, answer, &rules, rule, "%s", text_terminated(&shown));
}

/* A group lends what is its own: a name alone would be anybody's to grant.  Which bytes were
 * opened stands in the log before any of their rules is used. */
static enum status check_group(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, const struct lease *lease)
{
    struct note_key key;
    struct fault fault = {0};
    if (note_key_read(lease->pack.key, &key) != STATUS_OK ||
        !group_key_equal(&key, &lease->entitlement->group_key)) {
        return refuse(call, grant, answer, "pack-is-of-the-group", lease->pack.key);
    }
    return access_record_rule(call->session, grant, "pack-is-of-the-group", &lease->opened,
                              &fault) == STATUS_OK
               ? STATUS_OK
               : answer_fail(answer, STATUS_DENIED,
                             "the pack was not used, because that could not be recorded: %s",
                             fault.what);
}

enum status lease_open(const struct call *call, const struct access_grant *grant,
                       struct answer *answer, const char *name, int content, struct lease *out)
{
    AUTO(file_done) int sealed = -1;
    out->entitlement = access_grant_entitlement(grant);
    out->home = call->session->home;
    if (out->entitlement == NULL || !bytes_equal_text(out->entitlement->pack, name)) {
        return STATUS_DENIED;
    }
    if (lease_is_over(out)) {
        return STATUS_DENIED;
    }
    TRY(open_kept(call, answer, name, &sealed));
    TRY(open_sealed(call, answer, sealed, lease_ms_of(out->entitlement), content, out));
    out->pack.grant = out->entitlement->grant;
    if (!bytes_equal_text(out->pack.name, name)) {
        return refuse(call, grant, answer, "pack-is-what-it-is-called", out->pack.name);
    }
    return check_group(call, grant, answer, out);
}

enum status lease_look(const struct call *call, struct answer *answer, int sealed,
                       struct lease *out)
{
    return open_sealed(call, answer, sealed, LOOK_MS, -1, out);
}

/* ---- while it is open ---- */

static enum lease_state look(const struct lease *lease)
{
    const struct entitlement *entitlement = lease->entitlement;
    if (entitlement != NULL) {
        if (entitlement_is_revoked(lease->home, entitlement)) {
            return LEASE_REVOKED;
        }
        if (clock_ms(CLOCK_REALTIME) >= (int64_t)entitlement->expires_s * SECOND_MS) {
            return LEASE_EXPIRED;
        }
    }
    if (!lease->is_lent || lease->is_returned) {
        return LEASE_HOLDS;
    }
    if (clock_ms(CLOCK_BOOTTIME) >= lease->end_ms) {
        return LEASE_OVER;
    }
    /* It speaks when it is asked and not else: anything to read is its end. */
    struct pollfd channel = {.fd = lease->holder.channel, .events = POLLIN};
    return poll(&channel, 1, 0) > 0 ? LEASE_LOST : LEASE_HOLDS;
}

bool lease_has_ended(struct lease *lease)
{
    if (lease->state == LEASE_HOLDS) {
        lease->asked_ms = clock_ms(CLOCK_BOOTTIME);
        lease->state = look(lease);
    }
    return lease->state != LEASE_HOLDS;
}

bool lease_is_over(void *context)
{
    struct lease *lease = context;
    bool is_due =
        lease->asked_ms == 0 || clock_ms(CLOCK_BOOTTIME) - lease->asked_ms >= LEASE_ASK_MS;
    return is_due ? lease_has_ended(lease) : lease->state != LEASE_HOLDS;
}

void lease_return(struct lease *lease)
{
    struct message_buffer buffer;
    struct worker_reply reply;
    struct holding_request asked = {.kind = HOLDING_END};
    if (!lease->is_lent || lease->is_returned) {
        return;
    }
    lease->is_returned = true;
    enum status status = ask(lease, &asked, NULL, 0, &buffer, &reply);
    if (lease->state == LEASE_HOLDS && status != STATUS_OK) {
        lease->state = LEASE_LOST;
    } else if (lease->state == LEASE_HOLDS && reply.status != STATUS_OK) {
        lease->state = LEASE_OVER; /* it was wiped before the workers were done */
    }
}

static const struct access_refusal refusals[LEASE_STATE_COUNT] = {
    [LEASE_OVER] = {.reason = REASON_EXPIRED,
                    .rule = "lease-is-short",
                    .because =
                        "A restricted pack is open for at most 15 minutes, and they were "
                        "over before the analysis was: it was cut, and nothing of it is "
                        "given out.",
                    .what_would_change_it = "Less evidence at once, or more processors.",
                    .appeal = "Ask who sealed the pack."},
    [LEASE_EXPIRED] = {.reason = REASON_EXPIRED,
                       .rule = "grant-has-not-ended",
                       .because = "The time of the grant ended while the analysis ran: it was "
                                  "cut, and nothing of it is given out.",
                       .what_would_change_it = "A new grant: tocsin access request.",
                       .appeal = "The officers of the group decide; an appeal is decided by "
                                 "somebody who did not decide first."},
    [LEASE_REVOKED] = {.reason = REASON_REVOKED,
                       .rule = "grant-is-not-revoked",
                       .because =
                           "The grant was revoked while the analysis ran: it was cut, and "
                           "nothing of it is given out.",
                       .what_would_change_it = "A new grant: tocsin access request.",
                       .appeal = "The officers of the group decide; an appeal is decided by "
                                 "somebody who did not decide first."},
};

enum status lease_refuse(const struct call *call, const struct access_grant *grant,
                         struct lease *lease, struct answer *answer)
{
    if (lease->state == LEASE_LOST) {
        return answer_fail(answer, STATUS_IO,
                           "the process that lent the pack ended before the "
                           "analysis did: nothing of it is given out");
    }
    answer->is_refused = true;
    answer->refusal = refusals[lease->state];
    /* The lease's own end is this program's rule, the others are the published ones. */
    if (lease->state != LEASE_OVER) {
        answer->refusal.has_rules = true;
        answer->refusal.rules = lease->entitlement->rules;
    }
    return access_refuse(call->session, grant, &answer->refusal);
}
