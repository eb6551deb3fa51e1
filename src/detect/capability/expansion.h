/* Puts into the words of commands what a shell would: the values of variables, as far as the
 * script says them in plain sight, and alternatives in braces.  `h=192.0.2.5; nc $h 44` names
 * that address, and `{nc,$h,44}` is the same command.
 *
 * A variable holds the last text it was given, in whichever branch or function that was.  One
 * that was given the output of a command holds no text; what the rules asked of that command is
 * kept instead, so that `t=$(curl ...); eval "$t"` is judged like eval "$(curl ...)".
 *
 * Input:  untrusted pipelines, in the order in which they are given.
 * Output: good until the next call.
 * Limits: VARIABLES_MAX variables, of which the oldest give way; VARIABLE_* bytes of each;
 *         EXPANSION_WORDS_MAX words and EXPANSION_TEXT_MAX bytes of one pipeline, beyond which
 *         words stay as written.
 * Not checked: arrays, ${x%...} and its like, braces in braces, which branch is taken, what
 * functions are given. */
#pragma once

#include "base/arena.h"
#include "detect/capability/match.h"

#define VARIABLES_MAX 64
#define VARIABLE_NAME_MAX 32
#define VARIABLE_VALUE_MAX 256
#define EXPANSION_WORDS_MAX 512
#define EXPANSION_TEXT_MAX 16384

struct script_scope;
struct expansion;

/* Notes what the pipeline assigns.  `inner` is one per command, or NULL.  `*expansion` is made
 * when it is first needed. */
enum status expansion_note(struct arena *arena, const struct script_scope *scope,
                           const struct shell_pipeline *pipeline,
                           const struct inner_bits *inner,
                           struct expansion **expansion) MUST_USE;
/* `*out` is the pipeline as expanded, or itself.  What is known of commands whose output
 * variables hold is added to `inner`, which has room for all commands; `*has_inner` says
 * whether it held anything, and does. */
enum status expansion_apply(struct arena *arena, const struct script_scope *scope,
                            const struct shell_pipeline *pipeline, struct inner_bits *inner,
                            bool *has_inner, struct expansion **expansion,
                            const struct shell_pipeline **out) MUST_USE;
