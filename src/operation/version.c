#include "operation/handler.h"

#include <sodium.h>

#include "codec/json.h"

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

#ifdef TOCSIN_TEST_HOOKS
#define HAS_HOOKS true
#else
#define HAS_HOOKS false
#endif

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED true
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED false
#endif

enum status version_run(const struct call *call, const struct access_grant *grant,
                        struct answer *answer)
{
    if (!access_grant_covers(grant, "version")) {
        return STATUS_DENIED;
    }
    if (call->request->analysis.format == REPORT_TEXT) {
        text_addf(&answer->body, "tocsin %s (%s; libsodium %s%s%s)\n", TOCSIN_VERSION, COMPILER,
                  sodium_version_string(), IS_SANITIZED ? "; sanitizers" : "",
                  HAS_HOOKS ? "; test hooks" : "");
        return text_status(&answer->body);
    }
    struct jsonout out = jsonout_of(&answer->body, JSONOUT_PRETTY);
    jsonout_object_begin(&out);
    jsonout_member_text(&out, "version", TOCSIN_VERSION);
    jsonout_member_text(&out, "compiler", COMPILER);
    jsonout_member_text(&out, "libsodium", sodium_version_string());
    jsonout_member_boolean(&out, "sanitizers", IS_SANITIZED);
    jsonout_member_boolean(&out, "test_hooks", HAS_HOOKS);
    jsonout_object_end(&out);
    TRY(jsonout_finish(&out));
    text_add_byte(&answer->body, '\n');
    return text_status(&answer->body);
}
