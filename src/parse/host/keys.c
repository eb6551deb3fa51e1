#include "parse/host/keys.h"

#include "codec/base64.h"
#include "codec/sha256.h"
#include "parse/log/feed.h"
#include "parse/script/shell.h"

static const char what_other[] = "a line is no key";

struct key {
    struct bytes options;
    struct bytes type;
    struct bytes blob;
    struct bytes comment;
};

/* The size of the first word; a space in double quotes does not end it. */
static size_t word_size(struct bytes line)
{
    bool in_quotes = false;
    for (size_t i = 0; i < line.size; i++) {
        uint8_t byte = line.data[i];
        if (byte == '\\' && in_quotes) {
            i++;
        } else if (byte == '"') {
            in_quotes = !in_quotes;
        } else if ((byte == ' ' || byte == '\t') && !in_quotes) {
            return i;
        }
    }
    return line.size;
}

static bool is_type(struct bytes word)
{
    return bytes_starts(word, "ssh-") || bytes_starts(word, "ecdsa-sha2-") ||
           bytes_starts(word, "sk-ssh-") || bytes_starts(word, "sk-ecdsa-");
}

static bool read_key(struct bytes line, struct key *out)
{
    struct key key = {0};
    line = bytes_trim(line);
    size_t size = word_size(line);
    if (!is_type(bytes_part(line, 0, size))) {
        key.options = bytes_part(line, 0, size);
        line = bytes_trim(bytes_from(line, size));
        size = bytes_find_byte(line, ' ');
    }
    key.type = bytes_part(line, 0, size);
    line = bytes_trim(bytes_from(line, size));
    size = bytes_find_byte(line, ' ');
    key.blob = bytes_part(line, 0, size);
    key.comment = bytes_trim(bytes_from(line, size));
    *out = key;
    return is_type(key.type) && bytes_starts(key.blob, "AAAA");
}

/* How far a quoted value goes, its quotes included. */
static size_t quoted_size(struct bytes text)
{
    size_t size = 1;
    while (size < text.size && text.data[size] != '"') {
        size += text.data[size] == '\\' && size + 1 < text.size ? 2 : 1;
    }
    return size < text.size ? size + 1 : text.size;
}

/* What stands behind the opening quote of that option: options are a list with commas, their
 * names in any case (sshd(8)). */
static struct bytes find_option(struct bytes options, const char *name)
{
    while (options.size > 0) {
        size_t end = 0;
        while (end < options.size && options.data[end] != '=' && options.data[end] != ',') {
            end++;
        }
        struct bytes word = bytes_part(options, 0, end);
        struct bytes rest = bytes_from(options, end + 1);
        bool has_value = end < options.size && options.data[end] == '=';
        bool is_quoted = has_value && bytes_starts(rest, "\"");
        if (is_quoted && bytes_equal_text_nocase(word, name)) {
            return bytes_from(rest, 1);
        }
        options = is_quoted ? bytes_from(rest, quoted_size(rest)) : rest;
        if (is_quoted && bytes_starts(options, ",")) {
            options = bytes_from(options, 1);
        }
    }
    return BYTES_NONE;
}

/* The text of command="..." with what is escaped in it as it was meant. */
static enum status command_of(struct bytes options, struct arena *batch, struct bytes *out)
{
    struct bytes rest = find_option(options, "command");
    uint8_t *command = arena_take(batch, rest.size);
    size_t size = 0;
    if (command == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < rest.size && rest.data[i] != '"'; i++) {
        bool is_escaped = rest.data[i] == '\\' && i + 1 < rest.size && rest.data[i + 1] == '"';
        i += is_escaped;
        command[size++] = rest.data[i];
    }
    *out = (struct bytes){command, size};
    return STATUS_OK;
}

/* "SHA256:" and the digest in base64 without padding, as OpenSSH writes it. */
static enum status fingerprint_of(struct bytes blob, struct arena *batch, struct bytes *out)
{
    struct bytes decoded;
    enum status status = base64_decode(blob, BASE64_TOLERANT, batch, &decoded);
    if (status != STATUS_OK) {
        *out = BYTES_NONE;
        return status == STATUS_NO_MEMORY ? status : STATUS_OK;
    }
    struct sha256 digest = sha256_of(decoded);
    struct text AUTO(text_done) text = text_of_limit(64);
    text_add(&text, "SHA256:");
    base64_add(&text, (struct bytes){digest.bytes, sizeof digest.bytes}, 0);
    TRY(text_status(&text));
    struct bytes written = text_bytes(&text);
    while (bytes_ends(written, "=")) {
        written.size--;
    }
    return arena_copy(batch, written, out);
}

static enum status give(struct feed *feed, const struct key *key, struct bytes line)
{
    struct arena *batch = feed->parse->batch;
    struct setting setting = {.kind = SETTING_KEY};
    struct bytes fingerprint;
    struct bytes command;
    TRY(fingerprint_of(key->blob, batch, &fingerprint));
    TRY(command_of(key->options, batch, &command));
    setting_add(&setting, FIELD_KEY_TYPE, key->type);
    setting_add(&setting, FIELD_KEY_FINGERPRINT, fingerprint);
    setting_add(&setting, FIELD_KEY_OPTIONS, key->options);
    setting_add(&setting, FIELD_KEY_COMMENT, key->comment);
    setting_add(&setting, FIELD_PROCESS_COMMAND_LINE, command);
    struct record record = {
        .kind = RECORD_SETTING,
        .place = feed_place(feed),
        .source = line,
        .setting = &setting,
    };
    feed->setting_count++;
    TRY(parse_give(feed->parse, &record));
    record.origin = SHELL_SCRIPT;
    return command.size == 0 ? STATUS_OK : shell_parse_line(command, feed->parse, &record);
}

bool keys_matches(const struct sample *sample)
{
    struct cursor cursor = cursor_of(sample->head);
    struct bytes line = BYTES_NONE;
    size_t lines = 0;
    size_t count = 0;
    while (sample->is_text && lines < IDENTIFY_LINES_MAX && cursor_line(&cursor, &line)) {
        struct key key;
        line = bytes_trim(line);
        bool is_said = line.size > 0 && line.data[0] != '#';
        lines += is_said;
        count += is_said && read_key(line, &key);
    }
    return count > 0 && count * 2 >= lines;
}

enum status keys_read(struct stream *stream, struct parse *parse)
{
    struct feed feed;
    feed_init(&feed, parse);
    enum status status = STATUS_OK;
    bool more = true;
    while (status == STATUS_OK && more) {
        struct bytes line = BYTES_NONE;
        struct key key;
        status = feed_line(&feed, stream, &line, &more);
        if (status != STATUS_OK || !more || bytes_starts(bytes_trim(line), "#")) {
            continue;
        }
        if (read_key(line, &key)) {
            status = give(&feed, &key, line);
        } else {
            feed_anomaly(&feed, what_other);
        }
    }
    feed_finish(&feed);
    return status;
}
