"""What no file may say: the machine it was written on, where packages come from, what is left to do."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Written in pieces, or this file would name them.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("crates", "io"),
        ("golang", "org"),
    )
)
MACHINE_FOLDERS = ("/work" + "/", "/opt" + "/wheels", "/opt" + "/pypi", "/root" + "/.")
UNFINISHED = ("TO" + "DO", "FIX" + "ME")
TEXT_MAX = 4_000_000


def tracked_files() -> list[Path]:
    """The files git knows, or would add: a build or an environment is not among them."""
    listing = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
    )
    names = listing.stdout.decode().split("\0")
    return [path for name in names if name and (path := ROOT / name).is_file()]


def forbidden_places() -> tuple[str, ...]:
    """Registry hosts, folders of the machines that develop this, and the very folder of this checkout."""
    return (*REGISTRIES, *MACHINE_FOLDERS, f"{ROOT}/")


def said_in(text: str, forbidden: tuple[str, ...]) -> Iterator[str]:
    """The forbidden expressions in a text, each where it starts a word or a path."""
    for words in forbidden:
        if re.search(rf"(?<![\w-]){re.escape(words)}", text):
            yield words


def text_of(path: Path) -> str:
    return path.read_bytes()[:TEXT_MAX].decode("utf-8", "replace")
