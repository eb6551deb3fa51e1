/* A file that was carried, for tests: a program that 10.0.0.5 fetched from 203.0.113.7. */
#pragma once

#include "record/artifact.h"

static inline struct artifact make_artifact(const char *name)
{
    return (struct artifact){
        .kind = "ELF program",
        .protocol = "http",
        .is_whole = true,
        .is_notable = true,
        .is_hashed = true,
        .client = {.address = {10, 0, 0, 5}, .address_size = 4, .port = 40000},
        .server = {.address = {203, 0, 113, 7}, .address_size = 4, .port = 8080},
        .name = bytes_of_text(name),
        .host = bytes_of_text("files.test"),
        .size = 80008,
        .sha256 = {.bytes = {0xab, 0xcd}},
    };
}
