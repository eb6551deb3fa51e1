#include "explain/indicator.h"

#include "base/number.h"
#include "explain/cite.h"
#include "record/endpoint.h"
#include "record/quote.h"

#define SHOWN_MAX 300
#define NAME_SIZE_MAX 253 /* of a name in DNS */
#define KEY_MAX 20        /* letters of the name of a key */

static bool is_hex_run(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (number_hex_digit(text.data[i]) < 0) {
            return false;
        }
    }
    return text.size > 0;
}

/* ---- addresses ---- */

/* What the registries say of a range, the narrower first. */
struct range {
    const char *first;
    unsigned bits;
    const char *id; /* of the phrase, after "address." */
};

static const struct range ranges[] = {
    {"192.0.2.0", 24, "documentation"},
    {"198.51.100.0", 24, "documentation"},
    {"203.0.113.0", 24, "documentation"},
    {"2001:db8::", 32, "documentation"},
    {"127.0.0.0", 8, "loopback"},
    {"::1", 128, "loopback"},
    {"169.254.0.0", 16, "link"},
    {"fe80::", 10, "link"},
    {"10.0.0.0", 8, "private"},
    {"172.16.0.0", 12, "private"},
    {"192.168.0.0", 16, "private"},
    {"fc00::", 7, "private"},
    {"100.64.0.0", 10, "carrier"},
    {"224.0.0.0", 4, "many"},
    {"ff00::", 8, "many"},
    {"255.255.255.255", 32, "many"},
    {"0.0.0.0", 8, "any"},
    {"::", 128, "any"},
};

static bool is_within(const struct endpoint *endpoint, const struct range *range)
{
    struct endpoint first;
    if (endpoint_read(bytes_of_text(range->first), &first) != STATUS_OK ||
        first.address_size != endpoint->address_size) {
        return false;
    }
    for (unsigned i = 0; i < range->bits; i++) {
        unsigned mask = 0x80U >> (i % 8);
        if ((first.address[i / 8] & mask) != (endpoint->address[i / 8] & mask)) {
            return false;
        }
    }
    return true;
}

static const char *range_of(const struct endpoint *endpoint)
{
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (is_within(endpoint, &ranges[i])) {
            return ranges[i].id;
        }
    }
    return "internet";
}

/* "192.0.2.7", "[2001:db8::1]:443", "192.0.2.7:443", "192.0.2.0/24". */
struct address {
    struct endpoint endpoint;
    struct bytes port;
    struct bytes bits;
};

static bool read_address(struct bytes text, struct address *out)
{
    uint64_t number = 0;
    struct bytes address = text;
    *out = (struct address){0};
    size_t slash = bytes_find_byte(text, '/');
    size_t colon = bytes_find_byte(text, ':');
    if (slash < text.size) {
        out->bits = bytes_from(text, slash + 1);
        address = bytes_part(text, 0, slash);
    } else if (text.size > 0 && text.data[0] == '[') {
        size_t end = bytes_find_byte(text, ']');
        address = bytes_part(text, 1, end - 1);
        out->port = bytes_from(text, end + 2);
        if (end + 1 < text.size && text.data[end + 1] != ':') {
            return false;
        }
    } else if (bytes_count(text, ':') == 1) {
        out->port = bytes_from(text, colon + 1);
        address = bytes_part(text, 0, colon);
    }
    bool is_right = endpoint_read(address, &out->endpoint) == STATUS_OK;
    bool has_port = out->port.size > 0;
    bool has_bits = out->bits.size > 0 || slash < text.size;
    return is_right &&
           (!has_port || number_decimal_max(out->port, 65535, &number) == STATUS_OK) &&
           (!has_bits || number_decimal_max(out->bits, 8U * out->endpoint.address_size,
                                            &number) == STATUS_OK);
}

static enum status say_address(const struct address *address, struct draft *draft,
                               struct slots *slots, const struct basis *basis)
{
    AUTO(text_done) struct text text = text_of_limit(SHOWN_MAX);
    text_add_quoted(&text, address->port, 8);
    slots_set(slots, "port", &text);
    text_clear(&text);
    text_add_quoted(&text, address->bits, 8);
    slots_set(slots, "bits", &text);
    slots_set_text(slots, "family", address->endpoint.address_size == 4 ? "IPv4" : "IPv6");
    TRY(draft_say(draft, address->bits.size > 0 ? "network" : "address", slots, basis, NULL));
    return draft_say_of(draft, "address", range_of(&address->endpoint), slots, basis);
}

/* ---- names ---- */

/* Labels of letters, digits and hyphens, the last of letters. */
static bool is_host_name(struct bytes name)
{
    size_t label = 0;
    size_t labels = 1;
    bool last_has_digit = false;
    for (size_t i = 0; i < name.size; i++) {
        uint8_t byte = name.data[i];
        if (byte == '.') {
            if (label == 0) {
                return false;
            }
            label = 0;
            labels++;
            last_has_digit = false;
            continue;
        }
        if (!byte_is_letter(byte) && !byte_is_digit(byte) && byte != '-' && byte != '_') {
            return false;
        }
        label++;
        last_has_digit |= byte_is_digit(byte);
    }
    return labels > 1 && label > 1 && label <= 24 && !last_has_digit &&
           name.size <= NAME_SIZE_MAX;
}

/* Endings under which names are given out, and which no kind of file has. */
static bool has_known_ending(struct bytes name)
{
    static const char *const endings[] = {
        "com",      "org",   "net",     "edu",     "gov",   "mil",   "int",    "info", "biz",
        "dev",      "app",   "io",      "eu",      "uk",    "de",    "fr",     "nl",   "be",
        "ch",       "at",    "it",      "es",      "pt",    "se",    "no",     "dk",   "fi",
        "cz",       "hu",    "ro",      "bg",      "gr",    "tr",    "ru",     "ua",   "cn",
        "jp",       "kr",    "in",      "au",      "nz",    "br",    "mx",     "ar",   "us",
        "ca",       "tv",    "me",      "xyz",     "top",   "site",  "online", "club", "shop",
        "icu",      "test",  "example", "invalid", "local", "onion", "arpa",   "lan",  "home",
        "internal", "cloud", "live",    "pro",
    };
    struct bytes ending = bytes_after_last(name, '.');
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (bytes_equal_text_nocase(ending, endings[i])) {
            return true;
        }
    }
    return false;
}

static bool is_mail(struct bytes text)
{
    size_t at = bytes_find_byte(text, '@');
    for (size_t i = 0; i < at && i < text.size; i++) {
        if (text.data[i] <= ' ' || text.data[i] == '/' || text.data[i] == ':' ||
            text.data[i] == '"' || text.data[i] >= 0x7f) {
            return false;
        }
    }
    return at > 0 && at < text.size && is_host_name(bytes_from(text, at + 1));
}

/* ---- numbers ---- */

static const char *hash_of(struct bytes text)
{
    static const struct {
        size_t size;
        const char *name;
    } rows[] = {{32, "MD5"},     {40, "SHA-1"},   {56, "SHA-224"},
                {64, "SHA-256"}, {96, "SHA-384"}, {128, "SHA-512"}};
    for (size_t i = 0; is_hex_run(text) && i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].size == text.size) {
            return rows[i].name;
        }
    }
    return NULL;
}

/* "x" stands for a digit of a hexadecimal number; all else for itself, "-" for ":" too. */
static bool has_form(struct bytes text, const char *form)
{
    size_t i = 0;
    for (; form[i] != '\0' && i < text.size; i++) {
        bool fits = form[i] == 'x'   ? number_hex_digit(text.data[i]) >= 0
                    : form[i] == ':' ? text.data[i] == ':' || text.data[i] == '-'
                                     : text.data[i] == (uint8_t)form[i];
        if (!fits) {
            return false;
        }
    }
    return form[i] == '\0' && i == text.size;
}

static bool is_object_number(struct bytes text)
{
    return has_form(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx") ||
           has_form(text, "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}");
}

static bool is_registry(struct bytes text)
{
    static const char *const hives[] = {"HKLM",
                                        "HKCU",
                                        "HKCR",
                                        "HKU",
                                        "HKCC",
                                        "HKEY_LOCAL_MACHINE",
                                        "HKEY_CURRENT_USER",
                                        "HKEY_CLASSES_ROOT",
                                        "HKEY_USERS"};
    struct bytes hive = bytes_part(text, 0, bytes_find_byte(text, '\\'));
    hive.size -= hive.size > 0 && hive.data[hive.size - 1] == ':';
    for (size_t i = 0; hive.size < text.size && i < sizeof hives / sizeof *hives; i++) {
        if (bytes_equal_text_nocase(hive, hives[i])) {
            return true;
        }
    }
    return false;
}

/* "<Ctrl c>", "<q>": nothing but keys, as documentation writes them. */
static bool is_keys(struct bytes text)
{
    size_t inside = 0;
    bool is_open = false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];
        bool opens = byte == '<' && !is_open;
        bool closes = byte == '>' && is_open && inside > 0;
        if (!opens && !closes && (!is_open || byte < ' ' || byte == '<' || inside > KEY_MAX)) {
            return false;
        }
        inside = opens ? 0 : inside + 1;
        is_open = opens || (is_open && !closes);
    }
    return text.size > 2 && !is_open;
}

/* The phrase for what has no parts to tell; NULL where it is nothing of that kind. */
static const char *phrase_of(struct bytes text, struct slots *slots)
{
    const char *hash = hash_of(text);
    if (hash != NULL) {
        slots_set_text(slots, "hash", hash);
        return "hash";
    }
    if (has_form(text, "xx:xx:xx:xx:xx:xx")) {
        return "card";
    }
    if (is_object_number(text)) {
        return "object";
    }
    if (is_keys(text)) {
        return "keys";
    }
    if (is_mail(text)) {
        return "mail";
    }
    if (is_host_name(text) && has_known_ending(text)) {
        return "name";
    }
    return is_registry(text) ? "registry" : NULL;
}

enum status indicator_explain(struct bytes text, struct draft *draft, bool *is_said)
{
    struct bytes name = bytes_trim(text);
    struct slots slots = {.arena = draft->arena};
    struct basis basis = {0};
    struct address address;
    *is_said = false;
    if (name.size == 0 || name.size > SHOWN_MAX ||
        (bytes_find_byte(name, ' ') < name.size && !is_registry(name) && !is_keys(name)) ||
        bytes_find_byte(name, '\n') < name.size) {
        return STATUS_OK;
    }
    cite_text(&basis, 0, 0, text.size);
    AUTO(text_done) struct text shown = text_of_limit(SHOWN_MAX * 8);
    quote_add_text(&shown, name, SHOWN_MAX);
    slots_set(&slots, "text", &shown);
    if (read_address(name, &address)) {
        *is_said = true;
        return say_address(&address, draft, &slots, &basis);
    }
    const char *phrase = phrase_of(name, &slots);
    *is_said = phrase != NULL;
    return phrase == NULL ? STATUS_OK : draft_say(draft, phrase, &slots, &basis, NULL);
}
