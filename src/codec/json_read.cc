/* simdjson behind a C face, without exceptions. */
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include <cstring>
#include <utility>

extern "C" {
#include "codec/json_read.h"
#include "codec/jsonout_restore.h"
#include "codec/tree_build.h"
}

namespace {

namespace ondemand = simdjson::ondemand;

struct reading {
    struct tree_build build;
    bool is_ours; /* written by codec/json.h: named bytes are restored */
};

void fail(reading &reading, simdjson::error_code error)
{
    bool is_memory = error == simdjson::MEMALLOC;
    tree_build_fail(&reading.build, is_memory ? STATUS_NO_MEMORY : STATUS_MALFORMED,
                    simdjson::error_message(error));
}

/* The string as bytes, restored where it is ours; in the scratch arena until it is copied. */
struct bytes bytes_of(reading &reading, std::string_view view)
{
    struct bytes bytes = {reinterpret_cast<const uint8_t *>(view.data()), view.size()};
    struct bytes restored = bytes;
    if (reading.is_ours &&
        jsonout_restore(bytes, reading.build.scratch, &restored) != STATUS_OK) {
        tree_build_fail(&reading.build, STATUS_NO_MEMORY, "the memory allowed is used up");
    }
    return restored;
}

template <typename value_type> void read_number(reading &reading, value_type &value)
{
    struct tree_node node = {};
    node.kind = TREE_NUMBER;
    ondemand::number number;
    simdjson::error_code error = value.get_number().get(number);
    if (error == simdjson::SUCCESS) {
        node.number = number.as_double();
        node.is_integer = number.is_int64();
        node.integer = node.is_integer ? number.get_int64() : 0;
    } else {
        /* An integer beyond 64 bits. */
        error = value.get_double().get(node.number);
    }
    if (error == simdjson::SUCCESS) {
        tree_build_scalar(&reading.build, node);
    } else {
        fail(reading, error);
    }
}

template <typename value_type>
void read_scalar(reading &reading, value_type &value, ondemand::json_type type)
{
    struct tree_node node = {};
    if (type == ondemand::json_type::string) {
        std::string_view view;
        simdjson::error_code error = value.get_string().get(view);
        if (error != simdjson::SUCCESS) {
            fail(reading, error);
            return;
        }
        node.kind = TREE_TEXT;
        node.text = bytes_of(reading, view);
    } else if (type == ondemand::json_type::boolean) {
        simdjson::error_code error = value.get_bool().get(node.is_true);
        if (error != simdjson::SUCCESS) {
            fail(reading, error);
            return;
        }
        node.kind = TREE_BOOLEAN;
    } else {
        bool is_null = false;
        simdjson::error_code error = value.is_null().get(is_null);
        if (error != simdjson::SUCCESS || !is_null) {
            fail(reading, simdjson::N_ATOM_ERROR);
            return;
        }
    }
    tree_build_scalar(&reading.build, node);
}

template <typename value_type> void read_value(reading &reading, value_type &value);

void read_list(reading &reading, ondemand::array list)
{
    tree_build_open(&reading.build, TREE_LIST);
    for (auto item : list) {
        ondemand::value value;
        simdjson::error_code error = item.get(value);
        if (error != simdjson::SUCCESS) {
            fail(reading, error);
        } else {
            read_value(reading, value);
        }
        if (tree_build_status(&reading.build) != STATUS_OK) {
            return;
        }
    }
    tree_build_close(&reading.build);
}

void read_map(reading &reading, ondemand::object map)
{
    tree_build_open(&reading.build, TREE_MAP);
    for (auto item : map) {
        ondemand::field field;
        std::string_view key;
        simdjson::error_code error = std::move(item).get(field);
        if (error == simdjson::SUCCESS) {
            error = field.unescaped_key().get(key);
        }
        if (error != simdjson::SUCCESS) {
            fail(reading, error);
            return;
        }
        tree_build_key(&reading.build, bytes_of(reading, key));
        read_value(reading, field.value());
        if (tree_build_status(&reading.build) != STATUS_OK) {
            return;
        }
    }
    tree_build_close(&reading.build);
}

/* Recursion ends at TREE_DEPTH_MAX, where tree_build_open fails. */
template <typename value_type> void read_value(reading &reading, value_type &value)
{
    ondemand::json_type type;
    simdjson::error_code error = value.type().get(type);
    if (error == simdjson::SUCCESS && type == ondemand::json_type::array) {
        ondemand::array list;
        error = value.get_array().get(list);
        if (error == simdjson::SUCCESS) {
            read_list(reading, list);
        }
    } else if (error == simdjson::SUCCESS && type == ondemand::json_type::object) {
        ondemand::object map;
        error = value.get_object().get(map);
        if (error == simdjson::SUCCESS) {
            read_map(reading, map);
        }
    } else if (error == simdjson::SUCCESS && type == ondemand::json_type::number) {
        read_number(reading, value);
    } else if (error == simdjson::SUCCESS) {
        read_scalar(reading, value, type);
    }
    if (error != simdjson::SUCCESS) {
        fail(reading, error);
    }
}

/* The line in which `at` lies. */
uint32_t line_of(const uint8_t *start, const char *at)
{
    uint32_t line = 1;
    for (const uint8_t *byte = start; byte < reinterpret_cast<const uint8_t *>(at); byte++) {
        line += *byte == '\n' ? 1 : 0;
    }
    return line;
}

/* `padded` is followed by SIMDJSON_PADDING bytes that may be read. */
void read_document(reading &reading, const uint8_t *padded, size_t size)
{
    ondemand::parser parser;
    ondemand::document document;
    simdjson::error_code error = parser
                                     .iterate(simdjson::padded_string_view(
                                         padded, size, size + simdjson::SIMDJSON_PADDING))
                                     .get(document);
    if (error != simdjson::SUCCESS) {
        fail(reading, error);
        return;
    }
    read_value(reading, document);
    const char *at = nullptr;
    bool is_at_end = document.current_location().get(at) == simdjson::OUT_OF_BOUNDS;
    if (tree_build_status(&reading.build) == STATUS_OK && !is_at_end) {
        fail(reading, simdjson::TRAILING_CONTENT);
    }
    if (tree_build_status(&reading.build) != STATUS_OK) {
        const char *end = reinterpret_cast<const char *>(padded) + size;
        reading.build.fault.line = line_of(padded, at == nullptr ? end : at);
    }
}

enum status read_tree(bool is_ours, struct bytes input, struct arena *arena, struct tree *out,
                      struct tree_fault *fault)
{
    if (input.size > JSON_READ_SIZE_MAX) {
        *fault = {"JSON of more than 16 MiB, too large to be read", 0};
        return STATUS_LIMIT;
    }
    reading reading;
    reading.is_ours = is_ours;
    *fault = {"the memory allowed is used up", 0};
    TRY(tree_build_init(&reading.build, arena));
    void *padded = arena_take(reading.build.scratch, input.size + simdjson::SIMDJSON_PADDING);
    if (padded == nullptr) {
        tree_build_done(&reading.build);
        return STATUS_NO_MEMORY;
    }
    if (input.size > 0) {
        std::memcpy(padded, input.data, input.size);
    }
    read_document(reading, static_cast<const uint8_t *>(padded), input.size);
    enum status status = tree_build_finish(&reading.build, out, fault);
    tree_build_done(&reading.build);
    return status;
}

} // namespace

extern "C" enum status tree_of_json(struct bytes input, struct arena *arena, struct tree *out,
                                    struct tree_fault *fault)
{
    return read_tree(false, input, arena, out, fault);
}

extern "C" enum status tree_of_jsonout(struct bytes input, struct arena *arena,
                                       struct tree *out, struct tree_fault *fault)
{
    return read_tree(true, input, arena, out, fault);
}
