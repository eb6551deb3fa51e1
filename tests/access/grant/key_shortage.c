/* OpenSSL is given no memory from any one of its askings on, or at one alone: a key then does
 * what it does with enough, or says that it cannot, and nothing that is wrong is taken for
 * right. */
#include "access/grant/key.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define ASKINGS_MAX 4000

/* The library asks these, which know no context. */
struct supply {
    bool is_counted;
    bool is_for_good; /* none after the first that was refused */
    size_t asked;
    size_t refused; /* from 1; 0 for none */
};

static struct supply *supply(void)
{
    static struct supply the_one;
    return &the_one;
}

static bool is_refused(void)
{
    struct supply *one = supply();
    if (!one->is_counted || one->refused == 0) {
        one->asked += one->is_counted;
        return false;
    }
    one->asked++;
    return one->asked == one->refused || (one->is_for_good && one->asked > one->refused);
}

static void *take(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return is_refused() ? NULL : malloc(size);
}

static void *take_again(void *memory, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return is_refused() ? NULL : realloc(memory, size);
}

static void give_back(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    free(memory);
}

/* ---- what is done with keys ---- */

static const struct bytes message = BYTES_LITERAL("what is signed");
static const struct bytes other = BYTES_LITERAL("what is not");

struct scene {
    struct grant_secret secret;
    struct grant_key key;
    uint8_t signature[GRANT_SIGNATURE_SIZE_MAX];
    size_t signature_size;
    uint8_t normal[GRANT_SIGNATURE_SIZE_MAX];
    size_t normal_size;
};

static struct bytes signature_of(const struct scene *scene)
{
    return (struct bytes){scene->signature, scene->signature_size};
}

/* Whether it could be done; a wrong answer ends the process. */
static bool verifies(struct scene *scene)
{
    return grant_key_verify(&scene->key, message, signature_of(scene)) == STATUS_OK;
}

static bool tells_another(struct scene *scene)
{
    enum status status = grant_key_verify(&scene->key, other, signature_of(scene));
    if (status == STATUS_OK) {
        exit(1);
    }
    return status == STATUS_DENIED;
}

static bool finds_its_key(struct scene *scene)
{
    struct grant_key key;
    if (grant_secret_key(&scene->secret, &key) != STATUS_OK) {
        return false;
    }
    if (!grant_key_equal(&key, &scene->key)) {
        exit(1);
    }
    return true;
}

static bool reads_its_key(struct scene *scene)
{
    struct grant_key key;
    struct grant_secret secret;
    return grant_key_of(GRANT_SECP256R1, (struct bytes){scene->key.bytes, scene->key.size},
                        &key) == STATUS_OK &&
           grant_secret_of(GRANT_SECP256R1,
                           (struct bytes){scene->secret.bytes, GRANT_SECRET_SIZE},
                           &secret) == STATUS_OK;
}

static bool makes_one(struct scene *scene)
{
    struct grant_secret secret;
    (void)scene;
    return grant_secret_new(GRANT_SECP256R1, &secret) == STATUS_OK;
}

static bool normalises(struct scene *scene)
{
    AUTO(text_done) struct text out = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
    if (grant_signature_normalise(GRANT_SECP256R1, signature_of(scene), &out) != STATUS_OK) {
        return false;
    }
    if (!bytes_equal(text_bytes(&out), (struct bytes){scene->normal, scene->normal_size})) {
        exit(1);
    }
    return true;
}

static bool signs(struct scene *scene)
{
    AUTO(text_done) struct text out = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
    if (grant_secret_sign(&scene->secret, message, &out) != STATUS_OK) {
        return false;
    }
    supply()->refused = 0;
    if (grant_key_verify(&scene->key, message, text_bytes(&out)) != STATUS_OK) {
        exit(1);
    }
    return true;
}

/* ---- with too little ---- */

static struct scene scene_new(void)
{
    struct scene scene;
    AUTO(text_done) struct text signature = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
    AUTO(text_done) struct text normal = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
    assert_ok(grant_secret_new(GRANT_SECP256R1, &scene.secret));
    assert_ok(grant_secret_key(&scene.secret, &scene.key));
    assert_ok(grant_secret_sign(&scene.secret, message, &signature));
    assert_ok(grant_signature_normalise(GRANT_SECP256R1, text_bytes(&signature), &normal));
    memcpy(scene.signature, signature.data, signature.size);
    memcpy(scene.normal, normal.data, normal.size);
    scene.signature_size = signature.size;
    scene.normal_size = normal.size;
    return scene;
}

/* In a process of its own: what the library keeps for later may lack something for good. */
static int in_a_process(bool (*does)(struct scene *), struct scene *scene, size_t refused,
                        bool is_for_good)
{
    int status = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        alarm(20);
        *supply() = (struct supply){true, is_for_good, 0, refused};
        bool was_done = does(scene);
        supply()->is_counted = false;
        /* Enough of it was there where none was refused. */
        _exit(was_done ? 0 : supply()->asked < refused ? 1 : 2);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static size_t askings(bool (*does)(struct scene *), struct scene *scene)
{
    *supply() = (struct supply){.is_counted = true};
    assert_true(does(scene));
    supply()->is_counted = false;
    return supply()->asked;
}

static void too_little_memory_makes_no_answer_wrong(void **state)
{
    (void)state;
    static bool (*const all[])(struct scene *) = {
        verifies, tells_another, finds_its_key, reads_its_key, makes_one, normalises, signs,
    };
    struct scene scene = scene_new();
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        size_t most = askings(all[i], &scene);
        size_t failed = 0;
        assert_true(most > 0 && most < ASKINGS_MAX);
        for (size_t refused = 1; refused <= most; refused++) {
            for (int is_for_good = 0; is_for_good < 2; is_for_good++) {
                int status = in_a_process(all[i], &scene, refused, is_for_good == 1);
                if (status != 0 && status != 2) {
                    print_message("%zu, asking %zu of %zu%s: %d\n", i, refused, most,
                                  is_for_good == 1 ? " and all after it" : "", status);
                    fail();
                }
                failed += status == 2;
            }
        }
        assert_true(failed > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_little_memory_makes_no_answer_wrong),
    };
    if (CRYPTO_set_mem_functions(take, take_again, give_back) != 1) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
