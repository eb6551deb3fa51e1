"""What an intruder does to the logs of the server afterwards: what a seed decides, and the
commands that are typed for it.  All of it is work of ordinary programs on ordinary files."""

import random
import struct

RECORD_SIZE = 384  # of wtmp on this machine
RECORD_LINE = slice(8, 40)
RECORD_HOST = slice(76, 332)
KIND_LOGIN = 7
KIND_LOGOUT = 8

WAYS = ("lines", "lines", "since-login", "emptied", "other-times")
# How the changed file takes the place of the log: written into it, or put in its place, after
# which the log service writes on into what is gone until it is told to open its files again.
PLACES = ("same-file", "new-file-reopened", "new-file")
WTMP = (None, "zeros", "cut")
SCRATCH = "/tmp/.l"


def choose_tampering(chosen):
    """Adds what is decided about the logs; everything else stays as the seed has it."""
    dice = random.Random(f"tampering {chosen['seed']}")
    return chosen | {
        "sudo": True,
        "tampering": dice.choice(WAYS),
        "logs": dice.choice((("auth.log",), ("auth.log", "syslog"))),
        "place": dice.choice(PLACES),
        "wtmp": dice.choice(WTMP),
        "hour": dice.randrange(2, 5),
        "quiet_before_s": dice.randrange(540, 720),
        "quiet_after_s": dice.randrange(100, 200),
    }


def edits(chosen):
    """What sed is told: the lines that name the intruder go, or get another hour."""
    names = [chosen["account"], chosen["attacker"]]
    if chosen["tampering"] == "since-login":
        entry = f"Accepted password for {chosen['account']} from {chosen['attacker']}"
        return [f"/{entry}/,$d", f"/session.* for user {chosen['account']}/,$d"]
    if chosen["tampering"] == "other-times":
        hour = f"{chosen['hour']:02}"
        moved = (
            f"s/^\\(... ..\\) [0-9][0-9]:/\\1 {hour}:/"
            if chosen["traditional_time"]
            else f"s/T[0-9][0-9]:/T{hour}:/"
        )
        return [f"/{name}/{moved}" for name in names]
    return [f"/{name}/d" for name in names]


def log_commands(chosen):
    """For each log what is typed, as root."""
    for name in chosen["logs"]:
        log = f"/var/log/{name}"
        if chosen["tampering"] == "emptied":
            yield f"truncate -s 0 {log}"
            continue
        script = " ".join(f"-e '{edit}'" for edit in edits(chosen))
        if chosen["place"] == "same-file":
            yield f"sed {script} {log} >{SCRATCH}; cat {SCRATCH} >{log}; rm {SCRATCH}"
        else:
            yield f"sed -i {script} {log}"
    if chosen["place"] == "new-file-reopened" and chosen["tampering"] != "emptied":
        yield "pkill -HUP rsyslogd"


def wtmp_records(data, attacker):
    """The numbers of the records of sessions that came from the attacker, their ends too."""
    lines, found = {}, []
    for number in range(len(data) // RECORD_SIZE):
        record = data[number * RECORD_SIZE : (number + 1) * RECORD_SIZE]
        (kind,) = struct.unpack("<h", record[:2])
        line = record[RECORD_LINE].rstrip(b"\0")
        host = record[RECORD_HOST].rstrip(b"\0").decode("ascii", "replace")
        if kind == KIND_LOGIN:
            lines[line] = host
        if kind in (KIND_LOGIN, KIND_LOGOUT) and lines.get(line) == attacker:
            found.append(number)
    return found


def wtmp_commands(chosen, data):
    """What is typed, as root, about the record of sessions."""
    numbers = wtmp_records(data, chosen["attacker"])
    if not numbers or chosen["wtmp"] is None:
        return
    if chosen["wtmp"] == "cut":
        yield f"truncate -s {numbers[0] * RECORD_SIZE} /var/log/wtmp"
        return
    for number in numbers:
        yield (
            f"dd if=/dev/zero of=/var/log/wtmp bs={RECORD_SIZE} seek={number} count=1 "
            "conv=notrunc status=none"
        )


