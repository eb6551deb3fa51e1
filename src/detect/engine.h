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
struct rule_pack;

/* What an engine is made of; all of it outlives the engine. */
struct engine_supply {
    const struct bundle *content; /* what compile made (codec/bundle.h); may be NULL */
    struct bytes model;           /* the weight file; empty where none is used */
    const struct rule_pack *pack; /* restricted rules beside the content's; may be NULL */
};

enum status engine_load(const struct engine_supply *supply, struct arena *arena,
                        const struct engine **out, struct fault *fault) MUST_USE;

/* One evidence under examination. */
struct detection {
    const struct engine *engine;
    const struct analysis_options *options;
    struct arena *evidence; /* detector state */
    struct arena *result;   /* findings and observations */
    struct examination *examination;
    void **states;   /* one per detector row */
    bool is_stirred; /* set by detection_stir; whoever asked what stands clears it */
    /* What was read once is read again, for the detectors that need what came before: those
     * whose observations add up have given them, and are left out. */
    bool is_again;
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
    enum status (*load)(const struct engine_supply *supply, struct arena *arena,
                        const void **part, struct fault *fault);
    size_t state_size; /* zeroed memory in the evidence's arena */
    enum status (*take)(struct detection *detection, void *state, const struct record *record);
    /* Gives what was counted; may be NULL.  Also asked for in the middle, by detection_stand:
     * but for its own state it changes nothing, and that is put back. */
    enum status (*finish)(struct detection *detection, void *state);
    /* It gives observations alone, and those of two parts of an evidence are, together, those
     * of the whole. */
    bool adds_up;
};

enum status detection_open(const struct engine *engine, const struct analysis_options *options,
                           struct arena *evidence, struct arena *result,
                           struct examination *examination, struct detection *out) MUST_USE;
/* A record_sink's take: `context` is a struct detection. */
enum status detection_take(void *context, const struct record *record);
/* After the last record: detectors give what they counted. */
enum status detection_finish(struct detection *detection) MUST_USE;
/* What the detectors would give if the evidence ended here, into `examination`, whose lists
 * have the room of detection_open's; the detection goes on as if it had not been asked.  What
 * was given on the way is not in it, and coverage is not touched. */
enum status detection_stand(struct detection *detection, struct arena *result,
                            struct examination *examination) MUST_USE;
/* Lists of the room that findings and observations need. */
enum status detection_make_room(struct arena *arena, struct examination *examination) MUST_USE;

/* For detectors: something grew by enough that whoever watches should ask what stands. */
void detection_stir(struct detection *detection);
/* The same for a count that is the judgement's measure, where it passes a step of 5, 10, 20,
 * 50, 100, 200 ... on its way from `before` to `after`. */
void detection_stir_count(struct detection *detection, uint64_t before, uint64_t after);

/* For detectors.  Both copy everything; beyond the limits they count what they drop.  Excerpts
 * are cut to EXCERPT_SIZE_MAX and, where the caller asked for it, redacted. */
enum status detection_raise(struct detection *detection,
                            const struct finding *finding) MUST_USE;
enum status detection_observe(struct detection *detection,
                              const struct observation *observation) MUST_USE;
/* What the detector's own load made; NULL where it has none. */
const void *engine_part(const struct engine *engine, const struct detector *detector);
