#include "correlate/technique.h"

struct row {
    const char *prefix; /* of the id: sub-techniques before what they belong to */
    enum stage_kind stage;
};

/* rows: one deleted at a time by make prove */
static const struct row rows[] = {
    {"T1595", STAGE_SCANNING},        {"T1046", STAGE_SCANNING},
    {"T1110", STAGE_GUESSING},        {"T1078", STAGE_ENTRY},
    {"T1021", STAGE_ENTRY},           {"T1190", STAGE_ENTRY},
    {"T1105", STAGE_DOWNLOAD},        {"T1059", STAGE_EXECUTION},
    {"T1204", STAGE_EXECUTION},       {"T1027", STAGE_EXECUTION},
    {"T1140", STAGE_EXECUTION},       {"T1496", STAGE_EXECUTION},
    {"T1562", STAGE_DEFENCE_OFF},     {"T1136", STAGE_ACCOUNT},
    {"T1098.004", STAGE_PERSISTENCE}, {"T1098", STAGE_RIGHT},
    {"T1548", STAGE_RIGHT},           {"T1053", STAGE_PERSISTENCE},
    {"T1543", STAGE_PERSISTENCE},     {"T1546", STAGE_PERSISTENCE},
    {"T1547", STAGE_PERSISTENCE},     {"T1037", STAGE_PERSISTENCE},
    {"T1574", STAGE_PERSISTENCE},     {"T1505", STAGE_PERSISTENCE},
    {"T1003", STAGE_CREDENTIALS},     {"T1552", STAGE_CREDENTIALS},
    {"T1555", STAGE_CREDENTIALS},     {"T1071", STAGE_CALL_HOME},
    {"T1095", STAGE_CALL_HOME},       {"T1571", STAGE_CALL_HOME},
    {"T1572", STAGE_CALL_HOME},       {"T1573", STAGE_CALL_HOME},
    {"T1048", STAGE_UPLOAD},          {"T1041", STAGE_UPLOAD},
    {"T1567", STAGE_UPLOAD},          {"T1070", STAGE_TRACES_REMOVED},
    {"T1018", STAGE_SCANNING},
};

enum stage_kind technique_stage(const struct bytes *techniques, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < sizeof rows / sizeof *rows; j++) {
            if (bytes_starts(techniques[i], rows[j].prefix)) {
                return rows[j].stage;
            }
        }
    }
    return STAGE_OTHER;
}
