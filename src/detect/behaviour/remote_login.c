/* Observes commands that log in to another machine (ssh, scp, sftp, rsync over ssh), of shell
 * histories that say when, and of logs.  The other machine's log has the login from its side:
 * where both are seen together, they tell which address each machine has. */
#include "detect/behaviour/behaviour.h"

#include "detect/behaviour/trace.h"
#include "record/endpoint.h"
#include "record/shell.h"

#define GIVEN_MAX 2048U
#define OPERANDS_MAX 8U

struct remote_state {
    uint64_t given;
};

/* Where a command goes, and as whom; both may be empty. */
struct target {
    struct bytes account;
    struct bytes machine;
};

struct client {
    const char *program;
    const char *value_letters; /* short options whose value is the next word, or joined */
    bool takes_paths;          /* its operands are machine:path, not the machine alone */
};

/* Options as ssh(1), scp(1), sftp(1) and rsync(1) have them.
 * rows: one deleted at a time by make prove */
static const struct client clients[] = {
    {"ssh", "BbcDEeFIiJLlmOoPpQRSWw", false},
    {"slogin", "BbcDEeFIiJLlmOoPpQRSWw", false},
    {"scp", "cDFiJloPSX", true},
    {"sftp", "BbcDFiJloPRSsX", false},
    {"rsync", "BeTfM", true},
};

static const struct client *client_find(struct bytes program)
{
    for (size_t i = 0; i < sizeof clients / sizeof *clients; i++) {
        if (bytes_equal_text(program, clients[i].program)) {
            return &clients[i];
        }
    }
    return NULL;
}

/* True for a word of short options of which the last takes a value: `*letter` is it, and
 * `*value` what is joined to it. */
static bool takes_value(const struct client *client, struct bytes word, char *letter,
                        struct bytes *value)
{
    for (size_t i = 1; i < word.size; i++) {
        if (strchr(client->value_letters, word.data[i]) != NULL && word.data[i] != '\0') {
            *letter = (char)word.data[i];
            *value = bytes_from(word, i + 1);
            return true;
        }
    }
    return false;
}

/* Where the machine's name ends: an address of version 6 without brackets has colons too. */
static size_t end_of_machine(struct bytes text)
{
    size_t end = bytes_find_byte(text, ':');
    if (end == text.size) {
        return end;
    }
    struct bytes rest = bytes_from(text, end + 1);
    return bytes_find_byte(rest, ':') < rest.size ? text.size : end;
}

/* "anna@198.51.100.7", "anna@[2001:db8::7]", "web01": of paths, what is before the colon. */
static bool read_target(struct bytes word, bool is_path, struct target *out)
{
    bool is_url = false;
    static const char *const schemes[] = {"ssh://", "scp://", "sftp://", "rsync://"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes && !is_url; i++) {
        is_url = bytes_starts(word, schemes[i]);
        word = is_url ? bytes_from(word, strlen(schemes[i])) : word;
    }
    word = is_url ? bytes_part(word, 0, bytes_find_byte(word, '/')) : word;
    size_t at = bytes_find_byte(word, '@');
    struct bytes machine = at < word.size ? bytes_from(word, at + 1) : word;
    size_t end;
    if (bytes_starts(machine, "[")) {
        machine = bytes_from(machine, 1);
        end = bytes_find_byte(machine, ']');
    } else if (is_path && !is_url) {
        end = bytes_find_byte(machine, ':');
        if (end == machine.size || bytes_find_byte(machine, '/') < end) {
            return false; /* a file of this machine */
        }
    } else {
        end = end_of_machine(machine);
    }
    if (at < word.size && out->account.size == 0) {
        out->account = bytes_part(word, 0, at);
    }
    out->machine = bytes_part(machine, 0, end);
    return out->machine.size > 0;
}

static bool find_target(const struct client *client, const struct shell_command *command,
                        size_t at, struct target *out)
{
    bool are_operands = false;
    size_t operands = 0;
    for (size_t i = at + 1; i < command->word_count && operands < OPERANDS_MAX; i++) {
        const struct shell_word *word = &command->words[i];
        char letter;
        struct bytes value;
        if (!are_operands && bytes_equal_text(word->text, "--")) {
            are_operands = true;
        } else if (!are_operands && bytes_starts(word->text, "--")) {
            continue; /* of rsync alone: a value is joined to it, or names no machine */
        } else if (!are_operands && bytes_starts(word->text, "-")) {
            if (takes_value(client, word->text, &letter, &value)) {
                i += value.size == 0;
                value =
                    value.size == 0 && i < command->word_count ? command->words[i].text : value;
                out->account = letter == 'l' && !client->takes_paths ? value : out->account;
            }
        } else if (word->has_expansion || word->has_substitution) {
            operands++;
            if (!client->takes_paths) {
                return false;
            }
        } else if (read_target(word->text, client->takes_paths, out)) {
            return true;
        } else if (!client->takes_paths) {
            return false;
        } else {
            operands++;
        }
    }
    return false;
}

static enum status observe(struct detection *detection, struct remote_state *state,
                           const struct record *record, const struct target *target)
{
    if (state->given == GIVEN_MAX) {
        detection->examination->observations_dropped++;
        return STATUS_OK;
    }
    state->given++;
    struct bytes host = BYTES_NONE;
    struct bytes actor = BYTES_NONE;
    if (record->event != NULL) {
        host = event_field(record->event, FIELD_HOST_NAME);
        actor = event_field(record->event, FIELD_USER_TARGET);
        actor = actor.size > 0 ? actor : event_field(record->event, FIELD_USER_ACTOR);
        actor = actor.size > 0 ? actor : event_field(record->event, FIELD_USER_NAME);
    }
    struct endpoint endpoint;
    bool is_address = endpoint_read(target->machine, &endpoint) == STATUS_OK;
    struct entity entities[4];
    size_t count = 0;
    trace_entity(entities, &count, ENTITY_HOST, ROLE_VICTIM, host);
    trace_entity(entities, &count, ENTITY_ACCOUNT, ROLE_ACTOR, actor);
    trace_entity(entities, &count, ENTITY_ACCOUNT, ROLE_ACCOUNT,
                 bytes_part(target->account, 0, TRACE_NAME_MAX));
    trace_entity(entities, &count, is_address ? ENTITY_ADDRESS : ENTITY_NAME, ROLE_UNKNOWN,
                 bytes_part(target->machine, 0, TRACE_NAME_MAX));
    const struct cite cite = trace_cite_record(record);
    return detection_observe(detection, &(struct observation){
                                            .kind = OBSERVED_REMOTE_LOGIN,
                                            .count = 1,
                                            .first = record->at,
                                            .last = record->at,
                                            .entities = entities,
                                            .entity_count = count,
                                            .cites = &cite,
                                            .cite_count = 1,
                                        });
}

static enum status remote_take(struct detection *detection, void *context,
                               const struct record *record)
{
    const struct shell_pipeline *pipeline = record->pipeline;
    if (record->origin == SHELL_SCRIPT || !record->at.is_known) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < pipeline->command_count; i++) {
        const struct shell_command *command = &pipeline->commands[i];
        if (command->word_count == 0 || command->is_compound) {
            continue;
        }
        size_t at = shell_last_program(command);
        const struct client *client = client_find(shell_base_name(command->words[at].text));
        struct target target = {BYTES_NONE, BYTES_NONE};
        if (client != NULL && find_target(client, command, at, &target)) {
            TRY(observe(detection, context, record, &target));
        }
    }
    return STATUS_OK;
}

const struct detector remote_login_detector = {
    .name = "behaviour/remote-login",
    .record_kinds = 1U << RECORD_PIPELINE,
    .state_size = sizeof(struct remote_state),
    .take = remote_take,
};
