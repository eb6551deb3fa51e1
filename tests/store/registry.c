#include "store/registry.h"

#include "access/group/entitled.h"
#include "access/group/paper.h"
#include "access/log_entries.h"
#include "store/registry_rows.h"
#include "store/registry_seal.h"

#include <sqlite3.h>

#include "../access/group/people.h"

static void keep(struct access_session *session, struct bytes paper, const char *operation,
                 struct sha256 *out)
{
    assert_ok(paper_keep(session->payloads, paper, out));
    if (operation != NULL) {
        append_entry_of(session, AUDIT_DONE, operation, out);
    }
}

/* A founded group with one member who has one fact, one issued grant, and one list. */
struct filled {
    struct entitled entitled;
    struct identity member;
    struct sha256 admission;
    struct sha256 vouch;
};

static void add_member(struct filled *filled, const char *name)
{
    struct access_session *session = &filled->entitled.group.session;
    struct sha256 hash;
    struct deed_draft draft = people_begin(DEED_ENROLMENT, &filled->member);
    people_add_key(&draft, "group", &session->identity);
    deed_add(&draft, "name", bytes_of_text(name));
    deed_add(&draft, "organisation", bytes_of_text("An Organisation"));
    deed_add(&draft, "recipient", bytes_of_text(PEOPLE_RECIPIENT));
    AUTO(text_done) struct text enrolment = people_finish(&draft);
    keep(session, text_bytes(&enrolment), NULL, &hash);
    struct deed_draft admission = people_begin(DEED_ADMISSION, &session->identity);
    deed_add_hash(&admission, "enrolment", &hash);
    for (unsigned i = 0; i < 6; i++) {
        AUTO(text_done) struct text fact = text_of_limit(128);
        text_addf(&fact, "assets_listed(\"%s\", \"list %u\")", name, i);
        deed_add(&admission, "fact", text_bytes(&fact));
    }
    AUTO(text_done) struct text admitted = people_finish(&admission);
    keep(session, text_bytes(&admitted), ROLL_ENROL, &filled->admission);
    struct deed_draft vouch = people_begin(DEED_VOUCH, &filled->member);
    people_add_key(&vouch, "group", &session->identity);
    deed_add_hash(&vouch, "enrolment", &hash);
    deed_add(&vouch, "name", bytes_of_text(name));
    AUTO(text_done) struct text vouched = people_finish(&vouch);
    keep(session, text_bytes(&vouched), ROLL_VOUCH, &filled->vouch); /* for oneself: none */
}

static void filled_new(struct filled *filled)
{
    struct access_session *session = &filled->entitled.group.session;
    struct sha256 hash;
    entitled_new(&filled->entitled);
    assert_ok(identity_new(&filled->member));
    keep(session, text_bytes(&filled->entitled.granted.source), NULL, &hash);
    keep(session, text_bytes(&filled->entitled.card), ROLL_FOUND, &hash);
    add_member(filled, "first.example");
    AUTO(text_done)
    struct text list = entitled_revoke(&filled->entitled, &filled->entitled.group, &hash, 1);
    keep(session, text_bytes(&list), "group.revoke", &hash);
}

static void filled_done(struct filled *filled)
{
    identity_done(&filled->member);
    entitled_done(&filled->entitled);
}

static enum registry_state take(struct filled *filled, struct arena *arena,
                                struct registry *out, enum status expected)
{
    struct fault fault = {NULL, 0};
    enum status status =
        registry_take(&filled->entitled.group.session, true, arena, out, &fault);
    assert_status(status, expected);
    return out->state;
}

static void keep_now(struct filled *filled, struct arena *arena)
{
    struct registry registry;
    struct sha256 database;
    struct fault fault;
    assert_ok(registry_make(&filled->entitled.group.session, arena, &registry, &fault));
    assert_ok(registry_keep(&filled->entitled.group.session, &registry, &database, &fault));
}

/* The path of the one database there is. */
static void find_database(struct filled *filled, char *out, size_t size)
{
    DIR *folder = opendir(scratch_name(&filled->entitled.group.scratch, REGISTRY_FOLDER));
    const struct dirent *entry;
    unsigned count = 0;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        if (strstr(entry->d_name, ".db") != NULL) {
            snprintf(out, size, "%s/%s", REGISTRY_FOLDER, entry->d_name);
            count++;
        }
    }
    closedir(folder);
    assert_int_equal(count, 1);
}

static void what_is_kept_says_what_the_log_says(void **state)
{
    (void)state;
    struct filled filled;
    AUTO(arena_done) struct arena *arena = arena_new(REGISTRY_MEMORY_MAX);
    struct registry kept;
    struct registry made;
    struct fault fault;
    const char *difference = NULL;
    filled_new(&filled);
    assert_int_equal(take(&filled, arena, &kept, STATUS_OK), REGISTRY_MISSING);
    keep_now(&filled, arena);
    assert_int_equal(take(&filled, arena, &kept, STATUS_OK), REGISTRY_HOLDS);
    assert_ok(registry_make(&filled.entitled.group.session, arena, &made, &fault));
    assert_true(registry_equal(&kept, &made, &difference));
    assert_int_equal(kept.roll.member_count, 1);
    assert_int_equal(kept.roll.members->fact_count, 6);
    assert_int_equal(kept.revocation_count, 1);
    assert_bytes(kept.roll.card.name, "Example Sharing Group");
    /* What came since is added, and said by the registry as by the log. */
    identity_done(&filled.member);
    assert_ok(identity_new(&filled.member));
    add_member(&filled, "second.example");
    assert_int_equal(take(&filled, arena, &kept, STATUS_OK), REGISTRY_HOLDS);
    assert_int_equal(kept.roll.member_count, 2);
    assert_ok(registry_make(&filled.entitled.group.session, arena, &made, &fault));
    assert_true(registry_equal(&kept, &made, &difference));
    made.roll.members->sequence++;
    assert_false(registry_equal(&kept, &made, &difference));
    assert_string_equal(difference, "the members");
    filled_done(&filled);
}

static void what_somebody_changed_is_refused(void **state)
{
    (void)state;
    struct filled filled;
    AUTO(arena_done) struct arena *arena = arena_new(REGISTRY_MEMORY_MAX);
    struct registry found;
    char name[256];
    filled_new(&filled);
    keep_now(&filled, arena);
    find_database(&filled, name, sizeof name);
    struct scratch *scratch = &filled.entitled.group.scratch;
    AUTO(text_done) struct text database = scratch_read(scratch, name);
    AUTO(text_done) struct text seal = scratch_read(scratch, REGISTRY_FOLDER "/seal");
    /* By SQLite's own means, as a person would. */
    sqlite3 *opened = NULL;
    assert_int_equal(sqlite3_open(scratch_name(scratch, name), &opened), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(opened, "UPDATE member SET name = 'other.example'", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(opened);
    assert_int_equal(take(&filled, arena, &found, STATUS_DENIED), REGISTRY_CHANGED);
    scratch_write(scratch, name, bytes_part(text_bytes(&database), 0, database.size / 2));
    assert_int_equal(take(&filled, arena, &found, STATUS_DENIED), REGISTRY_CHANGED);
    scratch_write(scratch, name, text_bytes(&database));
    assert_int_equal(take(&filled, arena, &found, STATUS_OK), REGISTRY_HOLDS);
    seal.data[30] ^= 1;
    scratch_write(scratch, REGISTRY_FOLDER "/seal", text_bytes(&seal));
    assert_int_equal(take(&filled, arena, &found, STATUS_DENIED), REGISTRY_CHANGED);
    assert_int_equal(unlink(scratch_name(scratch, name)), 0);
    seal.data[30] ^= 1;
    scratch_write(scratch, REGISTRY_FOLDER "/seal", text_bytes(&seal));
    assert_int_equal(take(&filled, arena, &found, STATUS_OK), REGISTRY_MISSING);
    filled_done(&filled);
}

static void a_registry_of_a_longer_log_notices_that_it_was_cut(void **state)
{
    (void)state;
    struct filled filled;
    AUTO(arena_done) struct arena *arena = arena_new(REGISTRY_MEMORY_MAX);
    struct registry found;
    struct registry registry;
    struct sha256 database;
    struct fault fault;
    struct access_session *session = &filled.entitled.group.session;
    filled_new(&filled);
    assert_ok(registry_make(session, arena, &registry, &fault));
    registry.reached.size += 2;
    assert_ok(registry_keep(session, &registry, &database, &fault));
    assert_int_equal(take(&filled, arena, &found, STATUS_DENIED), REGISTRY_AHEAD);
    registry.reached.size -= 2;
    registry.reached.root.bytes[3] ^= 1;
    assert_ok(registry_keep(session, &registry, &database, &fault));
    assert_int_equal(take(&filled, arena, &found, STATUS_DENIED), REGISTRY_AHEAD);
    filled_done(&filled);
}

static void a_paper_that_was_touched_makes_it_anew(void **state)
{
    (void)state;
    struct filled filled;
    AUTO(arena_done) struct arena *arena = arena_new(REGISTRY_MEMORY_MAX);
    struct registry found;
    filled_new(&filled);
    keep_now(&filled, arena);
    AUTO(text_done) struct text name = text_of_limit(128);
    text_add(&name, "payloads/");
    sha256_add_hex(&name, &filled.admission);
    struct scratch *scratch = &filled.entitled.group.scratch;
    AUTO(text_done) struct text paper = scratch_read(scratch, text_terminated(&name));
    assert_int_equal(unlink(scratch_name(scratch, text_terminated(&name))), 0);
    assert_int_equal(take(&filled, arena, &found, STATUS_OK), REGISTRY_OLDER);
    assert_int_equal(found.roll.member_count, 0);
    assert_int_equal(found.roll.erased_count, 1);
    scratch_write(scratch, text_terminated(&name), bytes_of_text("another"));
    assert_int_equal(take(&filled, arena, &found, STATUS_CONFLICT), REGISTRY_OLDER);
    scratch_write(scratch, text_terminated(&name), text_bytes(&paper));
    assert_int_equal(take(&filled, arena, &found, STATUS_OK), REGISTRY_OLDER);
    assert_int_equal(found.roll.member_count, 1);
    /* A log that is not whole says nothing, whatever is kept. */
    keep_now(&filled, arena);
    scratch_write(scratch, "audit/tile/9", bytes_of_text("x"));
    struct fault fault;
    assert_status(registry_take(&filled.entitled.group.session, true, arena, &found, &fault),
                  STATUS_CONFLICT);
    filled_done(&filled);
}

static void rows_that_no_registry_has_are_refused(void **state)
{
    (void)state;
    static const char *const changes[] = {
        "UPDATE registry SET version = 2",
        "UPDATE registry SET root = 'x'",
        "INSERT INTO registry SELECT * FROM registry",
        "DROP TABLE member",
        "UPDATE member SET name = x'41'",
        "UPDATE member SET name = ''",
        "UPDATE member SET key = 'no key'",
        "UPDATE member SET place = 5",
        "UPDATE member SET recipient = 'age1none'",
        "UPDATE member SET enrolment = x'00'",
        "UPDATE member SET made = -1",
        "UPDATE fact SET member = 7",
        "UPDATE fact SET place = place + 10",
        "INSERT INTO vouch VALUES(0, 0, 'no key', x'00')",
        "UPDATE revocation SET block = NULL",
        "INSERT INTO grant_right VALUES(99, 0, 'x')",
    };
    struct filled filled;
    AUTO(arena_done) struct arena *arena = arena_new(2 * REGISTRY_MEMORY_MAX);
    struct registry made;
    struct registry read;
    struct registry_head head;
    struct fault fault;
    char name[256];
    filled_new(&filled);
    keep_now(&filled, arena);
    assert_ok(registry_make(&filled.entitled.group.session, arena, &made, &fault));
    struct scratch *scratch = &filled.entitled.group.scratch;
    find_database(&filled, name, sizeof name);
    AUTO(text_done) struct text good = scratch_read(scratch, name);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        sqlite3 *opened = NULL;
        scratch_write(scratch, name, text_bytes(&good));
        assert_int_equal(sqlite3_open(scratch_name(scratch, name), &opened), SQLITE_OK);
        assert_int_equal(sqlite3_exec(opened, changes[i], NULL, NULL, NULL), SQLITE_OK);
        sqlite3_close(opened);
        AUTO(text_done) struct text bad = scratch_read(scratch, name);
        enum status status = registry_rows_read(text_bytes(&bad), arena, &read, &head);
        if (status == STATUS_OK) {
            fail_msg("taken for a registry: %s", changes[i]);
        }
        arena_reset(arena);
    }
    assert_status(registry_rows_read(bytes_of_text("no database"), arena, &read, &head),
                  STATUS_UNSUPPORTED);
    assert_ok(registry_rows_read(text_bytes(&good), arena, &read, &head));
    filled_done(&filled);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_says_what_the_log_says),
        cmocka_unit_test(what_somebody_changed_is_refused),
        cmocka_unit_test(a_registry_of_a_longer_log_notices_that_it_was_cut),
        cmocka_unit_test(a_paper_that_was_touched_makes_it_anew),
        cmocka_unit_test(rows_that_no_registry_has_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
