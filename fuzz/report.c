/* Claims of report/report_json.h and report_text.h, for a saved report that anybody may have
 * edited: what is read is written and read again as the same; every page made of it holds
 * nothing that a terminal obeys; what is refused is refused with a reason. */
#include "page_claims.h"

#define MEMORY_MAX (64U << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY_MAX);
    struct report report;
    struct fault fault = {0};
    enum status status = report_read((struct bytes){data, size}, arena, &report, &fault);
    if (status != STATUS_OK) {
        CLAIM(fault.what != NULL);
        return 0;
    }
    check_saved(&report);
    check_pages(&report);
    struct text AUTO(text_done) plan = text_of_limit(PAGE_SIZE_MAX);
    CLAIM(report_plan_write(&report, &plan) == STATUS_OK);
    return 0;
}
