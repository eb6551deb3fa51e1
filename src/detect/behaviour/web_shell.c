/* Raises that a script on a web server is used to run commands: a web shell.
 *
 * Commands in a request's parameters tell it best, the more so at a script that stands where
 * only pictures and uploads should, that few ever ask for, or that came with an upload.  Where
 * they go in a body, a capture shows them and nobody's log does: then an upload by the same
 * client, or a script that was not there a moment ago, and posts to it from one client alone,
 * are the sign.
 *
 * Where there is hardly a doubt, the upload that brought the script, and a file of passwords
 * that was read through it, are told too: they are steps of their own.
 *
 * Scripts of administrators live where scripts live, and are asked for by pages: those are
 * left alone unless they are given commands. */
#include "detect/behaviour/behaviour.h"
#include "detect/behaviour/web_body.h"
#include "detect/behaviour/web_visit.h"

#include "base/table.h"

#include <string.h>

#define SCRIPTS_MAX 4096
#define UPLOADERS_MAX 1024
#define SCRIPTS_GIVEN_MAX 200
#define CLIENTS_KEPT 3
#define POSTS_MIN 2
#define COMMANDS_MIN 3 /* different ones, at a script of an ordinary place */
#define UPLOAD_BEFORE_NS (30 * MOMENT_MINUTE_NS)
#define PARAMETERS_MAX 64

/* One script, by site and path. */
struct script {
    struct recent_entry entry;
    struct endpoint server;
    struct web_client clients[CLIENTS_KEPT];
    size_t client_count;    /* CLIENTS_KEPT + 1: more */
    size_t user;            /* of the clients: whose the finding is */
    uint64_t request_count; /* that were answered well */
    uint64_t command_count; /* of those, with a command */
    uint64_t commands;      /* which, as bits of `words` */
    uint64_t plain_count;   /* of those, with one that is nothing else */
    uint64_t post_count;
    uint64_t missing_count; /* before the first that was answered well */
    struct trace_spot upload;
    struct trace_spot first; /* command, else post */
    struct trace_spot last;
    struct trace_spot secret; /* the first command that read a file of passwords or keys */
    struct trace_name path;
    struct trace_name site;
    struct trace_name words;
    struct trace_name method;
    struct trace_name agent;
    struct trace_name secret_words;
    bool is_odd;       /* where no script belongs */
    bool was_put;      /* written by PUT */
    bool was_uploaded; /* an upload came shortly before */
};

/* When a client uploaded something last. */
struct uploader {
    struct recent_entry entry;
    struct trace_spot spot;
};

struct shell_state {
    struct recent scripts;
    struct recent uploaders;
    bool is_open;
    uint64_t raised;
};

/* rows: one deleted at a time by make prove */
static const char *const script_ends[] = {
    ".php",  ".phtml", ".php3", ".php4", ".php5", ".php7", ".phar", ".pht", ".asp",
    ".aspx", ".ashx",  ".asmx", ".jsp",  ".jspx", ".cfm",  ".cgi",  ".pl",
};

/* Folders of a site where files lie that visitors brought, or that are only looked at. */
/* rows: one deleted at a time by make prove */
static const char *const odd_folders[] = {
    "/upload/", "/uploads/", "/uploaded/", "/userfiles/", "/avatars/", "/attachments/",
    "/images/", "/image/",   "/img/",      "/pictures/",  "/photos/",  "/thumbs/",
    "/css/",    "/fonts/",   "/tmp/",      "/temp/",      "/cache/",   "/.well-known/",
};

/* Names that parameters of web shells have. */
/* rows: one deleted at a time by make prove */
static const char *const command_names[] = {
    "cmd", "command", "exec", "execute", "shell", "run", "system", "c", "x", "do",
};

/* Files of sites and accounts that hold passwords or keys. */
/* rows: one deleted at a time by make prove */
static const char *const secret_files[] = {
    "config.php",   "wp-config.php",  "configuration.php",
    "settings.php", "local.php",      "db.php",
    "database.php", "config.inc.php", "settings.py",
    ".env",         "database.yml",   "application.properties",
    "web.config",   ".my.cnf",        ".pgpass",
    ".netrc",       ".htpasswd",      "shadow",
    "id_rsa",       "id_ed25519",     "credentials",
};

/* Commands that show what is in a file. */
/* rows: one deleted at a time by make prove */
static const char *const readers[] = {"cat", "head", "tail", "grep"};

/* How much the name of a command says by itself.  With an argument that begins like an option
 * or a path, any is plain. */
enum saying {
    SAYS_NOTHING, /* a word of many a program */
    SAYS_LITTLE,  /* a command under a parameter named for commands */
    SAYS_ALL,
};

struct word {
    const char *text;
    enum saying saying;
};

/* At most 64: a set of them is a number. */
/* rows: one deleted at a time by make prove */
static const struct word words[] = {
    {"whoami", SAYS_ALL},    {"uname", SAYS_ALL},      {"netstat", SAYS_ALL},
    {"ifconfig", SAYS_ALL},  {"wget", SAYS_ALL},       {"curl", SAYS_ALL},
    {"ipconfig", SAYS_ALL},  {"systeminfo", SAYS_ALL}, {"tasklist", SAYS_ALL},
    {"chmod", SAYS_ALL},     {"crontab", SAYS_ALL},    {"powershell", SAYS_ALL},
    {"cmd.exe", SAYS_ALL},   {"sudo", SAYS_ALL},       {"id", SAYS_LITTLE},
    {"ls", SAYS_LITTLE},     {"pwd", SAYS_LITTLE},     {"ps", SAYS_LITTLE},
    {"cat", SAYS_LITTLE},    {"dir", SAYS_LITTLE},     {"hostname", SAYS_LITTLE},
    {"nc", SAYS_NOTHING},    {"ip", SAYS_NOTHING},     {"net", SAYS_NOTHING},
    {"find", SAYS_NOTHING},  {"python", SAYS_NOTHING}, {"python3", SAYS_NOTHING},
    {"perl", SAYS_NOTHING},  {"bash", SAYS_NOTHING},   {"sh", SAYS_NOTHING},
    {"rm", SAYS_NOTHING},    {"tar", SAYS_NOTHING},    {"df", SAYS_NOTHING},
    {"head", SAYS_NOTHING},  {"tail", SAYS_NOTHING},   {"grep", SAYS_NOTHING},
    {"mkdir", SAYS_NOTHING}, {"cd", SAYS_NOTHING},     {"touch", SAYS_NOTHING},
};

/* clang-format off */
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
/* clang-format on */

/* ---- what a request says ---- */

static bool is_script(struct bytes path)
{
    for (size_t i = 0; i < COUNT(script_ends); i++) {
        if (bytes_ends(path, script_ends[i])) {
            return true;
        }
    }
    return false;
}

/* "/uploads/a.php", "/logo.png.php", "/logo.png/a.php". */
static bool is_odd_place(struct bytes path)
{
    /* rows: one deleted at a time by make prove */
    static const char *const pictures[] = {".png", ".jpg", ".jpeg", ".gif", ".txt", ".pdf"};
    for (size_t i = 0; i < COUNT(odd_folders); i++) {
        if (bytes_contains(path, odd_folders[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < COUNT(pictures); i++) {
        size_t at = bytes_find(path, bytes_of_text(pictures[i]));
        struct bytes rest = bytes_from(path, at + strlen(pictures[i]));
        if (at < path.size && (bytes_starts(rest, ".") || bytes_starts(rest, "/"))) {
            return true;
        }
    }
    return false;
}

static bool has_word(const char *const *list, size_t count, struct bytes word)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_equal_text(word, list[i])) {
            return true;
        }
    }
    return false;
}

/* The index of the command that a value is, or COUNT(words); `*saying` is what it says. */
static size_t find_command(struct bytes value, enum saying *saying)
{
    value = bytes_trim(value);
    size_t end = 0;
    while (end < value.size && !byte_is_one_of(value.data[end], " ;|&<>")) {
        end++;
    }
    struct bytes head = bytes_after_last(bytes_part(value, 0, end), '/');
    struct bytes rest = bytes_trim(bytes_from(value, end));
    bool has_argument = bytes_starts(rest, "-") || bytes_starts(rest, "/") ||
                        bytes_starts(rest, "~") || bytes_starts(rest, "http");
    for (size_t i = 0; i < COUNT(words); i++) {
        if (bytes_equal_text(head, words[i].text)) {
            bool is_prose = rest.size > 0 && !has_argument;
            *saying = has_argument ? SAYS_ALL : is_prose ? SAYS_NOTHING : words[i].saying;
            return i;
        }
    }
    return COUNT(words);
}

struct asked {
    uint64_t commands; /* bits of `words` */
    bool is_plain;     /* one of them can be nothing else */
    bool reads_secret;
    struct trace_name words;
    struct trace_name secret_words;
};

/* What belongs to the first command of a line: up to the end of it. */
static struct bytes first_command(struct bytes line)
{
    static const char ends[] = {';', '|', '&', '\n'};
    for (size_t i = 0; i < sizeof ends; i++) {
        line = bytes_part(line, 0, bytes_find_byte(line, (uint8_t)ends[i]));
    }
    return line;
}

/* "cat ../config.php": a command that shows a file whose name says what is in it.  A file that
 * its output goes to ("> config.php") is written, not read. */
static bool reads_secret(size_t word, struct bytes value)
{
    struct bytes rest = first_command(bytes_trim(value));
    struct bytes part = BYTES_NONE;
    bool is_target = false;
    if (!has_word(readers, COUNT(readers), bytes_of_text(words[word].text))) {
        return false;
    }
    for (unsigned i = 0; i < PARAMETERS_MAX && bytes_split(&rest, ' ', &part); i++) {
        bool is_written = is_target || bytes_find_byte(part, '>') < part.size;
        is_target = bytes_ends(part, ">");
        if (i > 0 && !is_written &&
            has_word(secret_files, COUNT(secret_files), bytes_after_last(part, '/'))) {
            return true;
        }
    }
    return false;
}

/* Adds a command, if `value` is one.  Its bare name counts under a parameter that is named for
 * commands, one with its options under any.  `shown` is what a page may show of it. */
static void take_value(struct asked *asked, bool is_named, struct bytes value,
                       const struct trace_name *shown)
{
    enum saying saying = SAYS_NOTHING;
    size_t word = find_command(value, &saying);
    bool is_secret = word < COUNT(words) && reads_secret(word, value);
    bool counts = saying == SAYS_ALL || (is_named && (saying == SAYS_LITTLE || is_secret));
    if (word == COUNT(words) || !counts) {
        return;
    }
    if (is_secret && !asked->reads_secret) {
        asked->reads_secret = true;
        asked->secret_words = *shown;
    }
    if (!asked->is_plain) {
        asked->commands |= UINT64_C(1) << word;
        asked->is_plain = is_named && saying == SAYS_ALL;
        asked->words = *shown;
    }
}

static bool is_named_for_commands(struct bytes name)
{
    return has_word(command_names, COUNT(command_names), name);
}

/* The commands in a query. */
static void read_query(struct bytes query, struct asked *asked)
{
    struct bytes pair = BYTES_NONE;
    for (unsigned i = 0; i < PARAMETERS_MAX && bytes_split(&query, '&', &pair); i++) {
        struct web_plain plain;
        web_plain_set(&plain, pair);
        struct bytes text = web_plain_get(&plain);
        size_t equals = bytes_find_byte(text, '=');
        struct trace_name shown;
        trace_name_set(&shown, text);
        take_value(asked, is_named_for_commands(bytes_part(text, 0, equals)),
                   equals < text.size ? bytes_from(text, equals + 1) : text, &shown);
    }
}

/* The commands in a body.  People write commands into pages, questions and searches of scripts
 * where scripts live: there a name that is made for commands must say what it is. */
static void read_body(const struct transaction *transaction, bool is_placed,
                      struct asked *asked)
{
    for (size_t i = 0; i < transaction->body_field_count; i++) {
        const struct body_field *field = &transaction->body_fields[i];
        struct web_plain plain;
        web_body_plain(field, &plain);
        struct bytes text = web_plain_get(&plain);
        size_t equals = field->name.size == 0 ? text.size : bytes_find_byte(text, '=');
        bool is_named = is_named_for_commands(bytes_part(text, 0, equals));
        if (!is_named && !(is_placed && web_body_is_line(field))) {
            continue;
        }
        struct trace_name shown;
        web_body_show(field, text, &shown);
        take_value(asked, is_named, equals < text.size ? bytes_from(text, equals + 1) : text,
                   &shown);
    }
}

static bool is_upload(const struct transaction *transaction, struct bytes path)
{
    /* rows: one deleted at a time by make prove */
    static const char *const marks[] = {"upload",         "media-new",   "import",
                                        "plugin-install", "filemanager", "attach"};
    if (!bytes_equal_text(transaction_field(transaction, FIELD_HTTP_METHOD), "POST")) {
        return false;
    }
    /* What a form with a file in it is sent as; only captures show it. */
    if (bytes_starts(transaction_field(transaction, FIELD_HTTP_REQUEST_TYPE),
                     "multipart/form-data")) {
        return true;
    }
    for (size_t i = 0; i < COUNT(marks); i++) {
        if (bytes_contains(path, marks[i])) {
            return true;
        }
    }
    return false;
}

/* ---- what a script's requests show ---- */

/* An upload lands among uploads, or where nothing was a moment ago: what else the client asks
 * for after one is how sites work. */
static bool is_new(const struct script *script)
{
    return script->was_put ||
           (script->was_uploaded && (script->is_odd || script->missing_count > 0));
}

/* It stands where no script belongs, or was brought. */
static bool is_placed(const struct script *script)
{
    return script->is_odd || is_new(script);
}

static bool is_shell(const struct script *script)
{
    size_t kinds = 0;
    for (uint64_t left = script->commands; left != 0; left &= left - 1) {
        kinds++;
    }
    bool is_seldom = script->client_count <= CLIENTS_KEPT;
    bool by_command = is_seldom && kinds > 0 &&
                      (is_placed(script) || script->plain_count > 0 || kinds >= COMMANDS_MIN);
    bool is_alone = script->client_count == 1 && script->post_count >= POSTS_MIN;
    bool by_post =
        is_alone && (is_new(script) || (script->is_odd && script->missing_count > 0));
    return by_command || by_post;
}

static enum severity severity_of(const struct script *script)
{
    return script->commands != 0 && is_placed(script) ? SEVERITY_HIGH : SEVERITY_MEDIUM;
}

static double confidence_of(const struct script *script)
{
    if (script->commands != 0) {
        return is_placed(script) ? 0.95 : script->plain_count > 1 ? 0.8 : 0.7;
    }
    return script->was_put ? 0.7 : 0.6;
}

static size_t add_entities(const struct script *script, const struct web_names *names,
                           struct entity *entities)
{
    size_t count = 0;
    struct bytes path = trace_name_get(&script->path);
    web_names_add(names, &script->clients[script->user], entities, &count);
    trace_entity(entities, &count, ENTITY_URL, ROLE_TOOL, path);
    trace_entity(entities, &count, ENTITY_FILE, ROLE_TOOL, bytes_after_last(path, '/'));
    return count;
}

/* Runs as commands of a Unix machine do, so its shell ran them. */
static bool is_of_unix(const struct script *script)
{
    /* rows: one deleted at a time by make prove */
    static const char *const of_windows[] = {"ipconfig", "systeminfo", "tasklist", "powershell",
                                             "cmd.exe",  "dir",        "net",      "netstat",
                                             "whoami",   "hostname",   "curl"};
    for (size_t i = 0; i < COUNT(words); i++) {
        if ((script->commands >> i & 1) != 0 &&
            !has_word(of_windows, COUNT(of_windows), bytes_of_text(words[i].text))) {
            return true;
        }
    }
    return false;
}

static enum status raise_use(struct detection *detection, const struct script *script,
                             const struct entity *entities, size_t entity_count)
{
    const struct fact facts[] = {
        fact_text("url", trace_name_get(&script->path)),
        fact_text("words", trace_name_get(&script->words)),
        fact_text("method", trace_name_get(&script->method)),
        fact_text("user_agent", trace_name_get(&script->agent)),
        fact_count("request_count", script->request_count),
        fact_count("command_count", script->command_count),
        fact_count("post_count", script->post_count),
        fact_count("client_count", script->client_count),
        fact_count("missing_before_count", script->missing_count),
        fact_count("is_odd_place", script->is_odd),
        fact_count("was_uploaded", script->was_uploaded || script->was_put),
    };
    struct cite cites[3];
    size_t cite_count = 0;
    if (script->was_uploaded || script->was_put) {
        cites[cite_count++] = trace_cite(&script->upload);
    }
    cites[cite_count++] = trace_cite(&script->first);
    if (place_compare(&script->first.place, &script->last.place) != 0) {
        cites[cite_count++] = trace_cite(&script->last);
    }
    struct bytes techniques[] = {BYTES_LITERAL("T1505.003"), BYTES_LITERAL("T1059.004")};
    return detection_raise(
        detection,
        &(struct finding){
            .rule = BYTES_LITERAL("behaviour/web-shell"),
            .title = BYTES_LITERAL("A script on a web server was used to give it commands"),
            .techniques = techniques,
            .technique_count = is_of_unix(script) ? 2 : 1,
            .severity = severity_of(script),
            .confidence = confidence_of(script),
            .first = script->first.at,
            .last = script->last.at,
            .entities = entities,
            .entity_count = entity_count,
            .facts = facts,
            .fact_count = sizeof facts / sizeof *facts,
            .cites = cites,
            .cite_count = cite_count,
        });
}

/* What the use of the script makes of something that was done before or through it. */
struct part {
    const char *rule;
    const char *title;
    const char *technique;
    const struct trace_spot *spot;
    struct fact fact;
};

static enum status raise_part(struct detection *detection, const struct script *script,
                              const struct part *part, const struct entity *entities,
                              size_t entity_count)
{
    const struct cite cites[] = {trace_cite(part->spot), trace_cite(&script->first)};
    bool is_one = place_compare(&part->spot->place, &script->first.place) == 0;
    struct bytes technique = bytes_of_text(part->technique);
    return detection_raise(detection, &(struct finding){
                                          .rule = bytes_of_text(part->rule),
                                          .title = bytes_of_text(part->title),
                                          .techniques = &technique,
                                          .technique_count = 1,
                                          .severity = severity_of(script),
                                          .confidence = confidence_of(script),
                                          .first = part->spot->at,
                                          .last = part->spot->at,
                                          .entities = entities,
                                          .entity_count = entity_count,
                                          .facts = &part->fact,
                                          .fact_count = 1,
                                          .cites = cites,
                                          .cite_count = is_one ? 1 : 2,
                                      });
}

static enum status raise(struct detection *detection, struct shell_state *state,
                         const struct script *script)
{
    if (!is_shell(script)) {
        return STATUS_OK;
    }
    if (state->raised == SCRIPTS_GIVEN_MAX) {
        detection->examination->findings_dropped++;
        return STATUS_OK;
    }
    state->raised++;
    struct web_names AUTO(web_names_done) names;
    web_names_init(&names, &script->clients[script->user], &script->server,
                   trace_name_get(&script->site));
    struct entity entities[5];
    size_t count = add_entities(script, &names, entities);
    const struct part upload = {
        "behaviour/web-upload",
        "A script came to a web server with an upload, and was used",
        "T1190",
        &script->upload,
        fact_text("url", trace_name_get(&script->path)),
    };
    const struct part secret = {
        "behaviour/web-secret-read",
        "A file that holds passwords or keys was read through a script on a web server",
        "T1552.001",
        &script->secret,
        fact_text("words", trace_name_get(&script->secret_words)),
    };
    bool is_sure = severity_of(script) >= SEVERITY_HIGH;
    if (is_sure && is_new(script) && script->upload.size > 0) {
        TRY(raise_part(detection, script, &upload, entities, count));
    }
    TRY(raise_use(detection, script, entities, count));
    return is_sure && script->secret.size > 0
               ? raise_part(detection, script, &secret, entities, count)
               : STATUS_OK;
}

/* ---- requests ---- */

static enum status find_script(struct detection *detection, struct shell_state *state,
                               const struct transaction *transaction, struct bytes path,
                               struct script **out)
{
    struct bytes site = transaction_field(transaction, FIELD_HTTP_HOST);
    uint64_t hash = table_hash(path);
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(&key, (struct bytes){(const uint8_t *)&hash, sizeof hash}, sizeof hash);
    recent_key_add(&key, site, TRACE_NAME_MAX);
    struct script *script = recent_find(&state->scripts, recent_key_bytes(&key));
    if (script == NULL) {
        const struct script *oldest = recent_next_out(&state->scripts);
        TRY(oldest == NULL ? STATUS_OK : raise(detection, state, oldest));
        script = recent_add(&state->scripts, recent_key_bytes(&key));
        if (script == NULL) {
            return STATUS_NO_MEMORY;
        }
        script->server = transaction->server;
        script->is_odd = is_odd_place(path);
        trace_name_set(&script->path, path);
        trace_name_set(&script->site, site);
    }
    *out = script;
    return STATUS_OK;
}

/* The index of the client among those kept; CLIENTS_KEPT for one more. */
static size_t note_client(struct script *script, const struct web_client *client)
{
    size_t i = 0;
    while (i < script->client_count && i < CLIENTS_KEPT &&
           !web_client_equal(&script->clients[i], client)) {
        i++;
    }
    if (i == script->client_count && i < CLIENTS_KEPT) {
        script->clients[script->client_count++] = *client;
    } else if (i == CLIENTS_KEPT) {
        script->client_count = CLIENTS_KEPT + 1;
    }
    return i;
}

static void note_use(struct script *script, const struct record *record, size_t client,
                     const struct asked *asked)
{
    const struct transaction *transaction = record->transaction;
    bool is_post = bytes_equal_text(transaction_field(transaction, FIELD_HTTP_METHOD), "POST");
    bool is_first_command = asked->commands != 0 && script->command_count == 0;
    script->post_count += is_post;
    script->command_count += asked->commands != 0;
    script->commands |= asked->commands;
    script->plain_count += asked->is_plain;
    if (!is_post && asked->commands == 0) {
        return;
    }
    if (is_first_command || script->first.size == 0) {
        script->user = client < CLIENTS_KEPT ? client : 0;
        trace_spot_set(&script->first, record);
        script->words = asked->words;
        trace_name_set(&script->method, transaction_field(transaction, FIELD_HTTP_METHOD));
        trace_name_set(&script->agent, transaction_field(transaction, FIELD_HTTP_USER_AGENT));
    }
    if (asked->commands != 0 || script->command_count == 0) {
        trace_spot_set(&script->last, record);
    }
    if (asked->reads_secret && script->secret.size == 0) {
        trace_spot_set(&script->secret, record);
        script->secret_words = asked->secret_words;
    }
}

/* What the same client uploaded shortly before it first asked for the script. */
static void note_upload(struct shell_state *state, struct script *script,
                        const struct record *record, const struct recent_key *client)
{
    const struct uploader *uploader = recent_find(&state->uploaders, recent_key_bytes(client));
    if (uploader != NULL && record->at.is_known &&
        !moment_is_apart(uploader->spot.at, record->at, UPLOAD_BEFORE_NS)) {
        script->was_uploaded = true;
        script->upload = uploader->spot;
    }
}

static enum status take_upload(struct shell_state *state, const struct record *record,
                               const struct recent_key *client)
{
    struct uploader *uploader = recent_find(&state->uploaders, recent_key_bytes(client));
    if (uploader == NULL) {
        uploader = recent_add(&state->uploaders, recent_key_bytes(client));
    }
    if (uploader == NULL) {
        return STATUS_NO_MEMORY;
    }
    trace_spot_set(&uploader->spot, record);
    return STATUS_OK;
}

static enum status take_script(struct detection *detection, struct shell_state *state,
                               const struct record *record, struct bytes path,
                               const struct web_client *client)
{
    const struct transaction *transaction = record->transaction;
    enum web_answer answer = web_answer_of(transaction);
    struct script *script;
    TRY(find_script(detection, state, transaction, path, &script));
    struct bytes method = transaction_field(transaction, FIELD_HTTP_METHOD);
    if (bytes_equal_text(method, "PUT") || bytes_equal_text(method, "MOVE")) {
        if (answer == WEB_GIVEN && script->request_count == 0) {
            script->was_put = true;
            trace_spot_set(&script->upload, record);
        }
        return STATUS_OK;
    }
    if (answer != WEB_GIVEN) {
        script->missing_count += answer == WEB_REFUSED && script->request_count == 0;
        return STATUS_OK;
    }
    struct recent_key key;
    recent_key_begin(&key);
    web_client_add_key(&key, client);
    if (script->request_count == 0) {
        note_upload(state, script, record, &key);
    }
    script->request_count++;
    struct asked asked = {0};
    read_query(transaction_field(transaction, FIELD_URL_QUERY), &asked);
    read_body(transaction, is_placed(script), &asked);
    note_use(script, record, note_client(script, client), &asked);
    return STATUS_OK;
}

static enum status take(struct detection *detection, void *context, const struct record *record)
{
    const struct transaction *transaction = record->transaction;
    struct shell_state *state = context;
    struct web_client client;
    if (transaction->kind != TRANSACTION_HTTP || !web_client_of(transaction, &client)) {
        return STATUS_OK;
    }
    struct web_plain plain;
    web_plain_set(&plain, transaction_field(transaction, FIELD_URL_STEM));
    struct bytes path = web_plain_get(&plain);
    enum web_answer answer = web_answer_of(transaction);
    /* After a form most sites send the client elsewhere, to a page that shows what came. */
    bool uploads =
        is_upload(transaction, path) && (answer == WEB_GIVEN || answer == WEB_ELSEWHERE);
    if (!uploads && !is_script(path)) {
        return STATUS_OK;
    }
    if (!state->is_open) {
        TRY(recent_init(&state->scripts, detection->evidence, SCRIPTS_MAX,
                        sizeof(struct script)));
        TRY(recent_init(&state->uploaders, detection->evidence, UPLOADERS_MAX,
                        sizeof(struct uploader)));
        state->is_open = true;
    }
    TRY(is_script(path) ? take_script(detection, state, record, path, &client) : STATUS_OK);
    struct recent_key key;
    recent_key_begin(&key);
    web_client_add_key(&key, &client);
    return uploads ? take_upload(state, record, &key) : STATUS_OK;
}

static enum status finish(struct detection *detection, void *context)
{
    struct shell_state *state = context;
    const struct script *script = state->is_open ? recent_first(&state->scripts) : NULL;
    for (; script != NULL; script = recent_after(&state->scripts, script)) {
        TRY(raise(detection, state, script));
    }
    return STATUS_OK;
}

const struct detector web_shell_detector = {
    .name = "web-shell",
    .record_kinds = 1U << RECORD_TRANSACTION,
    .state_size = sizeof(struct shell_state),
    .take = take,
    .finish = finish,
};
