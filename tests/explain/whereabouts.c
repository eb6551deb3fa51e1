#include "explain/whereabouts.h"

#include "explain/pasted.h"

static void what_runs_elsewhere_is_said_to(void **state)
{
    (void)state;
    assert_explains("ssh web01 'ls -l; git push'", "On web01, ls lists files: -l with sizes.\n"
                                                   "On web01, git keeps versions");
    assert_explains("docker exec app ls", "In the container app, ls lists files.");
    assert_explains("kubectl exec web-0 -- ls", "In the pod web-0, ls lists files.");
    assert_explains("ansible web -a 'ls -l'", "On the machines of web, ls lists files");
    assert_explains("arch-chroot /mnt ls", "With /mnt as the folder that holds all others, ls");
    assert_explains("ip netns exec blue ls", "In the network namespace blue, ls lists");
    assert_explains("lxc-attach -n app ls", "In the container, ls lists files.");
    assert_explains("schtasks /create /tn a /tr \"git push\"",
                    "When it is started, git keeps versions: push sends changes.");
}

static void places_in_places_are_told_from_the_outermost(void **state)
{
    (void)state;
    assert_explains("ssh web01 docker exec app ls",
                    "On web01, in the container app, ls lists files.");
    assert_explains("ssh web01 'ls && ls -l'", "If that worked, on web01, ls lists files: -l");
}

static void what_runs_here_is_told_as_ever(void **state)
{
    (void)state;
    assert_explains("watch 'ls -l'", "\nls lists files: -l with sizes.");
    assert_explains("ssh web01; ls", "\nls lists files.");
}

static void what_a_new_container_is_given_may_be_no_program(void **state)
{
    (void)state;
    assert_explains("docker run alpine ls -l", "In a new container of alpine, ls lists files");
    assert_explains("ls; docker run alpine frob -l", "docker is not known here");
    struct pasted pasted;
    AUTO(text_done) struct text said = text_of_limit(1U << 16);
    pasted_open(&pasted);
    pasted_explain(&pasted, "docker run alpine frob -l", &said);
    assert_null(strstr(text_terminated(&said), "In a new container"));
    pasted_done(&pasted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_runs_elsewhere_is_said_to),
        cmocka_unit_test(places_in_places_are_told_from_the_outermost),
        cmocka_unit_test(what_runs_here_is_told_as_ever),
        cmocka_unit_test(what_a_new_container_is_given_may_be_no_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
