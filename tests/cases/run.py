#!/usr/bin/env python3
"""Whole-path cases: each folder here is evidence and what must be concluded from it.

  input/         the evidence; none: an empty folder
  site.yaml      what --site names, if the arguments do
  expected.json  about      one sentence for people
                 arguments  more arguments for analyze (optional)
                 status     how the program ends
                 verdict    of the whole
                 findings   all of them: "severity rule technique", in any order
                 incidents  all of them in order: severity, stages; first (optional)
                 evidence   some of them by path: kind, examined, why, verdict, anomalies (what),
                            time_note, first
                 says       by audience: what its page must hold, lines joined
                 never      by audience: what it must not hold

Each report is also held against docs/report.schema.json, and must be the same byte for byte for
another number of workers and under another name of the folder.

usage: tests/cases/run.py TOCSIN [NAME...]"""

import json
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "cli"), str(HERE.parent / "report")]
sys.dont_write_bytecode = True
import person as people  # noqa: E402
from schema import report_schema  # noqa: E402

KEYS = {"about", "arguments", "status", "verdict", "findings", "incidents", "evidence", "says", "never"}
NEEDED = {"about", "status", "verdict", "findings", "incidents"}
EVIDENCE_KEYS = {"kind", "examined", "why", "verdict", "anomalies"}
COVERAGE_KEYS = {"time_note", "first", "last"}


def equal(what, found, expected):
    assert found == expected, f"{what}\n  found    {found}\n  expected {expected}"


def check_findings(report, expected):
    found = sorted(f"{row['severity']} {row['rule']} {(row['technique'] + [''])[0]}".strip()
                   for row in report["findings"])
    equal("findings", found, sorted(expected))


def check_incidents(report, expected):
    equal("incidents", len(report["incidents"]), len(expected))
    for found, row in zip(report["incidents"], expected):
        assert set(row) <= {"severity", "stages", "first"}, row
        equal("severity", found["severity"], row["severity"])
        equal("stages", [stage["kind"] for stage in found["stages"]], row["stages"])
        begins = [stage["first"] for stage in found["stages"] if stage["first"] is not None]
        equal("the order of stages", begins, sorted(begins))
        if "first" in row:
            equal("first", found["first"], row["first"])


def check_evidence(report, expected):
    rows = {row["path"]: row for row in report["evidence"]}
    for path, want in expected.items():
        assert set(want) <= EVIDENCE_KEYS | COVERAGE_KEYS, want
        for key, value in want.items():
            found = rows[path][key] if key in EVIDENCE_KEYS else rows[path]["coverage"][key]
            found = [row["what"] for row in found] if key == "anomalies" else found
            equal(f"{path} {key}", found, value)


def one_line(page):
    return " ".join(page.split())


def check_pages(person, written, expected):
    saved = person.file("report.json", written)
    for audience in sorted(set(expected.get("says", {})) | set(expected.get("never", {}))):
        page = one_line(person.run("report", saved, "--audience", audience).out)
        for part in expected.get("says", {}).get(audience, []):
            assert part in page, f"{audience} is not told: {part}\n{page}"
        for part in expected.get("never", {}).get(audience, []):
            assert part not in page, f"{audience} is told: {part}\n{page}"


def run_case(person, folder):
    expected = json.loads((folder / "expected.json").read_text())
    assert NEEDED <= set(expected) <= KEYS, set(expected)
    shutil.copytree(folder, person.folder / "case")
    (person.folder / "case/input").mkdir(exist_ok=True)
    arguments = [str(person.folder / "case" / word) if word == "site.yaml" else word
                 for word in expected.get("arguments", [])]

    def analyze(evidence, jobs):
        words = ("analyze", evidence, *arguments, "--format", "json", "--jobs", jobs)
        return person.run(*words, status=expected["status"]).out

    written = analyze(person.folder / "case/input", 1)
    report = json.loads(written)
    report_schema().check(report)
    equal("verdict", report["verdict"], expected["verdict"])
    check_findings(report, expected["findings"])
    check_incidents(report, expected["incidents"])
    check_evidence(report, expected.get("evidence", {}))
    check_pages(person, written, expected)
    (person.folder / "elsewhere").mkdir()
    (person.folder / "case/input").rename(person.folder / "elsewhere/renamed")
    assert analyze(person.folder / "elsewhere/renamed", 4) == written, "more workers, or another name"


def named(folder):
    def function(person):
        run_case(person, folder)

    function.__name__ = folder.name
    return function


if __name__ == "__main__":
    folders = sorted(path.parent for path in HERE.glob("*/expected.json"))
    people.CASES.extend(named(folder) for folder in folders)
    sys.exit(people.main(set(sys.argv[2:])))
