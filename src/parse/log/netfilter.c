#include "parse/log/netfilter.h"

#include "parse/log/message.h"

/* "[   12.345678] " of the kernel's clock. */
static struct bytes without_clock(struct bytes message)
{
    size_t close = bytes_find_byte(message, ']');
    bool has_clock = bytes_starts(message, "[") && close < 20;
    for (size_t i = 1; has_clock && i < close; i++) {
        uint8_t byte = message.data[i];
        has_clock = byte == ' ' || byte == '.' || (byte >= '0' && byte <= '9');
    }
    return has_clock ? bytes_trim(bytes_from(message, close + 1)) : message;
}

struct named {
    const char *name;
    enum field field;
};

static const struct named names[] = {
    {"IN=", FIELD_INTERFACE_IN},    {"OUT=", FIELD_INTERFACE_OUT},
    {"SRC=", FIELD_SOURCE_ADDRESS}, {"DST=", FIELD_DESTINATION_ADDRESS},
    {"SPT=", FIELD_SOURCE_PORT},    {"DPT=", FIELD_DESTINATION_PORT},
    {"PROTO=", FIELD_TRANSPORT},
};

static enum status add_word(struct event *out, struct bytes word, struct arena *batch)
{
    const struct named *named = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        named = bytes_starts(word, names[i].name) ? &names[i] : named;
    }
    if (named == NULL || event_field(out, named->field).size > 0) {
        return STATUS_OK;
    }
    struct bytes value = bytes_from(word, bytes_of_text(named->name).size);
    if (named->field != FIELD_SOURCE_ADDRESS && named->field != FIELD_DESTINATION_ADDRESS) {
        event_add(out, named->field, value);
        return STATUS_OK;
    }
    enum status status = message_add_address(out, named->field, value, batch);
    return status == STATUS_MALFORMED ? STATUS_OK : status;
}

enum status netfilter_read(struct bytes message, struct arena *batch, struct event *out)
{
    static const struct bytes begin = BYTES_LITERAL("IN=");
    size_t at = bytes_find(message, begin);
    if (at == message.size || !bytes_contains(message, " SRC=") ||
        !bytes_contains(message, " DST=")) {
        return STATUS_NOT_FOUND;
    }
    struct bytes rule = bytes_trim(without_clock(bytes_part(message, 0, at)));
    struct bytes rest = bytes_from(message, at);
    struct bytes word = BYTES_NONE;
    while (bytes_split(&rest, ' ', &word) && !bytes_starts(word, "[")) {
        TRY(add_word(out, word, batch));
    }
    event_add(out, FIELD_AUDIT_KEY, rule);
    out->action = EVENT_PACKET_LOGGED;
    return STATUS_OK;
}
