"""Tells what was done in a recorded intrusion: what, when, and where the evidence shows it."""

import os

from recording import program
from recording.truth import Logs, Truth, cite_frames, flow_frames


class Story:
    def __init__(self, recording, folder):
        self.recording = recording
        self.chosen = recording.chosen
        self.folder = folder
        tampering = self.chosen.get("tampering")
        moved = self.chosen["logs"] if tampering == "other-times" else ()
        self.truth = Truth(may_be_cut=tampering is not None, moved_logs=moved)
        self.auth = Logs(folder, "auth.log")
        self.system = Logs(folder, "syslog")
        self.calls = recording.calls()

    def write(self):
        self.tell_entry()
        self.tell_program()
        self.tell_persistence()
        self.tell_account()
        self.tell_calls()
        self.tell_upload()
        if "tampering" in self.chosen:
            self.tell_tampering()
        self.truth.write(self.folder)

    def tell(self, moment, what, technique, evidence):
        """`moment` is the name of something that the recording did."""
        self.truth.add(self.recording.at[moment], what, technique, evidence)

    def frames(self, peer, port, starts):
        return flow_frames(
            self.recording.server.capture, self.chosen["server"], peer, port, starts
        )

    def tell_entry(self):
        account, source = self.chosen["account"], self.chosen["attacker"]
        failed = f"Failed password for {account} from {source} "
        count = self.auth.count(failed)
        counted = f"; at least {count} were wrong" if count > 0 else ""
        self.tell(
            "guess",
            f"{source} guesses passwords of {account} over ssh{counted}",
            "T1110.001",
            self.auth.cite(failed),
        )
        self.tell(
            "login",
            f"{source} logs in as {account} with the guessed password",
            "T1078.003",
            self.auth.cite_each(f"Accepted password for {account} from {source} "),
        )

    def tell_program(self):
        source, port = self.chosen["attacker"], self.chosen["fetch_port"]
        name = self.chosen["program"]
        fetched = self.frames(source, port, b"GET /" + name.encode())
        self.tell(
            "fetch",
            f"{name} is fetched over HTTP from {source}",
            "T1105",
            cite_frames(fetched[:1]) + [name],
        )
        commands = self.auth.cite_each(f"COMMAND=.*/tmp/{name}$")
        self.tell(
            "run",
            f"{name}, a shell script, is run as /tmp/{name}",
            "T1059.004",
            [name] + commands + cite_frames(self.calls[:1]),
        )

    def persistence(self):
        """Technique, what it is, the file that changed, and what the logs say of it."""
        name, account = self.chosen["program"], self.chosen["account"]
        unit = name.removesuffix(".sh") + ".service"
        if self.chosen["persistence"] == "cron":
            logged = self.system.cite_each(rf"crontab\[.*REPLACE|CRON\[.*CMD \(.*/{name}")
            path = f"/var/spool/cron/crontabs/{account}"
            return "T1053.003", "a crontab line starts it every minute", path, logged
        if self.chosen["persistence"] == "unit":
            logged = self.system.cite_each(f"Started {unit}")
            path = f"/etc/systemd/system/{unit}"
            return "T1543.002", "a systemd unit starts it with the server", path, logged
        if self.chosen["persistence"] == "key":
            source = self.chosen["attacker"]
            logged = self.auth.cite_each(f"Accepted publickey for {account} from {source} ")
            path = f"/home/{account}/.ssh/authorized_keys"
            return (
                "T1098.004",
                "a key is added to authorized_keys, and used later",
                path,
                logged,
            )
        path = f"/home/{account}/.profile"
        return "T1546.004", "a line in .profile starts it at every login", path, []

    def tell_persistence(self):
        """The program did this itself; when, only the changed file knows."""
        technique, what, path, logged = self.persistence()
        changed = os.stat(self.recording.server.path(path)).st_mtime
        self.truth.add(changed, what, technique, [self.chosen["program"]] + logged)

    def tell_account(self):
        name = self.chosen["added_account"]
        if not name:
            return
        made = self.auth.cite_each(rf"useradd\[.*new user: name={name},")
        self.tell("account", f"a new account {name} is made", "T1136.001", made)
        if self.chosen["added_right"] == "group":
            added = self.auth.cite_each(rf"usermod\[.*add '{name}' to group 'sudo'")
            self.tell("right", f"{name} is put into the group sudo", "T1098", added)
        else:
            written = self.auth.cite_each(f"COMMAND=.*tee /etc/sudoers.d/90-{name}")
            self.tell("right", f"{name} may use sudo without a password", "T1548.003", written)

    def tell_calls(self):
        peer = f"{self.chosen['controller']}:{self.chosen['call_port']}"
        interval, jitter = self.chosen["interval_s"], self.chosen["jitter_percent"]
        self.truth.add(
            self.calls[0][1],
            f"the program calls {peer} home {len(self.calls)} times, "
            f"{interval} s apart, give or take {jitter} percent",
            "T1071.001" if self.chosen["call"].startswith("http") else "T1095",
            cite_frames([self.calls[0], self.calls[-1]]) + [self.chosen["program"]],
        )

    def tell_upload(self):
        """Over the port that is called home to, it is the same channel; else another one."""
        controller, port = self.chosen["controller"], program.upload_port(self.chosen)
        sent = self.frames(controller, port, program.UPLOAD_STARTS[self.chosen["upload"]])
        self.truth.add(
            sent[0][1] if sent else 0,
            f"an archive of /srv/records is uploaded to {controller}:{port}",
            "T1041" if self.chosen["upload_to_call_port"] else "T1048.003",
            cite_frames(sent[:1]) + [self.chosen["program"]],
        )

    def tell_tampering(self):
        """What shows it is the files that were changed, as they are."""
        changed = [*self.chosen["logs"], *(["wtmp"] if self.chosen["wtmp"] else [])]
        self.tell(
            "tamper",
            f"the intruder changes {', '.join(changed)}: {self.chosen['tampering']}",
            "T1070.002",
            changed,
        )
