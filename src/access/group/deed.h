/* Deeds: what people and groups hand each other in files, signed by who says it.
 *
 * A deed is a signed note.  Its first line names its kind; every further line is
 * "name: value", in the order and number its kind's table gives (access/group/deed_kind.h).
 * The line `key` names the key that must have signed it; whether that key is anybody the
 * reader trusts is for the reader to say.
 *
 * Input:  untrusted.  Any bytes yield a deed or a status with its reason.
 * Output: values borrow from `input`.
 * Limits: NOTE_SIZE_MAX bytes, DEED_LINES_MAX lines; one signature, but for a group's card,
 *         which others may have signed behind the group.
 * Fuzzed: fuzz/deed.c.   Format: docs/formats/deed.md. */
#pragma once

#include "access/group/deed_kind.h"
#include "access/identity.h"
#include "access/note.h"
#include "base/arena.h"
#include "base/moment.h"
#include "codec/sha256.h"

#define DEED_LINES_MAX 512

struct deed_line {
    const struct deed_field *field;
    struct bytes value;
};

struct deed {
    enum deed_kind kind;
    struct note_key key; /* who says it */
    struct moment made;
    struct sha256 hash;                     /* of all its bytes: what others call it by */
    struct note note;                       /* the same with its signatures */
    struct deed_line lines[DEED_LINES_MAX]; /* all but the first */
    size_t line_count;
};

struct deed_fault {
    const char *what;  /* static text of ours */
    const char *field; /* which the words are about, or NULL */
    uint64_t line;     /* from 1; 0 where it is no line's */
};

/* STATUS_UNSUPPORTED for a deed of another kind, or of none we know; STATUS_CONFLICT where it
 * is not signed by the key it names; STATUS_LIMIT and STATUS_MALFORMED for the rest. */
enum status deed_read(struct bytes input, enum deed_kind kind, struct deed *out,
                      struct deed_fault *fault) MUST_USE;
/* Which kind its first line says it is, before anything is checked. */
enum status deed_find_kind(struct bytes input, enum deed_kind *out) MUST_USE;
/* What a mail program or another system did to a deed on its way, as a static text; NULL where
 * nothing of the kind is seen, or it is no deed.  No deed that can be read is one of these. */
const char *deed_find_change(struct bytes input);
/* "line 4, officer: is no word ..." */
void deed_add_fault(const struct deed_fault *fault, struct text *out);

/* The value of the first line of that name; empty where there is none. */
struct bytes deed_value(const struct deed *deed, const char *name);
/* The next line of that name from `*index` on, which then is behind it; NULL after the last. */
const struct deed_line *deed_next(const struct deed *deed, const char *name, size_t *index);
/* The number on that line. */
enum status deed_number(const struct deed *deed, const char *name, uint64_t *out) MUST_USE;
/* What all lines of that name hold together in base64, in `arena`; STATUS_MALFORMED where it is
 * cut up in another way than deed_add_bytes does. */
enum status deed_bytes(const struct deed *deed, const char *name, struct arena *arena,
                       struct bytes *out) MUST_USE;

/* A deed being written.  Owner: whoever called deed_begin; deed_done frees it. */
struct deed_draft {
    enum deed_kind kind;
    const struct identity *identity; /* signs it */
    struct text text;
    struct deed_fault fault;
};

struct deed_draft deed_begin(enum deed_kind kind, const struct identity *identity,
                             struct moment made);
void deed_done(struct deed_draft *draft);
/* One more line; lines are added in the order of the kind's table.  A value that is wrong
 * spoils the draft, and deed_finish says so. */
void deed_add(struct deed_draft *draft, const char *name, struct bytes value);
void deed_add_number(struct deed_draft *draft, const char *name, uint64_t number);
void deed_add_hash(struct deed_draft *draft, const char *name, const struct sha256 *hash);
/* As many lines as they take, DEED_CHUNK_SIZE bytes each. */
void deed_add_bytes(struct deed_draft *draft, const char *name, struct bytes bytes);
/* Signs it into `out`, which is empty, and reads it again: what comes out is a deed. */
enum status deed_finish(struct deed_draft *draft, struct text *out,
                        struct deed_fault *fault) MUST_USE;
