"""The secret that signs sessions and forms: drawn once, kept in the home folder, known to nobody."""

import os
import secrets
from pathlib import Path


def web_secret(home: Path) -> str:
    """The secret of this home; two programs that start together agree on one."""
    path = home / "keys" / "web-secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        drawn = path.with_name(f"web-secret.{secrets.token_hex(8)}")
        descriptor = os.open(drawn, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(drawn, path)  # fails when another program was first: then its secret is the one
        except FileExistsError:
            pass
        finally:
            drawn.unlink()
    return path.read_text(encoding="ascii")
