/* How bad, and what that makes of an evidence, an incident, a report. */
#pragma once

#include "base/bytes.h"

enum severity {
    SEVERITY_INFO,
    SEVERITY_LOW,
    SEVERITY_MEDIUM,
    SEVERITY_HIGH,
    SEVERITY_CRITICAL,
};
#define SEVERITY_COUNT 5

/* In rising order of what a report says when its parts differ. */
enum verdict {
    VERDICT_NOT_EXAMINED, /* outranks "nothing found" only where nothing was examined */
    VERDICT_NOTHING_FOUND,
    VERDICT_UNFAMILIAR,
    VERDICT_SUSPICIOUS,
    VERDICT_MALICIOUS,
};
#define VERDICT_COUNT 5

const char *severity_name(enum severity severity);
/* SEVERITY_COUNT for an unknown word. */
enum severity severity_find(struct bytes name);
const char *verdict_name(enum verdict verdict);
enum verdict verdict_find(struct bytes name); /* VERDICT_COUNT for an unknown word */

/* "malicious" needs high or above with a confidence of at least 0.9, "suspicious" medium. */
enum verdict verdict_of(enum severity severity, double confidence);
