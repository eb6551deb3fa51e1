#!/usr/bin/env python3
"""Sealing files to others, and splitting the key that opens them.

usage: tests/cli/seal.py TOCSIN [NAME...]"""

import itertools
import json
import os
import stat
import sys

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
    person.run("access", "join", words, "a", "b", status=2)
    person.run("access", "seal", secret.lower(), "--to", SOMEBODY, "--out", "new", status=2)
    person.run("access", "eligibility", " " + secret, status=2)
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
