/* Judges again what an entry of this home's log says was decided: with the same engine, by the
 * text it was decided by and by today's, from the papers that are kept.
 *
 * What decided and is not kept is named; where any of it is missing, or a later one stands in
 * its place, nothing is said to come out the same.
 *
 * Input:  log, papers, cards and grants of the home, untrusted.
 * Output: in `arena`.
 * Limits: REPLAY_INPUTS_MAX inputs; those of what is judged.
 *
 * Not judged again: what a handler found in a file that was handed over and is not kept.  Then
 * the rule's words are all there is, and the file is named as missing. */
#pragma once

#include "access/decide.h"
#include "access/recorded.h"

#define REPLAY_INPUTS_MAX 16

enum replay_answer {
    REPLAY_SAME,    /* everything that decided is here, and it comes out so again */
    REPLAY_OTHER,   /* and it comes out otherwise */
    REPLAY_UNKNOWN, /* something that decided is missing */
};
#define REPLAY_ANSWER_COUNT 3

enum replay_state {
    REPLAY_KEPT,
    REPLAY_GONE,       /* it was kept, and was erased or replaced */
    REPLAY_DAMAGED,    /* something else has its name */
    REPLAY_LATER,      /* only a later one is kept */
    REPLAY_NEVER_KEPT, /* nothing of it was written down */
};
#define REPLAY_STATE_COUNT 5

struct replay_input {
    const char *what; /* static text of ours: "the grant" */
    enum replay_state state;
    bool has_hash;
    struct sha256 hash;
};

struct replay_judgement {
    enum replay_answer answer;
    bool is_judged;
    bool is_allowed;
    struct access_refusal refusal; /* where it is judged and not allowed */
};

/* What the program comes with today. */
struct replay_texts {
    struct bytes rules;  /* content/grant.datalog */
    struct bytes policy; /* content/policy.datalog */
    bool has_class;      /* there still is an operation of that name */
    enum access_class class;
};

struct replay {
    struct recorded_decision of;
    bool is_decision; /* false: of an entry that decided nothing */
    bool has_words;   /* of the rule the entry names */
    struct access_refusal words;
    struct bytes grant; /* its id; empty where none is known, as of those below */
    struct bytes subject;
    struct bytes organisation;
    struct bytes what;
    struct replay_input inputs[REPLAY_INPUTS_MAX];
    size_t input_count;
    struct replay_judgement then;  /* by the text that the entry names */
    struct replay_judgement today; /* by today's */
};

const char *replay_answer_name(enum replay_answer answer); /* "same" */
const char *replay_state_name(enum replay_state state);    /* "kept" */

/* The operation that the entry is about, for replay_texts. */
enum status replay_find(const struct access_session *session, uint64_t sequence,
                        struct arena *arena, struct replay *out, struct fault *fault) MUST_USE;
/* Fills in the rest.  STATUS_MALFORMED where today's own texts cannot be read. */
enum status replay_judge(const struct access_session *session, const struct replay_texts *texts,
                         struct arena *arena, struct replay *replay,
                         struct fault *fault) MUST_USE;
