#!/usr/bin/env python3
"""The report as Markdown: whole, in order, and no text of evidence becomes markup.

usage: tests/cli/markdown.py TOCSIN [NAME...]"""

import json
import pathlib
import re
import sys

import hostile
from person import case, main

EXAMPLES = pathlib.Path(__file__).resolve().parent.parent.parent / "examples"
BLOCK = re.compile(r"(#{1,3} |- \[ \] |  - |- |\d+\. |---$|)")
HIDDEN = "\u202e\u2066\u200b\ufeff\x1b\x07\0"


def without_code(line):
    """The line without its code spans, which end where CommonMark says."""
    out, at = "", 0
    while at < len(line):
        if line[at] == "\\":
            out, at = out + line[at:at + 2], at + 2
            continue
        run = len(line[at:]) - len(line[at:].lstrip("`"))
        end = re.search(rf"(?<!`)`{{{run}}}(?!`)", line[at + run:]) if run else None
        if run and end:
            at += run + end.end()
        else:
            assert not run, f"a code span that does not end: {line}"
            out, at = out + line[at], at + 1
    return out


def bare(line):
    """What can still mean something: no code, no escaped character, not our own marks."""
    rest = re.sub(r"\\[!-/:-@\[-`{-~]", "\0", without_code(line).replace("\\[@\\]", "\0"))
    rest = BLOCK.sub("", rest, count=1).replace("&#32;", " ")
    rest = re.sub(r"^\*\*([^*]*)\*\*", r"\1", rest)
    return re.sub(r" \[[, ]*\]", "", rest)


def document(person, *words, status=0):
    text = person.run(*words, "--format", "markdown", status=status, text=False).out.decode()
    assert not any(character in text for character in HIDDEN)
    for line in text.splitlines():
        left = bare(line)
        assert not re.search(r"[*_`<>\[\]#|~&]|://|www\.|@", left), line
    return text


def skeleton(text):
    """The blocks that the lines of a document begin."""
    return [re.sub(r"\d+", "1", BLOCK.match(line).group(1)) for line in text.split("\n")]


def saved(person):
    person.run("analyze", EXAMPLES / "intrusion", "--format", "json", "--output", "report.json", status=1)
    return json.loads((person.folder / "report.json").read_text())


@case
def everything_of_an_intrusion_is_told_in_order(person):
    report = saved(person)
    text = document(person, "report", "report.json")
    assert document(person, "analyze", EXAMPLES / "intrusion", status=1) == text
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings == ["## Timeline", "## Who did what to whom", "## Findings", "## Evidence", "## What to do",
                        "## Glossary"]
    assert text.startswith("# Someone got into") and "**Verdict: malicious**" in text
    assert text.count("- [ ] ") == len(report["incidents"][0]["plan"])
    for finding in report["findings"]:
        for cite in finding["cites"]:
            assert f"`{cite['at']}`" in text
    assert "## For the analyst" in document(person, "report", "report.json", "--audience", "analyst")


@case
def nothing_found_and_no_file_are_documents(person):
    assert "**Verdict: nothing found**" in document(person, "analyze", EXAMPLES / "ordinary")
    (person.folder / "empty").mkdir()
    assert "There was no file" in document(person, "analyze", "empty")


@case
def a_plan_is_a_task_list(person):
    report = saved(person)
    text = document(person, "respond", "report.json")
    assert text.startswith("## What to do\n") and text.count("- [ ] ") == len(report["incidents"][0]["plan"])


@case
def hostile_evidence_never_becomes_markup(person):
    folder = person.folder / "evidence"
    folder.mkdir()
    hostile.evidence(folder)
    document(person, "analyze", folder, "--audience", "analyst", status=1)


@case
def a_tainted_report_has_the_blocks_of_a_plain_one(person):
    saved(person)
    path = person.folder / "report.json"
    plain = path.read_text()
    skeletons = []
    for texts in ([b"plain"], None):
        path.write_text(json.dumps(hostile.taint(json.loads(plain), texts)))
        skeletons.append(skeleton(document(person, "report", "report.json")))
    assert skeletons[0] == skeletons[1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
