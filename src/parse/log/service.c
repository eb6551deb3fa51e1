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
    {"New seat {word}.", EVENT_SERVICE_STARTED, NULL},
    {"systemd {*} running in system mode{*}", EVENT_HOST_STARTED, NULL},
    {"Startup finished in {*} (kernel) + {*}", EVENT_HOST_STARTED, NULL},
    {"Shutting down.", EVENT_HOST_STOPPED, NULL},
    {"System is powering down{*}", EVENT_HOST_STOPPED, NULL},
    {"System is rebooting{*}", EVENT_HOST_STOPPED, NULL},
    {"Reached target poweroff.target{*}", EVENT_HOST_STOPPED, NULL},
    {"Reached target reboot.target{*}", EVENT_HOST_STOPPED, NULL},
    {"Reached target Power-Off.", EVENT_HOST_STOPPED, NULL},
    {"Reached target Reboot.", EVENT_HOST_STOPPED, NULL},
    {"Reached target sleep.target{*}", EVENT_HOST_SLEPT, NULL},
    {"Reached target Sleep.", EVENT_HOST_SLEPT, NULL},
    {"Lid closed.", EVENT_HOST_SLEPT, NULL},
    {"Lid opened.", EVENT_HOST_SLEPT, NULL},
    {"Time has been changed", EVENT_CLOCK_SET, NULL},
    {"System time before build time, advancing clock.", EVENT_CLOCK_SET, NULL},
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
    {"Time jumped backwards, rotating.", EVENT_CLOCK_SET, NULL},
    {"Suppressed {number} messages from {*}", EVENT_LOG_DROPPED, NULL},
    {"Missed {number} kernel messages", EVENT_LOG_DROPPED, NULL},
    {"imuxsock begins to drop messages {*}", EVENT_LOG_DROPPED, NULL},
    {"imuxsock lost {number} messages {*}", EVENT_LOG_DROPPED, NULL},
    {"imuxsock[{*}begin to drop messages{*}", EVENT_LOG_DROPPED, NULL},
    {"imjournal: begin to drop messages{*}", EVENT_LOG_DROPPED, NULL},
    {"imjournal: {number} messages lost{*}", EVENT_LOG_DROPPED, NULL},
    {"Init complete, auditd {word} listening for events{*}", EVENT_LOG_STARTED, NULL},
    {"The audit daemon is exiting.", EVENT_LOG_STOPPED, NULL},
};

const struct vocabulary syslogd_vocabulary = {
    .programs =
        "rsyslogd rsyslogd-2177 syslogd syslog-ng syslog systemd-journald journald auditd",
    .rows = syslogd_rows,
    .row_count = sizeof syslogd_rows / sizeof *syslogd_rows,
};
