#include "realm.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/group/accepted.h"
#include "access/witness.h"
#include "base/file.h"

#define REALM_MEMORY_MAX (64U << 20)
#define FORMAT_MAX 16384
/* Later than any clock of a machine that runs this: 2055 and the years after it. */
#define REALM_TIME_MIN UINT64_C(2700000000)
#define REALM_TIME_SPAN UINT64_C(1000000000)
#define HOUR_S 3600
#define ALL_OFFICERS ((1U << REALM_OFFICERS) - 1)

void must(enum status status, const char *what)
{
    if (status != STATUS_OK) {
        fprintf(stderr, "%s: %s\n", what, status_name(status));
        exit(2);
    }
}

/* ---- one stream for everything that is drawn ---- */

/* libsodium asks a table of functions, and these know no context. */
struct stream {
    uint8_t seed[randombytes_SEEDBYTES];
    uint64_t count;
};

static struct stream *stream(void)
{
    static struct stream the_one;
    return &the_one;
}

static const char *stream_name(void)
{
    return "seeded";
}

static void stream_fill(void *const out, const size_t size)
{
    struct stream *one = stream();
    uint8_t seed[randombytes_SEEDBYTES];
    memcpy(seed, one->seed, sizeof seed);
    for (size_t i = 0; i < sizeof one->count; i++) {
        seed[sizeof seed - 1 - i] ^= (uint8_t)(one->count >> (8 * i));
    }
    one->count++;
    randombytes_buf_deterministic(out, size, seed);
}

static uint32_t stream_random(void)
{
    uint32_t number = 0;
    stream_fill(&number, sizeof number);
    return number;
}

void realm_seed(uint64_t seed, uint64_t world)
{
    static randombytes_implementation seeded = {
        .implementation_name = stream_name, .random = stream_random, .buf = stream_fill};
    AUTO(text_done) struct text text = text_of_limit(64);
    randombytes_set_implementation(&seeded);
    text_addf(&text, "%llu/%llu", (unsigned long long)seed, (unsigned long long)world);
    struct sha256 hash = sha256_of(text_bytes(&text));
    memcpy(stream()->seed, hash.bytes, sizeof hash.bytes);
    stream()->count = 0;
}

uint64_t realm_draw(uint64_t below)
{
    uint64_t number = 0;
    stream_fill(&number, sizeof number);
    return number % below;
}

/* ---- text ---- */

char *realm_format(struct realm *realm, const char *format, ...)
{
    char *out = arena_take(realm->arena, FORMAT_MAX);
    must(out == NULL ? STATUS_NO_MEMORY : STATUS_OK, "memory for a text");
    va_list values;
    va_start(values, format);
    int size = vsnprintf(out, FORMAT_MAX, format, values);
    va_end(values);
    must(size < 0 || size >= FORMAT_MAX ? STATUS_LIMIT : STATUS_OK, "a text");
    return out;
}

struct bytes realm_copy(struct realm *realm, const struct text *text)
{
    struct bytes out;
    must(text_status(text), "a text");
    must(arena_copy(realm->arena, text_bytes(text), &out), "memory for a text");
    return out;
}

struct bytes realm_line(struct realm *realm, const struct party *party)
{
    AUTO(text_done) struct text line = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(&party->identity, &line);
    return bytes_trim(realm_copy(realm, &line));
}

struct moment realm_moment(uint64_t seconds)
{
    return moment_of_unix((int64_t)seconds, 0);
}

/* ---- who there is ---- */

static void take_keys(struct party *party)
{
    const struct bytes seed = {party->identity.secret, GRANT_SECRET_SIZE};
    must(grant_secret_of(GRANT_ED25519, seed, &party->secret), "a secret");
    must(grant_secret_key(&party->secret, &party->key), "a key");
}

static void party_begin(struct party *party)
{
    must(identity_new(&party->identity), "an identity");
    take_keys(party);
}

static void seat_begin(struct seat *seat, const char *folder, const char *name)
{
    must(snprintf(seat->path, sizeof seat->path, "%s/%s", folder, name) < (int)sizeof seat->path
             ? STATUS_OK
             : STATUS_LIMIT,
         "a path");
    session_open(seat->path, &seat->session);
    must(seat->session.has_audit ? STATUS_OK : STATUS_IO, "a home");
    seat->party.identity = seat->session.identity;
    take_keys(&seat->party);
}

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *walk)
{
    IGNORE(facts == NULL || kind < 0 || walk == NULL, "whatever it is");
    return remove(path);
}

static void seat_end(struct seat *seat)
{
    session_done(&seat->session);
    IGNORE(nftw(seat->path, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0, "it lies in memory");
}

static void empty(int home, const char *name)
{
    int fd = openat(home, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (folder == NULL) {
        file_done(&fd);
        return;
    }
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        IGNORE(unlinkat(dirfd(folder), entry->d_name, 0) != 0, "'.' and '..' stay");
    }
    closedir(folder);
}

/* ---- cards ---- */

static void add_witnesses(struct realm *realm, struct deed_draft *draft)
{
    for (size_t i = 0; i < REALM_WITNESSES; i++) {
        char name[IDENTITY_NAME_MAX];
        AUTO(text_done) struct text line = text_of_limit(DEED_VALUE_MAX);
        const struct note_key key = witness_key(&realm->witnesses[i].identity, name);
        note_key_add(&key, &line);
        deed_add(draft, "witness", text_bytes(&line));
    }
    deed_add_number(draft, "quorum", REALM_QUORUM);
}

struct card_choice {
    const struct sha256 *rules; /* NULL: it names none */
    unsigned officers;          /* a bit for each */
    const struct party *more;   /* or NULL */
    bool is_unwatched;
};

static struct bytes write_card(struct realm *realm, const struct party *group, uint64_t made_s,
                               const struct card_choice *choice)
{
    const struct sha256 *rules = choice->rules;
    const unsigned chosen = choice->officers;
    const struct party *more = choice->more;
    AUTO(text_done) struct text out = text_of_limit(NOTE_SIZE_MAX);
    AUTO(deed_done)
    struct deed_draft draft = deed_begin(DEED_GROUP, &group->identity, realm_moment(made_s));
    struct deed_fault fault = {0};
    struct sha256 policy = sha256_of(realm->rules);
    deed_add(&draft, "name", realm->terms.group);
    deed_add_hash(&draft, "policy", &policy);
    if (rules != NULL) {
        deed_add_hash(&draft, "rules", rules);
    }
    for (size_t i = 0; i <= REALM_OFFICERS; i++) {
        const struct party *officer = i < REALM_OFFICERS ? &realm->officers[i] : more;
        if (officer != NULL && (i == REALM_OFFICERS || (chosen & (1U << i)) != 0)) {
            AUTO(text_done) struct text line = text_of_limit(DEED_VALUE_MAX);
            text_addf(&line, "%s ", i < REALM_OFFICERS ? realm->roles[i] : "medical");
            text_add_raw(&line, realm_line(realm, officer));
            text_add(&line, " An Officer");
            deed_add(&draft, "officer", text_bytes(&line));
        }
    }
    if (!choice->is_unwatched) {
        add_witnesses(realm, &draft);
    }
    must(deed_finish(&draft, &out, &fault), "a card");
    return realm_copy(realm, &out);
}

struct bytes realm_card(struct realm *realm, const struct party *group, uint64_t made_s,
                        unsigned chosen, const struct party *more)
{
    const struct sha256 rules = sha256_of(realm->rules);
    const struct card_choice choice = {.rules = &rules, .officers = chosen, .more = more};
    return write_card(realm, group, made_s, &choice);
}

struct bytes realm_card_of_rules(struct realm *realm, const struct sha256 *rules)
{
    const struct card_choice choice = {.rules = rules, .officers = ALL_OFFICERS};
    return write_card(realm, &realm->group, realm->now_s, &choice);
}

struct bytes realm_card_unwatched(struct realm *realm)
{
    const struct sha256 rules = sha256_of(realm->rules);
    const struct card_choice choice = {
        .rules = &rules, .officers = ALL_OFFICERS, .is_unwatched = true};
    return write_card(realm, &realm->group, realm->now_s, &choice);
}

void realm_keep_card(struct seat *seat, struct bytes card)
{
    struct group_card read;
    struct deed_fault fault = {0};
    must(group_card_read(card, &read, &fault), "a card");
    must(group_card_keep(seat->session.home, card, &read), "keeping a card");
}

void realm_record(struct seat *seat, struct bytes file)
{
    const struct sha256 hash = sha256_of(file);
    const struct audit_entry entry = {
        .event = AUDIT_ALLOWED,
        .operation = bytes_of_text(ENTITLEMENT_PACK),
        .class = CLASS_CRITICAL,
        .rule = bytes_of_text("grant-covers-what-is-asked"),
        .policy = {hash.bytes, sizeof hash.bytes},
        .object = {hash.bytes, sizeof hash.bytes},
    };
    uint64_t sequence = 0;
    struct fault fault = {NULL, 0};
    must(audit_append(&seat->session.audit, &entry, BYTES_NONE, &sequence, &fault), "an entry");
}

/* ---- all of it ---- */

static void draw_terms(struct realm *realm)
{
    static const char *const packs[] = {"sample", "ward-network", "turbines", "pack.2040_b"};
    static const char *const subjects[] = {"A. Example", "Bj\xc3\xb6rn \"B\" Example", "C",
                                           "D\\E"};
    static char id[GRANT_ID_DIGITS + 1];
    struct bytes kept;
    size_t first = realm_draw(REALM_NAMES);
    grant_id_new(id);
    must(arena_copy(realm->lasting, bytes_of_text(id), &kept), "memory for an id");
    realm->terms = (struct grant_terms){
        .id = kept,
        .group = bytes_of_text("Example Sharing Group"),
        .subject = bytes_of_text(subjects[realm_draw(REALM_NAMES)]),
        .organisation = bytes_of_text("Hospital North"),
        .reason = bytes_of_text("an incident"),
        .holder = realm->holder.party.key,
        .tier = 2,
        .expires_s = realm->now_s + 1 + realm_draw(4 * HOUR_S),
        .right_count = 2 + (uint32_t)realm_draw(2),
    };
    for (uint32_t i = 0; i < realm->terms.right_count; i++) {
        realm->terms.rights[i] = (struct grant_right){
            bytes_of_text(ENTITLEMENT_PACK), bytes_of_text(packs[(first + i) % REALM_NAMES])};
    }
    realm->delegation = (struct grant_delegation){
        .name = bytes_of_text("night watch"),
        .key = realm->agent.party.key,
        .expires_s = realm->now_s + 1 + realm_draw(600),
        .calls_max = 1 + realm_draw(3),
        .right = realm->terms.rights[0],
    };
}

static void seat_keep(struct realm *realm, struct seat *seat)
{
    empty(seat->session.home, "groups");
    empty(seat->session.home, ACCEPTED_LISTS_FOLDER);
    realm_keep_card(seat, realm->card);
}

void realm_begin(struct realm *realm, struct bytes rules, const char *folder)
{
    static const char *const roles[REALM_OFFICERS] = {"security", "legal", "legal", "clinical",
                                                      "security"};
    *realm = (struct realm){.rules = rules,
                            .lasting = arena_new(REALM_MEMORY_MAX),
                            .arena = arena_new(REALM_MEMORY_MAX)};
    must(realm->lasting == NULL || realm->arena == NULL ? STATUS_NO_MEMORY : STATUS_OK,
         "memory");
    realm->now_s = REALM_TIME_MIN + realm_draw(REALM_TIME_SPAN);
    realm->issued_s = realm->now_s - realm_draw(HOUR_S);
    memcpy(realm->roles, roles, sizeof roles);
    struct party *const parties[] = {&realm->group, &realm->rival, &realm->stranger};
    for (size_t i = 0; i < sizeof parties / sizeof *parties; i++) {
        party_begin(parties[i]);
    }
    for (size_t i = 0; i < REALM_OFFICERS; i++) {
        party_begin(&realm->officers[i]);
    }
    for (size_t i = 0; i < REALM_RIVALS; i++) {
        party_begin(&realm->rivals[i]);
    }
    for (size_t i = 0; i < REALM_WITNESSES; i++) {
        party_begin(&realm->witnesses[i]);
    }
    seat_begin(&realm->holder, folder, "holder");
    seat_begin(&realm->agent, folder, "agent");
    seat_begin(&realm->thief, folder, "thief");
    draw_terms(realm);
    struct bytes card = realm_card(realm, &realm->group, realm->issued_s, ALL_OFFICERS, NULL);
    must(arena_copy(realm->lasting, card, &realm->card), "memory for a card");
    realm_reset(realm);
}

void realm_reset(struct realm *realm)
{
    seat_keep(realm, &realm->holder);
    seat_keep(realm, &realm->agent);
    seat_keep(realm, &realm->thief);
    arena_reset(realm->arena);
}

void realm_end(struct realm *realm)
{
    struct party *const parties[] = {&realm->group, &realm->rival, &realm->stranger};
    for (size_t i = 0; i < sizeof parties / sizeof *parties; i++) {
        identity_done(&parties[i]->identity);
    }
    for (size_t i = 0; i < REALM_OFFICERS; i++) {
        identity_done(&realm->officers[i].identity);
    }
    for (size_t i = 0; i < REALM_RIVALS; i++) {
        identity_done(&realm->rivals[i].identity);
    }
    for (size_t i = 0; i < REALM_WITNESSES; i++) {
        identity_done(&realm->witnesses[i].identity);
    }
    seat_end(&realm->holder);
    seat_end(&realm->agent);
    seat_end(&realm->thief);
    arena_free(realm->lasting);
    arena_free(realm->arena);
}
