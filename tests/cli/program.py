#!/usr/bin/env python3
"""The built program as a person meets it: what it refuses, what it records, what it says.

usage: tests/cli/program.py TOCSIN [NAME...]"""

import json
import os
import pathlib
import resource
import shutil
import sys

from person import Person, case, main, one_line, readable

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


@case
def the_sealed_model_is_refused_and_nothing_is_analysed(person):
    evidence = person.file("auth.log", "Mar  3 02:10:00 web01 sshd[1]: nothing\n")
    os.chmod(evidence, 0)
    os.utime(evidence, (1, 1))
    trace = person.run("analyze", "--model", "critical", evidence, "missing", "--output", "out.txt", status=2)
    line = one_line(trace.err)
    assert trace.out == ""
    assert "not_entitled" in line and "sealed-needs-a-grant" in line and "A grant from who sealed it" in line
    assert os.stat(evidence).st_atime == 1
    assert not (person.folder / "out.txt").exists()
    entry = person.last()
    assert (entry["event"], entry["operation"], entry["class"]) == ("refused", "model.critical", "C2")
    assert entry["reason"] == "not_entitled" and entry["rule"] == "sealed-needs-a-grant"


@case
def a_refusal_is_one_json_object_for_programs(person):
    trace = person.run("analyze", "--model=critical", "--format=json", "x", status=2)
    refused = json.loads(trace.err)["refused"]
    assert trace.out == ""
    assert refused["reason"] == "not_entitled" and refused["operation"] == "model.critical"
    assert refused["rule"] and refused["what_would_change_it"] and refused["appeal"]
    assert refused["recorded"] is True


@case
def a_refusal_is_given_although_it_cannot_be_recorded(person):
    person.home.write_text("a file where the home should be")
    line = one_line(person.run("analyze", "--model", "critical", "x", status=2).err)
    assert "not_entitled" in line and "not recorded" in line


@case
def what_changes_something_is_refused_without_a_log(person):
    person.run("analyze", "--model", "critical", "x", status=2)
    shutil.rmtree(person.home / "audit")
    (person.home / "audit").write_text("a file where the log should be")
    target = person.folder / "target"
    target.mkdir()
    line = one_line(person.run("extract", "report.json", "a:1", "--to", target, status=2).err)
    assert "audit_unavailable" in line and "no-record-no-effect" in line
    assert list(target.iterdir()) == []


@case
def a_log_that_was_taken_away_is_not_begun_again(person):
    person.run("analyze", "--model", "critical", "x", status=2)
    shutil.rmtree(person.home / "audit")
    line = one_line(person.run("extract", "report.json", "a:1", "--to", ".", status=2).err)
    assert "the audit log was taken away" in line
    assert not (person.home / "audit").exists()


@case
def a_log_that_is_full_is_not_written_to_by_halves(person):
    person.run("analyze", "--model", "critical", "x", status=2)
    before = readable(person.home / "audit")
    process = person.start("extract", "report.json", "a:1", "--to", ".",
                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)))
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2 and "audit_unavailable" in one_line(err), err
    assert readable(person.home / "audit") == before
    person.run("access", "audit", "verify")


@case
def looking_makes_no_key_and_no_log(person):
    person.run("help")
    person.run("version")
    person.run("access", "show")
    person.run("access", "audit", "verify", status=2)
    person.run("access", "audit", "show", status=2)
    person.run("analyze", "--help")
    person.run("analyze", "--frobnicate", status=2)
    assert not person.home.exists()


@case
def programs_at_once_agree_on_one_key_and_one_log(person):
    running = [person.start("analyze", "--model", "critical", str(number)) for number in range(12)]
    for process in running:
        process.communicate(timeout=60)
        assert process.returncode == 2
    entries = person.entries()
    assert [entry["sequence"] for entry in entries] == list(range(13))
    assert {entry["arguments"][-1] for entry in entries[1:]} == {str(number) for number in range(12)}
    person.run("access", "audit", "verify")


@case
def verify_says_in_one_line_that_the_log_is_whole(person):
    person.run("analyze", "--model", "critical", "x", status=2)
    before = readable(person.home)
    lines = person.run("access", "audit", "verify").out.splitlines()
    assert lines[-1].startswith("whole: 2 entries in 3 files, ") and lines[-1].endswith("0 differences")
    assert any("noticed only by a witness" in line for line in lines)
    assert readable(person.home) == before


@case
def verify_notices_a_flipped_byte_in_each_file_and_repairs_nothing(person):
    person.run("analyze", "--model", "critical", "x", status=2)
    for name, content in readable(person.home / "audit").items():
        path = person.home / "audit" / name
        for offset in range(0, len(content), max(1, len(content) // 8)):
            changed = bytearray(content)
            changed[offset] ^= 1
            path.write_bytes(changed)
            trace = person.run("access", "audit", "verify", status=2)
            assert "NOT WHOLE" in trace.out.splitlines()[-1], trace.out
            assert path.read_bytes() == changed
        path.write_bytes(content)
    (person.home / "audit" / "added").write_text("")
    assert "added: does not belong here" in person.run("access", "audit", "verify", status=2).out
    found = json.loads(person.run("access", "audit", "verify", "--format", "json", status=2).out)
    assert found["whole"] is False and found["difference_count"] == 1


@case
def verify_checks_against_the_key_it_is_given(person):
    person.run("analyze", "--model", "critical", "x", status=2)
    key = (person.home / "identity" / "owner.vkey").read_text().strip()
    person.run("access", "audit", "verify", "--key", key)
    other = Person(person.folder / "other")
    other.folder.mkdir()
    other.run("analyze", "--model", "critical", "x", status=2)
    theirs = (other.home / "identity" / "owner.vkey").read_text().strip()
    assert "NOT WHOLE" in person.run("access", "audit", "verify", "--key", theirs, status=2).out
    one_line(person.run("access", "audit", "verify", "--key", "nonsense", status=2).err)


@case
def erased_arguments_leave_the_log_whole(person):
    person.run("analyze", "--model", "critical", "a secret name", status=2)
    assert "a secret name" in person.last()["arguments"]
    assert not any(b"secret" in content for content in readable(person.home / "audit").values())
    for payload in (person.home / "payloads").iterdir():
        payload.unlink()
    assert "1 erased" in person.run("access", "audit", "verify").out
    assert person.last()["erased"] is True


@case
def who_may_do_what_is_shown(person):
    before = json.loads(person.run("access", "show", "--format", "json").out)
    assert [row["held"] for row in before["classes"]] == [True, False, False] and before["problem"]
    person.run("analyze", "--model", "critical", "x", status=2)
    after = json.loads(person.run("access", "show", "--format", "json").out)
    assert [row["held"] for row in after["classes"]] == [True, True, False] and "problem" not in after
    assert after["policy_sha256"] == person.last()["policy_sha256"]
    assert after["policy_sha256"] in person.run("access", "show").out


@case
def every_command_helps(person):
    listing = person.run("help").out
    commands = ("analyze", "report", "respond", "show", "extract", "access show", "access audit show",
                "access audit verify", "demo", "help", "version")
    for command in commands:
        assert f"tocsin {command}" in listing
        long = person.run(*command.split(), "--help").out
        assert long.startswith(f"usage: tocsin {command}")
        assert long == person.run(*command.split(), "-h").out == person.run("help", *command.split()).out


@case
def the_page_of_operations_is_current(person):
    page = ROOT / "docs" / "operations.md"
    assert person.run("help", "--operations").out == page.read_text(), "run: tocsin help --operations"


@case
def what_is_wrong_takes_one_line(person):
    wrong = (("frobnicate",), ("analyze",), ("analyze", "--what", "x"), ("analyze", "--format", "xml", "x"),
             ("analyze", "no such folder"), ("report", "missing.json"), ("show", "missing.json", "a:1"),
             ("extract", "missing.json", "a:1"), ("help", "me"), ("access",), ("analyze", ""))
    for words in wrong:
        trace = person.run(*words, status=2)
        one_line(trace.err)
        assert trace.out == "", words


@case
def version_is_text_and_json(person):
    version = json.loads(person.run("version", "--format", "json").out)["version"]
    assert person.run("version").out.startswith(f"tocsin {version} ")


@case
def a_home_that_others_may_write_to_is_not_used(person):
    person.home.mkdir()
    os.chmod(person.home, 0o777)
    line = one_line(person.run("extract", "r", "c", "--to", ".", status=2).err)
    assert "verified-needs-a-key" in line and "others may write to it" in line
    assert list(person.home.iterdir()) == []


@case
def what_could_not_be_done_is_one_object_for_a_program(person):
    person.file("taken", "x")
    for words, operation, kind, because in (
            (("report", "missing"), "report.render", None, "missing"),
            (("access", "card", "--name", "A", "--out", "taken"), "access.card", "conflict", "exists already"),
            (("access", "audit", "prove", "x"), "audit.prove", "malformed", "named by its number"),
            (("report", "taken", "--output", "missing/x"), "report.render", "input or output error", "cannot write"),
            (("access", "card", "--nam", "A"), None, "malformed", "there is no option"),
            (("unknown",), None, "malformed", "there is no command")):
        for form in (("--format", "json"), ("--format=json",)):
            trace = person.run(*words, *form, status=2)
            assert trace.out == "" and trace.err.count("\n") == 1, (words, trace.err)
            failed = json.loads(trace.err)["failed"]
            assert failed.get("operation") == operation and because in failed["because"], (words, failed)
            assert kind is None or failed["kind"] == kind, (words, failed)
    # What was typed by mistake and is secret is not said here either.
    key = "AGE-SECRET-KEY-" + "Q" * 59
    trace = person.run("access", "seal", "taken", "--to", key, "--format", "json", status=2)
    assert "secret, not shown" in json.loads(trace.err)["failed"]["because"] and key not in trace.err


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[2:])))
