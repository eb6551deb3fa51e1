#include "operation/handler.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory_file.h"
#include "codec/json.h"
#include "collect/directory.h"
#include "collect/regular.h"
#include "operation/workshop.h"
#include "record/assignment.h"
#include "record/examination.h"
#include "record/quote.h"

#define CITED_MEMORY_MAX (128U * 1024U * 1024U)
#define ASSIGNMENT_SIZE_MAX 16384
#define SEARCH_FILES_MAX 100000
#define LINE_SHOWN_MAX 2000

/* A citation of a saved report, on its way to the bytes it names. */
struct cited {
    const struct call *call;
    struct answer *answer;
    struct arena *arena;
    struct message_buffer *buffer;
    struct inquiry_answer place; /* borrows from `buffer` */
    int content;
    int evidence;         /* -1 where it was not found */
    const char *found_in; /* the path it was found under */
    const char *root;     /* that is being searched */
};

static void cited_done(struct cited *cited)
{
    file_done(&cited->content);
    file_done(&cited->evidence);
    arena_free(cited->arena);
}

/* Asks conclude where the citation lies: only it reads saved reports. */
static enum status locate(struct cited *cited)
{
    const struct call *call = cited->call;
    AUTO(file_done) int report = -1;
    AUTO(file_done) int nothing = -1;
    TRY(workshop_take(call, cited->answer, call->request->operands[0], "the report",
                      WORKSHOP_SAVED_MAX, &report));
    TRY(workshop_compile(call, cited->answer, &cited->content));
    struct workshop_inquiry asked = {
        .inquiry = {.kind = INQUIRY_LOCATE,
                    .options = call->request->analysis,
                    .citation = bytes_of_text(call->request->operands[1])},
        .input = report,
        .content = cited->content,
        .site = -1,
    };
    return workshop_ask(call, cited->answer, &asked, cited->buffer, &nothing, &cited->place);
}

/* ---- looking for the evidence by its hash ---- */

/* Hashes only what has the right size; what is not it is closed. */
static bool try_file(struct cited *cited, const char *root, const char *below)
{
    AUTO(file_done) int fd = -1;
    struct stat facts;
    if (regular_open(root, below, &fd) != STATUS_OK || fstat(fd, &facts) != 0 ||
        (uint64_t)facts.st_size != cited->place.size) {
        return false;
    }
    uint64_t size = 0;
    struct sha256 hash;
    if (sha256_of_fd(fd, &size, &hash) != STATUS_OK ||
        memcmp(hash.bytes, cited->place.sha256, sizeof hash.bytes) != 0) {
        return false;
    }
    cited->evidence = fd;
    fd = -1;
    return true;
}

static enum status try_entry(void *context, const struct directory_entry *entry)
{
    struct cited *cited = context;
    if (stop_is_set(cited->call->stop)) {
        return STATUS_CONFLICT;
    }
    if (entry->kind != DIRECTORY_REGULAR || !try_file(cited, cited->root, entry->path)) {
        return STATUS_OK;
    }
    AUTO(text_done) struct text path = text_of_limit(2 * PATH_MAX);
    text_addf(&path, "%s/%s", cited->root, entry->path);
    cited->found_in = arena_copy_text(cited->arena, text_terminated(&path));
    return STATUS_CONFLICT; /* ends the walk */
}

static void search(struct cited *cited, const char *root)
{
    AUTO(file_done) int folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        cited->found_in = try_file(cited, root, "") ? root : NULL;
        return;
    }
    cited->root = root;
    IGNORE(directory_walk(folder, SEARCH_FILES_MAX, cited->arena, try_entry, cited),
           "what is not found is said");
}

/* The folder a path lies in. */
static const char *folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return ".";
    }
    char *folder = arena_copy_text(arena, path);
    if (folder != NULL) {
        folder[slash - path + (slash == path)] = '\0';
    }
    return folder;
}

/* Where --evidence says; else here, then beside the report. */
static void find_evidence(struct cited *cited)
{
    const struct request *request = cited->call->request;
    const char *beside = folder_of(cited->arena, request->operands[0]);
    const char *const usual[] = {".", beside != NULL ? beside : "."};
    const char *const *roots = request->evidence_count > 0 ? request->evidence : usual;
    size_t count = request->evidence_count > 0 ? request->evidence_count : 2;
    for (size_t i = 0; i < count && cited->evidence < 0; i++) {
        workshop_tell(cited->call, "looking for the evidence", i, count);
        search(cited, roots[i]);
    }
}

/* ---- having it read ---- */

/* A child of examine takes the cited place out of the evidence: `*out` is what it wrote. */
static enum status read_place(struct cited *cited, enum assignment_kind kind, int *out)
{
    AUTO(pool_done) struct pool *pool = NULL;
    const struct workshop_supply supply = {.content = cited->content, .pack = -1};
    TRY(workshop_pool(cited->call->stop, cited->answer, &supply, 1, cited->arena, &pool));
    struct assignment assignment = {.kind = kind,
                                    .options = cited->call->request->analysis,
                                    .citation = cited->place.citation};
    AUTO(text_done) struct text order = text_of_limit(ASSIGNMENT_SIZE_MAX);
    assignment_write(&order, &assignment);
    TRY(text_status(&order));
    TRY(pool_submit(pool, 0, text_bytes(&order), cited->evidence));
    struct pool_completion completion = {.result = -1};
    TRY(pool_wait(pool, cited->call->stop, &completion));
    AUTO(file_done) int result = completion.result;
    if (completion.outcome.end != JOB_DONE || completion.outcome.status != STATUS_OK) {
        bool is_done = completion.outcome.end == JOB_DONE;
        enum status status = is_done ? completion.outcome.status : STATUS_CONFLICT;
        return answer_fail(cited->answer, status, "the cited place could not be read: %s",
                           !is_done ? job_end_name(completion.outcome.end)
                           : status == STATUS_UNSUPPORTED
                               ? "it is not one run of bytes in its file"
                               : status_name(status));
    }
    *out = result;
    result = -1;
    return STATUS_OK;
}

/* Finds the place and, where it is at hand, the evidence. */
static enum status open_cited(struct cited *cited)
{
    cited->arena = arena_new(CITED_MEMORY_MAX);
    if (cited->arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(locate(cited));
    if (cited->place.is_located) {
        find_evidence(cited);
    }
    return STATUS_OK;
}

/* ---- show ---- */

/* Nothing in it can act on a terminal. */
static bool is_harmless(struct bytes line)
{
    while (line.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(line, &code_point);
        if (size == 0 || text_is_hidden(code_point)) {
            return false;
        }
        line = bytes_from(line, size);
    }
    return true;
}

/* Lines that a confined process has escaped; should it not have, that is done here. */
static void add_escaped_lines(struct text *out, struct bytes lines)
{
    struct bytes line = BYTES_NONE;
    while (bytes_split(&lines, '\n', &line)) {
        if (line.size <= LINE_SHOWN_MAX && is_harmless(line)) {
            text_add_raw(out, line);
        } else {
            quote_add_text(out, line, LINE_SHOWN_MAX);
        }
        text_add_byte(out, '\n');
    }
}

static void add_lines(struct text *out, struct bytes theirs)
{
    struct bytes line = BYTES_NONE;
    while (bytes_split(&theirs, '\n', &line)) {
        quote_add_text(out, line, LINE_SHOWN_MAX);
        text_add_byte(out, '\n');
    }
}

/* { "citation", "source": "evidence", "path", "text" }: lines of the place with its context as
 * a person sees them, or the excerpt as it is in the evidence. */
static enum status show_json(const struct cited *cited, const char *source, const char *path,
                             struct bytes shown)
{
    struct text *body = &cited->answer->body;
    text_clear(body);
    struct jsonout out = jsonout_of(body, JSONOUT_PRETTY);
    jsonout_object_begin(&out);
    jsonout_member_string(&out, "citation", cited->place.citation);
    jsonout_member_text(&out, "source", source);
    if (path != NULL) {
        jsonout_member_string(&out, "path", bytes_of_text(path));
    }
    jsonout_member_string(&out, "text", shown);
    jsonout_object_end(&out);
    TRY(jsonout_finish(&out));
    text_add_byte(body, '\n');
    return text_status(body);
}

static enum status show_text(const struct cited *cited, const char *where, struct bytes shown,
                             void (*add)(struct text *out, struct bytes lines))
{
    struct text *body = &cited->answer->body;
    text_clear(body);
    text_add_quoted(body, cited->place.citation, LINE_SHOWN_MAX);
    text_add(body, "  (");
    text_add_quoted(body, bytes_of_text(where), PATH_MAX);
    text_add(body, ")\n");
    add(body, shown);
    return text_status(body);
}

static enum status show_place(struct cited *cited)
{
    AUTO(file_done) int result = -1;
    TRY(read_place(cited, ASSIGNMENT_SHOW, &result));
    struct bytes map = BYTES_NONE;
    TRY(memory_file_map(result, EXAMINATION_SIZE_MAX, &map));
    enum status status = call_wants_json(cited->call)
                             ? show_json(cited, "evidence", cited->found_in, map)
                             : show_text(cited, cited->found_in, map, add_escaped_lines);
    memory_file_unmap(&map);
    return status;
}

/* What the report kept, where the evidence is not at hand or cannot be read. */
static enum status show_excerpt(struct cited *cited, const char *why)
{
    struct answer *answer = cited->answer;
    if (cited->place.excerpt.size == 0) {
        return answer_fail(answer, STATUS_NOT_FOUND,
                           "%s, and the report kept no excerpt; name where it lies with "
                           "--evidence",
                           why);
    }
    /* What is not in evidence is in the report alone, and that is where it is looked for. */
    if (cited->place.is_located) {
        answer_note(answer, "%s: this is the excerpt kept in the report", why);
    }
    if (call_wants_json(cited->call)) {
        return show_json(cited, cited->place.is_located ? "excerpt" : "report", NULL,
                         cited->place.excerpt);
    }
    return show_text(cited, cited->place.is_located ? "excerpt" : "what the report says of it",
                     cited->place.excerpt, add_lines);
}

enum status show_run(const struct call *call, const struct access_grant *grant,
                     struct answer *answer)
{
    if (!access_grant_covers(grant, "report.show")) {
        return STATUS_DENIED;
    }
    struct message_buffer buffer;
    AUTO(cited_done)
    struct cited cited = {
        .call = call, .answer = answer, .buffer = &buffer, .content = -1, .evidence = -1};
    TRY(open_cited(&cited));
    if (cited.evidence < 0) {
        return show_excerpt(&cited, cited.place.is_located ? "the evidence is not at hand"
                                                           : "this place is not in evidence");
    }
    if (show_place(&cited) == STATUS_OK) {
        return STATUS_OK;
    }
    AUTO(text_done) struct text why = text_of_limit(ANSWER_LINES_MAX);
    text_add_raw(&why, text_bytes(&answer->problem));
    text_clear(&answer->problem);
    return show_excerpt(&cited, text_terminated(&why));
}

/* ---- extract ---- */

static enum status describe_payload(const struct call *call, const char *name,
                                    const struct sha256 *hash, size_t size, struct text *out)
{
    if (!call_wants_json(call)) {
        text_addf(out, "%s  %zu bytes\n", name, size);
        return text_status(out);
    }
    AUTO(text_done) struct text hex = text_of_limit(2 * sizeof *hash);
    sha256_add_hex(&hex, hash);
    struct jsonout json = jsonout_of(out, JSONOUT_PRETTY);
    jsonout_object_begin(&json);
    jsonout_member_text(&json, "file", name);
    jsonout_member_string(&json, "sha256", text_bytes(&hex));
    jsonout_member_unsigned(&json, "size", size);
    jsonout_object_end(&json);
    TRY(jsonout_finish(&json));
    text_add_byte(out, '\n');
    return text_status(out);
}

/* The bytes under a name made from their hash, whole or not at all, and never over another.
 * Only with the decision that allows it. */
static enum status write_payload(const struct call *call, const struct access_grant *grant,
                                 int folder, const struct sha256 *hash, struct bytes bytes,
                                 struct answer *answer)
{
    if (!access_grant_covers(grant, "evidence.extract")) {
        return STATUS_DENIED;
    }
    AUTO(text_done) struct text name = text_of_limit(80);
    sha256_add_hex(&name, hash);
    text_add(&name, ".bin");
    enum status status =
        file_create(folder, folder, text_terminated(&name), bytes, S_IRUSR | S_IWUSR);
    if (status != STATUS_OK) {
        return answer_fail(answer, status, "%s cannot be written: %s", text_terminated(&name),
                           status == STATUS_CONFLICT ? "it exists already" : strerror(errno));
    }
    return describe_payload(call, text_terminated(&name), hash, bytes.size, &answer->body);
}

/* What comes out stands in the log before it is written. */
static enum status hand_out(struct cited *cited, const struct access_grant *grant, int folder,
                            struct bytes bytes)
{
    struct sha256 hash = sha256_of(bytes);
    struct fault fault = {0};
    enum status status = access_record(cited->call->session, grant, STATUS_OK, &hash, &fault);
    if (status != STATUS_OK) {
        return answer_fail(cited->answer, STATUS_DENIED,
                           "nothing was written, because it could not be recorded: %s",
                           fault.what);
    }
    return write_payload(cited->call, grant, folder, &hash, bytes, cited->answer);
}

static enum status extract(struct cited *cited, const struct access_grant *grant)
{
    const struct request *request = cited->call->request;
    struct answer *answer = cited->answer;
    if (request->to == NULL) {
        return answer_fail(answer, STATUS_NOT_FOUND, "name the folder to write to with --to");
    }
    AUTO(file_done) int folder = open(request->to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return answer_fail(answer, STATUS_IO, "%s: %s", request->to, strerror(errno));
    }
    TRY(open_cited(cited));
    if (cited->evidence < 0) {
        return answer_fail(
            answer, STATUS_NOT_FOUND,
            cited->place.is_located
                ? "the evidence is not at hand: name where it lies with --evidence"
                : "this citation names no place in evidence");
    }
    AUTO(file_done) int result = -1;
    TRY(read_place(cited, ASSIGNMENT_EXTRACT, &result));
    struct bytes map = BYTES_NONE;
    TRY(memory_file_map(result, EXAMINATION_SIZE_MAX, &map));
    enum status status = hand_out(cited, grant, folder, map);
    memory_file_unmap(&map);
    return status;
}

enum status extract_run(const struct call *call, const struct access_grant *grant,
                        struct answer *answer)
{
    if (!access_grant_covers(grant, "evidence.extract")) {
        return STATUS_DENIED;
    }
    struct message_buffer buffer;
    AUTO(cited_done)
    struct cited cited = {
        .call = call, .answer = answer, .buffer = &buffer, .content = -1, .evidence = -1};
    enum status status = extract(&cited, grant);
    struct fault fault = {0};
    if (status != STATUS_OK &&
        access_record(call->session, grant, status, NULL, &fault) != STATUS_OK) {
        answer_note(answer, "that it failed was not recorded: %s", fault.what);
    }
    return status;
}
