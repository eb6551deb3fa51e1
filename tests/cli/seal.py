#!/usr/bin/env python3
"""Sealing files to others, and splitting the key that opens them.

usage: tests/cli/seal.py TOCSIN [NAME...]"""

import itertools
import json
import os
import signal
import stat
import subprocess
import sys
import time

from person import Person, case, main, one_line, readable

SOMEBODY = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"


def other(person, name="other"):
    """Somebody else, with a home of their own in the same folder."""
    somebody = Person(person.folder)
    somebody.home = person.folder / name
    somebody.environment = {**person.environment, "TOCSIN_HOME": str(somebody.home)}
    return somebody


def split(person):
    """(the recipient, the five files of shares)"""
    folder = person.folder / "shares"
    folder.mkdir(mode=0o700)
    recipient = person.run("access", "recipient").out.strip()
    said = json.loads(person.run("access", "split", "--out", folder, "--format", "json").out)
    assert said["recipient"] == recipient and said["needed"] == 3
    return recipient, [folder / name for name in said["files"]]


@case
def a_recipient_is_made_once_and_its_key_is_kept_from_others(person):
    recipient = person.run("access", "recipient").out.strip()
    assert recipient.startswith("age1") and len(recipient) == 62
    assert person.run("access", "recipient").out.strip() == recipient
    assert json.loads(person.run("access", "recipient", "--format", "json").out) == {"recipient": recipient}
    key = person.home / "identity/sealing.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    os.chmod(key, 0o644)
    assert "mode 0600" in one_line(person.run("access", "recipient", status=2).err)
    key.unlink()
    key.write_text("nonsense\n")
    os.chmod(key, 0o600)
    one_line(person.run("access", "recipient", status=2).err)
    assert key.read_text() == "nonsense\n"


@case
def what_is_sealed_is_written_whole_and_recorded_before(person):
    person.file("rules.yaml", "harmless rules\n" * 10000)
    said = json.loads(person.run("access", "seal", "rules.yaml", "--to", SOMEBODY, "--out", "rules.age",
                                 "--format", "json").out)
    sealed = (person.folder / "rules.age").read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1\n-> X25519 ") and b"harmless" not in sealed
    assert said["size"] == len(sealed) and said["recipients"] == 1
    entry = person.last()
    assert (entry["event"], entry["operation"], entry["class"]) == ("done", "access.seal", "C1")
    assert entry["object_sha256"] == said["sha256"]
    assert sorted(path.name for path in person.folder.iterdir()) == ["home", "rules.age", "rules.yaml"]


@case
def several_may_open_it_and_it_may_be_lines_of_text(person):
    person.file("note", "x")
    recipient = person.run("access", "recipient").out.strip()
    person.run("access", "seal", "note", "-t", SOMEBODY, "-t", recipient, "--armour", "--out", "note.age")
    lines = (person.folder / "note.age").read_text().splitlines()
    assert lines[0] == "-----BEGIN AGE ENCRYPTED FILE-----" and lines[-1] == "-----END AGE ENCRYPTED FILE-----"


@case
def whoever_has_a_card_is_named_by_it(person):
    person.file("note", "x")
    person.run("access", "card", "--name", "A", "--out", "a.card")
    own = person.run("access", "recipient").out
    person.file("line", own)
    said = json.loads(person.run("access", "seal", "note", "--to", "a.card", "--to", "line", "--to", own.strip(),
                                 "--out", "named.age", "--format", "json").out)
    assert said["recipients"] == 1, said
    person.file("bad.card", (person.folder / "a.card").read_text().replace("name: A", "name: B"))
    for name in ("bad.card", "note"):
        assert "says no recipient" in one_line(person.run("access", "seal", "note", "--to", name, "--out", "x",
                                                          status=2).err), name
    assert not (person.folder / "x").exists()


@case
def nothing_is_overwritten_and_nothing_half_done_is_left(person):
    person.file("note", "x")
    person.file("taken", "mine")
    seal = ("access", "seal", "note", "--to", SOMEBODY)
    assert "it exists already" in one_line(person.run(*seal, "--out", "taken", status=2).err)
    assert (person.folder / "taken").read_text() == "mine"
    assert person.last()["event"] != "done"
    assert "no recipient" in one_line(person.run("access", "seal", "note", "--to", SOMEBODY[:-1] + "q",
                                                 "--out", "new", status=2).err)
    for words in (seal, ("access", "seal", "note", "--out", "new"), (*seal, "--out", "missing/new"),
                  ("access", "seal", ".", "--to", SOMEBODY, "--out", "new"),
                  ("access", "seal", "missing", "--to", SOMEBODY, "--out", "new")):
        one_line(person.run(*words, status=2).err)
    assert sorted(path.name for path in person.folder.iterdir()) == ["home", "note", "taken"]


@case
def standard_input_is_sealed_and_joined_too(person):
    recipient = person.run("access", "recipient").out.strip()
    (person.folder / "note").write_text("x" * 100000)
    with (person.folder / "note").open() as note:
        person.run("access", "seal", "-", "--to", recipient, "--out", "note.age", stdin=note)
    assert (person.folder / "note.age").stat().st_size > 100000
    _, shares = split(person)
    somebody = other(person)
    with shares[0].open() as first:
        said = somebody.run("access", "join", "-", *shares[1:3], "--format", "json", stdin=first)
    assert json.loads(said.out) == {"recipient": recipient, "kept": True}


@case
def who_is_named_twice_is_one_reader(person):
    person.file("note", "x")
    said = json.loads(person.run("access", "seal", "note", "--to", SOMEBODY, "--to", SOMEBODY, "--out", "note.age",
                                 "--format", "json").out)
    assert said["recipients"] == 1
    assert (person.folder / "note.age").read_bytes().count(b"-> X25519 ") == 1


@case
def sealing_ends_when_it_is_asked_to(person):
    process = person.start("access", "seal", "-", "--to", SOMEBODY, "--out", "note.age", stdin=subprocess.PIPE)
    process.stdin.write("beginning")
    process.stdin.flush()
    deadline = time.monotonic() + 20
    while not any(path.name.startswith(".unfinished") for path in person.folder.iterdir()):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 2
    assert "stopped" in one_line(process.stderr.read())
    process.stdin.close()
    assert [path.name for path in person.folder.iterdir()] == ["home"]
    assert (person.last()["event"], person.last()["reason"]) == ("failed", "conflict")


@case
def what_fails_is_in_the_log_as_failed(person):
    person.file("note", "x")
    person.file("taken", "mine")
    (person.folder / "shares").mkdir(mode=0o755)
    person.run("access", "recipient")
    for words, operation in ((("seal", "missing", "--to", SOMEBODY, "--out", "new"), "access.seal"),
                             (("seal", "note", "--to", SOMEBODY, "--out", "taken"), "access.seal"),
                             (("split", "--out", "missing"), "access.split"), (("join", "note"), "access.join")):
        person.run("access", *words, status=2)
        allowed, failed = person.entries()[-2:]
        assert (allowed["event"], failed["event"]) == ("allowed", "failed"), words
        assert failed["operation"] == operation and failed["decision"] == allowed["sequence"] and failed["reason"]


@case
def a_folder_that_is_missing_is_told_by_the_name_that_was_asked_for(person):
    person.file("note", "x")
    line = one_line(person.run("access", "seal", "note", "--to", SOMEBODY, "--out", "missing/new", status=2).err)
    assert "missing/new cannot be written" in line and "unfinished" not in line


@case
def two_splits_do_not_share_a_folder(person):
    _, shares = split(person)
    before = readable(person.folder / "shares")
    line = one_line(person.run("access", "split", "--out", "shares", status=2).err)
    assert "another split" in line and any(path.name in line for path in shares), line
    assert readable(person.folder / "shares") == before


@case
def on_a_full_disk_no_share_is_left(person):
    person.run("access", "recipient")
    folder = person.folder / "small"
    folder.mkdir(mode=0o700)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12k,mode=700", "tmpfs", folder],
                      stderr=subprocess.DEVNULL).returncode != 0:
        print("a full disk cannot be made here")
        return
    try:
        line = one_line(person.run("access", "split", "--out", folder, status=2).err)
        assert "No space left" in line, line
        assert not list(folder.iterdir())
    finally:
        subprocess.run(["umount", folder], check=True)
    assert person.last()["event"] == "failed"


@case
def a_refusal_names_the_word_and_the_files_it_is_about(person):
    _, shares = split(person)
    somebody = other(person)
    words = shares[0].read_text().split()
    for place in (0, 6, len(words) - 1):
        changed = list(words)
        changed[place] = "nonsense"
        mistyped = person.file("mistyped", " ".join(changed))
        line = one_line(somebody.run("access", "join", mistyped, *shares[1:3], status=2).err)
        assert f"word {place + 1} of {len(words)}" in line and "nonsense" not in line, line
    line = one_line(somebody.run("access", "join", person.file("short", " ".join(words[:19])), status=2).err)
    assert "it has 19 words" in line, line
    line = one_line(somebody.run("access", "join", shares[0], shares[1], shares[0], status=2).err)
    assert line.count(str(shares[0])) == 2 and str(shares[1]) not in line, line
    line = one_line(somebody.run("access", "join", *shares[:2], status=2).err)
    assert "2 were given" in line and "asks for 3" in line, line


@case
def a_secret_key_on_the_command_line_does_not_reach_the_log(person):
    person.file("note", "x")
    person.run("access", "recipient")
    secret = (person.home / "identity/sealing.key").read_text().strip()
    for word in (secret, secret.lower()):
        one_line(person.run("access", "seal", "note", "--to", word, "--out", "new", status=2).err)
    (person.home / "identity/sealing.key").unlink()
    assert not any(secret.lower().encode() in content.lower() for content in readable(person.home).values())


@case
def a_secret_in_place_of_a_name_does_not_reach_the_log(person):
    person.run("access", "recipient")
    secret = (person.home / "identity/sealing.key").read_text().strip()
    (person.folder / "shares").mkdir()
    person.run("access", "split", "--out", "shares")
    words = min((person.folder / "shares").iterdir()).read_text().strip()
    assert words[:40] not in person.run("access", "join", words, "a", "b", status=2).err
    for asked in (("seal", secret.lower(), "--to", SOMEBODY, "--out", "new"), ("eligibility", " " + secret),
                  ("seal", "a.file", "--to", secret, "--out", "new"), ("accept", secret, "--format", "json")):
        said = person.run("access", *asked, status=2).err
        assert "(a secret, not shown)" in said and secret[20:40].lower() not in said.lower(), (asked, said)
    kept = b"".join(path.read_bytes() for path in (person.home / "payloads").rglob("*") if path.is_file()).lower()
    assert kept and words[:60].encode() not in kept and secret[:40].lower().encode() not in kept


@case
def without_a_log_nothing_is_made(person):
    person.file("note", "x")
    person.home.write_text("a file where the home should be")
    for words in (("recipient",), ("seal", "note", "--to", SOMEBODY, "--out", "new"), ("split", "--out", "."),
                  ("join", "note")):
        line = one_line(person.run("access", *words, status=2).err)
        assert "refused" in line, line
    assert sorted(path.name for path in person.folder.iterdir()) == ["home", "note"]


@case
def any_three_shares_give_the_key_back_in_another_home(person):
    recipient, shares = split(person)
    assert len(shares) == 5 and len({path.read_text() for path in shares}) == 5
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in shares)
    key = (person.home / "identity/sealing.key").read_text()
    for number, chosen in enumerate(itertools.combinations(shares, 3)):
        somebody = other(person, f"other-{number}")
        said = json.loads(somebody.run("access", "join", *reversed(chosen), "--format", "json").out)
        assert said == {"recipient": recipient, "kept": True}
        assert (somebody.home / "identity/sealing.key").read_text() == key
        said = json.loads(somebody.run("access", "join", *chosen, "--format", "json").out)
        assert said["kept"] is False
    somebody.run("access", "audit", "verify")


@case
def shares_that_do_not_give_a_key_say_why_and_change_nothing(person):
    _, shares = split(person)
    somebody = other(person)
    mistyped = person.file("mistyped", shares[0].read_text().replace(" academic", " acid", 1))
    for words, why in ((shares[:2], "too few shares"), (shares[:4], "leave the others out"),
                       ([shares[0], shares[0], shares[1]], "there twice"),
                       ([mistyped, *shares[1:3]], "checksum is wrong"),
                       ([person.file("long", "academic " * 1000)], "longer than any share"),
                       (["missing"], "No such file"), (["."], "no plain file")):
        assert why in one_line(somebody.run("access", "join", *words, status=2).err)
    assert not (somebody.home / "identity/sealing.key").exists()
    recipient = somebody.run("access", "recipient").out
    assert "another sealing key" in one_line(somebody.run("access", "join", *shares[:3], status=2).err)
    assert somebody.run("access", "recipient").out == recipient


@case
def a_key_is_not_split_into_a_folder_that_others_may_write_to(person):
    person.run("access", "recipient")
    folder = person.folder / "open"
    folder.mkdir()
    os.chmod(folder, 0o777)
    assert "others may write" in one_line(person.run("access", "split", "--out", folder, status=2).err)
    assert not list(folder.iterdir())
    one_line(person.run("access", "split", status=2).err)
    somebody = other(person)
    assert "no sealing key yet" in one_line(somebody.run("access", "split", "--out", ".", status=2).err)


@case
def the_words_of_a_share_are_nowhere_but_in_its_file(person):
    _, shares = split(person)
    somebody = other(person)
    trace = somebody.run("access", "join", *shares[:3])
    words = [path.read_text().strip().split(maxsplit=4)[-1] for path in shares]
    kept = readable(person.home) | readable(somebody.home)
    assert not any(word.encode() in content for word in words for content in kept.values())
    assert not any(word in trace.out + trace.err for word in words)


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[2:])))
