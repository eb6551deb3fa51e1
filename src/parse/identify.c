#include "parse/identify.h"

#include "parse/archive/packed.h"
#include "parse/host/account.h"
#include "parse/host/keys.h"
#include "parse/host/unit.h"
#include "parse/log/audit.h"
#include "parse/log/journal.h"
#include "parse/log/service_log.h"
#include "parse/log/syslog.h"
#include "parse/log/utmp.h"
#include "parse/log/web_access.h"
#include "parse/log/web_error.h"
#include "parse/log/web_json.h"
#include "parse/net/capture.h"
#include "parse/script/shell.h"

#define KNOWN(name) .kind = name, .why = name ": not examined yet"

/* ---- questions to the sample ---- */

static bool is_binary(const struct sample *sample)
{
    return !sample->is_text;
}

static bool is_script(const struct sample *sample)
{
    return shell_matches(sample->head, sample->name);
}

static bool is_crontab(const struct sample *sample)
{
    return sample->is_text && shell_crontab_matches(sample->head, sample->name);
}

static bool is_other_script(const struct sample *sample)
{
    return sample->is_text;
}

/* After any white space, as browsers take it. */
static bool is_html(const struct sample *sample)
{
    struct bytes start = bytes_trim(sample->head);
    return bytes_equal_text_nocase(bytes_part(start, 0, 9), "<!doctype") ||
           bytes_equal_text_nocase(bytes_part(start, 0, 5), "<html");
}

static bool is_history(const struct sample *sample)
{
    return sample->is_text && shell_history_matches(sample->head, sample->name);
}

/* Most of its first lines have a clock's time near their beginning. */
static bool is_unknown_log(const struct sample *sample)
{
    struct cursor cursor = cursor_of(sample->head);
    struct bytes line = BYTES_NONE;
    size_t line_count = 0;
    size_t timed_count = 0;
    if (!sample->is_text) {
        return false;
    }
    while (line_count < IDENTIFY_LINES_MAX && cursor_line(&cursor, &line)) {
        struct bytes start = bytes_part(line, 0, 64);
        size_t colons = 0;
        for (size_t i = 2; i + 3 < start.size; i++) {
            bool is_between = start.data[i] == ':' && start.data[i - 1] >= '0' &&
                              start.data[i - 1] <= '9' && start.data[i + 1] >= '0' &&
                              start.data[i + 1] <= '9';
            colons += is_between;
        }
        line_count += bytes_trim(line).size > 0;
        timed_count += colons >= 2;
    }
    return timed_count >= 3 && timed_count * 2 > line_count;
}

/* ---- the rows ---- */

static const struct reader readers[] = {
    {.kind = "capture", .magic = BYTES_LITERAL("\xd4\xc3\xb2\xa1"), .read = capture_read},
    {.kind = "capture", .magic = BYTES_LITERAL("\xa1\xb2\xc3\xd4"), .read = capture_read},
    {.kind = "capture", .magic = BYTES_LITERAL("\x4d\x3c\xb2\xa1"), .read = capture_read},
    {.kind = "capture", .magic = BYTES_LITERAL("\xa1\xb2\x3c\x4d"), .read = capture_read},
    {.kind = "capture", .magic = BYTES_LITERAL("\x0a\x0d\x0d\x0a"), .read = capture_read},
    {.kind = "gzip file", .magic = BYTES_LITERAL("\x1f\x8b\x08"), .unpack = packed_unpack},
    {.kind = "xz file",
     .magic = BYTES_LITERAL("\xfd"
                            "7zXZ\0"),
     .unpack = packed_unpack},
    {.kind = "Zstandard file",
     .magic = BYTES_LITERAL("\x28\xb5\x2f\xfd"),
     .unpack = packed_unpack},
    {.kind = "bzip2 file",
     .magic = BYTES_LITERAL("BZh"),
     .matches = is_binary,
     .unpack = packed_unpack},
    {KNOWN("Windows event log"), .magic = BYTES_LITERAL("ElfFile\0")},
    {KNOWN("systemd journal"), .magic = BYTES_LITERAL("LPKSHHRH")},
    {.kind = "journal export", .matches = journal_export_matches, .read = journal_export_read},
    {.kind = "journal in JSON", .matches = journal_json_matches, .read = journal_json_read},
    {.kind = "login records", .matches = utmp_matches, .read = utmp_read},
    {.kind = "last logins", .matches = lastlog_matches, .read = lastlog_read},
    {KNOWN("ZIP archive"), .magic = BYTES_LITERAL("PK\x03\x04")},
    {KNOWN("ZIP archive"), .magic = BYTES_LITERAL("PK\x05\x06")},
    {KNOWN("PDF document"), .magic = BYTES_LITERAL("%PDF-")},
    {KNOWN("ELF program"), .magic = BYTES_LITERAL("\x7f"
                                                  "ELF")},
    {KNOWN("Windows program"), .magic = BYTES_LITERAL("MZ"), .matches = is_binary},
    {KNOWN("Mach-O program"), .magic = BYTES_LITERAL("\xcf\xfa\xed\xfe")},
    {KNOWN("Mach-O program"), .magic = BYTES_LITERAL("\xce\xfa\xed\xfe")},
    {KNOWN("Java class or Mach-O program"), .magic = BYTES_LITERAL("\xca\xfe\xba\xbe")},
    {KNOWN("WebAssembly program"), .magic = BYTES_LITERAL("\0asm")},
    {KNOWN("OLE document"), .magic = BYTES_LITERAL("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")},
    {KNOWN("RTF document"), .magic = BYTES_LITERAL("{\\rtf")},
    {KNOWN("Windows shortcut"), .magic = BYTES_LITERAL("L\0\0\0\x01\x14\x02\0")},
    {KNOWN("Windows registry"), .magic = BYTES_LITERAL("regf")},
    {KNOWN("Windows prefetch"), .magic = BYTES_LITERAL("SCCA"), .magic_offset = 4,
     .matches = is_binary},
    {KNOWN("Windows prefetch"), .magic = BYTES_LITERAL("MAM\x04")},
    {KNOWN("NTFS file table"), .magic = BYTES_LITERAL("FILE0"), .matches = is_binary},
    {KNOWN("Outlook mailbox"), .magic = BYTES_LITERAL("!BDN")},
    {KNOWN("disk image"), .magic = BYTES_LITERAL("EVF\x09\x0d\x0a\xff\0")},
    {KNOWN("disk image"), .magic = BYTES_LITERAL("QFI\xfb")},
    {KNOWN("disk image"), .magic = BYTES_LITERAL("KDMV")},
    {KNOWN("memory image"), .magic = BYTES_LITERAL("EMiL")},
    {KNOWN("LZ4 file"), .magic = BYTES_LITERAL("\x04\x22\x4d\x18")},
    {KNOWN("7-Zip archive"), .magic = BYTES_LITERAL("7z\xbc\xaf\x27\x1c")},
    {KNOWN("RAR archive"), .magic = BYTES_LITERAL("Rar!\x1a\x07")},
    {KNOWN("cabinet archive"), .magic = BYTES_LITERAL("MSCF\0\0\0\0")},
    {KNOWN("tar archive"), .magic = BYTES_LITERAL("ustar"), .magic_offset = 257,
     .matches = is_binary},
    {KNOWN("cpio archive"), .magic = BYTES_LITERAL("070701")},
    {KNOWN("Debian package or ar archive"), .magic = BYTES_LITERAL("!<arch>\n")},
    {KNOWN("RPM package"), .magic = BYTES_LITERAL("\xed\xab\xee\xdb")},
    {KNOWN("SQLite database"), .magic = BYTES_LITERAL("SQLite format 3\0")},
    {KNOWN("JPEG image"), .magic = BYTES_LITERAL("\xff\xd8\xff")},
    {KNOWN("PNG image"), .magic = BYTES_LITERAL("\x89PNG\r\n\x1a\n")},
    {KNOWN("GIF image"), .magic = BYTES_LITERAL("GIF8")},
    /* Other formats may hold lines of a log, packed without compression or captured on their
     * way, and a log may hold anybody's words anywhere but at its start: so a log is told after
     * what begins with bytes of its own, and what is told by bytes further in is no text. */
    {.kind = "system log", .matches = syslog_matches, .read = syslog_read},
    {.kind = "Linux audit log", .matches = audit_matches, .read = audit_read},
    {.kind = "web access log", .matches = web_access_matches, .read = web_access_read},
    {.kind = "web access log", .matches = web_json_matches, .read = web_json_read},
    {.kind = "service log", .matches = service_log_matches, .read = service_log_read},
    {.kind = "web error log", .matches = web_error_matches, .read = web_error_read},
    {.kind = "account file", .matches = passwd_matches, .read = passwd_read},
    {.kind = "password file", .matches = shadow_matches, .read = shadow_read},
    {.kind = "group file", .matches = group_matches, .read = group_read},
    {.kind = "authorized keys", .matches = keys_matches, .read = keys_read},
    {.kind = "systemd unit", .matches = unit_matches, .read = unit_read},
    {.kind = "shell script", .matches = is_script, .read = shell_read},
    {.kind = "shell history", .matches = is_history, .read = shell_read_history},
    {.kind = "crontab", .matches = is_crontab, .read = shell_read_crontab},
    {KNOWN("PHP script"), .magic = BYTES_LITERAL("<?php")},
    {KNOWN("PHP script"), .magic = BYTES_LITERAL("<?=")},
    {KNOWN("JSP or ASP page"), .magic = BYTES_LITERAL("<%")},
    {KNOWN("HTML document"), .matches = is_html},
    {KNOWN("script"), .magic = BYTES_LITERAL("#!"), .matches = is_other_script},
    {KNOWN("log of an unknown form"), .matches = is_unknown_log},
    {KNOWN("XML document"), .magic = BYTES_LITERAL("<?xml")},
};

static bool row_matches(const struct reader *reader, const struct sample *sample)
{
    struct bytes there = bytes_part(sample->head, reader->magic_offset, reader->magic.size);
    return bytes_equal(there, reader->magic) &&
           (reader->matches == NULL || reader->matches(sample));
}

const struct reader *identify(const struct sample *sample)
{
    for (size_t i = 0; sample->head.size > 0 && i < sizeof readers / sizeof *readers; i++) {
        if (row_matches(&readers[i], sample)) {
            return &readers[i];
        }
    }
    return NULL;
}

bool sample_is_text(struct bytes head)
{
    for (size_t i = 0; i < head.size; i++) {
        uint8_t byte = head.data[i];
        if (byte < ' ' && byte != '\n' && byte != '\r' && byte != '\t' && byte != '\f' &&
            byte != 0x1b) {
            return false;
        }
    }
    return true;
}
