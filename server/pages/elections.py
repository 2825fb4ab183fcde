"""How a ballot is named in French: by its elections."""

from collections.abc import Iterable

from procuration.domain.scrutin import Scrutin
from server.pages.french import listed
from server.words.reasons import ELECTIONS


def elections_words(codes: Iterable[str]) -> str:
    """ "élections départementales et élections régionales"."""
    return listed(ELECTIONS.get(code, code) for code in codes)


def scrutin_words(scrutin_id: str, calendar: Iterable[Scrutin]) -> str:
    """The elections of a scrutin; its id when the calendar no longer has it."""
    chosen = next((scrutin for scrutin in calendar if scrutin.id == scrutin_id), None)
    return elections_words(chosen.elections) if chosen else scrutin_id
