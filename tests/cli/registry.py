#!/usr/bin/env python3
"""The registry of a group's home: it says what the log says, is made when it is missing, and is
refused with its own reason where somebody changed it.

usage: tests/cli/registry.py TOCSIN ENTITLE [NAME...]"""

import shutil
import sqlite3
import sys

from person import CASES, case, main, one_line
from group import data, other, refused, tier
from grants import NAME, granted, member, officers

CASES.clear()


def database(group):
    found, = (group.home / "registry").glob("*.db")
    return found


def state(group, status=0):
    run = group.run("access", "registry", status=status)
    return run.out.splitlines()[0].removeprefix("The registry: "), run.err


def rebuilt(person):
    group, hospital = member(person)
    granted(person, group, hospital)
    group.run("access", "registry", "--rebuild")
    return group, hospital


@case
def it_is_made_anew_and_says_what_the_log_says(person):
    group, hospital = rebuilt(person)
    entry = group.last()
    assert (entry["operation"], entry["event"]) == ("group.registry", "done")
    assert database(group).name == entry["object_sha256"] + ".db"
    assert state(group)[0] == "it holds"
    found = data(group, "registry")
    assert found["same"] and found["state"] == "holds" and found["members"] == 3 and found["facts"] == 7, found
    assert found["grants"] == 2 and found["vouches"] == 2 and found["revocations"] == 0
    # What comes later is said as well, and no command says otherwise than without it.
    group.run("access", "revoke", "hospital.grant", "--out", "revoked.list")
    assert data(group, "registry")["revocations"] == 1 and data(group, "registry")["same"]
    with_it = group.run("access", "show").out
    shutil.rmtree(group.home / "registry")
    assert group.run("access", "show").out == with_it and "revoked" in with_it
    assert not (group.home / "registry").exists()  # to look changes nothing
    assert state(group)[0].startswith("none is kept")
    # Other people's tools read it.
    group.run("access", "registry", "--rebuild")
    opened = sqlite3.connect(f"file:{database(group)}?mode=ro", uri=True)
    assert opened.execute("SELECT name FROM member ORDER BY place").fetchall()[0] == (NAME,)
    assert (f"The {NAME}", 1) in opened.execute("SELECT * FROM organisation").fetchall()
    assert opened.execute("SELECT subject FROM grant_revoked").fetchall() == [(NAME,)]
    opened.close()
    assert refused(hospital, "registry", "--rebuild") == "only-a-group-takes-in"
    assert "cannot be made" in one_line(hospital.run("access", "registry", status=2).err)
    stranger = other(person, "stranger")
    stranger.run("access", "registry", status=2)
    assert not stranger.home.exists()


@case
def a_row_that_somebody_changed_is_refused_with_its_own_reason(person):
    group, hospital = rebuilt(person)
    opened = sqlite3.connect(database(group))
    opened.execute("INSERT INTO fact SELECT 1, 0, replace(fact, ?, 'clinic.example') FROM fact LIMIT 1", (NAME,))
    opened.commit()
    opened.close()
    assert refused(group, "eligibility", "--subject", NAME) == "registry-says-what-the-log-says"
    trace = group.run("access", "eligibility", "--subject", NAME, status=2).err
    assert "audit_unavailable" in trace and "access registry --rebuild" in trace, trace
    hospital.run("access", "request", "--pack", "sample", "--hours", "8", "--reason", "x", "--out", "again.request")
    assert refused(group, "request", "--in", "again.request", "--out", "x") == "registry-says-what-the-log-says"
    assert "its registry was changed by somebody" in group.run("access", "show").out
    said, error = state(group, status=2)
    assert said == "REFUSED: it is not what this home sealed" and "--rebuild" in error
    # Nobody is hindered from revoking.
    run = group.run("access", "revoke", "--subject", NAME, "--out", "revoked.list")
    assert "the registry is left aside" in run.err and "Revoked: 1" in run.out
    group.run("access", "audit", "verify")
    group.run("access", "registry", "--rebuild")
    assert tier(group, NAME) == 2 and state(group)[0] == "it holds"


@case
def damage_of_any_kind_is_refused_or_made_anew(person):
    group, _ = rebuilt(person)
    path, seal = database(group), group.home / "registry/seal"
    kept, sealed = path.read_bytes(), seal.read_bytes()
    for change in (kept[:-1], kept[:100], b"", b"no database", kept[:5000] + b"\xff" + kept[5001:]):
        path.write_bytes(change)
        assert state(group, status=2)[0].startswith("REFUSED"), len(change)
    path.write_bytes(kept)
    seal.write_bytes(sealed[:-10])
    assert state(group, status=2)[0].startswith("REFUSED")
    seal.write_bytes(sealed)
    assert state(group)[0] == "it holds"
    path.unlink()
    assert state(group)[0].startswith("none is kept") and tier(group, NAME) == 2
    path.symlink_to("/dev/zero")
    assert state(group, status=2)[0].startswith("REFUSED")


@case
def a_log_that_was_cut_is_noticed_by_what_the_registry_remembers(person):
    group, _ = rebuilt(person)
    before = person.folder / "before"
    shutil.copytree(group.home / "audit", before)
    group.run("access", "eligibility", "--subject", NAME)
    group.run("access", "registry", "--rebuild")
    shutil.rmtree(group.home / "audit")
    shutil.copytree(before, group.home / "audit")
    for name in (group.home / "payloads").iterdir():
        if name.name.isdigit() and int(name.name) >= len(group.entries()):
            name.unlink()
    group.run("access", "audit", "verify")  # of itself it is whole
    said, _ = state(group, status=2)
    assert said == "REFUSED: it is of a longer log, or of another one, than is here"
    assert refused(group, "eligibility", "--subject", NAME) == "registry-says-what-the-log-says"


if __name__ == "__main__":
    sys.exit(main(sys.argv[3:]))
