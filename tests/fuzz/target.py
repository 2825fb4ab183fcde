"""One parser as the fuzzer sees it: a function of bytes, what it may raise, and what goes in for a start."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from procuration.errors import CarrierUnavailable, RecordRejected

ACCEPTED = "accepted"


class NotTheSameBytes(AssertionError):
    """What was read is written with other bytes: one value had two encodings."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """A parser of foreign bytes.

    Attributes:
        read: the whole public entry, from bytes; where a signature or seal stands before the parser, it signs
            or seals its input with the right key, so that what is fuzzed is behind it.
        write: the bytes of what was read, where the format has one encoding.
        form: how the mutator looks at the bytes, see `mutator`.
        prefix: bytes before the CBOR value of a seed.
        also_raises: the documented errors that are not RecordRejected.
        share: one mutation of so many is made, where keys or the system cost a hundred times the parser, and
            another target runs the same parser without them.
        memory_factor: bytes of memory that a byte of input may cost at the peak.
    """

    name: str
    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...] = field(repr=False)
    form: str
    write: Callable[[object], bytes] | None = None
    prefix: int = 0
    also_raises: tuple[type[Exception], ...] = ()
    memory_factor: int = 200
    share: int = 1

    @cached_property
    def folder(self) -> str:
        """Its folder of the corpus."""
        return self.name.replace(" ", "-")

    def outcome(self, data: bytes) -> str:
        """ACCEPTED or the code of the rejection.

        Raises: whatever else the parser raises, which is a bug; NotTheSameBytes.
        """
        try:
            read = self.read(data)
        except (RecordRejected, *self.also_raises) as error:
            return code_of(error)
        if self.write is not None and (written := self.write(read)) != data:
            raise NotTheSameBytes(f"{self.name}: {data.hex()} is written again as {written.hex()}")
        return ACCEPTED


def code_of(error: BaseException) -> str:
    """The code of the innermost rejection: readers with one neutral code keep the cause behind it."""
    code = ""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, (RecordRejected, CarrierUnavailable)):
            code = seen.code
        seen = seen.__cause__
    return code or type(error).__name__
