#!/usr/bin/env python3
"""What `tocsin watch` says while something builds up: of what was recorded, and of files that are
rotated, cut short, deleted and come back while it looks; what it remembers over a restart, and how
it ends.

usage: tests/cli/watch.py TOCSIN [NAME...]"""

import json
import os
import pathlib
import queue
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "report"))

from auth_log import accepted, failed, guesses, ordinary  # noqa: E402
from person import case, main, one_line  # noqa: E402
from schema import PATH as REPORT_SCHEMA, Refused, Schema  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
INTRUSION = ROOT / "examples" / "intrusion"
ORDINARY = ROOT / "examples" / "ordinary"
WATCH_SCHEMA = json.loads((ROOT / "docs" / "watch.schema.json").read_text())
SCHEMA = Schema(WATCH_SCHEMA)
PATIENCE_S = 60


def checked(line):
    """A line of JSON, which docs/watch.schema.json describes."""
    said = json.loads(line)
    SCHEMA.check(said, WATCH_SCHEMA["$defs"][said["kind"]])
    return said


class Watch:
    """A watch that runs, and the JSON lines it says."""

    def __init__(self, person, *words):
        self.process = person.start("watch", "--format", "json", *words)
        self.lines = queue.Queue()
        self.said = []
        threading.Thread(target=self.listen, daemon=True).start()
        for word in words:
            if pathlib.Path(word).exists():
                self.wait("note", path=str(word))

    def listen(self):
        for line in self.process.stdout:
            self.lines.put(checked(line))
        self.lines.put(None)

    def wait(self, kind, seconds=PATIENCE_S, **members):
        """The next line of that kind."""
        end = time.monotonic() + seconds
        while True:
            line = self.lines.get(timeout=max(0.01, end - time.monotonic()))
            assert line is not None, f"it ended without saying {kind} {members}: {self.said}"
            self.said.append(line)
            if line["kind"] == kind and all(line[name] == value for name, value in members.items()):
                return line

    def end(self, how=signal.SIGTERM, status=0):
        """All it said, its last line being the totals."""
        self.process.send_signal(how)
        return self.finish(status)

    def finish(self, status=0):
        while (line := self.lines.get(timeout=PATIENCE_S)) is not None:
            self.said.append(line)
        error = self.process.stderr.read()
        assert self.process.wait(timeout=PATIENCE_S) == status, (self.process.returncode, error, self.said)
        assert self.said[-1]["kind"] == "totals", self.said
        return self.said

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=PATIENCE_S)


def add(path, text):
    with open(path, "a") as file:
        file.write(text)


def of_kind(lines, kind):
    return [line for line in lines if line["kind"] == kind]


def replay(person, *words, status=0):
    out = person.run("watch", "--replay", "--format", "json", *words, status=status).out
    return [checked(line) for line in out.splitlines()]


# ---- what was recorded ----


@case
def guessing_is_warned_of_before_the_login(person):
    lines = replay(person, INTRUSION / "auth.log", status=1)
    warning, entry = of_kind(lines, "warning")[0], of_kind(lines, "entry")[0]
    assert warning["finding"]["rule"] == "behaviour/password-guessing"
    assert warning["at"] < entry["finding"]["first"]
    assert entry["warned"] == warning["at"] and entry["lead_seconds"] > 0
    assert entry["first_try"] == warning["finding"]["first"]
    totals = lines[-1]
    assert (totals["entries"], totals["entries_foretold"]) == (1, 1)


@case
def an_entry_is_one_that_an_analysis_calls_one(person):
    log = person.file("auth.log", guesses(15) + accepted(7300, 90))
    report = json.loads(person.run("analyze", "--format", "json", log, status=1).out)
    found = {f["rule"]: f for f in report["findings"]}
    entry = of_kind(replay(person, log, status=1), "entry")[0]["finding"]
    alike = found["behaviour/login-after-guessing"]
    for member in ("severity", "confidence", "first", "entities", "technique"):
        assert entry[member] == alike[member], member
    assert entry["cites"][0]["at"] == alike["cites"][0]["at"]


@case
def the_warning_comes_with_the_try_that_makes_it_guessing(person):
    log = person.file("auth.log", guesses(40))
    warning = of_kind(replay(person, log), "warning")[0]
    assert warning["at"] == "2026-03-03T02:00:09Z" and warning["measure"] == 10
    assert warning["since_first_seconds"] == 9.0
    assert [cite["at"] for cite in warning["finding"]["cites"]] == ["auth.log:1", "auth.log:10"]
    assert warning["expects"] and warning["stop"]["command"] == "ip route add blackhole 203.0.113.7"


@case
def a_matter_is_said_once_and_again_at_ten_times_as_much(person):
    log = person.file("auth.log", guesses(99))
    assert len(of_kind(replay(person, log), "warning")) == 1
    add(log, guesses(2, 7299, 99))
    warnings = of_kind(replay(person, log), "warning")
    assert [(line["measure"], line["again"]) for line in warnings] == [(10, False), (100, True)]


@case
def nine_tries_are_an_unlucky_person(person):
    log = person.file("auth.log", guesses(9) + accepted(7300, 90))
    assert [line["kind"] for line in replay(person, log)] == ["totals"]


@case
def an_owner_from_elsewhere_is_no_entry(person):
    log = person.file("auth.log", guesses(30) + accepted(7300, 90, "198.51.100.20"))
    lines = replay(person, log)
    assert of_kind(lines, "entry") == [] and lines[-1]["entries"] == 0


@case
def an_ordinary_day_is_quiet(person):
    files = [ORDINARY / name for name in ("auth.log", "syslog", "capture.pcap")]
    assert replay(person, *files)[-1]["warnings"] <= 2


@case
def a_day_has_room_for_few_warnings_and_says_what_it_held_back(person):
    log = person.file("auth.log", "".join(
        guesses(12, 3600 + 100 * number, 100 * number, f"198.51.100.{number + 1}") for number in range(25)))
    totals = replay(person, log)[-1]
    assert (totals["warnings"], totals["held_back"]) == (10, 15)


@case
def an_entry_is_always_said(person):
    text = "".join(guesses(12, 3600 + 100 * number, 100 * number, f"198.51.100.{number + 1}") for number in range(25))
    log = person.file("auth.log", text + guesses(12, 9000, 5000) + accepted(9100, 5100))
    assert len(of_kind(replay(person, log, status=1), "entry")) == 1


@case
def files_are_gone_through_side_by_side_in_the_time_of_the_evidence(person):
    first = person.file("auth.log.1", guesses(5, 7200))
    second = person.file("auth.log", guesses(5, 7300, 50))
    for order in ((first, second), (second, first)):
        warning = of_kind(replay(person, *order), "warning")[0]
        assert warning["measure"] == 10 and warning["at"] == "2026-03-03T02:01:44Z"


@case
def scanning_of_a_web_server_is_warned_of(person):
    line = '203.0.113.9 - - [03/Mar/2026:02:{:02d}:{:02d} +0000] "GET /{} HTTP/1.1" 404 146 "-" "curl/7.88"\n'
    log = person.file("access.log", "".join(line.format(n // 60, n % 60, f"a{n}") for n in range(80)))
    warning = of_kind(replay(person, log), "warning")[0]
    assert warning["finding"]["rule"] == "behaviour/web-scan" and warning["stage"] == "scanning"
    assert warning["at"] == "2026-03-03T02:00:29Z", warning["at"]


@case
def speed_follows_the_time_of_the_evidence(person):
    log = person.file("auth.log", guesses(11))
    begin = time.monotonic()
    replay(person, log, "--speed", "5")
    slow = time.monotonic() - begin
    assert slow >= 2, slow
    begin = time.monotonic()
    replay(person, log, "--speed", "max")
    assert time.monotonic() - begin < slow


@case
def what_is_not_understood_is_said(person):
    log = person.file("notes.txt", "nothing that anybody logs\n" * 5)
    lines = replay(person, log)
    assert [line["kind"] for line in lines] == ["unread", "totals"]
    assert lines[0]["path"] == "notes.txt" and "not understood" in lines[0]["why"]


@case
def what_makes_no_sense_is_refused(person):
    log = person.file("auth.log", guesses(1))
    for words in (["--speed", "2", log], ["--replay", "-"], ["--replay", "missing.log"], ["--replay", person.folder],
                  ["--speed", "fast", "--replay", log], ["--replay"]):
        one_line(person.run("watch", *words, status=2).err)


@case
def text_for_people_is_one_line_a_warning(person):
    evil = guesses(12).replace("for deploy", "for de\x1b[31mploy")
    out = person.run("watch", "--replay", person.file("auth.log", evil)).out
    lines = out.splitlines()
    assert len(lines) == 2 and "\x1b" not in out
    assert lines[0].startswith("2026-03-03T02:00:09Z WARNING medium Passwords guessed from 203.0.113[.]7")
    assert "[auth.log:1]" in lines[0] and "Expect: " in lines[0] and "To stop it: " in lines[0]
    assert lines[1].startswith("TOTALS warnings 1 ")


@case
def the_schema_is_that_of_the_report_where_they_meet(person):
    shared = json.loads(REPORT_SCHEMA.read_text())["$defs"]
    for name, described in WATCH_SCHEMA["$defs"].items():
        assert name not in shared or described == shared[name], name
    try:
        SCHEMA.check({"kind": "totals"}, WATCH_SCHEMA["$defs"]["totals"])
    except Refused:
        return
    raise AssertionError("the schema lets a line pass that says nothing")


@case
def beginning_and_end_are_recorded(person):
    log = person.file("auth.log", guesses(12))
    replay(person, log)
    begin, end = person.entries()[-2:]
    assert begin["operation"] == end["operation"] == "evidence.watch"
    assert begin.get("object_sha256") in (None, "") and end["object_sha256"]


# ---- what goes on ----


@case
def a_growing_file_is_followed(person):
    log = person.file("auth.log", ordinary(7000, 1))
    watch = Watch(person, log)
    for number in range(12):
        add(log, failed(7200 + number, number))
    warning = watch.wait("warning")
    assert warning["finding"]["cites"][0]["at"] == "auth.log:2"
    add(log, accepted(7300, 50))
    assert watch.wait("entry")["lead_seconds"] > 0
    watch.end(status=1)


@case
def a_line_is_read_when_it_is_whole(person):
    log = person.file("auth.log", guesses(9))
    watch = Watch(person, log)
    line = failed(7220, 40)
    add(log, line[:50])
    time.sleep(1.5)
    add(log, line[50:])
    assert watch.wait("warning")["measure"] == 10
    watch.end()


@case
def a_file_that_is_replaced_is_read_to_its_end_and_the_new_one_from_its_beginning(person):
    log = person.file("auth.log", ordinary(7000, 1))
    watch = Watch(person, log)
    add(log, guesses(5))
    log.rename(person.folder / "auth.log.1")
    add(person.folder / "auth.log.1", guesses(2, 7205, 5))
    log.write_text(guesses(5, 7210, 20))
    assert "took its name" in watch.wait("note")["note"]
    assert watch.wait("warning")["measure"] > 10  # more than any of the files holds
    watch.end()


@case
def a_file_that_is_cut_short_is_read_from_its_beginning(person):
    log = person.file("auth.log", "")
    watch = Watch(person, log)
    add(log, guesses(6))
    time.sleep(1)
    os.truncate(log, 0)
    add(log, guesses(6, 7210, 20))
    assert "cut short" in watch.wait("note")["note"]
    assert watch.wait("warning")["measure"] >= 10
    watch.end()


@case
def a_file_that_was_cut_and_grew_past_the_place_is_noticed(person):
    log = person.file("auth.log", guesses(12))
    watch = Watch(person, log)
    watch.wait("warning")  # it was read
    log.write_text(guesses(40, 7300, 200, "198.51.100.77"))
    assert "cut short" in watch.wait("note")["note"]
    assert watch.wait("warning")["measure"] >= 10
    watch.end()


@case
def a_file_that_is_deleted_is_waited_for(person):
    log = person.file("auth.log", guesses(4))
    watch = Watch(person, log)
    log.unlink()
    assert "gone" in watch.wait("note")["note"]
    log.write_text(guesses(8, 7300, 40))
    assert watch.wait("warning")["measure"] > 8
    watch.end()


@case
def a_file_that_appears_later_is_read_from_its_beginning(person):
    log = person.folder / "auth.log"
    watch = Watch(person, log)
    assert "not there yet" in watch.wait("note")["note"]
    log.write_text(guesses(12))
    assert watch.wait("warning")["finding"]["cites"][0]["at"] == "auth.log:1"
    watch.end()


@case
def standard_input_is_followed_to_its_end(person):
    journal = "".join(json.dumps({
        "__REALTIME_TIMESTAMP": str(1772503200000000 + 1000000 * number), "_HOSTNAME": "web01",
        "SYSLOG_IDENTIFIER": "sshd", "_PID": str(900 + number), "_COMM": "sshd",
        "MESSAGE": f"Failed password for root from 203.0.113.7 port {4000 + number} ssh2"}) + "\n"
        for number in range(12))
    process = person.start("watch", "--format", "json", "-", stdin=subprocess.PIPE)
    out, err = process.communicate(journal, timeout=PATIENCE_S)
    lines = [checked(line) for line in out.splitlines()]
    assert process.returncode == 0 and lines[-1]["kind"] == "totals", (out, err)
    assert of_kind(lines, "warning")[0]["finding"]["cites"][0]["at"].startswith("stdin")


@case
def both_signals_end_it_with_totals(person):
    log = person.file("auth.log", guesses(12))
    for how in (signal.SIGINT, signal.SIGTERM):
        watch = Watch(person, log)
        watch.wait("warning") if how == signal.SIGINT else time.sleep(2)
        assert watch.end(how)[-1]["warnings"] == 1


@case
def nobody_reads_any_more(person):
    log = person.file("auth.log", ordinary(7000, 1))
    process = person.start("watch", "--format", "json", log)
    process.stdout.close()
    for number in range(0, 400, 20):
        time.sleep(0.5)
        add(log, guesses(20, 7200 + number, number, f"198.51.100.{number // 20 + 1}"))
        if process.poll() is not None:
            break
    assert process.wait(timeout=PATIENCE_S) == 0


# ---- over a restart ----


@case
def a_count_goes_on_over_a_restart(person):
    log = person.file("auth.log", guesses(6))
    watch = Watch(person, log)
    time.sleep(1)
    assert of_kind(watch.end(), "warning") == []
    add(log, guesses(6, 7210, 30))
    watch = Watch(person, log)
    warning = watch.wait("warning")
    assert warning["measure"] > 10 and warning["finding"]["cites"][0]["at"] == "auth.log:1"
    watch.end()


@case
def what_was_said_is_not_said_again(person):
    log = person.file("auth.log", guesses(20))
    watch = Watch(person, log)
    watch.wait("warning")
    watch.end()
    watch = Watch(person, log)
    add(log, guesses(5, 7240, 60))
    time.sleep(7)
    lines = watch.end()
    assert of_kind(lines, "warning") == [], lines
    assert lines[-1]["warnings"] == 1


def goes_on(watch):
    """It went on where the last one ended, instead of reading all of it once more."""
    return any(line["note"].endswith("where the last watch of it ended") for line in of_kind(watch.said, "note"))


@case
def a_scan_goes_on_over_a_restart(person):
    line = '203.0.113.9 - - [03/Mar/2026:02:00:{:02d} +0000] "GET /{} HTTP/1.1" 404 146 "-" "curl/7.88"\n'
    log = person.file("access.log", "".join(line.format(n, f"a{n}") for n in range(20)))
    watch = Watch(person, log)
    time.sleep(1)
    assert of_kind(watch.end(), "warning") == []
    add(log, "".join(line.format(n, f"a{n}") for n in range(20, 40)))
    watch = Watch(person, log)
    assert goes_on(watch)
    assert watch.wait("warning")["finding"]["facts"]["missing_count"] >= 30
    watch.end()


@case
def a_watch_that_was_killed_goes_on_from_its_last_state(person):
    log = person.file("auth.log", guesses(6))
    watch = Watch(person, log)
    time.sleep(2)
    watch.end()
    watch = Watch(person, log)
    add(log, guesses(2, 7210, 30))
    time.sleep(2)
    watch.kill()
    add(log, guesses(4, 7220, 40))
    watch = Watch(person, log)
    assert goes_on(watch)
    assert watch.wait("warning")["measure"] >= 10
    watch.end()


def state_of(person):
    return next((person.home / "watch").glob("*.state"))


@case
def a_damaged_state_is_said_and_begun_afresh(person):
    log = person.file("auth.log", guesses(12))
    watch = Watch(person, log)
    watch.wait("warning")
    watch.end()
    state = state_of(person)
    whole = state.read_bytes()
    assert (state.stat().st_mode & 0o777) == 0o600
    for damaged in (whole[:-1], whole[:40], b"", bytes(100), whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:], whole + b"x"):
        state.write_bytes(damaged)
        watch = Watch(person, log)
        assert any("begun afresh" in line["note"] for line in of_kind(watch.said, "note")), watch.said
        watch.wait("warning")
        watch.end()


@case
def the_state_of_somebody_else_is_not_believed(person):
    log = person.file("auth.log", guesses(12))
    watch = Watch(person, log)
    watch.wait("warning")
    watch.end()
    state = state_of(person).read_bytes()
    (person.home).rename(person.folder / "other")
    person.run("analyze", log)
    (person.home / "watch").mkdir(mode=0o700)
    (person.home / "watch" / next((person.folder / "other" / "watch").glob("*.state")).name).write_bytes(state)
    watch = Watch(person, log)
    assert any("not yours" in line["note"] for line in watch.said), watch.said
    watch.end()


@case
def a_second_watch_of_the_same_files_keeps_no_state(person):
    log = person.file("auth.log", ordinary(7000, 1))
    first = Watch(person, log)
    second = Watch(person, log)
    assert any("another watch" in line["note"] for line in second.said), second.said
    second.end()
    first.end()


@case
def without_a_home_it_watches_and_says_so(person):
    log = person.file("auth.log", guesses(12))
    person.home.mkdir()
    person.home.chmod(0o777)
    watch = Watch(person, log)
    assert any("home" in line["note"] for line in watch.said), watch.said
    watch.wait("warning")
    watch.end()


# ---- a follower that is lost ----


def helpers(watch, name):
    pid = watch.process.pid
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children
            if name in pathlib.Path(f"/proc/{child}/comm").read_text()]


@case
def a_follower_that_dies_is_begun_again(person):
    log = person.file("auth.log", guesses(6))
    watch = Watch(person, log)
    time.sleep(7)
    os.kill(helpers(watch, "tocsin-follow")[0], signal.SIGKILL)
    add(log, guesses(1, 7210, 30))
    assert "crash" in watch.wait("note")["note"]
    add(log, guesses(6, 7215, 40))
    assert watch.wait("warning")["measure"] >= 10
    watch.end()


@case
def a_judge_that_dies_is_begun_again_and_shown_the_same(person):
    log = person.file("auth.log", guesses(6))
    watch = Watch(person, log)
    time.sleep(7)
    os.kill(helpers(watch, "tocsin-conclu")[0], signal.SIGKILL)
    add(log, guesses(6, 7210, 30))
    assert "begun again" in watch.wait("note")["note"]
    assert watch.wait("warning")["measure"] >= 10
    watch.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
