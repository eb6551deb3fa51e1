#include "explain/meaning.h"

#include "explain/choice.h"
#include "explain/cite.h"
#include "explain/code.h"
#include "explain/indicator.h"
#include "explain/recognise.h"
#include "explain/schedule.h"
#include "explain/step.h"
#include "explain/wording.h"
#include "record/quote.h"

#include <stdlib.h>

#define SHOWN_MAX 400
#define FINDINGS_MAX 12

/* ---- the kind of text ---- */

static void set_field(const struct statement *statement, struct slots *slots, const char *slot,
                      enum field field)
{
    AUTO(text_done) struct text text = text_of_limit(SHOWN_MAX * 8);
    quote_add_text(&text, statement_field(statement, field), SHOWN_MAX);
    slots_set(slots, slot, &text);
}

static void set_fields(const struct statement *statement, struct slots *slots)
{
    static const struct {
        const char *slot;
        enum field field;
    } rows[] = {
        {"host", FIELD_HOST_NAME},
        {"host", FIELD_HTTP_HOST},
        {"process", FIELD_PROCESS_NAME},
        {"method", FIELD_HTTP_METHOD},
        {"url", FIELD_URL_PATH},
        {"account", FIELD_USER_TARGET},
        {"account", FIELD_USER_ACTOR},
        {"account", FIELD_USER_NAME},
        {"source", FIELD_SOURCE_ADDRESS},
        {"status", FIELD_HTTP_STATUS},
        {"agent", FIELD_HTTP_USER_AGENT},
        {"target", FIELD_USER_TARGET},
        {"destination", FIELD_DESTINATION_ADDRESS},
        {"port", FIELD_DESTINATION_PORT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        set_field(statement, slots, rows[i].slot, rows[i].field);
    }
}

/* What a status says to whoever asked (RFC 9110, 15), by how it begins; the longer first. */
static const char *answer_of(struct bytes status)
{
    static const struct {
        const char *begin;
        const char *answer;
    } rows[] = {
        {"401", "log in first"},    {"403", "not allowed"},  {"404", "there is no such thing"},
        {"2", "here it is"},        {"3", "look elsewhere"}, {"4", "not like this"},
        {"5", "the server failed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (bytes_starts(status, rows[i].begin)) {
            return rows[i].answer;
        }
    }
    return NULL;
}

/* A line of an access log. */
static enum status say_request(const struct statement *statement, struct draft *draft,
                               struct slots *slots, const struct basis *basis)
{
    const char *answer = answer_of(statement_field(statement, FIELD_HTTP_STATUS));
    if (answer != NULL) {
        slots_set_text(slots, "answer", answer);
    }
    TRY(draft_say(draft, "log.request", slots, basis, NULL));
    return draft_say(draft, "log.agent", slots, basis, NULL);
}

static enum status say_log(const struct statement *statement, struct draft *draft,
                           struct slots *slots, const struct basis *basis)
{
    AUTO(text_done) struct text words = text_of_limit(64);
    if (statement_field(statement, FIELD_HTTP_METHOD).size > 0) {
        return say_request(statement, draft, slots, basis);
    }
    if (statement->action == EVENT_OTHER) {
        return draft_say(draft, "log.other", slots, basis, NULL);
    }
    for (const char *letter = event_action_name(statement->action); *letter != '\0'; letter++) {
        text_add_byte(&words, *letter == '-' ? ' ' : *letter);
    }
    slots_set(slots, "meaning", &words);
    TRY(draft_say_of(draft, "log", event_action_name(statement->action), slots, basis));
    TRY(draft_say(draft, "log-account", slots, basis, NULL));
    if (statement->action == EVENT_COMMAND_RUN) {
        TRY(draft_say(draft, "log-as", slots, basis, NULL));
    }
    TRY(draft_say(draft, "log-source", slots, basis, NULL));
    return draft_say(draft, "log-destination", slots, basis, NULL);
}

/* The commands of the text itself, and whose shell they are for. */
static void set_commands(const struct statement *statement, struct slots *slots)
{
    static const char *const shells[SHELL_DIALECT_COUNT] = {
        [SHELL_UNIX] = "a Unix shell",
        [SHELL_PROMPT] = "the command prompt of Windows",
        [SHELL_POWERSHELL] = "PowerShell",
    };
    AUTO(text_done) struct text count = text_of_limit(32);
    enum shell_dialect dialect = SHELL_UNIX;
    size_t commands = 0;
    for (size_t i = 0; i < statement->command_count; i++) {
        bool is_own = statement->commands[i].view == 0 && statement->commands[i].within == 0 &&
                      statement->commands[i].position != CHOICE_JOINED;
        dialect = is_own && commands == 0 ? statement->commands[i].dialect : dialect;
        commands += is_own;
    }
    slots_set_text(slots, "shell", shells[dialect]);
    if (commands > 1) {
        wording_add_count(&count, commands);
        slots_set(slots, "count", &count);
    }
}

static enum status say_kind_of(const struct meaning_source *source, struct draft *draft,
                               struct slots *slots, const struct basis *basis)
{
    static const char *const ids[STATEMENT_KIND_COUNT] = {
        [STATEMENT_COMMAND] = "kind.commands", [STATEMENT_LOG] = "kind.log",
        [STATEMENT_URL] = "kind.url",          [STATEMENT_REQUEST] = "kind.request",
        [STATEMENT_AGENT] = "kind.agent",      [STATEMENT_SCHEDULE] = "kind.schedule",
        [STATEMENT_UNIT] = "kind.unit",        [STATEMENT_CODE] = "kind.code",
    };
    if (source->statement->kind == STATEMENT_CODE) {
        return code_say_kind(source->statement, basis, draft);
    }
    bool is_said = false;
    TRY(draft_say(draft, ids[source->statement->kind], slots, basis, &is_said));
    return is_said || source->statement->kind != STATEMENT_COMMAND
               ? STATUS_OK
               : draft_say(draft, "kind.command", slots, basis, NULL);
}

/* The times of the first line that has some. */
static void set_schedule(struct bytes text, struct slots *slots)
{
    AUTO(text_done) struct text words = text_of_limit(SHOWN_MAX * 8);
    struct bytes rest = text;
    struct bytes line;
    while (words.size == 0 && bytes_split(&rest, '\n', &line)) {
        struct bytes trimmed = bytes_trim(line);
        uint8_t first = trimmed.size > 0 ? trimmed.data[0] : '#';
        if (first == '*' || first == '@' || (first >= '0' && first <= '9')) {
            schedule_add_words(&words, trimmed);
        }
    }
    slots_set(slots, "schedule", &words);
}

static enum status say_kind(const struct meaning_source *source, struct draft *draft)
{
    const struct statement *statement = source->statement;
    struct slots slots = {.arena = draft->arena};
    struct basis basis = {0};
    cite_text(&basis, 0, 0, source->text.size);
    set_fields(statement, &slots);
    set_commands(statement, &slots);
    if (statement->kind == STATEMENT_SCHEDULE) {
        set_schedule(source->text, &slots);
    }
    TRY(say_kind_of(source, draft, &slots, &basis));
    if (statement->is_usage) {
        TRY(draft_say(draft, "usage", &slots, &basis, NULL));
    }
    if (statement->kind == STATEMENT_LOG) {
        return say_log(statement, draft, &slots, &basis);
    }
    if (statement->kind == STATEMENT_URL) {
        TRY(draft_say(draft, "url.path", &slots, &basis, NULL));
        return statement_field(statement, FIELD_USER_NAME).size > 0
                   ? draft_say(draft, "url.user", &slots, &basis, NULL)
                   : STATUS_OK;
    }
    return STATUS_OK;
}

/* ---- steps ---- */

/* By where they stand: a command that stands inside another one comes where it is written. */
static int compare_commands(const void *a, const void *b)
{
    const struct statement_command *left = *(const struct statement_command *const *)a;
    const struct statement_command *right = *(const struct statement_command *const *)b;
    if (left->view != right->view) {
        return left->view < right->view ? -1 : 1;
    }
    uint64_t left_at = left->word_count > 0 ? left->words[0].offset : 0;
    uint64_t right_at = right->word_count > 0 ? right->words[0].offset : 0;
    if (left_at != right_at) {
        return left_at < right_at ? -1 : 1;
    }
    return left < right ? -1 : left > right;
}

static enum status say_steps(const struct meaning_source *source, uint32_t view,
                             struct draft *draft)
{
    const struct statement *statement = source->statement;
    const struct statement_command **sorted =
        arena_take_many(draft->arena, statement->command_count, sizeof *sorted);
    if (sorted == NULL && statement->command_count > 0) {
        return STATUS_NO_MEMORY;
    }
    const struct step_source step = {source->knowledge, statement, source->text};
    size_t count = 0;
    for (size_t i = 0; i < statement->command_count; i++) {
        if (statement->commands[i].view == view) {
            sorted[count++] = &statement->commands[i];
        }
    }
    TRY(code_explain(source->knowledge, statement, view, 0, draft));
    qsort(sorted, count, sizeof *sorted, compare_commands);
    for (size_t i = 0; i < count; i++) {
        draft->opens_paragraph = true;
        TRY(step_explain(&step, sorted[i], draft));
        TRY(code_explain(source->knowledge, statement, view,
                         (uint32_t)(sorted[i] - statement->commands) + 1, draft));
    }
    return STATUS_OK;
}

static enum status say_hidden(const struct meaning_source *source, struct draft *draft)
{
    const struct statement *statement = source->statement;
    for (uint32_t i = 0; i < statement->view_count; i++) {
        const struct statement_view *view = &statement->views[i];
        struct slots slots = {.arena = draft->arena};
        AUTO(text_done) struct text text = text_of_limit(SHOWN_MAX * 8);
        text_add_quoted(&text, view->how, 64);
        slots_set(&slots, "how", &text);
        text_clear(&text);
        quote_add_text(&text, view->text, SHOWN_MAX);
        slots_set(&slots, "text", &text);
        struct basis basis = {0};
        cite_text(&basis, view->parent, view->offset, view->size);
        draft->opens_paragraph = true;
        TRY(draft_say(draft, "hidden", &slots, &basis, NULL));
        TRY(say_steps(source, i + 1, draft));
    }
    return STATUS_OK;
}

/* ---- what it matches ---- */

static enum status say_model(const struct finding *finding, struct draft *draft,
                             const struct basis *basis)
{
    const struct fact *chance = fact_find(finding->facts, finding->fact_count, "p_value");
    if (chance == NULL) {
        return STATUS_OK;
    }
    struct slots slots = {.arena = draft->arena};
    AUTO(text_done) struct text percent = text_of_limit(32);
    text_addf(&percent, "%.1f", chance->number * 100);
    slots_set(&slots, "percent", &percent);
    return draft_say(draft, "model", &slots, basis, NULL);
}

static enum status say_finding(const struct finding *finding, struct draft *draft)
{
    struct slots slots = {.arena = draft->arena};
    struct basis basis = {0};
    for (size_t i = 0; i < finding->cite_count; i++) {
        const struct place *place = &finding->cites[i].place;
        bool is_bytes = place->kind == PLACE_BYTES;
        cite_text(&basis, place->member, is_bytes ? place->first : 0,
                  is_bytes ? place->last : 0);
    }
    for (size_t i = 0; i < finding->technique_count; i++) {
        TRY(cite_knowledge(&basis, draft->arena, "attack:", finding->techniques[i]));
    }
    if (fact_find(finding->facts, finding->fact_count, "p_value") != NULL) {
        return say_model(finding, draft, &basis);
    }
    AUTO(text_done) struct text text = text_of_limit(PHRASE_SIZE_MAX);
    text_add_quoted(&text, finding->title, 200);
    slots_set(&slots, "title", &text);
    const struct fact *why = fact_find(finding->facts, finding->fact_count, "explanation");
    text_clear(&text);
    text_add_quoted(&text, why == NULL ? BYTES_NONE : why->text, 1024);
    slots_set(&slots, "explanation", &text);
    slots_set_text(&slots, "severity", severity_name(finding->severity));
    draft->opens_paragraph = true;
    TRY(draft_say(draft, "finding", &slots, &basis, NULL));
    return draft_say(draft, "finding.level", &slots, &basis, NULL);
}

/* Detectors read what is meant for Windows as a Unix shell would, to miss nothing hidden in it;
 * that they find nothing says little. */
static bool is_for_windows(const struct statement *statement)
{
    bool is_windows = false;
    for (size_t i = 0; i < statement->command_count; i++) {
        is_windows = is_windows || statement->commands[i].dialect != SHELL_UNIX;
    }
    return is_windows;
}

static enum status say_findings(const struct meaning_source *source, struct draft *draft)
{
    struct slots slots = {.arena = draft->arena};
    struct basis basis = {0};
    cite_text(&basis, 0, 0, source->text.size);
    size_t count = source->examination->finding_count;
    for (size_t i = 0; i < count && i < FINDINGS_MAX; i++) {
        TRY(say_finding(&source->examination->findings[i], draft));
    }
    draft->opens_paragraph = true;
    const char *ordinary = is_for_windows(source->statement) ? "ordinary.windows" : "ordinary";
    return draft_say(draft, count > 0 ? "check" : ordinary, &slots, &basis, NULL);
}

static enum status say_cut(const struct statement *statement, struct draft *draft)
{
    struct slots slots = {.arena = draft->arena};
    struct basis basis = {0};
    cite_text(&basis, 0, 0, 0);
    AUTO(text_done) struct text count = text_of_limit(32);
    wording_add_count(&count, statement->commands_dropped);
    slots_set(&slots, "count", &count);
    return statement->commands_dropped == 0 ? STATUS_OK
                                            : draft_say(draft, "cut", &slots, &basis, NULL);
}

/* Everything about a text that is no name of something known. */
static enum status say_text(const struct meaning_source *pasted, struct draft *draft)
{
    struct statement statement;
    struct meaning_source source = *pasted;
    bool is_choice = false;
    TRY(choice_settle(pasted->knowledge, pasted->statement, draft->arena, &statement,
                      &is_choice));
    source.statement = &statement;
    TRY(say_kind(&source, draft));
    if (is_choice) {
        struct slots slots = {.arena = draft->arena};
        struct basis basis = {0};
        cite_text(&basis, 0, 0, source.text.size);
        TRY(draft_say(draft, "usage.bars", &slots, &basis, NULL));
    }
    TRY(say_steps(&source, 0, draft));
    TRY(say_hidden(&source, draft));
    TRY(say_cut(&statement, draft));
    return say_findings(&source, draft);
}

enum status meaning_explain(const struct meaning_source *source, struct arena *arena,
                            struct reply *out)
{
    struct phrase_book book = {.phrases = tree_member(source->phrases, "phrases")};
    struct draft draft;
    bool is_name = false;
    TRY(draft_begin(&draft, arena, &book));
    draft.opens_paragraph = true;
    TRY(recognise_name(source->knowledge, source->text, &draft, &is_name));
    if (!is_name && source->statement->kind != STATEMENT_CODE) {
        TRY(indicator_explain(source->text, &draft, &is_name));
    }
    if (!is_name) {
        TRY(say_text(source, &draft));
    }
    *out = (struct reply){
        .question = source->text,
        .outcome = REPLY_ANSWERED,
        .sentences = draft.sentences,
        .sentence_count = draft.count,
    };
    return STATUS_OK;
}
