/* How somebody might become more than a member in the group's own eyes: vouches that are not a
 * member's, and cards by which fewer people than two decide. */
#include "attempt.h"

#include "access/group/roll.h"

/* Two members besides the one whom the vouch is for. */
struct enrolled {
    struct roll roll;
    struct roll_member subject;
    struct roll_member member;
    struct roll_vouch before;
};

static struct note_key key_of(struct realm *realm, const struct party *party)
{
    struct note_key key;
    must(note_key_read(realm_line(realm, party), &key), "a key");
    return key;
}

static struct sha256 enrolment_of(const struct party *party)
{
    return sha256_of((struct bytes){party->key.bytes, party->key.size});
}

static struct enrolled *enrol(struct realm *realm)
{
    struct enrolled *out = arena_take(realm->arena, sizeof *out);
    struct deed_fault fault = {0};
    must(out == NULL ? STATUS_NO_MEMORY : STATUS_OK, "memory for a roll");
    *out = (struct enrolled){
        .subject = {.key = key_of(realm, &realm->holder.party),
                    .name = bytes_of_text("A. Example"),
                    .enrolment = enrolment_of(&realm->holder.party)},
        .member = {.key = key_of(realm, &realm->officers[0]),
                   .name = bytes_of_text("B. Example"),
                   .enrolment = enrolment_of(&realm->officers[0])},
    };
    must(group_card_read(realm->card, &out->roll.card, &fault), "a card");
    out->subject.next = &out->member;
    out->roll.members = &out->subject;
    out->roll.member_count = 2;
    return out;
}

/* Says whether it would count, and by which rule it does not. */
static void hand_in(struct attempt *out, const struct enrolled *enrolled, struct bytes vouch)
{
    struct deed deed;
    struct deed_fault fault = {0};
    const struct roll_member *member = NULL;
    enum group_rule rule;
    enum status status = deed_read(vouch, DEED_VOUCH, &deed, &fault);
    out->refused = status != STATUS_OK ? status_name(status)
                   : roll_vouch_breaks(&enrolled->roll, &deed, &member, &rule)
                       ? group_rule_refusal(rule).rule
                       : "";
}

static struct bytes vouch_of(struct realm *realm, const struct party *by,
                             const struct party *group, const struct sha256 *enrolment)
{
    AUTO(text_done) struct text text = text_of_limit(NOTE_SIZE_MAX);
    AUTO(deed_done)
    struct deed_draft draft = deed_begin(DEED_VOUCH, &by->identity, realm_moment(realm->now_s));
    struct deed_fault fault = {0};
    deed_add(&draft, "group", realm_line(realm, group));
    deed_add_hash(&draft, "enrolment", enrolment);
    deed_add(&draft, "name", bytes_of_text("A. Example"));
    must(deed_finish(&draft, &text, &fault), "a vouch");
    return realm_copy(realm, &text);
}

/* The same for another name, which no writer of ours need allow. */
static struct bytes renamed(struct realm *realm, const struct party *by, struct bytes vouch,
                            const char *name)
{
    static const char field[] = "\nname: ";
    AUTO(text_done) struct text text = text_of_limit(NOTE_SIZE_MAX);
    AUTO(text_done) struct text note = text_of_limit(NOTE_SIZE_MAX);
    size_t at = bytes_find(vouch, bytes_of_text(field));
    text_add_raw(&text, bytes_part(vouch, 0, at + sizeof field - 1));
    text_addf(&text, "%s\n", name);
    must(identity_sign_note(&by->identity, text_bytes(&text), &note), "a vouch");
    return realm_copy(realm, &note);
}

static void vouch_as(struct realm *realm, struct attempt *out, const struct enrolled *enrolled,
                     const struct party *by)
{
    hand_in(out, enrolled, vouch_of(realm, by, &realm->group, &enrolled->subject.enrolment));
}

static void for_oneself(struct realm *realm, struct attempt *out)
{
    vouch_as(realm, out, enrol(realm), &realm->holder.party);
}

static void by_nobody_known(struct realm *realm, struct attempt *out)
{
    const struct party *const others[] = {&realm->stranger, &realm->agent.party,
                                          &realm->rivals[0], &realm->officers[1]};
    vouch_as(realm, out, enrol(realm), others[realm_draw(4)]);
}

static void vouched_twice(struct realm *realm, struct attempt *out)
{
    struct enrolled *enrolled = enrol(realm);
    enrolled->before.by = enrolled->member.key;
    enrolled->subject.vouches = &enrolled->before;
    vouch_as(realm, out, enrolled, &realm->officers[0]);
}

static void for_another_enrolment(struct realm *realm, struct attempt *out)
{
    const struct enrolled *enrolled = enrol(realm);
    const struct party *by = &realm->officers[0];
    const struct sha256 other = enrolment_of(&realm->thief.party);
    if (realm_draw(2) == 0) {
        hand_in(out, enrolled, vouch_of(realm, by, &realm->group, &other));
        return;
    }
    static const char *const names[] = {"a. example", "A.  Example", "\xd0\x90. Example",
                                        "B. Example"};
    const struct bytes whole = vouch_of(realm, by, &realm->group, &enrolled->subject.enrolment);
    hand_in(out, enrolled, renamed(realm, by, whole, names[realm_draw(4)]));
}

static void for_another_group(struct realm *realm, struct attempt *out)
{
    const struct enrolled *enrolled = enrol(realm);
    hand_in(out, enrolled,
            vouch_of(realm, &realm->officers[0], &realm->rival, &enrolled->subject.enrolment));
}

static void right_vouch(struct realm *realm, struct attempt *out)
{
    vouch_as(realm, out, enrol(realm), &realm->officers[0]);
}

/* ---- cards ---- */

/* A card that its group signed with these officers; which rule it breaks. */
static void hand_card(struct realm *realm, struct attempt *out, const char *const roles[2],
                      const struct party *const officers[2])
{
    struct group_card card = {.key = key_of(realm, &realm->group), .officer_count = 2};
    enum group_rule rule;
    for (size_t i = 0; i < 2; i++) {
        card.officers[i] = (struct group_officer){.role = bytes_of_text(roles[i]),
                                                  .key = key_of(realm, officers[i]),
                                                  .name = bytes_of_text("An Officer")};
    }
    out->refused = group_card_breaks(&card, &rule) ? group_rule_refusal(rule).rule : "";
}

static void card_of_one_person(struct realm *realm, struct attempt *out)
{
    const struct party *one = &realm->officers[realm_draw(REALM_OFFICERS)];
    hand_card(realm, out, (const char *const[]){"security", "legal"},
              (const struct party *const[]){one, one});
}

static void card_of_one_role(struct realm *realm, struct attempt *out)
{
    hand_card(realm, out, (const char *const[]){"legal", "legal"},
              (const struct party *const[]){&realm->officers[0], &realm->officers[1]});
}

static void card_of_the_group_itself(struct realm *realm, struct attempt *out)
{
    bool is_first = realm_draw(2) == 0;
    const struct party *one = is_first ? &realm->group : &realm->officers[0];
    const struct party *other = is_first ? &realm->officers[0] : &realm->group;
    hand_card(realm, out, (const char *const[]){"security", "legal"},
              (const struct party *const[]){one, other});
}

static void right_card(struct realm *realm, struct attempt *out)
{
    hand_card(realm, out, (const char *const[]){"security", "legal"},
              (const struct party *const[]){&realm->officers[0], &realm->officers[1]});
}

const struct attempt_kind *attempt_member_kinds(void)
{
    static const struct attempt_kind kinds[] = {
        {"vouch-for-oneself", for_oneself, "nobody-vouches-for-oneself"},
        {"vouch-by-nobody-known", by_nobody_known, "only-members-vouch"},
        {"vouch-given-twice", vouched_twice, "a-member-vouches-once"},
        {"vouch-for-another-enrolment", for_another_enrolment,
         "a-vouch-is-for-one-enrolment|malformed"},
        {"vouch-for-another-group", for_another_group,
         "what-is-for-one-group-counts-there-alone"},
        {"card-of-one-person", card_of_one_person, "two-officers-of-two-roles"},
        {"card-of-one-role", card_of_one_role, "two-officers-of-two-roles"},
        {"card-of-the-group-itself", card_of_the_group_itself,
         "officers-have-keys-of-their-own"},
        {"right: a member vouches", right_vouch, ""},
        {"right: a card", right_card, ""},
        {0},
    };
    return kinds;
}
