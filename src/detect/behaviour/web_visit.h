/* One request to a web server, as the behaviours of web requests look at it: who asked, for
 * what in plain letters, and how it was answered.
 *
 * Input:  untrusted: a request is what its sender chose.
 * Limits: WEB_PLAIN_MAX bytes are decoded; percent-encoding is undone WEB_ROUNDS_MAX times.
 * Not checked: UTF-8; an overlong form stays what it is. */
#pragma once

#include "detect/behaviour/contact.h"

#define WEB_PLAIN_MAX 4096U
#define WEB_ROUNDS_MAX 2

/* Text as the program behind the server may come to read it: decoded, lower case, with one
 * space for any run of blanks, controls, pluses and comments of SQL. */
struct web_plain {
    size_t size;
    uint8_t data[WEB_PLAIN_MAX];
};

enum web_answer {
    WEB_UNANSWERED, /* or not known */
    WEB_GIVEN,      /* 2xx */
    WEB_ELSEWHERE,  /* 3xx: go and ask there */
    WEB_REFUSED,    /* 4xx */
    WEB_BROKEN,     /* 5xx */
};

/* An address, else a name; behind a proxy of our own network, whom the proxy asked for. */
struct web_client {
    struct endpoint address;
    struct trace_name name;
};

void web_plain_set(struct web_plain *plain, struct bytes text);
/* "name=value" of a body, where both were decoded once: a plus stays one. */
void web_plain_set_pair(struct web_plain *plain, struct bytes name, struct bytes value);
struct bytes web_plain_get(const struct web_plain *plain);
enum web_answer web_answer_of(const struct transaction *transaction);
/* False where nobody knows who asked. */
bool web_client_of(const struct transaction *transaction, struct web_client *out);
void web_client_add_key(struct recent_key *key, const struct web_client *client);
bool web_client_equal(const struct web_client *a, const struct web_client *b);

/* Entities that the findings share: who asked, and the server and site that were asked.  Their
 * names lie in `names`, which must hold. */
struct web_names {
    struct text client;
    struct text server;
    struct text site;
};
void web_names_init(struct web_names *names, const struct web_client *client,
                    const struct endpoint *server, struct bytes site);
void web_names_done(struct web_names *names);
void web_names_add(const struct web_names *names, const struct web_client *client,
                   struct entity *entities, size_t *count);
