/* Claims of access/note.h and access/checkpoint.h: a note that is read is its input, part by
 * part, nothing left out; what stands in it lies in it; a signature of nobody's is no
 * signature.
 *
 * Input: a note; or, where it is none, a key. */
#include "fuzz.h"

#include "access/checkpoint.h"
#include "access/note.h"
#include "base/text.h"

#define KEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define TEXT \
    "If you think cryptography is the answer to your problem,\n" \
    "then you don't know what your problem is.\n"

static void check_note(const struct note *note, struct bytes input)
{
    AUTO(text_done) struct text again = text_of_limit(NOTE_SIZE_MAX);
    text_add_raw(&again, note->text);
    text_add_byte(&again, '\n');
    CLAIM(lies_inside(note->text, input));
    for (size_t i = 0; i < note->signature_count; i++) {
        CLAIM(lies_inside(note->signatures[i].name, input));
        CLAIM(lies_inside(note->signatures[i].encoded, input));
        text_add_raw(&again, note->signatures[i].line);
    }
    CLAIM(bytes_equal(text_bytes(&again), input));
    struct note_key key;
    uint64_t time_s = 0;
    CLAIM(note_key_read(bytes_of_text(KEY), &key) == STATUS_OK);
    CLAIM(note_check(note, &key, &time_s) != NOTE_SIGNED || bytes_equal_text(note->text, TEXT));
    struct checkpoint checkpoint;
    if (checkpoint_read(note->text, &checkpoint) == STATUS_OK) {
        CLAIM(lies_inside(checkpoint.origin, note->text));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct note note;
    struct fault fault = {0};
    if (note_read(input, &note, &fault) == STATUS_OK) {
        check_note(&note, input);
        return 0;
    }
    CLAIM(fault.what != NULL);
    struct note_key key;
    if (note_key_read(input, &key) == STATUS_OK) {
        CLAIM(lies_inside(key.name, input));
    }
    return 0;
}
