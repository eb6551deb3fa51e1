#include "codec/html.h"

#include "check.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE_MAX_HERE 100000

/* What becomes of `theirs` as the text of a paragraph. */
static void assert_string(struct bytes theirs, const char *expected)
{
    struct text text = text_of_limit(SIZE_MAX_HERE);
    struct htmlout out = htmlout_of(&text);
    htmlout_begin(&out, "p");
    htmlout_string(&out, theirs);
    htmlout_end(&out);
    assert_ok(htmlout_finish(&out));
    struct text whole = text_of_limit(SIZE_MAX_HERE);
    text_addf(&whole, "<!doctype html>\n<p>%s</p>\n", expected);
    assert_string_equal(text_terminated(&text), text_terminated(&whole));
    text_done(&text);
    text_done(&whole);
}

static void nests_elements_and_closes_void_ones(void **state)
{
    (void)state;
    struct text text = text_of_limit(SIZE_MAX_HERE);
    struct htmlout out = htmlout_of(&text);
    htmlout_begin(&out, "ul");
    htmlout_attribute_text(&out, "class", "a \"b\"");
    htmlout_begin(&out, "li");
    htmlout_begin(&out, "input");
    htmlout_attribute_text(&out, "type", "checkbox");
    htmlout_flag(&out, "checked");
    htmlout_attributef(&out, "id", "step-%d-%d", 1, 2);
    htmlout_words(&out, "one & ");
    htmlout_begin(&out, "a");
    htmlout_attributef(&out, "href", "#finding-%u", 3U);
    htmlout_wordsf(&out, "%d < %d", 1, 2);
    htmlout_end(&out);
    htmlout_begin(&out, "br");
    htmlout_end(&out);
    htmlout_end(&out);
    assert_ok(htmlout_finish(&out));
    assert_string_equal(text_terminated(&text),
                        "<!doctype html>\n<ul class=\"a &quot;b&quot;\">\n<li>\n"
                        "<input type=\"checkbox\" checked id=\"step-1-2\">one &amp; "
                        "<a href=\"#finding-3\">1 &lt; 2</a><br></li></ul>\n");
    text_done(&text);
}

static void outside_text_never_becomes_a_mark(void **state)
{
    (void)state;
    assert_string(bytes_of_text("<b>&amp;\"'</b>"), "&lt;b&gt;&amp;amp;&quot;&#39;&lt;/b&gt;");
    assert_string(bytes_of_text("--><!--]]>"), "--&gt;&lt;!--]]&gt;");
    assert_string(bytes_of_text("gr\xc3\xbc\xc3\x9f dich"), "gr\xc3\xbc\xc3\x9f dich");
    assert_string(BYTES_NONE, "");
}

static void outside_text_cannot_leave_an_attribute(void **state)
{
    (void)state;
    struct text text = text_of_limit(SIZE_MAX_HERE);
    struct htmlout out = htmlout_of(&text);
    htmlout_begin(&out, "p");
    htmlout_attribute(&out, "title", bytes_of_text("x\" lang='y'>`\n"));
    htmlout_end(&out);
    assert_ok(htmlout_finish(&out));
    assert_string_equal(text_terminated(&text),
                        "<!doctype html>\n<p title=\"x&quot; lang=&#39;y&#39;&gt;`\n\"></p>\n");
    text_done(&text);
}

static void what_is_hidden_is_shown(void **state)
{
    (void)state;
    struct bytes bytes = BYTES_LITERAL("a\0\x1b\r\t\n\x7f\xe2\x80\xae\xef\xbb\xbf\xff\xc0\xaf");
    assert_string(bytes, "a\\x00\\x1b\\x0d\t\n\\x7f\\u{202e}\\u{feff}\\xff\\xc0\\xaf");
}

static void a_line_break_behind_pre_is_kept(void **state)
{
    (void)state;
    struct text text = text_of_limit(SIZE_MAX_HERE);
    struct htmlout out = htmlout_of(&text);
    htmlout_begin(&out, "pre");
    htmlout_string(&out, bytes_of_text("\na"));
    htmlout_begin(&out, "div");
    htmlout_end(&out);
    htmlout_end(&out);
    assert_ok(htmlout_finish(&out));
    assert_string_equal(text_terminated(&text),
                        "<!doctype html>\n<pre>\n\na<div></div></pre>\n");
    text_done(&text);
}

static void a_sheet_stands_as_it_is(void **state)
{
    (void)state;
    struct text text = text_of_limit(SIZE_MAX_HERE);
    struct htmlout out = htmlout_of(&text);
    htmlout_begin(&out, "head");
    htmlout_style(&out, "a > b { content: \"x\" }");
    htmlout_end(&out);
    assert_ok(htmlout_finish(&out));
    assert_string_equal(
        text_terminated(&text),
        "<!doctype html>\n<head>\n<style>a > b { content: \"x\" }</style></head>\n");
    text_done(&text);
}

static void a_text_that_is_full_says_so(void **state)
{
    (void)state;
    struct text text = text_of_limit(20);
    struct htmlout out = htmlout_of(&text);
    htmlout_begin(&out, "p");
    htmlout_string(&out, bytes_of_text("more than fits"));
    htmlout_end(&out);
    assert_int_equal(htmlout_finish(&out), STATUS_LIMIT);
    text_done(&text);
}

enum mistake {
    MISTAKE_NONE,
    MISTAKE_SCRIPT,
    MISTAKE_IMAGE,
    MISTAKE_ELEMENT_NAME,
    MISTAKE_OUTSIDE_LINK,
    MISTAKE_HANDLER,
    MISTAKE_INLINE_STYLE,
    MISTAKE_SOURCE,
    MISTAKE_THEIR_LINK,
    MISTAKE_THEIR_CLASS,
    MISTAKE_SHEET_ENDS,
    MISTAKE_ATTRIBUTE_BEHIND_TEXT,
    MISTAKE_NOT_CLOSED,
    MISTAKE_COUNT,
};

static void make(struct htmlout *out, enum mistake mistake)
{
    static const struct {
        const char *name;
        const char *value;
    } attributes[MISTAKE_COUNT] = {
        [MISTAKE_OUTSIDE_LINK] = {"href", "//x.example"}, [MISTAKE_HANDLER] = {"onclick", "x"},
        [MISTAKE_INLINE_STYLE] = {"style", "x"},          [MISTAKE_SOURCE] = {"src", "#x"},
        [MISTAKE_ATTRIBUTE_BEHIND_TEXT] = {"class", "x"},
    };
    static const char *const elements[MISTAKE_COUNT] = {
        [MISTAKE_SCRIPT] = "script", [MISTAKE_IMAGE] = "img", [MISTAKE_ELEMENT_NAME] = "p b"};
    htmlout_begin(out, "p");
    if (mistake == MISTAKE_ATTRIBUTE_BEHIND_TEXT) {
        htmlout_words(out, "text");
    }
    if (attributes[mistake].name != NULL) {
        htmlout_attribute_text(out, attributes[mistake].name, attributes[mistake].value);
    }
    if (elements[mistake] != NULL) {
        htmlout_begin(out, elements[mistake]);
    }
    if (mistake == MISTAKE_THEIR_LINK || mistake == MISTAKE_THEIR_CLASS) {
        htmlout_attribute(out, mistake == MISTAKE_THEIR_LINK ? "href" : "class",
                          bytes_of_text("#x"));
    }
    if (mistake == MISTAKE_SHEET_ENDS) {
        htmlout_style(out, "</style>");
    }
    if (mistake != MISTAKE_NOT_CLOSED) {
        htmlout_end(out);
    }
    IGNORE(htmlout_finish(out), "only the assertion is looked at");
}

/* How a process that makes it ends: 0, or the signal of an assertion. */
static int end_of(enum mistake mistake)
{
    pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);
        struct text text = text_of_limit(SIZE_MAX_HERE);
        struct htmlout out = htmlout_of(&text);
        make(&out, mistake);
        text_done(&text);
        _exit(0);
    }
    int end = 0;
    assert_int_equal(waitpid(child, &end, 0), child);
    return WIFSIGNALED(end) ? WTERMSIG(end) : WEXITSTATUS(end);
}

static void a_mistake_of_ours_is_not_written(void **state)
{
    (void)state;
    assert_int_equal(end_of(MISTAKE_NONE), 0);
    for (unsigned mistake = MISTAKE_NONE + 1; mistake < MISTAKE_COUNT; mistake++) {
        assert_int_equal(end_of((enum mistake)mistake), SIGABRT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nests_elements_and_closes_void_ones),
        cmocka_unit_test(outside_text_never_becomes_a_mark),
        cmocka_unit_test(outside_text_cannot_leave_an_attribute),
        cmocka_unit_test(what_is_hidden_is_shown),
        cmocka_unit_test(a_line_break_behind_pre_is_kept),
        cmocka_unit_test(a_sheet_stands_as_it_is),
        cmocka_unit_test(a_text_that_is_full_says_so),
        cmocka_unit_test(a_mistake_of_ours_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
