#include "operation/workshop.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory_file.h"
#include "base/number.h"
#include "base/pack.h"
#include "collect/directory.h"
#include "collect/input.h"
#include "collect/regular.h"
#include "operation/installation.h"
#include "record/citation.h"
#include "record/examination.h"
#include "record/parcel.h"

#define SUPPLIES_MEMORY_MAX (16U * 1024U * 1024U)
#define READY_MS 20000
#define COMPILE_MS 120000
#define PACK_MS 20000
#define CONCLUDE_MS 600000
#define EXAMINE_WALL_MS 600000
#define EXAMINE_MEMORY_MAX (UINT64_C(192) * 1024 * 1024)
#define PROBLEM_SHOWN_MAX 400

void workshop_tell(const struct call *call, const char *doing, size_t done, size_t total)
{
    if (call->report_progress != NULL) {
        struct progress progress = {.done = done, .total = total, .doing = doing};
        call->report_progress(call->context, &progress);
    }
}

/* ---- supplies: content/ and models/ as they are ---- */

/* Decides who may use what, which is no helper's business. */
#define POLICY_SUFFIX ".datalog"

struct listing {
    struct arena *arena;
    const char **paths;
    size_t count;
    struct answer *answer;
};

static enum status list_file(void *context, const struct directory_entry *entry)
{
    struct listing *listing = context;
    if (entry->kind != DIRECTORY_REGULAR) {
        return answer_fail(listing->answer, STATUS_UNSUPPORTED,
                           "'%s' of this installation is not a plain file", entry->path);
    }
    if (bytes_ends(bytes_of_text(entry->path), POLICY_SUFFIX)) {
        return STATUS_OK;
    }
    if (listing->count == PARCEL_FILES_MAX) {
        return STATUS_LIMIT;
    }
    listing->paths[listing->count++] = entry->path;
    return STATUS_OK;
}

static enum status add_file(int folder, const char *name, const char *path, struct text *parcel)
{
    AUTO(file_done)
    int fd = file_open_existing(folder, path);
    if (fd < 0) {
        return STATUS_IO;
    }
    AUTO(text_done) struct text content = text_of_limit(PARCEL_FILE_SIZE_MAX);
    TRY(file_read(fd, &content));
    AUTO(text_done) struct text full = text_of_limit(PARCEL_NAME_SIZE_MAX);
    text_addf(&full, "%s/%s", name, path);
    TRY(text_status(&full));
    parcel_add(parcel, &(struct parcel_file){text_bytes(&full), text_bytes(&content)});
    return text_status(parcel);
}

/* The files of one folder, behind its name; counts them. */
static enum status add_folder(const char *name, struct text *parcel, uint32_t *count,
                              struct answer *answer)
{
    AUTO(file_done) int folder = -1;
    if (installation_open_folder(name, &folder) != STATUS_OK) {
        return STATUS_NOT_FOUND;
    }
    AUTO(arena_done) struct arena *arena = arena_new(SUPPLIES_MEMORY_MAX);
    struct listing listing = {.arena = arena, .answer = answer};
    listing.paths =
        arena == NULL ? NULL : arena_take_many(arena, PARCEL_FILES_MAX, sizeof *listing.paths);
    if (listing.paths == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(directory_walk(folder, PARCEL_FILES_MAX, arena, list_file, &listing));
    for (size_t i = 0; i < listing.count; i++) {
        enum status status = add_file(folder, name, listing.paths[i], parcel);
        if (status != STATUS_OK) {
            return answer_fail(answer, status,
                               "'%s/%s' of this installation cannot be read: %s", name,
                               listing.paths[i], status_name(status));
        }
    }
    *count += (uint32_t)listing.count;
    return STATUS_OK;
}

static enum status make_parcel(struct answer *answer, int *out)
{
    AUTO(text_done) struct text files = text_of_limit(PARCEL_SIZE_MAX);
    uint32_t count = 0;
    enum status status = add_folder("content", &files, &count, answer);
    if (status == STATUS_NOT_FOUND || (status == STATUS_OK && count == 0)) {
        return answer_fail(answer, STATUS_NOT_FOUND,
                           "content/ is not beside the program, nor installed: nothing to "
                           "examine with");
    }
    TRY(status);
    status = add_folder("models", &files, &count, answer);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        return status;
    }
    AUTO(text_done) struct text head = text_of_limit(64);
    parcel_begin(&head, count);
    AUTO(file_done) int fd = -1;
    TRY(memory_file_new("tocsin-supplies", &fd));
    TRY(memory_file_write(fd, text_bytes(&head)));
    TRY(memory_file_write(fd, text_bytes(&files)));
    TRY(memory_file_seal(fd));
    *out = fd;
    fd = -1;
    return STATUS_OK;
}

/* ---- helpers ---- */

static enum status start(struct answer *answer, const char *name, struct message_wait wait,
                         struct message_buffer *buffer, struct worker *out)
{
    AUTO(text_done) struct text program = text_of_limit(PATH_MAX);
    if (installation_find_helper(name, &program) != STATUS_OK) {
        return answer_fail(answer, STATUS_NOT_FOUND,
                           "the helper program tocsin-%s is missing: it belongs beside tocsin",
                           name);
    }
    enum status status = worker_spawn(text_terminated(&program), out);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "the helper program tocsin-%s cannot be started: %s",
                           name, strerror(errno));
    }
    struct job_ready ready;
    status = worker_ready(out, wait, buffer, &ready);
    if (status == STATUS_OK) {
        status = ready.status;
    }
    if (status != STATUS_OK) {
        worker_done(out);
        return answer_fail(answer, status, "the helper program tocsin-%s did not get ready: %s",
                           name, status_name(status));
    }
    return STATUS_OK;
}

enum status workshop_start(struct answer *answer, const char *name,
                           struct message_buffer *buffer, struct worker *out)
{
    struct message_wait patience = {.timeout_ms = READY_MS};
    return start(answer, name, patience, buffer, out);
}

/* Why a helper gave no answer, by how it ended. */
static enum status explain_end(struct answer *answer, const char *name, struct worker *worker,
                               enum status status)
{
    enum worker_reason reason = status == STATUS_LIMIT       ? WORKER_LATE
                                : status == STATUS_TRUNCATED ? WORKER_GONE
                                                             : WORKER_UNNEEDED;
    struct job_outcome outcome = worker_close(worker, reason);
    const char *how = outcome.end == JOB_DONE ? status_name(status) : job_end_name(outcome.end);
    return answer_fail(answer, status, "the helper program tocsin-%s gave no answer: %s", name,
                       how);
}

static enum status call_helper(struct answer *answer, const char *name, struct bytes request,
                               const int *files, size_t file_count, struct message_wait wait,
                               struct message_buffer *buffer, struct worker_reply *out)
{
    AUTO(worker_done) struct worker worker = {.channel = -1};
    struct message_wait patience = {.timeout_ms = READY_MS, .stop = wait.stop};
    TRY(start(answer, name, patience, buffer, &worker));
    enum status status = worker_call(&worker, request, files, file_count, wait, buffer, out);
    if (status != STATUS_OK) {
        return explain_end(answer, name, &worker, status);
    }
    return STATUS_OK;
}

enum status workshop_compile(const struct call *call, struct answer *answer, int *image)
{
    workshop_tell(call, "reading rules", 0, 0);
    AUTO(file_done) int parcel = -1;
    AUTO(file_done) int output = -1;
    enum status status = make_parcel(answer, &parcel);
    if (status != STATUS_OK) {
        return answer->problem.size > 0
                   ? status
                   : answer_fail(answer, status, "content/ cannot be read: %s",
                                 status_name(status));
    }
    TRY(memory_file_new("tocsin-content", &output));
    const int files[] = {[PARCEL_REQUEST_OUTPUT] = output, [PARCEL_REQUEST_PARCEL] = parcel};
    struct message_buffer buffer;
    struct worker_reply reply;
    struct message_wait wait = {.timeout_ms = COMPILE_MS};
    TRY(call_helper(answer, "compile", BYTES_NONE, files, 2, wait, &buffer, &reply));
    if (reply.status != STATUS_OK) {
        AUTO(text_done) struct text why = text_of_limit(PROBLEM_SHOWN_MAX);
        text_add_raw(&why, bytes_part(reply.body, 0, PROBLEM_SHOWN_MAX));
        return answer_fail(answer, reply.status, "content/ is not right: %s",
                           why.size > 0 ? text_terminated(&why) : status_name(reply.status));
    }
    if (reply.body.size > 0) {
        AUTO(text_done) struct text left_out = text_of_limit(PROBLEM_SHOWN_MAX);
        text_add_quoted(&left_out, reply.body, PROBLEM_SHOWN_MAX);
        answer_note(answer, "examined without a part of models/: %s",
                    text_terminated(&left_out));
    }
    TRY(memory_file_seal(output));
    *image = output;
    output = -1;
    return STATUS_OK;
}

enum status workshop_check_pack(const struct stop *stop, struct answer *answer, int pack,
                                int content, struct text *head)
{
    const int files[] = {[PACK_REQUEST_PACK] = pack, [PACK_REQUEST_CONTENT] = content};
    size_t count = content >= 0 ? 2 : 1;
    struct message_buffer buffer;
    struct worker_reply reply;
    struct message_wait wait = {.timeout_ms = PACK_MS, .stop = stop};
    TRY(call_helper(answer, "compile", bytes_of_text(PARCEL_ASKS_PACK), files, count, wait,
                    &buffer, &reply));
    if (reply.status != STATUS_OK) {
        AUTO(text_done) struct text why = text_of_limit(PROBLEM_SHOWN_MAX);
        text_add_raw(&why, bytes_part(reply.body, 0, PROBLEM_SHOWN_MAX));
        return answer_fail(answer, reply.status, "it is no rule pack: %s",
                           why.size > 0 ? text_terminated(&why) : status_name(reply.status));
    }
    text_add_raw(head, reply.body);
    return text_status(head);
}

static enum status open_named(const struct call *call, const char *path, int *out)
{
    if (strcmp(path, "-") == 0) {
        bool is_cut = false;
        TRY(input_spool(STDIN_FILENO, INPUT_SIZE_MAX, call->stop, out, &is_cut));
        return is_cut ? STATUS_LIMIT : STATUS_OK;
    }
    return regular_open(path, "", out);
}

enum status workshop_take(const struct call *call, struct answer *answer, const char *path,
                          const char *what, uint64_t size_max, int *out)
{
    AUTO(file_done) int from = -1;
    enum status status = open_named(call, path, &from);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s cannot be opened: %s: %s", what, path,
                           status == STATUS_IO ? strerror(errno) : "not a plain file");
    }
    AUTO(file_done) int copy = -1;
    TRY(memory_file_new("tocsin-input", &copy));
    uint64_t size = 0;
    status = memory_file_copy(copy, from, size_max, &size);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s cannot be read: %s: %s", what, path,
                           status == STATUS_LIMIT ? "it is too long" : strerror(errno));
    }
    TRY(memory_file_seal(copy));
    *out = copy;
    copy = -1;
    return STATUS_OK;
}

/* Why conclude could not answer: in its own words where it has some. */
static enum status explain_answer(struct answer *answer, const struct workshop_inquiry *asked,
                                  enum status status, struct bytes problem)
{
    AUTO(text_done) struct text said = text_of_limit(CITATION_SIZE_MAX);
    bool says_nothing = problem.size == 0 || bytes_equal_text(problem, status_name(status));
    if (says_nothing && asked->inquiry.kind == INQUIRY_LOCATE && status == STATUS_NOT_FOUND) {
        text_add_raw(&said, asked->inquiry.citation);
        return answer_fail(answer, status, "no evidence of this report lies at '%s'",
                           text_terminated(&said));
    }
    text_add_raw(&said, bytes_part(problem, 0, PROBLEM_SHOWN_MAX));
    return answer_fail(answer, status, "%s",
                       said.size > 0 ? text_terminated(&said) : status_name(status));
}

enum status workshop_ask(const struct call *call, struct answer *answer,
                         const struct workshop_inquiry *asked, struct message_buffer *buffer,
                         int *output, struct inquiry_answer *out)
{
    workshop_tell(call, "concluding", 0, 0);
    AUTO(file_done) int made = -1;
    TRY(memory_file_new("tocsin-report", &made));
    const int files[] = {[INQUIRY_FILE_OUTPUT] = made,
                         [INQUIRY_FILE_INPUT] = asked->input,
                         [INQUIRY_FILE_CONTENT] = asked->content,
                         [INQUIRY_FILE_SITE] = asked->site};
    size_t file_count = asked->site >= 0 ? INQUIRY_FILE_SITE + 1 : INQUIRY_FILE_SITE;
    AUTO(text_done) struct text question = text_of_limit(MESSAGE_BODY_MAX);
    inquiry_write(&question, &asked->inquiry);
    TRY(text_status(&question));
    /* Asked to stop, it still concludes from what is known: a second signal ends the program.
     */
    struct message_wait wait = {.timeout_ms = CONCLUDE_MS, .stop = asked->stop};
    struct worker_reply reply;
    TRY(call_helper(answer, "conclude", text_bytes(&question), files, file_count, wait, buffer,
                    &reply));
    if (inquiry_answer_read(reply.body, out) != STATUS_OK) {
        return answer_fail(answer, STATUS_MALFORMED, "tocsin-conclude: %s",
                           reply.status == STATUS_OK ? "its answer makes no sense"
                                                     : status_name(reply.status));
    }
    if (reply.status != STATUS_OK) {
        return explain_answer(answer, asked, reply.status, out->problem);
    }
    TRY(memory_file_seal(made));
    *output = made;
    made = -1;
    return STATUS_OK;
}

/* Only a backstop: steps are counted long before.  In test builds it may be shorter, so that a
 * test need not wait for it. */
static uint32_t examine_wall_ms(void)
{
#ifdef TOCSIN_TEST_HOOKS
    const char *asked = getenv("TOCSIN_HOOK_WALL_MS");
    uint64_t wall_ms = 0;
    if (asked != NULL &&
        number_decimal_max(bytes_of_text(asked), EXAMINE_WALL_MS, &wall_ms) == STATUS_OK) {
        return (uint32_t)wall_ms;
    }
#endif
    return EXAMINE_WALL_MS;
}

static enum status write_lease(const struct workshop_supply *supply, struct arena *arena,
                               struct bytes *out)
{
    AUTO(text_done) struct text options = text_of_limit(sizeof(uint64_t));
    pack_u64(&options, (uint64_t)supply->pack_end_ms);
    TRY(text_status(&options));
    return arena_copy(arena, text_bytes(&options), out);
}

enum status workshop_pool(const struct stop *stop, struct answer *answer,
                          const struct workshop_supply *supply, size_t worker_count,
                          struct arena *arena, struct pool **out)
{
    struct text program = text_of_limit(PATH_MAX);
    enum status status = installation_find_helper("examine", &program);
    const char *path = arena_copy_text(arena, text_terminated(&program));
    text_done(&program);
    if (status != STATUS_OK || path == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND,
                           "the helper program tocsin-examine is missing: it belongs beside "
                           "tocsin");
    }
    int *files = arena_take_many(arena, 2, sizeof *files);
    struct pool_plan *plan = arena_take(arena, sizeof *plan);
    struct bytes options = BYTES_NONE;
    if (files == NULL || plan == NULL) {
        return STATUS_NO_MEMORY;
    }
    files[0] = supply->content;
    files[1] = supply->pack;
    if (supply->pack >= 0) {
        TRY(write_lease(supply, arena, &options));
    }
    *plan = (struct pool_plan){
        .program = path,
        .worker_count = worker_count,
        .setup.limits = {.wall_ms = examine_wall_ms(),
                         .memory_size_max = EXAMINE_MEMORY_MAX,
                         .result_size_max = EXAMINATION_SIZE_MAX},
        .setup.options = options,
        .files = files,
        .file_count = supply->pack >= 0 ? 2 : 1,
    };
    AUTO(pool_done) struct pool *pool = NULL;
    status = pool_open(plan, arena, &pool);
    int landlock_abi = 0;
    if (status == STATUS_OK) {
        status = pool_ready(pool, stop, &landlock_abi);
    }
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "tocsin-examine did not get ready: %s",
                           status_name(status));
    }
    if (landlock_abi == 0) {
        answer_note(answer, "this kernel has no Landlock; the other walls stand");
    }
    *out = pool;
    pool = NULL;
    return STATUS_OK;
}
