"""What is installed on a server that only does its work: a backup, a poller and its package."""

import os

from recording.lab import run

BACKUP = """\
#!/bin/sh
# Packs the site and sends it to the backup host.  Run from /etc/cron.d/nightly-backup.
set -eu

target=http://backup.internal.example:8080/{hostname}
archive=$(mktemp --suffix=.tar.gz)
trap 'rm -f "$archive"' EXIT

tar --create --gzip --file "$archive" --directory /srv site
curl --fail --silent --show-error --max-time 300 \\
    --upload-file "$archive" "$target/$(date +%F).tar.gz" > /dev/null
logger --tag nightly-backup "sent $(stat --format %s "$archive") bytes to $target"
"""

CHECK = """\
#!/bin/sh
# Asks the status service whether the site is up; says so when it is not.
curl --fail --silent --max-time 10 --output /dev/null http://status.internal.example/health ||
    logger --tag check-status "the status service does not answer"
"""

POLLER = """\
#!/bin/sh
# Reports the load of this machine to the status service.
while :; do
    read -r load rest < /proc/loadavg
    curl --silent --max-time 3 --output /dev/null --user-agent statuswatch/1.2 \\
        "http://status.internal.example/load?host=$(hostname)&load=$load"
    sleep {poll_interval_s}
done
"""

POLLER_UNIT = """\
[Unit]
Description=Reports the load to the status service
After=network.target

[Service]
ExecStart=/usr/bin/statuswatch
User=statuswatch
Restart=on-failure

[Install]
WantedBy=multi-user.target
"""

POSTINST = """\
#!/bin/sh
set -e

case "$1" in
configure)
    if ! getent passwd statuswatch > /dev/null; then
        useradd --system --home-dir /nonexistent --shell /usr/sbin/nologin statuswatch
    fi
    if [ -d /run/systemd/system ]; then
        systemctl daemon-reload
        if [ -z "$2" ]; then
            systemctl enable statuswatch.service
            systemctl start statuswatch.service
        else
            systemctl try-restart statuswatch.service
        fi
    fi
    ;;
abort-upgrade | abort-remove | abort-deconfigure)
    ;;
*)
    echo "postinst called with unknown argument '$1'" >&2
    exit 1
    ;;
esac

exit 0
"""

CONTROL = """\
Package: statuswatch
Version: 1.2
Architecture: all
Maintainer: Operations <operations@example.org>
Depends: curl
Description: reports the load to the status service
"""


def build_package(lab, chosen):
    """A real package, built as any is; gives its path."""
    tree = lab.path("package")
    files = {
        "DEBIAN/control": (CONTROL, 0o644),
        "DEBIAN/postinst": (POSTINST, 0o755),
        "usr/bin/statuswatch": (POLLER.format(**chosen), 0o755),
        "usr/lib/systemd/system/statuswatch.service": (POLLER_UNIT, 0o644),
    }
    for name, (text, mode) in files.items():
        path = os.path.join(tree, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        os.chmod(path, mode)
    made = lab.path("statuswatch_1.2_all.deb")
    run("dpkg-deb", "--root-owner-group", "--build", tree, made)
    return made
