#include "record/site.h"

#include "base/cursor.h"
#include "base/number.h"
#include "record/record.h"

static enum status refuse(struct tree_fault *fault, const struct tree_node *node,
                          const char *what)
{
    *fault = (struct tree_fault){what, node == NULL ? 0 : node->line};
    return STATUS_MALFORMED;
}

enum status zone_read(struct bytes text, int *minutes)
{
    if (bytes_equal_text(text, "Z") || bytes_equal_text_nocase(text, "UTC")) {
        *minutes = 0;
        return STATUS_OK;
    }
    struct cursor cursor = cursor_of(text);
    uint8_t sign = cursor_u8(&cursor);
    uint64_t hours = 0;
    uint64_t rest = 0;
    enum status status = number_decimal_max(cursor_take(&cursor, 2), 14, &hours);
    bool has_colon = cursor_accept(&cursor, ":");
    if (status == STATUS_OK && (has_colon || cursor_left(&cursor) > 0)) {
        status = number_decimal_max(cursor_take(&cursor, 2), 59, &rest);
    }
    if (status != STATUS_OK || (sign != '+' && sign != '-') || cursor_left(&cursor) > 0 ||
        cursor_status(&cursor) != STATUS_OK) {
        return STATUS_MALFORMED;
    }
    *minutes = (sign == '-' ? -1 : 1) * (int)(hours * 60 + rest);
    return STATUS_OK;
}

/* ---- networks and hours ---- */

/* "10.20.0.0/16": an address and how many of its bits count. */
static enum status read_network(struct bytes text, struct endpoint *address, uint64_t *bits)
{
    size_t slash = bytes_find_byte(text, '/');
    TRY(endpoint_read(bytes_part(text, 0, slash), address));
    *bits = (uint64_t)address->address_size * 8;
    return slash == text.size ? STATUS_OK
                              : number_decimal_max(bytes_from(text, slash + 1), *bits, bits);
}

static bool is_within(struct bytes network, const struct endpoint *address)
{
    struct endpoint base;
    uint64_t bits;
    if (read_network(network, &base, &bits) != STATUS_OK ||
        base.address_size != address->address_size) {
        return false;
    }
    for (uint64_t bit = 0; bit < bits; bit++) {
        unsigned shift = 7 - (unsigned)(bit % 8);
        if (((base.address[bit / 8] ^ address->address[bit / 8]) >> shift & 1) != 0) {
            return false;
        }
    }
    return true;
}

/* "07:00-19:00" as minutes of the day. */
static enum status read_hours(struct bytes text, uint64_t *from, uint64_t *to)
{
    struct cursor cursor = cursor_of(text);
    uint64_t parts[4] = {0};
    static const char *const after[] = {":", "-", ":", NULL};
    static const uint64_t most[] = {23, 59, 23, 59};
    for (size_t i = 0; i < 4; i++) {
        TRY(number_decimal_max(cursor_take(&cursor, 2), most[i], &parts[i]));
        if (after[i] != NULL && !cursor_accept(&cursor, after[i])) {
            return STATUS_MALFORMED;
        }
    }
    *from = parts[0] * 60 + parts[1];
    *to = parts[2] * 60 + parts[3];
    return cursor_left(&cursor) == 0 ? cursor_status(&cursor) : STATUS_MALFORMED;
}

/* ---- checks, each of one value ---- */

static bool is_address(const struct tree_node *node)
{
    struct endpoint endpoint;
    return endpoint_read(tree_text(node), &endpoint) == STATUS_OK;
}

static bool is_network(const struct tree_node *node)
{
    struct endpoint address;
    uint64_t bits;
    return read_network(tree_text(node), &address, &bits) == STATUS_OK;
}

static bool is_zone(const struct tree_node *node)
{
    int minutes;
    return zone_read(tree_text(node), &minutes) == STATUS_OK;
}

static bool is_hours(const struct tree_node *node)
{
    uint64_t from;
    uint64_t to;
    return read_hours(tree_text(node), &from, &to) == STATUS_OK;
}

static bool is_importance(const struct tree_node *node)
{
    return tree_text_is(node, "low") || tree_text_is(node, "normal") ||
           tree_text_is(node, "high");
}

static bool is_words(const struct tree_node *node)
{
    return tree_text(node).size > 0;
}

/* What may stand under a key, and what is said where it does not. */
struct key {
    const char *name;
    bool is_list;
    bool (*is_right)(const struct tree_node *node);
    const char *complaint;
};

static const struct key host_keys[] = {
    {"addresses", true, is_address, "this is not an IP address"},
    {"zone", false, is_zone, "a zone is written like \"+01:00\" or \"UTC\""},
    {"purpose", false, is_words, "a purpose is said in words"},
    {"owner", false, is_words, "an owner is said in words"},
    {"importance", false, is_importance, "importance is low, normal or high"},
    {0},
};

static const struct key administrator_keys[] = {
    {"addresses", true, is_address, "this is not an IP address"},
    {"accounts", true, is_words, "an account is a name"},
    {"hours", false, is_hours, "hours are written like \"07:00-19:00\""},
    {"zone", false, is_zone, "a zone is written like \"+01:00\" or \"UTC\""},
    {0},
};

static enum status check_list(const struct tree_node *list, const struct key *key,
                              struct tree_fault *fault)
{
    if (!tree_is(list, TREE_LIST)) {
        return refuse(fault, list, "a list is expected here");
    }
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        if (!key->is_right(child)) {
            return refuse(fault, child, key->complaint);
        }
    }
    return STATUS_OK;
}

static enum status check_map(const struct tree_node *map, const struct key *keys,
                             const char *complaint, struct tree_fault *fault)
{
    if (!tree_is(map, TREE_MAP)) {
        return refuse(fault, map, complaint);
    }
    for (const struct tree_node *child = tree_first(map); child != NULL;
         child = tree_next(map, child)) {
        const struct key *key = keys;
        while (key->name != NULL && !bytes_equal_text(child->key, key->name)) {
            key++;
        }
        if (key->name == NULL) {
            return refuse(fault, child, complaint);
        }
        if (key->is_list) {
            TRY(check_list(child, key, fault));
        } else if (!key->is_right(child)) {
            return refuse(fault, child, key->complaint);
        }
    }
    return STATUS_OK;
}

static enum status check_hosts(const struct tree_node *hosts, struct tree_fault *fault)
{
    if (!tree_is(hosts, TREE_MAP)) {
        return refuse(fault, hosts, "hosts must be a map of names");
    }
    if (tree_child_count(hosts) > SITE_HOSTS_MAX) {
        return refuse(fault, hosts, "too many hosts");
    }
    for (const struct tree_node *host = tree_first(hosts); host != NULL;
         host = tree_next(hosts, host)) {
        TRY(check_map(host, host_keys,
                      "a host is a map of addresses, zone, purpose, owner and importance",
                      fault));
    }
    return STATUS_OK;
}

static enum status check_networks(const struct tree_node *networks, struct tree_fault *fault)
{
    static const struct key key = {
        .is_list = true,
        .is_right = is_network,
        .complaint = "a network is written like 10.20.0.0/16",
    };
    if (tree_child_count(networks) > SITE_NETWORKS_MAX) {
        return refuse(fault, networks, "too many networks");
    }
    return check_list(networks, &key, fault);
}

static enum status check_scanners(const struct tree_node *scanners, struct tree_fault *fault)
{
    static const struct key key = {
        .is_list = true,
        .is_right = is_address,
        .complaint = "this is not an IP address",
    };
    return check_list(scanners, &key, fault);
}

enum status site_read(const struct tree_node *document, struct site *out,
                      struct tree_fault *fault)
{
    if (!tree_is(document, TREE_MAP)) {
        return refuse(fault, document, "a site file must be a map");
    }
    struct site site = {0};
    for (const struct tree_node *child = tree_first(document); child != NULL;
         child = tree_next(document, child)) {
        if (bytes_equal_text(child->key, "hosts")) {
            site.hosts = child;
            TRY(check_hosts(child, fault));
        } else if (bytes_equal_text(child->key, "networks")) {
            site.networks = child;
            TRY(check_networks(child, fault));
        } else if (bytes_equal_text(child->key, "administrators")) {
            site.administrators = child;
            TRY(check_map(child, administrator_keys,
                          "administrators are a map of addresses, accounts, hours and zone",
                          fault));
        } else if (bytes_equal_text(child->key, "scanners")) {
            site.scanners = child;
            TRY(check_scanners(child, fault));
        } else {
            return refuse(fault, child,
                          "a site file has hosts, networks, administrators and scanners only");
        }
    }
    *out = site;
    return STATUS_OK;
}

/* ---- questions ---- */

const struct tree_node *site_host(const struct site *site, struct bytes name)
{
    return tree_member_bytes(site->hosts, name);
}

bool site_host_zone(const struct tree_node *host, int *minutes)
{
    return zone_read(tree_text(tree_member(host, "zone")), minutes) == STATUS_OK;
}

struct bytes site_host_purpose(const struct tree_node *host)
{
    return tree_text(tree_member(host, "purpose"));
}

struct bytes site_host_owner(const struct tree_node *host)
{
    return tree_text(tree_member(host, "owner"));
}

bool site_host_is_important(const struct tree_node *host)
{
    return tree_text_is(tree_member(host, "importance"), "high");
}

static bool is_listed(const struct tree_node *list, struct bytes text)
{
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        if (bytes_equal(tree_text(child), text)) {
            return true;
        }
    }
    return false;
}

bool site_is_own(const struct site *site, struct bytes address)
{
    struct endpoint endpoint;
    if (endpoint_read(address, &endpoint) != STATUS_OK) {
        return false;
    }
    for (const struct tree_node *network = tree_first(site->networks); network != NULL;
         network = tree_next(site->networks, network)) {
        if (is_within(tree_text(network), &endpoint)) {
            return true;
        }
    }
    for (const struct tree_node *host = tree_first(site->hosts); host != NULL;
         host = tree_next(site->hosts, host)) {
        if (is_listed(tree_member(host, "addresses"), address)) {
            return true;
        }
    }
    return false;
}

bool site_is_scanner(const struct site *site, struct bytes address)
{
    return is_listed(site->scanners, address);
}

bool site_is_administrator(const struct site *site, struct bytes address)
{
    return is_listed(tree_member(site->administrators, "addresses"), address);
}

bool site_is_administrator_account(const struct site *site, struct bytes account)
{
    return is_listed(tree_member(site->administrators, "accounts"), account);
}

bool site_is_working_hour(const struct site *site, struct moment at)
{
    const struct tree_node *hours = tree_member(site->administrators, "hours");
    uint64_t from;
    uint64_t to;
    if (read_hours(tree_text(hours), &from, &to) != STATUS_OK) {
        return hours == NULL;
    }
    if (!at.is_known) {
        return false;
    }
    int zone = 0;
    IGNORE(zone_read(tree_text(tree_member(site->administrators, "zone")), &zone),
           "hours without a zone are UTC");
    int64_t day_ns = (at.ns + zone * MOMENT_MINUTE_NS) % MOMENT_DAY_NS;
    day_ns = day_ns < 0 ? day_ns + MOMENT_DAY_NS : day_ns;
    uint64_t minute = (uint64_t)(day_ns / MOMENT_MINUTE_NS);
    return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

bool site_has(const struct site *site, struct bytes subject)
{
    return site_host(site, subject) != NULL ||
           (bytes_equal_text(subject, "networks") && site->networks != NULL) ||
           (bytes_equal_text(subject, "administrators") && site->administrators != NULL) ||
           (bytes_equal_text(subject, "scanners") && site->scanners != NULL);
}
