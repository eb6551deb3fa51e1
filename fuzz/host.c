/* Claims of the readers of a host's files: a password is in no record and no excerpt, a setting
 * is of the kind its file has, its place is in the evidence, and windows change nothing. */
#include "reading.h"

#include "parse/host/account.h"
#include "parse/host/keys.h"
#include "parse/host/unit.h"

static void claim(struct bytes input, const struct record *record)
{
    CLAIM(record->kind == RECORD_SETTING && record->place.kind == PLACE_LINES);
    CLAIM(record->place.last <= bytes_count(input, '\n') + 1);
    CLAIM(record->setting->field_count > 0);
}

/* What crypt writes after "$": it stands in the second field, so in nothing we give but where
 * another field of the line says the same. */
static void claim_shadow(struct bytes input, const struct record *record)
{
    claim(input, record);
    CLAIM(record->setting->kind == SETTING_PASSWORD);
    struct bytes user = setting_field(record->setting, FIELD_USER_NAME);
    size_t dollars = bytes_count(record->source, '$');
    CLAIM(dollars == bytes_count(user, '$'));
}

static void claim_key(struct bytes input, const struct record *record)
{
    claim(input, record);
    struct bytes print = setting_field(record->setting, FIELD_KEY_FINGERPRINT);
    CLAIM(print.size == 0 || print.size == 50);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    reading_claim(input, passwd_read, claim);
    reading_claim(input, shadow_read, claim_shadow);
    reading_claim(input, group_read, claim);
    reading_claim(input, keys_read, claim_key);
    reading_claim(input, unit_read, claim);
    return 0;
}
