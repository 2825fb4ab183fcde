"""« Aperçu des messages »: each message that the centre sends, about invented people, as text and as HTML."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from server.config.centre import current_centre
from server.console.perms import ConsoleView
from server.notices.letters import Mail, mail_for
from server.notices.samples import SAMPLES, invented
from server.texts_fr import text

MAIL_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "sandbox",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Of a message shown as a mailbox would: the style it carries in itself, and nothing else whatever its words
are: no script, image, form, link or frame, and no cookie of this site."""


class PreviewsPage(ConsoleView):
    """Every message by its name and subject."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = [(name, text(f"console.preview.{name}"), _mail(name).subject) for name in SAMPLES]
        return render(request, "console/previews.html", {"rows": rows})


class PreviewPage(ConsoleView):
    """One message, as plain text."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        mail = _mail(name)
        context = {
            "name": name,
            "title": text(f"console.preview.{name}"),
            "subject": mail.subject,
            "texts": [(letter.language, letter.as_text()) for letter in mail.letters],
        }
        return render(request, "console/preview.html", context)


class PreviewHtml(ConsoleView):
    """One message as HTML: the bytes that are sent, under a policy of their own."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        return HttpResponse(_mail(name).as_html(), headers={"Content-Security-Policy": MAIL_POLICY})


def _mail(name: str) -> Mail:
    if name not in SAMPLES:
        raise Http404
    tables = current_centre().tables
    return mail_for(*invented(name, tables), tables)
