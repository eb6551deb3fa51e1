#include "detect/capability/familiar.h"

static bool has_document(const struct shell_pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->command_count; i++) {
        for (size_t j = 0; j < pipeline->commands[i].redirect_count; j++) {
            if (pipeline->commands[i].redirects[j].kind == REDIRECT_HERE) {
                return true;
            }
        }
    }
    return false;
}

bool familiar_key(const struct record *record, size_t scope, struct recent_key *out)
{
    const struct shell_pipeline *pipeline = record->pipeline;
    if (record->origin != SHELL_LOGGED || pipeline->parent != 0 || pipeline->loops != 0 ||
        pipeline->source.size > FAMILIAR_SIZE_MAX || has_document(pipeline)) {
        return false;
    }
    uint8_t who[] = {(uint8_t)scope, (uint8_t)(scope >> 8), pipeline->is_background};
    recent_key_begin(out);
    recent_key_add(out, (struct bytes){who, sizeof who}, sizeof who);
    recent_key_add(out, pipeline->source, FAMILIAR_SIZE_MAX);
    return true;
}

const struct familiar_command *familiar_find(struct familiar *familiar,
                                             const struct recent_key *key)
{
    return familiar->is_open ? recent_find(&familiar->table, recent_key_bytes(key)) : NULL;
}

enum status familiar_add(struct familiar *familiar, struct arena *arena,
                         const struct recent_key *key, bool names_something)
{
    if (!familiar->is_open) {
        TRY(recent_init(&familiar->table, arena, FAMILIAR_MAX,
                        sizeof(struct familiar_command)));
        familiar->is_open = true;
    }
    struct familiar_command *command = recent_add(&familiar->table, recent_key_bytes(key));
    if (command == NULL) {
        return STATUS_NO_MEMORY;
    }
    command->names_something = names_something;
    return STATUS_OK;
}
