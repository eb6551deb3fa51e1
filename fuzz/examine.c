/* Claims of everything that examine does with an evidence: its message is read back and is the
 * same for any size of the windows it was read in, and whether or not it was asked on the way
 * what stands; a finding says what, how sure and where, and nothing of it is longer than a
 * report keeps.
 *
 * Input: one byte chooses the name and whether secrets are left out, the rest is the evidence.
 */
#include "content.h"
#include "parsing.h"
#include "record_claims.h"

#include "detect/engine.h"

#define RESULT_MAX (48U << 20)

static const struct engine *load_engine(void)
{
    static struct content content;
    static const struct engine *engine;
    static const char *const folders[] = {"capabilities", NULL};
    if (engine == NULL) {
        struct fault fault;
        content_load(&content, folders);
        CLAIM(engine_load(&(struct engine_supply){.content = &content.bundle}, content.arena,
                          &engine, &fault) == STATUS_OK);
    }
    return engine;
}

static void check_cites(const struct cite *cites, size_t count,
                        const struct examination *examination)
{
    for (size_t i = 0; i < count; i++) {
        check_place(&cites[i].place, &examination->coverage);
        CLAIM(cites[i].excerpt.size <= EXCERPT_SIZE_MAX);
    }
}

static void check_examination(const struct examination *examination)
{
    for (size_t i = 0; i < examination->finding_count; i++) {
        const struct finding *finding = &examination->findings[i];
        CLAIM(finding->rule.size > 0 && finding->title.size > 0);
        CLAIM(finding->confidence > 0 && finding->confidence <= 1);
        CLAIM(finding->cite_count >= 1);
        check_cites(finding->cites, finding->cite_count, examination);
    }
    for (size_t i = 0; i < examination->observation_count; i++) {
        const struct observation *observation = &examination->observations[i];
        CLAIM(observation->count >= 1);
        check_cites(observation->cites, observation->cite_count, examination);
    }
}

/* Hands on each record, and asks in the middle what stands: after the 1st, 2nd, 4th, 8th... */
struct looking {
    struct detection detection;
    bool is_asking;
    uint64_t seen;
};

static enum status take_and_look(void *context, const struct record *record)
{
    struct looking *looking = context;
    TRY(detection_take(&looking->detection, record));
    looking->seen++;
    if (!looking->is_asking || (looking->seen & (looking->seen - 1)) != 0) {
        return STATUS_OK;
    }
    struct arena *AUTO(arena_done) arena = arena_new(RESULT_MAX);
    struct examination *standing = arena_take(arena, sizeof *standing);
    TRY(detection_make_room(arena, standing));
    TRY(detection_stand(&looking->detection, arena, standing));
    standing->coverage = looking->detection.examination->coverage;
    check_examination(standing);
    return STATUS_OK;
}

static void run_over(struct bytes input, const char *name, bool is_redacted, size_t step,
                     struct text *message)
{
    struct parsing parsing;
    struct looking looking = {.is_asking = step > 0};
    const struct analysis_options options = {.redact = is_redacted};
    parsing_open(&parsing, input, name, take_and_look, &looking);
    struct arena *AUTO(arena_done) result = arena_new(RESULT_MAX);
    struct examination *examination = arena_take(result, sizeof *examination);
    struct examination *again = arena_take(result, sizeof *again);
    coverage_init(&examination->coverage, result);
    parsing.parse.coverage = &examination->coverage;
    CLAIM(detection_open(load_engine(), &options, parsing.evidence, result, examination,
                         &looking.detection) == STATUS_OK);
    CLAIM(parsing_run(&parsing, input, step) == STATUS_OK);
    CLAIM(detection_finish(&looking.detection) == STATUS_OK);
    check_coverage(&examination->coverage);
    check_examination(examination);
    examination_write(message, examination);
    CLAIM(text_status(message) == STATUS_OK);
    CLAIM(examination_read(text_bytes(message), result, again) == STATUS_OK);
    CLAIM(again->finding_count == examination->finding_count);
    CLAIM(again->observation_count == examination->observation_count);
    parsing_close(&parsing);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"auth.log", "x.pcap", "run.sh", "crontab",
                                        "x.gz",     "x",      "x.log",  ".bash_history"};
    struct bytes input = bytes_from((struct bytes){data, size}, 1);
    unsigned choice = size > 0 ? data[0] : 0;
    const char *name = names[choice % (sizeof names / sizeof *names)];
    struct text AUTO(text_done) whole = text_of_limit(EXAMINATION_SIZE_MAX);
    struct text AUTO(text_done) parts = text_of_limit(EXAMINATION_SIZE_MAX);
    run_over(input, name, choice >= 128, 0, &whole);
    run_over(input, name, choice >= 128, 1 + size % 89, &parts);
    CLAIM(bytes_equal(text_bytes(&whole), text_bytes(&parts)));
    return 0;
}
