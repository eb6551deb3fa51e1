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

static enum status check_addresses(const struct tree_node *list, struct tree_fault *fault)
{
    if (!tree_is(list, TREE_LIST)) {
        return refuse(fault, list, "addresses must be a list");
    }
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        struct endpoint endpoint;
        if (endpoint_read(tree_text(child), &endpoint) != STATUS_OK) {
            return refuse(fault, child, "this is not an IP address");
        }
    }
    return STATUS_OK;
}

static enum status check_host(const struct tree_node *host, struct tree_fault *fault)
{
    if (!tree_is(host, TREE_MAP)) {
        return refuse(fault, host, "a host must be a map");
    }
    for (const struct tree_node *child = tree_first(host); child != NULL;
         child = tree_next(host, child)) {
        int minutes;
        if (bytes_equal_text(child->key, "addresses")) {
            TRY(check_addresses(child, fault));
        } else if (bytes_equal_text(child->key, "zone")) {
            if (zone_read(tree_text(child), &minutes) != STATUS_OK) {
                return refuse(fault, child, "a zone is written like \"+01:00\" or \"UTC\"");
            }
        } else if (bytes_equal_text(child->key, "purpose")) {
            if (tree_text(child).size == 0) {
                return refuse(fault, child, "a purpose is said in words");
            }
        } else {
            return refuse(fault, child, "a host has addresses, zone and purpose only");
        }
    }
    return STATUS_OK;
}

enum status site_read(const struct tree_node *document, struct site *out,
                      struct tree_fault *fault)
{
    if (!tree_is(document, TREE_MAP)) {
        return refuse(fault, document, "a site file must be a map");
    }
    struct site site = {tree_member(document, "hosts"),
                        tree_member(document, "administrators")};
    for (const struct tree_node *child = tree_first(document); child != NULL;
         child = tree_next(document, child)) {
        if (child != site.hosts && child != site.administrators) {
            return refuse(fault, child, "a site file has hosts and administrators only");
        }
    }
    if (site.hosts != NULL && !tree_is(site.hosts, TREE_MAP)) {
        return refuse(fault, site.hosts, "hosts must be a map of names");
    }
    if (site.administrators != NULL && !tree_is(site.administrators, TREE_MAP)) {
        return refuse(fault, site.administrators, "administrators must be a map");
    }
    if (tree_child_count(site.hosts) > SITE_HOSTS_MAX) {
        return refuse(fault, site.hosts, "too many hosts");
    }
    for (const struct tree_node *host = tree_first(site.hosts); host != NULL;
         host = tree_next(site.hosts, host)) {
        TRY(check_host(host, fault));
    }
    for (const struct tree_node *child = tree_first(site.administrators); child != NULL;
         child = tree_next(site.administrators, child)) {
        if (!bytes_equal_text(child->key, "addresses")) {
            return refuse(fault, child, "administrators have addresses only");
        }
        TRY(check_addresses(child, fault));
    }
    *out = site;
    return STATUS_OK;
}

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

bool site_is_administrator(const struct site *site, struct bytes address)
{
    const struct tree_node *list = tree_member(site->administrators, "addresses");
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        if (bytes_equal(tree_text(child), address)) {
            return true;
        }
    }
    return false;
}
