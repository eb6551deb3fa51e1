#!/usr/bin/env python3
"""The HTML report as any reader of HTML sees it: whole, alone, in order, and never evidence's.

usage: tests/cli/page.py TOCSIN [NAME...]"""

import html.parser
import json
import pathlib
import sys

import hostile
from person import case, main, one_line

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "examples"
VOID = {"meta", "input", "br", "hr", "wbr"}
# Everything src/report writes.
ELEMENTS = set("html head meta title style body a header p span nav ol ul li main section h1 h2 h3 h4 article dl div "
               "dt dd strong time bdi figure figcaption pre code mark details summary input label footer svg g line "
               "text rect circle path defs marker".split())
REACHING = {"src", "srcset", "action", "formaction", "data", "poster", "ping", "background", "style", "xlink:href"}


class Page(html.parser.HTMLParser):
    """What stands in a page, and every rule of it that is broken."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.text = text
        self.problems, self.open, self.ids, self.links, self.levels = [], [], [], [], []
        self.labels, self.inputs, self.policies, self.words = set(), set(), [], []
        self.names = {}
        self.feed(text)
        self.close()
        self.check()

    def complain(self, what):
        self.problems.append(f"line {self.getpos()[0]}: {what}")

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.names[tag] = self.names.get(tag, 0) + 1
        if tag not in ELEMENTS:
            self.complain(f"<{tag}> is none of ours")
        if len(found) != len(attributes):
            self.complain(f"<{tag}> has an attribute twice")
        for name, value in attributes:
            if name.startswith("on") or name in REACHING:
                self.complain(f"<{tag} {name}>")
            if "url(" in (value or "") and "url(#" not in value:
                self.complain(f"<{tag} {name}={value}> loads something")
        if "id" in found:
            self.ids.append(found["id"])
        if "href" in found:
            self.links.append(found["href"])
        if tag[0] == "h" and tag[1:].isdigit():
            self.levels.append(int(tag[1]))
        if tag == "label":
            self.labels.add(found.get("for"))
        if tag == "input":
            self.inputs.add(found.get("id"))
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policies.append(found["content"])
        if tag == "svg" and found.get("aria-hidden") != "true" and found.get("role") != "img":
            self.complain("a drawing without a role")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.complain(f"</{tag}> closes nothing")

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    def handle_comment(self, data):
        self.complain("a comment")

    def handle_pi(self, data):
        self.complain("a processing instruction")

    def unknown_decl(self, data):
        self.complain("a declaration")

    def check(self):
        twice = {name for name in self.ids if self.ids.count(name) > 1}
        lost = [link for link in self.links if not link.startswith("#") or link[1:] not in self.ids]
        jumps = [(a, b) for a, b in zip(self.levels, self.levels[1:]) if b > a + 1]
        self.problems += [f"not closed: {self.open}"] * bool(self.open)
        self.problems += [f"ids twice: {sorted(twice)[:5]}"] * bool(twice)
        self.problems += [f"links that lead nowhere: {lost[:5]}"] * bool(lost)
        self.problems += [f"headings that jump: {jumps[:5]}"] * bool(jumps)
        self.problems += ["not one h1, first"] * (self.levels[:1] != [1] or self.levels.count(1) != 1)
        self.problems += [f"inputs without a label: {self.inputs ^ self.labels}"] * (self.inputs != self.labels)
        self.problems += [f"policies: {self.policies}"] * (len(self.policies) != 1)
        self.problems += ["no title"] * (self.names.get("title", 0) < 1)
        self.problems += ["no main, or two"] * (self.names.get("main") != 1)

    @property
    def said(self):
        return "".join(self.words)


def page(person, *words, status=0):
    process = person.run(*words, "--format", "html", status=status, text=False)
    found = Page(process.out.decode())
    assert not found.problems, found.problems[:8]
    return found


def saved(person, evidence, status=1):
    person.run("analyze", evidence, "--format", "json", "--output", "report.json", status=status)
    return json.loads((person.folder / "report.json").read_text())


@case
def an_intrusion_is_a_page_that_stands_alone(person):
    found = page(person, "analyze", EXAMPLES / "intrusion", status=1)
    for id in ("leader", "timeline", "graph", "findings", "evidence", "plan", "glossary"):
        assert id in found.ids, id
    order = [found.text.index(f'id="{id}"') for id in
             ("leader", "timeline", "graph", "findings", "evidence", "plan", "glossary")]
    assert order == sorted(order)
    assert "script" not in found.names and "unsafe" not in found.policies[0]
    assert found.policies[0].startswith("default-src 'none'; style-src 'sha256-")


@case
def an_ordinary_day_and_no_file_at_all_are_pages(person):
    found = page(person, "analyze", EXAMPLES / "ordinary")
    assert "Nothing was found that shows an attack" in found.said
    assert "timeline" not in found.ids and "plan" not in found.ids
    (person.folder / "empty").mkdir()
    assert "Nothing could be examined" in page(person, "analyze", "empty").said


@case
def every_sentence_and_step_and_finding_is_on_it(person):
    report = saved(person, EXAMPLES / "intrusion")
    found = page(person, "report", "report.json")
    said = " ".join(found.said.split())
    incident = report["incidents"][0]
    for sentence in incident["story"]["leader"] + report["summary"]:
        assert sentence["text"] in said, sentence["text"]
    for step in incident["plan"]:
        assert step["do"] in said and " ".join(step["command"].split()) in said, step
    for evidence in report["evidence"]:
        assert evidence["path"] in said and evidence["sha256"] in said
    for term in report["glossary"]:
        assert term["term"] in said and term["meaning"] in said
    assert len([id for id in found.ids if id.startswith("finding-") and id.count("-") == 1]) == len(report["findings"])
    assert len(found.inputs) == len(incident["plan"])


@case
def the_same_evidence_gives_the_same_bytes(person):
    words = ("analyze", EXAMPLES / "intrusion", "--format", "html")
    one = person.run(*words, "--jobs", "1", status=1).out
    assert person.run(*words, "--jobs", "4", status=1).out == one
    saved(person, EXAMPLES / "intrusion")
    assert person.run("report", "report.json", "--format", "html").out == one
    assert str(person.folder) not in one and str(ROOT) not in one


@case
def a_reader_can_be_named(person):
    saved(person, EXAMPLES / "intrusion")
    assert "account" not in page(person, "report", "report.json").ids
    assert "account" in page(person, "report", "report.json", "--audience", "analyst").ids


@case
def hostile_evidence_never_becomes_markup(person):
    folder = person.folder / "evidence"
    folder.mkdir()
    hostile.evidence(folder)
    assert len(set(hostile.strings())) == hostile.COUNT
    found = page(person, "analyze", folder, "--audience", "analyst", status=1)
    assert "<script>alert(1)</script>" in found.said.replace("_", " ")
    assert not any(character in found.text for character in "\u202e\u2066\u200b\ufeff\x1b\x07\0")


@case
def a_tainted_report_never_becomes_markup(person):
    report = hostile.taint(saved(person, EXAMPLES / "intrusion"))
    (person.folder / "report.json").write_text(json.dumps(report))
    for words in (("report", "report.json", "--audience", "analyst"), ("respond", "report.json")):
        found = page(person, *words)
        assert not any(character in found.text for character in "\u202e\u2066\u200b\ufeff\x1b\x07\0")


@case
def an_edited_report_cannot_bring_ids_twice(person):
    report = saved(person, EXAMPLES / "intrusion")
    for finding in report["findings"]:
        finding["id"] = "0" * 16
    first = report["incidents"][0]
    again = {**first, "findings": [], "stages": [{**stage, "findings": []} for stage in first["stages"]]}
    report["incidents"] = [first, again, again]
    report["evidence"] = report["evidence"] * 2
    (person.folder / "report.json").write_text(json.dumps(report))
    found = page(person, "report", "report.json")
    assert "3 separate incidents were found" in found.said


@case
def a_plan_is_a_page_of_ticks(person):
    report = saved(person, EXAMPLES / "intrusion")
    assert len(page(person, "respond", "report.json").inputs) == len(report["incidents"][0]["plan"])


@case
def what_is_no_report_makes_no_page(person):
    for words in (("version",), ("access", "show"), ("access", "audit", "verify")):
        line = one_line(person.run(*words, "--format", "html", status=2).err)
        assert "not a value for 'format' (text|json): 'html'" in line, line
    line = one_line(person.run("report", "report.json", "--format", "pdf", status=2).err)
    assert "(text|json|html|markdown): 'pdf'" in line, line


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
