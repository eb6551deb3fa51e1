/* Parts of findings and observations, written in a few words:
 *
 *   entities  "address/source=203.0.113.7 host/victim=web01"   (a name ends at a space, "~" is
 *             a space in it)
 *   facts     "method:password via:cron count#3"               (text, or a whole number)
 *   places    "88 399" lines, "#77" a frame, "@500+37" bytes */
#pragma once

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/examination.h"

/* "2026-03-03T02:10:00Z", the same without zone, or "--03-03T02:10:00" without a year. */
static inline struct moment matter_moment(const char *written)
{
    struct moment moment = {0};
    char dated[40];
    if (written == NULL) {
        return moment;
    }
    bool is_yearless = written[0] == '-';
    (void)snprintf(dated, sizeof dated, "%s%s", is_yearless ? "2024" : "",
                   is_yearless ? written + 1 : written);
    assert_ok(moment_read(bytes_of_text(dated), &moment));
    moment.zone_known = moment.zone_known && strchr(written, 'Z') != NULL;
    if (is_yearless) {
        struct civil civil = civil_of_moment(moment);
        moment = moment_of_yearless(&civil, 0);
    }
    return moment;
}

/* The words of `list`, each NUL-terminated in the arena. */
static inline size_t matter_words(struct arena *arena, const char *list, char **out,
                                  size_t most)
{
    size_t count = 0;
    struct bytes rest = bytes_of_text(list == NULL ? "" : list);
    struct bytes word;
    while (bytes_split(&rest, ' ', &word)) {
        if (word.size == 0) {
            continue;
        }
        assert_true(count < most);
        char *copy = arena_take(arena, word.size + 1);
        memcpy(copy, word.data, word.size);
        out[count++] = copy;
    }
    return count;
}

static inline struct bytes matter_name(char *name)
{
    for (char *at = name; *at != '\0'; at++) {
        *at = *at == '~' ? ' ' : *at;
    }
    return bytes_of_text(name);
}

static inline const struct entity *matter_entities(struct arena *arena, const char *list,
                                                   size_t *count)
{
    char *words[FINDING_ENTITIES_MAX];
    *count = matter_words(arena, list, words, FINDING_ENTITIES_MAX);
    struct entity *entities = arena_take_many(arena, *count + 1, sizeof *entities);
    for (size_t i = 0; i < *count; i++) {
        char *slash = strchr(words[i], '/');
        char *equals = strchr(words[i], '=');
        assert_non_null(slash);
        assert_non_null(equals);
        *slash = '\0';
        *equals = '\0';
        entities[i] = (struct entity){entity_kind_find(bytes_of_text(words[i])),
                                      entity_role_find(bytes_of_text(slash + 1)),
                                      matter_name(equals + 1)};
        assert_int_not_equal(entities[i].kind, ENTITY_KIND_COUNT);
        assert_int_not_equal(entities[i].role, ROLE_COUNT);
    }
    return entities;
}

static inline const struct fact *matter_facts(struct arena *arena, const char *list,
                                              size_t *count)
{
    char *words[FINDING_FACTS_MAX];
    *count = matter_words(arena, list, words, FINDING_FACTS_MAX);
    struct fact *facts = arena_take_many(arena, *count + 1, sizeof *facts);
    for (size_t i = 0; i < *count; i++) {
        char *mark = strpbrk(words[i], ":#");
        assert_non_null(mark);
        bool is_text = *mark == ':';
        *mark = '\0';
        facts[i] = is_text ? fact_text(words[i], matter_name(mark + 1))
                           : fact_count(words[i], strtoull(mark + 1, NULL, 10));
    }
    return facts;
}

static inline const struct cite *matter_cites(struct arena *arena, const char *list,
                                              size_t *count)
{
    char *words[CITES_MAX];
    *count = matter_words(arena, list, words, CITES_MAX);
    struct cite *cites = arena_take_many(arena, *count + 1, sizeof *cites);
    for (size_t i = 0; i < *count; i++) {
        const char *word = words[i];
        const char *plus = strchr(word, '+');
        cites[i].place = word[0] == '#'   ? place_frame(0, strtoull(word + 1, NULL, 10))
                         : word[0] == '@' ? place_bytes(0, strtoull(word + 1, NULL, 10),
                                                        strtoull(plus + 1, NULL, 10))
                                          : place_line(0, strtoull(word, NULL, 10));
        cites[i].excerpt = bytes_of_text(word);
    }
    return cites;
}
