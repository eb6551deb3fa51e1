#!/usr/bin/env python3
"""A group, its officers and its members, each with a home of their own: cards, enrolments and
vouches as files, and the tier that follows from the group's log.

usage: tests/cli/group.py TOCSIN [NAME...]"""

import base64
import datetime
import hashlib
import json
import os
import re
import sys
import time

import ed25519
from person import Person, case, main, one_line, readable

GROUP = "Example Sharing Group"
TIER_1 = ('subject("{0}");\nanswers_for("{0}", "{0}", "register 7");\n'
          'key_bound("{0}", "phishing-resistant", "enrolment 9");\n'
          'domain_controlled("{0}", "{0}", "DNS record of 3 March");\n')
TIER_2 = ('critical_service("{0}", "emergency care", "register of operators");\n'
          'organisation_confirmed("{0}", "call to the switchboard");\n'
          'authority_written("{0}", "{0}", "letter 12");\nassets_listed("{0}", "list 3");\n')


def other(person, name):
    """Somebody else, with a home of their own in the same folder."""
    somebody = Person(person.folder)
    somebody.home = person.folder / f"{name}.home"
    somebody.environment = {**person.environment, "TOCSIN_HOME": str(somebody.home)}
    return somebody


def data(somebody, *words):
    return json.loads(somebody.run("access", *words, "--format", "json").out)


def refused(somebody, *words):
    """The refusal of a command, as a program is given it; it stands in the log."""
    trace = somebody.run("access", *words, "--format", "json", status=2)
    assert trace.out == "", trace.out
    found = json.loads(trace.err)["refused"]
    assert found["because"] and found["what_would_change_it"] and found["appeal"] and found["recorded"]
    entry = somebody.last()
    assert (entry["event"], entry["rule"], entry["reason"]) == ("refused", found["rule"], found["reason"])
    said = one_line(somebody.run("access", *words, status=2).err)
    assert f"rule {found['rule']}" in said and found["what_would_change_it"] in said, said
    return found["rule"]


def witnesses(person, name="group"):
    return [other(person, f"{name}-witness{number}") for number in range(3)]


def watched_by(person, name="group"):
    """The words that name the group's witnesses."""
    keys = [witness.run("access", "witness").out.strip() for witness in witnesses(person, name)]
    return [word for key in keys for word in ("--witness", key)]


def key_of(person, card):
    return next(line for line in (person.folder / card).read_text().splitlines()
                if line.startswith("key: ")).removeprefix("key: ")


def cosign(person, group, name="group", count=2):
    """The group's log, cosigned by the first so many of its witnesses: asked first, then answered, then kept."""
    asked = witnesses(person, name)[:count]
    keys = [witness.run("access", "witness").out.strip() for witness in asked]
    for step in ("ask", "answer", "keep"):
        for number, (witness, key) in enumerate(zip(asked, keys)):
            file = f"{name}.cosigned{number}"
            if step == "ask":
                group.run("access", "audit", "cosign", "--witness", key, "--out", f"{file}.request")
            elif step == "answer":
                witness.run("access", "witness", "--in", f"{file}.request", "--key", key_of(person, f"{name}.card"),
                            "--out", file)
                (person.folder / f"{file}.request").unlink()
            else:
                group.run("access", "audit", "cosign", "--witness", key, "--in", file)
                (person.folder / file).unlink()


def found_group(person, name="group", watched=True):
    """The group, founded with two officers and three witnesses, its card in NAME.card."""
    for role in ("security", "legal"):
        officer = other(person, f"{name}-{role}")
        officer.run("access", "card", "--name", f"Officer {role}", "--out", f"{name}-{role}.card")
    group = other(person, name)
    group.run("access", "init", "--group", GROUP, "--officer", f"security={name}-security.card",
              "--officer", f"legal={name}-legal.card", *(watched_by(person, name) if watched else ()),
              "--out", f"{name}.card")
    return group


def enrol(person, name, facts=None, group=None, card="group.card"):
    """NAME.enrolment of somebody new; taken in where a group is named."""
    member = other(person, name)
    member.run("access", "enrol", "--group", card, "--name", name, "--organisation", f"The {name}",
               "--contact", f"duty@{name}", "--out", f"{name}.enrolment")
    if group is not None:
        words = ("--facts", person.file(f"{name}.facts", facts)) if facts else ()
        group.run("access", "enrol", "--in", f"{name}.enrolment", *words)
    return member


def vouch(person, member, name, out):
    member.run("access", "vouch", f"{name}.enrolment", "--group", "group.card", "--out", out)
    return person.folder / out


def resigned(somebody, name, out, change):
    """A deed of somebody's with other words in it, signed by the same key: what a clock that is
    wrong, or whoever has that key, would make."""
    text, rest = (somebody.folder / name).read_bytes().split(b"\n\n")
    text = change(text.decode()).encode() + b"\n"
    marked = base64.b64decode((somebody.home / "identity/owner.key").read_text().strip().split("+", 4)[4])
    dash, signer, encoded = rest.decode().removesuffix("\n").split(" ")
    signature = base64.b64decode(encoded)[:4] + ed25519.sign(marked[1:], text)
    (somebody.folder / out).write_bytes(
        text + b"\n" + f"{dash} {signer} {base64.b64encode(signature).decode()}\n".encode())
    return out


def remade(somebody, name, out, hours):
    """The same, as if made so many hours from now."""
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
    return resigned(somebody, name, out,
                    lambda text: re.sub(r"(?m)^made: .*$", f"made: {when:%Y-%m-%dT%H:%M:%SZ}", text))


def tier(group, name):
    return data(group, "eligibility", "--subject", name)["tier"]


@case
def two_vouches_and_checked_facts_make_the_tier(person):
    group = found_group(person)
    enrol(person, "hospital.example", TIER_1.format("hospital.example"), group)
    clinic, school = (enrol(person, name, None, group) for name in ("clinic.example", "school.example"))
    assert tier(group, "hospital.example") == 0
    group.run("access", "vouch", "--in", vouch(person, clinic, "hospital.example", "one.vouch"))
    told = group.run("access", "eligibility", "--subject", "hospital.example").out
    assert told.startswith("hospital.example: tier 0, public\n")
    assert re.search(r"missing  tier 1  identity: .*\n    to mend  .*two members vouch", told), told
    group.run("access", "vouch", "--in", vouch(person, school, "hospital.example", "two.vouch"))
    assert tier(group, "hospital.example") == 1
    # Checked later: the same enrolment with more facts, and the vouches stay.
    facts = person.file("more.facts", (TIER_1 + TIER_2).format("hospital.example"))
    group.run("access", "enrol", "--in", "hospital.enrolment".replace("hospital", "hospital.example"),
              "--facts", facts)
    assert tier(group, "hospital.example") == 2
    assert tier(group, "clinic.example") == 0
    group.run("access", "audit", "verify")


@case
def the_tier_can_be_computed_again_by_anyone(person):
    group = found_group(person)
    enrol(person, "hospital.example", TIER_1.format("hospital.example"), group)
    for name in ("clinic.example", "school.example"):
        group.run("access", "vouch", "--in",
                  vouch(person, enrol(person, name, None, group), "hospital.example", f"{name}.vouch"))
    said = data(group, "eligibility", "--subject", "hospital.example")
    again = data(person, "eligibility", person.file("all.facts", said["facts"]))
    assert again == said and said["tier"] == 1 and said["not_understood"] == []
    for name in ("clinic.example", "school.example"):
        digest = hashlib.sha256((person.folder / f"{name}.vouch").read_bytes()).hexdigest()
        assert f"vouch {digest}" in said["facts"]


@case
def what_passes_is_written_whole_and_named_in_the_log(person):
    group = found_group(person)
    member = enrol(person, "hospital.example")
    for somebody, name, operation in ((group, "group.card", "group.found"),
                                      (member, "hospital.example.enrolment", "access.enrol")):
        file = (person.folder / name).read_bytes()
        entry = somebody.last()
        assert (entry["event"], entry["operation"]) == ("done", operation)
        assert entry["object_sha256"] == hashlib.sha256(file).hexdigest()
        key = (somebody.home / "identity/owner.vkey").read_text().strip()
        assert file.decode().splitlines()[1] == f"key: {key}"
    taken = json.loads(group.run("access", "enrol", "--in", "hospital.example.enrolment", "--format", "json").out)
    assert group.last()["object_sha256"] == taken["admission_sha256"]
    kept = {path.name for path in (group.home / "payloads").iterdir()}
    assert {taken["admission_sha256"], taken["enrolment_sha256"]} <= kept


def is_signed(file):
    """Whether a deed is what docs/formats/deed.md says, by the page alone."""
    text, rest = file.split(b"\n\n")
    key = re.search(rb"^key: ([^+]+)\+([0-9a-f]{8})\+(\S+)$", text, re.M)
    name, said, marked = key.group(1), key.group(2).decode(), base64.b64decode(key.group(3), validate=True)
    dash, signer, encoded = rest.decode().removesuffix("\n").split(" ")
    signature = base64.b64decode(encoded, validate=True)
    digest = hashlib.sha256(name + b"\n" + marked).digest()[:4]
    return (dash == "\u2014" and signer.encode() == name and digest.hex() == said and marked[0] == 1
            and signature[:4] == digest and ed25519.verify(marked[1:], text + b"\n", signature[4:]))


@case
def an_outsider_checks_each_file_by_the_page_of_the_format(person):
    group = found_group(person)
    enrol(person, "hospital.example", TIER_1.format("hospital.example"), group)
    vouch(person, enrol(person, "clinic.example", None, group), "hospital.example", "one.vouch")
    admission = group.home / "payloads" / group.last()["object_sha256"]
    for path in (*(person.folder / name for name in ("group.card", "group-legal.card", "one.vouch",
                                                     "hospital.example.enrolment")), admission):
        file = path.read_bytes()
        assert is_signed(file), path
        assert not is_signed(file.replace(b"made: 2", b"made: 3")), path


@case
def officers_are_two_of_two_roles_with_keys_of_their_own(person):
    group = found_group(person)
    founder = other(person, "founder")
    founder.run("access", "card", "--name", "Founder", "--out", "founder.card")
    officer = ("--officer", "security=group-security.card")
    init = ("init", "--group", "Another", "--out", "another.card")
    assert refused(founder, *init, *officer) == "two-officers-of-two-roles"
    assert refused(founder, *init, *officer, "--officer", "security=group-legal.card") == "two-officers-of-two-roles"
    assert refused(founder, *init, *officer, "--officer", "legal=group-security.card") == "two-officers-of-two-roles"
    assert refused(founder, *init, *officer, "--officer", "legal=founder.card") == "officers-have-keys-of-their-own"
    assert not (person.folder / "another.card").exists()
    assert refused(group, *init, *officer, "--officer", "legal=group-legal.card") == "a-home-is-one-groups"
    for words in (("--officer", "security"), ("--officer", "=group-legal.card")):
        one_line(founder.run("access", *init, *words, status=2).err)
    for role, why in (("Security", "is no word"), ("x" * 65, "is no word"), ("two words", "is one word")):
        assert why in one_line(founder.run("access", *init, *officer, "--officer", f"{role}=group-legal.card",
                                           status=2).err), role


@case
def witnesses_are_others_and_a_quorum_is_most_of_them(person):
    found_group(person)
    fresh = other(person, "fresh")
    init = ("init", "--group", "A", "--officer", "security=group-security.card", "--officer", "legal=group-legal.card")
    keys = watched_by(person)
    own = fresh.run("access", "witness").out.strip()
    officers = other(person, "group-legal").run("access", "witness").out.strip()
    for words in ((*keys, "--quorum", "1"), (*keys, "--quorum", "4"), keys[:2], (*keys, "--witness", keys[1]),
                  (*keys, "--witness", own), (*keys, "--witness", officers), ("--quorum", "2")):
        assert refused(fresh, *init, *words, "--out", "x") == "most-of-the-witnesses-and-none-of-us", words
    assert "the witness is no key" in one_line(fresh.run("access", *init, "--witness", key_of(person, "group.card"),
                                                       "--out", "x", status=2).err)
    said = data(fresh, *init, *keys, "--out", "fresh.card")
    assert said["quorum"] == 2 and said["witnesses"] == keys[1::2]
    assert "quorum: 2\n" in (person.folder / "fresh.card").read_text()
    assert "without witnesses nothing critical is granted" in other(person, "third").run(
        "access", *init, "--out", "third.card").out


@case
def only_members_vouch_once_and_never_for_themselves(person):
    group = found_group(person)
    hospital = enrol(person, "hospital.example", None, group)
    stranger = enrol(person, "stranger.example")
    mine = vouch(person, stranger, "hospital.example", "stranger.vouch")
    assert refused(group, "vouch", "--in", mine) == "only-members-vouch"
    assert refused(hospital, "vouch", "hospital.example.enrolment", "--group", "group.card",
                   "--out", "self.vouch") == "nobody-vouches-for-oneself"
    assert not (person.folder / "self.vouch").exists()
    group.run("access", "enrol", "--in", "stranger.example.enrolment")
    group.run("access", "vouch", "--in", mine)
    assert refused(group, "vouch", "--in", mine) == "a-member-vouches-once"
    late = vouch(person, hospital, "stranger.example", "late.vouch")
    enrol(person, "stranger.example-2", None, group)
    assert data(group, "vouch", "--in", late)["vouches"] == 1
    # Another organisation under the same key: what was vouched for is no more.
    stranger.run("access", "enrol", "--group", "group.card", "--name", "stranger.example",
                 "--organisation", "A Ministry", "--out", "changed.enrolment")
    group.run("access", "enrol", "--in", "changed.enrolment")
    assert refused(group, "vouch", "--in", late) == "a-vouch-is-for-one-enrolment"


@case
def what_is_for_another_group_is_not_taken_in(person):
    group = found_group(person)
    elsewhere = found_group(person, "elsewhere")
    hospital = enrol(person, "hospital.example", None, group)
    clinic = enrol(person, "clinic.example", None, elsewhere, "elsewhere.card")
    assert refused(group, "enrol", "--in", "clinic.example.enrolment") == "what-is-for-one-group-counts-there-alone"
    assert refused(clinic, "vouch", "hospital.example.enrolment", "--group", "elsewhere.card",
                   "--out", "x.vouch") == "what-is-for-one-group-counts-there-alone"
    assert refused(elsewhere, "vouch", "--in", vouch(person, clinic, "hospital.example", "y.vouch")) == \
        "what-is-for-one-group-counts-there-alone"
    assert refused(hospital, "enrol", "--in", "hospital.example.enrolment") == "only-a-group-takes-in"
    assert refused(hospital, "vouch", "--in", "y.vouch") == "only-a-group-takes-in"
    assert refused(hospital, "eligibility", "--subject", "hospital.example") == "only-a-group-takes-in"


@case
def a_name_is_one_members(person):
    group = found_group(person)
    enrol(person, "hospital.example", None, group)
    impostor = other(person, "impostor")
    impostor.run("access", "enrol", "--group", "group.card", "--name", "hospital.example",
                 "--organisation", "The hospital.example", "--out", "impostor.enrolment")
    assert refused(group, "enrol", "--in", "impostor.enrolment") == "a-name-is-one-members"


@case
def what_was_checked_stays_when_a_member_enrols_again(person):
    group = found_group(person)
    facts = TIER_1.format("hospital.example")
    hospital = enrol(person, "hospital.example", facts, group)
    for name in ("clinic.example", "school.example"):
        group.run("access", "vouch", "--in", vouch(person, enrol(person, name, None, group), "hospital.example",
                                                   f"{name}.vouch"))
    assert tier(group, "hospital.example") == 1
    said = group.run("access", "enrol", "--in", "hospital.example.enrolment")
    assert "3 facts that were checked before go on counting" in said.err and "facts that were checked: 3" in said.out
    assert tier(group, "hospital.example") == 1
    # Another enrolment of the same name and organisation: the vouches were for the one before.
    again = remade(hospital, "hospital.example.enrolment", "again.enrolment", 0.01)
    said = group.run("access", "enrol", "--in", again)
    assert "3 facts that were" in said.err and "for the enrolment before this one" in said.err, said.err
    assert tier(group, "hospital.example") == 0
    hospital.run("access", "enrol", "--group", "group.card", "--name", "hospital.example", "--organisation", "Another",
                 "--out", "other.enrolment")
    moved = remade(hospital, "other.enrolment", "moved.enrolment", 0.015)
    said = group.run("access", "enrol", "--in", moved)
    assert "3 facts were checked for another organisation" in said.err and "checked: 0" in said.out, (said.err, said.out)


@case
def a_member_keeps_its_name(person):
    group = found_group(person)
    hospital = enrol(person, "hospital.example", None, group)
    hospital.run("access", "enrol", "--group", "group.card", "--name", "clinic.example", "--organisation", "A",
                 "--out", "renamed.enrolment")
    assert refused(group, "enrol", "--in", "renamed.enrolment") == "a-member-keeps-its-name"
    assert tier(group, "hospital.example") == 0
    # Taken off, it may come back under another.
    group.run("access", "remove", "hospital.example", "--reason", "renamed")
    group.run("access", "enrol", "--in", "renamed.enrolment")
    assert tier(group, "clinic.example") == 0


@case
def who_is_taken_off_the_roll_is_no_member(person):
    group = found_group(person)
    enrol(person, "hospital.example", TIER_1.format("hospital.example"), group)
    clinic, school = (enrol(person, name, None, group) for name in ("clinic.example", "school.example"))
    for member, out in ((clinic, "one.vouch"), (school, "two.vouch")):
        group.run("access", "vouch", "--in", vouch(person, member, "hospital.example", out))
    assert tier(group, "hospital.example") == 1
    assert "--reason" in one_line(group.run("access", "remove", "clinic.example", status=2).err)
    assert "no member called" in one_line(group.run("access", "remove", "nobody", "--reason", "x", status=2).err)
    assert refused(clinic, "remove", "clinic.example", "--reason", "x") == "only-a-group-takes-in"
    said = data(group, "remove", "clinic.example", "--reason", "has left")
    digest = hashlib.sha256((person.folder / "clinic.example.enrolment").read_bytes()).hexdigest()
    assert said == {"removed": "clinic.example", "enrolment_sha256": digest, "vouches": 1}, said
    assert (group.last()["operation"], group.last()["object_sha256"]) == ("group.remove", digest)
    # Its vouch counts no more, and it makes no other.
    assert tier(group, "hospital.example") == 0
    assert refused(group, "vouch", "--in", "one.vouch") == "only-members-vouch"
    assert {one["name"] for one in data(group, "show")["group"]["members"]} == {"hospital.example", "school.example"}
    # That stands in the log: no paper that is erased brings it back.
    for path in (group.home / "payloads").iterdir():
        if b"tocsin/vouch/1" in path.read_bytes():
            path.unlink()
    assert "clinic.example" not in group.run("access", "show").out
    group.run("access", "enrol", "--in", "clinic.example.enrolment")
    assert tier(group, "clinic.example") == 0
    group.run("access", "audit", "verify")


@case
def a_card_is_forgotten_when_it_is_asked(person):
    group = found_group(person)
    member = enrol(person, "hospital.example", None, group)
    changed = resigned(group, "group.card", "changed.card", lambda text: text.replace("Officer legal", "Somebody Else"))
    assert refused(member, "accept", changed) == "a-changed-card-is-signed-by-two-officers"
    (kept,) = (member.home / "groups").iterdir()
    digest = hashlib.sha256(kept.read_bytes()).hexdigest()
    assert data(member, "forget", key_of(person, "group.card")) == {"forgotten": key_of(person, "group.card")}
    assert not kept.exists() and member.last()["object_sha256"] == digest
    assert "keeps no card" in one_line(member.run("access", "forget", "group.card", status=2).err)
    member.run("access", "accept", changed)
    assert "Forgotten: the card of Example Sharing Group" in member.run("access", "forget", "group.card").out


@case
def a_name_that_looks_like_a_members_is_no_other_name(person):
    group = found_group(person)
    enrol(person, "Hôpital.example", None, group)
    other_words = ("--organisation", "The other", "--out")
    impostor = other(person, "impostor")
    impostor.run("access", "enrol", "--group", "group.card", "--name", "HÔPITAL.example", *other_words, "one.enrolment")
    assert refused(group, "enrol", "--in", "one.enrolment") == "a-name-is-one-members"
    for name, why in (("a\u00a0b", "a space that is not the plain one"), ("a  b", "two in a row"),
                      ("Ho\u0302pital.example", "a mark that joins")):
        assert why in one_line(impostor.run("access", "enrol", "--group", "group.card", "--name", name, *other_words,
                                            "x", status=2).err)
    assert not (person.folder / "x").exists()
    # The letter in the middle is Cyrillic.
    impostor.run("access", "enrol", "--group", "group.card", "--name", "h\u043epital", *other_words, "two.enrolment")
    assert "mixes letters of Latin" in group.run("access", "enrol", "--in", "two.enrolment").err
    assert "mixes" not in group.run("access", "enrol", "--in", "Hôpital.example.enrolment").err


@case
def an_older_enrolment_is_not_taken_in_again(person):
    group = found_group(person)
    hospital = enrol(person, "hospital.example", None, group)
    old = remade(hospital, "hospital.example.enrolment", "old.enrolment", -48)
    assert refused(group, "enrol", "--in", old) == "an-enrolment-is-not-replaced-by-an-older-one"
    ahead = remade(hospital, "hospital.example.enrolment", "ahead.enrolment", 1)
    assert refused(group, "enrol", "--in", ahead) == "what-is-asked-is-asked-now"
    group.run("access", "enrol", "--in", "hospital.example.enrolment")
    # Of somebody who is new an old one will do: it may have been long on its way.
    clinic = enrol(person, "clinic.example")
    group.run("access", "enrol", "--in", remade(clinic, "clinic.example.enrolment", "old.clinic", -48))


def endorsed(person, file, out, roles=("security", "legal"), name="group"):
    """The card as officers sign it, one after the other."""
    for number, role in enumerate(roles):
        step = out if number == len(roles) - 1 else f"{out}.{number}"
        other(person, f"{name}-{role}").run("access", "approve", file, "--group", f"{name}.card", "--out", step)
        file = step
    return out


@case
def a_changed_card_is_taken_when_two_officers_of_the_kept_one_signed_it(person):
    group = found_group(person)
    found_group(person, "elsewhere")
    member = enrol(person, "hospital.example")
    vouch_words = ("vouch", "hospital.example.enrolment")
    clinic = enrol(person, "clinic.example")
    security, legal = (other(person, f"group-{role}") for role in ("security", "legal"))
    stranger = (person.folder / "elsewhere-legal.card").read_text()
    key = re.search(r"^key: (.*)$", stranger, re.M).group(1)
    rule = "a-changed-card-is-signed-by-two-officers"
    # Whoever has the group's key alone.
    changed = resigned(group, "group.card", "changed.card", lambda text: re.sub(
        r"(?m)^officer: legal .*$", f"officer: legal {key} Somebody Else", text))
    (kept,) = (clinic.home / "groups").iterdir()
    before = kept.read_bytes()
    words = (*vouch_words, "--out", "x", "--group")
    assert refused(clinic, *words, changed) == rule
    said = clinic.run("access", *words, changed, status=2).err
    digest = hashlib.sha256((person.folder / changed).read_bytes()).hexdigest()
    assert digest in said and "goes: Officer legal (legal); comes: Somebody Else (legal)" in said, said
    # Officers sign by the card in force; who comes with the changed one is none yet.
    look = ("approve", changed, "--group", "group.card")
    told = security.run("access", *look).out
    assert "goes: Officer legal (legal)" in told and "Nothing is approved yet" in told, told
    assert refused(other(person, "elsewhere-legal"), *look, "--out", "y") == "only-officers-approve"
    said = data(security, *look, "--out", "once.card")
    assert said["approved"] and said["role"] == "security" and "comes: Somebody Else" in said["change"], said
    assert refused(clinic, *words, "once.card") == rule
    again = ("approve", "once.card", "--group", "group.card", "--out", "y")
    assert refused(security, *again) == "an-officer-approves-once"
    legal.run("access", "approve", "once.card", "--group", "group.card", "--out", "twice.card")
    # Signed, but what it is used for is refused: nothing has changed.
    own = (*vouch_words, "--group", "twice.card", "--out", "x")
    assert "rule nobody-vouches-for-oneself" in member.run("access", *own, status=2).err
    assert kept.read_bytes() == before and not (person.folder / "x").exists()
    trace = clinic.run("access", *own)
    assert "the group's card changes here" in trace.err and "comes: Somebody Else (legal)" in trace.err, trace.err
    assert kept.read_bytes() == (person.folder / "twice.card").read_bytes()
    assert [entry["object_sha256"] for entry in clinic.entries()[-2:]] == [
        hashlib.sha256((person.folder / name).read_bytes()).hexdigest() for name in ("twice.card", "x")]
    # The one before is not in force any more, and the other group's officers sign nothing here.
    assert refused(clinic, *vouch_words, "--group", "group.card", "--out", "z") == rule
    assert refused(other(person, "elsewhere-security"), "approve", changed, "--group", "elsewhere.card",
                   "--out", "z") == "what-is-for-one-group-counts-there-alone"


@case
def a_group_changes_its_card_when_two_officers_signed(person):
    group = found_group(person)
    member = enrol(person, "hospital.example", None, group)
    other(person, "next").run("access", "card", "--name", "Officer next", "--out", "next.card")
    init = ("init", "--group", GROUP, "--officer", "security=group-security.card", *watched_by(person))
    assert refused(group, *init, "--officer", "legal=group-legal.card", "--out", "x") == "a-home-is-one-groups"
    assert refused(group, "init", "--group", "Another", *init[3:], "--officer", "legal=next.card",
                   "--out", "x") == "a-home-is-one-groups"
    told = group.run("access", *init, "--officer", "legal=next.card", "--out", "wish.card").out
    assert told.startswith("Not in force: two officers"), told
    names = lambda: {one["name"] for one in data(group, "show")["group"]["officers"]}
    assert names() == {"Officer security", "Officer legal"}
    rule = "a-changed-card-is-signed-by-two-officers"
    assert refused(group, "init", "--in", "wish.card") == rule
    assert refused(group, "init", "--in", endorsed(person, "wish.card", "one.card", ("security",))) == rule
    endorsed(person, "wish.card", "two.card")
    stranger = other(person, "stranger")
    assert refused(stranger, "init", "--in", "two.card") == "only-a-group-takes-in"
    assert "nothing else is asked for" in one_line(group.run("access", "init", "--in", "two.card", "--out", "x",
                                                             status=2).err)
    said = data(group, "init", "--in", "two.card")
    assert said["card_sha256"] == hashlib.sha256((person.folder / "two.card").read_bytes()).hexdigest()
    assert (group.last()["operation"], group.last()["object_sha256"]) == ("group.change", said["card_sha256"])
    assert names() == {"Officer security", "Officer next"}
    assert tier(group, "hospital.example") == 0  # the members are the same
    assert "is the card in force" in one_line(group.run("access", "init", "--in", "two.card", status=2).err)
    time.sleep(1.1)  # made in the same second it would be the card in force
    assert refused(group, "init", "--in", endorsed(person, remade(group, "wish.card", "late.card", 0), "old.card")) == rule
    # Who keeps the one before takes it as it is.
    clinic = enrol(person, "clinic.example", None, group, "two.card")
    member.run("access", "vouch", "clinic.example.enrolment", "--group", "two.card", "--out", "hospital.vouch")
    group.run("access", "vouch", "--in", "hospital.vouch")
    assert refused(clinic, "vouch", "hospital.example.enrolment", "--group", "group.card", "--out", "x") in (
        rule, "a-card-is-not-replaced-by-an-older-one")
    # Nothing but the card is handed over.
    school = other(person, "school.example")
    school.run("access", "accept", "group.card")
    assert refused(school, "accept", "wish.card") == rule
    assert data(school, "accept", "two.card")["accepted"] == "card"
    assert next((school.home / "groups").iterdir()).read_bytes() == (person.folder / "two.card").read_bytes()
    assert school.last()["object_sha256"] == said["card_sha256"]
    group.run("access", "audit", "verify")


@case
def a_card_is_not_kept_of_what_was_refused(person):
    group = found_group(person)
    found_group(person, "elsewhere")
    enrol(person, "hospital.example", None, group)
    stranger = other(person, "stranger")
    assert refused(stranger, "vouch", "hospital.example.enrolment", "--group", "elsewhere.card",
                   "--out", "x") == "what-is-for-one-group-counts-there-alone"
    one_line(stranger.run("access", "accept", "hospital.example.enrolment", "--group", "group.card", status=2).err)
    assert not list((stranger.home / "groups").glob("*"))


@case
def facts_are_taken_in_only_when_they_are_understood(person):
    group = found_group(person)
    enrol(person, "hospital.example")
    words = ("enrol", "--in", "hospital.example.enrolment", "--facts", "facts")
    subject = 'subject("hospital.example");\n'
    for fact, rule in (
            ('key_bound("hospital.example", "phishing-resistent", "e 9");', "facts-are-taken-in-when-understood"),
            ('key_bound("hospital.example", "phishing-resistant", "");', "facts-are-taken-in-when-understood"),
            ('key_bound("Hospital.example", "phishing-resistant", "e");', "facts-are-taken-in-when-understood"),
            ('key_bond("hospital.example", "phishing-resistant", "e");', "facts-are-taken-in-when-understood"),
            ('member("clinic.example"); vouched("hospital.example", "clinic.example", "said so");',
             "who-vouches-signs")):
        person.file("facts", subject + fact)
        assert refused(group, *words) == rule, fact
    person.file("facts", 'subject("clinic.example");')
    assert refused(group, *words) == "facts-are-about-who-enrols"
    for content, why in (('subject("hospital.example"); tier("hospital.example", 2);', "only the policy concludes"),
                         ("not datalog", "line 1"), ("", "is empty")):
        person.file("facts", content)
        assert why in one_line(group.run("access", *words, status=2).err), content
    assert "no member" in one_line(group.run("access", "eligibility", "--subject", "hospital.example", status=2).err)


@case
def a_fault_in_the_facts_names_its_line(person):
    group = found_group(person)
    enrol(person, "hospital.example", None, group)
    for facts, why in (('subject("hospital.example");\n\nmember("x")\n\n\nmember("y");\n', "the facts, line 3: a statement"),
                       ('subject("hospital.example");\ntier("x", 2);\n', "the facts: a fact claims what"),
                       ('subject("a");\nsubject("b");\n', "the facts: the facts need exactly one")):
        said = group.run("access", "enrol", "--in", "hospital.example.enrolment", "--facts",
                         person.file("bad.facts", facts), status=2).err
        assert why in one_line(said), said


@case
def a_file_that_is_not_what_is_wanted_says_so(person):
    group = found_group(person)
    member = enrol(person, "hospital.example")
    changed = person.file("changed", (person.folder / "hospital.example.enrolment").read_text().replace(
        "The hospital.example", "The ministry.example"))
    person.file("empty", "")
    person.file("long", "x" * 70000)
    (person.folder / "latin").write_bytes(b"caf\xe9\n")
    for words, why in (
            (("enrol", "--in", changed), "changed after it was signed"),
            (("enrol", "--in", "group.card"), "it is a group's card, which is not what is wanted here"),
            (("enrol", "--in", "empty"), "no empty line"), (("enrol", "--in", "long"), "too long"),
            (("enrol", "--in", "latin"), "not plain UTF-8"), (("enrol", "--in", "missing"), "No such file"),
            (("enrol", "--in", "."), "not a plain file"),
            (("vouch", "--in", "hospital.example.enrolment"), "it is an enrolment"),
            (("enrol", "--in", "hospital.example.enrolment", "--name", "x"), "with --in only --facts")):
        assert why in one_line(group.run("access", *words, status=2).err), words
    for words, why in (
            (("enrol", "--group", "hospital.example.enrolment", "--name", "a", "--organisation", "b", "--out", "x"),
             "it is an enrolment"),
            (("enrol", "--name", "a", "--organisation", "b", "--out", "x"), "--group"),
            (("enrol", "--group", "group.card", "--out", "x"), "--name"),
            (("enrol", "--group", "group.card", "--name", "a", "--organisation", "b"), "--out"),
            (("enrol", "--group", "group.card", "--name", "a", "--organisation", "b", "--out", "group.card"),
             "exists already"),
            (("enrol", "--group", "group.card", "--name", "a\nb", "--organisation", "b", "--out", "x"),
             "name: holds a character that cannot be seen"),
            (("enrol", "--group", "group.card", "--name", "a" * 121, "--organisation", "b", "--out", "x"),
             "name: is too long"),
            (("enrol", "--group", "group.card", "--name", "a", "--organisation", "b", "--out", "x",
              "--facts", "f"), "--facts goes with --in"),
            (("vouch",), "needs ENROLMENT"), (("vouch", "x", "--in", "y"), "one operand too many"),
            (("eligibility",), "needs FACTS"), (("eligibility", "x", "--subject", "y"), "one operand too many"),
            (("card", "--out", "x"), "--name"), (("card", "--name", "a"), "--out"),
            (("card", "--name", "a", "--out", "missing/x"), "No such file")):
        assert why in one_line(member.run("access", *words, status=2).err), words
    assert not (person.folder / "x").exists()


@case
def what_cannot_be_written_is_not_recorded_as_done(person):
    officer = other(person, "officer")
    closed = person.folder / "closed"
    closed.mkdir()
    closed.chmod(0o500)
    names = ["missing/x", "closed/", "x" * 300] + (["closed/x"] if os.geteuid() != 0 else [])
    for name in names:
        one_line(officer.run("access", "card", "--name", "A", "--out", name, status=2).err)
        assert officer.last()["event"] == "failed", name
    closed.chmod(0o700)


@case
def without_a_log_nothing_is_made(person):
    found_group(person)
    enrol(person, "hospital.example")
    person.home.write_text("a file where the home should be")
    before = {path.name for path in person.folder.iterdir()}
    for words in (("card", "--name", "A", "--out", "new"),
                  ("init", "--group", GROUP, "--officer", "security=group-security.card",
                   "--officer", "legal=group-legal.card", "--out", "new"),
                  ("enrol", "--group", "group.card", "--name", "A", "--organisation", "B", "--out", "new"),
                  ("enrol", "--in", "hospital.example.enrolment"), ("vouch", "--in", "hospital.example.enrolment"),
                  ("vouch", "hospital.example.enrolment", "--group", "group.card", "--out", "new"),
                  ("eligibility", "--subject", "hospital.example")):
        assert "refused" in one_line(person.run("access", *words, status=2).err), words
    assert {path.name for path in person.folder.iterdir()} == before


@case
def the_card_that_was_used_is_kept(person):
    found_group(person)
    member = enrol(person, "hospital.example")
    kept = list((member.home / "groups").iterdir())
    assert len(kept) == 1 and kept[0].read_bytes() == (person.folder / "group.card").read_bytes()


@case
def a_group_goes_by_the_policy_it_published(person):
    group = found_group(person)
    digest = re.search(r"^policy: ([0-9a-f]{64})$", (person.folder / "group.card").read_text(), re.M).group(1)
    enrol(person, "hospital.example", None, group)
    assert data(group, "eligibility", "--subject", "hospital.example")["policy_sha256"] == digest
    policy = group.home / "payloads" / digest
    policy.write_text(policy.read_text() + "\ntier($p, 2) <- subject($p);\n")
    line = one_line(group.run("access", "eligibility", "--subject", "hospital.example", status=2).err)
    assert "is not what its log says" in line
    policy.unlink()
    assert "is gone" in one_line(group.run("access", "eligibility", "--subject", "hospital.example", status=2).err)


@case
def what_is_erased_counts_no_more_and_the_log_stays_whole(person):
    group = found_group(person)
    enrol(person, "hospital.example", TIER_1.format("hospital.example"), group)
    digest = hashlib.sha256((person.folder / "hospital.example.enrolment").read_bytes()).hexdigest()
    (group.home / "payloads" / digest).unlink()
    trace = group.run("access", "eligibility", "--subject", "hospital.example", status=2)
    assert "1 of the papers that the log names were erased" in trace.err and "no member" in trace.err
    group.run("access", "audit", "verify")


@case
def a_log_that_was_changed_admits_nobody(person):
    group = found_group(person)
    enrol(person, "hospital.example", None, group)
    bundle = group.home / "audit/tile/entries/000"
    content = bytearray(bundle.read_bytes())
    content[40] ^= 1
    bundle.write_bytes(content)
    enrol(person, "clinic.example")
    before = readable(group.home)
    one_line(group.run("access", "enrol", "--in", "clinic.example.enrolment", status=2).err)
    assert readable(group.home) == before


@case
def what_counts_for_nothing_is_named_to_people_and_programs(person):
    person.file("facts", 'subject("Amira");\nanswers_for("amira", "o.example", "r 1");\n'
                         'identity_proofed("Amira", "attnded", "p");\nkey_bound("Amira", "phishing-resistant", "");\n'
                         'asset_listed("o.example", "l");\n')
    trace = person.run("access", "eligibility", "facts")
    lines = trace.err.splitlines()
    assert len(lines) == 4 and all("counts for nothing" in line for line in lines), trace.err
    assert 'names "Amira", which is not "amira"' in lines[0] and 'takes "attnded"' in lines[1]
    assert 'takes ""' in lines[2] and "knows no such fact" in lines[3]
    said = data(person, "eligibility", "facts")
    assert said["not_understood_count"] == 4 and len(said["not_understood"]) == 4
    assert [line.removeprefix("tocsin: ") for line in lines] == said["not_understood"]


@case
def commands_that_begin_alike_are_listed(person):
    listing = person.run("access", "--help").out
    for command in ("access card", "access init", "access enrol", "access vouch ENROLMENT", "access eligibility"):
        assert f"tocsin {command}" in listing, listing
    assert listing == person.run("access", "-h").out == person.run("help", "access").out
    assert "access audit show" in person.run("help", "access", "audit").out
    assert "'tocsin help access'" in one_line(person.run("access", status=2).err)
    one_line(person.run("access", "nothing", "--help", status=2).err)
    assert "takes an enrolment into the group's log" in person.run("access", "enrol", "--help").out


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[2:])))
