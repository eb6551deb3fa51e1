#include "correlate/web.h"

#include "correlate/hole.h"
#include "record/record.h"

/* The folder that holds `path`, with its last slash; empty at the top. */
static struct bytes folder_of(struct bytes path)
{
    size_t size = path.size;
    while (size > 0 && path.data[size - 1] == '/') {
        size--;
    }
    while (size > 0 && path.data[size - 1] != '/') {
        size--;
    }
    return bytes_part(path, 0, size);
}

static bool is_inside(struct bytes path, struct bytes folder)
{
    return bytes_equal(bytes_part(path, 0, folder.size), folder);
}

/* Captures know addresses, logs know the machine that wrote them. */
static bool is_machine(struct bytes host)
{
    struct endpoint endpoint;
    return host.size > 0 && endpoint_read(host, &endpoint) != STATUS_OK;
}

/* The machines named by the evidence in a folder: how many different ones, at most two. */
static size_t machines_in(const struct case_file *file, struct bytes folder, struct bytes *out)
{
    size_t count = 0;
    for (size_t i = 0; i < file->evidence_count && count < 2; i++) {
        const struct report_evidence *row = &file->evidence[i].row;
        for (size_t j = 0; is_inside(row->path, folder) && j < row->host_count; j++) {
            if (is_machine(row->hosts[j]) &&
                (count == 0 || !bytes_equal(*out, row->hosts[j]))) {
                *out = row->hosts[j];
                count++;
            }
        }
    }
    return count;
}

static struct bytes find_machine(const struct case_file *file, size_t evidence)
{
    struct bytes folder = file->evidence[evidence].row.path;
    for (unsigned depth = 0; folder.size > 0 && depth < WEB_FOLDERS_MAX; depth++) {
        folder = folder_of(folder);
        struct bytes machine = BYTES_NONE;
        size_t count = machines_in(file, folder, &machine);
        if (count > 0) {
            return count == 1 ? machine : BYTES_NONE;
        }
    }
    return BYTES_NONE;
}

struct bytes web_machine_of(const struct case_file *file, size_t evidence,
                            struct web_machine *last)
{
    if (!last->is_known || last->evidence != evidence) {
        *last = (struct web_machine){true, evidence, find_machine(file, evidence)};
    }
    return last->name;
}

struct bytes web_machine_told(const struct case_file *file, const struct sighting *sighting,
                              struct web_machine *last)
{
    struct bytes host = sighting_host(sighting);
    return host.size > 0 ? host : web_machine_of(file, sighting->evidence, last);
}

/* What was typed, in a file that names no machine. */
static bool is_of_history(const struct case_file *file, const struct lead *lead)
{
    return bytes_equal_text(file->evidence[lead->evidence].row.kind, "shell history");
}

/* `known_by` is the fact that says from where the machine is known. */
static enum status name_machine(struct case_file *file, struct lead *lead, struct bytes machine,
                                const char *known_by)
{
    struct report_finding *finding = &lead->finding;
    struct entity *entities =
        arena_take_many(file->arena, finding->entity_count + 1, sizeof *entities);
    struct fact *facts = arena_take_many(file->arena, finding->fact_count + 1, sizeof *facts);
    if (entities == NULL || facts == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < finding->entity_count; i++) {
        entities[i] = finding->entities[i];
    }
    for (size_t i = 0; i < finding->fact_count; i++) {
        facts[i] = finding->facts[i];
    }
    entities[finding->entity_count++] = (struct entity){ENTITY_HOST, ROLE_VICTIM, machine};
    facts[finding->fact_count++] = fact_text(known_by, machine);
    finding->entities = entities;
    finding->facts = facts;
    return STATUS_OK;
}

/* A capture knows the address of the server: its name, where that is known, or BYTES_NONE. */
static struct bytes name_of_server(const struct case_file *file, const struct lead *lead)
{
    struct bytes address = lead_entity(lead, ENTITY_ADDRESS, ROLE_VICTIM);
    struct bytes host = case_host_of(file, address);
    bool is_web = bytes_starts(lead->finding.rule, "behaviour/web-") &&
                  lead_entity(lead, ENTITY_HOST, ROLE_VICTIM).size == 0;
    return is_web && !bytes_equal(host, address) ? host : BYTES_NONE;
}

enum status web_raise(struct case_file *file)
{
    struct web_machine last = {0};
    for (size_t i = 0; i < file->lead_count; i++) {
        struct lead *lead = &file->leads[i];
        bool has_victim = lead_entity(lead, ENTITY_HOST, ROLE_VICTIM).size > 0 ||
                          lead_entity(lead, ENTITY_ADDRESS, ROLE_VICTIM).size > 0;
        bool names_none = bytes_starts(lead->finding.rule, "behaviour/web-") || hole_is(lead) ||
                          is_of_history(file, lead);
        if (lead->finding.entity_count >= FINDING_ENTITIES_MAX ||
            lead->finding.fact_count >= FINDING_FACTS_MAX) {
            continue;
        }
        struct bytes server = name_of_server(file, lead);
        if (server.size > 0) {
            TRY(name_machine(file, lead, server, "machine_of_address"));
        }
        if (!names_none || has_victim) {
            continue;
        }
        struct bytes machine = web_machine_of(file, lead->evidence, &last);
        if (machine.size > 0) {
            TRY(name_machine(file, lead, machine, "machine_of_logs_beside"));
        }
    }
    return STATUS_OK;
}

bool web_is_attack(const struct lead *lead)
{
    return bytes_equal_text(lead->finding.rule, "behaviour/web-attack");
}

bool web_is_entry_by(const struct lead *attack, const struct lead *shell)
{
    return web_is_attack(attack) && attack->finding.severity >= SEVERITY_MEDIUM &&
           web_is_used_shell(shell) && attack->finding.first.is_known &&
           shell->finding.last.is_known &&
           moment_compare(attack->finding.first, shell->finding.last) <= 0;
}

bool web_is_used_shell(const struct lead *lead)
{
    return bytes_equal_text(lead->finding.rule, "behaviour/web-shell") &&
           lead->finding.severity >= SEVERITY_HIGH;
}
