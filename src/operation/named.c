#include "operation/named.h"

#include "access/group/group_card.h"
#include "operation/group.h"

static bool is_key(struct bytes line, enum note_algorithm algorithm, struct note_key *out)
{
    struct note_key found;
    if (note_key_read(line, &found) != STATUS_OK || found.algorithm != algorithm) {
        return false;
    }
    *out = found;
    return true;
}

static bool is_card(struct bytes file, enum note_algorithm algorithm, struct arena *arena,
                    struct note_key *out)
{
    struct deed_fault fault;
    struct group_card *card = arena_take(arena, sizeof *card);
    if (card == NULL || algorithm != NOTE_ED25519 ||
        group_card_read(file, card, &fault) != STATUS_OK) {
        return false;
    }
    *out = card->key;
    return true;
}

enum status named_take_key(const struct call *call, struct answer *answer, const char *word,
                           enum note_algorithm algorithm, const char *what, struct arena *arena,
                           struct note_key *out)
{
    struct bytes file;
    if (is_key(bytes_of_text(word), algorithm, out)) {
        return STATUS_OK;
    }
    if (group_take_file(call, answer, word, what, arena, &file) != STATUS_OK) {
        return answer_fail(answer, STATUS_MALFORMED,
                           "%s is no key of the form name+hash+key, and no file that says one: "
                           "%s",
                           what, word);
    }
    return is_key(bytes_trim(file), algorithm, out) || is_card(file, algorithm, arena, out)
               ? STATUS_OK
               : answer_fail(answer, STATUS_MALFORMED, "%s: the file %s says no such key", what,
                             word);
}

/* The line of a deed that says what is sealed to. */
static bool is_deed(struct bytes file, struct arena *arena, struct recipient *out)
{
    enum deed_kind kind;
    struct deed_fault fault;
    const char *why = NULL;
    struct deed *deed = arena_take(arena, sizeof *deed);
    return deed != NULL && deed_find_kind(file, &kind) == STATUS_OK &&
           (kind == DEED_CARD || kind == DEED_ENROLMENT) &&
           deed_read(file, kind, deed, &fault) == STATUS_OK &&
           recipient_read(deed_value(deed, "recipient"), out, &why) == STATUS_OK;
}

enum status named_take_recipient(const struct call *call, struct answer *answer,
                                 const char *word, struct arena *arena, struct recipient *out)
{
    struct bytes file;
    const char *why = NULL;
    enum status status = recipient_read(bytes_of_text(word), out, &why);
    if (status == STATUS_OK) {
        return status;
    }
    if (group_take_file(call, answer, word, "who may open it", arena, &file) != STATUS_OK) {
        return answer_fail(answer, status,
                           "%s is no recipient: %s; and no file of that name "
                           "can be read",
                           word, why);
    }
    const char *line_why = NULL;
    return recipient_read(bytes_trim(file), out, &line_why) == STATUS_OK ||
                   is_deed(file, arena, out)
               ? STATUS_OK
               : answer_fail(answer, STATUS_MALFORMED,
                             "%s is neither a card nor an enrolment, and says no recipient",
                             word);
}
