#!/usr/bin/env python3
"""Runs the documents: every ```console block of the named documents, in a folder of its own
with examples/ beside it, and holds what is printed against what the document says.

A line "$ COMMAND" is run by a shell that knows `tocsin`; the lines below it are its output, in
order, trailing blanks apart. "..." stands for any number of lines. A last line "[status N]" says
how it ends where that is not 0.

usage: tests/documents.py TOCSIN DOCUMENT...     the last line is `N passed, N failed`"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
STATUS = re.compile(r"\[status (\d+)\]")


def steps_of(text):
    """(command, expected lines, expected status) of every command of a document, in order."""
    steps = []
    for block in BLOCK.findall(text):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append([line[2:], [], 0])
            elif not steps:
                raise SystemExit(f"a console block begins with its command, not with: {line}")
            elif match := STATUS.fullmatch(line):
                steps[-1][2] = int(match.group(1))
            elif steps[-1][0].endswith("\\"):
                steps[-1][0] += "\n" + line
            else:
                steps[-1][1].append(line.rstrip())
    return steps


def first_difference(expected, printed):
    """None, or the expected line that does not stand where it should."""
    at, is_loose = 0, False
    for line in expected:
        if line == "...":
            is_loose = True
            continue
        if is_loose:
            at = next((i for i in range(at, len(printed)) if printed[i] == line), len(printed))
        if at == len(printed) or printed[at] != line:
            return line
        at, is_loose = at + 1, False
    if not is_loose and at < len(printed):
        return f"(the end, where it prints: {printed[at]})"
    return None


def run_document(path, program, folder):
    (folder / "bin").mkdir()
    os.symlink(program, folder / "bin" / "tocsin")
    os.symlink(ROOT / "examples", folder / "examples")
    environment = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "HOME": str(folder / "home"),
                   "TOCSIN_HOME": str(folder / "home"), "LC_ALL": "C.UTF-8"}
    results = []
    for command, expected, status in steps_of(path.read_text()):
        done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=120)
        printed = [line.rstrip() for line in done.stdout.rstrip("\n").splitlines()]
        wrong = first_difference(expected, printed)
        if done.returncode != status:
            wrong = f"it ends with {done.returncode}, not {status}"
        if wrong is not None:
            print(f"FAILED {path.name}: {command}\n  {wrong}\n  printed:")
            print("".join(f"    {line}\n" for line in printed[:60]), end="")
        results.append(wrong is None)
    return results


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    results = []
    for name in sys.argv[2:]:
        with tempfile.TemporaryDirectory() as folder:
            ran = run_document(pathlib.Path(name), program, pathlib.Path(folder))
        if not ran:
            print(f"FAILED {name}: no console block in it")
        results += ran or [False]
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
