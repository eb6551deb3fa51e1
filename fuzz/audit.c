/* Claims of the reader of the audit log: events come in the order of their first lines, an
 * excerpt is one line of the evidence, a command line holds no NUL and its quotes are closed,
 * and windows change nothing. */
#include "reading.h"

#include "parse/log/audit.h"

/* What command_of writes: single quotes, and \' between two of them. */
static void claim_closed(struct bytes command)
{
    bool is_open = false;
    for (size_t i = 0; i < command.size; i++) {
        CLAIM(command.data[i] != 0);
        if (!is_open && command.data[i] == '\\') {
            CLAIM(i + 1 < command.size && command.data[i + 1] == '\'');
            i++;
        } else if (command.data[i] == '\'') {
            is_open = !is_open;
        }
    }
    CLAIM(!is_open);
}

static void claim(struct bytes input, const struct record *record)
{
    CLAIM(record->kind == RECORD_EVENT && record->at.is_known);
    CLAIM(bytes_find(input, record->source) < input.size);
    CLAIM(bytes_find_byte(record->source, '\n') == record->source.size);
    if (record->event->action == EVENT_PROCESS_STARTED) {
        claim_closed(event_field(record->event, FIELD_PROCESS_COMMAND_LINE));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reading_claim((struct bytes){data, size}, audit_read, claim);
    return 0;
}
