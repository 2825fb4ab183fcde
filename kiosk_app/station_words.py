"""What the officer reads of the signed tables, in the language of the station."""

from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from kiosk_app import receipt
from kiosk_app.presenters.formats import hours_in_words
from kiosk_app.presenters.questions_election import choice_in_words, period_in_words
from kiosk_app.presenters.wording import Language, Spoken, Wording
from procuration.domain.scrutin import Scrutin
from procuration.domain.sites import Opening
from procuration.domain.validity import OneScrutin, Period, Validity


class StationWords:
    """Words that a page can say again in another language."""

    def __init__(self, say: Wording) -> None:
        self._say = say

    def validity(self, validity: Validity, scrutin: Scrutin | None) -> str:
        """What a procuration is for: in French as on the paper; a ballot that no table knows, by its
        identifier."""
        return _spoken(lambda: self._validity(validity, scrutin))

    def hours(self, openings: Iterable[Opening], zone: ZoneInfo) -> str:
        """When officers receive people in a listed place."""
        listed = tuple(openings)
        return _spoken(lambda: hours_in_words(self._say, listed, zone))

    def _validity(self, validity: Validity, scrutin: Scrutin | None) -> str:
        if isinstance(validity, OneScrutin) and scrutin is None:
            return validity.scrutin_id
        if self._say.language is not Language.ENGLISH:
            return ", ".join(receipt.validity_in_words(validity, scrutin))
        match validity:
            case Period() as period:
                return period_in_words(self._say, period)
            case OneScrutin(rounds=rounds):
                assert scrutin is not None, "looked at above"
                return choice_in_words(self._say, scrutin, rounds)


def _spoken(make: Callable[[], str]) -> Spoken:
    return Spoken(make(), lambda: _spoken(make))
