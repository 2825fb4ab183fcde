"""Deterministic CBOR (RFC 8949, 4.2): one value has one encoding, anything else is refused
(SECURITY-DESIGN 1).

Decides which bytes are well formed. Leaves to the readers of each format what the values mean.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

import cbor2

from procuration.errors import RecordRejected
from procuration.record.limits import DEPTH_MAX

Value = int | bytes | str | bool | None | list["Value"] | dict[int, "Value"]
"""What may travel: no float, tag, undefined, simple value, indefinite length, or key outside 0 to 23."""

KEY_MAX: Final = 23
INTEGER_MIN: Final = -(2**63)
INTEGER_MAX: Final = 2**63 - 1


def _refuse_tag(*_: object) -> None:
    raise RecordRejected("CBOR_TAG")


_BUILT_IN_TAGS: Final = dict.fromkeys((*range(301), 1004, 43000, 55799), _refuse_tag)
"""The library runs code for these tags; `tag_hook` sees only the others. 55799 is dropped in silence: the
comparison with
the re-encoded value refuses it."""


def encode(value: object) -> bytes:
    """The one encoding of a value.

    Raises: RecordRejected CBOR_TYPE, CBOR_KEY, CBOR_DEPTH, CBOR_TEXT_NOT_NFC when the value holds what may
    not travel: our own bug, or a text that is not NFC.
    """
    _check(value, ordered=False)
    try:
        return cbor2.dumps(value, canonical=True)
    except UnicodeEncodeError as error:  # half of a surrogate pair, from a damaged keyboard or JSON
        raise RecordRejected("CBOR_TYPE") from error


def decode(data: bytes, *, max_bytes: int, max_items: int | None = None) -> Value:
    """The value whose one encoding is `data`.

    Args:
        max_items: values in it, keys too, at all levels. Needed wherever megabytes are read: four of empty
        lists cost seven seconds and 300 MB. A record of fewer bytes is not counted.
    Raises: RecordRejected CBOR_SIZE, CBOR_ITEMS (both before parsing), CBOR_TAG, CBOR_MALFORMED, CBOR_TYPE,
    CBOR_KEY, CBOR_DEPTH, CBOR_TEXT_NOT_NFC, CBOR_NOT_CANONICAL.
    """
    if len(data) > max_bytes:
        raise RecordRejected("CBOR_SIZE", bytes=len(data), maximum=max_bytes)
    if max_items is not None and len(data) > max_items:  # each value takes a byte at least
        _check_count(data, max_items)
    value = _parse(data)
    # The parser refuses indefinite lengths and duplicate keys, the check refuses other types and keys out of
    # order. What is left to be wrong is a number or a length written too long, or bytes after the end: each
    # makes the whole longer than its shortest, which is the canonical encoding. Adding up lengths costs half
    # of encoding again.
    if _check(value, ordered=True) != len(data):
        raise RecordRejected("CBOR_NOT_CANONICAL")
    return cast(Value, value)


def _check_count(data: bytes, max_items: int) -> None:
    """Counts heads (RFC 8949, 3) from one to the next, over the contents of strings."""
    position, items = 0, 0
    while position < len(data):
        items += 1
        if items > max_items:
            raise RecordRejected("CBOR_ITEMS", maximum=max_items)
        major, argument = data[position] >> 5, data[position] & 31
        position += 1
        if argument > 27:  # reserved or indefinite: the parser goes no further either
            return
        if argument >= 24:
            width = 1 << (argument - 24)
            argument = int.from_bytes(data[position : position + width], "big")
            position += width
        if major in (2, 3):
            position += argument


def _parse(data: bytes) -> object:
    try:
        return cbor2.loads(
            data,
            semantic_decoders=_BUILT_IN_TAGS,
            tag_hook=_refuse_tag,
            max_depth=DEPTH_MAX,
            allow_indefinite=False,
            allow_duplicate_keys=False,
        )
    except RecordRejected:
        raise
    except (cbor2.CBORError, ValueError, TypeError, RecursionError, OverflowError, MemoryError) as error:
        cause = error.__cause__ or error.__context__
        raise RecordRejected("CBOR_TAG" if isinstance(cause, RecordRejected) else "CBOR_MALFORMED") from error


def _check(value: object, *, ordered: bool) -> int:
    """Refuses what may not travel. Returns: the length of the canonical encoding, in bytes.

    Level by level, and whatever is usual looked at in place: every event passes here twice, and a call for
    each value would double the time.
    """
    length = 0
    level: list[Iterable[Any]] = [(value,)]
    for _ in range(DEPTH_MAX + 1):
        deeper: list[Iterable[Any]] = []
        for values in level:
            for one in values:
                kind = type(one)
                if kind is int:
                    length += 1 if 0 <= one < 24 else _integer_length(one)
                elif kind is str:
                    size = len(one) if one.isascii() else _utf8_length(one)
                    length += size + (1 if size < 24 else _head_length(size))
                elif one is None or kind is bool:
                    length += 1
                elif kind is bytes:
                    size = len(one)
                    length += size + (1 if size < 24 else _head_length(size))
                elif kind is list or kind is tuple:
                    length += _head_length(len(one))
                    deeper.append(one)
                elif kind is dict:
                    _check_keys(one, ordered=ordered)
                    length += _head_length(len(one)) + len(one)  # a key from 0 to 23 takes one byte
                    deeper.append(one.values())
                else:
                    raise RecordRejected("CBOR_TYPE")
        if not deeper:
            return length
        level = deeper
    raise RecordRejected("CBOR_DEPTH")


def _integer_length(value: int) -> int:
    if not INTEGER_MIN <= value <= INTEGER_MAX:
        raise RecordRejected("CBOR_TYPE")
    return _head_length(value if value >= 0 else -1 - value)


def _utf8_length(value: str) -> int:
    if not unicodedata.is_normalized("NFC", value):
        raise RecordRejected("CBOR_TEXT_NOT_NFC")
    return len(value.encode("utf-8", "surrogatepass"))


def _head_length(argument: int) -> int:
    """Bytes of the shortest head with this argument (RFC 8949, 3)."""
    if argument < 24:
        return 1
    if argument < 256:
        return 2
    if argument < 65_536:
        return 3
    return 5 if argument < 2**32 else 9


def _check_keys(value: Mapping[object, object], *, ordered: bool) -> None:
    before = -1
    for key in value:
        if type(key) is not int or not 0 <= key <= KEY_MAX:
            raise RecordRejected("CBOR_KEY")
        if ordered and key < before:
            raise RecordRejected("CBOR_NOT_CANONICAL")
        before = key


def byte_string_head(length: int) -> bytes:
    """What stands before the bytes of a byte string (RFC 8949, 3.1)."""
    return _head(0x40, length)


def list_head(length: int) -> bytes:
    """What stands before the values of a list."""
    return _head(0x80, length)


def _head(major: int, length: int) -> bytes:
    if length < 24:
        return bytes((major | length,))
    if length < 256:
        return bytes((major | 24, length))
    if length < 65_536:
        return bytes((major | 25,)) + length.to_bytes(2, "big")
    return bytes((major | 26,)) + length.to_bytes(4, "big")


NULL: Final = b"\xf6"
"""The encoding of null."""
