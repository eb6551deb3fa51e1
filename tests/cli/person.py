"""Somebody with a home of their own who runs the built program; shared by the tests beside it."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

CASES = []


def case(function):
    CASES.append(function)
    return function


class Person:
    """Somebody with a home of their own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.program = pathlib.Path(sys.argv[1]).resolve()
        self.home = self.folder / "home"
        self.environment = {"TOCSIN_HOME": str(self.home), "PATH": os.environ["PATH"], "HOME": str(self.folder)}

    def start(self, *words, **more):
        return subprocess.Popen([self.program, *map(str, words)], env=self.environment, cwd=self.folder,
                                **{"text": True, "stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                                   "stderr": subprocess.PIPE, **more})

    def run(self, *words, status=0, **more):
        process = self.start(*words, **more)
        process.out, process.err = process.communicate(timeout=60)
        assert status in (None, process.returncode), (words, process.returncode, process.out, process.err)
        return process

    def entries(self):
        return json.loads(self.run("access", "audit", "show", "--format", "json").out)["entries"]

    def last(self):
        return self.entries()[-1]

    def file(self, name, content):
        path = self.folder / name
        path.write_text(content)
        return path


def one_line(text):
    assert text.startswith("tocsin: ") and text.count("\n") == 1 and text.endswith("\n"), text
    return text


def readable(folder):
    """Every file below, as bytes."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def main(wanted, prepare=lambda person: None):
    """Runs the cases named, or all; every one is told, whatever goes wrong in it."""
    failed = 0
    chosen = [function for function in CASES if not wanted or function.__name__ in wanted]
    for function in chosen:
        with tempfile.TemporaryDirectory(prefix="tocsin-test-") as folder:
            try:
                person = Person(folder)
                prepare(person)
                function(person)
            except Exception as problem:
                failed += 1
                print(f"FAILED {function.__name__}: {type(problem).__name__}: {problem}")
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed or not chosen else 0
