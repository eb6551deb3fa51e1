#include "operation/handler.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/memory_file.h"
#include "base/number.h"
#include "base/pack.h"
#include "codec/json.h"
#include "operation/watch_state.h"
#include "operation/workshop.h"
#include "record/inquiry.h"

#define STEP_MS 250 /* between two looks at files that did not grow */
#define LOOK_MS 5000
#define LOOK_SHARE 10 /* times what a look takes lie between two, at least */
#define SAVE_MS 30000
#define NAP_MS 100
#define CONCLUDE_MS 120000
/* Several sources are gone through side by side. */
#define PAUSE_NS ((uint64_t)MOMENT_SECOND_NS)
#define SHOW_SIZE_MAX (512U * 1024U * 1024U)
#define STATE_MEMORY_MAX (16U * 1024U * 1024U)
#define LINE_SIZE_MAX 4096U
#define ROUNDS_MAX 64 /* steps of one source before another's turn */
/* Of one source while the state is saved: more than its bytes can ask for. */
#define PAUSES_MAX 4096
#define TRIES_MAX 3 /* of one look */

struct watch {
    const struct call *call;
    struct answer *answer;
    struct source sources[VIGIL_SOURCES_MAX];
    size_t source_count;
    int content;
    int site; /* -1 for none */
    struct worker conclude;
    struct text vigil;
    struct watch_state state;
    struct sha256_state left; /* of all lines that were handed out */
    struct moment now;        /* of a replay */
    int64_t looked_ms;
    int64_t look_in_ms;
    int64_t saved_ms;
    bool is_changed; /* since the state was saved */
    bool is_unread;  /* nobody reads any more */
    struct message_buffer buffer;
};

static void watch_done(struct watch *watch)
{
    for (size_t i = 0; i < watch->source_count; i++) {
        source_done(&watch->sources[i]);
    }
    worker_done(&watch->conclude);
    watch_state_done(&watch->state);
    file_done(&watch->content);
    file_done(&watch->site);
    text_done(&watch->vigil);
}

static bool is_stopped(const struct watch *watch)
{
    return watch->is_unread || stop_is_set(watch->call->stop);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* By short naps, so that a signal ends it soon. */
static void rest(const struct watch *watch, uint64_t ms)
{
    while (ms > 0 && !is_stopped(watch)) {
        uint64_t nap = number_least(ms, NAP_MS);
        IGNORE(poll(NULL, 0, (int)nap), "a signal may cut it short");
        ms -= nap;
    }
}

/* ---- what is said ---- */

static enum status give(struct watch *watch, struct bytes lines)
{
    if (lines.size == 0) {
        return STATUS_OK;
    }
    sha256_add(&watch->left, lines);
    if (watch->call->give == NULL) {
        text_add_raw(&watch->answer->body, lines);
        return text_status(&watch->answer->body);
    }
    enum status status = watch->call->give(watch->call->context, lines);
    if (status == STATUS_NOT_FOUND) {
        watch->is_unread = true;
        return STATUS_OK;
    }
    return status;
}

/* What happened to a source, as a line of its own. */
static enum status give_note(struct watch *watch, const char *path, const char *note)
{
    AUTO(text_done) struct text line = text_of_limit(LINE_SIZE_MAX);
    if (call_wants_json(watch->call)) {
        struct jsonout out = jsonout_of(&line, JSONOUT_COMPACT);
        jsonout_object_begin(&out);
        jsonout_member_text(&out, "kind", "note");
        jsonout_member_string(&out, "path", bytes_of_text(path));
        jsonout_member_text(&out, "note", note);
        jsonout_object_end(&out);
        TRY(jsonout_finish(&out));
    } else {
        text_add(&line, "NOTE ");
        text_add_quoted(&line, bytes_of_text(path), LINE_SIZE_MAX / 8);
        text_addf(&line, ": %s", note);
    }
    text_add(&line, "\n");
    TRY(text_status(&line));
    return give(watch, text_bytes(&line));
}

static enum status give_notes(struct watch *watch)
{
    for (size_t i = 0; i < watch->source_count; i++) {
        struct source *source = &watch->sources[i];
        const char *note = source->note;
        source->note = NULL;
        if (note != NULL) {
            TRY(give_note(watch, source->path, note));
        }
    }
    return STATUS_OK;
}

/* ---- conclude ---- */

static enum status write_show(const struct watch *watch, bool is_last, int *out)
{
    struct vigil_source shown[VIGIL_SOURCES_MAX];
    for (size_t i = 0; i < watch->source_count; i++) {
        const struct source *source = &watch->sources[i];
        shown[i] = (struct vigil_source){.path = source->name,
                                         .is_taken = source->is_taken,
                                         .is_over = source->is_over,
                                         .is_ended = source->is_ended,
                                         .look = text_bytes(&source->look)};
    }
    AUTO(text_done) struct text show = text_of_limit(SHOW_SIZE_MAX);
    vigil_show_write(&show, &(struct vigil_show){.sources = shown,
                                                 .source_count = watch->source_count,
                                                 .is_last = is_last,
                                                 .vigil = text_bytes(&watch->vigil)});
    TRY(text_status(&show));
    AUTO(file_done) int fd = -1;
    TRY(memory_file_new("tocsin-watch", &fd));
    TRY(memory_file_write(fd, text_bytes(&show)));
    TRY(memory_file_seal(fd));
    *out = fd;
    fd = -1;
    return STATUS_OK;
}

static enum status call_conclude(struct watch *watch, int shown, int output,
                                 struct inquiry_answer *out)
{
    const int files[] = {[INQUIRY_FILE_OUTPUT] = output,
                         [INQUIRY_FILE_INPUT] = shown,
                         [INQUIRY_FILE_CONTENT] = watch->content,
                         [INQUIRY_FILE_SITE] = watch->site};
    struct inquiry inquiry = {.kind = INQUIRY_WATCH,
                              .has_site = watch->site >= 0,
                              .options = watch->call->request->analysis};
    AUTO(text_done) struct text question = text_of_limit(MESSAGE_BODY_MAX);
    inquiry_write(&question, &inquiry);
    TRY(text_status(&question));
    struct message_wait wait = {.timeout_ms = CONCLUDE_MS};
    struct worker_reply reply;
    size_t file_count = watch->site >= 0 ? INQUIRY_FILE_SITE + 1 : INQUIRY_FILE_SITE;
    TRY(worker_call(&watch->conclude, text_bytes(&question), files, file_count, wait,
                    &watch->buffer, &reply));
    TRY(inquiry_answer_read(reply.body, out));
    return reply.status;
}

static enum status take_said(struct watch *watch, int output)
{
    struct bytes map = BYTES_NONE;
    struct vigil_said said;
    TRY(memory_file_seal(output));
    TRY(memory_file_map(output, SHOW_SIZE_MAX, &map));
    enum status status = vigil_said_read(map, &said);
    if (status == STATUS_OK) {
        text_clear(&watch->vigil);
        text_add_raw(&watch->vigil, said.vigil);
        status = text_status(&watch->vigil);
    }
    if (status == STATUS_OK) {
        status = give(watch, said.lines);
    }
    memory_file_unmap(&map);
    return status;
}

/* A process that is lost is begun again: it holds nothing, and is shown the same once more. */
static enum status restart_conclude(struct watch *watch)
{
    TRY(give_note(watch, "tocsin-conclude", "it was lost, and is begun again"));
    worker_done(&watch->conclude);
    watch->conclude = (struct worker){.channel = -1};
    return workshop_start(watch->answer, "conclude", &watch->buffer, &watch->conclude);
}

static enum status ask_conclude(struct watch *watch, int shown, int *output,
                                struct inquiry_answer *said)
{
    for (unsigned tries = 1;; tries++) {
        *said = (struct inquiry_answer){0};
        TRY(memory_file_new("tocsin-said", output));
        enum status status = call_conclude(watch, shown, *output, said);
        if (status == STATUS_OK) {
            return STATUS_OK;
        }
        bool makes_no_sense = said->problem.size > 0;
        if (makes_no_sense || tries == TRIES_MAX || is_stopped(watch)) {
            return answer_fail(watch->answer, status, "tocsin-conclude gave no answer: %s",
                               makes_no_sense ? "what it was shown makes no sense to it"
                                              : status_name(status));
        }
        file_done(output);
        TRY(restart_conclude(watch));
    }
}

/* All sources as they are are judged together, and what is new is said. */
static enum status conclude(struct watch *watch, bool is_last)
{
    AUTO(file_done) int shown = -1;
    AUTO(file_done) int output = -1;
    struct inquiry_answer said;
    TRY(write_show(watch, is_last, &shown));
    TRY(ask_conclude(watch, shown, &output, &said));
    for (size_t i = 0; i < watch->source_count; i++) {
        source_take(&watch->sources[i]);
    }
    TRY(take_said(watch, output));
    if (said.finding_count > 0 && said.worst >= watch->call->request->fail_on) {
        watch->answer->is_found = true;
    }
    watch->is_changed = true;
    return STATUS_OK;
}

/* ---- sources ---- */

static enum status begin_sources(struct watch *watch)
{
    for (size_t i = 0; i < watch->source_count; i++) {
        TRY(source_begin(&watch->sources[i], watch->call, watch->answer, watch->content));
        if (watch->sources[i].is_over) { /* lost at once */
            TRY(conclude(watch, false));
        }
    }
    return STATUS_OK;
}

/* After a step: what came of it is judged and said. */
static enum status follow_up(struct watch *watch, enum source_event event)
{
    TRY(give_notes(watch));
    switch (event) {
    case SOURCE_LOOKED:
        return conclude(watch, false);
    case SOURCE_TURNED:
        TRY(conclude(watch, false));
        return begin_sources(watch);
    case SOURCE_FED:
    case SOURCE_NOTHING:
    case SOURCE_OVER:
        break;
    }
    return STATUS_OK;
}

static enum status look_at_all(struct watch *watch)
{
    int64_t begin_ms = now_ms();
    for (size_t i = 0; i < watch->source_count; i++) {
        TRY(follow_up(watch, source_look(&watch->sources[i])));
    }
    int64_t took_ms = now_ms() - begin_ms;
    watch->look_in_ms = took_ms > LOOK_MS / LOOK_SHARE ? took_ms * LOOK_SHARE : LOOK_MS;
    watch->looked_ms = now_ms();
    return STATUS_OK;
}

/* ---- live ---- */

/* What stands is asked for first, so that the state says all up to the place it names. */
static enum status save(struct watch *watch)
{
    for (size_t i = 0; i < watch->source_count; i++) {
        for (int round = 0; round < PAUSES_MAX && watch->sources[i].is_paused; round++) {
            TRY(follow_up(watch, source_step(&watch->sources[i])));
        }
    }
    TRY(look_at_all(watch));
    watch->saved_ms = now_ms();
    if (!watch->is_changed) {
        return STATUS_OK;
    }
    watch->is_changed = false;
    if (watch_state_write(&watch->state, watch->sources, watch->source_count,
                          text_bytes(&watch->vigil)) != STATUS_OK) {
        return give_note(watch, "the state of this watch", "it could not be written");
    }
    return STATUS_OK;
}

static enum status step_all(struct watch *watch, bool *is_busy, bool *is_over)
{
    *is_busy = false;
    *is_over = true;
    for (size_t i = 0; i < watch->source_count; i++) {
        struct source *source = &watch->sources[i];
        enum source_event event = SOURCE_FED;
        for (int round = 0; round < ROUNDS_MAX && !is_stopped(watch); round++) {
            event = source_step(source);
            TRY(follow_up(watch, event));
            if (event == SOURCE_NOTHING || event == SOURCE_OVER) {
                break;
            }
            TRY(begin_sources(watch));
            *is_busy = true;
        }
        *is_over = *is_over && event == SOURCE_OVER;
    }
    return STATUS_OK;
}

static enum status watch_live(struct watch *watch)
{
    bool is_over = false;
    TRY(begin_sources(watch));
    TRY(give_notes(watch));
    while (!is_stopped(watch) && !is_over) {
        bool is_busy;
        TRY(step_all(watch, &is_busy, &is_over));
        int64_t now = now_ms();
        if (now - watch->saved_ms >= SAVE_MS) {
            TRY(save(watch));
        } else if (now - watch->looked_ms >= watch->look_in_ms) {
            TRY(look_at_all(watch));
        }
        if (!is_busy && !is_over) {
            rest(watch, STEP_MS);
        }
    }
    return save(watch);
}

/* What the watch before held: its looks become past. */
static enum status resume(struct watch *watch, const struct bookmark *bookmark)
{
    text_add_raw(&watch->vigil, bookmark->vigil);
    TRY(text_status(&watch->vigil));
    for (size_t i = 0; i < watch->source_count; i++) {
        struct source *source = &watch->sources[i];
        const struct bookmark_source *mark = watch_state_find(bookmark, source);
        if (mark != NULL && mark->look.size > 0) {
            text_add_raw(&source->look, mark->look);
            TRY(text_status(&source->look));
            source->is_taken = true; /* conclude had it before the state was saved */
            source->is_over = true;
        }
    }
    return conclude(watch, false);
}

/* A state that conclude cannot read is as bad as none. */
static enum status begin_afresh(struct watch *watch, const char *why)
{
    text_clear(&watch->vigil);
    for (size_t i = 0; i < watch->source_count; i++) {
        struct source *source = &watch->sources[i];
        text_clear(&source->look);
        source->is_taken = false;
        source->is_over = false;
    }
    text_clear(&watch->answer->problem);
    return give_note(watch, "the state of this watch", why);
}

static enum status open_live(struct watch *watch)
{
    AUTO(arena_done) struct arena *arena = arena_new(STATE_MEMORY_MAX);
    AUTO(text_done) struct text kept = text_of_limit(BOOKMARK_SIZE_MAX);
    struct bookmark bookmark = {0};
    const char *why = NULL;
    if (arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    watch_state_open(watch->call, watch->sources, watch->source_count, &watch->state, &why);
    if (why != NULL) {
        TRY(give_note(watch, "nothing will be remembered over a restart", why));
    }
    enum status status = watch_state_read(&watch->state, arena, &kept, &bookmark);
    if (status == STATUS_OK) {
        status = resume(watch, &bookmark);
    }
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        TRY(begin_afresh(watch, "it is damaged or not yours: begun afresh"));
        bookmark = (struct bookmark){0};
    }
    for (size_t i = 0; i < watch->source_count; i++) {
        struct source *source = &watch->sources[i];
        TRY(source_open(source, watch_state_find(&bookmark, source)));
    }
    return STATUS_OK;
}

/* ---- replay ---- */

/* The one that is furthest back in the evidence's time; NULL where all are at their end. */
static struct source *hindmost(struct watch *watch)
{
    struct source *found = NULL;
    for (size_t i = 0; i < watch->source_count; i++) {
        struct source *source = &watch->sources[i];
        if (source->is_given_up) {
            continue;
        }
        if (!source->now.is_known) {
            return source;
        }
        if (found == NULL || moment_compare(source->now, found->now) < 0) {
            found = source;
        }
    }
    return found;
}

/* Waits for as long as the evidence took, divided by the speed. */
static void keep_pace(struct watch *watch, struct moment now)
{
    uint32_t speed = watch->call->request->speed;
    bool is_later = now.is_known && watch->now.is_known &&
                    now.year_known == watch->now.year_known && now.ns > watch->now.ns;
    if (is_later && speed > 0) {
        rest(watch, (uint64_t)(now.ns - watch->now.ns) / 1000000 / speed);
    }
    if (is_later || !watch->now.is_known) {
        watch->now = now;
    }
}

static enum status watch_replay(struct watch *watch)
{
    uint32_t speed = watch->call->request->speed;
    for (size_t i = 0; i < watch->source_count; i++) {
        struct source *source = &watch->sources[i];
        source->is_replay = true;
        if (source_open(source, NULL) != STATUS_OK) {
            return answer_fail(watch->answer, STATUS_NOT_FOUND, "%s: %s", source->path,
                               errno == 0 || errno == EISDIR ? "this is no plain file"
                                                             : strerror(errno));
        }
        bool pauses = watch->source_count > 1 || speed > 0;
        source->pause_ns = pauses ? number_most(PAUSE_NS, speed * PAUSE_NS / 10) : 0;
    }
    TRY(begin_sources(watch));
    struct source *source = hindmost(watch);
    while (source != NULL && !is_stopped(watch)) {
        enum source_event event = source_step(source);
        keep_pace(watch, source->now);
        TRY(follow_up(watch, event));
        source = hindmost(watch);
    }
    return look_at_all(watch);
}

/* ---- all of it ---- */

/* A base name where it tells the source from the others, else the path as it was given. */
static struct bytes name_of(const struct request *request, size_t index)
{
    struct bytes path = bytes_of_text(request->operands[index]);
    struct bytes base = bytes_after_last(path, '/');
    if (bytes_equal_text(path, "-")) {
        return bytes_of_text("stdin");
    }
    for (size_t i = 0; i < request->operand_count; i++) {
        struct bytes other = bytes_after_last(bytes_of_text(request->operands[i]), '/');
        if (i != index && bytes_equal(base, other)) {
            return path;
        }
    }
    return base.size > 0 ? base : path;
}

static enum status check_request(struct watch *watch)
{
    const struct request *request = watch->call->request;
    if (request->has_speed && !request->is_replay) {
        return answer_fail(watch->answer, STATUS_UNSUPPORTED,
                           "--speed is for --replay: what happens now happens at its own");
    }
    for (size_t i = 0; i < request->operand_count; i++) {
        if (request->is_replay && strcmp(request->operands[i], "-") == 0) {
            return answer_fail(watch->answer, STATUS_UNSUPPORTED,
                               "--replay goes through files: standard input is followed "
                               "without it");
        }
        if (request->operands[i][0] == '\0') {
            return answer_fail(watch->answer, STATUS_NOT_FOUND, "a path is empty");
        }
        if (strlen(request->operands[i]) >= VIGIL_PATH_MAX) {
            return answer_fail(watch->answer, STATUS_LIMIT, "a path is too long");
        }
    }
    return STATUS_OK;
}

static enum status run(struct watch *watch)
{
    const struct request *request = watch->call->request;
    TRY(check_request(watch));
    if (request->site != NULL) {
        TRY(workshop_take(watch->call, watch->answer, request->site, "the site file",
                          WORKSHOP_SITE_MAX, &watch->site));
    }
    TRY(workshop_compile(watch->call, watch->answer, &watch->content));
    TRY(workshop_start(watch->answer, "conclude", &watch->buffer, &watch->conclude));
    for (size_t i = 0; i < request->operand_count; i++) {
        source_init(&watch->sources[watch->source_count++], request->operands[i],
                    name_of(request, i), &watch->buffer);
    }
    if (request->is_replay) {
        TRY(watch_replay(watch));
    } else {
        TRY(open_live(watch));
        TRY(watch_live(watch));
    }
    return conclude(watch, true);
}

enum status watch_run(const struct call *call, const struct access_grant *grant,
                      struct answer *answer)
{
    if (!access_grant_covers(grant, "evidence.watch")) {
        return STATUS_DENIED;
    }
    AUTO(watch_done)
    struct watch watch = {
        .call = call,
        .answer = answer,
        .content = -1,
        .site = -1,
        .conclude = {.channel = -1},
        .vigil = text_of_limit(VIGIL_SIZE_MAX),
        .state = {.folder = -1, .lock = -1, .name = text_of_limit(64)},
    };
    sha256_init(&watch.left);
    enum status status = run(&watch);
    answer->left = sha256_finish(&watch.left);
    answer->has_left = true;
    return status;
}
