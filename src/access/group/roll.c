#include "access/group/roll.h"

#include "access/grant/print.h"
#include "access/group/paper.h"

/* The roll while the log is gone through. */
struct reading {
    const struct access_session *session;
    struct arena *arena;
    struct roll *roll;
    bool has_card;
    uint64_t from;      /* nothing is looked at before this entry ... */
    uint64_t before;    /* ... and from this one on */
    enum status status; /* the first thing that went wrong stays */
    struct fault fault;
};

static void fail(struct reading *reading, enum status status, const char *what)
{
    if (reading->status == STATUS_OK) {
        reading->status = status;
        reading->fault = (struct fault){.what = what};
    }
}

/* ---- who is on it ---- */

const struct roll_member *roll_find_name(const struct roll *roll, struct bytes name)
{
    const struct roll_member *member = roll->members;
    while (member != NULL && !bytes_equal(member->name, name)) {
        member = member->next;
    }
    return member;
}

static struct roll_member *find_key(const struct roll *roll, const struct note_key *key)
{
    struct roll_member *member = roll->members;
    while (member != NULL && !group_key_equal(&member->key, key)) {
        member = member->next;
    }
    return member;
}

const struct roll_member *roll_find_key(const struct roll *roll, const struct note_key *key)
{
    return find_key(roll, key);
}

const struct roll_member *roll_find_enrolment(const struct roll *roll,
                                              const struct sha256 *enrolment)
{
    const struct roll_member *member = roll->members;
    while (member != NULL && !sha256_equal(&member->enrolment, enrolment)) {
        member = member->next;
    }
    return member;
}

bool roll_vouch_breaks(const struct roll *roll, const struct deed *vouch,
                       const struct roll_member **out, enum group_rule *rule)
{
    struct note_key group;
    struct sha256 enrolment;
    *rule = GROUP_IS_THE_ONE_NAMED;
    if (note_key_read(deed_value(vouch, "group"), &group) != STATUS_OK ||
        !group_key_equal(&group, &roll->card.key)) {
        return true;
    }
    *rule = GROUP_VOUCHES_ARE_FOR_THE_ENROLLED;
    if (sha256_read_hex(deed_value(vouch, "enrolment"), &enrolment) != STATUS_OK) {
        return true;
    }
    const struct roll_member *member = roll_find_enrolment(roll, &enrolment);
    if (member == NULL || !bytes_equal(member->name, deed_value(vouch, "name"))) {
        return true;
    }
    *out = member;
    *rule = GROUP_NOBODY_VOUCHES_FOR_ONESELF;
    if (group_key_equal(&member->key, &vouch->key)) {
        return true;
    }
    *rule = GROUP_MEMBERS_VOUCH;
    if (roll_find_key(roll, &vouch->key) == NULL) {
        return true;
    }
    *rule = GROUP_VOUCHES_COUNT_ONCE;
    for (const struct roll_vouch *one = member->vouches; one != NULL; one = one->next) {
        if (group_key_equal(&one->by, &vouch->key)) {
            return true;
        }
    }
    return false;
}

/* ---- from the log ---- */

/* The paper an entry names; false where it was erased, or is not what the entry says. */
static bool find_paper(struct reading *reading, struct bytes object, struct bytes *out)
{
    struct sha256 hash;
    if (object.size != sizeof hash.bytes) {
        fail(reading, STATUS_CONFLICT, "an entry of the log about the group names no paper");
        return false;
    }
    memcpy(hash.bytes, object.data, sizeof hash.bytes);
    struct roll_paper *paper = arena_take(reading->arena, sizeof *paper);
    if (paper == NULL) {
        fail(reading, STATUS_NO_MEMORY, "the group's papers need too much memory");
        return false;
    }
    *paper = (struct roll_paper){.hash = hash, .next = reading->roll->papers};
    reading->roll->papers = paper;
    enum status status = paper_find(reading->session->payloads, &hash, reading->arena, out);
    if (status == STATUS_NOT_FOUND) {
        reading->roll->erased_count++;
    } else if (status == STATUS_NO_MEMORY) {
        fail(reading, status, "the group's papers need too much memory");
    } else if (status != STATUS_OK) {
        fail(reading, STATUS_CONFLICT, "a paper of the group is not what its log says");
    }
    return status == STATUS_OK;
}

/* Of several the first founds the group; a later one is in force from when it was taken in with
 * the signatures of two officers, and until then is a wish. */
static void read_card(struct reading *reading, struct bytes paper, bool is_change)
{
    struct deed_fault fault = {0};
    struct group_card card;
    struct roll *roll = reading->roll;
    if (reading->has_card && !is_change) {
        return;
    }
    if (group_card_read(paper, &card, &fault) != STATUS_OK ||
        memcmp(card.key.key, reading->session->identity.public_key, IDENTITY_KEY_SIZE) != 0) {
        fail(reading, STATUS_CONFLICT, "the group's card is not one that this home signed");
        return;
    }
    if (is_change && (!reading->has_card || !group_card_is_endorsed(&card, &roll->card))) {
        fail(reading, STATUS_CONFLICT, "a changed card is not one that two officers signed");
        return;
    }
    roll->card = card;
    struct bytes policy = {roll->card.policy.bytes, sizeof roll->card.policy.bytes};
    if (find_paper(reading, policy, &roll->policy)) {
        reading->has_card = true;
    } else {
        fail(reading, STATUS_CONFLICT, "the policy that the group's card names is gone");
    }
}

static bool is_groups_own(const struct reading *reading, const struct deed *deed)
{
    return reading->has_card && group_key_equal(&deed->key, &reading->roll->card.key);
}

static enum status copy_facts(const struct deed *admission, struct arena *arena,
                              struct roll_member *member)
{
    struct bytes *facts = arena_take_many(arena, admission->line_count, sizeof *facts);
    if (facts == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t index = 0;
    const struct deed_line *line;
    member->fact_count = 0;
    while ((line = deed_next(admission, "fact", &index)) != NULL) {
        facts[member->fact_count++] = line->value;
    }
    member->facts = facts;
    return STATUS_OK;
}

/* The member of that key, or a new one at the end. */
static struct roll_member *take_member(struct reading *reading, const struct note_key *key)
{
    struct roll *roll = reading->roll;
    struct roll_member *member = find_key(roll, key);
    if (member != NULL) {
        return member;
    }
    member = roll->member_count < ROLL_MEMBERS_MAX ? arena_take(reading->arena, sizeof *member)
                                                   : NULL;
    if (member == NULL) {
        fail(reading, STATUS_LIMIT, "the group has more members than its roll can hold");
        return NULL;
    }
    struct roll_member **last = &roll->members;
    while (*last != NULL) {
        last = &(*last)->next;
    }
    *last = member;
    roll->member_count++;
    return member;
}

static void read_admission(struct reading *reading, struct bytes paper, uint64_t sequence)
{
    struct deed admission;
    struct deed enrolment;
    struct deed_fault fault = {0};
    struct sha256 hash;
    if (deed_read(paper, DEED_ADMISSION, &admission, &fault) != STATUS_OK ||
        !is_groups_own(reading, &admission) ||
        sha256_read_hex(deed_value(&admission, "enrolment"), &hash) != STATUS_OK) {
        fail(reading, STATUS_CONFLICT, "an admission is not one that this home signed");
        return;
    }
    struct bytes file = BYTES_NONE;
    if (!find_paper(reading, (struct bytes){hash.bytes, sizeof hash.bytes}, &file)) {
        return;
    }
    const char *why = NULL;
    struct recipient recipient;
    if (deed_read(file, DEED_ENROLMENT, &enrolment, &fault) != STATUS_OK ||
        recipient_read(deed_value(&enrolment, "recipient"), &recipient, &why) != STATUS_OK) {
        fail(reading, STATUS_CONFLICT, "an enrolment that was taken in is none");
        return;
    }
    /* Of two that were taken in at the same moment under one name the first has it. */
    const struct roll_member *named =
        roll_find_name(reading->roll, deed_value(&enrolment, "name"));
    if (named != NULL && !group_key_equal(&named->key, &enrolment.key)) {
        return;
    }
    struct roll_member *member = take_member(reading, &enrolment.key);
    if (member == NULL) {
        return;
    }
    if (!sha256_equal(&member->enrolment, &hash)) {
        member->vouches = NULL; /* they were for what the enrolment before it said */
    }
    member->key = enrolment.key;
    member->name = deed_value(&enrolment, "name");
    member->organisation = deed_value(&enrolment, "organisation");
    member->recipient = recipient;
    member->enrolment = hash;
    member->made = enrolment.made;
    member->sequence = sequence;
    if (copy_facts(&admission, reading->arena, member) != STATUS_OK) {
        fail(reading, STATUS_NO_MEMORY, "the group's papers need too much memory");
    }
}

/* What was taken in once may have lost its meaning since: who vouched was erased, or the
 * enrolment was replaced.  Then it counts no more. */
static void read_vouch(struct reading *reading, struct bytes paper)
{
    struct deed vouch;
    struct deed_fault fault = {0};
    if (deed_read(paper, DEED_VOUCH, &vouch, &fault) != STATUS_OK) {
        fail(reading, STATUS_CONFLICT, "a vouch that was taken in is none");
        return;
    }
    const struct roll_member *member = NULL;
    enum group_rule rule;
    if (!reading->has_card || roll_vouch_breaks(reading->roll, &vouch, &member, &rule)) {
        return;
    }
    struct roll_vouch *one = reading->roll->vouch_count < ROLL_VOUCHES_MAX
                                 ? arena_take(reading->arena, sizeof *one)
                                 : NULL;
    if (one == NULL) {
        fail(reading, STATUS_LIMIT, "the group has more vouches than its roll can hold");
        return;
    }
    struct roll_member *target = find_key(reading->roll, &member->key);
    *one = (struct roll_vouch){.by = vouch.key, .hash = vouch.hash, .next = target->vouches};
    target->vouches = one;
    reading->roll->vouch_count++;
}

/* Who was taken off vouches for nobody any more. */
static void drop_vouches_by(struct roll *roll, const struct note_key *key)
{
    for (struct roll_member *member = roll->members; member != NULL; member = member->next) {
        struct roll_vouch **place = &member->vouches;
        while (*place != NULL) {
            if (group_key_equal(&(*place)->by, key)) {
                *place = (*place)->next;
                roll->vouch_count--;
            } else {
                place = &(*place)->next;
            }
        }
    }
}

static void read_removal(struct reading *reading, struct bytes object)
{
    struct roll *roll = reading->roll;
    struct roll_member **place = &roll->members;
    while (*place != NULL &&
           !bytes_equal(object, (struct bytes){(*place)->enrolment.bytes,
                                               sizeof(*place)->enrolment.bytes})) {
        place = &(*place)->next;
    }
    struct roll_member *member = *place;
    if (member == NULL) {
        return; /* the papers of that enrolment were erased since: it took nobody in */
    }
    *place = member->next;
    roll->member_count--;
    for (const struct roll_vouch *one = member->vouches; one != NULL; one = one->next) {
        roll->vouch_count--;
    }
    drop_vouches_by(roll, &member->key);
}

static void visit(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct reading *reading = context;
    IGNORE(arguments.size > 0, "what was asked for is not what was taken in");
    bool is_change = bytes_equal_text(entry->operation, ROLL_CHANGE);
    bool is_card = is_change || bytes_equal_text(entry->operation, ROLL_FOUND);
    bool is_admission = bytes_equal_text(entry->operation, ROLL_ENROL);
    bool is_vouch = bytes_equal_text(entry->operation, ROLL_VOUCH);
    struct bytes paper = BYTES_NONE;
    if (entry->event != AUDIT_DONE || entry->sequence < reading->from ||
        entry->sequence >= reading->before) {
        return;
    }
    if (bytes_equal_text(entry->operation, ROLL_REMOVE)) {
        read_removal(reading, entry->object);
        return;
    }
    if ((!is_card && !is_admission && !is_vouch) || reading->status != STATUS_OK ||
        !find_paper(reading, entry->object, &paper)) {
        return;
    }
    if (is_card) {
        read_card(reading, paper, is_change);
    } else if (is_admission) {
        read_admission(reading, paper, entry->sequence);
    } else {
        read_vouch(reading, paper);
    }
}

static enum status verify(const struct access_session *session, struct reading *reading,
                          const struct audit_mark *mark, struct audit_check *check,
                          struct fault *fault)
{
    AUTO(text_done) struct text verifier = text_of_limit(IDENTITY_FILE_MAX);
    *fault = (struct fault){.what = "the audit log of this home cannot be read"};
    if (!session->has_audit) {
        *fault = session->fault;
        return STATUS_NOT_FOUND;
    }
    identity_add_verifier(&session->identity, &verifier);
    const struct audit_visitor visitor = {visit, reading};
    TRY(audit_verify_since(session->home, text_bytes(&verifier), mark, &visitor, check));
    if (check->difference_count > 0) {
        fault->what = "the audit log of this home is not whole: see 'tocsin access audit "
                      "verify'";
        return STATUS_CONFLICT;
    }
    *fault = reading->fault;
    return reading->status;
}

enum status roll_go_on(const struct access_session *session, struct arena *arena,
                       const struct audit_mark *mark, struct roll *roll,
                       struct audit_mark *reached, enum audit_continuation *continuation,
                       struct fault *fault)
{
    struct reading reading = {.session = session,
                              .arena = arena,
                              .roll = roll,
                              .has_card = true,
                              .from = mark->size,
                              .before = UINT64_MAX};
    AUTO(audit_check_done) struct audit_check check = {0};
    TRY(verify(session, &reading, mark, &check, fault));
    *continuation = check.continuation;
    *reached = (struct audit_mark){.size = check.size, .root = check.root};
    return STATUS_OK;
}

static enum status read_all(const struct access_session *session, uint64_t before,
                            struct arena *arena, struct roll *out, struct audit_mark *reached,
                            struct fault *fault)
{
    struct roll roll = {0};
    struct reading reading = {
        .session = session, .arena = arena, .roll = &roll, .before = before};
    AUTO(audit_check_done) struct audit_check check = {0};
    TRY(verify(session, &reading, NULL, &check, fault));
    if (!reading.has_card) {
        fault->what = "no group was founded in this home";
        return STATUS_NOT_FOUND;
    }
    *out = roll;
    *reached = (struct audit_mark){.size = check.size, .root = check.root};
    return STATUS_OK;
}

enum status roll_read_before(const struct access_session *session, uint64_t before,
                             struct arena *arena, struct roll *out, struct fault *fault)
{
    struct audit_mark reached;
    return read_all(session, before, arena, out, &reached, fault);
}

enum status roll_read_marked(const struct access_session *session, struct arena *arena,
                             struct roll *out, struct audit_mark *reached, struct fault *fault)
{
    return read_all(session, UINT64_MAX, arena, out, reached, fault);
}

enum status roll_read(const struct access_session *session, struct arena *arena,
                      struct roll *out, struct fault *fault)
{
    return roll_read_before(session, UINT64_MAX, arena, out, fault);
}

size_t roll_count_vouches_by(const struct roll *roll, const struct roll_member *member)
{
    size_t count = 0;
    const struct roll_member *other = roll->members;
    for (; other != NULL; other = other->next) {
        for (const struct roll_vouch *one = other->vouches; one != NULL; one = one->next) {
            count += group_key_equal(&one->by, &member->key);
        }
    }
    return count;
}

/* ---- for the policy ---- */

static void add_fact(struct text *out, const char *name, const struct bytes *strings,
                     uint32_t count)
{
    struct term terms[3];
    for (uint32_t i = 0; i < count; i++) {
        terms[i] = (struct term){.kind = TERM_STRING, .bytes = strings[i]};
    }
    struct predicate fact = {.name = bytes_of_text(name), .terms = terms, .count = count};
    datalog_add_predicate(out, &fact, NULL);
    text_add(out, ";\n");
}

void roll_add_facts(const struct roll *roll, const struct roll_member *member, struct text *out)
{
    add_fact(out, "subject", &member->name, 1);
    for (size_t i = 0; i < member->fact_count; i++) {
        text_add_raw(out, member->facts[i]);
        text_add(out, ";\n");
    }
    size_t left = ROLL_VOUCHES_TOLD;
    for (const struct roll_vouch *one = member->vouches; one != NULL && left > 0;
         one = one->next, left--) {
        const struct roll_member *by = find_key(roll, &one->by);
        AUTO(text_done) struct text source = text_of_limit(128);
        text_add(&source, "vouch ");
        sha256_add_hex(&source, &one->hash);
        add_fact(out, "member", &by->name, 1);
        add_fact(out, "vouched", (struct bytes[]){member->name, by->name, text_bytes(&source)},
                 3);
    }
}
