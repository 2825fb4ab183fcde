"""How often one address may file or look up, so that nobody empties the references or tries them out."""

from ipaddress import ip_address
from typing import Final

from django.http import HttpRequest

from server.pages.limits import Limit, Shared

FILINGS: Final = Shared(Limit("filings", 60, 3_600), Limit("all-filings", 2_000, 60))
"""A place where many people share one address files one request each minute; all of France 33 each second."""
LOOK_UPS: Final = Shared(Limit("look-ups", 60, 900), Limit("all-look-ups", 6_000, 60))


def address_of(request: HttpRequest) -> str:
    """The address of the person's computer. A proxy on this machine says whom it speaks for: its own word is
    the last one of the list, what comes before is the visitor's."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if not _is_this_machine(address):
        return address
    return str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip() or address


def _is_this_machine(address: str) -> bool:
    if not address:  # a local socket
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
