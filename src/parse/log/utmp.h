/* Reads login accounting: wtmp, btmp, utmp and lastlog of Linux, little-endian.
 *
 *   offset  size                      384 bytes: x86, x86-64;  400 bytes: 64-bit ARM, RISC-V
 *   0       2    type   1 run level, 2 boot, 3 and 4 clock set, 6 login waits, 7 user, 8 ended
 *   4       4    process
 *   8       32   line: "pts/0", "ssh:notty"
 *   40      4    id
 *   44      32   user
 *   76      256  host
 *   332     4    exit status
 *   336     4/8  session
 *   340/344 4/8  seconds   344/352 4/8  microseconds
 *   348/360 16   address, IPv4 in its first four bytes
 *
 *   lastlog, 292 bytes for each account by its number: seconds (4), line (32), host (256)
 *
 * wtmp and utmp give session-opened and session-closed, the latter with the user that opened
 * the line, host-started and host-stopped; btmp gives login-failed; lastlog gives
 * login-remembered. A file is btmp by its name, or because its first entry is of a login that
 * never got a line.
 *
 * Entries that are all zeros, and times that go back, are anomalies: both are what editing such
 * a file leaves, and neither is proof of it.  Those of zeros give log-damaged too, except in
 * utmp, whose entries are places that are left again.
 *
 * Input:  untrusted.   Places: ranges of bytes.   Output: text in the batch.
 * Limits: UTMP_LINES_MAX open lines are remembered.
 * Not read: big-endian files.   Fuzzed: fuzz/utmp.c.   Format: man 5 utmp, glibc's bits/utmp.h.
 */
#pragma once

#include "parse/identify.h"

#define UTMP_SIZE 384U
#define UTMP_SIZE_LONG 400U
#define LASTLOG_SIZE 292U
#define UTMP_LINES_MAX 1024U
#define UTMP_DISORDER_S 120 /* so far a time may go back without being named */

bool utmp_matches(const struct sample *sample);
bool lastlog_matches(const struct sample *sample);
enum status utmp_read(struct stream *stream, struct parse *parse) MUST_USE;
enum status lastlog_read(struct stream *stream, struct parse *parse) MUST_USE;
