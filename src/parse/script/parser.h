/* The shell reader's inside: what its files share.  Others include parse/script/shell.h.
 *
 * One pass over the bytes, in order: no byte of a script is read twice but what stands in
 * backticks, here-documents and strings that an interpreter is handed, once more for each level
 * of them (SHELL_DEPTH_MAX).  A failure is held in `status` and ends the input, so that the
 * grammar is written in straight lines and asks once.
 *
 * Memory is bounded by constants, whatever the size of the script: texts of open pipelines lie
 * in `region`, released when a pipeline was given away. */
#pragma once

#include "parse/parse.h"

#define SHELL_DEPTH_MAX 8          /* substitutions and interpreter strings in one another */
#define SHELL_NESTING_MAX 48       /* these, groups, loops, quotes: bounds the C stack */
#define SHELL_WORD_SIZE_MAX 16384  /* kept of a word */
#define SHELL_SOURCE_SIZE_MAX 8192 /* kept of a pipeline as written */
#define SHELL_HERE_SIZE_MAX 65536  /* kept of a here-document */
#define SHELL_DELIMITER_SIZE_MAX 255
#define SHELL_HERES_MAX 16 /* here-documents begun on one line */
#define SHELL_BLOCK_SIZE 16384
#define SHELL_REGION_SIZE (2U << 20)
#define SHELL_SCRATCH_SIZE (512U << 10)
#define SHELL_WORDS_OPEN_MAX 8192 /* of all commands that are being read */
#define SHELL_ASSIGNMENTS_MAX 64
#define SHELL_COMMANDS_OPEN_MAX 1024
#define SHELL_REDIRECTS_OPEN_MAX 512

#define SHELL_END (-1) /* instead of a byte, where none is left */

/* Words and signs that end a list of commands. */
enum closer {
    CLOSER_NONE,
    CLOSER_THEN, /* also else and elif */
    CLOSER_FI,
    CLOSER_DO,
    CLOSER_DONE,
    CLOSER_BRACE,
    CLOSER_ESAC,
    CLOSER_BRANCH, /* ;; */
    CLOSER_PARENTHESIS,
};
#define CLOSER_COUNT 9

/* A here-document whose body has not come yet. */
struct here {
    struct bytes delimiter;
    struct shell_redirect *owner; /* NULL until the command's redirects have their place */
    struct shell_word body;
    uint32_t number; /* of the pipeline it belongs to */
    size_t command;
    bool strips_tabs;
    bool is_literal; /* its delimiter was quoted: nothing expands */
};

/* A finished pipeline that waits for its here-documents. */
struct waiting {
    struct shell_pipeline *pipeline;
    uint64_t size;
    struct waiting *next;
};

/* Bytes in order: a stream by blocks, or a text in memory. */
struct shell_input {
    struct stream *stream; /* NULL: `block` is all there is */
    struct bytes block;
    size_t at;
    size_t captured; /* of the block, in `source` */
    size_t counted;  /* of the block, in `line` */
    uint64_t offset; /* of the block in the evidence */
    uint64_t line;
    bool is_expanded; /* the outer shell ran its substitutions: they are known already */
    bool is_opaque; /* text that was rewritten: all of it stands at offset, holder_size long */
    uint32_t holder_size;
    struct here *heres[SHELL_HERES_MAX];
    size_t here_count;
    struct waiting *waiting_first;
    struct waiting *waiting_last;
};

/* Where a pipeline about to be read stands. */
struct scope {
    uint32_t parent;
    uint32_t parent_command;
    enum shell_relation relation;
    uint32_t depth;
    uint32_t loops;
    uint16_t open[CLOSER_COUNT]; /* who waits for which closer */
};

/* A pipeline being read. */
struct frame {
    struct shell_pipeline pipeline;
    struct frame *outer;
    size_t source_start;
    size_t source_limit;
    size_t command_base;
};

struct open_redirect {
    struct shell_redirect redirect;
    struct here *here;
};

struct shell_parser {
    struct parse *parse;
    enum status status;
    struct shell_input *input;
    struct scope scope;
    struct frame *frame;
    enum closer closer; /* that ended the innermost list and nobody has taken yet */
    uint32_t numbers;   /* of pipelines */
    uint32_t nesting;
    uint32_t arithmetic; /* how many "((" are open */
    uint32_t muted;      /* what is read is known already: not given */
    bool passed_over;    /* a part that is no text was left out */
    bool left_out;       /* something was larger, or deeper, than is kept */
    bool word_is_cut;    /* the word being read, or one within it */
    uint64_t token_end;  /* offset after the last word or sign */
    uint64_t given;
    const struct record *carrier; /* of logged commands and history, else NULL */
    struct moment at;

    uint8_t *region;
    size_t region_used;
    uint8_t *scratch; /* words being read, one upon the other */
    size_t scratch_used;
    size_t word_start;
    uint8_t *source; /* what was read since the open pipelines began */
    size_t source_used;
    struct shell_word *words;
    size_t word_count;
    size_t word_base; /* of the command being read */
    size_t words_dropped;
    struct shell_command *commands;
    size_t command_count;
    struct open_redirect *redirects;
    size_t redirect_count;

    uint8_t *block; /* of the stream's input */
    uint8_t *run;   /* whole lines for the model */
    size_t run_size;
    uint64_t run_offset;
    uint64_t run_line;
    uint64_t run_next_line;
};
