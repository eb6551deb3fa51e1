#include "operation/watch_state.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/pack.h"
#include "codec/sha256.h"

#define NAME_SIZE_MAX 96U
#define PATHS_SIZE_MAX (VIGIL_SOURCES_MAX * (PATH_MAX + 1U))
#define NOTE_SIZE_MAX 4096U
#define MODE_OWN (S_IRUSR | S_IWUSR)
#define NOTE_HEAD "tocsin watch state\n"

void watch_state_done(struct watch_state *state)
{
    file_done(&state->folder);
    file_done(&state->lock);
    text_done(&state->name);
}

/* The path of a file that need not be there: that of its folder, and its name. */
static void add_path(struct text *out, const char *path)
{
    char resolved[PATH_MAX];
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    AUTO(text_done) struct text folder = text_of_limit(PATH_MAX);
    text_add_raw(&folder, (struct bytes){(const uint8_t *)path, (size_t)(name - path)});
    if (folder.size == 0) {
        text_add(&folder, ".");
    }
    bool is_resolved = realpath(text_terminated(&folder), resolved) != NULL;
    text_add_raw(out, bytes_of_text(is_resolved ? resolved : text_terminated(&folder)));
    text_add_byte(out, '/');
    text_add_raw(out, bytes_of_text(name));
}

/* Opened by whoever comes first; kept open to hold the lock. */
static bool take_lock(struct watch_state *state)
{
    AUTO(text_done) struct text name = text_of_limit(NAME_SIZE_MAX);
    text_addf(&name, "%s.lock", text_terminated(&state->name));
    state->lock = openat(state->folder, text_terminated(&name),
                         O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, MODE_OWN);
    return state->lock >= 0 && flock(state->lock, LOCK_EX | LOCK_NB) == 0;
}

void watch_state_open(const struct call *call, const struct source *sources, size_t count,
                      struct watch_state *out, const char **why)
{
    *out = (struct watch_state){.session = call->session,
                                .folder = -1,
                                .lock = -1,
                                .name = text_of_limit(NAME_SIZE_MAX)};
    AUTO(text_done) struct text paths = text_of_limit(PATHS_SIZE_MAX);
    for (size_t i = 0; i < count; i++) {
        add_path(&paths, sources[i].path);
        text_add_byte(&paths, '\0');
    }
    struct sha256 digest = sha256_of(text_bytes(&paths));
    sha256_add_hex(&out->name, &digest);
    text_cut(&out->name, 32);
    text_add(&out->name, ".state");
    *why = NULL;
    if (!call->session->has_identity || text_status(&paths) != STATUS_OK) {
        *why = "there is no home with a key of yours";
    } else if (file_open_folder(call->session->home, "watch", &out->folder) != STATUS_OK) {
        *why = "the folder watch/ of the home cannot be opened";
    } else if (!take_lock(out)) {
        *why = "another watch of the same files keeps it";
    }
    if (*why != NULL) {
        file_done(&out->folder);
    }
}

static void add_note(struct text *out, struct bytes body)
{
    struct sha256 digest = sha256_of(body);
    text_add(out, NOTE_HEAD);
    sha256_add_hex(out, &digest);
    text_add(out, "\n");
}

enum status watch_state_read(const struct watch_state *state, struct arena *arena,
                             struct text *kept, struct bookmark *out)
{
    if (state->folder < 0) {
        return STATUS_NOT_FOUND;
    }
    AUTO(file_done)
    int fd = openat(state->folder, text_terminated(&state->name),
                    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        return STATUS_NOT_FOUND;
    }
    TRY(file_read(fd, kept));
    struct cursor cursor = cursor_of(text_bytes(kept));
    struct bytes signed_note = unpack_bytes(&cursor, NOTE_SIZE_MAX);
    struct bytes body = cursor_rest(&cursor);
    TRY(cursor_status(&cursor));
    AUTO(text_done) struct text expected = text_of_limit(NOTE_SIZE_MAX);
    add_note(&expected, body);
    struct bytes note;
    if (!identity_has_signed(&state->session->identity, signed_note, &note) ||
        !bytes_equal(note, text_bytes(&expected))) {
        return STATUS_DENIED;
    }
    return bookmark_read(body, arena, out);
}

enum status watch_state_write(const struct watch_state *state, const struct source *sources,
                              size_t count, struct bytes vigil)
{
    if (state->folder < 0) {
        return STATUS_OK;
    }
    struct bookmark_source marks[VIGIL_SOURCES_MAX];
    AUTO(text_done) struct text paths = text_of_limit(PATHS_SIZE_MAX);
    size_t ends[VIGIL_SOURCES_MAX + 1] = {0};
    for (size_t i = 0; i < count; i++) {
        add_path(&paths, sources[i].path);
        ends[i + 1] = paths.size;
    }
    TRY(text_status(&paths));
    for (size_t i = 0; i < count; i++) {
        const struct source *source = &sources[i];
        marks[i] = (struct bookmark_source){
            .path = bytes_part(text_bytes(&paths), ends[i], ends[i + 1] - ends[i]),
            .offset = source->offset,
            .lines = source->lines,
            .tail = {source->tail, source->tail_size},
            .look = text_bytes(&source->look),
        };
    }
    AUTO(text_done) struct text body = text_of_limit(BOOKMARK_SIZE_MAX);
    AUTO(text_done) struct text note = text_of_limit(NOTE_SIZE_MAX);
    AUTO(text_done) struct text signed_note = text_of_limit(NOTE_SIZE_MAX);
    AUTO(text_done) struct text whole = text_of_limit(BOOKMARK_SIZE_MAX);
    bookmark_write(&body, &(struct bookmark){marks, count, vigil});
    TRY(text_status(&body));
    add_note(&note, text_bytes(&body));
    TRY(identity_sign_note(&state->session->identity, text_bytes(&note), &signed_note));
    pack_bytes(&whole, text_bytes(&signed_note));
    text_add_raw(&whole, text_bytes(&body));
    TRY(text_status(&whole));
    return file_replace(state->folder, state->folder, text_terminated(&state->name),
                        text_bytes(&whole), MODE_OWN);
}

const struct bookmark_source *watch_state_find(const struct bookmark *bookmark,
                                               const struct source *source)
{
    AUTO(text_done) struct text path = text_of_limit(PATHS_SIZE_MAX);
    add_path(&path, source->path);
    for (size_t i = 0; i < bookmark->source_count; i++) {
        if (bytes_equal(bookmark->sources[i].path, text_bytes(&path))) {
            return &bookmark->sources[i];
        }
    }
    return NULL;
}
