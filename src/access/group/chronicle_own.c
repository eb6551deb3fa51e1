#include <string.h>

#include "access/grant/judge.h"
#include "access/group/accepted.h"
#include "access/group/chronicle.h"
#include "access/group/entitlement.h"
#include "access/group/paper.h"
#include "access/recorded.h"

#define GRANTS_MEMORY_MAX (64U << 20)
#define FILE_MEMORY_MAX (16U << 20)
#define ACCEPTED_OPERATION "access.accept"
#define NARROWED_OPERATION "access.narrow"

/* What a file of a grant says of it. */
struct known_file {
    struct sha256 hash;
    struct bytes grant;
    struct bytes what;
    struct bytes agent;
    uint64_t until_s;
    uint64_t calls_max;
    struct known_file *next;
};

struct telling {
    const struct access_session *session;
    struct chronicle *chronicle;
    struct arena *arena; /* of the files that are known */
    struct arena *one;   /* of one file while it is read */
    struct known_file *files;
    enum status status;
};

/* NULL where it is no grant, or cannot be kept. */
static struct known_file *read_file(struct telling *telling, struct bytes file)
{
    struct grant_file read;
    struct deed_fault deed_fault;
    struct fault fault;
    arena_reset(telling->one);
    struct grant_opened *grant = arena_take(telling->one, sizeof *grant);
    struct known_file *known = arena_take(telling->arena, sizeof *known);
    if (grant == NULL || known == NULL) {
        telling->status = STATUS_NO_MEMORY;
        return NULL;
    }
    if (grant_file_read(file, telling->one, &read, &deed_fault) != STATUS_OK) {
        return NULL;
    }
    const struct grant_key root = grant_key_of_note(&read.group);
    if (grant_open(read.token, &root, telling->one, grant, &fault) != STATUS_OK) {
        return NULL;
    }
    bool is_agents = grant->has_delegation;
    *known = (struct known_file){
        .hash = sha256_of(file),
        .grant = grant->terms.id,
        .what = is_agents ? grant->delegation.right.what : grant->terms.rights[0].what,
        .agent = is_agents ? grant->delegation.name : BYTES_NONE,
        .until_s = is_agents ? grant->delegation.expires_s : grant->terms.expires_s,
        .calls_max = is_agents ? grant->delegation.calls_max : 0,
    };
    if (arena_copy(telling->arena, known->grant, &known->grant) != STATUS_OK ||
        arena_copy(telling->arena, known->what, &known->what) != STATUS_OK ||
        arena_copy(telling->arena, known->agent, &known->agent) != STATUS_OK) {
        telling->status = STATUS_NO_MEMORY;
        return NULL;
    }
    return known;
}

static enum status add_file(void *context, struct bytes id, struct bytes file)
{
    struct telling *telling = context;
    IGNORE(id.size > 0, "the log names files by their hash");
    struct known_file *known = read_file(telling, file);
    if (known != NULL) {
        known->next = telling->files;
        telling->files = known;
    }
    return telling->status;
}

static const struct known_file *find_file(const struct telling *telling, struct bytes object)
{
    const struct known_file *known = telling->files;
    while (known != NULL &&
           !bytes_equal(object, (struct bytes){known->hash.bytes, sizeof known->hash.bytes})) {
        known = known->next;
    }
    return known;
}

/* What the holder left an agent is kept as a paper, because nothing else of it stays here. */
static const struct known_file *find_narrowed(struct telling *telling, struct bytes object)
{
    struct sha256 hash;
    struct bytes paper;
    if (object.size != sizeof hash.bytes) {
        return NULL;
    }
    memcpy(hash.bytes, object.data, sizeof hash.bytes);
    if (paper_find(telling->session->payloads, &hash, telling->arena, &paper) != STATUS_OK) {
        telling->chronicle->unread++;
        return NULL;
    }
    return read_file(telling, paper);
}

static void describe(const struct known_file *known, enum chronicle_kind kind,
                     struct chronicle_event *event)
{
    if (known != NULL) {
        event->kind = kind;
        event->grant = known->grant;
        event->what = known->what;
        event->name = known->agent;
        event->until_s = known->until_s;
        event->calls_max = known->calls_max;
    }
}

/* What is done with evidence is one's own affair, and stands in the log in full. */
static bool is_about_access(const struct audit_entry *entry)
{
    static const char *const prefixes[] = {"access.", "group.", "witness.", "model."};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t size = strlen(prefixes[i]);
        if (bytes_equal_text(bytes_part(entry->operation, 0, size), prefixes[i])) {
            return true;
        }
    }
    return false;
}

static void visit(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct telling *telling = context;
    IGNORE(arguments.size > 0, "what came of it is told");
    bool is_use = entry->event == AUDIT_ALLOWED && !entry->has_decision &&
                  bytes_equal_text(entry->operation, ENTITLEMENT_PACK);
    bool is_end = entry->event == AUDIT_DONE || entry->event == AUDIT_FAILED ||
                  entry->event == AUDIT_REFUSED;
    if (telling->status != STATUS_OK || (!is_use && !is_end)) {
        return;
    }
    if (!is_about_access(entry)) {
        telling->chronicle->others++;
        return;
    }
    struct chronicle_event event = {
        .kind = entry->event == AUDIT_REFUSED ? CHRONICLE_REFUSED : CHRONICLE_DID,
        .sequence = entry->sequence,
        .time_ms = entry->time_ms,
        .what = entry->operation,
        .reason = entry->reason,
        .rule = entry->rule,
        .object = entry->object,
    };
    if (is_use) {
        describe(find_file(telling, entry->object), CHRONICLE_USED, &event);
        event.kind = CHRONICLE_USED;
    } else if (entry->event == AUDIT_REFUSED) {
        describe(find_file(telling, entry->object), CHRONICLE_REFUSED, &event);
        event.what = entry->operation;
    } else if (entry->event == AUDIT_DONE &&
               bytes_equal_text(entry->operation, ACCEPTED_OPERATION)) {
        describe(find_file(telling, entry->object), CHRONICLE_ACCEPTED, &event);
    } else if (entry->event == AUDIT_DONE &&
               bytes_equal_text(entry->operation, NARROWED_OPERATION)) {
        describe(find_narrowed(telling, entry->object), CHRONICLE_NARROWED, &event);
    }
    telling->chronicle->told++;
    telling->chronicle->tell(telling->chronicle->context, &event);
}

enum status chronicle_of_own(const struct access_session *session, struct chronicle *chronicle,
                             struct fault *fault)
{
    AUTO(arena_done) struct arena *arena = arena_new(GRANTS_MEMORY_MAX);
    AUTO(arena_done) struct arena *one = arena_new(FILE_MEMORY_MAX);
    struct telling telling = {
        .session = session, .chronicle = chronicle, .arena = arena, .one = one};
    if (arena == NULL || one == NULL) {
        return STATUS_NO_MEMORY;
    }
    *fault = (struct fault){"the grants of this home cannot be read", 0};
    TRY(accepted_visit_grants(session->home, add_file, &telling));
    TRY(recorded_visit(session, visit, &telling, fault));
    if (telling.status != STATUS_OK) {
        *fault = (struct fault){"it needs too much memory", 0};
    }
    return telling.status;
}
