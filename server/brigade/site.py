"""The site to which security keys belong: the name under which people reach the pages."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from procuration.errors import RuleViolated


@dataclass(frozen=True, slots=True)
class Site:
    """Attributes:
    name: what Web Authentication calls the RP ID, for example "relais.example".
    origin: as browsers write it, for example "https://relais.example".
    """

    name: str
    origin: str


def site_of(public_url: str) -> Site:
    """The site of the address that people type.

    Raises: RuleViolated CLE_SANS_NOM_DE_SITE, when it has no name: browsers give no key to a bare number; nor
        to a site without TLS, this machine itself excepted.
    """
    parts = urlsplit(public_url)
    name = parts.hostname or ""
    if not name or _is_number(name) or (parts.scheme != "https" and name != "localhost"):
        raise RuleViolated("CLE_SANS_NOM_DE_SITE")
    port = "" if parts.port is None else f":{parts.port}"
    return Site(name, f"{parts.scheme}://{name}{port}")


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
