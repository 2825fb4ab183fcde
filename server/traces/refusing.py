"""No read without its trace: the answer when a trace cannot be written."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from procuration.errors import CarrierUnavailable
from server.pages.problem import problem

RETRY_SECONDS: Final = 60


class refuse_untraced:  # noqa: N801  a middleware, named like the others
    """Middleware: a page that could not be traced is a 503 that says so, and shows nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Only that one error; the others are not ours."""
        if not isinstance(exception, CarrierUnavailable) or exception.code != "TRACE_IMPOSSIBLE":
            return None
        return problem(request, 503, "error.trace.title", "error.trace.text", RETRY_SECONDS)
