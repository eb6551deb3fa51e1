/* Reads commands for Windows's command prompt and for PowerShell: a tolerant lexer of our own
 * that finds commands, their words and where output goes.
 *
 * Gives RECORD_PIPELINE: a pipeline, then what stands inside its words: groups and blocks of
 * PowerShell, and text that cmd, powershell and Invoke-Expression are handed.  An expression
 * ("$client.DownloadFile($url)") is a command of one word, as written; the value of a variable
 * stays with its name.
 *
 * Input:  untrusted.  Any bytes give records; nothing is expanded, no function is followed.
 * Output: in `arena`.   Places: bytes of `text`.
 * Limits: those below; what is deeper stays a word, what is longer is left out.
 * Fuzzed: fuzz/paste.c. */
#pragma once

#include "base/arena.h"
#include "record/record.h"

#define WINDOWS_DEPTH_MAX 12
#define WINDOWS_PIPELINES_MAX 1000
#define WINDOWS_WORDS_MAX 120   /* of one command */
#define WINDOWS_INSIDE_MAX 40   /* groups and blocks in one pipeline */
#define WINDOWS_COMMANDS_MAX 24 /* of one pipeline */

enum status windows_read(struct bytes text, enum shell_dialect dialect, struct arena *arena,
                         const struct record_sink *sink) MUST_USE;
