"""A database that was put back under the running service: nothing can be signed before an operator has said
so (`procuration-server restored`), and nobody else can do anything about it. Pages that sign nothing go on.
"""

import logging
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from procuration.errors import CarrierUnavailable
from server.ledger.ledger_head import STANDS_STILL
from server.pages.problem import problem

log = logging.getLogger(__name__)
RETRY_SECONDS: Final = 600


class stand_still:  # noqa: N801  a middleware, named like the others
    """Middleware: a 503 that says what happened, that nothing was recorded, and whom to call; the code alone
    for a program."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Only these errors; the others are not ours."""
        if not isinstance(exception, CarrierUnavailable) or exception.code not in STANDS_STILL:
            return None
        log.error("stands_still", extra={"code": exception.code})
        if request.accepts("text/html"):
            title, sentence = "error.restored.title", "error.restored.text"
            return problem(request, 503, title, sentence, RETRY_SECONDS, code=exception.code)
        return JsonResponse({"code": exception.code}, status=503, headers={"Retry-After": str(RETRY_SECONDS)})
