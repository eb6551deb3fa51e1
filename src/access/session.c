#include "access/session.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/home.h"
#include "base/file.h"

#define KEY_NAME "owner.key"
#define KEY_NAME_NEW "owner.key.new"
#define VERIFIER_NAME "owner.vkey"
#define SESSION_MEMORY_MAX 65536
#define PAPERS_SIZE_MAX (64U * 1024U * 1024U)
#define MODE_SECRET (S_IRUSR | S_IWUSR)
#define MODE_PUBLIC (S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH)

static enum status fail(struct access_session *session, enum status status, const char *what)
{
    session->fault = (struct fault){.what = what};
    return status;
}

static bool has_name(int folder, const char *name)
{
    struct stat facts;
    return fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

static enum status save_key(int folder, const struct identity *identity)
{
    AUTO(text_done) struct text verifier = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(identity, &verifier);
    TRY(file_replace(folder, folder, VERIFIER_NAME, text_bytes(&verifier), MODE_PUBLIC));
    AUTO(text_done) struct text secret = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_secret(identity, &secret);
    enum status status =
        file_replace(folder, folder, KEY_NAME_NEW, text_bytes(&secret), MODE_SECRET);
    if (secret.data != NULL) {
        sodium_memzero(secret.data, secret.size);
    }
    return status;
}

/* A log of no entries, in place whole or not at all. */
static enum status make_log(struct access_session *session, const struct identity *identity)
{
    unlinkat(session->home, "audit.new/checkpoint", 0); /* what a crash left, if anything */
    unlinkat(session->home, "audit.new", AT_REMOVEDIR);
    AUTO(file_done) int folder = -1;
    TRY(file_open_folder(session->home, "audit.new", &folder));
    struct audit audit = {.home = session->home, .folder = folder, .identity = identity};
    TRY(audit_begin(&audit, &session->fault));
    if (renameat(session->home, "audit.new", session->home, "audit") != 0) {
        return STATUS_IO;
    }
    return file_sync(session->home);
}

/* The log is put in place before the key: a key without a log then always means that the log
 * was taken away. */
static enum status begin(struct access_session *session, int keys)
{
    struct identity identity;
    if (has_name(session->home, "audit")) {
        enum status status = identity_load(keys, KEY_NAME_NEW, &identity, &session->fault);
        if (status != STATUS_OK) {
            return fail(session, STATUS_CONFLICT, "there is an audit log, but not its key");
        }
        identity_done(&identity);
    } else {
        TRY(identity_new(&identity));
        enum status status = save_key(keys, &identity);
        if (status == STATUS_OK) {
            status = make_log(session, &identity);
        }
        identity_done(&identity);
        TRY(status);
    }
    if (renameat(keys, KEY_NAME_NEW, keys, KEY_NAME) != 0) {
        return STATUS_IO;
    }
    return file_sync(keys);
}

/* Loads the key; the first of several programs makes it. */
static enum status open_identity(struct access_session *session)
{
    AUTO(file_done) int keys = -1;
    session->fault = (struct fault){.what = "the folder of the owner's key cannot be used"};
    TRY(file_open_folder(session->home, "identity", &keys));
    struct fault fault = {0};
    enum status status = identity_load(keys, KEY_NAME, &session->identity, &fault);
    if (status == STATUS_NOT_FOUND) {
        session->fault = (struct fault){.what = "the owner's key cannot be made"};
        if (flock(keys, LOCK_EX) != 0) {
            return STATUS_IO;
        }
        status = identity_load(keys, KEY_NAME, &session->identity, &fault);
        if (status == STATUS_NOT_FOUND) {
            TRY(begin(session, keys));
            status = identity_load(keys, KEY_NAME, &session->identity, &fault);
        }
    }
    if (status != STATUS_OK) {
        session->fault = fault;
    }
    session->has_identity = status == STATUS_OK;
    return status;
}

static enum status open_audit(struct access_session *session)
{
    int folder = file_open_existing_folder(session->home, "audit");
    if (folder < 0) {
        return fail(session, STATUS_CONFLICT,
                    errno == ENOENT ? "the audit log was taken away from beside its key"
                                    : "the audit log cannot be opened");
    }
    session->audit.folder = folder;
    session->fault =
        (struct fault){.what = "the folder of the audit log's payloads cannot be used"};
    TRY(file_open_folder(session->home, "payloads", &session->payloads));
    session->audit.home = session->home;
    session->audit.payloads = session->payloads;
    session->audit.identity = &session->identity;
    session->has_audit = true;
    return STATUS_OK;
}

static struct access_session session_none(void)
{
    return (struct access_session){.home = -1,
                                   .payloads = -1,
                                   .audit.folder = -1,
                                   .arena = arena_new(SESSION_MEMORY_MAX),
                                   .fault.what = "neither TOCSIN_HOME nor HOME is set"};
}

void session_open(const char *path, struct access_session *out)
{
    *out = session_none();
    if (path != NULL && home_open(path, &out->home, &out->fault) == STATUS_OK &&
        open_identity(out) == STATUS_OK && open_audit(out) == STATUS_OK) {
        out->fault = (struct fault){0};
    }
}

void session_find(const char *path, struct access_session *out)
{
    *out = session_none();
    if (path == NULL || home_open_existing(path, &out->home, &out->fault) != STATUS_OK) {
        return;
    }
    AUTO(file_done)
    int keys = file_open_existing_folder(out->home, "identity");
    out->has_identity =
        keys >= 0 && identity_load(keys, KEY_NAME, &out->identity, &out->fault) == STATUS_OK;
    if (!out->has_identity) {
        out->fault = keys < 0 ? (struct fault){.what = "there is no key yet"} : out->fault;
    } else if (has_name(out->home, "payloads") && open_audit(out) == STATUS_OK) {
        out->fault = (struct fault){0};
    }
}

struct arena *session_papers(struct access_session *session)
{
    if (session->papers == NULL) {
        session->papers = arena_new(PAPERS_SIZE_MAX);
    }
    return session->papers;
}

enum status session_read_verifier(const struct access_session *session, struct text *out)
{
    if (session->home < 0) {
        return STATUS_NOT_FOUND;
    }
    AUTO(file_done)
    int fd = file_open_existing(session->home, "identity/" VERIFIER_NAME);
    if (fd < 0) {
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    return file_read(fd, out);
}

void session_done(struct access_session *session)
{
    file_done(&session->home);
    file_done(&session->payloads);
    file_done(&session->audit.folder);
    identity_done(&session->identity);
    arena_free(session->arena);
    arena_free(session->papers);
    *session = (struct access_session){.home = -1, .payloads = -1, .audit.folder = -1};
}
