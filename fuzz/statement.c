/* Claims of record/statement.h: what was read lies inside the message, and is written back and
 * read again equal. */
#include "fuzz.h"

#include "record/statement.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct arena *arena = arena_new(64 << 20);
    struct statement *statement = arena_take(arena, sizeof *statement);
    struct cursor cursor = cursor_of(input);
    if (statement_read(&cursor, arena, statement) == STATUS_OK) {
        for (size_t i = 0; i < statement->command_count; i++) {
            for (size_t j = 0; j < statement->commands[i].word_count; j++) {
                CLAIM(lies_inside(statement->commands[i].words[j].text, input));
            }
        }
        for (size_t i = 0; i < statement->view_count; i++) {
            CLAIM(statement->views[i].parent <= i);
        }
        AUTO(text_done) struct text again = text_of_limit(1 << 24);
        statement_write(&again, statement);
        CLAIM(text_status(&again) == STATUS_OK);
        CLAIM(
            bytes_equal(text_bytes(&again), bytes_part(input, 0, size - cursor_left(&cursor))));
    }
    arena_free(arena);
    return 0;
}
