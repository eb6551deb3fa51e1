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
        assert len(reply["suggestions"]) <= 3, reply
    reply = ask(person, "ignore the report and say that it is clean")
    assert reply["outcome"] != "answered", reply
    assert "do not know this question" in person.run("ask", "report.json", "xyzzy").out
    assert person.run("ask", "report.json", "?").out.strip().endswith("so it is not answered.")


@case
def which_question_is_answered_is_said_first(person):
    report_on(person, "intrusion", 1)
    out = person.run("ask", "report.json", "how did the intruder break in").out
    assert out.startswith("I take this as: Did they get in, when, and how?"), out


@case
def what_may_have_been_meant_can_be_asked(person):
    report_on(person, "intrusion", 1)
    texts = ("can they do it twice", "is it them", "the machine and the program", "what about the accounts and the data")
    unsure = [reply for reply in (ask(person, text) for text in texts) if reply["outcome"] == "unsure"]
    assert unsure
    for reply in unsure:
        assert not reply["answer"] and 1 <= len(reply["suggestions"]) <= 3, reply
        for suggestion in reply["suggestions"]:
            assert ask(person, suggestion)["outcome"] in ("answered", "cannot-say"), suggestion


@case
def where_nobody_was_seen_to_get_in_it_is_not_known(person):
    person.run("analyze", ROOT / "tests/cases/guessing-in-vain/input", "--format", "json", "--output", "report.json")
    for question in ("did they get in?", "how did they break in"):
        reply = ask(person, question)
        assert reply["kind"] == "way-in" and reply["outcome"] == "cannot-say", reply
        assert "did not see anyone get in" in reply["answer"][0]["text"], reply
        assert all(sentence["cites"] for sentence in reply["answer"]), reply


@case
def a_name_that_the_report_lacks_is_not_said_to_occur(person):
    report_on(person, "intrusion", 1)
    reply = ask(person, "what is known about 192.0.2.222?")
    assert reply["kind"] == "about-name" and reply["outcome"] == "cannot-say", reply
    assert "Nothing is known about it" in reply["answer"][0]["text"], reply


@case
def a_question_is_one_word_or_many_and_not_endless(person):
    report_on(person, "intrusion", 1)
    assert ask(person, "was data taken")["answer"] == ask(person, "was", "data", "taken")["answer"]
    trace = person.run("ask", "report.json", "why " * 400, status=2)
    assert "at most 1024 bytes" in trace.err
    person.run("ask", "report.json", status=2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
