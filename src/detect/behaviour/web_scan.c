/* Raises that one client looked for what a web server has, or what is wrong with it: many
 * different paths that are not there within a short time, paths that only scanners ask for, or
 * a scanner's own name.
 *
 * A broken page makes many clients ask for few things, a crawler asks for many things that are
 * there: so what counts is one client's different paths, most of which are missing, without the
 * furniture of pages.  The internet scans everything all day; it is low until it is large, or
 * something was there that should not be. */
#include "detect/behaviour/behaviour.h"
#include "detect/behaviour/web_visit.h"

#include "base/table.h"

#define CLIENTS_MAX 2048
#define FINDINGS_GIVEN_MAX 500
#define WINDOW_NS (10 * MOMENT_MINUTE_NS)
#define PATH_SLOTS 512U
#define PATHS_MAX 384U /* different ones are counted up to here */
#define MISSING_MIN 30 /* different paths, in one run */
#define MISSING_MANY 200
#define PROBES_MIN 4
#define TOOL_REQUESTS_MIN 10
#define LEAKS_MIN 3
#define MISSING_WEIGHT_PROBE 5 /* other paths that one probe stands for */

/* A run of requests by one client, without a pause of WINDOW_NS.  Once a run was a scan, all
 * that follows is added to it: one client, one finding. */
struct visitor {
    struct recent_entry entry;
    struct web_client client;
    struct endpoint server;
    uint64_t request_count;  /* without the furniture of pages */
    uint64_t refused_count;  /* requests */
    uint64_t missing_count;  /* different paths, up to PATHS_MAX */
    uint64_t probe_count;    /* of those, what only scanners ask for */
    uint64_t leak_count;     /* what must not be there, and was */
    uint64_t tool_count;     /* requests under a scanner's name */
    struct moment recent;    /* the newest request */
    struct trace_spot first; /* that tells */
    struct trace_spot last;
    struct trace_spot leak;
    struct trace_name probe;
    struct trace_name leaked;
    struct trace_name agent;
    struct trace_name site;
    bool agent_is_tool;
    bool has_scanned;
    bool has_stirred;
    uint64_t path_count;
    uint64_t paths[PATH_SLOTS]; /* hashes of those that count; 0: free, as all are for none */
};

struct scan_state {
    struct recent visitors;
    bool is_open;
    uint64_t raised;
    struct trace_name agent; /* judged last, and how */
    bool agent_is_tool;
};

/* rows: one deleted at a time by make prove */
static const char *const probes[] = {
    "/.env",          "/.git/",         "/.svn/",      "/.aws/",          "/.ssh/",
    "/.ds_store",     "/.htpasswd",     "/phpmyadmin", "/pma/",           "/adminer",
    "/cgi-bin/",      "/actuator",      "/solr/admin", "/manager/html",   "/hnap1",
    "/boaform",       "/gponform",      "/setup.cgi",  "/vendor/phpunit", "/_ignition",
    "/jmx-console",   "/invoker/",      "/owa/auth",   "/web-inf/",       "/server-status",
    "/phpinfo",       "/wp-config",     "/backup.sql", "/dump.sql",       "/telescope",
    "/debug/default", "/etc/passwd",    "/shell.php",  "/eval-stdin",     "/wlwmanifest",
    "/thinkphp",      "/console/login", "/id_rsa",
};

/* What lies there by mistake only: whoever gets it may get in. */
/* rows: one deleted at a time by make prove */
static const char *const leaks[] = {
    "/.env",           "/.git/config", "/.git/head",  "/.svn/entries", "/.aws/credentials",
    "/.ssh/id_",       "/.htpasswd",   "/backup.sql", "/dump.sql",     "/wp-config.php.",
    "/wp-config.php~", "/id_rsa",
};

/* rows: one deleted at a time by make prove */
static const char *const tools[] = {
    "nikto",       "sqlmap",  "nmap scripting", "gobuster", "dirbuster", "dirb/",
    "feroxbuster", "wpscan",  "nuclei",         "masscan",  "zgrab",     "acunetix",
    "nessus",      "openvas", "w3af",           "arachni",  "ffuf",      "fuzz faster",
    "whatweb",     "jorgee",  "zmeu",           "skipfish", "havij",     "wfuzz",
};

/* rows: one deleted at a time by make prove */
static const char *const furniture[] = {
    ".png", ".jpg", ".jpeg", ".gif",   ".ico", ".css",  ".js",  ".svg", ".webp",
    ".map", ".ttf", ".woff", ".woff2", ".mp4", ".avif", ".eot", ".bmp", ".mp3",
};

/* clang-format off */
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
/* clang-format on */

static bool holds_one(struct bytes text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_contains(text, words[i])) {
            return true;
        }
    }
    return false;
}

static bool is_furniture(struct bytes path)
{
    for (size_t i = 0; i < COUNT(furniture); i++) {
        if (bytes_ends(path, furniture[i])) {
            return true;
        }
    }
    return bytes_ends(path, "/robots.txt") || bytes_starts(path, "/.well-known/") ||
           bytes_ends(path, "sitemap.xml");
}

/* ---- what a run shows ---- */

static bool is_scan(const struct visitor *visitor)
{
    uint64_t weight =
        visitor->missing_count + visitor->probe_count * (MISSING_WEIGHT_PROBE - 1);
    bool is_mostly_missing = visitor->refused_count * 2 >= visitor->request_count;
    bool by_paths = is_mostly_missing && weight >= MISSING_MIN;
    bool by_probes = is_mostly_missing && visitor->probe_count >= PROBES_MIN;
    bool by_leaks = visitor->leak_count > 0 &&
                    (visitor->probe_count > 0 || visitor->leak_count >= LEAKS_MIN);
    return by_paths || by_probes || by_leaks || visitor->tool_count >= TOOL_REQUESTS_MIN;
}

static bool is_large(const struct visitor *visitor)
{
    bool is_known = visitor->probe_count >= PROBES_MIN || visitor->tool_count > 0;
    /* A server that says yes to everything leaks nothing by it. */
    bool has_leaked = visitor->leak_count > 0 && visitor->probe_count > 0;
    return has_leaked || (is_known && visitor->missing_count >= MISSING_MANY);
}

static size_t add_techniques(struct bytes *techniques, const struct visitor *visitor)
{
    size_t count = 0;
    if (visitor->probe_count > 0 || visitor->tool_count > 0) {
        techniques[count++] = bytes_of_text("T1595.002");
    }
    if (visitor->missing_count >= MISSING_MIN || count == 0) {
        techniques[count++] = bytes_of_text("T1595.003");
    }
    return count;
}

static enum status raise(struct detection *detection, struct scan_state *state,
                         const struct visitor *visitor)
{
    if (state->raised == FINDINGS_GIVEN_MAX) {
        detection->examination->findings_dropped++;
        return STATUS_OK;
    }
    state->raised++;
    struct web_names AUTO(web_names_done) names;
    web_names_init(&names, &visitor->client, &visitor->server, trace_name_get(&visitor->site));
    struct entity entities[4];
    size_t entity_count = 0;
    web_names_add(&names, &visitor->client, entities, &entity_count);
    trace_entity(entities, &entity_count, ENTITY_URL, ROLE_VICTIM,
                 trace_name_get(&visitor->leaked));
    const struct fact facts[] = {
        fact_count("request_count", visitor->request_count),
        fact_count("refused_count", visitor->refused_count),
        fact_count("missing_count", visitor->missing_count),
        fact_count("probe_count", visitor->probe_count),
        fact_count("leak_count", visitor->leak_count),
        fact_count("tool_count", visitor->tool_count),
        fact_text("probe", trace_name_get(&visitor->probe)),
        fact_text("user_agent", trace_name_get(&visitor->agent)),
    };
    const struct cite cites[] = {trace_cite(&visitor->first), trace_cite(&visitor->last),
                                 trace_cite(&visitor->leak)};
    bool is_sure = visitor->tool_count > 0 || visitor->probe_count >= PROBES_MIN;
    struct bytes techniques[2];
    return detection_raise(
        detection, &(struct finding){
                       .rule = BYTES_LITERAL("behaviour/web-scan"),
                       .title = BYTES_LITERAL("A web server was searched for weak spots"),
                       .techniques = techniques,
                       .technique_count = add_techniques(techniques, visitor),
                       .severity = is_large(visitor) ? SEVERITY_MEDIUM : SEVERITY_LOW,
                       .confidence = is_sure ? 0.9 : 0.6,
                       .first = visitor->first.at,
                       .last = visitor->last.at,
                       .entities = entities,
                       .entity_count = entity_count,
                       .facts = facts,
                       .fact_count = sizeof facts / sizeof *facts,
                       .cites = cites,
                       .cite_count = visitor->leak_count > 0 ? 3 : 2,
                   });
}

/* ---- runs ---- */

static void end_run(struct visitor *visitor)
{
    if (visitor->has_scanned || is_scan(visitor)) {
        visitor->has_scanned = true;
        return;
    }
    struct recent_entry entry = visitor->entry;
    struct web_client client = visitor->client;
    *visitor = (struct visitor){.entry = entry, .client = client};
}

static enum status leave(struct detection *detection, struct scan_state *state,
                         const struct visitor *visitor)
{
    bool is_told = visitor->has_scanned || is_scan(visitor);
    return is_told ? raise(detection, state, visitor) : STATUS_OK;
}

/* Few visitors leave any: clearing what holds none would be most of the work of a new one. */
static void forget_paths(struct visitor *visitor)
{
    if (visitor->path_count > 0) {
        memset(visitor->paths, 0, sizeof visitor->paths);
        visitor->path_count = 0;
    }
}

static enum status find(struct detection *detection, struct scan_state *state,
                        const struct web_client *client, struct visitor **out)
{
    if (!state->is_open) {
        TRY(recent_init(&state->visitors, detection->evidence, CLIENTS_MAX,
                        sizeof(struct visitor)));
        recent_zero_only(&state->visitors, offsetof(struct visitor, paths));
        state->is_open = true;
    }
    struct recent_key key;
    recent_key_begin(&key);
    web_client_add_key(&key, client);
    struct visitor *visitor = recent_find(&state->visitors, recent_key_bytes(&key));
    if (visitor == NULL) {
        struct visitor *oldest = recent_next_out(&state->visitors);
        if (oldest != NULL) {
            TRY(leave(detection, state, oldest));
            forget_paths(oldest);
        }
        visitor = recent_add(&state->visitors, recent_key_bytes(&key));
        if (visitor == NULL) {
            return STATUS_NO_MEMORY;
        }
        visitor->client = *client;
    }
    *out = visitor;
    return STATUS_OK;
}

/* A hash differs from run to run: no count may depend on where it falls. */
static bool is_new_path(struct visitor *visitor, struct bytes path)
{
    uint64_t hash = table_hash(path) | 1;
    size_t slot = (size_t)(hash >> 32) % PATH_SLOTS;
    while (visitor->paths[slot] != 0 && visitor->paths[slot] != hash) {
        slot = (slot + 1) % PATH_SLOTS;
    }
    if (visitor->paths[slot] == hash || visitor->path_count == PATHS_MAX) {
        return false;
    }
    visitor->paths[slot] = hash;
    visitor->path_count++;
    return true;
}

/* True where this request is one that tells. */
static bool note(struct visitor *visitor, const struct record *record, struct bytes path,
                 enum web_answer answer)
{
    const struct transaction *transaction = record->transaction;
    bool is_probe = answer == WEB_REFUSED && holds_one(path, probes, COUNT(probes));
    bool is_leak = answer == WEB_GIVEN && holds_one(path, leaks, COUNT(leaks));
    visitor->refused_count += answer == WEB_REFUSED;
    if ((answer == WEB_REFUSED || is_leak) && is_new_path(visitor, path)) {
        visitor->missing_count += !is_leak;
        visitor->probe_count += is_probe && !is_leak;
        visitor->leak_count += is_leak;
    }
    if (is_probe && visitor->probe.size == 0) {
        trace_name_set(&visitor->probe, path);
    }
    if (is_leak) {
        trace_spot_set(&visitor->leak, record);
        trace_name_set(&visitor->leaked, transaction_field(transaction, FIELD_URL_PATH));
    }
    return is_leak || answer == WEB_REFUSED;
}

/* A few agents make most requests, whoever asks: the last one is known again. */
static bool is_tool_agent(struct scan_state *state, struct bytes agent)
{
    if (agent.size == 0 || !bytes_equal(agent, trace_name_get(&state->agent))) {
        struct web_plain plain;
        web_plain_set(&plain, agent);
        trace_name_set(&state->agent, agent);
        state->agent_is_tool = holds_one(web_plain_get(&plain), tools, COUNT(tools));
    }
    return state->agent_is_tool;
}

static bool note_agent(struct scan_state *state, struct visitor *visitor, struct bytes agent)
{
    agent = bytes_part(agent, 0, TRACE_NAME_MAX);
    if (agent.size > 0 && bytes_equal(agent, trace_name_get(&visitor->agent))) {
        visitor->tool_count += visitor->agent_is_tool; /* as the one before */
        return visitor->agent_is_tool;
    }
    bool is_tool = is_tool_agent(state, agent);
    visitor->tool_count += is_tool;
    if (visitor->agent.size == 0 || (is_tool && visitor->tool_count == 1)) {
        trace_name_set(&visitor->agent, agent);
        visitor->agent_is_tool = is_tool;
    }
    return is_tool;
}

static enum status take(struct detection *detection, void *context, const struct record *record)
{
    const struct transaction *transaction = record->transaction;
    struct scan_state *state = context;
    struct web_client client;
    if (transaction->kind != TRANSACTION_HTTP || !web_client_of(transaction, &client)) {
        return STATUS_OK;
    }
    struct bytes stem = transaction_field(transaction, FIELD_URL_STEM);
    struct web_plain path;
    web_plain_set(&path, stem.size > 0 ? stem : transaction_field(transaction, FIELD_URL_PATH));
    if (is_furniture(web_plain_get(&path))) {
        return STATUS_OK;
    }
    struct visitor *visitor;
    TRY(find(detection, state, &client, &visitor));
    if (moment_is_apart(visitor->recent, record->at, WINDOW_NS)) {
        end_run(visitor);
    }
    if (visitor->request_count == 0) {
        visitor->server = transaction->server;
        trace_name_set(&visitor->site, transaction_field(transaction, FIELD_HTTP_HOST));
    }
    visitor->request_count++;
    visitor->recent = record->at;
    uint64_t before = visitor->missing_count;
    bool tells =
        note_agent(state, visitor, transaction_field(transaction, FIELD_HTTP_USER_AGENT));
    tells |= note(visitor, record, web_plain_get(&path), web_answer_of(transaction));
    if (tells) {
        if (!visitor->has_stirred && is_scan(visitor)) {
            visitor->has_stirred = true;
            detection_stir(detection);
        }
        detection_stir_count(detection, before, visitor->missing_count);
        bool is_first = visitor->first.size == 0;
        trace_spot_set(&visitor->last, record);
        visitor->first = is_first ? visitor->last : visitor->first;
    }
    return STATUS_OK;
}

static enum status finish(struct detection *detection, void *context)
{
    struct scan_state *state = context;
    const struct visitor *visitor = state->is_open ? recent_first(&state->visitors) : NULL;
    for (; visitor != NULL; visitor = recent_after(&state->visitors, visitor)) {
        TRY(leave(detection, state, visitor));
    }
    return STATUS_OK;
}

const struct detector web_scan_detector = {
    .name = "web-scan",
    .record_kinds = 1U << RECORD_TRANSACTION,
    .state_size = sizeof(struct scan_state),
    .take = take,
    .finish = finish,
};
