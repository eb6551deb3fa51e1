#include "store/registry_seal.h"

#include "check.h"

static struct registry_seal sample(void)
{
    return (struct registry_seal){.log = {.size = 41, .root = sha256_of(bytes_of_text("root"))},
                                  .database = sha256_of(bytes_of_text("database")),
                                  .papers = sha256_of(bytes_of_text("papers"))};
}

static void a_seal_reads_as_it_was_written(void **state)
{
    (void)state;
    struct identity identity;
    struct registry_seal seal = sample();
    struct registry_seal read;
    AUTO(text_done) struct text file = text_of_limit(REGISTRY_SEAL_MAX);
    assert_ok(identity_new(&identity));
    assert_ok(registry_seal_write(&identity, &seal, &file));
    assert_ok(registry_seal_read(&identity, text_bytes(&file), &read));
    assert_int_equal(read.log.size, 41);
    assert_true(sha256_equal(&read.log.root, &seal.log.root));
    assert_true(sha256_equal(&read.database, &seal.database));
    assert_true(sha256_equal(&read.papers, &seal.papers));
    for (size_t i = 0; i < file.size; i++) {
        file.data[i] ^= 1;
        assert_status(registry_seal_read(&identity, text_bytes(&file), &read), STATUS_CONFLICT);
        file.data[i] ^= 1;
    }
    identity_done(&identity);
}

static void what_another_key_or_version_sealed_is_told_apart(void **state)
{
    (void)state;
    struct identity identity;
    struct identity other;
    struct registry_seal seal = sample();
    AUTO(text_done) struct text file = text_of_limit(REGISTRY_SEAL_MAX);
    AUTO(text_done) struct text later = text_of_limit(REGISTRY_SEAL_MAX);
    assert_ok(identity_new(&identity));
    assert_ok(identity_new(&other));
    assert_ok(registry_seal_write(&other, &seal, &file));
    assert_status(registry_seal_read(&identity, text_bytes(&file), &seal), STATUS_CONFLICT);
    assert_ok(
        identity_sign_note(&identity, bytes_of_text("tocsin/registry/2\nsize: 1\n"), &later));
    assert_status(registry_seal_read(&identity, text_bytes(&later), &seal), STATUS_UNSUPPORTED);
    identity_done(&identity);
    identity_done(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seal_reads_as_it_was_written),
        cmocka_unit_test(what_another_key_or_version_sealed_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
