/* Claims of parse/net/tls_hello.h and ja4.h: what is given lies in the scratch buffer; lists
 * keep their bounds; a fingerprint has its form, and is the same with the extensions in any
 * order. */
#include "fuzz.h"

#include <string.h>

#include "parse/net/ja4.h"

static void check_form(const char *ja4)
{
    CLAIM(strlen(ja4) == JA4_SIZE);
    CLAIM(ja4[0] == 't' && ja4[10] == '_' && ja4[23] == '_');
    for (size_t i = 11; i < JA4_SIZE; i++) {
        bool is_digit = (ja4[i] >= '0' && ja4[i] <= '9') || (ja4[i] >= 'a' && ja4[i] <= 'f');
        CLAIM(i == 23 || is_digit);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t scratch[TLS_HELLO_SIZE_MAX];
    struct bytes whole = {scratch, sizeof scratch};
    struct tls_hello hello;
    if (tls_hello_read((struct bytes){data, size}, scratch, &hello) != STATUS_OK ||
        hello.wants_more) {
        return 0;
    }
    CLAIM(lies_inside(hello.server_name, whole) && lies_inside(hello.protocols, whole));
    CLAIM(hello.ciphers.count <= TLS_LIST_MAX && hello.extensions.count <= TLS_LIST_MAX);
    char one[JA4_SIZE + 1];
    char two[JA4_SIZE + 1];
    ja4_write(&hello, 't', one);
    check_form(one);
    struct tls_list turned = {.count = hello.extensions.count};
    for (size_t i = 0; i < turned.count; i++) {
        turned.values[i] = hello.extensions.values[turned.count - 1 - i];
    }
    hello.extensions = turned;
    ja4_write(&hello, 't', two);
    CLAIM(strcmp(one, two) == 0);
    return 0;
}
