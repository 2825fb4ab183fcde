"""How a request for enrolment passes through the spool, before its tablet has anything to seal.

    out/<name>.request    the request, public keys only      written and removed by the app, read by the agent
    in/<name>.waiting     the centre has it, nobody has signed yet          written by the agent; says no more
    in/<name>.enrolment   what the centre answered           written by the agent, verified by the app alone
    in/<name>.refused     {"code": ...}                      written by the agent: the centre refused it

Names as in `adapters.spool`: of the content of the request.
"""

import json
import re
from pathlib import Path
from typing import Final

from procuration.adapters.durable_file import sync_folder, write_durably
from procuration.adapters.foreign_file import ForeignFile, list_regular, read_regular
from procuration.adapters.spool import (
    GROUP_READABLE,
    REFUSED,
    SMALL_BYTES_MAX,
    AgentSpool,
    AppSpool,
    check_code,
    name_of,
)
from procuration.domain.joining import Sending, Step
from procuration.errors import RecordRejected
from procuration.record.limits import ENROLMENT_BYTES_MAX, ENROLMENT_REQUEST_BYTES_MAX

_REQUEST, _WAITING, _ANSWER = ".request", ".waiting", ".enrolment"
_NAME: Final = re.compile(r"[0-9a-f]{32}\.request")


class AppRequest:
    """The side of the tablet: one request, which is always the same."""

    def __init__(self, spool: AppSpool, request: bytes) -> None:
        self._out, self._in = spool.folder / "out", spool.folder / "in"
        self._request, self._name = request, name_of(request)

    def send(self) -> None:
        """Hand it to the agent; again, when it was refused or its answer was worth nothing: what was heard of
        it is forgotten.
        """
        self._forget()
        write_durably(self._out / (self._name + _REQUEST), self._request, GROUP_READABLE)

    def take_back(self) -> None:
        """It need not travel any more."""
        (self._out / (self._name + _REQUEST)).unlink(missing_ok=True)
        sync_folder(self._out)
        self._forget()

    def sending(self) -> Sending:
        """How far it is."""
        if not (self._out / (self._name + _REQUEST)).is_file():
            return Sending(Step.NOT_SENT)
        if (self._in / (self._name + _ANSWER)).is_file():
            return Sending(Step.ANSWERED)
        if (self._in / (self._name + REFUSED)).is_file():
            return Sending(Step.REFUSED, self._code())
        waits = (self._in / (self._name + _WAITING)).is_file()
        return Sending(Step.WAITING if waits else Step.LEAVING)

    def answer(self) -> bytes:
        """What the agent brought; whoever calls verifies it. Raises: FileNotFoundError; RecordRejected."""
        return read_regular(self._in, self._name + _ANSWER, ENROLMENT_BYTES_MAX)

    def _code(self) -> str:
        try:
            notice = json.loads(read_regular(self._in, self._name + REFUSED, SMALL_BYTES_MAX))
            return check_code(notice["code"])
        except (ValueError, TypeError, KeyError, RecursionError, RecordRejected, FileNotFoundError):
            return "REFUSED"  # a damaged notice still says that it did not pass

    def _forget(self) -> None:
        for suffix in (_WAITING, _ANSWER, REFUSED):
            (self._in / (self._name + suffix)).unlink(missing_ok=True)
        sync_folder(self._in)


class AgentRequests:
    """The side of the agent: it carries what lies there, and believes nothing of it."""

    def __init__(self, spool: AgentSpool) -> None:
        self._out, self._in = spool.folder / "out", spool.folder / "in"

    def waiting(self) -> ForeignFile | None:
        """The request that has no answer yet; a tablet has one, the newest counts."""
        files = list_regular(self._out, _NAME, ENROLMENT_REQUEST_BYTES_MAX)
        unanswered = [file for file in files if not self._path(file, _ANSWER).exists()]
        return unanswered[-1] if unanswered else None

    def read(self, file: ForeignFile) -> bytes:
        """Raises: FileNotFoundError, when the app took it back; RecordRejected SPOOL_DAMAGED."""
        data = read_regular(self._out, file.name, ENROLMENT_REQUEST_BYTES_MAX)
        if name_of(data) != file.name.removesuffix(_REQUEST):
            raise RecordRejected("SPOOL_DAMAGED")
        return data

    def note_waiting(self, file: ForeignFile) -> None:
        """The centre has it, and no answer yet."""
        self._path(file, REFUSED).unlink(missing_ok=True)
        if not self._path(file, _WAITING).exists():
            write_durably(self._path(file, _WAITING), b"{}", GROUP_READABLE)

    def put_answer(self, file: ForeignFile, signed: bytes) -> None:
        """File the centre's answer."""
        write_durably(self._path(file, _ANSWER), signed, GROUP_READABLE)
        self._path(file, REFUSED).unlink(missing_ok=True)

    def put_refusal(self, file: ForeignFile, code: str) -> None:
        """File the centre's refusal."""
        write_durably(self._path(file, REFUSED), json.dumps({"code": code}).encode(), GROUP_READABLE)

    def _path(self, file: ForeignFile, suffix: str) -> Path:
        return self._in / (file.name.removesuffix(_REQUEST) + suffix)
