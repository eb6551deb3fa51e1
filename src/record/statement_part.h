/* The parts of a pasted text: its commands and their words, what code in it calls, what it
 * hides.
 *
 * Places are bytes of the pasted text; of a view, bytes of what it decodes to. */
#pragma once

#include "record/record.h"

/* Of a text, or of a part of it, that is no shell's. */
enum statement_language {
    LANGUAGE_NONE,
    LANGUAGE_PHP,
    LANGUAGE_PYTHON,
    LANGUAGE_PERL,
    LANGUAGE_JAVASCRIPT,
    LANGUAGE_RUBY,
    LANGUAGE_JAVA,
    LANGUAGE_VISUAL_BASIC,
    LANGUAGE_AWK,
    LANGUAGE_C,
    LANGUAGE_SQL,
    LANGUAGE_PAGE, /* HTML and its like */
    LANGUAGE_JSON,
    LANGUAGE_LOOKUP,  /* what Log4j would look up */
    LANGUAGE_ADDRESS, /* a part of an address, with percent signs */
    LANGUAGE_UNKNOWN, /* calls of a program, in a language that cannot be told */
};
#define STATEMENT_LANGUAGE_COUNT 16

enum word_role {
    WORD_PROGRAM,
    WORD_ARGUMENT,
    WORD_ASSIGNMENT,
    WORD_READ, /* targets of redirects */
    WORD_WRITE,
    WORD_APPEND,
    WORD_HERE,
    WORD_DUPLICATE,
    WORD_OPEN,
};
#define WORD_ROLE_COUNT 9

/* Where a command runs that another one is handed. */
enum statement_where {
    WHERE_HERE,
    WHERE_MACHINE,
    WHERE_MACHINES, /* on all of that name */
    WHERE_CONTAINER,
    WHERE_IMAGE, /* in a new container of that image */
    WHERE_POD,
    WHERE_FOLDER,    /* which it takes for the root of all folders */
    WHERE_NAMESPACE, /* of networks */
    WHERE_LATER,
};
#define STATEMENT_WHERE_COUNT 9

struct statement_word {
    enum word_role role;
    bool is_quoted;
    bool has_expansion;
    bool is_error;     /* of a redirect: of errors, not of what is printed */
    struct bytes text; /* quotes removed */
    uint64_t offset;
    uint32_t size; /* in the source */
};

struct statement_command {
    uint32_t view;     /* 0: the text itself; else the view it stands in, from 1 */
    uint32_t pipeline; /* number of its pipeline */
    uint32_t parent;   /* the pipeline it stands in, 0 for none */
    enum shell_relation relation;
    enum shell_dialect dialect;
    uint32_t position; /* in its pipeline, from 0 */
    uint32_t length;   /* of its pipeline */
    uint32_t loops;
    bool is_background;
    bool is_compound;
    uint32_t within; /* number of the command that is handed it, from 1; 0 for none */
    enum statement_where where; /* it has run what it is handed, and */
    struct bytes place;         /* the name of that: of a machine, of a container */
    uint32_t handed_from;       /* index of the first word it is handed; 0 for none */
    struct statement_word *words;
    size_t word_count;
};

/* A name that code calls, or a variable of its language's own. */
struct statement_call {
    uint32_t view;
    uint32_t within; /* the command whose words the code stands in, from 1; 0 for the text */
    enum statement_language language;
    struct bytes name;
    struct bytes argument; /* a text it is handed, or nothing */
    uint64_t offset;
    uint32_t size;
};

/* What a part of the text hides. */
struct statement_view {
    struct bytes how; /* "base64": ours, yet from a message */
    struct bytes text;
    uint32_t parent; /* the view it was found in, 0 for the text itself */
    uint64_t offset; /* of what was decoded */
    uint64_t size;
};
