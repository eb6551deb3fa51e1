#include "report/reply_text.h"

#include "record/quote.h"
#include "report/report_text.h"
#include "report/restricted_note.h"
#include "report/sentences.h"

static void add_suggestions(struct page *page, const struct reply *reply)
{
    for (size_t i = 0; i < reply->suggestion_count; i++) {
        page->indent = 2;
        page_text(page, "-");
        page->indent = 4;
        page_words(page, reply->suggestions[i]);
        page_line(page);
    }
    page->indent = 0;
}

static void add_opening(struct page *page, const struct reply *reply)
{
    switch (reply->outcome) {
    case REPLY_ANSWERED:
    case REPLY_CANNOT_SAY:
        if (reply->asks.size > 0) {
            page_text(page, "I take this as:");
            page_style(page, STYLE_STRONG);
            page_words(page, reply->asks);
            page_style(page, STYLE_PLAIN);
            page_line(page);
        }
        break;
    case REPLY_UNSURE:
        page_text(page, "This question may be understood in more than one way, so it is not "
                        "answered. Did you mean:");
        page_line(page);
        break;
    case REPLY_NOT_UNDERSTOOD:
        page_text(page,
                  reply->suggestion_count > 0
                      ? "I do not know this question, so it is not answered. Nearest to it:"
                      : "I do not know this question, so it is not answered.");
        page_line(page);
        break;
    }
}

enum status reply_text(const struct reply *reply, unsigned columns, bool colour,
                       struct text *out)
{
    struct page page = page_of(out, report_text_columns(columns), colour);
    add_opening(&page, reply);
    sentences_add(&page, reply->sentences, reply->sentence_count, AUDIENCE_ANALYST);
    add_suggestions(&page, reply);
    restricted_note_add_page(reply->pack, &page);
    page_line(&page);
    return text_status(out);
}
