/* Seals and opens, for tests/prove/sealed and age-encryption beside other programs that do.
 *
 *     tocsin-sealed < REQUESTS > ANSWERS
 *
 * A request is a line, and as many bytes as its last word says:
 *
 *     seal|seal-armoured RECIPIENT... SIZE           sealed to each of them
 *     lock|lock-armoured WORK PASSPHRASE SIZE        sealed to a passphrase, in hexadecimal
 *     open KEY-FILE SIZE       unlock PASSPHRASE SIZE
 *
 * An answer is a line "yes SIZE" and what came out, or "no SIZE" and why. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "access/seal/armour.h"
#include "access/seal/sealed.h"
#include "base/file.h"
#include "base/number.h"

#define INPUT_MAX (64U * 1024U * 1024U)
#define WORDS_MAX (SEALED_RECIPIENTS_MAX + 3)

struct request {
    char *line;
    char *words[WORDS_MAX];
    size_t count;
    uint8_t *bytes;
    uint64_t size;
};

/* False at the end, or where what comes is no request. */
static bool read_request(struct request *out)
{
    size_t capacity = 0;
    *out = (struct request){.line = NULL};
    ssize_t length = getline(&out->line, &capacity, stdin);
    char *rest = out->line;
    while (length > 0 && rest != NULL && out->count < WORDS_MAX) {
        out->words[out->count++] = strsep(&rest, " \n");
    }
    while (out->count > 0 && out->words[out->count - 1][0] == '\0') {
        out->count--;
    }
    if (out->count < 2 || number_decimal_max(bytes_of_text(out->words[out->count - 1]),
                                             INPUT_MAX, &out->size) != STATUS_OK) {
        return false;
    }
    out->count--;
    out->bytes = malloc((size_t)out->size + 1);
    return out->bytes != NULL && fread(out->bytes, 1, (size_t)out->size, stdin) == out->size;
}

static void request_done(struct request *request)
{
    free(request->line);
    free(request->bytes);
}

static enum status seal_all(const struct sealed_plan *plan, struct bytes input,
                            struct text *out, const char **why)
{
    struct seal_fault fault = {.what = "cannot be sealed"};
    enum status status =
        sealed_write(plan, seal_source_of_bytes(&input), seal_sink_of_text(out), &fault);
    *why = fault.what;
    return status;
}

static enum status open_all(struct sealed_opener *opener, struct bytes input, struct text *out,
                            const char **why)
{
    struct seal_fault fault = {.what = "cannot be opened"};
    opener->is_armoured = armour_is_likely(input);
    enum status status =
        sealed_open(opener, seal_source_of_bytes(&input), seal_sink_of_text(out), &fault);
    *why = fault.what;
    return status;
}

static enum status seal(const struct request *request, struct text *out, const char **why)
{
    struct recipient recipients[SEALED_RECIPIENTS_MAX];
    size_t count = request->count - 1;
    for (size_t i = 0; i < count; i++) {
        TRY(recipient_read(bytes_of_text(request->words[i + 1]), &recipients[i], why));
    }
    const struct sealed_plan plan = {.recipients = recipients,
                                     .recipient_count = count,
                                     .is_armoured =
                                         strcmp(request->words[0], "seal-armoured") == 0};
    return seal_all(&plan, (struct bytes){request->bytes, (size_t)request->size}, out, why);
}

static enum status read_passphrase(const char *word, struct text *out)
{
    for (size_t i = 0; word[i] != '\0' && word[i + 1] != '\0'; i += 2) {
        uint64_t byte = 0;
        TRY(number_hex((struct bytes){(const uint8_t *)word + i, 2}, &byte));
        text_add_byte(out, (char)byte);
    }
    return text_status(out);
}

static enum status lock(const struct request *request, struct text *out, const char **why)
{
    AUTO(text_done) struct text passphrase = text_of_limit(INPUT_MAX);
    uint64_t work = 0;
    if (request->count != 3) {
        return STATUS_MALFORMED;
    }
    TRY(number_decimal_max(bytes_of_text(request->words[1]), 30, &work));
    TRY(read_passphrase(request->words[2], &passphrase));
    const struct sealed_plan plan = {.passphrase = text_bytes(&passphrase),
                                     .work = (unsigned)work,
                                     .is_armoured =
                                         strcmp(request->words[0], "lock-armoured") == 0};
    return seal_all(&plan, (struct bytes){request->bytes, (size_t)request->size}, out, why);
}

static enum status open_by_key(const struct request *request, struct text *out,
                               const char **why)
{
    struct sealing_key key;
    TRY(sealing_key_load(AT_FDCWD, request->words[1], &key, why));
    struct sealed_opener opener = {.key = &key};
    enum status status =
        open_all(&opener, (struct bytes){request->bytes, (size_t)request->size}, out, why);
    sealing_key_done(&key);
    return status;
}

static enum status unlock(const struct request *request, struct text *out, const char **why)
{
    AUTO(text_done) struct text passphrase = text_of_limit(INPUT_MAX);
    TRY(read_passphrase(request->words[1], &passphrase));
    struct sealed_opener opener = {.passphrase = text_bytes(&passphrase)};
    return open_all(&opener, (struct bytes){request->bytes, (size_t)request->size}, out, why);
}

static enum status answer(const struct request *request, struct text *out, const char **why)
{
    static const struct {
        const char *word;
        enum status (*run)(const struct request *, struct text *, const char **);
    } rows[] = {{"seal", seal},          {"seal-armoured", seal}, {"lock", lock},
                {"lock-armoured", lock}, {"open", open_by_key},   {"unlock", unlock}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(request->words[0], rows[i].word) == 0 && request->count > 1) {
            return rows[i].run(request, out, why);
        }
    }
    return STATUS_UNSUPPORTED;
}

int main(void)
{
    struct request request;
    while (read_request(&request)) {
        AUTO(text_done) struct text out = text_of_limit(2 * INPUT_MAX);
        const char *why = "no such request";
        bool is_good = answer(&request, &out, &why) == STATUS_OK;
        if (!is_good) {
            text_clear(&out);
            text_add(&out, why == NULL ? "refused" : why);
        }
        printf("%s %zu\n", is_good ? "yes" : "no", out.size);
        fwrite(out.data, 1, out.size, stdout);
        fflush(stdout);
        request_done(&request);
    }
    bool is_over = feof(stdin) != 0;
    request_done(&request);
    return is_over ? 0 : 2;
}
