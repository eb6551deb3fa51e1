#include "record/finding.h"

const char *observation_kind_name(enum observation_kind kind)
{
    static const char *const names[OBSERVATION_KIND_COUNT] = {
        "login-failures", "login",    "session", "command", "traffic",   "fetch",        "name",
        "script",         "schedule", "service", "rhythm",  "beginning", "remote-login",
    };
    return names[kind];
}

bool rule_tells_hop(struct bytes rule)
{
    return bytes_equal_text(rule, "behaviour/login-from-held-machine");
}

bool rule_tells_hole(struct bytes rule)
{
    return bytes_starts(rule, "behaviour/log-") ||
           bytes_equal_text(rule, "behaviour/record-lacks-last-login");
}
