#!/usr/bin/env python3
"""What bash offers behind `tocsin`, held against what the program itself says it takes.

usage: tests/cli/completion.py TOCSIN [NAME...]"""

import pathlib
import re
import subprocess
import sys

from person import case, main

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "tools/completion/tocsin.bash"
ASK = """source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tocsin; printf '%s\\n' "${COMPREPLY[@]}" """


def offered(person, *words):
    """What is offered for the last word."""
    done = subprocess.run(["bash", "--norc", "-c", ASK, "bash", SCRIPT, "tocsin", *words], cwd=person.folder,
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stderr == "", (words, done.stderr)
    return sorted(done.stdout.split("\n")[:-1]) if done.stdout != "\n" else []


def commands_of(person):
    usages = re.findall(r"^usage: tocsin (?:[a-z-]+ ?)+", person.run("help", "--operations").out, re.M)
    return [usage.split()[2:] for usage in usages]


@case
def every_command_and_option_of_the_program_is_offered(person):
    commands = commands_of(person)
    assert len(commands) > 10 and ["access", "audit", "verify"] in commands
    for command in commands:
        for at in range(len(command)):
            assert command[at] in offered(person, *command[:at], ""), command
        options = re.findall(r"^ {2,6}(?:(-\w), )?(--[a-z-]+)", person.run("help", *command).out, re.M)
        expected = sorted(name for pair in options for name in pair if name)
        assert offered(person, *command, "-") == expected, command


@case
def values_are_those_the_option_takes(person):
    assert offered(person, "analyze", "--audience", "") == ["analyst", "leader", "responder"]
    assert offered(person, "analyze", "--audience", "=", "l") == ["leader"]
    assert offered(person, "analyze", "--audience", "=") == ["analyst", "leader", "responder"]
    assert offered(person, "ask", "-f", "") == ["json", "text"]
    assert offered(person, "report", "-f", "h") == ["html"]
    assert offered(person, "analyze", "--zone", "") == []
    for level in offered(person, "analyze", "--fail-on", ""):
        empty = person.file("empty", "")
        person.run("analyze", "--fail-on", level, empty)


@case
def operands_are_files_where_files_are_wanted(person):
    person.file("report of today.json", "")
    (person.folder / "reports").mkdir()
    assert offered(person, "ask", "rep") == ["report of today.json", "reports"]
    assert offered(person, "ask", "report of today.json", "rep") == []
    assert offered(person, "analyze", "x", "--jobs", "2", "rep") == ["report of today.json", "reports"]
    assert offered(person, "extract", "r.json", "a:1", "--to", "rep") == ["reports"]
    assert offered(person, "explain", "rep") == []
    assert "analyze" in offered(person, "help", "")
    assert offered(person, "access", "audit", "v") == ["verify"]
    assert offered(person, "demo", "rep") == []
    assert offered(person, "frobnicate", "a") == []


@case
def hostile_names_are_offered_and_never_run(person):
    person.file("$(touch hit)", "")
    person.file("`touch hit`;x", "")
    assert offered(person, "report", "$") == ["$(touch hit)"]
    assert offered(person, "report", "`") == ["`touch hit`;x"]
    assert offered(person, "$(touch hit)", "a") == []
    assert not (person.folder / "hit").exists()


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[2:])))
