/* What the readers of logs share: lines with their damage named, hosts counted, events given.
 *
 * A line with NUL bytes before it or in it, and one longer than FEED_LINE_MAX, are anomalies
 * with their place; what is left of them is kept.  NUL bytes are given as log-damaged besides.
 * Blank lines are counted and passed over.
 *
 * Input:  untrusted.  What a record borrows from a line is good until the next line.
 * Limits: FEED_LINE_MAX bytes of a line; FEED_HOSTS_MAX hosts are told apart. */
#pragma once

#include "base/table.h"
#include "parse/parse.h"

#define FEED_LINE_MAX 65536U
#define FEED_HOSTS_MAX 4096U /* coverage counts no more than these */
#define FEED_HOST_CACHE_COUNT 64U

struct feed {
    struct parse *parse;
    uint64_t line; /* the number of the line in hand, from 1 */
    uint64_t event_count;
    uint64_t request_count; /* transactions */
    uint64_t setting_count;
    bool was_cut;
    struct table host_table;
    struct bytes hosts[FEED_HOST_CACHE_COUNT]; /* keys of the table, seen lately */
};

void feed_init(struct feed *feed, struct parse *parse);
/* The next line; `*more` false at the end.  Resets the batch.  STATUS_LIMIT when the steps are
 * used up. */
enum status feed_line(struct feed *feed, struct stream *stream, struct bytes *out,
                      bool *more) MUST_USE;
struct place feed_place(const struct feed *feed);
/* The line in hand is damaged or not what was expected; `what` is static. */
void feed_anomaly(const struct feed *feed, const char *what);
/* Gives log-damaged for `count` bytes or entries that hold nothing; `damage` is static.  It is
 * no event that the log tells and is not counted as one. */
enum status feed_damage(struct feed *feed, const char *damage, uint64_t count,
                        struct place place, struct bytes source) MUST_USE;
/* Notes which machine wrote. */
enum status feed_host(struct feed *feed, struct bytes host) MUST_USE;
/* Gives an event and, where it says that a command was run, the command as shell text.  A
 * question to a name server is given as the transaction it is. */
enum status feed_event(struct feed *feed, const struct record *record) MUST_USE;
/* Counts lines and what was given into coverage, and says whether lines were cut. */
void feed_finish(const struct feed *feed);
