/* Writes a system log as journalctl would show the same day: in JSON, or in the export format.
 */
#pragma once

#include "base/moment.h"
#include "base/text.h"
#include "codec/json.h"
#include "parse/log/header.h"

static inline void make_field(struct jsonout *json, struct text *text, const char *name,
                              struct bytes value)
{
    if (value.size == 0) {
        return;
    }
    if (json != NULL) {
        jsonout_member_string(json, name, value);
        return;
    }
    text_add(text, name);
    bool is_binary = bytes_find_byte(value, '\n') < value.size || value.data[0] == 'F';
    if (is_binary) { /* as fields are written that hold controls; "F" to have some */
        text_add(text, "\n");
        for (unsigned i = 0; i < 8; i++) {
            text_add_byte(text, (char)(value.size >> (8 * i)));
        }
    } else {
        text_add(text, "=");
    }
    text_add_raw(text, value);
    text_add(text, "\n");
}

static inline void make_fields(struct jsonout *json, struct text *text,
                               const struct syslog_header *header)
{
    struct text AUTO(text_done) time = text_of_limit(32);
    struct moment at =
        moment_of_civil(&header->civil, header->zone_known, header->zone_minutes);
    text_addf(&time, "%llu", (unsigned long long)(at.ns / 1000));
    make_field(json, text, "__REALTIME_TIMESTAMP", text_bytes(&time));
    make_field(json, text, "_HOSTNAME", header->host);
    make_field(json, text, "SYSLOG_IDENTIFIER", header->program);
    make_field(json, text, "SYSLOG_PID", header->pid);
    make_field(json, text, "PRIORITY", bytes_of_text("6"));
    make_field(json, text, "MESSAGE", header->message);
}

static inline void make_journal(struct bytes log, bool is_json, struct text *text)
{
    struct bytes line;
    while (bytes_split(&log, '\n', &line)) {
        struct syslog_header header;
        if (!syslog_header_read(line, 0, &header)) {
            continue;
        }
        if (is_json) {
            struct jsonout json = jsonout_of(text, JSONOUT_COMPACT);
            jsonout_object_begin(&json);
            make_fields(&json, text, &header);
            jsonout_object_end(&json);
            assert_ok(jsonout_finish(&json));
        } else {
            make_fields(NULL, text, &header);
        }
        text_add(text, "\n");
    }
}
