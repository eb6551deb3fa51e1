#include "report/sentences.h"

#define CITES_LEADER_MAX 2
#define WORD_SIZE_MAX (CITATION_SIZE_MAX * 4)

void sentences_add_citation(struct page *page, const struct citation *citation)
{
    struct text text = text_of_limit(WORD_SIZE_MAX);
    text_add(&text, "[");
    citation_add(&text, citation);
    text_add(&text, "]");
    page_words(page, text_bytes(&text));
    text_done(&text);
}

static bool same_cites(const struct sentence *a, const struct sentence *b)
{
    bool same = a->cite_count == b->cite_count;
    for (size_t i = 0; same && i < a->cite_count; i++) {
        same = citation_equal(&a->cites[i], &b->cites[i]);
    }
    return same;
}

/* On the leader's page the rest is counted; the JSON report has them all. */
void sentences_add_cites(struct page *page, const struct sentence *sentence,
                         enum audience audience)
{
    size_t most = audience == AUDIENCE_LEADER ? CITES_LEADER_MAX : sentence->cite_count;
    page_style(page, STYLE_FAINT);
    for (size_t i = 0; i < sentence->cite_count && i < most; i++) {
        sentences_add_citation(page, &sentence->cites[i]);
    }
    if (sentence->cite_count > most) {
        AUTO(text_done) struct text more = text_of_limit(32);
        text_addf(&more, "+%zu", sentence->cite_count - most);
        page_words(page, text_bytes(&more));
    }
    page_style(page, STYLE_PLAIN);
}

/* Sentences of a paragraph that rest on the same places have them named after the last. */
void sentences_add(struct page *page, const struct sentence *sentences, size_t count,
                   enum audience audience)
{
    for (size_t i = 0; i < count; i++) {
        if (sentences[i].opens_paragraph && i > 0) {
            page_blank(page);
        }
        page_words(page, sentences[i].text);
        bool goes_on = i + 1 < count && !sentences[i + 1].opens_paragraph &&
                       same_cites(&sentences[i], &sentences[i + 1]);
        if (!goes_on) {
            sentences_add_cites(page, &sentences[i], audience);
        }
    }
    page_line(page);
}

/* ---- JSON ---- */

void sentences_write_citation(struct jsonout *out, const struct citation *citation)
{
    jsonout_member_text(out, "kind", citation_kind_name(citation->kind));
    AUTO(text_done) struct text at = text_of_limit(WORD_SIZE_MAX);
    citation_add(&at, citation);
    jsonout_member_string(out, "at", text_bytes(&at));
}

void sentences_write_citations(struct jsonout *out, const struct citation *cites, size_t count)
{
    jsonout_key(out, "cites");
    jsonout_list_begin(out);
    for (size_t i = 0; i < count; i++) {
        jsonout_object_begin(out);
        sentences_write_citation(out, &cites[i]);
        jsonout_object_end(out);
    }
    jsonout_list_end(out);
}

void sentences_write(struct jsonout *out, const char *key, const struct sentence *sentences,
                     size_t count)
{
    jsonout_key(out, key);
    jsonout_list_begin(out);
    for (size_t i = 0; i < count; i++) {
        jsonout_object_begin(out);
        jsonout_member_string(out, "text", sentences[i].text);
        jsonout_member_boolean(out, "paragraph", sentences[i].opens_paragraph);
        sentences_write_citations(out, sentences[i].cites, sentences[i].cite_count);
        jsonout_object_end(out);
    }
    jsonout_list_end(out);
}
