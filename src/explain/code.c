#include "explain/code.h"

#include "explain/cite.h"
#include "record/quote.h"

#define SHOWN_MAX 160
#define LIST_SIZE_MAX 8192
#define NAME_SIZE_MAX 96

static const char *const names[STATEMENT_LANGUAGE_COUNT] = {
    [LANGUAGE_NONE] = "unknown",
    [LANGUAGE_PHP] = "php",
    [LANGUAGE_PYTHON] = "python",
    [LANGUAGE_PERL] = "perl",
    [LANGUAGE_JAVASCRIPT] = "javascript",
    [LANGUAGE_RUBY] = "ruby",
    [LANGUAGE_JAVA] = "java",
    [LANGUAGE_VISUAL_BASIC] = "visual-basic",
    [LANGUAGE_AWK] = "awk",
    [LANGUAGE_C] = "c",
    [LANGUAGE_SQL] = "sql",
    [LANGUAGE_PAGE] = "page",
    [LANGUAGE_JSON] = "json",
    [LANGUAGE_LOOKUP] = "lookup",
    [LANGUAGE_ADDRESS] = "address",
    [LANGUAGE_UNKNOWN] = "unknown",
};

enum status code_say_kind(const struct statement *statement, const struct basis *basis,
                          struct draft *draft)
{
    struct slots slots = {.arena = draft->arena};
    return draft_say_of(draft, "code", names[statement->language], &slots, basis);
}

/* ---- what a name does ---- */

/* SQL and pages know names in small and capital letters. */
static struct bytes in_small_letters(struct bytes name, uint8_t *buffer)
{
    size_t size = name.size < NAME_SIZE_MAX ? name.size : NAME_SIZE_MAX;
    for (size_t i = 0; i < size; i++) {
        buffer[i] = byte_lower(name.data[i]);
    }
    return (struct bytes){buffer, size};
}

static bool has_cases(enum statement_language language)
{
    return language != LANGUAGE_SQL && language != LANGUAGE_PAGE &&
           language != LANGUAGE_VISUAL_BASIC;
}

static struct bytes last_part(struct bytes name)
{
    return bytes_after_last(bytes_after_last(name, '.'), ':');
}

/* "subprocess.run" by all of it, else by "run", where that is known as a part. */
static struct bytes does_of(const struct knowledge *knowledge,
                            const struct statement_call *call)
{
    uint8_t buffer[NAME_SIZE_MAX];
    struct bytes wanted =
        has_cases(call->language) ? call->name : in_small_letters(call->name, buffer);
    struct bytes does = knowledge_call(knowledge, bytes_of_text(names[call->language]), wanted);
    if (does.size == 0) {
        does =
            knowledge_call(knowledge, bytes_of_text(names[call->language]), last_part(wanted));
    }
    if (does.size == 0 && call->language == LANGUAGE_PAGE) {
        does = knowledge_call(knowledge, bytes_of_text("javascript"), call->name);
    }
    return does;
}

/* ---- telling them ---- */

/* The calls of one place, known and unknown ones apart. */
struct lists {
    struct text known;
    struct text unknown;
    struct basis basis;
};

static void add_call(struct lists *lists, const struct statement_call *call, struct bytes does)
{
    bool is_value = call->language == LANGUAGE_JSON;
    struct text *list = does.size > 0 || is_value ? &lists->known : &lists->unknown;
    if (list->size + 8 * SHOWN_MAX > LIST_SIZE_MAX) {
        return;
    }
    text_add(list, list->size == 0 ? "" : ", ");
    quote_add_text(list, call->name, SHOWN_MAX);
    if (list == &lists->unknown) {
        return;
    }
    if (call->argument.size > 0) {
        text_add(list, is_value ? " is " : " ");
        quote_add_text(list, call->argument, SHOWN_MAX);
    }
    text_add(list, does.size > 0 ? " (" : "");
    text_add_raw(list, does);
    text_add(list, does.size > 0 ? ")" : "");
}

static enum status say_lists(struct lists *lists, bool is_data, struct draft *draft)
{
    struct slots slots = {.arena = draft->arena};
    slots_set(&slots, "calls", &lists->known);
    slots_set(&slots, "unknown", &lists->unknown);
    if (lists->known.size > 0) {
        TRY(draft_say(draft, is_data ? "code.fields" : "code.calls", &slots, &lists->basis,
                      NULL));
    }
    return lists->unknown.size == 0
               ? STATUS_OK
               : draft_say(draft, "code.not-known", &slots, &lists->basis, NULL);
}

enum status code_explain(const struct knowledge *knowledge, const struct statement *statement,
                         uint32_t view, uint32_t within, struct draft *draft)
{
    struct lists lists = {.known = text_of_limit(LIST_SIZE_MAX),
                          .unknown = text_of_limit(LIST_SIZE_MAX)};
    bool is_data = false;
    for (size_t i = 0; i < statement->call_count; i++) {
        const struct statement_call *call = &statement->calls[i];
        if (call->view != view || call->within != within) {
            continue;
        }
        cite_text(&lists.basis, call->view, call->offset, call->size);
        add_call(&lists, call, does_of(knowledge, call));
        is_data |= call->language == LANGUAGE_JSON;
    }
    enum status status = say_lists(&lists, is_data, draft);
    text_done(&lists.known);
    text_done(&lists.unknown);
    return status;
}
