#include "parse/net/speech_lines.h"

#include "check.h"
#include "make/reading.h"
#include "make/talk.h"
#include "make/tls.h"
#include "parse/net/capture.h"

#include <stdlib.h>

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
    talk = (struct make_talk){.client = {10, 0, 0, 5},
                              .server = {203, 0, 113, 7},
                              .client_port = 40000,
                              .server_port = 9999};
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

static void client(const char *text)
{
    make_say(&capture, &talk, true, bytes_of_text(text));
}

static void server(const char *text)
{
    make_say(&capture, &talk, false, bytes_of_text(text));
}

static void read_all(size_t count)
{
    reading_run(reading, capture_read, text_bytes(&capture.bytes));
    assert_ok(reading->status);
    assert_int_equal(reading->transaction_count, count);
}

static void check(size_t index, enum field field, const char *expected)
{
    assert_bytes(transaction_field(&reading_transaction(reading, index)->transaction, field),
                 expected);
}

/* Nothing that any record says holds `secret`. */
static void check_is_nowhere(const char *secret)
{
    for (size_t i = 0; i < reading->count; i++) {
        const struct reading_record *record = &reading->records[i];
        assert_false(bytes_contains(record->source, secret));
        for (size_t k = 0; k < record->transaction.field_count; k++) {
            assert_false(bytes_contains(record->transaction.fields[k].value, secret));
        }
    }
}

static void gives_the_versions_of_both_sides_of_ssh(void **state)
{
    (void)state;
    server("welcome\r\nSSH-2.0-OpenSSH_9.2p1 Debian\r\nbinary");
    client("SSH-2.0-libssh_0.10\r\n");
    read_all(0); /* the server began with something else */
    close_reading(state);
    open_reading(state);
    server("SSH-2.0-OpenSSH_9.2p1 Debian\r\n");
    client("SSH-2.0-libssh_0.10\r\n");
    read_all(1);
    assert_int_equal(reading_transaction(reading, 0)->transaction.kind, TRANSACTION_SSH);
    check(0, FIELD_SSH_CLIENT_VERSION, "SSH-2.0-libssh_0.10");
    check(0, FIELD_SSH_SERVER_VERSION, "SSH-2.0-OpenSSH_9.2p1 Debian");
    assert_string_equal(reading_flow(reading, 0)->application, "ssh");
}

static void gives_one_side_of_ssh_where_the_other_is_silent(void **state)
{
    (void)state;
    server("SSH-2.0-x\n");
    make_close(&capture, &talk);
    read_all(1);
    check(0, FIELD_SSH_SERVER_VERSION, "SSH-2.0-x");
}

static void follows_a_mail(void **state)
{
    (void)state;
    server("220 mail.test ESMTP ready\r\n");
    client("EHLO laptop.test\r\n");
    server("250-mail.test\r\n250 PIPELINING\r\n");
    client(
        "MAIL FROM:<a@x.test> SIZE=9\r\nRCPT TO:<b@y.test>\r\nRCPT TO:<c@y.test>\r\nDATA\r\n");
    server("250 ok\r\n550 no\r\n250 ok\r\n354 go\r\n");
    client("Subject: a bill\r\nFrom: me\r\n\r\nRCPT TO:<not@me.test>\r\n..\r\n.\r\nQUIT\r\n");
    server("250 queued\r\n221 bye\r\n");
    read_all(1);
    assert_int_equal(reading_transaction(reading, 0)->transaction.kind, TRANSACTION_SMTP);
    check(0, FIELD_NETWORK_COMMAND, "MAIL");
    check(0, FIELD_MAIL_FROM, "a@x.test");
    check(0, FIELD_MAIL_TO, "b@y.test");
    check(0, FIELD_MAIL_SUBJECT, "a bill");
    check(0, FIELD_NETWORK_RESPONSE_CODE, "250");
    check(0, FIELD_SOURCE_NAME, "laptop.test");
    check(0, FIELD_SERVER_BANNER, "mail.test ESMTP ready");
    assert_string_equal(reading_flow(reading, 0)->application, "smtp");
    check_is_nowhere("not@me.test");
}

static void cites_a_mail_without_an_envelope_where_it_begins(void **state)
{
    (void)state;
    server("220 m\r\n");
    client("EHLO l\r\nDATA\r\n");
    server("250 a\r\n354 b\r\n");
    client("text\r\n.\r\nMAIL FROM:<b@x.test>\r\n");
    server("554 c\r\n250 d\r\n");
    read_all(2);
    assert_int_equal(reading_transaction(reading, 0)->place.first, 5);
    check(0, FIELD_MAIL_FROM, "");
    check(1, FIELD_MAIL_FROM, "b@x.test");
}

static void keeps_the_account_and_not_the_password_of_a_login(void **state)
{
    (void)state;
    server("220 mail.test\r\n");
    client("EHLO laptop\r\n");
    server("250 AUTH LOGIN PLAIN\r\n");
    client("AUTH LOGIN\r\n");
    server("334 VXNlcm5hbWU6\r\n");
    client("YW5uYQ==\r\n");
    server("334 UGFzc3dvcmQ6\r\n");
    client("c2VjcmV0\r\n");
    server("535 no\r\n");
    client("AUTH PLAIN AGFubmEAc2VjcmV0\r\n");
    server("235 yes\r\n");
    client("AUTH PLAIN\r\n");
    server("334 \r\n");
    client("AGJvYgBzZWNyZXQ=\r\n");
    read_all(3);
    check(0, FIELD_USER_NAME, "anna");
    check(0, FIELD_AUTH_METHOD, "LOGIN");
    check(0, FIELD_NETWORK_RESPONSE_CODE, "535");
    check(1, FIELD_USER_NAME, "anna");
    check(1, FIELD_NETWORK_RESPONSE_CODE, "235");
    check(2, FIELD_USER_NAME, "bob");
    check(2, FIELD_NETWORK_RESPONSE_CODE, "");
    check_is_nowhere("secret");
    check_is_nowhere("c2VjcmV0");
}

static void passes_over_chunks_of_a_mail(void **state)
{
    (void)state;
    server("220 m\r\n");
    client("EHLO l\r\n");
    server("250 CHUNKING\r\n");
    client("MAIL FROM:<a@x.test>\r\n");
    server("250 ok\r\n");
    client("BDAT 14 LAST\r\nAUTH LOGIN me\n");
    server("250 taken\r\n");
    client("RSET\r\n");
    read_all(1);
    check(0, FIELD_MAIL_FROM, "a@x.test");
}

static void gives_logins_and_files_of_ftp(void **state)
{
    (void)state;
    server("220-hello\r\n220 (vsFTPd 3.0.3)\r\n");
    client("USER anna\r\n");
    server("331 password\r\n");
    client("PASS secret\r\n");
    server("230 in\r\n");
    client("RETR /etc/tool.tar\r\n");
    server("150 here\r\n226 done\r\n");
    client("STOR up.php\r\n");
    read_all(3);
    assert_int_equal(reading_transaction(reading, 0)->transaction.kind, TRANSACTION_FTP);
    check(0, FIELD_NETWORK_COMMAND, "PASS");
    check(0, FIELD_USER_NAME, "anna");
    check(0, FIELD_NETWORK_RESPONSE_CODE, "230");
    check(0, FIELD_FILE_PATH, "");
    check(1, FIELD_NETWORK_COMMAND, "RETR");
    check(1, FIELD_FILE_PATH, "/etc/tool.tar");
    check(1, FIELD_NETWORK_RESPONSE_CODE, "226");
    check(2, FIELD_FILE_PATH, "up.php");
    check(2, FIELD_NETWORK_RESPONSE_CODE, "");
    check_is_nowhere("secret");
}

static void hears_tls_where_a_session_goes_over_to_it(void **state)
{
    (void)state;
    server("220 mail.test\r\n");
    client("EHLO l\r\n");
    server("250 STARTTLS\r\n");
    client("STARTTLS\r\n");
    server("220 go\r\n");
    struct text hello = text_of_limit(8192);
    make_hello(&hello, "mail.example.test", 10);
    make_say(&capture, &talk, true, text_bytes(&hello));
    text_done(&hello);
    read_all(1);
    assert_int_equal(reading_transaction(reading, 0)->transaction.kind, TRANSACTION_TLS);
    check(0, FIELD_TLS_SERVER_NAME, "mail.example.test");
    assert_string_equal(reading_flow(reading, 0)->application, "smtp");
}

static void names_quic_and_dtls(void **state)
{
    (void)state;
    struct make_talk other = talk;
    other.client_port = 1;
    make_datagram(&capture, &other, true,
                  (struct bytes)BYTES_LITERAL("\xc3\0\0\0\1\x08 connection"));
    other.client_port = 2;
    make_datagram(&capture, &other, true,
                  (struct bytes)BYTES_LITERAL("\x16\xfe\xfd\0\0\0\0\0\0\0\0"));
    other.client_port = 3;
    make_datagram(&capture, &other, true, bytes_of_text("neither"));
    read_all(0);
    assert_string_equal(reading_flow(reading, 1)->application, "quic");
    assert_string_equal(reading_flow(reading, 2)->application, "dtls");
    assert_null(reading_flow(reading, 3)->application);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_reading, close_reading)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(gives_the_versions_of_both_sides_of_ssh),
        TEST(gives_one_side_of_ssh_where_the_other_is_silent),
        TEST(follows_a_mail),
        TEST(cites_a_mail_without_an_envelope_where_it_begins),
        TEST(keeps_the_account_and_not_the_password_of_a_login),
        TEST(passes_over_chunks_of_a_mail),
        TEST(gives_logins_and_files_of_ftp),
        TEST(hears_tls_where_a_session_goes_over_to_it),
        TEST(names_quic_and_dtls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
