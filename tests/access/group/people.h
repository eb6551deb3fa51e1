/* People with keys, and what they hand each other, for the tests of a group. */
#pragma once

#include <string.h>

#include "access/group/deed.h"
#include "check.h"

#define PEOPLE_MADE_S 1795852800 /* 2026-11-28T08:00:00Z */
#define PEOPLE_RECIPIENT "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"

static inline struct identity people_new(void)
{
    struct identity identity;
    assert_ok(identity_new(&identity));
    return identity;
}

/* "name+hash+key" without the newline. */
static inline struct text people_key(const struct identity *identity)
{
    struct text line = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(identity, &line);
    text_cut(&line, line.size - 1);
    return line;
}

static inline void people_add_key(struct deed_draft *draft, const char *name,
                                  const struct identity *identity)
{
    AUTO(text_done) struct text key = people_key(identity);
    deed_add(draft, name, text_bytes(&key));
}

static inline void people_add_hash(struct deed_draft *draft, const char *name, struct bytes of)
{
    struct sha256 hash = sha256_of(of);
    AUTO(text_done) struct text hex = text_of_limit(2 * sizeof hash);
    sha256_add_hex(&hex, &hash);
    deed_add(draft, name, text_bytes(&hex));
}

static inline struct deed_draft people_begin(enum deed_kind kind,
                                             const struct identity *identity)
{
    return deed_begin(kind, identity, moment_of_unix(PEOPLE_MADE_S, 0));
}

static inline struct text people_finish(struct deed_draft *draft)
{
    struct text out = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    enum status status = deed_finish(draft, &out, &fault);
    if (status != STATUS_OK) {
        fail_msg("%s: %s", fault.field == NULL ? "" : fault.field, fault.what);
    }
    deed_done(draft);
    return out;
}

static inline void people_add_officer(struct deed_draft *draft, const char *role,
                                      const struct identity *officer)
{
    AUTO(text_done) struct text key = people_key(officer);
    AUTO(text_done) struct text line = text_of_limit(DEED_VALUE_MAX);
    text_addf(&line, "%s %s Somebody", role, text_terminated(&key));
    deed_add(draft, "officer", text_bytes(&line));
}

/* A group's card with the policy "policy". */
static inline struct text people_card(const struct identity *group, int64_t later_s,
                                      const char *role_one, const struct identity *one,
                                      const char *role_other, const struct identity *other)
{
    struct deed_draft draft =
        deed_begin(DEED_GROUP, group, moment_of_unix(PEOPLE_MADE_S + later_s, 0));
    deed_add(&draft, "name", bytes_of_text("Example Group"));
    people_add_hash(&draft, "policy", bytes_of_text("policy"));
    people_add_officer(&draft, role_one, one);
    people_add_officer(&draft, role_other, other);
    return people_finish(&draft);
}

static inline struct text people_enrolment(const struct identity *who,
                                           const struct identity *group, const char *name,
                                           const char *organisation)
{
    struct deed_draft draft = people_begin(DEED_ENROLMENT, who);
    people_add_key(&draft, "group", group);
    deed_add(&draft, "name", bytes_of_text(name));
    deed_add(&draft, "organisation", bytes_of_text(organisation));
    deed_add(&draft, "recipient", bytes_of_text(PEOPLE_RECIPIENT));
    return people_finish(&draft);
}

static inline struct text people_vouch(const struct identity *by, const struct identity *group,
                                       struct bytes enrolment, const char *name)
{
    struct deed_draft draft = people_begin(DEED_VOUCH, by);
    people_add_key(&draft, "group", group);
    people_add_hash(&draft, "enrolment", enrolment);
    deed_add(&draft, "name", bytes_of_text(name));
    return people_finish(&draft);
}
