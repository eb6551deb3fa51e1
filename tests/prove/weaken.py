"""Finds the checks in C code of this house, and rewrites it so that each of them can be switched
off, or turned round, in the program as it runs."""

import re

# What the rewritten code calls.  A check that is reached where it would make a difference says so.
FACE = """
#include <stdbool.h>
bool mutant_is(int number);
#define TRY_UNLESS(number, call) \\
    do { \\
        enum status try_status_ = (call); \\
        if (try_status_ != STATUS_OK && !mutant_is(number)) { \\
            return try_status_; \\
        } \\
    } while (0)
"""
BODY = r"""
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static bool mutant_chosen[%(count)d];
static char *mutant_reached;

__attribute__((constructor)) static void mutant_begin(void)
{
    const char *chosen = getenv("TOCSIN_MUTANTS");
    const char *reached = getenv("TOCSIN_MUTANTS_REACHED");
    while (chosen != NULL && *chosen != '\0') {
        char *end = NULL;
        mutant_chosen[strtoul(chosen, &end, 10)] = true;
        chosen = *end == ',' ? end + 1 : end;
    }
    int file = reached == NULL ? -1 : open(reached, O_RDWR | O_CLOEXEC);
    void *map =
        file < 0 ? MAP_FAILED : mmap(NULL, %(count)d, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    mutant_reached = map == MAP_FAILED ? NULL : map;
    if (file >= 0) {
        close(file);
    }
}

bool mutant_is(int number)
{
    if (mutant_reached != NULL) {
        mutant_reached[number] = 1;
    }
    return mutant_chosen[number];
}
"""
FUNCTION = re.compile(r"^(?P<head>[a-z][^;{}]*?)\n\{\n(?P<body>.*?)^\}$", re.S | re.M)
DIRECTIVE = re.compile(r"^#(?:[^\n]*\\\n)*[^\n]*", re.M)
ASSERT = re.compile(r"\b(?:static_)?assert\(")
WORDS = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)
OPEN, CLOSE = "([{", ")]}"
TEXT_MAX = 160


def blank(match):
    return re.sub(r"[^\n]", " ", match.group())


def code_of(text):
    """The code alone, each letter where it was: what is quoted is underlined, the rest is blank."""
    text = WORDS.sub(lambda match: blank(match) if match.group()[0] == "/" else "_" * len(match.group()), text)
    return DIRECTIVE.sub(blank, text)


def after(code, at):
    """The place after the bracket that closes what begins before `at`."""
    depth = 1
    while depth:
        depth += (code[at] in OPEN) - (code[at] in CLOSE)
        at += 1
    return at


def trimmed(code, begin, end):
    while begin < end and code[begin].isspace():
        begin += 1
    while end > begin and code[end - 1].isspace():
        end -= 1
    return begin, end


def before_operator(code, at):
    """Where the operand begins that ends before `at`."""
    depth, here = 0, at - 1
    while True:
        char = code[here]
        if depth == 0:
            is_assignment = char == "=" and code[here + 1] != "=" and code[here - 1] not in "=!<>"
            word = re.search(r"\breturn$", code[max(0, here - 6):here + 1])
            if (char in OPEN or char in ";,?:}" or is_assignment or code[here - 1:here + 1] in ("&&", "||")
                    or (word and not code[here + 1].isalnum() and code[here + 1] != "_")):
                return here + 1
        depth += (char in CLOSE) - (char in OPEN)
        here -= 1


def after_operator(code, at):
    depth, here = 0, at
    while True:
        char = code[here]
        if depth == 0 and (char in CLOSE or char in ";,?:" or code[here:here + 2] in ("&&", "||")):
            return here
        depth += (char in OPEN) - (char in CLOSE)
        here += 1


class Weak:
    """One way to weaken one check."""

    def __init__(self, path, function, how, text):
        self.path, self.function, self.how = path, function, how
        self.text = " ".join(text.split())[:TEXT_MAX]
        self.name = f"{path}: {function}: {how}: {self.text}"


class Rewriter:
    """Collects the checks of one file, and what is to be put where."""

    def __init__(self, path, text, first):
        self.path, self.text, self.first = path, text, first
        self.code = code_of(text)
        self.weak, self.edits, self.seen = [], [], set()

    def number(self, function, how, begin, end):
        weak = Weak(self.path, function, how, self.text[begin:end])
        same = sum(other.name.partition(" #")[0] == weak.name for other in self.weak)
        weak.name += f" #{same + 1}" if same else ""
        self.weak.append(weak)
        return self.first + len(self.weak) - 1

    def wrap(self, begin, end, left, right):
        self.edits.append((begin, 1, -(end - begin), left))
        self.edits.append((end, 0, end - begin, right))

    def either(self, function, begin, end, hows):
        """A condition that can be made to hold, and not to."""
        numbers = [how and self.number(function, how, begin, end) for how in hows]
        first = "true" if numbers[1] is None else f"!mutant_is({numbers[1]})"
        second = "false" if numbers[0] is None else f"mutant_is({numbers[0]})"
        self.wrap(begin, end, "((", f") ? {first} : {second})")

    def take_ifs(self, function, begin, end):
        for match in re.finditer(r"\bif \(", self.code[begin:end]):
            at = begin + match.end()
            stop = after(self.code, at) - 1
            turned = self.number(function, "turned round", at, stop)
            gone = self.number(function, "left out", at, stop)
            self.wrap(at, stop, "((", f") ? !mutant_is({turned}) && !mutant_is({gone}) : mutant_is({turned}))")

    def take_operands(self, function, begin, end):
        for match in re.finditer(r"&&|\|\|", self.code[begin:end]):
            at = begin + match.start()
            for a, b in ((before_operator(self.code, at), at), (at + 2, after_operator(self.code, at + 2))):
                a, b = trimmed(self.code, a, b)
                if (a, b) in self.seen:
                    continue
                self.seen.add((a, b))
                number = self.number(function, "left out", a, b)
                self.wrap(a, b, "((", f") || mutant_is({number}))" if match.group() == "&&" else f") && !mutant_is({number}))")

    def take_choices(self, function, begin, end):
        for match in re.finditer(r"\?", self.code[begin:end]):
            at = begin + match.start()
            a, b = trimmed(self.code, self.before_choice(at), at)
            self.either(function, a, b, ("always", "never"))

    def before_choice(self, at):
        """Where the condition of a `?` begins: operands and all."""
        begin = before_operator(self.code, at)
        while self.code[begin - 2:begin] in ("&&", "||"):
            begin = before_operator(self.code, begin - 2)
        return begin

    def take_tries(self, function, begin, end):
        for match in re.finditer(r"\bTRY\(", self.code[begin:end]):
            at = begin + match.end()
            number = self.number(function, "ignored", at, after(self.code, at) - 1)
            # Its number stands before whatever else begins there.
            self.edits.append((at - 1, 1, 0, "_UNLESS"))
            self.edits.append((at, 1, -len(self.code), f"{number}, "))

    def take_returns(self, function, begin, end, kind):
        for match in re.finditer(r"\breturn (.*?);", self.code[begin:end], re.S):
            a, b = trimmed(self.code, begin + match.start(1), begin + match.end(1))
            text = self.text[a:b]
            if kind == "bool":
                self.either(function, a, b, (None, "never") if text == "true" else ("always", None)
                            if text == "false" else ("always", "never"))
            elif text != "STATUS_OK" and "?" not in self.code[a:b]:
                number = self.number(function, "ignored", a, b)
                self.wrap(a, b, "mutant_status(", f", {number})")

    def take_claims(self, function, begin, end):
        for match in re.finditer(r"\bbool \w+ = (.*?);", self.code[begin:end], re.S):
            a, b = trimmed(self.code, begin + match.start(1), begin + match.end(1))
            if self.text[a:b] not in ("true", "false"):
                self.either(function, a, b, ("always", "never"))

    def rewritten(self):
        for match in ASSERT.finditer(self.code):
            stop = after(self.code, match.end())
            claim = re.sub(r"[^\n]", " ", self.code[match.start():stop])
            self.code = self.code[:match.start()] + claim + self.code[stop:]
        for match in FUNCTION.finditer(self.code):
            name = re.search(r"(\w+)\(", match["head"])
            begin, end = match.span("body")
            self.take_ifs(name[1], begin, end)
            self.take_operands(name[1], begin, end)
            self.take_choices(name[1], begin, end)
            self.take_tries(name[1], begin, end)
            self.take_claims(name[1], begin, end)
            kind = re.match(r"(?:static )?(?:inline )?(bool|enum status)\b(?! \*)", match["head"])
            if kind:
                self.take_returns(name[1], begin, end, kind[1])
        out, at = [], 0
        for place, _, _, words in sorted(self.edits, key=lambda edit: edit[:3]):
            out += [self.text[at:place], words]
            at = place
        text = "".join(out) + self.text[at:]
        return FACE + """
#include "base/status.h"
static inline enum status mutant_status(enum status status, int number)
{
    return status != STATUS_OK && mutant_is(number) ? STATUS_OK : status;
}
#line 1
""" + text
