/* What is said of things that were altered: a row for each thing and way, compared with a table
 * that lies beside the test. */
#pragma once

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "check.h"

#define ROWS_MAX 1024
#define ROW_NAME_MAX 160
#define ROW_MAX 640

struct rows {
    char names[ROWS_MAX][ROW_NAME_MAX];
    char said[ROWS_MAX][ROW_MAX];
    size_t count;
};

/* What is said of one more thing of that name, unless it was said of another. */
static inline void rows_add(struct rows *rows, const char *name, const char *said)
{
    size_t place = 0;
    while (place < rows->count && strcmp(rows->names[place], name) != 0) {
        place++;
    }
    assert_true(place < ROWS_MAX && strlen(name) < ROW_NAME_MAX && strlen(said) < ROW_MAX);
    if (place == rows->count) {
        rows->count++;
        snprintf(rows->names[place], ROW_NAME_MAX, "%s", name);
        snprintf(rows->said[place], ROW_MAX, "%s", said);
    } else if (strstr(rows->said[place], said) == NULL) {
        size_t size = strlen(rows->said[place]);
        snprintf(rows->said[place] + size, ROW_MAX - size, "; %s", said);
    }
}

/* Each row stands in the table: those that do not are told. */
static inline void rows_compare(const struct rows *rows, const char *path)
{
    AUTO(text_done) struct text table = text_of_limit(1U << 20);
    AUTO(file_done) int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_ok(file_read(fd, &table));
    size_t missing = 0;
    for (size_t i = 0; i < rows->count; i++) {
        AUTO(text_done) struct text row = text_of_limit(2 * ROW_MAX);
        text_addf(&row, "\n%s: %s\n", rows->names[i], rows->said[i]);
        if (bytes_find(text_bytes(&table), text_bytes(&row)) == table.size) {
            print_message("not in %s:%s", path, text_terminated(&row));
            missing++;
        }
    }
    assert_int_equal(missing, 0);
}
