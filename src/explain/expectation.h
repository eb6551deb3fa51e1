/* What a watch expects next of what builds up, from content/phrases/warning.yaml. */
#pragma once

#include "codec/tree.h"
#include "record/warning.h"

/* Sets `expects`, in `arena`; empty where no phrase fits. */
enum status expectation_add(const struct tree_node *phrases, struct arena *arena,
                            struct warning *warning) MUST_USE;
