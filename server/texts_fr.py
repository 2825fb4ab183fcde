"""Every sentence that the web pages and the mails say in French, by key; screens of the tablets have their
own catalogue.

Singular and plural are two keys, `.one` and `.many`; in French 0 and 1 are singular. Typography is complete
here: typographic
apostrophe, narrow no-break space before ; ! ?, no-break space before : and inside « » (tested).
"""

from typing import Final

from server.words.brigade import BRIGADE
from server.words.brigade_acts import BRIGADE_ACTS
from server.words.commune import COMMUNE
from server.words.console import CONSOLE
from server.words.facts import FACTS
from server.words.health import HEALTH
from server.words.identity import IDENTITY
from server.words.joining import JOINING
from server.words.legal import LEGAL
from server.words.mails import MAILS
from server.words.messages import MESSAGES
from server.words.operations import OPERATIONS
from server.words.pages import PAGES
from server.words.paper import PAPER
from server.words.queue import QUEUE
from server.words.reception import RECEPTION
from server.words.register import REGISTER
from server.words.registers import REGISTERS
from server.words.stick import STICK
from server.words.town_hall import TOWN_HALL
from server.words.usagers import USAGERS
from server.words.usagers_as_kiosk import AS_KIOSK
from server.words.withdrawing import WITHDRAWING

TEXTS: Final[dict[str, str]] = (
    PAGES
    | FACTS
    | REGISTERS
    | CONSOLE
    | MAILS
    | QUEUE
    | PAPER
    | STICK
    | COMMUNE
    | JOINING
    | RECEPTION
    | BRIGADE
    | BRIGADE_ACTS
    | LEGAL
    | REGISTER
    | MESSAGES
    | OPERATIONS
    | HEALTH
    | TOWN_HALL
    | IDENTITY
    | AS_KIOSK
    | USAGERS
    | WITHDRAWING
)


def text(key: str, **values: object) -> str:
    """The sentence of a key, with its values in place. Raises: KeyError for an unknown key, a bug of ours."""
    sentence = TEXTS[key]
    return sentence.format(**values) if values else sentence


def counted(key: str, n: int, **values: object) -> str:
    """Singular or plural of a key by count: 0 and 1 are singular in French."""
    return text(f"{key}.many" if n > 1 else f"{key}.one", n=n, **values)
