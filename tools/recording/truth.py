"""Finds in collected evidence where each step of a recording shows, and writes truth.json."""

import datetime
import gzip
import json
import os
import re
import struct

ETHERNET_IPV4 = 0x0800
IP_TCP = 6


def moment(seconds):
    return (
        datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


class Logs:
    """A log and its rotated parts, oldest first; places are cited as FILE:LINE."""

    def __init__(self, folder, name):
        self.parts = []
        for part in (f"{name}.1.gz", f"{name}.1", name):
            path = os.path.join(folder, part)
            if os.path.exists(path):
                opened = gzip.open(path, "rt") if part.endswith(".gz") else open(path)
                with opened as text:
                    self.parts.append((part, text.read().split("\n")))

    def cite(self, pattern):
        """First and last line that match, as one citation for each part that has any."""
        found = []
        for part, lines in self.parts:
            numbers = [n for n, line in enumerate(lines, 1) if re.search(pattern, line)]
            if numbers:
                inside = f"{part}!/{part.removesuffix('.gz')}" if part.endswith(".gz") else part
                end = f"-{numbers[-1]}" if len(numbers) > 1 else ""
                found.append(f"{inside}:{numbers[0]}{end}")
        return found

    def cite_each(self, pattern):
        """Every line that matches, one citation each."""
        return [
            f"{part}!/{part.removesuffix('.gz')}:{n}" if part.endswith(".gz") else f"{part}:{n}"
            for part, lines in self.parts
            for n, line in enumerate(lines, 1)
            if re.search(pattern, line)
        ]

    def count(self, pattern):
        return sum(bool(re.search(pattern, line)) for _, lines in self.parts for line in lines)


def packets(path):
    """TCP over IPv4 over Ethernet, which is what the lab's wires carry.

    Yields (frame number, seconds, source, destination, source port, destination port, payload).
    """
    with open(path, "rb") as capture:
        capture.read(24)
        frame = 0
        while len(header := capture.read(16)) == 16:
            seconds, micro, size, _ = struct.unpack("<IIII", header)
            data = capture.read(size)
            frame += 1
            if (
                len(data) < 54
                or data[12:14] != ETHERNET_IPV4.to_bytes(2, "big")
                or data[23] != IP_TCP
            ):
                continue
            tcp = 14 + (data[14] & 15) * 4
            end = 14 + int.from_bytes(data[16:18], "big")
            ports = struct.unpack(">HH", data[tcp : tcp + 4])
            payload = data[tcp + (data[tcp + 12] >> 4) * 4 : end]
            yield (
                frame,
                seconds + micro / 1e6,
                ".".join(map(str, data[26:30])),
                ".".join(map(str, data[30:34])),
                *ports,
                payload,
            )


def flow_frames(path, server, peer, port, starts=b""):
    """First data packet from the server of each connection to peer:port that starts so."""
    seen, found = set(), []
    for frame, at, source, destination, near, far, payload in packets(path):
        if (source, destination, far) == (server, peer, port) and payload and near not in seen:
            seen.add(near)
            if payload.startswith(starts):
                found.append((frame, at))
    return found


def cite_frames(found):
    return [f"capture.pcap#frame={frame}" for frame, _ in found]


class Truth:
    """What was done.  Where logs were changed, a step that nothing shows any more is `hidden`
    as "cut", and one whose times were changed in all lines that show it as "moved"."""

    def __init__(self, may_be_cut=False, moved_logs=()):
        self.steps = []
        self.may_be_cut = may_be_cut
        self.moved_logs = moved_logs

    def add(self, at, what, technique, evidence):
        if not evidence and not self.may_be_cut:
            raise SystemExit(f"the evidence does not show this step: {what}")
        step = {"at": at, "what": what, "technique": technique, "evidence": evidence}
        if not evidence:
            step["hidden"] = "cut"
        elif any(place in self.moved_logs for place in evidence) or all(
            place.partition(":")[0] in self.moved_logs for place in evidence
        ):
            step["hidden"] = "moved"
        self.steps.append(step)

    def write(self, folder):
        steps = sorted(self.steps, key=lambda step: step["at"])
        written = [step | {"at": moment(step["at"])} for step in steps]
        with open(os.path.join(folder, "truth.json"), "w", encoding="utf-8") as out:
            json.dump({"steps": written}, out, indent=2)
            out.write("\n")
