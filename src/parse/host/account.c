#include "parse/host/account.h"

#include "base/number.h"
#include "parse/log/feed.h"

#define PARTS_MAX 9
#define DAY_SECONDS 86400
#define DAYS_MAX 84006 /* the year 2200 */

static const char what_other[] = "a line has not the form of its file";

struct parts {
    struct bytes of[PARTS_MAX];
    size_t count;
};

static struct parts split(struct bytes line)
{
    struct parts parts = {0};
    while (parts.count < PARTS_MAX) {
        size_t end = bytes_find_byte(line, ':');
        parts.of[parts.count++] = bytes_part(line, 0, end);
        if (end == line.size) {
            return parts;
        }
        line = bytes_from(line, end + 1);
    }
    parts.count++; /* more than any of these files has */
    return parts;
}

static bool is_number(struct bytes text)
{
    uint64_t number;
    return number_decimal_max(text, UINT32_MAX, &number) == STATUS_OK;
}

static bool is_comment(struct bytes line)
{
    return line.data[0] == '#' || line.data[0] == '+' || line.data[0] == '-';
}

static bool is_passwd(const struct parts *parts)
{
    return parts->count == 7 && parts->of[0].size > 0 && is_number(parts->of[2]) &&
           is_number(parts->of[3]);
}

static bool is_shadow(const struct parts *parts)
{
    return parts->count == 9 && parts->of[0].size > 0 &&
           (parts->of[2].size == 0 || is_number(parts->of[2]));
}

static bool is_group(const struct parts *parts)
{
    return parts->count == 4 && parts->of[0].size > 0 && is_number(parts->of[2]);
}

/* ---- passwords ---- */

static const char *state_of(struct bytes password)
{
    if (password.size == 0) {
        return "empty";
    }
    bool is_locked = password.data[0] == '!' || password.data[0] == '*';
    while (password.size > 0 && (password.data[0] == '!' || password.data[0] == '*')) {
        password = bytes_from(password, 1);
    }
    if (is_locked) {
        return password.size > 0 && password.data[0] == '$' ? "locked" : "none";
    }
    return "set";
}

/* The prefix of crypt's format, man 5 crypt. */
static const char *method_of(struct bytes password)
{
    static const struct {
        const char *prefix;
        const char *method;
    } methods[] = {
        {"$y$", "yescrypt"}, {"$gy$", "gost-yescrypt"}, {"$7$", "scrypt"},
        {"$2", "bcrypt"},    {"$6$", "sha512crypt"},    {"$5$", "sha256crypt"},
        {"$1$", "md5crypt"}, {"$sha1", "sha1crypt"},    {"$md5", "sunmd5"},
        {"$3$", "nthash"},
    };
    while (password.size > 0 && password.data[0] == '!') {
        password = bytes_from(password, 1);
    }
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (bytes_starts(password, methods[i].prefix)) {
            return methods[i].method;
        }
    }
    return password.size == 13 ? "descrypt" : "";
}

static void add_password(struct setting *setting, struct bytes password)
{
    const char *state = state_of(password);
    setting_add(setting, FIELD_PASSWORD_STATE, bytes_of_text(state));
    if (bytes_equal_text(bytes_of_text(state), "set") ||
        bytes_equal_text(bytes_of_text(state), "locked")) {
        setting_add(setting, FIELD_PASSWORD_METHOD, bytes_of_text(method_of(password)));
    }
}

/* ---- settings ---- */

static void make_account(const struct parts *parts, struct setting *out, struct moment *at)
{
    (void)at;
    out->kind = SETTING_ACCOUNT;
    setting_add(out, FIELD_USER_NAME, parts->of[0]);
    setting_add(out, FIELD_USER_ID, parts->of[2]);
    setting_add(out, FIELD_USER_GROUP_ID, parts->of[3]);
    setting_add(out, FIELD_USER_FULL_NAME, parts->of[4]);
    setting_add(out, FIELD_USER_HOME, parts->of[5]);
    setting_add(out, FIELD_USER_SHELL, parts->of[6]);
    if (!bytes_equal_text(parts->of[1], "x")) { /* "x": it is kept in shadow */
        add_password(out, parts->of[1]);
    }
}

static void make_password(const struct parts *parts, struct setting *out, struct moment *at)
{
    uint64_t days = 0;
    out->kind = SETTING_PASSWORD;
    setting_add(out, FIELD_USER_NAME, parts->of[0]);
    add_password(out, parts->of[1]);
    if (number_decimal_max(parts->of[2], DAYS_MAX, &days) == STATUS_OK && days > 0) {
        *at = moment_of_unix((int64_t)days * DAY_SECONDS, 0);
    }
}

static void make_group(const struct parts *parts, struct setting *out, struct moment *at)
{
    (void)at;
    out->kind = SETTING_GROUP;
    setting_add(out, FIELD_GROUP_NAME, parts->of[0]);
    setting_add(out, FIELD_GROUP_ID, parts->of[2]);
    setting_add(out, FIELD_GROUP_MEMBERS, parts->of[3]);
}

/* The fields in a line of ours, for excerpts: the file's own line may hold a password. */
static void add_line(struct text *text, const struct setting *setting)
{
    text_clear(text);
    for (size_t i = 0; i < setting->field_count; i++) {
        text_add(text, i == 0 ? "" : " ");
        text_add_raw(text, setting->fields[i].value);
    }
}

struct form {
    bool (*is)(const struct parts *parts);
    void (*make)(const struct parts *parts, struct setting *out, struct moment *at);
};

static enum status read_lines(struct feed *feed, struct stream *stream, const struct form *form,
                              struct text *excerpt)
{
    for (;;) {
        struct bytes line = BYTES_NONE;
        bool more;
        TRY(feed_line(feed, stream, &line, &more));
        if (!more) {
            return STATUS_OK;
        }
        struct parts parts = split(line);
        struct moment at = {0};
        struct setting setting = {0};
        if (!form->is(&parts)) {
            if (!is_comment(line)) {
                feed_anomaly(feed, what_other);
            }
            continue;
        }
        form->make(&parts, &setting, &at);
        add_line(excerpt, &setting);
        TRY(text_status(excerpt));
        feed->setting_count++;
        TRY(parse_give(feed->parse, &(struct record){
                                        .kind = RECORD_SETTING,
                                        .place = feed_place(feed),
                                        .at = at,
                                        .source = text_bytes(excerpt),
                                        .setting = &setting,
                                    }));
    }
}

static enum status read_form(struct stream *stream, struct parse *parse,
                             const struct form *form)
{
    struct feed feed;
    struct text AUTO(text_done) excerpt = text_of_limit(2 * FEED_LINE_MAX);
    feed_init(&feed, parse);
    enum status status = read_lines(&feed, stream, form, &excerpt);
    feed_finish(&feed);
    return status;
}

static const struct form passwd_form = {is_passwd, make_account};
static const struct form shadow_form = {is_shadow, make_password};
static const struct form group_form = {is_group, make_group};

enum status passwd_read(struct stream *stream, struct parse *parse)
{
    return read_form(stream, parse, &passwd_form);
}

enum status shadow_read(struct stream *stream, struct parse *parse)
{
    return read_form(stream, parse, &shadow_form);
}

enum status group_read(struct stream *stream, struct parse *parse)
{
    return read_form(stream, parse, &group_form);
}

/* ---- what a file is ---- */

/* Most lines have the form, and the file has the name or begins as every such file does. */
static bool matches(const struct sample *sample, const struct form *form, const char *name)
{
    struct cursor cursor = cursor_of(sample->head);
    struct bytes line = BYTES_NONE;
    size_t lines = 0;
    size_t count = 0;
    bool has_root = false;
    while (sample->is_text && lines < IDENTIFY_LINES_MAX && cursor_line(&cursor, &line)) {
        struct parts parts = split(line);
        lines += line.size > 0 && !is_comment(line);
        count += form->is(&parts);
        has_root = has_root || (form->is(&parts) && bytes_starts(line, "root:"));
    }
    struct bytes rest = bytes_from(sample->name, bytes_of_text(name).size);
    bool is_named = bytes_starts(sample->name, name) &&
                    (rest.size == 0 || rest.data[0] == '-' || rest.data[0] == '.');
    return count > 0 && count * 2 > lines && (is_named || has_root);
}

bool passwd_matches(const struct sample *sample)
{
    return matches(sample, &passwd_form, "passwd");
}

bool shadow_matches(const struct sample *sample)
{
    return matches(sample, &shadow_form, "shadow");
}

bool group_matches(const struct sample *sample)
{
    return matches(sample, &group_form, "group");
}
