"""Which page of a list an address asks for."""

from typing import Final

from django.http import HttpRequest

_DIGITS_MAX: Final = 6


def page_number(request: HttpRequest) -> int:
    """The number asked for; anything else is the first page."""
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= _DIGITS_MAX else 1
