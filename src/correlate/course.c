#include "correlate/course.h"

/* The beats of one account's schedules in one log of one machine, its rotated parts included.
 */
struct course {
    struct bytes family;
    struct bytes host;
    struct bytes account;
    uint64_t period_ns; /* 0 where it is not known */
    const struct sighting *first;
    const struct sighting *last;
    int64_t covers_from;
    int64_t covers_to;
    size_t parts;
};

struct courses {
    size_t count;
    struct course items[COURSES_MAX];
};

/* The path up to what rotation adds to a name: "-20260303", ".1", ".gz". */
static struct bytes family_of(struct bytes path)
{
    struct bytes name = bytes_after_last(path, '/');
    size_t folder = path.size - name.size;
    size_t size = name.size;
    for (size_t i = 1; i < name.size && size == name.size; i++) {
        bool is_mark = name.data[i - 1] == '.' || name.data[i - 1] == '-';
        bool is_digit = name.data[i] >= '0' && name.data[i] <= '9';
        size = is_mark && is_digit ? i - 1 : size;
    }
    static const char *const endings[] = {".gz", ".xz", ".zst", ".bz2"};
    struct bytes base = bytes_part(name, 0, size);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (bytes_ends(base, endings[i])) {
            base.size = bytes_find(base, bytes_of_text(endings[i]));
        }
    }
    return bytes_part(path, 0, folder + base.size);
}

static struct bytes folder_of(struct bytes family)
{
    return bytes_part(family, 0, family.size - bytes_after_last(family, '/').size);
}

static struct course *find_course(struct courses *courses, const struct course *key)
{
    for (size_t i = 0; i < courses->count; i++) {
        struct course *course = &courses->items[i];
        if (bytes_equal(course->family, key->family) && bytes_equal(course->host, key->host) &&
            bytes_equal(course->account, key->account)) {
            return course;
        }
    }
    if (courses->count == COURSES_MAX) {
        return NULL;
    }
    courses->items[courses->count] = *key;
    return &courses->items[courses->count++];
}

static void take_rhythm(struct courses *courses, const struct case_evidence *evidence,
                        const struct sighting *sighting)
{
    const struct course key = {
        .family = family_of(evidence->row.path),
        .host = sighting_entity(sighting, ENTITY_HOST, ROLE_VICTIM),
        .account = sighting_entity(sighting, ENTITY_ACCOUNT, ROLE_ACTOR),
        .first = sighting,
        .last = sighting,
        .covers_from = evidence->row.first.ns,
        .covers_to = evidence->row.last.ns,
    };
    struct course *course = find_course(courses, &key);
    if (course == NULL) {
        return;
    }
    uint64_t period = sighting_count_fact(sighting, "period");
    course->period_ns = period > course->period_ns ? period : course->period_ns;
    course->first = sighting->first.ns < course->first->first.ns ? sighting : course->first;
    course->last = sighting->last.ns > course->last->last.ns ? sighting : course->last;
}

/* All parts of a log count for what it covers, those without a beat too. */
static void widen(struct courses *courses, const struct case_evidence *evidence)
{
    if (!evidence->row.first.is_known || !evidence->row.last.is_known) {
        return;
    }
    struct bytes family = family_of(evidence->row.path);
    for (size_t i = 0; i < courses->count; i++) {
        struct course *course = &courses->items[i];
        if (bytes_equal(course->family, family)) {
            int64_t from = evidence->row.first.ns;
            int64_t to = evidence->row.last.ns;
            course->covers_from = from < course->covers_from ? from : course->covers_from;
            course->covers_to = to > course->covers_to ? to : course->covers_to;
            course->parts++;
        }
    }
}

static enum status raise(struct case_file *file, const struct course *course, bool begins_late,
                         const struct sighting *other, struct moment from, struct moment to)
{
    const struct sighting *sightings[] = {begins_late ? course->first : course->last, other};
    struct bytes technique = bytes_of_text("T1070.002");
    const struct entity entities[] = {{ENTITY_HOST, ROLE_VICTIM, course->host}};
    static const char why_late[] =
        "Either the log was emptied, or it was rotated and its older part was not collected. "
        "The rotated parts, and what the rotation noted, would tell.";
    static const char why_early[] =
        "Either the log was replaced or its service stopped, or it was copied earlier than the "
        "others. The log on the machine, and deleted files that are still open, would tell.";
    const struct fact facts[] = {
        fact_text("explanation", bytes_of_text(begins_late ? why_late : why_early)),
        fact_text("log", bytes_after_last(course->family, '/')),
        fact_duration("apart", (uint64_t)(to.ns - from.ns)),
    };
    const struct report_finding finding = {
        .rule = bytes_of_text(begins_late ? "behaviour/late-log" : "behaviour/log-ends-early"),
        .title = bytes_of_text(begins_late ? "A log begins long after others of its machine"
                                           : "A log ends although others of its machine go on"),
        .techniques = &technique,
        .technique_count = 1,
        .severity = begins_late ? SEVERITY_INFO : SEVERITY_LOW,
        .confidence = begins_late ? 0.3 : 0.5,
        .first = from,
        .last = to,
        .entities = entities,
        .entity_count = 1,
        .facts = facts,
        .fact_count = 3,
    };
    return case_raise(file, &finding, sightings, 2);
}

static bool is_apart(int64_t distance, uint64_t period_ns)
{
    return distance >= COURSE_APART_NS && period_ns > 0 &&
           (uint64_t)distance / COURSE_BEATS_MIN >= period_ns;
}

/* `other` beats where `course`, which beats too, is not there at all. */
static enum status compare(struct case_file *file, const struct course *course,
                           const struct course *other)
{
    bool are_beside = course != other && bytes_equal(course->host, other->host) &&
                      bytes_equal(course->account, other->account) &&
                      bytes_equal(folder_of(course->family), folder_of(other->family));
    if (!are_beside) {
        return STATUS_OK;
    }
    struct moment begins = other->first->first;
    struct moment ends = other->last->last;
    bool is_whole = course->parts > 1; /* how far back its parts go is a setting */
    if (!is_whole && is_apart(course->covers_from - begins.ns, other->period_ns)) {
        struct moment to = course->first->first;
        to.ns = course->covers_from;
        TRY(raise(file, course, true, other->first, begins, to));
    }
    if (is_apart(ends.ns - course->covers_to, other->period_ns)) {
        struct moment from = course->last->last;
        from.ns = course->covers_to;
        TRY(raise(file, course, false, other->last, from, ends));
    }
    return STATUS_OK;
}

enum status course_raise(struct case_file *file)
{
    struct courses *courses = arena_take(file->arena, sizeof *courses);
    if (courses == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < file->sighting_count; i++) {
        const struct sighting *sighting = &file->sightings[i];
        if (sighting->kind == OBSERVED_RHYTHM && sighting->first.is_known &&
            sighting->first.year_known && sighting->last.is_known) {
            take_rhythm(courses, &file->evidence[sighting->evidence], sighting);
        }
    }
    for (size_t i = 0; i < file->evidence_count; i++) {
        widen(courses, &file->evidence[i]);
    }
    for (size_t i = 0; i < courses->count; i++) {
        for (size_t j = 0; j < courses->count; j++) {
            TRY(compare(file, &courses->items[i], &courses->items[j]));
        }
    }
    return STATUS_OK;
}
