#include "parse/host/account.h"

#include "parse/gather.h"

static void reads_accounts(void **state)
{
    (void)state;
    assert_reads("root:x:0:0:root:/root:/bin/bash\n"
                 "# a comment\n"
                 "anna:x:1000:1000:Anna,,,:/home/anna:/bin/sh\n"
                 "toor::0:0::/:\n"
                 "old:8xY1Zq2Wv3Us4:7:7::/:/bin/false\n"
                 "+::::::\n",
                 "passwd", "account file",
                 "1 account user.name=root user.id=0 user.group.id=0 user.full_name=root"
                 " user.home=/root user.shell=/bin/bash\n"
                 "3 account user.name=anna user.id=1000 user.group.id=1000"
                 " user.full_name=Anna,,, user.home=/home/anna user.shell=/bin/sh\n"
                 "4 account user.name=toor user.id=0 user.group.id=0 user.home=/"
                 " user.password.state=empty\n"
                 "5 account user.name=old user.id=7 user.group.id=7 user.home=/"
                 " user.shell=/bin/false user.password.state=set"
                 " user.password.method=descrypt\n");
}

static const char shadow[] = "root:$y$j9T$salt$secret:20150:0:99999:7:::\n"
                             "daemon:*:20000:0:99999:7:::\n"
                             "anna:!$6$salt$secret:20151:0:99999:7:::\n"
                             "eve::20152:0:99999:7:::\n"
                             "bob:!:20153::::::\n";

static void tells_the_state_of_passwords(void **state)
{
    (void)state;
    assert_reads(shadow, "shadow-", "password file",
                 "1 password user.name=root user.password.state=set"
                 " user.password.method=yescrypt\n"
                 "2 password user.name=daemon user.password.state=none\n"
                 "3 password user.name=anna user.password.state=locked"
                 " user.password.method=sha512crypt\n"
                 "4 password user.name=eve user.password.state=empty\n"
                 "5 password user.name=bob user.password.state=none\n");
}

static enum status look_for_secrets(void *context, const struct record *record)
{
    size_t *count = context;
    ++*count;
    assert_false(bytes_contains(record->source, "secret"));
    assert_false(bytes_contains(record->source, "salt"));
    for (size_t i = 0; i < record->setting->field_count; i++) {
        assert_false(bytes_contains(record->setting->fields[i].value, "salt"));
        assert_false(bytes_contains(record->setting->fields[i].value, "secret"));
    }
    assert_true(record->at.is_known);
    return STATUS_OK;
}

static void never_tells_a_password(void **state)
{
    (void)state;
    struct gather gather;
    gather_init(&gather, "shadow");
    size_t count = 0;
    gather.sink = (struct record_sink){look_for_secrets, &count};
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, bytes_of_text(shadow), gather.evidence));
    assert_ok(parse_stream(&stream, &gather.parse, 0));
    assert_int_equal(count, 5);
    gather_done(&gather);
}

static void reads_groups_and_names_damage(void **state)
{
    (void)state;
    struct gather gather;
    gather_text(&gather, "root:x:0:\nsudo:x:27:anna,eve\ndamage:x\nadm:x:y:z\nw:x:9:\n",
                "group");
    assert_string_equal(text_terminated(&gather.lines),
                        "1 group group.name=root group.id=0\n"
                        "2 group group.name=sudo group.id=27 group.members=anna,eve\n"
                        "5 group group.name=w group.id=9\n");
    assert_int_equal(gather.coverage.anomalies[0].count, 2);
    gather_done(&gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_accounts),
        cmocka_unit_test(tells_the_state_of_passwords),
        cmocka_unit_test(never_tells_a_password),
        cmocka_unit_test(reads_groups_and_names_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
