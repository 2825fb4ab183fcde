"""The option that names the web service for electors who prefer their own telephone. Nothing is ever fetched
there: the tablet shows the address, and that is all."""

import argparse
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

ADDRESS_CHARACTERS_MAX: Final = 120
"""A QR code of version 6 at most: a telephone reads it at arm's length."""
_PLAIN: Final = re.compile(r"[A-Za-z0-9._~/-]+(:[0-9]{1,5})?[A-Za-z0-9._~/-]*")


def add_web_option(parser: argparse.ArgumentParser, environment: Mapping[str, str], prefix: str) -> None:
    """`--web`, also from the environment."""
    parser.add_argument(
        "--web", type=_address, metavar="ADRESSE", default=environment.get(f"{prefix}WEB") or "",
        help="adresse du service en ligne, montrée à l’accueil avec un QR code\u00a0:"
        " https://procuration.exemple/demande/\u202f; rien n’y est demandé (défaut\u00a0: absente)",
    )  # fmt: skip


def _address(typed: str) -> str:
    if not typed:
        return ""
    parts = urlsplit(typed)
    plain = _PLAIN.fullmatch(typed.removeprefix("https://"))
    if parts.scheme != "https" or not parts.hostname or not plain or len(typed) > ADDRESS_CHARACTERS_MAX:
        raise argparse.ArgumentTypeError(
            f"https://, un nom, un chemin simple, {ADDRESS_CHARACTERS_MAX} caractères au plus\u00a0: {typed}"
        )
    return typed
