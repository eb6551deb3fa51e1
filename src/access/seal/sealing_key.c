#include "access/seal/sealing_key.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define RECIPIENT_PREFIX "age"
#define SECRET_PREFIX "age-secret-key-"

static_assert(SEALING_KEY_SIZE == crypto_scalarmult_SCALARBYTES, "an X25519 key");
static_assert(SEALING_KEY_SIZE == BECH32_KEY_SIZE, "as it is written down");

/* True where anything sealed to the key could be opened by everybody: X25519 with a point of
 * low order gives zero whatever the secret. */
static bool is_of_low_order(const struct recipient *recipient)
{
    uint8_t secret[SEALING_KEY_SIZE] = {1};
    uint8_t shared[SEALING_KEY_SIZE];
    return crypto_scalarmult(shared, secret, recipient->key) != 0;
}

enum status recipient_read(struct bytes text, struct recipient *out, const char **why)
{
    struct recipient recipient;
    TRY(bech32_read_key(text, RECIPIENT_PREFIX, recipient.key, why));
    if (is_of_low_order(&recipient)) {
        *why = "it is a key that keeps nothing secret (a point of low order)";
        return STATUS_MALFORMED;
    }
    *out = recipient;
    return STATUS_OK;
}

void recipient_add(const struct recipient *recipient, struct text *out)
{
    char line[BECH32_TEXT_MAX + 1];
    bech32_write_key(RECIPIENT_PREFIX, recipient->key, false, line);
    text_add(out, line);
}

bool recipient_equal(const struct recipient *a, const struct recipient *b)
{
    return memcmp(a->key, b->key, sizeof a->key) == 0;
}

enum status sealing_key_of_secret(const uint8_t secret[SEALING_KEY_SIZE],
                                  struct sealing_key *out)
{
    if (sodium_init() < 0) {
        return STATUS_IO;
    }
    struct sealing_key key = {.secret = sodium_malloc(SEALING_KEY_SIZE)};
    if (key.secret == NULL) {
        return STATUS_NO_MEMORY;
    }
    memcpy(key.secret, secret, SEALING_KEY_SIZE);
    if (crypto_scalarmult_base(key.recipient.key, key.secret) != 0) {
        sealing_key_done(&key);
        return STATUS_MALFORMED;
    }
    *out = key;
    return STATUS_OK;
}

enum status sealing_key_new(struct sealing_key *out)
{
    if (sodium_init() < 0) {
        return STATUS_IO;
    }
    uint8_t secret[SEALING_KEY_SIZE];
    randombytes_buf(secret, sizeof secret);
    enum status status = sealing_key_of_secret(secret, out);
    sodium_memzero(secret, sizeof secret);
    return status;
}

void sealing_key_done(struct sealing_key *key)
{
    sodium_free(key->secret);
    *key = (struct sealing_key){0};
}

/* The one line that is neither empty nor a comment. */
static enum status find_line(struct bytes text, struct bytes *out, const char **why)
{
    struct bytes rest = text;
    struct bytes line = BYTES_NONE;
    struct bytes found = BYTES_NONE;
    while (bytes_split(&rest, '\n', &line)) {
        line = bytes_trim(line);
        if (line.size == 0 || line.data[0] == '#') {
            continue;
        }
        if (found.size > 0) {
            *why = "the file of the sealing key holds more than one key";
            return STATUS_MALFORMED;
        }
        found = line;
    }
    *out = found;
    return STATUS_OK;
}

enum status sealing_key_read(struct bytes text, struct sealing_key *out, const char **why)
{
    struct bytes line = BYTES_NONE;
    TRY(find_line(text, &line, why));
    uint8_t secret[SEALING_KEY_SIZE];
    enum status status = bech32_read_key(line, SECRET_PREFIX, secret, why);
    if (status == STATUS_OK) {
        status = sealing_key_of_secret(secret, out);
    }
    sodium_memzero(secret, sizeof secret);
    return status;
}

enum status sealing_key_take(int fd, struct sealing_key *out, const char **why)
{
    *why = "the sealing key cannot be read";
    if (sodium_init() < 0) {
        return STATUS_IO;
    }
    char *data = sodium_malloc(SEALING_KEY_FILE_MAX);
    if (data == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t size = 0;
    ssize_t count = 1;
    while (count > 0 && size < SEALING_KEY_FILE_MAX) {
        count = pread(fd, data + size, SEALING_KEY_FILE_MAX - size, (off_t)size);
        size += count > 0 ? (size_t)count : 0;
    }
    enum status status = count < 0 ? STATUS_IO : STATUS_OK;
    if (size == SEALING_KEY_FILE_MAX) {
        *why = "the file of the sealing key is longer than a key";
        status = STATUS_MALFORMED;
    }
    if (status == STATUS_OK) {
        status = sealing_key_read((struct bytes){(const uint8_t *)data, size}, out, why);
    }
    sodium_free(data);
    return status;
}

enum status sealing_key_open(int folder, const char *name, int *out, const char **why)
{
    *why = "the sealing key cannot be opened";
    AUTO(file_done)
    int fd = file_open_existing(folder, name);
    if (fd < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : errno == ELOOP ? STATUS_DENIED : STATUS_IO;
    }
    struct stat facts;
    if (fstat(fd, &facts) != 0) {
        return STATUS_IO;
    }
    if (!S_ISREG(facts.st_mode) || facts.st_uid != geteuid() ||
        (facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        *why = "the sealing key is not a file of the caller's own with mode 0600";
        return STATUS_DENIED;
    }
    *out = fd;
    fd = -1;
    return STATUS_OK;
}

enum status sealing_key_load(int folder, const char *name, struct sealing_key *out,
                             const char **why)
{
    AUTO(file_done) int fd = -1;
    TRY(sealing_key_open(folder, name, &fd, why));
    return sealing_key_take(fd, out, why);
}

enum status sealing_key_save(const struct sealing_key *key, int folder, const char *name)
{
    char line[BECH32_TEXT_MAX + 2];
    size_t size = bech32_write_key(SECRET_PREFIX, key->secret, true, line);
    line[size++] = '\n';
    enum status status = file_create(
        folder, folder, name, (struct bytes){(const uint8_t *)line, size}, S_IRUSR | S_IWUSR);
    sodium_memzero(line, sizeof line);
    return status;
}
