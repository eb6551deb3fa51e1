#include "parse/excerpt.h"

#include "check.h"
#include "make/talk.h"

#include <stdio.h>
#include <zlib.h>

#include "base/memory_file.h"
#include "record/citation.h"

#include <unistd.h>

static const char LOG[] = "one\ntwo \x1b[31m\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten";

static struct arena *arena;
static int fd;

static int open_evidence(void **state)
{
    (void)state;
    arena = arena_new(32U << 20);
    assert_ok(memory_file_new("evidence", &fd));
    return 0;
}

static int close_evidence(void **state)
{
    (void)state;
    arena_free(arena);
    close(fd);
    return 0;
}

static void check_extract(const char *citation, struct bytes expected)
{
    AUTO(text_done) struct text out = text_of_limit(EXCERPT_OUTPUT_MAX);
    assert_ok(excerpt_extract(fd, bytes_of_text(citation), arena, &out));
    assert_int_equal(out.size, expected.size);
    assert_memory_equal(text_terminated(&out), expected.data, expected.size);
}

static void check_show(const char *citation, const char *expected)
{
    AUTO(text_done) struct text out = text_of_limit(1 << 20);
    assert_ok(excerpt_show(fd, bytes_of_text(citation), arena, &out));
    assert_string_equal(text_terminated(&out), expected);
}

static void check_refused(const char *citation, enum status expected)
{
    AUTO(text_done) struct text out = text_of_limit(EXCERPT_OUTPUT_MAX);
    assert_int_equal(excerpt_extract(fd, bytes_of_text(citation), arena, &out), expected);
    AUTO(text_done) struct text shown = text_of_limit(1 << 20);
    assert_int_equal(excerpt_show(fd, bytes_of_text(citation), arena, &shown), expected);
}

static void lines_come_out_as_they_are(void **state)
{
    (void)state;
    assert_ok(memory_file_write(fd, bytes_of_text(LOG)));
    check_extract("a:2", bytes_of_text("two \x1b[31m\n"));
    check_extract("a:1-3", bytes_of_text("one\ntwo \x1b[31m\nthree\n"));
    check_extract("a:10", bytes_of_text("ten"));
    check_extract("a", bytes_of_text(LOG));
    check_refused("a:11", STATUS_NOT_FOUND);
    check_refused("a:0", STATUS_NOT_FOUND);
}

static void a_person_sees_the_lines_around_a_place(void **state)
{
    (void)state;
    assert_ok(memory_file_write(fd, bytes_of_text(LOG)));
    check_show("a:5-6", "       2  two \\x1b[31m\n       3  three\n       4  four\n"
                        ">      5  five\n>      6  six\n"
                        "       7  seven\n       8  eight\n       9  nine\n");
    check_show("a:1", ">      1  one\n       2  two \\x1b[31m\n       3  three\n"
                      "       4  four\n");
    check_show("a:10", "       7  seven\n       8  eight\n       9  nine\n>     10  ten\n");
}

static void a_range_of_text_is_shown_by_lines_and_any_other_as_a_dump(void **state)
{
    (void)state;
    assert_ok(memory_file_write(fd, bytes_of_text("#!/bin/sh\nls\nid\n")));
    check_extract("a@0xa+2", bytes_of_text("ls"));
    check_show("a@0xa+2", "  0x00000000  #!/bin/sh\n> 0x0000000a  ls\n  0x0000000d  id\n");
    check_refused("a@0x100+2", STATUS_NOT_FOUND);
    assert_ok(memory_file_write(fd, (struct bytes)BYTES_LITERAL("\0\1\xff~")));
    check_show(
        "a@0x11+2",
        "  0x00000000  23 21 2f 62 69 6e 2f 73 68 0a 6c 73 0a 69 64 0a  #!/bin/sh.ls.id.\n"
        "> 0x00000010  00 01 ff 7e                                      ...~\n");
}

static void a_frame_is_found_by_its_number(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct make_capture capture = {.is_big_endian = i == 1};
        make_open(&capture, 1);
        make_frame(&capture, bytes_of_text("first frame"));
        make_frame(&capture, bytes_of_text("second frame"));
        assert_int_equal(ftruncate(fd, 0), 0);
        assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
        assert_ok(memory_file_write(fd, text_bytes(&capture.bytes)));
        text_done(&capture.bytes);
        check_extract("a#frame=2", bytes_of_text("second frame"));
        check_show("a#frame=1", "> 0x00000000  66 69 72 73 74 20 66 72 61 6d 65"
                                "                 first frame\n");
        check_refused("a#frame=3", STATUS_NOT_FOUND);
        check_refused("a#frame=0", STATUS_NOT_FOUND);
        check_refused("a#flow=1", STATUS_UNSUPPORTED);
    }
}

static void only_a_capture_has_frames(void **state)
{
    (void)state;
    assert_ok(memory_file_write(fd, bytes_of_text(LOG)));
    check_refused("a#frame=1", STATUS_NOT_FOUND);
    check_refused("a#record=1", STATUS_UNSUPPORTED);
    check_refused("coverage:a", STATUS_NOT_FOUND);
    check_refused("a b", STATUS_MALFORMED);
}

/* Packs what the file holds, in place. */
static void pack_evidence(const char *content)
{
    uint8_t packed[4096];
    uint8_t plain[4096];
    z_stream zip = {.next_out = packed, .avail_out = sizeof packed};
    size_t size = strlen(content);
    memcpy(plain, content, size);
    zip.next_in = plain;
    zip.avail_in = (uInt)size;
    assert_int_equal(deflateInit2(&zip, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&zip, Z_FINISH), Z_STREAM_END);
    deflateEnd(&zip);
    assert_ok(memory_file_write(fd, (struct bytes){packed, sizeof packed - zip.avail_out}));
}

static void containers_on_the_way_are_opened(void **state)
{
    (void)state;
    pack_evidence(LOG);
    check_extract("a.gz!/a:3", bytes_of_text("three\n"));
    check_extract("a.gz!/a", bytes_of_text(LOG));
    check_refused("a.gz!/a:99", STATUS_NOT_FOUND);
    check_refused("a!/b!/c!/d!/e!/f:1", STATUS_UNSUPPORTED); /* b holds nothing packed */
}

/* EXCERPT_OUTPUT_MAX bytes come out and not one more. */
static void no_more_comes_out_than_may(void **state)
{
    (void)state;
    AUTO(text_done) struct text block = text_of_limit(1 << 20);
    text_add_repeat(&block, "x", 1 << 20);
    for (unsigned i = 0; i < EXCERPT_OUTPUT_MAX >> 20; i++) {
        assert_ok(memory_file_write(fd, text_bytes(&block)));
    }
    AUTO(text_done) struct text out = text_of_limit(2 * (size_t)EXCERPT_OUTPUT_MAX);
    assert_ok(excerpt_extract(fd, bytes_of_text("a"), arena, &out));
    assert_int_equal(out.size, EXCERPT_OUTPUT_MAX);
    assert_ok(memory_file_write(fd, bytes_of_text("y")));
    text_clear(&out);
    assert_int_equal(excerpt_extract(fd, bytes_of_text("a"), arena, &out), STATUS_LIMIT);
    text_clear(&out);
    assert_int_equal(excerpt_extract(fd, bytes_of_text("a:1"), arena, &out), STATUS_LIMIT);
    text_clear(&out);
    assert_ok(excerpt_extract(fd, bytes_of_text("a@0x1+16777216"), arena, &out));
    assert_int_equal(out.data[out.size - 1], 'y');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_come_out_as_they_are, open_evidence,
                                        close_evidence),
        cmocka_unit_test_setup_teardown(a_person_sees_the_lines_around_a_place, open_evidence,
                                        close_evidence),
        cmocka_unit_test_setup_teardown(
            a_range_of_text_is_shown_by_lines_and_any_other_as_a_dump, open_evidence,
            close_evidence),
        cmocka_unit_test_setup_teardown(a_frame_is_found_by_its_number, open_evidence,
                                        close_evidence),
        cmocka_unit_test_setup_teardown(only_a_capture_has_frames, open_evidence,
                                        close_evidence),
        cmocka_unit_test_setup_teardown(containers_on_the_way_are_opened, open_evidence,
                                        close_evidence),
        cmocka_unit_test_setup_teardown(no_more_comes_out_than_may, open_evidence,
                                        close_evidence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
