#include "access/group/deed.h"

#include <sodium.h>

#include "check.h"

#define MADE_S 1795852800 /* 2026-11-28T08:00:00Z */
#define RECIPIENT "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
#define HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static struct identity identity_fresh(void)
{
    struct identity identity;
    assert_ok(identity_new(&identity));
    return identity;
}

/* "name+hash+key" without the newline. */
static struct text key_of(const struct identity *identity)
{
    struct text line = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(identity, &line);
    text_cut(&line, line.size - 1);
    return line;
}

static struct text card_of(const struct identity *identity, const char *name)
{
    AUTO(deed_done)
    struct deed_draft draft = deed_begin(DEED_CARD, identity, moment_of_unix(MADE_S, 5));
    deed_add(&draft, "name", bytes_of_text(name));
    deed_add(&draft, "recipient", bytes_of_text(RECIPIENT));
    struct text out = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    assert_ok(deed_finish(&draft, &out, &fault));
    return out;
}

/* Lines behind the kind's and `key`, signed by the identity: right or wrong. */
static struct text signed_of(const struct identity *identity, const char *kind,
                             const char *lines)
{
    AUTO(text_done) struct text text = text_of_limit(4 * NOTE_SIZE_MAX);
    AUTO(text_done) struct text key = key_of(identity);
    text_addf(&text, "%s\nkey: %s\n%s", kind, text_terminated(&key), lines);
    struct text out = text_of_limit(4 * NOTE_SIZE_MAX);
    assert_ok(identity_sign_note(identity, text_bytes(&text), &out));
    return out;
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity identity = identity_fresh();
    AUTO(text_done) struct text file = card_of(&identity, "A Person");
    AUTO(text_done) struct text key = key_of(&identity);
    struct deed deed;
    struct deed_fault fault = {0};
    assert_ok(deed_read(text_bytes(&file), DEED_CARD, &deed, &fault));
    assert_int_equal(deed.kind, DEED_CARD);
    assert_memory_equal(deed.key.key, identity.public_key, IDENTITY_KEY_SIZE);
    assert_bytes(deed_value(&deed, "key"), text_terminated(&key));
    assert_bytes(deed_value(&deed, "made"), "2026-11-28T08:00:00Z");
    assert_true(deed.made.ns == MADE_S * MOMENT_SECOND_NS);
    assert_bytes(deed_value(&deed, "name"), "A Person");
    assert_bytes(deed_value(&deed, "recipient"), RECIPIENT);
    struct sha256 hash = sha256_of(text_bytes(&file));
    assert_true(sha256_equal(&deed.hash, &hash));
}

static void a_name_that_comes_several_times_is_gone_through(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity identity = identity_fresh();
    AUTO(deed_done)
    struct deed_draft draft = deed_begin(DEED_ADMISSION, &identity, moment_of_unix(MADE_S, 0));
    deed_add(&draft, "enrolment", bytes_of_text(HASH));
    deed_add(&draft, "fact", bytes_of_text("one()"));
    deed_add(&draft, "fact", bytes_of_text("two()"));
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    assert_ok(deed_finish(&draft, &file, &fault));
    struct deed deed;
    assert_ok(deed_read(text_bytes(&file), DEED_ADMISSION, &deed, &fault));
    size_t index = 0;
    assert_bytes(deed_next(&deed, "fact", &index)->value, "one()");
    assert_bytes(deed_next(&deed, "fact", &index)->value, "two()");
    assert_null(deed_next(&deed, "fact", &index));
    assert_bytes(deed_value(&deed, "fact"), "one()");
}

static void a_field_that_may_be_absent_is_empty_then(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity identity = identity_fresh();
    AUTO(text_done)
    struct text file = signed_of(&identity, "tocsin/admission/1",
                                 "made: 2026-11-28T08:00:00Z\nenrolment: " HASH "\n");
    struct deed deed;
    struct deed_fault fault = {0};
    assert_ok(deed_read(text_bytes(&file), DEED_ADMISSION, &deed, &fault));
    assert_int_equal(deed_value(&deed, "fact").size, 0);
}

static void notices_every_flipped_bit(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity identity = identity_fresh();
    AUTO(text_done) struct text file = card_of(&identity, "A");
    for (size_t i = 0; i < file.size * 8; i++) {
        file.data[i / 8] = (char)(file.data[i / 8] ^ (1 << (i % 8)));
        struct deed deed;
        struct deed_fault fault = {0};
        assert_true(deed_read(text_bytes(&file), DEED_CARD, &deed, &fault) != STATUS_OK);
        assert_non_null(fault.what);
        file.data[i / 8] = (char)(file.data[i / 8] ^ (1 << (i % 8)));
    }
}

/* ---- refusals, each with its own reason ---- */

#define TIME "made: 2026-11-28T08:00:00Z\n"

static void says_what_is_wrong_with_the_lines(void **state)
{
    (void)state;
    static const struct {
        const char *kind;
        const char *lines;
        enum status status;
        const char *why;
    } cases[] = {
        {"tocsin/card/2", TIME, STATUS_UNSUPPORTED,
         "line 1: its first line names no kind of deed that is known here"},
        {"tocsin/vouch/1", TIME, STATUS_UNSUPPORTED,
         "line 1: it is a vouch, which is not what is wanted here"},
        {"tocsin/card/1", TIME "name:A\n", STATUS_MALFORMED,
         "line 4: a line is not of the form \"name: value\""},
        {"tocsin/card/1", TIME "\nname: A\n", STATUS_MALFORMED,
         "line 4: a line is not of the form \"name: value\""},
        {"tocsin/card/1", TIME "nick: A\n", STATUS_MALFORMED,
         "line 4: a field that this kind does not have"},
        {"tocsin/card/1", TIME "Name: A\n", STATUS_MALFORMED,
         "line 4: a field that this kind does not have"},
        {"tocsin/card/1", TIME "recipient: " RECIPIENT "\n", STATUS_MALFORMED,
         "line 4, name: is missing, or given too few times"},
        {"tocsin/card/1", TIME "name: A\n", STATUS_MALFORMED,
         "line 4, recipient: is missing, or given too few times"},
        {"tocsin/card/1", TIME "name: A\nname: A\n", STATUS_MALFORMED,
         "line 5, name: is given too often"},
        {"tocsin/card/1", TIME "name: A\nrecipient: " RECIPIENT "\n" TIME, STATUS_MALFORMED,
         "line 6, made: stands out of its order"},
        {"tocsin/card/1", TIME "name: A\nrecipient: x\n", STATUS_MALFORMED,
         "line 5, recipient: is no recipient of the form age1..."},
        {"tocsin/card/1", "name: A\nrecipient: " RECIPIENT "\n", STATUS_MALFORMED,
         "line 3, made: is missing, or given too few times"},
    };
    AUTO(identity_done) struct identity identity = identity_fresh();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(text_done)
        struct text file = signed_of(&identity, cases[i].kind, cases[i].lines);
        struct deed deed;
        struct deed_fault fault = {0};
        assert_status(deed_read(text_bytes(&file), DEED_CARD, &deed, &fault), cases[i].status);
        AUTO(text_done) struct text why = text_of_limit(1024);
        deed_add_fault(&fault, &why);
        assert_string_equal(text_terminated(&why), cases[i].why);
    }
}

static void a_group_of_one_officer_is_none(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity identity = identity_fresh();
    AUTO(text_done) struct text key = key_of(&identity);
    AUTO(text_done) struct text lines = text_of_limit(4096);
    text_addf(&lines, TIME "name: A\npolicy: " HASH "\nofficer: legal %s B\n",
              text_terminated(&key));
    AUTO(text_done)
    struct text file = signed_of(&identity, "tocsin/group/1", text_terminated(&lines));
    struct deed deed;
    struct deed_fault fault = {0};
    assert_status(deed_read(text_bytes(&file), DEED_GROUP, &deed, &fault), STATUS_MALFORMED);
    assert_string_equal(fault.field, "officer");
}

static void what_was_done_to_it_on_the_way_is_told(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity identity = identity_fresh();
    AUTO(text_done) struct text file = card_of(&identity, "A Person");
    static const struct {
        const char *before;
        const char *newline;
        const char *behind;
        size_t cut;
        const char *says;
    } rows[] = {
        {"", "\r\n", "", 0, "its lines end as on Windows (CRLF)"},
        {"\xef\xbb\xbf", "\r\n", "", 0, "its lines end as on Windows (CRLF)"},
        {"\xef\xbb\xbf", "\n", "", 0, "it begins with a byte order mark"},
        {"\xff\xfe", "\n", "", 0, "it was saved as UTF-16"},
        {"", "\n", "\n", 0, "an empty line stands at its end"},
        {"", "\n", "\n\n", 0, "an empty line stands at its end"},
        {"", "\n", "", 1, "its last line has no end"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO(text_done) struct text changed = text_of_limit(2 * NOTE_SIZE_MAX);
        text_add(&changed, rows[i].before);
        for (size_t at = 0; at < file.size - rows[i].cut; at++) {
            if (file.data[at] == '\n') {
                text_add(&changed, rows[i].newline);
            } else {
                text_add_byte(&changed, file.data[at]);
            }
        }
        text_add(&changed, rows[i].behind);
        struct deed deed;
        struct deed_fault fault = {0};
        assert_status(deed_read(text_bytes(&changed), DEED_CARD, &deed, &fault),
                      STATUS_MALFORMED);
        assert_true(bytes_starts(bytes_of_text(fault.what), rows[i].says));
        assert_ptr_equal(fault.what, deed_find_change(text_bytes(&changed)));
    }
    assert_null(deed_find_change(text_bytes(&file)));
    assert_null(deed_find_change(bytes_of_text("some text\r\n\r\n")));
    assert_null(deed_find_change(BYTES_NONE));
}

static void only_the_key_it_names_may_have_signed_it(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity one = identity_fresh();
    AUTO(identity_done) struct identity other = identity_fresh();
    AUTO(text_done) struct text file = card_of(&one, "A");
    struct note note;
    struct fault why = {0};
    assert_ok(note_read(text_bytes(&file), &note, &why));
    AUTO(text_done) struct text stolen = text_of_limit(NOTE_SIZE_MAX);
    assert_ok(identity_sign_note(&other, note.text, &stolen));
    struct deed deed;
    struct deed_fault fault = {0};
    assert_status(deed_read(text_bytes(&stolen), DEED_CARD, &deed, &fault), STATUS_CONFLICT);
    assert_string_equal(fault.what, "it is signed by another key than the one it names");
}

static void a_deed_has_one_signature(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity identity = identity_fresh();
    AUTO(text_done) struct text file = card_of(&identity, "A");
    text_add(&file, "\xe2\x80\x94 somebody.example/else AAAAAAAA\n");
    struct deed deed;
    struct deed_fault fault = {0};
    assert_status(deed_read(text_bytes(&file), DEED_CARD, &deed, &fault), STATUS_MALFORMED);
    assert_string_equal(fault.what, "it has more than one signature");
}

static void reads_no_more_lines_than_the_limit(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity identity = identity_fresh();
    AUTO(text_done) struct text lines = text_of_limit(NOTE_SIZE_MAX);
    text_add(&lines, TIME "enrolment: " HASH "\n");
    text_add_repeat(&lines, "fact: f()\n", DEED_LINES_MAX - 3);
    AUTO(text_done)
    struct text most = signed_of(&identity, "tocsin/admission/1", text_terminated(&lines));
    struct deed deed;
    struct deed_fault fault = {0};
    assert_ok(deed_read(text_bytes(&most), DEED_ADMISSION, &deed, &fault));
    text_add(&lines, "fact: f()\n");
    AUTO(text_done)
    struct text more = signed_of(&identity, "tocsin/admission/1", text_terminated(&lines));
    assert_status(deed_read(text_bytes(&more), DEED_ADMISSION, &deed, &fault), STATUS_LIMIT);
    assert_string_equal(fault.what, "more than 512 lines");
    text_add_repeat(&lines, "fact: a_longer_fact_of_a_longer_name()\n", 2000);
    AUTO(text_done)
    struct text longest = signed_of(&identity, "tocsin/admission/1", text_terminated(&lines));
    assert_status(deed_read(text_bytes(&longest), DEED_ADMISSION, &deed, &fault), STATUS_LIMIT);
    assert_string_equal(fault.what, "the note is longer than 64 KiB");
}

/* ---- writing ---- */

static void a_value_cannot_end_its_line(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity identity = identity_fresh();
    AUTO(deed_done)
    struct deed_draft draft = deed_begin(DEED_CARD, &identity, moment_of_unix(MADE_S, 0));
    deed_add(&draft, "name", bytes_of_text("A\nrecipient: " RECIPIENT));
    deed_add(&draft, "recipient", bytes_of_text(RECIPIENT));
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    assert_status(deed_finish(&draft, &file, &fault), STATUS_MALFORMED);
    assert_string_equal(fault.field, "name");
    assert_string_equal(fault.what, "holds a character that cannot be seen");
    assert_int_equal(file.size, 0);
}

static void what_lacks_a_field_is_not_written(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity identity = identity_fresh();
    AUTO(deed_done)
    struct deed_draft draft = deed_begin(DEED_CARD, &identity, moment_of_unix(MADE_S, 0));
    deed_add(&draft, "name", bytes_of_text("A"));
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    assert_status(deed_finish(&draft, &file, &fault), STATUS_MALFORMED);
    assert_string_equal(fault.field, "recipient");
    assert_int_equal(file.size, 0);
}

static void what_is_longer_than_a_note_is_not_written(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity identity = identity_fresh();
    AUTO(deed_done)
    struct deed_draft draft = deed_begin(DEED_ADMISSION, &identity, moment_of_unix(MADE_S, 0));
    deed_add(&draft, "enrolment", bytes_of_text(HASH));
    AUTO(text_done) struct text fact = text_of_limit(DEED_VALUE_MAX);
    text_add_repeat(&fact, "f", DEED_VALUE_MAX);
    for (int i = 0; i < 70; i++) {
        deed_add(&draft, "fact", text_bytes(&fact));
    }
    AUTO(text_done) struct text file = text_of_limit(2 * NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    assert_status(deed_finish(&draft, &file, &fault), STATUS_LIMIT);
    assert_string_equal(fault.what, "it is longer than 64 KiB");
}

static void the_kind_is_found_by_the_first_line(void **state)
{
    (void)state;
    enum deed_kind kind;
    assert_ok(deed_find_kind(bytes_of_text("tocsin/vouch/1\nrest"), &kind));
    assert_int_equal(kind, DEED_VOUCH);
    assert_status(deed_find_kind(bytes_of_text("tocsin/vouch/12\n"), &kind),
                  STATUS_UNSUPPORTED);
    assert_status(deed_find_kind(BYTES_NONE, &kind), STATUS_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_name_that_comes_several_times_is_gone_through),
        cmocka_unit_test(a_field_that_may_be_absent_is_empty_then),
        cmocka_unit_test(notices_every_flipped_bit),
        cmocka_unit_test(says_what_is_wrong_with_the_lines),
        cmocka_unit_test(a_group_of_one_officer_is_none),
        cmocka_unit_test(what_was_done_to_it_on_the_way_is_told),
        cmocka_unit_test(only_the_key_it_names_may_have_signed_it),
        cmocka_unit_test(a_deed_has_one_signature),
        cmocka_unit_test(reads_no_more_lines_than_the_limit),
        cmocka_unit_test(a_value_cannot_end_its_line),
        cmocka_unit_test(what_lacks_a_field_is_not_written),
        cmocka_unit_test(what_is_longer_than_a_note_is_not_written),
        cmocka_unit_test(the_kind_is_found_by_the_first_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
