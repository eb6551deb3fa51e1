/* Reads what iptables, nftables and ufw have the kernel log of a packet:
 *
 *   [ 12.34] [UFW BLOCK] IN=eth0 OUT= MAC=... SRC=203.0.113.7 DST=192.0.2.5 LEN=40 ...
 * PROTO=TCP SPT=1234 DPT=22 WINDOW=1024 RES=0x00 SYN URGP=0
 *
 * What stands before "IN=" is the rule's own words.  Of an ICMP error, which quotes the packet
 * it is about in brackets, the outer packet counts: each name is taken the first time.
 *
 * Input:  untrusted; fields borrow from the message or lie in `batch`.   Fuzzed: fuzz/syslog.c.
 * Format: net/netfilter/nf_log_syslog.c. */
#pragma once

#include "base/arena.h"
#include "record/record.h"

/* Fills action and fields; STATUS_NOT_FOUND where the message is of something else. */
enum status netfilter_read(struct bytes message, struct arena *batch,
                           struct event *out) MUST_USE;
