#include "access/seal/sealed_header.h"

#include "check.h"

#define V "age-encryption.org/v1\n"
#define MAC "--- pdYd+LlTXXPrH7xywOF5etHrBiQhvUf7oxpZo1mT4LA\n"
#define STANZA "-> X25519 oHQV6xWYmZ6uuwDq28hhTM5EeElPDDbQOdLe5jzL0DE\n"
#define BODY "+X9TL0xtKg29QTxTUlmZbSo+JFhOGhTMUgyfZ6ZDlbA\n"
#define FULL "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"

static enum status parse(const char *text, struct sealed_header *out, struct seal_fault *fault)
{
    return sealed_header_parse(bytes_of_text(text), out, fault);
}

static void reads_stanzas_with_their_words_and_bodies(void **state)
{
    (void)state;
    struct sealed_header header;
    struct seal_fault fault;
    const char *text = V STANZA BODY "-> other a bc !~\n" FULL FULL "\n"
                                     "-> x\n\n" MAC "rest";
    assert_ok(parse(text, &header, &fault));
    assert_int_equal(header.stanza_count, 3);
    assert_bytes(header.stanzas[0].type, "X25519");
    assert_bytes(header.stanzas[0].arguments, "oHQV6xWYmZ6uuwDq28hhTM5EeElPDDbQOdLe5jzL0DE");
    assert_int_equal(header.stanzas[0].argument_count, 1);
    assert_int_equal(header.stanzas[0].body_size, 32);
    assert_bytes(header.stanzas[1].arguments, "a bc !~");
    assert_int_equal(header.stanzas[1].argument_count, 3);
    assert_int_equal(header.stanzas[1].body_size, 96);
    assert_int_equal(header.stanzas[2].argument_count, 0);
    assert_int_equal(header.stanzas[2].body_size, 0);
    assert_int_equal(header.size, strlen(text) - 4);
    assert_int_equal(header.authenticated.size, header.size - strlen(MAC) + 3);
}

static void says_what_is_wrong_with_a_header(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status status;
        const char *what;
    } cases[] = {
        {"", STATUS_TRUNCATED, "the header does not end"},
        {"PK\x03\x04", STATUS_MALFORMED, "this is no sealed file: it does not begin as one"},
        {"age-encryption.org/v2\n" STANZA BODY MAC, STATUS_UNSUPPORTED,
         "the sealed file is of a version that is not understood"},
        {"age-encryption.org/v1\r\n" STANZA BODY MAC, STATUS_UNSUPPORTED,
         "the sealed file is of a version that is not understood"},
        {V MAC, STATUS_MALFORMED, "a line is neither a stanza nor the end of the header"},
        {V "->X25519 a\n" BODY MAC, STATUS_MALFORMED,
         "a line is neither a stanza nor the end of the header"},
        {V "-> \n" BODY MAC, STATUS_MALFORMED, "a stanza has an empty argument"},
        {V "-> a  b\n" BODY MAC, STATUS_MALFORMED, "a stanza has an empty argument"},
        {V "-> a \n" BODY MAC, STATUS_MALFORMED, "a stanza has an empty argument"},
        {V "-> a\tb\n" BODY MAC, STATUS_MALFORMED,
         "a stanza's arguments hold a byte that is not visible ASCII"},
        {V "-> a\r\n" BODY MAC, STATUS_MALFORMED,
         "a stanza's arguments hold a byte that is not visible ASCII"},
        {V "-> a\n"
           "A" FULL MAC,
         STATUS_MALFORMED, "a line of a stanza's body is longer than 64 columns"},
        {V "-> a\n" FULL MAC, STATUS_MALFORMED, "a stanza's body is not canonical base64"},
        {V "-> a\nAAB\n" MAC, STATUS_MALFORMED, "a stanza's body is not canonical base64"},
        {V "-> a\nAAA=\n" MAC, STATUS_MALFORMED, "a stanza's body is not canonical base64"},
        {V "-> a\n\nAAAA\n" MAC, STATUS_MALFORMED,
         "a line is neither a stanza nor the end of the header"},
        {V "-> a\n\n---\n", STATUS_MALFORMED,
         "the header's MAC is not 32 bytes in canonical base64"},
        {V "-> a\n\n---  dYd+LlTXXPrH7xywOF5etHrBiQhvUf7oxpZo1mT4LA\n", STATUS_MALFORMED,
         "the header's MAC is not 32 bytes in canonical base64"},
        {V "-> a\n\n--- pdYd+LlTXXPrH7xywOF5etHrBiQhvUf7oxpZo1mT4LB\n", STATUS_MALFORMED,
         "the header's MAC is not 32 bytes in canonical base64"},
        {V "-> a\n\n--- pdYd+LlTXXPrH7xywOF5etHrBiQhvUf7oxpZo1mT4LA", STATUS_TRUNCATED,
         "the header does not end"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sealed_header header;
        struct seal_fault fault;
        assert_status(parse(cases[i].text, &header, &fault), cases[i].status);
        assert_int_equal(fault.part, SEAL_HEADER);
        assert_string_equal(fault.what, cases[i].what);
    }
}

static void a_header_without_end_costs_no_more_than_its_limits(void **state)
{
    (void)state;
    AUTO(text_done) struct text text = text_of_limit(2 * SEALED_HEADER_SIZE_MAX);
    struct sealed_header header;
    struct seal_fault fault;
    text_add(&text, V);
    text_add_repeat(&text, "-> a\n\n", SEALED_STANZAS_MAX + 1);
    assert_status(sealed_header_parse(text_bytes(&text), &header, &fault), STATUS_LIMIT);
    assert_string_equal(fault.what, "the header has more stanzas than are read");
    text_clear(&text);
    text_add(&text, V "-> a\n");
    text_add_repeat(&text, FULL, SEALED_HEADER_SIZE_MAX / (sizeof FULL - 1) + 1);
    assert_status(sealed_header_parse(text_bytes(&text), &header, &fault), STATUS_LIMIT);
    assert_string_equal(fault.what, "the header is longer than is read");
}

static void what_is_written_reads_back(void **state)
{
    (void)state;
    static const uint8_t body[32] = {1, 2, 3};
    static const uint8_t mac[SEALED_MAC_SIZE] = {9, 8, 7};
    AUTO(text_done) struct text text = text_of_limit(4096);
    sealed_header_begin(&text);
    sealed_header_add_stanza(&text, "kind one two", body, sizeof body);
    sealed_header_end(&text);
    size_t authenticated = text.size;
    sealed_header_add_mac(&text, mac);
    struct sealed_header header;
    struct seal_fault fault;
    assert_ok(sealed_header_parse(text_bytes(&text), &header, &fault));
    assert_int_equal(header.authenticated.size, authenticated);
    assert_memory_equal(header.mac, mac, sizeof mac);
    assert_memory_equal(header.stanzas[0].body, body, sizeof body);
    assert_int_equal(header.size, text.size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_stanzas_with_their_words_and_bodies),
        cmocka_unit_test(says_what_is_wrong_with_a_header),
        cmocka_unit_test(a_header_without_end_costs_no_more_than_its_limits),
        cmocka_unit_test(what_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
