/* Reads one YAML document as a tree: what analysts write in content/ and owners in site.yaml.
 *
 * Input:  untrusted.  Any bytes at all yield a tree or a status with the line of the fault.
 * Output: in `arena`.
 * Limits: YAML_SIZE_MAX bytes, and those of codec/tree.h.
 * Fuzzed: fuzz/yaml.c.   Format: YAML 1.2 core schema, through libyaml.
 *
 * Refused, with a fault that says so: aliases and anchors (a few lines of them expand to
 * gigabytes; docs/decisions/0012-yaml-without-aliases.md), tags, keys that are not scalars, a
 * key that stands twice in a map, a second document.  Plain `yes`, `no`, `on`, `off` are text;
 * so are .inf and .nan.  An empty document is null. */
#pragma once

#include "codec/tree.h"

#define YAML_SIZE_MAX (8U * 1024U * 1024U)

/* STATUS_MALFORMED for what is not YAML, STATUS_UNSUPPORTED for what is refused. */
enum status tree_of_yaml(struct bytes input, struct arena *arena, struct tree *out,
                         struct tree_fault *fault) MUST_USE;
