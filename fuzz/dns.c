/* Claims of parse/net/dns.h: a name that was read is printable ASCII and, written as labels
 * again, is read as the same name; reading less of a message never gives more answers. */
#include "fuzz.h"

#include <string.h>

#include "base/text.h"
#include "parse/net/dns.h"

static void add_label(struct text *out, struct text *label)
{
    CLAIM(label->size <= 63);
    if (label->size > 0) {
        text_add_byte(out, (char)label->size);
        text_add_raw(out, text_bytes(label));
        text_clear(label);
    }
}

/* What zone files write, as a name on the wire (RFC 1035 section 5.1). */
static void add_wire(struct text *out, struct bytes name)
{
    AUTO(text_done) struct text label = text_of_limit(DNS_NAME_WIRE_MAX);
    struct bytes written = name.size == 1 && name.data[0] == '.' ? BYTES_NONE : name;
    for (size_t i = 0; i < written.size; i++) {
        uint8_t byte = written.data[i];
        if (byte == '.') {
            CLAIM(label.size > 0);
            add_label(out, &label);
            continue;
        }
        bool is_escape = byte == '\\';
        bool is_number = is_escape && written.data[i + 1] >= '0' && written.data[i + 1] <= '9';
        if (is_number) {
            CLAIM(i + 3 < written.size);
            byte = (uint8_t)((written.data[i + 1] - '0') * 100 +
                             (written.data[i + 2] - '0') * 10 + (written.data[i + 3] - '0'));
        } else if (is_escape) {
            CLAIM(i + 1 < written.size);
            byte = written.data[i + 1];
        }
        text_add_byte(&label, (char)byte);
        i += is_number ? 3 : is_escape;
    }
    add_label(out, &label);
    text_add_byte(out, 0);
}

/* The first name of the message as it stands there; none where it points elsewhere. */
static struct bytes plain_name(struct bytes message)
{
    struct cursor cursor = cursor_of(message);
    cursor_skip(&cursor, 12);
    for (uint8_t size; (size = cursor_u8(&cursor)) != 0;) {
        if (size >= 64) {
            return BYTES_NONE;
        }
        cursor_skip(&cursor, size);
    }
    return bytes_part(message, 12, cursor_offset(&cursor) - 12);
}

static void check_name(const struct dns_message *message, struct bytes input)
{
    struct bytes name = dns_name_bytes(&message->question);
    CLAIM(name.size > 0 && name.size <= DNS_NAME_TEXT_MAX);
    for (size_t i = 0; i < name.size; i++) {
        CLAIM(name.data[i] > ' ' && name.data[i] < 0x7f);
    }
    AUTO(text_done) struct text wire = text_of_limit(4096);
    const char head[12] = {0, 0, 1, 0, 0, 1};
    text_add_raw(&wire, (struct bytes){(const uint8_t *)head, sizeof head});
    add_wire(&wire, name);
    CLAIM(wire.size <= sizeof head + DNS_NAME_WIRE_MAX);
    struct bytes plain = plain_name(input);
    CLAIM(plain.size == 0 || bytes_equal(bytes_from(text_bytes(&wire), sizeof head), plain));
    text_add_byte(&wire, (char)(message->type >> 8));
    text_add_byte(&wire, (char)message->type);
    text_add_raw(&wire, (struct bytes)BYTES_LITERAL("\0\1"));
    struct dns_message again;
    CLAIM(dns_read(text_bytes(&wire), &again) == STATUS_OK);
    CLAIM(again.has_question && again.type == message->type && !again.is_response);
    CLAIM(bytes_equal(dns_name_bytes(&again.question), name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct dns_message message;
    struct dns_message part;
    if (dns_read(input, &message) != STATUS_OK) {
        return 0;
    }
    char type[DNS_WORD_SIZE];
    char code[DNS_WORD_SIZE];
    CLAIM(message.answer_count <= DNS_ANSWERS_MAX);
    CLAIM(message.answer_count + message.answers_dropped <= DNS_RECORDS_MAX);
    CLAIM(message.is_response || message.answer_count == 0);
    CLAIM(dns_type_name(message.type, type).size > 0);
    CLAIM(dns_response_code_name(message.response_code, code).size > 0);
    for (size_t i = 0; i < message.answer_count; i++) {
        CLAIM(message.answers[i].address_size == 4 || message.answers[i].address_size == 16);
    }
    if (message.has_question) {
        check_name(&message, input);
    }
    if (dns_read(bytes_part(input, 0, size - size / 4), &part) == STATUS_OK) {
        CLAIM(part.id == message.id && part.answer_count <= message.answer_count);
        CLAIM(memcmp(part.answers, message.answers, part.answer_count * sizeof *part.answers) ==
              0);
    }
    return 0;
}
