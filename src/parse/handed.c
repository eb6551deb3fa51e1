#include "parse/handed.h"

#include "base/number.h"
#include "parse/script/shell.h"
#include "parse/script/windows.h"
#include "record/shell.h"

/* Numbers of pipelines that no reader of a shell gave. */
#define OWN_NUMBERS UINT32_C(0x80000000)

enum manner {
    HANDS_WORDS,  /* all words behind its own are the command */
    HANDS_LATE,   /* the same, but options of its own may still stand before them */
    HANDS_BEHIND, /* those behind "--" */
    HANDS_TEXT,   /* like HANDS_LATE; a shell reads them, joined, once more */
    HANDS_VALUE,  /* the value of one of `options` */
    HANDS_CALL,   /* what stands behind "call create" */
};

struct row {
    const char *programs; /* between spaces */
    const char *verbs;    /* that must come first of its plain words, in this order */
    const char *letters;  /* short options whose value is the next word, or joined */
    const char *values;   /* long ones, between spaces */
    const char *options;  /* of HANDS_VALUE; of others: with these nothing is handed on */
    unsigned operands;    /* words of its own before; the first of them is the place */
    enum manner manner;
    enum statement_where where;
};

static const char docker_values[] =
    " --env --user --workdir --env-file --detach-keys --index --name --network --net --volume "
    "--publish --entrypoint --mount --memory --cpus --restart --hostname --label --log-driver "
    "--log-opt --platform --pid --ipc --cap-add --cap-drop --device --security-opt --add-host "
    "--dns --link --volumes-from --pull --shm-size --tmpfs --ulimit --gpus --runtime "
    "--cgroupns "
    "--userns --uts --network-alias --ip --cidfile --stop-signal --group-add --expose --attach "
    "--isolation --host --context --config --project-name --file --profile ";
static const char kubectl_values[] =
    " --container --namespace --context --kubeconfig --cluster --user --server --filename "
    "--pod-running-timeout --image --overrides --env --labels --restart --target --profile "
    "--output ";

/* Of Unix.  rows: one deleted at a time by make prove */
static const struct row unix_rows[] = {
    {" ssh autossh ", "", "BbcDEeFIiJLlMmOopQRSWw", "", "", 1, HANDS_TEXT, WHERE_MACHINE},
    {" rsh remsh ", "", "l", "", "", 1, HANDS_TEXT, WHERE_MACHINE},
    {" salt ", "", "", "", "", 2, HANDS_TEXT, WHERE_MACHINES},
    {" ansible ", "", "imefuBPtlM", " --inventory --user --become-user --forks --limit ",
     " -a --args ", 1, HANDS_VALUE, WHERE_MACHINES},
    {" vagrant ", "ssh", "p", "", " -c --command ", 1, HANDS_VALUE, WHERE_MACHINE},
    {" gcloud ", "compute ssh", "", " --zone --project --account --ssh-key-file ",
     " --command ", 1, HANDS_VALUE, WHERE_MACHINE},
    {" docker podman nerdctl ", "exec", "euwHc", docker_values, "", 1, HANDS_WORDS,
     WHERE_CONTAINER},
    {" docker podman nerdctl ", "container exec", "euwHc", docker_values, "", 1, HANDS_WORDS,
     WHERE_CONTAINER},
    {" docker podman ", "compose exec", "euwHfp", docker_values, "", 1, HANDS_WORDS,
     WHERE_CONTAINER},
    {" docker-compose podman-compose ", "exec", "euwfp", docker_values, "", 1, HANDS_WORDS,
     WHERE_CONTAINER},
    {" docker podman nerdctl ", "run", "acehlmpuvwH", docker_values, " --entrypoint ", 1,
     HANDS_WORDS, WHERE_IMAGE},
    {" docker podman nerdctl ", "container run", "acehlmpuvwH", docker_values, " --entrypoint ",
     1, HANDS_WORDS, WHERE_IMAGE},
    {" crictl ", "exec", "tro", " --timeout --runtime-endpoint ", "", 1, HANDS_LATE,
     WHERE_CONTAINER},
    {" lxc incus ", "exec", "", " --env --user --group --cwd --mode ", "", 1, HANDS_LATE,
     WHERE_CONTAINER},
    {" lxc-attach ", "", "nP", " --name ", "", 0, HANDS_LATE, WHERE_CONTAINER},
    {" pct ", "exec", "", "", "", 1, HANDS_LATE, WHERE_CONTAINER},
    {" toolbox distrobox ", "run", "cdr", " --container --distro --release ", "", 0,
     HANDS_WORDS, WHERE_CONTAINER},
    {" kubectl oc ", "exec", "cnfs", kubectl_values, "", 1, HANDS_LATE, WHERE_POD},
    {" k3s microk8s ", "kubectl exec", "cnfs", kubectl_values, "", 1, HANDS_LATE, WHERE_POD},
    {" kubectl oc ", "run", "nol", kubectl_values, "", 1, HANDS_BEHIND, WHERE_POD},
    {" kubectl oc ", "debug", "cn", kubectl_values, "", 1, HANDS_BEHIND, WHERE_POD},
    {" machinectl ", "shell", "M", " --machine --uid --setenv ", "", 1, HANDS_WORDS,
     WHERE_CONTAINER},
    {" arch-chroot ", "", "u", "", "", 1, HANDS_WORDS, WHERE_FOLDER},
    {" systemd-nspawn ", "", "DMiu", " --directory --machine --image --user --bind ", "", 0,
     HANDS_WORDS, WHERE_CONTAINER},
    {" ip ", "netns exec", "n", "", "", 1, HANDS_WORDS, WHERE_NAMESPACE},
    {" watch ", "", "nq", " --interval ", "", 0, HANDS_TEXT, WHERE_HERE},
    {" bundle poetry pipenv rbenv pyenv ", "exec", "", "", "", 0, HANDS_WORDS, WHERE_HERE},
    {" poetry pipenv uv pdm hatch conda ", "run", "np", " --name --prefix --with --python ", "",
     0, HANDS_WORDS, WHERE_HERE},
    {" xvfb-run dbus-run-session catchsegv proot ", "", "enfspwrb",
     " --server-args --server-num --auth-file ", "", 0, HANDS_WORDS, WHERE_HERE},
};

/* Of Windows.  rows: one deleted at a time by make prove */
static const struct row windows_rows[] = {
    {" start ", "", "", " /d /affinity /node /machine ", "", 0, HANDS_WORDS, WHERE_HERE},
    {" schtasks ", "", "", "", " /tr -tr ", 0, HANDS_VALUE, WHERE_LATER},
    {" sc ", "create", "", "", " binpath= ", 0, HANDS_VALUE, WHERE_LATER},
    {" sc ", "config", "", "", " binpath= ", 0, HANDS_VALUE, WHERE_LATER},
    {" forfiles ", "", "", "", " /c -c ", 0, HANDS_VALUE, WHERE_HERE},
    {" psexec psexec64 paexec ", "", "", " -u -p -n -r -w -i -priority -a ", "", 0, HANDS_WORDS,
     WHERE_MACHINE},
    {" winrs ", "", "", " -u -p -d -t ", "", 0, HANDS_TEXT, WHERE_MACHINE},
    {" wmic ", "process", "", "", "", 0, HANDS_CALL, WHERE_MACHINE},
    {" runas ", "", "", "", "", 0, HANDS_WORDS, WHERE_HERE},
};

/* What a command hands on. */
struct found {
    size_t first; /* index of the first word */
    size_t end;
    enum manner manner;
    enum statement_where where;
    struct bytes place;
    bool is_joined; /* "--command=text": the text is what stands behind the sign */
};

/* A command being looked at, by one of the programs it runs: sudo, then ssh. */
struct look {
    const struct statement_command *command;
    size_t at;  /* of that program's word */
    size_t end; /* behind the last word that is no redirect */
};

/* ---- words ---- */

static bool is_same(struct bytes one, struct bytes other, bool any_case)
{
    for (size_t i = 0; i < one.size && one.size == other.size; i++) {
        uint8_t left = any_case ? byte_lower(one.data[i]) : one.data[i];
        uint8_t right = any_case ? byte_lower(other.data[i]) : other.data[i];
        if (left != right) {
            return false;
        }
    }
    return one.size == other.size;
}

/* Whether a list between spaces has the name; Windows tells no small letters from capitals. */
static bool has_name(const char *list, struct bytes name, bool any_case)
{
    struct bytes rest = bytes_of_text(list);
    struct bytes one;
    while (name.size > 0 && bytes_split(&rest, ' ', &one)) {
        if (is_same(one, name, any_case)) {
            return true;
        }
    }
    return false;
}

static struct bytes name_of(const struct look *look)
{
    struct bytes name = shell_base_name(look->command->words[look->at].text);
    if (look->command->dialect == SHELL_UNIX) {
        return name;
    }
    name = bytes_after_last(name, '\\');
    bool has_ending =
        name.size > 4 && bytes_equal_text_nocase(bytes_from(name, name.size - 4), ".exe");
    return bytes_part(name, 0, name.size - (has_ending ? 4 : 0));
}

static bool is_option(const struct look *look, size_t i)
{
    const struct statement_word *word = &look->command->words[i];
    bool is_switch = look->command->dialect != SHELL_UNIX && word->text.size > 1 &&
                     word->text.data[0] == '/';
    /* Of "--command='a b'" a part is in quotes. */
    bool is_bare = !word->is_quoted || bytes_find_byte(word->text, '=') < word->text.size;
    return is_bare && ((word->text.size > 1 && word->text.data[0] == '-') || is_switch);
}

/* How many words the option at `i` takes: itself, and its value where that stands apart. */
static size_t option_span(const struct row *row, const struct look *look, size_t i)
{
    struct bytes word = look->command->words[i].text;
    bool is_windows = look->command->dialect != SHELL_UNIX;
    if (has_name(row->values, word, is_windows)) {
        return 2;
    }
    for (size_t j = 1; !is_windows && word.data[1] != '-' && j < word.size; j++) {
        if (bytes_find_byte(bytes_of_text(row->letters), word.data[j]) <
            bytes_of_text(row->letters).size) {
            return j + 1 == word.size ? 2 : 1;
        }
    }
    return 1;
}

/* ---- which words are handed on ---- */

/* What is known while the words of a program are gone through. */
struct walk {
    const struct row *row;
    const struct look *look;
    struct bytes verbs; /* that are still to come */
    unsigned operands;  /* the same */
    size_t i;
    struct found *found;
};

/* A plain word: a verb, a word of the program's own, or (`*is_first`) the first of the others.
 * False where it is another verb than the row's. */
static bool take_plain(struct walk *walk, bool *is_first)
{
    struct bytes word = walk->look->command->words[walk->i].text;
    struct bytes verb;
    *is_first = false;
    if (bytes_split(&walk->verbs, ' ', &verb)) {
        walk->i++;
        return is_same(verb, word, walk->look->command->dialect != SHELL_UNIX);
    }
    if (walk->operands > 0) {
        walk->found->place = walk->found->place.size > 0 ? walk->found->place : word;
        walk->operands--;
        walk->i++;
        return true;
    }
    bool is_machine = walk->look->command->dialect != SHELL_UNIX && bytes_starts(word, "\\\\");
    walk->found->place = is_machine ? bytes_from(word, 2) : walk->found->place;
    walk->i += is_machine || walk->row->manner >= HANDS_VALUE;
    *is_first = !is_machine && walk->row->manner < HANDS_VALUE;
    return true;
}

/* An option.  False where it says that nothing is handed on; `*is_found` where its value is. */
static bool take_option(struct walk *walk, bool *is_found)
{
    const struct row *row = walk->row;
    struct bytes word = walk->look->command->words[walk->i].text;
    bool is_windows = walk->look->command->dialect != SHELL_UNIX;
    size_t equals = bytes_find_byte(word, '=');
    bool is_named = has_name(row->options, word, is_windows) ||
                    has_name(row->options, bytes_part(word, 0, equals), is_windows);
    *is_found = row->manner == HANDS_VALUE && is_named;
    if (*is_found) {
        walk->found->is_joined = equals < word.size;
        walk->found->first = walk->i + (equals >= word.size);
        return walk->found->first < walk->look->end;
    }
    size_t host = is_windows ? bytes_find_byte(word, ':') : word.size;
    if (host + 1 < word.size && has_name(" /node -r ", bytes_part(word, 0, host), true)) {
        walk->found->place = bytes_from(word, host + 1);
    }
    walk->i += option_span(row, walk->look, walk->i);
    return !is_named;
}

/* "start "a title" program": the first word in quotes names the window. */
static size_t pass_title(const struct look *look)
{
    const struct statement_word *word = &look->command->words[look->at + 1];
    bool is_title = look->at + 1 < look->end && look->command->dialect != SHELL_UNIX &&
                    word->is_quoted && bytes_equal_text_nocase(name_of(look), "start");
    return look->at + 1 + is_title;
}

/* Options of Windows that no sign tells from words: "binpath=", "call create". */
static bool find_apart(struct walk *walk)
{
    const struct look *look = walk->look;
    for (size_t i = walk->i; i + 1 < look->end; i++) {
        struct bytes word = look->command->words[i].text;
        bool is_value = walk->row->manner == HANDS_VALUE && bytes_ends(word, "=") &&
                        has_name(walk->row->options, word, true);
        bool is_call =
            walk->row->manner == HANDS_CALL && bytes_equal_text_nocase(word, "create");
        if (is_value || is_call) {
            walk->found->first = i + 1;
            return true;
        }
    }
    return false;
}

/* Goes through the words of the program; true where the row holds for it. */
static bool walk_words(struct walk *walk)
{
    const struct look *look = walk->look;
    bool is_ready = false;
    while (walk->i < look->end && !is_ready) {
        bool is_done = walk->verbs.size == 0 && walk->operands == 0;
        if (bytes_equal_text(look->command->words[walk->i].text, "--") && is_done) {
            walk->i++;
            is_ready = true;
        } else if (is_done && walk->row->manner == HANDS_WORDS && walk->row->operands > 0) {
            is_ready = true;
        } else if (is_option(look, walk->i)) {
            bool is_found;
            if (!take_option(walk, &is_found)) {
                return false;
            }
            if (is_found) {
                return true;
            }
        } else if (is_done && walk->row->manner == HANDS_BEHIND) {
            walk->i++;
        } else if (!take_plain(walk, &is_ready)) {
            return false;
        } else if (walk->row->manner >= HANDS_VALUE && walk->verbs.size == 0 &&
                   find_apart(walk)) {
            return true;
        }
    }
    walk->found->first = walk->i;
    return is_ready && walk->i < look->end && !is_option(look, walk->i);
}

static bool row_find(const struct row *row, const struct look *look, struct found *out)
{
    *out = (struct found){.manner = row->manner, .where = row->where, .end = look->end};
    struct walk walk = {.row = row,
                        .look = look,
                        .verbs = bytes_of_text(row->verbs),
                        .operands = row->operands,
                        .i = pass_title(look),
                        .found = out};
    if (!walk_words(&walk)) {
        return false;
    }
    bool is_one = row->manner == HANDS_VALUE || row->manner == HANDS_CALL;
    out->end = is_one ? out->first + 1 : look->end;
    /* On the machine itself where no other is named. */
    out->where = out->where == WHERE_MACHINE && out->place.size == 0 ? WHERE_HERE : out->where;
    return true;
}

/* "watch 'a | b'": a word with blanks is a text; other words are the command as they are. */
static bool is_text(const struct look *look, const struct found *found)
{
    return found->manner != HANDS_TEXT || found->where != WHERE_HERE ||
           bytes_find_byte(look->command->words[found->first].text, ' ') <
               look->command->words[found->first].text.size;
}

/* sh -c of a command that no reader of a shell has seen. */
static bool find_shell_text(const struct look *look, struct found *out)
{
    bool is_own = look->command->pipeline >= OWN_NUMBERS && look->command->within > 0;
    if (!is_own || !shell_is_shell(name_of(look))) {
        return false;
    }
    bool is_wanted = false;
    size_t i = look->at + 1;
    while (i < look->end && is_option(look, i)) {
        is_wanted |= shell_has_letter(look->command->words[i].text, 'c');
        i++;
    }
    *out = (struct found){.first = i, .end = i + 1, .manner = HANDS_VALUE, .where = WHERE_HERE};
    return is_wanted && i < look->end;
}

static bool find_in(const struct look *look, struct found *out)
{
    bool is_windows = look->command->dialect != SHELL_UNIX;
    const struct row *rows = is_windows ? windows_rows : unix_rows;
    size_t count = is_windows ? sizeof windows_rows / sizeof *windows_rows
                              : sizeof unix_rows / sizeof *unix_rows;
    struct bytes name = name_of(look);
    for (size_t i = 0; i < count; i++) {
        if (has_name(rows[i].programs, name, is_windows) && row_find(&rows[i], look, out) &&
            is_text(look, out)) {
            return true;
        }
    }
    return find_shell_text(look, out);
}

struct shell_command handed_words(const struct statement_command *command,
                                  struct shell_word *words, size_t *first)
{
    size_t begin = 0;
    size_t count = 0;
    while (begin < command->word_count && command->words[begin].role == WORD_ASSIGNMENT) {
        begin++;
    }
    while (begin + count < command->word_count &&
           command->words[begin + count].role <= WORD_ARGUMENT) {
        words[count].text = command->words[begin + count].text;
        count++;
    }
    *first = begin;
    return (struct shell_command){.words = words, .word_count = count};
}

/* Of the program, or of those that it runs in its turn (sudo ssh). */
static bool command_find(const struct statement_command *command, struct found *out)
{
    struct shell_word words[STATEMENT_WORDS_MAX];
    size_t first = 0;
    const struct shell_command plain = handed_words(command, words, &first);
    size_t count = plain.word_count;
    size_t at = 0;
    bool goes_on = count > 0 && !command->is_compound;
    while (goes_on) {
        const struct look look = {command, first + at, first + count};
        if (find_in(&look, out)) {
            return true;
        }
        goes_on =
            command->dialect == SHELL_UNIX && shell_next_program(&plain, at, &at) && at < count;
    }
    return false;
}

/* ---- reading it ---- */

static enum status take_command(void *context, const struct record *record)
{
    return statement_take(context, record);
}

/* The words as they are: nothing reads them once more. */
static enum status add_words(struct statement *statement,
                             const struct statement_command *holder, const struct found *found)
{
    struct statement_command *command;
    TRY(statement_add_command(statement, &command));
    if (command == NULL) {
        return STATUS_OK;
    }
    command->pipeline = OWN_NUMBERS + (uint32_t)statement->command_count;
    command->relation = SHELL_NESTED;
    command->dialect = holder->dialect;
    command->loops = holder->loops;
    for (size_t i = found->first; i < found->end; i++) {
        struct statement_word *word = &command->words[command->word_count++];
        *word = holder->words[i];
        word->role = i == found->first ? WORD_PROGRAM : WORD_ARGUMENT;
    }
    return STATUS_OK;
}

/* What a shell is to read, and where it stands in the text; not at all as it is written where
 * `*is_literal` is false. */
static enum status join_words(const struct statement_command *holder, const struct found *found,
                              struct arena *arena, struct bytes *out, size_t *lead,
                              bool *is_literal)
{
    const struct statement_word *first = &holder->words[found->first];
    bool is_one = found->first + 1 == found->end;
    size_t equals = found->is_joined ? bytes_find_byte(first->text, '=') + 1 : 0;
    *out = bytes_from(first->text, equals);
    *lead = equals + first->is_quoted;
    *is_literal =
        is_one && equals == 0 && first->size == first->text.size + (first->is_quoted ? 2U : 0U);
    if (is_one) {
        return STATUS_OK;
    }
    AUTO(text_done) struct text joined = text_of_limit(HANDED_TEXT_MAX);
    for (size_t i = found->first; i < found->end; i++) {
        bool is_quoted = holder->dialect != SHELL_UNIX && holder->words[i].is_quoted;
        text_add(&joined, i > found->first ? " " : "");
        text_add(&joined, is_quoted ? "\"" : "");
        text_add_raw(&joined, holder->words[i].text);
        text_add(&joined, is_quoted ? "\"" : "");
    }
    return text_status(&joined) == STATUS_OK ? arena_copy(arena, text_bytes(&joined), out)
                                             : STATUS_LIMIT;
}

static enum status read_as_shell(struct bytes text, struct parse *parse,
                                 struct statement *statement)
{
    const struct record_sink sink = {.take = take_command, .context = statement};
    struct parse inner = *parse;
    struct stream stream;
    inner.sink = &sink;
    TRY(stream_of_bytes(&stream, text, parse->evidence));
    enum status status = shell_read(&stream, &inner);
    parse->shell = inner.shell;
    return status;
}

enum status handed_add_text(const struct handed_text *handed, struct parse *parse,
                            struct statement *statement)
{
    size_t before = statement->command_count;
    const struct record_sink sink = {.take = take_command, .context = statement};
    if (handed->text.size > HANDED_TEXT_MAX) {
        return STATUS_OK;
    }
    if (handed->dialect == SHELL_UNIX) {
        TRY(read_as_shell(handed->text, parse, statement));
    } else {
        TRY(windows_read(handed->text, handed->dialect, parse->evidence, &sink));
    }
    for (size_t i = before; i < statement->command_count; i++) {
        for (size_t j = 0; j < statement->commands[i].word_count; j++) {
            struct statement_word *word = &statement->commands[i].words[j];
            word->offset = handed->offset + (handed->is_literal ? word->offset : 0);
            word->size = handed->is_literal ? word->size : handed->size;
        }
    }
    return STATUS_OK;
}

static enum status add_text(struct statement *statement, const struct statement_command *holder,
                            const struct found *found, struct parse *parse)
{
    const struct statement_word *first = &holder->words[found->first];
    struct handed_text handed = {
        .dialect = holder->dialect == SHELL_UNIX ? SHELL_UNIX : SHELL_PROMPT,
        .offset = first->offset,
        .size = first->size,
    };
    size_t lead = 0;
    TRY(join_words(holder, found, parse->evidence, &handed.text, &lead, &handed.is_literal));
    handed.offset += handed.is_literal ? lead : 0;
    return handed_add_text(&handed, parse, statement);
}

/* Words that a shell reads once more, but finds no sign in. */
static bool are_plain(const struct statement_command *holder, const struct found *found)
{
    for (size_t i = found->first; i < found->end; i++) {
        const struct statement_word *word = &holder->words[i];
        if (word->is_quoted || word->has_expansion || word->size != word->text.size) {
            return false;
        }
    }
    return found->first + 1 < found->end;
}

uint32_t handed_depth(const struct statement *statement, size_t index)
{
    uint32_t depth = 0;
    for (uint32_t number = statement->commands[index].within; number > 0; depth++) {
        number = statement->commands[number - 1].within;
    }
    return depth;
}

static enum status read_one(struct statement *statement, size_t index, struct parse *parse)
{
    struct statement_command *holder = &statement->commands[index];
    struct found found;
    if (handed_depth(statement, index) >= HANDED_DEPTH_MAX || !command_find(holder, &found)) {
        return STATUS_OK;
    }
    statement->view = holder->view;
    statement->within = (uint32_t)index + 1;
    size_t before = statement->command_count;
    bool is_words = holder->dialect == SHELL_UNIX &&
                    (found.manner <= HANDS_BEHIND || are_plain(holder, &found));
    TRY(is_words ? add_words(statement, holder, &found)
                 : add_text(statement, holder, &found, parse));
    if (statement->command_count > before) {
        holder->where = found.where;
        bool is_rest = found.manner < HANDS_VALUE;
        holder->handed_from = (uint32_t)(is_rest ? found.first : holder->word_count);
        return arena_copy(statement->arena, found.place, &holder->place);
    }
    return STATUS_OK;
}

enum status handed_read(struct parse *parse, struct statement *statement)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < statement->command_count && status == STATUS_OK; i++) {
        status = read_one(statement, i, parse);
    }
    statement->within = 0;
    return status;
}
