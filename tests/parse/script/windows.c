#include "parse/script/windows.h"

#include "base/text.h"
#include "check.h"

/* What was read, a pipeline a line: "1<0 word word > file | word"; nested ones name their
 * parent.  Blanks in a word are shown as "_". */
struct seen {
    struct bytes text;
    struct text lines;
    size_t count;
};

static void add_word(struct seen *seen, const char *sign, const struct shell_word *word)
{
    assert_true(word->offset + word->size <= seen->text.size);
    text_add(&seen->lines, sign);
    for (size_t i = 0; i < word->text.size; i++) {
        uint8_t byte = word->text.data[i];
        text_add_byte(&seen->lines, (char)(byte <= ' ' ? '_' : byte));
    }
}

static enum status take(void *context, const struct record *record)
{
    struct seen *seen = context;
    const struct shell_pipeline *pipeline = record->pipeline;
    assert_int_equal(record->kind, RECORD_PIPELINE);
    text_addf(&seen->lines, "%u<%u", pipeline->number, pipeline->parent);
    for (size_t i = 0; i < pipeline->command_count; i++) {
        const struct shell_command *command = &pipeline->commands[i];
        text_add(&seen->lines, i > 0 ? " |" : "");
        for (size_t j = 0; j < command->assignment_count; j++) {
            add_word(seen, " set:", &command->assignments[j]);
        }
        for (size_t j = 0; j < command->word_count; j++) {
            add_word(seen, " ", &command->words[j]);
        }
        for (size_t j = 0; j < command->redirect_count; j++) {
            static const char *const signs[] = {" <", " >", " >>", " >&", " <<", " <>"};
            add_word(seen, signs[command->redirects[j].kind], &command->redirects[j].target);
        }
    }
    text_add(&seen->lines, "\n");
    seen->count++;
    return STATUS_OK;
}

static void assert_read(const char *text, enum shell_dialect dialect, const char *expected)
{
    AUTO(arena_done) struct arena *arena = arena_new(64 << 20);
    struct seen seen = {.text = bytes_of_text(text), .lines = text_of_limit(1 << 20)};
    const struct record_sink sink = {take, &seen};
    assert_ok(windows_read(seen.text, dialect, arena, &sink));
    assert_string_equal(text_terminated(&seen.lines), expected);
    text_done(&seen.lines);
}

static void commands_of_the_prompt_have_words_and_places(void **state)
{
    (void)state;
    assert_read(
        "reg add \"HKCU\\a b\" /v x /d C:\\t\\ & dir>out.txt 2>&1\r\ntype a|more", SHELL_PROMPT,
        "1<0 reg add HKCU\\a_b /v x /d C:\\t\\\n2<0 dir >out.txt >\n3<0 type a | more\n");
    assert_read("@echo off\nrem a & b\n:: c\necho a^&b && x >> log || y < in", SHELL_PROMPT,
                "1<0 echo off\n2<0 echo a&b\n3<0 x >>log\n4<0 y <in\n");
    assert_read("a ^\n b\n\n\"x\\y\" z\"q\"", SHELL_PROMPT, "1<0 a b\n2<0 x\\y zq\n");
}

static void conditions_and_loops_of_the_prompt_end_where_their_commands_begin(void **state)
{
    (void)state;
    assert_read("if not exist a.txt (echo no) else echo yes", SHELL_PROMPT,
                "1<0 if not exist a.txt\n2<0 echo no\n3<0 echo yes\n");
    assert_read("if /i %x%==1 dir\nif a equ b ver", SHELL_PROMPT,
                "1<0 if /i %x%==1\n2<0 dir\n3<0 if a equ b\n4<0 ver\n");
    assert_read("for /f %i in (list) do del %i", SHELL_PROMPT,
                "1<0 for /f %i in (list) do\n2<0 del %i\n");
}

static void text_for_an_interpreter_is_read_too(void **state)
{
    (void)state;
    assert_read("cmd.exe /c \"dir & ver\"", SHELL_PROMPT,
                "1<0 cmd.exe /c dir_&_ver\n2<1 dir\n3<1 ver\n");
    assert_read("powershell -nop -w hidden -Command Get-Item x; Get-Date", SHELL_PROMPT,
                "1<0 powershell -nop -w hidden -Command Get-Item_x;_Get-Date\n"
                "2<1 Get-Item x\n3<1 Get-Date\n");
    assert_read("cmd /c \"a b\" c \"d\"", SHELL_PROMPT,
                "1<0 cmd /c \"a_b\"_c_\"d\"\n2<1 a_b c d\n");
    assert_read("powershell -enc AAAA", SHELL_PROMPT, "1<0 powershell -enc AAAA\n");
    assert_read("powershell -ep bypass x.ps1 y", SHELL_PROMPT,
                "1<0 powershell -ep bypass x.ps1 y\n");
    assert_read("iex 'Get-Date'", SHELL_POWERSHELL, "1<0 iex Get-Date\n2<1 Get-Date\n");
}

static void powershell_has_groups_blocks_and_expressions(void **state)
{
    (void)state;
    assert_read("Stop-Process (Get-Process x).id", SHELL_POWERSHELL,
                "1<0 Stop-Process (Get-Process_x).id\n2<1 Get-Process x\n");
    assert_read("ls | % { rm $_ }", SHELL_POWERSHELL, "1<0 ls | % {_rm_$__}\n2<1 rm $_\n");
    assert_read("$c.Fetch('a b', $d); iex($c.Text('x'))", SHELL_POWERSHELL,
                "1<0 $c.Fetch('a_b',_$d)\n2<0 iex ($c.Text('x'))\n3<2 $c.Text('x')\n");
    assert_read("if ($a -eq 1) { ver }", SHELL_POWERSHELL,
                "1<0 if ($a_-eq_1) {_ver_}\n3<1 ver\n");
}

static void variables_keep_values_that_are_written_out(void **state)
{
    (void)state;
    assert_read("$a = 'x y'; $b=New-Object q\n$c = $a + 1; $d += (Get-Date)", SHELL_POWERSHELL,
                "1<0 set:$a_=_'x_y'\n2<0 set:$b New-Object q\n3<0 set:$c_=_$a_+_1\n"
                "4<0 set:$d (Get-Date)\n5<4 Get-Date\n");
    assert_read("$a = & \"x.exe\" -c", SHELL_POWERSHELL, "1<0 set:$a x.exe -c\n");
}

static void comments_and_long_texts_of_powershell_are_no_commands(void **state)
{
    (void)state;
    assert_read("# a\n<# b\nc #>\nd `\n e # f\n@'\ng; h\n'@ | i", SHELL_POWERSHELL,
                "1<0 d e\n2<0 @_g;_h_@ | i\n");
}

static void hostile_text_ends_and_is_bounded(void **state)
{
    (void)state;
    static const char *const parts[] = {"(",   "{",   "\"", "$(", "@'\n", "a;",
                                        "x|",  "if ", "`",  "^",  "> ",   "powershell \"",
                                        "$a=", "[",   "<#"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        AUTO(arena_done) struct arena *arena = arena_new(96 << 20);
        AUTO(text_done) struct text text = text_of_limit(1 << 17);
        text_add_repeat(&text, parts[i], 5000);
        struct seen seen = {.text = text_bytes(&text), .lines = text_of_limit(64 << 20)};
        const struct record_sink sink = {take, &seen};
        assert_ok(windows_read(seen.text, SHELL_POWERSHELL, arena, &sink));
        assert_ok(windows_read(seen.text, SHELL_PROMPT, arena, &sink));
        assert_true(seen.count <= 2 * WINDOWS_PIPELINES_MAX);
        text_done(&seen.lines);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_of_the_prompt_have_words_and_places),
        cmocka_unit_test(conditions_and_loops_of_the_prompt_end_where_their_commands_begin),
        cmocka_unit_test(text_for_an_interpreter_is_read_too),
        cmocka_unit_test(powershell_has_groups_blocks_and_expressions),
        cmocka_unit_test(variables_keep_values_that_are_written_out),
        cmocka_unit_test(comments_and_long_texts_of_powershell_are_no_commands),
        cmocka_unit_test(hostile_text_ends_and_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
