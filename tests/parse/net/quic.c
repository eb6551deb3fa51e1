#include "parse/net/quic.h"

#include "check.h"
#include "codec/hex.h"
#include "make/quic.h"
#include "parse/net/tls_hello.h"
#include "parse/net/tls_server.h"

#include <string.h>

#define ID BYTES_LITERAL("\x83\x94\xc8\xf0\x3e\x51\x57\x08")
#define ID_OF_SERVER BYTES_LITERAL("\xf0\x67\xa5\x50\x2a\x42\x62\xb5")

/* RFC 9001 appendix A.2, and the same in RFC 9369: a hello for example.com, padded with zeros
 * to 1,162 bytes. */
#define CLIENT_FRAMES \
    "060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e868" \
    "04fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578" \
    "616d706c652e636f6dff01000100000a00080006001d00170018001000070005" \
    "04616c706e000500050100000000003300260024001d00209370b2c9caa47fba" \
    "baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400" \
    "0d0010000e0403050306030203080408050806002d00020101001c0002400100" \
    "3900320408ffffffffffffffff05048000ffff07048000ffff08011001048000" \
    "75300901100f088394c8f03e51570806048000ffff"
#define CLIENT_FRAMES_SIZE 1162
/* Appendix A.3 of both. */
#define SERVER_FRAMES \
    "02000000000600405a020000560303eefce7f7b37ba1d1632e96677825ddf739" \
    "88cfc79825df566dc5430b9a045a1200130100002e00330024001d00209d3c94" \
    "0d89690b84d08a60993c144eca684d1081287c834d5311bcf32bb9da1a002b00" \
    "020304"
#define SERVER_PACKET \
    "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a" \
    "5816b6394100f37a1c69797554780bb38cc5a99f5ede4cf73c3ec2493a1839b3" \
    "dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84" \
    "022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc4" \
    "2158407dd074ee"
#define SERVER_PACKET_2 \
    "dc6b3343cf0008f067a5502a4262b5004075d92faaf16f05d8a4398c47089698" \
    "baeea26b91eb761d9b89237bbf87263017915358230035f7fd3945d88965cf17" \
    "f9af6e16886c61bfc703106fbaf3cb4cfa52382dd16a393e42757507698075b2" \
    "c984c707f0a0812d8cd5a6881eaf21ceda98f4bd23f6fe1a3e2c43edd9ce7ca8" \
    "4bed8521e2e140"

static struct text of_hex(const char *hex)
{
    struct text out = text_of_limit(4096);
    uint8_t bytes[2048];
    size_t size = strlen(hex) / 2;
    assert_ok(hex_read(bytes_of_text(hex), bytes, size));
    text_add_raw(&out, (struct bytes){bytes, size});
    return out;
}

static void assert_hex(struct bytes bytes, const char *hex)
{
    struct text expected = of_hex(hex);
    assert_true(bytes_equal(bytes, text_bytes(&expected)));
    text_done(&expected);
}

static struct quic_packet next_of(struct bytes datagram)
{
    struct cursor cursor = cursor_of(datagram);
    struct quic_packet packet;
    assert_true(quic_packet_next(&cursor, &packet));
    assert_int_equal(packet.kind, QUIC_INITIAL);
    return packet;
}

static struct bytes open_packet(struct bytes datagram, bool is_server, uint8_t *scratch)
{
    struct quic_packet packet = next_of(datagram);
    struct quic_keys keys;
    struct bytes frames;
    assert_ok(quic_keys_of(packet.version, (struct bytes)ID, is_server, &keys));
    assert_ok(quic_open(&packet, &keys, scratch, &frames));
    return frames;
}

static struct bytes crypto_of(struct bytes frames)
{
    struct cursor cursor = cursor_of(frames);
    uint64_t offset;
    struct bytes crypto;
    assert_true(quic_crypto_next(&cursor, &offset, &crypto));
    assert_int_equal(offset, 0);
    struct bytes other;
    assert_false(quic_crypto_next(&cursor, &offset, &other));
    assert_ok(cursor_status(&cursor));
    return crypto;
}

static void check_client(uint32_t version, const char *header, const char *tag)
{
    struct text frames = of_hex(CLIENT_FRAMES);
    while (frames.size < CLIENT_FRAMES_SIZE) {
        text_add_byte(&frames, 0);
    }
    struct make_quic how = {
        .version = version, .id = ID, .destination = ID, .number = 2, .number_size = 4};
    struct text datagram = text_of_limit(4096);
    make_initial(&datagram, &how, text_bytes(&frames));
    struct bytes whole = text_bytes(&datagram);
    /* Tag and masked header stand for all that lies between. */
    assert_int_equal(whole.size, 1200);
    assert_hex(bytes_part(whole, 0, 22), header);
    assert_hex(bytes_from(whole, whole.size - 16), tag);

    uint8_t scratch[QUIC_PACKET_SIZE_MAX];
    struct bytes opened = open_packet(whole, false, scratch);
    assert_true(bytes_equal(opened, text_bytes(&frames)));
    struct tls_hello hello;
    assert_ok(tls_hello_read_bare(crypto_of(opened), &hello));
    assert_false(hello.wants_more);
    assert_bytes(hello.server_name, "example.com");
    assert_int_equal(tls_hello_version(&hello), 0x0304);
    text_done(&datagram);
    text_done(&frames);
}

static void opens_the_clients_packet_of_the_standard(void **state)
{
    (void)state;
    check_client(MAKE_QUIC_1, "c000000001088394c8f03e5157080000449e7b9aec34",
                 "e221af44860018ab0856972e194cd934");
}

static void opens_the_clients_packet_of_version_2(void **state)
{
    (void)state;
    check_client(MAKE_QUIC_2, "d76b3343cf088394c8f03e5157080000449ea0c95e82",
                 "a18b2faa745b6fe189cf772a9f84cbfc");
}

static void check_server(const char *packet)
{
    struct text datagram = of_hex(packet);
    uint8_t scratch[QUIC_PACKET_SIZE_MAX];
    struct bytes opened = open_packet(text_bytes(&datagram), true, scratch);
    assert_hex(opened, SERVER_FRAMES);
    struct tls_server server;
    assert_ok(tls_server_read_bare(crypto_of(opened), &server));
    assert_true(server.has_hello && !server.wants_more);
    assert_int_equal(server.version, 0x0304);
    assert_int_equal(server.cipher, 0x1301);
    text_done(&datagram);
}

static void opens_the_servers_packets_of_the_standards(void **state)
{
    (void)state;
    check_server(SERVER_PACKET);
    check_server(SERVER_PACKET_2);
}

static void refuses_a_packet_that_the_keys_do_not_fit(void **state)
{
    (void)state;
    struct text datagram = of_hex(SERVER_PACKET);
    uint8_t scratch[QUIC_PACKET_SIZE_MAX];
    struct quic_packet packet = next_of(text_bytes(&datagram));
    struct quic_keys keys;
    struct bytes frames;
    assert_ok(quic_keys_of(packet.version, (struct bytes)ID, false, &keys));
    assert_status(quic_open(&packet, &keys, scratch, &frames), STATUS_MALFORMED);
    assert_ok(quic_keys_of(packet.version, (struct bytes)ID, true, &keys));
    datagram.data[60] ^= 1;
    assert_status(quic_open(&packet, &keys, scratch, &frames), STATUS_MALFORMED);
    assert_status(quic_keys_of(2, (struct bytes)ID, true, &keys), STATUS_UNSUPPORTED);
    text_done(&datagram);
}

static void reads_packets_one_behind_the_other(void **state)
{
    (void)state;
    struct text datagram = of_hex(SERVER_PACKET);
    struct text handshake = of_hex("e0000000010008f067a5502a4262b50410111213");
    size_t first = datagram.size;
    text_add_raw(&datagram, text_bytes(&handshake));
    text_add(&datagram, "Asealed"); /* has no long header */
    struct cursor cursor = cursor_of(text_bytes(&datagram));
    struct quic_packet packet;
    assert_true(quic_packet_next(&cursor, &packet));
    assert_int_equal(packet.kind, QUIC_INITIAL);
    assert_int_equal(packet.whole.size, first);
    assert_true(bytes_equal(packet.source, (struct bytes)ID_OF_SERVER));
    assert_true(quic_packet_next(&cursor, &packet));
    assert_int_equal(packet.kind, QUIC_OTHER);
    assert_int_equal(packet.whole.size, 20);
    assert_false(quic_packet_next(&cursor, &packet));
    text_done(&handshake);
    text_done(&datagram);
}

/* A Retry has no length: it is all that is left of its datagram. */
static void takes_a_retry_whole(void **state)
{
    (void)state;
    struct text datagram = of_hex("f0000000010008f067a5502a4262b5aabbccddeeff");
    struct cursor cursor = cursor_of(text_bytes(&datagram));
    struct quic_packet packet;
    assert_true(quic_packet_next(&cursor, &packet));
    assert_int_equal(packet.kind, QUIC_OTHER);
    assert_int_equal(packet.whole.size, datagram.size);
    assert_true(cursor_at_end(&cursor));
    text_done(&datagram);
}

static void check_no_packet(const char *hex)
{
    struct text datagram = of_hex(hex);
    struct cursor cursor = cursor_of(text_bytes(&datagram));
    struct quic_packet packet;
    assert_false(quic_packet_next(&cursor, &packet));
    text_done(&datagram);
}

static void takes_nothing_else_for_a_packet(void **state)
{
    (void)state;
    check_no_packet("");
    check_no_packet("c00000");
    check_no_packet("4000000001");                   /* a short header */
    check_no_packet("8000000001000000400000000000"); /* without the fixed bit */
    check_no_packet("c0000000020000004000");         /* a version nobody knows */
    check_no_packet("c0000000000000"); /* versions to choose from: sealed with nothing */
    check_no_packet("c00000000115000102030405060708090a0b0c0d0e0f1011121314150000");
    check_no_packet("c000000001080102");         /* ends in an id */
    check_no_packet("c000000001000040ff01");     /* ends in its token */
    check_no_packet("c0000000010000004050aabb"); /* ends before its length does */
}

/* A packet of a draft, sealed by nobody: only its header is read. */
static bool is_known(uint32_t version)
{
    struct text datagram = text_of_limit(100);
    struct quic_keys keys;
    text_add_byte(&datagram, (char)0xc0);
    make_u32(&datagram, version);
    bool begins = quic_begins(text_bytes(&datagram));
    assert_int_equal(quic_keys_of(version, (struct bytes)ID, false, &keys) == STATUS_OK,
                     begins);
    text_done(&datagram);
    return begins;
}

static void knows_the_drafts_that_were_in_use(void **state)
{
    (void)state;
    for (uint32_t draft = 23; draft <= 34; draft++) {
        assert_true(is_known(0xff000000 | draft));
    }
    assert_false(is_known(0xff000000 | 22));
    assert_false(is_known(0xff000000 | 35));
    assert_false(is_known(0x51303433)); /* of before the standard */
}

/* Appendix A.1 of drafts 29 and 23 of RFC 9001: the client's key for masks of headers. */
static void makes_the_keys_of_the_drafts(void **state)
{
    (void)state;
    static const struct {
        uint32_t version;
        uint8_t header_key[AES_KEY_BYTES];
    } cases[] = {
        {0xff00001d,
         {0x9d, 0xdd, 0x12, 0xc9, 0x94, 0xc0, 0x69, 0x8b, 0x89, 0x37, 0x4a, 0x9c, 0x07, 0x7a,
          0x30, 0x77}},
        {0xff000019,
         {0xa9, 0x80, 0xb8, 0xb4, 0xfb, 0x7d, 0x9f, 0xbc, 0x13, 0xe8, 0x14, 0xc2, 0x31, 0x64,
          0x25, 0x3d}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static const uint8_t zeros[AES_BLOCK_BYTES];
        uint8_t got[AES_BLOCK_BYTES];
        uint8_t expected[AES_BLOCK_BYTES];
        struct quic_keys keys;
        struct aes aes;
        assert_ok(quic_keys_of(cases[i].version, (struct bytes)ID, false, &keys));
        aes_block(&keys.header, zeros, got);
        aes_init(&aes, cases[i].header_key);
        aes_block(&aes, zeros, expected);
        assert_memory_equal(got, expected, sizeof expected);
    }
}

static void passes_frames_that_say_nothing(void **state)
{
    (void)state;
    /* Padding, a ping, an acknowledgement with one range more, one with counts, a close. */
    struct text frames = of_hex("000001"
                                "02050001000203"
                                "0302000000010203"
                                "1c0100026162"
                                "0605026869"
                                "00");
    struct cursor cursor = cursor_of(text_bytes(&frames));
    uint64_t offset;
    struct bytes part;
    assert_true(quic_crypto_next(&cursor, &offset, &part));
    assert_int_equal(offset, 5);
    assert_bytes(part, "hi");
    assert_false(quic_crypto_next(&cursor, &offset, &part));
    assert_ok(cursor_status(&cursor));
    text_done(&frames);
}

static void check_damaged(const char *hex)
{
    struct text frames = of_hex(hex);
    struct cursor cursor = cursor_of(text_bytes(&frames));
    uint64_t offset;
    struct bytes part;
    assert_false(quic_crypto_next(&cursor, &offset, &part));
    assert_true(cursor_status(&cursor) != STATUS_OK);
    text_done(&frames);
}

static void says_that_frames_are_damaged(void **state)
{
    (void)state;
    check_damaged("08");               /* a stream: none in an Initial */
    check_damaged("0600");             /* ends before its length */
    check_damaged("060041ff61");       /* ends before its bytes do */
    check_damaged("0205");             /* ends in an acknowledgement */
    check_damaged("020500bfffffff00"); /* that claims more ranges than fit */
    check_damaged("1c0000ff");         /* ends in a reason */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_the_clients_packet_of_the_standard),
        cmocka_unit_test(opens_the_clients_packet_of_version_2),
        cmocka_unit_test(opens_the_servers_packets_of_the_standards),
        cmocka_unit_test(refuses_a_packet_that_the_keys_do_not_fit),
        cmocka_unit_test(reads_packets_one_behind_the_other),
        cmocka_unit_test(takes_a_retry_whole),
        cmocka_unit_test(takes_nothing_else_for_a_packet),
        cmocka_unit_test(knows_the_drafts_that_were_in_use),
        cmocka_unit_test(makes_the_keys_of_the_drafts),
        cmocka_unit_test(passes_frames_that_say_nothing),
        cmocka_unit_test(says_that_frames_are_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
