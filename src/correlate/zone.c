#include "correlate/zone.h"

#include <string.h>

#include "base/table.h"

#define STEPS_MAX (ZONE_MAX_NS / ZONE_STEP_NS)
#define SHIFT_COUNT (2 * STEPS_MAX + 1)
#define KEY_SIZE_MAX (2 * ENTITY_SIZE_MAX + 1)

/* When one account logged in from one address, as evidence with a zone tells. */
struct logins {
    size_t count;
    int64_t at_ns[ZONE_LOGINS_MAX];
};

/* How many logins of one log agree on each shift. */
struct votes {
    uint32_t of[SHIFT_COUNT];
    uint32_t login_count; /* that were compared with any */
    uint32_t other_count; /* the most there were to compare one with */
    int64_t residual_ns;  /* the largest of those that agree */
};

int64_t zone_steps(int64_t delta_ns)
{
    int64_t half = delta_ns < 0 ? -ZONE_STEP_NS / 2 : ZONE_STEP_NS / 2;
    return (delta_ns + half) / ZONE_STEP_NS;
}

void zone_set(struct case_evidence *evidence, int minutes, const char *note)
{
    if (!evidence->frame.zone_known && !evidence->examination.coverage.first.zone_known) {
        evidence->frame.zone_known = true;
        evidence->frame.zone_minutes = minutes;
        evidence->zone_note = note;
    }
}

/* ---- the logins that evidence tells ---- */

static struct bytes name_of(const struct observation *observation, enum entity_kind kind)
{
    const struct entity *found =
        entity_find(observation->entities, observation->entity_count, kind, ROLE_COUNT);
    return found == NULL ? BYTES_NONE : found->name;
}

/* A session counts as the login it began with; what is told of several times is no one login.
 */
static bool is_login(const struct observation *observation, const struct moment_frame *frame,
                     struct moment *at)
{
    *at = moment_settle(observation->first, frame);
    return (observation->kind == OBSERVED_LOGIN ||
            observation->kind == OBSERVED_SESSION_BEGUN) &&
           at->is_known && at->year_known;
}

static enum status key_of(struct arena *arena, const struct observation *login,
                          struct bytes *out)
{
    struct bytes account = name_of(login, ENTITY_ACCOUNT);
    struct bytes source = name_of(login, ENTITY_ADDRESS);
    *out = BYTES_NONE;
    if (account.size == 0 || source.size == 0) {
        return STATUS_OK;
    }
    AUTO(text_done) struct text key = text_of_limit(KEY_SIZE_MAX);
    text_add_raw(&key, account);
    text_add_byte(&key, '\n');
    text_add_raw(&key, source);
    TRY(text_status(&key));
    return arena_copy(arena, text_bytes(&key), out);
}

static enum status keep_login(struct case_file *file, struct table *known, struct bytes key,
                              int64_t at_ns)
{
    struct table_entry *entry;
    enum status status = table_add(known, key, &entry);
    if (status == STATUS_LIMIT) {
        return STATUS_OK;
    }
    TRY(status);
    if (entry->value == NULL) {
        entry->value = arena_take(file->arena, sizeof(struct logins));
        if (entry->value == NULL) {
            return STATUS_NO_MEMORY;
        }
    }
    struct logins *logins = entry->value;
    if (logins->count < ZONE_LOGINS_MAX) {
        logins->at_ns[logins->count++] = at_ns;
    }
    return STATUS_OK;
}

static enum status gather(struct case_file *file, size_t index, struct table *known)
{
    const struct case_evidence *evidence = &file->evidence[index];
    for (size_t i = 0; i < evidence->examination.observation_count; i++) {
        const struct observation *login = &evidence->examination.observations[i];
        struct moment at;
        struct bytes key;
        if (!is_login(login, &evidence->frame, &at) || !at.zone_known) {
            continue;
        }
        TRY(key_of(file->arena, login, &key));
        if (key.size > 0) {
            TRY(keep_login(file, known, key, at.ns));
        }
    }
    return STATUS_OK;
}

/* ---- what they agree on ---- */

/* Each shift once for a login, however many it could be. */
static void vote(const struct logins *logins, int64_t at_ns, struct votes *votes)
{
    bool is_cast[SHIFT_COUNT] = {false};
    for (size_t i = 0; i < logins->count; i++) {
        int64_t delta = at_ns - logins->at_ns[i];
        int64_t steps = zone_steps(delta);
        int64_t rest = delta - steps * ZONE_STEP_NS;
        rest = rest < 0 ? -rest : rest;
        if (steps < -STEPS_MAX || steps > STEPS_MAX || rest > ZONE_RESIDUAL_NS) {
            continue;
        }
        is_cast[steps + STEPS_MAX] = true;
        votes->residual_ns = rest > votes->residual_ns ? rest : votes->residual_ns;
    }
    for (size_t i = 0; i < SHIFT_COUNT; i++) {
        votes->of[i] += is_cast[i];
    }
    votes->login_count++;
    votes->other_count =
        logins->count > votes->other_count ? (uint32_t)logins->count : votes->other_count;
}

/* The shift that counts.  One login alone must be near to one of a few: each of them could be
 * so by chance. */
static bool elect(const struct votes *votes, int *minutes)
{
    size_t best = 0;
    uint32_t second = 0;
    for (size_t i = 1; i < SHIFT_COUNT; i++) {
        if (votes->of[i] > votes->of[best]) {
            second = votes->of[best];
            best = i;
        } else if (votes->of[i] > second) {
            second = votes->of[i];
        }
    }
    *minutes = ((int)best - (int)STEPS_MAX) * (int)(ZONE_STEP_NS / MOMENT_MINUTE_NS);
    bool is_one = votes->of[best] == 1 && second == 0 && votes->login_count == 1 &&
                  votes->other_count <= ZONE_FEW && votes->residual_ns <= ZONE_RESIDUAL_ONE_NS;
    return is_one || (votes->of[best] >= 2 && votes->of[best] >= 2 * second);
}

static enum status settle(struct case_file *file, struct case_evidence *evidence,
                          const struct table *known)
{
    struct votes votes = {.login_count = 0};
    for (size_t i = 0; i < evidence->examination.observation_count; i++) {
        const struct observation *login = &evidence->examination.observations[i];
        struct moment at;
        struct bytes key;
        if (!is_login(login, &evidence->frame, &at) || at.zone_known) {
            continue;
        }
        TRY(key_of(file->arena, login, &key));
        const struct logins *logins = key.size > 0 ? table_get(known, key) : NULL;
        if (logins != NULL) {
            vote(logins, at.ns, &votes);
        }
    }
    int minutes = 0;
    if (elect(&votes, &minutes)) {
        zone_set(evidence, minutes,
                 "its time zone was found from logins that other evidence "
                 "tells with a zone");
    }
    return STATUS_OK;
}

enum status zone_compare(struct case_file *file)
{
    struct table known;
    table_init(&known, file->arena, ZONE_KEYS_MAX);
    for (size_t i = 0; i < file->evidence_count; i++) {
        if (file->evidence[i].has_examination) {
            TRY(gather(file, i, &known));
        }
    }
    for (size_t i = 0; i < file->evidence_count && known.count > 0; i++) {
        struct case_evidence *evidence = &file->evidence[i];
        if (evidence->has_examination && !evidence->frame.zone_known &&
            !evidence->examination.coverage.first.zone_known) {
            TRY(settle(file, evidence, &known));
        }
    }
    return STATUS_OK;
}

/* ---- other logs of the same machine ---- */

/* Logs that one machine writes alone have that machine's zone. */
static struct bytes only_host(const struct case_evidence *evidence)
{
    const struct coverage *coverage = &evidence->examination.coverage;
    return coverage->host_count == 1 && coverage->hosts_dropped == 0 ? coverage->hosts[0]
                                                                     : BYTES_NONE;
}

static enum status note_machines(struct case_file *file, struct table *zones)
{
    for (size_t i = 0; i < file->evidence_count; i++) {
        struct case_evidence *evidence = &file->evidence[i];
        struct table_entry *entry;
        if (evidence->zone_note == NULL || only_host(evidence).size == 0) {
            continue;
        }
        enum status status = table_add(zones, only_host(evidence), &entry);
        if (status == STATUS_LIMIT) {
            continue;
        }
        TRY(status);
        entry->value = evidence;
    }
    return STATUS_OK;
}

enum status zone_spread(struct case_file *file)
{
    struct table zones;
    table_init(&zones, file->arena, ZONE_KEYS_MAX);
    TRY(note_machines(file, &zones));
    for (size_t i = 0; i < file->evidence_count; i++) {
        struct case_evidence *evidence = &file->evidence[i];
        const struct case_evidence *known = table_get(&zones, only_host(evidence));
        if (known != NULL && only_host(evidence).size > 0) {
            zone_set(evidence, known->frame.zone_minutes,
                     "its time zone is that of another log of the same machine");
        }
    }
    return STATUS_OK;
}
