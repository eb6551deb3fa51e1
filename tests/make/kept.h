/* Copies what records borrow, for tests that look at it when the record is gone. */
#pragma once

#include "base/arena.h"
#include "check.h"
#include "record/record.h"

static inline struct bytes kept_bytes(struct arena *arena, struct bytes bytes)
{
    struct bytes copy;
    assert_ok(arena_copy(arena, bytes, &copy));
    return copy;
}

static inline const struct body_field *kept_fields(struct arena *arena,
                                                   const struct transaction *transaction)
{
    size_t count = transaction->body_field_count;
    struct body_field *fields = arena_take_many(arena, count, sizeof *fields);
    assert_non_null(fields);
    for (size_t i = 0; i < count; i++) {
        fields[i].name = kept_bytes(arena, transaction->body_fields[i].name);
        fields[i].value = kept_bytes(arena, transaction->body_fields[i].value);
    }
    return fields;
}

static inline struct artifact kept_artifact(struct arena *arena,
                                            const struct artifact *artifact)
{
    struct artifact copy = *artifact;
    copy.name = kept_bytes(arena, copy.name);
    copy.media_type = kept_bytes(arena, copy.media_type);
    copy.method = kept_bytes(arena, copy.method);
    copy.url = kept_bytes(arena, copy.url);
    copy.host = kept_bytes(arena, copy.host);
    copy.status = kept_bytes(arena, copy.status);
    copy.head = kept_bytes(arena, copy.head);
    return copy;
}
