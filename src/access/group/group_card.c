#include "access/group/group_card.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define FOLDER_NAME "groups"

bool group_key_equal(const struct note_key *a, const struct note_key *b)
{
    return memcmp(a->key, b->key, sizeof a->key) == 0;
}

/* Most of them: two versions of a log cannot both have a quorum of witnesses, each of which
 * cosigns one. */
static bool is_quorum(const struct group_card *card)
{
    return card->witness_count == 0
               ? card->quorum == 0
               : card->quorum >= GROUP_QUORUM_LEAST && card->quorum <= card->witness_count &&
                     card->quorum > card->witness_count / 2;
}

static bool witnesses_break(const struct group_card *card)
{
    bool breaks = !is_quorum(card);
    for (size_t i = 0; i < card->witness_count && !breaks; i++) {
        const struct note_key *witness = &card->witnesses[i];
        breaks = group_key_equal(witness, &card->key);
        for (size_t j = 0; j < i && !breaks; j++) {
            breaks = group_key_equal(witness, &card->witnesses[j]);
        }
        for (size_t j = 0; j < card->officer_count && !breaks; j++) {
            breaks = group_key_equal(witness, &card->officers[j].key);
        }
    }
    return breaks;
}

bool group_card_breaks(const struct group_card *card, enum group_rule *rule)
{
    bool has_two_roles = false;
    for (size_t i = 0; i < card->officer_count; i++) {
        const struct group_officer *officer = &card->officers[i];
        if (group_key_equal(&officer->key, &card->key)) {
            *rule = GROUP_OFFICERS_STAND_APART;
            return true;
        }
        has_two_roles = has_two_roles || !bytes_equal(officer->role, card->officers[0].role);
        for (size_t j = 0; j < i; j++) {
            if (group_key_equal(&officer->key, &card->officers[j].key)) {
                *rule = GROUP_OFFICERS_DIFFER;
                return true;
            }
        }
    }
    *rule = has_two_roles ? GROUP_WITNESSES_STAND_APART : GROUP_OFFICERS_DIFFER;
    return !has_two_roles || witnesses_break(card);
}

bool group_card_goes_by(const struct group_card *card, const struct sha256 *rules)
{
    return card->has_rules && sha256_equal(&card->rules, rules);
}

bool group_card_is_watched_like(const struct group_card *a, const struct group_card *b)
{
    bool is_like = a->quorum == b->quorum && a->witness_count == b->witness_count;
    for (size_t i = 0; i < a->witness_count && is_like; i++) {
        is_like = note_key_equal(&a->witnesses[i], &b->witnesses[i]);
    }
    return is_like;
}

bool group_card_is_like(const struct group_card *a, const struct group_card *b)
{
    bool is_like = group_key_equal(&a->key, &b->key) && bytes_equal(a->name, b->name) &&
                   a->officer_count == b->officer_count;
    for (size_t i = 0; i < a->officer_count && is_like; i++) {
        is_like = group_key_equal(&a->officers[i].key, &b->officers[i].key) &&
                  bytes_equal(a->officers[i].role, b->officers[i].role);
    }
    return is_like;
}

static enum status read_witnesses(const struct deed *deed, struct group_card *card)
{
    size_t index = 0;
    const struct deed_line *line;
    while ((line = deed_next(deed, "witness", &index)) != NULL) {
        TRY(note_key_read(line->value, &card->witnesses[card->witness_count++]));
    }
    return deed_value(deed, "quorum").size == 0 ? STATUS_OK
                                                : deed_number(deed, "quorum", &card->quorum);
}

bool group_card_is_same(const struct group_card *a, const struct group_card *b)
{
    return bytes_equal(a->note.text, b->note.text);
}

bool group_card_has_signed(const struct group_card *card, const struct note_key *key)
{
    uint64_t time_s = 0;
    return note_check(&card->note, key, &time_s) == NOTE_SIGNED;
}

bool group_card_is_endorsed(const struct group_card *card, const struct group_card *before)
{
    const struct group_officer *first = NULL;
    for (size_t i = 0; i < before->officer_count; i++) {
        const struct group_officer *officer = &before->officers[i];
        if (!group_card_has_signed(card, &officer->key)) {
            continue;
        }
        if (first != NULL && !bytes_equal(first->role, officer->role)) {
            return true;
        }
        first = first == NULL ? officer : first;
    }
    return false;
}

enum status group_card_sign(const struct group_card *card, const struct identity *identity,
                            struct text *out)
{
    struct note own;
    struct fault fault = {0};
    AUTO(text_done) struct text signature = text_of_limit(NOTE_SIZE_MAX);
    if (card->note.signature_count == NOTE_SIGNATURES_MAX) {
        return STATUS_LIMIT;
    }
    TRY(identity_sign_note(identity, card->note.text, &signature));
    TRY(note_read(text_bytes(&signature), &own, &fault));
    text_add_raw(out, card->file);
    text_add_raw(out, own.signatures[0].line);
    return text_status(out);
}

enum status group_card_read(struct bytes file, struct group_card *out, struct deed_fault *fault)
{
    struct deed deed;
    TRY(deed_read(file, DEED_GROUP, &deed, fault));
    struct group_card card = {
        .key = deed.key,
        .name = deed_value(&deed, "name"),
        .made = deed.made,
        .hash = deed.hash,
        .file = file,
        .note = deed.note,
    };
    TRY(sha256_read_hex(deed_value(&deed, "policy"), &card.policy));
    card.has_rules = deed_value(&deed, "rules").size > 0;
    if (card.has_rules) {
        TRY(sha256_read_hex(deed_value(&deed, "rules"), &card.rules));
    }
    size_t index = 0;
    const struct deed_line *line;
    while ((line = deed_next(&deed, "officer", &index)) != NULL) {
        struct bytes parts[DEED_PARTS_MAX];
        deed_field_split(line->field, line->value, parts);
        struct group_officer *officer = &card.officers[card.officer_count++];
        *officer = (struct group_officer){.role = parts[0], .name = parts[2]};
        TRY(note_key_read(parts[1], &officer->key));
    }
    TRY(read_witnesses(&deed, &card));
    enum group_rule rule;
    if (group_card_breaks(&card, &rule)) {
        *fault = (struct deed_fault){.what = group_rule_refusal(rule).because};
        return STATUS_CONFLICT;
    }
    *out = card;
    return STATUS_OK;
}

/* A group's cards have one name, made from its key. */
static struct text name_of(const struct note_key *key)
{
    struct sha256 hash = sha256_of((struct bytes){key->key, sizeof key->key});
    struct text name = text_of_limit(2 * sizeof hash);
    sha256_add_hex(&name, &hash);
    return name;
}

static enum status load(int folder, const struct note_key *key, struct text *file,
                        struct group_card *out)
{
    AUTO(text_done) struct text name = name_of(key);
    TRY(file_load(folder, text_terminated(&name), file));
    struct deed_fault fault = {0};
    struct group_card card;
    TRY(group_card_read(text_bytes(file), &card, &fault));
    if (!group_key_equal(&card.key, key)) {
        return STATUS_CONFLICT;
    }
    *out = card;
    return STATUS_OK;
}

enum status group_card_load(int home, const struct note_key *key, struct text *file,
                            struct group_card *out)
{
    AUTO(file_done)
    int folder = file_open_existing_folder(home, FOLDER_NAME);
    if (folder < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    return load(folder, key, file, out);
}

enum status group_card_keep(int home, struct bytes file, const struct group_card *card)
{
    AUTO(file_done) int folder = -1;
    TRY(file_open_folder(home, FOLDER_NAME, &folder));
    AUTO(text_done) struct text kept = text_of_limit(NOTE_SIZE_MAX);
    struct group_card before;
    enum status status = load(folder, &card->key, &kept, &before);
    if (status == STATUS_OK && moment_compare(card->made, before.made) < 0) {
        return STATUS_CONFLICT;
    }
    /* One that cannot be read any more is replaced like one that is not there. */
    if (status == STATUS_OK && group_card_is_same(&before, card)) {
        return STATUS_OK;
    }
    AUTO(text_done) struct text name = name_of(&card->key);
    return file_replace(folder, folder, text_terminated(&name), file, S_IRUSR | S_IWUSR);
}

enum status group_card_put_back(int home, const struct note_key *key, struct bytes file)
{
    AUTO(file_done) int folder = -1;
    TRY(file_open_folder(home, FOLDER_NAME, &folder));
    AUTO(text_done) struct text name = name_of(key);
    if (file.size > 0) {
        return file_replace(folder, folder, text_terminated(&name), file, S_IRUSR | S_IWUSR);
    }
    return unlinkat(folder, text_terminated(&name), 0) == 0 ? file_sync(folder) : STATUS_IO;
}

/* Names that begin with a dot are those of files that were not finished. */
static enum status find_only(DIR *listing, struct text *name)
{
    const struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        if (name->size > 0) {
            return STATUS_CONFLICT;
        }
        text_add(name, entry->d_name);
    }
    return name->size > 0 ? text_status(name) : STATUS_NOT_FOUND;
}

enum status group_card_find_only(int home, struct text *file)
{
    AUTO(file_done)
    int folder = file_open_existing_folder(home, FOLDER_NAME);
    AUTO(text_done) struct text name = text_of_limit(NAME_MAX + 1);
    if (folder < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    int listed = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    DIR *listing = listed < 0 ? NULL : fdopendir(listed);
    if (listing == NULL) {
        file_done(&listed);
        return STATUS_IO;
    }
    enum status status = find_only(listing, &name);
    closedir(listing);
    TRY(status);
    AUTO(file_done)
    int fd = file_open_existing(folder, text_terminated(&name));
    return fd < 0 ? STATUS_IO : file_read(fd, file);
}
