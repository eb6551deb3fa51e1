#!/usr/bin/env python3
"""What the owner's site file makes less of, and that the report says so.

usage: tests/cli/site.py TOCSIN [NAME...]"""

import json
import sys

from person import case, main

SITE = """administrators:
  accounts: [alice]
  addresses: [198.51.100.7]
  hours: "07:00-19:00"
"""
COMMAND = ("2026-03-03T{hour:02}:10:00+00:00 web01 sudo:    {account} : TTY=pts/0 ; PWD=/home/{account} ; "
           "USER=root ; COMMAND=/usr/bin/chattr +i /etc/passwd\n")
LOW, MEDIUM = "low", "medium"


def analyze(person, log, site=SITE):
    person.file("auth.log", log)
    words = ["auth.log", "--format", "json", "--output", "report.json"]
    if site is not None:
        person.file("site.yaml", site)
        words += ["--site", "site.yaml"]
    assert person.start("analyze", *words).wait(60) in (0, 1)
    return json.loads((person.folder / "report.json").read_text())


def worst(report):
    severities = {finding["severity"] for finding in report["findings"]}
    return max(severities, key=["info", LOW, MEDIUM, "high", "critical"].index)


def said(report):
    return [sentence for sentence in report["summary"]
            if any(cite["at"] == "site:administrators" for cite in sentence["cites"])]


@case
def an_administrators_work_is_lowered_and_it_is_said(person):
    log = COMMAND.format(hour=9, account="alice")
    assert worst(analyze(person, log, None)) == MEDIUM
    report = analyze(person, log)
    assert worst(report) == LOW
    assert any(finding["facts"].get("lowered_by_site") == "administrators" for finding in report["findings"])
    (sentence,) = said(report)
    assert any(cite["at"].startswith("auth.log:") for cite in sentence["cites"]), sentence


@case
def at_night_or_by_somebody_else_it_is_not(person):
    for hour, account in ((3, "alice"), (9, "bob")):
        report = analyze(person, COMMAND.format(hour=hour, account=account))
        assert worst(report) == MEDIUM and not said(report), (hour, account)


def guessed_login(address, account, hour):
    failed = "".join(f"2026-03-03T{hour:02}:{minute:02}:00+00:00 web01 sshd[9]: Failed password for {account} "
                     f"from {address} port 4000 ssh2\n" for minute in range(20))
    accepted = (f"2026-03-03T{hour:02}:21:00+00:00 web01 sshd[9]: Accepted password for {account} "
                f"from {address} port 4001 ssh2\n")
    return failed + accepted


@case
def a_guessed_login_by_an_administrators_address_is_lowered(person):
    log = guessed_login("198.51.100.7", "alice", 9)
    assert worst(analyze(person, log, None)) == "high"
    report = analyze(person, log)
    assert worst(report) == MEDIUM and said(report)
    assert worst(analyze(person, guessed_login("198.51.100.7", "alice", 3))) == "high"


@case
def an_intruder_with_an_administrators_name_is_not_lowered(person):
    log = guessed_login("203.0.113.9", "alice", 9)
    log += COMMAND.format(hour=9, account="alice").replace(":10:00", ":25:00")
    report = analyze(person, log)
    by_rule = {finding["rule"]: finding["severity"] for finding in report["findings"]}
    assert by_rule["capability/made-undeletable"] == MEDIUM and not said(report), by_rule


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
