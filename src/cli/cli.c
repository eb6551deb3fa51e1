#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/home.h"
#include "base/file.h"
#include "base/memory_file.h"
#include "cli/arguments.h"
#include "cli/secret.h"
#include "cli/terminal.h"
#include "codec/json.h"

#define PROBLEM_SIZE_MAX 4096
#define HOME_SIZE_MAX 4096
#define ARGUMENTS_SIZE_MAX 65536
#define MODE_OUTPUT (S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH)

/* One line on standard error, in front of which stands who says it.  What was typed by mistake
 * and is secret is not said: standard error is kept by terminals and by whatever runs us. */
static void say(const struct secret_words *typed, struct bytes line)
{
    AUTO(text_done) struct text text = text_of_limit(2 * PROBLEM_SIZE_MAX);
    text_add(&text, "tocsin: ");
    secret_add_line(typed, line, &text);
    text_add_byte(&text, '\n');
    IGNORE(file_write(STDERR_FILENO, text_bytes(&text)), "there is nobody left to tell");
}

static void say_notes(const struct secret_words *typed, const struct answer *answer)
{
    struct bytes rest = text_bytes(&answer->notes);
    struct bytes line = BYTES_NONE;
    while (bytes_split(&rest, '\n', &line)) {
        say(typed, line);
    }
}

static void say_refusal(const struct secret_words *typed, const struct request *request,
                        const struct answer *answer)
{
    AUTO(text_done) struct text line = text_of_limit(PROBLEM_SIZE_MAX);
    if (request->analysis.format == REPORT_JSON) {
        const struct operation *operation = operation_resolve(request);
        access_add_refusal_json(&answer->refusal, operation->name, &line);
        AUTO(text_done) struct text shown = text_of_limit(2 * PROBLEM_SIZE_MAX);
        secret_add_line(typed, text_bytes(&line), &shown);
        text_add_byte(&shown, '\n');
        IGNORE(file_write(STDERR_FILENO, text_bytes(&shown)), "there is nobody left to tell");
        return;
    }
    access_add_refusal(&answer->refusal, &line);
    say(typed, text_bytes(&line));
}

/* What could not be done, for a person as a line, for a program as one object; `operation` is
 * NULL where none was understood. */
static void say_failure(const struct secret_words *typed, bool wants_json,
                        const struct operation *operation, enum status status,
                        struct bytes line)
{
    if (!wants_json) {
        say(typed, line);
        return;
    }
    AUTO(text_done) struct text because = text_of_limit(2 * PROBLEM_SIZE_MAX);
    AUTO(text_done) struct text object = text_of_limit(8 * PROBLEM_SIZE_MAX);
    struct jsonout json = jsonout_of(&object, JSONOUT_COMPACT);
    secret_add_line(typed, line, &because);
    jsonout_object_begin(&json);
    jsonout_key(&json, "failed");
    jsonout_object_begin(&json);
    if (operation != NULL) {
        jsonout_member_text(&json, "operation", operation->name);
    }
    jsonout_member_text(&json, "kind", status_name(status));
    jsonout_member_string(&json, "because", text_bytes(&because));
    jsonout_object_end(&json);
    jsonout_object_end(&json);
    IGNORE(jsonout_finish(&json) != STATUS_OK, "the text remembers that it is full");
    text_add_byte(&object, '\n');
    IGNORE(file_write(STDERR_FILENO, text_bytes(&object)), "there is nobody left to tell");
}

static void say_failure_of(const struct secret_words *typed, const struct request *request,
                           enum status status, struct bytes line)
{
    say_failure(typed, request->analysis.format == REPORT_JSON, operation_resolve(request),
                status, line);
}

/* A pasted text may hold a password: that it was explained is recorded, not what it says. */
static bool is_pasted(const struct request *request, const char *word)
{
    bool takes_text = request->operation->takes_text;
    for (size_t i = 0; takes_text && i < request->operand_count; i++) {
        if (request->operands[i] == word) {
            return true;
        }
    }
    return false;
}

/* The words as they were given, each ended by a zero byte; cut where they are too many. */
static void add_arguments(int count, const char *const *words, const struct request *request,
                          struct text *out)
{
    for (int i = 1; i < count; i++) {
        AUTO(text_done) struct text word = text_of_limit(ARGUMENTS_SIZE_MAX);
        if (is_pasted(request, words[i]) || secret_is(words[i])) {
            text_addf(&word, "(%zu bytes)", strlen(words[i]));
        } else {
            text_add(&word, words[i]);
        }
        if (out->size + word.size + 1 > ARGUMENTS_SIZE_MAX) {
            return;
        }
        text_add_raw(out, text_bytes(&word));
        text_add_byte(out, '\0');
    }
}

/* Where a file is to appear: its folder, opened, and its name in it. */
struct target {
    int folder;
    const char *name;
};

static void target_done(struct target *target)
{
    file_done(&target->folder);
}

static enum status open_target(const char *path, struct target *out)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    AUTO(text_done) struct text folder = text_of_limit(HOME_SIZE_MAX);
    text_add_raw(&folder, (struct bytes){(const uint8_t *)path, (size_t)(name - path)});
    TRY(text_status(&folder));
    AUTO(file_done)
    int fd = open(folder.size == 0 ? "." : text_terminated(&folder),
                  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat about;
    bool is_folder = fd >= 0 && (name[0] == '\0' ||
                                 (fstatat(fd, name, &about, 0) == 0 && S_ISDIR(about.st_mode)));
    if (fd < 0 || is_folder) {
        errno = is_folder ? EISDIR : errno;
        return STATUS_IO;
    }
    *out = (struct target){fd, name};
    fd = -1;
    return STATUS_OK;
}

/* True where the output is there already and is, or lies in, what an operand names: writing it
 * would destroy what is read. */
static bool is_read_too(const struct request *request)
{
    char output[PATH_MAX];
    char operand[PATH_MAX];
    if (request->output == NULL || request->wants_help || request->operation->takes_text ||
        realpath(request->output, output) == NULL) {
        return false;
    }
    for (size_t i = 0; i < request->operand_count; i++) {
        if (realpath(request->operands[i], operand) == NULL) {
            continue;
        }
        size_t size = strlen(operand);
        bool is_root = size == 1;
        if (strncmp(output, operand, size) == 0 &&
            (output[size] == '\0' || output[size] == '/' || is_root)) {
            return true;
        }
    }
    return false;
}

static int say_read_too(const struct secret_words *typed, const struct request *request)
{
    AUTO(text_done) struct text line = text_of_limit(PROBLEM_SIZE_MAX);
    text_add_quoted(&line, bytes_of_text(request->output), HOME_SIZE_MAX / 4);
    text_add(&line,
             " is there already and is part of what is read: nothing was written over it; "
             "give the output another name");
    say_failure_of(typed, request, STATUS_CONFLICT, text_bytes(&line));
    return CLI_FAILED;
}

/* Before anything is done: an analysis of hours should not end in this. */
static enum status check_output(const struct request *request)
{
    if (request->output == NULL || request->wants_help) {
        return STATUS_OK;
    }
    AUTO(target_done) struct target target = {.folder = -1};
    TRY(open_target(request->output, &target));
    return faccessat(target.folder, ".", W_OK, AT_EACCESS) == 0 ? STATUS_OK : STATUS_IO;
}

/* A file appears under its name whole or not at all. */
static enum status write_output(const char *path, struct bytes bytes)
{
    AUTO(target_done) struct target target = {.folder = -1};
    TRY(open_target(path, &target));
    mode_t mask = umask(0);
    umask(mask);
    return file_replace(target.folder, target.folder, target.name, bytes, MODE_OUTPUT & ~mask);
}

static int say_not_written(const struct secret_words *typed, const struct request *request)
{
    int error = errno;
    AUTO(text_done) struct text line = text_of_limit(PROBLEM_SIZE_MAX);
    text_add(&line, "cannot write ");
    text_add_quoted(
        &line, bytes_of_text(request->output != NULL ? request->output : "standard output"),
        HOME_SIZE_MAX / 4);
    text_addf(&line, ": %s", strerror(error));
    say_failure_of(typed, request, STATUS_IO, text_bytes(&line));
    return CLI_FAILED;
}

static enum status deliver(const struct request *request, struct bytes bytes)
{
    if (request->output != NULL) {
        return write_output(request->output, bytes);
    }
    enum status status = file_write(STDOUT_FILENO, bytes);
    /* Whoever stopped reading has what was wanted. */
    return status == STATUS_IO && errno == EPIPE ? STATUS_OK : status;
}

/* For call.give: nothing is held back, and nobody left to read it is no failure. */
static enum status give_part(void *context, struct bytes part)
{
    terminal_clear(context);
    enum status status = file_write(STDOUT_FILENO, part);
    return status == STATUS_IO && errno == EPIPE ? STATUS_NOT_FOUND : status;
}

static enum status deliver_answer(const struct request *request, const struct answer *answer)
{
    if (answer->file < 0) {
        return deliver(request, text_bytes(&answer->body));
    }
    struct bytes map = BYTES_NONE;
    TRY(memory_file_map(answer->file, ANSWER_SIZE_MAX, &map));
    enum status status = deliver(request, map);
    int kept = errno;
    memory_file_unmap(&map);
    errno = kept;
    return status;
}

static int finish(const struct secret_words *typed, const struct request *request,
                  enum status status, const struct answer *answer)
{
    say_notes(typed, answer);
    bool has_answer = status == STATUS_OK || answer->stands;
    if (has_answer && deliver_answer(request, answer) != STATUS_OK) {
        return say_not_written(typed, request);
    }
    if (answer->is_refused) {
        say_refusal(typed, request, answer);
    } else if (status != STATUS_OK) {
        say_failure_of(typed, request, status,
                       answer->problem.size > 0 ? text_bytes(&answer->problem)
                                                : bytes_of_text(status_name(status)));
    }
    if (status != STATUS_OK) {
        return CLI_FAILED;
    }
    return answer->is_found ? CLI_FOUND : CLI_OK;
}

/* Asked of the words themselves: they were not understood. */
static bool asks_json(const struct secret_words *typed)
{
    for (int i = 1; i < typed->count && strcmp(typed->at[i], "--") != 0; i++) {
        if (strcmp(typed->at[i], "--format=json") == 0 ||
            (strcmp(typed->at[i], "--format") == 0 && i + 1 < typed->count &&
             strcmp(typed->at[i + 1], "json") == 0)) {
            return true;
        }
    }
    return false;
}

int cli_run(int count, const char *const *words, const volatile sig_atomic_t *asked_to_stop)
{
    struct arguments arguments;
    const struct secret_words typed = {count, words};
    AUTO(text_done) struct text problem = text_of_limit(PROBLEM_SIZE_MAX);
    enum status understood = arguments_read(count, words, &arguments, &problem);
    if (understood != STATUS_OK) {
        say_failure(&typed, asks_json(&typed), NULL, understood, text_bytes(&problem));
        return CLI_FAILED;
    }
    struct request *request = &arguments.request;
    if (is_read_too(request)) {
        return say_read_too(&typed, request);
    }
    if (check_output(request) != STATUS_OK) {
        return say_not_written(&typed, request);
    }
    terminal_describe(request->output == NULL ? STDOUT_FILENO : -1, request->colour,
                      &request->analysis);
    AUTO(text_done) struct text home = text_of_limit(HOME_SIZE_MAX);
    bool has_home = home_path(&home) == STATUS_OK;
    AUTO(text_done) struct text asked = text_of_limit(ARGUMENTS_SIZE_MAX);
    add_arguments(count, words, request, &asked);
    struct terminal_progress progress = {0};
    const struct stop stop = {.flag = asked_to_stop};
    struct call call = {
        .request = request,
        .home = has_home ? text_terminated(&home) : NULL,
        .arguments = text_bytes(&asked),
        .stop = &stop,
        .report_progress = terminal_report,
        .give = give_part,
        .context = &progress,
    };
    AUTO(answer_done) struct answer answer = answer_new();
    enum status status = operation_perform(&call, &answer);
    terminal_clear(&progress);
    return finish(&typed, request, status, &answer);
}
