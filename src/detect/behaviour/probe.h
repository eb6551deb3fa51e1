/* What one record says of a try to reach a service: a flow of a capture, or a line of a packet
 * filter.
 *
 * A try that nothing answers, or that only a reset answers, was in vain: that is what scans are
 * made of, and ordinary clients seldom.  A connection in which the client said something shows
 * a service that is there.  What was opened and closed without a word tells neither: health
 * checks do it, and scans.  Only packets that ask for something count: resets and late answers
 * of connections that are long over look like tries and are none.
 *
 * Limits: what only a packet filter saw is in vain where its rule's words say that it was
 * stopped; where they say nothing, only ports below 1024 count, as PROBE_UNKNOWN. */
#pragma once

#include "record/record.h"

enum probe_outcome {
    PROBE_NONE, /* the record is about something else, or tells nothing */
    PROBE_MISSED,
    PROBE_UNKNOWN, /* a try, logged without a word on what became of it */
    PROBE_ANSWERED,
};

struct probe {
    struct endpoint source; /* without a port */
    struct endpoint target;
    enum flow_protocol protocol;
    enum probe_outcome outcome;
};

/* PROBE_NONE where `out` is not filled. */
enum probe_outcome probe_read(const struct record *record, struct probe *out);
