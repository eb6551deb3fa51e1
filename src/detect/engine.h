/* Runs the detectors over the records of one evidence.
 *
 * Detectors are rows of a table (detect/engine.c): each sees every record of the kinds it asks
 * for, keeps what it must in the evidence's arena, and raises findings and observations, which
 * are copied into the result's arena, because what they quote will be gone.
 * Fuzzed: fuzz/examine.c (the message is read back, and is the same for any windows). */
#pragma once

#include <assert.h>

#include "record/examination.h"
#include "record/options.h"
#include "record/record.h"

/* What all evidence shares: rules and model, loaded once, read-only. */
struct engine;
struct bundle;

/* `content` is the compiled image (codec/bundle.h), `model` the weight file, or empty where
 * none is used; both outlive the engine. */
enum status engine_load(const struct bundle *content, struct bytes model, struct arena *arena,
                        const struct engine **out, struct fault *fault) MUST_USE;

/* One evidence under examination. */
struct detection {
    const struct engine *engine;
    const struct analysis_options *options;
    struct arena *evidence; /* detector state */
    struct arena *result;   /* findings and observations */
    struct examination *examination;
    void **states; /* one per detector row */
};

#define DETECTOR_ACTION(action) (UINT64_C(1) << (action))
static_assert(EVENT_ACTION_COUNT <= 64, "a detector's actions fit a word");

struct detector {
    const char *name;
    uint32_t record_kinds; /* bits: 1 << RECORD_EVENT ... */
    /* Of events only those with these actions; bits: DETECTOR_ACTION(EVENT_LOGIN_FAILED) ...
     * 0: all. */
    uint64_t event_actions;
    /* Loads what every evidence shares; may be NULL, as may `*part` where there is nothing. */
    enum status (*load)(const struct bundle *content, struct bytes model, struct arena *arena,
                        const void **part, struct fault *fault);
    size_t state_size; /* zeroed memory in the evidence's arena */
    enum status (*take)(struct detection *detection, void *state, const struct record *record);
    enum status (*finish)(struct detection *detection, void *state); /* may be NULL */
};

enum status detection_open(const struct engine *engine, const struct analysis_options *options,
                           struct arena *evidence, struct arena *result,
                           struct examination *examination, struct detection *out) MUST_USE;
/* A record_sink's take: `context` is a struct detection. */
enum status detection_take(void *context, const struct record *record);
/* After the last record: detectors give what they counted. */
enum status detection_finish(struct detection *detection) MUST_USE;

/* For detectors.  Both copy everything; beyond the limits they count what they drop.  Excerpts
 * are cut to EXCERPT_SIZE_MAX and, where the caller asked for it, redacted. */
enum status detection_raise(struct detection *detection,
                            const struct finding *finding) MUST_USE;
enum status detection_observe(struct detection *detection,
                              const struct observation *observation) MUST_USE;
/* What the detector's own load made; NULL where it has none. */
const void *engine_part(const struct engine *engine, const struct detector *detector);
