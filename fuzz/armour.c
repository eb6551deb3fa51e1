/* Claims of access/seal/armour.h: however it is cut into reads, the same comes out; what comes
 * out is written and read again unchanged; a refusal has a reason. */
#include "fuzz.h"

#include "access/seal/armour.h"

#define OUTPUT_MAX (1U << 20)

static enum status read_all(struct bytes input, size_t step, struct text *out,
                            const char **what)
{
    struct armour_reader reader;
    armour_reader_init(&reader, seal_source_of_bytes(&input));
    struct seal_source source = armour_reader_source(&reader);
    uint8_t part[128];
    size_t got = 1;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && got > 0) {
        status = source.read(source.context, part, step, &got);
        if (status == STATUS_OK) {
            CLAIM(got <= step);
            text_add_raw(out, (struct bytes){part, got});
        }
    }
    *what = reader.what;
    return status;
}

static void check_again(struct bytes bytes)
{
    AUTO(text_done) struct text text = text_of_limit(2 * OUTPUT_MAX);
    AUTO(text_done) struct text again = text_of_limit(OUTPUT_MAX);
    struct armour_writer writer;
    armour_writer_init(&writer, seal_sink_of_text(&text));
    struct seal_sink sink = armour_writer_sink(&writer);
    const char *what = NULL;
    CLAIM(sink.write(sink.context, bytes) == STATUS_OK);
    CLAIM(armour_writer_finish(&writer) == STATUS_OK);
    CLAIM(armour_is_likely(text_bytes(&text)));
    CLAIM(read_all(text_bytes(&text), 128, &again, &what) == STATUS_OK);
    CLAIM(bytes_equal(text_bytes(&again), bytes));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    AUTO(text_done) struct text whole = text_of_limit(OUTPUT_MAX);
    AUTO(text_done) struct text parts = text_of_limit(OUTPUT_MAX);
    const char *what = NULL;
    const char *again = NULL;
    enum status status = read_all(input, 128, &whole, &what);
    CLAIM(read_all(input, 7, &parts, &again) == status);
    CLAIM(what == again && (status == STATUS_OK) == (what == NULL));
    CLAIM(bytes_equal(text_bytes(&whole), text_bytes(&parts)));
    check_again(status == STATUS_OK ? text_bytes(&whole)
                                    : bytes_part(input, 0, OUTPUT_MAX / 2));
    return 0;
}
