#include "operation/shown_group.h"

#include <inttypes.h>

#include "access/eligibility.h"
#include "access/grant/source.h"
#include "access/group/accepted.h"
#include "operation/granting.h"
#include "operation/group.h"
#include "store/registry.h"

#define ONE_MEMORY_MAX (32U << 20)

/* One thing after the other, told to a person or to a program. */
struct showing {
    const struct access_session *session;
    struct arena *arena; /* of the roll */
    struct arena *one;   /* of one member; forgotten before the next */
    struct registry registry;
    struct text list;               /* its file, which it borrows from */
    struct revocation_list revoked; /* empty where the group revoked nothing yet */
    uint64_t now_s;
    struct text *text;
    struct jsonout *json; /* NULL: for a person */
    size_t shown;
    size_t left;
};

static void add_name(struct text *out, struct bytes name)
{
    text_add_quoted(out, name, DEED_NAME_MAX);
}

/* ---- officers ---- */

static void show_officers(struct showing *showing)
{
    const struct group_card *card = &showing->registry.roll.card;
    for (size_t i = 0; i < card->officer_count; i++) {
        const struct group_officer *officer = &card->officers[i];
        if (showing->json == NULL) {
            text_add(showing->text, "  officer  ");
            add_name(showing->text, officer->role);
            text_add(showing->text, "  ");
            add_name(showing->text, officer->name);
            text_add_byte(showing->text, '\n');
            continue;
        }
        jsonout_object_begin(showing->json);
        jsonout_member_string(showing->json, "role", officer->role);
        jsonout_member_string(showing->json, "name", officer->name);
        group_add_key_json(showing->json, "key", &officer->key);
        jsonout_object_end(showing->json);
    }
}

/* ---- members ---- */

/* By the group's own policy; NULL where it cannot be said. */
static const struct eligibility *find_tier(struct showing *showing,
                                           const struct roll_member *member)
{
    AUTO(text_done) struct text facts = text_of_limit(2 * SOURCE_SIZE_MAX);
    struct eligibility_fault fault;
    arena_reset(showing->one);
    struct eligibility *found = arena_take(showing->one, sizeof *found);
    struct bytes kept;
    roll_add_facts(&showing->registry.roll, member, &facts);
    return found != NULL && text_status(&facts) == STATUS_OK &&
                   arena_copy(showing->one, text_bytes(&facts), &kept) == STATUS_OK &&
                   eligibility_find(showing->registry.roll.policy, kept, showing->one, found,
                                    &fault) == STATUS_OK
               ? found
               : NULL;
}

static size_t count_vouches(const struct roll_member *member)
{
    size_t count = 0;
    for (const struct roll_vouch *vouch = member->vouches; vouch != NULL; vouch = vouch->next) {
        count++;
    }
    return count;
}

static void show_member(struct showing *showing, const struct roll_member *member)
{
    const struct eligibility *found = find_tier(showing, member);
    struct text *out = showing->text;
    if (showing->json != NULL) {
        jsonout_object_begin(showing->json);
        jsonout_member_string(showing->json, "name", member->name);
        jsonout_member_string(showing->json, "organisation", member->organisation);
        if (found != NULL) {
            jsonout_member_unsigned(showing->json, "tier", (uint64_t)found->tier);
            jsonout_member_string(showing->json, "tier_name", found->tier_name);
        }
        jsonout_member_unsigned(showing->json, "vouches", count_vouches(member));
        jsonout_object_end(showing->json);
        return;
    }
    text_add(out, "  member   ");
    add_name(out, member->name);
    text_add(out, "  of ");
    add_name(out, member->organisation);
    if (found != NULL) {
        text_addf(out, "  tier %" PRId64, found->tier);
        text_add(out, found->tier_name.size > 0 ? " " : "");
        add_name(out, found->tier_name);
    } else {
        text_add(out, "  tier not known");
    }
    text_addf(out, "  vouches: %zu\n", count_vouches(member));
}

static void show_members(struct showing *showing)
{
    showing->shown = 0;
    for (const struct roll_member *member = showing->registry.roll.members; member != NULL;
         member = member->next) {
        if (showing->shown < SHOWN_GROUP_MAX) {
            showing->shown++;
            show_member(showing, member);
        }
    }
    showing->left = showing->registry.roll.member_count - showing->shown;
}

/* ---- grants ---- */

static void show_grant_text(const struct registry_grant *grant, bool is_revoked,
                            struct text *out)
{
    text_add(out, "  grant    ");
    text_add_quoted(out, grant->id, GRANT_ID_DIGITS);
    text_add(out, "  ");
    add_name(out, grant->subject);
    for (uint32_t i = 0; i < grant->right_count; i++) {
        text_add(out, i == 0 ? "  " : ", ");
        text_add_quoted(out, grant->rights[i], GRANT_TEXT_MAX);
    }
    text_add(out, "  until ");
    granting_add_time(grant->expires_s, out);
    text_add(out, is_revoked ? "  revoked\n" : "\n");
}

static void show_grant_json(const struct registry_grant *grant, bool is_revoked,
                            struct jsonout *json)
{
    AUTO(text_done) struct text until = text_of_limit(64);
    granting_add_time(grant->expires_s, &until);
    jsonout_object_begin(json);
    jsonout_member_string(json, "grant", grant->id);
    jsonout_member_string(json, "subject", grant->subject);
    jsonout_key(json, "packs");
    jsonout_list_begin(json);
    for (uint32_t i = 0; i < grant->right_count; i++) {
        jsonout_string(json, grant->rights[i]);
    }
    jsonout_list_end(json);
    jsonout_member_string(json, "until", text_bytes(&until));
    jsonout_member_boolean(json, "revoked", is_revoked);
    jsonout_object_end(json);
}

static void show_grant(struct showing *showing, const struct registry_grant *grant)
{
    if (grant->is_draft || grant->expires_s <= showing->now_s) {
        return;
    }
    if (showing->shown == SHOWN_GROUP_MAX) {
        showing->left++;
        return;
    }
    showing->shown++;
    /* Which officers approved it, the registry does not say: by a key of theirs it is not
     * found here, but where it is used. */
    struct revocation_target target = {.blocks = &grant->block,
                                       .block_count = 1,
                                       .organisation = grant->organisation,
                                       .issued_s = grant->time_s,
                                       .key_count = 2};
    memcpy(target.keys[0], grant->holder, sizeof target.keys[0]);
    memcpy(target.keys[1], showing->registry.roll.card.key.key, sizeof target.keys[1]);
    bool is_revoked = revocation_list_covers(&showing->revoked, &target, true);
    if (showing->json == NULL) {
        show_grant_text(grant, is_revoked, showing->text);
    } else {
        show_grant_json(grant, is_revoked, showing->json);
    }
}

/* What is missing is said where it stands: the rest is shown all the same. */
static const char *show_grants(struct showing *showing)
{
    const struct issued_unread *unread = &showing->registry.unread;
    showing->shown = 0;
    showing->left = 0;
    for (const struct registry_grant *grant = showing->registry.grants; grant != NULL;
         grant = grant->next) {
        show_grant(showing, grant);
    }
    return unread->erased_count + unread->damaged_count == 0
               ? NULL
               : "papers of grants are gone or damaged: what they say is not listed";
}

/* ---- the whole ---- */

/* `*problem` says why a group's log or papers cannot be used; STATUS_NOT_FOUND: no group. */
static enum status open_showing(const struct access_session *session, struct arena *arena,
                                struct showing **out, const char **problem)
{
    struct fault fault = {NULL, 0};
    struct showing *showing = arena_take(arena, sizeof *showing);
    if (showing == NULL) {
        return STATUS_NO_MEMORY;
    }
    *showing = (struct showing){.session = session,
                                .arena = arena,
                                .list = text_of_limit(NOTE_SIZE_MAX),
                                .now_s = granting_now()};
    enum status status = registry_take(session, false, arena, &showing->registry, &fault);
    if (status == STATUS_NOT_FOUND || status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK) {
        *problem =
            status != STATUS_DENIED ? fault.what
            : showing->registry.state == REGISTRY_AHEAD
                ? "its registry is of a longer log, or of another one, than is here: see "
                  "'tocsin access registry'"
                : "its registry was changed by somebody: see 'tocsin access registry'";
        return STATUS_OK;
    }
    if (accepted_find_list(session->home, &showing->registry.roll.card.key, &showing->list,
                           &showing->revoked) != STATUS_OK) {
        showing->revoked = (struct revocation_list){0};
    }
    *out = showing;
    return STATUS_OK;
}

static void add_left(struct text *out, size_t left, const char *what)
{
    if (left > 0) {
        text_addf(out, "  and %zu more %s\n", left, what);
    }
}

static void show_text(struct showing *showing, struct text *out)
{
    showing->text = out;
    text_add(out, "\nThe group of this home: ");
    add_name(out, showing->registry.roll.card.name);
    text_add_byte(out, '\n');
    show_officers(showing);
    show_members(showing);
    add_left(out, showing->left, "members");
    const char *problem = show_grants(showing);
    add_left(out, showing->left, "grants that have not ended");
    if (problem != NULL) {
        text_addf(out, "  grants are not known: %s\n", problem);
    }
}

static void show_json(struct showing *showing, struct jsonout *out)
{
    showing->json = out;
    jsonout_member_string(out, "name", showing->registry.roll.card.name);
    group_add_key_json(out, "key", &showing->registry.roll.card.key);
    jsonout_key(out, "officers");
    jsonout_list_begin(out);
    show_officers(showing);
    jsonout_list_end(out);
    jsonout_key(out, "members");
    jsonout_list_begin(out);
    show_members(showing);
    jsonout_list_end(out);
    jsonout_member_unsigned(out, "members_left_out", showing->left);
    jsonout_key(out, "issued");
    jsonout_list_begin(out);
    const char *problem = show_grants(showing);
    jsonout_list_end(out);
    jsonout_member_unsigned(out, "issued_left_out", showing->left);
    if (problem != NULL) {
        jsonout_member_text(out, "problem", problem);
    }
}

static enum status show(const struct access_session *session, struct text *text,
                        struct jsonout *json)
{
    AUTO(arena_done) struct arena *arena = arena_new(ROLL_MEMORY_MAX);
    AUTO(arena_done) struct arena *one = arena_new(ONE_MEMORY_MAX);
    struct showing *showing = NULL;
    const char *problem = NULL;
    if (session->home < 0 || !session->has_identity) {
        return STATUS_OK;
    }
    if (arena == NULL || one == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = open_showing(session, arena, &showing, &problem);
    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    if (json != NULL) {
        jsonout_key(json, "group");
        jsonout_object_begin(json);
    }
    if (showing == NULL && json != NULL) {
        jsonout_member_text(json, "problem", problem);
    } else if (showing == NULL) {
        text_addf(text, "\nWho belongs to the group of this home is not known: %s\n", problem);
    } else {
        showing->one = one;
        if (json != NULL) {
            show_json(showing, json);
        } else {
            show_text(showing, text);
        }
    }
    if (json != NULL) {
        jsonout_object_end(json);
    }
    if (showing != NULL) {
        text_done(&showing->list);
    }
    return STATUS_OK;
}

enum status shown_group_add_text(const struct access_session *session, struct text *out)
{
    TRY(show(session, out, NULL));
    return text_status(out);
}

enum status shown_group_add_json(const struct access_session *session, struct jsonout *out)
{
    return show(session, NULL, out);
}
