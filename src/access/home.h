/* Where a person's key, audit log and settings live: $TOCSIN_HOME.
 *
 * Input:  the environment of whoever started the program, who owns what is found there.
 * A home belongs to the caller and nobody else may write to it; one that does not is refused.
 */
#pragma once

#include "base/status.h"
#include "base/text.h"

/* $TOCSIN_HOME, else $HOME/.local/state/tocsin; STATUS_NOT_FOUND where neither is set. */
enum status home_path(struct text *out) MUST_USE;
/* Opens the folder, made with mode 0700 (its parents too) where it is missing.  STATUS_DENIED
 * where it is somebody else's or others may write to it. */
enum status home_open(const char *path, int *out, struct fault *fault) MUST_USE;
/* The same, but STATUS_NOT_FOUND where it is missing: nothing is made. */
enum status home_open_existing(const char *path, int *out, struct fault *fault) MUST_USE;
