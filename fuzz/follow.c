/* Claims of record/follow.h: what is read borrows from the message, and written again it is the
 * same message. */
#include "fuzz.h"

#include "record/follow.h"

#define MESSAGE_MAX (1U << 20)

static void check_order(struct bytes message)
{
    struct follow_order order;
    struct text AUTO(text_done) written = text_of_limit(MESSAGE_MAX);
    if (follow_order_read(message, &order) == STATUS_OK) {
        CLAIM(order.kind < FOLLOW_KIND_COUNT && lies_inside(order.bytes, message));
        CLAIM(order.bytes.size <= FOLLOW_BYTES_MAX);
        follow_order_write(&written, &order);
        CLAIM(bytes_equal(text_bytes(&written), message));
    }
}

static void check_word(struct bytes message)
{
    struct follow_word word;
    struct follow_word again;
    struct text AUTO(text_done) written = text_of_limit(MESSAGE_MAX);
    if (follow_word_read(message, &word) == STATUS_OK) {
        CLAIM(word.why < FOLLOW_WHY_COUNT);
        follow_word_write(&written, &word);
        CLAIM(follow_word_read(text_bytes(&written), &again) == STATUS_OK);
        CLAIM(again.offset == word.offset && again.has_look == word.has_look);
    }
}

static void check_look(struct bytes message)
{
    struct follow_look look;
    struct text AUTO(text_done) written = text_of_limit(MESSAGE_MAX);
    if (follow_look_read(message, &look) == STATUS_OK) {
        CLAIM(lies_inside(look.given, message) && lies_inside(look.standing, message));
        follow_look_write(&written, &look);
        CLAIM(bytes_equal(text_bytes(&written), message));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes message = {data, size};
    check_order(message);
    check_word(message);
    check_look(message);
    return 0;
}
