#include "sandbox/message.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct message_buffer buffer;

static int count_of_open_files(void)
{
    int count = 0;
    for (int fd = 0; fd < 1024; fd++) {
        count += fcntl(fd, F_GETFD) != -1;
    }
    return count;
}

static const struct message_wait soon = {.timeout_ms = 0};

/* Sends a frame as a hostile process would. */
static void send_frame(int channel, const void *frame, size_t size, const int *files,
                       size_t count)
{
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(32 * sizeof(int))] = {0};
    struct iovec part = {.iov_base = (void *)(uintptr_t)frame, .iov_len = size};
    struct msghdr packet = {.msg_iov = &part, .msg_iovlen = 1};
    if (count > 0) {
        packet.msg_control = control;
        packet.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&packet);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(header), files, count * sizeof(int));
    }
    assert_int_equal(sendmsg(channel, &packet, 0), size);
}

static void carries_kind_body_and_files(void **state)
{
    (void)state;
    int channel[2];
    int pipe_ends[2];
    assert_ok(message_channel(channel));
    assert_int_equal(pipe(pipe_ends), 0);
    struct message sent = {
        .kind = 513, .body = bytes_of_text("hello"), .file_count = 1, .files = {pipe_ends[1]}};
    assert_ok(message_send(channel[0], &sent));
    close(pipe_ends[1]);
    struct message got;
    assert_ok(message_receive(channel[1], 1, soon, &buffer, &got));
    assert_int_equal(got.kind, 513);
    assert_bytes(got.body, "hello");
    assert_int_equal(got.file_count, 1);
    assert_int_equal(fcntl(got.files[0], F_GETFD), FD_CLOEXEC);
    assert_int_equal(write(got.files[0], "x", 1), 1);
    char byte = 0;
    assert_int_equal(read(pipe_ends[0], &byte, 1), 1);
    assert_int_equal(byte, 'x');
    int file = got.files[0];
    message_close_files(&got);
    assert_int_equal(fcntl(file, F_GETFD), -1);
    close(pipe_ends[0]);
    close(channel[0]);
    close(channel[1]);
}

static void carries_the_largest_body_and_refuses_a_larger_one(void **state)
{
    (void)state;
    int channel[2];
    assert_ok(message_channel(channel));
    uint8_t *body = calloc(1, MESSAGE_BODY_MAX + 1);
    body[MESSAGE_BODY_MAX - 1] = 7;
    struct message sent = {.kind = 1, .body = {body, MESSAGE_BODY_MAX}};
    assert_ok(message_send(channel[0], &sent));
    struct message got;
    assert_ok(message_receive(channel[1], 0, soon, &buffer, &got));
    assert_int_equal(got.body.size, MESSAGE_BODY_MAX);
    assert_int_equal(got.body.data[MESSAGE_BODY_MAX - 1], 7);
    sent.body.size++;
    assert_status(message_send(channel[0], &sent), STATUS_LIMIT);
    sent.body.size = 0;
    sent.file_count = MESSAGE_FILES_MAX + 1;
    assert_status(message_send(channel[0], &sent), STATUS_LIMIT);
    free(body);
    close(channel[0]);
    close(channel[1]);
}

struct bad_frame {
    const char *what;
    uint8_t frame[16];
    size_t size;
};

static void refuses_frames_at_odds_with_themselves(void **state)
{
    (void)state;
    static const struct bad_frame bad[] = {
        {"no header", {1, 0}, 2},
        {"body too short", {1, 0, 0, 0, 5, 0, 0, 0, 'a', 'b'}, 10},
        {"body too long", {1, 0, 0, 0, 1, 0, 0, 0, 'a', 'b'}, 10},
        {"size beyond the limit", {1, 0, 0, 0, 255, 255, 255, 255}, 8},
        {"a file that did not come", {1, 0, 1, 0, 0, 0, 0, 0}, 8},
        {"too many files", {1, 0, 255, 255, 0, 0, 0, 0}, 8},
    };
    int channel[2];
    assert_ok(message_channel(channel));
    struct message got = {.kind = 99};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        send_frame(channel[0], bad[i].frame, bad[i].size, NULL, 0);
        assert_status(message_receive(channel[1], MESSAGE_FILES_MAX, soon, &buffer, &got),
                      STATUS_MALFORMED);
        assert_int_equal(got.kind, 99);
    }
    close(channel[0]);
    close(channel[1]);
}

/* The clock may go on between reckoning the end of a wait and looking at the channel. */
static void sees_what_is_there_without_waiting(void **state)
{
    (void)state;
    int channel[2];
    assert_ok(message_channel(channel));
    struct message_wait now = {.timeout_ms = 0};
    struct message sent = {.kind = 5};
    for (int i = 0; i < 200000; i++) {
        struct message got;
        assert_ok(message_send(channel[0], &sent));
        assert_ok(message_receive(channel[1], 0, now, &buffer, &got));
    }
    close(channel[0]);
    close(channel[1]);
}

static void closes_files_nobody_asked_for(void **state)
{
    (void)state;
    int channel[2];
    assert_ok(message_channel(channel));
    int before = count_of_open_files();
    int many[20];
    for (int i = 0; i < 20; i++) {
        many[i] = channel[0];
    }
    struct message got;
    static const uint8_t none_claimed[8] = {1};
    send_frame(channel[0], none_claimed, 8, many, 1);
    assert_status(message_receive(channel[1], 8, soon, &buffer, &got), STATUS_MALFORMED);
    static const uint8_t two_claimed[8] = {1, 0, 2};
    send_frame(channel[0], two_claimed, 8, many, 2);
    assert_status(message_receive(channel[1], 1, soon, &buffer, &got), STATUS_MALFORMED);
    static const uint8_t eight_claimed[8] = {1, 0, 8};
    send_frame(channel[0], eight_claimed, 8, many, 20);
    assert_status(message_receive(channel[1], 8, soon, &buffer, &got), STATUS_MALFORMED);
    assert_int_equal(count_of_open_files(), before);
    close(channel[0]);
    close(channel[1]);
}

static void refuses_a_frame_longer_than_the_buffer(void **state)
{
    (void)state;
    int channel[2];
    assert_ok(message_channel(channel));
    size_t size = sizeof buffer + 1;
    uint8_t *frame = calloc(1, size);
    frame[6] = 1;
    frame[5] = 0x80; /* the body's size would be right */
    frame[4] = 1;
    send_frame(channel[0], frame, size, NULL, 0);
    struct message got;
    assert_status(message_receive(channel[1], 0, soon, &buffer, &got), STATUS_MALFORMED);
    free(frame);
    close(channel[0]);
    close(channel[1]);
}

/* Between the clock's two readings a millisecond may pass, one time in many thousands. */
static void receives_what_has_arrived_however_late_it_is(void **state)
{
    (void)state;
    int channel[2];
    assert_int_equal(message_channel(channel), STATUS_OK);
    const struct message sent = {.kind = 7};
    for (int i = 0; i < 100000; i++) {
        struct message got;
        assert_int_equal(message_send(channel[0], &sent), STATUS_OK);
        assert_int_equal(message_receive(channel[1], 0, soon, &buffer, &got), STATUS_OK);
    }
    close(channel[0]);
    close(channel[1]);
}

static void tells_silence_from_an_end_and_from_a_stop(void **state)
{
    (void)state;
    int channel[2];
    assert_ok(message_channel(channel));
    struct message got;
    struct message_wait wait = {.timeout_ms = 20};
    assert_status(message_receive(channel[1], 0, wait, &buffer, &got), STATUS_LIMIT);
    volatile sig_atomic_t flag = 1;
    const struct stop stop = {.flag = &flag};
    wait = (struct message_wait){.timeout_ms = -1, .stop = &stop};
    assert_status(message_receive(channel[1], 0, wait, &buffer, &got), STATUS_CONFLICT);
    close(channel[0]);
    assert_status(message_receive(channel[1], 0, MESSAGE_WAIT_FOREVER, &buffer, &got),
                  STATUS_TRUNCATED);
    struct message sent = {.kind = 1};
    assert_status(message_send(channel[1], &sent), STATUS_TRUNCATED);
    close(channel[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carries_kind_body_and_files),
        cmocka_unit_test(carries_the_largest_body_and_refuses_a_larger_one),
        cmocka_unit_test(refuses_frames_at_odds_with_themselves),
        cmocka_unit_test(sees_what_is_there_without_waiting),
        cmocka_unit_test(closes_files_nobody_asked_for),
        cmocka_unit_test(refuses_a_frame_longer_than_the_buffer),
        cmocka_unit_test(receives_what_has_arrived_however_late_it_is),
        cmocka_unit_test(tells_silence_from_an_end_and_from_a_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
