"""What a long run has found so far, kept in build/prove/, so that one that was cut off goes on
where it was."""

import hashlib
import json
import pathlib
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Kept:
    """Values by key, a line each.  They are of `sources`, files and texts: where one of these is
    another than before, nothing was found yet."""

    def __init__(self, name, sources, anew=False):
        self.path = ROOT / f"build/prove/{name}.jsonl"
        self.lock = threading.Lock()
        self.values = {}
        digest = hashlib.sha256()
        for source in sources:
            data = source.read_bytes() if isinstance(source, pathlib.Path) else source.encode()
            digest.update(len(data).to_bytes(8, "big") + data)
        head = json.dumps({"of": digest.hexdigest()})
        lines = self.path.read_text(errors="replace").split("\n") if self.path.exists() and not anew else []
        if lines[:1] == [head]:
            for line in lines[1:-1]:  # the last is empty, or was cut off
                key, value = json.loads(line)
                self.values[key] = value
        self.path.parent.mkdir(parents=True, exist_ok=True)
        whole = [head, *(json.dumps(item) for item in self.values.items())]
        self.path.write_text("".join(line + "\n" for line in whole))

    def find(self, key, make):
        """What is kept under that text, or what `make` returns, which then is."""
        return self.values[key] if key in self.values else self.renew(key, lambda _: make())

    def renew(self, key, make):
        """What `make` returns, told what was kept before, or None; it is kept then."""
        before = self.values.get(key)
        value = make(before)
        if value != before:
            with self.lock, self.path.open("a") as file:
                file.write(json.dumps([key, value]) + "\n")
            self.values[key] = value
        return value
