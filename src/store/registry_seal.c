#include "store/registry_seal.h"

#include "base/number.h"

#define FIRST_LINE "tocsin/registry/1\n"

static void add_text(const struct registry_seal *seal, struct text *out)
{
    text_addf(out, FIRST_LINE "size: %llu\nroot: ", (unsigned long long)seal->log.size);
    sha256_add_hex(out, &seal->log.root);
    text_add(out, "\ndatabase: ");
    sha256_add_hex(out, &seal->database);
    text_add(out, "\npapers: ");
    sha256_add_hex(out, &seal->papers);
    text_add_byte(out, '\n');
}

enum status registry_seal_write(const struct identity *identity,
                                const struct registry_seal *seal, struct text *out)
{
    AUTO(text_done) struct text text = text_of_limit(REGISTRY_SEAL_MAX);
    add_text(seal, &text);
    TRY(text_status(&text));
    return identity_sign_note(identity, text_bytes(&text), out);
}

/* The value of the next line, which has that name. */
static bool take(struct bytes *rest, const char *name, struct bytes *out)
{
    struct bytes line = BYTES_NONE;
    struct bytes want = bytes_of_text(name);
    if (!bytes_split(rest, '\n', &line) || !bytes_equal(bytes_part(line, 0, want.size), want)) {
        return false;
    }
    *out = bytes_from(line, want.size);
    return true;
}

static bool take_hash(struct bytes *rest, const char *name, struct sha256 *out)
{
    struct bytes value = BYTES_NONE;
    return take(rest, name, &value) && sha256_read_hex(value, out) == STATUS_OK;
}

enum status registry_seal_read(const struct identity *identity, struct bytes file,
                               struct registry_seal *out)
{
    struct bytes text = BYTES_NONE;
    struct bytes value = BYTES_NONE;
    struct registry_seal seal = {0};
    if (file.size > REGISTRY_SEAL_MAX || !identity_has_signed(identity, file, &text)) {
        return STATUS_CONFLICT;
    }
    struct bytes rest = text;
    if (!take(&rest, "tocsin/registry/1", &value) || value.size > 0 ||
        !take(&rest, "size: ", &value) || number_decimal(value, &seal.log.size) != STATUS_OK ||
        !take_hash(&rest, "root: ", &seal.log.root) ||
        !take_hash(&rest, "database: ", &seal.database) ||
        !take_hash(&rest, "papers: ", &seal.papers)) {
        return STATUS_UNSUPPORTED;
    }
    /* In one form only: nothing stands beside what was read. */
    AUTO(text_done) struct text again = text_of_limit(REGISTRY_SEAL_MAX);
    add_text(&seal, &again);
    if (!bytes_equal(text_bytes(&again), text)) {
        return STATUS_UNSUPPORTED;
    }
    *out = seal;
    return STATUS_OK;
}
