#include "parse/log/message.h"

/* The service manager, and those that write the log itself. */
static const struct message_row rows[] = {
    {"Started {service}.", EVENT_SERVICE_STARTED, NULL},
    {"Stopped {service}.", EVENT_SERVICE_STOPPED, NULL},
    {"Failed to start {service}.", EVENT_SERVICE_FAILED, NULL},
    {"{service}: Failed with result {*}.", EVENT_SERVICE_FAILED, NULL},
    {"Reloading {service}...", EVENT_SERVICE_CHANGED, NULL},
    {"Reloaded {service}.", EVENT_SERVICE_CHANGED, NULL},
    {"Reloading.", EVENT_SERVICE_CHANGED, NULL},
    {"Reloading requested from {*}", EVENT_SERVICE_CHANGED, NULL},
    {"Created symlink {file} → {*}.", EVENT_SERVICE_CHANGED, NULL},
    {"New session {word} of user {user}.", EVENT_OTHER, NULL},
};

const struct vocabulary service_vocabulary = {
    .programs = "systemd systemd-logind systemctl",
    .rows = rows,
    .row_count = sizeof rows / sizeof *rows,
};

static const struct message_row syslogd_rows[] = {
    {"[origin software=\"rsyslogd\" {*}] start", EVENT_LOG_STARTED, NULL},
    {"[origin software=\"rsyslogd\" {*}] exiting on signal {number}.", EVENT_LOG_STOPPED, NULL},
    {"exiting on signal {*}", EVENT_LOG_STOPPED, NULL},
    {"Exiting on signal {*}", EVENT_LOG_STOPPED, NULL},
    {"syslogd {word}: restart{*}", EVENT_LOG_STARTED, NULL},
    {"restart{*}", EVENT_LOG_STARTED, NULL},
    {"syslog-ng starting up;{*}", EVENT_LOG_STARTED, NULL},
    {"syslog-ng shutting down;{*}", EVENT_LOG_STOPPED, NULL},
    {"Journal started", EVENT_LOG_STARTED, NULL},
    {"Journal stopped", EVENT_LOG_STOPPED, NULL},
    {"Init complete, auditd {word} listening for events{*}", EVENT_LOG_STARTED, NULL},
    {"The audit daemon is exiting.", EVENT_LOG_STOPPED, NULL},
};

const struct vocabulary syslogd_vocabulary = {
    .programs = "rsyslogd syslogd syslog-ng syslog systemd-journald journald auditd",
    .rows = syslogd_rows,
    .row_count = sizeof syslogd_rows / sizeof *syslogd_rows,
};
