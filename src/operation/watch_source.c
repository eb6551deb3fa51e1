#include "operation/watch_source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory_file.h"
#include "base/number.h"
#include "operation/workshop.h"
#include "record/assignment.h"
#include "record/examination.h"

/* A backstop: steps are counted long before.  A signal may have to wait for it. */
#define CALL_MS 20000
/* Read without a crash: those of before are forgotten. */
#define CALM_SIZE (16U << 20)
#define ORDER_SIZE_MAX (FOLLOW_BYTES_MAX + 64U)
/* Of a replay; what happens now is looked at by the clock. */
#define LOOK_EVERY_NS (10 * (uint64_t)MOMENT_MINUTE_NS)

void source_init(struct source *source, const char *path, struct bytes name,
                 struct message_buffer *buffer)
{
    *source = (struct source){.path = path,
                              .name = name,
                              .fd = -1,
                              .is_input = strcmp(path, "-") == 0,
                              .worker = {.channel = -1},
                              .buffer = buffer,
                              .look = text_of_limit(FOLLOW_LOOK_SIZE_MAX)};
}

void source_done(struct source *source)
{
    file_done(&source->fd);
    worker_done(&source->worker);
    text_done(&source->look);
}

/* ---- the file ---- */

static bool read_at(const struct source *source, uint64_t offset, uint8_t *out, size_t size,
                    size_t *got)
{
    ssize_t count;
    do {
        count = pread(source->fd, out, size, (off_t)offset);
    } while (count < 0 && errno == EINTR);
    *got = count < 0 ? 0 : (size_t)count;
    return count >= 0;
}

static void remember_tail(struct source *source, struct bytes bytes)
{
    struct bytes end =
        bytes_from(bytes, bytes.size > BOOKMARK_TAIL_MAX ? bytes.size - BOOKMARK_TAIL_MAX : 0);
    size_t kept = number_least(source->tail_size, BOOKMARK_TAIL_MAX - end.size);
    memmove(source->tail, source->tail + source->tail_size - kept, kept);
    memcpy(source->tail + kept, end.data, end.size);
    source->tail_size = kept + end.size;
}

/* False where other bytes than those that were read stand before the place. */
static bool has_tail(const struct source *source, struct bytes tail, uint64_t offset)
{
    uint8_t there[BOOKMARK_TAIL_MAX];
    size_t got = 0;
    return tail.size <= offset && read_at(source, offset - tail.size, there, tail.size, &got) &&
           bytes_equal((struct bytes){there, got}, tail);
}

/* How many lines end from one place to another. */
static enum status count_lines(struct source *source, uint64_t from, uint64_t to, uint64_t *out)
{
    uint8_t block[16384];
    uint64_t lines = 0;
    for (uint64_t at = from; at < to;) {
        size_t got = 0;
        size_t wanted = (size_t)number_least(sizeof block, to - at);
        if (!read_at(source, at, block, wanted, &got) || got == 0) {
            return STATUS_IO;
        }
        lines += bytes_count((struct bytes){block, got}, '\n');
        at += got;
    }
    *out = lines;
    return STATUS_OK;
}

/* The beginning of the first line that starts within SOURCE_BEFORE_MAX before `end`. */
static uint64_t line_before(const struct source *source, uint64_t end)
{
    uint64_t at = end > SOURCE_BEFORE_MAX ? end - SOURCE_BEFORE_MAX : 0;
    uint8_t block[16384];
    while (at > 0 && at < end) {
        size_t got = 0;
        if (!read_at(source, at - 1, block, sizeof block, &got) || got == 0) {
            return end;
        }
        struct bytes bytes = {block, got};
        size_t found = bytes_find_byte(bytes, '\n');
        if (found < bytes.size) {
            return number_least(at + found, end);
        }
        at += got;
    }
    return number_least(at, end);
}

static void place_at(struct source *source, uint64_t offset, uint64_t lines)
{
    source->offset = offset;
    source->lines = lines;
    source->tail_size = 0;
}

/* NULL once the file is open, else why it is not.  What is no plain file is not even opened:
 * that alone may do something. */
static const char *open_file(struct source *source)
{
    static const char no_file[] = "what stands there is no plain file: waiting for one";
    struct stat about;
    if (stat(source->path, &about) != 0) {
        return errno == ENOENT ? "it is not there yet: waiting for it"
                               : "it may not be looked at: waiting until it may";
    }
    if (!S_ISREG(about.st_mode)) {
        return no_file;
    }
    AUTO(file_done) int fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &about) != 0) {
        return "it may not be read: waiting until it may";
    }
    if (!S_ISREG(about.st_mode)) {
        return no_file;
    }
    file_done(&source->fd);
    source->fd = fd;
    source->device = about.st_dev;
    source->inode = about.st_ino;
    source->crashes = 0;
    fd = -1;
    place_at(source, 0, 0);
    return NULL;
}

static uint64_t size_of(const struct source *source)
{
    struct stat about;
    return fstat(source->fd, &about) == 0 && about.st_size > 0 ? (uint64_t)about.st_size : 0;
}

/* Where a watch of a file that is there begins. */
static enum status find_place(struct source *source, const struct bookmark_source *mark)
{
    uint64_t size = size_of(source);
    if (mark != NULL && mark->offset <= size && has_tail(source, mark->tail, mark->offset)) {
        place_at(source, mark->offset, mark->lines);
        remember_tail(source, mark->tail);
        source->note = "followed from where the last watch of it ended";
        return STATUS_OK;
    }
    if (mark != NULL) {
        source->note = "it is another file than before: read from its beginning";
        return STATUS_OK;
    }
    uint64_t at = line_before(source, size);
    uint64_t lines = 0;
    TRY(count_lines(source, 0, at, &lines));
    place_at(source, at, lines);
    source->note = "followed from now on, after a look at what stands in it last";
    return STATUS_OK;
}

enum status source_open(struct source *source, const struct bookmark_source *mark)
{
    if (source->is_input) {
        source->note = "followed to its end";
        source->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
        return source->fd < 0 ? STATUS_IO : STATUS_OK;
    }
    const char *why = open_file(source);
    if (why != NULL) {
        if (source->is_replay) {
            return STATUS_NOT_FOUND;
        }
        source->is_missing = true;
        source->note = why;
        return STATUS_OK;
    }
    return source->is_replay ? STATUS_OK : find_place(source, mark);
}

/* ---- the follower ---- */

static enum status keep_look(struct source *source, int file)
{
    struct bytes map = BYTES_NONE;
    TRY(memory_file_seal(file));
    TRY(memory_file_map(file, FOLLOW_LOOK_SIZE_MAX, &map));
    text_clear(&source->look);
    text_add_raw(&source->look, map);
    memory_file_unmap(&map);
    source->is_taken = false;
    source->is_fresh = false;
    return text_status(&source->look);
}

/* Counts a follower that was lost or full; the source is given up where that happens again and
 * again within little, and that is said. */
static bool has_had_enough(struct source *source)
{
    source->crashes = source->read_size >= CALM_SIZE ? 1 : source->crashes + 1;
    if (source->crashes < SOURCE_CRASHES_MAX) {
        return false;
    }
    source->note = "it is not followed any more: examining it failed too often";
    return true;
}

/* The follower is lost: what it said last is all there is of it. */
static enum source_event lose(struct source *source, const char *note)
{
    source->note = note;
    source->is_over = true;
    source->is_given_up = has_had_enough(source);
    source->tail_size = 0; /* what was too much for it is not read again */
    worker_done(&source->worker);
    source->worker = (struct worker){.channel = -1};
    return SOURCE_TURNED;
}

/* It came to its end.  One whose memory or steps ran out is begun again; one that wanted no
 * more bytes before it was asked to end has understood nothing. */
static enum source_event finish(struct source *source, enum status status, bool was_asked)
{
    bool was_full = status == STATUS_NO_MEMORY || status == STATUS_LIMIT;
    source->is_over = true;
    source->is_ended = !was_full;
    source->is_given_up = was_full ? has_had_enough(source) : !was_asked || source->is_replay;
    worker_done(&source->worker);
    source->worker = (struct worker){.channel = -1};
    return SOURCE_TURNED;
}

static enum source_event order(struct source *source, const struct follow_order *order,
                               int content)
{
    AUTO(file_done) int look = -1;
    AUTO(text_done) struct text message = text_of_limit(ORDER_SIZE_MAX);
    follow_order_write(&message, order);
    if (text_status(&message) != STATUS_OK ||
        memory_file_new("tocsin-look", &look) != STATUS_OK) {
        return lose(source, "there is no memory to go on with it");
    }
    const int files[] = {[FOLLOW_FILE_LOOK] = look, [FOLLOW_FILE_CONTENT] = content};
    struct message_wait wait = {.timeout_ms = CALL_MS};
    struct worker_reply reply;
    struct follow_word word;
    if (worker_call(&source->worker, text_bytes(&message), files, content < 0 ? 1 : 2, wait,
                    source->buffer, &reply) != STATUS_OK ||
        follow_word_read(reply.body, &word) != STATUS_OK) {
        return lose(source, "examining it ended in a crash: begun again behind it");
    }
    source->now = word.now.is_known ? word.now : source->now;
    source->is_full = word.is_full;
    source->is_paused = word.why == FOLLOW_PAUSED;
    if (word.has_look && keep_look(source, look) != STATUS_OK) {
        return lose(source, "what was found in it could not be kept");
    }
    source->is_fresh = source->is_fresh || source->is_paused; /* bytes are left in it */
    if (word.why == FOLLOW_ENDED) {
        bool was_asked = order->kind == FOLLOW_END || source->is_ending;
        return finish(source, reply.status, was_asked);
    }
    return word.has_look ? SOURCE_LOOKED : SOURCE_FED;
}

/* What stood before the place, once more: detectors that need context get it. */
static enum source_event feed_again(struct source *source, uint64_t from, uint64_t to)
{
    uint8_t block[FOLLOW_BYTES_MAX];
    while (from < to) {
        size_t got = 0;
        size_t wanted = (size_t)number_least(sizeof block, to - from);
        if (!read_at(source, from, block, wanted, &got) || got == 0) {
            break;
        }
        enum source_event event =
            order(source,
                  &(struct follow_order){
                      .kind = FOLLOW_BYTES, .is_again = true, .bytes = {block, got}},
                  -1);
        if (event == SOURCE_TURNED) {
            return event;
        }
        from += got;
    }
    return SOURCE_FED;
}

static enum status write_assignment(const struct source *source, const struct call *call,
                                    struct text *out)
{
    struct assignment assignment = {
        .kind = ASSIGNMENT_EXAMINE,
        .options = call->request->analysis,
        .name = bytes_part(bytes_after_last(bytes_of_text(source->path), '/'), 0,
                           ASSIGNMENT_NAME_MAX),
    };
    assignment_write(out, &assignment);
    return text_status(out);
}

enum status source_begin(struct source *source, const struct call *call, struct answer *answer,
                         int content)
{
    if (source->worker.pid > 0 || source->fd < 0 || source->is_given_up) {
        return STATUS_OK;
    }
    TRY(workshop_start(answer, "follow", source->buffer, &source->worker));
    AUTO(text_done) struct text assignment = text_of_limit(ORDER_SIZE_MAX);
    TRY(write_assignment(source, call, &assignment));
    uint64_t before = source->offset;
    uint64_t lines = source->lines;
    bool has_before = !source->is_input && source->tail_size > 0;
    if (has_before) {
        before = line_before(source, source->offset);
        TRY(count_lines(source, before, source->offset, &lines));
        lines = source->lines - number_least(lines, source->lines);
    }
    enum source_event event =
        order(source,
              &(struct follow_order){.kind = FOLLOW_BEGIN,
                                     .offset_before = before,
                                     .lines_before = lines,
                                     .pause_ns = source->pause_ns,
                                     .look_ns = source->is_replay ? LOOK_EVERY_NS : 0,
                                     .bytes = text_bytes(&assignment)},
              content);
    if (event != SOURCE_TURNED && has_before) {
        event = feed_again(source, before, source->offset);
    }
    source->read_size = 0;
    return STATUS_OK;
}

void source_take(struct source *source)
{
    source->is_taken = true;
    if (source->is_over) {
        source->is_over = false;
        source->is_ended = false;
        source->is_full = false;
        text_clear(&source->look);
    }
}

enum source_event source_look(struct source *source)
{
    if (source->worker.pid <= 0 || !source->is_fresh) {
        return SOURCE_NOTHING;
    }
    return order(source, &(struct follow_order){.kind = FOLLOW_LOOK}, -1);
}

/* Ends the follower: what it held becomes past. */
static enum source_event end_follower(struct source *source)
{
    if (source->worker.pid <= 0) {
        return SOURCE_NOTHING;
    }
    enum source_event event = order(source, &(struct follow_order){.kind = FOLLOW_END}, -1);
    bool goes_on = source->worker.pid > 0 && !source->is_paused;
    return goes_on ? lose(source, "examining it did not end when it was asked to") : event;
}

/* ---- steps ---- */

static enum source_event feed(struct source *source, struct bytes bytes)
{
    source->offset += bytes.size;
    source->lines += bytes_count(bytes, '\n');
    source->read_size += bytes.size;
    source->is_fresh = true;
    remember_tail(source, bytes);
    return order(source, &(struct follow_order){.kind = FOLLOW_BYTES, .bytes = bytes}, -1);
}

/* The same file, from its beginning; the follower that knew the rest of it ends. */
static enum source_event start_over(struct source *source, const char *note)
{
    place_at(source, 0, 0);
    enum source_event event = end_follower(source);
    source->note = note;
    source->is_given_up = false;
    return event == SOURCE_NOTHING ? SOURCE_FED : event;
}

/* Another file under the name is read once this one is read to its end. */
static enum source_event look_for_another(struct source *source)
{
    struct stat about;
    if (stat(source->path, &about) != 0) {
        if (!source->is_missing) {
            source->is_missing = true;
            source->note = "it is gone: waiting for it to come back";
        }
        return SOURCE_NOTHING;
    }
    if (about.st_ino == source->inode && about.st_dev == source->device) {
        source->is_missing = false;
        source->leaving = 0;
        return SOURCE_NOTHING;
    }
    /* Who writes may hold the old file for a while yet. */
    if (++source->leaving < SOURCE_LEAVING_STEPS) {
        return SOURCE_NOTHING;
    }
    source->leaving = 0;
    enum source_event event = end_follower(source);
    const char *why = open_file(source);
    if (why != NULL) {
        file_done(&source->fd);
        source->is_missing = true;
        source->note = why;
        return event;
    }
    source->is_missing = false;
    source->note = "another file took its name: read from its beginning";
    source->is_given_up = false;
    return event == SOURCE_NOTHING ? SOURCE_FED : event;
}

static enum source_event step_input(struct source *source)
{
    uint8_t block[FOLLOW_BYTES_MAX];
    struct pollfd ready = {.fd = source->fd, .events = POLLIN};
    if (poll(&ready, 1, 0) <= 0) {
        return SOURCE_NOTHING;
    }
    ssize_t got = read(source->fd, block, sizeof block);
    if (got < 0) {
        return errno == EINTR || errno == EAGAIN ? SOURCE_NOTHING : SOURCE_OVER;
    }
    if (got > 0) {
        return feed(source, (struct bytes){block, (size_t)got});
    }
    file_done(&source->fd);
    enum source_event event = end_follower(source);
    source->is_given_up = true;
    return event == SOURCE_NOTHING ? SOURCE_OVER : event;
}

static enum source_event step_end(struct source *source)
{
    if (!source->is_replay) {
        return look_for_another(source);
    }
    if (source->worker.pid <= 0) {
        source->is_given_up = true;
        return SOURCE_OVER;
    }
    source->is_ending = true;
    return order(source, &(struct follow_order){.kind = FOLLOW_END, .look_ns = LOOK_EVERY_NS},
                 -1);
}

static enum source_event step_file(struct source *source)
{
    uint8_t block[FOLLOW_BYTES_MAX];
    size_t got = 0;
    if (!source->is_replay &&
        (size_of(source) < source->offset ||
         !has_tail(source, (struct bytes){source->tail, source->tail_size}, source->offset))) {
        return start_over(source, "it was cut short: read from its beginning");
    }
    if (source->is_given_up) {
        return source->is_replay ? SOURCE_OVER : look_for_another(source);
    }
    if (!read_at(source, source->offset, block, sizeof block, &got)) {
        source->is_given_up = true;
        source->note = "it cannot be read any more";
        return SOURCE_OVER;
    }
    return got > 0 ? feed(source, (struct bytes){block, got}) : step_end(source);
}

enum source_event source_step(struct source *source)
{
    if (source->worker.pid > 0 && source->is_paused) {
        return order(source, &(struct follow_order){.kind = FOLLOW_ON}, -1);
    }
    bool is_renewed = source->worker.pid > 0 &&
                      (source->is_full || source->read_size >= SOURCE_RENEWED_AFTER);
    if (is_renewed) {
        return end_follower(source);
    }
    if (source->is_input) {
        return source->is_given_up ? SOURCE_OVER : step_input(source);
    }
    if (source->fd < 0) {
        if (open_file(source) != NULL) {
            return SOURCE_NOTHING;
        }
        source->is_missing = false;
        source->is_given_up = false;
        source->note = "it is there: read from its beginning";
        return SOURCE_FED;
    }
    return step_file(source);
}
