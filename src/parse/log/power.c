#include "parse/log/message.h"

/* What a machine says of itself: that it starts, stops and sleeps, that its clock is set, and
 * that something was not logged.  It is what explains most silences of a log. */
static const struct message_row kernel_rows[] = {
    {"Linux version {*}", EVENT_HOST_STARTED, NULL},
    {"reboot: {*}", EVENT_HOST_STOPPED, NULL},
    {"Restarting system.", EVENT_HOST_STOPPED, NULL},
    {"PM: suspend {*}", EVENT_HOST_SLEPT, NULL},
    {"PM: hibernation{*}", EVENT_HOST_SLEPT, NULL},
    {"Freezing user space processes{*}", EVENT_HOST_SLEPT, NULL},
    {"imklog {*} started.", EVENT_LOG_STARTED, NULL},
    {"klogd {*} log source{*}", EVENT_LOG_STARTED, NULL},
    {"Kernel logging (proc) stopped.", EVENT_LOG_STOPPED, NULL},
    {"Kernel log daemon terminating.", EVENT_LOG_STOPPED, NULL},
    {"audit: backlog limit exceeded", EVENT_LOG_DROPPED, NULL},
    {"audit: rate limit exceeded", EVENT_LOG_DROPPED, NULL},
    {"audit: audit_lost={*}", EVENT_LOG_DROPPED, NULL},
    {"audit: kauditd hold queue overflow", EVENT_LOG_DROPPED, NULL},
};

const struct vocabulary kernel_vocabulary = {
    .programs = "kernel",
    .rows = kernel_rows,
    .row_count = sizeof kernel_rows / sizeof *kernel_rows,
};

static const struct message_row clock_rows[] = {
    {"Initial synchronization to {*}", EVENT_CLOCK_SET, NULL},
    {"Initial clock synchronization to {*}", EVENT_CLOCK_SET, NULL},
    {"Synchronized to time server {*}", EVENT_CLOCK_SET, NULL},
    {"System clock time unset or jumped backwards{*}", EVENT_CLOCK_SET, NULL},
    {"System clock was stepped by {*}", EVENT_CLOCK_SET, NULL},
    {"System clock wrong by {*}", EVENT_CLOCK_SET, NULL},
    {"Clock change detected{*}", EVENT_CLOCK_SET, NULL},
    {"CLOCK: time stepped by {*}", EVENT_CLOCK_SET, NULL},
    {"step time server {*}", EVENT_CLOCK_SET, NULL},
    {"time reset {*}", EVENT_CLOCK_SET, NULL},
};

const struct vocabulary clock_vocabulary = {
    .programs = "systemd-timesyncd systemd-resolved ntpd ntpdate chronyd",
    .rows = clock_rows,
    .row_count = sizeof clock_rows / sizeof *clock_rows,
};
