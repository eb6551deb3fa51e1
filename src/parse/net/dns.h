/* Reads DNS messages: what was asked, what was answered.
 *
 * Input:  untrusted.   Output: by value; nothing borrows.
 * Limits: a name has at most 255 bytes (RFC 1035 section 3.1), DNS_ANSWERS_MAX addresses are
 *         kept, DNS_RECORDS_MAX records looked at.
 * Fuzzed: fuzz/dns.c.   Format: RFC 1035, 3596.
 * Does not check: classes, additional records, DNSSEC, EDNS. */
#pragma once

#include "base/cursor.h"
#include "record/record.h"

#define DNS_NAME_WIRE_MAX 255
/* Each byte may become "\ddd". */
#define DNS_NAME_TEXT_MAX (DNS_NAME_WIRE_MAX * 4)
#define DNS_ANSWERS_MAX 8
#define DNS_RECORDS_MAX 256

/* A name as zone files write it, without the last dot; "." for the root. */
struct dns_name {
    char text[DNS_NAME_TEXT_MAX];
    size_t size;
};

struct dns_message {
    uint16_t id;
    bool is_response;
    uint8_t response_code;
    bool has_question;
    struct dns_name question;
    uint16_t type;
    struct endpoint answers[DNS_ANSWERS_MAX]; /* of A and AAAA records */
    size_t answer_count;
    uint64_t answers_dropped;
    /* Of the answer section as a whole: what a tunnel cannot hide. */
    size_t size; /* of the message */
    uint32_t record_count;
    uint32_t data_size; /* of all records, without their names */
    uint32_t ttl_least;
    uint16_t record_type;   /* of the first */
    struct dns_name record; /* first name, text or bytes that are no address */
    bool is_damaged;        /* what follows the question could not all be read */
};

/* STATUS_UNSUPPORTED for anything but ordinary queries (updates, notifications). */
enum status dns_read(struct bytes message, struct dns_message *out) MUST_USE;
struct bytes dns_name_bytes(const struct dns_name *name);
/* "A", "TXT", or "TYPE64" (RFC 3597), in `buffer` where there is no name. */
#define DNS_WORD_SIZE 16
struct bytes dns_type_name(uint16_t type, char buffer[DNS_WORD_SIZE]);
/* "NOERROR", "NXDOMAIN", or "RCODE9". */
struct bytes dns_response_code_name(uint8_t code, char buffer[DNS_WORD_SIZE]);
