"""Tells what was done in a recorded intrusion through a web page, and where it shows."""

import re

from recording import site
from recording.truth import Logs, Truth, cite_frames, packets


class WebshellStory:
    def __init__(self, recording, folder):
        self.recording = recording
        self.chosen = recording.chosen
        self.folder = folder
        self.first = recording.server.hostname
        self.second = recording.second.hostname
        self.truth = Truth()
        self.access = Logs(folder, f"{self.first}/access.log")
        self.error = Logs(folder, f"{self.first}/error.log")
        self.auth = Logs(folder, f"{self.first}/auth.log")
        self.typed = Logs(folder, f"{self.first}/.bash_history")
        self.second_auth = Logs(folder, f"{self.second}/auth.log")
        self.second_typed = Logs(folder, f"{self.second}/.bash_history")

    def write(self):
        self.tell_upload()
        self.tell_commands()
        self.tell_entry()
        self.tell_hop()
        self.tell_second_door()
        self.truth.write(self.folder)

    def tell(self, moment, what, technique, evidence):
        """`moment` is the name of something that the recording did."""
        self.truth.add(self.recording.at[moment], what, technique, evidence)

    def frames(self, starts):
        """Of what the intruder asked the web server for."""
        asker, server = self.chosen["attacker"], self.chosen["server"]
        return [
            place.replace("capture.pcap", f"{self.first}/capture.pcap")
            for place in cite_frames(
                (frame, at)
                for frame, at, source, target, _, port, payload in packets(
                    self.recording.server.capture
                )
                if (source, target, port) == (asker, server, 80) and payload.startswith(starts)
            )
        ]

    def asked(self, pattern):
        return self.access.cite_each(f"^{re.escape(self.chosen['attacker'])} .*{pattern}")

    def tell_upload(self):
        page, script = self.chosen["page"], self.chosen["script"]
        self.tell(
            "upload",
            f"{script} is uploaded as a picture through {page}, which takes any file",
            "T1190",
            self.asked(f'"POST /{page} ') + self.frames(b"POST /" + page.encode()),
        )

    def tell_commands(self):
        script = self.chosen["script"]
        path = f"{self.chosen['folder']}/{script}"
        shown = self.asked(f'"GET /{path}[?]')
        shown += self.frames(b"GET /" + path.encode())[:1]
        source, listed = self.chosen["attacker"], ", ".join(site.commands(self.chosen))
        self.tell(
            "commands",
            f"{script} is a web shell, used by {source}",
            "T1505.003",
            shown + [f"{self.first}/{script}"],
        )
        self.tell(
            "commands",
            f"commands are run as www-data: {listed}",
            "T1059.004",
            shown + self.error.cite_each("/root"),
        )
        settings = self.chosen["settings"]
        self.tell(
            "settings",
            f"{settings} is read, and a password is in it",
            "T1552.001",
            self.asked(f'"GET /{path}[?][^"]*cat[^"]*{settings}'),
        )

    def tell_entry(self):
        account, source = self.chosen["account"], self.chosen["attacker"]
        self.tell(
            "login",
            f"{source} logs in to {self.first} as {account} with the password from the site",
            "T1078.003",
            self.auth.cite_each(f"Accepted password for {account} from {source} "),
        )
        self.tell(
            "key",
            f"a key is added to the authorized_keys of {account} on {self.first}, and used later",
            "T1098.004",
            self.typed.cite_each("authorized_keys")
            + self.auth.cite_each(f"Accepted publickey for {account} from {source} "),
        )

    def tell_hop(self):
        account, source = self.chosen["account"], self.chosen["server"]
        method = "publickey" if self.chosen["hop"] == "key" else "password"
        self.tell(
            "hop",
            f"from {self.first}, {self.second} is entered over ssh as {account}, by {method}",
            "T1021.004",
            self.second_auth.cite_each(f"Accepted {method} for {account} from {source} ")
            + self.typed.cite_each(f"^ssh .*{account}@{self.chosen['second']}"),
        )

    def tell_second_door(self):
        account, name = self.chosen["account"], self.chosen["added_account"]
        if self.chosen["second_door"] == "key":
            self.tell(
                "second-key",
                f"a key is added to the authorized_keys of {account} on {self.second}",
                "T1098.004",
                self.second_typed.cite_each("authorized_keys"),
            )
            return
        self.tell(
            "account",
            f"a new account {name} is made on {self.second}",
            "T1136.001",
            self.second_auth.cite_each(rf"useradd\[.*new user: name={name},"),
        )
        self.tell(
            "right",
            f"{name} is put into the group sudo on {self.second}",
            "T1098",
            self.second_auth.cite_each(rf"usermod\[.*add '{name}' to group 'sudo'"),
        )
