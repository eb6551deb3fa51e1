/* What the owner says about the place: site.yaml, only by --site, never from evidence.
 *
 *   hosts:
 *     web01:                                  the name it writes in its own logs
 *       addresses: [10.20.0.5]
 *       zone: "+01:00"                        of its logs, where they name none
 *       purpose: the booking page             what stops when it stops
 *   administrators:
 *     addresses: [10.20.0.9]                  from where they usually log in
 *
 * Input:  the owner's file, yet checked like any other: a key that is not above is refused, so
 *         nothing that was written is silently not read.
 * Output: borrows from the tree. */
#pragma once

#include "codec/tree.h"
#include "record/citation.h"

#define SITE_HOSTS_MAX 10000

struct site {
    const struct tree_node *hosts;          /* NULL: none */
    const struct tree_node *administrators; /* NULL: none */
};

enum status site_read(const struct tree_node *document, struct site *out,
                      struct tree_fault *fault) MUST_USE;
/* The host of that name, or NULL. */
const struct tree_node *site_host(const struct site *site, struct bytes name);
/* False where none is written. */
bool site_host_zone(const struct tree_node *host, int *minutes);
struct bytes site_host_purpose(const struct tree_node *host);
bool site_is_administrator(const struct site *site, struct bytes address);
/* "+01:00", "-0530", "+02", "Z" or "UTC" as minutes east of UTC. */
enum status zone_read(struct bytes text, int *minutes) MUST_USE;
