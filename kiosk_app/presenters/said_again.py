"""A page in the language of now: what it is made again from may hold sentences of before."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from kiosk_app.presenters.wording import text_again

Part = TypeVar("Part")


def said_again(part: Part) -> Part:
    """A page, or any part of it, with each of its sentences said again; what is typed stays as it is."""
    return _again(part)  # type: ignore[no-any-return]


def _again(part: Any) -> Any:
    if isinstance(part, str):
        return text_again(part)
    if isinstance(part, tuple):
        return tuple(_again(one) for one in part)
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{one.name: _again(getattr(part, one.name)) for one in fields(part)})
    return part
