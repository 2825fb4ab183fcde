"""A line on the terminal that says how far a long work is; nothing anywhere else."""

import sys
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, TextIO

_WIDTH: Final = 30
_EVERY_SECONDS: Final = 0.2


@dataclass(slots=True)
class ProgressBar:
    """Counts one kind of thing, of which there are `total`."""

    label: str
    total: int
    out: TextIO = field(default_factory=lambda: sys.stderr)
    done: int = 0
    _shown: float = 0.0

    def add(self, count: int) -> None:
        """So many more are done."""
        self.done += count
        if self.out.isatty() and (monotonic() - self._shown > _EVERY_SECONDS or self.done >= self.total):
            self._shown = monotonic()
            self._show()

    def _show(self) -> None:
        part = min(1.0, self.done / self.total) if self.total else 1.0
        bar = "█" * round(_WIDTH * part) + "·" * (_WIDTH - round(_WIDTH * part))
        self.out.write(f"\r{self.label} {bar} {self.done}/{self.total}")
        self.out.flush()

    def close(self) -> None:
        """The next line is free."""
        if self.out.isatty():
            self._show()
            self.out.write("\n")
