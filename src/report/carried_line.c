#include "report/carried_line.h"

#include "base/number.h"
#include "record/quote.h"

#define WORD_SIZE_MAX 100
#define HASH_SIZE 64

static void add_entity(struct text *text, enum entity_kind kind, struct bytes theirs)
{
    const struct entity entity = {
        .kind = kind,
        .name = bytes_part(theirs, 0, CARRIED_NAME_SIZE_MAX),
    };
    quote_add_name(text, &entity, false);
}

void carried_line_add_name(struct text *text, const struct report_carried *carried)
{
    if (carried->name.size > 0) {
        add_entity(text, ENTITY_FILE, carried->name);
    } else {
        text_add(text, "no name");
    }
}

static void add_hash(struct text *text, const struct report_carried *carried)
{
    if (!carried->is_whole) {
        text_add(text, "; not all of it is there, so it has no hash");
    } else if (carried->sha256.size > 0) {
        text_add(text, "; SHA-256 ");
        quote_add_text(text, carried->sha256, HASH_SIZE);
    }
}

void carried_line_add(struct text *text, const struct report_carried *carried)
{
    quote_add_text(text, carried->kind, WORD_SIZE_MAX);
    text_addf(text, ", %llu bytes, from ", (unsigned long long)carried->size);
    quote_add_text(text, carried->from, CARRIED_ADDRESS_SIZE_MAX);
    text_add(text, " to ");
    quote_add_text(text, carried->to, CARRIED_ADDRESS_SIZE_MAX);
    text_add(text, " by ");
    quote_add_text(text, carried->protocol, WORD_SIZE_MAX);
    if (carried->host.size > 0) {
        text_add(text, " (");
        add_entity(text, ENTITY_NAME, carried->host);
        text_add(text, ")");
    }
    text_add(text, ", ");
    if (carried->at.is_known) {
        moment_add_rfc3339(text, carried->at);
    } else {
        text_add(text, "time unknown");
    }
    add_hash(text, carried);
}

size_t carried_line_count(const struct report_evidence *evidence, size_t *left)
{
    size_t shown = number_least(evidence->carried_count, CARRIED_SHOWN_MAX);
    *left = evidence->carried_count - shown;
    return shown;
}
