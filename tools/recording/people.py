"""Those who log in: an administrator, an intruder, and the guessers that come before one."""

import os
import re
import select
import subprocess
import sys
import time

from recording.lab import run

SSH = (
    "ssh",
    "-o",
    "StrictHostKeyChecking=no",
    "-o",
    "UserKnownHostsFile=/dev/null",
    "-o",
    "LogLevel=ERROR",
    "-o",
    "GlobalKnownHostsFile=/dev/null",
    "-F",
    "/dev/null",
)
EXPECT_TIMEOUT_S = 20
DECOY_WORDS = 4
TRIES_MAX = 3


def make_key(path):
    """A key for this recording only; it is thrown away with the lab."""
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "user@localhost", "-f", path)
    with open(path + ".pub", encoding="ascii") as public:
        return public.read().strip()


def by_password(password):
    return (
        "sshpass",
        "-p",
        password,
        *SSH,
        "-o",
        "PubkeyAuthentication=no",
        "-o",
        "NumberOfPasswordPrompts=1",
    )


def by_key(path):
    return (*SSH, "-i", path, "-o", "IdentitiesOnly=yes", "-o", "PasswordAuthentication=no")


def by_typing(lab, words):
    """A login that asks for passwords as it does of a person; `words` are what is typed.

    Gives the command and the environment it needs.
    """
    typed, ask = lab.path("typed"), lab.path("ask")
    with open(typed, "w", encoding="ascii") as out:
        out.write("\n".join(words) + "\n")
    with open(ask, "w", encoding="ascii") as out:
        out.write(f"#!/bin/sh\nhead -n 1 {typed}\nsed -i 1d {typed}\nsleep 2\n")
    os.chmod(ask, 0o700)
    return (
        (*SSH, "-o", "PubkeyAuthentication=no"),
        os.environ | {"SSH_ASKPASS": ask, "SSH_ASKPASS_REQUIRE": "force"},
    )


class Session:
    """A login at a terminal: what is typed goes in, and prompts are waited for."""

    def __init__(self, host, login, account, server, **options):
        self.prompt = f"{account}@{server.hostname}:"
        self.process = host.start(
            *login,
            "-tt",
            f"{account}@{server.host.address}",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **options,
        )
        self.expect(self.prompt)

    def expect(self, text):
        deadline = time.monotonic() + EXPECT_TIMEOUT_S
        seen = b""
        while text.encode() not in seen:
            left = deadline - time.monotonic()
            ready = left > 0 and select.select([self.process.stdout], [], [], left)[0]
            taken = os.read(self.process.stdout.fileno(), 4096) if ready else b""
            if not taken:
                sys.exit(f"a session did not say {text!r}; last: {seen[-300:]!r}")
            seen += taken

    def type(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def do(self, line, sudo_password=None):
        """Types a command, its password when sudo asks, and waits for the next prompt."""
        at = time.time()
        self.type(line)
        if sudo_password:
            self.expect("password for")
            self.type(sudo_password)
        self.expect(self.prompt)
        return at

    def hop(self, account, server, password=None):
        """Goes on to another machine by ssh, from where the session is."""
        at = time.time()
        came_from = self.prompt
        self.type(f"ssh -o StrictHostKeyChecking=accept-new {account}@{server.host.address}")
        if password:
            self.expect("password:")
            self.type(password)
        self.prompt = f"{account}@{server.hostname}:"
        self.expect(self.prompt)
        return at, came_from

    def hop_back(self, came_from):
        self.prompt = came_from
        self.do("exit")

    def leave(self):
        self.type("exit")
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def guesser_command(chosen, account, words, server):
    """The real program that guesses, and how it is called for one account."""
    target, workers = server.host.address, str(chosen["workers"])
    loop = " ".join(by_password("{}")) + f" {account}@{target} true && exit 255; exit 0"
    return {
        "hydra": (
            "hydra",
            "-I",
            "-f",
            "-w",
            "6",
            "-t",
            workers,
            "-l",
            account,
            "-P",
            words,
            f"ssh://{target}",
        ),
        "medusa": (
            "medusa",
            "-M",
            "ssh",
            "-f",
            "-t",
            workers,
            "-h",
            target,
            "-u",
            account,
            "-P",
            words,
        ),
        "ncrack": (
            "ncrack",
            "-f",
            "-g",
            f"cl={workers},CL={workers}",
            "--user",
            account,
            "-P",
            words,
            f"ssh://{target}",
        ),
        "loop": ("xargs", "-a", words, "-P", workers, "-I", "{}", "sh", "-c", loop),
    }[chosen["guesser"]]


def write_words(path, words):
    with open(path, "w", encoding="ascii") as out:
        out.write("\n".join(words) + "\n")
    return path


def guess(chosen, attacker, server, timeout_s):
    """Tries a few words on other accounts, then the list on the account until one works.

    Guessers give up on a word when a busy server is slow to answer, and then run to the end of
    their list without it.  One who wants to get in starts over, and so does this.
    """
    lab = attacker.lab
    few = write_words(lab.path("few"), chosen["words"][:DECOY_WORDS])
    many = write_words(lab.path("many"), chosen["words"])
    log_path = lab.path("guesser.log")
    with open(log_path, "w", encoding="utf-8") as log:

        def run_guesser(account, words):
            command = guesser_command(chosen, account, words, server)
            process = attacker.start(*command, stdout=log, stderr=log, cwd=lab.work)
            try:
                process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                sys.exit(f"{chosen['guesser']} did not finish in {timeout_s} s")

        for decoy in chosen["decoys"]:
            run_guesser(decoy, few)
        for _ in range(TRIES_MAX):
            run_guesser(chosen["account"], many)
            if accepted(server, chosen["account"]):
                return
    with open(log_path, encoding="utf-8", errors="replace") as log:
        sys.exit(f"{chosen['guesser']} did not get in:\n" + log.read()[-2000:])


def accepted(server, account):
    return re.search(f"Accepted password for {re.escape(account)} from", server.log("auth.log"))
