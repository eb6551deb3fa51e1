/* Seals and opens on a command line, for tests/prove/sealed beside other programs that do.
 *
 *     tocsin-sealed seal|seal-armoured RECIPIENT... < PLAIN > SEALED
 *     tocsin-sealed open KEY-FILE < SEALED > PLAIN
 *
 * Ends with 0, or with 1 and the reason on standard error. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "access/seal/armour.h"
#include "access/seal/sealed.h"
#include "base/file.h"

#define INPUT_MAX (64U * 1024U * 1024U)

static int refuse(const char *what)
{
    fprintf(stderr, "%s\n", what);
    return 1;
}

static int seal(bool is_armoured, size_t count, char **words)
{
    struct recipient recipients[SEALED_RECIPIENTS_MAX];
    const char *why = "there are too many recipients";
    for (size_t i = 0; i < count; i++) {
        if (i == SEALED_RECIPIENTS_MAX ||
            recipient_read(bytes_of_text(words[i]), &recipients[i], &why) != STATUS_OK) {
            return refuse(why);
        }
    }
    struct sealed_plan plan = {
        .recipients = recipients, .recipient_count = count, .is_armoured = is_armoured};
    int input = STDIN_FILENO;
    int output = STDOUT_FILENO;
    struct seal_fault fault;
    enum status status =
        sealed_write(&plan, seal_source_of_fd(&input), seal_sink_of_fd(&output), &fault);
    return status == STATUS_OK ? 0 : refuse(fault.what);
}

static int open_sealed(const char *path)
{
    struct sealing_key key;
    const char *why = NULL;
    if (sealing_key_load(AT_FDCWD, path, &key, &why) != STATUS_OK) {
        return refuse(why);
    }
    AUTO(text_done) struct text sealed = text_of_limit(INPUT_MAX);
    struct bytes bytes = BYTES_NONE;
    int result = 1;
    if (file_read(STDIN_FILENO, &sealed) == STATUS_OK) {
        bytes = text_bytes(&sealed);
        int output = STDOUT_FILENO;
        struct sealed_opener opener = {.key = &key, .is_armoured = armour_is_likely(bytes)};
        struct seal_fault fault;
        enum status status = sealed_open(&opener, seal_source_of_bytes(&bytes),
                                         seal_sink_of_fd(&output), &fault);
        result = status == STATUS_OK ? 0 : refuse(fault.what);
    }
    sealing_key_done(&key);
    return result;
}

int main(int count, char **words)
{
    if (count == 3 && strcmp(words[1], "open") == 0) {
        return open_sealed(words[2]);
    }
    bool is_armoured = count > 2 && strcmp(words[1], "seal-armoured") == 0;
    if (is_armoured || (count > 2 && strcmp(words[1], "seal") == 0)) {
        return seal(is_armoured, (size_t)count - 2, words + 2);
    }
    fprintf(stderr, "usage: tocsin-sealed seal|seal-armoured RECIPIENT... | open KEY-FILE\n");
    return 2;
}
