#include "correlate/habit.h"

#include "base/table.h"

#define ACCOUNTS_MAX 100000

struct tally {
    struct table tried;
    struct table entered;
    uint64_t doubtful;   /* failures on no account, or on one that is not there */
    struct moment first; /* failure */
    struct moment last;
    bool was_in; /* a login came before the first failure */
    int64_t interval_ns;
};

static enum status note(struct table *names, struct bytes name)
{
    struct table_entry *entry;
    if (name.size == 0) {
        return STATUS_OK;
    }
    enum status status = table_add(names, name, &entry);
    if (status == STATUS_OK) {
        entry->value = names; /* it is there: table_get says so */
    }
    return status == STATUS_LIMIT ? STATUS_OK : status;
}

/* Within a run detect counted; between runs of one failure each the pace is seen here. */
static void note_pace(struct tally *tally, const struct sighting *sighting, struct habit *habit)
{
    habit->steady += sighting_count_fact(sighting, "steady_count");
    bool follows = tally->last.is_known && sighting->first.is_known &&
                   tally->last.year_known == sighting->first.year_known &&
                   sighting->first.ns > tally->last.ns;
    int64_t interval_ns = follows ? sighting->first.ns - tally->last.ns : 0;
    int64_t change_ns = interval_ns - tally->interval_ns;
    change_ns = change_ns < 0 ? -change_ns : change_ns;
    habit->steady += follows && tally->interval_ns > 0 &&
                     change_ns <= tally->interval_ns / HABIT_STEADY_SHARE;
    tally->interval_ns = interval_ns;
    tally->last = sighting->last;
}

static enum status count(struct tally *tally, const struct sighting *sighting,
                         struct habit *habit)
{
    struct bytes account = sighting_account(sighting);
    if (sighting->kind == OBSERVED_LOGIN) {
        tally->was_in |= habit->failures == 0;
        return note(&tally->entered, account);
    }
    tally->first = habit->failures == 0 ? sighting->first : tally->first;
    habit->failures += sighting->count;
    tally->doubtful += account.size == 0 ? sighting->count : 0;
    tally->doubtful += sighting_count_fact(sighting, "invalid_user_count");
    note_pace(tally, sighting, habit);
    return note(&tally->tried, account);
}

static bool is_at_home(const struct case_file *file, const struct sighting *sighting)
{
    struct bytes source = sighting_source(sighting);
    return case_address_is_private(source) || site_is_own(file->site, source);
}

enum status habit_judge(const struct case_file *file, const struct sighting *const *logins,
                        size_t login_count, struct habit *out)
{
    *out = (struct habit){0};
    struct tally tally = {0};
    table_init(&tally.tried, file->arena, ACCOUNTS_MAX);
    table_init(&tally.entered, file->arena, ACCOUNTS_MAX);
    for (size_t i = 0; i < login_count; i++) {
        TRY(count(&tally, logins[i], out));
    }
    out->tried = tally.tried.count;
    for (size_t i = 0; i < tally.entered.count; i++) {
        out->tried_and_in += table_get(&tally.tried, tally.entered.entries[i].key) != NULL;
    }
    out->are_people = out->tried >= HABIT_ACCOUNTS_MIN &&
                      out->failures <= out->tried * HABIT_TRIES_MAX &&
                      out->tried_and_in * 2 >= out->tried;
    bool is_home = (tally.was_in && out->tried_and_in > 0) ||
                   (login_count > 0 && is_at_home(file, logins[0]));
    bool is_long = tally.first.is_known && tally.last.is_known &&
                   tally.first.year_known == tally.last.year_known &&
                   tally.last.ns - tally.first.ns >= HABIT_MACHINE_NS;
    out->is_machine = out->tried == 1 && tally.doubtful == 0 && is_home && is_long &&
                      out->failures >= HABIT_FAILURES_MIN &&
                      out->steady * 5 >= out->failures * 4;
    return STATUS_OK;
}
