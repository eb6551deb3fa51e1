"""The web site of a recorded server, and the script that its intruder brings.

The site is a wall of pictures with one fault: what kind of file comes is what the visitor says.
The script is harmless by construction: it runs the few programs that it lists, which only look
around, and nothing else that it is asked for.
"""

import struct
import zlib

from recording.lab import run

PACKAGES = ("apache2", "libapache2-mod-php")
ROOT = "/var/www/html"

PAGE = """\
<?php
require __DIR__ . '/{settings}';
$folder = __DIR__ . '/{folder}';
if ($_SERVER['REQUEST_METHOD'] === 'POST') {{
    $given = $_FILES['picture'] ?? null;
    if (!$given || !str_starts_with($given['type'], 'image/')) {{
        http_response_code(415);
        exit("Pictures only.\\n");
    }}
    move_uploaded_file($given['tmp_name'], $folder . '/' . basename($given['name']));
    header('Location: /{page}', true, 303);
    exit;
}}
?>
<!doctype html>
<title><?= TITLE ?></title>
<h1><?= TITLE ?></h1>
<?php foreach (glob($folder . '/*.png') as $picture): ?>
<img src="/{folder}/<?= htmlspecialchars(rawurlencode(basename($picture))) ?>" alt="">
<?php endforeach ?>
<form method="post" enctype="multipart/form-data">
<input type="file" name="picture"><button>Send</button>
</form>
"""

INDEX = """\
<!doctype html>
<title>Welcome</title>
<link rel="stylesheet" href="/site.css">
<p>Welcome. See <a href="/{page}">our pictures</a>, and send us yours.
"""

SETTINGS = """\
<?php
const TITLE = 'Our pictures';
const DATABASE = 'mysql:host=localhost;dbname=pictures';
const DATABASE_USER = '{account}';
const DATABASE_PASSWORD = '{password}';
"""

SCRIPT = """\
<?php
// Harmless: runs what is listed here and nothing else.
$known = [
{known}];
$asked = $_GET['{parameter}'] ?? '';
header('Content-Type: text/plain');
if (in_array($asked, $known, true)) {{
    passthru($asked);
}}
"""


def commands(chosen):
    """What the intruder has the script run, in this order."""
    return ["id", "uname -a", "ls -la", "ls -la /root", f"cat ../{chosen['settings']}"]


def script(chosen):
    known = "".join(f"    '{command}',\n" for command in commands(chosen))
    return SCRIPT.format(known=known, parameter=chosen["parameter"])


def install(server, chosen):
    pages = {
        "index.html": INDEX,
        chosen["page"]: PAGE,
        chosen["settings"]: SETTINGS,
        "site.css": "body {{ font: 16px sans-serif }}\n",
    }
    for name, text in pages.items():
        server.write(f"{ROOT}/{name}", text.format(**chosen))
    server.write(f"{ROOT}/{chosen['folder']}/.keep", "")
    run("chroot", server.root, "chown", "-R", "www-data:", f"{ROOT}/{chosen['folder']}")


def picture(dice, width=96, height=64):
    """A picture in PNG form, of colours by chance."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + dice.randbytes(3 * width) for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
