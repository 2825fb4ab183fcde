"""POST /v1/enrolment: a tablet that nobody has enrolled yet sends its request, and comes back for the answer.

202  it waits for a supervisor
200  the signed enrolment, as `application/octet-stream`
429  too many requests, from this address or in all; Retry-After says when to come back
4xx  refused, with a code
"""

import logging
from typing import Final

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import View

from procuration.errors import CarrierUnavailable, ProcurationError
from procuration.record.limits import ENROLMENT_REQUEST_BYTES_MAX
from server.api.rates import Rates
from server.api.views import STATUS, body_of, busy, refused
from server.config.centre import current_centre
from server.ledger.joining import OTHER, TOO_MANY, answer_to
from server.ledger.refusals import count_refusal
from server.pages.limits import Limit, Shared

log = logging.getLogger(__name__)

RATES: Final = Rates(each=120, each_seconds=600, together=1_000, together_seconds=60)
"""A town hall may install several tablets behind one address, each of which asks once a minute."""
SHARED: Final = Shared(Limit("enrolments", 120, 600), Limit("all-enrolments", 1_000, 60))
"""The same for all workers together. The count of each one comes first: a flood writes nothing to the
database."""
_CONFLICT: Final = 409


class EnrolmentView(View):
    """The same request as often as its tablet likes: it waits once."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        """The signed enrolment, or that it waits, or the code of the refusal."""
        try:
            address = request.META.get("REMOTE_ADDR", "")
            wait = RATES.wait_seconds(address) or SHARED.wait_seconds(address)
            if wait:
                raise CarrierUnavailable(TOO_MANY, retry_after_seconds=wait)
            centre = current_centre()
            data = body_of(request, ENROLMENT_REQUEST_BYTES_MAX)
            signed = answer_to(centre, data, centre.clock.now())
        except CarrierUnavailable as error:
            return _later(error)
        except ProcurationError as error:
            return _refusal(error.code)
        except DatabaseError:
            log.exception("database_unavailable")
            return busy()
        if signed is None:
            return JsonResponse({"code": "EN_ATTENTE"}, status=202)
        log.info("enrolment_answered", extra={"bytes": len(signed)})
        return HttpResponse(signed, content_type="application/octet-stream")


def _later(error: CarrierUnavailable) -> HttpResponse:
    log.warning("busy", extra={"code": error.code})
    wait = error.ids.get("retry_after_seconds")
    return refused(error.code, 429, wait) if isinstance(wait, int) else busy()


def _refusal(code: str) -> HttpResponse:
    log.warning("refused", extra={"code": code})
    try:
        count_refusal(code, current_centre().clock.now())
    except DatabaseError:
        log.exception("database_unavailable")
        return busy()
    return refused(code, _CONFLICT if code == OTHER else STATUS.get(code, 422))
