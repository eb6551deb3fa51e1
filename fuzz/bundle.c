/* Claims of codec/bundle.h: every name and content lies inside the image, each is found by its
 * name, and a bundle written from them says the same. */
#include "codec/bundle.h"

#include "fuzz.h"

#define COUNT_MAX 64
#define MEMORY (1U << 20)

static void check_rewritten(const struct bundle *bundle)
{
    struct bundle_entry entries[COUNT_MAX];
    uint64_t total = 0;
    for (uint32_t i = 0; i < bundle->count; i++) {
        entries[i] = bundle_at(bundle, i);
        total += entries[i].content.size;
    }
    if (total > MEMORY / 2) {
        return; /* contents may overlap, and be more together than the image */
    }
    struct text AUTO(text_done) image = text_of_limit(MEMORY);
    struct bundle again;
    struct fault fault;
    CLAIM(bundle_write(&image, entries, bundle->count) == STATUS_OK);
    CLAIM(bundle_read(text_bytes(&image), &again, &fault) == STATUS_OK);
    CLAIM(again.count == bundle->count);
    for (uint32_t i = 0; i < bundle->count; i++) {
        CLAIM(bytes_equal(bundle_at(&again, i).name, entries[i].name));
        CLAIM(bytes_equal(bundle_at(&again, i).content, entries[i].content));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes image = {data, size};
    struct bundle bundle;
    struct fault fault;
    if (bundle_read(image, &bundle, &fault) != STATUS_OK) {
        CLAIM(fault.what != NULL);
        return 0;
    }
    uint32_t index = 0;
    uint32_t walked = 0;
    struct bundle_entry entry;
    while (bundle_next(&bundle, "", &index, &entry)) {
        CLAIM(lies_inside(entry.name, image) && lies_inside(entry.content, image));
        char name[BUNDLE_NAME_SIZE_MAX + 1] = {0};
        for (size_t i = 0; i < entry.name.size; i++) {
            name[i] = (char)entry.name.data[i];
        }
        struct bytes found;
        if (bytes_equal_text(entry.name, name)) { /* no zero byte in it */
            CLAIM(bundle_find(&bundle, name, &found) == STATUS_OK);
            CLAIM(bytes_equal(found, entry.content));
        }
        walked++;
    }
    CLAIM(walked == bundle.count);
    if (bundle.count <= COUNT_MAX) {
        check_rewritten(&bundle);
    }
    return 0;
}
