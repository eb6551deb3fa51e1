#include "access/grant/symbols.h"

#include "base/arena.h"
#include "check.h"

#define MEMORY (4U << 20)

/* The numbers that the format fixes, in its order. */
static void knows_the_names_every_token_may_use(void **state)
{
    (void)state;
    static const char *const names[] = {
        "read",  "write",   "resource",  "operation",  "right",    "time",      "role",
        "owner", "tenant",  "namespace", "user",       "team",     "service",   "admin",
        "email", "group",   "member",    "ip_address", "client",   "client_ip", "domain",
        "path",  "version", "cluster",   "node",       "hostname", "nonce",     "query",
    };
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    struct grant_symbols symbols = {.arena = arena};
    for (uint64_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct bytes name;
        uint64_t number;
        assert_ok(grant_symbols_name(&symbols, i, &name));
        assert_bytes(name, names[i]);
        assert_ok(grant_symbols_number(&symbols, bytes_of_text(names[i]), &number));
        assert_int_equal(number, i);
        assert_status(grant_symbols_add(&symbols, bytes_of_text(names[i])), STATUS_MALFORMED);
    }
    struct bytes name;
    assert_status(grant_symbols_name(&symbols, 28, &name), STATUS_MALFORMED);
    assert_status(grant_symbols_name(&symbols, 1023, &name), STATUS_MALFORMED);
    assert_status(grant_symbols_name(&symbols, 1024, &name), STATUS_MALFORMED);
}

static void numbers_new_names_from_1024_on(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    struct grant_symbols symbols = {.arena = arena};
    uint64_t number;
    struct bytes name;
    assert_ok(grant_symbols_number(&symbols, bytes_of_text("one"), &number));
    assert_int_equal(number, 1024);
    assert_ok(grant_symbols_number(&symbols, bytes_of_text("two"), &number));
    assert_int_equal(number, 1025);
    assert_ok(grant_symbols_number(&symbols, bytes_of_text("one"), &number));
    assert_int_equal(number, 1024);
    assert_ok(grant_symbols_name(&symbols, 1025, &name));
    assert_bytes(name, "two");
    assert_status(grant_symbols_add(&symbols, bytes_of_text("two")), STATUS_MALFORMED);
}

static void counts_keys_and_refuses_one_twice(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    struct grant_symbols symbols = {.arena = arena};
    struct grant_key key = {.algorithm = GRANT_ED25519, .size = 32};
    struct grant_key found;
    for (unsigned i = 0; i < GRANT_KEYS_MAX; i++) {
        key.bytes[0] = (uint8_t)i;
        assert_ok(grant_symbols_add_key(&symbols, &key));
        assert_status(grant_symbols_add_key(&symbols, &key), STATUS_MALFORMED);
    }
    key.bytes[0] = GRANT_KEYS_MAX;
    assert_status(grant_symbols_add_key(&symbols, &key), STATUS_LIMIT);
    assert_ok(grant_symbols_key(&symbols, 7, &found));
    assert_int_equal(found.bytes[0], 7);
    assert_status(grant_symbols_key(&symbols, GRANT_KEYS_MAX, &found), STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_names_every_token_may_use),
        cmocka_unit_test(numbers_new_names_from_1024_on),
        cmocka_unit_test(counts_keys_and_refuses_one_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
