#!/usr/bin/env python3
"""`tocsin demo`: what it shows is what the same commands print, and nothing of it stays.

usage: tests/cli/demo.py TOCSIN [NAME...]"""

import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time

from person import case, main, one_line

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
STEP = re.compile(r"^== (\d) of (\d): .* ==$", re.M)
CUT = re.compile(r"\n\[cut here: (\d+) more lines\]\n$")
SECONDS_FAST = 30  # of a build with sanitizers on a busy machine; the release needs one or two
SECONDS_MAX = 90


def prepare(person):
    person.spare = person.folder / "spare"
    person.spare.mkdir()
    person.environment["TMPDIR"] = str(person.spare)


def steps_of(shown):
    """(words, output, status) of every step, in order."""
    numbers = STEP.findall(shown)
    assert [int(at) for at, _ in numbers] == list(range(1, len(numbers) + 1)), numbers
    assert {int(count) for _, count in numbers} == {len(numbers)}, numbers
    steps = []
    for part in re.split(STEP, shown)[3::3]:
        command, output = part.split("\n$ tocsin ", 1)[1].split("\n", 1)
        output, _, rest = output.rpartition("[status ")
        steps.append((shlex.split(command), output, int(rest.split("]")[0])))
    return steps


def nothing_stays(person):
    assert list(person.spare.iterdir()) == [], list(person.spare.rglob("*"))
    assert not person.home.exists()


@case
def each_step_prints_what_its_command_prints(person):
    began = time.monotonic()
    shown = person.run("demo", "--fast")
    assert time.monotonic() - began < SECONDS_FAST
    assert shown.err == ""
    nothing_stays(person)
    steps = steps_of(shown.out)
    (person.folder / "examples").symlink_to(ROOT / "examples")
    for words, output, status in steps:
        done = person.start(*words, stderr=subprocess.STDOUT)
        printed = done.communicate(timeout=60)[0]
        assert done.returncode == status, words
        if words[:3] == ["access", "audit", "show"]:
            # Keys and times are of each home's own; what was done, and in which order, is not.
            own = re.compile(r"\d{4}-[\d-]+T[\d:]+Z|sha256:[0-9a-f]+")
            output, printed = own.sub("", output), own.sub("", printed)
        if words[:3] == ["access", "audit", "verify"]:
            output, printed = (re.sub(r"\d+ bytes", "", text) for text in (output, printed))
        cut = CUT.search(output)
        if cut:
            whole = printed.splitlines()
            kept = output[:cut.start()].splitlines()
            assert whole[:len(kept)] == kept and len(whole) == len(kept) + int(cut.group(1)), words
        else:
            assert printed == output, words


@case
def it_shows_page_question_plan_refusal_and_the_entry_of_it(person):
    steps = steps_of(person.run("demo", "--fast").out)
    assert [(words[0], status) for words, _, status in steps] == [
        ("analyze", 1), ("report", 0), ("ask", 0), ("respond", 0), ("explain", 0), ("analyze", 2), ("access", 0),
        ("access", 0)]
    outputs = [output for _, output, _ in steps]
    assert outputs[1].startswith("Verdict: malicious\n") and "[auth.log" in outputs[1]
    assert "[capture.pcap#" in outputs[2]
    assert "[playbook:" in outputs[3] and "Undo:" in outputs[3]
    assert "[text@" in outputs[4]
    assert "not_entitled" in outputs[5] and "sealed-needs-a-grant" in outputs[5]
    assert re.search(r"refused +C2 +model\.critical +sealed-needs-a-grant +not_entitled\n +asked: analyze --model critical",
                     outputs[6]), outputs[6]
    assert re.search(r"^whole: \d+ entries .* 0 differences$", outputs[7], re.M), outputs[7]


@case
def trusted_access_is_played_from_its_founding_to_its_end(person):
    began = time.monotonic()
    shown = person.run("demo", "access", "--fast")
    assert time.monotonic() - began < SECONDS_MAX and shown.err == ""
    nothing_stays(person)
    said = re.findall(r"^\[status (\d)\]\n-> (\w+)$", shown.out, re.M)
    assert said == [("2", "refused"), ("2", "refused"), ("2", "refused"), ("0", "granted"), ("1", "granted"), ("0", "granted"),
                    ("2", "refused"), ("2", "revoked")], said
    titles = STEP.findall(shown.out)
    assert [int(at) for at, _ in titles] == list(range(1, int(titles[0][1]) + 1)), titles
    for rule in ("requester-has-the-tier", "one-officer-does-not-decide-alone", "enough-witnesses-cosigned", "agents-calls-are-used-up",
                 "revoked, rule grant-is-not-revoked"):
        assert rule in shown.out, rule
    assert "restricted rule pack sample-pack" in shown.out
    assert re.search(r"^whole: \d+ entries .* 0 differences$", shown.out, re.M)
    for who in ("security", "legal", "group", "hospital", "clinic", "school", "agent", "witness-one", "witness-two"):
        assert f"$ TOCSIN_HOME={who} tocsin " in shown.out, who


@case
def stopped_while_an_analysis_goes_on_it_leaves_nothing(person):
    process = person.start("demo", "access", "--fast")
    while "tocsin analyze --pack sample-pack long.sh" not in process.stdout.readline():
        pass
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=SECONDS_FAST)
    assert process.returncode == 2 and one_line(said) == "tocsin: stopped\n", said
    nothing_stays(person)


@case
def a_demonstration_that_is_none_is_refused(person):
    assert "there is no demonstration 'other'" in one_line(person.run("demo", "other", status=2).err)
    nothing_stays(person)


@case
def asked_to_stop_it_takes_its_place_away(person):
    for number in (signal.SIGINT, signal.SIGTERM):
        process = person.start("demo")
        while not process.stdout.readline().startswith("== 1"):
            pass
        assert len(list(person.spare.iterdir())) == 1
        process.send_signal(number)
        _, said = process.communicate(timeout=SECONDS_FAST)
        assert process.returncode == 2 and one_line(said) == "tocsin: stopped\n", said
        nothing_stays(person)


@case
def whoever_stops_reading_has_seen_enough(person):
    process = person.start("demo", "--fast")
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=SECONDS_FAST) == 0
    assert process.stderr.read() == ""
    nothing_stays(person)


@case
def a_full_disk_is_said(person):
    with open("/dev/full", "w") as full:
        process = person.start("demo", "--fast", stdout=full)
        said = one_line(process.communicate(timeout=SECONDS_FAST)[1])
    assert process.returncode == 2 and "No space left" in said, said
    nothing_stays(person)


@case
def without_examples_or_room_it_says_so(person):
    place = person.folder / "place"
    place.mkdir()
    shutil.copy2(person.program, place)
    kept, person.program = person.program, place / person.program.name
    assert "examples" in one_line(person.run("demo", "--fast", status=2).err)
    nothing_stays(person)
    person.program = kept
    person.environment["TMPDIR"] = str(person.folder / "missing")
    assert "temporary folder" in one_line(person.run("demo", "--fast", status=2).err)


@case
def the_examples_are_read_and_never_changed(person):
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in (ROOT / "examples/intrusion").iterdir()}
    person.run("demo", "--fast")
    assert before == {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in before}
    nothing_stays(person)


@case
def with_its_pauses_it_takes_about_a_minute(person):
    began = time.monotonic()
    process = person.start("demo")
    process.communicate(timeout=SECONDS_MAX)
    took = time.monotonic() - began
    assert process.returncode == 0 and 30 < took < SECONDS_MAX, took
    nothing_stays(person)


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[2:]), prepare))
