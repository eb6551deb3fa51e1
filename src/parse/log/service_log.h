/* Reads logs that services keep for themselves, with a time of their own before what they would
 * say in the system log:
 *
 *   03-Mar-2026 02:10:00.123 queries: info: client @0x7f 192.0.2.1#5 (a.test): query: ... BIND
 *   2026-03-03 02:10:00,123 fail2ban.actions        [1234]: NOTICE  [sshd] Ban 203.0.113.7
 *   Tue Mar  3 02:10:00 2026 [pid 123] [anna] FAIL LOGIN: Client "203.0.113.7"      vsftpd
 *
 * What the messages mean is in the vocabularies of the programs (parse/log/message.h).
 *
 * Input:  untrusted.   Limits: those of parse/log/feed.h.   Fuzzed: fuzz/service_log.c.
 * A line of another form is counted as going on with the one before. */
#pragma once

#include "parse/identify.h"

bool service_log_matches(const struct sample *sample);
enum status service_log_read(struct stream *stream, struct parse *parse) MUST_USE;
