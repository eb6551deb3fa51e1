/* Reads what training is made from: whole files, packed files, folders in order of name.
 *
 * Input:  public data sets: hostile like any evidence, though nobody but who trains reads them.
 *         Nothing in them is ever run.
 * Limits: READING_FILE_SIZE_MAX bytes of a file, packed or not. */
#pragma once

#include "base/text.h"

#define READING_FILE_SIZE_MAX (1U << 30)

/* Appends a file; one whose name ends in ".zst" is unpacked by the program zstd on the way.
 * STATUS_NOT_FOUND where the file, or that program, is missing. */
enum status reading_file(const char *path, struct text *out) MUST_USE;

/* Calls `take` for each plain file below `folder`, in order of path; `name` is the path below
 * `folder`.  The first status that is not OK ends it.  STATUS_NOT_FOUND without the folder. */
enum status reading_folder(const char *folder,
                           enum status (*take)(void *context, const char *path,
                                               const char *name),
                           void *context) MUST_USE;

/* The next line without its end, and whether there was one. */
bool reading_line(struct bytes *rest, struct bytes *line);
/* The tab-separated column of a line; the last takes all that is left.  None where missing. */
struct bytes reading_column(struct bytes line, size_t column, size_t column_count);
/* A column as the data set wrote it has \n, \t, \r and \\ for what would break its line. */
void reading_unescape(struct bytes column, struct text *out);
