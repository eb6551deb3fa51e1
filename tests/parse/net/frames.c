#include "parse/net/frames.h"

#include "check.h"
#include "make/pcapng.h"
#include "make/talk.h"
#include "parse/excerpt.h"

#include <stdlib.h>
#include <unistd.h>

#define ETHERNET 1

/* What `citation` leads to in a file that holds `bytes`. */
static enum status extract(struct bytes bytes, const char *citation, struct text *out)
{
    char path[] = "/tmp/tocsin-frames-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(write(fd, bytes.data, bytes.size), bytes.size);
    struct arena *arena = arena_new(64U << 20);
    enum status status = excerpt_extract(fd, bytes_of_text(citation), arena, out);
    arena_free(arena);
    close(fd);
    return status;
}

/* Three frames told apart by their source ports; the damage lies between the first two. */
static void add_frames(struct make_capture *classic, struct make_pcapng *next)
{
    for (unsigned i = 0; i < 3; i++) {
        struct text frame = text_of_limit(256);
        make_datagram_frame(&frame, 4000 + i);
        if (classic != NULL) {
            make_frame(classic, text_bytes(&frame));
        } else {
            make_enhanced(next, 0, 1000 + i, text_bytes(&frame));
        }
        text_done(&frame);
    }
}

static void check_frame(struct bytes bytes, const char *citation, unsigned port)
{
    struct text frame = text_of_limit(256);
    struct text out = text_of_limit(1024);
    make_datagram_frame(&frame, port);
    assert_ok(extract(bytes, citation, &out));
    assert_true(bytes_equal(text_bytes(&out), text_bytes(&frame)));
    text_done(&frame);
    text_done(&out);
}

static void finds_a_cited_frame_again_in_either_format(void **state)
{
    (void)state;
    struct make_capture classic = {0};
    make_open(&classic, ETHERNET);
    add_frames(&classic, NULL);
    struct make_pcapng next = {text_of_limit(MAKE_SIZE_MAX), true};
    make_section(&next);
    make_interface(&next, ETHERNET, 0, -1, 0);
    add_frames(NULL, &next);
    struct bytes both[] = {text_bytes(&classic.bytes), text_bytes(&next.bytes)};
    for (size_t i = 0; i < 2; i++) {
        check_frame(both[i], "a.pcap#frame=1", 4000);
        check_frame(both[i], "a.pcap#frame=3", 4002);
        struct text out = text_of_limit(1024);
        assert_status(extract(both[i], "a.pcap#frame=4", &out), STATUS_NOT_FOUND);
        text_done(&out);
    }
    text_done(&classic.bytes);
    text_done(&next.bytes);
}

static void counts_behind_damage_as_the_reader_counts(void **state)
{
    (void)state;
    struct make_capture classic = {0};
    make_open(&classic, ETHERNET);
    add_frames(&classic, NULL);
    size_t record = (classic.bytes.size - 24) / 3;
    memset(classic.bytes.data + 24 + record, 0xff, 16); /* the second record's header */
    check_frame(text_bytes(&classic.bytes), "a.pcap#frame=1", 4000);
    check_frame(text_bytes(&classic.bytes), "a.pcap#frame=2", 4002);
    text_done(&classic.bytes);
}

static void shows_a_frame_as_a_dump(void **state)
{
    (void)state;
    struct make_pcapng next = {text_of_limit(MAKE_SIZE_MAX), false};
    make_section(&next);
    make_interface(&next, ETHERNET, 0, -1, 0);
    add_frames(NULL, &next);
    char path[] = "/tmp/tocsin-frames-XXXXXX";
    int fd = mkstemp(path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(write(fd, next.bytes.data, next.bytes.size), next.bytes.size);
    struct arena *arena = arena_new(64U << 20);
    struct text out = text_of_limit(1U << 16);
    assert_ok(excerpt_show(fd, bytes_of_text("a.pcapng#frame=2"), arena, &out));
    assert_non_null(strstr(text_terminated(&out), "02 00 00 00 00 01"));
    text_done(&out);
    arena_free(arena);
    close(fd);
    text_done(&next.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_cited_frame_again_in_either_format),
        cmocka_unit_test(counts_behind_damage_as_the_reader_counts),
        cmocka_unit_test(shows_a_frame_as_a_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
