/* Builds certificates in DER, of the parts that are read. */
#pragma once

#include "make/capture.h"

/* One element round `body`. */
static inline void make_element(struct text *out, unsigned tag, struct bytes body)
{
    text_add_byte(out, (char)tag);
    if (body.size >= 0x80) {
        text_add_byte(out, (char)0x82);
        make_u16(out, (unsigned)body.size);
    } else {
        text_add_byte(out, (char)body.size);
    }
    text_add_raw(out, body);
}

/* SET { SEQUENCE { object 2.5.4.`attribute`, a string } }, in a name. */
static inline void make_attribute(struct text *out, unsigned attribute, const char *value)
{
    struct text pair = text_of_limit(1024);
    struct text sequence = text_of_limit(1024);
    char object[] = {0x55, 0x04, (char)attribute};
    make_element(&pair, 0x06, (struct bytes){(const uint8_t *)object, 3});
    make_element(&pair, 0x0c, bytes_of_text(value));
    make_element(&sequence, 0x30, text_bytes(&pair));
    make_element(out, 0x31, text_bytes(&sequence));
    text_done(&pair);
    text_done(&sequence);
}

/* "CN=`name`, O=Example" as a SEQUENCE. */
static inline void make_subject(struct text *out, const char *name)
{
    struct text parts = text_of_limit(1024);
    make_attribute(&parts, 3, name);
    make_attribute(&parts, 10, "Example");
    make_element(out, 0x30, text_bytes(&parts));
    text_done(&parts);
}

static inline void make_alternative_name(struct text *out, const char *host)
{
    struct text name = text_of_limit(1024);
    struct text list = text_of_limit(1024);
    struct text extension = text_of_limit(1024);
    struct text sequence = text_of_limit(1024);
    struct text all = text_of_limit(1024);
    make_element(&name, 0x82, bytes_of_text(host));
    make_element(&list, 0x30, text_bytes(&name));
    make_element(&extension, 0x06, (struct bytes)BYTES_LITERAL("\x55\x1d\x11"));
    make_element(&extension, 0x01, (struct bytes)BYTES_LITERAL("\xff"));
    make_element(&extension, 0x04, text_bytes(&list));
    make_element(&sequence, 0x30, text_bytes(&extension));
    make_element(&all, 0x30, text_bytes(&sequence));
    make_element(out, 0xa3, text_bytes(&all));
    text_done(&name);
    text_done(&list);
    text_done(&extension);
    text_done(&sequence);
    text_done(&all);
}

/* Holds from 2025-01-02T03:04:05Z to 2055-06-07T08:09:10Z. */
static inline void make_certificate(struct text *out, const char *subject, const char *issuer,
                                    const char *host)
{
    struct text body = text_of_limit(8192);
    struct text times = text_of_limit(1024);
    struct text whole = text_of_limit(8192);
    make_element(&body, 0xa0, (struct bytes)BYTES_LITERAL("\2\1\2"));
    make_element(&body, 0x02, (struct bytes)BYTES_LITERAL("\x01\x02"));
    make_element(&body, 0x30, BYTES_NONE);
    make_subject(&body, issuer);
    make_element(&times, 0x17, bytes_of_text("250102030405Z"));
    make_element(&times, 0x18, bytes_of_text("20550607080910Z"));
    make_element(&body, 0x30, text_bytes(&times));
    make_subject(&body, subject);
    make_element(&body, 0x30, BYTES_NONE); /* the key */
    make_alternative_name(&body, host);
    make_element(&whole, 0x30, text_bytes(&body));
    make_element(&whole, 0x30, BYTES_NONE);
    make_element(&whole, 0x03, BYTES_NONE);
    make_element(out, 0x30, text_bytes(&whole));
    text_done(&body);
    text_done(&times);
    text_done(&whole);
}
