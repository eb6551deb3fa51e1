#include "access/audit_path.h"

/* "x001/x234/067" */
static void add_index(struct text *path, uint64_t index)
{
    uint64_t unit = 1;
    while (index / unit >= 1000) {
        unit *= 1000;
    }
    for (; unit >= 1000; unit /= 1000) {
        text_addf(path, "x%03u/", (unsigned)(index / unit % 1000));
    }
    text_addf(path, "%03u", (unsigned)(index % 1000));
}

void audit_path_add(struct text *path, int level, uint64_t index)
{
    if (level == AUDIT_PATH_ENTRIES) {
        text_add(path, "tile/entries/");
    } else {
        text_addf(path, "tile/%d/", level);
    }
    add_index(path, index);
}
