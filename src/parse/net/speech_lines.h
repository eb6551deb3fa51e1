/* Protocols that speak in lines: SSH until it is encrypted, SMTP and FTP.
 *
 * SSH gives both versions as one transaction.  SMTP gives one for each mail (who, from, to) and
 * one for each login; FTP one for each login and each command that names a file.  A password is
 * never kept: of AUTH and PASS only the account's name remains.  Where STARTTLS or AUTH TLS is
 * accepted, what follows is heard as TLS.
 *
 * Input:  untrusted.   Owner: the dissection's pools.
 * Limits: LINES_*; a line is read as far as LINES_LINE_MAX.
 * Format: RFC 4253 section 4.2, RFC 5321, RFC 4954, RFC 959, RFC 4217.
 * Does not check: mail contents, attachments, FTP's data connections. */
#pragma once

#include "parse/net/speech.h"

#define LINES_TALKS_MAX 1024
#define LINES_LINE_MAX 512
#define LINES_RECIPIENTS_MAX 6

void speech_lines_init(struct pool *pool, struct arena *arena);
/* Which of them, if any, these first bytes of a side are. */
enum speech_kind speech_lines_kind(struct bytes bytes, bool is_client);
/* The next bytes of a side. */
enum status speech_lines_bytes(struct hearing *hearing, struct bytes bytes) MUST_USE;
enum status speech_lines_gap(struct hearing *hearing) MUST_USE;
/* The connection ended: gives what was not answered yet. */
enum status speech_lines_end(struct hearing *hearing) MUST_USE;
/* "ssh", "smtp", "ftp"; NULL where it is not known yet. */
const char *speech_lines_application(const struct speech *speech);
void speech_lines_drop(struct hearing *hearing);
