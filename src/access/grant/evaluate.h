/* What an expression of Datalog comes to.
 *
 * Input:  untrusted expressions.
 * Output: in the evaluation's scratch arena.
 * Limits: the budget of steps, DATALOG_STACK_MAX values, DATALOG_DEPTH_MAX closures.
 * Format: Biscuit v3.3, SPECIFICATIONS.md ("Expressions", "Opcodes"). */
#pragma once

#include "access/grant/datalog.h"
#include "base/budget.h"

#define DATALOG_BYTES_A_STEP 64

enum datalog_error {
    DATALOG_FINE,
    DATALOG_OVERFLOW,
    DATALOG_DIVIDE_BY_ZERO,
    DATALOG_INVALID_TYPE,
    DATALOG_INVALID_STACK,
    DATALOG_UNKNOWN_VARIABLE,
    DATALOG_SHADOWED_VARIABLE,
    DATALOG_UNDEFINED_EXTERN,
    DATALOG_EXTERN_FAILED,
    /* From here on no try_or() may hide it: the work itself has ended. */
    DATALOG_TOO_MANY_STEPS,
    DATALOG_TOO_MUCH_MEMORY,
    DATALOG_TOO_MANY_FACTS,
    DATALOG_TOO_MANY_ITERATIONS,
};

/* A function of ours that expressions call as .extern::name(); `right` is NULL for one without
 * an argument. */
struct datalog_extern {
    const char *name;
    enum datalog_error (*call)(const struct term *left, const struct term *right,
                               struct term *out);
};

struct evaluation {
    struct arena *scratch;
    struct budget *budget;
    const struct datalog_extern *externs;
    uint32_t extern_count;
    const struct term *values[DATALOG_VARIABLES_MAX]; /* NULL where nothing is bound */
};

/* "Overflow": the kind as every implementation names it. */
const char *datalog_error_name(enum datalog_error error);
enum datalog_error expression_evaluate(struct evaluation *evaluation,
                                       const struct expression *expression, unsigned depth,
                                       struct term *out) MUST_USE;
enum datalog_error unary_apply(struct evaluation *evaluation, const struct op *op,
                               const struct term *value, struct term *out) MUST_USE;
enum datalog_error binary_apply(struct evaluation *evaluation, const struct op *op,
                                const struct term *left, const struct term *right,
                                struct term *out) MUST_USE;
/* What looking at a term once costs. */
uint64_t term_weight(const struct term *term);
