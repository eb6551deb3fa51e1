/* Reads the header of a system log line: when, on which machine, by which program.
 *
 *   [prefix words] [<PRI>] time host tag: message
 *
 * Times are those of RFC 3164 ("Mar  3 02:10:00", also with a year before, behind the day or
 * behind the clock, and with fractions), RFC 3339 ("2026-03-03T02:10:00.123456+00:00", zone
 * optional, "T" or a space) and RFC 5424, whose line has its own shape after the time.  The tag
 * is "program[pid]:", "program(module)[pid]:", "program[pid] (of what):" or "program:"; a path
 * before the program's name is left out, and so is what a relay put before the host ("a/b",
 * "a@b": b).  Collections of logs put words of their own before the header: how many is the
 * file's layout, found once for a file (syslog_layout_find), so that a header quoted inside a
 * message is never taken for one.  A date among these words gives the year the header lacks.
 *
 * Input:  untrusted; what is read borrows from `line`.
 * Limits: SYSLOG_PREFIX_WORDS_MAX; names longer than SYSLOG_NAME_SIZE_MAX are no names.
 * Not checked: whether the host's name could be one, the priority's meaning. */
#pragma once

#include "base/moment.h"

#define SYSLOG_PREFIX_WORDS_MAX 6
#define SYSLOG_NAME_SIZE_MAX 255

struct syslog_header {
    struct civil civil; /* year 0 where none is written */
    bool zone_known;
    int zone_minutes;
    bool has_tag; /* a program is named in the way of a tag */
    struct bytes host;
    struct bytes program; /* without its path; empty where has_tag is false */
    struct bytes module;  /* "pam_unix" of "sshd(pam_unix)[123]:" */
    struct bytes pid;
    struct bytes message;
};

/* False where `line` has no header after `prefix_words` words. */
bool syslog_header_read(struct bytes line, unsigned prefix_words, struct syslog_header *out);
/* How many words stand before the headers of these lines, and how many lines have one. */
struct syslog_layout {
    unsigned prefix_words;
    size_t line_count;   /* of lines that are not blank */
    size_t header_count; /* have a header in this layout */
    size_t tag_count;    /* and a tag */
};
/* The layout that most of the first `line_max` lines of `text` have. */
struct syslog_layout syslog_layout_find(struct bytes text, size_t line_max);
