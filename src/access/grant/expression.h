/* Expressions of Datalog: values, operators and closures in postfix order.
 *
 * Input:  untrusted: operators need not fit the values before them, which
 * access/grant/evaluate.h finds out. Format: Biscuit v3.3, SPECIFICATIONS.md ("Opcodes"); the
 * enums are numbered as there. */
#pragma once

#include "access/grant/term.h"

enum op_kind {
    OP_VALUE,
    OP_UNARY,
    OP_BINARY,
    OP_CLOSURE,
};

enum unary {
    UNARY_NEGATE,
    UNARY_PARENTHESES,
    UNARY_LENGTH,
    UNARY_TYPE,
    UNARY_EXTERN,
};
#define UNARY_COUNT 5

enum binary {
    BINARY_LESS,
    BINARY_GREATER,
    BINARY_LESS_OR_EQUAL,
    BINARY_GREATER_OR_EQUAL,
    BINARY_EQUAL,
    BINARY_CONTAINS,
    BINARY_PREFIX,
    BINARY_SUFFIX,
    BINARY_REGEX,
    BINARY_ADD,
    BINARY_SUBTRACT,
    BINARY_MULTIPLY,
    BINARY_DIVIDE,
    BINARY_AND,
    BINARY_OR,
    BINARY_INTERSECTION,
    BINARY_UNION,
    BINARY_BITWISE_AND,
    BINARY_BITWISE_OR,
    BINARY_BITWISE_XOR,
    BINARY_NOT_EQUAL,
    BINARY_LENIENT_EQUAL,
    BINARY_LENIENT_NOT_EQUAL,
    BINARY_LAZY_AND,
    BINARY_LAZY_OR,
    BINARY_ALL,
    BINARY_ANY,
    BINARY_GET,
    BINARY_EXTERN,
    BINARY_TRY_OR,
};
#define BINARY_COUNT 30

struct op;

/* In postfix order. */
struct expression {
    struct op *ops;
    uint32_t count;
};

struct op {
    enum op_kind kind;
    uint32_t code;            /* an enum unary or an enum binary */
    struct term value;        /* of OP_VALUE */
    struct bytes extern_name; /* of UNARY_EXTERN and BINARY_EXTERN */
    uint32_t *parameters;     /* of OP_CLOSURE: places among the rule's variables */
    uint32_t parameter_count;
    struct expression body; /* of OP_CLOSURE */
};
