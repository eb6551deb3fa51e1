/* A matter that is correlated and told with the phrases and playbooks of content/. */
#pragma once

#include "correlate/begin.h"

#include "explain/explain.h"
#include "respond/plan.h"

#define TELLING_PLAYBOOKS_MAX 16

static inline const struct tree_node *telling_load(struct arena *arena, const char *path)
{
    static char content[1U << 16];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(content, 1, sizeof content, file);
    (void)fclose(file);
    assert_true(size > 0 && size < sizeof content);
    struct bytes copy;
    assert_ok(arena_copy(arena, (struct bytes){(const uint8_t *)content, size}, &copy));
    struct tree tree;
    struct tree_fault fault;
    assert_ok(tree_of_yaml(copy, arena, &tree, &fault));
    return tree.nodes;
}

static inline const struct tree_node *telling_yaml(struct arena *arena, const char *yaml)
{
    struct tree tree;
    struct tree_fault fault = {0};
    if (tree_of_yaml(bytes_of_text(yaml), arena, &tree, &fault) != STATUS_OK) {
        fail_msg("line %u: %s", fault.line, fault.what);
    }
    return tree.nodes;
}

static inline struct phrase_documents telling_phrases(struct arena *arena)
{
    return (struct phrase_documents){
        .leader = telling_load(arena, "content/phrases/leader.yaml"),
        .responder = telling_load(arena, "content/phrases/responder.yaml"),
        .analyst = telling_load(arena, "content/phrases/analyst.yaml"),
        .glossary = telling_load(arena, "content/phrases/glossary.yaml"),
    };
}

/* Makes plan and story of a settled, or not yet settled, matter. */
static inline void telling_tell(struct matter *matter)
{
    if (matter->said.size == 0) {
        matter_settle(matter);
    }
    const struct tree_node *playbooks[] = {
        telling_load(matter->arena, "content/playbooks/calls-home.yaml"),
        telling_load(matter->arena, "content/playbooks/guessed-password.yaml"),
        telling_load(matter->arena, "content/playbooks/unauthorised-access.yaml"),
    };
    struct report *report = &matter->report;
    for (size_t i = 0; i < report->incident_count; i++) {
        assert_ok(plan_respond(playbooks, 3, report, matter->arena, &report->incidents[i]));
    }
    struct phrase_documents phrases = telling_phrases(matter->arena);
    assert_ok(explain(&phrases, &matter->site, matter->arena, report));
}

/* Sentences as lines, each with its citations; "| " where a paragraph opens. */
static inline void telling_say(struct text *text, const struct sentence *sentences,
                               size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_add(text, sentences[i].opens_paragraph ? "| " : "");
        text_add_raw(text, sentences[i].text);
        for (size_t j = 0; j < sentences[i].cite_count; j++) {
            text_add(text, " [");
            citation_add(text, &sentences[i].cites[j]);
            text_add(text, "]");
        }
        text_add(text, "\n");
    }
}

/* `expected` lists whole lines, one after the other. */
static inline void assert_told(const struct sentence *sentences, size_t count,
                               const char *expected)
{
    AUTO(text_done) struct text said = text_of_limit(1U << 20);
    telling_say(&said, sentences, count);
    assert_string_equal(text_terminated(&said), expected);
}

/* The story has `part` somewhere. */
static inline void assert_tells(const struct incident *incident, enum audience audience,
                                const char *part, bool expected)
{
    AUTO(text_done) struct text said = text_of_limit(1U << 20);
    telling_say(&said, incident->story[audience], incident->story_count[audience]);
    if ((strstr(text_terminated(&said), part) != NULL) != expected) {
        fail_msg("\"%s\" %s in:\n%s", part, expected ? "is not" : "is", text_terminated(&said));
    }
}

/* The intrusion that DESIGN.md tells: guessed, entered, fetched, scheduled, called home. */
static inline void telling_intrusion(struct matter *matter)
{
    matter_enter(matter);
    matter_see(matter, OBSERVED_SCHEDULE, 1, MATTER_DAY "02:18:30Z", NULL,
               "account/actor=deploy host/victim=web01", NULL, "450");
    matter_add(matter, "capture.pcap", "capture", MATTER_DAY "02:00:00Z",
               MATTER_DAY "05:00:00Z", NULL);
    matter_see(matter, OBSERVED_TRAFFIC, 40, MATTER_DAY "02:10:00Z", MATTER_DAY "02:14:00Z",
               "address/actor=203.0.113.7 service/unknown=10.0.0.5:22/tcp", NULL, "#1");
    matter_see(matter, OBSERVED_FETCH, 1, MATTER_DAY "02:18:00Z", NULL,
               "address/actor=10.0.0.5 address/unknown=203.0.113.7 file/unknown=drop.sh", NULL,
               "#500");
    matter_find(
        matter, "behaviour/call-home", "T1071.001", SEVERITY_INFO, 0.3, MATTER_DAY "02:20:00Z",
        "address/victim=10.0.0.5 address/controller=198.51.100.9", "contact_count#418", "#600");
    matter_find(matter, "behaviour/upload", "T1048.003", SEVERITY_LOW, 0.4,
                MATTER_DAY "02:40:00Z",
                "address/victim=10.0.0.5 address/controller=198.51.100.9",
                "client_payload#14000000", "#900");
}
