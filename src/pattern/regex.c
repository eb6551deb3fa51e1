#include "pattern/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <string.h>

#define MESSAGE_SIZE 160U

struct regex {
    pcre2_code *code;
    pcre2_match_data *match_data;
    pcre2_match_context *context;
};

static void *take_memory(size_t size, void *arena)
{
    return arena_take(arena, size);
}

static void leave_memory(void *memory, void *arena)
{
    (void)memory;
    (void)arena;
}

static uint32_t options_of(unsigned flags)
{
    uint32_t options = PCRE2_NEVER_BACKSLASH_C;
    options |= (flags & REGEX_NOCASE) != 0 ? PCRE2_CASELESS : 0;
    options |= (flags & REGEX_MULTILINE) != 0 ? PCRE2_MULTILINE : 0;
    options |= (flags & REGEX_DOTALL) != 0 ? PCRE2_DOTALL : 0;
    /* Without it a pattern that begins with (*UTF) would trust the subject to be UTF-8. */
    options |= (flags & REGEX_UTF) != 0 ? PCRE2_UTF | PCRE2_MATCH_INVALID_UTF : PCRE2_NEVER_UTF;
    return options;
}

static enum status compile_status(struct arena *arena, int error, size_t offset,
                                  struct fault *fault)
{
    if (error == PCRE2_ERROR_HEAP_FAILED) {
        return STATUS_NO_MEMORY;
    }
    char *message = arena_take(arena, MESSAGE_SIZE);
    if (message == NULL) {
        return STATUS_NO_MEMORY;
    }
    IGNORE(pcre2_get_error_message(error, (PCRE2_UCHAR *)message, MESSAGE_SIZE) < 0,
           "a message that was cut says enough");
    *fault = (struct fault){message, offset};
    return STATUS_MALFORMED;
}

/* The contexts that bound compiling and matching; NULL memory is found out by the caller. */
static void set_limits(pcre2_compile_context *compiling, pcre2_match_context *matching)
{
    IGNORE(pcre2_set_max_pattern_length(compiling, REGEX_PATTERN_SIZE_MAX), "cannot fail");
    IGNORE(pcre2_set_parens_nest_limit(compiling, REGEX_NESTING_MAX), "cannot fail");
    IGNORE(pcre2_set_match_limit(matching, REGEX_STEPS_MAX), "cannot fail");
    IGNORE(pcre2_set_depth_limit(matching, REGEX_DEPTH_MAX), "cannot fail");
    IGNORE(pcre2_set_heap_limit(matching, REGEX_HEAP_KIB_MAX), "cannot fail");
}

enum status regex_compile(struct arena *arena, struct bytes pattern, unsigned flags,
                          struct regex **out, struct fault *fault)
{
    *fault = (struct fault){"the memory allowed is used up", 0};
    struct regex *regex = arena_take(arena, sizeof *regex);
    pcre2_general_context *general =
        regex == NULL ? NULL : pcre2_general_context_create(take_memory, leave_memory, arena);
    if (general == NULL) {
        return STATUS_NO_MEMORY;
    }
    pcre2_compile_context *compiling = pcre2_compile_context_create(general);
    regex->context = pcre2_match_context_create(general);
    if (compiling == NULL || regex->context == NULL) {
        return STATUS_NO_MEMORY;
    }
    set_limits(compiling, regex->context);
    int error = 0;
    size_t offset = 0;
    static const uint8_t nothing[1];
    const uint8_t *data = pattern.size == 0 ? nothing : pattern.data;
    regex->code =
        pcre2_compile(data, pattern.size, options_of(flags), &error, &offset, compiling);
    if (regex->code == NULL) {
        return compile_status(arena, error, offset, fault);
    }
    regex->match_data = pcre2_match_data_create(REGEX_GROUPS_MAX + 1, general);
    if (regex->match_data == NULL) {
        return STATUS_NO_MEMORY;
    }
    *out = regex;
    return STATUS_OK;
}

static enum status find_status(int result)
{
    switch (result) {
    case PCRE2_ERROR_NOMATCH:
        return STATUS_NOT_FOUND;
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
        return STATUS_LIMIT;
    case PCRE2_ERROR_NOMEMORY:
        return STATUS_NO_MEMORY;
    default:
        return STATUS_MALFORMED;
    }
}

enum status regex_find(const struct regex *regex, struct bytes subject, size_t from,
                       struct regex_match *out)
{
    if (from > subject.size) {
        return STATUS_NOT_FOUND;
    }
    static const uint8_t nothing[1];
    const uint8_t *data = subject.size == 0 ? nothing : subject.data;
    int result = pcre2_match(regex->code, data, subject.size, from, 0, regex->match_data,
                             regex->context);
    if (result < 0) {
        return find_status(result);
    }
    const size_t *places = pcre2_get_ovector_pointer(regex->match_data);
    /* With \K in a look-ahead a match may end before it begins. */
    if (places[0] > places[1]) {
        return STATUS_NOT_FOUND;
    }
    unsigned count = result == 0 ? REGEX_GROUPS_MAX : (unsigned)result - 1;
    *out = (struct regex_match){
        .offset = places[0], .size = places[1] - places[0], .group_count = count};
    for (unsigned i = 0; i < count; i++) {
        size_t first = places[2 * i + 2];
        size_t end = places[2 * i + 3];
        if (first != PCRE2_UNSET && end >= first) {
            out->groups[i] = bytes_part(subject, first, end - first);
        }
    }
    return STATUS_OK;
}
