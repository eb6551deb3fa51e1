/* tocsin-follow: one source that still grows in, looks at what stands in it out.
 *
 * A confined process for each source that is watched.  It wires parse to detect as examine
 * does, but its bytes come as orders (record/follow.h): a reader that wants more of them waits
 * here for the next one.  So the readers are the same, and so is what they find. */
#include <stdlib.h>
#include <string.h>

#include "base/memory_file.h"
#include "codec/bundle.h"
#include "detect/engine.h"
#include "parse/parse.h"
#include "record/assignment.h"
#include "record/follow.h"
#include "sandbox/service.h"

#define CHANNEL 3
#define MEMORY_SIZE_MAX (192U << 20)
#define IMAGE_SIZE_MAX (128U << 20)
#define SHARED_SIZE_MAX (128U << 20)
#define EVIDENCE_SIZE_MAX (112U << 20)
#define BATCH_SIZE_MAX (16U << 20)
#define KEPT_SIZE_MAX (32U << 20)
#define LOOK_MEMORY_MAX (32U << 20)
/* Fuller than this, what was given is handed over before the next record is taken. */
#define GIVEN_SIZE_FULL (24U << 20)
/* A look costs what stands.  One for the time that passed waits for as many records as items
 * stood at the look before, one that is stirred for a part of that: so that looks cost no more
 * than reading, whoever makes however much stand. */
#define STIRRED_SHARE 64U
/* Between two orders: far more than any of them needs. */
#define STEPS_MAX (UINT64_C(1) << 30)

struct follower {
    struct service_plan plan;
    struct message_buffer buffer;
    struct message request; /* the order in hand; `bytes` of it lie in `buffer` */
    struct follow_order order;
    struct bytes left;        /* of the order's bytes */
    enum status reply_status; /* why following came to an end */
    struct stream stream;
    struct budget budget;
    struct detection detection;
    struct examination given;
    struct examination standing;
    struct arena *given_arena;
    struct arena *standing_arena;
    struct moment now;
    struct moment paused; /* the newest time at the last pause */
    struct moment looked; /* and at the last look */
    bool is_last;         /* no more bytes will come */
    bool is_quiet;        /* and the look that ends it all is the only one wanted */
    bool has_look;        /* the order in hand gets one with its answer */
    uint64_t taken;       /* records since the last look */
    bool is_gone;         /* nobody asks any more */
};

/* ---- looks ---- */

static enum status write_look(struct follower *follower)
{
    struct detection *detection = &follower->detection;
    arena_reset(follower->standing_arena);
    TRY(detection_stand(detection, follower->standing_arena, &follower->standing));
    /* What the source could have shown belongs to both. */
    follower->standing.coverage = follower->given.coverage;
    AUTO(text_done) struct text given = text_of_limit(EXAMINATION_SIZE_MAX);
    AUTO(text_done) struct text standing = text_of_limit(EXAMINATION_SIZE_MAX);
    examination_write(&given, &follower->given);
    examination_write(&standing, &follower->standing);
    TRY(text_status(&given));
    TRY(text_status(&standing));
    AUTO(text_done) struct text look = text_of_limit(FOLLOW_LOOK_SIZE_MAX);
    follow_look_write(&look, &(struct follow_look){text_bytes(&given), text_bytes(&standing)});
    TRY(text_status(&look));
    return memory_file_write(follower->request.files[FOLLOW_FILE_LOOK], text_bytes(&look));
}

static bool is_full(const struct follower *follower)
{
    return follower->given.findings_dropped + follower->given.observations_dropped +
               follower->standing.observations_dropped + follower->standing.findings_dropped >
           0;
}

/* What was given is handed over with a look: room for more. */
static void forget_given(struct follower *follower)
{
    follower->given.finding_count = 0;
    follower->given.findings_dropped = 0;
    follower->given.observation_count = 0;
    follower->given.observations_dropped = 0;
    arena_reset(follower->given_arena);
}

static enum status take_look(struct follower *follower)
{
    TRY(write_look(follower));
    follower->has_look = true;
    follower->looked = follower->now;
    follower->taken = 0;
    follower->detection.is_stirred = false;
    return STATUS_OK;
}

/* ---- orders ---- */

static enum status say(struct follower *follower, enum follow_why why)
{
    const struct follow_word word = {.why = why,
                                     .has_look = follower->has_look,
                                     .is_full = is_full(follower),
                                     .offset = follower->stream.offset,
                                     .now = follower->now};
    AUTO(text_done) struct text said = text_of_limit(SERVICE_REPLY_SIZE_MAX);
    follow_word_write(&said, &word);
    TRY(text_status(&said));
    enum status status =
        service_reply(&follower->plan, follower->reply_status, text_bytes(&said));
    message_close_files(&follower->request);
    if (follower->has_look) {
        forget_given(follower);
    }
    follower->has_look = false;
    return status;
}

static enum status hear(struct follower *follower)
{
    TRY(service_next(&follower->plan, &follower->buffer, &follower->request));
    if (follower->request.file_count <= FOLLOW_FILE_LOOK) {
        return STATUS_MALFORMED;
    }
    struct follow_order *order = &follower->order;
    TRY(follow_order_read(follower->request.body, order));
    if (order->kind == FOLLOW_END) {
        follower->is_last = true;
        follower->is_quiet = order->look_ns == 0;
    }
    follower->budget = budget_of(STEPS_MAX);
    if (order->kind == FOLLOW_BYTES) {
        bool was_again = follower->detection.is_again;
        follower->detection.is_again = order->is_again;
        if (was_again && !order->is_again) {
            forget_given(follower); /* whoever begins again has had it before */
        }
    }
    return STATUS_OK;
}

/* Answers, and waits for the next order; looks that are asked for are given on the way. */
static enum status turn(struct follower *follower, enum follow_why why)
{
    TRY(say(follower, why));
    TRY(hear(follower));
    while (follower->order.kind == FOLLOW_LOOK) {
        TRY(take_look(follower));
        TRY(say(follower, why));
        TRY(hear(follower));
    }
    return STATUS_OK;
}

/* For the stream: waits for bytes that were not there before; none at the end. */
static enum status read_more(void *context, uint8_t *buffer, size_t capacity, size_t *out)
{
    struct follower *follower = context;
    while (follower->left.size == 0 && !follower->is_last) {
        /* What was stirred and had to wait need not wait for more to come. */
        if (follower->detection.is_stirred && !follower->detection.is_again) {
            TRY(take_look(follower));
        }
        enum status status = turn(follower, FOLLOW_HUNGRY);
        if (status != STATUS_OK) {
            follower->is_gone = true;
            return status;
        }
        const struct follow_order *order = &follower->order;
        follower->left = order->kind == FOLLOW_BYTES ? order->bytes : BYTES_NONE;
    }
    size_t size = follower->left.size < capacity ? follower->left.size : capacity;
    if (size > 0) {
        memcpy(buffer, follower->left.data, size);
        follower->left = bytes_from(follower->left, size);
    }
    *out = size;
    return STATUS_OK;
}

/* An order that is heard in the middle of a record finds bytes of the one before unused: they
 * would be overwritten in the buffer, so they are kept apart. */
static enum status pause_here(struct follower *follower, uint8_t *kept)
{
    struct bytes left = follower->left;
    if (left.size > 0) {
        memmove(kept, left.data, left.size); /* it may lie there already */
        follower->left = (struct bytes){kept, left.size};
    }
    TRY(turn(follower, FOLLOW_PAUSED));
    return follower->order.kind == FOLLOW_BYTES ? STATUS_MALFORMED : STATUS_OK;
}

/* ---- records ---- */

static bool has_passed(struct moment from, struct moment now, uint64_t length_ns)
{
    if (length_ns == 0 || !now.is_known) {
        return false;
    }
    return !from.is_known || from.year_known != now.year_known ||
           (now.ns > from.ns && (uint64_t)(now.ns - from.ns) >= length_ns);
}

struct taking {
    struct follower *follower;
    uint64_t pause_ns;
    uint64_t look_ns;
    uint8_t kept[FOLLOW_BYTES_MAX];
};

static bool wants_look(const struct follower *follower, struct moment now, uint64_t look_ns)
{
    if (follower->detection.is_again || follower->is_quiet) {
        return false; /* nothing new, or the last look is about to come */
    }
    uint64_t weight = follower->standing.observation_count + follower->standing.finding_count;
    bool is_stirred =
        follower->detection.is_stirred && follower->taken >= weight / STIRRED_SHARE;
    bool is_due = has_passed(follower->looked, now, look_ns) && follower->taken >= weight;
    return is_stirred || is_due || arena_used(follower->given_arena) > GIVEN_SIZE_FULL;
}

static enum status take(void *context, const struct record *record)
{
    struct taking *taking = context;
    struct follower *follower = taking->follower;
    bool is_newer = record->at.is_known &&
                    (!follower->now.is_known || moment_compare(record->at, follower->now) > 0);
    struct moment now = is_newer ? record->at : follower->now;
    /* Before the record that comes later than the pause allows. */
    if (has_passed(follower->paused, now, taking->pause_ns) && !follower->is_quiet) {
        follower->now = now;
        follower->paused = now;
        TRY(pause_here(follower, taking->kept));
    }
    TRY(detection_take(&follower->detection, record));
    follower->now = now;
    follower->taken++;
    if (wants_look(follower, now, taking->look_ns)) {
        TRY(take_look(follower));
        TRY(pause_here(follower, taking->kept));
    }
    return STATUS_OK;
}

/* ---- from beginning to end ---- */

/* Coverage outlives the looks, and so do the lists of both examinations. */
static enum status open_detection(struct follower *follower, const struct engine *engine,
                                  const struct analysis_options *options,
                                  struct arena *evidence, struct arena *kept)
{
    coverage_init(&follower->given.coverage, kept);
    TRY(detection_make_room(kept, &follower->standing));
    TRY(detection_open(engine, options, evidence, kept, &follower->given,
                       &follower->detection));
    follower->detection.result = follower->given_arena;
    return STATUS_OK;
}

static enum status load(int image, struct arena *shared, const struct engine **out)
{
    struct bytes content;
    struct bytes model = BYTES_NONE;
    struct bundle bundle;
    struct fault fault = {0};
    TRY(memory_file_map(image, IMAGE_SIZE_MAX, &content));
    TRY(bundle_read(content, &bundle, &fault));
    IGNORE(bundle_find(&bundle, "models/sieve-shell.bin", &model),
           "without weights the other detectors still work");
    struct bundle *kept = arena_take(shared, sizeof *kept);
    if (kept == NULL) {
        return STATUS_NO_MEMORY;
    }
    *kept = bundle;
    return engine_load(&(struct engine_supply){.content = kept, .model = model}, shared, out,
                       &fault);
}

static enum status follow(struct follower *follower, const struct assignment *assignment,
                          const struct follow_order *order, const struct engine *engine)
{
    struct arena *evidence = arena_new(EVIDENCE_SIZE_MAX);
    struct arena *batch = arena_new(BATCH_SIZE_MAX);
    struct arena *kept = arena_new(KEPT_SIZE_MAX);
    follower->given_arena = arena_new(LOOK_MEMORY_MAX);
    follower->standing_arena = arena_new(LOOK_MEMORY_MAX);
    struct taking *taking = evidence == NULL ? NULL : arena_take(evidence, sizeof *taking);
    if (batch == NULL || kept == NULL || follower->given_arena == NULL ||
        follower->standing_arena == NULL || taking == NULL) {
        return STATUS_NO_MEMORY;
    }
    *taking = (struct taking){
        .follower = follower, .pause_ns = order->pause_ns, .look_ns = order->look_ns};
    TRY(open_detection(follower, engine, &assignment->options, evidence, kept));
    const struct record_sink sink = {.take = take, .context = taking};
    struct parse parse = {
        .evidence = evidence,
        .batch = batch,
        .budget = &follower->budget,
        .sink = &sink,
        .coverage = &follower->given.coverage,
        .name = assignment->name,
        .lines_before = order->lines_before,
    };
    TRY(stream_of_reader(&follower->stream, read_more, follower, evidence));
    follower->stream.is_live = true;
    follower->stream.offset = order->offset_before;
    follower->reply_status = parse_stream(&follower->stream, &parse, 0);
    if (follower->is_gone) {
        return STATUS_OK;
    }
    TRY(take_look(follower));
    return STATUS_OK;
}

/* Until whoever asks has had enough: the last look stays the last. */
static enum status stay(struct follower *follower)
{
    for (;;) {
        TRY(say(follower, FOLLOW_ENDED));
        TRY(hear(follower));
    }
}

static enum status run(struct follower *follower)
{
    TRY(service_open(&follower->plan));
    TRY(hear(follower));
    const struct follow_order order = follower->order;
    if (order.kind != FOLLOW_BEGIN || follower->request.file_count <= FOLLOW_FILE_CONTENT) {
        return STATUS_MALFORMED;
    }
    struct assignment assignment;
    TRY(assignment_read(order.bytes, &assignment));
    struct arena *shared = arena_new(SHARED_SIZE_MAX);
    if (shared == NULL) {
        return STATUS_NO_MEMORY;
    }
    /* The name lies in the buffer, which the next order overwrites. */
    TRY(arena_copy(shared, assignment.name, &assignment.name));
    const struct engine *engine;
    enum status status = load(follower->request.files[FOLLOW_FILE_CONTENT], shared, &engine);
    if (status == STATUS_OK) {
        status = follow(follower, &assignment, &order, engine);
    }
    if (follower->is_gone) {
        return STATUS_OK;
    }
    follower->reply_status =
        follower->reply_status != STATUS_OK ? follower->reply_status : status;
    return stay(follower);
}

int main(void)
{
    struct follower follower = {
        .plan = {.channel = CHANNEL,
                 .memory_size_max = MEMORY_SIZE_MAX,
                 .result_size_max = FOLLOW_LOOK_SIZE_MAX},
    };
    return run(&follower) == STATUS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
