#include "correlate/technique.h"

#include "check.h"

static enum stage_kind stage_of(const char *technique)
{
    struct bytes id = bytes_of_text(technique);
    return technique_stage(&id, 1);
}

static void each_technique_has_its_stage(void **state)
{
    (void)state;
    static const struct {
        enum stage_kind stage;
        const char *techniques[10];
    } rows[] = {
        {STAGE_SCANNING, {"T1595.001", "T1046", "T1018"}},
        {STAGE_GUESSING, {"T1110.001", "T1110.003"}},
        {STAGE_ENTRY, {"T1078.003", "T1021.004", "T1190"}},
        {STAGE_DOWNLOAD, {"T1105"}},
        {STAGE_EXECUTION, {"T1059.004", "T1204.002", "T1027", "T1140", "T1496"}},
        {STAGE_DEFENCE_OFF, {"T1562.001"}},
        {STAGE_ACCOUNT, {"T1136.001"}},
        {STAGE_RIGHT, {"T1098.007", "T1098", "T1548.003"}},
        {STAGE_PERSISTENCE,
         {"T1098.004", "T1053.003", "T1543.002", "T1546.004", "T1547", "T1037", "T1574.006",
          "T1505.003"}},
        {STAGE_CREDENTIALS, {"T1003.008", "T1552.001", "T1555"}},
        {STAGE_CALL_HOME, {"T1071.001", "T1095", "T1571", "T1572", "T1573"}},
        {STAGE_UPLOAD, {"T1048.003", "T1041", "T1567"}},
        {STAGE_TRACES_REMOVED, {"T1070.002"}},
        {STAGE_OTHER, {"T1", "T9999", ""}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t j = 0; j < 10 && rows[i].techniques[j] != NULL; j++) {
            if (stage_of(rows[i].techniques[j]) != rows[i].stage) {
                fail_msg("%s is no %s", rows[i].techniques[j], stage_kind_name(rows[i].stage));
            }
        }
    }
}

static void the_first_technique_that_has_a_stage_decides(void **state)
{
    (void)state;
    struct bytes several[] = {BYTES_LITERAL("T9999"), BYTES_LITERAL("T1105"),
                              BYTES_LITERAL("T1041")};
    assert_int_equal(technique_stage(several, 3), STAGE_DOWNLOAD);
    assert_int_equal(technique_stage(several, 1), STAGE_OTHER);
    assert_int_equal(technique_stage(several, 0), STAGE_OTHER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_technique_has_its_stage),
        cmocka_unit_test(the_first_technique_that_has_a_stage_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
