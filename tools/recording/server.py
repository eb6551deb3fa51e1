"""The recorded server: a real Debian with systemd, sshd, rsyslog and cron in a container.

Owner:  `Server` owns its overlay and its container.  The image below the overlay is made once,
        kept in the cache and never written to again.
"""

import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

from recording.lab import die_with_recorder, run, say, stop_process

IMAGE_PACKAGES = (
    "systemd-sysv,dbus,libpam-systemd,openssh-server,openssh-client,rsyslog,cron,"
    "curl,wget,sudo,netcat-openbsd,logrotate,procps"
)
IMAGE_RELEASE = "bookworm"
BOOT_TIMEOUT_S = 60

# Debian's own configuration without the kernel's log, which a container cannot read.
RSYSLOG = """\
module(load="imuxsock")
{template}$FileOwner root
$FileGroup adm
$FileCreateMode 0640
$DirCreateMode 0755
$Umask 0022
$WorkDirectory /var/spool/rsyslog
$IncludeConfig /etc/rsyslog.d/*.conf
*.*;auth,authpriv.none\t\t-/var/log/syslog
auth,authpriv.*\t\t\t/var/log/auth.log
"""
RSYSLOG_TRADITIONAL = "$ActionFileDefaultTemplate RSYSLOG_TraditionalFileFormat\n"

# What would reach for the internet, or only chatter about a console that is not there.
MASKED_UNITS = (
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "e2scrub_all.timer",
    "console-getty.service",
    "logrotate.timer",
    "dpkg-db-backup.timer",
)


def debian_mirror():
    """The mirror this machine installs from."""
    listing = run(
        "apt-get", "indextargets", "--format", "$(RELEASE) $(REPO_URI)", "Created-By: Packages"
    )
    for line in listing.splitlines():
        release, _, address = line.partition(" ")
        if release == IMAGE_RELEASE:
            return address
    sys.exit(f"apt has no source for {IMAGE_RELEASE}; run apt-get update first")


def image(cache, packages):
    """The root of the image, made on first use.  A half-made one never gets the final name."""
    version = hashlib.sha256(f"{IMAGE_RELEASE} {packages}".encode()).hexdigest()[:8]
    root = os.path.join(cache, f"server-image-{version}")
    os.makedirs(cache, exist_ok=True)
    with open(root + ".lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.isdir(root):
            make_image(root, packages)
    return root


def make_image(root, packages):
    making = f"{root}.making"
    shutil.rmtree(making, ignore_errors=True)
    say(f"making the server image in {root} (once, about a minute)")
    try:
        run(
            "debootstrap",
            "--variant=minbase",
            f"--include={packages}",
            IMAGE_RELEASE,
            making,
            debian_mirror(),
        )
        os.rename(making, root)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def cgroup_folders(name):
    """A folder per systemd hierarchy, so that two recordings at once share no system."""
    with open("/proc/mounts", encoding="utf-8") as mounts:
        for line in mounts:
            _, path, kind, options, *_ = line.split()
            if kind == "cgroup2" or (kind == "cgroup" and "name=systemd" in options.split(",")):
                yield os.path.join(path, name)


def remove_cgroup(folder):
    for inner, _, _ in os.walk(folder, topdown=False):
        try:
            os.rmdir(inner)
        except OSError:
            pass


class Server:
    """`name` is its own in the lab, `packages` are what it has besides those of every server."""

    def __init__(self, lab, host, hostname, cache, name="server", packages=()):
        self.lab = lab
        self.host = host
        self.hostname = hostname
        self.name = name
        self.root = lab.path(name)
        self.leader = None
        self.capture = None
        self.dump = None
        self.mount_overlay(image(cache, ",".join((IMAGE_PACKAGES, *packages))))

    def mount_overlay(self, base):
        upper = self.lab.path(f"{self.name}-upper")
        scratch = self.lab.path(f"{self.name}-scratch")
        for folder in (upper, scratch, self.root):
            os.mkdir(folder)
        run(
            "mount",
            "-t",
            "overlay",
            "overlay",
            "-o",
            f"lowerdir={base},upperdir={upper},workdir={scratch}",
            self.root,
        )
        self.lab.undo(subprocess.run, ["umount", "--lazy", self.root], check=False)

    def path(self, inside):
        return pathlib.Path(self.root + inside)

    def write(self, inside, text, mode=0o644, owner=None):
        path = self.path(inside)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        if owner:
            run("chroot", self.root, "chown", "-R", f"{owner}:{owner}", inside)

    def configure(self, resolver, traditional_time, zone="Etc/UTC", rotation="delaycompress"):
        self.write("/etc/hostname", self.hostname + "\n")
        self.write("/etc/hosts", f"127.0.0.1 localhost\n127.0.1.1 {self.hostname}\n")
        self.path("/etc/resolv.conf").unlink(missing_ok=True)
        self.write("/etc/resolv.conf", f"nameserver {resolver}\n")
        self.path("/etc/localtime").unlink(missing_ok=True)
        self.path("/etc/localtime").symlink_to(f"/usr/share/zoneinfo/{zone}")
        self.write("/etc/default/locale", "LANG=C.UTF-8\n")
        self.write(
            "/etc/rsyslog.conf",
            RSYSLOG.format(template=RSYSLOG_TRADITIONAL if traditional_time else ""),
        )
        rules = self.path("/etc/logrotate.d/rsyslog").read_text(encoding="utf-8")
        self.write("/etc/logrotate.d/rsyslog", rules.replace("delaycompress", rotation))
        for unit in MASKED_UNITS:
            self.path(f"/etc/systemd/system/{unit}").symlink_to("/dev/null")
        for key in self.path("/etc/ssh").glob("ssh_host_*"):
            key.unlink()
        run("chroot", self.root, "ssh-keygen", "-A")

    def add_account(self, name, password, sudo=False):
        run("chroot", self.root, "useradd", "--create-home", "--shell", "/bin/bash", name)
        run("chroot", self.root, "sh", "-c", f"echo '{name}:{password}' | chpasswd")
        if sudo:
            run("chroot", self.root, "usermod", "--append", "--groups", "sudo", name)

    def allow_key(self, account, public_key):
        folder = f"/home/{account}/.ssh"
        self.write(f"{folder}/authorized_keys", public_key, mode=0o600)
        self.path(folder).chmod(0o700)
        run("chroot", self.root, "chown", "-R", f"{account}:{account}", folder)

    def boot(self):
        folders = list(cgroup_folders(f"tocsin-record-{os.getpid()}-{self.name}"))
        for folder in folders:
            os.mkdir(folder)
            self.lab.undo(remove_cgroup, folder)
        console = open(self.lab.path(f"{self.name}-console"), "wb")
        self.lab.undo(console.close)

        def enter_cgroups():
            die_with_recorder()
            for folder in folders:
                with open(os.path.join(folder, "cgroup.procs"), "w", encoding="ascii") as procs:
                    procs.write("0")

        process = subprocess.Popen(
            [
                "systemd-nspawn",
                "--quiet",
                "--boot",
                "--register=no",
                "--keep-unit",
                f"--directory={self.root}",
                f"--machine=rec{os.getpid()}-{self.name}",
                f"--hostname={self.hostname}",
                "--console=read-only",
                "--resolv-conf=off",
                "--timezone=off",
                "--rlimit=CORE=0",
                f"--network-namespace-path=/run/netns/{self.host.space}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
            preexec_fn=enter_cgroups,
        )
        self.lab.undo(stop_process, process)
        self.lab.undo(self.kill_leader)
        self.wait_for_sshd(process)

    def wait_for_sshd(self, process):
        """sshd says so in its own log; a connection to ask would be in the recording."""
        deadline = time.monotonic() + BOOT_TIMEOUT_S
        while "Server listening" not in self.log("auth.log"):
            if process.poll() is not None or time.monotonic() > deadline:
                console = self.lab.path(f"{self.name}-console")
                with open(console, errors="replace", encoding="utf-8") as text:
                    sys.exit("the server did not start:\n" + text.read()[-2000:])
            if self.leader is None:
                self.leader = first_child(process.pid)
            time.sleep(0.2)
        self.leader = first_child(process.pid)

    def kill_leader(self):
        """Ends the container's first process and, with its namespace, all others in it."""
        if self.leader is not None:
            try:
                os.kill(self.leader, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def run_inside(self, *argv):
        return run(
            "nsenter",
            f"--target={self.leader}",
            "--mount",
            "--uts",
            "--ipc",
            "--net",
            "--pid",
            "--cgroup",
            "--root",
            "--wd=/",
            *argv,
        )

    def log(self, name):
        try:
            return self.path(f"/var/log/{name}").read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""

    def start_capture(self):
        self.capture = self.lab.path(f"{self.name}-capture.pcap")
        self.dump = self.host.start(
            "tcpdump", "-i", "eth0", "-s", "0", "-U", "-Z", "root", "-w", self.capture
        )
        while not os.path.exists(self.capture):
            time.sleep(0.1)

    def collect(self, files, out):
        """Copies what a person would take: capture if there is one, logs with rotated parts,
        `files`."""
        if self.dump:
            self.dump.terminate()
            self.dump.wait()
            shutil.copyfile(self.capture, os.path.join(out, "capture.pcap"))
        logs = [
            path
            for name in ("auth.log", "syslog")
            for path in self.path("/var/log").glob(name + "*")
        ]
        for path in [*logs, *map(self.path, files)]:
            shutil.copyfile(path, os.path.join(out, path.name))


def first_child(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
        found = re.findall(r"\d+", children.read())
    return int(found[0]) if found else None
