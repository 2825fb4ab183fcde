"""How large a request of a browser may be. The TLS proxy of docs/exploitation.md refuses what is larger; this
holds where none stands before us, on the computer of a town hall for example.

Django counts the fields of a form and not its files, which it writes on the disk while it reads them.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from server.pages.problem import problem

REQUEST_BYTES_MAX: Final = 6 * 1024 * 1024
"""`client_max_body_size` of the proxy."""


def refuse_large(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, before all that reads a body. A body of unannounced length is empty for Django."""

    def answer(request: HttpRequest) -> HttpResponse:
        announced = str(request.META.get("CONTENT_LENGTH") or "0")
        if len(announced) < 10 and announced.isdecimal() and int(announced) <= REQUEST_BYTES_MAX:
            return get_response(request)
        return problem(request, 413, "error.413.title", "error.413.text")

    return answer
