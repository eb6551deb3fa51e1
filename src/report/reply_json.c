#include "report/reply_json.h"

#include "report/restricted_note.h"
#include "report/sentences.h"

enum status reply_write(const struct reply *reply, struct text *text)
{
    struct jsonout out = jsonout_of(text, JSONOUT_PRETTY);
    jsonout_object_begin(&out);
    jsonout_member_string(&out, "question", reply->question);
    jsonout_member_text(&out, "outcome", reply_outcome_name(reply->outcome));
    jsonout_member_string(&out, "kind", reply->kind);
    jsonout_member_string(&out, "asks", reply->asks);
    sentences_write(&out, "answer", reply->sentences, reply->sentence_count);
    jsonout_key(&out, "suggestions");
    jsonout_list_begin(&out);
    for (size_t i = 0; i < reply->suggestion_count; i++) {
        jsonout_string(&out, reply->suggestions[i]);
    }
    jsonout_list_end(&out);
    restricted_note_write(reply->pack, &out);
    jsonout_object_end(&out);
    enum status status = jsonout_finish(&out);
    text_add(text, "\n");
    return status == STATUS_OK ? text_status(text) : status;
}
