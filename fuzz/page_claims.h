/* What holds for every page a person reads: nothing hidden in it, no control but line ends and,
 * where colours were asked for, those of the colours. */
#pragma once

#include "fuzz.h"

#include "report/report_json.h"
#include "report/report_text.h"

#define PAGE_SIZE_MAX (64U << 20)

/* Passes over "ESC [ digits ; m", which is all that colours need. */
static inline size_t page_escape(struct bytes rest)
{
    size_t size = 2;
    CLAIM(rest.size > 2 && rest.data[1] == '[');
    while (size < rest.size &&
           ((rest.data[size] >= '0' && rest.data[size] <= '9') || rest.data[size] == ';')) {
        size++;
    }
    CLAIM(size < rest.size && rest.data[size] == 'm');
    return size + 1;
}

static inline void check_page(struct bytes page, bool colour)
{
    while (page.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(page, &code_point);
        if (colour && code_point == 0x1b) {
            size = page_escape(page);
        } else {
            CLAIM(size > 0 && (code_point == '\n' || !text_is_hidden(code_point)));
        }
        page = bytes_from(page, size);
    }
}

static inline void check_pages(const struct report *report)
{
    struct text AUTO(text_done) page = text_of_limit(PAGE_SIZE_MAX);
    for (enum audience audience = 0; audience < AUDIENCE_COUNT; audience++) {
        for (int colour = 0; colour < 2; colour++) {
            text_clear(&page);
            CLAIM(report_text(report, audience, audience * 50U, colour, &page) == STATUS_OK);
            check_page(text_bytes(&page), colour);
        }
    }
    text_clear(&page);
    CLAIM(report_text_plan(report, 80, false, &page) == STATUS_OK);
    check_page(text_bytes(&page), false);
}

/* Says where two texts part. */
static inline void check_equal(const struct text *first, const struct text *second)
{
    size_t at = 0;
    while (at < first->size && at < second->size && first->data[at] == second->data[at]) {
        at++;
    }
    if (at < first->size || at < second->size) {
        size_t begin = at < 60 ? 0 : at - 60;
        fprintf(stderr, "%.100s\n%.100s\n", first->data + begin, second->data + begin);
    }
    CLAIM(bytes_equal(text_bytes(first), text_bytes(second)));
}

/* The report as JSON is read again, and written again it is the same. */
static inline void check_saved(const struct report *report)
{
    struct text AUTO(text_done) first = text_of_limit(PAGE_SIZE_MAX);
    struct text AUTO(text_done) second = text_of_limit(PAGE_SIZE_MAX);
    struct arena *AUTO(arena_done) arena = arena_new(PAGE_SIZE_MAX);
    struct report again;
    struct fault fault = {0};
    CLAIM(report_write(report, &first) == STATUS_OK);
    enum status status = report_read(text_bytes(&first), arena, &again, &fault);
    if (status != STATUS_OK) {
        fprintf(stderr, "%s: %s\n", status_name(status), fault.what == NULL ? "" : fault.what);
    }
    CLAIM(status == STATUS_OK);
    CLAIM(report_write(&again, &second) == STATUS_OK);
    check_equal(&first, &second);
}
