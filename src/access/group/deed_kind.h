/* The kinds of deed there are, their fields, and what a value may be: what reader and writer
 * both go by.
 *
 * Input:  values untrusted.
 * Limits: DEED_VALUE_MAX bytes in a value, and fewer where its row says so.
 * Format: docs/formats/deed.md. */
#pragma once

#include "base/bytes.h"

#define DEED_PARTS_MAX 3
#define DEED_VALUE_MAX 1024
#define DEED_NAME_MAX 120
#define DEED_WORD_MAX 64
#define DEED_REASON_MAX 240
#define DEED_ASSETS_MAX 16
#define DEED_CHUNK_SIZE \
    720 /* bytes of a longer whole to a line in base64; the last has less \
         */
#define DEED_CHUNKS_MAX 32
#define DEED_REVOKED_MAX 480
#define DEED_REVOKED_RULES_MAX 12

enum deed_kind {
    DEED_CARD,        /* who somebody is: key and recipient */
    DEED_GROUP,       /* who a group is, who its officers are, and its policy */
    DEED_ENROLMENT,   /* somebody asks to belong to a group */
    DEED_ADMISSION,   /* the group took an enrolment in, with the facts it checked */
    DEED_VOUCH,       /* a member knows who somebody is */
    DEED_REQUEST,     /* a member asks for something that is sealed */
    DEED_GRANT,       /* a grant, and the proof that its issuance is in the log */
    DEED_REVOCATIONS, /* which grants hold no longer */
};
#define DEED_KIND_COUNT 8

enum deed_shape {
    SHAPE_NONE, /* behind the last part of a value */
    SHAPE_TEXT, /* a person's words; may hold spaces, so it is a value's last part */
    SHAPE_NAME, /* the same, in one form to the eye: plain single spaces, no joining marks */
    SHAPE_WORD, /* lower-case letters, digits and ". _ -", a letter first */
    SHAPE_TIME, /* RFC 3339, whole seconds, UTC: "2026-03-03T02:10:00Z" */
    SHAPE_HASH, /* a SHA-256 in 64 lower-case hexadecimal digits */
    SHAPE_KEY,  /* an Ed25519 key of a signed note: "name+hash+key" */
    SHAPE_RECIPIENT, /* what is sealed to: "age1..." */
    SHAPE_NUMBER,    /* in decimal, below 2^63, without zeros before it */
    SHAPE_BASE64,    /* bytes in canonical base64 with padding */
    SHAPE_LABEL,     /* the name of a pack: bytes_are_label */
    SHAPE_WITNESS,   /* the key of cosignatures of a witness: "name+hash+key" */
};

/* A line "name: value"; the value's parts stand one space apart. */
struct deed_field {
    const char *name;
    enum deed_shape parts[DEED_PARTS_MAX];
    size_t count_min;
    size_t count_max;
    size_t size_max; /* of the value, in bytes */
};

/* "tocsin/card/1": a deed's first line. */
const char *deed_kind_line(enum deed_kind kind);
/* What is said where such a deed comes and another is wanted. */
const char *deed_kind_unwanted(enum deed_kind kind);
/* The fields of a kind in the order they stand in; NULL from the last on. */
const struct deed_field *deed_field_at(enum deed_kind kind, size_t index);
const struct deed_field *deed_field_find(enum deed_kind kind, struct bytes name);
/* What is wrong with a value, as a static text; NULL where nothing is. */
const char *deed_field_fault(const struct deed_field *field, struct bytes value);
/* The parts of a value that is right; those it lacks are empty. */
void deed_field_split(const struct deed_field *field, struct bytes value,
                      struct bytes out[DEED_PARTS_MAX]);
