#include "access/group/quorum.h"

#include "access/witness.h"
#include "codec/base64.h"

#include "people.h"

#include <sodium.h>

#define WITNESSES 3
#define TIME_SIZE 8

/* A group's witnesses, and a note that they sign. */
struct watch {
    struct identity witnesses[WITNESSES];
    char names[WITNESSES][IDENTITY_NAME_MAX];
    struct group_card card;
    struct text note;
};

static void watch_new(struct watch *watch)
{
    *watch = (struct watch){.note = text_of_limit(NOTE_SIZE_MAX)};
    watch->card.witness_count = WITNESSES;
    for (size_t i = 0; i < WITNESSES; i++) {
        watch->witnesses[i] = people_new();
        watch->card.witnesses[i] = witness_key(&watch->witnesses[i], watch->names[i]);
    }
    text_add(&watch->note, "log.example\n7\nAAAA\n\n");
}

static void watch_done(struct watch *watch)
{
    for (size_t i = 0; i < WITNESSES; i++) {
        identity_done(&watch->witnesses[i]);
    }
    text_done(&watch->note);
}

/* `time_s` is signed, `said_s` stands in the line. */
static void cosign(struct watch *watch, size_t which, uint64_t time_s, uint64_t said_s)
{
    uint8_t raw[NOTE_HASH_SIZE + TIME_SIZE + crypto_sign_BYTES];
    AUTO(text_done) struct text message = text_of_limit(NOTE_SIZE_MAX);
    text_addf(&message, "cosignature/v1\ntime %llu\nlog.example\n7\nAAAA\n",
              (unsigned long long)time_s);
    memcpy(raw, watch->card.witnesses[which].hash, NOTE_HASH_SIZE);
    for (unsigned i = 0; i < TIME_SIZE; i++) {
        raw[NOTE_HASH_SIZE + i] = (uint8_t)(said_s >> (8 * (TIME_SIZE - 1 - i)));
    }
    assert_int_equal(crypto_sign_detached(raw + NOTE_HASH_SIZE + TIME_SIZE, NULL,
                                          text_bytes(&message).data, message.size,
                                          watch->witnesses[which].secret),
                     0);
    text_addf(&watch->note, "\xe2\x80\x94 %s ", watch->names[which]);
    base64_add(&watch->note, (struct bytes){raw, sizeof raw}, 0);
    text_add_byte(&watch->note, '\n');
}

static uint64_t counted(const struct watch *watch)
{
    struct note note;
    struct fault fault = {0};
    assert_ok(note_read(text_bytes(&watch->note), &note, &fault));
    return quorum_count(&watch->card, &note, (struct quorum_time){1000, 2000});
}

static void each_witness_counts_once(void **state)
{
    (void)state;
    AUTO(watch_done) struct watch watch;
    watch_new(&watch);
    cosign(&watch, 0, 1000, 1000);
    assert_int_equal(counted(&watch), 1);
    cosign(&watch, 0, 1500, 1500);
    assert_int_equal(counted(&watch), 1);
    cosign(&watch, 2, 2000, 2000);
    assert_int_equal(counted(&watch), 2);
    cosign(&watch, 1, 1500, 1500);
    assert_int_equal(counted(&watch), 3);
    watch.card.witness_count = 2;
    assert_int_equal(counted(&watch), 2);
}

/* One that is forged, or of another time, takes nothing from one that is good. */
static void a_cosignature_is_of_a_time_that_can_be(void **state)
{
    (void)state;
    AUTO(watch_done) struct watch watch;
    watch_new(&watch);
    cosign(&watch, 0, 999, 999);
    cosign(&watch, 1, 2001, 2001);
    cosign(&watch, 2, 999, 1500);
    assert_int_equal(counted(&watch), 0);
    cosign(&watch, 2, 1500, 1500);
    assert_int_equal(counted(&watch), 1);
    cosign(&watch, 0, 1500, 1500);
    assert_int_equal(counted(&watch), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_witness_counts_once),
        cmocka_unit_test(a_cosignature_is_of_a_time_that_can_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
