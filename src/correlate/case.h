/* The case: everything all evidence says, with times settled and places turned into citations.
 *
 * Filled once by gather, added to by the raising rows, then only read.  Memory is the case's
 * arena.  Order everywhere is that of (path, place), so a case is the same for any order in
 * which the evidence was examined. */
#pragma once

#include "base/arena.h"
#include "record/dossier.h"
#include "record/examination.h"
#include "record/report.h"
#include "record/site.h"

#define CASE_FINDINGS_MAX REPORT_FINDINGS_MAX
#define CASE_SIGHTINGS_MAX 200000
#define CASE_ALIASES_MAX 1024

/* An observation, settled. */
struct sighting {
    enum observation_kind kind;
    size_t evidence; /* index into case_file.evidence */
    uint64_t count;
    struct moment first;
    struct moment last;
    const struct entity *entities;
    size_t entity_count;
    const struct fact *facts;
    size_t fact_count;
    const struct reference *cites;
    size_t cite_count;
    struct bytes id;
};

/* A finding on its way into an incident. */
struct lead {
    struct report_finding finding;
    size_t evidence; /* where it was found first */
    enum stage_kind stage;
    struct moment effective; /* when it happened, as far as links can tell */
    bool time_is_inferred;
    struct moment instant; /* the effective time of the first lead within a second before */
    size_t group;          /* leads with the same number belong together */
};

/* A machine's name in its own logs, and an address it has in a capture. */
struct alias {
    struct bytes host;
    struct bytes address;
};

struct case_evidence {
    struct report_evidence row;
    struct moment_frame frame;
    struct examination examination; /* as received; places name members */
    bool has_examination;
    const char *zone_note;  /* for people: where a zone it lacked was found; NULL: nowhere */
    int64_t clock_ahead_ns; /* of a capture that saw the same events; 0: not known to differ */
};

struct case_file {
    struct arena *arena;
    const struct analysis_options *options;
    const struct site *site;
    struct case_evidence *evidence;
    size_t evidence_count;
    struct lead *leads;
    size_t lead_count;
    size_t lead_capacity; /* at most CASE_FINDINGS_MAX */
    uint64_t leads_dropped;
    struct sighting *sightings;
    size_t sighting_count;
    uint64_t sightings_dropped;
    struct alias aliases[CASE_ALIASES_MAX];
    size_t alias_count;
};

/* Adds a finding that rests on sightings (`from`, at least one): its id comes from theirs, its
 * citations are theirs, at most CITES_MAX.  Entities, facts and techniques are copied. */
enum status case_raise(struct case_file *file, const struct report_finding *draft,
                       const struct sighting *const *from, size_t from_count) MUST_USE;
/* The name of an entity of that kind and role (ROLE_COUNT: any), or BYTES_NONE. */
struct bytes sighting_entity(const struct sighting *sighting, enum entity_kind kind,
                             enum entity_role role);
/* Of a login, a session or failures: the machine, the account, the address they came from. */
struct bytes sighting_host(const struct sighting *sighting);
struct bytes sighting_account(const struct sighting *sighting);
struct bytes sighting_source(const struct sighting *sighting);
/* How somebody logged in, as the log says it ("password"); BYTES_NONE where it does not. */
struct bytes sighting_method(const struct sighting *sighting);
/* The same as a fact of a finding, "unknown" where it does not. */
struct fact sighting_method_fact(const struct sighting *sighting);
uint64_t sighting_count_fact(const struct sighting *sighting, const char *name);
/* True for a login by a key or a ticket, which nobody guesses: it is told by its method. */
bool sighting_is_by_key(const struct sighting *sighting);
/* For qsort of pointers to sightings: by time, then by id. */
int sighting_compare_time(const void *a, const void *b);
struct bytes lead_entity(const struct lead *lead, enum entity_kind kind, enum entity_role role);
/* True where `address` is known to be an address of the machine `host`. */
bool case_is_host(const struct case_file *file, struct bytes host, struct bytes address);
/* True where the two name one machine: by the same text, or one by an address of the other. */
bool case_is_same_machine(const struct case_file *file, struct bytes a, struct bytes b);
/* The machine's name for an address, or the address itself. */
struct bytes case_host_of(const struct case_file *file, struct bytes address);
bool case_address_is_private(struct bytes address);
/* How bad a login is that is an entry with this confidence. */
enum severity case_entry_severity(double confidence);
/* The last part of a path or URL path, without query. */
struct bytes case_base_name(struct bytes path);
/* An unknown moment never lies between. */
bool moment_is_within(struct moment moment, struct moment from, int64_t length_ns);
