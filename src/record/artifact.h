/* A file that was carried from one machine to another, as a capture shows it. */
#pragma once

#include "codec/sha256.h"
#include "record/endpoint.h"

/* How much of its start is kept for whoever looks at it. */
#define ARTIFACT_HEAD_MAX 4096

struct artifact {
    const char *kind; /* ours, from its first bytes: "ELF program"; "text" and "data" else */
    const char *protocol; /* ours: "http" */
    bool is_sent;         /* by the client: an upload */
    bool is_whole;        /* nothing of it is missing, and it ended where its message says */
    bool is_notable;      /* more than a page or a picture: a member of the evidence */
    bool is_hashed;       /* the evidence had a row left for it */
    uint64_t flow_number;
    struct endpoint client;
    struct endpoint server;
    struct bytes name;       /* of the file, as its message gives it; may be empty */
    struct bytes media_type; /* what its message calls it */
    struct bytes method;     /* of the request it came with */
    struct bytes url;
    struct bytes host;
    struct bytes status;
    struct bytes head;    /* its first bytes, unpacked */
    uint64_t size;        /* unpacked */
    struct sha256 sha256; /* of what is there, unpacked, where it is hashed */
    uint32_t member;      /* its place as a part of the evidence; 0 where it has none */
};
