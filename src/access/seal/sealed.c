#include "access/seal/sealed.h"

#include <assert.h>
#include <sodium.h>

#include "access/seal/armour.h"

#define NONCE_SIZE 16 /* of a file; what a chunk's nonce begins with is its number */
#define SEALED_SIZE (SEALED_CHUNK_SIZE + DERIVED_TAG_SIZE)
#define HEADER_TEXT_MAX 16384

static_assert(SEALED_HEADER_SIZE_MAX <= SEALED_SIZE, "a header fits where a chunk does");

/* What one pass needs, in memory of its own that is wiped when it is given back. */
struct work {
    struct seal_source source;
    struct seal_sink sink;
    struct seal_fault *fault;
    struct armour_reader reader;
    struct armour_writer writer;
    struct sealed_header header;
    uint8_t file_key[SEALED_FILE_KEY_SIZE];
    uint8_t payload_key[DERIVED_KEY_SIZE];
    uint64_t chunk_index;
    size_t held; /* bytes at the front of `input` */
    bool is_at_end;
    uint8_t input[SEALED_SIZE + 1]; /* a chunk, and a byte that says whether more follows */
    uint8_t output[SEALED_SIZE];
};

static enum status refuse(struct work *work, const char *what)
{
    return seal_refuse(work->fault, STATUS_MALFORMED, SEAL_PAYLOAD, what);
}

/* Reads until `size` bytes are held or there are no more. */
static enum status fill(struct work *work, size_t size)
{
    while (work->held < size && !work->is_at_end) {
        size_t got = 0;
        enum status status = work->source.read(work->source.context, work->input + work->held,
                                               size - work->held, &got);
        if (status != STATUS_OK) {
            return work->reader.what != NULL
                       ? seal_refuse(work->fault, status, SEAL_ARMOUR, work->reader.what)
                       : seal_refuse(work->fault, status, SEAL_MACHINE, "it cannot be read");
        }
        work->is_at_end = got == 0;
        work->held += got;
    }
    return STATUS_OK;
}

static void drop(struct work *work, size_t size)
{
    assert(size <= work->held);
    memmove(work->input, work->input + size, work->held - size);
    work->held -= size;
}

static enum status give(struct work *work, struct bytes bytes)
{
    enum status status = work->sink.write(work->sink.context, bytes);
    return status == STATUS_OK
               ? status
               : seal_refuse(work->fault, status, SEAL_MACHINE, "it cannot be written");
}

/* The number of the chunk, and whether it is the last. */
static void chunk_nonce(uint64_t index, bool is_last, uint8_t out[DERIVED_NONCE_SIZE])
{
    memset(out, 0, DERIVED_NONCE_SIZE);
    for (unsigned i = 0; i < sizeof index; i++) {
        out[DERIVED_NONCE_SIZE - 2 - i] = (uint8_t)(index >> (8 * i));
    }
    out[DERIVED_NONCE_SIZE - 1] = is_last;
}

static void derive_payload_key(struct work *work, const uint8_t nonce[NONCE_SIZE])
{
    derive_key((struct bytes){work->file_key, sizeof work->file_key},
               (struct bytes){nonce, NONCE_SIZE}, "payload", work->payload_key);
}

static void derive_header_mac(const struct work *work, struct bytes header,
                              uint8_t out[SEALED_MAC_SIZE])
{
    uint8_t key[DERIVED_KEY_SIZE];
    derive_key((struct bytes){work->file_key, sizeof work->file_key}, BYTES_NONE, "header",
               key);
    derive_mac((struct bytes){key, sizeof key}, header, out);
    sodium_memzero(key, sizeof key);
}

/* ---- sealing ---- */

static enum status seal_chunk(struct work *work, size_t size, bool is_last)
{
    uint8_t nonce[DERIVED_NONCE_SIZE];
    chunk_nonce(work->chunk_index++, is_last, nonce);
    derived_seal(work->payload_key, nonce, (struct bytes){work->input, size}, work->output);
    drop(work, size);
    return give(work, (struct bytes){work->output, size + DERIVED_TAG_SIZE});
}

static enum status seal_payload(struct work *work)
{
    uint8_t nonce[NONCE_SIZE];
    randombytes_buf(nonce, sizeof nonce);
    derive_payload_key(work, nonce);
    TRY(give(work, (struct bytes){nonce, sizeof nonce}));
    bool is_last = false;
    while (!is_last) {
        TRY(fill(work, SEALED_CHUNK_SIZE + 1));
        is_last = work->held <= SEALED_CHUNK_SIZE;
        TRY(seal_chunk(work, is_last ? work->held : SEALED_CHUNK_SIZE, is_last));
    }
    return STATUS_OK;
}

static enum status add_stanzas(struct work *work, const struct sealed_plan *plan,
                               struct text *header)
{
    if (plan->recipient_count == 0 && plan->passphrase.size == 0) {
        return seal_refuse(work->fault, STATUS_NOT_FOUND, SEAL_KEY,
                           "there is nobody to seal it to");
    }
    if (plan->recipient_count == 0) {
        enum status status =
            wrap_for_passphrase(plan->passphrase, plan->work, work->file_key, header);
        return status == STATUS_OK
                   ? status
                   : seal_refuse(work->fault, status, SEAL_MACHINE,
                                 "the passphrase's work factor is more than can be done");
    }
    if (plan->recipient_count > SEALED_RECIPIENTS_MAX) {
        return seal_refuse(work->fault, STATUS_LIMIT, SEAL_KEY,
                           "there are too many recipients");
    }
    for (size_t i = 0; i < plan->recipient_count; i++) {
        enum status status = wrap_for_recipient(&plan->recipients[i], work->file_key, header);
        if (status != STATUS_OK) {
            return seal_refuse(work->fault, status, SEAL_KEY, "it cannot be sealed to a key");
        }
    }
    return STATUS_OK;
}

static enum status seal_header(struct work *work, const struct sealed_plan *plan)
{
    AUTO(text_done) struct text header = text_of_limit(HEADER_TEXT_MAX);
    sealed_header_begin(&header);
    TRY(add_stanzas(work, plan, &header));
    sealed_header_end(&header);
    uint8_t mac[SEALED_MAC_SIZE];
    derive_header_mac(work, text_bytes(&header), mac);
    sealed_header_add_mac(&header, mac);
    if (text_status(&header) != STATUS_OK) {
        return seal_refuse(work->fault, text_status(&header), SEAL_MACHINE,
                           "there is no memory for the header");
    }
    return give(work, text_bytes(&header));
}

static enum status seal(struct work *work, const struct sealed_plan *plan)
{
    randombytes_buf(work->file_key, sizeof work->file_key);
    TRY(seal_header(work, plan));
    TRY(seal_payload(work));
    if (plan->is_armoured && armour_writer_finish(&work->writer) != STATUS_OK) {
        return seal_refuse(work->fault, STATUS_IO, SEAL_MACHINE, "it cannot be written");
    }
    return STATUS_OK;
}

/* ---- opening ---- */

static enum status open_header(struct work *work, const struct sealed_opener *opener)
{
    TRY(fill(work, SEALED_HEADER_SIZE_MAX));
    struct sealed_header *header = &work->header;
    TRY(sealed_header_parse((struct bytes){work->input, work->held}, header, work->fault));
    if (opener->key != NULL) {
        TRY(wrap_open_by_key(opener->key, header, work->file_key, work->fault));
    } else {
        TRY(wrap_open_by_passphrase(opener->passphrase, header, work->file_key, work->fault));
    }
    uint8_t mac[SEALED_MAC_SIZE];
    derive_header_mac(work, header->authenticated, mac);
    if (sodium_memcmp(mac, header->mac, sizeof mac) != 0) {
        return seal_refuse(work->fault, STATUS_CONFLICT, SEAL_MAC,
                           "the header was changed after it was sealed");
    }
    drop(work, header->size);
    return STATUS_OK;
}

static bool open_chunk(struct work *work, size_t size, bool is_last)
{
    uint8_t nonce[DERIVED_NONCE_SIZE];
    chunk_nonce(work->chunk_index, is_last, nonce);
    return derived_open(work->payload_key, nonce, (struct bytes){work->input, size},
                        work->output);
}

static enum status give_chunk(struct work *work, size_t size)
{
    drop(work, size);
    work->chunk_index++;
    return give(work, (struct bytes){work->output, size - DERIVED_TAG_SIZE});
}

/* What is held is all there is. */
static enum status open_last_chunk(struct work *work)
{
    size_t size = work->held;
    if (size < DERIVED_TAG_SIZE) {
        return refuse(work, "the sealed file ends too early");
    }
    if (size == DERIVED_TAG_SIZE && work->chunk_index > 0) {
        return refuse(work, "the last chunk is empty");
    }
    if (open_chunk(work, size, true)) {
        return give_chunk(work, size);
    }
    if (size == SEALED_SIZE && open_chunk(work, size, false)) {
        TRY(give_chunk(work, size));
        return refuse(work, "the sealed file ends too early: its last chunk is missing");
    }
    return refuse(work, "a chunk was changed after it was sealed, or was cut short");
}

/* A full chunk that bytes follow. */
static enum status open_next_chunk(struct work *work)
{
    if (open_chunk(work, SEALED_SIZE, false)) {
        return give_chunk(work, SEALED_SIZE);
    }
    if (open_chunk(work, SEALED_SIZE, true)) {
        TRY(give_chunk(work, SEALED_SIZE));
        return refuse(work, "something follows the last chunk");
    }
    return refuse(work, "a chunk was changed after it was sealed");
}

static enum status open_payload(struct work *work)
{
    TRY(fill(work, NONCE_SIZE));
    if (work->held < NONCE_SIZE) {
        return seal_refuse(work->fault, STATUS_MALFORMED, SEAL_HEADER,
                           "the sealed file ends before its nonce");
    }
    derive_payload_key(work, work->input);
    drop(work, NONCE_SIZE);
    while (true) {
        TRY(fill(work, SEALED_SIZE + 1));
        if (work->held <= SEALED_SIZE) {
            return open_last_chunk(work);
        }
        TRY(open_next_chunk(work));
    }
}

/* ---- both ---- */

static enum status work_new(struct seal_source source, struct seal_sink sink,
                            struct seal_fault *fault, struct work **out)
{
    struct work *work = sodium_init() < 0 ? NULL : sodium_malloc(sizeof *work);
    if (work == NULL) {
        return seal_refuse(fault, STATUS_NO_MEMORY, SEAL_MACHINE, "there is not enough memory");
    }
    *fault = (struct seal_fault){SEAL_MACHINE, NULL};
    work->source = source;
    work->sink = sink;
    work->fault = fault;
    work->reader.what = NULL;
    work->chunk_index = 0;
    work->held = 0;
    work->is_at_end = false;
    *out = work;
    return STATUS_OK;
}

enum status sealed_write(const struct sealed_plan *plan, struct seal_source source,
                         struct seal_sink sink, struct seal_fault *fault)
{
    struct work *work = NULL;
    TRY(work_new(source, sink, fault, &work));
    if (plan->is_armoured) {
        armour_writer_init(&work->writer, sink);
        work->sink = armour_writer_sink(&work->writer);
    }
    enum status status = seal(work, plan);
    sodium_free(work);
    return status;
}

enum status sealed_open(const struct sealed_opener *opener, struct seal_source source,
                        struct seal_sink sink, struct seal_fault *fault)
{
    struct work *work = NULL;
    TRY(work_new(source, sink, fault, &work));
    if (opener->is_armoured) {
        armour_reader_init(&work->reader, source);
        work->source = armour_reader_source(&work->reader);
    }
    enum status status = open_header(work, opener);
    if (status == STATUS_OK) {
        status = open_payload(work);
    }
    sodium_free(work);
    return status;
}
