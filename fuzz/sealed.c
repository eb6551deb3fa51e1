/* Claims of access/seal/sealed.h: what is sealed opens to the same bytes; where a byte of it is
 * changed it is refused, and what came out before is the beginning of what was sealed; what
 * anybody else wrote is refused with a reason or opens.
 *
 * The input: a byte of choices, two bytes that say which byte is changed, one that says how,
 * and what is sealed, or what is opened as it is. */
#include "fuzz.h"

#include "access/seal/sealed.h"

#define OUTPUT_MAX (1U << 20)
#define CHOICE_ARMOUR 1
#define CHOICE_FOREIGN 2

static const uint8_t secret[SEALING_KEY_SIZE] = {0x42, 0x42, 0x42};

static enum status open_bytes(const struct sealed_opener *opener, struct bytes sealed,
                              struct text *out, struct seal_fault *fault)
{
    *fault = (struct seal_fault){0};
    enum status status =
        sealed_open(opener, seal_source_of_bytes(&sealed), seal_sink_of_text(out), fault);
    CLAIM(status == STATUS_OK || fault->what != NULL);
    return status;
}

static void check_changed(const struct sealed_opener *opener, struct bytes plain,
                          struct text *sealed, size_t at, uint8_t change)
{
    AUTO(text_done) struct text out = text_of_limit(OUTPUT_MAX);
    struct seal_fault fault;
    sealed->data[at % sealed->size] ^= (char)change;
    enum status status = open_bytes(opener, text_bytes(sealed), &out, &fault);
    /* A line end of the armour may become another one, or a space. */
    CLAIM(change == 0 || opener->is_armoured || status != STATUS_OK);
    CLAIM(out.size <= plain.size &&
          bytes_equal(text_bytes(&out), bytes_part(plain, 0, out.size)));
    CLAIM(status != STATUS_OK || out.size == plain.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 4) {
        return 0;
    }
    struct sealing_key key;
    CLAIM(sealing_key_of_secret(secret, &key) == STATUS_OK);
    bool is_armoured = (data[0] & CHOICE_ARMOUR) != 0;
    struct sealed_opener opener = {.key = &key, .is_armoured = is_armoured};
    struct bytes plain = {data + 4, size - 4};
    AUTO(text_done) struct text sealed = text_of_limit(2 * OUTPUT_MAX);
    AUTO(text_done) struct text out = text_of_limit(OUTPUT_MAX);
    struct seal_fault fault;
    if ((data[0] & CHOICE_FOREIGN) != 0) {
        IGNORE(open_bytes(&opener, plain, &out, &fault), "any outcome with a reason");
    } else {
        struct sealed_plan plan = {
            .recipients = &key.recipient, .recipient_count = 1, .is_armoured = is_armoured};
        struct bytes rest = plain;
        CLAIM(sealed_write(&plan, seal_source_of_bytes(&rest), seal_sink_of_text(&sealed),
                           &fault) == STATUS_OK);
        CLAIM(open_bytes(&opener, text_bytes(&sealed), &out, &fault) == STATUS_OK);
        CLAIM(bytes_equal(text_bytes(&out), plain));
        check_changed(&opener, plain, &sealed, (size_t)data[1] << 8 | data[2], data[3]);
    }
    sealing_key_done(&key);
    return 0;
}
