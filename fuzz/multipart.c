/* Claims of parse/net/multipart.h: the size of the parts a body comes in changes nothing;
 * begins and ends alternate; no more parts than the limit. */
#include "fuzz.h"

#include "base/text.h"
#include "parse/net/multipart.h"

struct heard {
    struct text said;
    bool is_open;
    uint32_t parts;
};

static enum status begin(void *context, struct bytes head)
{
    struct heard *heard = context;
    CLAIM(!heard->is_open && head.size <= MULTIPART_HEAD_MAX);
    CLAIM(++heard->parts <= MULTIPART_PARTS_MAX);
    heard->is_open = true;
    text_add(&heard->said, "\n[");
    text_add_raw(&heard->said, head);
    return STATUS_OK;
}

static enum status take(void *context, struct bytes bytes)
{
    struct heard *heard = context;
    CLAIM(heard->is_open && bytes.size > 0);
    text_add_raw(&heard->said, bytes);
    return STATUS_OK;
}

static enum status end(void *context, bool is_whole)
{
    struct heard *heard = context;
    CLAIM(heard->is_open);
    heard->is_open = false;
    text_add(&heard->said, is_whole ? "]" : "?");
    return STATUS_OK;
}

static void hear(struct bytes body, size_t step, struct heard *heard)
{
    struct multipart_sink sink = {begin, take, end, heard};
    struct multipart multipart;
    heard->said = text_of_limit(1U << 20);
    CLAIM(multipart_begin(&multipart, bytes_of_text("-b")) == STATUS_OK);
    while (body.size > 0) {
        CLAIM(multipart_take(&multipart, bytes_part(body, 0, step), &sink) == STATUS_OK);
        body = bytes_from(body, step);
    }
    CLAIM(multipart_end(&multipart, &sink) == STATUS_OK);
    CLAIM(!heard->is_open);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heard whole = {0};
    struct heard parts = {0};
    hear((struct bytes){data, size}, SIZE_MAX, &whole);
    hear((struct bytes){data, size}, 3, &parts);
    CLAIM(bytes_equal(text_bytes(&whole.said), text_bytes(&parts.said)));
    text_done(&whole.said);
    text_done(&parts.said);
    return 0;
}
