#include "access/log_proof.h"

#include <string.h>

#include "check.h"

/* One leaf alone under a key of the golden log of other people's program. */
#define CHECKPOINT \
    "example.com/log\n1\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n\n" \
    "\xe2\x80\x94 example.com/log AAAAAAAAAAA=\n"
#define HASH "rra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n"
#define HEAD "c2sp.org/tlog-proof@v1\n"

static void reads_the_parts_of_a_proof(void **state)
{
    (void)state;
    static struct log_proof proof;
    struct fault fault = {NULL, 0};
    struct bytes file = bytes_of_text(HEAD "extra AAEC\nindex 7\n" HASH HASH "\n" CHECKPOINT);
    assert_ok(log_proof_read(file, &proof, &fault));
    assert_int_equal(proof.entry_size, 3);
    assert_int_equal(proof.index, 7);
    assert_int_equal(proof.path.count, 2);
    assert_int_equal(proof.path.hashes[1].bytes[0], 0xae);
    assert_bytes(proof.checkpoint.says.origin, "example.com/log");
    assert_true(bytes_equal_text(proof.checkpoint.file, CHECKPOINT));
}

static void refuses_every_other_form_with_its_reason(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        enum status status;
        const char *what;
    } cases[] = {
        {"", STATUS_MALFORMED, "begin"},
        {"c2sp.org/tlog-proof@v2\nextra AAEC\nindex 7\n\n" CHECKPOINT, STATUS_MALFORMED,
         "begin"},
        {HEAD "index 7\n\n" CHECKPOINT, STATUS_UNSUPPORTED, "entry"},
        {HEAD "extra AAE\nindex 7\n\n" CHECKPOINT, STATUS_MALFORMED, "entry"},
        {HEAD "extra AAEC\n\n" CHECKPOINT, STATUS_MALFORMED, "index"},
        {HEAD "extra AAEC\nindex 07\n\n" CHECKPOINT, STATUS_MALFORMED, "index"},
        {HEAD "extra AAEC\nindex -7\n\n" CHECKPOINT, STATUS_MALFORMED, "index"},
        {HEAD "extra AAEC\nindex 18446744073709551616\n\n" CHECKPOINT, STATUS_MALFORMED,
         "index"},
        {HEAD "extra AAEC\nindex 7\nAAAA\n\n" CHECKPOINT, STATUS_MALFORMED, "hash"},
        {HEAD "extra AAEC\nindex 7\n" HASH, STATUS_MALFORMED, "empty line"},
        {HEAD "extra AAEC\nindex 7\n" CHECKPOINT, STATUS_MALFORMED, "hash"},
        {HEAD "extra AAEC\nindex 7\n\n", STATUS_MALFORMED, "empty line"},
        {HEAD "extra AAEC\nindex 7\n\nno checkpoint\n\n\xe2\x80\x94 a AAAAAAAAAAA=\n",
         STATUS_MALFORMED, "not a checkpoint"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct log_proof proof;
        struct fault fault = {NULL, 0};
        assert_status(log_proof_read(bytes_of_text(cases[i].file), &proof, &fault),
                      cases[i].status);
        assert_non_null(strstr(fault.what, cases[i].what));
    }
}

static void counts_hashes_and_bytes(void **state)
{
    (void)state;
    static struct log_proof proof;
    struct fault fault = {NULL, 0};
    for (size_t count = LOG_PROOF_HASHES_MAX; count <= LOG_PROOF_HASHES_MAX + 1; count++) {
        AUTO(text_done) struct text file = text_of_limit(LOG_PROOF_SIZE_MAX + 1);
        text_add(&file, HEAD "extra AAEC\nindex 7\n");
        text_add_repeat(&file, HASH, count);
        text_add(&file, "\n" CHECKPOINT);
        assert_status(log_proof_read(text_bytes(&file), &proof, &fault),
                      count == LOG_PROOF_HASHES_MAX ? STATUS_OK : STATUS_LIMIT);
    }
    AUTO(text_done) struct text long_one = text_of_limit(LOG_PROOF_SIZE_MAX + 1);
    text_add_repeat(&long_one, "x", LOG_PROOF_SIZE_MAX + 1);
    assert_status(log_proof_read(text_bytes(&long_one), &proof, &fault), STATUS_LIMIT);
    static struct log_request request;
    assert_status(log_request_read(text_bytes(&long_one), &request, &fault), STATUS_LIMIT);
    AUTO(text_done) struct text entry = text_of_limit(LOG_PROOF_SIZE_MAX);
    text_add(&entry, HEAD "extra ");
    text_add_repeat(&entry, "AAAA", AUDIT_ENTRY_MAX / 3 + 1);
    text_add(&entry, "\nindex 7\n\n" CHECKPOINT);
    assert_status(log_proof_read(text_bytes(&entry), &proof, &fault), STATUS_MALFORMED);
}

static void reads_what_a_witness_is_asked(void **state)
{
    (void)state;
    static struct log_request request;
    struct fault fault = {NULL, 0};
    assert_ok(
        log_request_read(bytes_of_text("old 1\n" HASH "\n" CHECKPOINT), &request, &fault));
    assert_int_equal(request.older, 1);
    assert_int_equal(request.path.count, 1);
    static const char *const bad[] = {
        "",
        "old \n\n" CHECKPOINT,
        "old 01\n\n" CHECKPOINT,
        "old 2\n\n" CHECKPOINT, /* larger than the checkpoint's */
        "new 1\n\n" CHECKPOINT,
        ("old 1\n" HASH),
        "old 1\n\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_status(log_request_read(bytes_of_text(bad[i]), &request, &fault),
                      STATUS_MALFORMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_parts_of_a_proof),
        cmocka_unit_test(refuses_every_other_form_with_its_reason),
        cmocka_unit_test(counts_hashes_and_bytes),
        cmocka_unit_test(reads_what_a_witness_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
