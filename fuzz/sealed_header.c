/* Claims of access/seal/sealed_header.h: what is borrowed lies inside the input, the header
 * that is accepted needs all of its bytes and none behind them, and a refusal has a reason. */
#include "fuzz.h"

#include "access/seal/sealed_header.h"

static void check_stanza(const struct sealed_stanza *stanza, struct bytes input)
{
    CLAIM(lies_inside(stanza->type, input) && stanza->type.size > 0);
    CLAIM(lies_inside(stanza->arguments, input));
    CLAIM((stanza->argument_count == 0) == (stanza->arguments.size == 0));
    struct bytes rest = stanza->arguments;
    struct bytes argument = BYTES_NONE;
    size_t count = 0;
    while (bytes_split(&rest, ' ', &argument)) {
        CLAIM(argument.size > 0);
        count++;
    }
    CLAIM(count == stanza->argument_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct sealed_header header; /* too long for a stack */
    static struct sealed_header again;
    struct bytes input = {data, size};
    struct seal_fault fault = {0};
    if (sealed_header_parse(input, &header, &fault) != STATUS_OK) {
        CLAIM(fault.what != NULL && fault.part == SEAL_HEADER);
        return 0;
    }
    CLAIM(header.stanza_count > 0 && header.size <= size);
    CLAIM(lies_inside(header.authenticated, input));
    for (size_t i = 0; i < header.stanza_count; i++) {
        check_stanza(&header.stanzas[i], input);
    }
    struct bytes whole = bytes_part(input, 0, header.size);
    CLAIM(sealed_header_parse(whole, &again, &fault) == STATUS_OK);
    CLAIM(again.size == header.size && again.stanza_count == header.stanza_count);
    whole.size--;
    CLAIM(sealed_header_parse(whole, &again, &fault) == STATUS_TRUNCATED);
    return 0;
}
