#include "parse/handed.h"

#include <stdio.h>

#include "check.h"
#include "parse/gather.h"
#include "parse/paste.h"

struct handing {
    struct gather gather;
    struct statement *statement;
    size_t heard; /* records that went to detectors */
};

static enum status take(void *context, const struct record *record)
{
    struct handing *handing = context;
    handing->heard += record->kind == RECORD_PIPELINE;
    return statement_take(handing->statement, record);
}

static void paste(struct handing *handing, const char *text)
{
    gather_init(&handing->gather, "");
    handing->heard = 0;
    handing->statement = arena_take(handing->gather.result, sizeof *handing->statement);
    assert_ok(statement_init(handing->statement, handing->gather.result));
    handing->gather.sink = (struct record_sink){take, handing};
    assert_ok(paste_read(bytes_of_text(text), &handing->gather.parse, handing->statement));
}

/* The first command that another one is handed, or NULL. */
static const struct statement_command *find_inner(const struct statement *statement)
{
    for (size_t i = 0; i < statement->command_count; i++) {
        if (statement->commands[i].within > 0) {
            return &statement->commands[i];
        }
    }
    return NULL;
}

struct row {
    const char *text;
    enum statement_where where;
    const char *place;
    const char *program; /* the first that is handed on, or NULL for none */
};

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct handing handing;
        paste(&handing, rows[i].text);
        const struct statement_command *inner = find_inner(handing.statement);
        if ((inner == NULL) != (rows[i].program == NULL)) {
            fail_msg("%s: %s", rows[i].text,
                     inner == NULL ? "nothing found" : "something found");
        }
        if (inner != NULL) {
            const struct statement_command *holder =
                &handing.statement->commands[inner->within - 1];
            if (!bytes_equal_text(inner->words[0].text, rows[i].program) ||
                !bytes_equal_text(holder->place, rows[i].place) ||
                holder->where != rows[i].where) {
                fail_msg("%s: %.*s at %.*s (%d)", rows[i].text, (int)inner->words[0].text.size,
                         (const char *)inner->words[0].text.data, (int)holder->place.size,
                         (const char *)holder->place.data, (int)holder->where);
            }
        }
        gather_done(&handing.gather);
    }
}

static void each_program_hands_on_what_stands_behind_its_own_words(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"ssh -p 22 ann@web01 'id; ls'", WHERE_MACHINE, "ann@web01", "id"},
        {"autossh web01 id -a", WHERE_MACHINE, "web01", "id"},
        {"rsh -l ann web01 id", WHERE_MACHINE, "web01", "id"},
        {"salt web01 cmd.run 'id -a'", WHERE_MACHINES, "web01", "id"},
        {"ansible -i x web -m shell -a 'id -a' -b", WHERE_MACHINES, "web", "id"},
        {"vagrant ssh web01 -c 'id -a'", WHERE_MACHINE, "web01", "id"},
        {"gcloud compute ssh web01 --zone z --command='id -a'", WHERE_MACHINE, "web01", "id"},
        {"docker exec -it -u 0 app ls -l", WHERE_CONTAINER, "app", "ls"},
        {"podman container exec app ls", WHERE_CONTAINER, "app", "ls"},
        {"docker compose -f x.yml exec -T app ls", WHERE_CONTAINER, "app", "ls"},
        {"docker-compose exec app ls", WHERE_CONTAINER, "app", "ls"},
        {"docker run --rm -v /a:/b alpine ls -l", WHERE_IMAGE, "alpine", "ls"},
        {"docker container run --rm alpine ls", WHERE_IMAGE, "alpine", "ls"},
        {"crictl exec -i 1a2b ls", WHERE_CONTAINER, "1a2b", "ls"},
        {"lxc exec app -- ls", WHERE_CONTAINER, "app", "ls"},
        {"lxc-attach -n app -- ls", WHERE_CONTAINER, "", "ls"},
        {"pct exec 101 -- ls", WHERE_CONTAINER, "101", "ls"},
        {"distrobox run ls", WHERE_CONTAINER, "", "ls"},
        {"kubectl exec -it web-0 -n prod -c app -- ls -l", WHERE_POD, "web-0", "ls"},
        {"k3s kubectl exec web-0 ls", WHERE_POD, "web-0", "ls"},
        {"kubectl run tmp --image alpine -it -- ls", WHERE_POD, "tmp", "ls"},
        {"kubectl debug web-0 --image busybox -- ls", WHERE_POD, "web-0", "ls"},
        {"machinectl shell root@app /bin/ls", WHERE_CONTAINER, "root@app", "/bin/ls"},
        {"arch-chroot /mnt ls", WHERE_FOLDER, "/mnt", "ls"},
        {"systemd-nspawn -D /srv/a ls", WHERE_CONTAINER, "", "ls"},
        {"ip netns exec blue ls", WHERE_NAMESPACE, "blue", "ls"},
        {"watch -n 2 'ls -l | wc'", WHERE_HERE, "", "ls"},
        {"bundle exec rake db", WHERE_HERE, "", "rake"},
        {"poetry run pytest -x", WHERE_HERE, "", "pytest"},
        {"xvfb-run -a firefox", WHERE_HERE, "", "firefox"},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void windows_hands_on_too(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"start \"a title\" /min ping.exe -t host", WHERE_HERE, "", "ping.exe"},
        {"schtasks /create /tn x /tr \"ping.exe -t host\" /ru SYSTEM", WHERE_LATER, "",
         "ping.exe"},
        {"sc create x binPath= \"ping.exe -t host\" start= auto", WHERE_LATER, "", "ping.exe"},
        {"sc config x binPath= \"ping.exe -t host\"", WHERE_LATER, "", "ping.exe"},
        {"forfiles /p C:\\x /c \"cmd /c del @file\"", WHERE_HERE, "", "cmd"},
        {"psexec.exe \\\\web01 -u ann -p x ipconfig /all", WHERE_MACHINE, "web01", "ipconfig"},
        {"winrs -r:web01 ipconfig /all", WHERE_MACHINE, "web01", "ipconfig"},
        {"wmic /node:web01 /user:ann process call create \"ping.exe -t host\"", WHERE_MACHINE,
         "web01", "ping.exe"},
        {"runas /user:ann \"ping.exe -t host\"", WHERE_HERE, "", "ping.exe"},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void what_hands_on_nothing_is_left_alone(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"ssh ann@web01", WHERE_HERE, "", NULL},
        {"ssh -N -L 80:a:80 ann@web01", WHERE_HERE, "", NULL},
        {"docker ps -a", WHERE_HERE, "", NULL},
        {"docker run -d -p 80:80 nginx", WHERE_HERE, "", NULL},
        {"docker run --entrypoint sh alpine -c ls", WHERE_HERE, "", NULL},
        {"kubectl get pods -- x", WHERE_HERE, "", NULL},
        {"kubectl run tmp --image alpine", WHERE_HERE, "", NULL},
        {"watch ls", WHERE_HERE, "", NULL},
        {"echo ssh ann@web01 id", WHERE_HERE, "", NULL},
        {"schtasks /query /fo LIST", WHERE_HERE, "", NULL},
        {"sc query x", WHERE_HERE, "", NULL},
        {"gcloud compute instances list --command x", WHERE_HERE, "", NULL},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

static void each_stands_in_the_one_that_hands_it_on(void **state)
{
    (void)state;
    struct handing handing;
    paste(&handing, "sudo ssh web01 \"docker exec app sh -c 'id; ls'\" > x");
    const struct statement *statement = handing.statement;
    assert_int_equal(statement->command_count, 5);
    assert_int_equal(statement->commands[1].within, 1);
    assert_int_equal(statement->commands[2].within, 2);
    assert_int_equal(statement->commands[3].within, 3);
    assert_bytes(statement->commands[3].words[0].text, "id");
    assert_int_equal(statement->commands[0].handed_from, 3);
    assert_int_equal(handing.heard, 1); /* what runs elsewhere is not for detectors */
    gather_done(&handing.gather);
}

static void words_keep_their_places(void **state)
{
    (void)state;
    struct handing handing;
    paste(&handing, "ssh web01 'id; ls -l'");
    const struct statement_command *last = &handing.statement->commands[2];
    assert_bytes(last->words[0].text, "ls");
    assert_int_equal(last->words[0].offset, 15);
    assert_int_equal(last->words[0].size, 2);
    gather_done(&handing.gather);
    paste(&handing, "ssh web01 'id;' \"ls\"");
    last = &handing.statement->commands[2];
    assert_bytes(last->words[0].text, "ls");
    assert_int_equal(last->words[0].offset, 10); /* put together: all of it stands there */
    gather_done(&handing.gather);
}

static void nesting_has_an_end(void **state)
{
    (void)state;
    AUTO(text_done) struct text text = text_of_limit(1U << 16);
    text_add_repeat(&text, "docker exec a ", 30);
    text_add(&text, "ls");
    struct handing handing;
    paste(&handing, text_terminated(&text));
    assert_int_equal(handing.statement->command_count, HANDED_DEPTH_MAX + 1);
    assert_int_equal(handed_depth(handing.statement, HANDED_DEPTH_MAX), HANDED_DEPTH_MAX);
    gather_done(&handing.gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_program_hands_on_what_stands_behind_its_own_words),
        cmocka_unit_test(windows_hands_on_too),
        cmocka_unit_test(what_hands_on_nothing_is_left_alone),
        cmocka_unit_test(each_stands_in_the_one_that_hands_it_on),
        cmocka_unit_test(words_keep_their_places),
        cmocka_unit_test(nesting_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
