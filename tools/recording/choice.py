"""What a seed decides about a recorded intrusion.  Same seed, same choices."""

import random

GUESSERS = ("hydra", "medusa", "ncrack", "loop")
PERSISTENCE = ("cron", "unit", "key", "profile")
CALLS = ("http-curl", "http-wget", "tcp-nc", "tcp-bash")
UPLOADS = ("put", "post", "wget", "nc")

# Most guesses one worker of a guesser gets done in a second: sshd waits after a wrong password.
GUESSES_PER_S = {"hydra": 0.30, "medusa": 0.31, "ncrack": 0.25, "loop": 0.30}
GUESSING_S = (35, 70)
GUESSES = (40, 400)
CALLING_S = 130
CALLS_MIN = 32

HOSTNAMES = (
    "web01",
    "web02",
    "booking",
    "files",
    "intranet",
    "shop-1",
    "srv-lin-03",
    "mail2",
    "erp-test",
    "print01",
    "wiki",
    "clinic-db",
)
ACCOUNTS = (
    "deploy",
    "jenkins",
    "oracle",
    "ftpuser",
    "support",
    "mkeller",
    "scanner",
    "praxis",
    "office",
    "svc-web",
    "gitlab-ci",
    "student",
)
DECOYS = ("root", "admin", "ubuntu", "test", "pi", "guest", "postgres", "nagios")
ADMINISTRATORS = ("anna", "jonas", "itadmin", "priya", "tomasz")
ADDED_ACCOUNTS = ("sysadm", "support2", "backupd", "lpadmin2", "toor2")
PROGRAMS = (
    "sysupdate.sh",
    "netd.sh",
    "fontcache",
    "kworkerd",
    "dbus-sync.sh",
    "logagent",
    "cachectl",
    "gs-helper.sh",
    "timesyncd.sh",
    "httpd-watch",
)
NAMES = (
    "cdn-metrics.example",
    "updates.sync-edge.example",
    "static.pkgstats.example",
    "telemetry.web-assets.example",
)
PATHS = ("/gate", "/api/v1/ping", "/status.php", "/jquery.min.js", "/t", "/news/feed")
AGENTS = (
    "",
    "",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
    "Wget/1.13",
    "python-requests/2.28.1",
)
ZONES = ("Etc/UTC", "Etc/UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")

WORDS = (
    "summer",
    "winter",
    "welcome",
    "password",
    "admin",
    "letmein",
    "dragon",
    "monkey",
    "qwerty",
    "changeme",
    "secret",
    "football",
    "sunshine",
    "princess",
    "master",
    "shadow",
    "deploy",
    "server",
    "linux",
    "office",
    "hello",
    "spring",
    "autumn",
    "company",
)
ENDINGS = (
    "",
    "1",
    "12",
    "123",
    "1234",
    "!",
    "2019",
    "2020",
    "2021",
    "2022",
    "2023",
    "2024",
    "2025",
    "01",
    "99",
    "#1",
    "$",
    "007",
)


def inside_network(dice):
    first = dice.choice(("10.20.0", "10.7.12", "192.168.17", "192.168.100", "172.16.4"))
    return {
        "prefix": first,
        "server": f"{first}.{dice.randrange(5, 20)}",
        "administrator": f"{first}.{dice.randrange(21, 60)}",
    }


def outside_addresses(dice):
    documentation = ["203.0.113", "198.51.100"]
    dice.shuffle(documentation)
    attacker = f"{documentation[0]}.{dice.randrange(5, 120)}"
    same = dice.random() < 0.25
    controller = attacker if same else f"{documentation[1]}.{dice.randrange(5, 120)}"
    return {
        "attacker": attacker,
        "controller": controller,
        "stray": f"{documentation[0]}.{dice.randrange(130, 180)}",
        "mirror": f"{documentation[1]}.{dice.randrange(190, 250)}",
    }


def guessing(dice):
    guesser = dice.choice(GUESSERS)
    workers = dice.randrange(3, 9)
    fastest = workers * GUESSES_PER_S[guesser]
    low, high = (int(fastest * seconds) for seconds in GUESSING_S)
    count = dice.randrange(max(GUESSES[0], low), min(GUESSES[1], max(high, GUESSES[0] + 1)) + 1)
    words = [word + ending for word in WORDS for ending in ENDINGS]
    dice.shuffle(words)
    return {
        "guesser": guesser,
        "workers": workers,
        "guesses": count,
        "words": words[:count] + words[count : count + 20],
        "password": words[count - 1],
        "decoys": dice.sample(DECOYS, dice.randrange(0, 3)),
    }


def calling(dice):
    kind = dice.choice(CALLS)
    interval_s = dice.choice((2, 2.5, 3, 3.5, 4, 4.5, 5, 6))
    count = dice.randrange(CALLS_MIN, max(CALLS_MIN, int(CALLING_S / interval_s)) + 1)
    ports = (
        (80, 8080, 8000, 8888) if kind.startswith("http") else (4444, 9001, 1337, 443, 53443)
    )
    return {
        "call": kind,
        "interval_s": interval_s,
        "jitter_percent": dice.randrange(0, 31),
        "calls": count,
        "call_port": dice.choice(ports),
        "call_path": dice.choice(PATHS),
        "agent": dice.choice(AGENTS),
        "name": dice.choice((None, dice.choice(NAMES))),
    }


def uploading(dice, call):
    return {
        "upload": dice.choice(UPLOADS),
        "upload_bytes": dice.randrange(300, 2000) * 1000,
        "upload_after_calls": int(call["calls"] * dice.uniform(0.35, 0.75)),
        "upload_port": dice.choice((8081, 8181, 9999, 5001)),
        "upload_to_call_port": dice.random() < 0.6,
    }


def program(dice, persistence):
    name = dice.choice(PROGRAMS)
    folders = (
        ("/usr/local/sbin", "/opt/sys", "/var/lib/misc")
        if persistence == "unit"
        else ("~/.cache", "~/.local/share", "~/.config/pulse", "/var/tmp")
    )
    return {
        "program": name,
        "folder": dice.choice(folders),
        "fetch": dice.choice(("curl", "wget")),
        "fetch_port": dice.choice((80, 8000, 8001, 9090)),
        "style": dice.choice((0, 1)),
    }


def choose(seed):
    """Everything about one recording, as a flat table that can be printed and compared."""
    dice = random.Random(f"intrusion {seed}")
    persistence = dice.choice(PERSISTENCE)
    chosen = {
        "seed": seed,
        "hostname": dice.choice(HOSTNAMES),
        "account": dice.choice(ACCOUNTS),
        "administrator_account": dice.choice(ADMINISTRATORS),
        "persistence": persistence,
        "sudo": persistence == "unit" or dice.random() < 0.4,
    }
    chosen["added_account"] = (
        dice.choice(ADDED_ACCOUNTS) if chosen["sudo"] and dice.random() < 0.6 else None
    )
    chosen["added_right"] = (
        dice.choice(("group", "sudoers")) if chosen["added_account"] else None
    )
    chosen |= inside_network(dice) | outside_addresses(dice) | guessing(dice)
    call = calling(dice)
    chosen |= call | uploading(dice, call) | program(dice, persistence)
    if chosen["call"].startswith("tcp"):
        chosen["upload_to_call_port"] = False
    if chosen["upload"] == "nc":
        chosen["upload_to_call_port"] = False
    if chosen["fetch_port"] == chosen["call_port"]:
        chosen["fetch_port"] = 8002
    chosen["traditional_time"] = dice.random() < 0.4
    # A time without a zone is read as UTC unless somebody says otherwise, so it is UTC here.
    chosen["zone"] = "Etc/UTC" if chosen["traditional_time"] else dice.choice(ZONES)
    chosen["rotation"] = dice.choice((None, None, "delaycompress", "nodelaycompress"))
    chosen["stray_guesses"] = dice.choice((0, 0, 2, 4))
    chosen["offload"] = dice.random() < 0.3
    return chosen


def choose_ordinary(seed):
    dice = random.Random(f"ordinary {seed}")
    chosen = {
        "seed": seed,
        "hostname": dice.choice(HOSTNAMES),
        "administrator_account": dice.choice(ADMINISTRATORS),
        "password": dice.choice(WORDS) + str(dice.randrange(1000, 9999)),
        "deploy_account": dice.choice(("deploy", "release", "ci")),
        "backup_bytes": dice.randrange(400, 1000) * 1000,
        "poll_interval_s": dice.choice((3, 4, 5)),
        "traditional_time": dice.random() < 0.4,
    }
    chosen |= inside_network(dice)
    chosen |= {
        name: f"{chosen['prefix']}.{dice.randrange(low, low + 20)}"
        for name, low in (("builder", 61), ("backup", 90), ("status", 120))
    }
    chosen |= {
        "mirror": f"203.0.113.{dice.randrange(5, 120)}",
        "web": f"198.51.100.{dice.randrange(5, 120)}",
    }
    return chosen


PAGES = ("upload.php", "gallery.php", "photos.php", "send-picture.php", "wall.php")
PICTURE_FOLDERS = ("uploads", "pictures", "images", "upload")
SCRIPTS = ("banner.php", "thumb.php", "cache.php", "img.php", "style.php", "x1.php")
PARAMETERS = ("cmd", "c", "exec", "run")
SETTINGS = ("config.php", "settings.php", "db.php")
JOBS = ("reports", "stats", "mirror", "inventory")


def browsers(dice):
    versions = [str(version) for version in dice.sample(range(110, 130), 4)]
    return [
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{version}.0) Gecko/20100101 "
        f"Firefox/{version}.0"
        for version in versions
    ]


def choose_webshell(seed):
    """An intruder who comes through a web page and goes on to a second machine."""
    dice = random.Random(f"webshell {seed}")
    hostname, second = dice.sample(HOSTNAMES, 2)
    words = [word + ending for word in WORDS for ending in ENDINGS[1:]]
    chosen = {
        "seed": seed,
        "hostname": hostname,
        "second_hostname": second,
        "account": dice.choice(ACCOUNTS),
        "administrator_account": dice.choice(ADMINISTRATORS),
        "job_account": dice.choice(JOBS),
        "password": dice.choice(words),
        "page": dice.choice(PAGES),
        "folder": dice.choice(PICTURE_FOLDERS),
        "script": dice.choice(SCRIPTS),
        "parameter": dice.choice(PARAMETERS),
        "settings": dice.choice(SETTINGS),
        "hop": dice.choice(("password", "key")),
        "second_door": dice.choice(("key", "account")),
        "added_account": dice.choice(ADDED_ACCOUNTS),
        "agent": dice.choice((None, None, *browsers(dice))),
        "visitors": dice.randrange(3, 6),
        "pace_s": dice.choice((1.5, 3, 5)),
        "traditional_time": dice.random() < 0.4,
    }
    network = inside_network(dice)
    server = network["server"].rpartition(".")[2]
    network["second"] = f"{network['prefix']}.{int(server) + dice.randrange(60, 120)}"
    chosen |= network | outside_addresses(dice)
    del chosen["controller"], chosen["stray"], chosen["mirror"]
    visiting = "198.51.100.{}" if chosen["attacker"].startswith("203") else "203.0.113.{}"
    chosen["visitor"] = visiting.format(dice.randrange(5, 120))
    chosen["visitor_agents"] = browsers(dice)
    chosen["zone"] = "Etc/UTC" if chosen["traditional_time"] else dice.choice(ZONES)
    chosen["offload"] = dice.random() < 0.3
    return chosen
