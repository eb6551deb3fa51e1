/* Claims of record/site.h: a file is read whole or refused with a reason and a line that it
 * has; of one that is read every zone is one, and every address is known again by its own
 * words. */
#include "fuzz.h"

#include "codec/yaml.h"
#include "record/record.h"
#include "record/site.h"

#define MEMORY_MAX (64U << 20)

static void check_addresses(const struct tree_node *list)
{
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        struct endpoint endpoint;
        CLAIM(endpoint_read(tree_text(child), &endpoint) == STATUS_OK);
    }
}

static void check_host(const struct site *site, const struct tree_node *host)
{
    int minutes = 0;
    CLAIM(tree_member_bytes(site->hosts, host->key) != NULL);
    CLAIM(site_host(site, host->key) != NULL);
    const struct tree_node *zone = tree_member(host, "zone");
    CLAIM(site_host_zone(host, &minutes) == (zone != NULL));
    CLAIM(minutes > -15 * 60 && minutes < 15 * 60);
    check_addresses(tree_member(host, "addresses"));
    CLAIM(site_host_purpose(host).size > 0 || tree_member(host, "purpose") == NULL);
}

static void check_administrators(const struct site *site)
{
    const struct tree_node *list = tree_member(site->administrators, "addresses");
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        CLAIM(site_is_administrator(site, tree_text(child)));
    }
    check_addresses(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY_MAX);
    struct tree tree;
    struct tree_fault fault = {0};
    struct site site;
    if (tree_of_yaml(input, arena, &tree, &fault) != STATUS_OK) {
        return 0;
    }
    fault = (struct tree_fault){0};
    if (site_read(tree.nodes, &site, &fault) != STATUS_OK) {
        CLAIM(fault.what != NULL && fault.line <= size + 1);
        return 0;
    }
    CLAIM(tree_child_count(site.hosts) <= SITE_HOSTS_MAX);
    for (const struct tree_node *host = tree_first(site.hosts); host != NULL;
         host = tree_next(site.hosts, host)) {
        check_host(&site, host);
    }
    check_administrators(&site);
    return 0;
}
