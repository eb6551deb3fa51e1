#include "store/registry_rows.h"

#include "store/registry_statement.h"

#define ROWS_VERSION 1
#define KEY_LINE_MAX 512
#define FACT_MAX DEED_VALUE_MAX
#define RECIPIENT_MAX 128
#define SQL_LENGTH_MAX 65536
#define STEPS_MAX 100000000 /* of SQLite's machine, for one statement */
#define STEPS_ASKED 1000

static const char schema[] =
    "CREATE TABLE registry(version INTEGER, size INTEGER, root BLOB, card BLOB, vouches "
    "INTEGER,"
    " erased INTEGER, grants_erased INTEGER, grants_damaged INTEGER, lists_unread INTEGER);"
    "CREATE TABLE member(place INTEGER PRIMARY KEY, name TEXT, key TEXT, organisation TEXT,"
    " recipient TEXT, enrolment BLOB, made INTEGER, sequence INTEGER);"
    "CREATE TABLE fact(member INTEGER, place INTEGER, fact TEXT, PRIMARY KEY(member, place))"
    " WITHOUT ROWID;"
    "CREATE TABLE vouch(member INTEGER, place INTEGER, key TEXT, vouch BLOB,"
    " PRIMARY KEY(member, place)) WITHOUT ROWID;"
    "CREATE TABLE grant_made(place INTEGER PRIMARY KEY, sequence INTEGER, draft INTEGER, id "
    "TEXT,"
    " subject TEXT, organisation TEXT, tier INTEGER, made INTEGER, expires INTEGER, holder "
    "BLOB, block BLOB);"
    "CREATE TABLE grant_right(grant_made INTEGER, place INTEGER, what TEXT,"
    " PRIMARY KEY(grant_made, place)) WITHOUT ROWID;"
    "CREATE TABLE revocation(place INTEGER PRIMARY KEY, block BLOB, ends INTEGER,"
    " sequence INTEGER);"
    "CREATE TABLE paper(place INTEGER PRIMARY KEY, hash BLOB);"
    "CREATE INDEX grant_subject ON grant_made(subject);"
    "CREATE INDEX grant_id ON grant_made(id);"
    "CREATE VIEW organisation AS SELECT organisation AS name, count(*) AS members FROM member"
    " GROUP BY organisation;"
    "CREATE VIEW device AS SELECT key, name AS member, sequence FROM member;"
    "CREATE VIEW grant_revoked AS SELECT grant_made.id, grant_made.subject, revocation.sequence"
    " FROM grant_made JOIN revocation ON grant_made.block = revocation.block"
    " WHERE NOT grant_made.draft;";

static void drop(sqlite3 **database)
{
    sqlite3_close_v2(*database);
}

/* Only what we ask for ourselves runs: no triggers, no functions of a schema, no long texts. */
static enum status open_memory(sqlite3 **out)
{
    sqlite3 *database = NULL;
    if (sqlite3_open_v2(":memory:", &database,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_PRIVATECACHE,
                        NULL) != SQLITE_OK ||
        sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK ||
        sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) != SQLITE_OK ||
        sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL) != SQLITE_OK) {
        sqlite3_close_v2(database);
        return STATUS_NO_MEMORY;
    }
    sqlite3_limit(database, SQLITE_LIMIT_LENGTH, SQL_LENGTH_MAX);
    sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, SQL_LENGTH_MAX);
    sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
    *out = database;
    return STATUS_OK;
}

static enum status execute(sqlite3 *database, const char *sql)
{
    int code = sqlite3_exec(database, sql, NULL, NULL, NULL);
    return code == SQLITE_OK      ? STATUS_OK
           : code == SQLITE_NOMEM ? STATUS_NO_MEMORY
                                  : STATUS_MALFORMED;
}

static struct bytes hash_bytes(const struct sha256 *hash)
{
    return (struct bytes){hash->bytes, sizeof hash->bytes};
}

/* ---- writing ---- */

static void put_key(struct statement *statement, const struct note_key *key)
{
    AUTO(text_done) struct text line = text_of_limit(KEY_LINE_MAX);
    note_key_add(key, &line);
    statement_put_text(statement, text_bytes(&line));
}

static enum status write_head(sqlite3 *database, const struct registry *registry)
{
    AUTO(statement_done)
    struct statement statement =
        statement_of(database, "INSERT INTO registry VALUES(?,?,?,?,?,?,?,?,?)");
    statement_put_number(&statement, ROWS_VERSION);
    statement_put_number(&statement, registry->reached.size);
    statement_put_blob(&statement, hash_bytes(&registry->reached.root));
    statement_put_blob(&statement, hash_bytes(&registry->roll.card.hash));
    statement_put_number(&statement, registry->roll.vouch_count);
    statement_put_number(&statement, registry->roll.erased_count);
    statement_put_number(&statement, registry->unread.erased_count);
    statement_put_number(&statement, registry->unread.damaged_count);
    statement_put_number(&statement, registry->lists_unread);
    statement_run(&statement);
    return statement.status;
}

static enum status write_facts(sqlite3 *database, const struct registry *registry)
{
    AUTO(statement_done)
    struct statement statement = statement_of(database, "INSERT INTO fact VALUES(?,?,?)");
    uint64_t place = 0;
    for (const struct roll_member *member = registry->roll.members; member != NULL;
         member = member->next, place++) {
        for (size_t i = 0; i < member->fact_count; i++) {
            statement_put_number(&statement, place);
            statement_put_number(&statement, i);
            statement_put_text(&statement, member->facts[i]);
            statement_run(&statement);
        }
    }
    return statement.status;
}

static enum status write_vouches(sqlite3 *database, const struct registry *registry)
{
    AUTO(statement_done)
    struct statement statement = statement_of(database, "INSERT INTO vouch VALUES(?,?,?,?)");
    uint64_t place = 0;
    for (const struct roll_member *member = registry->roll.members; member != NULL;
         member = member->next, place++) {
        uint64_t i = 0;
        for (const struct roll_vouch *vouch = member->vouches; vouch != NULL;
             vouch = vouch->next) {
            statement_put_number(&statement, place);
            statement_put_number(&statement, i++);
            put_key(&statement, &vouch->by);
            statement_put_blob(&statement, hash_bytes(&vouch->hash));
            statement_run(&statement);
        }
    }
    return statement.status;
}

static enum status write_members(sqlite3 *database, const struct registry *registry)
{
    AUTO(statement_done)
    struct statement statement =
        statement_of(database, "INSERT INTO member VALUES(?,?,?,?,?,?,?,?)");
    uint64_t place = 0;
    for (const struct roll_member *member = registry->roll.members; member != NULL;
         member = member->next) {
        AUTO(text_done) struct text recipient = text_of_limit(RECIPIENT_MAX);
        recipient_add(&member->recipient, &recipient);
        statement_put_number(&statement, place++);
        statement_put_text(&statement, member->name);
        put_key(&statement, &member->key);
        statement_put_text(&statement, member->organisation);
        statement_put_text(&statement, text_bytes(&recipient));
        statement_put_blob(&statement, hash_bytes(&member->enrolment));
        statement_put_number(&statement, member->made.ns < 0
                                             ? 0
                                             : (uint64_t)(member->made.ns / MOMENT_SECOND_NS));
        statement_put_number(&statement, member->sequence);
        statement_run(&statement);
    }
    return statement.status;
}

static enum status write_grants(sqlite3 *database, const struct registry *registry)
{
    AUTO(statement_done)
    struct statement statement =
        statement_of(database, "INSERT INTO grant_made VALUES(?,?,?,?,?,?,?,?,?,?,?)");
    AUTO(statement_done)
    struct statement right = statement_of(database, "INSERT INTO grant_right VALUES(?,?,?)");
    uint64_t place = 0;
    for (const struct registry_grant *grant = registry->grants; grant != NULL;
         grant = grant->next, place++) {
        statement_put_number(&statement, place);
        statement_put_number(&statement, grant->sequence);
        statement_put_number(&statement, grant->is_draft);
        statement_put_text(&statement, grant->id);
        statement_put_text(&statement, grant->subject);
        statement_put_text(&statement, grant->organisation);
        statement_put_number(&statement, (uint64_t)grant->tier);
        statement_put_number(&statement, grant->time_s);
        statement_put_number(&statement, grant->expires_s);
        statement_put_blob(&statement, (struct bytes){grant->holder, sizeof grant->holder});
        statement_put_blob(&statement, hash_bytes(&grant->block));
        statement_run(&statement);
        for (uint32_t i = 0; i < grant->right_count; i++) {
            statement_put_number(&right, place);
            statement_put_number(&right, i);
            statement_put_text(&right, grant->rights[i]);
            statement_run(&right);
        }
    }
    TRY(statement.status);
    return right.status;
}

static enum status write_rest(sqlite3 *database, const struct registry *registry)
{
    AUTO(statement_done)
    struct statement revoked = statement_of(database, "INSERT INTO revocation VALUES(?,?,?,?)");
    AUTO(statement_done)
    struct statement paper = statement_of(database, "INSERT INTO paper VALUES(?,?)");
    uint64_t place = 0;
    for (const struct registry_revocation *one = registry->revocations; one != NULL;
         one = one->next) {
        statement_put_number(&revoked, place++);
        statement_put_blob(&revoked, hash_bytes(&one->block));
        statement_put_number(&revoked, one->ends_s);
        statement_put_number(&revoked, one->sequence);
        statement_run(&revoked);
    }
    place = 0;
    for (const struct roll_paper *one = registry->roll.papers; one != NULL; one = one->next) {
        statement_put_number(&paper, place++);
        statement_put_blob(&paper, hash_bytes(&one->hash));
        statement_run(&paper);
    }
    TRY(revoked.status);
    return paper.status;
}

enum status registry_rows_write(const struct registry *registry, struct text *out)
{
    AUTO(drop) sqlite3 *database = NULL;
    sqlite3_int64 size = 0;
    TRY(open_memory(&database));
    TRY(execute(database, schema));
    TRY(execute(database, "BEGIN"));
    TRY(write_head(database, registry));
    TRY(write_members(database, registry));
    TRY(write_facts(database, registry));
    TRY(write_vouches(database, registry));
    TRY(write_grants(database, registry));
    TRY(write_rest(database, registry));
    TRY(execute(database, "COMMIT"));
    unsigned char *bytes = sqlite3_serialize(database, "main", &size, 0);
    if (bytes == NULL) {
        return STATUS_NO_MEMORY;
    }
    text_add_raw(out, (struct bytes){bytes, size < 0 ? 0 : (size_t)size});
    sqlite3_free(bytes);
    return text_status(out);
}

/* ---- reading ---- */

/* What is read, and by place: rows of facts and vouches name their member so. */
struct loading {
    sqlite3 *database;
    struct arena *arena;
    struct registry *registry;
    struct registry_head *head;
    struct roll_member **members;
    struct registry_grant **grants;
};

static enum status read_head(struct loading *loading)
{
    struct registry *registry = loading->registry;
    AUTO(statement_done)
    struct statement statement = statement_of(loading->database, "SELECT * FROM registry");
    if (!statement_step(&statement) ||
        statement_number(&statement, INT64_MAX) != ROWS_VERSION) {
        return STATUS_UNSUPPORTED;
    }
    registry->reached.size = statement_number(&statement, INT64_MAX);
    registry->reached.root = statement_hash(&statement);
    loading->head->card = statement_hash(&statement);
    registry->roll.vouch_count = statement_number(&statement, ROLL_VOUCHES_MAX);
    registry->roll.erased_count = statement_number(&statement, INT32_MAX);
    registry->unread.erased_count = statement_number(&statement, INT32_MAX);
    registry->unread.damaged_count = statement_number(&statement, INT32_MAX);
    registry->lists_unread = statement_number(&statement, INT32_MAX);
    bool has_more = statement_step(&statement);
    TRY(statement.status);
    return has_more ? STATUS_MALFORMED : STATUS_OK;
}

static struct note_key take_key(struct statement *statement, struct arena *arena)
{
    struct note_key key = {.algorithm = NOTE_ED25519};
    struct bytes line = statement_text(statement, arena, 1, KEY_LINE_MAX);
    if (statement->status == STATUS_OK && note_key_read(line, &key) != STATUS_OK) {
        statement->status = STATUS_MALFORMED;
    }
    return key;
}

static void take_member(struct loading *loading, struct statement *statement,
                        struct roll_member *member)
{
    struct arena *arena = loading->arena;
    const char *why = NULL;
    bool is_next =
        statement_number(statement, INT64_MAX) == loading->registry->roll.member_count;
    member->name = statement_text(statement, arena, 1, DEED_NAME_MAX);
    member->key = take_key(statement, arena);
    member->organisation = statement_text(statement, arena, 1, DEED_NAME_MAX);
    struct bytes recipient = statement_text(statement, arena, 1, RECIPIENT_MAX);
    member->enrolment = statement_hash(statement);
    member->made =
        moment_of_unix((int64_t)statement_number(statement, INT64_MAX / MOMENT_SECOND_NS), 0);
    member->sequence = statement_number(statement, INT64_MAX);
    if (statement->status == STATUS_OK &&
        (!is_next || recipient_read(recipient, &member->recipient, &why) != STATUS_OK)) {
        statement->status = STATUS_MALFORMED;
    }
}

static enum status read_members(struct loading *loading)
{
    struct roll *roll = &loading->registry->roll;
    struct roll_member **last = &roll->members;
    AUTO(statement_done)
    struct statement statement =
        statement_of(loading->database, "SELECT * FROM member ORDER BY place");
    while (statement_step(&statement)) {
        struct roll_member *member = roll->member_count < ROLL_MEMBERS_MAX
                                         ? arena_take(loading->arena, sizeof *member)
                                         : NULL;
        if (member == NULL) {
            return STATUS_LIMIT;
        }
        take_member(loading, &statement, member);
        loading->members[roll->member_count++] = member;
        *last = member;
        last = &member->next;
    }
    return statement.status;
}

/* Rows come by member and place, so a member's facts lie together; a database whose pages were
 * changed gives them in any order, and is refused. */
static enum status read_facts(struct loading *loading)
{
    struct roll *roll = &loading->registry->roll;
    AUTO(statement_done)
    struct statement statement = statement_of(
        loading->database, "SELECT member, place, fact FROM fact ORDER BY member, place");
    struct bytes *facts = NULL;
    size_t room = 0;
    uint64_t last = UINT64_MAX; /* whose `facts` are */
    while (statement_step(&statement)) {
        uint64_t place = statement_number(&statement, ROLL_MEMBERS_MAX);
        uint64_t index = statement_number(&statement, DEED_LINES_MAX - 1);
        struct bytes fact = statement_text(&statement, loading->arena, 1, FACT_MAX);
        if (statement.status != STATUS_OK || place >= roll->member_count ||
            index != loading->members[place]->fact_count || (index > 0 && place != last)) {
            return statement.status == STATUS_OK ? STATUS_MALFORMED : statement.status;
        }
        last = place;
        struct roll_member *member = loading->members[place];
        if (index == 0) {
            room = 4;
            facts = arena_take_many(loading->arena, room, sizeof *facts);
        } else if (index == room) {
            struct bytes *more = arena_take_many(loading->arena, 2 * room, sizeof *more);
            if (more != NULL) {
                memcpy(more, facts, room * sizeof *more);
            }
            facts = more;
            room *= 2;
        }
        if (facts == NULL) {
            return STATUS_NO_MEMORY;
        }
        facts[member->fact_count++] = fact;
        member->facts = facts;
    }
    return statement.status;
}

static enum status read_vouches(struct loading *loading)
{
    struct roll *roll = &loading->registry->roll;
    size_t count = 0;
    struct roll_vouch *last = NULL;
    uint64_t last_place = UINT64_MAX; /* whose the last is */
    AUTO(statement_done)
    struct statement statement = statement_of(
        loading->database, "SELECT member, key, vouch FROM vouch ORDER BY member, place");
    while (statement_step(&statement)) {
        uint64_t place = statement_number(&statement, ROLL_MEMBERS_MAX);
        struct roll_vouch *vouch =
            count < ROLL_VOUCHES_MAX ? arena_take(loading->arena, sizeof *vouch) : NULL;
        if (vouch == NULL || place >= roll->member_count) {
            return vouch == NULL ? STATUS_LIMIT : STATUS_MALFORMED;
        }
        vouch->by = take_key(&statement, loading->arena);
        vouch->hash = statement_hash(&statement);
        if (loading->members[place]->vouches == NULL) {
            loading->members[place]->vouches = vouch;
        } else if (place == last_place) {
            last->next = vouch;
        } else {
            return STATUS_MALFORMED;
        }
        last = vouch;
        last_place = place;
        count++;
    }
    TRY(statement.status);
    return count <= roll->vouch_count ? STATUS_OK : STATUS_MALFORMED;
}

static enum status read_grants(struct loading *loading)
{
    struct registry *registry = loading->registry;
    struct registry_grant **last = &registry->grants;
    AUTO(statement_done)
    struct statement statement =
        statement_of(loading->database, "SELECT * FROM grant_made ORDER BY place");
    while (statement_step(&statement)) {
        struct registry_grant *grant = registry->grant_count < REGISTRY_GRANTS_MAX
                                           ? arena_take(loading->arena, sizeof *grant)
                                           : NULL;
        if (grant == NULL) {
            return STATUS_LIMIT;
        }
        bool is_next = statement_number(&statement, INT64_MAX) == registry->grant_count;
        grant->sequence = statement_number(&statement, INT64_MAX);
        grant->is_draft = statement_number(&statement, 1) == 1;
        grant->id = statement_text(&statement, loading->arena, 1, GRANT_TEXT_MAX);
        grant->subject = statement_text(&statement, loading->arena, 1, GRANT_TEXT_MAX);
        grant->organisation = statement_text(&statement, loading->arena, 1, GRANT_TEXT_MAX);
        grant->tier = (int64_t)statement_number(&statement, INT64_MAX);
        grant->time_s = statement_number(&statement, INT64_MAX);
        grant->expires_s = statement_number(&statement, INT64_MAX);
        struct sha256 holder = statement_hash(&statement); /* as long as a hash is */
        memcpy(grant->holder, holder.bytes, sizeof grant->holder);
        grant->block = statement_hash(&statement);
        if (!is_next && statement.status == STATUS_OK) {
            return STATUS_MALFORMED;
        }
        loading->grants[registry->grant_count++] = grant;
        *last = grant;
        last = &grant->next;
    }
    return statement.status;
}

static enum status read_rights(struct loading *loading)
{
    AUTO(statement_done)
    struct statement statement =
        statement_of(loading->database,
                     "SELECT grant_made, what FROM grant_right ORDER BY grant_made, place");
    while (statement_step(&statement)) {
        uint64_t place = statement_number(&statement, REGISTRY_GRANTS_MAX);
        struct bytes what = statement_text(&statement, loading->arena, 1, GRANT_TEXT_MAX);
        if (place >= loading->registry->grant_count ||
            loading->grants[place]->right_count == GRANT_RIGHTS_MAX) {
            return STATUS_MALFORMED;
        }
        loading->grants[place]->rights[loading->grants[place]->right_count++] = what;
    }
    return statement.status;
}

static enum status read_rest(struct loading *loading)
{
    struct registry *registry = loading->registry;
    struct registry_revocation **last = &registry->revocations;
    struct roll_paper **last_paper = &registry->roll.papers;
    AUTO(statement_done)
    struct statement revoked = statement_of(
        loading->database, "SELECT block, ends, sequence FROM revocation ORDER BY place");
    AUTO(statement_done)
    struct statement paper =
        statement_of(loading->database, "SELECT hash FROM paper ORDER BY place");
    while (statement_step(&revoked)) {
        struct registry_revocation *one = registry->revocation_count < REGISTRY_REVOCATIONS_MAX
                                              ? arena_take(loading->arena, sizeof *one)
                                              : NULL;
        if (one == NULL) {
            return STATUS_LIMIT;
        }
        one->block = statement_hash(&revoked);
        one->ends_s = statement_number(&revoked, INT64_MAX);
        one->sequence = statement_number(&revoked, INT64_MAX);
        registry->revocation_count++;
        *last = one;
        last = &one->next;
    }
    TRY(revoked.status);
    while (statement_step(&paper)) {
        struct roll_paper *one = arena_take(loading->arena, sizeof *one);
        if (one == NULL) {
            return STATUS_LIMIT;
        }
        one->hash = statement_hash(&paper);
        *last_paper = one;
        last_paper = &one->next;
    }
    return paper.status;
}

/* However a database is made, a statement over it comes to an end. */
static int count_steps(void *context)
{
    unsigned *asked = context;
    return ++*asked > STEPS_MAX / STEPS_ASKED;
}

static enum status open_bytes(struct bytes database, struct bytes *copy, sqlite3 **out)
{
    sqlite3 *opened = NULL;
    TRY(open_memory(&opened));
    *out = opened; /* the caller's to close from here on */
    unsigned char *owned = sqlite3_malloc64(database.size == 0 ? 1 : database.size);
    if (owned == NULL) {
        return STATUS_NO_MEMORY;
    }
    memcpy(owned, database.data, database.size);
    *copy = (struct bytes){owned, database.size};
    return sqlite3_deserialize(opened, "main", owned, (sqlite3_int64)database.size,
                               (sqlite3_int64)database.size,
                               SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY) ==
                   SQLITE_OK
               ? STATUS_OK
               : STATUS_MALFORMED;
}

enum status registry_rows_read(struct bytes database, struct arena *arena, struct registry *out,
                               struct registry_head *head)
{
    AUTO(drop) sqlite3 *opened = NULL;
    struct bytes copy;
    struct registry registry = {0};
    unsigned asked = 0;
    struct loading loading = {
        .arena = arena,
        .registry = &registry,
        .head = head,
        .members = arena_take_many(arena, ROLL_MEMBERS_MAX, sizeof *loading.members),
        .grants = arena_take_many(arena, REGISTRY_GRANTS_MAX, sizeof *loading.grants),
    };
    if (loading.members == NULL || loading.grants == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (database.size == 0 || database.size > REGISTRY_SIZE_MAX) {
        return STATUS_MALFORMED;
    }
    TRY(open_bytes(database, &copy, &opened));
    loading.database = opened;
    sqlite3_progress_handler(opened, STEPS_ASKED, count_steps, &asked);
    TRY(read_head(&loading));
    TRY(read_members(&loading));
    TRY(read_facts(&loading));
    TRY(read_vouches(&loading));
    TRY(read_grants(&loading));
    TRY(read_rights(&loading));
    TRY(read_rest(&loading));
    *out = registry;
    return STATUS_OK;
}
