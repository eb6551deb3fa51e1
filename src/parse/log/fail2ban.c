#include "parse/log/message.h"

/* Whom fail2ban shut out, in its own log and in the system's. */
static const struct message_row rows[] = {
    {"NOTICE  [{service}] Ban {address}", EVENT_ADDRESS_BANNED, NULL},
    {"NOTICE  [{service}] Restore Ban {address}", EVENT_ADDRESS_BANNED, NULL},
    {"NOTICE  [{service}] Unban {address}", EVENT_ADDRESS_UNBANNED, NULL},
    {"NOTICE [{service}] Ban {address}", EVENT_ADDRESS_BANNED, NULL},
    {"NOTICE [{service}] Restore Ban {address}", EVENT_ADDRESS_BANNED, NULL},
    {"NOTICE [{service}] Unban {address}", EVENT_ADDRESS_UNBANNED, NULL},
    {"INFO    [{service}] Found {address} - {*}", EVENT_OTHER, NULL},
    {"INFO [{service}] Found {address} - {*}", EVENT_OTHER, NULL},
};

const struct vocabulary fail2ban_vocabulary = {
    .programs = "fail2ban fail2ban.actions fail2ban.filter fail2ban-server",
    .rows = rows,
    .row_count = sizeof rows / sizeof *rows,
};
