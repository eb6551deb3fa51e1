/* A world for attempts to get more than was granted: a group with its officers, a rival group
 * of the same name, a member, the member's agent, a stranger, and the group's log in memory.
 *
 * All of it follows from a seed: keys, names, times and choices are drawn from one stream.
 * Owner: whoever called realm_begin; realm_end removes what little lies in files. */
#pragma once

#include "access/group/entitlement.h"
#include "access/group/group_card.h"

#define REALM_OFFICERS 5
#define REALM_RIVALS 2
#define REALM_WITNESSES 3
#define REALM_QUORUM 2
#define REALM_PATH_MAX 128
#define REALM_NAMES 4

struct party {
    struct identity identity;
    struct grant_secret secret;
    struct grant_key key;
};

/* Somebody with a home: what accepts and presents a grant. */
struct seat {
    struct party party;
    char path[REALM_PATH_MAX];
    struct access_session session;
};

struct realm {
    struct arena *lasting;
    struct arena *arena; /* of one attempt */
    struct bytes rules;
    uint64_t now_s;
    uint64_t issued_s;
    struct party group;
    struct party rival;
    struct party officers[REALM_OFFICERS];
    const char *roles[REALM_OFFICERS];
    struct party rivals[REALM_RIVALS];
    struct party witnesses[REALM_WITNESSES]; /* of the log of the group */
    struct party stranger;
    struct seat holder;
    struct seat agent;
    struct seat thief;
    struct grant_terms terms;
    struct grant_delegation delegation; /* what the holder leaves the agent */
    struct bytes card;
};

/* Ends the program where what must go well did not: then nothing was shown. */
void must(enum status status, const char *what);
/* Everything random comes from this from now on. */
void realm_seed(uint64_t seed, uint64_t world);
uint64_t realm_draw(uint64_t below);

void realm_begin(struct realm *realm, struct bytes rules, const char *folder);
/* Forgets what an attempt made, and what it left in homes. */
void realm_reset(struct realm *realm);
void realm_end(struct realm *realm);

/* Text in the attempt's memory. */
char *realm_format(struct realm *realm, const char *format, ...) PRINTF_LIKE(2, 3);
struct bytes realm_copy(struct realm *realm, const struct text *text);
/* "name+hash+key" */
struct bytes realm_line(struct realm *realm, const struct party *party);
struct moment realm_moment(uint64_t seconds);

/* A card of that group with the officers that `chosen` has a bit for, and `more` as one. */
struct bytes realm_card(struct realm *realm, const struct party *group, uint64_t made_s,
                        unsigned chosen, const struct party *more);
/* A card of the group with all its officers that names those rules, or none where that is NULL.
 */
struct bytes realm_card_of_rules(struct realm *realm, const struct sha256 *rules);
/* One that names no witnesses. */
struct bytes realm_card_unwatched(struct realm *realm);
void realm_keep_card(struct seat *seat, struct bytes card);
/* An entry of the home's own log: that a pack was opened by the grant of that file. */
void realm_record(struct seat *seat, struct bytes file);
