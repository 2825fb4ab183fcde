"""Why a paper did not come out, in words: for whoever holds the key of the printer, and for an elector, who
is sent to the person at the desk.
"""

from typing import Final

from kiosk_app.presenters.formats import reference_in_groups
from kiosk_app.presenters.pages import Message
from kiosk_app.presenters.ports import FiledReceipt
from kiosk_app.presenters.wording import Wording
from procuration.errors import ProcurationError

KNOWN: Final = (
    "PAPIER_FINI",
    "CAPOT_OUVERT",
    "IMPRIMANTE_EN_PANNE",
    "IMPRIMANTE_INJOIGNABLE",
    "IMPRIMANTE_MUETTE",
    "LARGEUR_PAPIER",
    "FILE_ARRETEE",
)


def next_step(say: Wording, outcome: object, otherwise: str) -> str:
    """What stopped the printer and what to do. `otherwise`: the key of what is said when nobody knows."""
    if isinstance(outcome, ProcurationError) and outcome.code in KNOWN:
        return say.of_error(outcome)
    return say(otherwise)


def cause(say: Wording, error: ProcurationError) -> str:
    """What stopped it, for somebody who does not open a printer; "" when nobody knows."""
    return say(f"paper.why.{error.code}") if error.code in KNOWN else ""


def of_receipt(say: Wording, receipt: FiledReceipt, outcome: object) -> Message:
    """What became of a receipt that was printed again, or that did not come out."""
    if not isinstance(outcome, ProcurationError):
        return Message(tone="info", title=say("filed.printed_again"))
    reference, why = receipt.reference, cause(say, outcome)
    if reference is None:
        return Message(tone="warn", title=say("filed.not_printed.no_reference"), text=why)
    told = f"{why} {say('paper.why.call')}" if why else ""
    return Message(tone="warn", title=say("filed.not_printed", ref=reference_in_groups(reference)), text=told)
