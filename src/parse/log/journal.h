/* Reads what journalctl writes of systemd's journal: a JSON object a line (-o json, also
 * json-seq and json-sse), and the export format (-o export), whose fields may hold any bytes.
 *
 * An entry is the event that the same message gives in a system log (parse/log/message.h): the
 * program is SYSLOG_IDENTIFIER, else _COMM; the machine _HOSTNAME; the number SYSLOG_PID, else
 * _PID.  Its time is _SOURCE_REALTIME_TIMESTAMP, else __REALTIME_TIMESTAMP, exact and in UTC.
 * Unit and executable, which the journal itself knows, come besides: who names himself "sshd"
 * with `logger` is believed here as in a system log, but not his executable.
 *
 * The number that the journal gives the entry (the i= of its cursor) and which journal counts
 * so (s=) come too.  Of a field that stands several times the first counts.  Entries without a
 * message give nothing but their number.  What the kernel's audit tells by way of the journal
 * stays EVENT_OTHER: the programs say the same in their own entries.
 *
 * Input:  untrusted.   Places: the line, or the lines of the entry.
 * Limits: JOURNAL_ENTRY_SIZE_MAX bytes of the fields we use; those of feed.h and
 *         codec/jsonline.h for JSON; fields of more than JOURNAL_FIELD_SIZE_MAX are damage.
 * Fuzzed: fuzz/journal.c.   Format: systemd.io/JOURNAL_EXPORT_FORMATS,
 * systemd.journal-fields(7).
 */
#pragma once

#include "parse/identify.h"

#define JOURNAL_ENTRY_SIZE_MAX 131072U
#define JOURNAL_FIELD_SIZE_MAX (768U << 20) /* the journal's own limit */

bool journal_json_matches(const struct sample *sample);
bool journal_export_matches(const struct sample *sample);
enum status journal_json_read(struct stream *stream, struct parse *parse) MUST_USE;
enum status journal_export_read(struct stream *stream, struct parse *parse) MUST_USE;
