#include "record/endpoint.h"

#include <arpa/inet.h>
#include <string.h>

/* inet_ntop does this with sprintf, and a capture names addresses all the time. */
static void add_address4(struct text *text, const uint8_t *address)
{
    for (size_t i = 0; i < 4; i++) {
        text_add(text, i == 0 ? "" : ".");
        text_add_number(text, address[i]);
    }
}

void endpoint_add_address(struct text *text, const struct endpoint *endpoint)
{
    char printed[INET6_ADDRSTRLEN] = "";
    if (endpoint->address_size == 4) {
        add_address4(text, endpoint->address);
    } else if (inet_ntop(AF_INET6, endpoint->address, printed, sizeof printed) != NULL) {
        text_add(text, printed);
    }
}

void endpoint_add(struct text *text, const struct endpoint *endpoint)
{
    bool is_v6 = endpoint->address_size == 16;
    text_add(text, is_v6 && endpoint->port != 0 ? "[" : "");
    endpoint_add_address(text, endpoint);
    text_add(text, is_v6 && endpoint->port != 0 ? "]" : "");
    if (endpoint->port != 0) {
        text_add(text, ":");
        text_add_number(text, endpoint->port);
    }
}

bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
    return a->address_size == b->address_size && a->port == b->port &&
           memcmp(a->address, b->address, a->address_size) == 0;
}

struct prefix {
    uint8_t address[4];
    uint32_t bits;
};

static bool is_private4(const uint8_t *address)
{
    /* RFC 6890's special-purpose registry, less the documentation nets: recordings use those
     * as their internet. */
    static const struct prefix prefixes[] = {
        {{0, 0, 0, 0}, 8},      {{10, 0, 0, 0}, 8},     {{100, 64, 0, 0}, 10},
        {{127, 0, 0, 0}, 8},    {{169, 254, 0, 0}, 16}, {{172, 16, 0, 0}, 12},
        {{192, 168, 0, 0}, 16}, {{224, 0, 0, 0}, 4},    {{240, 0, 0, 0}, 4},
    };
    uint32_t value = (uint32_t)address[0] << 24 | (uint32_t)address[1] << 16 |
                     (uint32_t)address[2] << 8 | address[3];
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        const uint8_t *p = prefixes[i].address;
        uint32_t base =
            (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
        if ((value ^ base) >> (32 - prefixes[i].bits) == 0) {
            return true;
        }
    }
    return false;
}

bool endpoint_is_private(const struct endpoint *endpoint)
{
    const uint8_t *address = endpoint->address;
    if (endpoint->address_size == 4) {
        return is_private4(address);
    }
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static const uint8_t zero[15] = {0};
    if (memcmp(address, mapped, sizeof mapped) == 0) {
        return is_private4(address + 12);
    }
    bool loopback = memcmp(address, zero, sizeof zero) == 0; /* :: and ::1 */
    bool link_local = address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
    bool unique_local = (address[0] & 0xfe) == 0xfc;
    return loopback || link_local || unique_local || address[0] == 0xff;
}

enum status endpoint_read(struct bytes text, struct endpoint *out)
{
    char copy[INET6_ADDRSTRLEN];
    if (text.size == 0 || text.size >= sizeof copy || bytes_find_byte(text, '\0') < text.size) {
        return STATUS_MALFORMED;
    }
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    struct endpoint endpoint = {.address_size = 4};
    if (inet_pton(AF_INET, copy, endpoint.address) != 1) {
        endpoint.address_size = 16;
        if (inet_pton(AF_INET6, copy, endpoint.address) != 1) {
            return STATUS_MALFORMED;
        }
    }
    *out = endpoint;
    return STATUS_OK;
}
