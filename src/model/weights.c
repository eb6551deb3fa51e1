#include "model/weights.h"

#include "base/pack.h"

#define MAGIC 0x31575354U /* "TSW1" */
#define HEADER_SIZE 48U
#define ROW_SIZE 64U

size_t tensor_item_size(enum tensor_kind kind)
{
    return kind == TENSOR_I32 ? 4 : 1;
}

/* The name up to its zeros; fails the cursor where something stands after them. */
static struct bytes read_name(struct cursor *cursor)
{
    struct bytes field = cursor_take(cursor, WEIGHTS_NAME_SIZE);
    struct bytes name = bytes_part(field, 0, bytes_find_byte(field, 0));
    if (name.size == 0 || bytes_count(field, 0) != field.size - name.size) {
        cursor_fail(cursor, STATUS_MALFORMED, "a tensor of the weights has no proper name");
    }
    return name;
}

static void read_tensor(struct cursor *cursor, struct bytes image, struct tensor *out)
{
    out->name = read_name(cursor);
    uint32_t kind = cursor_u32le(cursor);
    uint32_t zero = cursor_u32le(cursor);
    uint64_t offset = cursor_u64le(cursor);
    uint64_t count = cursor_u64le(cursor);
    uint64_t more_zero = cursor_u64le(cursor);
    if (kind >= TENSOR_KIND_COUNT || zero != 0 || more_zero != 0 ||
        offset % WEIGHTS_ALIGNMENT != 0) {
        cursor_fail(cursor, STATUS_MALFORMED, "a tensor of the weights is of no known kind");
        return;
    }
    out->kind = (enum tensor_kind)kind;
    struct cursor at = cursor_of(image);
    cursor_seek(&at, offset > image.size ? SIZE_MAX : (size_t)offset);
    size_t item_size = tensor_item_size(out->kind);
    size_t held = cursor_count(&at, count, item_size, WEIGHTS_SIZE_MAX);
    out->content = cursor_take(&at, held * item_size);
    if (cursor_status(&at) != STATUS_OK) {
        cursor_fail(cursor, STATUS_MALFORMED, "a tensor lies outside the weights");
    }
}

static void check_digest(struct cursor *cursor, struct bytes image, struct bytes claimed)
{
    struct sha256 digest = sha256_of(bytes_from(image, HEADER_SIZE));
    if (cursor_status(cursor) == STATUS_OK &&
        !bytes_equal(claimed, (struct bytes){digest.bytes, sizeof digest.bytes})) {
        cursor_fail(cursor, STATUS_MALFORMED,
                    "the weights are damaged: their SHA-256 is not the one they name");
    }
}

enum status weights_read(struct bytes image, struct weights *out, struct fault *fault)
{
    struct cursor cursor = cursor_of(image);
    if (cursor_u32le(&cursor) != MAGIC) {
        cursor_fail(&cursor, STATUS_UNSUPPORTED,
                    "these are no weights, or of a version that is not known");
    }
    size_t count = cursor_u32le(&cursor);
    if (cursor_u64le(&cursor) != image.size) {
        cursor_fail(&cursor, STATUS_TRUNCATED, "the weights are not as long as they say");
    }
    if (image.size > WEIGHTS_SIZE_MAX) {
        cursor_fail(&cursor, STATUS_LIMIT, "the weights are too large");
    }
    check_digest(&cursor, image, cursor_take(&cursor, sizeof(struct sha256)));
    count = cursor_count(&cursor, count, ROW_SIZE, WEIGHTS_TENSORS_MAX);
    struct weights weights = {.count = count};
    for (size_t i = 0; i < count && cursor_status(&cursor) == STATUS_OK; i++) {
        read_tensor(&cursor, image, &weights.tensors[i]);
        if (i > 0 && bytes_compare(weights.tensors[i - 1].name, weights.tensors[i].name) >= 0) {
            cursor_fail(&cursor, STATUS_MALFORMED, "the tensors are not in order of name");
        }
    }
    enum status status = cursor_status(&cursor);
    if (status != STATUS_OK) {
        *fault = cursor.fault;
        return status;
    }
    *out = weights;
    return STATUS_OK;
}

enum status weights_find(const struct weights *weights, const char *name, enum tensor_kind kind,
                         struct bytes *out)
{
    for (size_t i = 0; i < weights->count; i++) {
        const struct tensor *tensor = &weights->tensors[i];
        if (tensor->kind == kind && bytes_equal_text(tensor->name, name)) {
            *out = tensor->content;
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}

static size_t aligned(size_t size)
{
    return (size + WEIGHTS_ALIGNMENT - 1) / WEIGHTS_ALIGNMENT * WEIGHTS_ALIGNMENT;
}

static void add_zeros(struct text *out, size_t size)
{
    while (out->size < size && out->status == STATUS_OK) {
        text_add_byte(out, '\0');
    }
}

enum status weights_write(struct text *out, const struct tensor *tensors, size_t count)
{
    struct text AUTO(text_done) body = text_of_limit(WEIGHTS_SIZE_MAX);
    size_t offset = aligned(HEADER_SIZE + count * ROW_SIZE);
    for (size_t i = 0; i < count; i++) {
        size_t start = body.size;
        text_add_raw(&body, bytes_part(tensors[i].name, 0, WEIGHTS_NAME_SIZE));
        add_zeros(&body, start + WEIGHTS_NAME_SIZE);
        pack_u32(&body, (uint32_t)tensors[i].kind);
        pack_u32(&body, 0);
        pack_u64(&body, offset);
        pack_u64(&body, tensors[i].content.size / tensor_item_size(tensors[i].kind));
        pack_u64(&body, 0);
        offset = aligned(offset + tensors[i].content.size);
    }
    for (size_t i = 0; i < count; i++) {
        add_zeros(&body, aligned(HEADER_SIZE + body.size) - HEADER_SIZE);
        text_add_raw(&body, tensors[i].content);
    }
    TRY(text_status(&body));
    struct sha256 digest = sha256_of(text_bytes(&body));
    pack_u32(out, MAGIC);
    pack_u32(out, (uint32_t)count);
    pack_u64(out, HEADER_SIZE + body.size);
    text_add_raw(out, (struct bytes){digest.bytes, sizeof digest.bytes});
    text_add_raw(out, text_bytes(&body));
    return text_status(out);
}
