/* The sealing key of this home, for the operations that seal, split and join.
 *
 * Each call that fails has said why in the answer, but where it says otherwise. */
#pragma once

#include "access/seal/channel.h"
#include "access/seal/sealing_key.h"
#include "codec/json.h"
#include "operation/operation.h"

/* STATUS_NOT_FOUND, and nothing in the answer, where there is none yet. */
enum status sealing_find_key(const struct call *call, struct answer *answer,
                             struct sealing_key *out) MUST_USE;
/* The file of it, opened for a process that keeps it: STATUS_NOT_FOUND with its reason where
 * there is none. */
enum status sealing_open_key(const struct call *call, struct answer *answer, int *out) MUST_USE;
/* A new one, kept. */
enum status sealing_make_key(const struct call *call, struct answer *answer,
                             struct sealing_key *out) MUST_USE;
/* STATUS_CONFLICT where one is there already. */
enum status sealing_keep_key(const struct call *call, struct answer *answer,
                             const struct sealing_key *key) MUST_USE;
/* In the log, before anything comes out. */
enum status sealing_record(const struct call *call, const struct access_grant *grant,
                           const struct sha256 *object, struct answer *answer) MUST_USE;

/* What is read for sealing or joining: a file, or standard input for "-". */
struct sealing_input {
    int fd;
    const struct stop *stop;
};
enum status sealing_open_input(const struct call *call, struct answer *answer, const char *path,
                               struct sealing_input *out) MUST_USE;
void sealing_input_done(struct sealing_input *input);
/* Gives STATUS_CONFLICT where the person wants it to end. */
struct seal_source sealing_source(struct sealing_input *input);

void sealing_add_recipient_json(const struct recipient *recipient, struct jsonout *json);
enum status sealing_finish_json(struct jsonout *json, struct text *text) MUST_USE;
