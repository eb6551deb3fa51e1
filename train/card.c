/* The words and tables of figures.h. */
#include "train/figures.h"

#include <stdlib.h>

#define SHORTCUT_MAX \
    0.9 /* a shortcut better than this makes a figure within a source worthless */

static void write_share(struct text *out, const struct share *share)
{
    if (share->of == 0) {
        text_add(out, "-");
        return;
    }
    text_addf(out, "%.3f (%.3f-%.3f)", (double)share->found / (double)share->of, share->low,
              share->high);
}

static size_t count_source(const struct figures *figures, enum source source, enum role role)
{
    const struct experiment *experiment = &figures->experiments[DESIGN_CLUSTER];
    size_t count = 0;
    for (size_t i = 0; i < figures->samples->count; i++) {
        count += figures->samples->items[i].source == source && experiment->roles[i] == role;
    }
    return count;
}

static void write_data(const struct figures *figures, struct text *out)
{
    text_add(out,
             "## Data\n\nRows and scripts trained on, and clusters of near-duplicates that "
             "calibrate and that are tested, none of\nthem trained on "
             "(`data/split/README.md`).\n\n"
             "| source | | trained on | calibrate | tested |\n|---|---|---|---|---|\n");
    for (int source = 0; source < SOURCE_SEGMENT; source++) {
        bool is_attack = source == SOURCE_ATOMIC || source == SOURCE_GTFOBINS;
        text_addf(out, "| %s | %s | %zu | %zu | %zu |\n", source_name((enum source)source),
                  is_attack ? "attacks" : "ordinary",
                  count_source(figures, (enum source)source, ROLE_TRAIN),
                  count_source(figures, (enum source)source, ROLE_CALIBRATE),
                  count_source(figures, (enum source)source, ROLE_TEST));
    }
    text_addf(out,
              "\n%zu commands of the attack sources were left out because tldr has them word "
              "for word. %zu ordinary\nscripts named by `data/ordinary/scripts.txt` were "
              "missing. Digest of what was read: `",
              figures->samples->ordinary_dropped, figures->samples->scripts_missing);
    sha256_add_hex(out, &figures->samples->digest);
    text_add(out, "`.\nNames that authors put for a file, a host or an address are replaced "
                  "alike in all sources, as they tell the\nsource and not the attack. Many "
                  "commands of the attack sources are what an administrator runs, too:\nthe "
                  "figures below count them as attacks.\n\n");
}

static void write_outcomes(const struct figures *figures, struct text *out)
{
    text_add(out, "## What it finds\n\nThe share of tested attack clusters that score above a "
                  "threshold which that share of tested ordinary commands\nreaches, with the "
                  "exact 95 % interval. Where there are too few ordinary clusters for a rate, "
                  "it cannot be\nclaimed. The last column is the threshold a model of that "
                  "row would ship with.\n\n"
                  "| trained and tested on | area | attacks | ordinary | 1e-2 | 1e-3 | 1e-4 | "
                  "shipped threshold |\n|---|---|---|---|---|---|---|---|\n");
    for (int design = 0; design < DESIGN_COUNT; design++) {
        const struct outcome *outcome = &figures->outcomes[design];
        text_addf(out, "| %s | %.3f | %zu | %zu |", design_name((enum design)design),
                  outcome->area, outcome->attacks, outcome->ordinary);
        for (size_t i = 0; i < EXPERIMENT_RATES; i++) {
            text_add(out, " ");
            if (outcome->can_claim[i]) {
                write_share(out, &outcome->found[i]);
            } else {
                text_add(out, "cannot be claimed");
            }
            text_add(out, " |");
        }
        text_add(out, " ");
        write_share(out, &outcome->found_shipped);
        text_add(out, " |\n");
    }
    text_add(out, "\n*Source left out* is what to expect of attacks from elsewhere: the other "
                  "rows are of the sources it learned\nfrom, and say little.\n\n");
}

static void write_shortcut(const struct figures *figures, struct text *out)
{
    const struct shortcut_figures *shortcut = &figures->shortcut;
    text_addf(
        out,
        "## What could be told without reading\n\nA model that sees only a text's length "
        "and its shares of kinds of bytes, on the clusters tested above.\n\n"
        "| ordinary text | area of that model | area of the Sieve | found by the Sieve at "
        "1e-2 |\n|---|---|---|---|\n| commands as they are | %.3f | %.3f | ",
        shortcut->area_plain, figures->outcomes[DESIGN_CLUSTER].area);
    write_share(out, &figures->outcomes[DESIGN_CLUSTER].found[0]);
    text_addf(out, " |\n| %zu commands and parts of scripts, matched | %.3f | %.3f | ",
              shortcut->ordinary_matched, shortcut->area_matched, shortcut->model_area_matched);
    write_share(out, &shortcut->model_found_matched);
    text_addf(out, " |\n\n%s\n\n",
              shortcut->area_plain > SHORTCUT_MAX
                  ? "It tells attacks of these sources from ordinary commands so well that "
                    "figures within the sources are worth nothing."
                  : "It stays below 0.9 on these sources.");
}

static void write_calibration(const struct figures *figures, struct text *out)
{
    const struct experiment *shipped = &figures->experiments[DESIGN_CLUSTER];
    text_addf(
        out,
        "## What a score means\n\nOrdinary text of one source, never trained on, was glued "
        "to %zu documents of up to %u bytes. A script or an\naccount's commands of up to "
        "that size has the p-value (1 + documents that score as high) / %zu; a finding "
        "is\nraised at p <= %g, a score of %d. The smallest p-value there can be is %.4f: "
        "1e-3 and less cannot be claimed.\nOf a longer object the claim holds for each "
        "%u bytes of it.\n\n",
        shipped->document_count, EXPERIMENT_CLASS_SIZE, shipped->document_count + 1,
        EXPERIMENT_P, shipped->threshold, 1.0 / (double)(shipped->document_count + 1),
        EXPERIMENT_CLASS_SIZE);
    text_add(out, "| ordinary, tested | reach the threshold for 1e-2 of commands | reach the "
                  "shipped threshold |\n|---|---|---|\n| commands | 0.010 | ");
    write_share(out, &figures->outcomes[DESIGN_CLUSTER].false_shipped);
    text_add(out, " |\n| maintainer scripts | ");
    write_share(out, &figures->maintainer_rate);
    text_add(out, " | ");
    write_share(out, &figures->maintainer_shipped);
    text_add(out, " |\n| other scripts of packages | ");
    write_share(out, &figures->script_rate);
    text_add(out, " | ");
    write_share(out, &figures->script_shipped);
    text_add(out, " |\n\n");
}

static void write_stress(const struct figures *figures, struct text *out)
{
    text_add(out, "## Made hard\n\nThe tested attacks pasted between lines of tested ordinary "
                  "scripts.\n\n| ordinary bytes a byte of attack | found at 1e-2 of commands | "
                  "found at the shipped threshold |\n|---|---|---|\n");
    for (size_t i = 0; i < STRESS_DILUTIONS; i++) {
        text_addf(out, "| %u | ", stress_dilutions[i]);
        write_share(out, &figures->dilutions[i].found_rate);
        text_add(out, " | ");
        write_share(out, &figures->dilutions[i].found_shipped);
        text_add(out, " |\n");
    }
    text_addf(out,
              "\nWith %d ordinary commands put after each line of an attack, on the same line, "
              "each time the one of %d\nthat lowers the score most, ",
              STRESS_INSERTIONS, STRESS_CANDIDATES);
    write_share(out, &figures->insertion.found_rate);
    text_add(out, " are left at 1e-2 and ");
    write_share(out, &figures->insertion.found_shipped);
    text_add(out, " at the\nshipped threshold.\n");
    const struct deletion *deletion = &figures->deletion;
    text_addf(out,
              "\nOf %zu tested attacks that are raised, the words cited are %zu of %zu bytes. "
              "Without them, ",
              deletion->cited.of, deletion->bytes_cited, deletion->bytes);
    write_share(out, &deletion->cited);
    text_add(out, " are no\nlonger raised (aim: at least 0.9); with as many bytes taken out "
                  "elsewhere, ");
    write_share(out, &deletion->elsewhere);
    text_add(out, " (aim: at most 0.2).\n\nNot measured: obfuscation.\n\n");
}

/* ---- misses ---- */

struct miss {
    struct bytes label;
    size_t missed;
    size_t of;
};

static void count_miss(struct miss *misses, size_t *count, struct bytes label, bool is_missed)
{
    size_t at = 0;
    while (at < *count && !bytes_equal(misses[at].label, label)) {
        at++;
    }
    if (at == FIGURES_MISSES_MAX) {
        return;
    }
    if (at == *count) {
        misses[(*count)++] = (struct miss){.label = label};
    }
    misses[at].of++;
    misses[at].missed += is_missed;
}

static int compare_misses(const void *a, const void *b)
{
    const struct miss *left = a;
    const struct miss *right = b;
    return bytes_compare(left->label, right->label);
}

static void write_misses(const struct figures *figures, struct text *out)
{
    const struct experiment *experiment = &figures->experiments[DESIGN_CLUSTER];
    double threshold = figures->outcomes[DESIGN_CLUSTER].thresholds[0];
    struct miss *misses = calloc(FIGURES_MISSES_MAX, sizeof *misses);
    size_t count = 0;
    for (size_t i = 0; misses != NULL && i < figures->samples->count; i++) {
        const struct sample *sample = &figures->samples->items[i];
        if (experiment->roles[i] == ROLE_TEST && sample->is_attack) {
            count_miss(misses, &count, sample->label, experiment->scores[i] < threshold);
        }
    }
    if (count > 0) {
        qsort(misses, count, sizeof *misses, compare_misses);
    }
    text_add(out, "## Misses\n\nTested clusters below the threshold for 1e-2 of ordinary "
                  "commands, of how many, by technique or by what the\nprogram is abused "
                  "for.\n\n");
    size_t column = 0;
    for (size_t i = 0; i < count; i++) {
        if (misses[i].missed > 0) {
            size_t before = out->size;
            text_add_quoted(out, misses[i].label, 40);
            text_addf(out, " %zu/%zu", misses[i].missed, misses[i].of);
            column += out->size - before;
            text_add(out, column > 90 ? ",\n" : ", ");
            column = column > 90 ? 0 : column;
        }
    }
    free(misses);
    text_add(out, "\n\nBy the first digits of their rows' SHA-256:\n\n");
    column = 0;
    for (size_t i = 0; i < figures->samples->count; i++) {
        const struct sample *sample = &figures->samples->items[i];
        if (experiment->roles[i] == ROLE_TEST && sample->is_attack &&
            experiment->scores[i] < threshold) {
            text_add_hex(out, (struct bytes){sample->hash.bytes, SPLIT_DIGITS / 2});
            text_add(out, ++column % 8 == 0 ? "\n" : " ");
        }
    }
    text_add(out, "\n\n");
}

static void write_limits(struct text *out)
{
    text_add(
        out,
        "## Limits\n\n"
        "* It ranks; it proves nothing. A finding of it is low, whatever its p-value, and "
        "changes no finding of a rule.\n"
        "* On attacks from a source it has not learned from it finds little: see the rows "
        "above.\n"
        "* It reads shell text as written. What is packed, encoded or put together when it "
        "runs is not decoded for it.\n"
        "* Its ordinary text is of Debian packages and of a collection of examples. A site "
        "with scripts of another kind\n  will see more, or fewer, findings than the "
        "p-value says.\n"
        "* Commands for Windows, and languages other than the shell's, are not for it.\n");
}

void figures_write(const struct figures *figures, struct text *out)
{
    text_addf(out,
              "# The Sieve for shell text\n\nWritten by `make train` with the weights; not "
              "edited by hand. What the model may decide:\n`docs/models/README.md`.\n\n"
              "`models/sieve-shell.bin`, %zu bytes, SHA-256\n`",
              figures->weights_size);
    sha256_add_hex(out, &figures->weights);
    text_addf(out, "`.\n%u buckets, seed %llu, %u passes.\n\n", 1U << figures->samples->bits,
              (unsigned long long)figures->options.seed, figures->options.passes);
    write_outcomes(figures, out);
    write_shortcut(figures, out);
    write_calibration(figures, out);
    write_stress(figures, out);
    write_data(figures, out);
    write_misses(figures, out);
    write_limits(out);
}
