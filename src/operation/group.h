/* What the commands of a group share: deeds from files and into files, and its refusals.
 *
 * Each call that fails has said why in the answer. */
#pragma once

#include "access/group/deed.h"
#include "access/group/roll.h"
#include "codec/json.h"
#include "operation/operation.h"

/* A file of the caller's, copied; `what` names it in a complaint: "the enrolment". */
enum status group_take_file(const struct call *call, struct answer *answer, const char *path,
                            const char *what, struct arena *arena, struct bytes *out) MUST_USE;
/* Its bytes as a deed; `path` names it in a complaint. */
enum status group_read_deed(struct answer *answer, const char *path, const char *what,
                            enum deed_kind kind, struct bytes file, struct deed *out) MUST_USE;
enum status group_take_deed(const struct call *call, struct answer *answer, const char *path,
                            const char *what, enum deed_kind kind, struct arena *arena,
                            struct deed *out) MUST_USE;
/* The card of a group, read from --group: the one this home keeps, or of a group it does not
 * know, or a changed one that two officers of it signed.  It is not kept yet. */
enum status group_take_card(const struct call *call, const struct access_grant *grant,
                            struct answer *answer, struct arena *arena,
                            struct group_card *out) MUST_USE;
/* STATUS_DENIED, recorded, where this home keeps another card of that group that officers would
 * have to have changed. */
enum status group_check_card(const struct call *call, const struct access_grant *grant,
                             struct answer *answer, const struct group_card *card) MUST_USE;
/* The roll of the group that was founded in this home. */
enum status group_take_roll(const struct call *call, const struct access_grant *grant,
                            struct answer *answer, struct arena *arena,
                            struct roll *out) MUST_USE;

/* By this machine's clock. */
struct moment group_now(void);
/* True where it was made at most `age_s` ago, and not in a time to come. */
bool group_is_recent(const struct deed *deed, uint64_t age_s);
/* What others seal to, as a line of the draft; the key is made where there is none yet. */
enum status group_add_recipient(const struct call *call, struct answer *answer,
                                struct deed_draft *draft) MUST_USE;
/* Signs the draft into `out`. */
enum status group_sign(struct answer *answer, struct deed_draft *draft,
                       struct text *out) MUST_USE;
/* --out is given, its folder can be written to and its name is free: asked before anything is
 * done. */
enum status group_check_out(const struct call *call, struct answer *answer) MUST_USE;
/* Recorded first, then written whole under the name after --out. */
enum status group_give(const struct call *call, const struct access_grant *grant,
                       struct answer *answer, struct bytes file) MUST_USE;
/* The same of what is recorded already. */
enum status group_write(const struct call *call, struct answer *answer,
                        struct bytes file) MUST_USE;
/* group_give of what was made by a group's card, which is recorded before and kept after. */
enum status group_give_by_card(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, const struct group_card *card,
                               struct bytes file) MUST_USE;
/* The hash of a card that is not kept yet, in the log. */
enum status group_record_card(const struct call *call, const struct access_grant *grant,
                              struct answer *answer, const struct group_card *card) MUST_USE;
enum status group_keep_card(const struct call *call, struct answer *answer,
                            const struct group_card *card) MUST_USE;
/* What --out names, and its SHA-256, as members of an object. */
void group_add_file_json(const struct call *call, struct bytes file, struct jsonout *json);
/* STATUS_DENIED, recorded, by a rule of the group's; the words say whom or what it is about. */
enum status group_refuse(const struct call *call, const struct access_grant *grant,
                         struct answer *answer, enum group_rule rule, const char *format, ...)
    PRINTF_LIKE(5, 6);
/* "name+hash+key", as a member of an object. */
void group_add_key_json(struct jsonout *json, const char *name, const struct note_key *key);
/* Who watches its log, and how many must have cosigned, as members of an object. */
void group_add_witnesses_json(const struct group_card *card, struct jsonout *json);
/* What was written and its SHA-256, for a person. */
void group_add_file(const struct call *call, struct bytes file, struct text *out);
/* A hash as a member of an object, in hexadecimal. */
void group_add_hex_json(struct jsonout *json, const char *name, const struct sha256 *hash);
