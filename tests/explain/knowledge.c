#include "explain/knowledge.h"

#include "check.h"
#include "codec/yaml.h"

static const char first[] = "programs:\n"
                            "  python3: runs Python programs\n"
                            "  dash: is a shell\n"
                            "  tar: packs archives\n";
static const char second[] =
    "options:\n"
    "  sh: {\"-c=\": \"runs the text\", \"-x\": \"shows each command\"}\n"
    "same: {dash: sh}\n"
    "terms: {beacon: \"asks again and again\"}\n";

static const char third[] =
    "programs: {find: lists files}\n"
    "windows: {find: prints lines, get-item: gets it}\n"
    "aliases: {gi: get-item}\n"
    "windows-options: {get-item: {\"-path=\": \"here\", \"-force\": \"even so\"}}\n"
    "commands: {git: {push: sends, \"stash pop\": \"brings back\"}, gh: verbs, verbs: {list: "
    "lists, \"get-*\": shows}}\n"
    "options: {any: {\"--help\": \"shows how it is used\"}}\n"
    "members: {downloadfile: fetches}\n";

static const struct tree_node *read(const char *text, struct arena *arena)
{
    struct tree tree;
    struct tree_fault fault;
    assert_ok(tree_of_yaml(bytes_of_text(text), arena, &tree, &fault));
    assert_ok(knowledge_check(tree.nodes, &fault));
    return tree.nodes;
}

static void programs_are_known_by_name_with_and_without_a_version(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    const struct knowledge knowledge = {{read(first, arena), read(second, arena)}, 2};
    struct bytes known = BYTES_NONE;
    assert_bytes(knowledge_program(&knowledge, SHELL_UNIX, bytes_of_text("python3.11"), &known),
                 "runs Python programs");
    assert_bytes(known, "python3");
    assert_bytes(knowledge_program(&knowledge, SHELL_UNIX, bytes_of_text("tar.EXE"), &known),
                 "packs archives");
    assert_int_equal(
        knowledge_program(&knowledge, SHELL_UNIX, bytes_of_text("tart"), &known).size, 0);
    assert_int_equal(knowledge_program(&knowledge, SHELL_UNIX, bytes_of_text("7"), &known).size,
                     0);
    assert_int_equal(knowledge_program(&knowledge, SHELL_UNIX, BYTES_NONE, &known).size, 0);
    assert_int_equal(knowledge_program_count(&knowledge), 3);
}

static void options_say_whether_they_take_a_value(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    const struct knowledge knowledge = {{read(first, arena), read(second, arena)}, 2};
    struct known_option option;
    struct bytes dash = bytes_of_text("dash");
    assert_true(knowledge_option(&knowledge, SHELL_UNIX, dash, bytes_of_text("-c"), &option));
    assert_true(option.takes_value);
    assert_bytes(option.key, "-c");
    assert_bytes(option.means, "runs the text");
    assert_true(knowledge_option(&knowledge, SHELL_UNIX, dash, bytes_of_text("-x"), &option));
    assert_false(option.takes_value);
    assert_false(knowledge_option(&knowledge, SHELL_UNIX, dash, bytes_of_text("-c="), &option));
    assert_false(knowledge_option(&knowledge, SHELL_UNIX, bytes_of_text("tar"),
                                  bytes_of_text("-c"), &option));
}

static void windows_has_names_of_its_own(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    const struct knowledge knowledge = {{read(third, arena)}, 1};
    struct bytes find = bytes_of_text("Find.EXE");
    struct bytes alias = bytes_of_text("GI");
    struct bytes known = BYTES_NONE;
    struct known_option option;
    assert_bytes(knowledge_program(&knowledge, SHELL_PROMPT, find, &known), "prints lines");
    assert_bytes(knowledge_program(&knowledge, SHELL_UNIX, bytes_of_text("find"), &known),
                 "lists files");
    assert_bytes(knowledge_program(&knowledge, SHELL_POWERSHELL, alias, &known), "gets it");
    assert_bytes(known, "get-item");
    assert_int_equal(knowledge_program(&knowledge, SHELL_PROMPT, alias, &known).size, 0);
    struct bytes item = bytes_of_text("get-item");
    struct bytes cut = bytes_of_text("-Pa");
    assert_true(knowledge_option(&knowledge, SHELL_POWERSHELL, item, cut, &option));
    assert_bytes(option.key, "-path");
    assert_true(
        knowledge_option(&knowledge, SHELL_UNIX, item, cut, &option)); /* none of Unix */
    assert_bytes(knowledge_member(&knowledge, bytes_of_text("DownloadFile")), "fetches");
}

static void commands_are_words_pairs_and_beginnings(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    const struct knowledge knowledge = {{read(third, arena)}, 1};
    struct bytes git = bytes_of_text("git");
    struct bytes gh = bytes_of_text("gh");
    struct known_option command;
    bool may_come_later = true;
    assert_true(knowledge_has_commands(&knowledge, SHELL_UNIX, git, &may_come_later));
    assert_false(may_come_later);
    assert_true(knowledge_has_commands(&knowledge, SHELL_UNIX, gh, &may_come_later));
    assert_true(may_come_later);
    assert_false(
        knowledge_has_commands(&knowledge, SHELL_UNIX, bytes_of_text("ls"), &may_come_later));
    assert_true(
        knowledge_command(&knowledge, SHELL_UNIX, git, bytes_of_text("stash pop"), &command));
    assert_bytes(command.means, "brings back");
    assert_false(
        knowledge_command(&knowledge, SHELL_UNIX, git, bytes_of_text("stash"), &command));
    assert_true(
        knowledge_command(&knowledge, SHELL_UNIX, gh, bytes_of_text("get-x"), &command));
    assert_bytes(command.means, "shows");
    assert_true(knowledge_custom(&knowledge, SHELL_UNIX, bytes_of_text("--help"), &command));
    assert_false(knowledge_custom(&knowledge, SHELL_UNIX, bytes_of_text("--halp"), &command));
}

static void what_is_no_knowledge_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t line;
    } wrong[] = {
        {"- a\n", 1},
        {"colours: {a: b}\n", 1},
        {"programs: [ls]\n", 1},
        {"programs:\n  ls: lists files.\n", 2},
        {"programs:\n  ls: [a]\n", 2},
        {"options:\n  ls: {-l: {a: b}}\n", 2},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
        struct tree tree;
        struct tree_fault fault = {0};
        assert_ok(tree_of_yaml(bytes_of_text(wrong[i].text), arena, &tree, &fault));
        assert_status(knowledge_check(tree.nodes, &fault), STATUS_MALFORMED);
        assert_non_null(fault.what);
        assert_int_equal(fault.line, wrong[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_are_known_by_name_with_and_without_a_version),
        cmocka_unit_test(options_say_whether_they_take_a_value),
        cmocka_unit_test(windows_has_names_of_its_own),
        cmocka_unit_test(commands_are_words_pairs_and_beginnings),
        cmocka_unit_test(what_is_no_knowledge_is_refused_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
