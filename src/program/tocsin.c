/* The program a person starts: it decides access, holds the owner's key and the audit log,
 * opens evidence and writes what comes back.  It never interprets evidence. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"

static volatile sig_atomic_t stop;

static void ask_to_stop(int number)
{
    stop = number;
}

/* Where the caller closed standard input, output or error, a file opened later would take its
 * place, and be read or written to as if it were that: the audit log, or evidence.  What fills
 * the gap can be neither read nor written. */
static void fill_standard_files(void)
{
    int fd;
    do {
        fd = open("/", O_PATH | O_CLOEXEC);
        if (fd < 0) {
            abort();
        }
    } while (fd <= STDERR_FILENO);
    close(fd);
}

int main(int count, char **words)
{
    fill_standard_files();
    /* The first asks for what is known so far; a second one ends the program at once. */
    const struct sigaction once = {.sa_handler = ask_to_stop, .sa_flags = (int)SA_RESETHAND};
    const struct sigaction ignored = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &once, NULL);
    sigaction(SIGTERM, &once, NULL);
    sigaction(SIGPIPE, &ignored,
              NULL); /* a closed pipe or a full disk is an error of a write */
    sigaction(SIGXFSZ, &ignored, NULL);
    return cli_run(count, (const char *const *)words, &stop);
}
