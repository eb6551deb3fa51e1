"""What a recording is asked for, and whether this machine can make one."""

import argparse
import os
import shutil
import sys

# Which package brings a program that a recording starts.
PROGRAMS = {
    "curl": "curl",
    "debootstrap": "debootstrap",
    "dnsmasq": "dnsmasq-base",
    "ethtool": "ethtool",
    "hydra": "hydra",
    "ip": "iproute2",
    "medusa": "medusa",
    "ncrack": "ncrack",
    "nsenter": "util-linux",
    "ssh": "openssh-client",
    "sshpass": "sshpass",
    "sysctl": "procps",
    "systemd-nspawn": "systemd-container",
    "tcpdump": "tcpdump",
}


def parse_arguments(about, may_tamper=False):
    parser = argparse.ArgumentParser(description=about.split("\n", 1)[0])
    parser.add_argument(
        "--seed", type=int, required=True, help="decides everything that varies"
    )
    parser.add_argument("--out", help="folder to make; it must not exist or be empty")
    parser.add_argument(
        "--cache", default="/var/cache/tocsin", help="where the server image is kept"
    )
    parser.add_argument(
        "--params", action="store_true", help="print the choices, record nothing"
    )
    if may_tamper:
        parser.add_argument(
            "--tamper", action="store_true", help="have the intruder change the logs afterwards"
        )
    arguments = parser.parse_args()
    if not arguments.params and not arguments.out:
        parser.error("--out is needed to record")
    return arguments


def check():
    if os.geteuid() != 0:
        sys.exit("recording makes network namespaces and a container: run it as root")
    missing = sorted(
        {package for program, package in PROGRAMS.items() if not shutil.which(program)}
    )
    if missing:
        sys.exit(
            "missing Debian packages (packages-record.txt): apt-get install "
            + " ".join(missing)
        )


def make_output(folder):
    """The folder is made here; one with something in it is never written into."""
    os.makedirs(folder, exist_ok=True)
    if os.listdir(folder):
        sys.exit(f"{folder} is not empty")
