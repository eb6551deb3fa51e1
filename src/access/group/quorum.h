/* How many of a group's witnesses cosigned a checkpoint of its log.
 *
 * Input:  the checkpoint untrusted: what counts is what a witness of the card signed, at a time
 *         that can be.
 * Format: C2SP tlog-cosignature. */
#pragma once

#include "access/group/group_card.h"

/* When a cosignature can have been made: not before what it covers, and not in a time to come.
 */
struct quorum_time {
    uint64_t from_s;
    uint64_t to_s;
};

/* Each witness once, however often it signed. */
uint64_t quorum_count(const struct group_card *card, const struct note *checkpoint,
                      struct quorum_time time);
