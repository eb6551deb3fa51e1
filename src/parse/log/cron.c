#include "parse/log/message.h"

/* What cron runs, and when what it is to run changes. */
static const struct message_row cron_rows[] = {
    {"({actor}) CMD ({command})", EVENT_COMMAND_RUN, NULL},
    {"({actor}) RELOAD ({file})", EVENT_SCHEDULE_CHANGED, NULL},
    {"({actor}) WRONG FILE OWNER ({file})", EVENT_OTHER, NULL},
    {"(CRON) STARTUP ({*})", EVENT_SERVICE_STARTED, NULL},
    {"(CRON) INFO ({*})", EVENT_OTHER, NULL},
};

const struct vocabulary cron_vocabulary = {
    .programs = "cron CRON crond CROND anacron fcron",
    .rows = cron_rows,
    .row_count = sizeof cron_rows / sizeof *cron_rows,
};

/* "(who) WHAT (whose)" */
static const struct message_row crontab_rows[] = {
    {"({actor}) REPLACE ({user})", EVENT_SCHEDULE_CHANGED, NULL},
    {"({actor}) DELETE ({user})", EVENT_SCHEDULE_CHANGED, NULL},
    {"({actor}) BEGIN EDIT ({user})", EVENT_COMMAND_RUN, NULL},
    {"({actor}) LIST ({user})", EVENT_COMMAND_RUN, NULL},
};

const struct vocabulary crontab_vocabulary = {
    .programs = "crontab",
    .rows = crontab_rows,
    .row_count = sizeof crontab_rows / sizeof *crontab_rows,
};
