"""What the programs of tests/prove share that seal beside other people's: how a program is asked
(tests/tools/sealed.c), and what is changed on its way."""

import pathlib
import subprocess

SEALED = pathlib.Path(__file__).resolve().parent.parent.parent / "build/release/tocsin-sealed"


class Sealer:
    """One program, asked one thing after the other."""

    def __init__(self, command=(SEALED,)):
        self.process = subprocess.Popen([*map(str, command)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, *words, given):
        """What came out, or None where it was refused."""
        self.process.stdin.write(" ".join(map(str, (*words, len(given)))).encode() + b"\n" + given)
        self.process.stdin.flush()
        line = self.process.stdout.readline().split()
        if len(line) != 2:
            raise SystemExit(f"{self.process.args[0]} ended with {self.process.wait()}")
        answer = self.process.stdout.read(int(line[1]))
        return answer if line[0] == b"yes" else None

    def end(self):
        self.process.stdin.close()
        if self.process.wait() != 0:
            raise SystemExit(f"{self.process.args[0]} ended with {self.process.returncode}")


def changed(source, data):
    """One to three small changes, behind the line by which armour is known."""
    result = bytearray(data)
    first = data.index(b"\n") + 1
    for _ in range(source.randint(1, 3)):
        if len(result) <= first:
            break
        at = source.randrange(first, len(result))
        kind = source.randrange(4)
        if kind == 0:
            result[at] ^= 1 << source.randrange(8)
        elif kind == 1:
            del result[at]
        elif kind == 2:
            result.insert(at, source.choice(b"\n A=z/-" + bytes([source.randrange(256)])))
        else:
            result = result[:max(at, first + 1)]
    return bytes(result)
