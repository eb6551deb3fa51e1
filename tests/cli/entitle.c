/* Grants a home the use of a pack, or revokes it, as a group's officers would in several homes:
 * for tests of what a grant opens, which need not play how it is given each time.
 *
 * usage: test-entitle grant HOME GROUP-HOME PACK SECONDS
 *        test-entitle unwatched HOME GROUP-HOME PACK SECONDS
 *        test-entitle draft HOME GROUP-HOME PACK SECONDS
 *        test-entitle revoke HOME GROUP-HOME PACK        (run from the root of the source)
 *
 * "unwatched" is a grant of a group whose card names no witnesses.  A draft goes to standard
 * output, signed by the group's key for as long as is asked for. */
#include "access/group/entitled.h"

#include <stdlib.h>

#include "base/number.h"
#include "codec/base64.h"

static void open_home(struct home *home, const char *path, struct party *party)
{
    session_open(path, &home->session);
    assert_true(home->session.has_audit);
    const struct bytes seed = {home->session.identity.secret, GRANT_SECRET_SIZE};
    assert_ok(grant_secret_of(GRANT_ED25519, seed, &party->secret));
    assert_ok(grant_secret_key(&party->secret, &party->key));
}

static void open_both(struct entitled *entitled, char **words)
{
    entitled->granted = granted_new();
    entitled->now_s = (uint64_t)time(NULL);
    open_home(&entitled->holder, words[2], &entitled->granted.holder);
    open_home(&entitled->group, words[3], &entitled->granted.group);
    entitled->granted.terms.holder = entitled->granted.holder.key;
    entitled->granted.terms.rights[0].what = bytes_of_text(words[4]);
    entitled->granted.terms.right_count = 1;
}

static void grant(struct entitled *entitled, const char *seconds)
{
    uint64_t life_s = 0;
    assert_ok(number_decimal_max(bytes_of_text(seconds), ENTITLED_LIFE_S, &life_s));
    entitled->granted.terms.expires_s = entitled->now_s + life_s;
    entitled_find_witnesses(entitled);
    entitled->card = entitled_card(entitled);
    entitled_keep_card(entitled, &entitled->holder);
    entitled->token = granted_whole(&entitled->granted);
    entitled->file = entitled_issue(entitled, &entitled->token);
    entitled_keep(entitled, &entitled->holder, &entitled->file);
}

static void print_draft(struct entitled *entitled, const char *seconds)
{
    uint64_t life_s = 0;
    assert_ok(number_decimal_max(bytes_of_text(seconds), UINT32_MAX, &life_s));
    entitled->granted.terms.expires_s = entitled->now_s + life_s;
    entitled->token = granted_draft(&entitled->granted);
    AUTO(text_done) struct text out = text_of_limit(2 * GRANT_TOKEN_SIZE_MAX);
    base64_add(&out, text_bytes(&entitled->token), BASE64_URL);
    assert_true(puts(text_terminated(&out)) >= 0);
}

static void take_back(struct entitled *entitled)
{
    struct entitlement_wish wish = entitled_wish(entitled);
    struct entitlement found;
    struct access_refusal refusal;
    struct fault fault = {NULL, 0};
    assert_ok(entitlement_find(&entitled->holder.session, &wish, entitled->granted.arena,
                               &found, &refusal, &fault));
    struct text list = entitled_revoke(entitled, &entitled->group, &found.revocations[0], 1);
    assert_ok(
        accepted_keep_list(entitled->holder.session.home, &found.group_key, text_bytes(&list)));
    text_done(&list);
}

int main(int count, char **words)
{
    struct entitled entitled = {0};
    entitled.is_unwatched = count == 6 && strcmp(words[1], "unwatched") == 0;
    bool is_grant = entitled.is_unwatched || (count == 6 && strcmp(words[1], "grant") == 0);
    bool is_draft = count == 6 && strcmp(words[1], "draft") == 0;
    if (!is_grant && !is_draft && !(count == 5 && strcmp(words[1], "revoke") == 0)) {
        return EXIT_FAILURE;
    }
    open_both(&entitled, words);
    if (is_grant) {
        grant(&entitled, words[5]);
    } else if (is_draft) {
        print_draft(&entitled, words[5]);
    } else {
        take_back(&entitled);
    }
    text_done(&entitled.card);
    text_done(&entitled.token);
    text_done(&entitled.file);
    session_done(&entitled.holder.session);
    session_done(&entitled.group.session);
    entitled_drop_witnesses(&entitled);
    granted_done(&entitled.granted);
    return EXIT_SUCCESS;
}
