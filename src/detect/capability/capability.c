#include "detect/capability/capability.h"

#include <string.h>

#include "detect/capability/expansion.h"
#include "detect/capability/familiar.h"
#include "detect/capability/pending.h"
#include "detect/capability/rule_set.h"
#include "detect/capability/subject.h"

#define PARTIAL_FILE_MAX 256
#define PARTIAL_NAME_MAX 256
#define PARTIAL_NAMES_MAX 4 /* what the first step names, kept for the finding */
#define INNER_OPEN_MAX 256
#define SCRIPT_CHUNK \
    (FINDING_ENTITIES_MAX - 2) /* of an observation, beside host and account \
                                */

/* A sequence that has begun: the file it is about, and where. */
struct partial {
    const struct rule *rule; /* NULL: free */
    uint32_t alternative;
    uint32_t next_step;
    const struct script_scope *scope;
    uint8_t file[PARTIAL_FILE_MAX];
    size_t file_size;
    struct entity names[PARTIAL_NAMES_MAX]; /* their bytes are in name_bytes */
    uint8_t name_bytes[PARTIAL_NAMES_MAX][PARTIAL_NAME_MAX];
    size_t name_count;
    struct cite cites[CAPABILITY_STEPS_MAX]; /* their excerpts are in excerpts */
    uint8_t excerpts[CAPABILITY_STEPS_MAX][EXCERPT_SIZE_MAX];
};

/* What was found inside a command whose pipeline has not been given yet. */
struct open_inner {
    uint32_t parent;
    uint32_t parent_command;
    struct inner_bits bits;
};

struct state {
    const struct rule_set *set;
    struct script_scope scopes[CAPABILITY_SCOPES_MAX];
    size_t scope_count;
    struct script_scope *scope; /* of the last record */
    struct pending *pending;
    size_t pending_count;
    struct partial partials[CAPABILITY_PARTIALS_MAX];
    size_t partial_next;    /* the oldest, overwritten when all are taken */
    size_t sequences_begun; /* partials that are not free */
    struct open_inner open[INNER_OPEN_MAX];
    size_t open_count;
    /* of the pipeline being judged */
    struct inner_bits inner[PIPELINE_COMMANDS_MAX];
    struct command_programs programs[PIPELINE_COMMANDS_MAX];
    struct mentions mentions;
    struct mentions of_sequence;
    struct familiar familiar;
    bool meant_something;        /* what was judged last: a finding, or the first step of one */
    struct expansion *expansion; /* NULL: nothing was assigned yet */
};

static enum status load(const struct engine_supply *supply, struct arena *arena,
                        const void **part, struct fault *fault)
{
    struct rule_set *set = arena_take(arena, sizeof *set);
    if (set == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(rule_set_load(supply->content, supply->pack, arena, set, fault));
    *part = set;
    return STATUS_OK;
}

/* ---- scopes ---- */

static bool is_scope(const struct script_scope *scope, uint32_t member,
                     enum shell_origin origin, struct bytes host, struct bytes account)
{
    return scope->member == member && scope->origin == origin &&
           bytes_equal(scope->host, bytes_part(host, 0, ENTITY_SIZE_MAX)) &&
           bytes_equal(scope->account, bytes_part(account, 0, ENTITY_SIZE_MAX));
}

static struct bytes account_of(const struct event *event)
{
    struct bytes actor = event_field(event, FIELD_USER_ACTOR);
    return actor.size > 0 ? actor : event_field(event, FIELD_USER_NAME);
}

static const char count_crowded[] = "commands of accounts that are not told apart";

/* The last scope takes what no other has room for, and is nobody's. */
static enum status find_scope(struct detection *detection, struct state *state,
                              const struct record *record)
{
    struct bytes host = BYTES_NONE;
    struct bytes account = BYTES_NONE;
    if (record->event != NULL) {
        host = event_field(record->event, FIELD_HOST_NAME);
        account = account_of(record->event);
    }
    uint32_t member = record->place.member;
    for (size_t i = 0; i < state->scope_count; i++) {
        if (is_scope(&state->scopes[i], member, record->origin, host, account)) {
            state->scope = &state->scopes[i];
            return STATUS_OK;
        }
    }
    bool is_crowded = state->scope_count >= CAPABILITY_SCOPES_MAX - 1;
    if (is_crowded) {
        coverage_count_add(&detection->examination->coverage, count_crowded, 1);
        host = BYTES_NONE;
        account = BYTES_NONE;
    }
    if (state->scope_count == CAPABILITY_SCOPES_MAX) {
        state->scope = &state->scopes[CAPABILITY_SCOPES_MAX - 1];
        return STATUS_OK;
    }
    struct script_scope scope = {.member = member, .origin = record->origin};
    TRY(arena_copy(detection->evidence, bytes_part(host, 0, ENTITY_SIZE_MAX), &scope.host));
    TRY(arena_copy(detection->evidence, bytes_part(account, 0, ENTITY_SIZE_MAX),
                   &scope.account));
    scope.mentions =
        arena_take_many(detection->evidence, SCRIPT_MENTIONS_MAX, sizeof *scope.mentions);
    if (scope.mentions == NULL) {
        return STATUS_NO_MEMORY;
    }
    state->scopes[state->scope_count] = scope;
    state->scope = &state->scopes[state->scope_count++];
    return STATUS_OK;
}

static void cite_place(struct script_scope *scope, size_t index, const struct record *record)
{
    struct bytes excerpt = bytes_part(record->source, 0, EXCERPT_SIZE_MAX);
    if (excerpt.size > 0) {
        memcpy(scope->excerpts[index], excerpt.data, excerpt.size);
    }
    scope->cites[index] = (struct cite){record->place, {scope->excerpts[index], excerpt.size}};
}

static enum status note_mention(struct arena *arena, struct script_scope *scope,
                                const struct entity *entity)
{
    for (size_t i = 0; i < scope->mention_count; i++) {
        if (entity_same(&scope->mentions[i], entity)) {
            return STATUS_OK;
        }
    }
    if (scope->mention_count == SCRIPT_MENTIONS_MAX) {
        scope->mentions_dropped++;
        return STATUS_OK;
    }
    struct entity *copy = &scope->mentions[scope->mention_count];
    *copy = *entity;
    TRY(arena_copy(arena, entity->name, &copy->name));
    scope->mention_count++;
    return STATUS_OK;
}

static void note_place(struct script_scope *scope, const struct record *record,
                       bool names_something)
{
    if (record->at.is_known) {
        scope->first = scope->first.is_known ? scope->first : record->at;
        scope->last = record->at;
    }
    if (names_something) {
        cite_place(scope, scope->pipeline_count > 0 ? 1 : 0, record);
        scope->pipeline_count++;
    }
}

static enum status note_script(struct arena *arena, struct state *state,
                               const struct record *record)
{
    struct script_scope *scope = state->scope;
    note_place(scope, record, state->mentions.count > 0);
    for (size_t i = 0; i < state->mentions.count; i++) {
        TRY(note_mention(arena, scope, &state->mentions.list[i]));
    }
    return STATUS_OK;
}

/* ---- what stands inside ---- */

static void merge(struct inner_bits *to, const struct inner_bits *from)
{
    for (size_t i = 0; i < MATCH_BITS_WORDS; i++) {
        to->substituted[i] |= from->substituted[i];
        to->any[i] |= from->any[i];
    }
}

/* Takes what was found inside the commands of the pipeline; true where there is something. */
static bool take_inner(struct state *state, const struct shell_pipeline *pipeline)
{
    bool found = false;
    size_t kept = 0;
    for (size_t i = 0; i < state->open_count; i++) {
        struct open_inner *open = &state->open[i];
        if (open->parent != pipeline->number) {
            state->open[kept++] = *open;
            continue;
        }
        if (!found) {
            memset(state->inner, 0, pipeline->command_count * sizeof *state->inner);
            found = true;
        }
        if (open->parent_command < pipeline->command_count) {
            merge(&state->inner[open->parent_command], &open->bits);
        }
    }
    state->open_count = kept;
    return found;
}

/* Leaves for the parent what holds for this pipeline, and for what stands inside it. */
static void leave_inner(struct state *state, const struct shell_pipeline *pipeline,
                        const uint64_t *own, bool has_inner)
{
    struct inner_bits bits = {0};
    for (size_t i = 0; has_inner && i < pipeline->command_count; i++) {
        merge(&bits, &state->inner[i]);
    }
    bool is_substituted =
        pipeline->relation == SHELL_SUBSTITUTION || pipeline->relation == SHELL_PROCESS;
    uint64_t some = 0;
    for (size_t i = 0; i < MATCH_BITS_WORDS; i++) {
        bits.any[i] |= own[i];
        bits.substituted[i] = is_substituted ? bits.any[i] : bits.substituted[i];
        some |= bits.any[i];
    }
    if (pipeline->parent == 0 || some == 0) {
        return;
    }
    for (size_t i = state->open_count; i > 0; i--) {
        struct open_inner *open = &state->open[i - 1];
        if (open->parent == pipeline->parent &&
            open->parent_command == pipeline->parent_command) {
            merge(&open->bits, &bits);
            return;
        }
    }
    if (state->open_count < INNER_OPEN_MAX) {
        state->open[state->open_count++] =
            (struct open_inner){pipeline->parent, pipeline->parent_command, bits};
    }
}

/* ---- findings ---- */

static enum status see(struct detection *detection, struct state *state,
                       const struct sighting *sighting)
{
    state->meant_something = true;
    for (size_t i = 0; i < state->pending_count; i++) {
        struct pending *pending = &state->pending[i];
        if (pending_takes(pending, sighting)) {
            return pending_add(detection->evidence, pending, sighting);
        }
    }
    if (state->pending_count == CAPABILITY_PENDING_MAX) {
        detection->examination->findings_dropped++;
        return STATUS_OK;
    }
    TRY(pending_open(detection->evidence, sighting, &state->pending[state->pending_count]));
    state->pending_count++;
    return STATUS_OK;
}

/* ---- sequences ---- */

/* Copies what is cited into the partial: sequences may begin without end, so that they have
 * memory of their own. */
static void note_step(struct partial *partial, uint32_t step, const struct record *record)
{
    struct bytes excerpt = bytes_part(record->source, 0, EXCERPT_SIZE_MAX);
    if (excerpt.size > 0) {
        memcpy(partial->excerpts[step], excerpt.data, excerpt.size);
    }
    partial->cites[step] =
        (struct cite){record->place, {partial->excerpts[step], excerpt.size}};
}

static void note_names(struct partial *partial, const struct mentions *mentions)
{
    for (size_t i = 0; i < mentions->count && partial->name_count < PARTIAL_NAMES_MAX; i++) {
        struct entity entity = mentions->list[i];
        if (entity.name.size <= PARTIAL_NAME_MAX) {
            uint8_t *copy = partial->name_bytes[partial->name_count];
            memcpy(copy, entity.name.data, entity.name.size);
            entity.name.data = copy;
            partial->names[partial->name_count++] = entity;
        }
    }
}

static void begin_sequence(struct state *state, const struct unit *unit, struct bytes file,
                           const struct record *record)
{
    const struct rule *rule = &state->set->rules[unit->rule];
    state->meant_something = true;
    if (file.size == 0 || file.size > PARTIAL_FILE_MAX) {
        return;
    }
    for (size_t i = 0; i < CAPABILITY_PARTIALS_MAX; i++) {
        const struct partial *partial = &state->partials[i];
        struct bytes same = {partial->file, partial->file_size};
        if (partial->rule == rule && partial->alternative == unit->alternative &&
            partial->scope == state->scope && bytes_equal(same, file)) {
            return;
        }
    }
    struct partial *partial = &state->partials[state->partial_next];
    state->partial_next = (state->partial_next + 1) % CAPABILITY_PARTIALS_MAX;
    state->sequences_begun += partial->rule == NULL;
    *partial = (struct partial){
        .rule = rule,
        .alternative = unit->alternative,
        .next_step = 1,
        .scope = state->scope,
        .file_size = file.size,
    };
    memcpy(partial->file, file.data, file.size);
    note_names(partial, &state->mentions);
    note_step(partial, 0, record);
}

/* What the first step named, the file, and what the last step names. */
static void gather_names(struct state *state, const struct partial *partial)
{
    struct mentions *all = &state->of_sequence;
    struct bytes file = {partial->file, partial->file_size};
    all->count = 0;
    for (size_t i = 0; i < partial->name_count; i++) {
        all->list[all->count++] = partial->names[i];
    }
    all->list[all->count++] = (struct entity){.kind = ENTITY_FILE, .name = file};
    for (size_t i = 0; i < state->mentions.count && all->count < MENTIONS_MAX; i++) {
        all->list[all->count++] = state->mentions.list[i];
    }
}

/* Takes each sequence of the record's scope as far as this pipeline goes. */
static enum status advance_sequences(struct detection *detection, struct state *state,
                                     struct subject *subject, const struct record *record)
{
    for (size_t i = 0; state->sequences_begun > 0 && i < CAPABILITY_PARTIALS_MAX; i++) {
        struct partial *partial = &state->partials[i];
        if (partial->rule == NULL || partial->scope != state->scope) {
            continue;
        }
        const struct alternative *alternative =
            &partial->rule->alternatives[partial->alternative];
        subject->file = (struct bytes){partial->file, partial->file_size};
        if (!match_pipeline(alternative->steps[partial->next_step], subject)) {
            continue;
        }
        if (partial->next_step + 1 < alternative->step_count) {
            note_step(partial, partial->next_step++, record);
            continue;
        }
        gather_names(state, partial);
        struct sighting sighting = {
            .rule = partial->rule,
            .scope = state->scope,
            .record = record,
            .mentions = &state->of_sequence,
            .earlier = partial->cites,
            .earlier_count = partial->next_step,
        };
        TRY(see(detection, state, &sighting));
        partial->rule = NULL;
        state->sequences_begun--;
    }
    subject->file = BYTES_NONE;
    return STATUS_OK;
}

/* ---- judging ---- */

static enum status judge_unit(struct detection *detection, struct state *state,
                              const struct unit *unit, struct subject *subject,
                              const struct record *record, uint64_t *own)
{
    subject->saved = BYTES_NONE;
    if (!match_pipeline(unit->condition, subject)) {
        return STATUS_OK;
    }
    if (unit->kind == UNIT_INNER) {
        own[unit->inner / 64] |= UINT64_C(1) << (unit->inner % 64);
        return STATUS_OK;
    }
    if (unit->kind == UNIT_STEP) {
        begin_sequence(state, unit, subject->saved, record);
        return STATUS_OK;
    }
    struct sighting sighting = {
        .rule = &state->set->rules[unit->rule],
        .scope = state->scope,
        .record = record,
        .mentions = &state->mentions,
    };
    return see(detection, state, &sighting);
}

/* `has_inner`: state->inner says what holds inside the pipeline's commands. */
static enum status judge(struct detection *detection, struct state *state,
                         const struct record *record, bool has_inner)
{
    const struct shell_pipeline *pipeline = record->pipeline;
    match_prepare(pipeline, state->programs);
    struct subject subject = {
        .pipeline = pipeline,
        .programs = state->programs,
        .inner = has_inner ? state->inner : NULL,
    };
    uint32_t offers = match_offers(pipeline, has_inner);
    uint64_t own[MATCH_BITS_WORDS] = {0};
    TRY(advance_sequences(detection, state, &subject, record));
    struct unit_bits candidates;
    if (rule_set_candidates(state->set, &subject, &candidates)) {
        for (size_t word = 0; word < UNIT_WORDS; word++) {
            for (uint64_t left = candidates.words[word]; left != 0; left &= left - 1) {
                size_t index = word * 64 + (size_t)__builtin_ctzll(left);
                const struct unit *unit = &state->set->units[index];
                if ((unit->demands & ~offers) == 0) {
                    TRY(judge_unit(detection, state, unit, &subject, record, own));
                }
            }
        }
    }
    leave_inner(state, pipeline, own, has_inner);
    return STATUS_OK;
}

static enum status open_state(struct detection *detection, struct state *state)
{
    state->set = engine_part(detection->engine, &capability_detector);
    state->pending =
        arena_take_many(detection->evidence, CAPABILITY_PENDING_MAX, sizeof *state->pending);
    return state->set == NULL || state->pending == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/* Nothing that came before has a say in what the next pipeline means. */
static bool is_untouched(const struct state *state)
{
    return state->expansion == NULL && state->open_count == 0 && state->sequences_begun == 0;
}

static enum status judge_record(struct detection *detection, struct state *state,
                                const struct record *record)
{
    bool has_inner = take_inner(state, record->pipeline);
    struct record expanded = *record;
    TRY(expansion_apply(detection->evidence, state->scope, record->pipeline, state->inner,
                        &has_inner, &state->expansion, &expanded.pipeline));
    state->mentions.count = 0;
    state->mentions.scratch_used = 0;
    mention_pipeline(&state->mentions, expanded.pipeline);
    TRY(note_script(detection->evidence, state, record));
    TRY(judge(detection, state, &expanded, has_inner));
    return expansion_note(detection->evidence, state->scope, expanded.pipeline,
                          has_inner ? state->inner : NULL, &state->expansion);
}

static enum status take(struct detection *detection, void *context, const struct record *record)
{
    struct state *state = context;
    if (state->set == NULL) {
        TRY(open_state(detection, state));
    }
    TRY(find_scope(detection, state, record));
    struct recent_key key;
    bool may_be_familiar = is_untouched(state) &&
                           familiar_key(record, (size_t)(state->scope - state->scopes), &key);
    const struct familiar_command *known =
        may_be_familiar ? familiar_find(&state->familiar, &key) : NULL;
    if (known != NULL) {
        note_place(state->scope, record, known->names_something);
        return STATUS_OK;
    }
    uint64_t dropped = state->scope->mentions_dropped;
    state->meant_something = false;
    TRY(judge_record(detection, state, record));
    if (may_be_familiar && !state->meant_something && is_untouched(state) &&
        state->scope->mentions_dropped == dropped) {
        TRY(familiar_add(&state->familiar, detection->evidence, &key,
                         state->mentions.count > 0));
    }
    if (record->pipeline->parent == 0) {
        state->open_count = 0; /* whose pipeline was never given */
    }
    return STATUS_OK;
}

/* ---- the end ---- */

static enum status observe_script(struct detection *detection, const struct script_scope *scope)
{
    struct entity entities[FINDING_ENTITIES_MAX];
    struct fact dropped = fact_count("mentions_dropped", scope->mentions_dropped);
    for (size_t from = 0; from < scope->mention_count; from += SCRIPT_CHUNK) {
        size_t count = 0;
        if (scope->host.size > 0) {
            entities[count++] = (struct entity){ENTITY_HOST, ROLE_VICTIM, scope->host};
        }
        if (scope->account.size > 0) {
            entities[count++] = (struct entity){ENTITY_ACCOUNT, ROLE_ACTOR, scope->account};
        }
        for (size_t i = from; i < scope->mention_count && i < from + SCRIPT_CHUNK; i++) {
            entities[count++] = scope->mentions[i];
        }
        struct observation observation = {
            .kind = OBSERVED_SCRIPT,
            .count = scope->pipeline_count,
            .first = scope->first,
            .last = scope->last,
            .entities = entities,
            .entity_count = count,
            .facts = &dropped,
            .fact_count = 1,
            .cites = scope->cites,
            .cite_count = scope->pipeline_count > 1 ? 2 : 1,
        };
        TRY(detection_observe(detection, &observation));
    }
    return STATUS_OK;
}

static enum status finish(struct detection *detection, void *context)
{
    struct state *state = context;
    for (size_t i = 0; i < state->pending_count; i++) {
        TRY(pending_raise(detection, &state->pending[i]));
    }
    for (size_t i = 0; i < state->scope_count; i++) {
        TRY(observe_script(detection, &state->scopes[i]));
    }
    return STATUS_OK;
}

const struct detector capability_detector = {
    .name = "capability",
    .record_kinds = 1U << RECORD_PIPELINE,
    .load = load,
    .state_size = sizeof(struct state),
    .take = take,
    .finish = finish,
};
