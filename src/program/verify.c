/* tocsin-verify: checks an audit log, or the proof of one entry, for who has nothing but a key.
 *
 *     tocsin-verify log HOME KEY               a whole log: HOME/audit, and HOME/payloads
 *     tocsin-verify proof FILE KEY [WITNESS...]    the proof of one entry
 *
 * Small on purpose, to be handed to outsiders and read by them.  It shares with what writes
 * logs SHA-256 and libsodium alone: a test looks that nothing else of it is linked.  It needs
 * no home, makes nothing, changes nothing. Input: untrusted.  Ends with 0 where what was
 * checked holds, and else with 2, saying why. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access/audit_verify.h"
#include "access/log_proof.h"
#include "base/file.h"

#define EXIT_REFUSED 2
#define OUTPUT_MAX 65536
#define NAME_SHOWN_MAX 300

static const char usage[] =
    "usage: tocsin-verify log HOME KEY                  checks a whole audit log\n"
    "       tocsin-verify proof FILE KEY [WITNESS...]   checks the proof of one entry\n\n"
    "KEY is the log's, WITNESS a witness's key: name+hash+key.\n";

static int refuse(const char *what, const char *why)
{
    AUTO(text_done) struct text line = text_of_limit(OUTPUT_MAX);
    text_add(&line, "tocsin-verify: ");
    text_add_quoted(&line, bytes_of_text(what), NAME_SHOWN_MAX);
    text_addf(&line, ": %s\n", why);
    IGNORE(file_write(STDERR_FILENO, text_bytes(&line)), "there is nobody else to tell");
    return EXIT_REFUSED;
}

static int print(const struct text *text, int status)
{
    return file_write(STDOUT_FILENO, text_bytes(text)) == STATUS_OK
               ? status
               : refuse("standard output", "cannot be written");
}

/* ---- log ---- */

static int check_log(const char *path, const char *key)
{
    AUTO(audit_check_done) struct audit_check found = {0};
    AUTO(text_done) struct text out = text_of_limit(2 * OUTPUT_MAX);
    AUTO(file_done) int home = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (home < 0) {
        return refuse(path, strerror(errno));
    }
    enum status status = audit_verify(home, bytes_of_text(key), NULL, &found);
    if (status != STATUS_OK) {
        return status == STATUS_MALFORMED   ? refuse(key, "is no key of the form name+hash+key")
               : status == STATUS_NOT_FOUND ? refuse(path, "there is no audit log in it")
                                            : refuse(path, "its audit log cannot be read");
    }
    bool is_whole = found.difference_count == 0;
    text_add_raw(&out, text_bytes(&found.differences));
    text_addf(&out,
              "%s: %llu entries in %llu files, %llu bytes; %llu payloads open their "
              "commitments, %llu erased; %llu differences\n",
              is_whole ? "whole" : "NOT WHOLE", (unsigned long long)found.entry_count,
              (unsigned long long)found.file_count, (unsigned long long)found.byte_count,
              (unsigned long long)found.payload_count, (unsigned long long)found.erased_count,
              (unsigned long long)found.difference_count);
    return print(&out, is_whole ? EXIT_SUCCESS : EXIT_REFUSED);
}

/* ---- proof ---- */

static enum status read_proof(const char *path, struct text *out)
{
    AUTO(file_done) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    return fd < 0 ? STATUS_IO : file_read(fd, out);
}

static void add_entry(const struct audit_entry *entry, struct text *out)
{
    text_addf(out, "%llu  %llu ms  %s  C%u  ", (unsigned long long)entry->sequence,
              (unsigned long long)entry->time_ms, audit_event_name(entry->event),
              (unsigned)entry->class);
    text_add_raw(out, entry->operation);
    text_add(out, "  ");
    text_add_raw(out, entry->rule);
    text_add(out, entry->reason.size > 0 ? "  " : "");
    text_add_raw(out, entry->reason);
    text_add(out, entry->object.size > 0 ? "  sha256:" : "");
    text_add_hex(out, entry->object);
    text_add_byte(out, '\n');
}

/* NULL where all of them cosigned, else the first that did not. */
static const char *find_missing(const struct log_proof *proof, char **witnesses, int count)
{
    for (int i = 0; i < count; i++) {
        struct note_key key;
        uint64_t time_s = 0;
        if (note_key_read(bytes_of_text(witnesses[i]), &key) != STATUS_OK ||
            key.algorithm != NOTE_COSIGNATURE ||
            note_check(&proof->checkpoint.note, &key, &time_s) != NOTE_SIGNED) {
            return witnesses[i];
        }
    }
    return NULL;
}

static int check_proof(const char *path, const char *word, char **witnesses, int count)
{
    struct note_key key;
    struct log_proof proof;
    struct audit_entry entry;
    struct fault fault = {NULL, 0};
    AUTO(text_done) struct text file = text_of_limit(LOG_PROOF_SIZE_MAX);
    AUTO(text_done) struct text out = text_of_limit(OUTPUT_MAX);
    if (note_key_read(bytes_of_text(word), &key) != STATUS_OK) {
        return refuse(word, "is no key of the form name+hash+key");
    }
    enum status status = read_proof(path, &file);
    if (status != STATUS_OK) {
        return refuse(path, status == STATUS_LIMIT ? "is too long" : "cannot be read");
    }
    status = log_proof_read(text_bytes(&file), &proof, &fault);
    if (status == STATUS_OK) {
        status = log_proof_check(&proof, &key, &entry, &fault);
    }
    if (status != STATUS_OK) {
        return refuse(path, fault.what);
    }
    const char *missing = find_missing(&proof, witnesses, count);
    if (missing != NULL) {
        return refuse(missing, "is no witness that cosigned this");
    }
    add_entry(&entry, &out);
    text_add(&out, "proved: the log ");
    text_add_quoted(&out, proof.checkpoint.says.origin, NAME_SHOWN_MAX);
    text_addf(&out, " held this entry when it had %llu; %d witnesses cosigned that\n",
              (unsigned long long)proof.checkpoint.says.size, count);
    return print(&out, EXIT_SUCCESS);
}

int main(int count, char **words)
{
    if (sodium_init() < 0) {
        return refuse("libsodium", "cannot be used");
    }
    if (count == 4 && strcmp(words[1], "log") == 0) {
        return check_log(words[2], words[3]);
    }
    if (count >= 4 && strcmp(words[1], "proof") == 0) {
        return check_proof(words[2], words[3], words + 4, count - 4);
    }
    bool is_asked = count == 2 && strcmp(words[1], "--help") == 0;
    IGNORE(file_write(is_asked ? STDOUT_FILENO : STDERR_FILENO, bytes_of_text(usage)),
           "there is nobody else to tell");
    return is_asked ? EXIT_SUCCESS : EXIT_REFUSED;
}
