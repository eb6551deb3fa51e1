#include "access/group/logged.h"

#include "access/recorded.h"

struct search {
    const char *operation;
    struct bytes object;
    bool is_found;
    uint64_t sequence;
};

static void visit(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct search *search = context;
    IGNORE(arguments.size > 0, "what was asked for is not what was done");
    if (!search->is_found && entry->event == AUDIT_DONE &&
        bytes_equal_text(entry->operation, search->operation) &&
        bytes_equal(entry->object, search->object)) {
        search->is_found = true;
        search->sequence = entry->sequence;
    }
}

enum status logged_find(const struct access_session *session, const char *operation,
                        const struct sha256 *object, uint64_t *sequence, struct fault *fault)
{
    struct search search = {.operation = operation,
                            .object = {object->bytes, sizeof object->bytes}};
    *fault = (struct fault){"the log of this home is not whole", 0};
    if (!session->has_audit || recorded_go_through(session, visit, &search) != STATUS_OK) {
        return STATUS_CONFLICT;
    }
    if (!search.is_found) {
        *fault = (struct fault){"the log of this home does not name it", 0};
        return STATUS_NOT_FOUND;
    }
    *sequence = search.sequence;
    return STATUS_OK;
}
