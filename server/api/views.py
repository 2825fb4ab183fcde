"""What agents ask: one bundle for another, an enrolment, a signed table. Each view calls one service and
answers.

No session, cookie or token: the signature inside a bundle is the authentication, and only the device it
answers can read the answer.
"""

import logging
import random
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

from django.db import DatabaseError, connection
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views import View

from procuration.errors import CarrierUnavailable, ProcurationError, RecordRejected
from procuration.record.limits import ENROLMENT_BYTES_MAX, SEALED_BUNDLE_BYTES_MAX
from server.config.centre import current_centre
from server.ledger.durability import second_place
from server.ledger.enrol import accept_enrolment
from server.ledger.enums import Refusal
from server.ledger.ledger_head import STANDS_STILL, refuse_a_backup
from server.ledger.refusals import count_refusal
from server.ledger.selectors import ledger_is_reachable
from server.ledger.services import accept_bundle

log = logging.getLogger(__name__)
IMPORTS_AT_ONCE: Final = 4
_WAIT_SECONDS: Final = 10
_imports = threading.BoundedSemaphore(IMPORTS_AT_ONCE)
_TUF_FOLDERS: Final = {
    "metadata": re.compile(r"[0-9a-z.]{1,40}\.json"),
    "targets": re.compile(r"[0-9a-z._-]{1,200}"),
}


def refused(code: str, status: int, retry_after_seconds: int | None = None) -> JsonResponse:
    """A code for programs; nothing of what was sent comes back."""
    response = JsonResponse({"code": code}, status=status)
    if retry_after_seconds is not None:
        response.headers["Retry-After"] = str(retry_after_seconds)
    return response


BUSY: Final = "CENTRE_OCCUPE"


def busy(code: str = BUSY) -> JsonResponse:
    """Come back later, not all at the same second. A centre that stands still until an operator acts says so;
    why it is busy otherwise is nobody's business."""
    told = code if code in STANDS_STILL else BUSY
    return refused(told, 503, random.randint(5, 30))  # noqa: S311  # spreads load, guards nothing


@contextmanager
def one_of_the_imports() -> Iterator[None]:
    """A place among those that may work at once: beyond, memory and the database would pay. Raises:
    CarrierUnavailable.
    """
    if not _imports.acquire(timeout=_WAIT_SECONDS):
        raise CarrierUnavailable("CENTRE_OCCUPE")
    try:
        yield
    finally:
        _imports.release()


def body_of(request: HttpRequest, bytes_max: int) -> bytes:
    """The body of a request, its announced size checked before anything is read. Raises: RecordRejected
    LOT_TROP_GRAND, LONGUEUR_ABSENTE.
    """
    announced = request.headers.get("Content-Length", "")
    if not announced.isdigit():
        raise RecordRejected("LONGUEUR_ABSENTE")
    if int(announced) > bytes_max:
        raise RecordRejected(Refusal.TOO_LARGE)
    return request.body


STATUS: Final = {Refusal.TOO_LARGE: 413, "LONGUEUR_ABSENTE": 411}


class SealedView(View):
    """A sealed body in, an answer out; every refusal is a code."""

    http_method_names = ("post",)
    bytes_max: int

    def accept(self, sealed: bytes) -> HttpResponse:
        """What the service answers."""
        raise NotImplementedError

    def post(self, request: HttpRequest) -> HttpResponse:
        """The service's answer, or the code of the refusal."""
        started = monotonic()
        try:
            with one_of_the_imports():
                response = self.accept(body_of(request, self.bytes_max))
        except CarrierUnavailable as error:
            log.warning("busy", extra={"code": error.code})
            return busy(error.code)
        except ProcurationError as error:
            return self.refusal(error.code, request)
        except DatabaseError:
            log.exception("database_unavailable")
            return busy()
        log.info(
            "answered",
            extra={"duration_ms": int(1000 * (monotonic() - started)), "bytes": len(response.content)},
        )
        return response

    def refusal(self, code: str, request: HttpRequest) -> HttpResponse:
        """The code for the agent, and one more in the count that the console shows."""
        log.warning("refused", extra={"code": code, "bytes": request.headers.get("Content-Length")})
        try:
            count_refusal(code, current_centre().clock.now())
        except DatabaseError:
            log.exception("database_unavailable")
            return busy()
        return refused(code, STATUS.get(code, 422))


class SyncView(SealedView):
    """POST /v1/sync: a sealed bundle up, a sealed bundle down."""

    bytes_max = SEALED_BUNDLE_BYTES_MAX

    def accept(self, sealed: bytes) -> HttpResponse:
        """The sealed answer."""
        centre = current_centre()
        answer = accept_bundle(centre, sealed, received_at=centre.clock.now())
        return HttpResponse(answer.sealed, content_type="application/octet-stream")


class EnrolView(SealedView):
    """POST /v1/enrol: the sealed enrolment of a device."""

    bytes_max = ENROLMENT_BYTES_MAX + 2048

    def accept(self, sealed: bytes) -> HttpResponse:
        """Nothing but the status."""
        centre = current_centre()
        accept_enrolment(centre, sealed, received_at=centre.clock.now())
        return HttpResponse(status=204)


def tuf_file(request: HttpRequest, folder: str, name: str) -> HttpResponseBase:
    """GET /tuf/metadata/x.json and /tuf/targets/<hash>.x: files that carry their own signatures."""
    if request.method not in ("GET", "HEAD"):
        return refused("METHODE", 405)
    if folder not in _TUF_FOLDERS or not _TUF_FOLDERS[folder].fullmatch(name):
        return refused("ABSENT", 404)
    path = current_centre().home / "tuf" / folder / name
    if not path.is_file() or path.is_symlink():
        return refused("ABSENT", 404)
    return FileResponse(path.open("rb"), content_type="application/octet-stream")


def health(request: HttpRequest) -> HttpResponse:
    """GET /v1/health: whether the database answers and is the one that this centre signed for, and where
    events are a second time; nothing about what is in it."""
    if request.method not in ("GET", "HEAD"):
        return refused("METHODE", 405)
    if not ledger_is_reachable(connection):
        return busy()
    try:
        refuse_a_backup(current_centre())
    except CarrierUnavailable as error:
        return busy(error.code)
    return JsonResponse({"status": "ok", "durable": second_place(current_centre()).value})
