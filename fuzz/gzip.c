/* Claims of parse/archive/packed.h: any text, packed, says the same as it does plain, in one
 * member or in two; a packed stream that is cut is said to be cut; any bytes that begin like a
 * gzip file end in a member or in a word about why not.
 *
 * Input: one byte chooses what is done, the rest is text to be packed or a file as it is. */
#include "parsing.h"
#include "record_claims.h"

#include <zlib.h>

#include "parse/archive/packed.h"

#define PACKED_SIZE_MAX (1U << 20)
#define GZIP_WINDOW_BITS (15 + 16)

struct run {
    struct parsing parsing;
    struct text said;
    struct text about;
    uint32_t member; /* the only one that records may name */
};

static enum status take(void *context, const struct record *record)
{
    struct run *run = context;
    CLAIM(record->place.member == run->member);
    struct record plain = *record;
    plain.place.member = 0;
    parsing_say(&run->said, &plain);
    return STATUS_OK;
}

static void pack(struct bytes bytes, struct text *out)
{
    uint8_t buffer[4096];
    z_stream zip = {0};
    CLAIM(deflateInit2(&zip, 1, Z_DEFLATED, GZIP_WINDOW_BITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    AUTO(text_done) struct text copy = text_of_limit(PACKED_SIZE_MAX);
    text_add_raw(&copy, bytes);
    zip.next_in = (Bytef *)copy.data;
    zip.avail_in = (uInt)copy.size;
    int state = Z_OK;
    while (state == Z_OK) {
        zip.next_out = buffer;
        zip.avail_out = sizeof buffer;
        state = deflate(&zip, Z_FINISH);
        text_add_raw(out, (struct bytes){buffer, sizeof buffer - zip.avail_out});
    }
    CLAIM(state == Z_STREAM_END);
    deflateEnd(&zip);
}

static void run_over(struct run *run, struct bytes input, const char *name, uint32_t member)
{
    *run = (struct run){.said = text_of_limit(PARSING_TEXT),
                        .about = text_of_limit(PARSING_TEXT),
                        .member = member};
    parsing_open(&run->parsing, input, name, take, run);
    run->parsing.budget = budget_of(UINT64_C(1) << 32);
    CLAIM(parsing_run(&run->parsing, input, 0) == STATUS_OK);
    check_coverage(&run->parsing.coverage);
    parsing_say_coverage(&run->about, &run->parsing.coverage);
}

static void close_run(struct run *run)
{
    parsing_close(&run->parsing);
    text_done(&run->said);
    text_done(&run->about);
}

static void check_packed(const struct run *plain, struct bytes packed)
{
    struct run run;
    run_over(&run, packed, "auth.log.gz", 1);
    CLAIM(run.parsing.coverage.member_count == 2);
    CLAIM(bytes_equal_text(run.parsing.coverage.members[1], "auth.log"));
    CLAIM(bytes_equal(text_bytes(&run.said), text_bytes(&plain->said)));
    CLAIM(bytes_equal(text_bytes(&run.about), text_bytes(&plain->about)));
    close_run(&run);
}

static void check_text(struct bytes text)
{
    /* What is a container itself has members of its own. */
    if (bytes_starts(text, "\x1f\x8b")) {
        return;
    }
    AUTO(text_done) struct text one = text_of_limit(PACKED_SIZE_MAX);
    AUTO(text_done) struct text two = text_of_limit(PACKED_SIZE_MAX);
    struct run plain;
    run_over(&plain, text, "auth.log", 0);
    pack(text, &one);
    pack(bytes_part(text, 0, text.size / 3), &two);
    pack(bytes_from(text, text.size / 3), &two);
    check_packed(&plain, text_bytes(&one));
    check_packed(&plain, text_bytes(&two));
    close_run(&plain);
    struct run cut;
    run_over(&cut, bytes_part(text_bytes(&one), 0, one.size - 1), "auth.log.gz", 1);
    CLAIM(cut.parsing.coverage.examined != EXAMINED_WHOLE);
    CLAIM(cut.parsing.coverage.why != NULL);
    close_run(&cut);
}

static enum status take_any(void *context, const struct record *record)
{
    struct run *run = context;
    check_place(&record->place, &run->parsing.coverage);
    return STATUS_OK;
}

static void check_file(struct bytes file)
{
    struct run run = {0};
    parsing_open(&run.parsing, file, "x.gz", take_any, &run);
    run.parsing.budget = budget_of(UINT64_C(1) << 32);
    enum status status = parsing_run(&run.parsing, file, 0);
    CLAIM(status == STATUS_OK);
    check_coverage(&run.parsing.coverage);
    CLAIM(run.parsing.coverage.member_count <= PARSE_DEPTH_MAX + 1);
    parsing_close(&run.parsing);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_from((struct bytes){data, size}, 1);
    if (size > 0 && data[0] % 2 == 0) {
        check_text(input);
    } else {
        check_file(input);
    }
    return 0;
}
