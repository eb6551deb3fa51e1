#include "record/redact.h"

#include <string.h>

#include "base/text.h"
#include "record/shell.h"

#define REDACTED "[redacted]"
#define KEY_SIZE_MAX 64
#define PEM_LINE_MIN 48
#define WORD_MIN 8

/* Text on its way through: `at` has been written or taken out. */
struct redaction {
    struct bytes theirs;
    size_t at;
    struct text *out;
    bool is_changed;
    struct bytes program; /* the last one named that has options with secrets */
};

/* ---- letters ---- */

static uint8_t byte_at(struct bytes text, size_t at)
{
    return at < text.size ? text.data[at] : 0;
}

static bool is_word(uint8_t byte)
{
    return byte_is_letter(byte) || (byte >= '0' && byte <= '9') || byte == '_' || byte == '-';
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == 0;
}

static bool is_base64(uint8_t byte)
{
    return is_word(byte) || byte == '+' || byte == '/' || byte == '=' || byte == '.';
}

/* ASCII letters without case. */
static bool starts(struct bytes text, const char *prefix)
{
    size_t i = 0;
    while (prefix[i] != '\0' && i < text.size &&
           byte_lower(text.data[i]) == (uint8_t)prefix[i]) {
        i++;
    }
    return prefix[i] == '\0';
}

static bool ends(struct bytes text, const char *suffix)
{
    size_t size = strlen(suffix);
    return text.size >= size && starts(bytes_from(text, text.size - size), suffix);
}

/* ---- giving out ---- */

static void keep(struct redaction *redaction, size_t size)
{
    struct bytes kept = bytes_part(redaction->theirs, redaction->at, size);
    text_add_raw(redaction->out, kept);
    redaction->at += kept.size;
}

static void take_out(struct redaction *redaction, size_t size)
{
    struct bytes part = bytes_part(redaction->theirs, redaction->at, size);
    if (part.size > 0 && !bytes_equal_text(part, REDACTED)) {
        text_add(redaction->out, REDACTED);
        redaction->is_changed = true;
        redaction->at += part.size;
    } else {
        keep(redaction, part.size);
    }
}

static struct bytes rest_of(const struct redaction *redaction)
{
    return bytes_from(redaction->theirs, redaction->at);
}

/* ---- values ---- */

/* How long an opening quote is: ", ', and \" as in JSON within JSON. */
static size_t quote_size(struct bytes text)
{
    if (byte_at(text, 0) == '"' || byte_at(text, 0) == '\'') {
        return 1;
    }
    return byte_at(text, 0) == '\\' && byte_at(text, 1) == '"' ? 2 : 0;
}

/* Where the quote that opened closes: an escaped one does not. */
static size_t quoted_size(struct bytes text, struct bytes quote)
{
    size_t at = 0;
    while (at < text.size && !bytes_equal(bytes_part(text, at, quote.size), quote)) {
        at += text.data[at] == '\\' && quote.data[0] == '"' ? 2 : 1;
    }
    return at < text.size ? at : text.size;
}

static size_t bare_size(struct bytes text, const char *stops)
{
    size_t at = 0;
    while (at < text.size && !is_blank(text.data[at]) && strchr(stops, text.data[at]) == NULL) {
        at++;
    }
    return at;
}

/* A value in quotes or up to a blank; the quotes stay. */
static void take_value(struct redaction *redaction, const char *stops)
{
    struct bytes text = rest_of(redaction);
    size_t quote = quote_size(text);
    if (quote > 0) {
        keep(redaction, quote);
        take_out(redaction, quoted_size(bytes_from(text, quote), bytes_part(text, 0, quote)));
    } else {
        take_out(redaction, bare_size(text, stops));
    }
}

/* ---- names of secrets ---- */

/* What a name that holds a secret ends with, without case; "-" and "_" are the same. */
static const char *const secret_names[] = {
    "password",      "passwd",      "passphrase",  "passwort",      "pwd",
    "pass",          "secret",      "token",       "apikey",        "api_key",
    "access_key",    "private_key", "secret_key",  "auth_key",      "credential",
    "credentials",   "pgpassword",  "mysql_pwd",   "sshpass",       "secretkey",
    "accesskey",     "session_key", "account_key", "client_secret", "x_amz_signature",
    "access_key_id", "sessionid",   "psk",
};

/* Words that end like one. */
static const char *const plain_names[] = {"oldpwd", "bypass", "compass"};

static void add_name(struct text *out, struct bytes name)
{
    for (size_t i = 0; i < name.size; i++) {
        text_add_byte(out, (char)(name.data[i] == '-' ? '_' : byte_lower(name.data[i])));
    }
}

bool redact_names_secret(struct bytes name)
{
    if (name.size == 0 || name.size > KEY_SIZE_MAX) {
        return false;
    }
    AUTO(text_done) struct text plain = text_of_limit(KEY_SIZE_MAX);
    add_name(&plain, name);
    bool found = false;
    for (size_t i = 0; !found && i < sizeof secret_names / sizeof *secret_names; i++) {
        found = ends(text_bytes(&plain), secret_names[i]);
    }
    for (size_t i = 0; found && i < sizeof plain_names / sizeof *plain_names; i++) {
        found = !bytes_equal_text(text_bytes(&plain), plain_names[i]);
    }
    /* "PWD=/home/x" is where somebody works; "pwd=..." in a request is a password. */
    return found && !bytes_equal_text(name, "PWD");
}

/* How much stands between a name and its value: `=`, `: `, or the blank behind an option; 0
 * where no value follows.  `pam_unix(passwd:auth)` names a service. */
static size_t separator_size(struct bytes after, bool is_option, bool is_in_brackets)
{
    size_t quote = quote_size(after);
    size_t at = quote;
    while (byte_at(after, at) == ' ' || byte_at(after, at) == '\t') {
        at++;
    }
    bool has_blank = at > quote;
    uint8_t mark = byte_at(after, at);
    bool is_separator = mark == '=' || (mark == ':' && (quote > 0 || !is_in_brackets));
    if (!is_separator) {
        return is_option && has_blank && quote == 0 ? at : 0;
    }
    at++;
    while (byte_at(after, at) == ' ' || byte_at(after, at) == '\t') {
        at++;
    }
    return at;
}

/* A name that is followed by a value: `password=x`, `"token": "x"`, `--password x`.  True
 * where the value was dealt with. */
static bool take_assignment(struct redaction *redaction)
{
    struct bytes text = rest_of(redaction);
    size_t size = 0;
    while (is_word(byte_at(text, size))) {
        size++;
    }
    struct bytes name = bytes_part(text, 0, size);
    if (!redact_names_secret(name)) {
        return false;
    }
    bool is_in_brackets = redaction->at > 0 && redaction->theirs.data[redaction->at - 1] == '(';
    size_t separator =
        separator_size(bytes_from(text, size), name.data[0] == '-', is_in_brackets);
    if (separator == 0) {
        return false;
    }
    keep(redaction, size + separator);
    take_value(redaction, "&;\"'),}<>|");
    return true;
}

/* ---- headers ---- */

static const char *const secret_headers[] = {
    "authorization:", "proxy-authorization:",  "x-api-key:", "x-auth-token:", "cookie:",
    "set-cookie:",    "x-amz-security-token:",
};

/* To the end of the line, or of the quotes the header stands in; the scheme stays. */
static bool take_header(struct redaction *redaction)
{
    static const char *const schemes[] = {"basic ", "bearer ",    "digest ",
                                          "token ", "negotiate ", "ntlm "};
    struct bytes text = rest_of(redaction);
    size_t name = 0;
    for (size_t i = 0; i < sizeof secret_headers / sizeof *secret_headers; i++) {
        name = starts(text, secret_headers[i]) ? strlen(secret_headers[i]) : name;
    }
    if (name == 0) {
        return false;
    }
    keep(redaction, name);
    while (byte_at(rest_of(redaction), 0) == ' ') {
        keep(redaction, 1);
    }
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (starts(rest_of(redaction), schemes[i])) {
            keep(redaction, strlen(schemes[i]));
            break;
        }
    }
    struct bytes value = rest_of(redaction);
    size_t size = 0;
    while (size < value.size && value.data[size] != '\n' && value.data[size] != '\r' &&
           value.data[size] != '"' && value.data[size] != '\'') {
        size++;
    }
    take_out(redaction, size);
    return true;
}

/* ---- what secrets look like ---- */

static bool take_private_key(struct redaction *redaction)
{
    struct bytes text = rest_of(redaction);
    if (!bytes_starts(text, "-----BEGIN ")) {
        return false;
    }
    size_t end = bytes_find_byte(text, '\n');
    size_t mark = bytes_find(bytes_from(text, 11), bytes_of_text("-----"));
    size_t name = bytes_find(bytes_from(text, 11), bytes_of_text("PRIVATE KEY"));
    if (mark + 16 > text.size || name > mark || mark + 11 > end) {
        return false;
    }
    keep(redaction, 11 + mark + 5);
    struct bytes body = rest_of(redaction);
    take_out(redaction, bytes_find(body, bytes_of_text("-----END ")));
    return true;
}

/* `scheme://user:secret@` */
static bool take_credentials(struct redaction *redaction)
{
    struct bytes text = rest_of(redaction);
    if (!bytes_starts(text, "://")) {
        return false;
    }
    struct bytes authority = bytes_part(text, 3, bare_size(bytes_from(text, 3), "/?#\"'<>"));
    size_t at = authority.size;
    while (at > 0 && authority.data[at - 1] != '@') {
        at--;
    }
    if (at == 0) {
        return false;
    }
    struct bytes user = bytes_part(authority, 0, at - 1);
    size_t colon = bytes_find_byte(user, ':');
    bool has_password = colon < user.size;
    /* A name alone before the "@" is often a token. */
    keep(redaction, 3 + (has_password ? colon + 1 : 0));
    if (has_password || user.size >= 20) {
        take_out(redaction, has_password ? user.size - colon - 1 : user.size);
    }
    return true;
}

struct shape {
    const char *prefix;
    size_t size_min; /* of all of it */
};

/* Tokens that say what they are. */
static const struct shape shapes[] = {
    {"AKIA", 20},
    {"ASIA", 20},
    {"ghp_", 20},
    {"gho_", 20},
    {"ghu_", 20},
    {"ghs_", 20},
    {"github_pat_", 30},
    {"glpat-", 20},
    {"xoxb-", 20},
    {"xoxp-", 20},
    {"xoxa-", 20},
    {"xoxs-", 20},
    {"sk_live_", 16},
    {"rk_live_", 16},
    {"sk-", 24},
    {"AIza", 35},
    {"npm_", 30},
    {"hf_", 30},
    {"SG.", 40},
    {"eyJ", 30},
    {"dop_v1_", 40},
    {"pypi-", 40},
    {"AGE-SECRET-KEY-", 40},
};

/* Of passwords that are kept hashed: crypt(5). */
static const char *const hashes[] = {"$1$",        "$5$",       "$6$",    "$y$",
                                     "$2a$",       "$2b$",      "$2y$",   "$gy$",
                                     "$argon2id$", "$argon2i$", "$apr1$", "$7$"};

static size_t token_size(struct bytes text)
{
    size_t size = 0;
    while (size < text.size && is_base64(text.data[size])) {
        size++;
    }
    return size;
}

/* The prefix is asked for first: whatever is counted at each byte of a long run is quadratic.
 */
static bool take_token(struct redaction *redaction)
{
    struct bytes text = rest_of(redaction);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        size_t size = bytes_starts(text, shapes[i].prefix) ? token_size(text) : 0;
        if (size > 0 && size >= shapes[i].size_min) {
            take_out(redaction, size);
            return true;
        }
    }
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
        if (!bytes_starts(text, hashes[i])) {
            continue;
        }
        size_t hash = bare_size(text, ":\"',;");
        if (hash >= strlen(hashes[i]) + WORD_MIN) {
            take_out(redaction, hash);
            return true;
        }
    }
    return false;
}

/* A line of nothing but base64, as in the middle of a key whose head was cut off. */
static bool take_key_line(struct redaction *redaction)
{
    struct bytes text = rest_of(redaction);
    struct bytes line = bytes_trim(bytes_part(text, 0, bytes_find_byte(text, '\n')));
    if (line.size < PEM_LINE_MIN || line.size > 80 || line.data != text.data) {
        return false;
    }
    for (size_t i = 0; i < line.size; i++) {
        if (!is_base64(line.data[i]) || line.data[i] == '-' || line.data[i] == '.') {
            return false;
        }
    }
    take_out(redaction, line.size);
    return true;
}

/* ---- options of programs ---- */

enum secret_form {
    FORM_JOINED,  /* -psecret */
    FORM_NEXT,    /* -p secret, or -psecret */
    FORM_USER,    /* -u name:secret */
    FORM_PERCENT, /* -U name%secret */
};

struct secret_option {
    const char *programs; /* between spaces */
    const char *option;
    enum secret_form form;
};

static const struct secret_option options[] = {
    {" mysql mysqldump mysqladmin mariadb mariadb-dump mysqlimport mycli ", "-p", FORM_JOINED},
    {" sshpass login mongo mongosh mongodump hydra medusa useradd usermod ", "-p", FORM_NEXT},
    {" curl wget http https aria2c ", "-u", FORM_USER},
    {" curl wget ", "--user", FORM_USER},
    {" curl ", "-U", FORM_USER},
    {" curl ", "--proxy-user", FORM_USER},
    {" smbclient rpcclient net winexe smbmap crackmapexec ", "-U", FORM_PERCENT},
    {" ldapsearch ldapadd ldapmodify ldapdelete ldappasswd ldapwhoami ", "-w", FORM_NEXT},
    {" redis-cli ", "-a", FORM_NEXT},
    {" sqlcmd bcp isql ", "-P", FORM_NEXT},
    {" plink pscp psftp ", "-pw", FORM_NEXT},
    {" openssl ", "-passin", FORM_NEXT},
    {" openssl ", "-passout", FORM_NEXT},
    {" openssl ", "-pass", FORM_NEXT},
    {" openssl ", "-k", FORM_NEXT},
    {" openssl ", "-K", FORM_NEXT},
    {" zip unzip 7z 7za rar unrar ", "-P", FORM_NEXT},
    {" 7z 7za rar unrar ", "-p", FORM_JOINED},
    {" ipmitool ", "-P", FORM_NEXT},
    {" snmpwalk snmpget snmpset ", "-c", FORM_NEXT},
    {" xfreerdp ", "/p:", FORM_JOINED},
};

static bool has_program(const struct secret_option *option, struct bytes name)
{
    AUTO(text_done) struct text padded = text_of_limit(KEY_SIZE_MAX + 2);
    text_add_byte(&padded, ' ');
    text_add_raw(&padded, name);
    text_add_byte(&padded, ' ');
    return name.size > 0 && text_status(&padded) == STATUS_OK &&
           bytes_find(bytes_of_text(option->programs), text_bytes(&padded)) <
               strlen(option->programs);
}

/* The program a word names: `/usr/bin/mysql`, `COMMAND=/usr/bin/mysql`, `(mysql`. */
static void note_program(struct redaction *redaction, struct bytes word)
{
    size_t equals = bytes_find_byte(word, '=');
    struct bytes name =
        shell_base_name(equals < word.size ? bytes_from(word, equals + 1) : word);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (has_program(&options[i], name)) {
            redaction->program = name;
        }
    }
}

/* `name:secret` or `name%secret`, quoted or not. */
static void take_behind(struct redaction *redaction, uint8_t mark)
{
    struct bytes text = rest_of(redaction);
    size_t quote = quote_size(text);
    struct bytes value = bytes_from(text, quote);
    size_t size =
        quote > 0 ? quoted_size(value, bytes_part(text, 0, quote)) : bare_size(value, ";|&)");
    size_t at = bytes_find_byte(bytes_part(value, 0, size), mark);
    keep(redaction, quote + (at < size ? at + 1 : size));
    take_out(redaction, at < size ? size - at - 1 : 0);
}

static void take_option_value(struct redaction *redaction, enum secret_form form)
{
    switch (form) {
    case FORM_JOINED:
    case FORM_NEXT:
        take_value(redaction, ";|&)<>");
        break;
    case FORM_USER:
        take_behind(redaction, ':');
        break;
    case FORM_PERCENT:
        take_behind(redaction, '%');
        break;
    }
}

/* The value of an option that holds a secret, joined to it or the next word. */
static bool take_option(struct redaction *redaction)
{
    struct bytes text = rest_of(redaction);
    struct bytes word = bytes_part(text, 0, bare_size(text, ";|&)<>"));
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const struct secret_option *option = &options[i];
        size_t size = strlen(option->option);
        if (!bytes_starts(word, option->option) || !has_program(option, redaction->program)) {
            continue;
        }
        bool is_joined = word.size > size;
        bool may_join = option->form == FORM_JOINED || size == 2 || byte_at(word, size) == '=';
        if (is_joined ? !may_join : option->form == FORM_JOINED) {
            continue;
        }
        keep(redaction, size + (is_joined && byte_at(word, size) == '='));
        while (byte_at(rest_of(redaction), 0) == ' ') {
            keep(redaction, 1);
        }
        take_option_value(redaction, option->form);
        return true;
    }
    return false;
}

/* `echo name:secret | chpasswd`: what is printed into a program that takes a secret so. */
static bool take_printed(struct redaction *redaction, struct bytes word)
{
    static const char *const takers[] = {"chpasswd",       "passwd",  "sudo -S", "cryptsetup",
                                         "password-stdin", "openssl", "faillog"};
    struct bytes name = shell_base_name(word);
    if (!bytes_equal_text(name, "echo") && !bytes_equal_text(name, "printf")) {
        return false;
    }
    struct bytes line = rest_of(redaction);
    line = bytes_part(line, 0, bytes_find_byte(line, '\n'));
    size_t pipe = bytes_find_byte(line, '|');
    bool is_taken = false;
    for (size_t i = 0; i < sizeof takers / sizeof *takers; i++) {
        is_taken = is_taken || bytes_contains(bytes_from(line, pipe), takers[i]);
    }
    struct bytes said = bytes_trim(bytes_part(line, word.size, pipe - word.size));
    if (!is_taken || pipe == line.size || said.size == 0) {
        return false;
    }
    keep(redaction, word.size);
    while (is_blank(byte_at(rest_of(redaction), 0))) {
        keep(redaction, 1);
    }
    take_out(redaction, said.size);
    return true;
}

/* What starts a word of a command. */
static bool take_word(struct redaction *redaction)
{
    struct bytes text = rest_of(redaction);
    struct bytes word = bytes_part(text, 0, bare_size(text, ";|&()<>`\"'"));
    if (take_option(redaction) || take_printed(redaction, word)) {
        return true;
    }
    note_program(redaction, word);
    return false;
}

/* ---- all of it ---- */

static void step(struct redaction *redaction)
{
    uint8_t here = redaction->theirs.data[redaction->at];
    uint8_t before = redaction->at == 0 ? '\n' : redaction->theirs.data[redaction->at - 1];
    bool starts_line = before == '\n';
    bool starts_word = is_blank(before) || strchr(";|&(`\"'", before) != NULL;
    if (here == ';' || here == '|' || here == '\n') {
        redaction->program = BYTES_NONE;
    }
    if ((starts_line && take_key_line(redaction)) || take_private_key(redaction) ||
        take_credentials(redaction) || (starts_word && take_word(redaction))) {
        return;
    }
    if (!is_word(before) &&
        (take_header(redaction) || take_assignment(redaction) || take_token(redaction))) {
        return;
    }
    keep(redaction, 1);
}

enum status redact_secrets(struct bytes theirs, struct arena *arena, struct bytes *out)
{
    /* Each secret may become a longer word, and none is shorter than a byte. */
    AUTO(text_done) struct text text = text_of_limit((theirs.size + 1) * sizeof REDACTED);
    struct redaction redaction = {.theirs = theirs, .out = &text};
    while (redaction.at < theirs.size) {
        step(&redaction);
    }
    TRY(text_status(&text));
    if (!redaction.is_changed) {
        *out = theirs;
        return STATUS_OK;
    }
    return arena_copy(arena, text_bytes(&text), out);
}
