/* Claims of parse/script/shell.h for histories and crontabs, and for a single logged command:
 * places are the lines of the file and rise, what a line runs is in the line, windows change
 * nothing, and each line read alone gives the commands it gave among the others.
 *
 * Input: one byte chooses the form, the rest is the file. */
#include "parsing.h"
#include "record_claims.h"

#include "parse/script/shell.h"

struct run {
    struct parsing parsing;
    struct text said;
    struct bytes input;
    uint64_t line;
    enum shell_origin origin;
};

static enum status take(void *context, const struct record *record)
{
    struct run *run = context;
    CLAIM(record->kind == RECORD_PIPELINE || record->kind == RECORD_SHELL_TEXT);
    CLAIM(record->place.kind == PLACE_LINES && record->place.first == record->place.last);
    CLAIM(record->place.first >= run->line && record->place.first >= 1);
    CLAIM(record->origin == run->origin);
    run->line = record->place.first;
    if (record->kind == RECORD_SHELL_TEXT) {
        CLAIM(bytes_find(run->input, record->shell_text->text) < run->input.size ||
              record->shell_text->text.size == 0);
    }
    parsing_say(&run->said, record);
    return STATUS_OK;
}

static enum status take_line(void *context, const struct record *record)
{
    struct run *run = context;
    CLAIM(record->place.first == 7 && record->origin == SHELL_LOGGED);
    if (record->kind == RECORD_PIPELINE) {
        CLAIM(record->pipeline->parent == 0 ||
              record->pipeline->parent != record->pipeline->number);
    }
    parsing_say(&run->said, record);
    return STATUS_OK;
}

static void run_over(struct run *run, struct bytes input, bool is_crontab, size_t step)
{
    /* A crontab's commands were not typed: they are a script's. */
    *run = (struct run){.said = text_of_limit(PARSING_TEXT),
                        .input = input,
                        .origin = is_crontab ? SHELL_SCRIPT : SHELL_HISTORY};
    parsing_open(&run->parsing, input, "", take, run);
    struct parsing_slow slow = {input, step};
    struct stream stream;
    CLAIM(stream_of_reader(&stream, parsing_slowly, &slow, run->parsing.evidence) == STATUS_OK);
    CLAIM((is_crontab ? shell_read_crontab
                      : shell_read_history)(&stream, &run->parsing.parse) == STATUS_OK);
    CLAIM(coverage_count_get(&run->parsing.coverage, "lines") >= run->line);
    parsing_say_coverage(&run->said, &run->parsing.coverage);
}

static void close_run(struct run *run)
{
    parsing_close(&run->parsing);
    text_done(&run->said);
}

static void check_file(struct bytes input, bool is_crontab)
{
    struct run whole;
    struct run parts;
    run_over(&whole, input, is_crontab, SIZE_MAX);
    run_over(&parts, input, is_crontab, 1 + input.size % 53);
    CLAIM(bytes_equal(text_bytes(&whole.said), text_bytes(&parts.said)));
    close_run(&whole);
    close_run(&parts);
}

/* A command that a log recorded, twice through one parser: nothing of the first is left. */
static void check_line(struct bytes line)
{
    struct text AUTO(text_done) first = text_of_limit(PARSING_TEXT);
    struct run run = {.said = text_of_limit(PARSING_TEXT)};
    struct record carrier = {.place = place_line(0, 7), .origin = SHELL_LOGGED};
    parsing_open(&run.parsing, line, "", take_line, &run);
    CLAIM(shell_parse_line(line, &run.parsing.parse, &carrier) == STATUS_OK);
    text_add_raw(&first, text_bytes(&run.said));
    text_clear(&run.said);
    run.parsing.budget = budget_of(UINT64_C(2048) * line.size + 1000000);
    CLAIM(shell_parse_line(line, &run.parsing.parse, &carrier) == STATUS_OK);
    CLAIM(bytes_equal(text_bytes(&run.said), text_bytes(&first)));
    close_run(&run);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_from((struct bytes){data, size}, 1);
    unsigned form = size > 0 ? data[0] % 3 : 0;
    if (form == 2) {
        check_line(input);
    } else {
        check_file(input, form == 1);
    }
    return 0;
}
