#include "operation/operation.h"

#include <string.h>

#include "check.h"

static const struct operation *by_name(const char *name)
{
    for (size_t i = 0; operation_at(i) != NULL; i++) {
        if (strcmp(operation_at(i)->name, name) == 0) {
            return operation_at(i);
        }
    }
    return NULL;
}

struct published {
    const char *name;
    enum access_class class;
    enum audit_level audit;
    const char *command;
};

static void check_published(const struct published *expected, size_t count)
{
    size_t row_count = 0;
    while (operation_at(row_count) != NULL) {
        row_count++;
    }
    assert_int_equal(row_count, count);
    for (size_t i = 0; i < count; i++) {
        const struct operation *operation = by_name(expected[i].name);
        assert_non_null(operation);
        assert_int_equal(operation->class, expected[i].class);
        assert_int_equal(operation->audit, expected[i].audit);
        assert_string_equal(operation->command, expected[i].command);
        assert_non_null(operation->run);
    }
}

/* What each operation asks for is written down here a second time, so that a row that is
 * changed or taken out is noticed. */
static void every_operation_has_the_class_that_was_published(void **state)
{
    (void)state;
    static const struct published expected[] = {
        {"evidence.analyze", CLASS_OPEN, AUDIT_USE, "analyze"},
        {"model.critical", CLASS_CRITICAL, AUDIT_CHANGE, "analyze"},
        {"model.pack", CLASS_CRITICAL, AUDIT_CHANGE, "analyze"},
        {"report.render", CLASS_OPEN, AUDIT_USE, "report"},
        {"report.respond", CLASS_OPEN, AUDIT_USE, "respond"},
        {"evidence.watch", CLASS_OPEN, AUDIT_USE, "watch"},
        {"text.explain", CLASS_OPEN, AUDIT_USE, "explain"},
        {"report.ask", CLASS_OPEN, AUDIT_USE, "ask"},
        {"report.show", CLASS_OPEN, AUDIT_USE, "show"},
        {"evidence.extract", CLASS_VERIFIED, AUDIT_CHANGE, "extract"},
        {"access.show", CLASS_OPEN, AUDIT_NONE, "access show"},
        {"access.eligibility", CLASS_OPEN, AUDIT_USE, "access eligibility"},
        {"audit.show", CLASS_OPEN, AUDIT_NONE, "access audit show"},
        {"access.why", CLASS_OPEN, AUDIT_NONE, "access why"},
        {"access.my-log", CLASS_OPEN, AUDIT_NONE, "access my-log"},
        {"group.my-log", CLASS_VERIFIED, AUDIT_CHANGE, "access my-log"},
        {"audit.verify", CLASS_OPEN, AUDIT_NONE, "access audit verify"},
        {"audit.check", CLASS_OPEN, AUDIT_NONE, "access audit verify"},
        {"audit.export", CLASS_OPEN, AUDIT_NONE, "access audit export"},
        {"audit.monitor", CLASS_OPEN, AUDIT_NONE, "access audit monitor"},
        {"audit.cosigned", CLASS_VERIFIED, AUDIT_CHANGE, "access audit cosign"},
        {"audit.ask", CLASS_OPEN, AUDIT_NONE, "access audit cosign"},
        {"witness.cosign", CLASS_VERIFIED, AUDIT_CHANGE, "access witness"},
        {"witness.show", CLASS_OPEN, AUDIT_CHANGE, "access witness"},
        {"audit.prove", CLASS_OPEN, AUDIT_NONE, "access audit prove"},
        {"access.recipient", CLASS_OPEN, AUDIT_CHANGE, "access recipient"},
        {"access.seal", CLASS_VERIFIED, AUDIT_CHANGE, "access seal"},
        {"access.split", CLASS_VERIFIED, AUDIT_CHANGE, "access split"},
        {"access.join", CLASS_VERIFIED, AUDIT_CHANGE, "access join"},
        {"group.eligibility", CLASS_VERIFIED, AUDIT_CHANGE, "access eligibility"},
        {"access.card", CLASS_OPEN, AUDIT_CHANGE, "access card"},
        {"group.found", CLASS_VERIFIED, AUDIT_CHANGE, "access init"},
        {"group.change", CLASS_VERIFIED, AUDIT_CHANGE, "access init"},
        {"group.enrol", CLASS_VERIFIED, AUDIT_CHANGE, "access enrol"},
        {"access.enrol", CLASS_OPEN, AUDIT_CHANGE, "access enrol"},
        {"group.remove", CLASS_VERIFIED, AUDIT_CHANGE, "access remove"},
        {"access.forget", CLASS_VERIFIED, AUDIT_CHANGE, "access forget"},
        {"group.vouch", CLASS_VERIFIED, AUDIT_CHANGE, "access vouch"},
        {"access.vouch", CLASS_VERIFIED, AUDIT_CHANGE, "access vouch"},
        {"group.draft", CLASS_VERIFIED, AUDIT_CHANGE, "access request"},
        {"access.request", CLASS_VERIFIED, AUDIT_CHANGE, "access request"},
        {"access.approve", CLASS_VERIFIED, AUDIT_CHANGE, "access approve"},
        {"group.hand", CLASS_VERIFIED, AUDIT_CHANGE, "access grant"},
        {"group.grant", CLASS_VERIFIED, AUDIT_CHANGE, "access grant"},
        {"access.accept", CLASS_VERIFIED, AUDIT_CHANGE, "access accept"},
        {"access.narrow", CLASS_VERIFIED, AUDIT_CHANGE, "access narrow"},
        {"group.revoke", CLASS_VERIFIED, AUDIT_CHANGE, "access revoke"},
        {"access.registry", CLASS_OPEN, AUDIT_NONE, "access registry"},
        {"group.registry", CLASS_VERIFIED, AUDIT_CHANGE, "access registry"},
        {"demo", CLASS_OPEN, AUDIT_NONE, "demo"},
        {"help", CLASS_OPEN, AUDIT_NONE, "help"},
        {"version", CLASS_OPEN, AUDIT_NONE, "version"},
    };
    check_published(expected, sizeof expected / sizeof *expected);
}

static void what_changes_something_is_never_recorded_afterwards_only(void **state)
{
    (void)state;
    for (size_t i = 0; operation_at(i) != NULL; i++) {
        const struct operation *operation = operation_at(i);
        assert_true(operation->class == CLASS_OPEN || operation->audit == AUDIT_CHANGE);
    }
}

static void what_is_sealed_is_another_operation(void **state)
{
    (void)state;
    struct request request = {.operation = operation_find("analyze")};
    assert_string_equal(operation_resolve(&request)->name, "evidence.analyze");
    request.pack = "a-pack";
    assert_string_equal(operation_resolve(&request)->name, "model.pack");
    assert_non_null(operation_resolve(&request)->wish);
    request.is_critical = true;
    assert_string_equal(operation_resolve(&request)->name, "model.critical");
}

static void a_group_takes_in_by_operations_of_its_own(void **state)
{
    (void)state;
    static const char *const commands[][3] = {
        {"access enrol", "access.enrol", "group.enrol"},
        {"access vouch", "access.vouch", "group.vouch"},
        {"access request", "access.request", "group.draft"},
        {"access audit cosign", "audit.ask", "audit.cosigned"},
        {"access witness", "witness.show", "witness.cosign"},
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct request request = {.operation = operation_find(commands[i][0])};
        assert_string_equal(operation_resolve(&request)->name, commands[i][1]);
        request.in = "a.file";
        assert_string_equal(operation_resolve(&request)->name, commands[i][2]);
    }
    struct request request = {.operation = operation_find("access eligibility")};
    assert_string_equal(operation_resolve(&request)->name, "access.eligibility");
    request.subject = "Ana";
    assert_string_equal(operation_resolve(&request)->name, "group.eligibility");
}

static void a_proof_is_checked_by_an_operation_of_its_own(void **state)
{
    (void)state;
    struct request request = {.operation = operation_find("access audit verify")};
    assert_string_equal(operation_resolve(&request)->name, "audit.verify");
    request.proof = "a.proof";
    assert_string_equal(operation_resolve(&request)->name, "audit.check");
}

static void commands_that_begin_alike_are_a_family(void **state)
{
    (void)state;
    assert_true(operation_is_family("access"));
    assert_true(operation_is_family("access audit"));
    assert_false(operation_is_family("access audit show"));
    assert_false(operation_is_family("acc"));
    assert_false(operation_is_family("analyze"));
    assert_false(operation_is_family(""));
}

/* Every option of a row is an option somewhere, and every option belongs to a row. */
static void every_option_belongs_to_an_operation(void **state)
{
    (void)state;
    uint64_t used = OPTION_BIT(OPTION_HELP);
    for (size_t i = 0; operation_at(i) != NULL; i++) {
        used |= operation_at(i)->options;
    }
    assert_int_equal(used, OPTION_BIT(OPTION_COUNT) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_has_the_class_that_was_published),
        cmocka_unit_test(what_changes_something_is_never_recorded_afterwards_only),
        cmocka_unit_test(what_is_sealed_is_another_operation),
        cmocka_unit_test(a_group_takes_in_by_operations_of_its_own),
        cmocka_unit_test(a_proof_is_checked_by_an_operation_of_its_own),
        cmocka_unit_test(commands_that_begin_alike_are_a_family),
        cmocka_unit_test(every_option_belongs_to_an_operation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
