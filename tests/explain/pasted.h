/* A pasted text, read and explained with a little knowledge and the phrases of content/. */
#pragma once

#include "check.h"

#include <stdio.h>
#include <string.h>

#include "codec/yaml.h"
#include "explain/meaning.h"
#include "explain/pasted_knowledge.h"
#include "parse/paste.h"

struct pasted {
    struct arena *arena;
    struct arena *batch;
    struct knowledge knowledge;
    const struct tree_node *phrases;
    struct coverage coverage;
    struct budget budget;
    struct statement *statement;
    struct examination *examination;
};

static inline const struct tree_node *pasted_yaml(struct bytes yaml, struct arena *arena)
{
    struct tree tree;
    struct tree_fault fault = {0};
    if (tree_of_yaml(yaml, arena, &tree, &fault) != STATUS_OK) {
        fail_msg("line %u: %s", fault.line, fault.what);
    }
    return tree.nodes;
}

static inline void pasted_open(struct pasted *pasted)
{
    static uint8_t content[1U << 16];
    *pasted = (struct pasted){.arena = arena_new(96U << 20), .batch = arena_new(8U << 20)};
    FILE *file = fopen("content/phrases/statement.yaml", "rb");
    assert_non_null(file);
    size_t size = fread(content, 1, sizeof content, file);
    (void)fclose(file);
    assert_true(size > 0 && size < sizeof content);
    pasted->phrases = pasted_yaml((struct bytes){content, size}, pasted->arena);
    pasted->knowledge =
        (struct knowledge){{pasted_yaml(bytes_of_text(pasted_knowledge), pasted->arena)}, 1};
    struct tree_fault fault = {0};
    assert_ok(knowledge_check(pasted->knowledge.documents[0], &fault));
    pasted->statement = arena_take(pasted->arena, sizeof *pasted->statement);
    pasted->examination = arena_take(pasted->arena, sizeof *pasted->examination);
    assert_ok(statement_init(pasted->statement, pasted->arena));
    memset(pasted->examination, 0, sizeof *pasted->examination);
}

static inline void pasted_done(struct pasted *pasted)
{
    arena_free(pasted->arena);
    arena_free(pasted->batch);
}

static inline enum status pasted_take(void *context, const struct record *record)
{
    return statement_take(context, record);
}

static inline void pasted_read(struct pasted *pasted, struct bytes text)
{
    coverage_init(&pasted->coverage, pasted->arena);
    pasted->budget = budget_of(UINT64_C(1) << 30);
    const struct record_sink sink = {pasted_take, pasted->statement};
    struct parse parse = {.evidence = pasted->arena,
                          .batch = pasted->batch,
                          .budget = &pasted->budget,
                          .sink = &sink,
                          .coverage = &pasted->coverage};
    assert_ok(paste_read(text, &parse, pasted->statement));
}

/* The sentences, one a line; every one cites. */
static inline void pasted_explain(struct pasted *pasted, const char *text, struct text *said)
{
    pasted_read(pasted, bytes_of_text(text));
    const struct meaning_source source = {.knowledge = &pasted->knowledge,
                                          .phrases = pasted->phrases,
                                          .text = bytes_of_text(text),
                                          .statement = pasted->statement,
                                          .examination = pasted->examination};
    struct reply reply;
    assert_ok(meaning_explain(&source, pasted->arena, &reply));
    for (size_t i = 0; i < reply.sentence_count; i++) {
        assert_true(reply.sentences[i].cite_count > 0);
        text_add_raw(said, reply.sentences[i].text);
        text_add(said, "\n");
    }
}

/* What is said of a text has `part`. */
static inline void assert_explains(const char *text, const char *part)
{
    struct pasted pasted;
    AUTO(text_done) struct text said = text_of_limit(1U << 20);
    pasted_open(&pasted);
    pasted_explain(&pasted, text, &said);
    if (strstr(text_terminated(&said), part) == NULL) {
        fail_msg("%s: \"%s\" is not in:\n%s", text, part, text_terminated(&said));
    }
    pasted_done(&pasted);
}
