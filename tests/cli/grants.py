#!/usr/bin/env python3
"""A grant from the request to its end: asked for, approved by two officers, issued in the log,
accepted, narrowed for an agent, revoked; and everything on the way that is refused.

usage: tests/cli/grants.py TOCSIN ENTITLE [NAME...]"""

import base64
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time

from person import CASES, case, main, one_line
from group import (TIER_1, TIER_2, cosign, data, endorsed, enrol, found_group, key_of, other, refused, remade, resigned, vouch,
                   watched_by, witnesses)

CASES.clear()  # those of group.py, which only lends its people

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ENTITLE = pathlib.Path(sys.argv[2]).resolve()
NAME = "hospital.example"
SAMPLE = pathlib.Path(__file__).resolve().parent.parent.parent / "examples/rule-pack/sample-pack.yaml"
ASK = ("request", "--pack", "sample", "--reason", "an incident")


def member(person, facts=TIER_1 + TIER_2, watched=True):
    """(the group, a member with those facts and two vouches)"""
    group = found_group(person, watched=watched)
    hospital = enrol(person, NAME, facts.format(NAME), group)
    for name in ("clinic.example", "school.example"):
        group.run("access", "vouch", "--in", vouch(person, enrol(person, name, None, group), NAME, f"{name}.vouch"))
    return group, hospital


def officers(person, group="group"):
    return [other(person, f"{group}-{role}") for role in ("security", "legal")]


def draft(person, group, hospital, name="hospital", hours="8"):
    hospital.run("access", *ASK, "--hours", hours, "--out", f"{name}.request")
    group.run("access", "request", "--in", f"{name}.request", "--out", f"{name}.draft")
    return f"{name}.draft"


def approved(person, group, hospital, name="hospital"):
    file = draft(person, group, hospital, name)
    for number, officer in enumerate(officers(person)):
        officer.run("access", "approve", file, "--group", "group.card", "--out", f"{name}.approved{number}")
        file = f"{name}.approved{number}"
    return file


def issue(person, group, file, out):
    """Issued, cosigned and handed over."""
    group.run("access", "grant", file)
    cosign(person, group)
    group.run("access", "grant", file, "--out", out)
    return out


def granted(person, group, hospital, name="hospital"):
    return issue(person, group, approved(person, group, hospital, name), f"{name}.grant")


def agent_of(person, hospital, *words, name="agent"):
    """An agent's home, and the file of what the hospital leaves it."""
    agent = other(person, name)
    agent.run("access", "card", "--name", "night watch", "--out", f"{name}.card")
    hospital.run("access", "narrow", "--agent", f"{name}.card", "--minutes", "10", "--calls", "3", *words,
                 "--out", f"{name}.grant")
    return agent, f"{name}.grant"


@case
def a_grant_goes_from_the_request_to_its_acceptance(person):
    group, hospital = member(person)
    hospital.run("access", *ASK, "--hours", "8", "--out", "hospital.request")
    said = data(group, "request", "--in", "hospital.request", "--out", "hospital.draft")
    assert said["subject"] == NAME and said["organisation"] == f"The {NAME}" and said["tier"] == 2
    assert said["rights"] == [{"operation": "model.pack", "what": "sample"}] and said["approvals"] == []
    security, legal = officers(person)
    look = security.run("access", "approve", "hospital.draft", "--group", "group.card").out
    assert look.startswith("To be approved as security:\n") and "Nothing is approved yet" in look
    assert data(security, "approve", "hospital.draft")["approved"] is False
    told = security.run("access", "approve", "hospital.draft", "--out", "one").out
    for words in (NAME, "use the sealed rule pack sample", "an incident", "Officer security, security"):
        assert words in told, (words, told)
    second = data(legal, "approve", "one", "--group", "group.card", "--out", "two")
    assert [approval["role"] for approval in second["approvals"]] == ["security", "legal"]
    issued = data(group, "grant", "two")
    assert issued["quorum"] == 2 and len(issued["witnesses"]) == 3
    cosign(person, group)
    handed = data(group, "grant", "two", "--out", "hospital.grant")
    assert handed["entry"] == issued["entry"] and handed["cosigned"] == 2
    entry = group.entries()[issued["entry"]]
    assert (entry["event"], entry["operation"]) == ("done", "group.grant")
    assert entry["object_sha256"] in {path.name for path in (group.home / "payloads").iterdir()}
    accepted = data(hospital, "accept", "hospital.grant")
    assert accepted["grant"] == said["grant"] == issued["grant"] and accepted["pack"] == "sample"
    assert accepted["until"] == said["until"] and "agent" not in accepted
    # What stands in the log of who accepted it is the file's hash.
    digest = hashlib.sha256((person.folder / "hospital.grant").read_bytes()).hexdigest()
    assert hospital.last()["object_sha256"] == digest
    for somebody in (group, hospital, security, legal):
        somebody.run("access", "audit", "verify")


@case
def a_request_is_refused_for_what_is_missing(person):
    group, hospital = member(person, TIER_1)
    stranger = other(person, "stranger")
    for somebody, name in ((hospital, "low"), (stranger, "strange")):
        somebody.run("access", *ASK, "--hours", "8", "--group", "group.card", "--out", f"{name}.request")
    assert refused(group, "request", "--in", "low.request", "--out", "x") == "requester-has-the-tier"
    said = group.run("access", "request", "--in", "low.request", "--out", "x", status=2).err
    assert "tier 1 of 2" in said and "critical service" in said and "assets" in said, said
    assert refused(group, "request", "--in", "strange.request", "--out", "x") == "requester-is-a-member"
    group.run("access", "enrol", "--in", f"{NAME}.enrolment",
              "--facts", person.file("more.facts", (TIER_1 + TIER_2).format(NAME)))
    group.run("access", "request", "--in", "low.request", "--out", "low.draft")
    # Whoever asks is told at once, and the group looks for itself.
    assert refused(hospital, *ASK, "--hours", "9", "--out", "x") == "grant-outlives-its-tier"
    hospital.run("access", *ASK, "--hours", "8", "--out", "short.request")
    resigned(hospital, "short.request", "long.request", lambda text: text.replace("hours: 8", "hours: 9"))
    assert refused(group, "request", "--in", "long.request", "--out", "x") == "grant-outlives-its-tier"
    second = found_group(person, "second")
    assert refused(second, "request", "--in", "low.request", "--out", "x") == "what-is-for-one-group-counts-there-alone"
    assert refused(hospital, "request", "--in", "low.request", "--out", "x") == "only-a-group-takes-in"
    assert not (person.folder / "x").exists()
    for words in (("--pack", "sample", "--hours", "8"), ("--pack", "sample", "--reason", "x"),
                  ("--hours", "8", "--reason", "x")):
        assert "name --" in one_line(hospital.run("access", "request", *words, "--out", "x", status=2).err)
    # What no pack can be called is asked for by nobody.
    for name in ("a.pack", "a_pack", "Sample", "a" * 41):
        assert "'pack'" in one_line(hospital.run("access", "request", "--pack", name, "--hours", "8", "--reason", "x",
                                                 "--out", "x", status=2).err)


@case
def a_pack_is_sealed_with_the_key_of_the_group_that_lends_it(person):
    group, hospital = member(person)
    recipient = hospital.run("access", "recipient").out.strip()
    to = ("--to", recipient, "--group", "group.card", "--out")
    group.run("access", "seal", SAMPLE, *to, "sample.age")
    accepted = data(hospital, "accept", "sample.age")
    card = (person.folder / "group.card").read_text()
    key = next(line for line in card.splitlines() if line.startswith("key: "))
    assert accepted["key"] == key.removeprefix("key: ") and accepted["pack"] == "sample-pack", accepted
    content = SAMPLE.read_text()
    assert accepted["sha256"] == hashlib.sha256(f"{content}\n{key}\n".encode()).hexdigest()
    # A file that ends without a newline gets the line all the same.
    group.run("access", "seal", person.file("open-end.yaml", content.rstrip()), *to, "open-end.age")
    assert data(hospital, "accept", "open-end.age")["key"] == accepted["key"]
    # What no home could use is not sealed: no pack, one with a key, one that is too long, no card.
    for name, words in (("note", "no pack"), ("twice.yaml", f"{content}{key}\n"), ("long.yaml", content + "#" * (1 << 19))):
        one_line(group.run("access", "seal", person.file(name, words), *to, "x", status=2).err)
    one_line(group.run("access", "seal", SAMPLE, "--to", recipient, "--group", "note", "--out", "x", status=2).err)
    assert not (person.folder / "x").exists()


@case
def a_request_is_of_today(person):
    group, hospital = member(person)
    hospital.run("access", *ASK, "--hours", "8", "--out", "hospital.request")
    for hours in (-25, 1):
        file = remade(hospital, "hospital.request", f"{hours}.request", hours)
        assert refused(group, "request", "--in", file, "--out", "x") == "what-is-asked-is-asked-now"
    group.run("access", "request", "--in", remade(hospital, "hospital.request", "late.request", -23), "--out", "x")


@case
def an_officer_approves_once_and_not_alone(person):
    group, hospital = member(person)
    file = draft(person, group, hospital)
    security, legal = officers(person)
    approve = ("--group", "group.card", "--out")
    assert refused(hospital, "approve", file, *approve, "x") == "only-officers-approve"
    assert refused(group, "grant", file) == "officers-approve"
    assert "approves this file, not the draft again" in security.run("access", "approve", file, *approve, "one").out
    assert refused(group, "grant", "one") == "one-officer-does-not-decide-alone"
    assert refused(security, "approve", "one", *approve, "x") == "an-officer-approves-once"
    assert "tocsin access grant FILE" in legal.run("access", "approve", "one", *approve, "two").out
    group.run("access", "grant", "two")
    # Another group's card is not the one that the draft is of.
    lone = other(person, "lone")
    lone.run("access", "init", "--group", "Another Group", "--officer", "security=group-security.card",
             "--officer", "legal=group-legal.card", "--out", "lone.card")
    assert refused(security, "approve", file, "--group", "lone.card", "--out",
                   "x") == "what-is-for-one-group-counts-there-alone"
    # Each approval is of one token: two approvals of two drafts are not two approvals.
    legal.run("access", "approve", file, *approve, "other")
    assert refused(group, "grant", "other") == "one-officer-does-not-decide-alone"
    assert "on the file that the first officer wrote" in group.run("access", "grant", "other", status=2).err


def three_officers(person):
    """A group of three, two of them of one role."""
    for role in ("security", "legal", "second"):
        other(person, role).run("access", "card", "--name", role, "--out", f"{role}.card")
    group = other(person, "group")
    group.run("access", "init", "--group", "Three", "--officer", "security=security.card", "--officer", "legal=legal.card",
              "--officer", "legal=second.card", *watched_by(person), "--out", "group.card")
    return group


@case
def two_officers_of_one_role_are_not_two(person):
    group = three_officers(person)
    hospital = enrol(person, NAME, (TIER_1 + TIER_2).format(NAME), group)
    # One of the officers is a member too, and asks for something.
    legal, second = other(person, "legal"), other(person, "second")
    legal.run("access", "enrol", "--group", "group.card", "--name", "legal", "--organisation", "A Firm",
              "--out", "legal.enrolment")
    group.run("access", "enrol", "--in", "legal.enrolment", "--facts", person.file(
        "legal.facts", (TIER_1 + TIER_2).format("legal")))
    for name in ("clinic.example", "school.example"):
        somebody = enrol(person, name, None, group)
        for whom in (NAME, "legal"):
            somebody.run("access", "vouch", f"{whom}.enrolment", "--group", "group.card", "--out", f"{name}.{whom}.vouch")
            group.run("access", "vouch", "--in", f"{name}.{whom}.vouch")
    approve = ("--group", "group.card", "--out")
    file = draft(person, group, hospital)
    legal.run("access", "approve", file, *approve, "one")
    assert refused(second, "approve", "one", *approve, "x") == "officers-have-different-roles"
    own = draft(person, group, legal, "own")
    assert refused(legal, "approve", own, *approve, "x") == "nobody-approves-their-own-request"


@case
def nobody_approves_or_issues_a_life_longer_than_the_tiers(person):
    group, hospital = member(person)
    for seconds, status in ((8 * 3600, 0), (8 * 3600 + 300, 2), (30 * 24 * 3600, 2)):
        made = subprocess.run([ENTITLE, "draft", hospital.home, group.home, "sample", str(seconds)], cwd=ROOT,
                              capture_output=True, text=True, timeout=60)
        assert made.returncode == 0, made.stderr
        person.file(f"{seconds}.draft", made.stdout)
        security, legal = officers(person)
        words = ("approve", f"{seconds}.draft", "--group", "group.card", "--out", f"{seconds}.one")
        if status == 0:
            security.run("access", *words)
        else:
            assert refused(security, *words) == "grant-outlives-its-tier"
            assert not (person.folder / f"{seconds}.one").exists()


@case
def a_draft_that_was_changed_is_none(person):
    group, hospital = member(person)
    file = person.folder / draft(person, group, hospital)
    token = bytearray(base64.urlsafe_b64decode(file.read_text()))
    security = officers(person)[0]
    for place in range(3, len(token), len(token) // 9):
        token[place] ^= 1
        person.file("changed", base64.urlsafe_b64encode(bytes(token)).decode() + "\n")
        assert refused(security, "approve", "changed", "--group", "group.card", "--out", "x") == "grant-is-whole"
        token[place] ^= 1
    person.file("changed", "not base64!\n")
    assert "not base64" in one_line(security.run("access", "approve", "changed", "--group", "group.card", "--out", "x",
                                                 status=2).err)
    # One group's draft is none of another's.
    found_group(person, "second")
    stranger = other(person, "second-security")
    assert refused(stranger, "approve", file, "--group", "second.card", "--out", "x") == "grant-is-whole"


@case
def a_grant_is_of_use_to_its_holder_alone(person):
    group, hospital = member(person)
    file = granted(person, group, hospital)
    thief = other(person, "thief")
    assert refused(thief, "accept", file) == "group-is-known"
    assert refused(thief, "accept", file, "--group", "group.card") == "grant-needs-its-holders-key"
    # The entry names the text that the rule is of, so that anyone can judge again.
    rules = (person.program.parent / "content/grant.datalog").read_bytes()
    assert thief.last()["policy_sha256"] == hashlib.sha256(rules).hexdigest()
    assert not (thief.home / "grants").exists()
    whole = (person.folder / file).read_bytes()
    for place in range(20, len(whole), len(whole) // 12):
        changed = bytearray(whole)
        changed[place] ^= 1
        (person.folder / "changed").write_bytes(bytes(changed))
        trace = hospital.run("access", "accept", "changed", status=2)
        assert "grant-is-whole" in trace.err or "neither a grant" in trace.err, trace.err
    assert not (hospital.home / "grants").exists()
    for text, why in ((whole.replace(b"\n", b"\r\n"), "its lines end as on Windows (CRLF)"),
                      (whole + b"\n", "an empty line stands at its end")):
        (person.folder / "changed").write_bytes(text)
        assert why in one_line(hospital.run("access", "accept", "changed", status=2).err), why
    for name, why in (("hospital.draft", "it is a draft of a grant"),
                      (f"{NAME}.enrolment", "it is an enrolment"), ("hospital.request", "it is a request")):
        assert why in one_line(hospital.run("access", "accept", name, status=2).err), name
    hospital.run("access", "accept", file)


def with_lines_of(text, name, source):
    """A deed's text with the lines of that name of another deed in place of its own."""
    lines = text.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith(f"{name}: "))
    lines = [line for line in lines if not line.startswith(f"{name}: ")]
    lines[place:place] = [line for line in source.splitlines() if line.startswith(f"{name}: ")]
    return "\n".join(lines)


@case
def who_has_the_groups_key_alone_grants_nothing(person):
    group, hospital = member(person)
    file = granted(person, group, hospital)
    other_proof = proof_of(person, granted(person, group, hospital, "other"))
    # A thief of the group's key signs the same file with the proof of another entry.
    mixed = with_proof(group, file, "mixed.grant", lambda proof: other_proof)
    assert refused(hospital, "accept", mixed) == "issuance-is-in-the-log"
    person.file("altered.grant", (person.folder / file).read_text().replace("blocks: 3", "blocks: 2"))
    assert refused(hospital, "accept", "altered.grant") == "grant-is-whole"
    assert data(hospital, "accept", file)["pack"] == "sample"


@case
def a_clock_that_was_set_back_is_refused(person):
    group, hospital = member(person)
    file = granted(person, group, hospital)
    granted(person, group, hospital, "second")
    hospital.run("access", "accept", file)
    # What the home has seen is of a later time than its clock tells.
    group.run("access", "revoke", "second.grant", "--out", "now.list")
    hospital.run("access", "accept", remade(group, "now.list", "late.list", 2))
    for _ in range(2):
        assert refused(hospital, "accept", file) == "clock-runs-forward"
    assert "clock-runs-forward" in hospital.run("access", "show").out


def proof_of(person, file):
    lines = (person.folder / file).read_text().splitlines()
    return b"".join(base64.b64decode(line.removeprefix("proof: ")) for line in lines if line.startswith("proof: "))


def with_proof(group, file, out, change):
    """The grant with another proof in it, signed anew with the group's key."""
    proof = change(proof_of(group, file))
    lines = [base64.b64encode(proof[at:at + 720]).decode() for at in range(0, len(proof), 720)]
    return resigned(group, file, out, lambda text: "\n".join(
        [line for line in text.split("\n") if not line.startswith("proof: ")] + [f"proof: {line}" for line in lines]))


@case
def a_grant_leaves_the_group_when_two_of_three_witnesses_cosigned(person):
    group, hospital = member(person)
    file = approved(person, group, hospital)
    assert refused(group, "grant", file, "--out", "x") == "issuance-is-in-the-log"
    told = group.run("access", "grant", file).out
    assert "2 of the 3 witnesses" in told and told.count("tocsin access audit cosign --witness") == 3, told
    # Whether two of them are down or one.
    assert refused(group, "grant", file, "--out", "x") == "enough-witnesses-cosigned"
    cosign(person, group, count=1)
    refusal = json.loads(group.run("access", "grant", file, "--out", "x", "--format", "json", status=2).err)["refused"]
    assert refusal["reason"] == "witness_unavailable" and "1 of the 2" in refusal["detail"], refusal
    assert not (person.folder / "x").exists()
    cosign(person, group, count=2)
    assert data(group, "grant", file, "--out", "hospital.grant")["cosigned"] == 2
    hospital.run("access", "accept", "hospital.grant")
    # It is issued once, and may be handed over again.
    assert refused(group, "grant", file) == "a-grant-is-issued-once"
    assert data(group, "grant", file, "--out", "again.grant")["cosigned"] == 2
    again = data(hospital, "accept", "again.grant")["grant"]
    assert [held["grant"] for held in data(hospital, "show")["grants"]] == [again]
    group.run("access", "audit", "verify")


@case
def what_the_group_knows_is_asked_again_when_it_issues(person):
    group, hospital = member(person)
    file = approved(person, group, hospital)
    enrolment = ("access", "enrol", "--in", f"{NAME}.enrolment", "--facts")
    group.run(*enrolment, person.file("fewer.facts", TIER_1.format(NAME)))
    assert refused(group, "grant", file) == "requester-has-the-tier"
    assert "tier 1 of 2" in group.run("access", "grant", file, status=2).err
    group.run(*enrolment, person.file("all.facts", (TIER_1 + TIER_2).format(NAME)))
    group.run("access", "grant", file)
    cosign(person, group)
    # And when it hands over.
    group.run(*enrolment, "fewer.facts")
    assert refused(group, "grant", file, "--out", "x") == "requester-has-the-tier"
    # For another organisation it is another's grant.
    hospital.run("access", "enrol", "--group", "group.card", "--name", NAME, "--organisation", "Another",
                 "--out", "other.enrolment")
    group.run("access", "enrol", "--in", "other.enrolment", "--facts", "all.facts")
    assert refused(group, "grant", file, "--out", "x") == "requester-is-a-member"


@case
def one_draft_is_issued_once_whoever_approved_it(person):
    group = three_officers(person)
    hospital = enrol(person, NAME, (TIER_1 + TIER_2).format(NAME), group)
    for name in ("clinic.example", "school.example"):
        group.run("access", "vouch", "--in", vouch(person, enrol(person, name, None, group), NAME, f"{name}.vouch"))
    file = draft(person, group, hospital)
    other(person, "security").run("access", "approve", file, "--group", "group.card", "--out", "one")
    for role in ("legal", "second"):
        other(person, role).run("access", "approve", "one", "--group", "group.card", "--out", f"{role}.two")
    group.run("access", "grant", "legal.two")
    assert refused(group, "grant", "second.two") == "a-grant-is-issued-once"


@case
def a_group_without_witnesses_grants_nothing_critical(person):
    group, hospital = member(person, watched=False)
    hospital.run("access", *ASK, "--hours", "8", "--out", "hospital.request")
    assert refused(group, "request", "--in", "hospital.request", "--out", "x") == "group-names-its-witnesses"
    said = group.run("access", "request", "--in", "hospital.request", "--out", "x", status=2).err
    assert "witness_unavailable" in said and "--witness" in said, said
    # Whatever such a group signs opens nothing: its card is what the holder judges by.
    subprocess.run([ENTITLE, "unwatched", hospital.home, person.folder / "lone.home", "sample", "600"], cwd=ROOT,
                   check=True, timeout=60)
    (held,) = data(hospital, "show")["grants"]
    assert (held["holds"], held["rule"]) == (False, "group-names-its-witnesses"), held


@case
def a_log_that_was_forked_has_no_quorum(person):
    group, hospital = member(person)
    file = approved(person, group, hospital)
    # Two histories under one key: each is shown to one witness, who saw nothing of the log before.
    shutil.copytree(group.home, person.folder / "fork.home", symlinks=True)
    fork = other(person, "fork")
    fork.run("access", "card", "--name", "the other history", "--out", "other.card")
    for somebody in (group, fork):
        somebody.run("access", "grant", file)
    first, second, third = witnesses(person)
    keys = [witness.run("access", "witness").out.strip() for witness in (first, second, third)]
    own = ("--key", key_of(person, "group.card"), "--out")
    for somebody, witness, key, name in ((group, first, keys[0], "one"), (fork, second, keys[1], "two")):
        somebody.run("access", "audit", "cosign", "--witness", key, "--out", f"{name}.request")
        witness.run("access", "witness", "--in", f"{name}.request", *own, name)
        somebody.run("access", "audit", "cosign", "--witness", key, "--in", name)
        assert refused(somebody, "grant", file, "--out", "x") == "enough-witnesses-cosigned"
    # Nobody who saw the one history cosigns the other.
    for somebody, witness, key, name in ((group, second, keys[1], "three"), (fork, first, keys[0], "four")):
        somebody.run("access", "audit", "cosign", "--witness", key, "--old", "2", "--out", f"{name}.request")
        assert refused(witness, "witness", "--in", f"{name}.request", *own, "x") == "growth-is-proved-from-the-last-size"
    # A cosignature of the one history does not stand under the other.
    group.run("access", "audit", "cosign", "--witness", keys[2], "--out", "five.request")
    group.run("access", "audit", "cosign", "--witness", keys[0], "--out", "six.request")
    for witness, key, name in ((third, keys[2], "five"), (first, keys[0], "six")):
        witness.run("access", "witness", "--in", f"{name}.request", *own, name)
        group.run("access", "audit", "cosign", "--witness", key, "--in", name)
    group.run("access", "grant", file, "--out", "hospital.grant")
    line = (person.folder / "two").read_text().splitlines()[-1]
    mark = f"\u2014 {keys[2].split('+')[0]} "
    mixed = with_proof(group, "hospital.grant", "mixed.grant", lambda proof: re.sub(
        f"(?m)^{mark}.*$", line, proof.decode()).encode())
    assert line.encode() in proof_of(person, mixed)
    assert refused(hospital, "accept", mixed) == "enough-witnesses-cosigned"
    hospital.run("access", "accept", "hospital.grant")


@case
def an_agent_has_what_was_left_to_it(person):
    group, hospital = member(person)
    file = granted(person, group, hospital)
    hospital.run("access", "accept", file)
    agent, narrowed = agent_of(person, hospital)
    assert refused(agent, "accept", file, "--group", "group.card") == "grant-needs-its-holders-key"
    said = data(agent, "accept", narrowed, "--group", "group.card")
    assert (said["agent"], said["calls"], said["pack"], said["subject"]) == ("night watch", 3, "sample", NAME)
    # Not longer than any grant may be; and not longer than this one, which is said.
    time.sleep(1.1)  # eight hours from now are later than eight from its draft
    words = ("narrow", "--agent", "agent.card", "--calls", "1", "--minutes")
    assert refused(hospital, *words, "481", "--out", "x") == "grant-outlives-its-tier"
    said = hospital.run("access", *words, "480", "--out", "long.grant", "--format", "json")
    assert "ends with it" in said.err and json.loads(said.out)["until"] == data(hospital, "accept", file)["until"]
    # The agent passes nothing on, approves nothing, and what it was left is its own.
    other(person, "further").run("access", "card", "--name", "further", "--out", "further.card")
    words = ("narrow", "--agent", "further.card", "--minutes", "1", "--calls", "1", "--out", "x")
    assert refused(agent, *words) == "agents-pass-nothing-on"
    assert refused(hospital, "accept", narrowed) == "narrowing-holds"
    assert refused(agent, "approve", draft(person, group, hospital, "second"), "--out", "x") == "only-officers-approve"
    assert refused(hospital, "narrow", "--agent", "agent.card", "--pack", "another", "--minutes", "1", "--calls", "1",
                   "--out", "x") == "grant-covers-what-is-asked"
    stranger = other(person, "stranger")
    assert refused(stranger, "narrow", "--agent", "agent.card", "--minutes", "1", "--calls", "1",
                   "--out", "x") == "grant-is-there"


@case
def what_a_home_holds_is_shown(person):
    group, hospital = member(person)
    file = granted(person, group, hospital)
    assert data(hospital, "show")["grants"] == [] and "Grants of others" not in hospital.run("access", "show").out
    grant = data(hospital, "accept", file)["grant"]
    agent, narrowed = agent_of(person, hospital)
    agent.run("access", "accept", narrowed, "--group", "group.card")
    count = len(hospital.entries())
    (held,) = data(hospital, "show")["grants"]
    assert held["grant"] == grant and held["holds"] is True and held["pack"] == "sample" and "agent" not in held
    (held,) = data(agent, "show")["grants"]
    assert (held["agent"], held["calls"], held["calls_made"]) == ("night watch", 3, 0)
    words = hospital.run("access", "show").out
    assert f"  {grant}  holds: sample of " in words and "but held for what one grant is for: see below" in words, words
    assert [one.get("held_by_grants") for one in data(hospital, "show")["classes"]][-1] == 1
    assert "0 of 3 calls made" in agent.run("access", "show").out
    shown = data(group, "show")["group"]
    assert [officer["role"] for officer in shown["officers"]] == ["security", "legal"] and "group" not in data(agent, "show")
    members = {one["name"]: (one["tier"], one["vouches"]) for one in shown["members"]}
    assert members == {NAME: (2, 2), "clinic.example": (0, 0), "school.example": (0, 0)}, members
    (issued,) = shown["issued"]
    assert (issued["grant"], issued["subject"], issued["packs"], issued["revoked"]) == (grant, NAME, ["sample"], False)
    group.run("access", "revoke", grant, "--out", "one.list")
    assert data(group, "show")["group"]["issued"] == [{**issued, "revoked": True}]
    words = group.run("access", "show").out
    assert f"  member   {NAME}  of " in words and "  officer  legal  " in words, words
    assert f"  grant    {grant}  {NAME}  sample  until {issued['until']}  revoked\n" in words, words
    hospital.run("access", "accept", "one.list")
    (held,) = data(hospital, "show")["grants"]
    assert held["holds"] is False and (held["reason"], held["rule"]) == ("revoked", "grant-is-not-revoked")
    words = hospital.run("access", "show").out
    assert "does not hold (revoked" in words and "but held for" not in words, words
    assert len(hospital.entries()) == count + 2  # what is shown is not recorded


@case
def a_group_whose_log_is_not_whole_is_shown_as_unknown(person):
    group = found_group(person)
    first = min((group.home / "audit").glob("**/*"), key=lambda path: (path.is_dir(), -path.stat().st_size))
    content = bytearray(first.read_bytes())
    content[len(content) // 2] ^= 1
    first.write_bytes(bytes(content))
    assert "not known: the audit log" in group.run("access", "show").out
    shown = data(group, "show")
    assert "not whole" in shown["group"]["problem"] and "members" not in shown["group"] and shown["classes"], shown


@case
def what_the_group_revokes_is_accepted_no_more(person):
    group, hospital = member(person)
    first, second = granted(person, group, hospital), granted(person, group, hospital, "second")
    hospital.run("access", "accept", first)
    said = data(group, "revoke", first, "--out", "one.list")
    assert (said["revoked"], said["number"], said["all"]) == (1, 1, 1)
    heard = data(hospital, "accept", "one.list")
    assert (heard["accepted"], heard["number"], heard["revoked"]) == ("revocations", 1, 1)
    assert [(one["by"], one["block"]) for one in heard["revocations"]] == [("block", said["revocations"][0]["block"])]
    assert refused(hospital, "accept", first) == "grant-is-not-revoked"
    hospital.run("access", "accept", second)
    said = data(group, "revoke", "--subject", NAME, "--out", "two.list")
    assert (said["revoked"], said["number"], said["all"]) == (2, 2, 2)
    hospital.run("access", "accept", "two.list")
    assert refused(hospital, "accept", second) == "grant-is-not-revoked"
    assert refused(hospital, "accept", "one.list") == "lists-only-grow"
    assert "no grant of that subject" in one_line(group.run("access", "revoke", "--subject", "nobody", "--out", "x",
                                                            status=2).err)
    # Of two lists of one number only one is the list, and a later one forgets nothing.
    (kept,) = (group.home / "revocations").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes((person.folder / "one.list").read_bytes())
    for number, why in ((2, "number 2 after another of 2"), (3, "number 3 lacks 1 that number 2 has")):
        group.run("access", "revoke", first, "--out", f"{number}.list")
        assert refused(hospital, "accept", f"{number}.list") == "lists-only-grow"
        assert why in hospital.run("access", "accept", f"{number}.list", status=2).err
    kept.write_bytes(whole)
    assert data(hospital, "accept", "two.list")["number"] == 2
    # An approved draft that was revoked is not issued again.
    assert refused(group, "grant", "second.approved1") == "grant-is-not-revoked"


@case
def what_is_revoked_at_once_is_all_on_the_list(person):
    group, hospital = member(person)
    files = [approved(person, group, hospital, f"n{n}") for n in range(4)]
    ids = [data(group, "grant", file)["grant"] for file in files]
    cosign(person, group)
    for n, file in enumerate(files):
        group.run("access", "grant", file, "--out", f"n{n}.grant")
    trials = [group.start("access", "revoke", grant, "--out", f"{grant}.list", "--format", "json") for grant in ids]
    said = [json.loads(trial.communicate(timeout=120)[0]) for trial in trials]
    assert sorted((one["number"], one["all"]) for one in said) == [(n, n) for n in range(1, 5)], said
    # Handed over at once, in any order: the latest stays.
    trials = [hospital.start("access", "accept", f"{grant}.list") for grant in ids]
    assert 0 in [trial.wait(timeout=120) for trial in trials]
    for trial in trials:
        trial.communicate()
    for n in range(4):
        assert refused(hospital, "accept", f"n{n}.grant") == "grant-is-not-revoked"


@case
def a_draft_of_who_was_revoked_is_not_issued(person):
    group, hospital = member(person)
    file = approved(person, group, hospital)
    said = data(group, "revoke", "--subject", NAME, "--out", "one.list")
    assert (said["revoked"], said["unread"]) == (1, 0), said
    assert refused(group, "grant", file) == "grant-is-not-revoked"
    # Asked for and approved anew, it is another decision.
    granted(person, group, hospital, "second")


@case
def what_cannot_be_found_to_be_revoked_is_told(person):
    group, hospital = member(person)
    files = [granted(person, group, hospital, name) for name in ("first", "second", "third")]
    papers = [entry["object_sha256"] for entry in group.entries()
              if entry["operation"] in ("group.grant", "group.draft") and entry["event"] == "done"]
    assert len(papers) == 6
    for paper in papers[:2]:
        (group.home / "payloads" / paper).unlink()
    for paper in papers[2:4]:
        (group.home / "payloads" / paper).write_text("changed")
    trace = group.run("access", "revoke", "--subject", NAME, "--out", "one.list")
    assert "4 papers" in trace.err and "erased: 2, damaged: 2" in trace.err, trace.err
    assert trace.out.count("Revoked: 1.") == 1, trace.out
    hospital.run("access", "accept", "one.list")
    assert refused(hospital, "accept", files[2]) == "grant-is-not-revoked"
    group.run("access", "revoke", files[0], "--out", "two.list")
    hospital.run("access", "accept", "two.list")
    assert refused(hospital, "accept", files[0]) == "grant-is-not-revoked"


@case
def a_grant_is_revoked_by_its_id(person):
    group, hospital = member(person)
    file = granted(person, group, hospital)
    grant = data(hospital, "accept", file)["grant"]
    group.run("access", "revoke", grant, "--out", "one.list")
    hospital.run("access", "accept", "one.list")
    assert refused(hospital, "accept", file) == "grant-is-not-revoked"
    assert "no grant of that id" in one_line(group.run("access", "revoke", "0" * 32, "--out", "x", status=2).err)
    for words in ((), (file, "--subject", NAME)):
        assert "name one grant" in one_line(group.run("access", "revoke", *words, "--out", "x", status=2).err)


@case
def nobody_revokes_what_is_another_s(person):
    group, hospital = member(person)
    file = granted(person, group, hospital)
    hospital.run("access", "accept", file)
    stranger = found_group(person, "second")
    assert "neither issued it nor narrowed it" in one_line(stranger.run("access", "revoke", file, "--out", "x",
                                                                        status=2).err)
    agent, narrowed = agent_of(person, hospital)
    agent.run("access", "accept", narrowed, "--group", "group.card")
    # The holder takes back what it left, and keeps what it has.
    hospital.run("access", "revoke", narrowed, "--out", "back.list")
    agent.run("access", "accept", "back.list")
    assert refused(agent, "accept", narrowed) == "grant-is-not-revoked"
    hospital.run("access", "accept", file)
    assert refused(other(person, "clinic.example"), "accept", "back.list") == "only-the-group-revokes"


def later_version(person):
    """A program of the same code, beside rules that say the same in other bytes."""
    folder = person.folder / "later"
    shutil.copytree(person.program.parent / "content", folder / "content")
    rules = folder / "content/grant.datalog"
    rules.write_text(rules.read_text() + "// of a later version\n")
    return pathlib.Path(shutil.copy(person.program, folder)), hashlib.sha256(rules.read_bytes()).hexdigest()


@case
def a_group_goes_by_the_rules_its_card_names(person):
    group, hospital = member(person)
    file = approved(person, group, hospital)
    security, legal = officers(person)
    program, rules = later_version(person)
    for somebody in (group, hospital, security, legal):
        somebody.program = program
    # With another version each of them is told, by the rules at hand, before anything is signed.
    rule = "group-goes-by-these-rules"
    assert refused(group, "grant", file, "--out", "x") == rule
    assert refused(security, "approve", "hospital.draft", "--group", "group.card", "--out", "x") == rule
    assert refused(group, "request", "--in", "hospital.request", "--out", "x") == rule
    said = one_line(group.run("access", "grant", file, "--out", "x", status=2).err)
    assert rules in said and "tocsin access init" in said, said
    # The group takes the rules over in a new card, which two officers of the one before sign.
    card = ("init", "--group", "Example Sharing Group", "--officer", "security=group-security.card", *watched_by(person))
    assert data(group, *card, "--officer", "legal=group-legal.card", "--out", "wish.card")["rules_sha256"] == rules
    assert refused(group, "request", "--in", "hospital.request", "--out", "x") == rule
    assert "the rules of grants are others" in security.run("access", "approve", "wish.card", "--group",
                                                            "group.card").out
    group.run("access", "init", "--in", endorsed(person, "wish.card", "later.card"))
    assert refused(group, *card, "--officer", "legal=group-legal.card", "--out", "x") == "a-home-is-one-groups"
    assert data(group, "eligibility", "--subject", NAME)["tier"] == 2  # the members are the same
    group.run("access", "request", "--in", "hospital.request", "--out", "later.draft")
    later = ("--group", "later.card")
    assert (refused(security, "approve", "later.draft", "--group", "wish.card", "--out", "x") ==
            "a-changed-card-is-signed-by-two-officers")
    security.run("access", "approve", "later.draft", *later, "--out", "later.one")
    legal.run("access", "approve", "later.one", *later, "--out", "later.two")
    issue(person, group, "later.two", "later.grant")
    assert refused(hospital, "accept", "later.grant") == rule
    hospital.run("access", "accept", "later.grant", *later)
    # Who stays with the older version is told too.
    hospital.program = person.program
    assert refused(hospital, "accept", "later.grant") == rule
    (held,) = data(hospital, "show")["grants"]
    assert held["holds"] is False and held["rule"] == rule
    group.run("access", "audit", "verify")


@case
def what_changed_hands_is_never_overwritten(person):
    group, hospital = member(person)
    file = approved(person, group, hospital)
    person.file("taken", "mine\n")
    security = officers(person)[0]
    for somebody, words in ((hospital, (*ASK, "--hours", "8")), (group, ("request", "--in", "hospital.request")),
                            (security, ("approve", file)), (group, ("grant", file))):
        assert "it exists already" in one_line(somebody.run("access", *words, "--out", "taken", status=2).err)
    assert (person.folder / "taken").read_text() == "mine\n"


@case
def a_home_without_its_log_grants_nothing(person):
    group, hospital = member(person)
    file = approved(person, group, hospital)
    shutil.rmtree(group.home / "audit")
    said = one_line(group.run("access", "grant", file, "--out", "x", status=2).err)
    assert "audit_unavailable" in said, said
    assert not (person.folder / "x").exists()


if __name__ == "__main__":
    sys.exit(main(sys.argv[3:]))
