/* What the owner says about the place: site.yaml, only by --site, never from evidence.
 *
 *   hosts:
 *     web01:                                  the name it writes in its own logs
 *       addresses: [10.20.0.5]
 *       zone: "+01:00"                        of its logs, where they name none
 *       purpose: the booking page             what stops when it stops
 *       owner: the front desk                 who decides about it
 *       importance: high                      low, normal, high
 *   networks: [10.20.0.0/16, 203.0.113.64/26] our own, private or not
 *   scanners: [10.20.0.7]                     what looks for weak spots on your behalf
 *   administrators:
 *     addresses: [10.20.0.9]                  from where they usually log in
 *     accounts: [alice]                       who they are
 *     hours: "07:00-19:00"                    when they usually work; past midnight too
 *     zone: "+01:00"                          of these hours; UTC where it is left out
 *
 * It adds context, and lowers what it explains; whatever it lowers says so.
 * Input:  the owner's file, yet checked like any other: a key that is not above is refused, so
 *         nothing that was written is silently not read.
 * Output: borrows from the tree.
 * Fuzzed: fuzz/site.c. */
#pragma once

#include "base/moment.h"
#include "codec/tree.h"
#include "record/citation.h"

#define SITE_HOSTS_MAX 10000
#define SITE_NETWORKS_MAX 1000

struct site {
    const struct tree_node *hosts;          /* NULL: none */
    const struct tree_node *networks;       /* NULL: none */
    const struct tree_node *administrators; /* NULL: none */
    const struct tree_node *scanners;       /* NULL: none */
};

enum status site_read(const struct tree_node *document, struct site *out,
                      struct tree_fault *fault) MUST_USE;
/* The host of that name, or NULL. */
const struct tree_node *site_host(const struct site *site, struct bytes name);
/* False where none is written. */
bool site_host_zone(const struct tree_node *host, int *minutes);
/* What is written, or BYTES_NONE. */
struct bytes site_host_purpose(const struct tree_node *host);
struct bytes site_host_owner(const struct tree_node *host);
bool site_host_is_important(const struct tree_node *host);
/* An address of one of the owner's machines or networks. */
bool site_is_own(const struct site *site, struct bytes address);
bool site_is_scanner(const struct site *site, struct bytes address);
bool site_is_administrator(const struct site *site, struct bytes address);
bool site_is_administrator_account(const struct site *site, struct bytes account);
/* True within the hours, and where none are written; false for an unknown moment where some
 * are. */
bool site_is_working_hour(const struct site *site, struct moment at);
/* True where `subject` is something the file has: a host, "networks", "administrators",
 * "scanners". */
bool site_has(const struct site *site, struct bytes subject);
/* "+01:00", "-0530", "+02", "Z" or "UTC" as minutes east of UTC. */
enum status zone_read(struct bytes text, int *minutes) MUST_USE;
