#include "train/reading.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void takes_columns_and_leaves_the_last_whole(void **state)
{
    (void)state;
    struct bytes line = bytes_of_text("one\ttwo\tthree\twith a tab");
    assert_bytes(reading_column(line, 0, 3), "one");
    assert_bytes(reading_column(line, 1, 3), "two");
    assert_bytes(reading_column(line, 2, 3), "three\twith a tab");
    assert_bytes(reading_column(bytes_of_text("alone"), 2, 3), "");
}

static void takes_lines_of_either_ending(void **state)
{
    (void)state;
    struct bytes rest = bytes_of_text("a\r\n\nb");
    struct bytes line;
    assert_true(reading_line(&rest, &line));
    assert_bytes(line, "a");
    assert_true(reading_line(&rest, &line));
    assert_bytes(line, "");
    assert_true(reading_line(&rest, &line));
    assert_bytes(line, "b");
    assert_false(reading_line(&rest, &line));
}

static void undoes_what_keeps_a_column_on_its_line(void **state)
{
    (void)state;
    struct text AUTO(text_done) out = text_of_limit(100);
    reading_unescape(bytes_of_text("a\\nb\\tc\\\\d\\q\\"), &out);
    assert_bytes(text_bytes(&out), "a\nb\tc\\d\\q\\");
}

static enum status note(void *context, const char *path, const char *name)
{
    struct text *seen = context;
    struct text AUTO(text_done) content = text_of_limit(100);
    TRY(reading_file(path, &content));
    text_addf(seen, "%s=%s ", name, text_terminated(&content));
    return STATUS_OK;
}

static void put(const char *path, const char *content)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void reads_a_folder_in_order_of_name(void **state)
{
    (void)state;
    char folder[] = "/tmp/tocsin-reading-XXXXXX";
    assert_non_null(mkdtemp(folder));
    struct text AUTO(text_done) seen = text_of_limit(1000);
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(mkdir("b", 0700), 0);
    put("c", "3");
    put("b/a", "2");
    put("a", "1");
    assert_int_equal(symlink("a", "link"), 0);
    assert_ok(reading_folder(folder, note, &seen));
    assert_bytes(text_bytes(&seen), "a=1 b/a=2 c=3 ");
    assert_status(reading_folder("not-there", note, &seen), STATUS_NOT_FOUND);
    assert_status(reading_file("not-there", &seen), STATUS_NOT_FOUND);
    static const char *const made[] = {"c", "b/a", "a", "link"};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        assert_int_equal(unlink(made[i]), 0);
    }
    assert_int_equal(rmdir("b"), 0);
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_columns_and_leaves_the_last_whole),
        cmocka_unit_test(takes_lines_of_either_ending),
        cmocka_unit_test(undoes_what_keeps_a_column_on_its_line),
        cmocka_unit_test(reads_a_folder_in_order_of_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
