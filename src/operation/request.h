/* What a caller asks for: an operation, its options and operands, checked and typed.
 *
 * Input:  words of the caller's own (a command line; later a request over HTTP); all text is
 *         borrowed from them.
 * Limits: REQUEST_EVIDENCE_MAX folders to look for evidence in, REQUEST_RECIPIENTS_MAX to seal
 *         to, REQUEST_OFFICERS_MAX officers of a group, REQUEST_CONTACTS_MAX ways to reach
 *         somebody, REQUEST_WITNESSES_MAX witnesses of a log, REQUEST_ASSETS_MAX assets. */
#pragma once

#include "record/options.h"

#define REQUEST_EVIDENCE_MAX 64
#define REQUEST_RECIPIENTS_MAX 64
#define REQUEST_JOBS_MAX 64
#define REQUEST_SPEED_MAX 1000000
#define REQUEST_OFFICERS_MAX 32
#define REQUEST_CONTACTS_MAX 4
#define REQUEST_ASSETS_MAX 16
#define REQUEST_WITNESSES_MAX 16
#define REQUEST_HOURS_MAX 8760
#define REQUEST_MINUTES_MAX 10080
#define REQUEST_CALLS_MAX 1000000

enum colour_choice {
    COLOUR_AUTO, /* on a terminal, unless NO_COLOR is set */
    COLOUR_ALWAYS,
    COLOUR_NEVER,
};

struct operation;

struct request {
    const struct operation *operation;
    struct analysis_options analysis;
    enum severity fail_on;
    enum colour_choice colour;
    const char *output; /* NULL: standard output */
    const char *site;   /* NULL: none */
    const char *to;
    const char *key; /* NULL: the owner's own */
    const char *evidence[REQUEST_EVIDENCE_MAX];
    size_t evidence_count;
    const char *recipients[REQUEST_RECIPIENTS_MAX];
    size_t recipient_count;
    const char *out; /* NULL: none */
    const char *in;
    const char *checkpoint;                       /* the file of one; NULL: none */
    const char *witnesses[REQUEST_WITNESSES_MAX]; /* their keys */
    size_t witness_count;
    uint64_t quorum; /* how many of them must cosign; 0: not said */
    bool has_old;
    uint64_t old;      /* how many entries a witness knows */
    const char *proof; /* the file of one; NULL: none */
    const char *facts;
    const char *group; /* a group's name, or the file of its card */
    const char *name;
    const char *organisation;
    const char *subject;
    const char *officers[REQUEST_OFFICERS_MAX]; /* "ROLE=FILE" */
    size_t officer_count;
    const char *pack; /* the name of a restricted rule pack; NULL: none */
    const char *reason;
    const char *agent; /* the file of its card */
    uint64_t hours;    /* 0: not said, as of the two below */
    uint64_t minutes;
    uint64_t calls;
    const char *evidence_owner;             /* NULL: not said */
    const char *assets[REQUEST_ASSETS_MAX]; /* "KIND=NAME" */
    size_t asset_count;
    const char *contacts[REQUEST_CONTACTS_MAX];
    size_t contact_count;
    bool is_armoured;
    unsigned jobs; /* 0: as many as there are processors */
    bool is_critical;
    bool wants_help;
    bool wants_operations;
    bool is_fast;
    bool is_replay;
    bool wants_rebuild;
    bool revokes_all;
    bool has_speed;
    uint32_t speed; /* of a replay, so many times the evidence's own; 0: as fast as it goes */
    const char *const *operands;
    size_t operand_count;
};
