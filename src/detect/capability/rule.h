/* What a program can do, as analysts describe it in content/capabilities/: one rule a file.
 *
 * The language is described in docs/formats/capability.md.  A rule holds conditions over
 * pipelines of shell commands; those that look into what stands inside a command (a
 * substitution, a group) are kept apart, because what stands inside is given first.
 *
 * Input:  a tree from a rule file: checked, refused with the line of what is wrong.
 * Output: in `arena`; text borrows from the tree.
 * Limits: those named below.   Fuzzed: fuzz/capability_rules.c. */
#pragma once

#include "codec/tree.h"
#include "pattern/regex.h"
#include "record/entity.h"
#include "record/finding.h"

#define CAPABILITY_RULES_MAX 256
#define CAPABILITY_UNITS_MAX 1024 /* conditions that are judged by themselves */
#define CAPABILITY_INNER_MAX 256  /* of these, on what stands inside commands */
#define CAPABILITY_NESTING_MAX 12 /* of conditions in one another */
#define CAPABILITY_STEPS_MAX 4    /* of a sequence */
#define CAPABILITY_VALUES_MAX 256 /* of one list */
#define CAPABILITY_CASES_MAX 64

enum text_test {
    TEXT_EQUALS,
    TEXT_GLOB,
    TEXT_REGEX,
    TEXT_CONTAINS,
    TEXT_STARTS,
    TEXT_ENDS,
};
#define TEXT_TEST_COUNT 6

/* A word meets it when each test that has values is met by one of them. */
struct text_condition {
    const struct bytes *values[TEXT_TEST_COUNT];
    size_t counts[TEXT_TEST_COUNT];
    struct regex **regexes;
    const struct text_condition * not ;
};

/* A file that a sequence is about. */
enum file_part {
    FILE_NONE,
    FILE_SAVED, /* the command writes it: the sequence is about it from here on */
    FILE_USED,  /* it is one of the command's words */
    FILE_RUN,   /* the command runs it */
};

struct pipeline_condition;

struct command_condition {
    uint32_t line;
    const struct bytes *programs; /* any of; base names, globs, or paths with "/" */
    size_t program_count;
    const struct bytes *compounds; /* any of: while, for, (, { ... */
    size_t compound_count;
    const struct text_condition *const *arguments; /* each met by some argument */
    size_t argument_count;
    const struct text_condition *const *absent; /* none of them met by any */
    size_t absent_count;
    const struct bytes *flags; /* any of */
    size_t flag_count;
    const struct bytes *options; /* any of these has a value ... */
    size_t option_count;
    const struct text_condition *option_value; /* ... that meets this, or NULL */
    uint32_t redirect_kinds;                   /* bits; 0: no condition */
    const struct text_condition *redirect_target;
    const struct bytes *assignments; /* any of these names is assigned ... */
    size_t assignment_count;
    const struct text_condition *assignment_value;
    enum file_part file;
    bool reads_input; /* a shell or interpreter that is handed no file and no -c */
    bool in_background;
    int substitution; /* inner condition: in $( ), backticks, <( ) of this command; or -1 */
    int inside;       /* inner condition: anything in it, groups and nested text too; or -1 */
    const struct command_condition *const *any;
    size_t any_count;
    const struct command_condition *const *all;
    size_t all_count;
    const struct command_condition * not ;
};

struct pipe_element {
    const struct command_condition *command;
    int inner; /* the same, where it stands inside a group of the pipeline */
};

struct pipeline_condition {
    const struct pipe_element *pipe; /* in this order, not necessarily side by side */
    size_t pipe_count;
    const struct command_condition *command; /* some command of the pipeline, or NULL */
    const struct text_condition *text;       /* the pipeline as written */
    bool in_loop;
    const struct pipeline_condition *const *any;
    size_t any_count;
    const struct pipeline_condition *const *all;
    size_t all_count;
    const struct pipeline_condition * not ;
};

/* One way to meet a rule: a pipeline, or several in order. */
struct alternative {
    const struct pipeline_condition *steps[CAPABILITY_STEPS_MAX];
    size_t step_count;
};

struct rule {
    struct bytes id;
    struct bytes name; /* "capability/", the pack's name and "/" if it is of one, the id */
    struct bytes title;
    struct bytes explain;
    struct bytes techniques[FINDING_TECHNIQUES_MAX];
    size_t technique_count;
    enum severity severity;
    double confidence;
    enum entity_role roles[ENTITY_KIND_COUNT]; /* that entities of a kind have here */
    const struct alternative *alternatives;
    size_t alternative_count;
    const struct tree_node *cases;
};

/* What rules share while they are read. */
struct rule_reader {
    struct arena *arena;
    struct tree_fault *fault;
    unsigned depth;
    struct bytes pack; /* whose rules are read; none: the built-in ones */
    size_t regex_count;
    /* Inner conditions of all rules, by number. */
    const struct pipeline_condition **inner;
    size_t inner_count;
};

/* STATUS_MALFORMED, and what is wrong on which line, for what is no rule. */
enum status rule_read(struct rule_reader *reader, const struct tree_node *document,
                      struct rule *out) MUST_USE;
/* The texts under cases: fires or quiet; NULL after the last. */
const struct tree_node *rule_case(const struct rule *rule, const char *kind,
                                  const struct tree_node *before);
