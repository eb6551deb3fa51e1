#include "parse/net/transfer.h"

#include <string.h>

#include "base/number.h"
#include "parse/archive/packed.h"
#include "parse/identify.h"
#include "parse/net/emit.h"
#include "parse/net/http.h"
#include "parse/script/shell.h"
#include "record/citation.h"

#define PACKING_DAMAGED "a carried file's packing is damaged"
#define DECIDING_SIZE 1024
#define UNPACK_SIZE 8192
#define NAME_SIZE_MAX 200
#define WORD_SIZE_MAX 127
#define URL_SIZE_MAX 700

struct block {
    struct block *next;
    size_t size;
    uint8_t data[TRANSFER_BLOCK_SIZE];
};

struct transfer {
    struct sha256_state hash;
    struct artifact artifact; /* its words lie in `words` */
    struct inflater *inflater;
    void *inflater_memory;
    const struct reader *reader; /* once it is decided */
    struct block *first;         /* what is kept */
    struct block *last;
    uint64_t kept_size;
    uint64_t frame;
    int64_t at_ns;
    uint32_t ordinal; /* of the files of its flow, from 1 */
    bool wants_inflater;
    bool is_decided;
    bool is_kept;
    bool is_damaged;
    bool is_piece;  /* of a file that was asked for in parts: RFC 9110 section 14 */
    bool is_wanted; /* by parse->carving */
    bool wants_zlib_or_raw;
    size_t words_size;
    uint8_t words[TRANSFER_WORDS_SIZE];
    uint8_t head[ARTIFACT_HEAD_MAX];
};

void transfers_init(struct transfers *transfers, struct arena *arena)
{
    *transfers = (struct transfers){0};
    pool_init(&transfers->pool, arena, sizeof(struct transfer), TRANSFER_COUNT_MAX);
    pool_init(&transfers->inflaters, arena, INFLATER_SIZE, TRANSFER_INFLATERS_MAX);
    pool_init(&transfers->blocks, arena, sizeof(struct block), TRANSFER_BLOCKS_MAX);
}

void transfers_done(struct transfers *transfers)
{
    arena_free(transfers->scratch);
}

struct bytes transfer_file_name(struct bytes path)
{
    path = bytes_part(path, 0, bytes_find_byte(path, '?'));
    path = bytes_part(path, 0, bytes_find_byte(path, '#'));
    size_t begin = path.size;
    while (begin > 0 && path.data[begin - 1] != '/' && path.data[begin - 1] != '\\') {
        begin--;
    }
    return bytes_from(path, begin);
}

/* ---- the beginning ---- */

static struct bytes keep_word(struct transfer *transfer, struct bytes word, size_t size_max)
{
    word =
        bytes_part(word, 0, number_least(size_max, TRANSFER_WORDS_SIZE - transfer->words_size));
    uint8_t *at = &transfer->words[transfer->words_size];
    if (word.size > 0) {
        memcpy(at, word.data, word.size);
    }
    transfer->words_size += word.size;
    return (struct bytes){at, word.size};
}

static void add_member_name(struct text *text, const struct transfer *transfer)
{
    const struct artifact *artifact = &transfer->artifact;
    text_addf(text, "flow-%llu/%u", (unsigned long long)artifact->flow_number,
              transfer->ordinal);
    if (artifact->name.size > 0) {
        text_add(text, "-");
        text_add_raw(text, artifact->name);
    }
}

/* Whether this is the member that a citation names. */
static bool is_wanted(const struct carving *carving, const struct transfer *transfer)
{
    struct text AUTO(text_done) name = text_of_limit(CITATION_SIZE_MAX);
    struct text AUTO(text_done) encoded = text_of_limit(CITATION_SIZE_MAX);
    add_member_name(&name, transfer);
    citation_add_name(&encoded, text_bytes(&name));
    return bytes_equal(text_bytes(&encoded), carving->wanted);
}

static void open_coding(struct hearing *hearing, struct transfer *transfer, struct bytes coding)
{
    bool is_gzip =
        bytes_equal_text_nocase(coding, "gzip") || bytes_equal_text_nocase(coding, "x-gzip");
    bool is_deflate = bytes_equal_text_nocase(coding, "deflate");
    if (!is_gzip && !is_deflate) {
        /* Of another coding the packed bytes are all that can be shown. */
        transfer->is_damaged |= coding.size > 0 && !bytes_equal_text_nocase(coding, "identity");
        return;
    }
    transfer->inflater_memory = pool_take_raw(&hearing->dissection->transfers.inflaters);
    transfer->wants_inflater = transfer->inflater_memory != NULL;
    transfer->wants_zlib_or_raw = is_deflate;
    if (!transfer->wants_inflater) {
        transfer->is_damaged = true;
        dissection_anomaly(hearing->dissection,
                           "more packed files at once than are unpacked: some are as sent");
    }
}

struct transfer *transfer_begin(struct hearing *hearing, const struct transfer_start *start)
{
    struct dissection *dissection = hearing->dissection;
    struct transfer *transfer = pool_take_raw(&dissection->transfers.pool);
    hearing->speech->file_count++;
    if (transfer == NULL) {
        dissection->transfers.unexamined++;
        return NULL;
    }
    memset(transfer, 0, offsetof(struct transfer, words));
    sha256_init(&transfer->hash);
    const struct conversation *conversation = hearing->conversation;
    unsigned client = conversation->client;
    transfer->artifact = (struct artifact){
        .protocol = start->protocol,
        .is_sent = start->is_sent,
        .flow_number = conversation->number,
        .client = conversation_endpoint(conversation, client),
        .server = conversation_endpoint(conversation, 1U - client),
        .name = keep_word(transfer, transfer_file_name(start->name), NAME_SIZE_MAX),
        .media_type = keep_word(transfer, http_value(start->media_type), WORD_SIZE_MAX),
        .method = keep_word(transfer, start->method, HTTP_METHOD_SIZE_MAX),
        .url = keep_word(transfer, start->url, URL_SIZE_MAX),
        .host = keep_word(transfer, start->host, NAME_SIZE_MAX),
        .status = keep_word(transfer, start->status, WORD_SIZE_MAX),
    };
    transfer->is_piece = bytes_equal_text(start->status, "206");
    transfer->frame = start->frame;
    transfer->at_ns = start->at_ns;
    transfer->ordinal = hearing->speech->file_count;
    struct carving *carving = dissection->parse->carving;
    transfer->is_wanted = carving != NULL && !carving->is_found && is_wanted(carving, transfer);
    if (transfer->is_wanted) {
        carving->is_found = true;
    }
    open_coding(hearing, transfer, start->coding);
    return transfer;
}

/* ---- bytes ---- */

static void drop_blocks(struct transfers *transfers, struct transfer *transfer)
{
    while (transfer->first != NULL) {
        struct block *first = transfer->first;
        transfer->first = first->next;
        pool_give(&transfers->blocks, first);
    }
    transfer->last = NULL;
}

static struct block *add_block(struct transfers *transfers, struct transfer *transfer)
{
    struct block *block = pool_take_raw(&transfers->blocks);
    if (block != NULL) {
        block->next = NULL;
        block->size = 0;
        *(transfer->last == NULL ? &transfer->first : &transfer->last->next) = block;
        transfer->last = block;
    }
    return block;
}

/* Adds to what is kept; where there is no room, nothing is. */
static void keep(struct hearing *hearing, struct transfer *transfer, struct bytes bytes)
{
    struct transfers *transfers = &hearing->dissection->transfers;
    while (transfer->is_kept && bytes.size > 0) {
        struct block *block = transfer->last;
        if (block == NULL || block->size == TRANSFER_BLOCK_SIZE) {
            block = add_block(transfers, transfer);
        }
        if (block == NULL || transfer->kept_size + bytes.size > TRANSFER_KEPT_MAX) {
            dissection_anomaly(hearing->dissection,
                               "a carried file is larger than is kept: it was not read");
            transfer->is_kept = false;
            drop_blocks(transfers, transfer);
            return;
        }
        struct bytes part = bytes_part(bytes, 0, TRANSFER_BLOCK_SIZE - block->size);
        memcpy(&block->data[block->size], part.data, part.size);
        block->size += part.size;
        transfer->kept_size += part.size;
        bytes = bytes_from(bytes, part.size);
    }
}

/* Pages and pictures come by the thousand and say nothing that the request does not. */
static bool is_notable(const struct transfer *transfer)
{
    static const char *const dull[] = {
        "JPEG image",    "PNG image", "GIF image", "XML document",
        "HTML document", "data",      "text",      "log of an unknown form",
    };
    const struct artifact *artifact = &transfer->artifact;
    for (size_t i = 0; i < sizeof dull / sizeof *dull; i++) {
        if (strcmp(artifact->kind, dull[i]) == 0) {
            return artifact->is_sent && artifact->name.size > 0;
        }
    }
    return true;
}

/* Bytes of which it is known what they belong to. */
static void pass_on(struct hearing *hearing, struct transfer *transfer, struct bytes bytes)
{
    if (transfer->artifact.is_hashed) {
        sha256_add(&transfer->hash, bytes);
    }
    keep(hearing, transfer, bytes);
}

/* What it is, by its first bytes; a script is kept from here on. */
static void decide(struct hearing *hearing, struct transfer *transfer, bool is_whole)
{
    struct artifact *artifact = &transfer->artifact;
    struct sample sample = {.head = bytes_part(artifact->head, 0, DECIDING_SIZE),
                            .name = artifact->name,
                            .is_whole = is_whole};
    sample.is_text = sample_is_text(sample.head);
    transfer->reader = identify(&sample);
    artifact->kind = sample.is_text ? "text" : "data";
    if (transfer->reader != NULL) {
        artifact->kind = transfer->reader->kind;
        transfer->is_kept =
            transfer->reader->read == shell_read || transfer->reader->unpack == packed_unpack;
    }
    transfer->is_decided = true;
    artifact->is_notable = is_notable(transfer);
    artifact->is_hashed =
        coverage_has_row(hearing->dissection->parse->coverage, artifact->is_notable);
    pass_on(hearing, transfer, artifact->head);
}

static void carve(struct carving *carving, struct bytes bytes)
{
    if (carving->out->size + bytes.size > carving->size_max) {
        carving->status = STATUS_LIMIT;
    } else {
        text_add_raw(carving->out, bytes);
    }
}

/* Bytes as whoever asked for the file has them in the end. */
static void take_content(struct hearing *hearing, struct transfer *transfer, struct bytes bytes)
{
    struct artifact *artifact = &transfer->artifact;
    artifact->size = number_add(artifact->size, bytes.size);
    if (transfer->is_wanted) {
        carve(hearing->dissection->parse->carving, bytes);
    }
    size_t before = artifact->head.size;
    struct bytes part = bytes_part(bytes, 0, ARTIFACT_HEAD_MAX - before);
    if (part.size > 0) {
        memcpy(&transfer->head[before], part.data, part.size);
        artifact->head = (struct bytes){transfer->head, before + part.size};
    }
    if (transfer->is_decided) {
        pass_on(hearing, transfer, bytes);
    } else if (artifact->head.size >= DECIDING_SIZE) {
        decide(hearing, transfer, false);
        pass_on(hearing, transfer, bytes_from(bytes, part.size));
    }
}

/* Some that say "deflate" leave the wrapping of zlib out. */
static enum inflate_format format_of(const struct transfer *transfer, struct bytes bytes)
{
    if (!transfer->wants_zlib_or_raw) {
        return INFLATE_GZIP;
    }
    return (bytes.data[0] & 0x0f) == 8 ? INFLATE_ZLIB : INFLATE_RAW;
}

static enum status unpack(struct hearing *hearing, struct transfer *transfer,
                          struct bytes bytes)
{
    struct budget *budget = hearing->dissection->parse->budget;
    size_t size = 1;
    while ((size > 0 || bytes.size > 0) && !transfer->is_damaged) {
        uint8_t buffer[UNPACK_SIZE];
        enum status status =
            inflater_push(transfer->inflater, &bytes, buffer, sizeof buffer, &size);
        if (status != STATUS_OK) {
            transfer->is_damaged = true;
            dissection_anomaly(hearing->dissection,
                               status == STATUS_LIMIT
                                   ? "a carried file unpacks to more than is allowed"
                                   : PACKING_DAMAGED);
        }
        if (!budget_spend(budget, size)) {
            return STATUS_LIMIT;
        }
        take_content(hearing, transfer, (struct bytes){buffer, size});
    }
    return STATUS_OK;
}

enum status transfer_take(struct hearing *hearing, struct transfer *transfer,
                          struct bytes bytes)
{
    if (bytes.size == 0) {
        return STATUS_OK;
    }
    if (transfer->wants_inflater) {
        transfer->wants_inflater = false;
        transfer->inflater = inflater_begin(transfer->inflater_memory,
                                            format_of(transfer, bytes), TRANSFER_UNPACKED_MAX);
    }
    if (transfer->inflater != NULL) {
        return unpack(hearing, transfer, bytes);
    }
    take_content(hearing, transfer, bytes);
    return STATUS_OK;
}

void transfer_gap(struct transfer *transfer)
{
    transfer->is_damaged = true;
    if (transfer->inflater != NULL) {
        transfer->is_kept = false; /* what comes cannot be unpacked any more */
    }
}

/* ---- the end ---- */

void transfer_drop(struct hearing *hearing, struct transfer *transfer)
{
    struct transfers *transfers = &hearing->dissection->transfers;
    if (transfer != NULL) {
        if (transfer->is_wanted) {
            hearing->dissection->parse->carving->is_done = true;
        }
        drop_blocks(transfers, transfer);
        pool_give(&transfers->inflaters, transfer->inflater_memory);
        pool_give(&transfers->pool, transfer);
    }
}

static void add_member(struct hearing *hearing, struct transfer *transfer, struct bytes name)
{
    struct dissection *dissection = hearing->dissection;
    struct parse *parse = dissection->parse;
    bool is_full = dissection->transfers.member_count == TRANSFER_MEMBERS_MAX;
    if (is_full || coverage_member(parse->coverage, parse->member, name,
                                   &transfer->artifact.member) != STATUS_OK) {
        transfer->artifact.member = 0;
        dissection_anomaly(dissection, "more carried files than are named one by one");
        return;
    }
    dissection->transfers.member_count++;
}

/* A row of the evidence; what is notable is also a member, whose places can be cited. */
static void note(struct hearing *hearing, struct transfer *transfer)
{
    struct parse *parse = hearing->dissection->parse;
    struct text AUTO(text_done) name = text_of_limit(CITATION_SIZE_MAX);
    add_member_name(&name, transfer);
    if (transfer->artifact.is_notable) {
        add_member(hearing, transfer, text_bytes(&name));
    }
    coverage_carried(parse->coverage, parse->member, text_bytes(&name), &transfer->artifact,
                     dissection_moment(transfer->at_ns));
}

struct kept_reader {
    const struct block *block;
    size_t at; /* in the block */
};

static enum status read_kept(void *context, uint8_t *buffer, size_t capacity, size_t *out)
{
    struct kept_reader *reader = context;
    *out = 0;
    if (reader->block == NULL) {
        return STATUS_OK;
    }
    struct bytes all = {reader->block->data, reader->block->size};
    struct bytes part = bytes_part(all, reader->at, capacity);
    memcpy(buffer, part.data, part.size);
    *out = part.size;
    reader->at += part.size;
    if (reader->at == all.size) {
        reader->block = reader->block->next;
        reader->at = 0;
    }
    return STATUS_OK;
}

/* Reads what was kept as a member of its own.  What coverage says of the capture stays. */
static enum status read_member(struct hearing *hearing, const struct transfer *transfer)
{
    struct dissection *dissection = hearing->dissection;
    struct transfers *transfers = &dissection->transfers;
    struct coverage *coverage = dissection->parse->coverage;
    if (transfers->scratch == NULL) {
        transfers->scratch = arena_new(TRANSFER_ARENA_MAX);
    }
    struct kept_reader reader = {.block = transfer->first};
    struct stream stream;
    if (transfers->scratch == NULL ||
        stream_of_reader(&stream, read_kept, &reader, transfers->scratch) != STATUS_OK) {
        dissection_anomaly(dissection, "no memory to read a carried file");
        return STATUS_OK;
    }
    struct parse inner = *dissection->parse;
    inner.evidence = transfers->scratch;
    inner.member = transfer->artifact.member;
    inner.name = transfer->artifact.name;
    inner.shell = NULL;
    inner.is_carried = true;
    const char *kind = coverage->kind;
    enum examined examined = coverage->examined;
    const char *why = coverage->why;
    enum status status = parse_stream(&stream, &inner, PARSE_DEPTH_MAX - 1);
    bool is_partly = coverage->examined != EXAMINED_WHOLE;
    coverage->kind = kind;
    coverage->examined = examined;
    coverage->why = why;
    if (is_partly) {
        dissection_anomaly(dissection, "a carried file was not read to its end");
    }
    arena_reset(transfers->scratch);
    /* Its own memory running out is its own affair. */
    return status == STATUS_NO_MEMORY ? STATUS_OK : status;
}

static enum status give(struct hearing *hearing, struct transfer *transfer)
{
    struct parse *parse = hearing->dissection->parse;
    struct record record = {
        .kind = RECORD_ARTIFACT,
        .place = place_frame(parse->member, transfer->frame),
        .at = dissection_moment(transfer->at_ns),
        .source = transfer->artifact.head,
        .artifact = &transfer->artifact,
    };
    TRY(parse_give(parse, &record));
    bool is_readable = transfer->is_kept && transfer->artifact.member != 0;
    return is_readable ? read_member(hearing, transfer) : STATUS_OK;
}

enum status transfer_end(struct hearing *hearing, struct transfer *transfer, bool is_whole)
{
    struct artifact *artifact = &transfer->artifact;
    if (artifact->size == 0) {
        transfer_drop(hearing, transfer);
        return STATUS_OK;
    }
    bool is_unpacked = transfer->inflater == NULL || inflater_is_finished(transfer->inflater);
    if (is_whole && !is_unpacked && !transfer->is_damaged) {
        dissection_anomaly(hearing->dissection, PACKING_DAMAGED);
    }
    artifact->is_whole =
        is_whole && is_unpacked && !transfer->is_damaged && !transfer->is_piece;
    if (!transfer->is_decided) {
        decide(hearing, transfer, is_whole);
    }
    hearing->dissection->transfers.files++;
    if (artifact->is_hashed) {
        artifact->sha256 = sha256_finish(&transfer->hash);
    }
    note(hearing, transfer);
    enum status status = give(hearing, transfer);
    transfer_drop(hearing, transfer);
    return status;
}
