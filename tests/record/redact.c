#include "record/redact.h"

#include <string.h>

#include "check.h"

static void assert_redacted(const char *theirs, const char *expected)
{
    struct arena *arena = arena_new(1 << 20);
    struct bytes out;
    assert_int_equal(redact_secrets(bytes_of_text(theirs), arena, &out), STATUS_OK);
    if (!bytes_equal_text(out, expected)) {
        fail_msg("%s\nbecame   %.*s\nexpected %s", theirs, (int)out.size,
                 (const char *)out.data, expected);
    }
    arena_free(arena);
}

/* Each secret below is "Hunter2" or longer, so that none can stay by chance. */
static void assert_gone(const char *theirs)
{
    struct arena *arena = arena_new(1 << 20);
    struct bytes out;
    assert_int_equal(redact_secrets(bytes_of_text(theirs), arena, &out), STATUS_OK);
    if (bytes_contains(out, "Hunter2") || !bytes_contains(out, "[redacted]")) {
        fail_msg("%s\nbecame %.*s", theirs, (int)out.size, (const char *)out.data);
    }
    arena_free(arena);
}

static void passwords_of_commands_are_taken_out(void **state)
{
    (void)state;
    assert_redacted("mysql -u root -pHunter2 shop", "mysql -u root -p[redacted] shop");
    assert_redacted("/usr/bin/mysqldump -p'Hun ter2' --all",
                    "/usr/bin/mysqldump -p'[redacted]' --all");
    assert_redacted("sshpass -p Hunter2 ssh a@192.0.2.1",
                    "sshpass -p [redacted] ssh a@192.0.2.1");
    assert_redacted("sshpass -pHunter2 ssh a@192.0.2.1",
                    "sshpass -p[redacted] ssh a@192.0.2.1");
    assert_redacted("curl -u deploy:Hunter2 https://a.example/",
                    "curl -u deploy:[redacted] https://a.example/");
    assert_redacted("curl --user='deploy:Hunter2' x", "curl --user='deploy:[redacted]' x");
    assert_redacted("wget --user=a --password=Hunter2 x",
                    "wget --user=a --password=[redacted] x");
    assert_redacted("smbclient -U bob%Hunter2 //h/s", "smbclient -U bob%[redacted] //h/s");
    assert_redacted("ldapsearch -D cn=a -w Hunter2 -b x",
                    "ldapsearch -D cn=a -w [redacted] -b x");
    assert_redacted("redis-cli -a Hunter2 ping", "redis-cli -a [redacted] ping");
    assert_redacted("docker login -u a -p Hunter2 r.example",
                    "docker login -u a -p [redacted] r.example");
    assert_redacted("openssl enc -aes-256-cbc -k Hunter2",
                    "openssl enc -aes-256-cbc -k [redacted]");
    assert_redacted("openssl rsa -passin pass:Hunter2", "openssl rsa -passin [redacted]");
    assert_redacted("useradd -m -p Hunter2Hunter2 bob", "useradd -m -p [redacted] bob");
    assert_redacted("PGPASSWORD=Hunter2 psql", "PGPASSWORD=[redacted] psql");
    assert_redacted("export DB_PASS=\"Hunter2 and more\"; run",
                    "export DB_PASS=\"[redacted]\"; run");
    assert_redacted("echo 'bob:Hunter2' | chpasswd", "echo [redacted] | chpasswd");
    assert_redacted("sudo: ann : TTY=pts/0 ; PWD=/root ; USER=root ; "
                    "COMMAND=/usr/bin/mysql -uroot -pHunter2",
                    "sudo: ann : TTY=pts/0 ; PWD=/root ; USER=root ; "
                    "COMMAND=/usr/bin/mysql -uroot -p[redacted]");
    assert_redacted("CRON[3]: (root) CMD (mysqldump -pHunter2 shop | gzip > a.gz)",
                    "CRON[3]: (root) CMD (mysqldump -p[redacted] shop | gzip > a.gz)");
}

static void names_of_secrets_lose_their_values(void **state)
{
    (void)state;
    assert_redacted("password=Hunter2&next=/", "password=[redacted]&next=/");
    assert_redacted("GET /?api_key=Hunter2&b=1 HTTP/1.1",
                    "GET /?api_key=[redacted]&b=1 HTTP/1.1");
    assert_redacted("{\"user\":\"a\",\"password\": \"Hun\\\"ter2\",\"b\":1}",
                    "{\"user\":\"a\",\"password\": \"[redacted]\",\"b\":1}");
    assert_redacted("{\\\"token\\\":\\\"Hunter2\\\"}", "{\\\"token\\\":\\\"[redacted]\\\"}");
    assert_redacted("  secret: Hunter2\n  port: 80", "  secret: [redacted]\n  port: 80");
    assert_redacted("aws_secret_access_key = Hunter2/x+y",
                    "aws_secret_access_key = [redacted]");
    assert_redacted("tool --client-secret Hunter2 --verbose",
                    "tool --client-secret [redacted] --verbose");
}

static void headers_and_addresses_lose_their_credentials(void **state)
{
    (void)state;
    assert_redacted("Authorization: Basic SHVudGVyMg==\r\nHost: a",
                    "Authorization: Basic [redacted]\r\nHost: a");
    assert_redacted("curl -H 'Authorization: Bearer Hunter2' x",
                    "curl -H 'Authorization: Bearer [redacted]' x");
    assert_redacted("curl -H \"X-Api-Key: Hunter2\" x", "curl -H \"X-Api-Key: [redacted]\" x");
    assert_redacted("Cookie: session=Hunter2; a=b\r\nA: b", "Cookie: [redacted]\r\nA: b");
    assert_redacted("git clone https://bob:Hunter2@git.example/a.git",
                    "git clone https://bob:[redacted]@git.example/a.git");
    assert_redacted("ftp://bob:Hun@ter2@203.0.113.7/", "ftp://bob:[redacted]@203.0.113.7/");
    assert_redacted("https://0123456789abcdef0123@git.example/",
                    "https://[redacted]@git.example/");
}

static void keys_and_tokens_are_known_by_their_look(void **state)
{
    (void)state;
    assert_redacted("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\nAAAA\n"
                    "-----END OPENSSH PRIVATE KEY-----\nafter",
                    "-----BEGIN OPENSSH PRIVATE KEY-----[redacted]"
                    "-----END OPENSSH PRIVATE KEY-----\nafter");
    assert_redacted("-----BEGIN RSA PRIVATE KEY-----\ncut off he",
                    "-----BEGIN RSA PRIVATE KEY-----[redacted]");
    assert_redacted("-----BEGIN CERTIFICATE-----\nAAAA", "-----BEGIN CERTIFICATE-----\nAAAA");
    assert_redacted("b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz\nx",
                    "[redacted]\nx");
    static const char *const tokens[] = {
        "AKIAHunter2EXAMPLEKE",
        "ghp_Hunter2Hunter2Hunter2Hunter2Hunt",
        "glpat-Hunter2Hunter2Hunter2",
        "xoxb-Hunter2-Hunter2-Hunter2",
        "eyJhbGciOiJIUzI1NiJ9.Hunter2Hunter2.Hunter2",
        "sk_live_Hunter2Hunter2Hunter2",
        "deploy:$6$salt$Hunter2Hunter2:19000:0",
        "usermod -p '$y$j9T$Hunter2' bob",
    };
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        assert_gone(tokens[i]);
    }
}

static void ordinary_text_stays_as_it_is(void **state)
{
    (void)state;
    static const char *const plain[] = {
        "Failed password for root from 203.0.113.7 port 22 ssh2",
        "Accepted publickey for ann from 192.0.2.1: ED25519 SHA256:abc",
        "pam_unix(passwd:chauthtok): password changed for deploy",
        "pam_unix(sshd:auth): authentication failure; logname= uid=0 user=root",
        "sudo: ann : TTY=pts/0 ; PWD=/home/ann ; USER=root ; COMMAND=/usr/bin/passwd bob",
        "mysql -p shop",
        "mkdir -p /var/lib/x",
        "docker run -p 8080:80 web",
        "ssh -p 2222 a@192.0.2.1",
        "cp -p a b | curl -s http://192.0.2.1/x",
        "mysql -u root; mkdir -pv /x",
        "https://a.example/x@y:z",
        "user@host.example:/path",
        "http://192.0.2.1:8080/a",
        "bypass=1",
        "sha256 82887bf7fb950ecc8bf62e9140b9c5ef8812e9",
        "",
        "=",
        ":",
        "://",
        "\"",
        "\\",
        "password",
        "password=",
        "--password",
    };
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        assert_redacted(plain[i], plain[i]);
    }
}

static void nothing_is_copied_where_nothing_was_taken_out(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1000);
    struct bytes text = bytes_of_text("nothing to hide");
    struct bytes out;
    assert_int_equal(redact_secrets(text, arena, &out), STATUS_OK);
    assert_ptr_equal(out.data, text.data);
    assert_int_equal(arena_used(arena), 0);
    arena_free(arena);
}

static void knows_names_of_secrets(void **state)
{
    (void)state;
    assert_true(redact_names_secret(bytes_of_text("Password")));
    assert_true(redact_names_secret(bytes_of_text("x-api-key")));
    assert_false(redact_names_secret(bytes_of_text("bypass")));
    assert_false(redact_names_secret(bytes_of_text("user")));
    assert_false(redact_names_secret(BYTES_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_names_of_secrets),
        cmocka_unit_test(passwords_of_commands_are_taken_out),
        cmocka_unit_test(names_of_secrets_lose_their_values),
        cmocka_unit_test(headers_and_addresses_lose_their_credentials),
        cmocka_unit_test(keys_and_tokens_are_known_by_their_look),
        cmocka_unit_test(ordinary_text_stays_as_it_is),
        cmocka_unit_test(nothing_is_copied_where_nothing_was_taken_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
