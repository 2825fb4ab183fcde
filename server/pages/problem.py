"""The page of what went wrong: what, and what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def problem(
    request: HttpRequest, status: int, title: str, sentence: str, retry_seconds: int | None = None
) -> HttpResponse:
    """Args: retry_seconds: when it is worth trying again, for programs too."""
    answer = render(request, "pages/problem.html", {"title": title, "sentence": sentence}, status=status)
    if retry_seconds is not None:
        answer["Retry-After"] = str(retry_seconds)
    return answer
