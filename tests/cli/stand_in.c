/* Stands in for compile, examine and conclude, by the name it is started under, so that what
 * tocsin itself does is tested alone.  It speaks the real messages, confined as they are, and
 * does with evidence what the evidence's first word says. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/memory_file.h"
#include "base/number.h"
#include "codec/sha256.h"
#include "record/assignment.h"
#include "record/citation.h"
#include "record/dossier.h"
#include "record/inquiry.h"
#include "record/parcel.h"
#include "sandbox/nursery.h"
#include "sandbox/service.h"
#include "sandbox/worker.h"

#define FILE_MAX (16U * 1024U * 1024U)
#define EVIDENCE_MAX 65536U
#define MEMORY_MAX (64U * 1024U * 1024U)
#define CONTEXT_LINES 1U

/* ---- compile: the image is the names of what it got ---- */

static enum status compile(void *context, const struct message *request, struct text *reply)
{
    IGNORE(context != NULL, "none is needed");
    if (request->file_count != 2) {
        return STATUS_MALFORMED;
    }
    struct bytes map = BYTES_NONE;
    TRY(memory_file_map(request->files[PARCEL_REQUEST_PARCEL], PARCEL_SIZE_MAX, &map));
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY_MAX);
    const struct parcel_file *files = NULL;
    size_t count = 0;
    TRY(parcel_read(map, arena, &files, &count));
    for (size_t i = 0; i < count; i++) {
        if (bytes_contains(files[i].content, "wrong")) {
            text_add_raw(reply, files[i].name);
            text_add(reply, ":1: this is wrong");
            return STATUS_MALFORMED;
        }
        TRY(memory_file_write(request->files[PARCEL_REQUEST_OUTPUT], files[i].name));
        TRY(memory_file_write(request->files[PARCEL_REQUEST_OUTPUT], bytes_of_text("\n")));
    }
    return STATUS_OK;
}

/* ---- examine ---- */

static enum status prepare(void *context, struct bytes options, const int *files,
                           size_t file_count)
{
    struct bytes *image = context;
    return options.size == 0 && file_count == 1 ? memory_file_map(files[0], FILE_MAX, image)
                                                : STATUS_MALFORMED;
}

static enum status write_lines(struct bytes evidence, const struct assignment *assignment,
                               int result)
{
    struct citation citation;
    TRY(citation_read(assignment->citation, &citation));
    uint64_t around = assignment->kind == ASSIGNMENT_SHOW ? CONTEXT_LINES : 0;
    struct cursor cursor = cursor_of(evidence);
    struct bytes line = BYTES_NONE;
    for (uint64_t number = 1; cursor_line(&cursor, &line); number++) {
        if (number + around >= citation.place.first && number <= citation.place.last + around) {
            TRY(memory_file_write(result, line));
            TRY(memory_file_write(result, bytes_of_text("\n")));
        }
    }
    return STATUS_OK;
}

static enum status examine(void *context, struct bytes options, int evidence, int result)
{
    const struct bytes *image = context;
    struct assignment assignment;
    TRY(assignment_read(options, &assignment));
    static uint8_t buffer[EVIDENCE_MAX];
    ssize_t size = pread(evidence, buffer, sizeof buffer, 0);
    if (size < 0) {
        return STATUS_IO;
    }
    struct bytes map = {buffer, (size_t)size};
    AUTO(text_done) struct text text = text_of_limit(FILE_MAX);
    if (bytes_starts(map, "crash")) {
        abort();
    }
    if (bytes_starts(map, "unsupported")) {
        return STATUS_UNSUPPORTED;
    }
    if (assignment.kind != ASSIGNMENT_EXAMINE) {
        return write_lines(map, &assignment, result);
    }
    text_addf(&text, "year %d, image %zu: ", assignment.options.year, image->size);
    text_add_raw(&text, bytes_part(map, 0, 40));
    return memory_file_write(result, text_bytes(&text));
}

/* ---- conclude: one line for each evidence; a saved report is lines too ---- */

static void describe(struct text *page, const struct dossier_entry *entry)
{
    text_add_quoted(page, entry->path, 200);
    text_addf(page, " size=%llu outcome=%d problem=", (unsigned long long)entry->size,
              (int)entry->outcome);
    text_add_raw(page, entry->problem);
    text_add(page, " also=");
    for (size_t i = 0; i < entry->also_count; i++) {
        text_add_quoted(page, entry->also[i], 200);
        text_add(page, ";");
    }
    text_add(page, " said=");
    text_add_quoted(page, entry->examination, 200);
    text_add(page, "\n");
}

static enum status add_dossier(struct bytes image, struct text *page,
                               struct inquiry_answer *answer)
{
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY_MAX);
    const struct dossier_entry *entries = NULL;
    size_t count = 0;
    TRY(dossier_read(image, arena, &entries, &count));
    for (size_t i = 0; i < count; i++) {
        describe(page, &entries[i]);
        if (bytes_contains(entries[i].examination, "intruder")) {
            answer->finding_count++;
            answer->worst = SEVERITY_HIGH;
            answer->verdict = VERDICT_MALICIOUS;
        }
    }
    answer->examined_count = (uint32_t)count;
    return STATUS_OK;
}

/* A saved report of this stand-in: SHA-256, size, excerpt, a line each. */
static enum status locate(struct bytes saved, const struct inquiry *inquiry,
                          struct inquiry_answer *answer)
{
    struct cursor cursor = cursor_of(saved);
    struct bytes hash = BYTES_NONE;
    struct bytes size = BYTES_NONE;
    struct sha256 sha256;
    if (!cursor_line(&cursor, &hash) || !cursor_line(&cursor, &size) ||
        !cursor_line(&cursor, &answer->excerpt) ||
        sha256_read_hex(hash, &sha256) != STATUS_OK ||
        number_decimal(size, &answer->size) != STATUS_OK) {
        answer->problem = bytes_of_text("this is not a report");
        return STATUS_MALFORMED;
    }
    if (bytes_starts(inquiry->citation, "other")) {
        answer->problem = bytes_of_text("the report has no such citation");
        return STATUS_NOT_FOUND;
    }
    memcpy(answer->sha256, sha256.bytes, sizeof answer->sha256);
    answer->is_located = true;
    answer->citation = inquiry->citation;
    return STATUS_OK;
}

static enum status answer_inquiry(const struct inquiry *inquiry, struct bytes input,
                                  struct text *page, struct inquiry_answer *answer)
{
    if (inquiry->kind == INQUIRY_LOCATE) {
        return locate(input, inquiry, answer);
    }
    if (inquiry->kind != INQUIRY_CONCLUDE) {
        text_addf(page, "kind %d of ", (int)inquiry->kind);
        text_add_raw(page, input);
        return STATUS_OK;
    }
    text_addf(page, "site=%d colour=%d partial=%d format=%s\n", inquiry->has_site,
              inquiry->options.colour, inquiry->options.is_partial,
              report_format_name(inquiry->options.format));
    return add_dossier(input, page, answer);
}

static enum status conclude(void *context, const struct message *request, struct text *reply)
{
    IGNORE(context != NULL, "none is needed");
    struct inquiry inquiry;
    TRY(inquiry_read(request->body, &inquiry));
    if (request->file_count != (size_t)INQUIRY_FILE_SITE + inquiry.has_site) {
        return STATUS_MALFORMED;
    }
    struct bytes input = BYTES_NONE;
    TRY(memory_file_map(request->files[INQUIRY_FILE_INPUT], FILE_MAX, &input));
    if (bytes_starts(input, "crash")) {
        abort();
    }
    AUTO(text_done) struct text page = text_of_limit(FILE_MAX);
    struct inquiry_answer answer = {0};
    enum status status = answer_inquiry(&inquiry, input, &page, &answer);
    inquiry_answer_write(reply, &answer);
    return status == STATUS_OK
               ? memory_file_write(request->files[INQUIRY_FILE_OUTPUT], text_bytes(&page))
               : status;
}

int main(int count, char **words)
{
    struct bytes name = bytes_of_text(count > 0 ? words[0] : "");
    if (bytes_contains(name, "tocsin-examine")) {
        struct bytes image = BYTES_NONE;
        struct nursery_plan plan = {
            .channel = WORKER_CHANNEL, .prepare = prepare, .work = examine, .context = &image};
        return nursery_run(&plan);
    }
    struct service_plan plan = {
        .channel = WORKER_CHANNEL,
        .memory_size_max = MEMORY_MAX,
        .result_size_max = FILE_MAX,
        .answer = bytes_contains(name, "tocsin-compile") ? compile : conclude,
    };
    return service_run(&plan);
}
