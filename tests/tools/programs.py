#!/usr/bin/env python3
"""Tests the programs that count tests and that delete rows: what they would miss, nobody sees."""

import importlib.machinery
import importlib.util
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))


def load(path):
    loader = importlib.machinery.SourceFileLoader(path.replace("/", "_").replace("-", "_"), str(ROOT / path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


COUNTING = load("tools/run-tests")
MUTATING = load("tests/prove/mutate-rows")


def ended(result, stdout="", stderr=""):
    return {"name": "t", "result": result, "stdout": stdout, "stderr": stderr, "command": ["t"]}


class Counting(unittest.TestCase):
    def test_counts_functions(self):
        output = "[==========] Running 3 test(s).\n[       OK ] a\n[       OK ] b\n[  SKIPPED ] c\n"
        self.assertEqual(COUNTING.count(ended("OK", output)), (2, 0, 1))

    def test_counts_a_failed_function_once(self):
        output = "[==========] Running 2 test(s).\n[       OK ] a\n[  FAILED  ] b\n"
        listed = "[  FAILED  ] 1 test(s), listed below:\n[  FAILED  ] b\n"
        self.assertEqual(COUNTING.count(ended("FAIL", output, listed)), (1, 1, 0))

    def test_a_crash_is_a_failure(self):
        output = "[==========] Running 2 test(s).\n[       OK ] a\n[ RUN      ] b\n"
        self.assertEqual(COUNTING.count(ended("FAIL", output)), (1, 1, 0))
        self.assertEqual(COUNTING.count(ended("TIMEOUT")), (0, 1, 0))
        self.assertEqual(COUNTING.count(ended("ERROR")), (0, 1, 0))

    def test_believes_the_total_of_a_script(self):
        self.assertEqual(COUNTING.count(ended("OK", "1 passed, 0 failed\n7 passed, 0 failed\n")), (7, 0, 0))
        self.assertEqual(COUNTING.count(ended("FAIL", "7 passed, 2 failed\n")), (7, 2, 0))
        self.assertEqual(COUNTING.count(ended("FAIL", "7 passed, 0 failed\n")), (7, 1, 0))

    def test_a_program_without_a_total_is_one(self):
        self.assertEqual(COUNTING.count(ended("OK")), (1, 0, 0))
        self.assertEqual(COUNTING.count(ended("FAIL")), (0, 1, 0))
        self.assertEqual(COUNTING.count(ended("SKIP")), (0, 0, 1))


TABLE = """/* rows: one deleted at a time by make prove */
static const struct row rows[] = {
    {"a, {", f(1, 2)}, /* not a row, this */
    [B] = {'}', {3}},
    &last,
    NULL,
};
int other[] = {1, 2};
"""
CONDITION = """/* check: made false by make prove */
if (f(a) && (b || c)) {
"""
LIST = """version: 1
rules:
  # about the first
  - id: first
    any:
      - x
  - id: second
other:
  - id: third
"""


class Deleting(unittest.TestCase):
    def test_finds_each_row_of_a_marked_table(self):
        found = list(MUTATING.marked(TABLE))
        self.assertEqual([name for name, _ in found], ["a, {", "[B] = {'}', {3", "last"])
        self.assertNotIn('"a, {"', found[0][1])
        self.assertIn("[B] = {'}', {3}},", found[0][1])
        self.assertNotIn("&last", found[2][1])
        self.assertIn("{1, 2}", found[2][1])

    def test_makes_a_marked_condition_false(self):
        (name, mutated), = MUTATING.marked(CONDITION)
        self.assertIn("if (false && (f(a) && (b || c))) {", mutated)

    def test_finds_each_item_of_a_list(self):
        found = list(MUTATING.items(LIST, "rules"))
        self.assertEqual([name for name, _ in found], ["id: first", "id: second"])
        self.assertEqual(found[0][1], LIST.replace("  - id: first\n    any:\n      - x\n", ""))
        self.assertEqual(found[1][1], LIST.replace("  - id: second\n", ""))

    def test_finds_items_of_a_file_that_is_a_list(self):
        found = list(MUTATING.items("- a: 1\n  b: 2\n\n- a: 3\n", "."))
        self.assertEqual([text for _, text in found], ["- a: 3\n", "- a: 1\n  b: 2\n\n"])


if __name__ == "__main__":
    outcome = unittest.main(exit=False, verbosity=0).result
    bad = len(outcome.failures) + len(outcome.errors)
    print(f"{outcome.testsRun - bad} passed, {bad} failed")
    sys.exit(1 if bad else 0)
