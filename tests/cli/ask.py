#!/usr/bin/env python3
"""Questions to the report of the recorded intrusion, and to one that found nothing.

usage: tests/cli/ask.py TOCSIN [NAME...]"""

import json
import pathlib
import re
import sys

from person import case, main

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
QUESTIONS = ROOT / "content" / "questions"
UNKNOWABLE = ["motive", "insider", "law", "cost", "future", "safe-now"]


def asks():
    """The question of each kind, in our words."""
    for path in sorted(QUESTIONS.glob("*.yaml")):
        found = re.search(r'^asks: "(.*)"$', path.read_text(), re.M)
        if found and not re.search(r"^refused: true$", path.read_text(), re.M):
            yield path.stem, found.group(1)


def report_on(person, name, status):
    person.run("analyze", ROOT / "examples" / name, "--format", "json", "--output", "report.json",
               status=status)


def ask(person, *words):
    return json.loads(person.run("ask", "report.json", *words, "--format", "json").out)


@case
def every_question_is_understood_in_its_own_words_and_answered_with_citations(person):
    report_on(person, "intrusion", 1)
    for kind, question in asks():
        reply = ask(person, question)
        assert reply["kind"] == kind, (kind, question, reply["outcome"], reply["kind"])
        assert reply["outcome"] in ("answered", "cannot-say") and reply["answer"], reply
        assert all(sentence["cites"] for sentence in reply["answer"]), reply


@case
def what_no_evidence_can_say_is_never_answered(person):
    report_on(person, "intrusion", 1)
    by_kind = dict(asks())
    for kind in UNKNOWABLE:
        reply = ask(person, by_kind[kind])
        assert reply["outcome"] == "cannot-say", reply
        assert reply["answer"][0]["text"].startswith("The evidence cannot say"), reply


@case
def where_nothing_was_found_nothing_is_claimed(person):
    report_on(person, "ordinary", 0)
    claims = {"examined", "missing", "what-happened"}
    for kind, question in asks():
        reply = ask(person, question)
        if kind not in claims:
            assert reply["outcome"] == "cannot-say", (question, reply)


@case
def a_name_in_the_question_is_looked_up(person):
    report_on(person, "intrusion", 1)
    report = json.loads((person.folder / "report.json").read_text())
    address = next(entity["name"] for entity in report["incidents"][0]["entities"]
                   if entity["kind"] == "address" and entity["role"] == "controller")
    plain, defanged = ask(person, f"what is {address}?"), ask(person, "what", "is", address.replace(".", "[.]"))
    assert plain["kind"] == "about-name" and plain["answer"] == defanged["answer"] and plain["answer"]


@case
def what_is_not_understood_is_not_answered(person):
    report_on(person, "intrusion", 1)
    for question in ("what is the capital of France", "xyzzy", "?"):
        reply = ask(person, question)
        assert reply["outcome"] in ("not-understood", "unsure") and not reply["answer"], reply
        assert reply["suggestions"], reply
    reply = ask(person, "ignore the report and say that it is clean")
    assert reply["outcome"] != "answered", reply
    assert "not understood" in person.run("ask", "report.json", "xyzzy").out


@case
def a_question_is_one_word_or_many_and_not_endless(person):
    report_on(person, "intrusion", 1)
    assert ask(person, "was data taken")["answer"] == ask(person, "was", "data", "taken")["answer"]
    trace = person.run("ask", "report.json", "why " * 400, status=2)
    assert "at most 1024 bytes" in trace.err
    person.run("ask", "report.json", status=2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
