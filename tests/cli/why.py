#!/usr/bin/env python3
"""Entries of the log explained: what was decided, by which rule, and whether it comes out the same
when it is judged again; and that nothing is said to be the same where something is missing.

usage: tests/cli/why.py TOCSIN ENTITLE [NAME...]"""

import shutil
import sys

from person import CASES, case, main, one_line
from group import TIER_1, data, other, refused
from grants import NAME, SAMPLE, agent_of, granted, member
from revoke import PACK, ready

CASES.clear()  # those of the others, which only lend their people


def why(somebody, entry):
    return data(somebody, "why", entry)


def answers(found):
    return found["then"]["answer"], found["today"]["answer"]


def missing(found):
    return {one["what"]: one["state"] for one in found["inputs"] if one["state"] != "kept"}


def entry_of(somebody, operation, event, **more):
    """The last such entry's number."""
    return [entry["sequence"] for entry in somebody.entries() if entry["operation"] == operation and
            entry["event"] == event and all(entry.get(key) == value for key, value in more.items())][-1]


def with_pack(person):
    """(group, hospital) where the pack is accepted under a grant, and used once."""
    group, hospital = member(person)
    recipient = hospital.run("access", "recipient").out.strip()
    group.run("access", "seal", SAMPLE, "--to", recipient, "--group", "group.card", "--out", "sample.age")
    hospital.run("access", "accept", granted(person, group, hospital))
    return group, hospital


@case
def what_every_owner_may_do_comes_out_the_same(person):
    person.file("x.sh", "echo hello\n")
    person.run("analyze", "x.sh")
    entry = person.last()["sequence"]
    found = why(person, entry)
    assert answers(found) == ("same", "same") and found["rule"] == "open-to-anyone" and found["decides"]
    assert found["then"]["allowed"] and not missing(found)
    told = person.run("access", "why", entry).out
    assert told.startswith(f"Entry {entry}, ") and "Judged again by the rules of then: the same comes out." in told
    assert person.last()["sequence"] == entry  # explaining leaves nothing in the log
    begun = person.run("access", "why", "0").out
    assert "the log begins" in begun and "Nothing was decided" in begun
    assert why(person, 0)["decides"] is False
    assert "the log has no such entry" in one_line(person.run("access", "why", "999", status=2).err)
    assert "is no entry" in one_line(person.run("access", "why", "first", status=2).err)
    nobody = other(person, "nobody")
    assert "has no log" in one_line(nobody.run("access", "why", "0", status=2).err)
    assert not nobody.home.exists()


@case
def a_class_that_nobody_holds_is_refused_again(person):
    person.file("x.sh", "echo hello\n")
    person.run("analyze", "--model", "critical", "x.sh", status=2)
    found = why(person, person.last()["sequence"])
    assert answers(found) == ("same", "same") and not found["then"]["allowed"], found
    assert found["rule"] == found["then"]["rule"] == "sealed-needs-a-grant"
    assert found["what_would_change_it"].startswith("A grant from who sealed it")


@case
def what_a_group_decided_is_judged_by_its_papers(person):
    group, hospital = member(person)
    granted(person, group, hospital)
    for operation in ("group.vouch", "group.draft", "group.grant"):
        found = why(group, entry_of(group, operation, "done"))
        assert answers(found) == ("same", "same"), (operation, found)
        assert found["subject"] == NAME and not missing(found), found
    told = group.run("access", "why", entry_of(group, "group.grant", "done")).out
    for words in ("was allowed and done", NAME, "sample", "the grant as it was issued: kept", "the same comes out"):
        assert words in told, (words, told)
    # A vouch that is erased takes away what decided the draft; the grant rests on the same people.
    vouch = next(one for one in group.entries() if (one["operation"], one["event"]) == ("group.vouch", "done"))
    (group.home / "payloads" / vouch["object_sha256"]).unlink()
    found = why(group, entry_of(group, "group.draft", "done"))
    assert answers(found) == ("unknown", "unknown") and missing(found) == {"the papers of the group's members": "gone"}
    assert "allowed" not in found["then"]
    assert "not known" in group.run("access", "why", vouch["sequence"]).out


@case
def an_erased_or_damaged_grant_is_named_as_missing(person):
    group, hospital = member(person)
    granted(person, group, hospital)
    entry = entry_of(group, "group.grant", "done")
    paper = group.home / "payloads" / group.entries()[entry]["object_sha256"]
    kept = paper.read_bytes()
    paper.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    assert missing(why(group, entry)) == {"the grant as it was issued": "damaged"}
    paper.unlink()
    found = why(group, entry)
    assert missing(found) == {"the grant as it was issued": "gone"} and answers(found) == ("unknown", "unknown")


@case
def what_was_handed_over_and_is_not_kept_is_said(person):
    group, hospital = member(person, TIER_1)
    hospital.run("access", "request", "--pack", "sample", "--hours", "8", "--reason", "x", "--out", "low.request")
    assert refused(group, "request", "--in", "low.request", "--out", "x") == "requester-has-the-tier"
    found = why(group, group.last()["sequence"])
    assert found["rule"] == "requester-has-the-tier" and found["reason"] == "not_entitled"
    assert answers(found) == ("unknown", "unknown") and "eligibility --subject" in found["what_would_change_it"]
    assert list(missing(found).values()) == ["never_kept"]


@case
def the_use_of_a_grant_is_judged_again_in_its_holders_home(person):
    group, hospital = with_pack(person)
    hospital.run("access", "accept", "sample.age")
    person.file("x.sh", "echo hello\n")
    # The grant names another pack than is asked for: refused, and about that very grant.
    hospital.run("analyze", "--pack", "other-pack", "x.sh", status=2)
    entry = hospital.last()
    assert entry["object_sha256"]
    found = why(hospital, entry["sequence"])
    assert answers(found) == ("same", "same") and found["rule"] == "grant-covers-what-is-asked", found
    assert found["pack"] == "other-pack" and found["subject"] == NAME
    hospital.run("analyze", "--pack", "sample", "x.sh", status=2)  # no pack of that name was sealed
    used = entry_of(hospital, "model.pack", "allowed", rule="grant-covers-what-is-asked")
    found = why(hospital, used)
    assert answers(found) == ("same", "same") and found["then"]["allowed"], found
    # Taken back later: what was decided before stays what it was, and the list of then is known.
    group.run("access", "revoke", "hospital.grant", "--out", "revoked.list")
    hospital.run("access", "accept", "revoked.list")
    assert answers(why(hospital, used)) == ("same", "same")
    hospital.run("analyze", "--pack", "sample", "x.sh", status=2)
    found = why(hospital, hospital.last()["sequence"])
    assert answers(found) == ("same", "same") and found["then"]["rule"] == "grant-is-not-revoked", found
    # A second list that names it: which one stood then is not kept.
    group.run("access", "revoke", "hospital.grant", "--out", "second.list")
    hospital.run("access", "accept", "second.list")
    found = why(hospital, used)
    assert answers(found) == ("unknown", "unknown") and set(missing(found).values()) == {"later"}, found


@case
def what_was_asked_and_the_grant_may_be_gone(person):
    group, hospital = with_pack(person)
    person.file("x.sh", "echo hello\n")
    hospital.run("analyze", "--pack", "sample", "x.sh", status=2)
    used = entry_of(hospital, "model.pack", "allowed")
    payload = hospital.home / "payloads" / str(used)
    kept = payload.read_bytes()
    payload.unlink()
    found = why(hospital, used)
    assert missing(found) == {"what was asked for": "gone"} and answers(found) == ("unknown", "unknown")
    payload.write_bytes(kept)
    assert answers(why(hospital, used)) == ("same", "same")
    shutil.rmtree(hospital.home / "grants")
    found = why(hospital, used)
    assert missing(found)["the grant"] == "gone" and answers(found) == ("unknown", "unknown")
    # Nothing was accepted: what the refusal was about nobody knows any more.
    stranger = other(person, "stranger")
    stranger.run("analyze", "--pack", "sample", "x.sh", status=2)
    found = why(stranger, stranger.last()["sequence"])
    assert found["rule"] == "grant-is-there" and answers(found) == ("unknown", "unknown")


@case
def an_agents_last_call_is_counted_as_it_was(person):
    group, hospital = ready(person)
    agent, file = agent_of(person, hospital, "--calls", "1")
    agent.run("access", "accept", file, "--group", "group.card")
    person.file("x.sh", "echo hello\n")
    agent.run("analyze", "--pack", PACK, "x.sh", status=2)  # the pack is not here: that is no call
    group.run("access", "seal", SAMPLE, "--to", "agent.card", "--group", "group.card", "--out", "agent.age")
    agent.run("access", "accept", "agent.age")
    agent.run("analyze", "--pack", PACK, "x.sh")
    first = entry_of(agent, "model.pack", "allowed", rule="grant-covers-what-is-asked")
    agent.run("analyze", "--pack", PACK, "x.sh", status=2)
    found = why(agent, agent.last()["sequence"])
    assert answers(found) == ("same", "same") and found["rule"] == "agents-calls-are-used-up", found
    assert answers(why(agent, first)) == ("same", "same")


@case
def another_version_of_the_rules_is_never_the_same(person):
    group, hospital = with_pack(person)
    person.file("x.sh", "echo hello\n")
    hospital.run("analyze", "--pack", "sample", "x.sh", status=2)
    used = entry_of(hospital, "model.pack", "allowed")
    # The same program with other rules beside it.
    there = person.folder / "later"
    source = person.program.parent
    there.mkdir()
    for name in source.iterdir():
        if name.name.startswith("tocsin"):
            if name.is_file():
                (there / name.name).symlink_to(name)
    shutil.copy(person.program.resolve(), there / "copy")
    (there / person.program.name).unlink()
    (there / "copy").rename(there / person.program.name)
    shutil.copytree(source / "content", there / "content")
    rules = there / "content/grant.datalog"
    rules.write_text(rules.read_text() + "// a later version\n")
    hospital.program = there / person.program.name
    found = why(hospital, used)
    assert found["then"]["answer"] == "unknown" and missing(found) == {"the rules of grants": "gone"}, found
    # The card names the rules of then: by today's it would be refused, and why says so.
    assert found["today"] | {"because": "", "what_would_change_it": ""} == {
        "answer": "other", "allowed": False, "reason": "not_entitled", "rule": "group-goes-by-these-rules",
        "because": "", "what_would_change_it": ""}, found["today"]


@case
def a_log_that_is_not_whole_explains_nothing(person):
    person.file("x.sh", "echo hello\n")
    person.run("analyze", "x.sh")
    for path in (person.home / "audit/tile/entries").rglob("*"):
        if path.is_file():
            data = bytearray(path.read_bytes())
            data[-1] ^= 1
            path.write_bytes(data)
    assert "not whole" in one_line(person.run("access", "why", "1", status=2).err)


if __name__ == "__main__":
    sys.exit(main(sys.argv[3:]))
