#include "report/page.h"

struct page page_of(struct text *out, unsigned columns, bool colour)
{
    return (struct page){.out = out, .columns = columns, .colour = colour};
}

void page_style(struct page *page, enum style style)
{
    static const char *const codes[STYLE_COUNT] = {
        [STYLE_PLAIN] = "\033[0m",     [STYLE_STRONG] = "\033[0;1m",
        [STYLE_FAINT] = "\033[0;2m",   [STYLE_RED] = "\033[0;1;31m",
        [STYLE_YELLOW] = "\033[0;33m", [STYLE_GREEN] = "\033[0;32m",
    };
    if (page->colour) {
        text_add(page->out, codes[style]);
    }
}

static unsigned width_of(struct bytes word)
{
    unsigned width = 0;
    while (word.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(word, &code_point);
        width += size == 0 ? 1 : (unsigned)text_columns(code_point);
        word = bytes_from(word, size == 0 ? 1 : size);
    }
    return width;
}

static void begin_line(struct page *page)
{
    if (page->column == 0) {
        text_add_repeat(page->out, " ", page->indent);
        page->column = page->indent;
    }
}

void page_line(struct page *page)
{
    if (page->column > 0) {
        text_add(page->out, "\n");
        page->column = 0;
        page->is_spaced = false;
    }
}

void page_blank(struct page *page)
{
    page_line(page);
    text_add(page->out, "\n");
}

void page_words(struct page *page, struct bytes words)
{
    struct bytes rest = words;
    struct bytes word;
    while (bytes_split(&rest, ' ', &word)) {
        unsigned width = width_of(word);
        bool at_start = page->column == 0 || page->is_spaced;
        if (width == 0 && (at_start || page->column + 1 >= page->columns)) {
            continue; /* more spaces in a row: they are no line of their own */
        }
        page->is_spaced = false;
        if (!at_start && page->column + 1 + width > page->columns) {
            page_line(page);
            at_start = true;
        }
        begin_line(page);
        if (!at_start) {
            text_add(page->out, " ");
            page->column++;
        }
        text_add_raw(page->out, word);
        page->column += width;
    }
}

void page_text(struct page *page, const char *ours)
{
    page_words(page, bytes_of_text(ours));
}

void page_tab(struct page *page, unsigned column)
{
    begin_line(page);
    bool is_fresh = page->column == page->indent;
    unsigned spaces = column > page->column ? column - page->column : is_fresh ? 0 : 1;
    text_add_repeat(page->out, " ", spaces);
    page->column += spaces;
    page->is_spaced = true;
}

void page_heading(struct page *page, const char *ours)
{
    page_blank(page);
    page_style(page, STYLE_STRONG);
    page_text(page, ours);
    page_style(page, STYLE_PLAIN);
    page_line(page);
}

enum style page_severity_style(enum severity severity)
{
    return severity >= SEVERITY_HIGH     ? STYLE_RED
           : severity == SEVERITY_MEDIUM ? STYLE_YELLOW
                                         : STYLE_PLAIN;
}
