/* Every word of a text of Datalog is altered in every way there is, one at a time, and what is
 * said of that is said as often as source_altered.txt says. */
#include "access/grant/grants.h"
#include "access/grant/print.h"
#include "access/grant/rows.h"

#include <ctype.h>
#include <stdlib.h>

#define TABLE "tests/access/grant/source_altered.txt"
#define WORDS_MAX 512

/* Everything that can be written, with words apart where that changes nothing. */
static const char rich[] =
    "trusting authority , previous ;\n"
    "said ( 1 , -3 , \"al\\\"ice\" , 2026-01-01T00:00:00Z , hex:0102 , true , false , null ) "
    ";\n"
    "lists ( { 1 , 2 } , [ 1 , \"a\" ] , { \"key\" : 1 , 2 : \"value\" } , {,} , [ ] , { } ) "
    ";\n"
    "// a remark\n/* and another */ none ( 1 ) ;\n"
    "seen ( $x , $y ) <- said ( $x , $y ) , other ( $y ) , $x > 1 && ! ( $y.starts_with( "
    "\"al\" ) || [ 1 ].any( $each -> $each === $x ) ) trusting "
    "ed25519/a060270db7e9c9f06e8f9cc33a64e99f6596af12cb01c4b638df8afc7b642463 ;\n"
    "sum ( $z ) <- n ( $z ) , $z * 2 + 1 - 4 / 2 < 9 | 1 ^ 3 & 7 , $z.length( ) != 2 , "
    "$z.extern::test( 2 ) , ( $z == 1 ).try_or( false ) ;\n"
    "check if said ( 1 , $who ) , $who.length( ) == 5 or other ( 2 ) ;\n"
    "check all other ( $a ) , $a <= 3 ;\nreject if other ( 9 ) ;\n"
    "allow if seen ( $x ) or true ;\ndeny if true ;\n";

static const char *const others[] = {"(",        ")",  ",",        ";",   "{",
                                     "]",        "<-", "word",     "$v",  "7",
                                     "\"text\"", "or", "trusting", "===", "."};
#define OTHER_COUNT (sizeof others / sizeof *others)

struct words {
    struct bytes all[WORDS_MAX];
    size_t count;
};

static struct words split(void)
{
    struct words words = {.count = 0};
    const struct bytes text = bytes_of_text(rich);
    size_t at = 0;
    while (at < text.size) {
        size_t end = at;
        while (end < text.size && !isspace(text.data[end])) {
            end++;
        }
        if (end > at) {
            assert_true(words.count < WORDS_MAX);
            words.all[words.count++] = bytes_part(text, at, end - at);
        }
        at = end + 1;
    }
    return words;
}

static void say(struct bytes source, struct text *out)
{
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    struct datalog_block block;
    struct fault fault = {"", 0};
    enum status status = datalog_read(source, SOURCE_POLICY, arena, &block, &fault);
    if (status == STATUS_OK) {
        datalog_add_block(out, &block);
    } else {
        text_addf(out, "!%s", fault.what);
        assert_true(status == STATUS_MALFORMED || status == STATUS_LIMIT);
        assert_true(fault.offset <= source.size);
    }
}

/* With a word left out, twice, or another in its place. */
static void alter(const struct words *words, size_t place, const char *other, size_t times,
                  struct text *out)
{
    for (size_t i = 0; i < words->count; i++) {
        for (size_t n = 0; n < (i == place ? times : 1); n++) {
            text_add_raw(out,
                         i == place && other != NULL ? bytes_of_text(other) : words->all[i]);
            /* A remark ends with its line. */
            text_add_byte(out, bytes_equal_text(words->all[i], "remark") ? '\n' : ' ');
        }
    }
}

/* How often each thing is said of what was altered in each way. */
struct tally {
    char said[ROWS_MAX][ROW_MAX];
    size_t counts[ROWS_MAX];
    size_t count;
};

static void count(struct tally *tally, const char *way, const char *other, const char *said)
{
    char row[ROW_MAX];
    size_t place = 0;
    snprintf(row, sizeof row, "%s%s: %s", way, other == NULL ? "" : other, said);
    while (place < tally->count && strcmp(tally->said[place], row) != 0) {
        place++;
    }
    assert_true(place < ROWS_MAX);
    if (place == tally->count) {
        snprintf(tally->said[tally->count++], ROW_MAX, "%s", row);
    }
    tally->counts[place]++;
}

static void try_one(struct tally *tally, const struct words *words, size_t place,
                    const char *other, size_t times, struct bytes before)
{
    AUTO(text_done) struct text source = text_of_limit(SOURCE_SIZE_MAX);
    AUTO(text_done) struct text said = text_of_limit(SOURCE_SIZE_MAX);
    alter(words, place, other, times, &source);
    say(text_bytes(&source), &said);
    count(tally,
          times == 0   ? "left out"
          : times == 2 ? "twice"
                       : "becomes ",
          other,
          bytes_equal(text_bytes(&said), before) ? "as it was"
          : bytes_starts(text_bytes(&said), "!") ? text_terminated(&said) + 1
                                                 : "as another");
}

static void words_of_a_text_altered_one_at_a_time(void **state)
{
    (void)state;
    struct tally *tally = calloc(1, sizeof *tally);
    struct rows *rows = calloc(1, sizeof *rows);
    const struct words words = split();
    AUTO(text_done) struct text whole = text_of_limit(SOURCE_SIZE_MAX);
    AUTO(text_done) struct text before = text_of_limit(SOURCE_SIZE_MAX);
    alter(&words, SIZE_MAX, NULL, 1, &whole);
    say(text_bytes(&whole), &before);
    assert_false(bytes_starts(text_bytes(&before), "!"));
    for (size_t place = 0; place < words.count; place++) {
        try_one(tally, &words, place, NULL, 0, text_bytes(&before));
        try_one(tally, &words, place, NULL, 2, text_bytes(&before));
        for (size_t i = 0; i < OTHER_COUNT; i++) {
            try_one(tally, &words, place, others[i], 1, text_bytes(&before));
        }
    }
    for (size_t i = 0; i < tally->count; i++) {
        char times[ROW_NAME_MAX];
        snprintf(times, sizeof times, "%zu", tally->counts[i]);
        rows_add(rows, tally->said[i], times);
    }
    rows_compare(rows, TABLE);
    free(rows);
    free(tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_a_text_altered_one_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
