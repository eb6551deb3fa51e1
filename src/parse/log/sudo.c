#include "parse/log/message.h"

/* sudo writes "who : TTY=... ; PWD=... ; USER=... ; COMMAND=...".  The folder's name and the
 * command are chosen by who runs it, and both may hold " ; COMMAND=": the command is taken from
 * the first, so that nothing that was run can hide behind the last. */
#define WHERE "TTY={tty} ; PWD={folder} ; USER="

static const struct message_row rows[] = {
    {"{actor} : TTY={tty} ; CHROOT={skip} ; PWD={folder} ; USER={as} ; COMMAND={command}",
     EVENT_COMMAND_RUN, NULL},
    {"{actor} : " WHERE "{as} ; COMMAND={command}", EVENT_COMMAND_RUN, NULL},
    {"{actor} : " WHERE "{as} ; {skip} ; COMMAND={command}", EVENT_COMMAND_RUN, NULL},
    {"{actor} : " WHERE "{target} ; COMMAND={command}", EVENT_COMMAND_RUN, NULL},
    {"{actor} : PWD={folder} ; USER={target} ; COMMAND={command}", EVENT_COMMAND_RUN, NULL},
    {"{actor} : {skip} ; " WHERE "{target} ; COMMAND={command}", EVENT_COMMAND_REFUSED, NULL},
    {"{actor} : {skip} ; PWD={folder} ; USER={target} ; COMMAND={command}",
     EVENT_COMMAND_REFUSED, NULL},
};

const struct vocabulary sudo_vocabulary = {
    .programs = "sudo sudoedit doas",
    .rows = rows,
    .row_count = sizeof rows / sizeof *rows,
};

static const struct message_row su_rows[] = {
    {"Successful su for {target} by {actor}", EVENT_USER_SWITCHED, NULL},
    {"FAILED su for {target} by {actor}", EVENT_USER_SWITCH_REFUSED, NULL},
    {"(to {target}) {actor} on {tty}", EVENT_USER_SWITCHED, NULL},
    {"FAILED SU (to {target}) {actor} on {tty}", EVENT_USER_SWITCH_REFUSED, NULL},
    {"+ {tty} {actor}:{target}", EVENT_USER_SWITCHED, NULL},
    {"- {tty} {actor}:{target}", EVENT_USER_SWITCH_REFUSED, NULL},
    {"BAD SU {actor} to {target} on {tty}", EVENT_USER_SWITCH_REFUSED, NULL},
    {"{actor} to {target} on {tty}", EVENT_USER_SWITCHED, NULL},
};

const struct vocabulary su_vocabulary = {
    .programs = "su su-l runuser",
    .rows = su_rows,
    .row_count = sizeof su_rows / sizeof *su_rows,
};
