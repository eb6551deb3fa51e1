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

void restricted_note_add_page(const struct restricted *pack, struct page *page)
{
    if (pack != NULL) {
        AUTO(text_done) struct text note = text_of_limit(RESTRICTED_SIZE_MAX);
        restricted_note_add(pack, &note);
        page_words(page, text_bytes(&note));
        page_line(page);
    }
}

void restricted_note_write(const struct restricted *pack, struct jsonout *out)
{
    if (pack == NULL) {
        return;
    }
    jsonout_key(out, "packs");
    jsonout_list_begin(out);
    jsonout_object_begin(out);
    jsonout_member_string(out, "name", pack->name);
    jsonout_member_string(out, "version", pack->version);
    jsonout_member_string(out, "tlp", pack->tlp);
    jsonout_member_string(out, "group", pack->group);
    jsonout_member_string(out, "description", pack->description);
    jsonout_member_string(out, "sha256", pack->sha256);
    jsonout_member_string(out, "grant", pack->grant);
    jsonout_member_unsigned(out, "rules", pack->rule_count);
    jsonout_object_end(out);
    jsonout_list_end(out);
}
