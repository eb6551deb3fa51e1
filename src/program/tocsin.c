/* The program a person starts: it decides access, holds the owner's key and the audit log,
 * opens evidence and writes what comes back.  It never interprets evidence. */
#include <signal.h>
#include <stddef.h>

#include "cli/cli.h"

static volatile sig_atomic_t stop;

static void ask_to_stop(int number)
{
    stop = number;
}

int main(int count, char **words)
{
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
