#include "detect/capability/mention.h"

#include <string.h>

#include "base/number.h"
#include "detect/capability/subject.h"
#include "record/finding.h"

#define NAME_SIZE_MAX 253 /* of a domain name, RFC 1035 */

static void add(struct mentions *mentions, enum entity_kind kind, struct bytes name)
{
    if (name.size == 0 || mentions->count == MENTIONS_MAX) {
        return;
    }
    name = bytes_part(name, 0, ENTITY_SIZE_MAX);
    struct entity entity = {.kind = kind, .name = name};
    for (size_t i = 0; i < mentions->count; i++) {
        if (entity_same(&mentions->list[i], &entity)) {
            return;
        }
    }
    mentions->list[mentions->count++] = entity;
}

static bool is_host_byte(uint8_t c)
{
    return byte_is_letter(c) || byte_is_digit(c) || c == '-' || c == '.' || c == '_';
}

/* ---- hosts ---- */

static bool is_ipv4(struct bytes text)
{
    struct endpoint endpoint;
    return text.size >= 7 && byte_is_digit(text.data[0]) &&
           endpoint_read(text, &endpoint) == STATUS_OK;
}

/* Names with a dot whose last part has a letter; what cannot be looked up is no name. */
static bool is_domain(struct bytes text)
{
    size_t last_dot = text.size;
    for (size_t i = 0; i < text.size; i++) {
        if (!is_host_byte(text.data[i]) || text.data[i] == '_') {
            return false;
        }
        last_dot = text.data[i] == '.' ? i : last_dot;
    }
    return text.size <= NAME_SIZE_MAX && last_dot + 2 < text.size && last_dot > 0 &&
           byte_is_letter(text.data[last_dot + 1]) && text.data[0] != '-' &&
           text.data[0] != '.';
}

static struct bytes lower_case(struct mentions *mentions, struct bytes text)
{
    if (text.size > MENTION_SCRATCH_SIZE - mentions->scratch_used) {
        return BYTES_NONE;
    }
    uint8_t *copy = &mentions->scratch[mentions->scratch_used];
    bool changed = false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        copy[i] = c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
        changed |= copy[i] != c;
    }
    if (!changed) {
        return text;
    }
    mentions->scratch_used += text.size;
    return (struct bytes){copy, text.size};
}

static void add_host(struct mentions *mentions, struct bytes host)
{
    while (host.size > 0 && host.data[host.size - 1] == '.') {
        host.size--;
    }
    if (is_ipv4(host)) {
        add(mentions, ENTITY_ADDRESS, host);
    } else if (is_domain(host)) {
        add(mentions, ENTITY_NAME, lower_case(mentions, host));
    }
}

/* ---- what stands in a word ---- */

static bool ends_url(uint8_t c)
{
    return c <= ' ' || c == '"' || c == '\'' || c == '`' || c == ')' || c == '>' || c == '<' ||
           c == '|' || c == ';' || c == '\\' || c >= 0x7f;
}

/* The authority of a URL: without an account before it and a port after it. */
static struct bytes host_of(struct bytes authority)
{
    size_t at = bytes_find_byte(authority, '@');
    if (at < authority.size) {
        authority = bytes_from(authority, at + 1);
    }
    size_t end = 0;
    while (end < authority.size && is_host_byte(authority.data[end])) {
        end++;
    }
    return bytes_part(authority, 0, end);
}

static void add_urls(struct mentions *mentions, struct bytes word)
{
    static const char sign[] = "://";
    for (;;) {
        size_t colon = bytes_find(word, bytes_of_text(sign));
        if (colon == word.size) {
            return;
        }
        size_t start = colon;
        while (start > 0 && byte_is_letter(word.data[start - 1])) {
            start--;
        }
        size_t end = colon + 3;
        while (end < word.size && !ends_url(word.data[end])) {
            end++;
        }
        struct bytes rest = bytes_part(word, colon + 3, end - colon - 3);
        if (colon - start >= 3 && rest.size > 0) {
            add(mentions, ENTITY_URL, bytes_part(word, start, end - start));
            add_host(mentions, host_of(bytes_part(rest, 0, bytes_find_byte(rest, '/'))));
        }
        word = bytes_from(word, end);
    }
}

/* /dev/tcp/HOST/PORT, which bash opens as a connection. */
static void add_device(struct mentions *mentions, struct bytes word)
{
    static const char *const devices[] = {"/dev/tcp/", "/dev/udp/"};
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        size_t at = bytes_find(word, bytes_of_text(devices[i]));
        if (at < word.size) {
            struct bytes rest = bytes_from(word, at + strlen(devices[i]));
            add_host(mentions, bytes_part(rest, 0, bytes_find_byte(rest, '/')));
        }
    }
}

/* Dotted addresses anywhere in the word, between bytes that cannot belong to one. */
static void add_addresses(struct mentions *mentions, struct bytes word)
{
    for (size_t i = 0; i < word.size; i++) {
        bool begins =
            byte_is_digit(word.data[i]) && (i == 0 || !is_host_byte(word.data[i - 1]));
        if (!begins) {
            continue;
        }
        size_t end = i;
        while (end < word.size && (byte_is_digit(word.data[end]) || word.data[end] == '.')) {
            end++;
        }
        struct bytes text = bytes_part(word, i, end - i);
        if ((end == word.size || !is_host_byte(word.data[end])) && is_ipv4(text)) {
            add(mentions, ENTITY_ADDRESS, text);
        }
        i = end;
    }
}

/* account@host, as ssh and scp take it. */
static void add_login(struct mentions *mentions, struct bytes word)
{
    size_t at = bytes_find_byte(word, '@');
    if (at == 0 || at + 1 >= word.size || bytes_find_byte(word, '/') < at ||
        bytes_find_byte(word, ' ') < word.size) {
        return;
    }
    add_host(mentions, host_of(bytes_from(word, at + 1)));
}

static bool is_path(struct bytes word)
{
    if (!bytes_starts(word, "/") && !bytes_starts(word, "./") && !bytes_starts(word, "~/") &&
        !bytes_starts(word, "$HOME/")) {
        return false;
    }
    for (size_t i = 0; i < word.size; i++) {
        uint8_t c = word.data[i];
        if (c <= ' ' || c == '*' || c == '(' || c == '|' || c == ';' || c == '\'' || c == '"' ||
            c == '`' || (c == '$' && i > 0)) {
            return false;
        }
    }
    return word.size > 2 && !bytes_equal_text(word, "/dev/null");
}

static void add_word(struct mentions *mentions, struct bytes word)
{
    word = bytes_part(word, 0, ENTITY_SIZE_MAX);
    add_urls(mentions, word);
    add_addresses(mentions, word);
    if (bytes_find_byte(word, '/') < word.size) {
        add_device(mentions, word);
    }
    add_login(mentions, word);
    if (is_path(word) && !bytes_starts(word, "/dev/tcp/") && !bytes_starts(word, "/dev/udp/")) {
        add(mentions, ENTITY_FILE, word);
    }
}

/* ---- what a command says by its program ---- */

static bool is_account_name(struct bytes word)
{
    for (size_t i = 0; i < word.size; i++) {
        uint8_t c = word.data[i];
        if (!byte_is_letter(c) && !byte_is_digit(c) && c != '-' && c != '_' && c != '.') {
            return false;
        }
    }
    return word.size > 0 && word.size <= 32 &&
           (byte_is_letter(word.data[0]) || word.data[0] == '_');
}

static void add_account(struct mentions *mentions, const struct shell_command *command,
                        size_t at)
{
    static const char *const programs[] = {"useradd", "adduser", "usermod",
                                           "userdel", "deluser", "passwd"};
    struct bytes name = shell_base_name(command->words[at].text);
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        struct bytes last = command->words[command->word_count - 1].text;
        if (bytes_equal_text(name, programs[i]) && command->word_count > at + 1 &&
            is_account_name(last)) {
            add(mentions, ENTITY_ACCOUNT, last);
        }
    }
    size_t from = at + 1;
    struct bytes value;
    if (bytes_equal_text(name, "crontab") &&
        subject_next_value(command, bytes_of_text("-u"), &from, &value) &&
        is_account_name(value)) {
        add(mentions, ENTITY_ACCOUNT, value);
    }
}

/* Programs whose operands are hosts, though nothing about the word says so. */
static void add_operands(struct mentions *mentions, const struct shell_command *command,
                         size_t at)
{
    static const char *const programs[] = {"nc",  "ncat", "netcat", "telnet",  "ssh",
                                           "dig", "ping", "host",   "nslookup"};
    static const char *const fetchers[] = {"curl", "wget"};
    struct bytes name = subject_plain_name(shell_base_name(command->words[at].text));
    bool takes_host = false;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        takes_host |= bytes_equal_text(name, programs[i]);
    }
    bool fetches = bytes_equal_text(name, fetchers[0]) || bytes_equal_text(name, fetchers[1]);
    for (size_t i = at + 1; (takes_host || fetches) && i < command->word_count; i++) {
        struct bytes word = command->words[i].text;
        size_t slash = bytes_find_byte(word, '/');
        bool has_path = slash > 0 && slash < word.size && bytes_find_byte(word, ':') > slash;
        if (takes_host ? slash == word.size : has_path) {
            add_host(mentions, host_of(bytes_part(word, 0, slash)));
        }
    }
}

static void mention_command(struct mentions *mentions, const struct shell_command *command)
{
    for (size_t i = 0; i < command->word_count; i++) {
        add_word(mentions, command->words[i].text);
    }
    for (size_t i = 0; i < command->assignment_count; i++) {
        struct bytes word = command->assignments[i].text;
        add_word(mentions, bytes_from(word, bytes_find_byte(word, '=') + 1));
    }
    for (size_t i = 0; i < command->redirect_count; i++) {
        if (command->redirects[i].kind != REDIRECT_DUPLICATE) {
            add_word(mentions, command->redirects[i].target.text);
        }
    }
    if (command->is_compound || command->word_count == 0) {
        return;
    }
    size_t at = shell_last_program(command);
    struct bytes saved = subject_saved_file(command, at);
    if (saved.size > 1 && bytes_find_byte(saved, '$') == saved.size) {
        add(mentions, ENTITY_FILE, saved);
    }
    add_account(mentions, command, at);
    add_operands(mentions, command, at);
}

void mention_pipeline(struct mentions *mentions, const struct shell_pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->command_count; i++) {
        mention_command(mentions, &pipeline->commands[i]);
    }
}
