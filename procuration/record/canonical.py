"""Deterministic CBOR (RFC 8949, 4.2): one value has one encoding, anything else is refused
(SECURITY-DESIGN 1).

Decides which bytes are well formed. Leaves to the readers of each format what the values mean.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, cast

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
    _check(value, DEPTH_MAX, ordered=False)
    try:
        return cbor2.dumps(value, canonical=True)
    except UnicodeEncodeError as error:  # half of a surrogate pair, from a damaged keyboard or JSON
        raise RecordRejected("CBOR_TYPE") from error


def decode(data: bytes, *, max_bytes: int, max_items: int | None = None) -> Value:
    """The value whose one encoding is `data`.

    Args:
        max_items: values in it, at all levels. Needed where anybody may send megabytes: four of empty lists
        cost seven seconds and 300 MB.
    Raises: RecordRejected CBOR_SIZE, CBOR_ITEMS (both before parsing), CBOR_TAG, CBOR_MALFORMED, CBOR_TYPE,
    CBOR_KEY, CBOR_DEPTH, CBOR_TEXT_NOT_NFC, CBOR_NOT_CANONICAL.
    """
    if len(data) > max_bytes:
        raise RecordRejected("CBOR_SIZE", bytes=len(data), maximum=max_bytes)
    if max_items is not None:
        _check_count(data, max_items)
    value = _parse(data)
    _check(value, DEPTH_MAX, ordered=True)
    # Keys in order and no other type than these: plain encoding is the canonical one, and four times faster.
    # Trailing bytes and long numbers show as a different encoding.
    if cbor2.dumps(value) != data:
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


def _check(value: object, depth: int, *, ordered: bool) -> None:
    # On the hot path of every import: exact types by identity, commonest first.
    kind = type(value)
    if kind is bytes or value is None or kind is bool:
        return
    if kind is int:
        if not INTEGER_MIN <= cast(int, value) <= INTEGER_MAX:
            raise RecordRejected("CBOR_TYPE")
    elif isinstance(value, str):
        if not (value.isascii() or unicodedata.is_normalized("NFC", value)):
            raise RecordRejected("CBOR_TEXT_NOT_NFC")
    elif isinstance(value, list | tuple):
        _check_all(value, depth, ordered=ordered)
    elif isinstance(value, dict):
        _check_keys(value, ordered=ordered)
        _check_all(value.values(), depth, ordered=ordered)
    else:
        raise RecordRejected("CBOR_TYPE")


def _check_all(values: Iterable[object], depth: int, *, ordered: bool) -> None:
    if depth == 0:
        raise RecordRejected("CBOR_DEPTH")
    for value in values:
        _check(value, depth - 1, ordered=ordered)


def _check_keys(value: Mapping[object, object], *, ordered: bool) -> None:
    before = -1
    for key in value:
        if type(key) is not int or not 0 <= key <= KEY_MAX:
            raise RecordRejected("CBOR_KEY")
        if ordered and key < before:
            raise RecordRejected("CBOR_NOT_CANONICAL")
        before = key
