#include "parse/log/message.h"

/* Who asked a name server for what.  dnsmasq names the client of an answer only where it logs
 * queries with "extra": an answer without one says nothing about anybody and stays other. */
static const struct message_row dnsmasq_rows[] = {
    {"query[{record_type}] {question} from {address}", EVENT_NAME_ASKED, NULL},
    {"{number} {address}/{port} query[{record_type}] {question} from {address}",
     EVENT_NAME_ASKED, NULL},
    {"{number} {address}/{port} reply {question} is {answer}", EVENT_NAME_ASKED, NULL},
    {"{number} {address}/{port} cached {question} is {answer}", EVENT_NAME_ASKED, NULL},
};

const struct vocabulary dnsmasq_vocabulary = {
    .programs = "dnsmasq",
    .rows = dnsmasq_rows,
    .row_count = sizeof dnsmasq_rows / sizeof *dnsmasq_rows,
};

/* BIND's category "queries" and unbound's log-queries. */
static const struct message_row named_rows[] = {
    {"client @{word} {address}#{port} ({word}): query: {question} IN {record_type} {*}",
     EVENT_NAME_ASKED, NULL},
    {"client @{word} {address}#{port} ({word}): view {word}: query: {question} IN"
     " {record_type} {*}",
     EVENT_NAME_ASKED, NULL},
    {"client {address}#{port} ({word}): query: {question} IN {record_type} {*}",
     EVENT_NAME_ASKED, NULL},
    {"client {address}#{port}: query: {question} IN {record_type} {*}", EVENT_NAME_ASKED, NULL},
    {"[{number}:{number}] info: {address} {question} {record_type} IN", EVENT_NAME_ASKED, NULL},
    {"info: {address} {question} {record_type} IN", EVENT_NAME_ASKED, NULL},
};

const struct vocabulary named_vocabulary = {
    .programs = "named unbound",
    .rows = named_rows,
    .row_count = sizeof named_rows / sizeof *named_rows,
};
