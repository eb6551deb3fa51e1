"""Test hosts in network namespaces: one gateway, networks on it, hosts on them.

Owner:  `Lab` owns every namespace, process and folder it makes and gives all of them back in
        `close`, in reverse order, whatever went wrong.
Limits: nothing outside can be reached; the gateway routes between its own networks only.
"""

import contextlib
import ctypes
import ipaddress
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PR_SET_PDEATHSIG = 1
STOP_TIMEOUT_S = 5
PEER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer.py")


def say(text):
    print(time.strftime("%H:%M:%S ", time.gmtime()) + text, file=sys.stderr, flush=True)


def run(*argv, **options):
    """Runs a command that must succeed; its own complaint is the message when it does not."""
    done = subprocess.run(
        argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(argv)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def die_with_recorder():
    """Runs in the child: a recorder that is killed outright must not leave guessers behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def exit_on_signals():
    """Turns the first signal into an exit, so that the clean-up of `Lab` runs, undisturbed."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def leave(caught, _):
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        sys.exit(128 + caught)

    for number in numbers:
        signal.signal(number, leave)


class Host:
    def __init__(self, lab, name, space, address):
        self.lab = lab
        self.name = name
        self.space = space
        self.address = address

    def command(self, argv):
        return ["ip", "netns", "exec", self.space, *argv]

    def run(self, *argv, **options):
        return run(*self.command(argv), **options)

    def start(self, *argv, **options):
        """Starts a process that lives at most as long as the lab."""
        options = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
        } | options
        process = subprocess.Popen(self.command(argv), preexec_fn=die_with_recorder, **options)
        self.lab.undo(stop_process, process)
        return process

    def answer(self, kind, port):
        """Answers calls and takes uploads on a port, over "http" or "tcp"."""
        self.start("python3", PEER, kind, str(port))

    def serve_files(self, folder, port):
        self.start("python3", "-m", "http.server", str(port), cwd=folder)


def stop_process(process):
    """`ip netns exec` becomes the command it runs, so its id is that of the command."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Lab(contextlib.ExitStack):
    def __init__(self, work_parent):
        super().__init__()
        self.work = tempfile.mkdtemp(prefix="tocsin-record-", dir=work_parent)
        self.undo(shutil.rmtree, self.work, ignore_errors=True)
        self.prefix = f"rec{os.getpid()}-"
        self.link_count = 0
        try:
            self.gateway = Host(self, "gateway", self.make_space("gateway"), None)
            self.gateway.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
        except BaseException:
            self.close()
            raise

    def undo(self, function, *arguments, **options):
        self.callback(function, *arguments, **options)

    def path(self, name):
        return os.path.join(self.work, name)

    def make_space(self, name):
        space = self.prefix + name
        run("ip", "netns", "add", space)
        self.undo(subprocess.run, ["ip", "netns", "del", space], check=False)
        run("ip", "-n", space, "link", "set", "lo", "up")
        return space

    def network(self, name, gateway_address):
        """A switch on the gateway; `gateway_address` has a length, as in 10.20.0.1/24."""
        run("ip", "-n", self.gateway.space, "link", "add", name, "type", "bridge")
        run("ip", "-n", self.gateway.space, "address", "add", gateway_address, "dev", name)
        run("ip", "-n", self.gateway.space, "link", "set", name, "up")
        return name, ipaddress.ip_interface(gateway_address)

    def host(self, name, network, address, offload=False):
        """A host on `network`.  Without `offload` its packets are as small as on a wire."""
        switch, gateway = network
        space = self.make_space(name)
        self.link_count += 1
        port = f"port{self.link_count}"
        run(
            "ip",
            "-n",
            space,
            "link",
            "add",
            "eth0",
            "type",
            "veth",
            "peer",
            "name",
            port,
            "netns",
            self.gateway.space,
        )
        run("ip", "-n", self.gateway.space, "link", "set", port, "master", switch, "up")
        run(
            "ip",
            "-n",
            space,
            "address",
            "add",
            f"{address}/{gateway.network.prefixlen}",
            "dev",
            "eth0",
        )
        run("ip", "-n", space, "link", "set", "eth0", "up")
        run("ip", "-n", space, "route", "add", "default", "via", str(gateway.ip))
        made = Host(self, name, space, address)
        if not offload:
            off = ("tso", "off", "gso", "off", "gro", "off", "tx", "off")
            made.run("ethtool", "-K", "eth0", *off)
            self.gateway.run("ethtool", "-K", port, *off)
        return made

    def resolver(self, records):
        """A real resolver on the gateway; it knows `records` (name: address) and no more."""
        arguments = [f"--address=/{name}/{address}" for name, address in records.items()]
        self.gateway.start(
            "dnsmasq",
            "--keep-in-foreground",
            "--conf-file=/dev/null",
            "--no-resolv",
            "--no-hosts",
            "--pid-file=",
            "--user=root",
            *arguments,
        )
