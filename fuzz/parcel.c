/* Claims of record/parcel.h: names and contents lie inside the image, no name leads out of the
 * folder it is taken for, and what was read is written back as it came. */
#include "fuzz.h"

#include "record/parcel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    AUTO(arena_done) struct arena *arena = arena_new(1 << 22);
    const struct parcel_file *files = NULL;
    size_t count = 0;
    if (arena == NULL || parcel_read(input, arena, &files, &count) != STATUS_OK) {
        return 0;
    }
    AUTO(text_done) struct text again = text_of_limit(size + 64);
    parcel_begin(&again, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        CLAIM(lies_inside(files[i].name, input));
        CLAIM(lies_inside(files[i].content, input));
        CLAIM(files[i].name.size > 0 && files[i].name.data[0] != '/');
        CLAIM(!bytes_equal_text(files[i].name, "..") && !bytes_starts(files[i].name, "../"));
        CLAIM(!bytes_contains(files[i].name, "/../") && !bytes_ends(files[i].name, "/.."));
        parcel_add(&again, &files[i]);
    }
    CLAIM(bytes_equal(text_bytes(&again), input));
    return 0;
}
