/* Where the parts of this installation lie, from whatever folder it is started: beside the
 * program as in a build, else under the prefix it was installed to. */
#pragma once

#include "base/text.h"

/* A helper program by its short name: "examine".  STATUS_NOT_FOUND where it is not there. */
enum status installation_find_helper(const char *name, struct text *out) MUST_USE;
/* A folder of data, "content" or "models": opened. */
enum status installation_open_folder(const char *name, int *out) MUST_USE;
