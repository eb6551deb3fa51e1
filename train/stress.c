#include "train/stress.h"

#include <stdlib.h>

#include "detect/learned/model.h"
#include "train/random.h"

#define SEGMENTS_A_SCRIPT 6
#define SCORER_MEMORY (64U << 20)
#define TEXT_MAX (16U << 20)

const unsigned stress_dilutions[STRESS_DILUTIONS] = {0, 1, 10, 50};

static bool is_tested(const struct experiment *experiment, size_t index, bool attack)
{
    return experiment->roles[index] == ROLE_TEST &&
           experiment->samples->items[index].is_attack == attack;
}

/* ---- parts of ordinary scripts ---- */

/* Whole lines from somewhere in the text, at least `size` bytes where it has them. */
static struct bytes take_lines(struct bytes text, size_t size, struct random *random)
{
    size_t at = text.size > size ? random_below(random, text.size - size) : 0;
    struct bytes rest = bytes_from(text, at);
    size_t to_line = at == 0 ? 0 : bytes_find_byte(rest, '\n') + 1;
    rest = bytes_from(rest, to_line);
    if (rest.size <= size) {
        return rest;
    }
    size_t end = size + bytes_find_byte(bytes_from(rest, size), '\n');
    return bytes_part(rest, 0, end + 1);
}

enum status stress_add_segments(struct samples *samples, uint64_t seed)
{
    size_t count = samples->count;
    size_t attack_count = 0;
    uint32_t *attacks = calloc(count + 1, sizeof *attacks);
    enum status status = attacks == NULL ? STATUS_NO_MEMORY : STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        if (samples->items[i].is_attack) {
            attacks[attack_count++] = (uint32_t)i;
        }
    }
    struct random random = {seed};
    for (size_t i = 0; status == STATUS_OK && attack_count > 0 && i < count; i++) {
        struct sample like = samples->items[i];
        bool is_script = like.source == SOURCE_SCRIPT || like.source == SOURCE_MAINTAINER;
        like.source = SOURCE_SEGMENT;
        for (size_t k = 0; is_script && k < SEGMENTS_A_SCRIPT && status == STATUS_OK; k++) {
            size_t size =
                samples->items[attacks[random_below(&random, attack_count)]].text.size;
            struct bytes part = take_lines(like.text, size, &random);
            status = part.size == 0 ? STATUS_OK : samples_add(samples, &like, part, NULL);
        }
    }
    free(attacks);
    return status;
}

/* ---- dilution ---- */

/* The attack between the two halves of ordinary lines, `times` its size together. */
static void mix(const struct experiment *experiment, const uint32_t *scripts,
                size_t script_count, const struct sample *attack, unsigned times,
                struct random *random, struct text *out)
{
    text_clear(out);
    size_t half = attack->text.size * times / 2;
    for (int side = 0; side < 2; side++) {
        size_t start = out->size;
        while (half > 0 && script_count > 0 && out->size - start < half) {
            size_t index = scripts[random_below(random, script_count)];
            size_t left = half - (out->size - start);
            struct bytes lines =
                take_lines(experiment->samples->items[index].text, left, random);
            text_add_raw(out, lines);
            text_add(out, lines.size > 0 && !bytes_ends(lines, "\n") ? "\n" : "");
        }
        if (side == 0) {
            text_add_raw(out, attack->text);
            text_add(out, "\n");
        }
    }
}

static enum status find_scripts(const struct experiment *experiment, uint32_t **out,
                                size_t *count)
{
    uint32_t *scripts = calloc(experiment->samples->count + 1, sizeof *scripts);
    if (scripts == NULL) {
        return STATUS_NO_MEMORY;
    }
    *count = 0;
    for (size_t i = 0; i < experiment->samples->count; i++) {
        enum source source = experiment->samples->items[i].source;
        if (is_tested(experiment, i, false) &&
            (source == SOURCE_SCRIPT || source == SOURCE_MAINTAINER)) {
            scripts[(*count)++] = (uint32_t)i;
        }
    }
    *out = scripts;
    return STATUS_OK;
}

enum status stress_dilute(struct experiment *experiment, struct samples *samples,
                          double threshold, unsigned times, struct dilution *out)
{
    struct text AUTO(text_done) mixed = text_of_limit(TEXT_MAX);
    struct random random = {times + 1};
    uint32_t *scripts;
    size_t script_count;
    size_t count = samples->count;
    size_t of = 0;
    size_t reached[2] = {0};
    TRY(find_scripts(experiment, &scripts, &script_count));
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (!is_tested(experiment, i, true)) {
            continue;
        }
        struct sample attack = samples->items[i];
        struct sample *made;
        mix(experiment, scripts, script_count, &attack, times, &random, &mixed);
        status = samples_add(samples, &attack, text_bytes(&mixed), &made);
        if (status == STATUS_OK) {
            double score = (double)ranker_score(&experiment->ranker, made);
            of++;
            reached[0] += score >= threshold;
            reached[1] += experiment->has_threshold && score >= experiment->threshold;
            samples->count--;
        }
    }
    free(scripts);
    *out = (struct dilution){share_of(reached[0], of), share_of(reached[1], of)};
    return status;
}

/* ---- insertion ---- */

/* The text with a command added to each of its lines. */
static void append_to_lines(struct bytes text, struct bytes command, struct text *out)
{
    struct bytes line;
    text_clear(out);
    while (bytes_split(&text, '\n', &line)) {
        text_add_raw(out, line);
        text_add(out, line.size > 0 ? "; " : "");
        text_add_raw(out, line.size > 0 ? command : BYTES_NONE);
        text_add(out, "\n");
    }
}

static enum status score_text(struct experiment *experiment, struct samples *samples,
                              const struct sample *like, struct bytes text, int32_t *out)
{
    struct sample *made;
    TRY(samples_add(samples, like, text, &made));
    *out = ranker_score(&experiment->ranker, made);
    samples->count--;
    return STATUS_OK;
}

/* One more command on each line, the best of some; `*score` is what is left. */
static enum status insert_once(struct experiment *experiment, struct samples *samples,
                               const struct sample *like, struct random *random,
                               struct text *text, int32_t *score)
{
    struct text AUTO(text_done) tried = text_of_limit(TEXT_MAX);
    struct text AUTO(text_done) best = text_of_limit(TEXT_MAX);
    size_t count = samples->count;
    for (size_t tries = 0; tries < STRESS_CANDIDATES;) {
        size_t index = random_below(random, count);
        const struct sample *command = &samples->items[index];
        if (!is_tested(experiment, index, false) || command->source != SOURCE_TLDR) {
            continue;
        }
        tries++;
        int32_t left = 0;
        append_to_lines(text_bytes(text), command->text, &tried);
        TRY(score_text(experiment, samples, like, text_bytes(&tried), &left));
        if (best.size == 0 || left < *score) {
            text_clear(&best);
            text_add_raw(&best, text_bytes(&tried));
            *score = left;
        }
    }
    text_clear(text);
    text_add_raw(text, text_bytes(&best));
    return text_status(text);
}

enum status stress_insert(struct experiment *experiment, struct samples *samples,
                          double threshold, struct dilution *out)
{
    struct random random = {1};
    size_t of = 0;
    size_t reached[2] = {0};
    size_t count = samples->count;
    for (size_t i = 0; i < count; i++) {
        if (!is_tested(experiment, i, true)) {
            continue;
        }
        struct sample attack = samples->items[i];
        struct text AUTO(text_done) text = text_of_limit(TEXT_MAX);
        int32_t score = 0;
        text_add_raw(&text, attack.text);
        for (int step = 0; step < STRESS_INSERTIONS; step++) {
            TRY(insert_once(experiment, samples, &attack, &random, &text, &score));
        }
        of++;
        reached[0] += score >= threshold;
        reached[1] += experiment->has_threshold && score >= experiment->threshold;
    }
    *out = (struct dilution){share_of(reached[0], of), share_of(reached[1], of)};
    return STATUS_OK;
}

/* ---- deletion ---- */

static void without(struct bytes text, const struct learned_span *spans, size_t count,
                    struct text *out)
{
    text_clear(out);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (spans[i].begin >= at) {
            text_add_raw(out, bytes_part(text, at, spans[i].begin - at));
            at = spans[i].begin + spans[i].size;
        }
    }
    text_add_raw(out, bytes_from(text, at));
}

/* As many bytes in one piece, anywhere in the text. */
static struct learned_span elsewhere(struct bytes text, size_t size, struct random *random)
{
    size_t left = text.size - size;
    return (struct learned_span){left == 0 ? 0 : random_below(random, left + 1), size};
}

enum status stress_delete(const struct experiment *experiment, const struct sieve *sieve,
                          struct deletion *out)
{
    struct arena *AUTO(arena_done) arena = arena_new(SCORER_MEMORY);
    struct text AUTO(text_done) rest = text_of_limit(TEXT_MAX);
    struct learned_scorer scorer;
    struct random random = {1};
    struct deletion deletion = {0};
    size_t of = 0;
    size_t gone[2] = {0};
    if (arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(learned_scorer_new(sieve, arena, &scorer));
    for (size_t i = 0; i < experiment->samples->count; i++) {
        struct bytes text = experiment->samples->items[i].text;
        if (!is_tested(experiment, i, true) ||
            learned_score(&scorer, text) < sieve->threshold) {
            continue;
        }
        struct learned_span spans[LEARNED_SPANS_MAX];
        size_t count = learned_explain(&scorer, text, sieve->threshold, spans);
        size_t size = 0;
        for (size_t k = 0; k < count; k++) {
            size += spans[k].size;
        }
        of++;
        deletion.bytes += text.size;
        deletion.bytes_cited += size;
        without(text, spans, count, &rest);
        gone[0] += learned_score(&scorer, text_bytes(&rest)) < sieve->threshold;
        struct learned_span other = elsewhere(text, size, &random);
        without(text, &other, 1, &rest);
        gone[1] += learned_score(&scorer, text_bytes(&rest)) < sieve->threshold;
    }
    deletion.cited = share_of(gone[0], of);
    deletion.elsewhere = share_of(gone[1], of);
    *out = deletion;
    return STATUS_OK;
}
