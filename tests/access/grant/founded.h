/* A group with officers, whom it grants something to, and an agent: all made of keys in the
 * test. */
#pragma once

#include "access/grant/issue.h"
#include "access/grant/judge.h"
#include "access/grant/source.h"
#include "base/file.h"
#include "check.h"

#include <fcntl.h>

#define GRANTED_MEMORY (64U << 20)
#define GRANTED_NOW UINT64_C(1772503800) /* 2026-03-03T02:10:00Z */
#define GRANTED_OFFICERS 3               /* of two roles */

struct party {
    struct grant_secret secret;
    struct grant_key key;
};

struct granted {
    struct arena *arena;
    struct text source;
    struct grant_rules rules;
    struct party group;
    struct party holder;
    struct party agent;
    struct party officers[GRANTED_OFFICERS];
    struct grant_officer named[GRANTED_OFFICERS];
    struct grant_terms terms;
};

static inline struct party party_new(void)
{
    struct party party;
    assert_ok(grant_secret_new(GRANT_ED25519, &party.secret));
    assert_ok(grant_secret_key(&party.secret, &party.key));
    return party;
}

/* The tests are run from the root of the source. */
static inline struct text granted_rules_source(void)
{
    struct text source = text_of_limit(SOURCE_SIZE_MAX);
    AUTO(file_done) int fd = open("content/grant.datalog", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_ok(file_read(fd, &source));
    return source;
}

static inline struct granted granted_new(void)
{
    static const char *const roles[] = {"security", "legal", "legal"};
    struct granted granted = {.arena = arena_new(GRANTED_MEMORY),
                              .source = granted_rules_source(),
                              .group = party_new(),
                              .holder = party_new(),
                              .agent = party_new()};
    struct fault fault = {NULL, 0};
    enum status status =
        grant_rules_read(text_bytes(&granted.source), granted.arena, &granted.rules, &fault);
    if (status != STATUS_OK) {
        fail_msg("content/grant.datalog, line %u: %s",
                 datalog_line(text_bytes(&granted.source), fault.offset), fault.what);
    }
    for (size_t i = 0; i < GRANTED_OFFICERS; i++) {
        granted.officers[i] = party_new();
        granted.named[i] = (struct grant_officer){.key = granted.officers[i].key,
                                                  .role = bytes_of_text(roles[i]),
                                                  .name = bytes_of_text("Officer")};
    }
    granted.terms = (struct grant_terms){
        .id = bytes_of_text("00112233445566778899aabbccddeeff"),
        .group = bytes_of_text("Example Sharing Group"),
        .subject = bytes_of_text("A. Example"),
        .organisation = bytes_of_text("Hospital \"North\""),
        .reason = bytes_of_text("an incident"),
        .holder = granted.holder.key,
        .tier = 2,
        .expires_s = GRANTED_NOW + 3600,
        .rights = {{bytes_of_text("model.pack"), bytes_of_text("sample")},
                   {bytes_of_text("model.pack"), bytes_of_text("other")}},
        .right_count = 2,
    };
    return granted;
}

static inline void granted_done(struct granted *granted)
{
    text_done(&granted->source);
    arena_free(granted->arena);
}
