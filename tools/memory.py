"""The memory of a process and all its children while it runs."""

import pathlib
import threading

SAMPLE_SECONDS = 0.05


class Memory(threading.Thread):
    """The peak sum of the proportional set sizes of a process and all its children."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak_kb, self.is_over = pid, 0, threading.Event()

    def family(self):
        """A process and its descendants, by the kernel's own list of children."""
        found, waiting = [], [self.pid]
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            try:
                waiting += map(int, pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
            except OSError:
                pass
        return found

    def run(self):
        while not self.is_over.wait(SAMPLE_SECONDS):
            total = 0
            for pid in self.family():
                try:
                    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                        if line.startswith("Pss:"):
                            total += int(line.split()[1])
                except OSError:
                    pass
            self.peak_kb = max(self.peak_kb, total)
