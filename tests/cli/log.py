#!/usr/bin/env python3
"""What outsiders are shown of an audit log, checked as they would: with code that shares nothing
with the program (RFC 6962, C2SP signed-note and tlog-proof).

usage: tests/cli/log.py TOCSIN [NAME...]"""

import base64
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys

import ed25519
from person import Person, case, main, one_line

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
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


def cosign(person, witness, *words, name="cosigned", ask=()):
    """Asks a witness and keeps its answer; (the request, the answer) are files."""
    key = witness_key(witness)
    person.run("access", "audit", "cosign", "--witness", key, *ask, "--out", f"{name}.request")
    witness.run("access", "witness", "--in", f"{name}.request", "--out", name, *words)
    person.run("access", "audit", "cosign", "--witness", key, "--in", name)
    return (person.folder / name).read_text()


def witness_key(witness):
    return witness.run("access", "witness").out.strip()


def refused(witness, *words):
    trace = witness.run("access", "witness", *words, "--out", "x", "--format", "json", status=2)
    found = json.loads(trace.err)["refused"]
    assert trace.out == "" and found["recorded"] and not (witness.folder / "x").exists()
    assert (witness.last()["event"], witness.last()["rule"]) == ("refused", found["rule"])
    return found


@case
def witnesses_cosign_what_outsiders_then_ask_for(person):
    grow(person, 3)
    first, second, third = (other(person, name) for name in ("first", "second", "third"))
    for number, witness in enumerate((first, second)):
        cosigned = cosign(person, witness, "--key", key_of(person), name=f"{number}", ask=("--old", "0"))
        text = open_note(cosigned, key_of(person))
        assert open_note(cosigned, witness_key(witness)) == text and cosigned.count("\n\u2014 ") == 2
    # Keeping it is in the log; a witness is asked from where it stopped.
    assert (person.last()["operation"], person.last()["event"]) == ("audit.cosigned", "done")
    said = json.loads(person.run("access", "audit", "cosign", "--witness", witness_key(first), "--out", "again",
                                 "--format", "json").out)
    assert said["old"] == 4 and said["size"] == len(person.entries())
    for witness in (first, second):
        person.run("access", "audit", "cosign", "--witness", witness_key(witness), "--out", f"{witness.home.name}.both")
    for number, witness in enumerate((first, second)):
        witness.run("access", "witness", "--in", f"{witness.home.name}.both", "--out", f"both{number}")
        person.run("access", "audit", "cosign", "--witness", witness_key(witness), "--in", f"both{number}")
    proof = person.run("access", "audit", "prove", "2", "--out", "2.tlog-proof")
    file = (person.folder / "2.tlog-proof").read_text()
    assert check_proof(file, key_of(person))[2] == said["size"]
    words = ("access", "audit", "verify", "--proof", "2.tlog-proof", "--key", key_of(person))
    told = third.run(*words, "--witness", witness_key(first), "--witness", witness_key(second)).out
    assert "each of the 2 witnesses named cosigned it" in told, (told, proof.out)
    trace = third.run(*words, "--witness", witness_key(third), status=2)
    assert "does not prove that" in one_line(trace.err) and trace.out == ""
    assert "the witness is no key of the form" in third.run(*words, "--witness", key_of(third), status=2).err
    # A key may be named by the file that says it.
    assert first.run("access", "witness", "--out", "first.witness").out.strip() == witness_key(first)
    assert first.last()["object_sha256"] == hashlib.sha256((person.folder / "first.witness").read_bytes()).hexdigest()
    assert "each of the 1 witnesses" in third.run(*words, "--witness", "first.witness").out
    for name, content, why in (("empty", "", "says no such key"), ("own", key_of(third), "says no such key"),
                               ("missing", None, "no file that says one")):
        if content is not None:
            person.file(name, content)
        assert why in one_line(third.run(*words, "--witness", name, status=2).err), name
    # What a witness cosigned is a checkpoint to remember, too.
    assert "continues: " in monitor(person, "--since", "both0").out
    person.run("access", "audit", "verify")


@case
def a_witness_is_shown_one_history(person):
    grow(person, 3)
    witness, unseeing = other(person, "witness"), other(person, "unseeing")
    key = key_of(person)
    ask = ("access", "audit", "cosign", "--witness", witness_key(witness))
    person.run(*ask, "--out", "new.request")
    assert refused(witness, "--in", "new.request")["rule"] == "a-witness-knows-its-logs"
    assert refused(witness, "--in", "new.request", "--key", key_of(witness))["rule"] == "a-log-signs-its-checkpoints"
    kept = person.folder / "kept"
    shutil.copytree(person.home, kept)
    grow(person, 2)
    cosign(person, witness, "--key", key)
    assert refused(witness, "--in", "new.request")["rule"] == "a-log-does-not-shrink"
    found = refused(witness, "--in", "cosigned.request")
    assert found["rule"] == "growth-is-proved-from-the-last-size" and "--old" in found["what_would_change_it"]
    assert "6 cosigned before" in witness.run("access", "witness", "--in", "cosigned.request", "--out", "x", status=2).err
    # The owner puts the older copy back and goes on from there: a fork, for who saw the first.
    honest = person.folder / "honest"
    person.home.rename(honest)
    kept.rename(person.home)
    grow(person, 8)
    person.run(*ask, "--old", "6", "--out", "fork.request")
    assert refused(witness, "--in", "fork.request")["rule"] == "a-log-only-grows"
    # Another witness has seen nothing yet, and cosigns; the first one's answer is not this log's.
    cosign(person, unseeing, "--key", key, name="second")
    said = person.run("access", "audit", "cosign", "--witness", witness_key(witness), "--in", "cosigned", status=2).err
    assert "is not what the witness was shown under its key" in one_line(said)
    both = [open_note((person.folder / name).read_text(), key) for name in ("cosigned", "second")]
    assert both[0].splitlines()[0] == both[1].splitlines()[0], "two checkpoints of one origin prove the fork"
    assert "forked" in monitor(person, "--since", "cosigned", status=2).err


@case
def what_a_witness_is_handed_may_be_anything(person):
    grow(person, 1)
    witness = other(person, "witness")
    for name, content in (("empty", ""), ("words", "old x\n\n"), ("long", "old 1\n" * 20000)):
        trace = witness.run("access", "witness", "--in", person.file(name, content), "--out", "x", status=2)
        one_line(trace.err)
    ask = ("access", "audit", "cosign")
    assert "--witness" in one_line(person.run(*ask, "--out", "x", status=2).err)
    assert "is no key" in one_line(person.run(*ask, "--witness", "x", "--out", "x", status=2).err)
    assert "is no key" in one_line(person.run(*ask, "--witness", key_of(person), "--out", "x", status=2).err)
    assert "fewer entries" in one_line(person.run(*ask, "--witness", witness_key(witness), "--old", "99",
                                                  "--out", "x", status=2).err)
    assert "--out" in one_line(witness.run("access", "witness", "--in", "empty", status=2).err)
    assert not (person.folder / "x").exists()


def tree_of(hashes):
    if len(hashes) == 1:
        return hashes[0]
    left = 1
    while left * 2 < len(hashes):
        left *= 2
    return sha256(b"\1", tree_of(hashes[:left]), tree_of(hashes[left:]))


@case
def a_log_is_written_out_as_tiles_that_others_read(person):
    grow(person, 6)
    said = json.loads(person.run("access", "audit", "export", "--out", "public", "--format", "json").out)
    public = person.folder / "public"
    files = {str(path.relative_to(public)) for path in public.rglob("*") if path.is_file()}
    assert files == {"checkpoint", "tile/0/000.p/7", "tile/entries/000.p/7"} and said["files"] == 3 and said["entries"] == 7
    # Read as C2SP tlog-tiles says, knowing nothing else.
    _, size, root = open_note((public / "checkpoint").read_text(), key_of(person)).splitlines()
    bundle, leaves = (public / "tile/entries/000.p/7").read_bytes(), []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        leaves.append(sha256(b"\0", bundle[2:2 + length]))
        bundle = bundle[2 + length:]
    assert len(leaves) == int(size) and b"".join(leaves) == (public / "tile/0/000.p/7").read_bytes()
    assert base64.b64encode(tree_of(leaves)).decode() == root
    assert not any(b"echo" in path.read_bytes() for path in public.rglob("*") if path.is_file())
    assert "exists already" in one_line(person.run("access", "audit", "export", "--out", "public", status=2).err)
    tile = person.home / "audit" / "tile" / "0" / "000"
    tile.write_bytes(tile.read_bytes()[:-1])
    assert "is not whole" in one_line(person.run("access", "audit", "export", "--out", "second", status=2).err)
    assert not (person.folder / "second").exists()


# ---- tocsin-verify ----

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
VERIFIER = PROGRAM.with_name("tocsin-verify" + PROGRAM.name.removeprefix("tocsin"))


def verify(person, *words, status=0):
    """As an outsider, who has no home and nothing else of the program."""
    trace = subprocess.run([VERIFIER, *words], env={}, cwd=person.folder, capture_output=True, text=True, timeout=60)
    assert trace.returncode == status, (words, trace.returncode, trace.stdout, trace.stderr)
    return trace.stderr if status else trace.stdout


@case
def a_small_program_checks_what_outsiders_are_given(person):
    grow(person, 3)
    key, witness = key_of(person), other(person, "witness")
    cosign(person, witness, "--key", key)
    person.run("access", "audit", "prove", "3", "--out", "3.tlog-proof")
    assert "proved: the log" in verify(person, "proof", "3.tlog-proof", key)
    assert "1 witnesses cosigned" in verify(person, "proof", "3.tlog-proof", key, witness_key(witness))
    assert "no witness" in verify(person, "proof", "3.tlog-proof", key, key, status=2)
    assert "log's key" in verify(person, "proof", "3.tlog-proof", key_of(witness), status=2)
    assert verify(person, "log", person.home, key) == person.run("access", "audit", "verify").out.splitlines(True)[-1]
    assert verify(person, "--help").startswith("usage: ")
    for words in ((), ("log",), ("log", "x"), ("what", "x", "y"), ("log", "nowhere", key), ("log", person.folder, key),
                  ("log", person.home, "x"), ("proof", "nowhere", key), ("proof", "3.tlog-proof", "x"),
                  ("proof", person.home, key)):
        assert verify(person, *words, status=2)
    tile = person.home / "audit" / "tile" / "0" / "000"
    tile.write_bytes(tile.read_bytes()[:-1])
    trace = subprocess.run([VERIFIER, "log", person.home, key], capture_output=True, text=True)
    assert trace.returncode == 2 and "NOT WHOLE" in trace.stdout and "tile/0/000" in trace.stdout


@case
def that_program_shares_nothing_with_the_writer_but_hashing(person):
    listing = subprocess.run(["nm", "--defined-only", VERIFIER], capture_output=True, text=True, check=True).stdout
    names = {line.split()[-1] for line in listing.splitlines() if line}
    if "main" not in names:
        return  # stripped
    writers = ROOT / "src" / "access"
    for file in ("audit.c", "audit_entry.c", "audit_path.c", "audit_prove.c", "merkle.c", "merkle_proof.c", "identity.c",
                 "witness.c", "cosigned.c", "session.c", "decide.c"):
        defined = re.findall(r"^(?:enum|struct|bool|void|uint64_t|const char)[\w *]*?\b(\w+)\(", (writers / file).read_text(), re.M)
        public = [name for name in defined if name in (writers / file).with_suffix(".h").read_text()]
        assert public and not names.intersection(public), (file, names.intersection(public))


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
