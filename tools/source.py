"""What the checks of the source share: which files there are, what is allowed, how to report."""

import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
CODE = {".c", ".h", ".cc", ".def"}

_COMMENT_OR_STRING = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)


def files_below(folder, suffixes):
    return sorted(path for path in folder.rglob("*") if path.suffix in suffixes and path.is_file())


def project_files(root):
    """Every file that is, or may become, part of the project: git's view where there is one."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"],
                            capture_output=True)
    if listed.returncode == 0:
        names = listed.stdout.decode(errors="replace").split("\0")
        paths = [root / name for name in names if name]
    else:
        paths = [path for path in root.rglob("*") if "build" not in path.relative_to(root).parts]
    return sorted(path for path in paths if path.is_file() and not path.is_symlink())


def without_comments(text):
    """The code alone: comments and strings become spaces, lines stay where they are."""
    return _COMMENT_OR_STRING.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), text)


class Allowed:
    """tools/allowed: a rule, a path it does not hold for, and the reason, one a line.  A path
    that ends in / stands for all below it.  A row that nothing needs is a mistake itself."""

    def __init__(self, root, rules):
        self.rows = []
        path = root / "tools/allowed"
        for number, line in enumerate(path.read_text().splitlines() if path.exists() else [], 1):
            if not line.strip() or line.startswith("#"):
                continue
            rule, where, reason = line.split(None, 2)
            if rule in rules:
                self.rows.append({"rule": rule, "path": where, "line": number, "used": False})

    def permits(self, rule, path):
        for row in self.rows:
            below = row["path"].endswith("/") and path.startswith(row["path"])
            if row["rule"] == rule and (below or path == row["path"]):
                row["used"] = True
                return True
        return False

    def unused(self):
        return [f"tools/allowed:{row['line']}: nothing needs this any more: {row['rule']} {row['path']}"
                for row in self.rows if not row["used"]]


def report(name, problems):
    for problem in problems:
        print(problem)
    print(f"{name}: {len(problems)} problems" if problems else f"{name}: nothing to say against it")
    return 1 if problems else 0
