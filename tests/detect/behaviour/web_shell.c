#include "detect/behaviour/behaviour.h"

#include "detect/behaviour/web_log.h"
#include "detect/behaviour/web_post.h"

static void finds_commands_given_to_a_script_among_uploads(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    web_log_add(&log, "203.0.113.7", "GET /uploads/a.php", 404, "tool/1");
    web_log_add(&log, "203.0.113.7", "POST /upload.php", 200, "tool/1");
    web_log_add(&log, "203.0.113.7", "GET /uploads/a.php?cmd=whoami", 200, "tool/1");
    web_log_add(&log, "203.0.113.7", "GET /uploads/a.php?cmd=cat%20/etc/hostname", 200,
                "tool/1");
    web_log_says(&log, "behaviour/web-shell",
                 "behaviour/web-shell high 0.95 T1505.003 T1059.004 address/source=203.0.113.7 "
                 "url/tool=/uploads/a.php file/tool=a.php url:/uploads/a.php words:cmd=whoami "
                 "method:GET user_agent:tool/1 request_count:2 command_count:2 client_count:1 "
                 "missing_before_count:1 is_odd_place:1 was_uploaded:1 @2 @3 @4\n");
}

static void finds_posts_to_a_script_that_was_just_uploaded(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    web_log_add(&log, "203.0.113.7", "POST /media/upload", 201, "tool/1");
    web_log_add(&log, "203.0.113.7", "POST /images/b.php", 200, "tool/1");
    web_log_add(&log, "203.0.113.7", "POST /images/b.php", 200, "tool/1");
    web_log_says(&log, "behaviour/web-shell",
                 "behaviour/web-shell medium 0.60 T1505.003 address/source=203.0.113.7 "
                 "url/tool=/images/b.php file/tool=b.php url:/images/b.php words: method:POST "
                 "user_agent:tool/1 request_count:2 post_count:2 client_count:1 "
                 "is_odd_place:1 was_uploaded:1 @1 @2 @3\n");
}

static void finds_posts_to_a_script_that_was_put_there(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    web_log_add(&log, "203.0.113.7", "PUT /c.jsp", 201, "tool/1");
    web_log_add(&log, "203.0.113.7", "POST /c.jsp", 200, "tool/1");
    web_log_add(&log, "203.0.113.7", "POST /c.jsp", 200, "tool/1");
    web_log_says(&log, "behaviour/web-shell",
                 "behaviour/web-shell medium 0.70 T1505.003 address/source=203.0.113.7 "
                 "url/tool=/c.jsp file/tool=c.jsp url:/c.jsp words: method:POST "
                 "user_agent:tool/1 request_count:2 post_count:2 client_count:1 "
                 "was_uploaded:1 @1 @2 @3\n");
}

static void is_less_sure_of_a_script_where_scripts_live(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    web_log_add(&log, "203.0.113.7", "GET /admin.php?cmd=uname%20-a", 200, "tool/1");
    web_log_says(
        &log, "behaviour/web-shell",
        "behaviour/web-shell medium 0.70 T1505.003 T1059.004 address/source=203.0.113.7 "
        "url/tool=/admin.php file/tool=admin.php url:/admin.php words:cmd=uname -a "
        "method:GET user_agent:tool/1 request_count:1 command_count:1 client_count:1 "
        "@1\n");
}

static void knows_a_picture_that_is_a_script(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    web_log_add(&log, "203.0.113.7", "GET /logo.png.php?c=id", 200, "tool/1");
    struct examine examine;
    examine_text(&examine, text_bytes(&log.text));
    assert_int_equal(examine.examination.finding_count, 1);
    assert_int_equal(examine.examination.findings[0].severity, SEVERITY_HIGH);
    examine_done(&examine);
    text_done(&log.text);
}

static void the_upload_that_brought_a_used_script_is_told(void **state)
{
    (void)state;
    static const char *const said =
        "behaviour/web-upload high 0.95 T1190 address/source=203.0.113.7 "
        "url/tool=/uploads/a.php file/tool=a.php url:/uploads/a.php @1 @2\n";
    static const struct {
        const char *upload;
        unsigned status;
        const char *use;
        const char *expected;
    } rows[] = {
        {"POST /upload.php", 200, "GET /uploads/a.php?cmd=id", said},
        {"POST /upload.php", 303, "GET /uploads/a.php?cmd=id", said},
        {"PUT /uploads/a.php", 201, "GET /uploads/a.php?cmd=id", said},
        {"POST /upload.php", 403, "GET /uploads/a.php?cmd=id", ""},  /* refused */
        {"GET /upload.php", 200, "GET /uploads/a.php?cmd=id", ""},   /* only looked at */
        {"POST /upload.php", 200, "POST /uploads/a.php", ""},        /* what it got is unseen */
        {"POST /upload.php", 200, "GET /admin.php?cmd=id%20-u", ""}, /* was there before */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct web_log log;
        web_log_open(&log);
        web_log_add(&log, "203.0.113.7", rows[i].upload, rows[i].status, "tool/1");
        for (int j = 0; j < 2; j++) {
            web_log_add(&log, "203.0.113.7", rows[i].use, 200, "tool/1");
        }
        web_log_says(&log, "behaviour/web-upload", rows[i].expected);
    }
}

/* Somebody sends a picture and looks at it, at a site that is a script. */
static void a_picture_that_was_sent_is_no_script(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    for (int i = 0; i < 5; i++) {
        web_log_add(&log, "203.0.113.7", "GET /upload.php", 200, NULL);
        web_log_add(&log, "203.0.113.7", "POST /upload.php", 303, NULL);
        web_log_add(&log, "203.0.113.7", "GET /upload.php", 200, NULL);
        web_log_add(&log, "203.0.113.7", "GET /uploads/IMG_2041.png", 200, NULL);
        web_log_add(&log, "203.0.113.7", "GET /images/thumb.php?src=IMG_2041.png&w=80", 200,
                    NULL);
    }
    web_log_says(&log, "behaviour/web-", "");
}

/* "read" or "", and how many techniques the use has. */
static void assert_command(const char *command, const char *read, size_t technique_count)
{
    struct web_log log;
    web_log_open(&log);
    struct text AUTO(text_done) request = text_of_limit(200);
    text_addf(&request, "GET /uploads/a.php?cmd=%s", command);
    web_log_add(&log, "203.0.113.7", text_terminated(&request), 200, NULL);
    struct examine examine;
    examine_text(&examine, text_bytes(&log.text));
    bool is_read = false;
    size_t techniques = 0;
    for (size_t i = 0; i < examine.examination.finding_count; i++) {
        const struct finding *finding = &examine.examination.findings[i];
        is_read = is_read || bytes_equal_text(finding->rule, "behaviour/web-secret-read");
        techniques += bytes_equal_text(finding->rule, "behaviour/web-shell")
                          ? finding->technique_count
                          : 0;
    }
    if (is_read != (read[0] != '\0') || techniques != technique_count) {
        fail_msg("%s: read %d, %zu techniques", command, is_read, techniques);
    }
    examine_done(&examine);
    text_done(&log.text);
}

static void a_file_of_passwords_that_was_read_is_told(void **state)
{
    (void)state;
    static const char *const files[] = {
        "config.php",   "wp-config.php",  "configuration.php",
        "settings.php", "local.php",      "db.php",
        "database.php", "config.inc.php", "settings.py",
        ".env",         "database.yml",   "application.properties",
        "web.config",   ".my.cnf",        ".pgpass",
        ".netrc",       ".htpasswd",      "shadow",
        "id_rsa",       "id_ed25519",     "credentials",
    };
    static const char *const readers[] = {"cat", "head", "tail", "grep"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct text AUTO(text_done) command = text_of_limit(200);
        text_addf(&command, "cat+..%%2f%s", files[i]);
        assert_command(text_terminated(&command), "read", 2);
    }
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        struct text AUTO(text_done) command = text_of_limit(200);
        text_addf(&command, "%s%%20config.php", readers[i]);
        assert_command(text_terminated(&command), "read", 2);
    }
    assert_command("ls%20-l%20config.php", "", 2);
    assert_command("cat%20/etc/hostname", "", 2);
    assert_command("cat%20/srv/config.php.txt", "", 2);
    assert_command("cat+2>/dev/null+config.php", "read", 2);
    assert_command("cat+config.php+>+/tmp/a", "read", 2);
    assert_command("cat+/tmp/a+>config.php", "", 2);
    assert_command("cat+/tmp/a+>>+/srv/config.php", "", 2);
    assert_command("cat+/tmp/a;rm+config.php", "", 2);
    assert_command("cat+/tmp/a|tee+config.php", "", 2);
}

/* They say nothing of the machine: its shell may be another one. */
static void commands_of_windows_are_no_unix_shell(void **state)
{
    (void)state;
    static const char *const commands[] = {"ipconfig", "systeminfo", "tasklist", "powershell",
                                           "cmd.exe",  "dir",        "net%20/x", "netstat",
                                           "whoami",   "hostname",   "curl"};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        assert_command(commands[i], "", 1);
    }
}

static void leaves_what_was_not_answered_alone(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    for (int i = 0; i < 5; i++) {
        web_log_add(&log, "203.0.113.7", "GET /uploads/a.php?cmd=whoami", 404, "tool/1");
        web_log_add(&log, "203.0.113.7", "POST /uploads/b.php", 403, "tool/1");
    }
    web_log_says(&log, "behaviour/web-shell", "");
}

/* The owner's upload and backup programs, WordPress, an image server that is a script, words
 * that are commands elsewhere, and a script among uploads that many ask for. */
static void leaves_an_ordinary_day_alone(void **state)
{
    (void)state;
    static const char *const requests[] = {
        "POST /files/upload.php",
        "POST /files/finish.php",
        "POST /files/upload.php",
        "POST /files/finish.php",
        "PUT /backup/2026-03-03.tar.gz",
        "POST /wp-login.php",
        "POST /wp-admin/async-upload.php",
        "POST /wp-admin/admin-ajax.php",
        "POST /wp-admin/admin-ajax.php",
        "POST /wp-admin/post.php",
        "POST /wp-cron.php?doing_wp_cron=1772503200.1",
        "GET /images/resize.php?w=100&type=png",
        "GET /images/resize.php?w=200&type=jpg",
        "GET /list.php?sort=id&type=dir&find=cat",
        "GET /api.php?command=list&do=find",
        "GET /index.php?c=ip&x=1",
        "GET /wp-admin/load-scripts.php?c=1&load=jquery",
        "GET /search.php?q=cat%20food",
    };
    struct web_log log;
    web_log_open(&log);
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        web_log_add(&log, "192.0.2.9", requests[i], 200, NULL);
    }
    for (unsigned i = 0; i < 20; i++) {
        struct text AUTO(text_done) client = text_of_limit(32);
        text_addf(&client, "198.51.100.%u", i + 1);
        web_log_add(&log, text_terminated(&client), "POST /uploads/form.php?do=find", 200,
                    NULL);
    }
    web_log_says(&log, "behaviour/web-shell", "");
}

/* The severity of the one finding of a web shell, SEVERITY_INFO for none. */
static enum severity severity_of(const char *first, const char *request, unsigned times)
{
    struct web_log log;
    web_log_open(&log);
    for (unsigned i = 0; i <= times; i++) {
        web_log_add(&log, "203.0.113.7", i == 0 ? first : request, 200, NULL);
    }
    struct examine examine;
    examine_text(&examine, text_bytes(&log.text));
    enum severity severity = SEVERITY_INFO;
    for (size_t i = 0; i < examine.examination.finding_count; i++) {
        if (bytes_equal_text(examine.examination.findings[i].rule, "behaviour/web-shell")) {
            severity = examine.examination.findings[i].severity;
        }
    }
    examine_done(&examine);
    text_done(&log.text);
    return severity;
}

static void assert_each_is_high(const char *const *parts, size_t count, const char *before,
                                const char *after)
{
    for (size_t i = 0; i < count; i++) {
        struct text AUTO(text_done) request = text_of_limit(128);
        text_addf(&request, "GET %s%s%s", before, parts[i], after);
        if (severity_of("GET /", text_terminated(&request), 1) != SEVERITY_HIGH) {
            fail_msg("%s", parts[i]);
        }
    }
}

static void knows_every_mark_of_a_shell(void **state)
{
    (void)state;
    static const char *const ends[] = {".php",  ".phtml", ".php3", ".php4", ".php5", ".php7",
                                       ".phar", ".pht",   ".asp",  ".aspx", ".ashx", ".asmx",
                                       ".jsp",  ".jspx",  ".cfm",  ".cgi",  ".pl"};
    static const char *const folders[] = {
        "/upload/", "/uploads/", "/uploaded/", "/userfiles/", "/avatars/", "/attachments/",
        "/images/", "/image/",   "/img/",      "/pictures/",  "/photos/",  "/thumbs/",
        "/css/",    "/fonts/",   "/tmp/",      "/temp/",      "/cache/",   "/.well-known/"};
    static const char *const names[] = {"cmd", "command", "exec", "execute", "shell",
                                        "run", "system",  "c",    "x",       "do"};
    static const char *const commands[] = {
        "whoami",     "uname",       "netstat",      "ifconfig",  "wget",      "curl",
        "ipconfig",   "systeminfo",  "tasklist",     "chmod",     "crontab",   "powershell",
        "cmd.exe",    "sudo",        "id",           "ls",        "pwd",       "ps",
        "cat",        "dir",         "hostname",     "nc%20-x",   "ip%20-x",   "net%20-x",
        "find%20-x",  "python%20-x", "python3%20-x", "perl%20-x", "bash%20-x", "sh%20-x",
        "rm%20-x",    "tar%20-x",    "df%20-x",      "head%20-x", "tail%20-x", "grep%20-x",
        "mkdir%20-x", "cd%20-x",     "touch%20-x"};
    static const char *const pictures[] = {".png", ".jpg", ".jpeg", ".gif", ".txt", ".pdf"};
    static const char *const uploads[] = {"upload",         "media-new",   "import",
                                          "plugin-install", "filemanager", "attach"};
    assert_each_is_high(ends, sizeof ends / sizeof *ends, "/uploads/a", "?cmd=id");
    assert_each_is_high(folders, sizeof folders / sizeof *folders, "", "a.php?cmd=id");
    assert_each_is_high(names, sizeof names / sizeof *names, "/uploads/a.php?", "=id");
    assert_each_is_high(commands, sizeof commands / sizeof *commands,
                        "/uploads/a.php?cmd=", "");
    assert_each_is_high(pictures, sizeof pictures / sizeof *pictures, "/a", ".php?cmd=id");
    for (size_t i = 0; i < sizeof uploads / sizeof *uploads; i++) {
        struct text AUTO(text_done) upload = text_of_limit(128);
        text_addf(&upload, "POST /%s", uploads[i]);
        assert_int_equal(severity_of(text_terminated(&upload), "POST /images/b.php", 2),
                         SEVERITY_MEDIUM);
    }
    assert_int_equal(severity_of("POST /a", "POST /images/b.php", 2), SEVERITY_INFO);
}

static void finds_commands_in_bodies(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *body;
    } rows[] = {
        {WEB_POST_FORM, "dir=%2F&cmd=uname+-a"},
        {WEB_POST_JSON, "{\"dir\":\"/\",\"cmd\":\"uname -a\"}"},
        {WEB_POST_PARTS, "--b7\r\nContent-Disposition: form-data; name=\"cmd\"\r\n\r\n"
                         "uname -a\r\n--b7--\r\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct web_post post;
        web_post_open(&post);
        web_post_add_text(&post, "/uploads/a.php", rows[i].type, rows[i].body);
        web_post_says(&post, "behaviour/web-shell",
                      "behaviour/web-shell high 0.95 T1505.003 T1059.004 "
                      "address/source=203.0.113.7 address/victim=192.0.2.80 "
                      "name/victim=shop.example url/tool=/uploads/a.php file/tool=a.php "
                      "url:/uploads/a.php words:cmd=uname -a method:POST user_agent:tool/1 "
                      "request_count:1 command_count:1 post_count:1 client_count:1 "
                      "is_odd_place:1 @4\n");
    }
}

/* Where no script belongs, whatever the value is called; its own password is not printed. */
static void a_command_among_uploads_needs_no_name(void **state)
{
    (void)state;
    static const char *const bodies[] = {"pass=uname -a", "uname -a", "k=v&pass=uname%20-a"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct web_post post;
        web_post_open(&post);
        web_post_add_text(&post, "/uploads/a.php", WEB_POST_FORM, bodies[i]);
        struct text AUTO(text_done) lines = observe_lines(&post.capture, "behaviour/web-shell");
        assert_true(bytes_contains(text_bytes(&lines), "high 0.95"));
        bool is_shown = bytes_contains(text_bytes(&lines), "words:uname -a");
        assert_int_equal(is_shown, i == 1);
    }
}

/* Searches, pages and snippets that people give to a site's scripts, and a form of uploads. */
static void leaves_what_people_type_alone(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *type;
        const char *body;
    } rows[] = {
        {"/search.php", WEB_POST_FORM, "q=cat+%2Fetc%2Fpasswd"},
        {"/search.php", WEB_POST_FORM, "q=ls+-la"},
        {"/search.php", WEB_POST_FORM, "q=curl+http%3A%2F%2Fa.example"},
        {"/search.php", WEB_POST_FORM, "q=chmod+-R"},
        {"/paste.php", WEB_POST_FORM, "title=x&text=wget+-q+http%3A%2F%2Fa.example&expire=1d"},
        {"/paste.php", WEB_POST_FORM, "title=y&text=tar+-xf+a.tar&expire=1d"},
        {"/paste.php", WEB_POST_FORM, "title=z&text=find+%2F+-name+x&expire=1d"},
        {"/login.php", WEB_POST_FORM, "user=alice&password=ls+-la"},
        {"/api.php", WEB_POST_JSON, "{\"command\":\"list\",\"do\":\"find\",\"x\":1}"},
        {"/images/upload.php", WEB_POST_PARTS,
         "--b7\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n"
         "ls -la\r\nshows what is there\r\n--b7--\r\n"},
    };
    struct web_post post;
    web_post_open(&post);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        web_post_add_text(&post, rows[i].path, rows[i].type, rows[i].body);
    }
    web_post_says(&post, "behaviour/web", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_commands_given_to_a_script_among_uploads),
        cmocka_unit_test(finds_posts_to_a_script_that_was_just_uploaded),
        cmocka_unit_test(finds_posts_to_a_script_that_was_put_there),
        cmocka_unit_test(is_less_sure_of_a_script_where_scripts_live),
        cmocka_unit_test(knows_a_picture_that_is_a_script),
        cmocka_unit_test(leaves_what_was_not_answered_alone),
        cmocka_unit_test(leaves_an_ordinary_day_alone),
        cmocka_unit_test(knows_every_mark_of_a_shell),
        cmocka_unit_test(finds_commands_in_bodies),
        cmocka_unit_test(a_command_among_uploads_needs_no_name),
        cmocka_unit_test(leaves_what_people_type_alone),
        cmocka_unit_test(the_upload_that_brought_a_used_script_is_told),
        cmocka_unit_test(a_picture_that_was_sent_is_no_script),
        cmocka_unit_test(a_file_of_passwords_that_was_read_is_told),
        cmocka_unit_test(commands_of_windows_are_no_unix_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
