#!/usr/bin/env python3
"""What tocsin itself does in an analysis, with stand-ins for the helpers: what it collects, hands
on, puts together, records and writes.

usage: tests/cli/orchestra.py TOCSIN STAND_IN [NAME...]"""

import hashlib
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sys
import time

from person import case, main, one_line, readable

TOCSIN = pathlib.Path(sys.argv[1]).resolve()
STAND_IN = pathlib.Path(sys.argv[2]).resolve()
SUFFIX = TOCSIN.name.removeprefix("tocsin")


def install(person):
    """A folder with the program, its helpers and content/ beside it; and some evidence."""
    place = person.folder / "installed"
    place.mkdir()
    shutil.copy2(TOCSIN, place / TOCSIN.name)
    for helper in ("compile", "examine", "conclude"):
        shutil.copy2(STAND_IN, place / f"tocsin-{helper}{SUFFIX}")
    (place / "content" / "rules").mkdir(parents=True)
    (place / "content" / "rules" / "a.yaml").write_text("a: 1\n")
    (place / "models").mkdir()
    (place / "models" / "small").write_bytes(b"\0\1")
    person.program = place / TOCSIN.name
    logs = person.folder / "logs"
    logs.mkdir()
    (logs / "b.log").write_text("one\ntwo\nthree\nfour\n")
    (logs / "a.log").write_text("an intruder\n")
    (logs / "copy.log").write_text("an intruder\n")


@case
def evidence_is_collected_examined_and_concluded(person):
    trace = person.run("analyze", "logs", "--year", "2025", status=1)
    head, *lines = trace.out.splitlines()
    assert head == "site=0 colour=0 partial=0 format=text"
    image = len("content/rules/a.yaml\nmodels/small\n")
    assert lines == [
        f"a.log size=12 outcome=0 problem= also=copy.log; said=year 2025, image {image}: an intruder\\x0a",
        f"b.log size=19 outcome=0 problem= also= said=year 2025, image {image}: one\\x0atwo\\x0athree\\x0afour\\x0a",
    ], lines
    assert trace.err == ""


@case
def the_hash_of_the_report_stands_in_the_log(person):
    out = person.run("analyze", "logs", status=1).out
    entry = person.last()
    assert (entry["event"], entry["operation"], entry["class"]) == ("done", "evidence.analyze", "C0")
    assert entry["object_sha256"] == hashlib.sha256(out.encode()).hexdigest()
    assert entry["arguments"] == ["analyze", "logs"]


@case
def the_number_of_jobs_and_the_folder_change_nothing(person):
    for number in range(30):
        (person.folder / "logs" / f"{number}.log").write_text(f"evidence {number}\n" * number)
    first = person.run("analyze", "logs", "--jobs", "1", status=1).out
    assert person.run("analyze", "logs", "--jobs", "4", status=1).out == first
    (person.folder / "logs").rename(person.folder / "elsewhere")
    assert person.run("analyze", "elsewhere", "-j7", status=1).out == first


@case
def the_exit_status_follows_fail_on(person):
    person.run("analyze", "logs", "--fail-on", "critical", status=0)
    person.run("analyze", "logs", "--fail-on", "low", status=1)
    person.run("analyze", "logs/b.log", "--fail-on", "info", status=0)


@case
def a_crash_costs_its_own_evidence_alone(person):
    (person.folder / "logs" / "bad.log").write_text("crash\n")
    (person.folder / "logs" / "odd.log").write_text("unsupported\n")
    lines = person.run("analyze", "logs", status=1).out.splitlines()
    by_name = {line.split()[0]: line for line in lines[1:]}
    assert "outcome=1 problem=examining it ended in a crash" in by_name["bad.log"]
    assert "outcome=1 problem=examining it came to no result" in by_name["odd.log"]
    assert "outcome=0" in by_name["a.log"] and "outcome=0" in by_name["b.log"]


@case
def what_cannot_be_read_is_named(person):
    os.symlink("a.log", person.folder / "logs" / "link")
    os.mkfifo(person.folder / "logs" / "pipe")
    lines = person.run("analyze", "logs", status=1).out.splitlines()
    by_name = {line.split()[0]: line for line in lines[1:]}
    assert "outcome=5 problem=a link, not followed" in by_name["link"]
    assert "outcome=5" in by_name["pipe"] and "said=" == by_name["pipe"].split()[-1]


@case
def standard_input_is_evidence(person):
    trace = person.run("analyze", "-", stdin=open(person.folder / "logs" / "b.log"))
    assert trace.out.splitlines()[1].startswith("stdin size=19 outcome=0")


@case
def output_appears_whole_under_its_name_or_not_at_all(person):
    person.run("analyze", "logs", "--output", "report.txt", status=1)
    report = person.folder / "report.txt"
    assert report.read_text().startswith("site=0")
    report.write_text("what was there before")
    person.run("analyze", "missing", "--output", "report.txt", status=2)
    assert report.read_text() == "what was there before"
    trace = person.run("analyze", "logs", "--output", "no/such/folder", status=2)
    assert "cannot write no/such/folder" in one_line(trace.err)
    names = {path.name for path in person.folder.iterdir()}
    assert names == {"home", "installed", "logs", "report.txt"}, names


@case
def the_site_file_reaches_conclude(person):
    (person.folder / "site.yaml").write_text("hosts: []\n")
    assert person.run("analyze", "logs", "--site", "site.yaml", status=1).out.startswith("site=1")
    trace = person.run("analyze", "logs", "--site", "missing.yaml", status=2)
    assert "the site file cannot be opened: missing.yaml" in one_line(trace.err)


@case
def colour_only_where_it_is_asked_for(person):
    assert "colour=1" in person.run("analyze", "logs", "--color=always", status=1).out
    assert "colour=0" in person.run("analyze", "logs", status=1).out


@case
def content_that_is_wrong_is_said_at_the_start(person):
    rules = person.folder / "installed" / "content" / "rules" / "a.yaml"
    rules.write_text("wrong\n")
    trace = person.run("analyze", "logs", status=2)
    assert "content/ is not right: content/rules/a.yaml:1: this is wrong" in one_line(trace.err)
    assert trace.out == "" and person.last()["event"] == "failed"


@case
def a_helper_that_is_missing_is_named(person):
    (person.folder / "installed" / f"tocsin-examine{SUFFIX}").unlink()
    trace = person.run("analyze", "logs", status=2)
    assert "tocsin-examine is missing" in one_line(trace.err)


@case
def parts_are_found_under_a_prefix(person):
    old = person.folder / "installed"
    prefix = person.folder / "prefix"
    for folder in ("bin", "libexec/tocsin", "share/tocsin"):
        (prefix / folder).mkdir(parents=True)
    for helper in ("compile", "examine", "conclude"):
        (old / f"tocsin-{helper}{SUFFIX}").rename(prefix / "libexec/tocsin" / f"tocsin-{helper}{SUFFIX}")
    for folder in ("content", "models"):
        (old / folder).rename(prefix / "share/tocsin" / folder)
    person.program = prefix / "bin" / TOCSIN.name
    (old / TOCSIN.name).rename(person.program)
    assert person.run("analyze", "logs", status=1).out.startswith("site=0")
    link = person.folder / "linked"
    link.symlink_to(person.program)
    person.program = link
    assert person.run("analyze", "logs", status=1).out.startswith("site=0")


@case
def analysis_goes_on_unrecorded_and_says_so(person):
    person.run("analyze", "logs", status=1)
    shutil.rmtree(person.home / "audit")
    (person.home / "audit").write_text("")
    trace = person.run("analyze", "logs", status=1)
    assert trace.out.startswith("site=0")
    assert "this was not recorded: the audit log cannot be opened" in one_line(trace.err)


@case
def stopping_gives_what_is_known(person):
    os.mkfifo(person.folder / "endless")
    with open(os.open(person.folder / "endless", os.O_RDWR), "w") as held:
        process = person.start("analyze", "logs", "-", stdin=open(person.folder / "endless"))
        held.write("evidence so far\n")
        held.flush()
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert "partial=1" in out, (process.returncode, out, err)
    assert "stopped: " in err, err
    assert person.last()["event"] == "done"


@case
def a_saved_report_is_rendered_and_answered(person):
    (person.folder / "report.json").write_text("saved\n")
    assert person.run("report", "report.json").out == "kind 1 of saved\n"
    assert person.run("respond", "report.json").out == "kind 2 of saved\n"
    (person.folder / "report.json").write_text("crash\n")
    trace = person.run("report", "report.json", status=2)
    assert "tocsin-conclude gave no answer" in one_line(trace.err) and trace.out == ""


def save(person, name="b.log"):
    content = (person.folder / "logs" / name).read_bytes()
    report = person.folder / "report.json"
    report.write_text(f"{hashlib.sha256(content).hexdigest()}\n{len(content)}\nthe \x1b[31mexcerpt\n")
    return report


@case
def a_cited_place_is_shown_with_context(person):
    trace = person.run("show", save(person), "b.log:2", "--evidence", "logs")
    assert trace.out == "b.log:2  (logs/b.log)\none\ntwo\nthree\n"
    assert person.run("show", save(person), "b.log:2").out == "b.log:2  (./logs/b.log)\none\ntwo\nthree\n"


@case
def without_the_evidence_the_excerpt_is_shown(person):
    report = save(person)
    (person.folder / "logs" / "b.log").unlink()
    trace = person.run("show", report, "b.log:2")
    assert trace.out == "b.log:2  (excerpt)\nthe \\x1b[31mexcerpt\n", trace.out
    assert "the evidence is not at hand" in one_line(trace.err)
    trace = person.run("show", report, "other:1", status=2)
    assert "the report has no such citation" in one_line(trace.err)


@case
def what_is_shown_cannot_steer_the_terminal(person):
    (person.folder / "logs" / "b.log").write_text("\x1b]0;title\x07 \u202eevil\n")
    assert person.run("show", save(person), "b.log:1").out.splitlines()[1] == "\\x1b]0;title\\x07 \\u{202e}evil"


@case
def a_cited_payload_is_written_out_and_recorded_before_and_after(person):
    target = person.folder / "target"
    target.mkdir()
    trace = person.run("extract", save(person), "b.log:2-3", "--to", target, "-e", "logs")
    content = b"two\nthree\n"
    name = hashlib.sha256(content).hexdigest() + ".bin"
    assert readable(target) == {pathlib.Path(name): content}
    assert stat.S_IMODE((target / name).stat().st_mode) == 0o600
    assert trace.out == f"{name}  10 bytes\n"
    allowed, done = person.entries()[-2:]
    assert (allowed["event"], allowed["class"], done["event"]) == ("allowed", "C1", "done")
    assert done["decision"] == allowed["sequence"]
    assert done["object_sha256"] == hashlib.sha256(content).hexdigest()
    trace = person.run("extract", save(person), "b.log:2-3", "--to", target, status=2)
    assert "it exists already" in one_line(trace.err)
    assert person.last()["event"] == "failed"
    assert readable(target) == {pathlib.Path(name): content}


@case
def nothing_is_extracted_that_is_not_the_evidence(person):
    report = save(person)
    (person.folder / "logs" / "b.log").write_text("one\nTWO\nthree\nfour\n")
    target = person.folder / "target"
    target.mkdir()
    trace = person.run("extract", report, "b.log:2", "--to", target, status=2)
    assert "the evidence is not at hand" in one_line(trace.err)
    assert list(target.iterdir()) == [] and person.last()["event"] == "failed"


@case
def a_log_that_is_damaged_in_between_stops_the_payload(person):
    """The decision is recorded, what came out cannot be: then it does not come out."""
    report = save(person)
    target = person.folder / "target"
    target.mkdir()
    person.run("analyze", "logs", status=1)
    helper = person.folder / "installed" / f"tocsin-conclude{SUFFIX}"
    real = helper.with_name("real" + helper.name)
    helper.rename(real)
    helper.write_text(f"#!/bin/sh\n: > {person.home}/audit/checkpoint\nexec {real}\n")
    helper.chmod(0o755)
    trace = person.run("extract", report, "b.log:2", "--to", target, status=2)
    assert list(target.iterdir()) == []
    assert "nothing was written, because it could not be recorded" in trace.err, trace.err


if __name__ == "__main__":
    assert subprocess.run([TOCSIN, "version"], stdout=subprocess.DEVNULL).returncode == 0
    sys.exit(main(set(sys.argv[3:]), install))
