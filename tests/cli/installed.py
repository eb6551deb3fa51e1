#!/usr/bin/env python3
"""The program where `meson install` puts it, and content/ that is wrong.

usage: tests/cli/installed.py TOCSIN BUILD [NAME...]"""

import pathlib
import shutil
import subprocess
import sys

from person import case, main, one_line

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOCSIN = pathlib.Path(sys.argv[1]).resolve()
BUILD = pathlib.Path(sys.argv[2]).resolve()
INTRUSION = ROOT / "examples" / "intrusion"


@case
def what_is_installed_analyses_from_anywhere(person):
    subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", person.folder / "staged"],
                   check=True, capture_output=True)
    (program,) = (person.folder / "staged").rglob(f"bin/{TOCSIN.name}")
    here = person.run("analyze", INTRUSION, "--format", "json", status=1).out
    person.program = program
    assert person.run("analyze", INTRUSION, "--format", "json", status=1).out == here
    (person.folder / "link").symlink_to(program)
    person.program = person.folder / "link"
    assert person.run("analyze", INTRUSION, "--format", "json", status=1).out == here
    person.environment["TMPDIR"] = str(person.folder)
    shown = person.run("demo", "--fast").out
    assert "$ tocsin analyze examples/intrusion" in shown and "That was all" in shown
    (manual,) = (person.folder / "staged").rglob("man1/tocsin.1")
    assert manual.read_bytes() == (ROOT / "docs/tocsin.1").read_bytes()
    (completion,) = (person.folder / "staged").rglob("bash-completion/completions/tocsin")
    assert completion.read_bytes() == (ROOT / "tools/completion/tocsin.bash").read_bytes()


@case
def content_that_is_wrong_ends_the_build_and_the_start(person):
    place = person.folder / "place"
    place.mkdir()
    for name in ("", "-compile", "-examine", "-conclude"):
        suffix = TOCSIN.name.removeprefix("tocsin")
        shutil.copy2(TOCSIN.with_name(f"tocsin{name}{suffix}"), place)
    shutil.copytree(ROOT / "content", place / "content")
    check = [ROOT / "tools/check-content", place / TOCSIN.name, place / "content"]
    assert subprocess.run(check, capture_output=True).returncode == 0
    playbook = place / "content/playbooks/guessed-password.yaml"
    lines = playbook.read_text().splitlines()
    at = next(number for number, line in enumerate(lines) if "phase:" in line)
    lines[at] = lines[at].replace("phase:", "fase:")
    playbook.write_text("\n".join(lines) + "\n")
    built = subprocess.run(check, capture_output=True, text=True)
    person.program = place / TOCSIN.name
    started = one_line(person.run("analyze", INTRUSION, status=2).err)
    for said in (built.stdout, started):
        assert "content/ is not right: content/playbooks/guessed-password.yaml:" in said, said
        assert said.partition("guessed-password.yaml:")[2].split(":")[0].isdigit(), said
    assert built.returncode == 1


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[3:])))
