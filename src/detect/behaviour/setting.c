/* Judges what a machine's own account files say: an account beside root with root's number, a
 * password that is empty. */
#include "detect/behaviour/behaviour.h"

#include "base/number.h"
#include "detect/behaviour/trace.h"

#define RAISED_MAX 100U

struct setting_state {
    uint64_t raised;
};

struct setting_rule {
    const char *rule;
    const char *title;
    const char *technique;
    enum severity severity;
    double confidence;
    bool (*fits)(const struct setting *setting);
};

static bool is_root_beside_root(const struct setting *setting)
{
    uint64_t number = 1;
    return setting->kind == SETTING_ACCOUNT &&
           number_decimal(setting_field(setting, FIELD_USER_ID), &number) == STATUS_OK &&
           number == 0 && !bytes_equal_text(setting_field(setting, FIELD_USER_NAME), "root");
}

static bool has_empty_password(const struct setting *setting)
{
    return bytes_equal_text(setting_field(setting, FIELD_PASSWORD_STATE), "empty");
}

/* rows: one deleted at a time by make prove */
static const struct setting_rule rules[] = {
    {"behaviour/second-root-account", "An account beside root has all of root's rights",
     "T1136.001", SEVERITY_HIGH, 0.8, is_root_beside_root},
    {"behaviour/empty-password", "An account needs no password", "T1098", SEVERITY_MEDIUM, 0.7,
     has_empty_password},
};

static enum status raise(struct detection *detection, const struct setting_rule *rule,
                         const struct record *record)
{
    struct bytes account = setting_field(record->setting, FIELD_USER_NAME);
    const struct entity entity = {ENTITY_ACCOUNT, ROLE_ACCOUNT, account};
    const struct bytes technique = bytes_of_text(rule->technique);
    const struct fact fact = fact_text("account", account);
    const struct cite cite = trace_cite_record(record);
    return detection_raise(detection, &(struct finding){
                                          .rule = bytes_of_text(rule->rule),
                                          .title = bytes_of_text(rule->title),
                                          .techniques = &technique,
                                          .technique_count = 1,
                                          .severity = rule->severity,
                                          .confidence = rule->confidence,
                                          .entities = &entity,
                                          .entity_count = 1,
                                          .facts = &fact,
                                          .fact_count = 1,
                                          .cites = &cite,
                                          .cite_count = 1,
                                      });
}

static enum status setting_take(struct detection *detection, void *state,
                                const struct record *record)
{
    struct setting_state *setting = state;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (!rules[i].fits(record->setting)) {
            continue;
        }
        if (setting->raised == RAISED_MAX) {
            detection->examination->findings_dropped++;
            continue;
        }
        setting->raised++;
        TRY(raise(detection, &rules[i], record));
    }
    return STATUS_OK;
}

const struct detector setting_detector = {
    .name = "behaviour/setting",
    .record_kinds = 1U << RECORD_SETTING,
    .state_size = sizeof(struct setting_state),
    .take = setting_take,
};
