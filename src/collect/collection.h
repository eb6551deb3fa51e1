/* From the paths a person named to evidence: listed, sorted, opened read-only, hashed.
 *
 * Input:  paths of ours; names below them and the files themselves are untrusted and never
 *         interpreted.
 * Output: in the arena given; sorted by path bytes, the same for any file system.
 * Limits: COLLECTION_FILES_MAX files, DIRECTORY_DEPTH_MAX folders deep, standard input
 *         INPUT_SIZE_MAX; what was left out is said.
 *
 * A path is relative to the root that was named; one root has no prefix, several have their
 * base name, equal ones "logs", "logs~2".  A root that is a file is its base name, standard
 * input ("-") is "stdin".  Links below a root are not followed, a root that is one is.
 * Not checked: whether a file is written to while it is examined; collection_is_unchanged asks
 * afterwards. */
#pragma once

#include "base/arena.h"
#include "collect/regular.h"

#define COLLECTION_FILES_MAX 100000
#define COLLECTION_ROOTS_MAX 100000
/* What the arena should allow. */
#define COLLECTION_MEMORY_MAX (256U * 1024U * 1024U)

enum collected_problem {
    COLLECTED_FINE,
    COLLECTED_UNREADABLE, /* `error` says why */
    COLLECTED_LINK,       /* not followed */
    COLLECTED_SPECIAL,    /* a device, pipe or socket: not opened */
    COLLECTED_TOO_DEEP,   /* a folder that was not entered */
    COLLECTED_CHANGING,   /* written to while it was read */
    COLLECTED_STOPPED,    /* never reached */
};
#define COLLECTED_PROBLEM_COUNT 7

struct collected {
    struct bytes path; /* raw bytes, "/" between folders */
    enum collected_problem problem;
    int error;
    bool is_identified; /* size and hash are known */
    bool is_same;       /* its bytes are those of an earlier one, whose `also` names it */
    bool is_cut;        /* standard input that was longer */
    struct sha256 sha256;
    struct bytes *also; /* other paths with the same bytes */
    size_t also_count;
    struct regular_stamp stamp; /* its size is the evidence's */
    /* for the collection alone */
    const char *root;
    const char *below;
};

struct collection;

/* Lists, and spools standard input.  STATUS_NOT_FOUND where a path does not exist, which is
 * then `*missing`.  `stop` (may be NULL) ends the reading of standard input. */
enum status collection_open(const char *const *paths, size_t count, const struct stop *stop,
                            struct arena *arena, const char **missing,
                            struct collection **out) MUST_USE;
void collection_close(struct collection *collection);

/* The next evidence that can be read and is not the same bytes as one before, identified, with
 * a descriptor that the caller closes.  Others are passed over and keep their `problem`.
 * STATUS_NOT_FOUND at the end, STATUS_CONFLICT where it was stopped. */
enum status collection_next(struct collection *collection, const struct stop *stop,
                            const struct collected **item, int *fd) MUST_USE;
/* All there is, in order of path; complete after the last collection_next. */
const struct collected *collection_items(const struct collection *collection, size_t *count);
/* True where there were more than COLLECTION_FILES_MAX files: those listed are the first. */
bool collection_is_cut(const struct collection *collection);
/* False where `fd` no longer holds what was hashed. */
bool collection_is_unchanged(const struct collected *item, int fd);
/* In plain words for a person, of ours: "Permission denied", "a link, not followed". */
const char *collected_problem_text(const struct collected *item);
