/* simdjson behind a C face, without exceptions, for lines. */
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include <cstring>
#include <new>
#include <utility>

extern "C" {
#include "codec/jsonline.h"
}

namespace ondemand = simdjson::ondemand;

struct jsonline {
    ondemand::parser parser;
    uint8_t *padded;
    size_t size_max;
    /* of the line in hand */
    struct arena *arena;
    struct jsonline_value values[JSONLINE_VALUES_MAX];
    size_t count;
    enum status status;
    size_t path_size;
    uint8_t path[JSONLINE_PATH_MAX];
};

namespace {

void fail(jsonline &reader, enum status status)
{
    if (reader.status == STATUS_OK) {
        reader.status = status;
    }
}

struct bytes copy_of(jsonline &reader, std::string_view view)
{
    struct bytes copy = {};
    struct bytes bytes = {reinterpret_cast<const uint8_t *>(view.data()), view.size()};
    enum status status = arena_copy(reader.arena, bytes, &copy);
    if (status != STATUS_OK) {
        fail(reader, status);
    }
    return copy;
}

void add(jsonline &reader, enum jsonline_kind kind, struct bytes text, bool is_item)
{
    if (reader.count == JSONLINE_VALUES_MAX) {
        fail(reader, STATUS_LIMIT);
        return;
    }
    std::string_view path(reinterpret_cast<const char *>(reader.path), reader.path_size);
    reader.values[reader.count++] = {copy_of(reader, path), text, kind, is_item};
}

/* Adds a key to the path; false where it has no room. */
bool enter(jsonline &reader, std::string_view key)
{
    size_t dot = reader.path_size > 0 ? 1 : 0;
    if (key.size() + dot > JSONLINE_PATH_MAX - reader.path_size) {
        fail(reader, STATUS_LIMIT);
        return false;
    }
    reader.path[reader.path_size] = '.';
    std::memcpy(&reader.path[reader.path_size + dot], key.data(), key.size());
    reader.path_size += key.size() + dot;
    return true;
}

void read_value(jsonline &reader, ondemand::value value, unsigned depth, bool is_item);

/* True where the list holds bytes and nothing else; it is left at its beginning. */
bool is_bytes(ondemand::array &list, size_t &size)
{
    size = 0;
    bool is_all = true;
    for (auto item : list) {
        uint64_t number = 0;
        if (item.get_uint64().get(number) != simdjson::SUCCESS || number > UINT8_MAX) {
            is_all = false;
            break;
        }
        size++;
    }
    bool is_empty = true;
    return list.reset().get(is_empty) == simdjson::SUCCESS && is_all && size > 0;
}

void read_bytes(jsonline &reader, ondemand::array &list, size_t size, bool is_item)
{
    auto *bytes = static_cast<uint8_t *>(arena_take(reader.arena, size));
    size_t at = 0;
    if (bytes == nullptr) {
        fail(reader, STATUS_NO_MEMORY);
        return;
    }
    for (auto item : list) {
        uint64_t number = 0;
        if (at == size || item.get_uint64().get(number) != simdjson::SUCCESS) {
            fail(reader, STATUS_MALFORMED);
            return;
        }
        bytes[at++] = static_cast<uint8_t>(number);
    }
    add(reader, JSONLINE_BYTES, {bytes, at}, is_item);
}

void read_list(jsonline &reader, ondemand::array list, unsigned depth, bool is_item)
{
    size_t size = 0;
    if (is_bytes(list, size)) {
        read_bytes(reader, list, size, is_item);
        return;
    }
    for (auto item : list) {
        ondemand::value value;
        if (item.get(value) != simdjson::SUCCESS) {
            fail(reader, STATUS_MALFORMED);
        } else {
            read_value(reader, value, depth, true);
        }
        if (reader.status != STATUS_OK) {
            return;
        }
    }
}

void read_object(jsonline &reader, ondemand::object object, unsigned depth)
{
    size_t path_size = reader.path_size;
    for (auto item : object) {
        ondemand::field field;
        std::string_view key;
        if (std::move(item).get(field) != simdjson::SUCCESS ||
            field.unescaped_key().get(key) != simdjson::SUCCESS) {
            fail(reader, STATUS_MALFORMED);
        } else if (enter(reader, key)) {
            read_value(reader, field.value(), depth, false);
        }
        if (reader.status != STATUS_OK) {
            return;
        }
        reader.path_size = path_size;
    }
}

/* A number, true, false or null. */
void read_word(jsonline &reader, ondemand::value value, bool is_item)
{
    std::string_view token = value.raw_json_token();
    while (!token.empty() && static_cast<uint8_t>(token.back()) <= ' ') {
        token.remove_suffix(1);
    }
    enum jsonline_kind kind = token == "true"    ? JSONLINE_TRUE
                              : token == "false" ? JSONLINE_FALSE
                              : token == "null"  ? JSONLINE_NULL
                                                 : JSONLINE_NUMBER;
    double number = 0;
    if (kind == JSONLINE_NUMBER && value.get_double().get(number) != simdjson::SUCCESS) {
        fail(reader, STATUS_MALFORMED);
        return;
    }
    add(reader, kind, copy_of(reader, token), is_item);
}

/* Recursion ends at JSONLINE_DEPTH_MAX. */
void read_value(jsonline &reader, ondemand::value value, unsigned depth, bool is_item)
{
    ondemand::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS) {
        fail(reader, STATUS_MALFORMED);
        return;
    }
    bool is_deep = type == ondemand::json_type::array || type == ondemand::json_type::object;
    if (is_deep && depth == JSONLINE_DEPTH_MAX) {
        fail(reader, STATUS_LIMIT);
        return;
    }
    simdjson::error_code error = simdjson::SUCCESS;
    if (type == ondemand::json_type::array) {
        ondemand::array list;
        error = value.get_array().get(list);
        if (error == simdjson::SUCCESS) {
            read_list(reader, list, depth + 1, is_item);
        }
    } else if (type == ondemand::json_type::object) {
        ondemand::object object;
        error = value.get_object().get(object);
        if (error == simdjson::SUCCESS) {
            read_object(reader, object, depth + 1);
        }
    } else if (type == ondemand::json_type::string) {
        std::string_view view;
        error = value.get_string().get(view);
        if (error == simdjson::SUCCESS) {
            add(reader, JSONLINE_TEXT, copy_of(reader, view), is_item);
        }
    } else {
        read_word(reader, value, is_item);
    }
    if (error != simdjson::SUCCESS) {
        fail(reader, STATUS_MALFORMED);
    }
}

void read_line(jsonline &reader, size_t size)
{
    ondemand::document document;
    ondemand::object object;
    simdjson::padded_string_view view(reader.padded, size, size + simdjson::SIMDJSON_PADDING);
    if (reader.parser.iterate(view).get(document) != simdjson::SUCCESS ||
        document.get_object().get(object) != simdjson::SUCCESS) {
        fail(reader, STATUS_MALFORMED);
        return;
    }
    read_object(reader, object, 1);
    const char *at = nullptr;
    if (reader.status == STATUS_OK &&
        document.current_location().get(at) != simdjson::OUT_OF_BOUNDS) {
        fail(reader, STATUS_MALFORMED);
    }
}

} // namespace

extern "C" enum status jsonline_open(size_t size_max, struct jsonline **out)
{
    auto *reader = new (std::nothrow) jsonline();
    if (reader == nullptr) {
        return STATUS_NO_MEMORY;
    }
    reader->size_max = size_max;
    reader->padded = new (std::nothrow) uint8_t[size_max + simdjson::SIMDJSON_PADDING];
    if (reader->padded == nullptr || reader->parser.allocate(size_max) != simdjson::SUCCESS) {
        jsonline_close(&reader);
        return STATUS_NO_MEMORY;
    }
    *out = reader;
    return STATUS_OK;
}

extern "C" void jsonline_close(struct jsonline **reader)
{
    if (*reader != nullptr) {
        delete[](*reader)->padded;
        delete *reader;
        *reader = nullptr;
    }
}

extern "C" enum status jsonline_read(struct jsonline *reader, struct bytes line,
                                     struct arena *arena, const struct jsonline_value **values,
                                     size_t *count)
{
    reader->arena = arena;
    reader->count = 0;
    reader->path_size = 0;
    reader->status = line.size > reader->size_max ? STATUS_LIMIT : STATUS_OK;
    if (line.size == 0) {
        fail(*reader, STATUS_MALFORMED);
    }
    if (reader->status == STATUS_OK) {
        std::memcpy(reader->padded, line.data, line.size);
        std::memset(reader->padded + line.size, 0, simdjson::SIMDJSON_PADDING);
        read_line(*reader, line.size);
    }
    *values = reader->values;
    *count = reader->count;
    return reader->status;
}
