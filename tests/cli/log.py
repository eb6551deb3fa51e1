#!/usr/bin/env python3
"""What outsiders are shown of an audit log, checked as they would: with code that shares nothing
with the program (RFC 6962, C2SP signed-note and tlog-proof).

usage: tests/cli/log.py TOCSIN [NAME...]"""

import base64
import hashlib
import json
import shutil
import sys

import ed25519
from person import Person, case, main, one_line

HEAD = "c2sp.org/tlog-proof@v1"


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def other(person, name):
    somebody = Person(person.folder)
    somebody.home = person.folder / f"{name}.home"
    somebody.environment = {**person.environment, "TOCSIN_HOME": str(somebody.home)}
    return somebody


def grow(person, count):
    for number in range(count):
        person.run("explain", f"echo {number}")


def key_of(person):
    return (person.home / "identity" / "owner.vkey").read_text().strip()


def public_of(key):
    """(name, hash, algorithm, key) of "name+hash+key" """
    name, digest, rest = key.split("+", 2)
    marked = base64.b64decode(rest, validate=True)
    assert sha256(name.encode(), b"\n", marked)[:4].hex() == digest
    return name, digest, marked[0], marked[1:]


def open_note(note, key):
    """The text of a signed note, after checking the signature of that key."""
    name, digest, algorithm, public = public_of(key)
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    for line in signatures.splitlines():
        _, signer, encoded = line.split(" ")
        raw = base64.b64decode(encoded, validate=True)
        if signer == name and raw[:4].hex() == digest:
            message = text.encode()
            if algorithm == 4:
                message = f"cosignature/v1\ntime {int.from_bytes(raw[4:12], 'big')}\n".encode() + message
                raw = raw[8:]
            assert ed25519.verify(public, message, raw[4:]), "the signature is not that key's"
            return text
    raise AssertionError(f"{name} did not sign it")


def root_of(entry, index, size, path):
    """RFC 6962, 2.1.1, backwards."""
    def up(at, count, hashes):
        if count == 1:
            assert not hashes
            return sha256(b"\0", entry)
        left = 1
        while left * 2 < count:
            left *= 2
        sibling = hashes[-1]
        if at < left:
            return sha256(b"\1", up(at, left, hashes[:-1]), sibling)
        return sha256(b"\1", sibling, up(at - left, count - left, hashes[:-1]))
    return up(index, size, path)


def check_proof(file, key):
    """(entry, index, size) of a proof that holds."""
    head, note = file.split("\n\n", 1)
    lines = head.splitlines()
    assert lines[0] == HEAD and lines[1].startswith("extra ") and lines[2].startswith("index ")
    entry, index = base64.b64decode(lines[1][6:], validate=True), int(lines[2][6:])
    text = open_note(note, key).splitlines()
    assert text[0] == public_of(key)[0]
    root = root_of(entry, index, int(text[1]), [base64.b64decode(line) for line in lines[3:]])
    assert base64.b64encode(root).decode() == text[2]
    return entry, index, int(text[1])


@case
def an_entry_is_proved_to_who_has_the_key_alone(person):
    grow(person, 5)
    key = key_of(person)
    outsider = Person(person.folder)
    outsider.environment = {"PATH": person.environment["PATH"]}
    for index in range(len(person.entries())):
        person.run("access", "audit", "prove", index, "--out", f"{index}.tlog-proof")
        file = (person.folder / f"{index}.tlog-proof").read_text()
        assert file == person.run("access", "audit", "prove", index).out
        assert check_proof(file, key)[1] == index
        words = ("access", "audit", "verify", "--proof", f"{index}.tlog-proof", "--key", key)
        assert "proved: the log" in outsider.run(*words).out
        said = json.loads(outsider.run(*words, "--format", "json").out)
        entry = person.entries()[index]
        assert said["proved"] and said["size"] == len(person.entries())
        assert {name: entry[name] for name in said["entry"]} == said["entry"]
    assert len(person.entries()) == 6, "proving is not recorded"
    person.run("access", "audit", "verify")


@case
def what_was_altered_proves_nothing(person):
    grow(person, 3)
    key = key_of(person)
    stranger = other(person, "stranger")
    grow(stranger, 1)
    good = person.run("access", "audit", "prove", "2").out
    person.file("good", good)
    altered = {"index": good.replace("index 2", "index 1"), "head": good.replace("@v1", "@v2"),
               "no entry": "".join(line for line in good.splitlines(True) if not line.startswith("extra ")),
               "entry": good.replace("extra rA", "extra rB"), "short": good[:-5], "size": good.replace("\n4\n", "\n5\n")}
    for name, file in altered.items():
        assert file != good, name
        trace = person.run("access", "audit", "verify", "--proof", person.file("bad", file), "--key", key, status=2)
        assert "proves nothing: " in one_line(trace.err) and trace.out == "", name
    trace = person.run("access", "audit", "verify", "--proof", "good", "--key", key_of(stranger), status=2)
    assert "not signed by the log's key" in trace.err
    assert "is not a key" in one_line(person.run("access", "audit", "verify", "--proof", "good", "--key", "x", status=2).err)
    for entry, words in (("99", "has no such entry"), ("-1", "by its number"), ("x", "by its number")):
        assert words in one_line(person.run("access", "audit", "prove", "--", entry, status=2).err)
    person.file("taken", "")
    assert "exists already" in person.run("access", "audit", "prove", "1", "--out", "taken", status=2).err


@case
def a_damaged_log_gives_no_proof(person):
    grow(person, 3)
    tile = person.home / "audit" / "tile" / "0" / "000"
    content = bytearray(tile.read_bytes())
    content[40] ^= 1
    tile.write_bytes(content)
    assert "not what its checkpoint signed" in one_line(person.run("access", "audit", "prove", "0", status=2).err)


def monitor(person, *words, status=0):
    return person.run("access", "audit", "monitor", *words, status=status)


@case
def what_is_new_since_a_checkpoint_is_named(person):
    grow(person, 3)
    monitor(person, "--out", "first")
    assert open_note((person.folder / "first").read_text(), key_of(person)).splitlines()[1] == "4"
    assert monitor(person, "--since", "first").out == "continues: 4 entries then, 4 now, 0 new\n"
    grow(person, 20)
    told = monitor(person, "--since", "first", "--out", "second").out.splitlines()
    assert told[-1] == "continues: 4 entries then, 24 now, 20 new" and told[0].split()[0] == "4"
    said = json.loads(monitor(person, "--since", "first", "--format", "json").out)
    assert said["continues"] and [entry["sequence"] for entry in said["entries"]] == list(range(4, 24))
    assert said["entries"] == person.entries()[4:]
    # A copy of the log is enough, with its key.
    outsider = other(person, "outsider")
    outsider.home.mkdir(mode=0o700)
    shutil.copytree(person.home / "audit", outsider.home / "audit")
    assert "then, 24 now, 0 new" in monitor(outsider, "--since", "second", "--key", key_of(person)).out
    assert monitor(outsider, "--since", "first", "--key", key_of(person)).out.endswith(f"{told[-1]}\n")


@case
def a_log_that_does_not_go_on_is_refused_with_its_own_reason(person):
    def reason(*words):
        trace = monitor(person, *words, "--format", "json", status=2)
        word = json.loads(trace.out)["reason"]
        told = monitor(person, *words, status=2)
        assert told.out == "" and f"does not go on from there: {word}: " in one_line(told.err), told.err
        return word
    grow(person, 3)
    kept = person.folder / "kept"
    shutil.copytree(person.home, kept)
    grow(person, 4)
    monitor(person, "--out", "seen")
    now = person.folder / "now"
    person.home.rename(now)
    # An older copy of the whole home is whole, and has fewer entries than were seen.
    shutil.copytree(kept, person.home)
    person.run("access", "audit", "verify")
    assert reason("--since", "seen") == "truncated"
    # It goes on: as many entries as were seen, and others.
    grow(person, 5)
    person.run("access", "audit", "verify")
    assert reason("--since", "seen") == "forked"
    shutil.rmtree(person.home)
    now.rename(person.home)
    monitor(person, "--since", "seen")
    entries = person.home / "audit" / "tile" / "entries" / "000"
    content = bytearray(entries.read_bytes())
    content[-1] ^= 1
    entries.write_bytes(content)
    assert reason() == "rewritten"
    assert reason("--since", "seen") == "rewritten"


@case
def a_checkpoint_of_another_log_says_nothing(person):
    stranger = other(person, "stranger")
    grow(person, 1)
    grow(stranger, 1)
    monitor(stranger, "--out", "theirs")
    assert "its key did not sign it" in one_line(monitor(person, "--since", "theirs", status=2).err)
    for name, content in (("nothing", ""), ("text", "a\n\n\u2014 a AAAAAAAAAAA=\n")):
        assert "is no checkpoint: " in one_line(monitor(person, "--since", person.file(name, content), status=2).err)
    assert "exists already" in one_line(monitor(person, "--out", "text", status=2).err)


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
