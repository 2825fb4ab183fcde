"""Invents records from true ones: pure, the same again for the same seed, some twenty thousand a second.

Three forms of input. `cbor`: whole values are exchanged, wrapped, doubled or spoilt, mostly with all lengths
around them made right. `text`: the same with lines, words and numbers. Either form, and every `bytes`, also
meets blind damage: flipped bits, lost, doubled and inserted bytes, two records grown together.
"""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

from tests.fuzz.cbor_spans import BYTES, LIST, MAP, TEXT, Span, head, replaced, spans_of
from tests.fuzz.fragments import FRAGMENTS, INTEGERS, TEXTS, WORDS

CBOR, LINES, BLIND = "cbor", "text", "bytes"
_TOKENS: Final = re.compile(rb"[A-Za-z0-9_+/=.-]+|[^A-Za-z0-9_+/=.-]")


class Mutator:
    """A stream of mutated inputs.

    Args:
        form: CBOR, LINES or BLIND.
        prefix: bytes at the start of a CBOR seed that are none of it.
    """

    def __init__(self, seeds: Sequence[bytes], form: str, random: Random, prefix: int = 0) -> None:
        self._seeds = [bytes(seed) for seed in seeds]
        self._random = random.random
        self._prefix = prefix
        self._spans = [spans_of(seed, prefix) for seed in self._seeds] if form == CBOR else []
        self._tokens = [_TOKENS.findall(seed) for seed in self._seeds] if form == LINES else []
        self._structured = {CBOR: self._value_mutated, LINES: self._words_mutated}.get(form)

    def __call__(self) -> bytes:
        """The next mutated input."""
        which = self._below(len(self._seeds))
        data = self._seeds[which]
        chance = self._random()
        if self._structured is not None and chance < 0.8:
            data = self._structured(which)
            if chance < 0.55:
                return data
        for _ in range(1 + int(3 * self._random() ** 3)):
            data = _BLIND[self._below(len(_BLIND))](self, data)
        return data

    def _below(self, bound: int) -> int:
        return int(self._random() * bound)

    def _one(self, of: Sequence[bytes]) -> bytes:
        return of[int(self._random() * len(of))]

    def _value_mutated(self, which: int) -> bytes:
        data, spans = self._seeds[which], self._spans[which]
        data = _VALUES[self._below(len(_VALUES))](self, data, spans, self._below(len(spans)))
        if self._prefix and self._random() < 0.02:
            data = bytes((self._below(24),)) + data[self._prefix :]
        return data

    def _fragment(self) -> bytes:
        """A hostile value, or one of some record."""
        if self._random() < 0.6:
            return self._one(FRAGMENTS)
        which = self._below(len(self._seeds))
        span = self._spans[which][self._below(len(self._spans[which]))]
        return self._seeds[which][span.start : span.end]

    def _exchanged(self, data: bytes, spans: list[Span], place: int) -> bytes:
        return replaced(data, spans, place, self._fragment(), lengths=self._random() < 0.95)

    def _removed(self, data: bytes, spans: list[Span], place: int) -> bytes:
        return self._recounted(data, spans, place, b"", -1)

    def _doubled(self, data: bytes, spans: list[Span], place: int) -> bytes:
        value = data[spans[place].start : spans[place].end]
        return self._recounted(data, spans, place, value * 2, 1)

    def _added(self, data: bytes, spans: list[Span], place: int) -> bytes:
        value = data[spans[place].start : spans[place].end]
        return self._recounted(data, spans, place, value + self._fragment(), 1)

    def _recounted(self, data: bytes, spans: list[Span], place: int, new: bytes, change: int) -> bytes:
        """The count of the list is mostly made right; a map loses or gains the whole pair."""
        span = spans[place]
        if span.parent is None or spans[span.parent].major not in (LIST, MAP) or self._random() < 0.2:
            return replaced(data, spans, place, new)
        if spans[span.parent].major == MAP and span.is_key:
            value = spans[_after(spans, place)]
            pair = data[span.start : value.end]
            between = b"" if change < 0 else pair + bytes((self._below(25),)) + self._fragment()
            grown = Span(span.start, span.body, value.end, span.major, span.argument, span.parent)
            return replaced(data, [*spans, grown], len(spans), between, counted=change)
        return replaced(data, spans, place, new, counted=change)

    def _wrapped(self, data: bytes, spans: list[Span], place: int) -> bytes:
        value = data[spans[place].start : spans[place].end]
        wrapping = self._below(4)
        if wrapping == 0:
            value = b"\x81" * (1 + self._below(10)) + value
        elif wrapping == 1:
            value = b"\xa1\x00" * (1 + self._below(10)) + value
        elif wrapping == 2:
            value = head(6, self._below(301)) + value
        else:
            value = head(BYTES, len(value)) + value
        return replaced(data, spans, place, value)

    def _head_spoilt(self, data: bytes, spans: list[Span], place: int) -> bytes:
        span = spans[place]
        body = data[span.body : span.end]
        match self._below(5):
            case 0:
                new = head(
                    span.major, span.argument, (1, 2, 4, 8)[self._below(4)] if span.argument < 256 else 8
                )
            case 1:
                new = head(self._below(7), span.argument)
            case 2:
                new = head(span.major, max(span.argument + (-1, 1, 2)[self._below(3)], 0))
            case 3:
                new = head(span.major, INTEGERS[self._below(len(INTEGERS))])
            case _:
                new = bytes((span.major << 5 | 31,))
                body += b"\xff"
        return replaced(data, spans, place, new + body)

    def _nudged(self, data: bytes, spans: list[Span], place: int) -> bytes:
        """The same sort of value, a little different: the mutation that goes deepest."""
        span = spans[place]
        match span.major:
            case 0 | 1:
                argument = (
                    span.argument ^ 1 << self._below(63)
                    if self._random() < 0.5
                    else INTEGERS[self._below(len(INTEGERS))]
                )
                new = head(span.major, argument & 2**64 - 1)
            case 2:
                new = self._string(BYTES, data[span.body : span.end])
            case 3:
                new = self._text(data[span.body : span.end])
            case _:
                new = self._fragment()
        return replaced(data, spans, place, new)

    def _string(self, major: int, value: bytes) -> bytes:
        match self._below(4):
            case 0:
                value = value[: self._below(len(value) + 1)]
            case 1:
                value += bytes((self._below(256),))
            case _:
                at = self._below(len(value) or 1)
                value = value[:at] + bytes((self._below(256),)) + value[at + 1 :]
        return head(major, len(value)) + value

    def _text(self, value: bytes) -> bytes:
        chance = self._random()
        if chance < 0.2:
            return self._string(TEXT, value)
        strange = TEXTS[self._below(len(TEXTS))].encode()
        at = self._below(len(value) + 1)
        value = strange if chance < 0.6 else value[:at] + strange + value[at:]
        return head(TEXT, len(value)) + value

    def _swapped(self, data: bytes, spans: list[Span], place: int) -> bytes:
        """Two values of one record change places."""
        one, other = sorted((spans[place], spans[self._below(len(spans))]), key=lambda span: span.start)
        if other.start < one.end:
            return self._exchanged(data, spans, place)
        first, second = data[one.start : one.end], data[other.start : other.end]
        return data[: one.start] + second + data[one.end : other.start] + first + data[other.end :]

    def _words_mutated(self, which: int) -> bytes:
        words = list(self._tokens[which])
        for _ in range(1 + int(3 * self._random() ** 3)):
            at = self._below(len(words) or 1)
            match self._below(6):
                case 0:
                    words[at : at + 1] = [self._one(WORDS)]
                case 1:
                    words[at:at] = [self._one(WORDS)]
                case 2:
                    del words[at : at + 1 + self._below(4)]
                case 3:
                    words[at:at] = words[at : at + 1 + self._below(12)]
                case 4:
                    other = self._tokens[self._below(len(self._tokens))]
                    words[at : at + 1] = [self._one(other)]
                case _:
                    words = words[:at] + words[self._below(len(words) or 1) :]
        return b"".join(words)

    def _bit_flipped(self, data: bytes) -> bytes:
        at = self._below(len(data) or 1)
        return data[:at] + bytes((data[at] ^ 1 << self._below(8),)) + data[at + 1 :] if data else b"\x00"

    def _byte_set(self, data: bytes) -> bytes:
        at = self._below(len(data) or 1)
        return data[:at] + bytes((self._below(256),)) + data[at + 1 :]

    def _bytes_lost(self, data: bytes) -> bytes:
        at = self._below(len(data) or 1)
        return data[:at] + data[at + 1 + self._below(8) :]

    def _bytes_inserted(self, data: bytes) -> bytes:
        at = self._below(len(data) + 1)
        return data[:at] + bytes((self._below(256),)) * (1 + self._below(4)) + data[at:]

    def _bytes_doubled(self, data: bytes) -> bytes:
        at = self._below(len(data) or 1)
        return data[:at] + data[at : at + 1 + self._below(64)] + data[at:]

    def _cut(self, data: bytes) -> bytes:
        return data[: self._below(len(data) + 1)]

    def _number_written_over(self, data: bytes) -> bytes:
        width = (1, 2, 4, 8)[self._below(4)]
        at = self._below(len(data) or 1)
        number = INTEGERS[self._below(len(INTEGERS))] & (1 << 8 * width) - 1
        return data[:at] + number.to_bytes(width, "big") + data[at + width :]

    def _grown_together(self, data: bytes) -> bytes:
        other = self._one(self._seeds)
        return data[: self._below(len(data) + 1)] + other[self._below(len(other) + 1) :]


def _after(spans: list[Span], place: int) -> int:
    """The place of the value that a key belongs to: the next span of the same map."""
    parent = spans[place].parent
    return next(at for at in range(place + 1, len(spans)) if spans[at].parent == parent)


_VALUES: Final[tuple[Callable[[Mutator, bytes, list[Span], int], bytes], ...]] = (
    Mutator._exchanged,
    Mutator._nudged,
    Mutator._nudged,
    Mutator._nudged,
    Mutator._removed,
    Mutator._doubled,
    Mutator._added,
    Mutator._wrapped,
    Mutator._head_spoilt,
    Mutator._swapped,
)
_BLIND: Final[tuple[Callable[[Mutator, bytes], bytes], ...]] = (
    Mutator._bit_flipped,
    Mutator._bit_flipped,
    Mutator._byte_set,
    Mutator._bytes_lost,
    Mutator._bytes_inserted,
    Mutator._bytes_doubled,
    Mutator._cut,
    Mutator._number_written_over,
    Mutator._grown_together,
)
