/* What one client asked for below one zone of names, and how it was answered.
 *
 * Which part of a name was registered by somebody is not known: no list of such suffixes is
 * shipped.  So every name counts for each zone that it lies in, of ZONE_DEPTH_MIN to
 * ZONE_DEPTH_MAX labels, and who judges takes the one where names fan out
 * (docs/decisions/0091-zones-of-names-are-found-in-the-data.md).
 *
 * Limits: ZONE_CANDIDATES_MAX places for zones in which few names were seen yet, or nothing but
 *         words; of two that a zone may take, the one that tells less gives way.  ZONES_MAX are
 *         watched closely; the one longest not asked for is given up.  Both are counted. */
#pragma once

#include "detect/behaviour/name_form.h"
#include "detect/behaviour/recent.h"
#include "detect/behaviour/trace.h"

#define ZONE_DEPTH_MIN 2
#define ZONE_DEPTH_MAX 5
#define ZONE_CANDIDATES_MAX 65536
#define ZONES_MAX 2048
#define ZONE_SKETCH_BITS 8192U
#define ZONE_SMALL_SKETCH_BITS 2048U
#define ZONE_RECENT_NAMES 4
#define ZONE_ADDRESSES_KEPT 8
#define ZONE_COUNTED_MAX 16384U /* questions whose names are compared with those before */

enum zone_type {
    ZONE_TYPE_ADDRESS, /* A, AAAA, and what browsers ask beside them */
    ZONE_TYPE_COMMON,  /* TXT, CNAME, MX, SRV: each holds a text or a name of any kind */
    ZONE_TYPE_RARE,    /* NULL, KEY and what nobody has a use for */
    ZONE_TYPE_OTHER,   /* of the name service itself, and PTR */
};
#define ZONE_TYPE_COUNT 4

/* What stands before the zone in names that were not seen before. */
struct zone_names {
    uint64_t count;
    uint64_t fresh_bytes; /* that differ from the name before */
    uint64_t hex_bytes;   /* of those, digits of hexadecimal */
    uint32_t letters[NAME_LETTER_KINDS];
    uint32_t sizes[NAME_SIZE_MAX + 1]; /* how many names are so long, dots left out */
    uint64_t varied[4];                /* places that ever differed, as bits */
    uint8_t last[NAME_SIZE_MAX];
    size_t last_size;
};

struct zone_answers {
    uint64_t count;         /* of any kind */
    uint64_t missing_count; /* NXDOMAIN */
    uint64_t data_count;    /* with text, a name or bytes, and no address */
    uint64_t data_bytes;
    uint64_t statement_count; /* of the data, of mail: "v=spf1 ...", "p=..." */
    uint64_t data_sketch[ZONE_SMALL_SKETCH_BITS / 64];
    uint64_t address_count;
    uint64_t code_count;    /* of the addresses, in 127.0.0.0/8 */
    uint64_t strange_count; /* of them, not in use on the internet */
    uint64_t address_sketch[ZONE_SMALL_SKETCH_BITS / 64];
    struct endpoint addresses[ZONE_ADDRESSES_KEPT];
    size_t addresses_kept;
};

struct zone {
    struct recent_entry entry;
    struct endpoint client; /* without a port; address_size 0: not known */
    struct trace_name name;
    size_t depth;
    uint64_t question_count; /* a name that was asked for a moment ago counts once */
    uint64_t again_count;    /* asked for again in that moment, for another type */
    uint64_t type_counts[ZONE_TYPE_COUNT];
    struct trace_name type; /* most asked for, as far as a majority is */
    uint64_t type_lead;
    uint64_t counted_count; /* the first ZONE_COUNTED_MAX questions: which names */
    uint64_t sketch[ZONE_SKETCH_BITS / 64];
    struct zone_moment {
        uint32_t name;
        uint32_t type;
    } moments[ZONE_RECENT_NAMES];
    struct zone_names names;
    struct zone_answers answers;
    struct trace_spot first;
    struct trace_spot middle; /* of the 2nd, 4th, 8th ... new name */
    struct trace_spot last;
};

struct zone_candidate;

struct zones {
    struct zone_candidate *candidates;
    uint64_t *watched_bits; /* which hashes of zones may be in `watched` */
    struct recent watched;
    uint64_t given_up;
};

/* Counts a transaction of the name service; others are passed over. */
enum status zones_take(struct zones *zones, struct arena *arena,
                       const struct record *record) MUST_USE;
/* All that are watched: zones_first, then recent_after in `watched` until NULL. */
struct zone *zones_first(const struct zones *zones);
/* Sets the bit of a hash in a sketch of so many bits.  True where it was not set. */
bool zone_sketch_add(uint64_t *sketch, size_t bits, uint32_t hash);
bool zone_sketch_has(const uint64_t *sketch, size_t bits, uint32_t hash);
/* How many different ones set the bits of a sketch (Whang et al., 1990: linear counting). */
uint64_t zone_distinct(const uint64_t *sketch, size_t bits);
enum zone_type zone_type_of(struct bytes type);
