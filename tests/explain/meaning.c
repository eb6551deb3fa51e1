#include "explain/pasted.h"

static void a_text_is_said_to_be_what_it_is(void **state)
{
    (void)state;
    assert_explains("ls", "This is a command for a Unix shell.");
    assert_explains("ls; ls", "This is a text for a Unix shell, with 2 commands.");
    assert_explains("Get-Item x", "This is a command for PowerShell.");
    assert_explains("schtasks /create", "command for the command prompt of Windows.");
    assert_explains("git [p|push]", "written as in documentation");
    assert_explains("http://h.example/a", "This is an address on the network");
    assert_explains("curl/8.0", "a program names itself");
    assert_explains("GET /a HTTP/1.1\nHost: h.example", "GET /a at h.example");
    assert_explains("30 2 * * * ls -l", "runs by itself, every day at 02:30.");
    assert_explains("30 2 * * * ls -l", "ls lists files: -l with sizes.");
}

static void a_line_of_a_log_is_told_apart(void **state)
{
    (void)state;
    assert_explains(
        "Mar  3 02:10:00 web01 sshd[9]: Failed password for root from 192.0.2.7 port 1 ssh2",
        "It says: login failed.\nThe account is \"root\".\nIt came from 192.0.2[.]7.");
    assert_explains("{\"__REALTIME_TIMESTAMP\":\"1764200000000000\",\"_HOSTNAME\":\"web01\","
                    "\"_COMM\":\"sshd\",\"SYSLOG_IDENTIFIER\":\"sshd\","
                    "\"MESSAGE\":\"Accepted password for ann from 192.0.2.8 port 2 ssh2\"}",
                    "The account is \"ann\".");
    assert_explains("Mar  3 02:10:00 web01 sudo:  ann : TTY=pts/0 ; PWD=/ ; USER=root ; "
                    "COMMAND=/usr/bin/ls",
                    "The account is \"ann\".\nIt was done with the rights of \"root\".\n"
                    "/usr/bin/ls lists files.");
}

static void what_a_log_means_is_told_in_whole_sentences(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *says;
    } rows[] = {
        {"sshd[9]: Invalid user admin from 192.0.2.7 port 1", "an account that is not there."},
        {"sshd[9]: Connection closed by 192.0.2.7 port 1 [preauth]",
         "before the login was done."},
        {"sudo:  ann : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/ls",
         "was refused, or the password for it was wrong."},
        {"CRON[9]: (root) CMD (ls -l)", "It says that a command was run."},
        {"kernel: [1.2] [UFW BLOCK] IN=eth0 OUT= SRC=192.0.2.7 DST=192.0.2.1 LEN=40 PROTO=TCP "
         "SPT=50000 DPT=22 SYN",
         "It came from 192.0.2[.]7.\nIt went to 192.0.2[.]1, port 22."},
        {"su[9]: FAILED SU (to root) ann on pts/0",
         "to become another account and was refused."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[300];
        (void)snprintf(line, sizeof line, "Mar  3 02:10:00 web01 %s", rows[i].line);
        assert_explains(line, rows[i].says);
    }
    assert_explains("2026-03-03 02:10:00,123 fail2ban.actions [8]: NOTICE [sshd] Ban 192.0.2.7",
                    "an address is kept out from now on.\nIt came from 192.0.2[.]7.");
}

static void a_part_of_a_unit_is_told_by_its_commands(void **state)
{
    (void)state;
    assert_explains("ExecStart=-/bin/ls -l", "This is a part of a unit of systemd");
    assert_explains("[Service] ExecStart=@/bin/ls -l", "/bin/ls lists files: -l with sizes.");
    assert_explains("[Service]\nUser=ann\nExecStartPre=/bin/ls -l\n",
                    "/bin/ls lists files: -l");
    assert_explains("EXECSTART=/bin/ls", "It sets EXECSTART=/bin/ls.");
}

static void a_line_of_an_access_log_is_a_request_and_its_answer(void **state)
{
    (void)state;
    static const struct {
        const char *status;
        const char *answer;
    } rows[] = {
        {"200", "here it is"},        {"302", "look elsewhere"},
        {"401", "log in first"},      {"403", "not allowed"},
        {"400", "not like this"},     {"404", "there is no such thing"},
        {"503", "the server failed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[200];
        char expected[200];
        (void)snprintf(line, sizeof line,
                       "192.0.2.7 - - [03/Mar/2026:02:00:01 +0000] \"GET /a?b=c HTTP/1.1\" %s "
                       "146 \"-\" \"curl/7.88\"",
                       rows[i].status);
        (void)snprintf(expected, sizeof expected,
                       "192.0.2[.]7 asked a web server for /a?b=c by GET; it was answered %s "
                       "(%s).\nThe client calls itself \"curl/7.88\".",
                       rows[i].status, rows[i].answer);
        assert_explains(line, expected);
    }
}

static void what_is_hidden_is_told_behind_what_is_not(void **state)
{
    (void)state;
    assert_explains("echo bHMgLWwgLWEgLWwgLWE= | base64 -d",
                    "It says: ls -l -a -l -a\nls lists files");
}

static void what_matches_nothing_is_not_called_harmless(void **state)
{
    (void)state;
    assert_explains("ls", "That is no proof that it is harmless.");
}

static void a_finding_is_told_with_its_reason_and_what_to_check(void **state)
{
    (void)state;
    struct pasted pasted;
    AUTO(text_done) struct text said = text_of_limit(1U << 16);
    pasted_open(&pasted);
    struct cite cite = {.place = place_bytes(0, 0, 2)};
    struct fact why = {.name = bytes_of_text("explanation"),
                       .kind = FACT_TEXT,
                       .text = bytes_of_text("Because it does.")};
    struct bytes technique = bytes_of_text("T1110");
    struct finding finding = {.title = bytes_of_text("A thing is done"),
                              .severity = SEVERITY_LOW,
                              .cites = &cite,
                              .cite_count = 1,
                              .facts = &why,
                              .fact_count = 1,
                              .techniques = &technique,
                              .technique_count = 1};
    pasted.examination->findings = &finding;
    pasted.examination->finding_count = 1;
    pasted_explain(&pasted, "ls", &said);
    assert_non_null(strstr(text_terminated(&said),
                           "A thing is done. Because it does.\nBy itself this is low.\nCheck"));
    pasted_done(&pasted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_said_to_be_what_it_is),
        cmocka_unit_test(a_line_of_a_log_is_told_apart),
        cmocka_unit_test(what_a_log_means_is_told_in_whole_sentences),
        cmocka_unit_test(a_part_of_a_unit_is_told_by_its_commands),
        cmocka_unit_test(a_line_of_an_access_log_is_a_request_and_its_answer),
        cmocka_unit_test(what_is_hidden_is_told_behind_what_is_not),
        cmocka_unit_test(what_matches_nothing_is_not_called_harmless),
        cmocka_unit_test(a_finding_is_told_with_its_reason_and_what_to_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
