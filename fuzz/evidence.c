/* Claims of parse/parse.h and parse/excerpt.h, for any bytes under any name: windows change
 * nothing; what was not read is said; every place a record or an anomaly names is in the
 * evidence, so that a citation of it can be written, read back, opened and shown.
 *
 * Input: one byte chooses the name, the rest is the evidence. */
#include "parsing.h"
#include "record_claims.h"

#include "base/memory_file.h"
#include "parse/excerpt.h"
#include "record/citation.h"

#include <unistd.h>

#define PLACES_OPENED_MAX 24 /* of each evidence: opening reads it again */

struct run {
    struct parsing parsing;
    struct text said;
    struct place places[PLACES_OPENED_MAX];
    size_t place_count;
    size_t seen;
};

static void keep_place(struct run *run, const struct place *place)
{
    /* The first ones, then every so often another in place of one of them. */
    size_t at = run->seen++ % PLACES_OPENED_MAX;
    if (run->place_count < PLACES_OPENED_MAX || run->seen % 7 == 0) {
        run->places[at] = *place;
        run->place_count += run->place_count == at;
    }
}

static enum status take(void *context, const struct record *record)
{
    struct run *run = context;
    check_place(&record->place, &run->parsing.coverage);
    keep_place(run, &record->place);
    parsing_say(&run->said, record);
    return STATUS_OK;
}

static void add_word(struct text *word, const struct place *place,
                     const struct coverage *coverage)
{
    AUTO(text_done) struct text path = text_of_limit(CITATION_SIZE_MAX);
    text_add(&path, "evidence");
    if (place->member > 0) {
        text_add(&path, "!/");
        text_add_raw(&path, coverage->members[place->member]);
    }
    struct citation citation = {CITATION_EVIDENCE, text_bytes(&path), *place};
    struct citation again;
    citation_add(word, &citation);
    CLAIM(citation_read(text_bytes(word), &again) == STATUS_OK);
    CLAIM(citation_equal(&citation, &again));
}

static void check_shown(struct bytes shown)
{
    while (shown.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(shown, &code_point);
        CLAIM(size > 0 && (code_point == '\n' || !text_is_hidden(code_point)));
        shown = bytes_from(shown, size);
    }
}

/* The places that a person can open are there. */
static void open_place(int fd, const struct run *run, const struct place *place)
{
    AUTO(text_done) struct text word = text_of_limit(2 * CITATION_SIZE_MAX);
    add_word(&word, place, &run->parsing.coverage);
    AUTO(arena_done) struct arena *arena = arena_new(PARSING_MEMORY);
    AUTO(text_done) struct text bytes = text_of_limit(EXCERPT_OUTPUT_MAX);
    AUTO(text_done) struct text shown = text_of_limit(4 * EXCERPT_OUTPUT_MAX);
    enum status extracted = excerpt_extract(fd, text_bytes(&word), arena, &bytes);
    enum status status = excerpt_show(fd, text_bytes(&word), arena, &shown);
    if (place->kind == PLACE_FLOW) {
        CLAIM(extracted == STATUS_UNSUPPORTED && status == STATUS_UNSUPPORTED);
        return;
    }
    if (place->kind == PLACE_FRAME && run->parsing.coverage.anomaly_count > 0) {
        /* Behind damage, frames are found again by their looks; going back does not look. */
        check_shown(text_bytes(&shown));
        return;
    }
    CLAIM(extracted == STATUS_OK);
    CLAIM(status == STATUS_OK);
    CLAIM(place->kind != PLACE_BYTES || bytes.size == place->last);
    check_shown(text_bytes(&shown));
}

static void run_over(struct run *run, struct bytes input, const char *name, size_t step)
{
    run->said = text_of_limit(PARSING_TEXT);
    parsing_open(&run->parsing, input, name, take, run);
    enum status status = parsing_run(&run->parsing, input, step);
    CLAIM(status == STATUS_OK);
    check_coverage(&run->parsing.coverage);
    parsing_say_coverage(&run->said, &run->parsing.coverage);
    CLAIM(text_status(&run->said) == STATUS_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"auth.log", "x.pcap",       "run.sh",        "crontab",
                                        "x.gz",     ".zsh_history", ".bash_history", "x"};
    static struct run whole;
    static struct run parts;
    struct bytes input = bytes_from((struct bytes){data, size}, 1);
    const char *name = names[size > 0 ? data[0] % (sizeof names / sizeof *names) : 0];
    whole = (struct run){0};
    parts = (struct run){0};
    run_over(&whole, input, name, 0);
    run_over(&parts, input, name, 1 + size % 97);
    CLAIM(bytes_equal(text_bytes(&whole.said), text_bytes(&parts.said)));
    int fd = -1;
    CLAIM(memory_file_new("evidence", &fd) == STATUS_OK);
    CLAIM(memory_file_write(fd, input) == STATUS_OK);
    for (size_t i = 0; i < whole.place_count; i++) {
        open_place(fd, &whole, &whole.places[i]);
    }
    for (size_t i = 0; i < whole.parsing.coverage.anomaly_count; i++) {
        /* An anomaly may stand at the very end, where nothing is to be opened. */
        AUTO(text_done) struct text word = text_of_limit(2 * CITATION_SIZE_MAX);
        add_word(&word, &whole.parsing.coverage.anomalies[i].place, &whole.parsing.coverage);
    }
    close(fd);
    parsing_close(&whole.parsing);
    parsing_close(&parts.parsing);
    text_done(&whole.said);
    text_done(&parts.said);
    return 0;
}
