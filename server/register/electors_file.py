"""A file that answers as the register would: the index of a list of any length, or a small list in CSV, which
is indexed in memory. Both are asked in the same way."""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from procuration.domain.refusal import RefusalCode
from procuration.errors import CarrierUnavailable
from server.register.electors import Lists, answer
from server.register.electors_csv import CSV_BYTES_MAX, electors_of, read_electors
from server.register.electors_index import MAGIC, ElectorIndex, about, fill, open_index
from server.register.port import Question


class FileRegister:
    """Implements `port.Register`. What is asked after the file changed is answered from the new one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._held: ElectorIndex | None = None

    def ask(self, questions: Sequence[Question]) -> Mapping[str, RefusalCode | None]:
        """Raises: CarrierUnavailable REGISTRE_ABSENT; RecordRejected REGISTRE_ILLISIBLE (ids: line,
        column)."""
        if self._is_index():
            with open_index(self._path) as lists:
                return _answers(questions, lists)
        return _answers(questions, self._of_small_list())

    def check(self) -> None:
        """Whether it is there and is a list, without reading it whole. Raises: those of `ask`."""
        if self._is_index():
            about(self._path)
            return
        with self._path.open("rb") as file:
            next(electors_of(file, 1), None)

    def _is_index(self) -> bool:
        try:
            with self._path.open("rb") as file:
                return file.read(len(MAGIC)) == MAGIC
        except OSError as error:
            raise CarrierUnavailable("REGISTRE_ABSENT") from error

    def _of_small_list(self) -> ElectorIndex:
        """The list in memory, read again when the file changed."""
        try:
            state = self._path.stat()
            seen = (state.st_mtime_ns, state.st_size)
            if self._held is not None and seen == self._seen:
                return self._held
            with self._path.open("rb") as file:
                data = file.read(CSV_BYTES_MAX + 1)
        except OSError as error:
            raise CarrierUnavailable("REGISTRE_ABSENT") from error
        # One job asks, whatever thread runs it.
        memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        fill(memory, read_electors(data))
        self._held, self._seen = ElectorIndex(memory), seen
        return self._held


def _answers(questions: Sequence[Question], lists: Lists) -> Mapping[str, RefusalCode | None]:
    return {question.rid: answer(question, lists) for question in questions}
