/* The key that opens what was sealed to somebody, and the public half others seal to.
 *
 * Input:  text from outside: a recipient, or the file of a key.
 * Owner:  whoever called sealing_key_new or sealing_key_load; sealing_key_done wipes the
 * secret, which lies in memory that is neither swapped nor dumped, as far as the system lets a
 *         process lock memory.
 * Format: C2SP age, X25519: "AGE-SECRET-KEY-1..." and "age1...", a key alone on its line; lines
 *         that begin with # are comments. */
#pragma once

#include "access/seal/bech32.h"

#define SEALING_KEY_SIZE 32
#define SEALING_KEY_FILE_MAX 1024

struct recipient {
    uint8_t key[SEALING_KEY_SIZE];
};

struct sealing_key {
    uint8_t *secret;
    struct recipient recipient;
};

/* "age1...": STATUS_MALFORMED with `*why`, also for keys that nobody could open. */
enum status recipient_read(struct bytes text, struct recipient *out, const char **why) MUST_USE;
void recipient_add(const struct recipient *recipient, struct text *out);
bool recipient_equal(const struct recipient *a, const struct recipient *b);

enum status sealing_key_new(struct sealing_key *out) MUST_USE;
/* Copies the 32 bytes. */
enum status sealing_key_of_secret(const uint8_t secret[SEALING_KEY_SIZE],
                                  struct sealing_key *out) MUST_USE;
void sealing_key_done(struct sealing_key *key);
/* One key, as sealing_key_save writes it. */
enum status sealing_key_read(struct bytes text, struct sealing_key *out,
                             const char **why) MUST_USE;
/* The key in `folder`/`name`: STATUS_NOT_FOUND where there is none, STATUS_DENIED where it is
 * not a file of the caller's own with mode 0600, STATUS_MALFORMED where it is no key. */
enum status sealing_key_load(int folder, const char *name, struct sealing_key *out,
                             const char **why) MUST_USE;
/* The same in two steps, for two processes: the file, opened and checked, and what is in it,
 * from its beginning. */
enum status sealing_key_open(int folder, const char *name, int *out, const char **why) MUST_USE;
enum status sealing_key_take(int fd, struct sealing_key *out, const char **why) MUST_USE;
/* STATUS_CONFLICT where the name is taken: a key is never overwritten. */
enum status sealing_key_save(const struct sealing_key *key, int folder,
                             const char *name) MUST_USE;
