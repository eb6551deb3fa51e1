/* Claims of parse/net/dns.h: names keep their bounds and hold printable text; what is counted
 * fits into the message. */
#include "fuzz.h"

#include "parse/net/dns.h"

static void check_name(const struct dns_name *name)
{
    CLAIM(name->size <= DNS_NAME_TEXT_MAX);
    for (size_t i = 0; i < name->size; i++) {
        CLAIM(name->text[i] > ' ' && name->text[i] < 0x7f);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dns_message message;
    if (dns_read((struct bytes){data, size}, &message) != STATUS_OK) {
        return 0;
    }
    check_name(&message.question);
    check_name(&message.record);
    CLAIM(message.size == size && message.data_size <= size);
    CLAIM(message.record_count <= DNS_RECORDS_MAX);
    CLAIM(message.answer_count <= DNS_ANSWERS_MAX);
    CLAIM(message.answer_count + message.answers_dropped <= message.record_count);
    CLAIM(message.is_response || message.record_count == 0);
    CLAIM(!message.has_question || message.question.size > 0);
    return 0;
}
