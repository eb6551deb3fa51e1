#include "record/inquiry.h"

#include <string.h>

#include "base/pack.h"
#include "record/citation.h"

#define OPTIONS_SIZE_MAX 4096U
#define PATH_SIZE_MAX 65536U

void inquiry_write(struct text *out, const struct inquiry *inquiry)
{
    AUTO(text_done) struct text options = text_of_limit(OPTIONS_SIZE_MAX);
    analysis_options_write(&options, &inquiry->options);
    pack_u8(out, (uint8_t)inquiry->kind);
    pack_u8(out, inquiry->has_site);
    pack_bytes(out, text_bytes(&options));
    pack_bytes(out, inquiry->citation);
    pack_bytes(out, inquiry->question);
    AUTO(text_done) struct text pack = text_of_limit(RESTRICTED_SIZE_MAX);
    if (inquiry->has_pack) {
        restricted_write(&pack, &inquiry->pack);
    }
    pack_bytes(out, text_bytes(&pack));
}

enum status inquiry_read(struct bytes message, struct inquiry *out)
{
    struct cursor cursor = cursor_of(message);
    struct inquiry inquiry = {0};
    inquiry.kind = unpack_kind(&cursor, INQUIRY_KIND_COUNT);
    inquiry.has_site = unpack_bool(&cursor);
    struct bytes options = unpack_bytes(&cursor, OPTIONS_SIZE_MAX);
    inquiry.citation = unpack_bytes(&cursor, CITATION_SIZE_MAX);
    inquiry.question = unpack_bytes(&cursor, STATEMENT_TEXT_MAX);
    struct bytes pack = unpack_bytes(&cursor, RESTRICTED_SIZE_MAX);
    bool is_long = inquiry.kind != INQUIRY_EXPLAIN && inquiry.question.size > QUESTION_SIZE_MAX;
    if (is_long) {
        cursor_fail(&cursor, STATUS_MALFORMED, "a question that is too long");
    }
    TRY(unpack_end(&cursor));
    TRY(analysis_options_read(options, &inquiry.options));
    inquiry.has_pack = pack.size > 0;
    if (inquiry.has_pack) {
        TRY(restricted_read(pack, &inquiry.pack));
    }
    *out = inquiry;
    return STATUS_OK;
}

void inquiry_answer_write(struct text *out, const struct inquiry_answer *answer)
{
    pack_u8(out, (uint8_t)answer->verdict);
    pack_u8(out, (uint8_t)answer->worst);
    pack_u32(out, answer->examined_count);
    pack_u32(out, answer->finding_count);
    pack_u32(out, answer->incident_count);
    pack_u8(out, answer->is_located);
    text_add_raw(out, (struct bytes){answer->sha256, sizeof answer->sha256});
    pack_u64(out, answer->size);
    pack_bytes(out, answer->path);
    pack_bytes(out, answer->citation);
    pack_bytes(out, answer->excerpt);
    pack_bytes(out, answer->problem);
}

enum status inquiry_answer_read(struct bytes message, struct inquiry_answer *out)
{
    struct cursor cursor = cursor_of(message);
    struct inquiry_answer answer = {0};
    answer.verdict = unpack_kind(&cursor, VERDICT_COUNT);
    answer.worst = unpack_kind(&cursor, SEVERITY_COUNT);
    answer.examined_count = cursor_u32le(&cursor);
    answer.finding_count = cursor_u32le(&cursor);
    answer.incident_count = cursor_u32le(&cursor);
    answer.is_located = unpack_bool(&cursor);
    struct bytes hash = cursor_take(&cursor, sizeof answer.sha256);
    if (hash.size == sizeof answer.sha256) {
        memcpy(answer.sha256, hash.data, hash.size);
    }
    answer.size = cursor_u64le(&cursor);
    answer.path = unpack_bytes(&cursor, PATH_SIZE_MAX);
    answer.citation = unpack_bytes(&cursor, CITATION_SIZE_MAX);
    answer.excerpt = unpack_bytes(&cursor, INQUIRY_EXCERPT_SIZE_MAX);
    answer.problem = unpack_bytes(&cursor, INQUIRY_PROBLEM_SIZE_MAX);
    TRY(unpack_end(&cursor));
    *out = answer;
    return STATUS_OK;
}
