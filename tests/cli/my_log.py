#!/usr/bin/env python3
"""What a log says about one person: in a group's home about a member, and in one's own home.

usage: tests/cli/my_log.py TOCSIN ENTITLE [NAME...]"""

import sys

from person import CASES, case, main, one_line
from group import data, other, refused
from grants import NAME, agent_of, draft, granted, member

CASES.clear()


def events(somebody, *words):
    return data(somebody, "my-log", *words)["events"]


def kinds(found):
    return [event["kind"] for event in found]


@case
def a_groups_log_tells_everything_about_a_member_in_its_order(person):
    group, hospital = member(person)
    group.run("access", "eligibility", "--subject", NAME)
    granted(person, group, hospital)
    group.run("access", "revoke", "hospital.grant", "--out", "revoked.list")
    found = events(group, "--subject", NAME)
    assert [event["entry"] for event in found] == sorted(event["entry"] for event in found)
    told = kinds(found)
    assert told[0] == "enrolled" and found[0]["what"] == f"The {NAME}", found[0]
    assert told.count("fact") == 7 and any("register 7" in event["what"] for event in found if event["kind"] == "fact")
    assert [event["name"] for event in found if event["kind"] == "vouched_for"] == ["clinic.example", "school.example"]
    assert told[-6:] == ["tier_asked", "requested", "approved", "approved", "granted", "revoked"], told
    asked, one, two, given, revoked = found[-5:]
    assert asked["what"] == given["what"] == "sample" and asked["reason"] == "an incident" and given["tier"] == 2
    assert (one["name"], one["role"], two["role"]) == ("Officer security", "security", "legal")
    assert revoked["grant"] == given["grant"] == asked["grant"]
    whole = data(group, "my-log", "--subject", NAME)
    assert whole["tier"] == 2 and whole["unread"] == 0 and whole["subject"] == NAME
    said = group.run("access", "my-log", "--subject", NAME).out
    for words in (f"says about {NAME}:", "taken into the group, of The hospital.example", "the group checked assets_listed",
                  "vouched for by clinic.example", "asked for the use of sample, because an incident",
                  "approved by Officer security as security", "granted: the use of sample, until ", "revoked  grant ",
                  "the tier was computed", "Today that makes tier 2, critical defender"):
        assert words in said, (words, said)
    # To look is an act of the group's, and in its log.
    assert group.last()["operation"] == "group.my-log"
    # Of another member nothing of this is told; but that it vouched.
    assert kinds(events(group, "--subject", "clinic.example")) == ["enrolled", "vouches"]
    assert "vouched for hospital.example" in group.run("access", "my-log", "--subject", "clinic.example").out
    assert "is no member" in one_line(group.run("access", "my-log", "--subject", "nobody", status=2).err)
    assert refused(hospital, "my-log", "--subject", NAME) == "only-a-group-takes-in"


@case
def what_was_erased_is_counted_and_hides_nothing_else(person):
    group, hospital = member(person)
    granted(person, group, hospital)
    vouch = next(one for one in group.entries() if (one["operation"], one["event"]) == ("group.vouch", "done"))
    (group.home / "payloads" / vouch["object_sha256"]).unlink()
    whole = data(group, "my-log", "--subject", NAME)
    assert whole["unread"] == 1 and kinds(whole["events"]).count("vouched_for") == 1 and whole["tier"] == 0
    assert "granted" in kinds(whole["events"])
    assert "1 papers that the log names are gone" in group.run("access", "my-log", "--subject", NAME).out


@case
def a_draft_that_was_revoked_is_told(person):
    group, hospital = member(person)
    draft(person, group, hospital)
    group.run("access", "revoke", "--subject", NAME, "--out", "revoked.list")
    group.run("access", "revoke", "--subject", NAME, "--out", "again.list")
    assert kinds(events(group, "--subject", NAME))[-2:] == ["requested", "revoked"]  # once
    group.run("access", "request", "--in", f"{NAME}.enrolment", "--out", "x", status=2)
    assert data(group, "my-log", "--subject", NAME)["refusals_without_name"] == 0  # that was no request at all
    group.run("access", "enrol", "--in", f"{NAME}.enrolment", "--facts", person.file("x.facts", 'subject("else");\n'),
              status=2)
    assert data(group, "my-log", "--subject", NAME)["refusals_without_name"] == 1
    assert "1 refusals of this home name nobody" in group.run("access", "my-log", "--subject", NAME).out


@case
def ones_own_log_tells_what_was_done_with_grants(person):
    group, hospital = member(person)
    hospital.run("access", "accept", granted(person, group, hospital))
    agent, file = agent_of(person, hospital)
    agent.run("access", "accept", file, "--group", "group.card")
    person.file("x.sh", "echo hello\n")
    for somebody in (hospital, agent):
        somebody.run("analyze", "x.sh")
        somebody.run("analyze", "--pack", "sample", "x.sh", status=2)  # allowed, but the pack is not here
    hospital.run("analyze", "--pack", "other-pack", "x.sh", status=2)
    found = events(hospital)
    # With the enrolment went the group's card, each under its own hash.
    assert kinds(found) == ["did", "did", "did", "accepted", "narrowed", "used", "did", "refused"], found
    assert [event["what"] for event in found[:3]] == ["access.enrol", "access.enrol", "access.request"]
    accepted, narrowed, used, failed, refused = found[3:]
    assert accepted["what"] == narrowed["what"] == used["what"] == "sample" and accepted["grant"] == used["grant"]
    assert narrowed["name"] == "night watch" and narrowed["calls"] == 3 and "until" in narrowed
    assert refused["rule"] == "grant-covers-what-is-asked" and refused["grant"] == used["grant"]
    assert failed["reason"] and data(hospital, "my-log")["others"] == 1
    before = hospital.last()["sequence"]
    said = hospital.run("access", "my-log").out
    for words in ("did access.enrol", "accepted the use of sample, until", "left a part of a grant to the agent night watch: sample",
                  "used sample", "was refused model.pack as out_of_scope, rule grant-covers-what-is-asked",
                  "1 more entries are about no grant"):
        assert words in said, (words, said)
    assert hospital.last()["sequence"] == before  # to look at one's own log leaves nothing in it
    theirs = events(agent)
    assert kinds(theirs)[:2] == ["did", "accepted"], theirs
    assert next(one for one in theirs if one["kind"] == "used")["name"] == "night watch"
    assert "used as the agent night watch sample" in agent.run("access", "my-log").out
    stranger = other(person, "stranger")
    assert "has no log" in one_line(stranger.run("access", "my-log", status=2).err)
    stranger.run("analyze", "x.sh")
    assert stranger.run("access", "my-log").out.startswith("The log of this home says nothing about grants.\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[3:]))
