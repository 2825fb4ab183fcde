"""WeasyPrint as this program lets it work: from one HTML text to one PDF, with two fonts and nothing else.

Importing it needs Pango on the machine: only who prints imports this module.
"""

from pathlib import Path
from typing import Final

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from procuration.errors import RecordRejected

FONT_SCHEME: Final = "relais-font:"
FONTS: Final = ("noto-sans-regular.woff2", "noto-sans-bold.woff2")
_FONT_FOLDER: Final = Path(__file__).resolve().parent.parent / "static" / "relais" / "fonts"


class OnlyOurFonts(URLFetcher):  # type: ignore[misc]  # weasyprint ships no types
    """Answers for the two fonts; anything else that a document asks for ends the layout."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The bytes of a font. Raises: ValueError, which ends the layout."""
        name = url.removeprefix(FONT_SCHEME)
        if not url.startswith(FONT_SCHEME) or name not in FONTS:
            raise ValueError("a register refers to nothing outside itself")
        return URLFetcherResponse(url, (_FONT_FOLDER / name).read_bytes(), {"Content-Type": "font/woff2"})


def lay_out(html: str) -> bytes:
    """A tagged PDF/UA-1. Raises: RecordRejected PDF_RENVOI, when the text refers to anything else."""
    document = HTML(string=html, url_fetcher=OnlyOurFonts(fail_on_errors=True))
    try:
        return bytes(document.write_pdf(font_config=FontConfiguration(), pdf_variant="pdf/ua-1"))
    except FatalURLFetchingError as error:  # a BaseException: it would end the thread that answers
        raise RecordRejected("PDF_RENVOI") from error
