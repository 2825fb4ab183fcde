"""A register on paper: tagged PDF (PDF/UA-1) in French, A4 landscape.

Names are hostile input: the template escapes them, and the layout may fetch nothing but the two fonts that
this program ships, so a name can reach neither a file nor the network.
"""

from threading import Lock
from typing import Final

from django.template.loader import render_to_string

from procuration.errors import CarrierUnavailable
from server.registers.sheet import Sheet

_one_at_a_time: Final = Lock()


def pdf_file(sheet: Sheet) -> bytes:
    """One part of a register (`Sheet.parts`), laid out.

    One at a time in a process: a part of a thousand lines takes 400 MiB while it is laid out.
    Raises: CarrierUnavailable PDF_INDISPONIBLE, when the machine lacks the libraries of text layout;
    RecordRejected PDF_RENVOI, when the text would fetch something.
    """
    html = render_to_string("registers/print.html", {"sheet": sheet})
    with _one_at_a_time:
        return _layout(html)


def _layout(html: str) -> bytes:
    try:
        from server.registers.layout import lay_out  # asks the machine for Pango
    except OSError as error:
        raise CarrierUnavailable("PDF_INDISPONIBLE") from error
    return lay_out(html)
