"""Makes what tools/bench measures on: ordinary logs, captures and shell scripts of any size, the
same bytes for the same seed.  Nothing is taken from anybody's machine."""

import random
import socket
import struct

HOSTS = ["web01", "db01", "mail", "build7", "gw"]
ACCOUNTS = ["deploy", "anna", "backup", "root", "www-data", "jenkins"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

LINES = [
    "sshd[{pid}]: Accepted publickey for {account} from 10.0.{a}.{b} port {port} ssh2: RSA SHA256:{word}",
    "sshd[{pid}]: pam_unix(sshd:session): session opened for user {account}(uid=1001) by (uid=0)",
    "sshd[{pid}]: Failed password for {account} from 10.0.{a}.{b} port {port} ssh2",
    "sshd[{pid}]: Disconnected from user {account} 10.0.{a}.{b} port {port}",
    "sshd[{pid}]: pam_unix(sshd:session): session closed for user {account}",
    "CRON[{pid}]: (root) CMD (test -x /usr/sbin/anacron || run-parts --report /etc/cron.daily)",
    "CRON[{pid}]: pam_unix(cron:session): session closed for user root",
    "sudo: {account} : TTY=pts/{a} ; PWD=/srv ; USER=root ; COMMAND=/usr/bin/systemctl status {word}",
    "systemd[1]: Started Session {pid} of User {account}.",
    "systemd-logind[412]: New session {pid} of user {account}.",
    "kernel: [{pid}.{port}] eth0: link up, 1000 Mbps, full duplex, flow control {word}",
    "postfix/smtpd[{pid}]: connect from mail{a}.example.org[10.2.{a}.{b}]",
]

SHELL = [
    'for file in /var/lib/{word}/*.conf; do\n    [ -f "$file" ] || continue\n    cp -a "$file" "/etc/{word}/$(basename "$file")"\ndone\n',
    'if [ "$1" = "configure" ]; then\n    adduser --system --group --home /var/lib/{word} {account}\nfi\n',
    "case \"$VERSION\" in\n{a}.*) echo \"{word}: version ${{VERSION%%-*}}\" ;;\n*) exit 0 ;;\nesac\n",
    "cat > /etc/{word}.conf <<EOF\nlisten = 10.0.{a}.{b}:{port}\nuser = {account}\nEOF\n",
    "find /var/cache/{word} -type f -mtime +{a} -print0 | xargs -0 -r rm -f --\n",
    "# {word} keeps its state where the {account} user can write it.\nset -e\numask 022\n",
    "systemctl daemon-reload >/dev/null 2>&1 || true\nupdate-rc.d {word} defaults {a} >/dev/null\n",
]


def _fill(template, chance):
    return template.format(
        pid=chance.randrange(300, 32768), port=chance.randrange(1024, 65536), a=chance.randrange(1, 99),
        b=chance.randrange(1, 255), account=chance.choice(ACCOUNTS), word="%08x" % chance.getrandbits(32))


def write_log(path, size, seed, first_day=0, lines_a_second=20):
    """An RFC 3164 log of about `size` bytes; gives the number of lines.  A month has 28 days."""
    chance = random.Random(seed)
    bodies = [f"{chance.choice(HOSTS)} {_fill(chance.choice(LINES), chance)}\n".encode() for _ in range(20000)]
    count, written = 0, 0
    with open(path, "wb", buffering=1 << 20) as file:
        while written < size:
            count += 1
            day, clock = divmod(count // lines_a_second + first_day * 86400, 86400)
            stamp = b"%s %2d %02d:%02d:%02d " % (
                MONTHS[day // 28 % 12].encode(), day % 28 + 1, clock // 3600, clock // 60 % 60, clock % 60)
            written += file.write(stamp + bodies[count * 7919 % len(bodies)])
    return count


def write_scripts(folder, size, file_size, seed):
    """Shell scripts of about `file_size` bytes each, `size` in all; gives the bytes."""
    chance = random.Random(seed)
    pieces = [_fill(chance.choice(SHELL), chance) for _ in range(5000)]
    folder.mkdir(parents=True, exist_ok=True)
    written = number = 0
    while written < size:
        text = ["#!/bin/sh\n"]
        length = 0
        while length < file_size:
            piece = chance.choice(pieces)
            text.append(piece)
            length += len(piece)
        written += (folder / f"script-{number:05}.sh").write_text("".join(text))
        number += 1
    return written


def _ipv4(source, target, protocol, payload):
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, protocol, 0, source, target)
    total = sum(struct.unpack("!10H", header))
    total = (total & 0xFFFF) + (total >> 16)
    checksum = ~(total + (total >> 16)) & 0xFFFF
    return header[:10] + struct.pack("!H", checksum) + header[12:] + payload


def _tcp(ports, sequence, acknowledged, flags, payload=b""):
    return struct.pack("!HHIIBBHHH", *ports, sequence & 0xFFFFFFFF, acknowledged & 0xFFFFFFFF,
                       0x50, flags, 64240, 0, 0) + payload


def _conversation(chance):
    """The frames of one connection: handshake, a request, an answer of some length, the end."""
    client = socket.inet_aton(f"10.0.{chance.randrange(1, 40)}.{chance.randrange(1, 255)}")
    server = socket.inet_aton(f"10.9.{chance.randrange(1, 4)}.{chance.randrange(1, 60)}")
    ports = (chance.randrange(1024, 65536), 80)
    back = ports[::-1]
    request = (f"GET /items/{chance.getrandbits(32)} HTTP/1.1\r\nHost: shop{chance.randrange(9)}.example.org\r\n"
               "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: */*\r\n\r\n").encode()
    body = chance.randbytes(chance.choice([0, 200, 1400, 8000, 40000]))
    answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nContent-Type: text/html\r\n\r\n".encode() + body
    first, second = chance.getrandbits(32), chance.getrandbits(32)
    yield client, server, _tcp(ports, first, 0, 2)
    yield server, client, _tcp(back, second, first + 1, 18)
    yield client, server, _tcp(ports, first + 1, second + 1, 16)
    yield client, server, _tcp(ports, first + 1, second + 1, 24, request)
    for at in range(0, len(answer), 1448):
        yield server, client, _tcp(back, second + 1 + at, first + 1 + len(request), 24, answer[at:at + 1448])
    done = second + 1 + len(answer)
    yield client, server, _tcp(ports, first + 1 + len(request), done, 17)
    yield server, client, _tcp(back, done, first + 2 + len(request), 17)


def write_capture(path, size, seed):
    """A capture of about `size` bytes of HTTP conversations; gives the number of frames."""
    chance = random.Random(seed)
    ethernet = bytes.fromhex("020000000001") + bytes.fromhex("020000000002") + b"\x08\x00"
    count, microseconds, written = 0, 0, 24
    with open(path, "wb", buffering=1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        while written < size:
            for source, target, segment in _conversation(chance):
                frame = ethernet + _ipv4(source, target, 6, segment)
                microseconds += 137
                seconds, rest = divmod(microseconds, 1000000)
                head = struct.pack("<IIII", 1772503200 + seconds, rest, len(frame), len(frame))
                written += file.write(head + frame)
                count += 1
    return count
