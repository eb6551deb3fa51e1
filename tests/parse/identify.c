#include "parse/identify.h"

#include "check.h"

#include <stdio.h>
#include <string.h>

static const struct reader *identified(struct bytes head, const char *name)
{
    struct sample sample = {.head = head,
                            .name = bytes_of_text(name),
                            .is_whole = true,
                            .is_text = sample_is_text(head)};
    return identify(&sample);
}

static const char *kind_of(const char *text, const char *name)
{
    const struct reader *reader = identified(bytes_of_text(text), name);
    return reader == NULL ? "" : reader->kind;
}

#define HEADER "Mar  3 02:10:00 web01 sshd[1]: x\n"

static void knows_a_log_by_its_lines(void **state)
{
    (void)state;
    assert_string_equal(kind_of(HEADER HEADER, ""), "system log");
    assert_string_equal(kind_of("garbage\n" HEADER "more\n" HEADER, ""), "system log");
    assert_string_equal(kind_of("a\nb\nc\nd\n" HEADER, ""), "");
    assert_string_equal(kind_of("a\nb\nc\nd\n" HEADER, "auth.log"), "system log");
    assert_string_equal(kind_of("", "auth.log"), "");
    assert_string_equal(kind_of("hello\n", "auth.log"), "");
}

static void knows_formats_by_their_first_bytes(void **state)
{
    (void)state;
    static const uint8_t events[] = "ElfFile\0\0\0\0";
    const struct reader *reader = identified((struct bytes){events, sizeof events}, "x");
    assert_non_null(reader);
    assert_null(reader->read);
    assert_string_equal(reader->kind, "Windows event log");
    assert_string_equal(reader->why, "Windows event log: not examined yet");
    assert_string_equal(kind_of("%PDF-1.7\n", ""), "PDF document");
    assert_string_equal(kind_of("PK\x03\x04rest", ""), "ZIP archive");
    assert_string_equal(kind_of("MZ and more words\n", ""), "");
    assert_string_equal(kind_of("MZ\x90\x03", ""), "Windows program");
}

/* Lines of a log in a capture, or packed as they are, do not make it a log; nor does a word in
 * a log make it something else. */
static void is_not_misled_by_what_a_file_holds(void **state)
{
    (void)state;
    static const char *const starts[] = {"\xd4\xc3\xb2\xa1", "\x1f\x8b\x08", "PK\x03\x04"};
    static const char *const kinds[] = {"capture", "gzip file", "ZIP archive"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        char file[1000];
        snprintf(file, sizeof file, "%s\x02\n" HEADER HEADER HEADER HEADER, starts[i]);
        assert_string_equal(kind_of(file, "auth.log"), kinds[i]);
    }
    char log[1000];
    snprintf(log, sizeof log, "%s%0400d\n%s", "Mar  3 02:10:00 web01 sshd[1]: x", 0, HEADER);
    memcpy(log + 257, "ustar", 5);
    assert_string_equal(kind_of(log, ""), "system log");
}

static void knows_scripts_by_their_first_line_or_name(void **state)
{
    (void)state;
    assert_string_equal(kind_of("#!/bin/sh\necho\n", ""), "shell script");
    assert_string_equal(kind_of("#! /usr/bin/env bash\necho\n", "x"), "shell script");
    assert_string_equal(kind_of("#!/usr/bin/python3\n", "x"), "script");
    assert_string_equal(kind_of("echo\n", "x.sh"), "shell script");
    assert_string_equal(kind_of("echo\n", "x"), "");
    assert_string_equal(kind_of("ls\ncd /tmp\n", ".bash_history"), "shell history");
}

static void knows_what_text_is(void **state)
{
    (void)state;
    assert_true(sample_is_text(bytes_of_text("a\tb\r\n\xc3\xa4\x1b[0m")));
    assert_false(sample_is_text(bytes_of_text("a\x01")));
    static const uint8_t nul[] = {'a', 0};
    assert_false(sample_is_text((struct bytes){nul, sizeof nul}));
}

static void names_a_log_it_cannot_read(void **state)
{
    (void)state;
    assert_string_equal(kind_of("2026-03-03 17:41:44,747 - INFO [main] a\n"
                                "2026-03-03 17:41:45,747 - INFO [main] b\n"
                                "  at some place\n"
                                "2026-03-03 17:41:46,747 - INFO [main] c\n",
                                ""),
                        "log of an unknown form");
    assert_string_equal(kind_of("one at 10:11:12\ntwo\nthree\nfour\n", ""), "");
    assert_string_equal(kind_of("type=SYSCALL msg=audit(1.2:3): arch=x\n", ""),
                        "Linux audit log");
    assert_string_equal(kind_of("192.0.2.1 - - [10/Oct/2026:13:55:36 +0000] \"GET / HTTP/1.1\" "
                                "200 5\n",
                                ""),
                        "web access log");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_a_log_by_its_lines),
        cmocka_unit_test(knows_formats_by_their_first_bytes),
        cmocka_unit_test(is_not_misled_by_what_a_file_holds),
        cmocka_unit_test(knows_scripts_by_their_first_line_or_name),
        cmocka_unit_test(knows_what_text_is),
        cmocka_unit_test(names_a_log_it_cannot_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
