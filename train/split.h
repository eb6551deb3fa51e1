/* Which data may be trained on and have rules written for, and which only scores.
 *
 * Near-duplicates stay together: the items of a kind are clustered (train/cluster.h), and a
 * cluster's side is the first byte of its smallest member's SHA-256, below 0x80 for training. A
 * cluster that holds an item of a held-out source only scores.
 *
 * Format: data/split/README.md.  One text file a kind: a line is a cluster, its members the
 * first SPLIT_DIGITS hexadecimal digits of their SHA-256, ascending; lines ascend.  An item
 * that no line names is a cluster of its own. */
#pragma once

#include "train/cluster.h"
#include "train/corpus.h"

#define SPLIT_DIGITS 12
#define SPLIT_FILE_SIZE_MAX (64U << 20)
#define SPLIT_TRAIN_BELOW 0x80

enum side {
    SIDE_TRAIN,
    SIDE_SCORE,
};

/* What the split says of one item. */
struct membership {
    uint64_t cluster; /* the digits of its smallest member */
    enum side side;
};

struct split_member {
    uint64_t key;
    uint64_t cluster;
    bool is_held_out;
};

struct split {
    struct split_member *members; /* ascending by key */
    size_t count;
};

/* Counts of a split, for people. */
struct split_counts {
    size_t items;
    size_t clusters;
    size_t train_clusters;
    size_t score_clusters;
    size_t held_out_clusters; /* among those that score */
};

/* The same for files below any folder: ordinary scripts. */
enum status split_make_files(const char *folder, struct text *listed,
                             struct split_counts *counts) MUST_USE;
/* Makes the split of one kind anew: its file's text, and that of what is held out, which stays
 * empty where the kind has no such source. */
enum status split_make(const char *data, enum corpus_kind kind, struct text *listed,
                       struct text *held_out, struct split_counts *counts) MUST_USE;
/* Adds the clusters of a file's text; STATUS_MALFORMED where it is not such a text. */
enum status split_add(struct split *split, struct bytes text, bool is_held_out) MUST_USE;
/* After the last file: puts members in order. */
void split_seal(struct split *split);
void split_done(struct split *split);
/* True where a line names the item. */
bool split_has(const struct split *split, const struct sha256 *hash);
struct membership split_find(const struct split *split, const struct sha256 *hash);
