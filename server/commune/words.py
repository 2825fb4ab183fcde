"""What a stick brought, or why it was refused, in sentences."""

from collections.abc import Iterator
from typing import Final

from procuration.errors import ProcurationError
from server.commune.stick import Read
from server.texts_fr import TEXTS, counted, text

_CODE: Final = "commune.code."


def refused_words(error: ProcurationError) -> str:
    """One sentence for a code; the code itself stands in it when there is no better word."""
    return _of_code(error.code)


def _of_code(code: str) -> str:
    key = _CODE + code
    return text(key) if key in TEXTS else text("commune.code.other", code=code)


def read_words(read: Read) -> Iterator[str]:
    """What to tell who read a stick."""
    if read.answers:
        yield counted("commune.new", read.new)
        if read.changed:
            yield counted("commune.changed", read.changed)
    elif not read.tables and not read.refused:
        yield text("commune.nothing")
    if read.tables:
        yield text("commune.tables")
    if read.more:
        yield text("commune.more")
    if read.foreign:
        yield counted("commune.foreign", read.foreign)
    codes = [*dict.fromkeys(read.refused), *([read.tables_code] if read.tables_code else [])]
    for code in codes:
        yield _of_code(code)
    yield text("commune.remove")
