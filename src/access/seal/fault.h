/* Why sealed content was refused: which part of it is wrong, and what is wrong there. */
#pragma once

#include "base/status.h"

enum seal_part {
    SEAL_MACHINE, /* reading, writing or memory: nothing is wrong with the content */
    SEAL_ARMOUR,
    SEAL_HEADER,
    SEAL_KEY, /* no stanza is for the key or passphrase at hand */
    SEAL_MAC, /* the header was changed after it was written */
    SEAL_PAYLOAD,
};

struct seal_fault {
    enum seal_part part;
    const char *what; /* static text of ours */
};

/* Says why, and gives `status` back. */
enum status seal_refuse(struct seal_fault *fault, enum status status, enum seal_part part,
                        const char *what);
