"""Misspelt domains of e-mail addresses that a tablet suggests to correct (UX 2); never corrected by
itself."""

from typing import Final

MISSPELT_DOMAINS: Final = {
    "gmail.fr": "gmail.com", "gmial.com": "gmail.com", "gamil.com": "gmail.com", "gmail.con": "gmail.com",
    "gmail.co": "gmail.com", "hotmial.com": "hotmail.com", "hotmail.con": "hotmail.com",
    "hotmal.fr": "hotmail.fr", "outlok.com": "outlook.com", "outlook.con": "outlook.com",
    "oange.fr": "orange.fr", "orange.com": "orange.fr", "wanado.fr": "wanadoo.fr", "wandoo.fr": "wanadoo.fr",
    "laposte.com": "laposte.net", "laposte.fr": "laposte.net", "yaho.fr": "yahoo.fr", "yahou.fr": "yahoo.fr",
    "fre.fr": "free.fr", "free.com": "free.fr",
}  # fmt: skip


def better_address(email: str) -> str:
    """The address probably meant, "" when there is no doubt."""
    local, _, domain = email.partition("@")
    better = MISSPELT_DOMAINS.get(domain.lower(), "")
    return f"{local}@{better}" if better else ""
