#include "parse/stream.h"

#include "check.h"

#include <string.h>

#include "base/memory_file.h"
#include "base/text.h"

#include <unistd.h>

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_new(4U << 20);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* Lines as they come, and where they were cut. */
static void check_lines(struct bytes bytes, size_t window, const char *expected)
{
    AUTO(text_done) struct text said = text_of_limit(1 << 16);
    struct stream stream;
    struct bytes line;
    bool was_cut;
    assert_ok(stream_of_bytes(&stream, bytes, arena));
    stream.window_capacity = window;
    while (stream_line(&stream, &line, &was_cut)) {
        text_add(&said, "[");
        text_add_raw(&said, line);
        text_add(&said, was_cut ? "..." : "]");
    }
    assert_string_equal(text_terminated(&said), expected);
    assert_ok(stream.status);
    assert_int_equal(stream.offset, bytes.size);
}

static void lines_are_given_without_their_ends(void **state)
{
    (void)state;
    check_lines(bytes_of_text("one\ntwo\r\n\n\r\nlast"), 100, "[one][two][][][last]");
    check_lines(bytes_of_text("one\n"), 100, "[one]");
    check_lines(BYTES_NONE, 100, "");
    check_lines(bytes_of_text("\n"), 100, "[]");
}

static void a_line_longer_than_the_window_is_cut_and_the_next_is_whole(void **state)
{
    (void)state;
    check_lines(bytes_of_text("0123456789abcdef\nnext\n"), 8, "[01234567...[next]");
    check_lines(bytes_of_text("ab\n0123456789abcdef\nnext"), 8, "[ab][01234567...[next]");
    check_lines(bytes_of_text("01234567\nnext\n"), 8, "[01234567...[next]");
    check_lines(bytes_of_text("0123456\nnext\n"), 8, "[0123456][next]");
    check_lines(bytes_of_text("0123456789abcdef"), 8, "[01234567...");
    check_lines(bytes_of_text("01234567"), 8, "[01234567...");
}

static void a_view_is_no_longer_than_what_is_left(void **state)
{
    (void)state;
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, bytes_of_text("0123456789"), arena));
    stream.window_capacity = 6;
    assert_bytes(bytes_part(stream_peek(&stream, 4), 0, 4), "0123");
    stream_take(&stream, 4);
    assert_bytes(bytes_part(stream_peek(&stream, 6), 0, 6), "456789");
    stream_take(&stream, 100); /* no more than is in view */
    assert_int_equal(stream.offset, 10);
    assert_int_equal(stream_peek(&stream, 1).size, 0);
    assert_true(stream.is_ended);
}

static enum status give_some(void *context, uint8_t *buffer, size_t capacity, size_t *out)
{
    unsigned *turn = context;
    assert_true(capacity > 3);
    memcpy(buffer, "abc", 3);
    *out = *turn < 2 ? 3 : 1;
    return ++*turn < 3 ? STATUS_OK : STATUS_MALFORMED;
}

/* What came before the damage is given, then why no more comes. */
static void damage_is_said_after_what_came_before_it(void **state)
{
    (void)state;
    struct stream stream;
    unsigned turn = 0;
    assert_ok(stream_of_reader(&stream, give_some, &turn, arena));
    assert_bytes(stream_peek(&stream, 100), "abcabca");
    assert_int_equal(stream.status, STATUS_MALFORMED);
    stream_take(&stream, 7);
    assert_int_equal(stream_peek(&stream, 1).size, 0);
    assert_int_equal(turn, 3);
}

static void a_file_is_read_from_its_start_whatever_its_position(void **state)
{
    (void)state;
    int fd = -1;
    assert_ok(memory_file_new("test", &fd));
    assert_ok(memory_file_write(fd, bytes_of_text("evidence")));
    struct stream stream;
    assert_ok(stream_of_file(&stream, fd, arena));
    assert_bytes(stream_peek(&stream, 100), "evidence");
    /* A log that shrinks while it is read ends early. */
    assert_ok(stream_of_file(&stream, fd, arena));
    stream.window_capacity = 4;
    assert_bytes(stream_peek(&stream, 4), "evid");
    assert_int_equal(ftruncate(fd, 5), 0);
    stream_take(&stream, 4);
    assert_bytes(stream_peek(&stream, 4), "e");
    close(fd);
    assert_ok(stream_of_file(&stream, fd, arena));
    assert_int_equal(stream_peek(&stream, 1).size, 0);
    assert_int_equal(stream.status, STATUS_IO);
}

/* Bytes that come by and by: one piece each time they are asked for. */
struct trickle {
    const char *const *pieces; /* ended by NULL */
    size_t asked;
};

static enum status read_piece(void *context, uint8_t *buffer, size_t capacity, size_t *out)
{
    struct trickle *trickle = context;
    const char *piece = trickle->pieces[trickle->asked];
    trickle->asked += piece != NULL;
    *out = piece == NULL ? 0 : strlen(piece);
    assert_true(*out <= capacity);
    if (*out > 0) {
        memcpy(buffer, piece, *out);
    }
    return STATUS_OK;
}

/* A reader that waited for more than it needs would wait for ever. */
static void of_a_live_stream_no_more_is_asked_for_than_is_needed(void **state)
{
    (void)state;
    static const char *const pieces[] = {"one\ntw", "o", "\nthree\n", "four", NULL};
    struct trickle trickle = {.pieces = pieces};
    struct stream stream;
    struct bytes line;
    bool was_cut;
    assert_ok(stream_of_reader(&stream, read_piece, &trickle, arena));
    stream.is_live = true;
    assert_bytes(stream_sample(&stream, 1000), "one\ntw");
    assert_int_equal(trickle.asked, 1);
    assert_true(stream_line(&stream, &line, &was_cut));
    assert_bytes(line, "one");
    assert_int_equal(trickle.asked, 1);
    assert_int_equal(stream.offset, 4);
    assert_true(stream_line(&stream, &line, &was_cut));
    assert_bytes(line, "two");
    assert_int_equal(trickle.asked, 3);
    assert_true(stream_line(&stream, &line, &was_cut));
    assert_bytes(line, "three");
    assert_int_equal(trickle.asked, 3);
    assert_int_equal(stream_peek(&stream, 3).size, 4);
    assert_true(stream_line(&stream, &line, &was_cut));
    assert_bytes(line, "four");
    assert_false(stream_line(&stream, &line, &was_cut));
}

static void without_memory_there_is_no_stream(void **state)
{
    (void)state;
    struct arena *AUTO(arena_done) small = arena_new(STREAM_WINDOW_SIZE - 1);
    struct stream stream;
    assert_int_equal(stream_of_bytes(&stream, BYTES_NONE, small), STATUS_NO_MEMORY);
    assert_int_equal(stream_of_file(&stream, 0, small), STATUS_NO_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_are_given_without_their_ends, open_arena,
                                        close_arena),
        cmocka_unit_test_setup_teardown(
            a_line_longer_than_the_window_is_cut_and_the_next_is_whole, open_arena,
            close_arena),
        cmocka_unit_test_setup_teardown(a_view_is_no_longer_than_what_is_left, open_arena,
                                        close_arena),
        cmocka_unit_test_setup_teardown(damage_is_said_after_what_came_before_it, open_arena,
                                        close_arena),
        cmocka_unit_test_setup_teardown(a_file_is_read_from_its_start_whatever_its_position,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(of_a_live_stream_no_more_is_asked_for_than_is_needed,
                                        open_arena, close_arena),
        cmocka_unit_test(without_memory_there_is_no_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
