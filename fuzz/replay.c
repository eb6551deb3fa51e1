/* Feeds every file of the folder it is given to a fuzz target, as a test.
 *
 * Output: a line per file, then the total; it ends with 2 where there is no file to feed. */
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEED_SIZE_MAX (16 << 20)

static int is_seed(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* The memory holds exactly the file, so that the sanitizer sees the first byte past it. */
static bool replay(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0 || about.st_size > SEED_SIZE_MAX) {
        fprintf(stderr, "cannot read %s\n", name);
        return false;
    }
    size_t size = (size_t)about.st_size;
    uint8_t *data = malloc(size == 0 ? 1 : size);
    bool is_read = data != NULL && read(fd, data, size) == (ssize_t)size;
    close(fd);
    if (is_read) {
        printf("%s\n", name);
        fflush(stdout);
        LLVMFuzzerTestOneInput(data, size);
    }
    free(data);
    return is_read;
}

int main(int count, char **arguments)
{
    struct dirent **entries = NULL;
    int folder = count == 2 ? open(arguments[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    int found = folder < 0 ? -1 : scandir(arguments[1], &entries, is_seed, alphasort);
    if (found <= 0) {
        fprintf(stderr, "a fuzz target needs seeds: give the folder that holds them\n");
        return 2;
    }
    int replayed = 0;
    for (int i = 0; i < found; i++) {
        replayed += replay(folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    close(folder);
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    printf("%d of %d inputs replayed\n", replayed, found);
    return replayed == found ? 0 : 2;
}
