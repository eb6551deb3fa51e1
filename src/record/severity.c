#include "record/severity.h"

#define MALICIOUS_CONFIDENCE_MIN 0.9

static const char *const severity_names[SEVERITY_COUNT] = {"info", "low", "medium", "high",
                                                           "critical"};
static const char *const verdict_names[VERDICT_COUNT] = {
    "not examined", "nothing found", "unfamiliar", "suspicious", "malicious"};

static unsigned find(const char *const *names, unsigned count, struct bytes name)
{
    unsigned i = 0;
    while (i < count && !bytes_equal_text(name, names[i])) {
        i++;
    }
    return i;
}

const char *severity_name(enum severity severity)
{
    return severity_names[severity];
}

enum severity severity_find(struct bytes name)
{
    return find(severity_names, SEVERITY_COUNT, name);
}

const char *verdict_name(enum verdict verdict)
{
    return verdict_names[verdict];
}

enum verdict verdict_find(struct bytes name)
{
    return find(verdict_names, VERDICT_COUNT, name);
}

enum verdict verdict_of(enum severity severity, double confidence)
{
    if (severity >= SEVERITY_HIGH && confidence >= MALICIOUS_CONFIDENCE_MIN) {
        return VERDICT_MALICIOUS;
    }
    return severity >= SEVERITY_MEDIUM ? VERDICT_SUSPICIOUS : VERDICT_NOTHING_FOUND;
}
