#!/usr/bin/env python3
"""That the memory of `tocsin watch` stays what it is, however long it looks.  Run where no
sanitizer is built in: what one keeps after it was freed would be counted.

usage: tests/cli/watch_memory.py TOCSIN"""

import pathlib
import subprocess
import sys
import threading

from auth_log import failed, ordinary
from person import case, main

PATIENCE_S = 60


def memory_of(pid):
    """Of a process and its children, in kB, shares of what is shared."""
    pids = [pid] + [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    total = 0
    for each in pids:
        lines = pathlib.Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def busy_days(first_day, days, lines_a_day):
    """Guessing from ever new addresses, between ordinary work."""
    step = 86400 // lines_a_day
    for day in range(first_day, first_day + days):
        for number in range(lines_a_day):
            at = number * step
            key = (day * lines_a_day + number) // 4
            address = f"10.{key >> 16 & 255}.{key >> 8 & 255}.{key & 255}"
            line = failed(at, number, address, f"u{key % 977}") if number % 3 else ordinary(at, number % 30000)
            yield line.replace("2026-03-03", f"2026-{3 + day // 28:02d}-{1 + day % 28:02d}")


@case
def memory_does_not_grow_with_the_days(person):
    """A hundred days in four parts: the last needs no more than the first two reached."""
    days, lines = 25, 10000
    process = person.start("watch", "--format", "json", "-", stdin=subprocess.PIPE)
    threading.Thread(target=lambda: [None for _ in process.stdout], daemon=True).start()
    reached = []
    for part in range(4):
        most = 0
        for day in range(part * days, (part + 1) * days):
            for line in busy_days(day, 1, lines):
                process.stdin.write(line)
            process.stdin.flush()
            most = max(most, memory_of(process.pid))
        reached.append(most)
    process.stdin.close()
    assert process.wait(timeout=10 * PATIENCE_S) in (0, 1)
    print("  most memory in each quarter, kB:", reached)
    assert reached[3] <= max(reached[:2]) * 1.15 + 16384, reached


if __name__ == "__main__":
    sys.exit(main(sys.argv[2:]))
