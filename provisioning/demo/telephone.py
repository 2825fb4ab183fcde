"""The telephone of a town hall's agent: an application that shows six digits every thirty seconds (RFC 6238).

It knows what the page showed, and nothing of the server's code.
"""

import hmac
import re
import time
from base64 import b32decode
from collections.abc import Callable, Iterable
from typing import Final

from provisioning.demo.processes import Actor, DemoFailed

_STEP_SECONDS: Final = 30
_SECRET: Final = re.compile(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}")


def shown_secret(lines: Iterable[str]) -> str | None:
    """The key that a page asks people to type, in groups of four; None when there is none."""
    return next((found.group() for line in lines if (found := _SECRET.search(line))), None)


def code_at(secret: str, seconds: float) -> str:
    """The six digits of a key at a time.

    Args:
        seconds: Unix time.
    """
    counter = int(seconds // _STEP_SECONDS).to_bytes(8, "big")
    mac = hmac.digest(b32decode(secret.replace(" ", "")), counter, "sha1")
    start = mac[-1] & 0x0F
    return f"{(int.from_bytes(mac[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


def take_the_key(browser: Actor, picture: Callable[[Actor, str], None]) -> None:
    """The first sign-in of an account: the telephone takes the key and shows its first code.

    Raises: DemoFailed.
    """
    browser.do("wait", text="Activer la double authentification")
    picture(browser, "mairie-double-authentification")
    secret = shown_secret(browser.words())
    if secret is None:
        raise DemoFailed("la page d’activation ne montre pas de clé")
    browser.do("type", name="Code à six chiffres", text=code_at(secret, time.time()))
    browser.do("press", name="Activer")
    browser.do("wait", text="Gardez ces dix codes de secours")
    picture(browser, "mairie-codes-de-secours")
    browser.do("press", name="J’ai gardé les codes, continuer")
