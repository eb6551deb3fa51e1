#!/usr/bin/env python3
"""Proves that each check of the source can fail: a small tree that breaks one rule, and the
words the check must say about it.  A tree that breaks none must pass."""

import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HEADER = "/* What it is for. */\n#pragma once\n"
LONG = "int f(void)\n{\n" + "    f();\n" * 80 + "}\n"
LAYERS = "base:\nparse: base\nreport: base\n"

# name, check, files of the tree, what it must say (None: it must pass)
CASES = [
    ("a clean tree passes", "style",
     {"src/parse/a.h": HEADER + "int a_read(void);\n",
      "src/parse/a.c": 'static const char *word = "TO" "DO";\nint f(void)\n{\n    return 0;\n}\n'}, None),
    ("a long function", "style", {"src/parse/a.c": LONG}, "a function of 83 lines"),
    ("a long file", "style", {"src/parse/a.c": "int a;\n" * 801}, "801 lines, 800 are allowed"),
    ("a long header", "style", {"src/parse/a.h": HEADER + "int a;\n" * 150}, "152 lines, 150 are allowed"),
    ("a header without contract", "style", {"src/parse/a.h": "#pragma once\n"}, "begins with its contract"),
    ("a header without pragma", "style", {"src/parse/a.h": "/* What. */\nint a;\n"}, "begins with its contract"),
    ("a banned function", "style", {"src/parse/a.c": "int x = atoi(text);\n"}, "atoi is not used here"),
    ("a banned function in tests", "style", {"tests/a.c": "strcpy (to, from);\n"}, "strcpy is not used here"),
    ("a banned word in a comment passes", "style", {"src/parse/a.c": "/* not atoi(x) */\n"}, None),
    ("a longer name passes", "style", {"src/parse/a.c": "int x = my_atoi(text) + s.gets(x);\n"}, None),
    ("memory from the heap", "style", {"src/parse/a.c": "void *p = malloc(4);\n"}, "take memory from an arena"),
    ("memory from the heap where it is allowed", "style",
     {"src/parse/a.c": "void *p = malloc(4);\n", "tools/allowed": "malloc src/parse/ it must\n"}, None),
    ("an exception nothing needs", "style",
     {"src/parse/a.c": "int a;\n", "tools/allowed": "malloc src/parse/ it must\n"}, "nothing needs this any more"),
    ("a stage that prints", "style", {"src/parse/a.c": 'int x = printf("a");\n'}, "never print"),
    ("a program that prints passes", "style",
     {"src/program/a.c": "int a = 0;\n", "src/parse/a.c": "int x = snprintf(a, 1, b);\n"}, None),
    ("a typedef", "style", {"src/parse/a.c": "typedef int number;\n"}, "write struct name"),
    ("a second label", "style", {"src/parse/a.c": "goto out2;\n"}, "one label is allowed"),
    ("one label passes", "style", {"src/parse/a.c": "goto out;\n"}, None),
    ("a cast of bytes to a struct", "style",
     {"src/parse/a.c": "x = (const struct header *)bytes.data;\n"}, "not cast to a struct"),
    ("pointer arithmetic", "style", {"src/parse/a.c": "p = input.data + 4;\n"}, "no pointer arithmetic"),
    ("text read as a number", "style", {"src/codec/a.c": "x = strtoul(p, 0, 10);\n"}, "reads past what it is given"),
    ("dead code", "style", {"src/parse/a.c": "#if 0\nint a;\n#endif\n"}, "no dead code"),
    ("unfinished code", "style", {"src/parse/a.c": "/* TODO: later */\n"}, "finish it"),
    ("a name of a linked library", "style",
     {"src/parse/a.h": HEADER + "enum status json_read(int x);\n"}, "begins like a name of a library"),
    ("ordinary words pass", "words",
     {"README.md": "# 1\na session opened for user root; capture.pcap#frame=312, playbook:a#2\n"}, None),
    ("a path of one machine", "words", {"src/a.c": "/* see /work/x */\n"}, "a path of one machine"),
    ("a tracker's number", "words", {"docs/a.md": "as #12 says\n"}, "a number of a tracker"),
    ("an issue's number", "words", {"docs/a.md": "see issue 3\n"}, "a number of a tracker"),
    ("an author that is a program", "words", {"docs/a.md": "Generated with AI\n"}, "who or what wrote it"),
    ("how it was written", "words", {"docs/a.md": "In this session we\n"}, "how it was written"),
    ("a package host", "words", {"tools/a": "deb.debian.org\n"}, "a package host"),
    ("a document that is right passes", "documents",
     {"README.md": "[a](docs/a.md) `src/a.c` `make test`\n", "docs/a.md": "[b](../README.md#x)\n",
      "src/a.c": "", "Makefile": "test:\n"}, None),
    ("a link that leads nowhere", "documents", {"README.md": "[a](docs/a.md)\n"}, "leads nowhere"),
    ("a path that is not there", "documents", {"README.md": "in `src/a.c`\n"}, "there is no src/a.c"),
    ("a target that is not there", "documents",
     {"README.md": "run `make all`\n", "Makefile": "test:\n"}, "no target all"),
    ("layers that hold pass", "layers",
     {"src/LAYERS": LAYERS, "src/base/a.c": "", "src/parse/a.c": '#include "base/a.h"\n#include "parse/a.h"\n'}, None),
    ("a stage that includes another", "layers",
     {"src/LAYERS": LAYERS, "src/parse/a.c": '#include "report/a.h"\n'}, "parse may not include report/"),
    ("a folder without a row", "layers", {"src/LAYERS": LAYERS, "src/extra/a.c": ""}, "no row in src/LAYERS"),
    ("an include without its folder", "layers",
     {"src/LAYERS": LAYERS, "src/parse/a.c": '#include "a.h"\n'}, "does not name its folder"),
    ("a layer that may use a later one", "layers", {"src/LAYERS": "base: parse\nparse: base\n"}, "stands after it"),
]

# name, source of each folder's library, what it must say
LIBRARIES = [
    ("libraries that hold pass",
     {"base": "int b(int x) { return x; }", "parse": "#include <string.h>\nint b(int); unsigned long p(char *s) { return strlen(s) + (unsigned long)b(1); }"},
     {}, None),
    ("a symbol of a folder that may not be used",
     {"report": "int r(int x) { return x; }", "parse": "int r(int); int p(int x) { return r(x); }"},
     {}, "needs r, but it is in report"),
    ("a symbol of a library that is not named",
     {"parse": "const char *zlibVersion(void); const char *p(void) { return zlibVersion(); }"},
     {}, "needs zlibVersion"),
    ("a symbol of a library that is named",
     {"parse": "const char *zlibVersion(void); const char *p(void) { return zlibVersion(); }"},
     {"parse": "zlib"}, None),
    ("state that outlives a call", {"parse": "static int n; int p(void) { return ++n; }"}, {}, "n is state"),
    ("a constant table passes",
     {"parse": 'static const char *const names[] = {"a"}; const char *p(int i) { return names[i]; }'}, {}, None),
]


CAPABILITY = "id: b\ntitle: B is done\ntechnique: [T1001]\nseverity: low\nconfidence: 0.5\n"
TABLES = {"content/knowledge/attack.yaml": 'techniques:\n  T1001: {name: "Hidden Data", tactics: [TA0011]}\n',
          "content/capabilities/b.yaml": CAPABILITY,
          "src/record/field.def": 'FIELD(A, "a.b", "C D", "what "\n      "it holds")\n',
          "docs/operations.md": "```\nusage: tocsin a [OPTION...] B\n\nsays a\n\n  -f, --format x|y  how\n\nClass C0 (a).\n```\n"}

# name, what is changed after the documents were made, what it must say
MADE = [
    ("documents just made pass", {}, None),
    ("a field that was added", {"src/record/field.def": 'FIELD(A, "a.c", "", "other")\n'}, "docs/fields.md: not current"),
    ("a capability that was taken away", {"content/capabilities/b.yaml": None}, "docs/capabilities.md: not current"),
    ("a technique without a name", {"content/capabilities/b.yaml": CAPABILITY.replace("T1001", "T1002")},
     "its technique has no name"),
    ("a manual that was edited", {"docs/tocsin.1": "x"}, "docs/tocsin.1: not current"),
    ("a completion that was edited", {"tools/completion/tocsin.bash": "x"}, "tools/completion/tocsin.bash: not current"),
    ("an operation that was added",
     {"docs/operations.md": "```\nusage: tocsin b\n\nsays b\n\n  -h, --help  this\n\nClass C0 (b).\n```\n"},
     "docs/tocsin.1: not current"),
]


def write_tree(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink()
        else:
            path.write_text(text)


def judge(name, command, expected):
    result = subprocess.run(command, capture_output=True, text=True)
    said = result.stdout + result.stderr
    fits = result.returncode == 0 if expected is None else result.returncode == 1 and expected in said
    if not fits:
        print(f"FAILED {name}: status {result.returncode}, expected {expected!r}, said:\n{said}")
    return fits


def check_tree(name, check, files, expected):
    with tempfile.TemporaryDirectory() as folder:
        write_tree(pathlib.Path(folder), {"src/.keep": "", **files})
        return judge(name, [ROOT / f"tools/check-{check}", "--root", folder], expected)


def check_libraries(name, sources, outside, expected):
    with tempfile.TemporaryDirectory() as folder:
        write_tree(pathlib.Path(folder), {"src/LAYERS": LAYERS})
        command = [ROOT / "tools/check-layers", "--root", folder]
        for part, text in sources.items():
            write_tree(pathlib.Path(folder), {f"src/{part}/a.c": text})
            built = f"{folder}/{part}"
            subprocess.run(["gcc", "-fPIE", "-c", "-o", built + ".o", f"{folder}/src/{part}/a.c"], check=True)
            subprocess.run(["ar", "rcs", built + ".a", built + ".o"], check=True)
            command += ["--folder", part, built + ".a", outside.get(part, "")]
        return judge(name, command, expected)


def check_made(name, change, expected):
    """Documents made from tables, and then a change to one of the files."""
    with tempfile.TemporaryDirectory() as folder:
        command = [ROOT / "tools/make-documents", "--root", folder]
        write_tree(pathlib.Path(folder), TABLES)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        write_tree(pathlib.Path(folder), change)
        return judge(name, command + ["--check"], expected)


def main():
    results = [check_tree(*case) for case in CASES] + [check_libraries(*case) for case in LIBRARIES] + \
              [check_made(*case) for case in MADE]
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
