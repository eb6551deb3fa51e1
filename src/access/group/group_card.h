/* A group's card: who the group is, who its officers are, and which policy and rules it goes
 * by.  It may name witnesses of the group's log, and how many must have cosigned.
 *
 * The group's key signs the card, the group's grants and its audit log, whose origin is the
 * key's name.
 *
 * Input:  untrusted.  What was read is a deed of the key it names, with officers of at least
 *         two roles, none of them twice and none of them the group itself, and a quorum of most
 *         of its witnesses; that the key is the group's, whoever handed the card over has said.
 * Output: texts borrow from the file.
 * Format: docs/formats/deed.md. */
#pragma once

#include "access/group/deed.h"
#include "access/group/rule.h"

#define GROUP_OFFICERS_MAX 32
#define GROUP_WITNESSES_MAX 16
#define GROUP_QUORUM_LEAST 2

struct group_officer {
    struct bytes role;
    struct note_key key;
    struct bytes name;
};

struct group_card {
    struct note_key key;
    struct bytes name;
    struct sha256 policy;
    bool has_rules;      /* cards of older versions name none */
    struct sha256 rules; /* by which its grants are judged */
    struct moment made;
    struct sha256 hash;
    struct group_officer officers[GROUP_OFFICERS_MAX];
    size_t officer_count;
    struct note_key witnesses[GROUP_WITNESSES_MAX]; /* of its log */
    size_t witness_count;
    uint64_t quorum;   /* how many of them must have cosigned; 0: it has no witnesses */
    struct bytes file; /* that all of it borrows from */
    struct note note;  /* the same, with what officers signed behind the group */
};

/* STATUS_CONFLICT also where the officers or witnesses are not what a group needs. */
enum status group_card_read(struct bytes file, struct group_card *out,
                            struct deed_fault *fault) MUST_USE;
/* True where the officers or witnesses break a rule, which one being in `*rule`. */
bool group_card_breaks(const struct group_card *card, enum group_rule *rule);
/* True where the card names the rules with that hash. */
bool group_card_goes_by(const struct group_card *card, const struct sha256 *rules);
/* True where both are of one group and name the same witnesses in the same order, and as many
 * of them. */
bool group_card_is_watched_like(const struct group_card *a, const struct group_card *b);
/* True where both are of one group with the same officers in the same roles. */
bool group_card_is_like(const struct group_card *a, const struct group_card *b);
/* True where the group signed the very same, whoever signed it behind the group. */
bool group_card_is_same(const struct group_card *a, const struct group_card *b);
/* True where the holder of that key signed it. */
bool group_card_has_signed(const struct group_card *card, const struct note_key *key);
/* True where two officers of different roles, whom the card before it names, signed it. */
bool group_card_is_endorsed(const struct group_card *card, const struct group_card *before);
/* Its file with the signature of that identity behind the others.  STATUS_LIMIT where there are
 * as many as a note may have. */
enum status group_card_sign(const struct group_card *card, const struct identity *identity,
                            struct text *out) MUST_USE;
/* Who they are is their keys, whatever these are called. */
bool group_key_equal(const struct note_key *a, const struct note_key *b);

/* In `home`, for what comes from the group later; it replaces an older one of the same group.
 * STATUS_CONFLICT where a later one is kept. */
enum status group_card_keep(int home, struct bytes file,
                            const struct group_card *card) MUST_USE;
/* What was kept before, `file`, is there again; empty: nothing was. */
enum status group_card_put_back(int home, const struct note_key *key,
                                struct bytes file) MUST_USE;
/* The card kept of the group with that key, its file in `file`; STATUS_NOT_FOUND where there is
 * none. */
enum status group_card_load(int home, const struct note_key *key, struct text *file,
                            struct group_card *out) MUST_USE;
/* The card of the one group this home knows, as a file: STATUS_NOT_FOUND where it knows none,
 * STATUS_CONFLICT where it knows several. */
enum status group_card_find_only(int home, struct text *file) MUST_USE;
