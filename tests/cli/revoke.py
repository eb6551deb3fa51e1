#!/usr/bin/env python3
"""Every way to take back what was granted, each cutting what runs under it within a second: a grant,
what an agent was left, a member, an organisation, a key, and all that was issued so far.

usage: tests/cli/revoke.py TOCSIN ENTITLE [NAME...]"""

import shutil
import sys
import time

from person import CASES, case, main, one_line
from group import data, other, refused
from grants import NAME, SAMPLE, agent_of, issue, member, officers
from pack import cut

CASES.clear()
PACK = "sample-pack"


def draft(person, group, hospital, name):
    hospital.run("access", "request", "--pack", PACK, "--hours", "4", "--reason", "an incident", "--out", f"{name}.request")
    group.run("access", "request", "--in", f"{name}.request", "--out", f"{name}.draft")
    return f"{name}.draft"


def approved(person, file, name):
    for number, officer in enumerate(officers(person)):
        officer.run("access", "approve", file, "--group", "group.card", "--out", f"{name}.approved{number}")
        file = f"{name}.approved{number}"
    return file


def granted(person, group, hospital, name="hospital"):
    issue(person, group, approved(person, draft(person, group, hospital, name), name), f"{name}.grant")
    hospital.run("access", "accept", f"{name}.grant")
    return f"{name}.grant"


def ready(person):
    """(group, hospital) with the pack and a grant of it."""
    group, hospital = member(person)
    recipient = hospital.run("access", "recipient").out.strip()
    group.run("access", "seal", SAMPLE, "--to", recipient, "--group", "group.card", "--out", "sample.age")
    granted(person, group, hospital)
    hospital.run("access", "accept", "sample.age")
    return group, hospital


def take_back(group, holder, name, *words):
    """What the group says it revoked; the holder accepts the list."""
    said = data(group, "revoke", *words, "--out", name)
    holder.run("access", "accept", name)
    return said


def key_of(person, card):
    text = (person.folder / card).read_text()
    return next(line for line in text.splitlines() if line.startswith("key: ")).removeprefix("key: ")


def holds(somebody):
    return [held["holds"] for held in data(somebody, "show")["grants"]]


@case
def an_agents_part_is_taken_back_without_the_persons_grant(person):
    group, hospital = ready(person)
    agent, file = agent_of(person, hospital)
    agent.run("access", "accept", file, "--group", "group.card")
    said = take_back(group, agent, "agent.list", file)
    one, = said["revocations"]
    assert (one["by"], one["agent"], one["subject"]) == ("block", "night watch", NAME), one
    hospital.run("access", "accept", "agent.list")
    assert holds(agent) == [False] and holds(hospital) == [True]
    # The holder may, too, by the agent's card: whatever was left to it under grants so far.
    second, file = agent_of(person, hospital, name="second")
    second.run("access", "accept", file, "--group", "group.card")
    assert holds(second) == [True]
    said = take_back(hospital, second, "second.list", "--agent", "second.card")
    assert said["revocations"][0]["by"] == "of-key" and said["revocations"][0]["key"] == key_of(person, "second.card")
    assert holds(second) == [False] and holds(hospital) == [True]
    # But nobody's grant: a list of the holder's that names the holder's own key says nothing.
    hospital.run("access", "revoke", "--key", key_of(person, f"{NAME}.enrolment"), "--out", "own.list")
    assert holds(hospital) == [True]
    assert "no group was founded" in one_line(hospital.run("access", "revoke", "--all", "--out", "x", status=2).err)


@case
def an_organisation_is_revoked_with_its_drafts_and_what_comes_later_holds(person):
    group, hospital = ready(person)
    waiting = approved(person, draft(person, group, hospital, "waiting"), "waiting")
    said = take_back(group, hospital, "one.list", "--organisation", f"The {NAME}")
    kinds = sorted(one["by"] for one in said["revocations"])
    assert kinds == ["block", "organisation"] and said["all"] == 2, said
    assert holds(hospital) == [False]
    assert refused(hospital, "accept", "hospital.grant") == "grant-is-not-revoked"
    assert refused(group, "grant", waiting) == "grant-is-not-revoked"
    assert "whatever was issued so far for the organisation" in group.run(
        "access", "revoke", "--organisation", f"The {NAME}", "--out", "again.list").out
    time.sleep(1.1)  # what is issued in the same second still goes by the list
    granted(person, group, hospital, "later")
    assert holds(hospital).count(True) == 1
    # Another organisation's name takes nothing back.
    trace = group.run("access", "revoke", "--organisation", "The clinic.example", "--out", "other.list", status=2)
    assert "is for an organisation of that name" in one_line(trace.err)
    assert not (person.folder / "other.list").exists()
    assert holds(hospital).count(True) == 1


@case
def a_key_is_revoked_whether_it_holds_approved_or_issued(person):
    group, hospital = ready(person)
    for number, card in enumerate((f"{NAME}.enrolment", "group-legal.card", "group.card")):
        said = take_back(group, hospital, f"{number}.list", "--key", key_of(person, card))
        assert said["number"] == number + 1 and said["all"] == number + 1, said
        assert holds(hospital) == [False], card
    # An officer's key that was revoked issues nothing more.
    assert refused(group, "grant", approved(person, draft(person, group, hospital, "next"), "next")) == "grant-is-not-revoked"
    assert "is no key" in one_line(group.run("access", "revoke", "--key", "nonsense", "--out", "x", status=2).err)
    assert "one of --subject NAME" in one_line(group.run("access", "revoke", "--all", "--subject", NAME, "--out", "x",
                                                         status=2).err)


@case
def all_that_was_issued_so_far_is_revoked(person):
    group, hospital = ready(person)
    said = take_back(group, hospital, "all.list", "--all")
    assert [one["by"] for one in said["revocations"]] == ["epoch"], said
    assert holds(hospital) == [False]
    # A later list that forgets it is refused as any that lacks something.
    kept = next((group.home / "revocations").iterdir())
    content = kept.read_text()
    kept.unlink()
    for number in ("x1.list", "x2.list"):
        group.run("access", "revoke", "hospital.grant", "--out", number)
    assert refused(hospital, "accept", "x2.list") == "lists-only-grow"
    assert "\nepoch: " in content and content.count("\nrevoked: ") == 0


@case
def each_kind_cuts_what_runs_within_a_second(person):
    group, hospital = ready(person)
    kinds = [("one", ("hospital.grant",)), ("subject", ("--subject", NAME)),
             ("organisation", ("--organisation", f"The {NAME}")), ("key", ("--key", key_of(person, "group-legal.card"))),
             ("all", ("--all",))]
    for name, words in kinds:
        for home in (group, hospital):  # each kind alone
            shutil.rmtree(home.home / "revocations", ignore_errors=True)
        group.run("access", "revoke", *words, "--out", f"{name}.cut")
        said, took = cut(hospital, lambda name=name: hospital.run("access", "accept", f"{name}.cut"))
        assert (said["reason"], said["rule"]) == ("revoked", "grant-is-not-revoked"), (name, said)
        assert took < 1, (name, took)


if __name__ == "__main__":
    sys.exit(main(sys.argv[3:]))
