"""No read without its trace: the answer when a trace cannot be written."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from procuration.errors import CarrierUnavailable
from server.texts_fr import text

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
        context = {"title": text("error.trace.title"), "sentence": text("error.trace.text")}
        answer = render(request, "pages/problem.html", context, status=503)
        answer["Retry-After"] = str(RETRY_SECONDS)
        return answer
