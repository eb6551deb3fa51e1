#include "record/carried.h"

#include "record/citation.h"

static enum status copy_endpoint(const struct endpoint *endpoint, struct arena *arena,
                                 struct bytes *out)
{
    AUTO(text_done) struct text text = text_of_limit(CARRIED_ADDRESS_SIZE_MAX);
    endpoint_add(&text, endpoint);
    TRY(text_status(&text));
    return arena_copy(arena, text_bytes(&text), out);
}

static enum status copy_name(struct bytes name, struct arena *arena, struct bytes *out)
{
    return arena_copy(arena, bytes_part(name, 0, CARRIED_NAME_SIZE_MAX), out);
}

bool carried_path_is_valid(struct bytes path)
{
    /* Behind the name of an evidence, where no word is reserved. */
    AUTO(text_done) struct text word = text_of_limit(CARRIED_PATH_SIZE_MAX + 8);
    struct citation citation;
    text_add(&word, "x!/");
    text_add_raw(&word, path);
    return path.size <= CARRIED_PATH_SIZE_MAX && text_status(&word) == STATUS_OK &&
           citation_read(text_bytes(&word), &citation) == STATUS_OK &&
           citation.kind == CITATION_EVIDENCE && citation.place.kind == PLACE_WHOLE;
}

enum status carried_make(const struct artifact *artifact, struct moment at, struct bytes path,
                         struct arena *arena, struct carried *out)
{
    const struct endpoint *from = artifact->is_sent ? &artifact->client : &artifact->server;
    const struct endpoint *to = artifact->is_sent ? &artifact->server : &artifact->client;
    struct carried carried = {
        .protocol = artifact->protocol,
        .kind = artifact->kind,
        .at = at,
        .size = artifact->size,
        .is_whole = artifact->is_whole,
    };
    if (carried.is_whole) {
        carried.sha256 = artifact->sha256;
    }
    if (!carried_path_is_valid(path)) {
        return STATUS_MALFORMED;
    }
    TRY(arena_copy(arena, path, &carried.path));
    TRY(copy_name(artifact->name, arena, &carried.name));
    TRY(copy_name(artifact->host, arena, &carried.host));
    TRY(copy_endpoint(from, arena, &carried.from));
    TRY(copy_endpoint(to, arena, &carried.to));
    *out = carried;
    return STATUS_OK;
}
