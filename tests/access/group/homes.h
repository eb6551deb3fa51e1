/* Homes of a group, of a member to whom it grants something, and of the member's agent. */
#pragma once

#include "access/grant/granted.h"
#include "access/group/accepted.h"
#include "access/group/entitlement.h"
#include "access/group/group_card.h"
#include "access/scratch.h"
#include "access/witness.h"

#include <time.h>

#define ENTITLED_LIFE_S 3600
#define ENTITLED_WITNESSES 3
#define ENTITLED_QUORUM 2

struct home {
    struct scratch scratch;
    struct access_session session;
};

struct entitled {
    struct home group;
    struct home holder;
    struct home agent;
    struct granted granted; /* whose keys are those of the homes */
    uint64_t now_s;
    struct text card;
    struct text token;
    struct text file; /* the grant, as the group issued it */
    struct identity witnesses[ENTITLED_WITNESSES];
    bool is_unwatched; /* its card names no witnesses */
};

static inline void home_begin(struct home *home, struct party *party)
{
    home->scratch = scratch_new();
    session_open(home->scratch.home, &home->session);
    assert_true(home->session.has_audit);
    const struct bytes seed = {home->session.identity.secret, GRANT_SECRET_SIZE};
    assert_ok(grant_secret_of(GRANT_ED25519, seed, &party->secret));
    assert_ok(grant_secret_key(&party->secret, &party->key));
}

static inline void home_end(struct home *home)
{
    session_done(&home->session);
    scratch_done(&home->scratch);
}

/* A note's key of a party's own: "name+hash+key". */
static inline void entitled_add_officer(struct deed_draft *draft, const char *role,
                                        const struct party *party)
{
    AUTO(text_done) struct text line = text_of_limit(1024);
    struct note_key key = {.name = (struct bytes)BYTES_LITERAL("officer.example"),
                           .algorithm = NOTE_ED25519};
    memcpy(key.key, party->key.bytes, sizeof key.key);
    AUTO(text_done) struct text hashed = text_of_limit(256);
    text_add(&hashed, "officer.example\n\x01");
    text_add_raw(&hashed, (struct bytes){key.key, sizeof key.key});
    struct sha256 hash = sha256_of(text_bytes(&hashed));
    memcpy(key.hash, hash.bytes, sizeof key.hash);
    text_addf(&line, "%s ", role);
    note_key_add(&key, &line);
    text_add(&line, " An Officer");
    deed_add(draft, "officer", text_bytes(&line));
}

static inline void entitled_find_witnesses(struct entitled *entitled)
{
    for (size_t i = 0; i < ENTITLED_WITNESSES; i++) {
        assert_ok(identity_new(&entitled->witnesses[i]));
    }
}

static inline void entitled_drop_witnesses(struct entitled *entitled)
{
    for (size_t i = 0; i < ENTITLED_WITNESSES; i++) {
        identity_done(&entitled->witnesses[i]);
    }
}

static inline struct text entitled_card(struct entitled *entitled)
{
    struct text card = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    AUTO(deed_done)
    struct deed_draft draft = deed_begin(DEED_GROUP, &entitled->group.session.identity,
                                         moment_of_unix((int64_t)entitled->now_s, 0));
    deed_add(&draft, "name", entitled->granted.terms.group);
    deed_add_hash(&draft, "policy", &entitled->granted.rules.hash);
    deed_add_hash(&draft, "rules", &entitled->granted.rules.hash);
    for (size_t i = 0; i < GRANTED_OFFICERS; i++) {
        AUTO(text_done) struct text role = text_of_limit(64);
        text_add_raw(&role, entitled->granted.named[i].role);
        entitled_add_officer(&draft, text_terminated(&role), &entitled->granted.officers[i]);
    }
    for (size_t i = 0; i < ENTITLED_WITNESSES && !entitled->is_unwatched; i++) {
        char name[IDENTITY_NAME_MAX];
        AUTO(text_done) struct text line = text_of_limit(256);
        const struct note_key key = witness_key(&entitled->witnesses[i], name);
        note_key_add(&key, &line);
        deed_add(&draft, "witness", text_bytes(&line));
    }
    if (!entitled->is_unwatched) {
        deed_add_number(&draft, "quorum", ENTITLED_QUORUM);
    }
    assert_ok(deed_finish(&draft, &card, &fault));
    return card;
}

static inline void entitled_keep_card(struct entitled *entitled, struct home *home)
{
    struct group_card card;
    struct deed_fault fault = {0};
    assert_ok(group_card_read(text_bytes(&entitled->card), &card, &fault));
    assert_ok(group_card_keep(home->session.home, text_bytes(&entitled->card), &card));
}
