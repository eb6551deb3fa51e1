#include "parse/host/keys.h"

#include "parse/gather.h"

#define BLOB "AAAAC3NzaC1lZDI1NTE5AAAAIOAp1TOo/2Fq8MPUQa/olMrRk/B2nb+VUfBf1+cGGgS/"
/* as ssh-keygen -l writes it */
#define PRINT "ssh.key.fingerprint=SHA256:TzsHzkckfLfyJg+qtUfKXrFC28EQb6d4XLfrPb/LXV8"

static void reads_keys_with_what_is_said_of_them(void **state)
{
    (void)state;
    assert_reads(
        "# who may come in\n"
        "ssh-ed25519 " BLOB " made for a test\n"
        "from=\"192.0.2.0/24\",command=\"echo \\\"a b\\\" | cat\",no-pty  ssh-ed25519 " BLOB
        "\n",
        "authorized_keys", "authorized keys",
        "2 key ssh.key.type=ssh-ed25519 " PRINT " ssh.key.comment=made for a test\n"
        "3 key ssh.key.type=ssh-ed25519 " PRINT
        " ssh.key.options=from=\"192.0.2.0/24\",command=\"echo \\\"a b\\\" | cat\",no-pty"
        " process.command_line=echo \"a b\" | cat\n");
}

static void names_lines_that_are_no_keys(void **state)
{
    (void)state;
    struct gather gather;
    gather_text(&gather,
                "ssh-ed25519 " BLOB "\ncommand=\"open ssh-ed25519 " BLOB "\nssh-rsa !\n"
                "ssh-rsa AAAA= x\n",
                "authorized_keys2");
    assert_ok(gather.status);
    assert_int_equal(gather.count, 2);
    assert_int_equal(gather.coverage.anomalies[0].count, 2);
    gather_done(&gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_keys_with_what_is_said_of_them),
        cmocka_unit_test(names_lines_that_are_no_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
