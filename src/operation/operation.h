/* Everything a caller can ask for, one row each: commands, help, documents and the access tests
 * are derived from the table, and access is decided here and nowhere else.
 *
 *     name, class, audit level, handler, and how it is asked for
 *
 * A handler is called with the decision that allows it; it prints nothing but fills an answer,
 * or gives it in parts where a person follows what happens.
 */
#pragma once

#include "access/decide.h"
#include "base/stop.h"
#include "operation/option.h"

#define ANSWER_SIZE_MAX (256U * 1024U * 1024U)
#define ANSWER_LINES_MAX (64U * 1024U)

struct answer {
    struct text body;    /* for standard output or --output */
    int file;            /* the same as a memory file instead, or -1 */
    struct text notes;   /* about this machine, one line each, for standard error */
    struct text problem; /* why it could not be done: one line */
    bool is_found;       /* something at or above --fail-on */
    bool stands;         /* the body is to be given although the status is a failure */
    bool is_refused;
    struct access_refusal refusal;
    struct arena *words; /* of a refusal whose words are in no table of ours, or NULL */
    bool has_left; /* parts were handed out before the end: `left` is the hash of them all */
    struct sha256 left;
};

/* How far an analysis is. */
struct progress {
    size_t done;
    size_t total; /* 0 while it is not known */
    const char *doing;
};

struct call {
    const struct request *request;
    const char *home;        /* TOCSIN_HOME, or NULL where there is none */
    struct bytes arguments;  /* the whole request as the caller gave it, for the audit log */
    const struct stop *stop; /* set: come to an end with what is known */
    void (*report_progress)(void *context, const struct progress *progress); /* or NULL */
    /* Hands a part of the answer out before its end, for what a person follows as it happens;
     * STATUS_NOT_FOUND where nobody reads any more.  NULL: it waits in the body, as does all
     * that is recorded, which leaves no sooner than that; but what `goes_on` is recorded when
     * it begins and again, with the hash of all that left, when it ends. */
    enum status (*give)(void *context, struct bytes part);
    void *context;
    struct access_session *session; /* filled in by operation_perform */
};

/* True where the answer is for a program. */
static inline bool call_wants_json(const struct call *call)
{
    return call->request->analysis.format == REPORT_JSON;
}

struct operation {
    const char *name;
    enum access_class class;
    enum audit_level audit;
    enum status (*run)(const struct call *call, const struct access_grant *grant,
                       struct answer *answer);
    const char *command;  /* "access audit show" */
    const char *operands; /* "PATH...", "" for none */
    size_t operand_min;
    size_t operand_max;
    uint64_t options;                               /* OPTION_BIT of each it takes */
    bool (*applies)(const struct request *request); /* NULL: to every request of its command */
    const char *summary;
    bool goes_on;    /* it has no end of its own: recorded as it begins and as it ends */
    bool takes_text; /* behind its first operand all words are text, options of it not ours */
    /* What a grant of others must name for it (access/group/entitlement.h), in memory of the
     * session's; NULL: nothing that others grant. */
    enum status (*wish)(const struct call *call, struct answer *answer,
                        struct entitlement_wish *out);
};

/* The rows in order; NULL from `index` past the last on. */
const struct operation *operation_at(size_t index);
/* The first row of a command: its options are those of all rows of that command. */
const struct operation *operation_find(const char *command);
/* True where there are commands that begin with these words: "access". */
bool operation_is_family(const char *words);
/* The row that answers the request, which may be another of the same command. */
const struct operation *operation_resolve(const struct request *request);

struct answer answer_new(void);
void answer_done(struct answer *answer);
/* Says why it cannot be done, and returns `status`. */
enum status answer_fail(struct answer *answer, enum status status, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* It was refused: the words are copied, and outlive whatever they lie in. */
void answer_keep_refusal(struct answer *answer, const struct access_refusal *refusal);
/* One more line for standard error. */
void answer_note(struct answer *answer, const char *format, ...) PRINTF_LIKE(2, 3);

/* Decides, does, and records; STATUS_DENIED with the refusal in the answer where access was
 * refused.  Where an open operation could not be recorded, a note says so. */
enum status operation_perform(struct call *call, struct answer *answer) MUST_USE;
