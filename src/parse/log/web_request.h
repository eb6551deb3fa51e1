/* A request as a web server's log tells it, whatever the log's form, and the record of it.
 *
 * The record is RECORD_TRANSACTION of TRANSACTION_HTTP with flow_number 0, the same that a
 * capture gives, so that what is looked for in requests is looked for in both
 * (docs/decisions/0050-requests-of-logs-are-transactions.md).  Escapes that servers write
 * (\xHH, \", \\, \n ...) are undone; what was percent-encoded stays so.  A request without a
 * method, such as another protocol's first bytes, has only URL_PATH, all of it.
 *
 * Input:  untrusted.   Output: borrows from the line, or lies in the batch. */
#pragma once

#include "parse/log/feed.h"

/* Empty, or "-", where the log has none. */
struct web_request {
    struct moment at;
    struct bytes client; /* address, name, or address with port */
    struct bytes port;
    struct bytes user;
    struct bytes host;    /* asked for, perhaps with a port */
    struct bytes request; /* "GET /index.html HTTP/1.1"; empty where the parts are known: */
    struct bytes method;
    struct bytes target;
    struct bytes version;
    struct bytes status;
    struct bytes size;
    struct bytes request_size;
    struct bytes referrer;
    struct bytes user_agent;
    struct bytes forwarded;
    struct bytes content_type;
    bool is_plain; /* the log's escapes are undone already */
};

enum status web_request_give(struct feed *feed, const struct web_request *request,
                             struct bytes source) MUST_USE;

/* The parts of a request line; false where it has no method. */
bool web_request_split(struct bytes line, struct bytes *method, struct bytes *target,
                       struct bytes *version);
/* What the log escaped as it was; borrows from `text` where nothing was. */
enum status web_unescape(struct bytes text, struct arena *batch, struct bytes *out) MUST_USE;
/* Reads "192.0.2.1", "192.0.2.1:443", "[2001:db8::1]:443" and IPv4 in IPv6's clothes. */
bool web_address(struct bytes text, struct endpoint *out);
