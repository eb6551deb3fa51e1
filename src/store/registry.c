#include "store/registry.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/group/paper.h"
#include "access/group/revocation.h"
#include "access/recorded.h"
#include "base/file.h"
#include "store/registry_rows.h"
#include "store/registry_seal.h"

#define SEAL_NAME "seal"
#define DATABASE_SUFFIX ".db"
#define NAME_MAX_SIZE 128
#define LISTS_MEMORY_MAX (4U << 20)

const char *registry_state_name(enum registry_state state)
{
    static const char *const names[] = {"holds", "missing", "older", "changed", "ahead"};
    static_assert(sizeof names / sizeof *names == REGISTRY_STATE_COUNT, "each has a name");
    assert((unsigned)state < REGISTRY_STATE_COUNT);
    return names[state];
}

/* ---- what the log says beyond the roll ---- */

struct adding {
    const struct access_session *session;
    struct arena *arena;
    struct arena *one; /* of one list, forgotten before the next */
    struct registry *registry;
    struct registry_grant **last;
    struct registry_revocation **last_revoked;
    uint64_t from;
    uint64_t sequence; /* of the entry whose paper is read */
    uint64_t time_s;
    bool is_draft;
    enum status status;
};

static enum status remember(struct adding *adding, struct bytes object)
{
    struct roll_paper *paper = arena_take(adding->arena, sizeof *paper);
    if (paper == NULL || object.size != sizeof paper->hash.bytes) {
        return STATUS_NO_MEMORY;
    }
    memcpy(paper->hash.bytes, object.data, sizeof paper->hash.bytes);
    paper->next = adding->registry->roll.papers;
    adding->registry->roll.papers = paper;
    return STATUS_OK;
}

static void announce(void *context, const struct audit_entry *entry)
{
    struct adding *adding = context;
    adding->sequence = entry->sequence;
    adding->time_s = entry->time_ms / 1000;
    adding->is_draft = bytes_equal_text(entry->operation, ISSUED_DRAFT_OPERATION);
    adding->status = remember(adding, entry->object);
}

static enum status add_grant(void *context, const struct grant_terms *terms,
                             const struct sha256 *block)
{
    struct adding *adding = context;
    struct registry_grant *grant = adding->registry->grant_count < REGISTRY_GRANTS_MAX
                                       ? arena_take(adding->arena, sizeof *grant)
                                       : NULL;
    if (grant == NULL || adding->status != STATUS_OK) {
        return STATUS_LIMIT;
    }
    *grant = (struct registry_grant){.sequence = adding->sequence,
                                     .is_draft = adding->is_draft,
                                     .tier = terms->tier,
                                     .time_s = adding->time_s,
                                     .expires_s = terms->expires_s,
                                     .block = *block,
                                     .right_count = terms->right_count};
    memcpy(grant->holder, terms->holder.bytes, sizeof grant->holder);
    TRY(arena_copy(adding->arena, terms->id, &grant->id));
    TRY(arena_copy(adding->arena, terms->subject, &grant->subject));
    TRY(arena_copy(adding->arena, terms->organisation, &grant->organisation));
    for (uint32_t i = 0; i < terms->right_count; i++) {
        TRY(arena_copy(adding->arena, terms->rights[i].what, &grant->rights[i]));
    }
    *adding->last = grant;
    adding->last = &grant->next;
    adding->registry->grant_count++;
    return STATUS_OK;
}

static bool is_known(const struct registry *registry, const struct sha256 *block)
{
    const struct registry_revocation *one = registry->revocations;
    while (one != NULL && !sha256_equal(&one->block, block)) {
        one = one->next;
    }
    return one != NULL;
}

static enum status add_list(struct adding *adding, const struct audit_entry *entry)
{
    struct registry *registry = adding->registry;
    struct deed_fault fault;
    struct bytes paper;
    struct sha256 hash;
    arena_reset(adding->one);
    struct revocation_list *list = arena_take(adding->one, sizeof *list);
    TRY(remember(adding, entry->object));
    memcpy(hash.bytes, entry->object.data, sizeof hash.bytes);
    if (list == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (paper_find(adding->session->payloads, &hash, adding->one, &paper) != STATUS_OK ||
        revocation_list_read(paper, list, &fault) != STATUS_OK) {
        registry->lists_unread++;
        return STATUS_OK;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (is_known(registry, &list->revoked[i])) {
            continue;
        }
        struct registry_revocation *one = registry->revocation_count < REGISTRY_REVOCATIONS_MAX
                                              ? arena_take(adding->arena, sizeof *one)
                                              : NULL;
        if (one == NULL) {
            return STATUS_LIMIT;
        }
        *one = (struct registry_revocation){
            .block = list->revoked[i], .ends_s = list->ends_s[i], .sequence = entry->sequence};
        *adding->last_revoked = one;
        adding->last_revoked = &one->next;
        registry->revocation_count++;
    }
    return STATUS_OK;
}

static void visit_list(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct adding *adding = context;
    IGNORE(arguments.size > 0, "the list says what was revoked");
    if (adding->status == STATUS_OK && entry->event == AUDIT_DONE &&
        entry->sequence >= adding->from &&
        bytes_equal_text(entry->operation, REVOCATION_OPERATION) &&
        entry->object.size == sizeof(struct sha256)) {
        adding->status = add_list(adding, entry);
    }
}

/* Grants and revocations from entry `from` on. */
static enum status add_rest(const struct access_session *session, struct arena *arena,
                            uint64_t from, struct registry *registry, struct fault *fault)
{
    AUTO(arena_done) struct arena *one = arena_new(LISTS_MEMORY_MAX);
    struct issued_unread unread = {0};
    struct adding adding = {.session = session,
                            .arena = arena,
                            .one = one,
                            .registry = registry,
                            .last = &registry->grants,
                            .last_revoked = &registry->revocations,
                            .from = from};
    while (*adding.last != NULL) {
        adding.last = &(*adding.last)->next;
    }
    while (*adding.last_revoked != NULL) {
        adding.last_revoked = &(*adding.last_revoked)->next;
    }
    const struct issued_visitor visitor = {add_grant, &adding, .from = from,
                                           .announce = announce};
    if (one == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(issued_visit(session, &visitor, &unread, fault));
    TRY(recorded_visit(session, visit_list, &adding, fault));
    registry->unread.erased_count += unread.erased_count;
    registry->unread.damaged_count += unread.damaged_count;
    return adding.status;
}

enum status registry_make(const struct access_session *session, struct arena *arena,
                          struct registry *out, struct fault *fault)
{
    struct registry registry = {.state = REGISTRY_HOLDS};
    TRY(roll_read_marked(session, arena, &registry.roll, &registry.reached, fault));
    TRY(add_rest(session, arena, 0, &registry, fault));
    *out = registry;
    return STATUS_OK;
}

/* ---- the files ---- */

static void name_database(const struct sha256 *hash, struct text *out)
{
    sha256_add_hex(out, hash);
    text_add(out, DATABASE_SUFFIX);
}

/* When each paper was touched last, in one hash: one that was changed, erased or put back since
 * makes another. */
static struct sha256 hash_papers(const struct access_session *session,
                                 const struct registry *registry)
{
    struct sha256_state state;
    sha256_init(&state);
    for (const struct roll_paper *paper = registry->roll.papers; paper != NULL;
         paper = paper->next) {
        AUTO(text_done) struct text name = text_of_limit(2 * sizeof paper->hash);
        struct stat facts;
        uint64_t touched[4] = {0};
        sha256_add_hex(&name, &paper->hash);
        if (fstatat(session->payloads, text_terminated(&name), &facts, AT_SYMLINK_NOFOLLOW) ==
            0) {
            touched[0] = (uint64_t)facts.st_ino;
            touched[1] = (uint64_t)facts.st_size;
            touched[2] = (uint64_t)facts.st_ctim.tv_sec;
            touched[3] = (uint64_t)facts.st_ctim.tv_nsec;
        }
        sha256_add(&state, (struct bytes){(const uint8_t *)touched, sizeof touched});
    }
    return sha256_finish(&state);
}

/* Databases that no seal names any more. */
static void drop_others(int folder, const char *kept)
{
    int copy = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    DIR *entries = copy < 0 ? NULL : fdopendir(copy);
    const struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        if (bytes_ends(bytes_of_text(entry->d_name), DATABASE_SUFFIX) &&
            strcmp(entry->d_name, kept) != 0) {
            unlinkat(folder, entry->d_name, 0);
        }
    }
    if (entries != NULL) {
        closedir(entries);
    }
}

enum status registry_keep(const struct access_session *session, struct registry *registry,
                          struct sha256 *database, struct fault *fault)
{
    AUTO(file_done) int folder = -1;
    AUTO(text_done) struct text file = text_of_limit(REGISTRY_SIZE_MAX);
    AUTO(text_done) struct text seal_file = text_of_limit(REGISTRY_SEAL_MAX);
    AUTO(text_done) struct text name = text_of_limit(NAME_MAX_SIZE);
    *fault = (struct fault){"the registry cannot be written", 0};
    TRY(file_open_folder(session->home, REGISTRY_FOLDER, &folder));
    /* Whoever writes it now writes the same: nobody waits. */
    if (flock(folder, LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK ? STATUS_CONFLICT : STATUS_IO;
    }
    TRY(registry_rows_write(registry, &file));
    struct registry_seal seal = {
        .log = registry->reached,
        .database = sha256_of(text_bytes(&file)),
        .papers = hash_papers(session, registry),
    };
    TRY(registry_seal_write(&session->identity, &seal, &seal_file));
    name_database(&seal.database, &name);
    TRY(file_replace(folder, folder, text_terminated(&name), text_bytes(&file),
                     S_IRUSR | S_IWUSR));
    TRY(file_replace(folder, folder, SEAL_NAME, text_bytes(&seal_file), S_IRUSR | S_IWUSR));
    drop_others(folder, text_terminated(&name));
    registry->is_kept = true;
    *database = seal.database;
    return STATUS_OK;
}

/* ---- what is kept ---- */

/* The sealed bytes; `*state` where there are none to be used. */
static enum status load(const struct access_session *session, struct text *database,
                        struct registry_seal *seal, enum registry_state *state)
{
    AUTO(file_done)
    int folder = file_open_existing_folder(session->home, REGISTRY_FOLDER);
    AUTO(text_done) struct text file = text_of_limit(REGISTRY_SEAL_MAX);
    AUTO(text_done) struct text name = text_of_limit(NAME_MAX_SIZE);
    *state = REGISTRY_MISSING;
    enum status status = folder < 0 ? STATUS_NOT_FOUND : file_load(folder, SEAL_NAME, &file);
    if (status == STATUS_NOT_FOUND) {
        return status;
    }
    *state = REGISTRY_CHANGED;
    TRY(status);
    status = registry_seal_read(&session->identity, text_bytes(&file), seal);
    if (status == STATUS_UNSUPPORTED) {
        *state = REGISTRY_OLDER;
    }
    TRY(status);
    name_database(&seal->database, &name);
    status = file_load(folder, text_terminated(&name), database);
    if (status == STATUS_NOT_FOUND) {
        *state = REGISTRY_MISSING;
    }
    TRY(status);
    struct sha256 hash = sha256_of(text_bytes(database));
    return sha256_equal(&hash, &seal->database) ? STATUS_OK : STATUS_CONFLICT;
}

static enum status read_card(const struct access_session *session, struct arena *arena,
                             const struct registry_head *head, struct roll *roll)
{
    struct deed_fault fault;
    struct bytes file;
    TRY(paper_find(session->payloads, &head->card, arena, &file));
    TRY(group_card_read(file, &roll->card, &fault));
    return paper_find(session->payloads, &roll->card.policy, arena, &roll->policy);
}

/* What the sealed database says, where it is to be believed. */
static enum status open_kept(const struct access_session *session, struct arena *arena,
                             struct registry *out)
{
    AUTO(text_done) struct text database = text_of_limit(REGISTRY_SIZE_MAX);
    struct registry_seal seal;
    struct registry_head head;
    enum registry_state state;
    enum status status = load(session, &database, &seal, &state);
    out->state = state;
    TRY(status);
    out->state = REGISTRY_CHANGED;
    status = registry_rows_read(text_bytes(&database), arena, out, &head);
    out->state = status == STATUS_UNSUPPORTED ? REGISTRY_OLDER : REGISTRY_CHANGED;
    TRY(status);
    if (out->reached.size != seal.log.size ||
        !sha256_equal(&out->reached.root, &seal.log.root)) {
        return STATUS_CONFLICT;
    }
    out->state = REGISTRY_OLDER;
    struct sha256 papers = hash_papers(session, out);
    if (!sha256_equal(&papers, &seal.papers) ||
        read_card(session, arena, &head, &out->roll) != STATUS_OK) {
        return STATUS_CONFLICT;
    }
    out->state = REGISTRY_HOLDS;
    return STATUS_OK;
}

/* What came into the log since. */
static enum status catch_up(const struct access_session *session, struct arena *arena,
                            struct registry *registry, struct fault *fault)
{
    const struct audit_mark mark = registry->reached;
    enum audit_continuation continuation = AUDIT_NOT_COMPARED;
    TRY(roll_go_on(session, arena, &mark, &registry->roll, &registry->reached, &continuation,
                   fault));
    if (continuation != AUDIT_CONTINUES) {
        registry->state = REGISTRY_AHEAD;
        return STATUS_DENIED;
    }
    return registry->reached.size == mark.size
               ? STATUS_OK
               : add_rest(session, arena, mark.size, registry, fault);
}

enum status registry_take(const struct access_session *session, bool may_write,
                          struct arena *arena, struct registry *out, struct fault *fault)
{
    struct registry registry = {.state = REGISTRY_MISSING};
    struct sha256 database;
    struct fault kept_fault;
    *fault = (struct fault){.what = "the registry of this home cannot be read"};
    enum status status =
        session->has_identity ? open_kept(session, arena, &registry) : STATUS_NOT_FOUND;
    enum registry_state state = registry.state;
    uint64_t known = registry.reached.size;
    if (status == STATUS_OK) {
        status = catch_up(session, arena, &registry, fault);
        state = registry.state;
    } else if (status != STATUS_NO_MEMORY && state != REGISTRY_CHANGED) {
        status = registry_make(session, arena, &registry, fault);
        known = 0;
    } else if (status != STATUS_NO_MEMORY) {
        status = STATUS_DENIED;
    }
    out->state = state;
    if (status == STATUS_DENIED) {
        fault->what = state == REGISTRY_AHEAD
                          ? "it is of a longer log, or of another one, than is here"
                          : "it is not what this home sealed";
        return status;
    }
    TRY(status);
    registry.state = state;
    if (may_write && registry.reached.size - known >= REGISTRY_LAG_MAX) {
        IGNORE(registry_keep(session, &registry, &database, &kept_fault) != STATUS_OK,
               "it is made anew the next time");
    }
    *out = registry;
    return STATUS_OK;
}

/* ---- comparing ---- */

static bool members_equal(const struct roll_member *a, const struct roll_member *b)
{
    bool is_equal = bytes_equal(a->name, b->name) && group_key_equal(&a->key, &b->key) &&
                    bytes_equal(a->organisation, b->organisation) &&
                    recipient_equal(&a->recipient, &b->recipient) &&
                    sha256_equal(&a->enrolment, &b->enrolment) &&
                    moment_compare(a->made, b->made) == 0 && a->sequence == b->sequence &&
                    a->fact_count == b->fact_count;
    for (size_t i = 0; is_equal && i < a->fact_count; i++) {
        is_equal = bytes_equal(a->facts[i], b->facts[i]);
    }
    const struct roll_vouch *one = a->vouches;
    const struct roll_vouch *other = b->vouches;
    while (is_equal && one != NULL && other != NULL) {
        is_equal =
            sha256_equal(&one->hash, &other->hash) && group_key_equal(&one->by, &other->by);
        one = one->next;
        other = other->next;
    }
    return is_equal && one == NULL && other == NULL;
}

static bool grants_equal(const struct registry_grant *a, const struct registry_grant *b)
{
    bool is_equal =
        a->sequence == b->sequence && a->is_draft == b->is_draft && bytes_equal(a->id, b->id) &&
        bytes_equal(a->subject, b->subject) && bytes_equal(a->organisation, b->organisation) &&
        a->tier == b->tier && a->time_s == b->time_s &&
        memcmp(a->holder, b->holder, sizeof a->holder) == 0 && a->expires_s == b->expires_s &&
        sha256_equal(&a->block, &b->block) && a->right_count == b->right_count;
    for (uint32_t i = 0; is_equal && i < a->right_count; i++) {
        is_equal = bytes_equal(a->rights[i], b->rights[i]);
    }
    return is_equal;
}

bool registry_equal(const struct registry *a, const struct registry *b, const char **difference)
{
    *difference = "the members";
    const struct roll_member *member = a->roll.members;
    const struct roll_member *other = b->roll.members;
    for (; member != NULL && other != NULL; member = member->next, other = other->next) {
        if (!members_equal(member, other)) {
            return false;
        }
    }
    if (member != NULL || other != NULL ||
        !sha256_equal(&a->roll.card.hash, &b->roll.card.hash) ||
        a->roll.erased_count != b->roll.erased_count) {
        return false;
    }
    *difference = "the grants";
    const struct registry_grant *grant = a->grants;
    const struct registry_grant *second = b->grants;
    for (; grant != NULL && second != NULL; grant = grant->next, second = second->next) {
        if (!grants_equal(grant, second)) {
            return false;
        }
    }
    if (grant != NULL || second != NULL) {
        return false;
    }
    *difference = "the revocations";
    const struct registry_revocation *one = a->revocations;
    const struct registry_revocation *two = b->revocations;
    for (; one != NULL && two != NULL; one = one->next, two = two->next) {
        if (!sha256_equal(&one->block, &two->block) || one->ends_s != two->ends_s ||
            one->sequence != two->sequence) {
            return false;
        }
    }
    return one == NULL && two == NULL;
}
