/* Who contacted which service, how often, how much was said: shared by the behaviours of
 * traffic, each of which keeps a table of its own.
 *
 * Limits: CONTACTS_MAX pairs of client and service, of which the one longest not heard of is
 * given up; REGULARITY_TIMES_MAX times for each, the newest.  Where it `remembers`, one that
 * came back, a second later or after it was given up, is one of CONTACTS_BACK_MAX that give way
 * to each other alone: however many are seen once, they do not hide one that is seen again and
 * again (bygone.h says for how long it is known again). */
#pragma once

#include "detect/behaviour/bygone.h"
#include "detect/behaviour/own_network.h"
#include "detect/behaviour/recent.h"
#include "detect/behaviour/regularity.h"
#include "detect/behaviour/trace.h"

#define CONTACTS_MAX 4096
#define CONTACTS_BACK_MAX 2048

enum contact_speech {
    CONTACT_RAW,
    CONTACT_TLS,
    CONTACT_HTTP,
};

/* Regular turns inside one long flow. */
struct contact_turns {
    struct regularity regularity;
    uint64_t count;
    uint64_t bytes;
    struct moment first;
    struct moment last;
    struct trace_spot spot;
};

struct contact {
    struct recent_entry entry;
    struct endpoint client; /* without a port */
    struct endpoint server;
    enum flow_protocol protocol;
    enum contact_speech speech;
    bool is_back;   /* one of those that came back */
    uint64_t count; /* flows */
    uint64_t established_count;
    uint64_t request_count;
    uint64_t small_count; /* flows in which little was said at each turn */
    uint64_t client_payload;
    uint64_t server_payload;
    struct moment end; /* of the flow that ended last */
    size_t time_count;
    /* What follows is cleared by contact.c as far as anybody looks at it. */
    struct trace_name name;  /* by which the client knows the server */
    struct trace_spot first; /* flow, by time */
    struct trace_spot last;
    struct trace_spot first_request;
    struct trace_spot last_request;
    struct contact_turns turns;
    int64_t times[REGULARITY_TIMES_MAX];
};

struct contacts {
    struct recent table;
    struct recent back;
    struct bygone bygone; /* open from the first that was given up */
    bool remembers;       /* set by its owner */
    bool is_bygone_open;
    struct own_network own;
    uint64_t given_up;
    bool is_open;
};

/* Called with a contact that gives way to a new one. */
struct contact_loss {
    enum status (*take)(void *context, const struct contact *contact);
    void *context;
};

/* The contact a flow or transaction belongs to, with what it says added; NULL for what is no
 * contact of one client with one service.  `loss` may be NULL. */
enum status contacts_take(struct contacts *contacts, struct arena *arena,
                          const struct record *record, const struct contact_loss *loss,
                          struct contact **out) MUST_USE;
/* All that are kept: contacts_first, then contacts_after until NULL. */
struct contact *contacts_first(const struct contacts *contacts);
struct contact *contacts_after(const struct contacts *contacts, const struct contact *contact);
enum direction contact_direction(const struct contacts *contacts,
                                 const struct contact *contact);

/* Entities of a contact.  Their names are written into `text`, which must hold. */
struct contact_names {
    struct text client;
    struct text server;
    struct text service;
    struct text name;
};
void contact_names_init(struct contact_names *names, const struct contact *contact);
void contact_names_done(struct contact_names *names);
/* "203.0.113.7:443/tcp", "[2001:db8::1]:53/udp". */
void contact_add_service(struct text *text, const struct endpoint *server,
                         enum flow_protocol protocol);
/* A name as entities hold it: lower case, without its last dot or its port. */
void contact_add_name(struct text *text, struct bytes name);
