#include "operation/handler.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory_file.h"
#include "collect/collection.h"
#include "operation/granting.h"
#include "operation/lease.h"
#include "operation/workshop.h"
#include "record/assignment.h"
#include "record/dossier.h"
#include "record/examination.h"

#define ASSIGNMENT_SIZE_MAX 16384
#define PROBLEM_PATH_MAX 1000
#define SPOOL_SIZE_MAX (2048U * 1024U * 1024U)
#define ENTRY_SIZE_MAX (EXAMINATION_SIZE_MAX + 64U * 1024U * 1024U)

/* How the examination of one evidence ended, and where its message lies in the spool. */
struct ending {
    bool is_known;
    bool is_changed;
    enum job_end end;
    enum status status;
    uint64_t offset;
    uint64_t size;
};

/* Open while it is examined, to see afterwards whether it changed. */
struct running {
    size_t index;
    int fd;
};

struct analysis {
    const struct call *call;
    struct answer *answer;
    const struct access_grant *grant;
    const struct stop *stop;
    struct stop either;  /* the person's wish, or the end of the lease */
    struct lease *lease; /* of a restricted pack; NULL: none is used */
    struct arena *arena;
    struct collection *collection;
    const struct collected *items;
    size_t item_count;
    uint32_t examined_count; /* of evidence, by the report */
    struct ending *endings;  /* by item */
    struct pool *pool;
    struct running running[REQUEST_JOBS_MAX];
    size_t running_count;
    size_t done_count;
    struct text assignment;
    int spool; /* messages of examine, one after the other */
    uint64_t spool_size;
    int content;
    int site; /* -1 for none */
    bool is_stopped;
};

static void analysis_done(struct analysis *analysis)
{
    pool_done(&analysis->pool);
    for (size_t i = 0; i < analysis->running_count; i++) {
        file_done(&analysis->running[i].fd);
    }
    if (analysis->collection != NULL) {
        collection_close(analysis->collection);
    }
    text_done(&analysis->assignment);
    file_done(&analysis->spool);
    file_done(&analysis->content);
    file_done(&analysis->site);
    arena_free(analysis->arena);
}

static size_t count_processors(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count < 1 ? 1 : count > REQUEST_JOBS_MAX ? REQUEST_JOBS_MAX : (size_t)count;
}

static enum status list_evidence(struct analysis *analysis)
{
    const struct request *request = analysis->call->request;
    const char *missing = NULL;
    enum status status =
        collection_open(request->operands, request->operand_count, analysis->stop,
                        analysis->arena, &missing, &analysis->collection);
    if (status != STATUS_OK) {
        return answer_fail(analysis->answer, status, "%s: %s",
                           missing != NULL ? missing : "the evidence",
                           status == STATUS_NOT_FOUND ? "there is no such file or folder"
                                                      : status_name(status));
    }
    analysis->items = collection_items(analysis->collection, &analysis->item_count);
    analysis->endings =
        arena_take_many(analysis->arena, analysis->item_count + 1, sizeof *analysis->endings);
    if (collection_is_cut(analysis->collection)) {
        answer_note(analysis->answer, "more than %d files: only the first are examined",
                    COLLECTION_FILES_MAX);
    }
    if (stop_is_set(analysis->stop)) {
        /* What was read of standard input until then is examined; whoever does not want that
         * either ends the program with a second signal. */
        analysis->is_stopped = true;
        analysis->stop = NULL;
    }
    return analysis->endings == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/* The descriptor of a job that ended; it belongs to the caller. */
static int take_running(struct analysis *analysis, size_t index)
{
    for (size_t i = 0; i < analysis->running_count; i++) {
        if (analysis->running[i].index == index) {
            int fd = analysis->running[i].fd;
            analysis->running[i] = analysis->running[--analysis->running_count];
            return fd;
        }
    }
    return -1;
}

/* Keeps what came back, unread. */
static enum status keep_result(struct analysis *analysis,
                               const struct pool_completion *completion)
{
    if (completion->outcome.id >= analysis->item_count) {
        return STATUS_MALFORMED;
    }
    size_t index = (size_t)completion->outcome.id;
    struct ending *ending = &analysis->endings[index];
    *ending = (struct ending){.is_known = true,
                              .end = completion->outcome.end,
                              .status = completion->outcome.status,
                              .offset = analysis->spool_size};
    AUTO(file_done) int fd = take_running(analysis, index);
    ending->is_changed = fd >= 0 && !collection_is_unchanged(&analysis->items[index], fd);
    analysis->done_count++;
    if (completion->result < 0) {
        return STATUS_OK;
    }
    if (analysis->spool_size + EXAMINATION_SIZE_MAX > SPOOL_SIZE_MAX) {
        ending->end = JOB_OUT_OF_ROOM;
        return STATUS_OK;
    }
    TRY(memory_file_copy(analysis->spool, completion->result, EXAMINATION_SIZE_MAX,
                         &ending->size));
    analysis->spool_size += ending->size;
    return STATUS_OK;
}

static enum status wait_for_one(struct analysis *analysis)
{
    struct pool_completion completion = {.result = -1};
    TRY(pool_wait(analysis->pool, analysis->stop, &completion));
    enum status status = keep_result(analysis, &completion);
    file_done(&completion.result);
    TRY(status);
    workshop_tell(analysis->call, "examined", analysis->done_count, analysis->item_count);
    return STATUS_OK;
}

static enum status assign(struct analysis *analysis, const struct collected *item)
{
    struct assignment assignment = {
        .kind = ASSIGNMENT_EXAMINE,
        .options = analysis->call->request->analysis,
        /* A hint for telling what the evidence is. */
        .name = bytes_part(bytes_after_last(item->path, '/'), 0, ASSIGNMENT_NAME_MAX),
        .size = item->stamp.size,
    };
    /* How the page will look is nothing to examine: the same evidence, the same message. */
    assignment.options.colour = false;
    assignment.options.columns = 0;
    text_clear(&analysis->assignment);
    assignment_write(&analysis->assignment, &assignment);
    return text_status(&analysis->assignment);
}

/* Gives the next evidence to a nursery that is free. */
static enum status submit_next(struct analysis *analysis)
{
    const struct collected *item = NULL;
    AUTO(file_done) int fd = -1;
    TRY(collection_next(analysis->collection, analysis->stop, &item, &fd));
    size_t index = (size_t)(item - analysis->items);
    TRY(assign(analysis, item));
    TRY(pool_submit(analysis->pool, index, text_bytes(&analysis->assignment), fd));
    analysis->running[analysis->running_count++] = (struct running){index, fd};
    fd = -1;
    return STATUS_OK;
}

/* STATUS_CONFLICT where the person wants it to end. */
static enum status examine_all(struct analysis *analysis)
{
    bool has_more = true;
    while (has_more || pool_running(analysis->pool) > 0) {
        enum status status;
        if (has_more && pool_has_room(analysis->pool)) {
            status = submit_next(analysis);
            has_more = status != STATUS_NOT_FOUND;
            status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
        } else {
            status = wait_for_one(analysis);
        }
        TRY(status);
    }
    return STATUS_OK;
}

/* True where what allowed a restricted pack ended: nothing of the analysis is given out then,
 * and whoever began it says so. */
static bool is_cut(struct analysis *analysis)
{
    return analysis->lease != NULL && lease_is_over(analysis->lease);
}

static enum status examine(struct analysis *analysis)
{
    const struct request *request = analysis->call->request;
    size_t jobs = request->jobs > 0 ? request->jobs : count_processors();
    TRY(memory_file_new("tocsin-results", &analysis->spool));
    struct workshop_supply supply = {.content = analysis->content, .pack = -1};
    if (analysis->lease != NULL) {
        supply.pack = analysis->lease->lent;
        supply.pack_end_ms = analysis->lease->end_ms + LEASE_GRACE_MS;
    }
    enum status status = workshop_pool(analysis->stop, analysis->answer, &supply, jobs,
                                       analysis->arena, &analysis->pool);
    if (status == STATUS_OK) {
        status = examine_all(analysis);
    }
    pool_done(&analysis->pool);
    if (is_cut(analysis)) {
        return STATUS_DENIED;
    }
    if (status == STATUS_CONFLICT && stop_is_set(analysis->stop)) {
        analysis->is_stopped = true;
        text_clear(&analysis->answer->problem);
        return STATUS_OK;
    }
    if (status != STATUS_OK && analysis->answer->problem.size == 0) {
        return answer_fail(analysis->answer, status, "the evidence could not be examined: %s",
                           status_name(status));
    }
    return status;
}

/* ---- the dossier ---- */

static void describe_end(const struct ending *ending, struct dossier_entry *out)
{
    static const struct {
        enum examination_outcome outcome;
        const char *problem;
    } rows[JOB_END_COUNT] = {
        [JOB_DONE] = {OUTCOME_DONE, ""},
        [JOB_CRASHED] = {OUTCOME_CRASHED, "examining it ended in a crash"},
        [JOB_OUT_OF_TIME] = {OUTCOME_OUT_OF_TIME,
                             "examining it took too long: the clock ended it"},
        [JOB_OUT_OF_MEMORY] = {OUTCOME_OUT_OF_MEMORY, "examining it took too much memory"},
        [JOB_OUT_OF_ROOM] = {OUTCOME_OUT_OF_MEMORY, "there was no room for what was found"},
        [JOB_NOT_CONFINED] = {OUTCOME_UNREADABLE, "not examined: a wall did not stand"},
    };
    out->outcome = rows[ending->end].outcome;
    out->problem = bytes_of_text(rows[ending->end].problem);
    if (ending->end == JOB_DONE && ending->status == STATUS_NO_MEMORY) {
        out->outcome = OUTCOME_OUT_OF_MEMORY;
        out->problem = bytes_of_text(rows[JOB_OUT_OF_MEMORY].problem);
    } else if (ending->end == JOB_DONE && ending->status != STATUS_OK) {
        out->outcome = OUTCOME_CRASHED;
        out->problem = bytes_of_text("examining it came to no result");
    } else if (ending->is_changed) {
        out->problem = bytes_of_text("it was written to while it was examined");
    }
}

static struct dossier_entry describe(const struct analysis *analysis, size_t index,
                                     struct bytes spool)
{
    const struct collected *item = &analysis->items[index];
    const struct ending *ending = &analysis->endings[index];
    struct dossier_entry entry = {
        .path = item->path,
        .has_hash = item->is_identified,
        .size = item->stamp.size,
        .also = item->also,
        .also_count = item->also_count,
    };
    memcpy(entry.sha256, item->sha256.bytes, sizeof entry.sha256);
    if (ending->is_known) {
        describe_end(ending, &entry);
        if (entry.outcome == OUTCOME_DONE) {
            entry.examination = bytes_part(spool, (size_t)ending->offset, (size_t)ending->size);
        }
        if (item->is_cut && entry.problem.size == 0) {
            entry.problem =
                bytes_of_text("standard input was longer than 128 MB: only its beginning was "
                              "examined");
        }
    } else if (item->problem == COLLECTED_FINE || item->problem == COLLECTED_STOPPED) {
        entry.outcome = OUTCOME_SKIPPED;
        entry.problem = bytes_of_text("the analysis was stopped before it was examined");
    } else {
        bool is_unreadable =
            item->problem == COLLECTED_UNREADABLE || item->problem == COLLECTED_CHANGING;
        entry.outcome = is_unreadable ? OUTCOME_UNREADABLE : OUTCOME_SKIPPED;
        entry.problem = bytes_of_text(collected_problem_text(item));
    }
    return entry;
}

static enum status write_entries(const struct analysis *analysis, struct bytes spool, int out)
{
    uint32_t count = 0;
    for (size_t i = 0; i < analysis->item_count; i++) {
        count += !analysis->items[i].is_same;
    }
    AUTO(text_done) struct text head = text_of_limit(64);
    dossier_begin(&head, count);
    TRY(memory_file_write(out, text_bytes(&head)));
    for (size_t i = 0; i < analysis->item_count; i++) {
        if (analysis->items[i].is_same) {
            continue; /* its path stands with the first of its bytes */
        }
        AUTO(text_done) struct text packed = text_of_limit(ENTRY_SIZE_MAX);
        struct dossier_entry entry = describe(analysis, i, spool);
        dossier_add(&packed, &entry);
        TRY(text_status(&packed));
        TRY(memory_file_write(out, text_bytes(&packed)));
    }
    return memory_file_seal(out);
}

static enum status make_dossier(struct analysis *analysis, int *out)
{
    AUTO(file_done) int dossier = -1;
    struct bytes spool = BYTES_NONE;
    TRY(memory_file_new("tocsin-dossier", &dossier));
    TRY(memory_file_seal(analysis->spool));
    TRY(memory_file_map(analysis->spool, SPOOL_SIZE_MAX, &spool));
    enum status status = write_entries(analysis, spool, dossier);
    memory_file_unmap(&spool);
    file_done(&analysis->spool); /* it lies in the dossier now */
    TRY(status);
    *out = dossier;
    dossier = -1;
    return STATUS_OK;
}

static enum status conclude(struct analysis *analysis)
{
    const struct request *request = analysis->call->request;
    struct answer *answer = analysis->answer;
    AUTO(file_done) int dossier = -1;
    enum status status = make_dossier(analysis, &dossier);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "what was found cannot be put together: %s",
                           status_name(status));
    }
    struct workshop_inquiry asked = {
        .inquiry = {.kind = INQUIRY_CONCLUDE,
                    .has_site = analysis->site >= 0,
                    .options = request->analysis},
        .input = dossier,
        .content = analysis->content,
        .site = analysis->site,
    };
    const struct stop end_of_lease = {.is_over = lease_is_over, .context = analysis->lease};
    if (analysis->lease != NULL) {
        asked.inquiry.has_pack = true;
        asked.inquiry.pack = analysis->lease->pack;
        asked.stop = &end_of_lease;
    }
    asked.inquiry.options.is_partial =
        analysis->is_stopped || collection_is_cut(analysis->collection);
    struct message_buffer buffer;
    struct inquiry_answer said;
    TRY(workshop_ask(analysis->call, answer, &asked, &buffer, &answer->file, &said));
    analysis->examined_count = said.examined_count;
    answer->is_found =
        said.finding_count + said.incident_count > 0 && said.worst >= request->fail_on;
    if (analysis->is_stopped) {
        answer_note(answer, "stopped: %zu of %zu files were examined", analysis->done_count,
                    analysis->item_count);
    }
    return STATUS_OK;
}

/* Why nothing at all could be examined: NULL where something was, or where only what was left
 * out below a folder is missing. */
static const struct collected *find_hindrance(const struct analysis *analysis)
{
    for (size_t i = 0; i < analysis->item_count; i++) {
        const struct collected *item = &analysis->items[i];
        bool is_named = item->below == NULL || *item->below == '\0';
        if (item->is_identified || !is_named) {
            return NULL;
        }
    }
    return analysis->item_count > 0 && !analysis->is_stopped ? &analysis->items[0] : NULL;
}

/* A report that says of all evidence that it could not be read is given, but it is not what was
 * asked for: a program that looks at the exit status alone must not take it for a quiet day. */
static enum status check_something_was_read(struct analysis *analysis)
{
    if (analysis->item_count == 0) {
        answer_note(analysis->answer, "there is no file in what was named");
    }
    const struct collected *hindrance = find_hindrance(analysis);
    bool is_any_examined = analysis->item_count == 0 || analysis->examined_count > 0;
    if (hindrance == NULL && (is_any_examined || analysis->is_stopped)) {
        return STATUS_OK;
    }
    analysis->answer->stands = true;
    if (hindrance == NULL) {
        return answer_fail(analysis->answer, STATUS_UNSUPPORTED,
                           "nothing that was named could be examined: the report says why");
    }
    AUTO(text_done) struct text path = text_of_limit(PROBLEM_PATH_MAX);
    text_add_raw(&path, bytes_part(hindrance->path, 0, PROBLEM_PATH_MAX));
    return answer_fail(analysis->answer, STATUS_IO,
                       "nothing that was named could be read: %s: %s", text_terminated(&path),
                       collected_problem_text(hindrance));
}

static enum status open_pack(struct analysis *analysis)
{
    const struct call *call = analysis->call;
    struct lease *lease = analysis->lease;
    TRY(lease_open(call, analysis->grant, analysis->answer, call->request->pack,
                   analysis->content, lease));
    analysis->either = (struct stop){.is_over = lease_is_over, .context = lease};
    if (analysis->stop != NULL) {
        analysis->either.flag = analysis->stop->flag;
    }
    analysis->stop = &analysis->either;
    return STATUS_OK;
}

static enum status analyze(struct analysis *analysis)
{
    analysis->arena = arena_new(COLLECTION_MEMORY_MAX);
    if (analysis->arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    const char *site = analysis->call->request->site;
    if (site != NULL) {
        TRY(workshop_take(analysis->call, analysis->answer, site, "the site file",
                          WORKSHOP_SITE_MAX, &analysis->site));
    }
    TRY(list_evidence(analysis));
    TRY(workshop_compile(analysis->call, analysis->answer, &analysis->content));
    if (analysis->lease != NULL) {
        TRY(open_pack(analysis));
    }
    TRY(examine(analysis));
    if (analysis->lease != NULL) {
        lease_return(analysis->lease); /* what follows reads no rules */
    }
    TRY(conclude(analysis));
    return check_something_was_read(analysis);
}

static struct analysis analysis_of(const struct call *call, struct answer *answer)
{
    return (struct analysis){
        .call = call,
        .answer = answer,
        .stop = call->stop,
        .assignment = text_of_limit(ASSIGNMENT_SIZE_MAX),
        .spool = -1,
        .content = -1,
        .site = -1,
    };
}

enum status analyze_run(const struct call *call, const struct access_grant *grant,
                        struct answer *answer)
{
    if (!access_grant_covers(grant, "evidence.analyze")) {
        return STATUS_DENIED;
    }
    AUTO(analysis_done) struct analysis analysis = analysis_of(call, answer);
    return analyze(&analysis);
}

/* How it ended stands in the log before anything of it is given out. */
static enum status record_end(const struct call *call, const struct access_grant *grant,
                              struct answer *answer, enum status outcome)
{
    struct sha256 hash;
    uint64_t size = 0;
    struct fault fault = {0};
    bool leaves = (outcome == STATUS_OK || answer->stands) && answer->file >= 0;
    if (leaves && sha256_of_fd(answer->file, &size, &hash) != STATUS_OK) {
        return answer_fail(answer, STATUS_IO, "the report cannot be read again");
    }
    enum status status =
        access_record(call->session, grant, outcome, leaves ? &hash : NULL, &fault);
    if (status == STATUS_OK || !leaves) {
        return outcome;
    }
    answer->stands = false;
    return answer_fail(answer, STATUS_DENIED,
                       "nothing was given out, because it could not be recorded: %s",
                       fault.what);
}

/* What of the scope rests on a person's word, or cannot be told from evidence at all. */
static void note_scope(const struct call *call, const struct access_grant *grant,
                       struct answer *answer)
{
    const struct entitlement *entitlement = access_grant_entitlement(grant);
    if (call->request->evidence_owner != NULL) {
        answer_note(answer,
                    "that this evidence is of %s is what you said: it is recorded, and nobody "
                    "checked it",
                    call->request->evidence_owner);
    }
    if (entitlement != NULL && entitlement->unchecked > 0) {
        answer_note(answer,
                    "the grant also names %u hosts, networks or domains: whether the evidence "
                    "is of these cannot be told from it, and was not checked",
                    entitlement->unchecked);
    }
}

enum status analyze_pack_run(const struct call *call, const struct access_grant *grant,
                             struct answer *answer)
{
    if (!access_grant_covers(grant, "model.pack")) {
        return STATUS_DENIED;
    }
    note_scope(call, grant, answer);
    AUTO(lease_done) struct lease lease = lease_none();
    AUTO(analysis_done) struct analysis analysis = analysis_of(call, answer);
    analysis.grant = grant;
    analysis.lease = &lease;
    enum status status = analyze(&analysis);
    lease_return(&lease);
    if (lease_has_ended(&lease)) {
        answer->stands = false;
        status = lease_refuse(call, grant, &lease, answer);
    }
    return answer->is_refused ? status : record_end(call, grant, answer, status);
}

enum status analyze_pack_wish(const struct call *call, struct answer *answer,
                              struct entitlement_wish *out)
{
    *out = (struct entitlement_wish){
        .operation = ENTITLEMENT_PACK,
        .pack = bytes_of_text(call->request->pack),
        .now_s = granting_now(),
        .has_evidence = true,
        .owner = call->request->evidence_owner == NULL
                     ? BYTES_NONE
                     : bytes_of_text(call->request->evidence_owner),
    };
    struct arena *papers = session_papers(call->session);
    return papers == NULL ? STATUS_NO_MEMORY
                          : granting_take_source(answer, papers, &out->rules);
}

enum status analyze_critical_run(const struct call *call, const struct access_grant *grant,
                                 struct answer *answer)
{
    if (!access_grant_covers(grant, "model.critical")) {
        return STATUS_DENIED;
    }
    return answer_fail(answer, STATUS_NOT_FOUND, "no sealed model is installed, asked for %s",
                       call->request->operands[0]);
}
