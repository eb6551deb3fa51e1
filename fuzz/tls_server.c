/* Claims of parse/net/tls_server.h: what is given lies in the scratch buffer; more of the
 * stream takes nothing back that was known. */
#include "fuzz.h"

#include "parse/net/tls_server.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t scratch[TLS_SERVER_SIZE_MAX];
    struct bytes whole = {scratch, sizeof scratch};
    struct bytes input = {data, size};
    bool had_hello = false;
    uint16_t cipher = 0;
    size_t step = size / 16 + 1;
    for (size_t part = 0; part <= size; part += step) {
        struct tls_server server;
        if (tls_server_read(bytes_part(input, 0, part), scratch, &server) != STATUS_OK) {
            CLAIM(!had_hello);
            return 0;
        }
        CLAIM(lies_inside(server.protocol, whole));
        CLAIM(lies_inside(server.certificate, whole));
        CLAIM(!had_hello || (server.has_hello && server.cipher == cipher));
        had_hello = server.has_hello;
        cipher = server.cipher;
    }
    return 0;
}
