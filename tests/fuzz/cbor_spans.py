"""Where the values of an encoded record begin and end, byte strings that hold CBOR looked into.

A mutation of a value deep inside can so keep every length and count around it right: it reaches the check
that it is about, and not only the first one. Works on well-formed seeds, of our own making.
"""

from dataclasses import dataclass

BYTES, TEXT, LIST, MAP, TAG = 2, 3, 4, 5, 6


@dataclass(slots=True)
class Span:
    """One value: `start` to `end`, its head up to `body`; `parent` is the place of its container's span."""

    start: int
    body: int
    end: int
    major: int
    argument: int
    parent: int | None
    is_key: bool = False
    holds_values: bool = False


def head(major: int, argument: int, width: int | None = None) -> bytes:
    """The head of a value; with a width (0, 1, 2, 4 or 8 bytes) not necessarily the shortest."""
    if width is None:
        width = next(
            w for w, top in ((0, 24), (1, 1 << 8), (2, 1 << 16), (4, 1 << 32), (8, 1 << 64)) if argument < top
        )
    if width == 0:
        return bytes((major << 5 | argument & 23,))
    return bytes((major << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[width],)) + argument.to_bytes(width, "big")


class NotCbor(ValueError):
    """The bytes are not one well-formed value of definite length."""


def spans_of(data: bytes, start: int = 0) -> list[Span]:
    """All values from `start` to the end of the data. Raises: NotCbor."""
    found: list[Span] = []
    if _walk(data, start, len(data), None, found) != len(data):
        raise NotCbor
    return found


def _walk(
    data: bytes, at: int, limit: int, parent: int | None, found: list[Span], is_key: bool = False
) -> int:
    major, argument, body = _read_head(data, at, limit)
    span = Span(at, body, body, major, argument, parent, is_key)
    place = len(found)
    found.append(span)
    if major in (BYTES, TEXT):
        span.end = body + argument
        if span.end > limit:
            raise NotCbor
        if major == BYTES and argument >= 2:
            span.holds_values = _look_into(data, body, span.end, place, found)
    elif major in (LIST, MAP, TAG):
        for number in range({LIST: argument, MAP: 2 * argument, TAG: 1}[major]):
            body = _walk(data, body, limit, place, found, is_key=major == MAP and number % 2 == 0)
        span.end = body
    return span.end


def _look_into(data: bytes, start: int, end: int, place: int, found: list[Span]) -> bool:
    """Whether a byte string is a list or a map of its own, whose spans are then kept."""
    if data[start] >> 5 not in (LIST, MAP):
        return False
    inner: list[Span] = list(found)
    try:
        if _walk(data, start, end, place, inner) != end:
            return False
    except NotCbor:
        return False
    found[:] = inner
    return True


def _read_head(data: bytes, at: int, limit: int) -> tuple[int, int, int]:
    if at >= limit:
        raise NotCbor
    major, argument = data[at] >> 5, data[at] & 31
    at += 1
    if argument > 27 or (major == 7 and argument >= 24):
        raise NotCbor
    if argument >= 24:
        width = 1 << (argument - 24)
        if at + width > limit:
            raise NotCbor
        return major, int.from_bytes(data[at : at + width], "big"), at + width
    return major, argument, at


def replaced(
    data: bytes, spans: list[Span], place: int, new: bytes, *, counted: int = 0, lengths: bool = True
) -> bytes:
    """The record with one value replaced, and the lengths of the byte strings around it made right.

    Args:
        counted: how many values more (or fewer) its list or map says to have.
        lengths: False leaves the lengths as they were, thus wrong.
    """
    span = spans[place]
    out = data[: span.start] + new + data[span.end :]
    if not lengths:
        return out
    growth = len(new) - (span.end - span.start)
    parent = span.parent
    while parent is not None:
        one = spans[parent]
        argument = one.argument
        if one.major == BYTES:
            argument += growth
        elif counted:
            argument, counted = argument + counted, 0
        if argument != one.argument and argument >= 0:
            new_head = head(one.major, argument)
            out = out[: one.start] + new_head + out[one.body :]
            growth += len(new_head) - (one.body - one.start)
        parent = one.parent
    return out
