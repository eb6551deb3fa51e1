#include "report/restricted_note.h"

#include "record/quote.h"

static void add(struct text *out, const char *before, struct bytes theirs, size_t size_max)
{
    text_add(out, before);
    text_add_quoted(out, theirs, size_max);
}

void restricted_note_add(const struct restricted *pack, struct text *out)
{
    add(out, "Made with the restricted rule pack ", pack->name, RESTRICTED_NAME_MAX);
    add(out, ", version ", pack->version, RESTRICTED_VERSION_MAX);
    text_add(out, ", of ");
    quote_add_text(out, pack->group, RESTRICTED_GROUP_MAX);
    add(out, " (TLP:", pack->tlp, RESTRICTED_VERSION_MAX);
    add(out, "; SHA-256 ", pack->sha256, 64);
    add(out, "), opened under grant ", pack->grant, RESTRICTED_GRANT_MAX);
    text_add(out, ". Pass this report on only to whom that label allows.");
}
