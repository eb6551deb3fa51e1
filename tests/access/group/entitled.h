/* Grants narrowed and revoked in the homes of homes.h. */
#pragma once

#include "access/group/issuing.h"

/* What the holder leaves the agent: the first right, twice, for ten minutes. */
static inline struct text entitled_narrow(struct entitled *entitled)
{
    struct grant_file file;
    struct deed_fault fault = {0};
    AUTO(text_done) struct text token = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    struct grant_delegation delegation = {
        .name = bytes_of_text("night watch"),
        .key = entitled->granted.agent.key,
        .expires_s = entitled->now_s + 600,
        .calls_max = 2,
        .right = entitled->granted.terms.rights[0],
    };
    struct datalog_block block;
    assert_ok(
        grant_file_read(text_bytes(&entitled->file), entitled->granted.arena, &file, &fault));
    assert_ok(grant_delegation_block(&delegation, entitled->granted.arena, &block));
    text_add_raw(&token, file.token);
    granted_sign(&entitled->granted, &token, &entitled->granted.holder, &block);
    file.token = text_bytes(&token);
    return entitled_file(entitled, &entitled->holder, &file);
}

/* Into the caller's memory, because a session knows its own places. */
static inline void entitled_new(struct entitled *entitled)
{
    memset(entitled, 0, sizeof *entitled);
    entitled->granted = granted_new();
    entitled->now_s = (uint64_t)time(NULL);
    home_begin(&entitled->group, &entitled->granted.group);
    home_begin(&entitled->holder, &entitled->granted.holder);
    home_begin(&entitled->agent, &entitled->granted.agent);
    entitled->granted.terms.holder = entitled->granted.holder.key;
    entitled->granted.terms.expires_s = entitled->now_s + ENTITLED_LIFE_S;
    entitled_find_witnesses(entitled);
    entitled->card = entitled_card(entitled);
    entitled_keep_card(entitled, &entitled->holder);
    entitled_keep_card(entitled, &entitled->agent);
    entitled->token = granted_whole(&entitled->granted);
    entitled->file = entitled_issue(entitled, &entitled->token);
}

static inline void entitled_done(struct entitled *entitled)
{
    text_done(&entitled->card);
    text_done(&entitled->token);
    text_done(&entitled->file);
    home_end(&entitled->group);
    home_end(&entitled->holder);
    home_end(&entitled->agent);
    entitled_drop_witnesses(entitled);
    granted_done(&entitled->granted);
}

static inline struct note_key entitled_group_key(const struct entitled *entitled)
{
    struct note_key group = {.algorithm = NOTE_ED25519};
    memcpy(group.key, entitled->granted.group.key.bytes, sizeof group.key);
    return group;
}

/* Kept under an id that need not be its own. */
static inline void entitled_keep_as(struct entitled *entitled, struct home *home,
                                    struct bytes id, const struct text *file)
{
    const struct note_key group = entitled_group_key(entitled);
    assert_ok(accepted_keep_grant(home->session.home, &group, id, text_bytes(file)));
}

static inline void entitled_keep(struct entitled *entitled, struct home *home,
                                 const struct text *file)
{
    entitled_keep_as(entitled, home, entitled->granted.terms.id, file);
}

static inline struct entitlement_wish entitled_wish(const struct entitled *entitled)
{
    return (struct entitlement_wish){
        .operation = ENTITLEMENT_PACK,
        .pack = entitled->granted.terms.rights[0].what,
        .now_s = entitled->now_s,
        .rules = text_bytes(&entitled->granted.source),
    };
}

/* The group revokes the first block. */
static inline struct text entitled_revoke(struct entitled *entitled, struct home *by,
                                          const struct sha256 *block, uint64_t number)
{
    struct revocation_list list = {.number = number};
    struct text out = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    assert_ok(revocation_list_add(&list, block, entitled->now_s + ENTITLED_LIFE_S));
    assert_ok(revocation_list_write(&by->session.identity,
                                    moment_of_unix((int64_t)entitled->now_s, 0), &list, &out,
                                    &fault));
    return out;
}
