/* Claims of record/dossier.h: what is read borrows from the image and stays within its limits,
 * and written again it is read as the same. */
#include "fuzz.h"

#include "record/dossier.h"

#define MEMORY_MAX (64U << 20)
#define IMAGE_SIZE_MAX (64U << 20)

static void check_entry(const struct dossier_entry *entry, struct bytes image)
{
    CLAIM(entry->path.size > 0 && lies_inside(entry->path, image));
    CLAIM(lies_inside(entry->problem, image) && lies_inside(entry->examination, image));
    CLAIM(entry->outcome < OUTCOME_COUNT);
    for (size_t i = 0; i < entry->also_count; i++) {
        CLAIM(lies_inside(entry->also[i], image));
    }
}

static void check_same(const struct dossier_entry *a, const struct dossier_entry *b)
{
    CLAIM(bytes_equal(a->path, b->path) && a->has_hash == b->has_hash && a->size == b->size);
    CLAIM(bytes_equal(a->problem, b->problem) && a->outcome == b->outcome);
    CLAIM(bytes_equal(a->examination, b->examination) && a->also_count == b->also_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes image = {data, size};
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY_MAX);
    const struct dossier_entry *entries = NULL;
    size_t count = 0;
    if (dossier_read(image, arena, &entries, &count) != STATUS_OK) {
        return 0;
    }
    struct text AUTO(text_done) written = text_of_limit(IMAGE_SIZE_MAX);
    dossier_begin(&written, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        check_entry(&entries[i], image);
        dossier_add(&written, &entries[i]);
    }
    const struct dossier_entry *again = NULL;
    size_t count_again = 0;
    CLAIM(dossier_read(text_bytes(&written), arena, &again, &count_again) == STATUS_OK);
    CLAIM(count_again == count);
    for (size_t i = 0; i < count; i++) {
        check_same(&entries[i], &again[i]);
    }
    return 0;
}
