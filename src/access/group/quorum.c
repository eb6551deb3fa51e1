#include "access/group/quorum.h"

/* A line that is forged, or of another time, takes nothing from one that is good. */
static bool has_cosigned(const struct note_key *witness, const struct note *checkpoint,
                         struct quorum_time time)
{
    for (size_t i = 0; i < checkpoint->signature_count; i++) {
        uint64_t made_s = 0;
        if (note_signature_check(checkpoint->text, &checkpoint->signatures[i], witness,
                                 &made_s) == NOTE_SIGNED &&
            made_s >= time.from_s && made_s <= time.to_s) {
            return true;
        }
    }
    return false;
}

uint64_t quorum_count(const struct group_card *card, const struct note *checkpoint,
                      struct quorum_time time)
{
    uint64_t count = 0;
    for (size_t i = 0; i < card->witness_count; i++) {
        count += has_cosigned(&card->witnesses[i], checkpoint, time);
    }
    return count;
}
