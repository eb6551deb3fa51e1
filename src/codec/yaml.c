#include "codec/yaml.h"

#include <yaml.h>

#include "base/number.h"
#include "codec/tree_build.h"

static void set_integer(struct tree_node *node, int64_t value)
{
    node->kind = TREE_NUMBER;
    node->is_integer = true;
    node->integer = value;
    node->number = (double)value;
}

static bool set_based(struct tree_node *node)
{
    uint64_t value = 0;
    struct bytes digits = bytes_from(node->text, 2);
    if (bytes_starts(node->text, "0x")) {
        if (number_hex(digits, &value) != STATUS_OK || value > INT64_MAX) {
            return false;
        }
        set_integer(node, (int64_t)value);
        return true;
    }
    if (!bytes_starts(node->text, "0o") || digits.size == 0 || digits.size > 20) {
        return false;
    }
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '7') {
            return false;
        }
        value = value << 3 | (uint64_t)(digits.data[i] - '0');
    }
    set_integer(node, (int64_t)value);
    return true;
}

/* False where the scalar is no whole number, or one beyond 64 bits. */
static bool set_whole(struct tree_node *node)
{
    uint64_t value = 0;
    bool is_negative = bytes_starts(node->text, "-");
    bool is_signed = is_negative || bytes_starts(node->text, "+");
    uint64_t most = is_negative ? (uint64_t)INT64_MAX + 1 : INT64_MAX;
    struct bytes digits = bytes_from(node->text, is_signed ? 1 : 0);
    if (number_decimal_max(digits, most, &value) != STATUS_OK) {
        return false;
    }
    set_integer(node, is_negative ? (int64_t)(0 - value) : (int64_t)value);
    return true;
}

static bool is_one_of(struct bytes text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_equal_text(text, words[i])) {
            return true;
        }
    }
    return false;
}

/* YAML 1.2, section 10.3.2: what a plain scalar means. */
static void resolve(struct tree_node *node)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    static const char *const trues[] = {"true", "True", "TRUE"};
    static const char *const falses[] = {"false", "False", "FALSE"};
    if (is_one_of(node->text, nulls, 5)) {
        node->kind = TREE_NULL;
    } else if (is_one_of(node->text, trues, 3) || is_one_of(node->text, falses, 3)) {
        node->kind = TREE_BOOLEAN;
        node->is_true = is_one_of(node->text, trues, 3);
    } else if (!set_based(node) && !set_whole(node) &&
               number_double(node->text, &node->number) == STATUS_OK) {
        node->kind = TREE_NUMBER;
    }
}

static void take_scalar(struct tree_build *build, const yaml_event_t *event)
{
    struct bytes text = {event->data.scalar.value, event->data.scalar.length};
    if (event->data.scalar.anchor != NULL) {
        tree_build_fail(build, STATUS_UNSUPPORTED, "anchors are not used here");
    } else if (event->data.scalar.tag != NULL) {
        tree_build_fail(build, STATUS_UNSUPPORTED, "tags are not used here");
    } else if (tree_build_wants_key(build)) {
        tree_build_key(build, text);
    } else {
        struct tree_node node = {.kind = TREE_TEXT, .text = text};
        if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
            resolve(&node);
        }
        tree_build_scalar(build, node);
    }
}

static void take_open(struct tree_build *build, enum tree_kind kind, const yaml_char_t *anchor,
                      const yaml_char_t *tag)
{
    if (anchor != NULL) {
        tree_build_fail(build, STATUS_UNSUPPORTED, "anchors are not used here");
    } else if (tag != NULL) {
        tree_build_fail(build, STATUS_UNSUPPORTED, "tags are not used here");
    } else if (tree_build_wants_key(build)) {
        tree_build_fail(build, STATUS_UNSUPPORTED, "a key is not a scalar");
    } else {
        tree_build_open(build, kind);
    }
}

static void take_event(struct tree_build *build, const yaml_event_t *event)
{
    build->line = (uint32_t)number_least(event->start_mark.line + 1, UINT32_MAX);
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        tree_build_fail(build, STATUS_UNSUPPORTED, "aliases are not used here");
        break;
    case YAML_SCALAR_EVENT:
        take_scalar(build, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        take_open(build, TREE_LIST, event->data.sequence_start.anchor,
                  event->data.sequence_start.tag);
        break;
    case YAML_MAPPING_START_EVENT:
        take_open(build, TREE_MAP, event->data.mapping_start.anchor,
                  event->data.mapping_start.tag);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        tree_build_close(build);
        break;
    case YAML_DOCUMENT_START_EVENT:
        if (build->has_root) {
            tree_build_fail(build, STATUS_UNSUPPORTED, "more than one document");
        }
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
}

static void fail_parser(struct tree_build *build, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR) {
        tree_build_fail(build, STATUS_NO_MEMORY, "the memory allowed is used up");
        return;
    }
    const yaml_mark_t *mark =
        parser->error == YAML_READER_ERROR ? &parser->mark : &parser->problem_mark;
    build->line = (uint32_t)number_least(mark->line + 1, UINT32_MAX);
    tree_build_fail(build, STATUS_MALFORMED,
                    parser->problem == NULL ? "not YAML" : parser->problem);
}

static void read_events(struct tree_build *build, yaml_parser_t *parser)
{
    bool is_done = false;
    while (!is_done && tree_build_status(build) == STATUS_OK) {
        yaml_event_t event;
        if (yaml_parser_parse(parser, &event) == 0) {
            fail_parser(build, parser);
            return;
        }
        take_event(build, &event);
        is_done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
}

enum status tree_of_yaml(struct bytes input, struct arena *arena, struct tree *out,
                         struct tree_fault *fault)
{
    if (input.size > YAML_SIZE_MAX) {
        *fault = (struct tree_fault){"too large to be read", 0};
        return STATUS_LIMIT;
    }
    struct tree_build build;
    yaml_parser_t parser;
    *fault = (struct tree_fault){"the memory allowed is used up", 0};
    TRY(tree_build_init(&build, arena));
    if (yaml_parser_initialize(&parser) == 0) {
        tree_build_done(&build);
        return STATUS_NO_MEMORY;
    }
    static const uint8_t nothing[1];
    yaml_parser_set_input_string(&parser, input.size == 0 ? nothing : input.data, input.size);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    read_events(&build, &parser);
    yaml_parser_delete(&parser);
    enum status status = tree_build_finish(&build, out, fault);
    tree_build_done(&build);
    return status;
}
