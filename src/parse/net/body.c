#include "parse/net/body.h"

#include <string.h>

#include "base/number.h"
#include "parse/net/dissect.h"

#define LINE_END "\r\n"
#define LINE_END_SIZE 2 /* before a delimiter */

/* A form being read; the words its files are described with are kept here. */
struct form {
    struct multipart multipart;
    struct transfer_start start;
    bool field_is_kept; /* the part in hand is a field whose head was kept */
    size_t words_size;
    uint8_t words[BODY_WORDS_SIZE];
};

void bodies_init(struct pool *forms, struct arena *arena)
{
    pool_init(forms, arena, sizeof(struct form), BODY_FORMS_MAX);
}

static struct speech_side *side_of(const struct hearing *hearing)
{
    return &hearing->speech->sides[hearing->side];
}

bool body_is_open(const struct speech_side *side)
{
    return side->transfer != NULL || side->form != NULL;
}

bool body_is_form(const struct speech_side *side)
{
    return side->form != NULL;
}

/* ---- forms ---- */

static struct bytes keep_word(struct form *form, struct bytes word)
{
    word = bytes_part(word, 0, BODY_WORDS_SIZE - form->words_size);
    uint8_t *at = &form->words[form->words_size];
    if (word.size > 0) {
        memcpy(at, word.data, word.size);
    }
    form->words_size += word.size;
    return (struct bytes){at, word.size};
}

/* What a message, or a part of it, calls the file it carries. */
static struct bytes disposition_name(struct bytes disposition)
{
    struct bytes name = http_parameter(disposition, "filename");
    if (name.size > 0) {
        return name;
    }
    struct bytes extended = http_parameter(disposition, "filename*");
    while (bytes_find_byte(extended, '\'') < extended.size) {
        extended = bytes_from(extended, bytes_find_byte(extended, '\'') + 1);
    }
    return extended;
}

/* A field of the form stays with the request, as it was sent.  Of a head that is longer than
 * is kept nobody could tell where it ends. */
static void keep_field(struct hearing *hearing, struct bytes head)
{
    const struct multipart *multipart = &side_of(hearing)->form->multipart;
    if (head.size < MULTIPART_HEAD_MAX) {
        struct bytes delimiter = {multipart->delimiter, multipart->delimiter_size};
        speech_keep_body(hearing, bytes_from(delimiter, LINE_END_SIZE));
        speech_keep_body(hearing, bytes_of_text(LINE_END));
        speech_keep_body(hearing, head);
    }
    side_of(hearing)->form->field_is_kept = head.size < MULTIPART_HEAD_MAX;
}

/* A part with the name of a file carries one; others are the form's fields. */
static enum status begin_part(void *context, struct bytes head)
{
    struct hearing *hearing = context;
    struct speech_side *side = side_of(hearing);
    struct transfer_start start = side->form->start;
    struct cursor cursor = cursor_of(head);
    struct bytes name;
    struct bytes value;
    for (int i = 0; i < HTTP_HEADERS_MAX && http_header_next(&cursor, &name, &value); i++) {
        if (bytes_equal_text_nocase(name, "content-disposition")) {
            start.name = disposition_name(value);
        } else if (bytes_equal_text_nocase(name, "content-type")) {
            start.media_type = value;
        }
    }
    side->form->field_is_kept = false;
    if (start.name.size > 0) {
        side->transfer = transfer_begin(hearing, &start);
    } else {
        keep_field(hearing, head);
    }
    return STATUS_OK;
}

static enum status take_part(void *context, struct bytes bytes)
{
    struct hearing *hearing = context;
    const struct speech_side *side = side_of(hearing);
    if (side->form->field_is_kept) {
        speech_keep_body(hearing, bytes);
    }
    return side->transfer == NULL ? STATUS_OK : transfer_take(hearing, side->transfer, bytes);
}

static enum status end_part(void *context, bool is_whole)
{
    struct hearing *hearing = context;
    struct speech_side *side = side_of(hearing);
    struct transfer *transfer = side->transfer;
    side->transfer = NULL;
    if (side->form != NULL && side->form->field_is_kept) {
        speech_keep_body(hearing, bytes_of_text(LINE_END));
    }
    return transfer == NULL ? STATUS_OK : transfer_end(hearing, transfer, is_whole);
}

static struct multipart_sink sink_of(struct hearing *hearing)
{
    return (struct multipart_sink){begin_part, take_part, end_part, hearing};
}

static void begin_form(struct hearing *hearing, const struct transfer_start *start,
                       struct bytes boundary)
{
    struct dissection *dissection = hearing->dissection;
    struct form *form = pool_take_raw(&dissection->speeches.forms);
    if (form == NULL) {
        dissection->transfers.unexamined++;
        return;
    }
    if (multipart_begin(&form->multipart, boundary) != STATUS_OK) {
        pool_give(&dissection->speeches.forms, form);
        dissection_anomaly(dissection, "an HTTP form's boundary is damaged");
        return;
    }
    form->words_size = 0;
    form->field_is_kept = false;
    form->start = *start;
    form->start.method = keep_word(form, start->method);
    form->start.host = keep_word(form, start->host);
    form->start.url = keep_word(form, start->url);
    form->start.media_type = BYTES_NONE;
    form->start.coding = BYTES_NONE;
    form->start.name = BYTES_NONE;
    side_of(hearing)->form = form;
}

/* ---- bodies ---- */

static struct transfer_start start_of(const struct hearing *hearing,
                                      const struct http_request *request,
                                      const struct http_response *response)
{
    const struct http_side *side = &side_of(hearing)->http;
    const struct bytes *headers = response == NULL ? request->headers : response->headers;
    struct transfer_start start = {
        .protocol = "http",
        .is_sent = response == NULL,
        .frame = side->frame,
        .at_ns = side->at_ns,
        .name = disposition_name(headers[HTTP_CONTENT_DISPOSITION]),
        .media_type = headers[HTTP_CONTENT_TYPE],
        .coding = headers[HTTP_CONTENT_ENCODING],
        .method = request->method,
        .url = request->target,
        .host = request->headers[HTTP_HOST],
    };
    if (response != NULL) {
        start.status = response->status;
    }
    /* What is sent with POST goes to a program: the target's name is that of the program. */
    bool is_named_by_target = response != NULL || bytes_equal_text(request->method, "PUT");
    if (start.name.size == 0 && is_named_by_target) {
        start.name = transfer_file_name(request->target);
    }
    return start;
}

void body_begin(struct hearing *hearing, const struct http_request *request,
                const struct http_response *response)
{
    struct transfer_start start = start_of(hearing, request, response);
    if (start.is_sent) {
        struct bytes type = http_value(start.media_type);
        struct bytes boundary = http_parameter(start.media_type, "boundary");
        if (bytes_equal_text_nocase(type, "application/x-www-form-urlencoded")) {
            return;
        }
        if (boundary.size > 0) {
            begin_form(hearing, &start, boundary);
            return;
        }
    }
    side_of(hearing)->transfer = transfer_begin(hearing, &start);
}

enum status body_take(struct hearing *hearing, struct bytes bytes)
{
    struct speech_side *side = side_of(hearing);
    if (side->form != NULL) {
        struct multipart_sink sink = sink_of(hearing);
        return multipart_take(&side->form->multipart, bytes, &sink);
    }
    return side->transfer == NULL ? STATUS_OK : transfer_take(hearing, side->transfer, bytes);
}

void body_gap(struct hearing *hearing)
{
    struct transfer *transfer = side_of(hearing)->transfer;
    if (transfer != NULL) {
        transfer_gap(transfer);
    }
}

static void drop_form(struct hearing *hearing)
{
    struct speech_side *side = side_of(hearing);
    pool_give(&hearing->dissection->speeches.forms, side->form);
    side->form = NULL;
}

enum status body_end(struct hearing *hearing, bool is_whole)
{
    struct speech_side *side = side_of(hearing);
    if (side->form != NULL) {
        struct multipart_sink sink = sink_of(hearing);
        enum status status = multipart_end(&side->form->multipart, &sink);
        drop_form(hearing);
        return status;
    }
    return end_part(hearing, is_whole);
}

void body_drop(struct hearing *hearing)
{
    struct speech_side *side = side_of(hearing);
    transfer_drop(hearing, side->transfer);
    side->transfer = NULL;
    drop_form(hearing);
}
