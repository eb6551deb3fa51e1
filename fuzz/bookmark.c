/* Claims of record/bookmark.h: what is read borrows from the file and stays within its limits,
 * and written again it is the same file. */
#include "fuzz.h"

#include "record/bookmark.h"

#define MEMORY_MAX (16U << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes file = {data, size};
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY_MAX);
    struct text AUTO(text_done) written = text_of_limit(64U << 20);
    struct bookmark bookmark;
    if (bookmark_read(file, arena, &bookmark) != STATUS_OK) {
        return 0;
    }
    CLAIM(bookmark.source_count <= VIGIL_SOURCES_MAX && lies_inside(bookmark.vigil, file));
    for (size_t i = 0; i < bookmark.source_count; i++) {
        const struct bookmark_source *source = &bookmark.sources[i];
        CLAIM(lies_inside(source->path, file) && source->path.size <= VIGIL_PATH_MAX);
        CLAIM(lies_inside(source->tail, file) && source->tail.size <= BOOKMARK_TAIL_MAX);
        CLAIM(lies_inside(source->look, file) && source->lines <= source->offset);
    }
    bookmark_write(&written, &bookmark);
    CLAIM(bytes_equal(text_bytes(&written), file));
    return 0;
}
