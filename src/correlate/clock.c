#include "correlate/clock.h"

#include "base/table.h"

#define SSH_PORT "22"
#define ZONE_STEP_NS (15 * MOMENT_MINUTE_NS)
#define ZONE_MAX_NS (14 * MOMENT_HOUR_NS)
#define ZONE_RESIDUAL_NS \
    (5 * MOMENT_SECOND_NS) /* between a connection and its first failure \
                            */
#define CLOCK_AHEAD_MIN_NS (10 * MOMENT_SECOND_NS)

/* ---- years ---- */

struct span {
    struct moment first;
    struct moment last;
};

static struct span dated_span(const struct case_file *file)
{
    struct span span = {0};
    for (size_t i = 0; i < file->evidence_count; i++) {
        const struct case_evidence *evidence = &file->evidence[i];
        const struct coverage *coverage = &evidence->examination.coverage;
        if (!evidence->has_examination || !coverage->first.is_known ||
            !coverage->first.year_known) {
            continue;
        }
        if (!span.first.is_known || coverage->first.ns < span.first.ns) {
            span.first = coverage->first;
        }
        if (!span.last.is_known || coverage->last.ns > span.last.ns) {
            span.last = coverage->last;
        }
    }
    return span;
}

/* How far the evidence would lie from the dated span if it began in `year`. */
static int64_t distance(const struct coverage *coverage, const struct span *dated, int year)
{
    const struct moment_frame frame = {.first_year = year};
    int64_t first = moment_settle(coverage->first, &frame).ns;
    int64_t last = moment_settle(coverage->last, &frame).ns;
    if (first > dated->last.ns) {
        return first - dated->last.ns;
    }
    return last < dated->first.ns ? dated->first.ns - last : 0;
}

static int nearest_year(const struct coverage *coverage, const struct span *dated)
{
    int from = civil_of_moment(dated->first).year - 1;
    int to = civil_of_moment(dated->last).year;
    int best = to;
    for (int year = to; year >= from && year >= MOMENT_YEAR_MIN; year--) {
        if (distance(coverage, dated, year) < distance(coverage, dated, best)) {
            best = year;
        }
    }
    return best;
}

/* ---- events that two sources saw ---- */

static const struct entity *find_entity(const struct observation *observation,
                                        enum entity_kind kind, enum entity_role role)
{
    return entity_find(observation->entities, observation->entity_count, kind, role);
}

/* The address in "203.0.113.7:22/tcp" or "[2001:db8::1]:22/tcp" where the port is `port`. */
static bool service_address(struct bytes service, const char *port, struct bytes *out)
{
    struct bytes rest = service;
    struct bytes address;
    if (bytes_starts(service, "[")) {
        rest = bytes_from(rest, 1);
        if (!bytes_split(&rest, ']', &address) || !bytes_starts(rest, ":")) {
            return false;
        }
        rest = bytes_from(rest, 1);
    } else if (!bytes_split(&rest, ':', &address)) {
        return false;
    }
    struct bytes number;
    *out = address;
    return bytes_split(&rest, '/', &number) && bytes_equal_text(number, port);
}

/* One log's first word from an address, and a capture's first connection from it. */
struct pairing {
    struct bytes host;
    struct bytes address; /* of the host, in the capture */
    int64_t logged_ns;
    int64_t captured_ns;
    bool is_unique; /* the source spoke to one machine only */
};

static bool is_login(const struct observation *observation)
{
    return observation->kind == OBSERVED_LOGIN_FAILURES || observation->kind == OBSERVED_LOGIN;
}

/* Looks for SSH traffic of `source` in one capture; the earliest per machine counts. */
static void match_capture(const struct case_evidence *capture, struct bytes source,
                          struct pairing *pairing)
{
    const struct examination *examination = &capture->examination;
    for (size_t i = 0; i < examination->observation_count; i++) {
        const struct observation *traffic = &examination->observations[i];
        if (traffic->kind != OBSERVED_TRAFFIC) {
            continue;
        }
        const struct entity *client = find_entity(traffic, ENTITY_ADDRESS, ROLE_ACTOR);
        const struct entity *service = find_entity(traffic, ENTITY_SERVICE, ROLE_COUNT);
        struct bytes address;
        if (client == NULL || service == NULL || !bytes_equal(client->name, source) ||
            !service_address(service->name, SSH_PORT, &address)) {
            continue;
        }
        if (pairing->address.size > 0 && !bytes_equal(pairing->address, address)) {
            pairing->is_unique = false;
        }
        if (pairing->address.size == 0 || traffic->first.ns < pairing->captured_ns) {
            pairing->address = address;
            pairing->captured_ns = traffic->first.ns;
        }
    }
}

static struct pairing match_login(const struct case_file *file,
                                  const struct moment_frame *frame,
                                  const struct observation *login)
{
    struct pairing pairing = {.is_unique = true};
    const struct entity *source = find_entity(login, ENTITY_ADDRESS, ROLE_SOURCE);
    const struct entity *host = find_entity(login, ENTITY_HOST, ROLE_VICTIM);
    if (source == NULL || host == NULL) {
        return pairing;
    }
    pairing.host = host->name;
    pairing.logged_ns = moment_settle(login->first, frame).ns;
    for (size_t i = 0; i < file->evidence_count; i++) {
        if (file->evidence[i].has_examination) {
            match_capture(&file->evidence[i], source->name, &pairing);
        }
    }
    return pairing;
}

static enum status add_alias(struct case_file *file, struct bytes host, struct bytes address)
{
    if (case_is_host(file, host, address) || file->alias_count == CASE_ALIASES_MAX) {
        return STATUS_OK;
    }
    struct alias *alias = &file->aliases[file->alias_count];
    TRY(arena_copy(file->arena, host, &alias->host));
    TRY(arena_copy(file->arena, address, &alias->address));
    file->alias_count++;
    return STATUS_OK;
}

static int64_t magnitude(int64_t value)
{
    return value < 0 ? -value : value;
}

/* The whole quarter hours between a clock face and UTC, if the rest is next to nothing. */
static bool zone_between(int64_t logged_ns, int64_t captured_ns, int *minutes)
{
    int64_t delta = logged_ns - captured_ns;
    int64_t half = delta < 0 ? -ZONE_STEP_NS / 2 : ZONE_STEP_NS / 2;
    int64_t steps = (delta + half) / ZONE_STEP_NS;
    *minutes = (int)(steps * (ZONE_STEP_NS / MOMENT_MINUTE_NS));
    return magnitude(delta - steps * ZONE_STEP_NS) <= ZONE_RESIDUAL_NS &&
           magnitude(steps * ZONE_STEP_NS) <= ZONE_MAX_NS;
}

#define COMPARED_SOURCES_MAX 256 /* enough to learn a machine's address and clock */

/* The earliest login of each source address: later ones belong to connections that are not the
 * first of their address. */
static enum status first_logins(struct case_file *file, const struct examination *examination,
                                struct table *out)
{
    table_init(out, file->arena, COMPARED_SOURCES_MAX);
    for (size_t i = 0; i < examination->observation_count; i++) {
        struct observation *login = &examination->observations[i];
        const struct entity *source = find_entity(login, ENTITY_ADDRESS, ROLE_SOURCE);
        if (!is_login(login) || source == NULL) {
            continue;
        }
        struct table_entry *entry;
        enum status status = table_add(out, source->name, &entry);
        if (status == STATUS_LIMIT) {
            continue;
        }
        TRY(status);
        const struct observation *known = entry->value;
        if (known == NULL || moment_compare(login->first, known->first) < 0) {
            entry->value = login;
        }
    }
    return STATUS_OK;
}

static void compare_clock(struct case_evidence *evidence, const struct observation *login,
                          const struct pairing *pairing)
{
    int minutes = 0;
    bool is_dated = login->first.year_known || evidence->frame.first_year != 0;
    if (!is_dated || evidence->clock_is_compared) {
        return;
    }
    bool zone_open = !login->first.zone_known && !evidence->frame.zone_known;
    if (!zone_open) {
        evidence->clock_ahead_ns = pairing->logged_ns - pairing->captured_ns;
        evidence->clock_is_compared = magnitude(evidence->clock_ahead_ns) < MOMENT_HOUR_NS;
    } else if (zone_between(pairing->logged_ns, pairing->captured_ns, &minutes)) {
        evidence->frame.zone_known = true;
        evidence->frame.zone_minutes = minutes;
        evidence->row.time_note =
            bytes_of_text("its time zone was found from a connection that a capture saw too");
        evidence->clock_is_compared = true;
    }
}

static enum status compare_clocks(struct case_file *file, struct case_evidence *evidence)
{
    struct table firsts;
    TRY(first_logins(file, &evidence->examination, &firsts));
    for (size_t i = 0; i < firsts.count; i++) {
        const struct observation *login = firsts.entries[i].value;
        struct pairing pairing = match_login(file, &evidence->frame, login);
        if (pairing.address.size > 0 && pairing.is_unique) {
            TRY(add_alias(file, pairing.host, pairing.address));
            compare_clock(evidence, login, &pairing);
        }
    }
    return STATUS_OK;
}

/* ---- notes ---- */

static enum status note_clock(struct case_file *file, struct case_evidence *evidence)
{
    if (!evidence->clock_is_compared ||
        magnitude(evidence->clock_ahead_ns) < CLOCK_AHEAD_MIN_NS) {
        return STATUS_OK;
    }
    struct text note = text_of_limit(200);
    text_addf(&note, "its clock was %lld seconds %s the capture's",
              (long long)(magnitude(evidence->clock_ahead_ns) / MOMENT_SECOND_NS),
              evidence->clock_ahead_ns > 0 ? "ahead of" : "behind");
    enum status status = arena_copy(file->arena, text_bytes(&note), &evidence->row.time_note);
    text_done(&note);
    return status;
}

static void note_gaps(struct case_evidence *evidence)
{
    const struct coverage *coverage = &evidence->examination.coverage;
    if (!coverage->first.is_known || evidence->row.time_note.size > 0) {
        return;
    }
    bool year_open = !coverage->first.year_known;
    bool zone_open = !coverage->first.zone_known && !evidence->frame.zone_known;
    const char *note = NULL;
    if (year_open && evidence->frame.first_year == 0) {
        note = "it names no year; time zone unknown, read as UTC";
    } else if (zone_open && year_open) {
        note = "its year comes from evidence beside it; time zone unknown, read as UTC";
    } else if (zone_open) {
        note = "time zone unknown, read as UTC";
    } else if (year_open) {
        note = "its year comes from evidence beside it";
    }
    evidence->row.time_note = note == NULL ? BYTES_NONE : bytes_of_text(note);
}

/* The owner knows the zone of a machine's logs: of a file in which one machine writes. */
static void ask_site(const struct case_file *file, struct case_evidence *evidence)
{
    const struct coverage *coverage = &evidence->examination.coverage;
    const struct tree_node *host =
        coverage->host_count == 1 ? site_host(file->site, coverage->hosts[0]) : NULL;
    int minutes;
    if (!evidence->frame.zone_known && site_host_zone(host, &minutes)) {
        evidence->frame.zone_known = true;
        evidence->frame.zone_minutes = minutes;
    }
}

static enum status name_site_hosts(struct case_file *file)
{
    const struct tree_node *hosts = file->site->hosts;
    for (const struct tree_node *host = tree_first(hosts); host != NULL;
         host = tree_next(hosts, host)) {
        const struct tree_node *addresses = tree_member(host, "addresses");
        for (const struct tree_node *child = tree_first(addresses); child != NULL;
             child = tree_next(addresses, child)) {
            TRY(add_alias(file, host->key, tree_text(child)));
        }
    }
    return STATUS_OK;
}

static void settle_frame(const struct case_file *file, const struct span *dated,
                         struct case_evidence *evidence)
{
    const struct coverage *coverage = &evidence->examination.coverage;
    evidence->frame = (struct moment_frame){
        .first_year = file->options->year,
        .zone_known = file->options->zone_known,
        .zone_minutes = file->options->zone_minutes,
    };
    ask_site(file, evidence);
    if (evidence->frame.first_year == 0 && coverage->first.is_known &&
        !coverage->first.year_known && dated->first.is_known) {
        evidence->frame.first_year = nearest_year(coverage, dated);
    }
}

enum status clock_settle(struct case_file *file)
{
    struct span dated = dated_span(file);
    TRY(name_site_hosts(file));
    for (size_t i = 0; i < file->evidence_count; i++) {
        struct case_evidence *evidence = &file->evidence[i];
        if (!evidence->has_examination) {
            continue;
        }
        settle_frame(file, &dated, evidence);
        TRY(compare_clocks(file, evidence));
        TRY(note_clock(file, evidence));
        note_gaps(evidence);
        evidence->row.first =
            moment_settle(evidence->examination.coverage.first, &evidence->frame);
        evidence->row.last =
            moment_settle(evidence->examination.coverage.last, &evidence->frame);
    }
    return STATUS_OK;
}
