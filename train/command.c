#include "train/command.h"

#include <stdio.h>
#include <stdlib.h>

const char *command_data(void)
{
    const char *data = getenv("TOCSIN_DATA");
    return data == NULL ? "../shared/data" : data;
}

int command_fail(const char *what, enum status status)
{
    fprintf(stderr, "tocsin-train: %s: %s\n", what, status_name(status));
    return 2;
}
