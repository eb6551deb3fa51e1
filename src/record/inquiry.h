/* What the parent asks of conclude, and what comes back beside the finished bytes.
 *
 * The question is the body of a request, its files in the order of enum inquiry_file; the
 * answer is the body of the reply, and the bytes for a person or program are in the output
 * file.  Where conclude cannot answer, its reply's status says so and `problem` says why.
 * Input:  both are read by cursor; the answer comes from a process that read hostile bytes.
 * Output: bytes borrow from the message.   Fuzzed: fuzz/inquiry.c. */
#pragma once

#include "record/reply.h"
#include "record/restricted.h"
#include "record/statement.h"

#define INQUIRY_PROBLEM_SIZE_MAX 512
#define INQUIRY_EXCERPT_SIZE_MAX 4096

enum inquiry_kind {
    INQUIRY_CONCLUDE, /* input: a dossier; output: its report */
    INQUIRY_RENDER,   /* input: a saved report; output: the report again */
    INQUIRY_RESPOND,  /* input: a saved report; output: its plan */
    INQUIRY_LOCATE,   /* input: a saved report; the answer says where a citation of it lies */
    INQUIRY_ASK,      /* input: a saved report; output: the reply to a question about it */
    INQUIRY_EXPLAIN,  /* input: what examine read in a pasted text; output: what it means */
    INQUIRY_WATCH,    /* input: what is shown of a vigil; output: what is said of it */
};
#define INQUIRY_KIND_COUNT 7

enum inquiry_file {
    INQUIRY_FILE_OUTPUT, /* an empty memory file to write into */
    INQUIRY_FILE_INPUT,
    INQUIRY_FILE_CONTENT, /* what compile made of content/ */
    INQUIRY_FILE_SITE,    /* site.yaml as it is; only where has_site */
};

struct inquiry {
    enum inquiry_kind kind;
    bool has_site;
    bool has_pack;
    struct analysis_options options;
    struct restricted pack; /* to conclude, where has_pack: what examine was lent */
    struct bytes citation;  /* only to locate */
    struct bytes question;  /* to ask, at most QUESTION_SIZE_MAX; to explain, the text itself */
};

struct inquiry_answer {
    enum verdict verdict;
    enum severity worst; /* of all findings and incidents; SEVERITY_INFO where there is none */
    uint32_t examined_count; /* of evidence: where at least a part was examined */
    uint32_t finding_count;
    uint32_t incident_count;
    bool is_located; /* `sha256` and `size` are those of the outermost evidence */
    uint8_t sha256[32];
    uint64_t size;
    struct bytes path;     /* of the outermost evidence, encoded as in citations */
    struct bytes citation; /* the place, as one word */
    struct bytes excerpt;  /* what the report kept of it, as in the evidence */
    struct bytes problem;  /* in words of conclude's; empty where there is none */
};

void inquiry_write(struct text *out, const struct inquiry *inquiry);
enum status inquiry_read(struct bytes message, struct inquiry *out) MUST_USE;
void inquiry_answer_write(struct text *out, const struct inquiry_answer *answer);
enum status inquiry_answer_read(struct bytes message, struct inquiry_answer *out) MUST_USE;
