/* Claims of record/examination.h: a message that is read borrows its text from itself, names
 * only members it has, cites carried files where they can be cited, and is written back so that
 * it is read again as the same; one of the version before comes back as one of this. */
#include "fuzz.h"

#include "record/examination.h"

#define MEMORY_MAX (64U << 20)
#define VERSION_OFFSET 4 /* behind "TCEX" */

static void check_cites(const struct cite *cites, size_t count, struct bytes message,
                        size_t member_count)
{
    for (size_t i = 0; i < count; i++) {
        CLAIM(lies_inside(cites[i].excerpt, message));
        CLAIM(cites[i].excerpt.size <= EXCERPT_SIZE_MAX);
        CLAIM(cites[i].place.member < member_count);
    }
}

static void check_entities(const struct entity *entities, size_t count, struct bytes message)
{
    CLAIM(count <= FINDING_ENTITIES_MAX);
    for (size_t i = 0; i < count; i++) {
        CLAIM(lies_inside(entities[i].name, message));
        CLAIM(entity_kind_name(entities[i].kind) != NULL);
        CLAIM(entity_role_name(entities[i].role) != NULL);
    }
}

static void check_finding(const struct finding *finding, struct bytes message, size_t members)
{
    CLAIM(lies_inside(finding->rule, message) && lies_inside(finding->title, message));
    CLAIM(finding->confidence >= 0 && finding->confidence <= 1);
    CLAIM(severity_name(finding->severity) != NULL);
    check_entities(finding->entities, finding->entity_count, message);
    check_cites(finding->cites, finding->cite_count, message, members);
}

static void check_carried(const struct coverage *coverage, struct bytes message)
{
    CLAIM(coverage->carried_count <= CARRIED_MAX);
    for (size_t i = 0; i < coverage->carried_count; i++) {
        const struct carried *carried = &coverage->carried[i];
        CLAIM(carried_path_is_valid(carried->path) && lies_inside(carried->path, message));
        CLAIM(lies_inside(carried->name, message) && lies_inside(carried->host, message));
        CLAIM(lies_inside(carried->from, message) && lies_inside(carried->to, message));
        CLAIM(carried->kind != NULL && carried->protocol != NULL);
        CLAIM(carried->size <= EXAMINATION_QUANTITY_MAX);
    }
}

static void check_borrowed(const struct examination *examination, struct bytes message)
{
    const struct coverage *coverage = &examination->coverage;
    CLAIM(coverage->member_count > 0 && coverage->member_count <= COVERAGE_MEMBERS_MAX);
    for (size_t i = 0; i < coverage->anomaly_count; i++) {
        CLAIM(coverage->anomalies[i].what != NULL);
        CLAIM(coverage->anomalies[i].place.member < coverage->member_count);
    }
    check_carried(coverage, message);
    for (size_t i = 0; i < examination->finding_count; i++) {
        check_finding(&examination->findings[i], message, coverage->member_count);
    }
    for (size_t i = 0; i < examination->observation_count; i++) {
        const struct observation *observation = &examination->observations[i];
        check_entities(observation->entities, observation->entity_count, message);
        check_cites(observation->cites, observation->cite_count, message,
                    coverage->member_count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes message = {data, size};
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY_MAX);
    struct examination *examination = arena_take(arena, sizeof *examination);
    struct examination *again = arena_take(arena, sizeof *again);
    if (examination_read(message, arena, examination) != STATUS_OK) {
        return 0;
    }
    check_borrowed(examination, message);
    struct text AUTO(text_done) first = text_of_limit(EXAMINATION_SIZE_MAX);
    examination_write(&first, examination);
    bool is_older = data[VERSION_OFFSET] == 1;
    CLAIM(is_older || bytes_equal(text_bytes(&first), message));
    CLAIM(!is_older || examination->coverage.carried_count == 0);
    CLAIM(examination_read(text_bytes(&first), arena, again) == STATUS_OK);
    struct text AUTO(text_done) second = text_of_limit(EXAMINATION_SIZE_MAX);
    examination_write(&second, again);
    CLAIM(bytes_equal(text_bytes(&first), text_bytes(&second)));
    CLAIM(again->finding_count == examination->finding_count);
    CLAIM(again->observation_count == examination->observation_count);
    return 0;
}
