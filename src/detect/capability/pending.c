#include "detect/capability/pending.h"

#include "base/number.h"
#include "detect/capability/capability.h"
#include "detect/capability/subject.h"

/* Entities by what an analyst asks for first; a finding has room for FINDING_ENTITIES_MAX. */
static const enum entity_kind kind_order[] = {
    ENTITY_ADDRESS, ENTITY_NAME, ENTITY_URL, ENTITY_ACCOUNT, ENTITY_FILE,
};

static enum status add_entity(struct arena *arena, struct finding *finding,
                              struct entity entity)
{
    struct entity *list = (struct entity *)(uintptr_t)finding->entities;
    for (size_t i = 0; i < finding->entity_count; i++) {
        if (entity_same(&list[i], &entity)) {
            return STATUS_OK;
        }
    }
    if (finding->entity_count == FINDING_ENTITIES_MAX || entity.name.size == 0) {
        return STATUS_OK;
    }
    TRY(arena_copy(arena, bytes_part(entity.name, 0, ENTITY_SIZE_MAX), &entity.name));
    list[finding->entity_count++] = entity;
    return STATUS_OK;
}

static enum status add_cite(struct arena *arena, struct finding *finding,
                            const struct cite *cite)
{
    struct cite *list = (struct cite *)(uintptr_t)finding->cites;
    for (size_t i = 0; i < finding->cite_count; i++) {
        if (place_compare(&list[i].place, &cite->place) == 0) {
            return STATUS_OK;
        }
    }
    if (finding->cite_count == CITES_MAX) {
        finding->cites_dropped++;
        return STATUS_OK;
    }
    struct cite *copy = &list[finding->cite_count];
    copy->place = cite->place;
    TRY(arena_copy(arena, bytes_part(cite->excerpt, 0, EXCERPT_SIZE_MAX), &copy->excerpt));
    finding->cite_count++;
    return STATUS_OK;
}

static enum status add_fact(struct arena *arena, struct finding *finding, const char *name,
                            struct bytes text)
{
    struct fact *list = (struct fact *)(uintptr_t)finding->facts;
    if (text.size == 0 || finding->fact_count == FINDING_FACTS_MAX ||
        fact_find(list, finding->fact_count, name) != NULL) {
        return STATUS_OK;
    }
    struct fact fact = fact_text(name, bytes_part(text, 0, ENTITY_SIZE_MAX));
    TRY(arena_copy(arena, fact.text, &fact.text));
    list[finding->fact_count++] = fact;
    return STATUS_OK;
}

static enum status add_mentions(struct arena *arena, struct pending *pending,
                                const struct sighting *sighting)
{
    static const char *const names[ENTITY_KIND_COUNT] = {
        [ENTITY_ADDRESS] = "address", [ENTITY_NAME] = "name", [ENTITY_URL] = "url",
        [ENTITY_ACCOUNT] = "account", [ENTITY_FILE] = "file",
    };
    const struct mentions *mentions = sighting->mentions;
    for (size_t kind = 0; kind < sizeof kind_order / sizeof *kind_order; kind++) {
        for (size_t i = 0; i < mentions->count; i++) {
            struct entity entity = mentions->list[i];
            if (entity.kind == kind_order[kind]) {
                entity.role = pending->rule->roles[entity.kind];
                TRY(add_fact(arena, &pending->finding, names[entity.kind], entity.name));
                TRY(add_entity(arena, &pending->finding, entity));
            }
        }
    }
    return STATUS_OK;
}

/* The program that did it: of the last command of the pipeline, behind sudo and its like. */
static struct bytes program_of(const struct shell_pipeline *pipeline)
{
    if (pipeline->command_count == 0) {
        return BYTES_NONE;
    }
    const struct shell_command *last = &pipeline->commands[pipeline->command_count - 1];
    if (last->word_count == 0) {
        return BYTES_NONE;
    }
    return last->is_compound ? last->words[0].text
                             : shell_base_name(last->words[shell_last_program(last)].text);
}

static void widen(struct finding *finding, struct moment at)
{
    if (!at.is_known) {
        return;
    }
    if (!finding->first.is_known || moment_compare(at, finding->first) < 0) {
        finding->first = at;
    }
    if (!finding->last.is_known || moment_compare(at, finding->last) > 0) {
        finding->last = at;
    }
}

bool pending_takes(const struct pending *pending, const struct sighting *sighting)
{
    if (pending->rule != sighting->rule || pending->scope != sighting->scope) {
        return false;
    }
    const struct moment *at = &sighting->record->at;
    const struct moment *last = &pending->finding.last;
    if (!at->is_known || !last->is_known) {
        return true;
    }
    return at->ns <= last->ns || at->ns - last->ns <= CAPABILITY_GAP_NS;
}

enum status pending_add(struct arena *arena, struct pending *pending,
                        const struct sighting *sighting)
{
    const struct record *record = sighting->record;
    struct finding *finding = &pending->finding;
    pending->occurrences++;
    widen(finding, record->at);
    for (size_t i = 0; i < sighting->earlier_count; i++) {
        TRY(add_cite(arena, finding, &sighting->earlier[i]));
    }
    struct cite cite = {.place = record->place, .excerpt = record->source};
    TRY(add_cite(arena, finding, &cite));
    TRY(add_fact(arena, finding, "program", program_of(record->pipeline)));
    TRY(add_mentions(arena, pending, sighting));
    return STATUS_OK;
}

enum status pending_open(struct arena *arena, const struct sighting *sighting,
                         struct pending *out)
{
    const struct rule *rule = sighting->rule;
    struct pending pending = {.rule = rule, .scope = sighting->scope};
    pending.finding = (struct finding){
        .rule = rule->name,
        .title = rule->title,
        .techniques = rule->techniques,
        .technique_count = rule->technique_count,
        .severity = rule->severity,
        .confidence = rule->confidence,
        .entities = arena_take_many(arena, FINDING_ENTITIES_MAX, sizeof(struct entity)),
        .facts = arena_take_many(arena, FINDING_FACTS_MAX, sizeof(struct fact)),
        .cites = arena_take_many(arena, CITES_MAX, sizeof(struct cite)),
    };
    if (pending.finding.entities == NULL || pending.finding.facts == NULL ||
        pending.finding.cites == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct entity host = {ENTITY_HOST, ROLE_VICTIM, sighting->scope->host};
    struct entity account = {ENTITY_ACCOUNT, ROLE_ACTOR, sighting->scope->account};
    TRY(add_entity(arena, &pending.finding, host));
    TRY(add_entity(arena, &pending.finding, account));
    TRY(add_fact(arena, &pending.finding, "explanation", rule->explain));
    if (sighting->record->origin != SHELL_LOGGED) {
        pending.line = sighting->record->pipeline->line;
    }
    TRY(pending_add(arena, &pending, sighting));
    *out = pending;
    return STATUS_OK;
}

enum status pending_raise(struct detection *detection, const struct pending *pending)
{
    /* A copy: what is only so far known is not kept for the next time. */
    struct finding finding = pending->finding;
    struct fact *facts = (struct fact *)(uintptr_t)finding.facts;
    if (finding.fact_count + 2 <= FINDING_FACTS_MAX) {
        facts[finding.fact_count++] = fact_count("occurrences", pending->occurrences);
        if (pending->line > 0) {
            facts[finding.fact_count++] = fact_count("line", pending->line);
        }
    }
    return detection_raise(detection, &finding);
}
