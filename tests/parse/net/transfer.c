#include "parse/net/transfer.h"

#include "check.h"
#include "make/reading.h"
#include "make/talk.h"
#include "parse/excerpt.h"
#include "parse/net/capture.h"

#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#define SCRIPT "#!/bin/sh\nuname -a\nid > /tmp/who\n"

static const struct make_talk WEB = {.client = {10, 0, 0, 5},
                                     .server = {203, 0, 113, 7},
                                     .client_port = 40000,
                                     .server_port = 8080,
                                     .client_sequence = 1000,
                                     .server_sequence = 5000};

static struct reading *reading;
static struct make_capture capture;
static struct make_talk talk;

static int open_reading(void **state)
{
    (void)state;
    reading = malloc(sizeof *reading);
    reading_open(reading);
    capture = (struct make_capture){0};
    make_open(&capture, 1);
    talk = WEB;
    make_connect(&capture, &talk);
    return 0;
}

static int close_reading(void **state)
{
    (void)state;
    reading_close(reading);
    free(reading);
    text_done(&capture.bytes);
    return 0;
}

static void read_all(void)
{
    reading_run(reading, capture_read, text_bytes(&capture.bytes));
    assert_ok(reading->status);
}

static void say(bool from_client, const char *text)
{
    make_say(&capture, &talk, from_client, bytes_of_text(text));
}

/* An answer with a body of a stated length. */
static void answer(const char *headers, struct bytes body)
{
    struct text text = text_of_limit(4U << 20);
    text_addf(&text, "HTTP/1.1 200 OK\r\nContent-Length: %u\r\n%s\r\n", (unsigned)body.size,
              headers);
    text_add_raw(&text, body);
    make_say(&capture, &talk, false, text_bytes(&text));
    text_done(&text);
}

static const struct artifact *artifact_at(size_t index)
{
    return &reading_nth(reading, RECORD_ARTIFACT, index)->artifact;
}

static void check_hash(const struct artifact *artifact, struct bytes content)
{
    struct sha256 expected = sha256_of(content);
    assert_true(artifact->is_hashed);
    assert_true(sha256_equal(&artifact->sha256, &expected));
    assert_int_equal(artifact->size, content.size);
}

static struct text pack(const char *text, int window_bits)
{
    static uint8_t packed[65536];
    z_stream stream = {.zalloc = NULL};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, 0), Z_OK);
    struct text input = text_of_limit(65536);
    text_add(&input, text);
    stream.next_in = (Bytef *)input.data;
    stream.avail_in = (uInt)input.size;
    stream.next_out = packed;
    stream.avail_out = sizeof packed;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    struct text out = text_of_limit(65536);
    text_add_raw(&out, (struct bytes){packed, stream.total_out});
    deflateEnd(&stream);
    text_done(&input);
    return out;
}

static void hashes_a_file_and_says_what_it_is(void **state)
{
    (void)state;
    struct text body = text_of_limit(1U << 20);
    text_add_raw(&body, (struct bytes)BYTES_LITERAL("\x7f"
                                                    "ELF\2\1\1\0"));
    text_add_repeat(&body, "program ", 10000);
    say(true, "GET /a/b/tool?x=1 HTTP/1.1\r\nHost: files.test\r\n\r\n");
    answer("Content-Type: application/octet-stream; q=1\r\n", text_bytes(&body));
    read_all();
    const struct artifact *artifact = artifact_at(0);
    check_hash(artifact, text_bytes(&body));
    assert_string_equal(artifact->kind, "ELF program");
    assert_true(artifact->is_whole);
    assert_false(artifact->is_sent);
    assert_bytes(artifact->name, "tool");
    assert_bytes(artifact->url, "/a/b/tool?x=1");
    assert_bytes(artifact->host, "files.test");
    assert_bytes(artifact->method, "GET");
    assert_bytes(artifact->status, "200");
    assert_bytes(artifact->media_type, "application/octet-stream");
    assert_int_equal(artifact->head.size, ARTIFACT_HEAD_MAX);
    assert_int_equal(artifact->flow_number, 1);
    assert_int_equal(artifact->server.port, 8080);
    assert_bytes(reading->coverage.members[artifact->member], "flow-1/1-tool");
    assert_int_equal(reading_nth(reading, RECORD_ARTIFACT, 0)->place.first, 5);
    assert_int_equal(coverage_count_get(&reading->coverage, "carried files"), 1);
    text_done(&body);
}

static void no_page_and_no_picture_is_a_member(void **state)
{
    (void)state;
    static const struct bytes bodies[] = {
        BYTES_LITERAL("<html>a page</html>"), BYTES_LITERAL("\x89PNG\r\n\x1a\n and a picture"),
        BYTES_LITERAL("some words"), BYTES_LITERAL("\x01\x02\x03\x04 what nobody knows")};
    for (size_t i = 0; i < 4; i++) {
        say(true, "GET /a HTTP/1.1\r\n\r\n");
        answer("", bodies[i]);
    }
    say(true, "PUT /a HTTP/1.1\r\nContent-Length: 10\r\n\r\nsome words");
    say(false, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    read_all();
    assert_int_equal(reading_count_of(reading, RECORD_ARTIFACT), 5);
    for (size_t i = 0; i < 4; i++) {
        check_hash(artifact_at(i), bodies[i]);
        assert_int_equal(artifact_at(i)->member, 0);
    }
    check_hash(artifact_at(4), bodies[2]); /* the same, but it was sent away */
    assert_int_not_equal(artifact_at(4)->member, 0);
}

/* The same script, however the message is framed and packed. */
static void reads_a_script_inside_the_capture(void **state)
{
    struct text gzip = pack(SCRIPT, MAX_WBITS + 16);
    struct text zlib = pack(SCRIPT, MAX_WBITS);
    struct text raw = pack(SCRIPT, -MAX_WBITS);
    for (int i = 0; i < 6; i++) {
        say(true, "GET /drop.sh HTTP/1.1\r\nHost: files.test\r\n\r\n");
        switch (i) {
        case 0:
            answer("", bytes_of_text(SCRIPT));
            break;
        case 1:
            answer("Content-Encoding: gzip\r\n", text_bytes(&gzip));
            break;
        case 2:
            answer("Content-Encoding: deflate\r\n", text_bytes(&zlib));
            break;
        case 3:
            answer("Content-Encoding: deflate\r\n", text_bytes(&raw));
            break;
        case 4:
            say(false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "a\r\n#!/bin/sh\n\r\n18\r\nuname -a\nid > /tmp/who\n\n\n\r\n0\r\n\r\n");
            break;
        default:
            say(false, "HTTP/1.0 200 OK\r\n\r\n" SCRIPT);
            make_close(&capture, &talk);
            break;
        }
        read_all();
        const struct artifact *artifact = artifact_at(0);
        if (i != 4) {
            check_hash(artifact, bytes_of_text(SCRIPT));
        }
        assert_string_equal(artifact->kind, "shell script");
        assert_true(artifact->is_whole);
        assert_int_equal(reading_count_of(reading, RECORD_PIPELINE), 2);
        const struct reading_record *command = reading_nth(reading, RECORD_PIPELINE, 1);
        assert_int_equal(command->place.kind, PLACE_BYTES);
        assert_int_equal(command->place.first, 19);
        assert_int_equal(command->place.member, artifact->member);
        assert_bytes(reading->coverage.members[artifact->member], "flow-1/1-drop.sh");
        close_reading(state);
        open_reading(state);
    }
    text_done(&gzip);
    text_done(&zlib);
    text_done(&raw);
}

static void takes_the_files_out_of_a_form(void **state)
{
    (void)state;
    struct text body = text_of_limit(8192);
    text_add(&body, "--bound\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nfield\r\n"
                    "--bound\r\nContent-Disposition: form-data; name=\"f\"; "
                    "filename=\"C:\\\\up\\\\page.php\"\r\nContent-Type: image/png\r\n\r\n"
                    "<?php phpinfo();\r\n--bound\r\n"
                    "Content-Disposition: form-data; name=\"g\"; filename=\"n.txt\"\r\n\r\n"
                    "notes\r\n--bound--\r\n");
    struct text request = text_of_limit(8192);
    text_addf(&request,
              "POST /upload.php HTTP/1.1\r\nHost: www.test\r\nContent-Type: "
              "multipart/form-data; boundary=bound\r\nContent-Length: %u\r\n\r\n",
              (unsigned)body.size);
    text_add_raw(&request, text_bytes(&body));
    make_say(&capture, &talk, true, text_bytes(&request));
    say(false, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    read_all();
    assert_int_equal(reading_count_of(reading, RECORD_ARTIFACT), 2);
    const struct artifact *first = artifact_at(0);
    assert_true(first->is_sent && first->is_whole);
    assert_string_equal(first->kind, "PHP script");
    assert_bytes(first->name, "page.php");
    assert_bytes(first->media_type, "image/png");
    assert_bytes(first->url, "/upload.php");
    check_hash(first, (struct bytes)BYTES_LITERAL("<?php phpinfo();"));
    assert_bytes(reading->coverage.members[artifact_at(1)->member], "flow-1/2-n.txt");
    struct bytes kept = transaction_field(&reading_transaction(reading, 0)->transaction,
                                          FIELD_HTTP_REQUEST_BODY);
    assert_bytes(kept,
                 "--bound\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nfield\r\n");
    text_done(&body);
    text_done(&request);
}

static void says_that_a_file_is_not_whole(void **state)
{
    (void)state;
    struct text body = text_of_limit(1U << 16);
    text_add_repeat(&body, "0123456789", 1000);
    say(true, "GET /cut HTTP/1.1\r\n\r\n");
    say(false, "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n");
    make_say(&capture, &talk, false, bytes_part(text_bytes(&body), 0, 2000));
    talk.server_sequence += 1000;
    make_say(&capture, &talk, false, bytes_from(text_bytes(&body), 3000));
    say(true, "GET /open HTTP/1.1\r\n\r\n");
    say(false, "HTTP/1.1 200 OK\r\n\r\nuntil it closes");
    read_all();
    assert_int_equal(reading_count_of(reading, RECORD_ARTIFACT), 2);
    assert_false(artifact_at(0)->is_whole);
    assert_int_equal(artifact_at(0)->size, 9000);
    assert_false(artifact_at(1)->is_whole); /* nobody closed */
    assert_true(reading_has_anomaly(reading, "bytes of a TCP connection are missing"));
    text_done(&body);
}

static void keeps_a_damaged_packing_as_far_as_it_goes(void **state)
{
    (void)state;
    struct text packed = pack(SCRIPT, MAX_WBITS + 16);
    memset(packed.data + packed.size - 12, 0xff, 8);
    say(true, "GET /x.sh HTTP/1.1\r\n\r\n");
    answer("Content-Encoding: gzip\r\n", text_bytes(&packed));
    read_all();
    assert_false(artifact_at(0)->is_whole);
    assert_true(reading_has_anomaly(reading, "packing is damaged"));
    text_done(&packed);
}

static void bounds_how_many_files_are_followed_at_once(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TRANSFER_COUNT_MAX + 3; i++) {
        talk = WEB;
        talk.client_port = (uint16_t)(20000 + i);
        make_connect(&capture, &talk);
        say(true, "GET /x HTTP/1.1\r\n\r\n");
        say(false, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    }
    read_all();
    assert_int_equal(reading_count_of(reading, RECORD_ARTIFACT), TRANSFER_COUNT_MAX);
    assert_int_equal(coverage_count_get(&reading->coverage, "carried files not looked at"), 3);
    assert_true(reading_has_anomaly(reading, "more carried files at once"));
}

static void check_carried(size_t index, const char *path, const char *from,
                          struct bytes content)
{
    const struct carried *carried = &reading->coverage.carried[index];
    struct sha256 expected = sha256_of(content);
    assert_bytes(carried->path, path);
    assert_bytes(carried->from, from);
    assert_true(carried->is_whole);
    assert_true(sha256_equal(&carried->sha256, &expected));
    assert_int_equal(carried->size, content.size);
    assert_string_equal(carried->protocol, "http");
    assert_true(carried->at.is_known);
}

static void lists_what_passed_with_what_is_notable_first(void **state)
{
    (void)state;
    say(true, "GET /index HTTP/1.1\r\nHost: www.test\r\n\r\n");
    answer("", bytes_of_text("<html>a page</html>"));
    say(true, "GET /drop.sh HTTP/1.1\r\nHost: files.test\r\n\r\n");
    answer("", bytes_of_text(SCRIPT));
    say(true, "PUT /up/notes HTTP/1.1\r\nContent-Length: 10\r\n\r\nsome words");
    say(false, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    read_all();
    assert_int_equal(reading->coverage.carried_count, 3);
    assert_int_equal(reading->coverage.carried_dropped, 0);
    check_carried(0, "flow-1/2-drop.sh", "203.0.113.7:8080", bytes_of_text(SCRIPT));
    check_carried(1, "flow-1/3-notes", "10.0.0.5:40000", bytes_of_text("some words"));
    check_carried(2, "flow-1/1-index", "203.0.113.7:8080",
                  bytes_of_text("<html>a page</html>"));
    assert_string_equal(reading->coverage.carried[0].kind, "shell script");
    assert_bytes(reading->coverage.carried[0].host, "files.test");
    assert_bytes(reading->coverage.carried[0].name, "drop.sh");
}

/* The answer says itself that it is a part. */
static void a_piece_of_a_file_is_not_whole(void **state)
{
    (void)state;
    say(true, "GET /drop.sh HTTP/1.1\r\nRange: bytes=10-19\r\n\r\n");
    say(false, "HTTP/1.1 206 Partial Content\r\nContent-Length: 10\r\n"
               "Content-Range: bytes 10-19/1000\r\n\r\n0123456789");
    read_all();
    assert_false(artifact_at(0)->is_whole);
    assert_false(reading->coverage.carried[0].is_whole);
    assert_int_equal(reading->coverage.carried[0].size, 10);
}

/* A hash that nobody will be shown is not worth its time. */
static void hashes_what_has_a_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < CARRIED_MAX + 2; i++) {
        say(true, "GET /a HTTP/1.1\r\n\r\n");
        answer("", bytes_of_text("<html>a page</html>"));
    }
    say(true, "GET /drop.sh HTTP/1.1\r\n\r\n");
    answer("", bytes_of_text(SCRIPT));
    read_all();
    assert_true(artifact_at(CARRIED_MAX - 1)->is_hashed);
    assert_false(artifact_at(CARRIED_MAX)->is_hashed);
    assert_int_equal(reading->coverage.carried_dropped, 3);
    check_hash(artifact_at(CARRIED_MAX + 2), bytes_of_text(SCRIPT));
    assert_bytes(reading->coverage.carried[0].name, "drop.sh");
}

static void reads_a_packed_script_that_was_carried_as_a_file(void **state)
{
    (void)state;
    struct text packed = pack(SCRIPT, MAX_WBITS + 16);
    say(true, "GET /x.sh.gz HTTP/1.1\r\n\r\n");
    answer("", text_bytes(&packed));
    read_all();
    assert_string_equal(artifact_at(0)->kind, "gzip file");
    check_hash(artifact_at(0), text_bytes(&packed));
    const struct reading_record *command = reading_nth(reading, RECORD_PIPELINE, 0);
    assert_bytes(reading->coverage.members[command->place.member], "flow-1/1-x.sh.gz!/x.sh");
    text_done(&packed);
}

static enum status extract(const char *citation, struct text *out)
{
    char path[] = "/tmp/tocsin-transfer-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(write(fd, capture.bytes.data, capture.bytes.size), capture.bytes.size);
    struct arena *arena = arena_new(96U << 20);
    enum status status = excerpt_extract(fd, bytes_of_text(citation), arena, out);
    arena_free(arena);
    close(fd);
    return status;
}

static void leads_a_citation_back_to_the_carried_bytes(void **state)
{
    (void)state;
    struct text gzip = pack(SCRIPT, MAX_WBITS + 16);
    say(true, "GET /page HTTP/1.1\r\n\r\n");
    answer("", bytes_of_text("<html>nothing</html>"));
    say(true, "GET /a%20b.sh HTTP/1.1\r\n\r\n");
    answer("Content-Encoding: gzip\r\n", text_bytes(&gzip));
    say(true, "GET /x.gz HTTP/1.1\r\n\r\n");
    answer("", text_bytes(&gzip));
    read_all();
    const struct artifact *artifact = artifact_at(1);
    assert_bytes(reading->coverage.members[artifact->member], "flow-1/2-a%2520b.sh");
    static const struct {
        const char *citation;
        const char *content;
    } cases[] = {
        {"c.pcap!/flow-1/2-a%2520b.sh", SCRIPT},
        {"c.pcap!/flow-1/2-a%2520b.sh@0x13+2", "id"},
        {"c.pcap!/flow-1/2-a%2520b.sh:2", "uname -a\n"},
        {"c.pcap!/flow-1/3-x.gz!/x@0x0+9", "#!/bin/sh"},
        {"c.pcap!/flow-1/1-page", "<html>nothing</html>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text out = text_of_limit(1U << 16);
        assert_ok(extract(cases[i].citation, &out));
        assert_string_equal(text_terminated(&out), cases[i].content);
        text_done(&out);
    }
    struct text out = text_of_limit(1U << 16);
    assert_status(extract("c.pcap!/flow-1/9-none", &out), STATUS_NOT_FOUND);
    text_done(&out);
    text_done(&gzip);
}

static void takes_the_name_from_the_last_part_of_a_path(void **state)
{
    (void)state;
    assert_bytes(transfer_file_name(bytes_of_text("/a/b.c?d=/e")), "b.c");
    assert_bytes(transfer_file_name(bytes_of_text("c:\\x\\y.exe")), "y.exe");
    assert_int_equal(transfer_file_name(bytes_of_text("/a/")).size, 0);
    assert_int_equal(transfer_file_name(BYTES_NONE).size, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_reading, close_reading)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(hashes_a_file_and_says_what_it_is),
        TEST(no_page_and_no_picture_is_a_member),
        TEST(reads_a_script_inside_the_capture),
        TEST(takes_the_files_out_of_a_form),
        TEST(says_that_a_file_is_not_whole),
        TEST(keeps_a_damaged_packing_as_far_as_it_goes),
        TEST(bounds_how_many_files_are_followed_at_once),
        TEST(lists_what_passed_with_what_is_notable_first),
        TEST(a_piece_of_a_file_is_not_whole),
        TEST(hashes_what_has_a_row),
        TEST(reads_a_packed_script_that_was_carried_as_a_file),
        TEST(leads_a_citation_back_to_the_carried_bytes),
        TEST(takes_the_name_from_the_last_part_of_a_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
