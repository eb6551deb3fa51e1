/* Claims of cli/arguments.h: whatever the words, a request or one visible line; an accepted
 * request names an operation, takes no more operands than it may, and borrows them. */
#include "fuzz.h"

#include <string.h>

#include "cli/arguments.h"

#define WORDS_MAX 64
#define INPUT_SIZE_MAX 4096

static bool is_ours(const char *word, const char *const *words, int count)
{
    for (int i = 0; i < count; i++) {
        size_t size = strlen(words[i]);
        if (word >= words[i] && word <= words[i] + size) {
            return true;
        }
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char buffer[INPUT_SIZE_MAX + 1];
    static struct arguments arguments;
    const char *words[WORDS_MAX] = {"tocsin"};
    int count = 1;
    size = size < INPUT_SIZE_MAX ? size : INPUT_SIZE_MAX;
    memcpy(buffer, data, size);
    buffer[size] = '\0';
    for (size_t at = 0; at < size && count < WORDS_MAX; at += strlen(buffer + at) + 1) {
        words[count++] = buffer + at;
    }
    AUTO(text_done) struct text problem = text_of_limit(8192);
    if (arguments_read(count, words, &arguments, &problem) != STATUS_OK) {
        CLAIM(problem.size > 0);
        for (size_t i = 0; i < problem.size; i++) {
            CLAIM((unsigned char)problem.data[i] >= 0x20 && problem.data[i] != 0x7f);
        }
        return 0;
    }
    const struct request *request = &arguments.request;
    CLAIM(request->operation != NULL && operation_resolve(request) != NULL);
    CLAIM(request->wants_help || (request->operand_count >= request->operation->operand_min &&
                                  request->operand_count <= request->operation->operand_max));
    for (size_t i = 0; i < request->operand_count; i++) {
        CLAIM(is_ours(request->operands[i], words, count));
    }
    CLAIM(request->output == NULL || is_ours(request->output, words, count));
    CLAIM(request->jobs <= REQUEST_JOBS_MAX);
    return 0;
}
