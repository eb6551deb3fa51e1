/* What in a request shows that it was made to break into the program behind a web server.
 *
 * One word is never a sign: people search for "select", and link to "../".  A sign is a
 * construction that only makes sense to an interpreter that was not meant to read it.
 *
 * Input:  untrusted; plain letters of behaviour/web_visit.h. */
#pragma once

#include "base/bytes.h"

#define WEB_SIGN_SHOWN_MAX 96U

enum web_attack {
    WEB_SQL,       /* words of SQL inside a value */
    WEB_TRAVERSAL, /* a path that climbs out of what is served */
    WEB_COMMAND,   /* a command for a shell */
    WEB_CODE,      /* code or expressions for the program itself, JNDI among them */
};
#define WEB_ATTACK_COUNT 4

struct web_sign {
    enum web_attack kind;
    struct bytes words; /* part of the text, from where the sign begins */
};

/* The first sign, by kind; false where there is none.  `was_encoded`: the text was sent with
 * dots or slashes encoded, which no ordinary client does. */
bool web_sign_find(struct bytes plain, bool was_encoded, struct web_sign *out);
/* The same for a header such as the agent: a function's head at its very start is a sign too.
 */
bool web_sign_find_in_header(struct bytes plain, struct web_sign *out);
const char *web_attack_name(enum web_attack kind); /* static, for people */
